"""What holds for every time entry: the period that is closed, the pause while nobody types, whose time one may write."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from tui_desk.contracts.timekeeping import ClosePeriod, SetIdlePause, ShowTimeSettings, TimeSettings
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Agent
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_named
from tui_desk.services.context import now, require
from tui_desk.services.settings_store import (
    CLOSED_UNTIL,
    IDLE_MINUTES,
    change_setting,
    locked_setting,
    read_setting,
    write_setting,
)

IDLE_LIMIT = 24 * 60


def show_settings(session: Session, actor: Actor, _request: ShowTimeSettings) -> TimeSettings:
    require(actor, Permission.VIEW)
    return _settings(session, actor)


def close_period(session: Session, actor: Actor, request: ClosePeriod) -> TimeSettings:
    """Raises UsageError for a day that is still to come."""
    require(actor, Permission.CONFIGURE_WORK)
    at = now(session)
    if request.until is not None and request.until > at.astimezone().date():
        raise UsageError(_("{day} is still to come.").format(day=request.until.isoformat()))
    value = None if request.until is None else request.until.isoformat()
    change_setting(session, actor, CLOSED_UNTIL, value, at)
    return _settings(session, actor)


def set_idle_pause(session: Session, actor: Actor, request: SetIdlePause) -> TimeSettings:
    """Raises UsageError."""
    require(actor, Permission.CONFIGURE_WORK if request.desk else Permission.CHANGE_TICKETS)
    if request.minutes is not None and not 0 <= request.minutes <= IDLE_LIMIT:
        raise UsageError(_("The pause is 0 (never) to {most} minutes.").format(most=IDLE_LIMIT))
    if not request.desk:
        write_setting(session, _own(actor), request.minutes)
        return _settings(session, actor)
    change_setting(session, actor, IDLE_MINUTES, request.minutes or 0, now(session))
    return _settings(session, actor)


def _own(actor: Actor) -> str:
    return f"{IDLE_MINUTES}:{actor.agent_id}"


def _settings(session: Session, actor: Actor) -> TimeSettings:
    own = read_setting(session, _own(actor))
    desk = int(read_setting(session, IDLE_MINUTES) or 0)
    return TimeSettings(closed_until(session), desk if own is None else int(own), own)


def closed_until(session: Session, *, lock: bool = False) -> date | None:
    """The last day of the closed period. ``lock``: nobody closes more until this transaction ends."""
    value = locked_setting(session, CLOSED_UNTIL).value if lock else read_setting(session, CLOSED_UNTIL)
    return date.fromisoformat(value) if value else None


def refuse_closed(session: Session, *days: date) -> None:
    """Raises Refused where one of ``days`` is closed."""
    until = closed_until(session, lock=True)
    if until is not None and any(day <= until for day in days):
        raise Refused(
            _("The time until {day} is closed: no entry of it is added, changed or removed.").format(
                day=until.isoformat()
            ),
            _("A supervisor opens it again with: tui-desk time close DAY, or --open."),
        )


def whose(session: Session, actor: Actor, login: str) -> Agent:
    """The agent whose time is meant (empty or ``me``: the acting one). Raises NotFound; Refused for others' to all but supervisors."""
    agent = agent_named(session, actor, login.strip() or "me")
    may_touch(actor, agent)
    return agent


def may_touch(actor: Actor, agent: Agent | None) -> None:
    """Raises Refused where it is somebody else's time and one is no supervisor."""
    if agent is not None and agent.id == actor.agent_id:
        return
    if not allowed(actor.role, Permission.CONFIGURE_WORK):
        raise Refused(
            _("Only a supervisor sees and changes the time of others; {login} is none.").format(
                login=safe_line(actor.login)
            )
        )
