"""One approval to ask for, or to change. Steps are written a line each; a chain brings kept ones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.approvals import ListChains, NewApproval, SaveApproval, ShowApproval, StepInput
from tui_desk.core.i18n import _
from tui_desk.rules.approval_steps import StepProblem, read_step, step_line
from tui_desk.rules.approvals import MOVES
from tui_desk.screens.approval_words import move_name
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option

_AMOUNT = re.compile(r"\d{1,12}(?:\.\d{1,4})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)


class ApprovalFormScreen(FormScreen):
    """Asks for an approval of a ticket (``approval_id`` None), or changes what one asks."""

    scopes = (FORM, GLOBAL)

    def __init__(self, ticket: int, approval_id: int | None = None) -> None:
        self.ticket, self.approval_id = ticket, approval_id
        super().__init__()
        what = _("New approval") if approval_id is None else _("Approval")
        self.crumb = f"#{ticket} › {what}"
        self._version = 0
        self._chains: dict[str, str] = {}

    def fields(self) -> tuple[Field, ...]:
        asked = (
            Field(
                "title",
                _("What"),
                help=_("What is to be decided, in a line."),
                placeholder=_("A laptop for Ana"),
            ),
            Field(
                "details",
                _("Details"),
                "block",
                help=_("What the approvers should know; the mail has nothing else of the ticket."),
                lines=3,
            ),
            Field(
                "amount",
                _("Amount"),
                help=_("What it costs, with a point before the cents; may be empty."),
                placeholder="1249.90",
                width=18,
            ),
            Field("currency", _("Currency"), help=_("Three letters, such as EUR."), width=5),
        )
        steps = (
            Field(
                "steps",
                _("Steps"),
                "block",
                help=_(
                    "A line for each step, in order: “boss@example.org”, “any: ana, ben: 3” (three days), "
                    "“all: cfo@example.org, ben: 2026-12-31”. Addresses, logins or names. A line with the name of a chain brings its steps."
                ),
                lines=3,
                heading=_("Who decides"),
            ),
        )
        after = (
            Field(
                "gate",
                _("Waits for it"),
                "choice",
                help=_("The move of the ticket that waits for the decision."),
                options=(Option("", _("nothing")), *(Option(move, move_name(move)) for move in MOVES)),
                heading=_("What depends on it"),
            ),
            Field(
                "after_refusal", _("When refused"), help=_("What happens next then; whoever asked is told.")
            ),
        )
        return (*asked, *(steps if self.approval_id is None else ()), *after)

    async def initial(self) -> Mapping[str, str]:
        if self.approval_id is None:
            chains = await self.ask(ListChains())
            self._chains = {
                chain.name.casefold(): "\n".join(
                    step_line(step.mode, step.approvers, step.due_days) for step in chain.steps
                )
                for chain in chains
            }
            if chains:
                self.show_notes(
                    (_("Chains: {names}").format(names=", ".join(chain.name for chain in chains)),)
                )
            return {"currency": "EUR", "gate": ""}
        approval = await self.ask(ShowApproval(self.approval_id))
        self._version = approval.version
        self._gates = approval.gates
        return {
            "title": approval.title,
            "details": approval.details,
            "amount": "" if approval.amount is None else f"{approval.amount.normalize():f}",
            "currency": approval.currency or "EUR",
            "gate": approval.gates[0] if approval.gates else "",
            "after_refusal": approval.after_refusal,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"title": "" if values["title"].strip() else _("What is to be decided?")}
        amount = values["amount"].strip()
        if amount and not _AMOUNT.fullmatch(amount):
            found["amount"] = _("A number with a point before the cents, such as 1249.90.")
        if amount and not _CURRENCY.fullmatch(values["currency"].strip()):
            found["currency"] = _("Three letters, such as EUR.")
        if "steps" in values:
            found["steps"] = self._steps_problem(values["steps"])
        return {name: problem for name, problem in found.items() if problem}

    def _lines(self, text: str) -> list[str]:
        """The lines of the steps, a chain's name replaced by its steps."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        return [one for line in lines for one in self._chains.get(line.casefold(), line).splitlines()]

    def _steps_problem(self, text: str) -> str:
        lines = self._lines(text)
        if not lines:
            return _("Who decides? An address, a login or a name.")
        for line in lines:
            try:
                read_step(line)
            except StepProblem as problem:
                if problem.word == "due":
                    return _("“{line}”: due is a number of days, or a day such as 2026-12-31.").format(
                        line=line
                    )
                return _("“{line}” is no step: write it like “any: ana, ben: 3”.").format(line=line)
        return ""

    async def submit(self, values: Mapping[str, str]) -> str | None:
        amount = Decimal(values["amount"].strip()) if values["amount"].strip() else None
        currency = values["currency"].strip().upper()
        gates = (values["gate"],) if values["gate"] else ()
        if self.approval_id is None:
            steps = tuple(
                StepInput(names, mode, days, day)
                for mode, names, days, day in map(read_step, self._lines(values["steps"]))
            )
            made = await self.ask(
                NewApproval(
                    self.ticket,
                    values["title"],
                    steps,
                    "",
                    values["details"],
                    amount,
                    currency if amount is not None else "",
                    gates,
                    values["after_refusal"],
                )
            )
            return _("The approval “{title}” was asked for.").format(title=made.title)
        saved = await self.ask(
            SaveApproval(
                self.approval_id,
                values["title"],
                values["details"],
                amount,
                currency,
                amount is None,
                gates if gates[:1] != self._gates[:1] else None,
                values["after_refusal"],
                self._version,
            )
        )
        return _("“{title}” is saved.").format(title=saved.title)
