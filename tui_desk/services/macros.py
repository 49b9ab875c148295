"""Macros: several deeds at once, in one transaction that is one deed to undo, or none of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session, col, func, select

from tui_desk.contracts.conversation import GuardFinding, SaveDraft, SendReply, SentResult
from tui_desk.contracts.macros import (
    ApplyMacro,
    ListMacros,
    MacroDone,
    MacroPreview,
    MacroView,
    PreviewMacro,
    SaveMacro,
    ShowMacro,
)
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import DraftKind, MessageKind, Priority, TicketStatus, TicketType
from tui_desk.core.errors import Conflict, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Event, Macro, Task, Ticket
from tui_desk.rules.checklist_lines import Line
from tui_desk.rules.macro_lines import (
    MACRO_FIELDS,
    NOBODY,
    field_lines,
    in_order,
    read_fields,
    read_tasks,
    tags_after,
)
from tui_desk.rules.permissions import Permission
from tui_desk.rules.send_guard import VARIABLES
from tui_desk.services import kept
from tui_desk.services.actor import Actor
from tui_desk.services.canned import checked_text
from tui_desk.services.checklist_rows import items_of, put_items
from tui_desk.services.compose import newest_message
from tui_desk.services.context import known, now, require, ticket_to_read, ticket_to_work_on
from tui_desk.services.conversation import keep_note, reply
from tui_desk.services.deeds import MACRO
from tui_desk.services.desk_zone import zone_of
from tui_desk.services.drafts import draft_of
from tui_desk.services.drafts import save as save_draft
from tui_desk.services.events import record, ticket_stream
from tui_desk.services.fields import FIELDS
from tui_desk.services.macro_steps import Plan, check_task, checklist_for, plan, steps_of
from tui_desk.services.person_saving import language_code
from tui_desk.services.task_rows import clean_notes, clean_title, put_tasks
from tui_desk.services.text_values import values_for
from tui_desk.services.tickets import set_fields


def list_macros(session: Session, actor: Actor, request: ListMacros) -> tuple[MacroView, ...]:
    """Raises NotFound (ticket)."""
    require(actor, Permission.VIEW)
    if request.number is None:
        return _views(session, kept.seen(session, actor, Macro, inactive=request.inactive))
    ticket = ticket_to_read(session, request.number)
    language = kept.language_of(session, ticket)
    rows = kept.offered(session, actor, Macro, ticket.team_id)
    return _views(session, sorted(rows, key=lambda row: kept.distance(row.language, language)))


def show_macro(session: Session, actor: Actor, request: ShowMacro) -> MacroView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    row = _found(session, actor, request.id, request.name)
    if request.id is None and request.number is not None:
        language = kept.language_of(session, ticket_to_read(session, request.number))
        rows = kept.seen(session, actor, Macro, inactive=True)
        same = [one for one in rows if (one.name, one.agent_id) == (row.name, row.agent_id)]
        row = min(same, key=lambda one: kept.distance(one.language, language))
    return _views(session, [row])[0]


def save_macro(session: Session, actor: Actor, request: SaveMacro) -> MacroView:
    """Raises UsageError (also for what is not understood in it), NotFound, Refused, Conflict."""
    require(actor, Permission.WRITE if request.own else Permission.CONFIGURE_WORK)
    tasks = read_tasks(request.tasks)
    values = {
        "name": request.name,
        "fields": read_fields(field_lines(request.fields), MACRO_FIELDS),
        "tasks": checked_text("\n".join(tasks), empty=True),
        "note": checked_text(request.note, empty=True),
        "reply": checked_text(request.reply, empty=True),
        "send": request.send,
        "language": language_code(request.language),
        "active": request.active,
    }
    if not any(values[name] for name in ("fields", "tasks", "note", "reply")):
        raise UsageError(_("A macro does something: set a field, add a task, write a note or a reply."))
    row = kept.save(
        session, actor, Macro, request.id, request.version, values, own=request.own, team=request.team
    )
    return _views(session, [row])[0]


def preview_macro(session: Session, actor: Actor, request: PreviewMacro) -> MacroPreview:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    row = _found(session, actor, request.id)
    values = values_for(session, actor, ticket)
    found = plan(session, actor, ticket, row, values)
    return MacroPreview(
        steps_of(row, values),
        found.problems,
        found.open,
        found.note.text,
        found.reply.text,
        row.version,
        _unfilled(found),
    )


def apply_macro(session: Session, actor: Actor, request: ApplyMacro) -> MacroDone:
    """Carry it out, all or nothing.

    Raises NotFound, Refused with all that cannot be done, MergedAway, Blocked where ``despite`` gives no reason for what is open, Conflict
    where the macro is not as it was shown.
    """
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    row = as_shown(session, actor, request)
    if row.reply.strip() or row.note.strip():
        require(actor, Permission.WRITE)
    found = plan(session, actor, ticket, row, values_for(session, actor, ticket))
    if found.problems:
        raise Refused(
            _("{name} cannot be done: {problems}").format(
                name=safe_line(row.name), problems=" ".join(found.problems)
            ),
            _("Nothing was changed."),
        )
    at = now(session)
    before = session.exec(select(func.max(Event.id))).one() or 0
    sent = _send(session, actor, ticket, row, found, request) if row.send and row.reply.strip() else None
    if sent is not None and sent.findings:
        return MacroDone(request.number, (), "", findings=sent.findings)
    fields = dict(row.fields)
    if sent is not None:
        fields.pop("status", None)  # the reply has set it
    if fields:
        set_fields(session, actor, _fields_request(session, ticket, fields, request.despite))
    _add_tasks(session, actor, ticket, found, at)
    if found.note.text.strip():
        note = found.note
        keep_note(session, actor, ticket, note.text, MessageKind.NOTE, (), at, note.written)
    drafted = bool(row.reply.strip()) and sent is None
    if drafted:
        _draft(session, actor, ticket, found.reply.text)
    stream = ticket_stream(request.number)
    record(session, actor, stream, MACRO, at, after={"name": row.name, "macro_id": row.id})
    kept.count_use(session, row, at)
    events = session.exec(
        select(Event.id).where(Event.stream == stream, col(Event.id) > before).order_by(col(Event.id))
    ).all()
    warnings = _unfilled(found)
    held_until = sent.held_until if sent else None
    told = sentence_of(request.number, row.name, held_until, sent=sent is not None, drafted=drafted)
    return MacroDone(
        request.number,
        tuple(map(known, events)),
        " · ".join((told, *warnings)),
        outbox_id=sent.outbox_id if sent else None,
        held_until=held_until,
        draft=drafted,
        warnings=warnings,
    )


def _unfilled(found: Plan) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.sentence() for one in (*found.note.problems, *found.reply.problems)))


def as_shown(session: Session, actor: Actor, request: ApplyMacro) -> Macro:
    """The macro that is asked for, in use. Raises NotFound, Refused, Conflict where it is not what somebody looked at."""
    row = kept.usable(_found(session, actor, request.id))
    if request.version and row.version != request.version:
        raise Conflict(
            _("{name} was changed since you looked at it.").format(name=safe_line(row.name)),
            _("Nothing was done. Choose it again, and look at what it does now."),
        )
    return row


def sentence_of(number: int, name: str, held_until: datetime | None, *, sent: bool, drafted: bool) -> str:
    """What a macro did, in a line."""
    parts = [_("#{number} · {name}").format(number=number, name=safe_line(name))]
    if sent:
        parts.append(_("the reply is on its way") if held_until is None else _("the reply leaves soon"))
    if drafted:
        parts.append(_("the reply was written as a draft"))
    return " · ".join(parts)


def _send(
    session: Session, actor: Actor, ticket: Ticket, row: Macro, found: Plan, request: ApplyMacro
) -> SentResult:
    """The reply, which writes nothing where the guard finds something."""
    wrong = found.reply.problems
    if wrong and VARIABLES not in request.confirmed:
        told = " ".join(one.sentence() for one in wrong)
        return SentResult(None, None, None, "", (GuardFinding(VARIABLES, told),))
    return reply(
        session,
        actor,
        SendReply(
            known(ticket.id),
            found.reply.text,
            confirmed=(
                *request.confirmed,
                VARIABLES,
            ),  # what the requester's own words look like does not count
            status_after=row.fields.get("status", ""),
            despite=request.despite,
            hold_seconds=request.hold_seconds,
        ),
    )


def _fields_request(session: Session, ticket: Ticket, fields: dict[str, str], despite: str) -> SetFields:
    assignee = fields.get("assignee")
    tags = FIELDS["tags"].read(session, ticket)
    return SetFields(
        known(ticket.id),
        status=TicketStatus(fields["status"]) if "status" in fields else None,
        priority=Priority(fields["priority"]) if "priority" in fields else None,
        type=TicketType(fields["type"]) if "type" in fields else None,
        assignee="" if assignee == NOBODY else assignee,
        team=fields.get("team"),
        category=fields.get("category"),
        tags=tags_after(tags, fields["tags"]) if "tags" in fields else None,
        despite=despite,
    )


def _add_tasks(session: Session, actor: Actor, ticket: Ticket, found: Plan, at: datetime) -> None:
    for name in found.checklists:
        put_checklist(session, actor, ticket, name, at)
    put_lines(session, actor, ticket, found.tasks, at)


def put_checklist(session: Session, actor: Actor, ticket: Ticket, name: str, at: datetime) -> None:
    """What a locked ticket lacks of a checklist. Raises NotFound, Refused."""
    checklist = checklist_for(session, name)
    there = set(session.exec(select(Task.checklist_item_id).where(Task.ticket_id == ticket.id)))
    lacking = [item for item in items_of(session, known(checklist.id)) if item.id not in there]
    put_items(session, actor, ticket, lacking, at)


def put_lines(session: Session, actor: Actor, ticket: Ticket, tasks: Sequence[Line], at: datetime) -> None:
    """Tasks as lines say them, on a locked ticket. Raises UsageError, NotFound, Refused."""
    rows = []
    today = at.astimezone(zone_of(session, actor)).date()
    for one in tasks:
        agent_id, team_id = check_task(session, actor, one)
        rows.append(
            Task(
                ticket_id=known(ticket.id),
                title=clean_title(one.title),
                notes=clean_notes(one.notes),
                assignee_id=agent_id,
                team_id=team_id,
                due_on=None if one.days is None else today + timedelta(days=one.days),
                blocking=one.blocking,
                created_at=at,
                updated_at=at,
            )
        )
    put_tasks(session, actor, ticket, rows, at)


def _draft(session: Session, actor: Actor, ticket: Ticket, text: str) -> None:
    """The reply as the acting agent's draft, below what is in it already."""
    number = known(ticket.id)
    row = draft_of(session, actor, number, DraftKind.REPLY)
    request = SaveDraft(number, DraftKind.REPLY, text, base_message_id=newest_message(session, ticket))
    if row is not None:
        body = f"{row.body.rstrip()}\n\n{text}" if row.body.strip() else text
        base = row.base_message_id
        request = replace(request, body=body, to=row.to, cc=row.cc, bcc=row.bcc, base_message_id=base)
    save_draft(session, actor, request)


def _found(session: Session, actor: Actor, row_id: int | None, name: str = "") -> Macro:
    return kept.found(session, actor, Macro, name, row_id, _("There is no macro “{name}”."))


def _views(session: Session, rows: Sequence[Macro]) -> tuple[MacroView, ...]:
    teams = kept.team_names(session, rows)
    return tuple(
        MacroView(
            **kept.common(row, teams),
            fields={name: safe_line(value) for name, value in in_order(row.fields).items()},
            tasks=tuple(map(safe_line, row.tasks.splitlines())),
            note=safe_block(row.note),
            reply=safe_block(row.reply),
            send=row.send,
            language=safe_line(row.language),
            steps=steps_of(row),
        )
        for row in rows
    )
