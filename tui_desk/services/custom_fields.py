"""The values of fields of your own: read for many things at once, set from what was typed inside another use case's transaction.

See ``services.field_definitions`` for the fields themselves. Every value is a row that is written through ``services.rows``, in the
history of the thing it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import exists
from sqlmodel import Session, col, select

from tui_desk.contracts.custom_fields import FieldInput, FieldValue
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.errors import Conflict, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import CustomField, CustomValue
from tui_desk.rules.custom_fields import (
    applies,
    number_text,
    read_choice,
    read_field_day,
    read_number,
    read_text,
)
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.custom_references import Shown, references, referred
from tui_desk.services.rows import add_row, change_row, remove_row

_AT_ONCE = 5_000
_REFERENCES = (FieldKind.PERSON, FieldKind.ASSET)
_KEPT = {
    False: (FieldRequired.ALWAYS.value,),
    True: (FieldRequired.ALWAYS.value, FieldRequired.RESOLVING.value),
}


class Stored(NamedTuple):
    """A value as the table has it."""

    text: str
    number: Decimal | None = None


def stream_of(subject: FieldSubject, subject_id: int) -> str:
    """The history that a thing's values are told in."""
    return f"{subject.value}:{subject_id}"


def fields_of(session: Session, subject: FieldSubject) -> Sequence[CustomField]:
    """All fields of a subject in their order, also those that are set aside."""
    statement = select(CustomField).where(CustomField.subject == subject.value)
    return session.exec(statement.order_by(col(CustomField.position), col(CustomField.id))).all()


# -- reading ---------------------------------------------------------------------------------------------------------
def values_of(
    session: Session, subject: FieldSubject, kinds: Mapping[int, str]
) -> dict[int, tuple[FieldValue, ...]]:
    """The values of many things, by their id: every field that they can have, and any other they have a value in.

    ``kinds``: the things by id, each with its type (of people: empty). One question for the definitions, one for the values of
    5,000 things, one for the people and one for the assets they name; a longer list is best asked for in parts.
    """
    fields = fields_of(session, subject)
    if not fields:
        return dict.fromkeys(kinds, ())
    stored: dict[int, dict[int, str]] = {subject_id: {} for subject_id in kinds}
    ids, field_ids = sorted(kinds), [known(field.id) for field in fields]
    for start in range(0, len(ids), _AT_ONCE):
        statement = select(CustomValue.field_id, CustomValue.subject_id, CustomValue.text).where(
            col(CustomValue.field_id).in_(field_ids),
            col(CustomValue.subject_id).in_(ids[start : start + _AT_ONCE]),
        )
        for field_id, subject_id, text in session.exec(statement):
            stored[subject_id][field_id] = text
    by_id = {known(field.id): field for field in fields}
    named = references(
        session,
        (
            (FieldKind(by_id[field_id].kind), int(text))
            for texts in stored.values()
            for field_id, text in texts.items()
            if FieldKind(by_id[field_id].kind) in _REFERENCES and text.isdecimal()
        ),
    )
    return {subject_id: _views(fields, stored[subject_id], kind, named) for subject_id, kind in kinds.items()}


def values_of_one(
    session: Session, subject: FieldSubject, subject_id: int, kind: str = ""
) -> tuple[FieldValue, ...]:
    """The values of one thing."""
    return values_of(session, subject, {subject_id: kind})[subject_id]


def _views(
    fields: Sequence[CustomField], texts: Mapping[int, str], kind: str, named: Shown
) -> tuple[FieldValue, ...]:
    found = []
    for field in fields:
        text = texts.get(known(field.id), "")
        offered = field.active and applies(field.applies_to, kind)
        if text or offered:
            found.append(_view(field, text, offered, named))
    return tuple(found)


def _view(field: CustomField, text: str, offered: bool, named: Shown) -> FieldValue:
    kind = FieldKind(field.kind)
    value = shown = safe_line(text)
    reference = int(text) if kind in _REFERENCES and text.isdecimal() else None
    if reference is not None:
        value, shown = named.get((kind, reference)) or (f"#{reference}", f"#{reference}")
    return FieldValue(
        name=field.name,
        label=safe_line(field.label),
        kind=kind,
        value=value,
        shown=shown,
        required=FieldRequired(field.required),
        active=offered,
        reference=reference,
    )


