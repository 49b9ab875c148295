"""What rows of a file would do to the assets there are: some at a time, by the rules that saving an asset has."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.asset_files import Effect, FileForm, RowChange
from tui_desk.contracts.custom_fields import FieldInput
from tui_desk.contracts.desk import SaveAsset
from tui_desk.core.enums import AssetState, FieldRequired, FieldSubject
from tui_desk.core.errors import DeskError, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, CustomField, Person, PersonAddress
from tui_desk.rules.addresses import address_key
from tui_desk.rules.asset_columns import FIELD_PREFIX, cell_of, read_cell, read_cost
from tui_desk.rules.custom_fields import applies
from tui_desk.services.address_input import valid_address
from tui_desk.services.asset_files import Sheet, is_field
from tui_desk.services.asset_types import type_named
from tui_desk.services.assets import checked_values, refuse_state
from tui_desk.services.context import known
from tui_desk.services.custom_fields import fields_of, read_value, values_of
from tui_desk.services.inventory_input import NOTES_LIMIT, TEXT_LIMIT
from tui_desk.services.people import addresses_of

_SAVED = (
    "type",
    "serial",
    "hostname",
    "location",
    "supplier",
    "cost",
    "currency",
    "purchased_on",
    "warranty_until",
    "notes",
)
_SHOWN = 120


@dataclass(slots=True)
class Planned:
    """What one row does. ``values``: columns of the asset that change (all of a new one); ``owner``: the address of a person to be made."""

    line: int
    tag: str
    effect: Effect = "refused"
    asset: Asset | None = None
    values: dict[str, Any] = field(default_factory=dict)
    owner: str = ""
    inputs: tuple[FieldInput, ...] = ()
    shown: list[tuple[str, str, str]] = field(default_factory=list)
    sentence: str = ""

    @property
    def change(self) -> RowChange:
        """As a preview shows it."""
        return RowChange(self.line, safe_line(self.tag, 60), self.effect, tuple(self.shown), self.sentence)

    @property
    def mark(self) -> bytes:
        """Four bytes that are others where the row does anything else, or the asset is not what it was."""
        version = (self.asset.id, self.asset.version) if self.asset is not None else None
        told = (self.line, self.tag, self.effect, version, self.shown, self.sentence)
        return zlib.crc32(repr(told).encode("utf-8", "surrogatepass")).to_bytes(4, "big")


@dataclass(slots=True)
class Plan:
    """What is known over all rows of a file."""

    sheet: Sheet
    form: FileForm
    at: datetime
    fields: Mapping[str, CustomField]
    lines: dict[str, int] = field(default_factory=dict)
    """Where each tag or serial stood first."""
    tags: dict[str, int] = field(default_factory=dict)
    """Where each tag stood first, where the rows are about serials."""
    people: set[str] = field(default_factory=set)
    """Addresses that nobody had."""
    types: dict[str, str] = field(default_factory=dict)


def custom_columns(session: Session) -> dict[str, CustomField]:
    """Fields of one's own that assets can have, by the column they are in a file."""
    return {FIELD_PREFIX + one.name: one for one in fields_of(session, FieldSubject.ASSET) if one.active}


def plan_rows(
    session: Session, plan: Plan, rows: Sequence[tuple[int, list[str]]], *, lock: bool
) -> list[Planned]:
    """What some rows do, in their order. ``lock``: the assets stay as they are until the end of the transaction."""
    texts = [(line, _cells(plan, cells), len(cells)) for line, cells in rows]
    assets = _matching(session, plan, [cells for _line, cells, _count in texts], lock)
    owners = _owners(session, [cells.get("owner", "") for _line, cells, _count in texts])
    _add_present(session, owners, assets)
    tags = _tags_taken(session, [_text(cells, "tag") for _line, cells, _count in texts])
    present = _present_fields(session, plan, assets)
    planned = []
    for line, cells, count in texts:
        one = Planned(line, _text(cells, "tag"))
        try:
            if count != len(plan.sheet.headings):
                raise UsageError(
                    _("It has {count} cells; the headings are {expected}.").format(
                        count=count, expected=len(plan.sheet.headings)
                    )
                )
            _plan_row(session, plan, one, cells, assets, owners, tags, present)
        except DeskError as error:
            one.effect, one.shown, one.sentence = "refused", [], error.sentence
        planned.append(one)
    return planned


def _cells(plan: Plan, cells: Sequence[str]) -> dict[str, str]:
    return {column: cell for column, cell in zip(plan.sheet.columns, cells, strict=False) if column}


def _text(cells: Mapping[str, str], column: str) -> str:
    """What a cell of text says."""
    return str(read_cell(column, cells.get(column, "")))


