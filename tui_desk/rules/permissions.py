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
    CONFIGURE_WORK = "configure_work"
    """Checklists, activities, approval chains, types, custom fields; closing a period; the work of all agents."""
    RUN_WORKER = "run_worker"
    """Fetch, process and send by hand or as a service."""
    ADMINISTER = "administer"
    """Mailboxes, fallback sender, agents, teams, settings of the desk."""
    IMPORT_MAIL = "import_mail"
    """Take any amount of existing mail in as history."""
    BACK_UP = "back_up"
    """Take everything out, key file included, or replace everything by a backup."""


_AGENT = frozenset(
    {
        Permission.VIEW,
        Permission.CHANGE_TICKETS,
        Permission.WRITE,
        Permission.HANDLE_SUSPENDED,
        Permission.CHANGE_ASSETS,
        Permission.RUN_WORKER,
    }
)

TABLE: dict[Role, frozenset[Permission]] = {
    Role.READ_ONLY: frozenset({Permission.VIEW}),
    Role.AGENT: _AGENT,
    Role.SUPERVISOR: _AGENT | {Permission.CONFIGURE_WORK},
    Role.ADMIN: _AGENT
    | {Permission.CONFIGURE_WORK, Permission.ADMINISTER, Permission.IMPORT_MAIL, Permission.BACK_UP},
}


def allowed(role: Role, permission: Permission) -> bool:
    """Whether ``role`` has ``permission``."""
    return permission in TABLE[role]
