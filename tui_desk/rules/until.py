"""Until when a ticket is put off, as people type it: "tomorrow 9", "3d", "answer", "fri or answer". Pure."""

from __future__ import annotations

from datetime import datetime, tzinfo

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moment_words import folded
from tui_desk.rules.moments import read_moment


def read_until(typed: str, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """The moment that ``typed`` names, always after ``now`` (aware); None: until the requester writes.

    A requester who writes brings a ticket back in any case, so "fri or answer" is Friday. ``zone`` is where it was typed (None:
    the system's). Raises UsageError, naming what was not understood.
    """
    text = " ".join(folded(typed).split())
    if not text:
        raise UsageError(_("Say until when."), _("For example: tomorrow 9, fri, 3d, 2h, answer."))
    answers = [" ".join(folded(word).split()) for word in f"answer,{_('answer')}".split(",")]
    until = [folded(word) for word in ("until ", f"{_('until')} ", "")]
    either = [folded(word) for word in ("or", _("or"))]
    phrases = {f"{first}{answer}" for first in until for answer in answers}
    if text in phrases:
        return None
    for phrase in sorted(phrases, key=len, reverse=True):
        for word in either:
            ending = f" {word} {phrase}"
            if text.endswith(ending):
                return read_moment(text[: -len(ending)], now, zone)
    for first in until[:2]:
        if text.startswith(first):
            return read_moment(text[len(first) :], now, zone)
    return read_moment(typed, now, zone)
