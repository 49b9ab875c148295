"""A conversation to read: any number of messages of any size, laid out only where one looks.

Requester, agent and internal note differ by bar, sign, word and colour. Quoted text and signatures are one line until
they are opened. One message is the current one: actions on a message (reply to it, save its attachments) mean that one.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui_desk.core.i18n import _
from tui_desk.widgets.columns import fit
from tui_desk.widgets.component_style import component_style
from tui_desk.widgets.conversation_layout import Line, MessageItem, MessageLayout, header_text, quotes_of
from tui_desk.widgets.conversation_style import COMPONENTS, CSS, linked

__all__ = ["ConversationView", "MessageItem"]

_WHEEL_LINES = 3
_SEEN_LINES = 3
"""With so many lines of a message in view, one sees what it is about: its header, a blank line, the first of its text."""


class ConversationView(Widget, can_focus=True):
    """Call :meth:`show` with the messages, oldest first; again when they changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = COMPONENTS
    DEFAULT_CSS = CSS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j,down", "line(1)", show=False, id="conversation.down"),
        Binding("k,up", "line(-1)", show=False, id="conversation.up"),
        Binding("pagedown,ctrl+f,space", "page(1)", show=False, id="conversation.page_down"),
        Binding("pageup,ctrl+b", "page(-1)", show=False, id="conversation.page_up"),
        Binding("ctrl+d", "page(0.5)", show=False, id="conversation.half_page_down"),
        Binding("ctrl+u", "page(-0.5)", show=False, id="conversation.half_page_up"),
        Binding("home", "first", show=False, id="conversation.first"),
        Binding("G,end", "last", show=False, id="conversation.last"),
        Binding("J", "message(1)", show=False, id="conversation.next_message"),
        Binding("K", "message(-1)", show=False, id="conversation.previous_message"),
        Binding("z", "toggle_folds", show=False, id="conversation.toggle_folds"),
    ]

    @dataclass
    class MessageFocused(Message):
        """Another message is the current one; ``key`` is None where there is none."""

        view: ConversationView
        key: Hashable | None

        @property
        def control(self) -> ConversationView:
            """The view."""
            return self.view

    @dataclass
    class Arranged(Message):
        """Other lines may be in view now."""

        view: ConversationView

        @property
        def control(self) -> ConversationView:
            """The view."""
            return self.view

    @dataclass
    class AttachmentSelected(Message):
        """An attachment's line was clicked. ``number`` counts from 1 in its message."""

        view: ConversationView
        key: Hashable
        number: int

        @property
        def control(self) -> ConversationView:
            """The view."""
            return self.view

    def __init__(self, *, empty_text: str = "", id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.opens_links = False
        """Whether the terminal is told where links lead (OSC 8)."""
        self.empty_text = empty_text or _("No messages yet.")
        """Lines in place of messages."""
        self._items: tuple[MessageItem, ...] = ()
        self._layouts: dict[int, MessageLayout] = {}
        self._open: dict[Hashable, frozenset[int]] = {}
        self._read: set[Hashable] = set()
        self._folded: set[Hashable] = set()
        """Messages that were read can be one line; those that are."""
        self._top = (0, 0)
        self._current = 0
        self._view: list[tuple[int, Line]] = []
        self._style_cache: dict[tuple[str, bool], Style] = {}
        self._width = 1

    # What screens call and read.

    @property
    def current(self) -> MessageItem | None:
        """The current message."""
        return self._items[self._current] if self._items else None

    def show(self, items: Sequence[MessageItem], focus: Hashable | None = None) -> None:
        """Show these messages. ``focus``: the one to go to; without it one stays where one was, at first at the newest.

        Messages are told apart by ``key``; what was unfolded stays unfolded.
        """
        before = self.current
        top_key = self._items[self._top[0]].key if self._items else None
        self._items = tuple(items)
        self._layouts.clear()
        places = {item.key: index for index, item in enumerate(self._items)}
        if focus in places:
            self._go_to(places[focus])
        elif before is None or before.key not in places or top_key not in places:
            self._go_to(max(0, len(self._items) - 1))
        else:
            self._current = places[before.key]
            self._top = (places[top_key], self._top[1])
        self._arrange()
        self._announce()

    def fold(self, keys: Iterable[Hashable]) -> None:
        """These messages were read: each is one line until it is opened. What was opened stays open."""
        new = set(keys) - self._read
        self._read |= new
        self._folded |= new

    def is_folded(self) -> bool:
        """Whether the current message is one line."""
        item = self.current
        return item is not None and item.key in self._folded

    def can_fold(self) -> bool:
        """Whether any message can be one line."""
        return bool(self._read)

    @property
    def first_in_view(self) -> int:
        """The place of the message that the first line in view belongs to."""
        return self._top[0]

    def position(self) -> tuple[int, int]:
        """Which message is the current one (from 1; 0 where there is none), and of how many."""
        return (self._current + 1 if self._items else 0), len(self._items)

    def was_reached(self, key: Hashable) -> bool:
        """Whether the beginning of that message is in view or lies above; True as well where there is no such message."""
        place = next((index for index, item in enumerate(self._items) if item.key == key), None)
        if place is None:
            return True
        if not self._view or self._view[0][0] > place:
            return bool(self._view)
        shown = sum(index == place for index, _line in self._view)
        behind_top = self._top[1] if self._view[0][0] == place else 0
        return shown >= _SEEN_LINES or (shown > 0 and self._layout(place).line(behind_top + shown) is None)

    def has_folds(self) -> bool:
        """Whether the current message has quoted text or a signature, or is one that can be one line."""
        item = self.current
        return item is not None and (item.key in self._read or bool(quotes_of(item)))

    # Actions.

    def action_line(self, delta: int) -> None:
        """Lines down or up."""
        self._scroll(delta)

    def action_page(self, pages: float) -> None:
        """Pages or half pages down or up, with a line in common."""
        lines = max(1, int((self.size.height - 1) * abs(pages)))
        self._scroll(lines if pages > 0 else -lines)

    def action_first(self) -> None:
        """To the beginning of the oldest message."""
        self._go_to(0)
        self._arrange()
        self._announce()

    def action_last(self) -> None:
        """To the end of the newest message."""
        if self._items:
            last = len(self._items) - 1
            self._top, self._current = (last, self._layout(last).count()), last
            self._arrange()
            self._announce()

    def action_message(self, delta: int) -> None:
        """To the next or previous message."""
        if self._items:
            self._go_to(max(0, min(len(self._items) - 1, self._current + delta)))
            self._arrange()
            self._announce()

    def action_toggle_folds(self) -> None:
        """Open the current message where it is one line; then its quoted text and signature; then fold it as it was."""
        item = self.current
        if item is None:
            return
        folds = quotes_of(item)
        if item.key in self._folded:
            self._set_folded(self._current, folded=False)
        elif folds and not self._open.get(item.key):
            self._set_open(self._current, folds)
        else:
            self._open.pop(item.key, None)
            self._set_folded(self._current, folded=item.key in self._read)

    def action_toggle_read(self) -> None:
        """Open every message that is one line; where none is, fold what was read."""
        self._folded = set() if self._folded else set(self._read)
        self._layouts.clear()
        self._top = (self._current, 0)
        self._arrange()
        self._announce()

    def _set_folded(self, index: int, *, folded: bool) -> None:
        key = self._items[index].key
        (self._folded.add if folded else self._folded.discard)(key)
        self._set_open(index, self._open.get(key, frozenset()))
        self._announce()

    def on_click(self, event: events.Click) -> None:
        """A click makes a message current, opens or folds a quote, chooses an attachment."""
        if event.y >= len(self._view):
            return
        index, line = self._view[event.y]
        item = self._items[index]
        self._current = index
        if line.part is not None and line.part[0] == "message":
            self._set_folded(index, folded=False)
        elif line.part is not None and line.part[0] == "fold":
            self._set_open(index, self._open.get(item.key, frozenset()) ^ {line.part[1]})
        elif line.part is not None:
            self.post_message(self.AttachmentSelected(self, item.key, line.part[1]))
        self._announce()
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel scrolls."""
        event.stop()
        self._scroll(_WHEEL_LINES)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel scrolls."""
        event.stop()
        self._scroll(-_WHEEL_LINES)

    # Layout.

    def on_resize(self, event: events.Resize) -> None:
        """Lay out for the new width; what was being read stays about where it was, and the end in view where it was that."""
        message, line = self._top
        at_end = self._shows_end()
        self._layouts.clear()
        self._top = (message, line * self._width // max(1, event.size.width))
        self._width = event.size.width
        self._arrange()
        if at_end and not self._shows_end():
            last = len(self._items) - 1
            self._top = (last, self._layout(last).count())
            self._arrange()
            if self._top > (self._current, 0):  # too long for the room there is: its beginning
                self._top = (self._current, 0)
                self._arrange()

    def _shows_end(self) -> bool:
        """Whether the last line of the newest message is in view."""
        last = len(self._items) - 1
        shown = sum(index == last for index, _line in self._view)
        above = self._top[1] if self._top[0] == last else 0
        return shown > 0 and above + shown >= self._layout(last).count()

    def _layout(self, index: int) -> MessageLayout:
        layout = self._layouts.get(index)
        if layout is None:
            item = self._items[index]
            layout = MessageLayout(
                item,
                max(8, self.size.width),
                self._open.get(item.key, frozenset()),
                folded=item.key in self._folded,
            )
            self._layouts[index] = layout
        return layout

    def _set_open(self, index: int, folds: frozenset[int]) -> None:
        self._open[self._items[index].key] = folds
        self._layouts.pop(index, None)
        self._arrange()

    def _go_to(self, index: int) -> None:
        self._current, self._top = index, (index, 0)

    def _scroll(self, delta: int) -> None:
        message, line = self._top
        if delta < 0:
            self._top = self._back(message, line, -delta)
        else:
            self._top = (message, line + delta)
        old = self._current
        self._arrange()
        shown = [index for index, _line in self._view]
        if shown and self._current not in shown:
            self._current = shown[0]
        if self._current != old:
            self._announce()

    def _arrange(self) -> None:
        """Collect the lines in view; where they end above the bottom, begin further up."""
        height = self.size.height
        self._top = self._forward(*self._top)
        self._view = self._collect(height)
        if len(self._view) < height:
            self._top = self._back(*self._top, height - len(self._view))
            self._view = self._collect(height)
        self.refresh()
        self.post_message(self.Arranged(self))

    def _forward(self, message: int, line: int) -> tuple[int, int]:
        """A place that may lie behind its message's end, as a place in the message it falls into."""
        while message < len(self._items) and self._layout(message).line(line) is None:
            count = self._layout(message).count()
            if message == len(self._items) - 1:
                return message, count
            message, line = message + 1, line - count
        return message, line

    def _back(self, message: int, line: int, lines: int) -> tuple[int, int]:
        """The place so many lines further up; the very first line at the most."""
        while lines > line and message > 0:
            lines -= line
            message -= 1
            line = self._layout(message).count()
        return message, max(0, line - lines)

    def _collect(self, height: int) -> list[tuple[int, Line]]:
        """The lines from the top of the view on, as many as fit."""
        view: list[tuple[int, Line]] = []
        message, number = self._top
        while len(view) < height and message < len(self._items):
            line = self._layout(message).line(number)
            if line is None:
                message, number = message + 1, 0
            else:
                view.append((message, line))
                number += 1
        return view

    def _announce(self) -> None:
        item = self.current
        self.post_message(self.MessageFocused(self, item.key if item else None))

    # Painting.

    def notify_style_update(self) -> None:
        """Forget the styles of the old theme."""
        super().notify_style_update()
        self._style_cache.clear()

    def _style(self, name: str, current: bool = False) -> Style:
        style = self._style_cache.get((name, current))
        if style is None:
            style = component_style(self, f"conversation--{name}")
            if current:
                over = component_style(self, "conversation--current")
                style = style + (over if over.reverse or name != "note-header" else Style(reverse=True))
            self._style_cache[name, current] = style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the conversation."""
        width = self.size.width
        if not self._items:
            shown = self.empty_text.split("\n")
            text = f"  {shown[y - 1]}" if 0 < y <= len(shown) else ""
            return Strip([Segment(fit(text, width), self._style("empty"))], width)
        if y >= len(self._view):
            return Strip.blank(width, self.rich_style)
        index, line = self._view[y]
        style, gutter = self._style(line.style), line.gutter
        if not line.style.endswith("-header"):
            bar = Style(color=self._style(f"{self._items[index].kind}-header").color, bgcolor=style.bgcolor)
            text = fit(line.text, width - len(gutter))
            return Strip(
                [Segment(gutter, bar), *linked(text, line.links, style, opens=self.opens_links)], width
            )
        if index == self._current:
            gutter = "▶ " if line.part is None else "▷ "
            if self.has_focus:
                style = self._style(line.style, current=True)
        text = header_text(line, width - len(gutter) - 1)
        return Strip([Segment(gutter + fit(text, width - len(gutter)), style)], width)

    def on_focus(self) -> None:
        """The current message's header shows whether keys come here."""
        self.refresh()

    def on_blur(self) -> None:
        """The current message's header shows whether keys come here."""
        self.refresh()
