"""Lines every screen has: the title above, the hints below (between them ``message_line``)."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_desk.actions.registry import Registry, key_label
from tui_desk.widgets.clicked import meant, row_under

Part = str | tuple[str, str]


def line(*parts: Part) -> Content:
    """One line of styled parts; nothing in them is markup."""
    return Content.assemble(*parts)


_LEAST_LEFT = 12
"""Cells of where one is that stay however much there is to tell about the desk."""


class TitleLine(Widget):
    """Left: where one is. Right: who one is and how the desk does."""

    DEFAULT_CSS = "TitleLine { height: 1; width: 1fr; padding: 0 1; }"

    class Chosen(Message):
        """What is told about the desk was clicked: the action that leads there."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.leads: tuple[tuple[str, str], ...] = ()
        """Words that may stand on the right side, and the action of a click on them."""
        self._forms: tuple[tuple[Content, Content], ...] = ((Content(""), Content("")),)

    def show(self, left: Content, right: Content, *shorter: tuple[Content, Content]) -> None:
        """Replace both sides; paints only when something differs. ``shorter``: what both say where there is no room, the longest first."""
        forms = ((left, right), *shorter)
        if forms != self._forms:
            self._forms = forms
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        action = meant(row_under(self, event), self.leads)
        if action is not None:
            self.post_message(self.Chosen(action))

    def render(self) -> RenderResult:
        width = self.content_size.width
        left, right = next((form for form in self._forms if _fits(*form, width)), self._forms[-1])
        if not _fits(left, right, width):
            # How the desk does matters more than the end of a subject.
            left = left.truncate(max(_LEAST_LEFT, width - right.cell_length - 2), ellipsis=True)
        gap = max(2, width - left.cell_length - right.cell_length)
        return Content.assemble(left, " " * gap, right).truncate(width, ellipsis=True)


def _fits(left: Content, right: Content, width: int) -> bool:
    return left.cell_length + right.cell_length + 2 <= width


class Hint(NamedTuple):
    """A key and what it does; ``reason`` says why it cannot now."""

    key: str
    title: str
    reason: str = ""
    action: str = ""
    """Its id: a click does it."""


def hints_of(
    registry: Registry, scopes: tuple[str, ...], facts: frozenset[str], typing: bool = False
) -> tuple[Hint, ...]:
    """The footer of a screen: the most useful keys, each with the reason when it cannot be used now.

    While one is ``typing``, only what works then, by the keys that are not text.
    """
    hints = []
    for action in registry.hints(scopes):
        keys = registry.keys_of(action, typing=typing)
        if keys:
            hints.append(Hint(key_label(keys[0]), action.shown_title, action.obstacle(facts), action.id))
    return tuple(hints)


class HintLine(Widget):
    """The next useful keys, as many as fit; those that cannot be used now are dim."""

    DEFAULT_CSS = "HintLine { height: 1; width: 1fr; padding: 0 1; }"

    class Chosen(Message):
        """A hint was clicked."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: tuple[Hint, ...]) -> None:
        """Replace the hints; paints only when something differs."""
        if hints != self._hints:
            self._hints = hints
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        labels = ((f"{hint.key} {hint.title}", hint.action) for hint in self._hints)
        action = meant(row_under(self, event), labels)
        if action:
            self.post_message(self.Chosen(action))

    def render(self) -> RenderResult:
        """The last hint (all keys) always has its place at the right end."""
        if not self._hints:
            return Content("")
        *others, last = self._hints
        end = line(*_hint_parts(last))
        room = self.content_size.width - end.cell_length - 2
        left: list[Part] = []
        used = 0
        for hint in others:
            parts = _hint_parts(hint)
            needed = line(*parts).cell_length + (2 if left else 0)
            if used + needed <= room:
                left += ["  ", *parts] if left else parts
                used += needed
        return line(*left, " " * max(2, room - used + 2), *_hint_parts(last))


def _hint_parts(hint: Hint) -> list[Part]:
    usable = not hint.reason
    return [
        (hint.key, "$text-accent bold" if usable else "$faint"),
        (f" {hint.title}", "$muted" if usable else "$faint"),
    ]
