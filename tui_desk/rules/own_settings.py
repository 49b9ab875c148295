"""An agent's own settings as text, in the settings file and on the command line. Pure."""

from __future__ import annotations

from tui_desk.core.enums import AfterWork, Signal
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.quiet import read_span

KINDS = (
    "mention",
    "handover",
    "task",
    "review",
    "reviewed",
    "approval",
    "decided",
    "reminder",
    "snooze_over",
    "snooze_answered",
    "send_stopped",
    "rated",
    "expiry",
)
"""Kinds of notification that can come without a signal; each stands for its variants too, such as ``expiry_over``."""

_TRUTH = {
    "yes": True,
    "true": True,
    "on": True,
    "1": True,
    "no": False,
    "false": False,
    "off": False,
    "0": False,
}


def read_own(name: str, text: str) -> AfterWork | Signal | tuple[str, ...] | str | bool:
    """The value that ``text`` is for the setting ``name``. Raises UsageError with the values there are."""
    word = text.strip().casefold()
    if name == "after":
        return AfterWork(_one_of(name, word, [one.value for one in AfterWork]))
    if name == "signal":
        return Signal(_one_of(name, word, [one.value for one in Signal]))
    if name == "quiet":
        return str(read_span(text) or "")
    if name == "quiet_weekends":
        return _TRUTH[_one_of(name, word, list(_TRUTH), ["yes", "no"])]
    kinds = tuple(filter(None, (kind.strip() for kind in word.split(","))))
    for kind in kinds:
        _one_of(name, kind, list(KINDS))
    return kinds


def may_call(kind: str, signal: Signal, silent: tuple[str, ...]) -> bool:
    """Whether a notification of that kind calls the agent; one of a kind that is new calls as well."""
    if signal is Signal.OFF:
        return False
    group = kind if kind in KINDS else kind.partition("_")[0]
    return group not in silent


def _one_of(name: str, word: str, allowed: list[str], shown: list[str] | None = None) -> str:
    if word in allowed:
        return word
    raise UsageError(
        _("“{word}” is not one of: {allowed}.").format(
            word=safe_line(word, 40), allowed=", ".join(shown or allowed)
        ),
        _("The setting is {name}.").format(name=name),
    )
