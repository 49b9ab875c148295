"""``tui-desk approval``: decisions that work waits for: asked, changed, decided, taken back, reminded of."""

from __future__ import annotations

from datetime import datetime

import click

from tui_desk.cli.approval_chain import chain
from tui_desk.cli.approval_values import amount_from, currency_option, day_from, step_from, step_option
from tui_desk.cli.base import ID, TICKET, DeskGroup, examples, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.approvals import (
    ApprovalView,
    CancelApproval,
    DecideApproval,
    ListApprovals,
    NewApproval,
    RemindApproval,
    SaveApproval,
    ShowApproval,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.approvals import MOVES
from tui_desk.rules.money import amount_text

_id = click.argument("approval_id", type=ID, metavar="ID")
_amount = click.option(
    "--amount", metavar="N", help=_("What it costs, such as 1299.90; empty takes it away.")
)
_details = click.option(
    "--details", metavar="TEXT", help=_("What is to be decided, as the approvers read it.")
)
_gate = click.option(
    "--gate",
    "gates",
    multiple=True,
    type=click.Choice([*MOVES, "none"]),
    help=_("A move of the ticket that waits for it. Once for each."),
)
_after = click.option("--after-refusal", metavar="TEXT", help=_("What happens next when it is refused."))


@click.group(cls=DeskGroup, help=_("Approvals: ask, decide, remind; steps kept under a name."))
def approval() -> None:
    """The noun."""


@approval.command("list", help=_("List approvals: what waits for you first, then what waits for others."))
@click.option("--mine", is_flag=True, help=_("Only what waits for you."))
@click.option("--all", "everything", is_flag=True, help=_("Decided ones too, newest first."))
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of one ticket."))
@click.option("--query", default="", metavar="WORDS", help=_("Words in title, approvers or ticket."))
@limit_option(500)
@pass_invocation
def list_approvals(
    run: Invocation, mine: bool, everything: bool, ticket: int | None, query: str, limit: int
) -> None:
    """Print approvals."""
    if mine and everything:
        raise UsageError(_("--mine and --all do not go together."))
    which = "mine" if mine else "all" if everything else "open"
    found = run.ask(ListApprovals(which, ticket, query, limit))
    rows = [
        (str(one.id), f"#{one.ticket}", one.title, _money(one), one.state, _waits_for(one), _day(one.due_at))
        for one in found
    ]
    headings = (_("Id"), _("Ticket"), _("Title"), _("Amount"), _("State"), _("Waits for"), _("Due"))
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("No approvals."))


@approval.command("show", help=_("Show one approval with its steps."))
@_id
@pass_invocation
def show(run: Invocation, approval_id: int) -> None:
    """Print one approval."""
    _print(run, run.ask(ShowApproval(approval_id)))


@approval.command(
    "new",
    help=_(
        "Ask for a decision about a ticket. The approvers of the first step get a mail that they can answer."
    ),
    epilog=examples(
        "tui-desk approval new 1042 'A laptop for Ana' --amount 1299.90 --currency EUR --gate start \\",
        "    --step boss@example.org:3 --step all:cfo@example.org,it-lead@example.org:2026-12-31",
        "tui-desk approval new 1042 'Access to the archive' --chain 'Data owners'",
    ),
)
@click.argument("number", type=TICKET, metavar="TICKET")
@click.argument("title", metavar="TITLE")
@step_option
@click.option("--chain", default="", metavar="NAME", help=_("Take the steps kept under that name."))
@_details
@_amount
@currency_option
@_gate
@_after
@pass_invocation
def new(
    run: Invocation,
    number: int,
    title: str,
    steps: tuple[str, ...],
    chain: str,
    details: str | None,
    amount: str | None,
    currency: str | None,
    gates: tuple[str, ...],
    after_refusal: str | None,
) -> None:
    """Open an approval."""
    request = NewApproval(
        number,
        title,
        tuple(map(step_from, steps)),
        chain,
        details or "",
        amount_from(amount),
        currency or "",
        tuple(gate for gate in gates if gate != "none"),
        after_refusal or "",
    )
    _print(run, run.ask(request))


