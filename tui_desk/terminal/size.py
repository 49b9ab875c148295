"""The least screen on which everything can be read and keys are obeyed."""

from __future__ import annotations

from tui_desk.core.i18n import _

MIN_WIDTH, MIN_HEIGHT = 60, 16


def too_small(width: int, height: int) -> bool:
    """Whether a screen of that many characters cannot show what keys would do."""
    return width < MIN_WIDTH or height < MIN_HEIGHT


def too_small_told(width: int, height: int) -> str:
    """What such a screen says; short, because it must be readable there."""
    return _(
        "Too small: {width}×{height}, needed {least_width}×{least_height}. No key works but Ctrl+Q."
    ).format(width=width, height=height, least_width=MIN_WIDTH, least_height=MIN_HEIGHT)
