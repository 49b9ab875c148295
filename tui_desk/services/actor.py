"""Who acts. Every use case gets one and checks what it may do; every event names it."""

from __future__ import annotations

import os

from tui_desk.core.enums import Role
from tui_desk.core.lean_hash import digest
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """An agent, or (``agent_id`` None) the desk itself: mail, clock, import."""

    agent_id: int | None
    login: str
    name: str
    role: Role
    session: str = ""
    """Names the terminal, for presence."""


MAIL = Actor(None, "mail", "mail", Role.ADMIN)
CLOCK = Actor(None, "clock", "clock", Role.ADMIN)
IMPORT = Actor(None, "import", "import", Role.ADMIN)

DEED = "deed"
"""Where a session's ``info`` keeps the deed that its events belong to: everything that one request does."""

_DIGITS, _DIGITS_OF_MANY = 16, 32
"""By its length a deed's name says whether it was done in one transaction or, to many tickets, in several."""


def new_deed() -> str:
    """A name for what one transaction does."""
    return os.urandom(_DIGITS // 2).hex()


def deed_of_one(text: str) -> str:
    """The same, always one for one text."""
    return digest(text)[:_DIGITS]


def new_deed_of_many() -> str:
    """A name for what is done to many tickets, in several transactions."""
    return os.urandom(_DIGITS_OF_MANY // 2).hex()


def deed_of_many(text: str) -> str:
    """The same, always one for one text."""
    return digest(text)[:_DIGITS_OF_MANY]


def is_deed_of_many(name: str) -> bool:
    return len(name) == _DIGITS_OF_MANY
