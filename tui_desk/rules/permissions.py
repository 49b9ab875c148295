"""What each role may do, as a table. Services ask :func:`allowed` before they change or show anything."""

from __future__ import annotations

from enum import StrEnum

from tui_desk.core.enums import Role


class Permission(StrEnum):
    VIEW = "view"
    """See tickets, conversations, people and assets."""
    CHANGE_TICKETS = "change_tickets"
    """Create tickets, set their fields, link them, mark spam, block a sender."""
    WRITE = "write"
    """Answer, write notes and drafts, stop and retry what leaves."""
    HANDLE_SUSPENDED = "handle_suspended"
    CHANGE_ASSETS = "change_assets"
    ADMINISTER = "administer"
    """Mailboxes, fallback sender, agents, teams, settings of the desk."""


_AGENT = frozenset(
    {
        Permission.VIEW,
        Permission.CHANGE_TICKETS,
        Permission.WRITE,
        Permission.HANDLE_SUSPENDED,
        Permission.CHANGE_ASSETS,
    }
)

TABLE: dict[Role, frozenset[Permission]] = {
    Role.READ_ONLY: frozenset({Permission.VIEW}),
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _AGENT,
    Role.ADMIN: _AGENT | {Permission.ADMINISTER},
}


def allowed(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in TABLE[role]
