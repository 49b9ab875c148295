"""What intake passes from step to step: mail as it was read, and the running totals."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from tui_desk.core.enums import SuspendCause, Verdict
from tui_desk.mail.message import ParsedMail
from tui_desk.rules.addresses import address_key
from tui_desk.services.sender_trust import NOTHING_KNOWN, Trust


@dataclass(frozen=True, slots=True)
class PreparedMail:
    """One ledger row with what reading its bytes gave. ``parsed`` is None where they could not be read: see ``problem``."""

    entry_id: int
    source: str
    mailbox_id: int | None
    received_at: datetime
    sha256: str
    size: int
    attempts: int
    parsed: ParsedMail | None
    digest: str
    problem: str = ""
    sender: str = ""
    """The sender's address in its compared form; empty where there is none."""
    trust: Trust = NOTHING_KNOWN
    """Whether the mailbox's own server vouches for that address."""
    reduced: bool = False
    """It was over the limit: header and text, the rest is on the server."""

    @property
    def imported(self) -> bool:
        return self.source.startswith("import:")

    @property
    def message_id(self) -> str:
        return (self.parsed.message_id or "") if self.parsed else ""


def author_address(parsed: ParsedMail) -> str:
    """The first usable address of From in its compared form; empty where there is none."""
    for person in parsed.from_:
        if "@" in person.address:
            return address_key(person.address)
    return ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one mail ended, as it goes into the ledger."""

    verdict: Verdict
    ticket_id: int | None = None
    message_id: int | None = None
    cause: SuspendCause | None = None
    explanation: str = ""
    evidence: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class IntakeCounts:
    """How many mails of a run ended with which verdict."""

    created: int = 0
    joined: int = 0
    suspended: int = 0
    ignored: int = 0
    duplicates: int = 0

    def __add__(self, other: IntakeCounts) -> IntakeCounts:
        return IntakeCounts(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(IntakeCounts))
        )

    @property
    def total(self) -> int:
        return self.created + self.joined + self.suspended + self.ignored + self.duplicates


def counted(outcomes: list[Outcome]) -> IntakeCounts:
    """The totals of some outcomes."""
    verdicts = [outcome.verdict for outcome in outcomes]
    return IntakeCounts(
        created=verdicts.count(Verdict.CREATED),
        joined=verdicts.count(Verdict.JOINED),
        suspended=verdicts.count(Verdict.SUSPENDED),
        ignored=verdicts.count(Verdict.IGNORED),
        duplicates=verdicts.count(Verdict.DUPLICATE),
    )
