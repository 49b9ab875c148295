"""``tui-desk reminder``: what one wants to be told of later."""

from __future__ import annotations

import click

from tui_desk.cli.base import ID, TICKET, DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.contracts.flow import AddReminder, ListReminders, RemoveReminder
from tui_desk.core import moment_text
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.rules.moments import read_moment


@click.group(cls=DeskGroup, help=_("Your own reminders: be told of a ticket at a moment."))
def reminder() -> None:
    """The noun."""


@reminder.command(
    "add",
    help=_("Be told of a ticket at a moment; nobody else is."),
    epilog=examples("tui-desk reminder add 1042 'fri 14:30' 'Is the part there?'"),
)
@click.argument("number", type=TICKET, metavar="NUMBER")
@click.argument("when", metavar="WHEN")
@click.argument("text", default="", metavar="[TEXT]")
@pass_invocation
def add(run: Invocation, number: int, when: str, text: str) -> None:
    """Add a reminder."""
    now = utc_now()
    made = run.ask(AddReminder(number, read_moment(when, now), text))
    run.answer(
        made,
        lambda: _("Reminder {id}: #{number}, {when}.").format(
            id=made.id, number=made.ticket, when=moment_text.told(made.due_at, now)
        ),
    )


@reminder.command("list", help=_("List your reminders, the next one first."))
@click.option("--ticket", "number", type=TICKET, metavar="NUMBER", help=_("Those of one ticket."))
@pass_invocation
def list_reminders(run: Invocation, number: int | None) -> None:
    """Print the acting agent's reminders."""
    found = run.ask(ListReminders(number))
    rows = [(one.id, one.due_at, f"#{one.ticket}", one.text, one.ticket_subject) for one in found]
    headings = (_("Id"), _("When"), _("Ticket"), _("What"), _("Subject"))
    run.answer(found, lambda: table(headings, rows, flexible=4) if rows else _("You have no reminders."))


@reminder.command("remove", help=_("Take a reminder away."))
@click.argument("reminder_id", type=ID, metavar="ID")
@pass_invocation
def remove(run: Invocation, reminder_id: int) -> None:
    """Remove one."""
    gone = run.ask(RemoveReminder(reminder_id))
    run.answer(gone, lambda: _("Reminder {id} is removed.").format(id=gone.id))
