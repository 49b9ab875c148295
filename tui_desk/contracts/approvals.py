"""Approvals: decisions that gate work, by people who need not be agents; their substitutes, and steps kept under a name."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import DeliveryState
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class StepInput:
    """One step as somebody writes it. ``mode``: ``any`` (one yes is enough) or ``all``.

    ``approvers`` are addresses, logins of agents, or exact names of people. Of ``due_days`` (after the step before it) and
    ``due_on`` (the end of that day) at most one is given.
    """

    approvers: tuple[str, ...]
    mode: str = "any"
    due_days: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class ApproverView:
    vote_id: int
    person_id: int
    name: str
    address: str
    decision: str
    """yes, no; empty while open."""
    comment: str
    decided_at: datetime | None
    decided_by: str
    """The substitute, where it was not the approver."""
    channel: str
    """terminal or email."""
    asked: DeliveryState | None
    """What became of the question by mail; None where none was sent."""
    substitute: str
    """Who decides instead, while the approver is away."""


@dataclass(frozen=True, slots=True)
class ApprovalStepView:
    id: int
    position: int
    mode: str
    state: str
    due_at: datetime | None
    approvers: tuple[ApproverView, ...]


@dataclass(frozen=True, slots=True)
class ApprovalView:
    id: int
    ticket: int
    ticket_subject: str
    purchase_id: int | None
    title: str
    details: str
    amount: Decimal | None
    currency: str
    lines: tuple[str, ...]
    """What is bought, one line each, where it is about a purchase."""
    gates: tuple[str, ...]
    state: str
    """waiting, approved, refused, cancelled."""
    after_refusal: str
    requested_by: str
    requested_by_id: int | None
    created_at: datetime
    decided_at: datetime | None
    due_at: datetime | None
    """Of the step that is open."""
    overdue: bool
    for_me: bool
    """The acting agent can decide it now."""
    version: int
    steps: tuple[ApprovalStepView, ...]


@dataclass(frozen=True, slots=True)
class ListApprovals(Request[tuple[ApprovalView, ...]]):
    """``which``: mine (the acting agent decides), open (those first, then all that wait), all (newest first)."""

    which: str = "open"
    ticket: int | None = None
    query: str = ""
    """Words in title, requester, approvers or ticket."""
    limit: int = 500


@dataclass(frozen=True, slots=True)
class ShowApproval(Request[ApprovalView]):
    id: int


@dataclass(frozen=True, slots=True)
class NewApproval(Request[ApprovalView]):
    """Ask for a decision. ``chain`` names kept steps, used where ``steps`` are none."""

    ticket: int
    title: str
    steps: tuple[StepInput, ...] = ()
    chain: str = ""
    details: str = ""
    amount: Decimal | None = None
    currency: str = ""
    gates: tuple[str, ...] = ()
    after_refusal: str = ""


@dataclass(frozen=True, slots=True)
class SaveApproval(Request[ApprovalView]):
    """Change what is decided (``None`` leaves a field alone): what was said to the text before does not count, all is asked anew.

    ``after_refusal`` and ``gates`` are not a part of what is decided. ``clear_amount`` takes the amount away.
    """

    id: int
    title: str | None = None
    details: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    clear_amount: bool = False
    gates: tuple[str, ...] | None = None
    after_refusal: str | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of it, and the sentence for the person."""

    approval: ApprovalView
    counted: bool
    """False where what is decided has changed meanwhile: it is asked anew then."""
    sentence: str


@dataclass(frozen=True, slots=True)
class DecideApproval(Request[Decided]):
    """The acting agent's own decision, or the one in place of somebody who is away."""

    id: int
    yes: bool
    comment: str = ""
    version: int = 0
    """What was read: changed since then, nothing is decided (0: don't check)."""


@dataclass(frozen=True, slots=True)
class CancelApproval(Request[ApprovalView]):
    """Take the question back: by who asked, a supervisor or an admin."""

    id: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class RemindApproval(Request[str]):
    """Ask those again who have not answered; with ``due_on`` the open step is due at the end of that day. Answers a sentence."""

    id: int
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class SubstituteView:
    id: int
    person: str
    person_address: str
    substitute: str
    substitute_address: str
    from_on: date
    until_on: date
    note: str
    now: bool


@dataclass(frozen=True, slots=True)
class ListSubstitutes(Request[tuple[SubstituteView, ...]]):
    """``past``: also those whose absence is over."""

    past: bool = False


@dataclass(frozen=True, slots=True)
class AddSubstitute(Request[SubstituteView]):
    """From ``from_on`` to ``until_on``, both included, ``substitute`` decides for ``person`` (addresses, logins or names)."""

    person: str
    substitute: str
    from_on: date
    until_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class RemoveSubstitute(Request[None]):
    id: int


@dataclass(frozen=True, slots=True)
class ChainView:
    id: int
    name: str
    steps: tuple[StepInput, ...]
    above: Decimal | None
    currency: str
    cost_centre: str
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ListChains(Request[tuple[ChainView, ...]]):
    include_inactive: bool = False


@dataclass(frozen=True, slots=True)
class SaveChain(Request[ChainView]):
    """Keep steps under a name, or change those of that name. ``above`` makes purchases choose it by their total."""

    name: str
    steps: tuple[StepInput, ...]
    above: Decimal | None = None
    currency: str = ""
    cost_centre: str = ""
    """Its code: for purchases of that cost centre only."""
    active: bool = True


@dataclass(frozen=True, slots=True)
class RemoveChain(Request[None]):
    name: str
