"""``tui-desk ticket``: show, new, and everything else there is (``ticket_list``, ``ticket_change``, ``ticket_words`` …)."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli import (
    ticket_bulk,
    ticket_change,
    ticket_draft,
    ticket_flow,
    ticket_inventory,
    ticket_list,
    ticket_macro,
    ticket_words,
    ticket_work,
)
from tui_desk.cli.base import TICKET, DeskGroup, enum_value, examples, pass_invocation, token_option
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.own_values import PREFIX, part_own
from tui_desk.cli.text_input import text_of
from tui_desk.cli.ticket_show import ticket_document, ticket_text
from tui_desk.contracts.recognition import RecogniseInTicket
from tui_desk.contracts.tickets import NewTicket, ShowTicket
from tui_desk.core.enums import Channel, Priority, TicketType
from tui_desk.core.i18n import _


@click.group(cls=DeskGroup, help=_("Tickets: list, show, answer, change."))
def ticket() -> None:
    """The noun."""


ticket.add_command(ticket_list.list_tickets)


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
@token_option
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
    token: str,
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
        token=token,
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
