"""What is told when we ourselves are wrong: a sentence and where it is written, never a traceback."""

from __future__ import annotations

from tui_desk.core.i18n import _
from tui_desk.linear.session import Session
from tui_desk.terminal.crash import log_unexpected


def tell_unexpected(session: Session, doing: str, error: Exception) -> None:
    """Write down where ``error`` came from, and say so."""
    path = log_unexpected(doing, error, session.options.state_folder)
    session.say(
        _("Something unexpected happened ({kind}); nothing half done was kept.").format(
            kind=type(error).__name__
        ),
        _("Where it happened is written in {path}.").format(path=path),
    )
