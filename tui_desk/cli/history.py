"""``tui-desk import``: existing mail taken in as history."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tui_desk.cli.base import DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import plain
from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from tui_desk.services.imports import ImportProgress


@click.command(
    "import",
    cls=DeskCommand,
    help=_(
        "Take existing mail in as history: closed tickets, nothing is sent, and what is there already is not taken twice."
    ),
    epilog=examples(
        "tui-desk import old.mbox --team 'Service desk'",
        "tui-desk import ~/Maildir",
        "tui-desk import imap:support@example.org/Archive",
    ),
)
@click.argument("source", metavar="PATH|imap:MAILBOX/FOLDER")
@click.option("--mailbox", default="", metavar="MAILBOX", help=_("The mailbox the tickets belong to."))
@click.option("--team", default="", metavar="T", help=_("The team the tickets belong to."))
@pass_invocation
def import_mail(run: Invocation, source: str, mailbox: str, team: str) -> None:
    """Import an mbox, a Maildir, .eml files, a folder of them, or an IMAP folder; may be stopped and run again."""
    from tui_desk.services.imports import import_mail as take_in

    shows_progress = sys.stderr.isatty()
    done = take_in(
        run.open_database(),
        run.actor,
        source,
        mailbox=mailbox,
        team=team,
        progress=_show if shows_progress else None,
    )
    if shows_progress:
        sys.stderr.write("\n")
    run.answer(_document(done), lambda: _sentence(done))


def _show(state: ImportProgress) -> None:
    """One line that is written over."""
    sys.stderr.write("\r" + _sentence(state))
    sys.stderr.flush()


def _document(state: ImportProgress) -> dict[str, Any]:
    numbers = {"read": state.read, "known": state.known, "stored": state.stored}
    return {**numbers, "not_fetched": state.not_fetched, **plain(state.counts)}


def _sentence(state: ImportProgress) -> str:
    counts = state.counts
    told = _(
        "{read} mails read, {known} known already, {created} tickets made, {joined} joined, {suspended} held back."
    ).format(
        read=state.read,
        known=state.known,
        created=counts.created,
        joined=counts.joined,
        suspended=counts.suspended,
    )
    if state.not_fetched:
        told += " " + _("{count} could not be fetched from the server.").format(count=state.not_fetched)
    return told
