"""The least screen on which everything can be read."""

from __future__ import annotations

from tui_desk.core.i18n import _

MIN_WIDTH, MIN_HEIGHT = 60, 16


def too_small(width: int, height: int) -> str:
    """The sentence for a screen that is too small, or nothing. Everything keeps working either way."""
    if width >= MIN_WIDTH and height >= MIN_HEIGHT:
        return ""
    return _(
        "This terminal has {width}×{height} characters; {least_width}×{least_height} are needed to see everything."
    ).format(width=width, height=height, least_width=MIN_WIDTH, least_height=MIN_HEIGHT)
