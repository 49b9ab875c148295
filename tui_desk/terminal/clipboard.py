"""Copy to the clipboard of the terminal one sits at, over any number of SSH hops (OSC 52)."""

from __future__ import annotations

import base64
from typing import Any

from textual.app import App

from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block

MAX_BYTES = 74_994
"""What every terminal takes: 100,000 bytes of sequence, base64 and its frame taken off."""


def sequence(text: str) -> str:
    """The OSC 52 sequence that puts ``text`` into the clipboard.

    The text is made safe first: what is copied is what was shown, and pasted into a shell it holds no control keys.
    Raises ``Refused`` where it is longer than :data:`MAX_BYTES` of UTF-8.
    """
    data = safe_block(text).encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise Refused(
            _("Too long for the clipboard: {size} bytes, terminals take {limit}.").format(
                size=len(data), limit=MAX_BYTES
            ),
            _("Nothing was copied. A part of it, or a file, is the way."),
        )
    return f"\x1b]52;c;{base64.b64encode(data).decode('ascii')}\x07"


def copy(app: App[Any], text: str) -> None:
    """Put ``text`` into the clipboard of the terminal. Whether the terminal allows it cannot be known."""
    written = sequence(text)
    if app._driver is not None and not app.is_headless:
        app._driver.write(written)
