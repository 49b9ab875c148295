"""What is left on the terminal when the interface fails: where it failed, and nothing of what it was showing.

Textual's own crash text prints local variables: passwords, mail, names. This one prints the kind of the error and the
lines of our own code it passed, which is what a report needs, and no values.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _

if TYPE_CHECKING:  # the command line writes reports too, and knows no screen
    from textual.app import App

_FRAMES = 12


def report(error: BaseException | None) -> str:
    """A few lines on ``error``: its kind and where, without messages, values or local variables."""
    lines = [_("tui-desk stopped because of a defect in it. Drafts and settings that were saved are kept.")]
    if error is not None:
        lines.append(_("Kind: {kind}").format(kind=type(error).__name__))
        for frame in traceback.extract_tb(error.__traceback__)[-_FRAMES:]:
            path = Path(frame.filename)
            lines.append(f"  {path.parent.name}/{path.name}:{frame.lineno} {frame.name}")
    lines.append(_("Please report these lines; they hold nothing of what was on the screen."))
    return "\n".join(lines) + "\n"


def leave_quietly(app: App[Any]) -> None:
    """Replacement for ``App._fatal_error``: queue :func:`report` for the terminal and close the application."""
    from rich.segment import Segment, Segments

    text = report(sys.exc_info()[1] or app._exception)
    if not app._exit_renderables:  # what fails while closing is a consequence of the first
        app._exit_renderables.append(Segments([Segment(text)]))
    app._close_messages_no_wait()


def log_unexpected(doing: str, error: BaseException, folder: Path | None = None) -> Path:
    """Append when, what was being done, and :func:`report` to ``tui-desk.log`` (0600); the answer is its path.

    ``folder``: by default the user's state folder.
    """
    if folder is None:
        import platformdirs

        folder = platformdirs.user_state_path("tui-desk")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "tui-desk.log"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "a", encoding="utf-8") as log:
        log.write(f"{utc_now().isoformat(timespec='seconds')} {doing}\n{report(error)}\n")
    return path
