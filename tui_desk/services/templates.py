"""Ticket templates: what is known of a ticket before anybody asks, and the tickets made of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tui_desk.contracts.macros import (
    FillTemplate,
    ListTemplates,
    NewFromTemplate,
    SaveTemplate,
    ShowTemplate,
    TemplateView,
)
from tui_desk.core.enums import Channel, Priority, TicketType
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Ticket, TicketTemplate
from tui_desk.rules.checklist_lines import read_line
from tui_desk.rules.macro_lines import (
    NOBODY,
    TEMPLATE_FIELDS,
    checklist_named,
    field_lines,
    in_order,
    read_fields,
    read_tasks,
    tags_after,
)
from tui_desk.rules.permissions import Permission
from tui_desk.rules.text_variables import DESK_NAMES, render
from tui_desk.services import kept
from tui_desk.services.actor import Actor
from tui_desk.services.canned import checked_text
from tui_desk.services.changes import set_fields
from tui_desk.services.context import known, now, require, ticket_to_change
from tui_desk.services.macro_steps import filled_task
from tui_desk.services.macros import put_checklist, put_lines
from tui_desk.services.text_values import desk_values, values_for
from tui_desk.services.tickets import new, tag_of


def list_templates(session: Session, actor: Actor, request: ListTemplates) -> tuple[TemplateView, ...]:
    require(actor, Permission.VIEW)
    if request.offered:
        return _views(session, kept.offered(session, actor, TicketTemplate))
    return _views(session, kept.seen(session, actor, TicketTemplate, inactive=request.inactive))


def show_template(session: Session, actor: Actor, request: ShowTemplate) -> TemplateView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return _views(session, [template_named(session, actor, request.name, request.id)])[0]


def save_template(session: Session, actor: Actor, request: SaveTemplate) -> TemplateView:
    """Raises UsageError, NotFound, Refused, Conflict."""
    require(actor, Permission.WRITE if request.own else Permission.CONFIGURE_WORK)
    values = {
        "name": request.name,
        "subject": checked_text(safe_line(request.subject, 300), empty=True, names=DESK_NAMES),
        "body": checked_text(request.body, empty=True, names=DESK_NAMES),
        "requester": safe_line(request.requester, 300).strip(),
        "fields": read_fields(field_lines(request.fields), TEMPLATE_FIELDS),
        "tasks": checked_text("\n".join(read_tasks(request.tasks)), empty=True),
        "active": request.active,
    }
    row = kept.save(
        session,
        actor,
        TicketTemplate,
        request.id,
        request.version,
        values,
        own=request.own,
        team=request.team,
    )
    return _views(session, [row])[0]


def fill_template(session: Session, actor: Actor, request: FillTemplate) -> NewFromTemplate:
    """Raises NotFound, Refused (it is set aside)."""
    require(actor, Permission.VIEW)
    return filled(session, actor, kept.usable(template_named(session, actor, "", request.id)))


def filled(session: Session, actor: Actor, row: TicketTemplate) -> NewFromTemplate:
    """The request that makes a ticket as ``row`` says."""
    values = desk_values(session, actor)
    fields = row.fields
    assignee = fields.get("assignee", "")
    return NewFromTemplate(
        subject=render(row.subject, values).text,
        requester=row.requester,
        body=render(row.body, values).text,
        channel=Channel(fields.get("channel", Channel.PHONE.value)),
        priority=Priority(fields.get("priority", Priority.NORMAL.value)),
        type=TicketType(fields.get("type", TicketType.REQUEST.value)),
        team=fields.get("team", ""),
        assignee="" if assignee == NOBODY else assignee,
        category=fields.get("category", ""),
        template=known(row.id),
        tags=tags_after((), fields.get("tags", "")),
    )


def new_from_template(session: Session, actor: Actor, request: NewFromTemplate) -> int:
    """Answers the ticket's number. Raises UsageError, NotFound, Refused."""
    require(actor, Permission.CHANGE_TICKETS)
    row = kept.usable(template_named(session, actor, "", request.template))
    return make(session, actor, row, request, now(session))


def make(session: Session, actor: Actor, row: TicketTemplate, request: NewFromTemplate, at: datetime) -> int:
    """The ticket with its tags and tasks; the use is counted."""
    number = new(session, actor, request)
    ticket = ticket_to_change(session, number)
    if request.tags:
        set_fields(session, actor, ticket, {"tags": sorted({tag_of(tag) for tag in request.tags})}, at)
    _put_tasks(session, actor, row, ticket, at)
    kept.count_use(session, row, at)
    return number


def _put_tasks(session: Session, actor: Actor, row: TicketTemplate, ticket: Ticket, at: datetime) -> None:
    lines = row.tasks.splitlines()
    for name in filter(None, map(checklist_named, lines)):
        put_checklist(session, actor, ticket, name, at)
    values = values_for(session, actor, ticket)
    tasks = [filled_task(read_line(line), values) for line in lines if not checklist_named(line)]
    put_lines(session, actor, ticket, tasks, at)


def template_named(session: Session, actor: Actor, name: str, row_id: int | None = None) -> TicketTemplate:
    """Raises NotFound."""
    return kept.found(session, actor, TicketTemplate, name, row_id, _("There is no template “{name}”."))


def _views(session: Session, rows: Sequence[TicketTemplate]) -> tuple[TemplateView, ...]:
    teams = kept.team_names(session, rows)
    return tuple(
        TemplateView(
            **kept.common(row, teams),
            subject=safe_line(row.subject),
            body=safe_block(row.body),
            requester=safe_line(row.requester),
            fields={name: safe_line(value) for name, value in in_order(row.fields).items()},
            tasks=tuple(map(safe_line, row.tasks.splitlines())),
        )
        for row in rows
    )
