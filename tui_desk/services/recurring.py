"""Templates that become tickets by themselves: once for each date however many workers there are, one ticket after a standstill."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, tzinfo
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.macros import ListRecurring, RecurringView, SaveRecurring
from tui_desk.core.enums import MessageKind
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.models import RecurringTicket, TicketTemplate
from tui_desk.rules.permissions import Permission
from tui_desk.rules.recurrence import missed, next_after, on_day, read_rule
from tui_desk.services import kept
from tui_desk.services.actor import CLOCK, Actor
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.conversation import keep_note
from tui_desk.services.desk_zone import desk_zone
from tui_desk.services.events import record
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.templates import filled, make, template_named
from tui_desk.services.versions import check_version

AT_ONCE = 100


def list_recurring(session: Session, actor: Actor, request: ListRecurring) -> tuple[RecurringView, ...]:
    """The next ones first, the paused ones last."""
    require(actor, Permission.VIEW)
    paused = col(RecurringTicket.next_at).is_(None)
    statement = select(RecurringTicket, TicketTemplate.name).join(
        TicketTemplate, col(TicketTemplate.id) == RecurringTicket.template_id
    )
    if not request.inactive:
        statement = statement.where(col(RecurringTicket.active).is_(True))
    rows = session.exec(statement.order_by(paused, col(RecurringTicket.next_at), col(RecurringTicket.id)))
    return tuple(_view(row, name) for row, name in rows)


def save_recurring(session: Session, actor: Actor, request: SaveRecurring) -> RecurringView:
    """Raises UsageError (the rule; a template without requester), NotFound, Refused, Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    at = now(session)
    row = _locked(session, request.id) if request.id is not None else None
    name = request.template.strip()
    template = (
        template_named(session, actor, name)
        if name or row is None
        else session.get_one(TicketTemplate, row.template_id)
    )
    rule = read_rule(request.rule or (row.rule if row else ""))
    goes_on = request.active and not request.paused
    if goes_on:
        _refuse_unfit(template)
    same = row is not None and row.rule == rule.written() and row.next_at is not None
    values: dict[str, Any] = {
        "template_id": known(template.id),
        "rule": rule.written(),
        "next_at": (row.next_at if same and row else next_after(rule, at, desk_zone(session)))
        if goes_on
        else None,
        "active": request.active,
    }
    if row is None:
        row = RecurringTicket(**values)
        add_row(session, actor, kept.STREAM, row, at, name=template.name)
    else:
        check_version(session, row, request.version, values, template.name, kept.STREAM)
        change_row(session, actor, kept.STREAM, row, values, at, name=template.name)
    return _view(row, template.name)


def _refuse_unfit(template: TicketTemplate) -> None:
    """Raises Refused for a template of which the clock cannot make a ticket."""
    kept.usable(template)
    if template.agent_id is not None:
        raise Refused(
            _("{name} is somebody's own; only a shared template comes round.").format(
                name=safe_line(template.name)
            )
        )
    if not template.requester or not template.subject:
        raise UsageError(
            _("The template {name} names no requester or no subject, and the clock cannot ask.").format(
                name=safe_line(template.name)
            ),
            _("Write them into the template first."),
        )


def due(session: Session, at: datetime) -> list[int]:
    """Those whose date has come; never writes."""
    statement = (
        select(RecurringTicket.id)
        .where(col(RecurringTicket.next_at) <= at, col(RecurringTicket.active).is_(True))
        .order_by(col(RecurringTicket.next_at))
        .limit(AT_ONCE)
    )
    return [known(row_id) for row_id in session.exec(statement)]


def make_due(session: Session, recurring_id: int, at: datetime) -> int | None:
    """Make the ticket of one that is due and set its next date; None where another worker was faster.

    Dates missed meanwhile make no further tickets: a note says how many there were. Raises DeskError where the template cannot become one.
    """
    row = session.exec(
        select(RecurringTicket)
        .where(RecurringTicket.id == recurring_id, col(RecurringTicket.next_at) <= at)
        .with_for_update()
    ).first()
    if row is None or row.next_at is None or not row.active:
        return None
    rule = read_rule(row.rule)
    template = session.get_one(TicketTemplate, row.template_id)
    _refuse_unfit(template)  # it may have been set aside since, or become somebody's own
    zone = desk_zone(session)
    skipped = missed(rule, row.next_at, at, zone)
    request = filled(session, CLOCK, template)
    number = make(session, CLOCK, template, replace(request, assignee=_nobody_me(request.assignee)), at)
    if skipped:
        text = ngettext(
            "Nothing ran when it was due {count} more time: this is the only ticket for all of them.",
            "Nothing ran when it was due {count} more times: this is the only ticket for all of them.",
            skipped,
        ).format(count=skipped)
        keep_note(session, CLOCK, ticket_to_change(session, number), text, MessageKind.NOTE, (), at)
    row.next_at, row.last_ticket_id = next_after(rule, at, zone), number
    session.add(row)
    session.flush()
    return number


def put_off(session: Session, recurring_id: int, at: datetime, reason: str) -> None:
    """Pause one of which no ticket can be made, so that it is not tried again and again; the desk's history says why."""
    locked_setting(session, DESK_NAME)  # before the row, as whoever changes it does
    row = _locked(session, recurring_id)
    if row.active and row.next_at is not None and row.next_at <= at:
        name = session.get_one(TicketTemplate, row.template_id).name
        change_row(session, CLOCK, kept.STREAM, row, {"next_at": None}, at, name=name)
        told = _("The recurring ticket {name} was paused: {reason}").format(
            name=safe_line(name), reason=reason
        )
        record(session, CLOCK, kept.STREAM, "recurring_paused", at, after={"sentence": told})


def reckon_anew(session: Session, before: tzinfo | None, at: datetime) -> None:
    """The desk's clocks are others now than ``before``: whatever comes round does so by them, on the day it would have, so that no day has
    two tickets and none has none. Whoever calls it has locked the desk's history."""
    zone, goes_on = desk_zone(session), col(RecurringTicket.next_at).is_not(None)
    statement = select(RecurringTicket).where(goes_on, col(RecurringTicket.next_at) > at)
    for row in session.exec(statement.order_by(col(RecurringTicket.id)).with_for_update()):
        assert row.next_at is not None
        row.next_at = on_day(read_rule(row.rule), row.next_at.astimezone(before).date(), zone)
        session.add(row)
    session.flush()


def _nobody_me(assignee: str) -> str:
    """The clock has no tickets: ``me`` of a template is nobody then."""
    return "" if assignee == "me" else assignee


def _locked(session: Session, row_id: int) -> RecurringTicket:
    row = session.exec(select(RecurringTicket).where(RecurringTicket.id == row_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no recurring ticket {id}.").format(id=row_id))
    return row


def _view(row: RecurringTicket, template: str) -> RecurringView:
    return RecurringView(
        id=known(row.id),
        template=safe_line(template),
        rule=row.rule,
        next_at=row.next_at,
        last_ticket=row.last_ticket_id,
        active=row.active,
        version=row.version,
    )
