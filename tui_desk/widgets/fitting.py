"""Lines made for the cells there are: what matters stays whole, and what says more gives way."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Fitting(Visual):
    """What ``made`` says in so many cells."""

    def __init__(self, made: Callable[[int], Content]) -> None:
        self.made = made

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """As the content that was made renders itself."""
        return self.made(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Cells of the longest line."""
        return self.made(container_width).get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Lines at that width in cells."""
        return self.made(width).get_height(rules, width)


def giving_way(content: Content, kept: tuple[Content, ...], width: int, least: int = 12) -> Content:
    """``content`` in one line, cut where ``kept`` behind it needs the room; of ``kept`` each is whole or, the last first, absent.

    ``least``: cells of the content that are never given away.
    """
    while kept:
        room = width - sum(one.cell_length for one in kept)
        if content.cell_length <= room:
            break
        if room >= min(least, content.cell_length):
            content = content.truncate(room, ellipsis=True)
            break
        kept = kept[:-1]
    return Content.assemble(content, *kept)
