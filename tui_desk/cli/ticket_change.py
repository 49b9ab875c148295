"""Verbs of ``tui-desk ticket`` that change a ticket's fields and its place among others."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli.base import (
    ID,
    TICKET,
    DeskCommand,
    assignments,
    enum_value,
    examples,
    one_of,
    pass_invocation,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.own_values import part_own
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.merging import MergeTickets, SplitTicket
from tui_desk.contracts.tasks import ApplyChecklist
from tui_desk.contracts.tickets import (
    BlockSender,
    FieldChanged,
    JoinSuggested,
    LinkTickets,
    MarkSpam,
    MoveOut,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoDeed,
    UndoLast,
    UnlinkTickets,
)
from tui_desk.core.enums import LinkKind, Priority, TicketStatus, TicketType
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _

NAMES = ("status", "priority", "type", "assignee", "team", "category", "subject", "tags", "requester")
"""Fields that are set by name."""
_number = click.argument("number", type=TICKET, metavar="NUMBER")


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (
        set_fields,
        checklist,
        take,
        undo,
        spam,
        block,
        link,
        unlink,
        merge,
        split,
        join,
        move_out,
    ):
        group.add_command(command)


def _change(run: Invocation, request: Request[FieldChanged]) -> None:
    changed = run.ask(request)
    run.answer(changed, lambda: changed.sentence)


@click.command(
    "set",
    cls=DeskCommand,
    help=_(
        "Change fields: status, priority, type, assignee, team, category, tags, subject, requester, and field.NAME of your own. "
        "NAME= without a value clears one; several at once are one change."
    ),
    epilog=examples(
        "tui-desk ticket set 1042 status=resolved",
        "tui-desk ticket set 1042 priority=high assignee=me team='Service desk' tags=network,vip",
        "tui-desk ticket set 1042 assignee=",
        "tui-desk ticket set 1042 field.cost_group=A status=resolved",
    ),
)
@_number
@click.argument("changes", nargs=-1, required=True, metavar="NAME=VALUE...")
@click.option(
    "--despite",
    default="",
    metavar="REASON",
    help=_("Why it is resolved or closed although something is open; the history keeps it."),
)
@pass_invocation
def set_fields(run: Invocation, number: int, changes: tuple[str, ...], despite: str) -> None:
    """Change some fields at once; an empty value clears one."""
    others, own = part_own(changes)
    values = assignments(others, NAMES)
    _change(run, replace(fields_request(number, values), despite=despite, fields=own))


@click.command("checklist", cls=DeskCommand, help=_("Put the tasks of a checklist on a ticket."))
@_number
@click.argument("name", metavar="NAME")
@pass_invocation
def checklist(run: Invocation, number: int, name: str) -> None:
    """Apply a checklist by hand."""
    changed = run.ask(ApplyChecklist(number, name))
    run.answer(changed, lambda: changed.sentence)


def fields_request(number: int, values: dict[str, str]) -> SetFields:
    """The request that sets what ``values`` names. Raises UsageError for a value that is not allowed."""
    status, priority, kind, tags = (values.get(name) for name in ("status", "priority", "type", "tags"))
    return SetFields(
        number=number,
        status=None
        if status is None
        else one_of(TicketStatus, [str(s) for s in TicketStatus], status, "status"),
        priority=None
        if priority is None
        else one_of(Priority, [str(p) for p in Priority], priority, "priority"),
        type=None if kind is None else one_of(TicketType, [str(t) for t in TicketType], kind, "type"),
        assignee=values.get("assignee"),
        team=values.get("team"),
        category=values.get("category"),
        subject=values.get("subject"),
        tags=None if tags is None else tuple(tag.strip() for tag in tags.split(",") if tag.strip()),
        requester=values.get("requester"),
    )


@click.command("take", cls=DeskCommand, help=_("Assign the ticket to yourself."))
@_number
@pass_invocation
def take(run: Invocation, number: int) -> None:
    """Assign it to the acting agent."""
    _change(run, TakeTicket(number))


@click.command(
    "undo",
    cls=DeskCommand,
    help=_(
        "Take back your last change (of that ticket), with all that was done by it; or with --event what was done together with "
        "that event, whoever did it and whenever. An undo can be undone the same way."
    ),
    epilog=examples("tui-desk ticket undo 1042", "tui-desk ticket undo --event 77123"),
)
@click.argument("number", type=TICKET, metavar="[NUMBER]", required=False)
@click.option("--event", "event_id", type=ID, metavar="ID", help=_("Its id is in tui-desk history."))
@pass_invocation
def undo(run: Invocation, number: int | None, event_id: int | None) -> None:
    """Take back the acting agent's last reversible change, or the deed that an event belongs to."""
    if event_id is not None:
        _change(run, UndoDeed(event_id))
        return
    if number is not None:
        run.ask(ShowTicket(number))  # one that is not there has no history: that is not found, not refused
    _change(run, UndoLast(number))


