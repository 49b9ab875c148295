"""Lines that go on below their own words where they are too long: what is wrapped begins further right."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.css.styles import RulesMap
from textual.strip import Strip
from textual.style import Style
from textual.visual import RenderOptions, Visual


class Hanging(Visual):
    """``content``, whose lines go on ``indent`` cells from the left (or what that says of a line: cells, or what is repeated there);
    less where there is little room."""

    def __init__(self, content: Content, indent: int | Callable[[Content], int | Content]) -> None:
        self.content, self._indent = content, indent

    def render_strips(
        self, width: int, height: int | None, style: Style, options: RenderOptions
    ) -> list[Strip]:
        """As the content that was wrapped renders itself."""
        return self.wrapped(width).render_strips(width, height, style, options)

    def get_optimal_width(self, rules: RulesMap, container_width: int) -> int:
        """Cells of the longest line."""
        return self.content.get_optimal_width(rules, container_width)

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Lines at that width in cells."""
        return self.wrapped(width).get_height(rules, width)

    def wrapped(self, width: int) -> Content:
        """The lines as they are shown in ``width`` cells."""
        if width <= 0:
            return self.content
        shown: list[Content] = []
        for line in self.content.split("\n", allow_blank=True):
            indent = self._indent if isinstance(self._indent, int) else self._indent(line)
            pad = (indent if isinstance(indent, Content) else Content(" " * indent))[: width // 3]
            first = line.wrap(width)[0] if line.cell_length > width else line
            shown.append(first)
            rest = line[len(first.plain) :]
            rest = rest[len(rest.plain) - len(rest.plain.lstrip()) :]
            if rest.plain:
                shown += [pad + more for more in rest.wrap(width - len(pad.plain))]
        return Content("\n").join(shown)


def quote_bars(line: Content) -> Content:
    """The bars at the left of a quoted line, which stand before its continuation, too."""
    text = line.plain
    return line[: len(text) - len(text.lstrip("│ "))] if text.startswith("│ ") else Content("")
