"""A text of a screen in the person's own editor, and back, without losing a word on the way."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.widgets import TextArea

from tui_desk.actions.keys import key_label
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice

if TYPE_CHECKING:
    from tui_desk.terminal.editor import LeftBehind


async def edit_in_editor(
    screen: BaseScreen, area: TextArea, name: str, keep: Callable[[], Awaitable[None]]
) -> None:
    """Write the text of ``area`` in ``$EDITOR``. ``keep`` saves what came back: only then its file is deleted.

    ``name`` says whose text it is: what an editor of another time left behind under it is offered. Raises DeskError.
    """
    from tui_desk.terminal.editor import edit_text, left_behind

    options = screen.host.options
    if not options.programs:
        raise Refused(_("No program may be started in this session, $EDITOR neither."))
    await keep()
    left = left_behind(os.environ, options.state_folder, name)
    if left is not None and left.text.rstrip() == area.text.rstrip():
        left.path.unlink(missing_ok=True)
        left = None
    if left is not None:
        chosen = await _choose_text(screen, left)
        if chosen is None:
            return
        if chosen != "left":
            left = None
    begin = area.text if left is None else left.text
    edited = await edit_text(
        screen.app, begin, environment=os.environ, state_folder=options.state_folder, name=name
    )
    if not area.is_attached:  # what was written here has left meanwhile: the file stays, and is offered
        return
    area.focus()
    if area.text.strip() and not edited.text.strip():
        edited.forget()
        screen.say(
            _("The editor left an empty text: what was here before stays."),
            _throws_away(screen),
            level="warning",
        )
        return
    if edited.text.rstrip("\n") != area.text.rstrip("\n"):
        area.replace(edited.text.removesuffix("\n"), (0, 0), area.document.end)
        area.move_cursor(area.document.end)
        await keep()
    edited.forget()
    if left is not None:
        left.path.unlink(missing_ok=True)
    if edited.note:
        screen.say(edited.note, level="warning")


async def _choose_text(screen: BaseScreen, left: LeftBehind) -> str | None:
    """Which text to go on with: "left" or "here"; None: neither."""
    when = words.moment(left.at, screen.host.options.clock())
    choices = [
        Choice("left", _("What the editor left behind"), detail=f"{when} · {_first_line(left.text)}"),
        Choice("here", _("The text as it is here"), detail=_("the file stays")),
    ]
    return await screen.choose(_("Go on with which text?"), choices)


def _throws_away(screen: BaseScreen) -> str:
    """By which key a text that is not wanted goes, in the key map of now."""
    actions = screen.host.actions
    for name in ("discard", "clear_text"):
        action = actions.find(screen.scopes, name)
        keys = actions.keys_of(action) if action is not None else ()
        if keys:
            return _("{key} throws it away.").format(key=key_label(keys[0]))
    return ""


def _first_line(text: str) -> str:
    from tui_desk.core.safe_text import safe_line

    return safe_line(next((line for line in text.splitlines() if line.strip()), ""), 40)


def told_of_left_behind(screen: BaseScreen, name: str, shown: str) -> None:
    """Say that an editor of another time left a text behind that is not the one ``shown``."""
    if not screen.host.options.programs:
        return
    from tui_desk.terminal.editor import left_behind

    left = left_behind(os.environ, screen.host.options.state_folder, name)
    if left is not None and left.text.rstrip() != shown.rstrip():
        screen.say(
            _("Your editor left a text behind: {path}.").format(path=left.path),
            _("Ctrl+E offers it."),
            level="warning",
        )
