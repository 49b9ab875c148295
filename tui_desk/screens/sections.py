"""A row of sections, one of them open: the settings' and the outbox's. The open one stands out by reverse video."""

from __future__ import annotations

from dataclasses import dataclass

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
        parts: list[Part] = []
        for number, section in enumerate(self._sections, start=1):
            if section.id == self._current:
                parts.append((f" {number} {section.title} ", "$text-primary bold reverse"))
            else:
                parts += [(f" {number}", "$faint"), f" {section.title} "]
            parts.append("  ")
        return line(*parts)
