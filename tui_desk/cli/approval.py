"""``tui-desk approval`` and ``tui-desk substitute``: decisions that work waits for, and who decides in whose place."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

import click

from tui_desk.cli.base import ID, TICKET, DeskGroup, examples, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.approvals import (
    AddSubstitute,
    ApprovalView,
    CancelApproval,
    ChainView,
    DecideApproval,
    ListApprovals,
    ListChains,
    ListSubstitutes,
    NewApproval,
    RemindApproval,
    RemoveChain,
    RemoveSubstitute,
    SaveApproval,
    SaveChain,
    ShowApproval,
    StepInput,
    SubstituteView,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.approval_steps import StepProblem, read_step, step_line
from tui_desk.rules.approvals import MOVES
from tui_desk.rules.money import amount_text

_id = click.argument("approval_id", type=ID, metavar="ID")
_step = click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="STEP",
    help=_(
        "[any:|all:]APPROVER[,APPROVER…][:DUE]; DUE is a number of days or a day. Once for each step, in order."
    ),
)
_amount = click.option(
    "--amount", metavar="N", help=_("What it costs, such as 1299.90; empty takes it away.")
)
_currency = click.option("--currency", metavar="CUR", help=_("Three letters such as EUR."))
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
@_step
@click.option("--chain", default="", metavar="NAME", help=_("Take the steps kept under that name."))
@_details
@_amount
@_currency
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
        tuple(map(_read, steps)),
        chain,
        details or "",
        _decimal(amount),
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
@_currency
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
        _decimal(amount),
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
    sentence = run.ask(RemindApproval(approval_id, _date(due) if due else None))
    run.answer({"sentence": sentence}, lambda: sentence)


def _read(line: str) -> StepInput:
    try:
        mode, approvers, days, day = read_step(line)
    except StepProblem as problem:
        raise UsageError(
            _("“{line}” is no step.").format(line=problem.line),
            _(
                "Write it like all:boss@example.org,cfo@example.org:3 (three days) or any:boss@example.org:2026-12-31."
            ),
        ) from None
    return StepInput(approvers, mode, days, day)


def _decimal(text: str | None) -> Decimal | None:
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=_("amount")),
            _("Write a number like 1299.90."),
        ) from None


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=_("day")), _("Write a date like 2026-01-31.")
        ) from None


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


# Chains


@approval.group("chain", cls=DeskGroup, help=_("Steps kept under a name."))
def chain() -> None:
    """Kept steps."""


@chain.command("list", help=_("List kept steps."))
@click.option("--all", "everything", is_flag=True, help=_("Those out of use too."))
@pass_invocation
def list_chains(run: Invocation, everything: bool) -> None:
    """Print chains."""
    found = run.ask(ListChains(everything))
    rows = [(one.name, _chain_steps(one), _above(one), one.cost_centre) for one in found]
    headings = (_("Name"), _("Steps"), _("Above"), _("Cost centre"))
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No approval chains."))


@chain.command(
    "set",
    help=_("Keep steps under NAME, or change those it has. Purchases choose a chain by --above."),
    epilog=examples(
        "tui-desk approval chain set Small --step boss@example.org:3",
        "tui-desk approval chain set Large --above 5000 --currency EUR --step boss@example.org:3 --step cfo@example.org:5",
    ),
)
@click.argument("name", metavar="NAME")
@_step
@click.option("--above", metavar="N", help=_("For purchases whose total is above this amount."))
@_currency
@click.option("--cost-centre", default="", metavar="CODE", help=_("For purchases of that cost centre only."))
@click.option("--inactive", is_flag=True, help=_("Out of use."))
@pass_invocation
def set_chain(
    run: Invocation,
    name: str,
    steps: tuple[str, ...],
    above: str | None,
    currency: str | None,
    cost_centre: str,
    inactive: bool,
) -> None:
    """Keep a chain."""
    request = SaveChain(
        name, tuple(map(_read, steps)), _decimal(above), currency or "", cost_centre, active=not inactive
    )
    saved = run.ask(request)
    run.answer(saved, lambda: f"{saved.name}: {_chain_steps(saved)}")


@chain.command("remove", help=_("Forget kept steps; approvals that were asked with them go on."))
@click.argument("name", metavar="NAME")
@pass_invocation
def remove_chain(run: Invocation, name: str) -> None:
    """Forget a chain."""
    run.ask(RemoveChain(name))
    run.answer({"removed": name}, lambda: _("{name} is removed.").format(name=name))


def _chain_steps(view: ChainView) -> str:
    return " → ".join(step_line(step.mode, step.approvers, step.due_days) for step in view.steps)


def _above(view: ChainView) -> str:
    return amount_text(view.above, view.currency)


# Substitutes


@click.group(cls=DeskGroup, help=_("Who decides approvals while somebody is away."))
def substitute() -> None:
    """The noun."""


@substitute.command("list", help=_("List absences that are not over."))
@click.option("--all", "past", is_flag=True, help=_("Past ones too."))
@pass_invocation
def list_substitutes(run: Invocation, past: bool) -> None:
    """Print absences."""
    found = run.ask(ListSubstitutes(past))
    rows = [
        (str(one.id), one.person, one.substitute, one.from_on.isoformat(), one.until_on.isoformat(), one.note)
        for one in found
    ]
    headings = (_("Id"), _("Away"), _("Substitute"), _("From"), _("Until"), _("Note"))
    run.answer(found, lambda: table(headings, rows, flexible=5) if rows else _("Nobody is away."))


@substitute.command(
    "add",
    help=_(
        "Say who decides while PERSON is away: addresses, logins or names. For others than yourself as supervisor or admin."
    ),
    epilog=examples(
        "tui-desk substitute add boss@example.org deputy@example.org --from 2026-12-20 --until 2027-01-06"
    ),
)
@click.argument("person", metavar="PERSON")
@click.argument("other", metavar="SUBSTITUTE")
@click.option("--from", "from_on", required=True, metavar="DAY", help=_("The first day of the absence."))
@click.option("--until", "until_on", required=True, metavar="DAY", help=_("The last day of the absence."))
@click.option("--note", default="", metavar="TEXT", help=_("Anything worth knowing."))
@pass_invocation
def add_substitute(run: Invocation, person: str, other: str, from_on: str, until_on: str, note: str) -> None:
    """Name a substitute."""
    saved = run.ask(AddSubstitute(person, other, _date(from_on), _date(until_on), note))
    run.answer(saved, lambda: _absence(saved))


@substitute.command("remove", help=_("Take a substitute away."))
@click.argument("substitute_id", type=ID, metavar="ID")
@pass_invocation
def remove_substitute(run: Invocation, substitute_id: int) -> None:
    """Remove a substitute."""
    run.ask(RemoveSubstitute(substitute_id))
    run.answer({"removed": substitute_id}, lambda: _("Substitute {id} is removed.").format(id=substitute_id))


def _absence(view: SubstituteView) -> str:
    return _("{substitute} decides for {person} from {first} to {last}.").format(
        substitute=view.substitute,
        person=view.person,
        first=view.from_on.isoformat(),
        last=view.until_on.isoformat(),
    )
