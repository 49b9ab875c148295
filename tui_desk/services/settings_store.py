"""Settings of the installation: one JSON value per key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, select

from tui_desk.models import Setting
from tui_desk.services.actor import Actor
from tui_desk.services.context import found_or_made
from tui_desk.services.events import record

DESK_NAME = "desk_name"
UNDO_SECONDS = "undo_seconds"
REOPEN_DAYS = "reopen_days"
QUOTE_PREVIOUS = "quote_previous"
LARGEST_MAIL = "largest_mail_mb"
HANDOVER_NOTE = "handover_note_required"
FALLBACK_SENDER = "fallback_sender"
DRAFT_CHECKS = "draft_checks"
ADVISE, BINDING = "advise", "binding"
"""A draft whose check waits or was refused leaves after a question, or not at all."""
PHONE_REGION = "phone_region"
"""The country (two letters) of phone numbers that name none; empty: none."""
SURVEY = "survey"
OFF, RESOLVED, CLOSED = "off", "resolved", "closed"
"""Whether requesters are asked for a rating, and after which end of a ticket."""
SURVEY_HOURS = "survey_hours"
SURVEY_PAUSE_DAYS = "survey_pause_days"
SURVEY_SINCE = "survey_since"
"""When surveys were switched on: tickets that ended before are not asked about."""
APPROVALS_BY_MAIL = "approvals_by_mail"
EXPIRY_TEAM = "expiry_team"
"""The name of the team that is told of what ends; empty: supervisors and admins."""
PIPE_COMMANDS = "pipe_commands"
"""Command lines that content may be piped to (``rules.pipes``); empty: none."""
TIME_ZONE = "time_zone"
"""A name of the IANA database such as Europe/Madrid; empty: that of the machine a worker runs on."""
CLOSED_UNTIL = "time_closed_until"
IDLE_MINUTES = "timer_idle_minutes"
VERIFIED, TOKEN = "verified", "token"
"""Answers to approvals count only from senders that the mailbox's server vouches for, or also from those of whom it says nothing."""

DEFAULTS: dict[str, Any] = {
    DESK_NAME: "",
    UNDO_SECONDS: 10,
    REOPEN_DAYS: 14,
    QUOTE_PREVIOUS: True,
    LARGEST_MAIL: 100,
    APPROVALS_BY_MAIL: TOKEN,
    HANDOVER_NOTE: False,
    PHONE_REGION: "",
    DRAFT_CHECKS: ADVISE,
    SURVEY: OFF,
    SURVEY_HOURS: 24,
    SURVEY_PAUSE_DAYS: 30,
    SURVEY_SINCE: "",
    EXPIRY_TEAM: "",
    TIME_ZONE: "",
    PIPE_COMMANDS: "",
}
ORDER_NUMBERS = "order_numbers"
PURCHASE_CURRENCY = "purchase_currency"
TAKEN_BACK = frozenset({*DEFAULTS, CLOSED_UNTIL, IDLE_MINUTES, ORDER_NUMBERS, PURCHASE_CURRENCY})
"""Plain values whose changes the desk's history can take back."""

_VALUE = select(Setting.value).where(Setting.key == bindparam("key"))


def read_setting(session: Session, key: str) -> Any:
    """The value of ``key``, else its default (None where it has none)."""
    row = session.execute(_VALUE, {"key": key}).first()
    return DEFAULTS.get(key) if row is None else row[0]


def locked_setting(session: Session, key: str) -> Setting:
    """The row of ``key``, locked for change; made with its default where missing."""

    def find() -> Setting | None:
        return session.exec(select(Setting).where(Setting.key == key).with_for_update()).first()

    def make() -> Setting:
        row = Setting(key=key, value=DEFAULTS.get(key))
        session.add(row)
        session.flush()
        return row

    return found_or_made(session, find, make)


def write_setting(session: Session, key: str, value: Any) -> Any:
    """Set ``key``; answers the value before."""
    row = locked_setting(session, key)
    before, row.value = row.value, value
    session.add(row)
    session.flush()
    return before


def change_setting(
    session: Session, actor: Actor, key: str, value: Any, at: datetime, undoes: int | None = None
) -> tuple[int, ...]:
    """Set ``key`` and tell it in the desk's history; answers the event's id, nothing where it was so already."""
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    before = write_setting(session, key, value)
    if before == value:
        return ()
    return (
        record(session, actor, "desk", "changed", at, field=key, before=before, after=value, undoes=undoes),
    )
