"""``tui-desk notification``: what one should see."""

from __future__ import annotations

import click

from tui_desk.cli.base import ID, DeskGroup, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.contracts.notifications import ListNotifications, MarkRead
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext


@click.group(cls=DeskGroup, help=_("What you should see: mentions, hand-overs, drafts to check, decisions."))
def notification() -> None:
    """The noun."""


@notification.command("list", help=_("List your notifications, the newest first."))
@click.option("--all", "everything", is_flag=True, help=_("Those you have read already too."))
@limit_option(200)
@pass_invocation
def list_notifications(run: Invocation, everything: bool, limit: int) -> None:
    """Print the acting agent's notifications."""
    found = run.ask(ListNotifications(everything, limit))
    rows = [
        (one.id, one.sentence, f"#{one.ticket}" if one.ticket is not None else "", one.at) for one in found
    ]
    headings = (_("Id"), _("What"), _("Ticket"), _("When"))
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("Nothing new for you."))


@notification.command("read", help=_("Mark notifications as read."))
@click.argument("ids", nargs=-1, type=ID, metavar="[ID]...")
@click.option("--all", "everything", is_flag=True, help=_("All of them."))
@pass_invocation
def read(run: Invocation, ids: tuple[int, ...], everything: bool) -> None:
    """Mark some, or all, as read."""
    if bool(ids) == everything:
        raise UsageError(_("Name notifications by their id, or say --all."))
    count = run.ask(MarkRead(ids, everything=everything))
    told = ngettext("{count} notification is read now.", "{count} notifications are read now.", count)
    run.answer({"read": count}, lambda: told.format(count=count))
