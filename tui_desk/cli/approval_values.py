"""What is typed of an approval, its kept steps and its substitutes: steps, amounts, days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

import click

from tui_desk.contracts.approvals import StepInput
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.approval_steps import StepProblem, read_step

step_option = click.option(
    "--step",
    "steps",
    multiple=True,
    metavar="STEP",
    help=_(
        "[any:|all:]APPROVER[,APPROVER…][:DUE]; DUE is a number of days or a day. Once for each step, in order."
    ),
)
currency_option = click.option("--currency", metavar="CUR", help=_("Three letters such as EUR."))


def step_from(line: str) -> StepInput:
    """A step as a person writes it. Raises UsageError."""
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


def amount_from(text: str | None) -> Decimal | None:
    """An amount; None for nothing typed. Raises UsageError."""
    if not text:
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=_("amount")),
            _("Write a number like 1299.90."),
        ) from None


def day_from(text: str) -> date:
    """A day in ISO 8601. Raises UsageError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=_("day")), _("Write a date like 2026-01-31.")
        ) from None
