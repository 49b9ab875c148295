"""Who acts. Every use case gets one and checks what it may do; every event names it."""

from __future__ import annotations

from tui_desk.core.enums import Role
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
