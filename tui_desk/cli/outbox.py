"""``tui-desk outbox``: what leaves the desk."""

from __future__ import annotations

import click

from tui_desk.cli.base import ID, DeskGroup, enum_value, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.ticket_show import delivery_line
from tui_desk.cli.ticket_words import confirmed_codes, moment, not_sent
from tui_desk.contracts.conversation import (
    CancelSend,
    ListOutbox,
    OutboxRow,
    OutgoingView,
    Reschedule,
    Rescheduled,
    RetrySend,
    ShowOutbox,
)
from tui_desk.contracts.gateway import Request
from tui_desk.core import moment_text
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState
from tui_desk.core.i18n import _

_id = click.argument("outbox_id", type=ID, metavar="ID")


@click.group(cls=DeskGroup, help=_("What leaves the desk: state, retry, send now or later, cancel."))
def outbox() -> None:
    """The noun."""


@outbox.command("list", help=_("List what is not yet sent."))
@click.option(
    "--state", "states", multiple=True, type=enum_value(DeliveryState), help=_("Only these states.")
)
@click.option("--all", "everything", is_flag=True, help=_("Sent messages too."))
@limit_option(500)
@pass_invocation
def list_outbox(run: Invocation, states: tuple[DeliveryState, ...], everything: bool, limit: int) -> None:
    """Print outgoing messages, newest first."""
    found = run.ask(ListOutbox(states, everything, limit))
    rows = [
        (r.outbox_id, r.ticket, r.subject, r.to, r.delivery.state, _cause(r.delivery), r.created_at)
        for r in found
    ]
    headings = (_("Id"), _("Ticket"), _("Subject"), _("To"), _("State"), _("Cause"), _("Written"))
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("The outbox is empty."))


def _cause(delivery: OutgoingView) -> str:
    """Why it has not left: what went wrong, or the time that was named."""
    if delivery.cause or not delivery.later or delivery.held_until is None:
        return delivery.cause
    return _("leaves {when}").format(when=moment_text.told(delivery.held_until, utc_now()))


@outbox.command("show", help=_("Show one outgoing message, recipient by recipient."))
@_id
@pass_invocation
def show(run: Invocation, outbox_id: int) -> None:
    """Print one outgoing message."""
    row = run.ask(ShowOutbox(outbox_id))
    run.answer(row, lambda: _as_text(row))


def _as_text(row: OutboxRow) -> str:
    head = fields(
        [
            (_("Id"), str(row.outbox_id)),
            (_("Ticket"), f"#{row.ticket}"),
            (_("Subject"), row.subject),
            (_("From"), row.sender),
            (_("To"), row.to),
            (_("Written"), row.created_at),
            (_("Leaves at"), row.delivery.held_until),
            (_("Next attempt"), None if row.delivery.held_until else row.delivery.next_attempt_at),
        ]
    )
    return f"{head}\n{delivery_line(row.delivery)}"


@outbox.command(
    "retry", help=_("Send again to the recipients that failed, are unknown or wait for another attempt.")
)
@_id
@pass_invocation
def retry(run: Invocation, outbox_id: int) -> None:
    """Send again, with the same bytes."""
    _do(run, outbox_id, RetrySend(outbox_id))


@outbox.command("send", help=_("Let a held message leave now, or at another time."))
@_id
@click.option(
    "--at",
    "leave_at",
    metavar="WHEN",
    help=_("When it leaves, in local time: 'tomorrow 9', 'fri 14:30', 'in 2h', 2026-12-01T08:00Z."),
)
@click.option(
    "--confirm",
    multiple=True,
    metavar="CODE",
    help=_("Send although the send guard found CODE; what was not sent names it. all is every one."),
)
@pass_invocation
def send(run: Invocation, outbox_id: int, leave_at: str | None, confirm: tuple[str, ...]) -> None:
    """End the wait of a held message, or change its time."""
    result = run.ask(Reschedule(outbox_id, moment(leave_at), confirmed_codes(confirm)))
    if result.findings:
        not_sent(run, result)
    run.answer(result, lambda: _leaves(result))


def _leaves(result: Rescheduled) -> str:
    if result.leave_at is None:
        return _("The message leaves now.")
    return _("The message leaves {when}.").format(when=moment_text.told(result.leave_at, utc_now()))


@outbox.command("cancel", help=_("Take a message back while it waits; its text returns to a draft."))
@_id
@pass_invocation
def cancel(run: Invocation, outbox_id: int) -> None:
    """Cancel a message that has not left."""
    _do(run, outbox_id, CancelSend(outbox_id))


def _do(run: Invocation, outbox_id: int, request: Request[str]) -> None:
    sentence = run.ask(request)
    run.answer({"outbox_id": outbox_id, "sentence": sentence}, lambda: sentence)
