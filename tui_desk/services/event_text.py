"""What happened, as a sentence in the reader's language. Names come from outside, so everything passes ``safe_line``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from tui_desk.core.enums import Channel, LinkKind, Priority, TicketStatus, TicketType
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.models import Event
from tui_desk.services import approval_text, purchase_text
from tui_desk.services.fields import CHANGED

VALUE_LIMIT = 120


def status_name(status: str) -> str:
    """The status as people call it."""
    return _word(TicketStatus, status)


def channel_name(channel: str) -> str:
    names = {
        Channel.EMAIL.value: _("mail"),
        Channel.PHONE.value: _("phone"),
        Channel.WALKIN.value: _("walk-in"),
        Channel.CHAT.value: _("chat"),
        Channel.FORM.value: _("form"),
        Channel.API.value: _("API"),
    }
    return names.get(channel, safe_line(channel))


def field_name(field: str) -> str:
    names = {
        "status": _("status"),
        "priority": _("priority"),
        "type": _("type"),
        "assignee": _("assignee"),
        "team": _("team"),
        "category": _("category"),
        "subject": _("subject"),
        "tags": _("tags"),
        "requester": _("requester"),
        "next_action": _("next action"),
        "next_action_on": _("day of the next action"),
    }
    return names.get(field, safe_line(field).replace("_", " "))


def link_name(kind: str) -> str:
    """``#1 KIND #2``, read from the first ticket."""
    names = {
        LinkKind.RELATED.value: _("is related to"),
        LinkKind.DUPLICATE.value: _("duplicates"),
        LinkKind.PARENT.value: _("is the parent of"),
        LinkKind.BLOCKS.value: _("blocks"),
        LinkKind.FOLLOW_UP.value: _("follows up"),
        LinkKind.SUGGESTED.value: _("may belong to"),
    }
    return names.get(kind, safe_line(kind))


