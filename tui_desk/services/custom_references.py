"""People and assets that fields of your own name: found by what was typed, and shown by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlmodel import Session, col, select

from tui_desk.core.enums import FieldKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Person, PersonAddress
from tui_desk.rules.addresses import address_key
from tui_desk.services.context import known

Reference = tuple[str, str]
"""As it is typed, and as it is shown."""
Shown = Mapping[tuple[FieldKind, int], Reference]
_AT_ONCE = 5_000
_LARGEST = 2**31


def referred(session: Session, kind: FieldKind, typed: str) -> int:
    """The id of the person (address, exact name, #id) or asset (tag) that ``typed`` means. Raises UsageError; makes nobody."""
    text = safe_line(typed).strip()
    return _asset(session, text) if kind is FieldKind.ASSET else _person(session, text)


def _asset(session: Session, text: str) -> int:
    found = session.exec(select(Asset.id).where(same_name(Asset.tag, text))).first()
    if found is None:
        raise UsageError(
            _("There is no asset {name}.").format(name=safe_line(text, 80)),
            _("Write its tag; tui-desk asset list shows those there are."),
        )
    return found


def _person(session: Session, text: str) -> int:
    if text[:1] == "#" and text[1:].isascii() and text[1:].isdigit():
        number = int(text[1:])
        found = [number] if number < _LARGEST and session.get(Person, number) is not None else []
    elif "@" in text:
        statement = select(PersonAddress.person_id).where(PersonAddress.address == address_key(text))
        found = list(session.exec(statement).all())
    else:
        named = select(Person.id).where(Person.name == text, col(Person.merged_into_id).is_(None)).limit(2)
        found = [known(one) for one in session.exec(named)]
    if len(found) > 1:
        raise UsageError(
            _("Several people are called {name}.").format(name=safe_line(text, 80)),
            _("Write the address of the one you mean."),
        )
    if not found:
        raise UsageError(
            _("Nobody here is {name}.").format(name=safe_line(text, 80)),
            _("Write a mail address that the desk knows; tui-desk person new writes somebody down."),
        )
    return found[0]


def references(session: Session, wanted: Iterable[tuple[FieldKind, int]]) -> Shown:
    """What those people and assets are called; one question a table. A merged record is called by the one that has it all."""
    ids: dict[FieldKind, set[int]] = {FieldKind.PERSON: set(), FieldKind.ASSET: set()}
    for kind, row_id in wanted:
        ids[kind].add(row_id)
    found: dict[tuple[FieldKind, int], Reference] = {}
    for person, told in _people(session, ids[FieldKind.PERSON]).items():
        found[FieldKind.PERSON, person] = told
    for part in _parts(ids[FieldKind.ASSET]):
        for asset_id, tag, name in session.exec(
            select(Asset.id, Asset.tag, Asset.name).where(col(Asset.id).in_(part))
        ):
            found[FieldKind.ASSET, known(asset_id)] = (safe_line(tag), f"{safe_line(tag)} {safe_line(name)}")
    return found


def _people(session: Session, ids: set[int]) -> dict[int, Reference]:
    """By the ids asked for, whichever record has them now."""
    names: dict[int, str] = {}
    leads: dict[int, int] = {}
    left = set(ids)
    while left:
        rows = [
            row
            for part in _parts(left)
            for row in session.exec(
                select(Person.id, Person.name, Person.merged_into_id).where(col(Person.id).in_(part))
            )
        ]
        left = set()
        for row_id, name, into in rows:
            names[known(row_id)] = name
            if into is not None:
                leads[known(row_id)] = into
                left.add(into)
        left -= names.keys()
    present = {row_id: _led(leads, row_id) for row_id in ids if row_id in names}
    addresses: dict[int, str] = {}
    for part in _parts(set(present.values())):
        for person, address in session.exec(
            select(PersonAddress.person_id, PersonAddress.address)
            .where(col(PersonAddress.person_id).in_(part))
            .order_by(col(PersonAddress.id))
        ):
            addresses.setdefault(person, visible_address(address))
    return {
        row_id: (
            addresses.get(now) or f"#{now}",
            safe_line(names.get(now, "")) or addresses.get(now) or f"#{now}",
        )
        for row_id, now in present.items()
    }


def _led(leads: Mapping[int, int], row_id: int) -> int:
    while row_id in leads:
        row_id = leads[row_id]
    return row_id


def _parts(ids: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
