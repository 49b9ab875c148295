"""A row of sections, one of them open: the settings' and the outbox's. The open one stands out by reverse video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.app import RenderResult
from textual.widget import Widget

from tui_desk.screens.chrome import Part, line


@dataclass(frozen=True, slots=True)
class Section:
    """A section; its key is its place from 1."""

    id: str
    title: str


class SectionTabs(Widget):
    """Shows the sections there are. A single one needs no row and shows none."""

    DEFAULT_CSS = "SectionTabs { height: 1; width: 1fr; padding: 0 1; background: $panel; }"

    def __init__(self, sections: tuple[Section, ...], current: str, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sections, self._current = sections, current
        self.display = len(sections) > 1

    def show(self, current: str) -> None:
        """Mark another one as open."""
        if current != self._current:
            self._current = current
            self.refresh()

    def render(self) -> RenderResult:
        titles = [f" {number} {section.title} " for number, section in enumerate(self._sections, start=1)]
        current = next((at for at, one in enumerate(self._sections) if one.id == self._current), 0)
        first, last, gap = window([cell_len(title) for title in titles], current, self.content_size.width)
        parts: list[Part] = [("‹", "$muted")] if first else []
        for at in range(first, last + 1):
            if at == current:
                parts.append((titles[at], "$text-primary bold reverse"))
            else:
                number = f" {at + 1}"
                parts += [(number, "$faint"), titles[at].removeprefix(number)]
            parts.append(" " * gap)
        if last < len(titles) - 1:
            parts.append(("›", "$muted"))
        return line(*parts)


def window(widths: Sequence[int], current: int, room: int) -> tuple[int, int, int]:
    """The first and the last section that are shown, and the cells between two of them: all of them where there is room, else those
    around the open one."""
    for gap in (2, 0):
        if sum(widths) + gap * len(widths) <= room:
            return 0, len(widths) - 1, gap
    first = last = current
    while True:
        for begin, end in ((first, last + 1), (first - 1, last)):
            marks = (begin > 0) + (end < len(widths) - 1)
            if begin >= 0 and end < len(widths) and sum(widths[begin : end + 1]) + marks <= room:
                first, last = begin, end
                break
        else:
            return first, last, 0
