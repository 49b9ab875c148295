"""The text in the person's own editor, while the console waits."""

from __future__ import annotations

import os
from collections.abc import Callable

from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.linear.session import Session
from tui_desk.terminal.editor import edit_here


def edit(session: Session, name: str, text: str, keep: Callable[[str], None]) -> None:
    """Hand what was saved in ``$VISUAL`` or ``$EDITOR`` to ``keep``; the file is deleted when that has it.

    Raises EditorFailed (the file stays), Unavailable, Refused.
    """
    if not session.options.programs:
        raise Refused(_("No program may be started in this session, $EDITOR neither."))
    written = edit_here(text, environment=os.environ, state_folder=session.options.state_folder, name=name)
    keep(written.text)
    session.say(written.note)
    written.forget()
