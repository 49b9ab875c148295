"""What an undo may not do to values of fields of one's own: lose the sense of those that are there, or somebody's later change."""

from __future__ import annotations

from sqlmodel import Session, col, select

from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import CustomField, CustomValue, Event
from tui_desk.services.custom_fields import fields_of
from tui_desk.services.deeds import told_value
from tui_desk.services.rows import ROW_ADDED, ROW_CHANGED, typed_values

_SUBJECTS = frozenset(subject.value for subject in FieldSubject)


def is_overtaken(session: Session, event: Event) -> bool:
    """Whether a value that came along with something else was changed or cleared since: there, what was set last stays."""
    told = told_value(event)
    if event.action != ROW_ADDED or told.get("table") != CustomValue.__tablename__:
        return False
    row = session.get(CustomValue, int(told["id"]), with_for_update=True)
    expected = typed_values(CustomValue, told["values"])
    return row is None or any(getattr(row, column) != value for column, value in expected.items())


def guard_values(session: Session, event: Event) -> None:
    """Raises Conflict where the undo of ``event`` would change the kind of a field that has values, or take away a thing that
    has values (they would belong to the next one with its number)."""
    told = told_value(event)
    if told.get("table") == CustomField.__tablename__ and event.action == ROW_CHANGED:
        if "kind" not in told["values"]:
            return
        # whoever sets a value holds the field until it is written
        session.get(CustomField, int(told["id"]), with_for_update=True, populate_existing=True)
        if _has_values(session, [int(told["id"])]):
            raise Conflict(
                _("Not undone: {name} has values of its present kind.").format(
                    name=safe_line(str(told["name"]))
                )
            )
    elif told.get("table") in _SUBJECTS and event.action == ROW_ADDED:
        fields = [one.id or 0 for one in fields_of(session, FieldSubject(str(told["table"])))]
        if _has_values(session, fields, int(told["id"])):
            raise Conflict(
                _("Not undone: {name} has values of fields of your own by now.").format(
                    name=safe_line(str(told["name"]))
                )
            )


def _has_values(session: Session, fields: list[int], subject_id: int | None = None) -> bool:
    statement = select(CustomValue.id).where(col(CustomValue.field_id).in_(fields))
    if subject_id is not None:
        statement = statement.where(CustomValue.subject_id == subject_id)
    return session.exec(statement.limit(1)).first() is not None
