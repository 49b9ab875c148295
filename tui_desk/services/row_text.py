"""What happened to a row of the work, as a sentence: “Ana set the task “Order laptop”: state from open to done”.

References are read as names: ``services.names`` asks once for all rows that some events refer to (:func:`referred`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from tui_desk.contracts.history import ValueChange
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Event
from tui_desk.models.base import table_of
from tui_desk.services.deeds import told_value
from tui_desk.services.names import Names
from tui_desk.services.row_words import LONG, SILENT, columns, tables, values
from tui_desk.services.rows import ROW_ACTIONS, ROW_ADDED, ROW_REMOVED, model_named

VALUE_LIMIT = 120
_OWN = "custom_value"
_WITHOUT_KEY = {("person", "merged_into_id"): "person", ("asset", "purchase_line_id"): "purchase_line"}
"""References that the database does not know as such."""


def referred(event: Event) -> Iterable[tuple[str, int]]:
    """The rows whose names the sentence and the details of an event need."""
    if event.action not in ROW_ACTIONS:
        return
    for side in (event.before, event.after):
        if isinstance(side, dict):
            for column, value in side.get("values", {}).items():
                table = _target(side, column)
                if table is not None and value is not None:
                    yield table, int(value)


def _target(told: Mapping[str, Any], column: str) -> str | None:
    """The table that a column of a told row refers to; the value of a custom field says it itself."""
    table = str(told["table"])
    if table == _OWN and column == "text" and told.get("refers"):
        return str(told["refers"])
    found = table_of(model_named(table)).columns.get(column)
    if found is None:
        return None
    keys = list(found.foreign_keys)
    return keys[0].column.table.name if keys else _WITHOUT_KEY.get((table, column))


def row_sentence(event: Event, actor: str, names: Names) -> str:
    """One sentence about an event of ``services.rows``."""
    what = _what(event, names)
    if event.undoes is not None:
        return _("{actor} undid: {what}").format(actor=actor, what=what)
    return f"{actor} {what}"


def _what(event: Event, names: Names) -> str:
    told = told_value(event)
    thing = tables().get(str(told["table"]), safe_line(str(told["table"])).replace("_", " "))
    name = safe_line(str(told["name"]), VALUE_LIMIT)
    if told.get("table") == _OWN:
        return _own_value(event, name, names)
    if told.get("table") == "snooze":
        return _snooze(event)
    if told.get("table") == "asset_relation":
        name = _relation(told, names) or name
    if event.action == ROW_ADDED:
        return _("added {thing} “{name}”").format(thing=thing, name=name)
    if event.action == ROW_REMOVED:
        return _("removed {thing} “{name}”").format(thing=thing, name=name)
    if _removal(event) is not None:
        text = _("removed {thing} “{name}”") if _removal(event) else _("brought back {thing} “{name}”")
        return text.format(thing=thing, name=name)
    parts = [_part(change, column) for column, change in _changes(event, names) if column not in SILENT]
    if _has_secret(event):
        parts.append(_("{column} changed").format(column=columns()["key_secret"]))
    if not parts:
        return _("changed {thing} “{name}”").format(thing=thing, name=name)
    return _("set {thing} “{name}”: {changes}").format(thing=thing, name=name, changes="; ".join(parts))


def _snooze(event: Event) -> str:
    """“snoozed it until 2026-11-27 09:00”."""
    if event.action == ROW_REMOVED:
        return _("ended the snooze")
    until = event.after.get("values", {}).get("until") if isinstance(event.after, dict) else None
    if until is None:
        return _("snoozed it until the requester writes")
    return _("snoozed it until {when}").format(when=_moment(str(until)))


def _own_value(event: Event, label: str, names: Names) -> str:
    """A value of a field of one's own: “set Cost group: A → B”."""
    change = next((one for column, one in _changes(event, names) if column == "text"), None)
    before, after = (change.before, change.after) if change is not None else ("", "")
    if not after:
        return _("cleared {field} (was {before})").format(field=label, before=before or "–")
    if not before:
        return _("set {field}: {value}").format(field=label, value=after)
    return _("set {field}: {before} → {after}").format(field=label, before=before, after=after)


def _removal(event: Event) -> bool | None:
    """Whether a row that stays was taken away (or, False, brought back) by noting when; None for any other change."""
    after = event.after.get("values", {}) if isinstance(event.after, dict) else {}
    return bool(after["removed_at"]) if set(after) == {"removed_at"} else None


def _relation(told: Mapping[str, Any], names: Names) -> str:
    """``PC-1 is part of RACK-2``, in the reader's language; empty where one of them is gone."""
    found = told["values"]
    ends = [names.get(("asset", int(found[column]))) for column in ("from_id", "to_id")]
    kind = values().get(("kind", str(found["kind"])))
    return f"{ends[0]} {kind} {ends[1]}" if all(ends) and kind else ""


def _part(change: ValueChange, column: str) -> str:
    if column in LONG:
        return _("{column} changed").format(column=change.name)
    if change.before and change.after:
        text = _("{column} from {before} to {after}")
    elif change.after:
        text = _("{column} {after}")
    else:
        text = _("{column} cleared (was {before})")
    return text.format(column=change.name, before=change.before or "–", after=change.after or "–")


def row_changes(event: Event, names: Names) -> tuple[ValueChange, ...]:
    """Every column an event tells of, before and after; of a secret only that it is another one."""
    found = [change for _column, change in _changes(event, names) if change.before or change.after]
    if _has_secret(event):
        found.append(ValueChange(columns()["key_secret"], "", _("changed; no history keeps it")))
    return tuple(found)


def _has_secret(event: Event) -> bool:
    return any(isinstance(side, dict) and bool(side.get("secret")) for side in (event.before, event.after))


def _changes(event: Event, names: Names) -> list[tuple[str, ValueChange]]:
    before, after = (
        side.get("values", {}) if isinstance(side, dict) else {} for side in (event.before, event.after)
    )
    told = told_value(event)
    table = str(told["table"])
    words = columns()
    found = []
    order = {name: place for place, name in enumerate(table_of(model_named(table)).columns.keys())}
    for column in sorted({*before, *after}, key=lambda name: order.get(name, len(order))):
        called = words.get(column, safe_line(column).removesuffix("_id").replace("_", " "))
        shown = [_shown(told, column, side.get(column), names) for side in (before, after)]
        found.append((column, ValueChange(called, *shown)))
    return found


def _shown(told: Mapping[str, Any], column: str, value: Any, names: Names) -> str:
    """A value of a column as people read it; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    target = _target(told, column)
    if target == "ticket":
        return f"#{value}"
    if target is not None:
        return names.get((target, int(value))) or f"{target.replace('_', ' ')} {value}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if column == "minutes":
        return duration(int(value))
    if isinstance(value, list):
        return safe_line(", ".join(map(str, value)), VALUE_LIMIT)
    known = values().get((column, str(value)))
    return known or safe_line(_moment(str(value)), VALUE_LIMIT)


def duration(minutes: int) -> str:
    """``1 h 30 min``."""
    hours, rest = divmod(abs(minutes), 60)
    parts = ([_("{count} h").format(count=hours)] if hours else []) + (
        [_("{count} min").format(count=rest)] if rest or not hours else []
    )
    return ("−" if minutes < 0 else "") + " ".join(parts)


def _moment(text: str) -> str:
    """An instant in local time, to the minute; a day and anything else as it is."""
    if "T" not in text:
        return text
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if isinstance(moment, date) and moment.tzinfo is not None:
        return moment.astimezone().strftime("%Y-%m-%d %H:%M")
    return text
