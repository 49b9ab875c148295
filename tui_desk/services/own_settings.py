"""What an agent has set for oneself: one value of the installation's settings for each agent, as the own pause of the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlmodel import Session

from tui_desk.contracts.own_settings import OwnSettings, SaveOwnSettings, ShowOwnSettings
from tui_desk.core.enums import AfterWork, Signal
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.own_settings import KINDS
from tui_desk.rules.permissions import Permission
from tui_desk.rules.quiet import read_span
from tui_desk.services.actor import Actor
from tui_desk.services.context import require
from tui_desk.services.settings_store import read_setting, write_setting

KEY = "own"


def show(session: Session, actor: Actor, _request: ShowOwnSettings) -> OwnSettings:
    """What is not set, or was set by a newer version to what this one does not know, is as for everybody."""
    require(actor, Permission.VIEW)
    stored = read_setting(session, _key(actor))
    value: dict[str, Any] = stored if isinstance(stored, dict) else {}
    default = OwnSettings()
    after, signal = value.get("after"), value.get("signal")
    return OwnSettings(
        after=AfterWork(after) if after in set(AfterWork) else default.after,
        signal=Signal(signal) if signal in set(Signal) else default.signal,
        silent=tuple(kind for kind in KINDS if kind in value.get("silent", ())),
        quiet=_span(str(value.get("quiet", ""))),
        quiet_weekends=bool(value.get("quiet_weekends", False)),
    )


def save(session: Session, actor: Actor, request: SaveOwnSettings) -> OwnSettings:
    """Raises UsageError for a span of the day that is none, and for kinds that do not exist."""
    require(actor, Permission.VIEW)
    unknown = [kind for kind in request.silent or () if kind not in KINDS]
    if unknown:
        raise UsageError(
            _("There is no kind of notification called {name}.").format(name=safe_line(unknown[0], 40)),
            _("Known are: {names}.").format(names=", ".join(KINDS)),
        )
    present = show(session, actor, ShowOwnSettings())
    given: dict[str, Any] = {
        name: getattr(request, name)
        for name in ("after", "signal", "silent", "quiet_weekends")
        if getattr(request, name) is not None
    }
    if request.quiet is not None:
        given["quiet"] = str(read_span(request.quiet) or "")
    saved = replace(present, **given)
    write_setting(
        session,
        _key(actor),
        {
            "after": saved.after.value,
            "signal": saved.signal.value,
            "silent": list(saved.silent),
            "quiet": saved.quiet,
            "quiet_weekends": saved.quiet_weekends,
        },
    )
    return saved


def _span(stored: str) -> str:
    try:
        return str(read_span(stored) or "")
    except UsageError:
        return ""


def _key(actor: Actor) -> str:
    return f"{KEY}:{actor.agent_id}"