# -- setting ---------------------------------------------------------------------------------------------------------
def set_values(
    session: Session,
    actor: Actor,
    subject: FieldSubject,
    subject_id: int,
    kind: str,
    inputs: Iterable[FieldInput],
    at: datetime,
    *,
    ended: bool = False,
) -> tuple[int, ...]:
    """Set values of a thing that the caller has locked, from what was typed; answers the ids of the events.

    ``ended``: a ticket that stays resolved or closed, from which nothing is cleared that resolving requires.
    Everything is read before anything is written. Raises UsageError that names the field (none of that name, set aside, not of this
    type of thing, a value that is none, a required one cleared), Conflict where a colleague changed it since ``seen``.
    """
    wanted = {one.name: one for one in inputs}
    if not wanted:
        return ()
    fields = _settable(session, subject, kind, wanted)
    rows = _rows(session, [known(field.id) for field in fields], subject_id)
    kept = _KEPT[ended]
    new = {
        field.name: _stored(session, field, wanted[field.name], rows.get(known(field.id)), at, kept)
        for field in fields
    }
    events: tuple[int, ...] = ()
    for field in fields:
        row = rows.get(known(field.id))
        events += _write(session, actor, field, subject_id, row, new[field.name], at)
    return events


def _settable(
    session: Session, subject: FieldSubject, kind: str, wanted: Mapping[str, FieldInput]
) -> list[CustomField]:
    """The fields that are named, each kept as it is until the values are written."""
    statement = (
        select(CustomField)
        .where(
            CustomField.subject == subject.value,
            col(CustomField.name).in_([name for name in wanted if name.isidentifier()]),
        )
        .order_by(col(CustomField.id))
        .with_for_update(read=True)
    )
    fields = list(session.exec(statement).all())
    strange = wanted.keys() - {field.name for field in fields}
    if strange:
        raise UsageError(
            _("There is no field “{name}”.").format(name=safe_line(min(strange), 60)), _hint(session, subject)
        )
    for field in fields:
        label = safe_line(field.label)
        if not field.active:
            raise UsageError(_("{field} is set aside; its values stay as they are.").format(field=label))
        if not applies(field.applies_to, kind):
            raise UsageError(
                _("{field} belongs to the type {type} only.").format(
                    field=label, type=safe_line(field.applies_to)
                )
            )
    return fields


def _hint(session: Session, subject: FieldSubject) -> str:
    names = [field.name for field in fields_of(session, subject) if field.active]
    if not names:
        return _("None is defined yet: tui-desk field new {subject}.NAME does.").format(subject=subject.value)
    return _("There are: {names}.").format(names=", ".join(names[:30]))


def _rows(session: Session, fields: Sequence[int], subject_id: int) -> dict[int, CustomValue]:
    statement = select(CustomValue).where(
        col(CustomValue.field_id).in_(fields), CustomValue.subject_id == subject_id
    )
    statement = statement.with_for_update().execution_options(populate_existing=True)
    return {row.field_id: row for row in session.exec(statement).all()}


def _stored(
    session: Session,
    field: CustomField,
    wanted: FieldInput,
    row: CustomValue | None,
    at: datetime,
    kept: Sequence[str],
) -> Stored | None:
    """What is to be in the table; None: nothing. Raises UsageError, Conflict."""
    label = safe_line(field.label)
    try:
        new = read_value(session, field, wanted.text, at, row.text if row else "")
    except UsageError as error:
        raise UsageError(f"{label}: {error.sentence}", error.hint) from None
    if new is None and row is not None and field.required in kept:
        raise UsageError(_("{field} must have a value.").format(field=label))
    if wanted.seen is not None and (row.text if row else "") != (new.text if new else ""):
        present = _typed(session, field, row.text if row else "")
        if present != wanted.seen.strip():
            raise Conflict(
                _("{field} was changed meanwhile: now “{now}”, yours “{yours}”.").format(
                    field=label, now=present or "–", yours=safe_line(wanted.text, 80) or "–"
                ),
                _("Nothing was overwritten. Look at it again, then save."),
            )
    return new


