"""``tui-desk ticket``: list, show, new, and everything that changes one (``ticket_change``, ``ticket_words``)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import click

from tui_desk.cli import (
    ticket_bulk,
    ticket_change,
    ticket_draft,
    ticket_flow,
    ticket_inventory,
    ticket_macro,
    ticket_words,
    ticket_work,
)
from tui_desk.cli.base import TICKET, DeskGroup, Whole, enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import print_json_array, say, table, tell
from tui_desk.cli.own_values import PREFIX, part_own
from tui_desk.cli.text_input import text_of
from tui_desk.cli.ticket_show import ticket_document, ticket_text
from tui_desk.contracts.queue import SORTS, VIEWS, ListTickets, TicketRow
from tui_desk.contracts.recognition import RecogniseInTicket
from tui_desk.contracts.tickets import NewTicket, ShowTicket
from tui_desk.core.enums import Channel, Priority, TicketType
from tui_desk.core.i18n import _

PAGE = 500


@click.group(cls=DeskGroup, help=_("Tickets: list, show, answer, change."))
def ticket() -> None:
    """The noun."""


@ticket.command(
    "list",
    help=_("List tickets, newest change first."),
    epilog=examples(
        "tui-desk ticket list --view mine",
        "tui-desk ticket list --query 'printer status:open,pending assignee:me'",
        "tui-desk ticket list --query '\"paper jam\" -tag:spam' --limit 20 --json",
    ),
)
@click.option(
    "--query",
    default="",
    metavar="QUERY",
    help=_(
        "Words, phrases and fields: status:open,pending assignee:me priority>=high created<3d requester:@acme.com "
        "has:attachment tag:vpn -tag:spam asset:LT-0042 waiting>4h sort:due; fields of your own: NAME:VALUE, NAME>=100."
    ),
)
@click.option(
    "--view",
    default="all",
    metavar="NAME",
    help=_("A view of the queue ({views}), or a saved one by its name. Default: all.").format(
        views=", ".join(VIEWS)
    ),
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    help=_("What orders the list: the newest, most urgent or first due first. Default: as the view says."),
)
@click.option("--limit", type=Whole(1), metavar="N", help=_("At most so many; without it, all."))
@pass_invocation
def list_tickets(run: Invocation, query: str, view: str, sort: str | None, limit: int | None) -> None:
    """Print the tickets of a view that match a query."""
    if view not in VIEWS:
        from tui_desk.cli.view import view_named

        saved = view_named(run, view)
        view, sort, query = saved.view, sort or saved.sort, f"{saved.query} {query}".strip()
    if query.strip():
        from tui_desk.cli.query_check import check_query

        check_query(run, query)
    rows = _rows(run, ListTickets(view=view, query=query, sort=sort or "updated"), limit)
    if run.as_json:
        print_json_array(rows)
        return
    headings = (
        _("No."),
        _("Subject"),
        _("Requester"),
        _("Status"),
        _("Priority"),
        _("Assignee"),
        _("Team"),
        _("Changed"),
    )
    lines = [
        (r.number, r.subject, r.requester, r.status, r.priority, r.assignee, r.team, r.updated_at)
        for r in rows
    ]
    say(table(headings, lines, flexible=1) if lines else _("No tickets."))


def _rows(run: Invocation, request: ListTickets, limit: int | None) -> Iterator[TicketRow]:
    left = limit
    while left is None or left > 0:
        page = run.ask(replace(request, limit=PAGE if left is None else min(PAGE, left)))
        if page.cut:
            from tui_desk.rules.query_fields import cut_sentence

            tell(cut_sentence())
        yield from page.rows
        if not page.has_after or not page.keys:
            return
        left = None if left is None else left - len(page.rows)
        request = replace(request, after=page.keys[-1])


@ticket.command("show", help=_("Everything about one ticket: fields, conversation, history."))
@click.argument("number", type=TICKET, metavar="NUMBER")
@pass_invocation
def show(run: Invocation, number: int) -> None:
    """Print one ticket, with all of its history: a screen reads the newest of it only."""
    from tui_desk.contracts.history import ListEvents

    view = run.ask(ShowTicket(number))
    view = replace(view, recognised=run.ask(RecogniseInTicket(view.number)))
    while view.events and len(view.events) < view.event_count:
        page = run.ask(ListEvents(f"ticket:{view.number}", older_than=view.events[0].id, limit=1000))
        if not page.events:
            break
        view = replace(view, events=(*reversed(page.events), *view.events))
    run.answer(ticket_document(view), lambda: ticket_text(view))


@ticket.command(
    "new",
    help=_("Enter a ticket by hand: somebody called, came by or wrote in a chat."),
    epilog=examples(
        "tui-desk ticket new --subject 'No network' --requester anna@example.org --body 'Since nine, room 12.'",
        "tui-desk ticket new --subject 'New phone' --requester 'Ben Weber' --channel walkin --assignee me",
    ),
)
@click.option("--subject", required=True, metavar="S", help=_("What it is about."))
@click.option(
    "--requester", required=True, metavar="ADDRESS", help=_("Who asks: an address, or a name without one.")
)
@click.option("--requester-name", default="", metavar="NAME", help=_("The name that belongs to the address."))
@click.option(
    "--channel",
    type=enum_value(Channel),
    default=Channel.PHONE,
    help=_("How it reached you. Default: phone."),
)
@click.option("--body", metavar="TEXT", help=_("What was said."))
@click.option("--body-file", metavar="FILE", help=_("The same from a file; - is standard input."))
@click.option(
    "--priority",
    type=enum_value(Priority),
    default=Priority.NORMAL,
    help=_("How urgent it is. Default: normal."),
)
@click.option(
    "--type",
    "kind",
    type=enum_value(TicketType),
    default=TicketType.REQUEST,
    help=_("What sort it is. Default: request."),
)
@click.option("--team", default="", metavar="NAME", help=_("The team that takes it."))
@click.option("--assignee", default="", metavar="LOGIN", help=_("The agent who takes it; me is you."))
@click.option("--category", default="", metavar="PATH", help=_("Like Hardware/Printer."))
@click.option(
    "--field",
    "own",
    multiple=True,
    metavar="NAME=VALUE",
    help=_("A field of your own; repeat it for each. What a ticket must always have is needed here."),
)
@pass_invocation
def new(
    run: Invocation,
    subject: str,
    requester: str,
    requester_name: str,
    channel: Channel,
    body: str | None,
    body_file: str | None,
    priority: Priority,
    kind: TicketType,
    team: str,
    assignee: str,
    category: str,
    own: tuple[str, ...],
) -> None:
    """Make a ticket and print its number."""
    request = NewTicket(
        subject=subject,
        requester=requester,
        requester_name=requester_name,
        body=text_of(body, body_file, required=False),
        channel=channel,
        priority=priority,
        type=kind,
        team=team,
        assignee=assignee,
        category=category,
        fields=part_own(f"{PREFIX}{word.removeprefix(PREFIX)}" for word in own)[1],
    )
    number = run.ask(request)
    run.answer({"number": number}, lambda: _("Ticket #{number} was made.").format(number=number))


ticket_words.add_to(ticket)
ticket_change.add_to(ticket)
ticket.add_command(ticket_bulk.bulk)
ticket_work.add_to(ticket)
ticket.add_command(ticket_macro.apply_macro)
ticket_flow.add_to(ticket)
ticket_inventory.add_to(ticket)
ticket.add_command(ticket_draft.draft)
