"""What can be done now, what cannot and why, and what is a command of the command line."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from tui_desk.actions.linear import ALIASES, HELP, REASONS
from tui_desk.actions.registry import Action, Registry
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.linear.session import Session

_NAMES = {real: name for name, real in reversed(ALIASES.items())}


def spoken(action: Action) -> str:
    """How people call it here: with blanks where the catalogue has a line."""
    return _NAMES.get(action.id, action.id.replace("_", " "))


def obstacle(action: Action, facts: Collection[str]) -> str:
    """Why it cannot be done now; empty when it can."""
    for need in action.needs:
        if need.fact not in facts:
            return _(REASONS.get(need.fact, need.reason))
    return ""


def help_lines(
    registry: Registry,
    scopes: tuple[str, ...],
    facts: Collection[str],
    served: Collection[str],
    about: str = "",
    dot: str = "",
) -> Iterator[str]:
    """Sentences: first what can be done, then what cannot. ``about``: a word that it is about; ``all``: every action."""
    wanted = about.strip().casefold()
    everything = wanted in ("all", _("all"))
    actions = [one for one in registry.in_scopes(scopes) if one.id in served or (one.command and everything)]
    if wanted and not everything:
        found = [one for one in actions if _is_about(one, wanted)]
        if not found:
            yield _("Nothing here is about “{word}”. help all reads everything.").format(
                word=safe_line(wanted, 40)
            )
        for one in found:
            yield _line(one, facts, served, dot)
        return
    short = [one for one in actions if everything or dot or one.hint or one.id in _ALWAYS]
    now = [one for one in short if not obstacle(one, facts) and one.id in served]
    yield _("Now:")
    for one in now:
        yield _line(one, facts, served, dot)
    not_now = [one for one in short if obstacle(one, facts) and one.id in served]
    if not_now:
        yield _("Not now:")
    for one in not_now:
        yield _line(one, facts, served, dot)
    if everything:
        yield _("On the command line, here as well:")
        for one in actions:
            if one.id not in served:
                yield f"{one.shown_title}: {one.command}"
    elif not dot:
        yield _("A ticket's number opens it. help all reads everything, help and a word what is about it.")


_ALWAYS = (
    "go_ticket",
    "go_queue",
    "undo",
    "snooze",
    "tag",
    "go_tasks",
    "go_approvals",
    "go_notifications",
    "quit",
)


def _is_about(action: Action, wanted: str) -> bool:
    texts = (action.id.replace("_", " "), spoken(action), action.shown_title, _help_of(action))
    return any(wanted in text.casefold() for text in texts)


def _line(action: Action, facts: Collection[str], served: Collection[str], dot: str) -> str:
    argument = f" {_(action.argument)}" if action.argument else ""
    why = obstacle(action, facts)
    return f"{dot}{spoken(action)}{argument}: {why or _help_of(action)}"


def _help_of(action: Action) -> str:
    return _(HELP.get(action.id, action.help))


def show_help(session: Session, argument: str) -> None:
    """``help``, ``help all``, ``help WORD``."""
    from tui_desk.linear.facts import facts
    from tui_desk.linear.handlers import HANDLERS

    for sentence in help_lines(session.registry, session.scopes, facts(session), HANDLERS, argument):
        session.say(sentence)