def value_text(field: str, value: Any) -> str:
    """The value of a field as people read it; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, dict):
        named = value.get("name") or value.get("tag") or value.get("address") or value.get("number") or ""
        return safe_line(str(named), VALUE_LIMIT)
    if isinstance(value, list):
        return safe_line(", ".join(map(str, value)), VALUE_LIMIT)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    kinds: dict[str, type[StrEnum]] = {"status": TicketStatus, "priority": Priority, "type": TicketType}
    return _word(kinds[field], str(value)) if field in kinds else safe_line(str(value), VALUE_LIMIT)


def _word(kind: type[StrEnum], value: str) -> str:
    """As lists say it, so in sentences; what is no ``kind`` as it stands."""
    return word(kind(value)) if value in set(kind) else safe_line(value)


def actor_name(event: Event, names: dict[int, str]) -> str:
    """Who did it, as people call them."""
    if event.actor_id is not None:
        return safe_line(names.get(event.actor_id) or event.actor)
    parts = {"mail": _("Mail"), "clock": _("The clock"), "import": _("The import")}
    return parts.get(event.actor, safe_line(event.actor))


def sentence(event: Event, names: dict[int, str]) -> str:
    """One sentence about one event. ``names``: agents by id."""
    actor = actor_name(event, names)
    if event.undoes is None:
        return _change(event, actor, short=False)
    if event.action == CHANGED and not _truth(event, actor):
        return _("{actor} undid: {what}").format(actor=actor, what=_change(event, actor, short=True))
    return _("{what} (undo)").format(what=_change(event, actor, short=True))


def _change(event: Event, actor: str, *, short: bool) -> str:
    if event.action == CHANGED:
        special = _truth(event, actor)
        return special or _field(event, actor, short=short)
    after = event.after if isinstance(event.after, dict) else {}
    before = event.before if isinstance(event.before, dict) else {}
    told = {**before, **after}
    if event.field == "ticket" and event.action in _OF_TICKETS:
        return _OF_TICKETS[event.action]().format(actor=actor, number=event.after)
    known = _KNOWN.get(event.action)
    if known is not None:
        return known(actor, told)
    return _unknown(event, actor)


def _field(event: Event, actor: str, *, short: bool) -> str:
    field = field_name(event.field)
    before, after = value_text(event.field, event.before), value_text(event.field, event.after)
    if not before and not after:  # a secret, or a field whose text is kept out of the history
        return _("{actor} changed the {field}").format(actor=actor, field=field)
    if short:
        return _("{field} is {after} again (was {before})").format(
            field=field, after=after or "–", before=before or "–"
        )
    if before and after:
        return _("{actor} set the {field} from {before} to {after}").format(
            actor=actor, field=field, before=before, after=after
        )
    if after:
        return _("{actor} set the {field} to {after}").format(actor=actor, field=field, after=after)
    return _("{actor} cleared the {field} (was {before})").format(actor=actor, field=field, before=before)


def _truth(event: Event, actor: str) -> str:
    if event.field == "spam":
        text = _("{actor} marked this as spam") if event.after else _("{actor} took the spam mark away")
        return text.format(actor=actor)
    if event.field == "blocked":
        text = _("{actor} blocked the sender") if event.after else _("{actor} no longer blocks the sender")
        return text.format(actor=actor)
    if event.field == "merged_into":
        text = _("{actor} merged this into {other}") if event.after else _("{actor} took this out of {other}")
        other = value_text(event.field, event.after or event.before)
        return text.format(actor=actor, other=other)
    return ""


def _created(actor: str, told: dict[str, Any]) -> str:
    channel = channel_name(str(told.get("channel", "")))
    if channel:
        return _("{actor} opened the ticket ({channel})").format(actor=actor, channel=channel)
    return _("{actor} opened the ticket").format(actor=actor)


def _linked(actor: str, told: dict[str, Any]) -> str:
    return _("{actor} linked: #{one} {kind} #{other}").format(
        actor=actor,
        one=told.get("from", "?"),
        kind=link_name(str(told.get("kind", ""))),
        other=told.get("to", "?"),
    )


def _unlinked(actor: str, told: dict[str, Any]) -> str:
    return _("{actor} removed the link: #{one} {kind} #{other}").format(
        actor=actor,
        one=told.get("from", "?"),
        kind=link_name(str(told.get("kind", ""))),
        other=told.get("to", "?"),
    )


def _piped(told: dict[str, Any]) -> str:
    return {
        "attachment": _("an attachment"),
        "document": _("a document"),
        "text": _("the text of a message"),
        "source": _("the source of a mail"),
    }.get(str(told.get("content")), _("something"))


def _to(told: dict[str, Any]) -> str:
    addresses = told.get("to")
    return safe_line(", ".join(map(str, addresses)), VALUE_LIMIT) if isinstance(addresses, list) else ""


def _moved(actor: str, told: dict[str, Any]) -> str:
    count = len(told.get("messages", ()))
    return ngettext(
        "{actor} moved {count} message from #{one} to #{other}",
        "{actor} moved {count} messages from #{one} to #{other}",
        count,
    ).format(actor=actor, count=count, one=told.get("from", "?"), other=told.get("to", "?"))


def _reattributed(actor: str, told: dict[str, Any]) -> str:
    count = len(told.get("messages", ()))
    return ngettext(
        "{actor} gave {count} message the author of this record",
        "{actor} gave {count} messages the author of this record",
        count,
    ).format(actor=actor, count=count)


def _replied(actor: str, told: dict[str, Any]) -> str:
    if told.get("leave_at"):
        return _("{actor} wrote an answer to {to} that leaves at {when}").format(
            actor=actor, to=_to(told), when=_moment(told["leave_at"])
        )
    return _("{actor} answered {to}").format(actor=actor, to=_to(told))


def _rescheduled(actor: str, told: dict[str, Any]) -> str:
    if told.get("leave_at"):
        return _("{actor} lets the message to {to} leave at {when}").format(
            actor=actor, to=_to(told), when=_moment(told["leave_at"])
        )
    return _("{actor} let the message to {to} leave at once").format(actor=actor, to=_to(told))


def _moment(value: Any) -> str:
    """An instant of an event, as the reader's clock shows it."""
    return datetime.fromisoformat(str(value)).astimezone().strftime("%Y-%m-%d %H:%M")


def _despite(actor: str, told: dict[str, Any]) -> str:
    """A move that was made although something was open."""
    still_open = told.get("open")
    shown = "; ".join(map(str, still_open)) if isinstance(still_open, list) else ""
    return _("{actor} set {status} all the same: “{reason}” ({open})").format(
        actor=actor,
        status=status_name(str(told.get("status", ""))),
        reason=safe_line(str(told.get("reason", "")), 500),
        open=safe_line(shown, 500),
    )


