"""What a macro does, in sentences, and what of it cannot be done in a ticket: nothing here writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, select

from tui_desk.contracts.conversation import SendReply
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import DeskError, NotFound, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Checklist, Macro, Ticket
from tui_desk.rules.checklist_lines import Line, read_line
from tui_desk.rules.macro_lines import ME, NOBODY, checklist_named, in_order
from tui_desk.rules.text_variables import Rendered, render
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, team_named
from tui_desk.services.checklist_rows import items_of
from tui_desk.services.context import known, refuse_merged
from tui_desk.services.drafts import refuse_begun
from tui_desk.services.event_text import field_name, value_text
from tui_desk.services.gates import Obstacle, obstacles
from tui_desk.services.guard import recipients_of
from tui_desk.services.senders import sender_for
from tui_desk.services.tickets import check_status, refuse_without_note


@dataclass(frozen=True, slots=True)
class Plan:
    """A macro with the values of one ticket. Texts are filled in; ``tasks`` are those that are no whole checklists."""

    note: Rendered
    reply: Rendered
    tasks: tuple[Line, ...]
    checklists: tuple[str, ...]
    problems: tuple[str, ...]
    """Why it cannot be done at all."""
    open: tuple[str, ...]
    """What a reason lifts."""


def plan(session: Session, actor: Actor, ticket: Ticket, row: Macro, values: Mapping[str, str]) -> Plan:
    """What ``row`` would do in ``ticket``."""
    lines = row.tasks.splitlines()
    checklists = tuple(filter(None, map(checklist_named, lines)))
    note, reply = render(row.note, values), render(row.reply, values)
    tasks = tuple(filled_task(read_line(line), values) for line in lines if not checklist_named(line))
    wrong: list[str] = []
    try:
        refuse_merged(ticket)
    except DeskError as error:
        return Plan(note, reply, tasks, checklists, (error.sentence,), ())
    for name, value in in_order(row.fields).items():
        wrong += _told(_check_field, session, actor, ticket, name, value)
    for task in tasks:
        wrong += _told(check_task, session, actor, task)
    for name in checklists:
        wrong += _told(checklist_for, session, name)
    if row.reply.strip() and row.send:
        wrong += _told(_check_reply, session, actor, ticket, reply.text)
    found: tuple[Obstacle, ...] = ()
    if "status" in row.fields:
        found = obstacles(session, ticket, TicketStatus(row.fields["status"]))
    wrong += [one.sentence for one in found if one.firm]
    return Plan(
        note,
        reply,
        tasks,
        checklists,
        tuple(dict.fromkeys(wrong)),
        tuple(one.sentence for one in found if not one.firm),
    )


def _told(check: Callable[..., object], *values: object) -> list[str]:
    """The sentence of what is wrong, if anything is."""
    try:
        check(*values)
    except DeskError as error:
        return [error.sentence]
    return []


def filled_task(task: Line, values: Mapping[str, str]) -> Line:
    """A task with its variables filled in."""
    return task._replace(title=render(task.title, values).text, notes=render(task.notes, values).text)


def _check_field(session: Session, actor: Actor, ticket: Ticket, name: str, value: str) -> None:
    """Raises NotFound, Refused."""
    if name == "status":
        check_status(ticket, TicketStatus(value))
    elif name == "assignee" and value != NOBODY:
        agent_for_work(session, actor, value)
    elif name == "team":
        team = team_named(session, value) if value else None
        refuse_without_note(session, ticket, team.id if team else None)


def check_task(session: Session, actor: Actor, task: Line) -> tuple[int | None, int | None]:
    """The ids of a task's agent and team. Raises NotFound, Refused."""
    agent = known(agent_for_work(session, actor, task.assignee).id) if task.assignee else None
    team = known(team_named(session, task.team).id) if task.team else None
    return agent, team


def checklist_for(session: Session, name: str) -> Checklist:
    """An active checklist with tasks. Raises NotFound, Refused."""
    row = session.exec(select(Checklist).where(same_name(Checklist.name, name))).first()
    if row is None:
        raise NotFound(_("There is no checklist “{name}”.").format(name=safe_line(name, 80)))
    if not row.active:
        raise Refused(_("The checklist {name} is set aside.").format(name=safe_line(row.name)))
    if not items_of(session, known(row.id)):
        raise Refused(_("The checklist {name} has no tasks yet.").format(name=safe_line(row.name)))
    return row


def _check_reply(session: Session, actor: Actor, ticket: Ticket, text: str) -> None:
    """Raises Refused where nobody could be answered, or by nobody, or an answer has been begun."""
    refuse_begun(session, actor, known(ticket.id))
    sender_for(session, ticket)
    recipients_of(session, ticket, SendReply(known(ticket.id), text))


def steps_of(row: Macro, values: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What a macro does, a sentence each, in the order in which it is done; with ``values`` as it does it in a ticket."""
    lines = row.tasks.splitlines()

    def shown(text: str) -> str:
        return _beginning(text if values is None else render(text, values).text)

    reply = _("sends a reply") if row.send else _("writes a reply as a draft")
    return (
        *([f"{reply}: {shown(row.reply)}"] if row.reply.strip() else []),
        *_field_steps(row.fields),
        *(
            _("puts the checklist {name} on it").format(name=safe_line(checklist_named(line)))
            if checklist_named(line)
            else _("adds the task {title}").format(title=shown(read_line(line).title))
            for line in lines
        ),
        *([_("writes a note: {text}").format(text=shown(row.note))] if row.note.strip() else []),
    )


def _field_steps(fields: Mapping[str, str]) -> Iterable[str]:
    for name, value in in_order(fields).items():
        if name == "tags":
            tags = value.split(",")
            added = [tag for tag in tags if tag and not tag.startswith("-")]
            gone = [tag[1:] for tag in tags if tag.startswith("-")]
            if added:
                sentence = ngettext("adds the tag {tags}", "adds the tags {tags}", len(added))
                yield sentence.format(tags=safe_line(", ".join(added), 80))
            if gone:
                sentence = ngettext("takes the tag {tags} away", "takes the tags {tags} away", len(gone))
                yield sentence.format(tags=safe_line(", ".join(gone), 80))
        else:
            shown = value_text(name, value)
            if name == "assignee" and value in (ME, NOBODY):
                shown = _("me") if value == ME else _("nobody")
            yield _("sets {field}: {value}").format(field=field_name(name), value=shown or "–")


def _beginning(text: str) -> str:
    return safe_line(" ".join(text.split()), 60)