def read_value(
    session: Session, field: CustomField, typed: str, now: datetime, present: str = ""
) -> Stored | None:
    """A typed value as the table keeps it; None for nothing. ``present`` is what is there. Raises UsageError."""
    if not typed.strip():
        return None
    kind = FieldKind(field.kind)
    if kind is FieldKind.NUMBER:
        number = read_number(typed)
        return Stored(number_text(number), number)
    if kind is FieldKind.DATE:
        return Stored(read_field_day(typed, now).isoformat())
    if kind is FieldKind.CHOICE:
        return Stored(read_choice(typed, [str(one) for one in field.choices], present))
    if kind is FieldKind.TEXT:
        text = read_text(typed)
        return Stored(text) if text else None
    if present and typed.strip() == _typed(session, field, present):
        return Stored(present)
    return Stored(str(referred(session, kind, typed)))


def _typed(session: Session, field: CustomField, text: str) -> str:
    """What is in the table, as it is typed and shown in forms."""
    kind = FieldKind(field.kind)
    if kind not in _REFERENCES or not text.isdecimal():
        return safe_line(text)
    found = references(session, [(kind, int(text))])
    return found[kind, int(text)][0] if found else f"#{text}"


def _write(
    session: Session,
    actor: Actor,
    field: CustomField,
    subject_id: int,
    row: CustomValue | None,
    new: Stored | None,
    at: datetime,
) -> tuple[int, ...]:
    stream, name = stream_of(FieldSubject(field.subject), subject_id), field.label
    refers = field.kind if FieldKind(field.kind) in _REFERENCES else ""
    if new is None:
        if row is None:
            return ()
        return (remove_row(session, actor, stream, row, at, name=name, refers=refers),)
    if row is None:
        row = CustomValue(field_id=known(field.id), subject_id=subject_id, text=new.text, number=new.number)
        return (add_row(session, actor, stream, row, at, name=name, refers=refers),)
    values = {"text": new.text, "number": new.number}
    return change_row(session, actor, stream, row, values, at, name=name, refers=refers)


# -- what is missing -------------------------------------------------------------------------------------------------
def missing(
    session: Session,
    subject: FieldSubject,
    subject_id: int,
    kind: str,
    levels: Sequence[FieldRequired] = (FieldRequired.ALWAYS,),
) -> list[CustomField]:
    """The fields of those levels that the thing must have a value in and has none, in their order."""
    there = exists().where(
        col(CustomValue.field_id) == col(CustomField.id), col(CustomValue.subject_id) == subject_id
    )
    statement = (
        select(CustomField)
        .where(
            CustomField.subject == subject.value,
            col(CustomField.active).is_(True),
            col(CustomField.required).in_([level.value for level in levels]),
            ~there,
        )
        .order_by(col(CustomField.position), col(CustomField.id))
    )
    return [field for field in session.exec(statement).all() if applies(field.applies_to, kind)]


def require_complete(session: Session, subject: FieldSubject, subject_id: int, kind: str) -> None:
    """Raises UsageError where a thing that a person saves lacks what it must always have. What mail or a receipt made may lack it."""
    lacking = missing(session, subject, subject_id, kind)
    if lacking:
        first = lacking[0]
        raise UsageError(
            _("{field} must have a value.").format(field=safe_line(first.label)),
            _("In a form it stands under the fields of your own; in a script: field.{name}=VALUE.").format(
                name=first.name
            ),
        )


# -- two that become one ---------------------------------------------------------------------------------------------
def fill_gaps(
    session: Session,
    actor: Actor,
    subject: FieldSubject,
    source_id: int,
    target_id: int,
    target_kind: str,
    at: datetime,
) -> tuple[int, ...]:
    """Give ``target``, which the caller has locked, the values that only ``source`` has; ``source`` keeps its own.

    Fields that are set aside, or of another type than the target's, stay where they are. Answers the ids of the events.
    """
    fields = [
        field
        for field in fields_of(session, subject)
        if field.active and applies(field.applies_to, target_kind)
    ]
    ids = [known(field.id) for field in fields]
    if not ids:
        return ()
    statement = select(CustomValue).where(
        col(CustomValue.field_id).in_(ids), col(CustomValue.subject_id).in_((source_id, target_id))
    )
    rows = {(row.field_id, row.subject_id): row for row in session.exec(statement).all()}
    events: tuple[int, ...] = ()
    for field in fields:
        given = rows.get((known(field.id), source_id))
        if given is not None and (field.id, target_id) not in rows:
            value = Stored(given.text, given.number)
            events += _write(session, actor, field, target_id, None, value, at)
    return events
