"""Asking back, one line each. Ctrl+C and Ctrl+D leave everything as it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui_desk.core.errors import Blocked
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.linear.console import Complete, Ended, Stopped
from tui_desk.linear.session import Session
from tui_desk.rules.fuzzy import BEGINS, score
from tui_desk.rules.words import fold
from tui_desk.screens.choices import Choice

_MOST = 40


class ChangedMind(Exception):
    """The person wants nothing of it after all."""


def line(session: Session, question: str, complete: Complete | None = None, detail: str = "") -> str:
    """One line, without blanks around it. Raises ChangedMind."""
    session.say(detail)
    try:
        return " ".join(session.console.ask(f"{question} ", complete, history=()).split("\n")).strip()
    except (Stopped, Ended):
        raise ChangedMind from None


def confirmed(session: Session, question: str, detail: str = "") -> bool:
    """Only the whole word yes does it (or its first letter)."""
    yes, no = fold(_("yes")), fold(_("no"))
    while True:
        said = fold(line(session, _("{question} yes or no:").format(question=question), detail=detail))
        if said in (yes, yes[0], "yes", "y"):
            return True
        if said in (no, no[0], "no", "n", ""):
            return False
        detail = _("Say yes or no.")


def choose(
    session: Session, title: str, choices: Iterable[Choice], current: str | None = None, new: bool = False
) -> str:
    """One of the values, by its number, name or beginning; ``new`` takes another one too. Raises ChangedMind."""
    known = list(choices)
    labels = [
        f"{index} {safe_line(one.label, 80)}" + (f" ({_('now')})" if one.value == current else "")
        for index, one in enumerate(known[:_MOST], start=1)
    ]
    detail = ", ".join(labels) + ("." if len(known) <= _MOST else " …")
    names = [one.label for one in known]

    def complete(typed: str) -> list[str]:
        return [name for name in names if name.casefold().startswith(typed.casefold())]

    while True:
        said = line(session, f"{title}:", complete, detail)
        if not said:
            raise ChangedMind
        found = meant(said, known)
        if found is not None:
            return found.value
        if new:
            return said
        detail = _("“{typed}” is none of them. Their number or the beginning of their name, please.").format(
            typed=safe_line(said, 40)
        )


def meant(said: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice that ``said`` names: its number, its value, its name, or the beginning of only one."""
    if said.isdecimal() and 1 <= int(said) <= len(choices):
        return choices[int(said) - 1]
    wanted = said.casefold()
    for one in choices:
        if wanted in (one.value.casefold(), one.value.replace("_", " ").casefold(), one.label.casefold()):
            return one
    near = [one for one in choices if score(wanted, one.value, one.label) >= BEGINS]
    return near[0] if len(near) == 1 else None


def chosen(
    session: Session, said: str, title: str, choices: Iterable[Choice], current: str | None = None
) -> str:
    """What was said behind the action's name where it names one of the choices, else what is chosen now. Raises ChangedMind."""
    known = list(choices)
    if said.strip():
        found = (
            meant(said.strip(), known) if not said.strip().isdecimal() else None
        )  # numbers are those that are told
        if found is not None:
            return found.value
        session.say(_("“{typed}” is none of them.").format(typed=safe_line(said, 40)))
    return choose(session, title, known, current)


def reason_despite(session: Session, blocked: Blocked) -> str:
    """Tell what holds a ticket up and ask why it goes on all the same. Raises ``blocked`` where no reason helps, ChangedMind."""
    if not blocked.passable:
        raise blocked
    session.say(_("Something is open."), *blocked.obstacles[:8])
    reason = line(session, _("Why go on all the same? An empty line changes nothing:"))
    if not reason:
        raise ChangedMind
    return reason
