"""Searching a conversation: which messages have the words, where in their lines, and which place one stands on. No Textual here."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tui_desk.widgets.conversation_layout import MessageItem, MessageLayout
from tui_desk.widgets.found_text import Spans, folded, found_in, holds

Place = tuple[int, int]
"""The message and which of its places, both from 0."""


def _texts(item: MessageItem) -> Sequence[str]:
    return (
        item.author,
        *item.meta_lines,
        *(text for _kind, text in item.segments),
        *item.attachments,
        *item.delivery_lines,
    )


def folds_with(item: MessageItem, wanted: str) -> frozenset[int]:
    """The quotes and signatures that have the words: they are opened, else one would be led to nothing."""
    return frozenset(
        index for index, (kind, text) in enumerate(item.segments) if kind != "body" and holds(text, wanted)
    )


class Search:
    """``wanted`` in messages whose lines ``layout`` lays out; messages that cannot have it are never laid out."""

    def __init__(self, wanted: str, layout: Callable[[int], MessageLayout]) -> None:
        self.wanted = folded(" ".join(wanted.split()))
        self._layout = layout
        self._items: tuple[MessageItem, ...] = ()
        self._with_words: dict[int, bool] = {}
        self._found: dict[int, list[Spans]] = {}
        self.place: Place | None = None
        """Where one stands; None before the first step."""

    def look_at(self, items: tuple[MessageItem, ...]) -> None:
        """Search these messages. Where one stands is kept by the message's key."""
        key = self._items[self.place[0]].key if self.place is not None else None
        number = self.place[1] if self.place is not None else 0
        self._items = items
        self._with_words.clear()
        self.laid_out_anew()
        at = next((index for index, item in enumerate(items) if item.key == key), None)
        self.place = (at, number) if at is not None and number < len(self.places(at)) else None

    def has(self, item: MessageItem) -> bool:
        """Whether the words are anywhere in a message."""
        return any(holds(text, self.wanted) for text in _texts(item))

    def laid_out_anew(self, index: int | None = None) -> None:
        """Lines are others now: of one message, or of all."""
        if index is None:
            self._found.clear()
        else:
            self._found.pop(index, None)

    def places(self, index: int) -> list[Spans]:
        """The places in one message."""
        found = self._found.get(index)
        if found is None:
            has = self._with_words.get(index)
            if has is None:
                has = self.has(self._items[index])
                self._with_words[index] = has
            found = found_in(_lines(self._layout(index)), self.wanted) if has else []
            self._found[index] = found
        return found

    def counted(self) -> tuple[int, int]:
        """Which place one stands on (from 1; 0 before the first step), and of how many."""
        counts = [len(self.places(index)) for index in range(len(self._items))]
        before = sum(counts[: self.place[0]]) + self.place[1] + 1 if self.place is not None else 0
        return before, sum(counts)

    def step(self, delta: int, start: tuple[int, int]) -> Place | None:
        """Go on by one (-1: back), round the ends; the first time from the message and line ``start``. None: nowhere."""
        places = [(i, n) for i in range(len(self._items)) for n in range(len(self.places(i)))]
        if not places:
            self.place = None
        elif self.place in places:
            self.place = places[(places.index(self.place) + delta) % len(places)]
        else:
            later = [one for one in places if (one[0], self.line_of(one)) >= start]
            earlier = [one for one in places if one not in later]
            self.place = (later or places)[0] if delta > 0 else (earlier or places)[-1]
        return self.place

    def line_of(self, place: Place) -> int:
        """The line of its message that a place begins in."""
        return min(self.places(place[0])[place[1]])

    def spans(self, index: int, line: int) -> tuple[tuple[int, int, bool], ...]:
        """What to mark in one line: from, behind, and whether one stands on it."""
        return tuple(
            (start, end, (index, number) == self.place)
            for number, spans in enumerate(self.places(index))
            for start, end in spans.get(line, ())
        )


def _lines(layout: MessageLayout) -> list[str]:
    lines: list[str] = []
    while (line := layout.line(len(lines))) is not None:
        lines.append(line.text)
    return lines
