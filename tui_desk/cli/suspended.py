"""``tui-desk suspended``: mail that was held back, with its cause."""

from __future__ import annotations

import click

from tui_desk.cli.base import ID, TICKET, DeskGroup, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, plain, table
from tui_desk.contracts.desk import (
    AcceptSuspended,
    DropSuspended,
    JoinSuspended,
    ListSuspended,
    RetrySuspended,
    ShowSuspended,
    SuspendedView,
)
from tui_desk.core.i18n import _

_id = click.argument("mail_id", type=ID, metavar="ID")


@click.group(cls=DeskGroup, help=_("Mail that was held back: accept, join, retry, drop."))
def suspended() -> None:
    """The noun."""


@suspended.command("list", help=_("List what is held back, and why."))
@limit_option(500)
@pass_invocation
def list_suspended(run: Invocation, limit: int) -> None:
    """Print suspended mail."""
    found = run.ask(ListSuspended(limit))
    rows = [(r.id, r.sender, r.subject, r.cause, r.explanation, r.received_at) for r in found]
    headings = (_("Id"), _("From"), _("Subject"), _("Cause"), _("Explanation"), _("Received"))
    run.answer(found, lambda: table(headings, rows, flexible=4) if rows else _("No suspended mail."))


@suspended.command("show", help=_("Show one with its source."))
@_id
@pass_invocation
def show(run: Invocation, mail_id: int) -> None:
    """Print one suspended mail."""
    view = run.ask(ShowSuspended(mail_id))
    run.answer(_document(view), lambda: _as_text(view))


def _document(view: SuspendedView) -> dict[str, object]:
    return {**plain(view.row), "raw": view.raw}


def _as_text(view: SuspendedView) -> str:
    row = view.row
    head = fields(
        [
            (_("Id"), str(row.id)),
            (_("Mailbox"), row.mailbox),
            (_("From"), row.sender),
            (_("Subject"), row.subject),
            (_("Received"), row.received_at),
            (_("Cause"), row.cause),
            (_("Explanation"), row.explanation),
        ]
    )
    return f"{head}\n\n{view.raw}"


@suspended.command("accept", help=_("Make a new ticket of it."))
@_id
@pass_invocation
def accept(run: Invocation, mail_id: int) -> None:
    """Accept as a new ticket."""
    number = run.ask(AcceptSuspended(mail_id))
    run.answer({"number": number}, lambda: _("It is now ticket #{number}.").format(number=number))


@suspended.command("join", help=_("Put it into the conversation of a ticket."))
@_id
@click.argument("number", type=TICKET, metavar="TICKET")
@pass_invocation
def join(run: Invocation, mail_id: int, number: int) -> None:
    """Join to a ticket."""
    joined = run.ask(JoinSuspended(mail_id, number))
    run.answer({"number": joined}, lambda: _("It is now in ticket #{number}.").format(number=joined))


@suspended.command("retry", help=_("Process it again as if it had just arrived."))
@_id
@pass_invocation
def retry(run: Invocation, mail_id: int) -> None:
    """Process again."""
    sentence = run.ask(RetrySuspended(mail_id))
    run.answer({"id": mail_id, "sentence": sentence}, lambda: sentence)


@suspended.command("drop", help=_("Set it aside for good; the raw mail stays in the ledger."))
@_id
@click.option("--reason", default="", metavar="TEXT", help=_("Why, for the history."))
@pass_invocation
def drop(run: Invocation, mail_id: int, reason: str) -> None:
    """Drop it."""
    run.ask(DropSuspended(mail_id, reason))
    run.answer({"id": mail_id, "dropped": True}, lambda: _("Dropped."))