@click.command("spam", cls=DeskCommand, help=_("Mark as spam and close."))
@_number
@click.option("--not", "revoked", is_flag=True, help=_("It is no spam after all."))
@pass_invocation
def spam(run: Invocation, number: int, revoked: bool) -> None:
    """Mark as spam, or take that back."""
    _change(run, MarkSpam(number, not revoked))


@click.command("block", cls=DeskCommand, help=_("Hold back all further mail from the requester's address."))
@_number
@click.option("--lift", is_flag=True, help=_("Let the sender write again."))
@pass_invocation
def block(run: Invocation, number: int, lift: bool) -> None:
    """Block the sender, or lift that."""
    _change(run, BlockSender(number, not lift))


@click.command("link", cls=DeskCommand, help=_("Link two tickets."))
@_number
@click.argument("other", type=TICKET, metavar="OTHER")
@click.option(
    "--kind",
    type=enum_value(LinkKind),
    default=LinkKind.RELATED,
    help=_("How the first relates to the other. Default: related."),
)
@pass_invocation
def link(run: Invocation, number: int, other: int, kind: LinkKind) -> None:
    """Link NUMBER to OTHER."""
    _change(run, LinkTickets(number, other, kind))


@click.command("unlink", cls=DeskCommand, help=_("Remove a link (its id is in ticket show --json)."))
@click.argument("link_id", type=ID, metavar="LINK")
@pass_invocation
def unlink(run: Invocation, link_id: int) -> None:
    """Remove a link."""
    _change(run, UnlinkTickets(link_id))


@click.command(
    "move-out",
    cls=DeskCommand,
    help=_(
        "Give a mail that does not belong to its ticket one of its own (its id is in ticket show --json)."
    ),
)
@click.argument("message_id", type=ID, metavar="MESSAGE")
@pass_invocation
def move_out(run: Invocation, message_id: int) -> None:
    """Part a mail from its ticket."""
    number = run.ask(MoveOut(message_id))
    run.answer({"number": number}, lambda: _("The message is now in #{number}.").format(number=number))


@click.command(
    "merge",
    cls=DeskCommand,
    help=_(
        "Put other tickets into NUMBER: messages in order, requesters as watchers, tasks, time, approvals, purchases, assets and "
        "tags. The others are closed and lead there. ticket undo parts them again, also days later."
    ),
    epilog=examples("tui-desk ticket merge 1042 1043 1051"),
)
@_number
@click.argument("others", type=TICKET, metavar="OTHER...", nargs=-1, required=True)
@pass_invocation
def merge(run: Invocation, number: int, others: tuple[int, ...]) -> None:
    """Merge OTHER... into NUMBER."""
    _change(run, MergeTickets(number, others))


@click.command(
    "split",
    cls=DeskCommand,
    help=_(
        "Give some messages of NUMBER a ticket of their own (their ids are in ticket show --json), with their files and the people "
        "who wrote them. ticket undo brings them back."
    ),
    epilog=examples("tui-desk ticket split 1042 --message 3001 --message 3004 --subject 'Toner'"),
)
@_number
@click.option(
    "--message", "messages", type=ID, metavar="ID", multiple=True, required=True, help=_("A message.")
)
@click.option(
    "--subject", default="", metavar="S", help=_("Of the new ticket. Default: the first message's.")
)
@pass_invocation
def split(run: Invocation, number: int, messages: tuple[int, ...], subject: str) -> None:
    """Move messages of NUMBER into a new ticket."""
    there = {message.id for message in run.ask(ShowTicket(number)).messages}
    strange = [message for message in messages if message not in there]
    if strange:
        raise NotFound(
            _("#{number} has no message {message}.").format(number=number, message=strange[0]),
            _("tui-desk ticket show {number} --json names their ids.").format(number=number),
        )
    _change(run, SplitTicket(messages, subject))


@click.command(
    "join", cls=DeskCommand, help=_("Move the messages of a ticket to the one they were suggested for.")
)
@_number
@pass_invocation
def join(run: Invocation, number: int) -> None:
    """Accept the suggested conversation."""
    target = run.ask(JoinSuggested(number))
    run.answer(
        {"number": target},
        lambda: _("The messages of #{old} are now in #{new}.").format(old=number, new=target),
    )
