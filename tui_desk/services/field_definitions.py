"""Fields of your own: which there are, defined by supervisors. Their values are in ``services.custom_fields``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.custom_fields import CheckReference, FieldView, ListFields, SaveField
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, TicketType
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.models import CustomField, CustomValue
from tui_desk.rules.custom_fields import LABEL_LIMIT, checked_choices, checked_name
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.custom_fields import fields_of
from tui_desk.services.custom_references import references, referred
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.versions import check_version

STREAM = "desk"
MOST = 100
"""Fields of one subject: more than any form is worth."""


def list_fields(session: Session, actor: Actor, request: ListFields) -> tuple[FieldView, ...]:
    """In their order, tickets first; those that are set aside only when asked for."""
    require(actor, Permission.VIEW)
    subjects = [request.subject] if request.subject is not None else list(FieldSubject)
    found = [field for subject in subjects for field in fields_of(session, subject)]
    shown = [field for field in found if field.active or request.inactive]
    counts = _counts(session) if request.count else None
    views = [_view(field, counts) for field in shown]
    if request.past:
        views = [replace(view, past=_past(session, view)) for view in views]
    return tuple(views)


def _past(session: Session, field: FieldView) -> tuple[str, ...]:
    if field.kind is not FieldKind.CHOICE:
        return ()
    used = session.exec(select(CustomValue.text).where(CustomValue.field_id == field.id).distinct()).all()
    return tuple(sorted({safe_line(text) for text in used} - set(field.choices)))


def _counts(session: Session) -> dict[int, int]:
    statement = select(CustomValue.field_id, func.count()).group_by(col(CustomValue.field_id))
    return dict(session.exec(statement).all())


def check_reference(session: Session, actor: Actor, request: CheckReference) -> str:
    """What a typed person or asset is called. Raises UsageError."""
    require(actor, Permission.VIEW)
    row_id = referred(session, request.kind, request.text)
    return references(session, [(request.kind, row_id)])[request.kind, row_id][1]


def save_field(session: Session, actor: Actor, request: SaveField) -> FieldView:
    """Define a field or change one. Raises UsageError, NotFound, Refused (name taken; kind or subject of a field with values), Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    values = _checked(session, request)
    at = now(session)
    if request.id is None:
        field = _new(session, actor, request, values)
        add_row(session, actor, STREAM, field, at, name=field.label)
    else:
        field = _locked(session, request.id)
        check_version(session, field, request.version, values, field.label, STREAM)
        _refuse_other_kind(session, field, request)
        _refuse_taken(session, request, field.id)
        change_row(session, actor, STREAM, field, values, at, name=field.label)
    _arrange(session, actor, field, request)
    return _view(field, None)


def _checked(session: Session, request: SaveField) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    name = checked_name(request.name)
    label = " ".join(safe_line(request.label).split()) or name.replace("_", " ").capitalize()
    if len(label) > LABEL_LIMIT:
        raise UsageError(_("A label has at most {count} characters.").format(count=LABEL_LIMIT))
    if request.required is FieldRequired.RESOLVING and request.subject is not FieldSubject.TICKET:
        raise UsageError(_("Only a ticket is resolved: say always or never."))
    return {
        "name": name,
        "label": label,
        "kind": request.kind.value,
        "choices": checked_choices(request.kind, request.choices),
        "applies_to": _type(request),
        "required": request.required.value,
        "active": request.active,
    }


def _type(request: SaveField) -> str:
    kind = " ".join(safe_line(request.applies_to, 80).split())
    if kind and request.subject is FieldSubject.PERSON:
        raise UsageError(_("People have no types: the field belongs to all of them."))
    if kind and request.subject is FieldSubject.TICKET:
        kind = kind.lower()
        if kind not in tuple(TicketType):
            raise UsageError(
                _("“{type}” is no type of a ticket.").format(type=safe_line(request.applies_to, 60)),
                _("There are: {names}.").format(names=", ".join(TicketType)),
            )
    return kind


def _new(session: Session, actor: Actor, request: SaveField, values: Mapping[str, Any]) -> CustomField:
    _refuse_taken(session, request, None)
    present = fields_of(session, request.subject)
    if len(present) >= MOST:
        raise Refused(
            _("There are {count} fields already; set one aside and use it anew.").format(count=MOST)
        )
    last = max((field.position for field in present), default=0)
    return CustomField(subject=request.subject.value, position=last + 1, **values)


def _refuse_taken(session: Session, request: SaveField, own_id: int | None) -> None:
    statement = select(CustomField).where(
        CustomField.subject == request.subject.value, CustomField.name == request.name.strip()
    )
    taken = session.exec(statement).first()
    if taken is not None and taken.id != own_id:
        raise Refused(
            _("There is a field {name} already: {label}.").format(
                name=taken.name, label=safe_line(taken.label)
            ),
            "" if taken.active else _("It is set aside; bring it back, or choose another name."),
        )


def _locked(session: Session, field_id: int) -> CustomField:
    field = session.exec(select(CustomField).where(CustomField.id == field_id).with_for_update()).first()
    if field is None:
        raise NotFound(_("There is no field {id}.").format(id=field_id))
    return field


def _refuse_other_kind(session: Session, field: CustomField, request: SaveField) -> None:
    """Subject and kind say what the values mean: they stay once there are some."""
    if field.subject != request.subject.value:
        raise Refused(_("A field stays with what it belongs to; define another one."))
    if field.kind == request.kind.value:
        return
    count = value_count(session, known(field.id))
    if count:
        raise Refused(
            ngettext(
                "{field} has {count} value of its present kind, so its kind stays.",
                "{field} has {count} values of its present kind, so its kind stays.",
                count,
            ).format(field=safe_line(field.label), count=count),
            _("Set it aside and define another field; what was recorded stays."),
        )


def value_count(session: Session, field_id: int) -> int:
    """How many things have a value in a field."""
    statement = select(func.count()).select_from(CustomValue).where(CustomValue.field_id == field_id)
    return session.exec(statement).one()


def _arrange(session: Session, actor: Actor, field: CustomField, request: SaveField) -> None:
    """Put the field at its place and number the fields of its subject anew."""
    if request.position is None:
        return
    others = [one for one in fields_of(session, request.subject) if one.id != field.id]
    place = min(max(request.position, 1), len(others) + 1)
    ordered = [*others[: place - 1], field, *others[place - 1 :]]
    for position, one in enumerate(ordered, start=1):
        change_row(session, actor, STREAM, one, {"position": position}, now(session), name=one.label)


def _view(field: CustomField, counts: Mapping[int, int] | None) -> FieldView:
    return FieldView(
        id=known(field.id),
        subject=FieldSubject(field.subject),
        name=field.name,
        label=safe_line(field.label),
        kind=FieldKind(field.kind),
        choices=tuple(safe_line(str(one)) for one in field.choices),
        applies_to=safe_line(field.applies_to),
        required=FieldRequired(field.required),
        position=field.position,
        active=field.active,
        version=field.version,
        values=None if counts is None else counts.get(known(field.id), 0),
    )