def _matching(
    session: Session, plan: Plan, rows: Sequence[Mapping[str, str]], lock: bool
) -> dict[str, list[Asset]]:
    """The assets that the rows are about, by tag or serial as they are compared."""
    exact = {_text(cells, plan.form.match) for cells in rows} - {""}
    if plan.form.match == "tag":
        statement = select(Asset).where(same_name(Asset.tag, *exact))
    else:
        statement = select(Asset).where(col(Asset.serial).in_(exact))
    statement = statement.order_by(col(Asset.id))
    found: dict[str, list[Asset]] = {}
    for asset in session.exec(statement.with_for_update() if lock else statement).all():
        found.setdefault(_key(getattr(asset, plan.form.match)), []).append(asset)
    return found


def _key(text: str) -> str:
    return text.strip().lower()


def _owners(session: Session, typed: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Who is meant: people by address, and by name, each with what they are called."""
    texts = {str(read_cell("owner", one)) for one in typed} - {""}
    found: dict[str, list[tuple[int, str]]] = {}
    keys = {_address(text) for text in texts if "@" in text} - {""}
    if keys:
        statement = (
            select(PersonAddress.address, Person.id, Person.name)
            .join(Person, col(Person.id) == PersonAddress.person_id)
            .where(col(PersonAddress.address).in_(keys))
        )
        for address, number, name in session.exec(statement).all():
            found[address] = [(known(number), name or address)]
    names = {text for text in texts if "@" not in text}
    if names:
        people = select(Person.id, Person.name).where(
            col(Person.name).in_(names), col(Person.merged_into_id).is_(None)
        )
        for number, name in session.exec(people).all():
            found.setdefault(name, []).append((known(number), name))
    return found


def _add_present(
    session: Session, owners: dict[str, list[tuple[int, str]]], assets: Mapping[str, list[Asset]]
) -> None:
    """What the present owners are called, by their number behind a NUL, which nobody types."""
    numbers = {asset.owner_id for found in assets.values() for asset in found if asset.owner_id is not None}
    people = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(numbers))).all()
    addresses = addresses_of(session, [known(number) for number, name in people if not name])
    for number, name in people:
        label = name or next(iter(addresses.get(known(number), ())), f"#{number}")
        owners[f"\0{number}"] = [(known(number), label)]


def _address(text: str) -> str:
    """An address as people are compared by it; empty where it is none."""
    try:
        return address_key(valid_address(text)[1])
    except UsageError:
        return ""


def _tags_taken(session: Session, tags: Sequence[str]) -> dict[str, int]:
    rows = session.exec(select(Asset.tag, Asset.id).where(same_name(Asset.tag, *tags))).all()
    return {_key(tag): known(number) for tag, number in rows}


def _present_fields(
    session: Session, plan: Plan, assets: Mapping[str, list[Asset]]
) -> dict[int, dict[str, str]]:
    """What assets have in fields of one's own, by number and column."""
    if not plan.fields:
        return {}
    kinds = {known(asset.id): asset.type for found in assets.values() for asset in found}
    values = values_of(session, FieldSubject.ASSET, kinds)
    return {number: {FIELD_PREFIX + one.name: one.value for one in found} for number, found in values.items()}


def _plan_row(
    session: Session,
    plan: Plan,
    one: Planned,
    cells: Mapping[str, str],
    assets: Mapping[str, list[Asset]],
    owners: Mapping[str, list[tuple[int, str]]],
    tags: Mapping[str, int],
    present: Mapping[int, Mapping[str, str]],
) -> None:
    named = _text(cells, plan.form.match)
    key = _key(named)
    if not key:
        raise UsageError(
            _("It has no {name}, which says which asset it is about.").format(name=plan.form.match)
        )
    _note_first(plan.lines, key, named, one.line)
    found = assets.get(key, [])
    if len(found) > 1:
        raise UsageError(_("Several assets have this serial; match by the tag instead."))
    asset = one.asset = found[0] if found else None
    if asset is not None:
        one.tag = one.tag or asset.tag
    wanted = _wanted(plan, cells, asset)
    taken = tags.get(_key(wanted["tag"]))
    if taken is not None and (asset is None or taken != asset.id):
        raise Refused(_("The tag {tag} belongs to another asset.").format(tag=safe_line(wanted["tag"], 60)))
    if plan.form.match != "tag":
        _note_first(plan.tags, _key(wanted["tag"]), wanted["tag"], one.line)
    values = checked_values(SaveAsset(id=asset.id if asset is not None else None, **wanted))
    if values["type"] not in plan.types:
        plan.types[values["type"]] = type_named(session, values["type"])
    values["type"] = plan.types[values["type"]]
    if asset is not None and values["state"] != asset.state:
        refuse_state(session, asset, AssetState(values["state"]), anyway=False)
    shown_owner = _set_owner(plan, one, cells, owners, values)
    before = {name: getattr(asset, name) for name in values} if asset is not None else {}
    one.values = {
        name: value for name, value in values.items() if name not in before or before[name] != value
    }
    one.shown = [
        (name, _shown(name, before.get(name)), _shown(name, value))
        for name, value in one.values.items()
        if name != "owner_id" and (asset is not None or value not in (None, ""))
    ]
    if one.owner or "owner_id" in one.values:
        one.shown.append(("owner", _present_owner(one, owners), shown_owner))
    _plan_fields(
        session, plan, one, cells, present.get(asset.id or 0, {}) if asset is not None else {}, values["type"]
    )
    one.effect = "new" if asset is None else "changed" if one.shown else "unchanged"


def _note_first(lines: dict[str, int], key: str, typed: str, line: int) -> None:
    """Raises UsageError where it stood in another line before."""
    first = lines.setdefault(key, line)
    if first != line:
        raise UsageError(
            _("“{value}” stands in line {line} already.").format(value=safe_line(typed, 60), line=first)
        )


def _wanted(plan: Plan, cells: Mapping[str, str], asset: Asset | None) -> dict[str, Any]:
    """The asset as the row wants it: what it says, and what is there in all else. Raises UsageError."""
    wanted: dict[str, Any] = {"state": AssetState.IN_STOCK, "tag": "", "name": ""}
    if asset is not None:
        wanted = {name: getattr(asset, name) for name in ("tag", "name", *_SAVED, "depreciation_months")}
        wanted["state"] = AssetState(asset.state)
    for column, cell in cells.items():
        if column == "owner" or is_field(column):
            continue
        if not cell.strip() and (plan.form.keep_empty or column in ("tag", "name", "state", "currency")):
            continue
        if column == "cost":
            wanted["cost"], beside = read_cost(str(read_cell("supplier", cell)))
            if beside and not cells.get("currency", "").strip():
                wanted["currency"] = beside
            continue
        value = read_cell(column, cell)
        limit = NOTES_LIMIT if column == "notes" else TEXT_LIMIT
        if isinstance(value, str) and len(value) > limit:
            raise UsageError(
                _("Its {name} is longer than {limit} characters.").format(name=column, limit=limit)
            )
        wanted[column] = value
    return wanted


def _set_owner(
    plan: Plan,
    one: Planned,
    cells: Mapping[str, str],
    owners: Mapping[str, list[tuple[int, str]]],
    values: dict[str, Any],
) -> str:
    """Put who is meant into ``values``; answers what they are called. Raises UsageError."""
    if "owner" not in cells:
        return ""
    text = str(read_cell("owner", cells["owner"]))
    if not text:
        if not plan.form.keep_empty:
            values["owner_id"] = None
        return ""
    present = one.asset.owner_id if one.asset is not None else None
    if present is not None and text == _present_owner(one, owners):
        return text
    key = address_key(valid_address(text)[1]) if "@" in text else text
    found = owners.get(key, [])
    chosen = next((person for person in found if person[0] == present), found[0] if len(found) == 1 else None)
    if chosen is not None:
        values["owner_id"] = chosen[0]
        return safe_line(chosen[1], _SHOWN)
    if "@" not in text:
        sentence = (
            _("Several people are called {name}; write the address.")
            if found
            else _("Nobody is called {name}; write the address.")
        )
        raise UsageError(sentence.format(name=safe_line(text, 60)))
    one.owner = text
    plan.people.add(key)
    return safe_line(key, _SHOWN)


def _present_owner(one: Planned, owners: Mapping[str, list[tuple[int, str]]]) -> str:
    """What the present owner is called; empty where there is none."""
    if one.asset is None or one.asset.owner_id is None:
        return ""
    found = owners.get(f"\0{one.asset.owner_id}", [])
    return safe_line(found[0][1], _SHOWN) if found else f"#{one.asset.owner_id}"


def _plan_fields(
    session: Session,
    plan: Plan,
    one: Planned,
    cells: Mapping[str, str],
    present: Mapping[str, str],
    kind: str,
) -> None:
    inputs = []
    for column, custom in plan.fields.items():
        text = str(read_cell(column, cells.get(column, "")))
        before = present.get(column, "")
        wanted = before if column not in cells or (not text and plan.form.keep_empty) else text
        offered = applies(custom.applies_to, kind)
        if wanted and not offered and wanted != before:
            raise UsageError(
                _("{field} is no field of the type “{type}”.").format(
                    field=safe_line(custom.label), type=safe_line(kind, 60)
                )
            )
        if not wanted and offered and custom.required == FieldRequired.ALWAYS.value:
            raise UsageError(_("{field} must have a value.").format(field=safe_line(custom.label)))
        if wanted == before:
            continue
        stored = read_value(session, custom, wanted, plan.at)
        if (stored.text if stored is not None else "") == before:
            continue
        inputs.append(FieldInput(custom.name, wanted))
        one.shown.append((column, safe_line(before, _SHOWN), safe_line(wanted, _SHOWN)))
    one.inputs = tuple(inputs)


def _shown(name: str, value: Any) -> str:
    text = value if isinstance(value, str) else cell_of(name, value)  # of text what is kept, not its cell
    return safe_block(text, _SHOWN * 4) if name == "notes" else safe_line(text, _SHOWN)