@approval.command(
    "set",
    help=_("Change what is asked. Answers that were given before do not count then: all is asked anew."),
)
@_id
@click.option("--title", metavar="TEXT", help=_("What is to be decided, in a line."))
@_details
@_amount
@currency_option
@_gate
@_after
@pass_invocation
def set_approval(
    run: Invocation,
    approval_id: int,
    title: str | None,
    details: str | None,
    amount: str | None,
    currency: str | None,
    gates: tuple[str, ...],
    after_refusal: str | None,
) -> None:
    """Change an approval."""
    request = SaveApproval(
        approval_id,
        title,
        details,
        amount_from(amount),
        currency,
        amount == "",
        tuple(gate for gate in gates if gate != "none") if gates else None,
        after_refusal,
    )
    _print(run, run.ask(request))


@approval.command("decide", help=_("Decide: for yourself, or for somebody who is away."))
@_id
@click.argument("decision", type=click.Choice(["yes", "no"]), metavar="yes|no")
@click.option("--comment", default="", metavar="TEXT", help=_("Why."))
@pass_invocation
def decide(run: Invocation, approval_id: int, decision: str, comment: str) -> None:
    """Give a decision."""
    done = run.ask(DecideApproval(approval_id, decision == "yes", comment))
    run.answer(done, lambda: done.sentence)


@approval.command("cancel", help=_("Take the question back; answers that still come do not count."))
@_id
@click.option("--comment", default="", metavar="TEXT", help=_("Why."))
@pass_invocation
def cancel(run: Invocation, approval_id: int, comment: str) -> None:
    """Take an approval back."""
    _print(run, run.ask(CancelApproval(approval_id, comment)))


@approval.command("remind", help=_("Ask those again who have not answered."))
@_id
@click.option("--due", metavar="DAY", help=_("The step is due at the end of that day, such as 2026-12-31."))
@pass_invocation
def remind(run: Invocation, approval_id: int, due: str | None) -> None:
    """Send reminders."""
    sentence = run.ask(RemindApproval(approval_id, day_from(due) if due else None))
    run.answer({"sentence": sentence}, lambda: sentence)


def _money(view: ApprovalView) -> str:
    return amount_text(view.amount, view.currency)


def _day(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M") if at is not None else ""


def _waits_for(view: ApprovalView) -> str:
    return ", ".join(
        one.name
        for step in view.steps
        if step.state == "waiting"
        for one in step.approvers
        if not one.decision
    )


def _print(run: Invocation, view: ApprovalView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: ApprovalView) -> str:
    facts = [
        (_("Id"), str(view.id)),
        (_("Title"), view.title),
        (_("Ticket"), f"#{view.ticket} {view.ticket_subject}"),
        (_("State"), view.state),
        (_("Amount"), _money(view)),
        (_("Lines"), "\n".join(view.lines)),
        (_("Details"), view.details),
        (_("Asked by"), view.requested_by),
        (_("Waiting moves"), ", ".join(view.gates)),
        (_("When refused"), view.after_refusal),
    ]
    lines = [fields(facts), ""]
    for step in view.steps:
        due = _(", due {day}").format(day=_day(step.due_at)) if step.due_at else ""
        lines.append(
            _("Step {number} ({mode}): {state}{due}").format(
                number=step.position + 1, mode=step.mode, state=step.state, due=due
            )
        )
        for one in step.approvers:
            said = one.decision or (one.asked.value if one.asked is not None else "–")
            by = _(" by {name}").format(name=one.decided_by) if one.decided_by else ""
            comment = f": {one.comment}" if one.comment else ""
            lines.append(f"  {one.name} <{one.address}>  {said}{by}{comment}")
    return "\n".join(lines)


approval.add_command(chain)
