"""Approvals: decisions that gate work, in steps, by people who need not be agents."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from tui_desk.models.base import NUMBERED, ExactDecimal, JsonColumn, UtcDateTime


class Approval(SQLModel, table=True):
    __tablename__ = "approval"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="ticket.id", index=True)
    purchase_id: int | None = Field(default=None, foreign_key="purchase.id", index=True)
    title: str
    details: str = ""
    """What is to be decided, as the approver reads it."""
    gates: Any = Field(default_factory=list, sa_type=JsonColumn)
    """The moves of the ticket that wait for it: start, continue, resolve, close."""
    state: str = Field(default="waiting", index=True)
    amount: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    currency: str = ""
    content_digest: str = ""
    """sha256 of what is decided (title, details, amount, lines): an answer to something else does not count."""
    after_refusal: str = ""
    """What happens next when it is refused."""
    requested_by_id: int | None = Field(default=None, foreign_key="agent.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class ApprovalStep(SQLModel, table=True):
    """Steps are decided in order of ``position``. ``mode``: any (one yes is enough) or all."""

    __tablename__ = "approval_step"
    __table_args__ = (UniqueConstraint("approval_id", "position"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    approval_id: int = Field(foreign_key="approval.id")
    position: int
    mode: str = "any"
    state: str = "planned"
    """planned (an earlier step is open), waiting, approved, refused, cancelled."""
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ApprovalVote(SQLModel, table=True):
    """One approver of a step, and what that person said."""

    __tablename__ = "approval_vote"
    __table_args__ = (UniqueConstraint("step_id", "person_id"), NUMBERED)

    id: int | None = Field(default=None, primary_key=True)
    step_id: int = Field(foreign_key="approval_step.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    address: str
    """Where the question goes, and the only address an answer counts from."""
    decision: str = ""
    """yes, no; empty while open."""
    comment: str = ""
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by_id: int | None = Field(default=None, foreign_key="person.id")
    """The substitute, where it was not the approver."""
    channel: str = ""
    """terminal or email."""
    answer_message_id: int | None = Field(default=None, foreign_key="message.id", index=True)
    question_message_id: int | None = Field(default=None, foreign_key="message.id", index=True)


class Substitute(SQLModel, table=True):
    """While ``person_id`` is away (both days included), ``substitute_id`` decides."""

    __tablename__ = "substitute"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    substitute_id: int = Field(foreign_key="person.id", index=True)
    from_on: date
    until_on: date
    note: str = ""


class ApprovalChain(SQLModel, table=True):
    """Steps kept under a name; those with a limit are chosen by the total of a purchase."""

    __tablename__ = "approval_chain"
    __table_args__ = NUMBERED

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    steps: Any = Field(default_factory=list, sa_type=JsonColumn)
    """[{"mode": "any", "approvers": ["boss@example.org"], "due_days": 3}, …]"""
    above: Decimal | None = Field(default=None, sa_type=ExactDecimal)
    """Applies to totals above this amount; None: by hand only."""
    currency: str = ""
    cost_centre_id: int | None = Field(default=None, foreign_key="cost_centre.id", index=True)
    """For purchases of that cost centre only; None: of any."""
    active: bool = True
    version: int = 1
