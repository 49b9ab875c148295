"""Settings of the installation that are not a mailbox."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from tui_desk.contracts.desk import DeskSettings, SaveSettings, ShowSettings
from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.permissions import Permission
from tui_desk.rules.pipes import entries
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import team_named
from tui_desk.services.context import now, require
from tui_desk.services.desk_zone import checked_zone, desk_zone
from tui_desk.services.phones import is_region
from tui_desk.services.recurring import reckon_anew
from tui_desk.services.settings_store import (
    ADVISE,
    APPROVALS_BY_MAIL,
    BINDING,
    CLOSED,
    DESK_NAME,
    DRAFT_CHECKS,
    EXPIRY_TEAM,
    HANDOVER_NOTE,
    LARGEST_MAIL,
    OFF,
    PHONE_REGION,
    PIPE_COMMANDS,
    REOPEN_DAYS,
    RESOLVED,
    SURVEY,
    SURVEY_HOURS,
    SURVEY_PAUSE_DAYS,
    SURVEY_SINCE,
    TIME_ZONE,
    TOKEN,
    UNDO_SECONDS,
    VERIFIED,
    change_setting,
    read_setting,
    write_setting,
)

_RANGES = {
    UNDO_SECONDS: (0, 300),
    REOPEN_DAYS: (0, 3650),
    LARGEST_MAIL: (1, 1000),
    SURVEY_HOURS: (0, 720),
    SURVEY_PAUSE_DAYS: (0, 365),
}
_WORDS = {DRAFT_CHECKS: (ADVISE, BINDING), SURVEY: (OFF, RESOLVED, CLOSED)}


def show(session: Session, actor: Actor, _request: ShowSettings) -> DeskSettings:
    require(actor, Permission.VIEW)
    return _settings(session)


def _settings(session: Session) -> DeskSettings:
    return DeskSettings(
        desk_name=safe_line(str(read_setting(session, DESK_NAME) or "")),
        undo_seconds=int(read_setting(session, UNDO_SECONDS)),
        reopen_days=int(read_setting(session, REOPEN_DAYS)),
        largest_mail_mb=int(read_setting(session, LARGEST_MAIL)),
        approvals_by_mail=str(read_setting(session, APPROVALS_BY_MAIL)),
        handover_note_required=bool(read_setting(session, HANDOVER_NOTE)),
        draft_checks=str(read_setting(session, DRAFT_CHECKS)),
        phone_region=str(read_setting(session, PHONE_REGION)),
        survey=str(read_setting(session, SURVEY)),
        survey_hours=int(read_setting(session, SURVEY_HOURS)),
        survey_pause_days=int(read_setting(session, SURVEY_PAUSE_DAYS)),
        expiry_team=safe_line(str(read_setting(session, EXPIRY_TEAM) or "")),
        time_zone=str(read_setting(session, TIME_ZONE) or ""),
        pipe_commands=safe_line(str(read_setting(session, PIPE_COMMANDS) or "")),
    )


def _team(session: Session, name: str) -> str:
    """A team by its name, as it is written; empty for none. Raises NotFound."""
    return team_named(session, name).name if name.strip() else ""


def _region(code: str) -> str:
    """A country in capital letters; empty for none. Raises ConfigurationError."""
    wanted = code.strip().upper()
    if wanted and not is_region(wanted):
        raise ConfigurationError(
            _("{key} cannot be {value}: it is two letters of a country, such as ES, or nothing.").format(
                key=PHONE_REGION, value=safe_line(code, 20)
            )
        )
    return wanted


def _commands(listed: str) -> str:
    """Command lines as they are kept. Raises ConfigurationError for one whose quotation mark has no end."""
    found = entries(safe_line(listed, 2_000))
    for entry in found:
        try:
            shlex.split(entry)
        except ValueError:
            raise ConfigurationError(
                _("{key} cannot be read: a quotation mark in “{entry}” has no end.").format(
                    key=PIPE_COMMANDS, entry=safe_line(entry, 80)
                )
            ) from None
    return ", ".join(found)


def save(session: Session, actor: Actor, request: SaveSettings) -> DeskSettings:
    """Change some settings; ``None`` leaves one alone. Raises ConfigurationError, NotFound (no such team)."""
    require(actor, Permission.ADMINISTER)
    wanted: dict[str, Any] = {
        DESK_NAME: None if request.desk_name is None else safe_line(request.desk_name, 80).strip(),
        UNDO_SECONDS: request.undo_seconds,
        REOPEN_DAYS: request.reopen_days,
        LARGEST_MAIL: request.largest_mail_mb,
        APPROVALS_BY_MAIL: request.approvals_by_mail,
        HANDOVER_NOTE: request.handover_note_required,
        DRAFT_CHECKS: request.draft_checks,
        PHONE_REGION: None if request.phone_region is None else _region(request.phone_region),
        SURVEY: request.survey,
        SURVEY_HOURS: request.survey_hours,
        SURVEY_PAUSE_DAYS: request.survey_pause_days,
        EXPIRY_TEAM: None if request.expiry_team is None else _team(session, request.expiry_team),
        TIME_ZONE: None if request.time_zone is None else checked_zone(request.time_zone),
        PIPE_COMMANDS: None if request.pipe_commands is None else _commands(request.pipe_commands),
    }
    wanted = {key: value for key, value in wanted.items() if value is not None}
    _refuse_wrong(wanted)
    if wanted.get(SURVEY, OFF) != OFF and read_setting(session, SURVEY) == OFF:
        write_setting(session, SURVEY_SINCE, now(session).isoformat())
    zone = desk_zone(session)
    for key, value in wanted.items():
        changed = change_setting(session, actor, key, value, now(session))
        if key == TIME_ZONE and changed:
            reckon_anew(session, zone, now(session))
    return _settings(session)


def _refuse_wrong(wanted: Mapping[str, Any]) -> None:
    """Raises ConfigurationError for a number out of its range, or a word that its setting does not know."""
    for key, (low, high) in _RANGES.items():
        if key in wanted and not low <= wanted[key] <= high:
            raise ConfigurationError(
                _("{key} cannot be {value}: it is {low} to {high}.").format(
                    key=key, value=wanted[key], low=low, high=high
                )
            )
    for key, words in _WORDS.items():
        if wanted.get(key, words[0]) not in words:
            raise ConfigurationError(
                _("{key} cannot be {value}: it is one of {words}.").format(
                    key=key, value=safe_line(str(wanted[key]), 40), words=", ".join(words)
                )
            )
    if wanted.get(APPROVALS_BY_MAIL, TOKEN) not in (TOKEN, VERIFIED):
        raise ConfigurationError(
            _("{key} cannot be {value}: it is token or verified.").format(
                key=APPROVALS_BY_MAIL, value=safe_line(str(wanted[APPROVALS_BY_MAIL]), 40)
            )
        )
