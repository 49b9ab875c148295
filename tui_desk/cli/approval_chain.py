"""``tui-desk approval chain``: steps kept under a name, which a purchase's total may choose."""

from __future__ import annotations

import click

from tui_desk.cli.approval_values import amount_from, currency_option, step_from, step_option
from tui_desk.cli.base import DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.contracts.approvals import ChainView, ListChains, RemoveChain, SaveChain
from tui_desk.core.i18n import _
from tui_desk.rules.approval_steps import step_line
from tui_desk.rules.money import amount_text


@click.group("chain", cls=DeskGroup, help=_("Steps kept under a name."))
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
@step_option
@click.option("--above", metavar="N", help=_("For purchases whose total is above this amount."))
@currency_option
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
        name,
        tuple(map(step_from, steps)),
        amount_from(above),
        currency or "",
        cost_centre,
        active=not inactive,
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