_OF_TICKETS: dict[str, Callable[[], str]] = {
    "asset_linked": lambda: _("{actor} linked #{number}"),
    "asset_unlinked": lambda: _("{actor} removed the link with #{number}"),
    "licence_linked": lambda: _("{actor} linked #{number}"),
    "licence_unlinked": lambda: _("{actor} removed the link with #{number}"),
}
"""The same, told in the history of what was linked with a ticket."""
_KNOWN: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "despite": _despite,
    "created": _created,
    "replied": _replied,
    "send_rescheduled": _rescheduled,
    "forwarded": lambda actor, told: _("{actor} forwarded the conversation to {to}").format(
        actor=actor, to=_to(told)
    ),
    "acknowledged": lambda actor, told: _("{actor} confirmed to {to} that the message has arrived").format(
        actor=actor, to=_to(told)
    ),
    "piped": lambda actor, told: _("{actor} gave {what} to a program: {command}").format(
        actor=actor, what=_piped(told), command=safe_line(str(told.get("command", "")), VALUE_LIMIT)
    ),
    "noted": lambda actor, _told: _("{actor} wrote an internal note").format(actor=actor),
    "phoned": lambda actor, _told: _("{actor} logged a phone call").format(actor=actor),
    "chatted": lambda actor, _told: _("{actor} logged a chat").format(actor=actor),
    "visited": lambda actor, _told: _("{actor} logged a visit").format(actor=actor),
    "macro_applied": lambda actor, told: _("{actor} applied the macro {name}").format(
        actor=actor, name=value_text("macro", told)
    ),
    "linked": _linked,
    "unlinked": _unlinked,
    "asset_linked": lambda actor, told: _("{actor} linked the asset {asset}").format(
        actor=actor, asset=value_text("asset", told)
    ),
    "asset_unlinked": lambda actor, told: _("{actor} removed the asset {asset}").format(
        actor=actor, asset=value_text("asset", told)
    ),
    "licence_linked": lambda actor, told: _("{actor} linked the licence {licence}").format(
        actor=actor, licence=value_text("licence", told)
    ),
    "licence_unlinked": lambda actor, told: _("{actor} removed the licence {licence}").format(
        actor=actor, licence=value_text("licence", told)
    ),
    "recognised_dismissed": lambda actor, told: _(
        "{actor} dismissed {what}: the ticket is not about it"
    ).format(actor=actor, what=value_text("what", told)),
    "recognised_offered": lambda actor, told: _("{actor} lets {what} be offered again").format(
        actor=actor, what=value_text("what", told)
    ),
    "watcher_added": lambda actor, told: _("{actor} added {who} to the conversation").format(
        actor=actor, who=value_text("watcher", told)
    ),
    "messages_moved": _moved,
    "messages_reattributed": _reattributed,
    **approval_text.SENTENCES,
    "survey_asked": lambda _actor, told: _("{to} was asked for a rating").format(to=_to(told)),
    "rating_refused": lambda _actor, told: _("A rating from {who} was not counted").format(
        who=safe_line(str(told.get("who", "")), VALUE_LIMIT)
    ),
    **purchase_text.SENTENCES,
    "key_shown": lambda actor, _told: _("{actor} looked at the licence key").format(actor=actor),
    "original_fetched": lambda actor, _told: _("{actor} fetched all of a large message").format(actor=actor),
}
"""Sentences of the events that this room records; the keys are event actions."""


def _unknown(event: Event, actor: str) -> str:
    """An event that another part recorded: its own sentence when it brings one, else its plain facts."""
    if isinstance(event.after, dict) and isinstance(event.after.get("sentence"), str):
        return safe_line(event.after["sentence"])
    action = safe_line(event.action).replace("_", " ")
    before, after = value_text(event.field, event.before), value_text(event.field, event.after)
    facts = " → ".join(part for part in (before, after) if part)
    subject = " ".join(part for part in (field_name(event.field) if event.field else "", facts) if part)
    text = _("{actor}: {action}").format(actor=actor, action=action)
    return f"{text} ({subject})" if subject else text
