"""A conversation as lines: what is said by whom, told apart by sign and word as well as by colour.

No Textual here. A message lays itself out as far as somebody looks; quoted text and signatures are one line until they
are opened.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len, set_cell_size

from tui_desk.core.i18n import _, ngettext
from tui_desk.core.link_text import Link, links_of, marked
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.widgets.wrapped_text import WrappedText

Kind = Literal["requester", "agent", "note", "system", "phone", "chat", "draft"]
SegmentKind = Literal["body", "quote", "signature"]

MAX_TEXT = 110
"""Cells of text in a line at most: longer lines are hard to read."""
_GUTTER = 2
_NAME, _LEAST = 28, 8
"""Cells of a name in a line that stands for a message, and the least that is worth showing of its text."""
_PIECE = 32_768
_COUNTED = 500
"""Lines of folded text that are counted; beyond it is "more than"."""


@dataclass(frozen=True, slots=True)
class MessageItem:
    """One message to show. All text may come from outside; it is made safe here too.

    ``meta_lines``: recipients, warnings, evidence. ``segments``: the parts of the text in order. ``attachments``: their
    labels, shown with numbers from 1. ``delivery_lines``: the state of an outgoing message, worst first. ``ended``: what stands for the
    text where the message is one line, such as that it was stopped.
    """

    key: Hashable
    kind: Kind
    author: str
    at_text: str
    meta_lines: tuple[str, ...] = ()
    segments: tuple[tuple[SegmentKind, str], ...] = ()
    attachments: tuple[str, ...] = ()
    delivery_lines: tuple[str, ...] = ()
    delivery_failed: bool = False
    ended: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line to paint. ``style``: a component class of the view. ``part``: what a click on it means."""

    text: str
    style: str
    gutter: str
    part: tuple[str, int] | None = None
    """``("fold", segment)``, ``("attachment", number)``, or ``("message", 0)`` of one that is one line."""
    right: str = ""
    """Text at the right edge (only in headers)."""
    links: tuple[Link, ...] = ()
    """Web addresses in it; of one that goes on in the next line, the part that is here."""


_GUTTERS: dict[str, str] = {
    "requester": "│ ",
    "agent": "┃ ",
    "note": "║ ",
    "system": "· ",
    "phone": "│ ",
    "chat": "│ ",
    "draft": "┆ ",
}
_SIGNS: dict[str, str] = {
    "requester": "←",
    "agent": "→",
    "note": "■",
    "system": "·",
    "phone": "←",
    "chat": "←",
    "draft": "✎",
}


def kind_word(kind: Kind) -> str:
    """The word for a kind of message, as its header shows it."""
    return {
        "requester": _("Requester"),
        "agent": _("Agent"),
        "note": _("INTERNAL NOTE"),
        "system": _("System"),
        "phone": _("Phone"),
        "chat": _("Chat"),
        "draft": _("DRAFT, not sent"),
    }[kind]


Part = Callable[[int], Line | None]


class MessageLayout:
    """The lines of one message at one width. ``open_folds``: indexes of the segments that are unfolded. ``folded``: it is one line."""

    def __init__(
        self, item: MessageItem, width: int, open_folds: frozenset[int], *, folded: bool = False
    ) -> None:
        self.item = item
        self._counts: list[int] = []
        """Lines of the parts that are known to be complete, in order."""
        if folded:
            self._parts: list[Part] = [_fixed([_one_line(item, width)])]
            return
        self._width = max(4, min(width - _GUTTER, MAX_TEXT))
        self._gutter = _GUTTERS[item.kind]
        self._body_style = "note-text" if item.kind == "note" else "text"
        self._parts = [self._head()]
        for index, (kind, text) in enumerate(item.segments):
            if text.strip():
                self._parts += self._segment(index, kind, text.strip("\n"), index in open_folds)
        self._parts.append(self._tail())

    def line(self, index: int) -> Line | None:
        """The line, or None behind the last one."""
        for number, part in enumerate(self._parts):
            if number < len(self._counts):
                if index < self._counts[number]:
                    return part(index)
                index -= self._counts[number]
                continue
            line = part(index)
            if line is not None:
                return line
            self._counts.append(_length(part, index))
            index -= self._counts[number]
        return None

    def count(self) -> int:
        """How many lines there are; lays out all of them."""
        step = 1
        while self.line(step) is not None:
            step *= 2
        return sum(self._counts)

    def _line(self, text: str, style: str, part: tuple[str, int] | None = None) -> Line:
        return Line(text, style, self._gutter, part)

    def _head(self) -> Part:
        item = self.item
        title = f"{_SIGNS[item.kind]} {kind_word(item.kind)}  {safe_line(item.author, 120)}"
        lines = [Line(title, f"{item.kind}-header", self._gutter, right=safe_line(item.at_text, 60))]
        for text in item.meta_lines:
            lines += self._wrapped(safe_line(text, 2_000), "meta")
        if any(text.strip() for _kind, text in item.segments):
            lines.append(self._line("", self._body_style))
        return _fixed(lines)

    def _tail(self) -> Part:
        item, lines = self.item, []
        if item.attachments:
            lines.append(self._line("", self._body_style))
            for number, label in enumerate(item.attachments, 1):
                lines += self._wrapped(
                    f"[{number}] {safe_line(label, 300)}", "attachment", ("attachment", number)
                )
        for text in item.delivery_lines:
            style = "delivery-failed" if item.delivery_failed else "delivery"
            lines += self._wrapped(safe_line(text, 1_000), style)
        lines.append(Line("", "text", "  "))
        return _fixed(lines)

    def _wrapped(self, text: str, style: str, part: tuple[str, int] | None = None) -> list[Line]:
        wrapped = WrappedText(text, self._width)
        return [self._line(wrapped.line(index) or "", style, part) for index in range(wrapped.count())]

    def _segment(self, index: int, kind: SegmentKind, text: str, is_open: bool) -> list[Part]:
        if kind == "body":
            return [self._text(piece, self._body_style) for piece in _pieces(text)]
        head = _fixed([self._line(fold_title(kind, text, is_open), "fold", ("fold", index))])
        return [head, *(self._text(piece, "quote") for piece in _pieces(text))] if is_open else [head]

    def _text(self, text: str, style: str) -> Part:
        wrapped: WrappedText | None = None
        links: list[Link] = []

        def line(number: int) -> Line | None:
            nonlocal wrapped
            if wrapped is None:
                safe = marked(safe_block(text))
                wrapped = WrappedText(safe, self._width)
                links.extend(links_of(safe))
            shown = wrapped.line(number)
            if shown is None:
                return None
            there = _in_line(links, wrapped.place(number), len(shown)) if links else ()
            return Line(shown, style, self._gutter, links=there)

        return line


def quotes_of(item: MessageItem) -> frozenset[int]:
    """The parts of a message that are quoted text or a signature."""
    return frozenset(i for i, (kind, text) in enumerate(item.segments) if kind != "body" and text.strip())


def _one_line(item: MessageItem, width: int) -> Line:
    """A message that was read: who, how it begins, how many files, when."""
    name = safe_line(item.author, 120).partition(" <")[0]
    word = f"{kind_word(item.kind)}  " if item.kind in ("note", "system") else ""
    title = f"{_SIGNS[item.kind]} {word}{set_cell_size(name, _NAME) if cell_len(name) > _NAME else name}"
    begins = item.ended or next((text for kind, text in item.segments if kind == "body" and text.strip()), "")
    files = f"  [{len(item.attachments)}]" if item.attachments else ""
    at = safe_line(item.at_text, 60)
    room = width - _GUTTER - cell_len(title + files + at) - 5
    if room >= _LEAST:
        first = safe_line(" ".join(begins[: 4 * room].split()), 4 * room)
        title += f"  {set_cell_size(first, room - 1).rstrip() + '…' if cell_len(first) > room else first}"
    style = "read-note-header" if item.kind == "note" else "read-header"
    return Line(title + files, style, "▸ ", ("message", 0), right=at)


def _pieces(text: str) -> Iterator[str]:
    """``text`` in pieces that are made safe and wrapped one at a time, parted at line ends where there are any."""
    start = 0
    while len(text) - start > _PIECE:
        end = text.rfind("\n", start, start + _PIECE)
        if end <= start:
            end = start + _PIECE
        yield text[start:end].removesuffix("\r")
        start = end + 1 if text[end] == "\n" else end
    yield text[start:]


def fold_title(kind: SegmentKind, text: str, is_open: bool) -> str:
    """The line that stands for a folded (or above an open) quote or signature."""
    sign = "▾" if is_open else "▸"
    if kind == "signature":
        return f"{sign} " + _("signature")
    count = 1 + text.count("\n", 0, 200_000)
    if count > _COUNTED:
        return f"{sign} " + _("more than {count} quoted lines").format(count=_COUNTED)
    return f"{sign} " + ngettext("{count} quoted line", "{count} quoted lines", count).format(count=count)


def _in_line(links: Sequence[Link], start: int, length: int) -> tuple[Link, ...]:
    """The parts of the links that lie in a line of the text, counted from its beginning."""
    return tuple(
        Link(max(0, one.start - start), min(length, one.end - start), one.url)
        for one in links
        if one.start < start + length and one.end > start
    )


def _fixed(lines: Sequence[Line]) -> Part:
    return lambda index: lines[index] if index < len(lines) else None


def _length(part: Part, behind: int) -> int:
    """The number of lines of a part that has none at ``behind``."""
    low, high = 0, behind
    while low < high:
        middle = (low + high) // 2
        if part(middle) is None:
            high = middle
        else:
            low = middle + 1
    return low


def header_text(line: Line, width: int) -> str:
    """A header in ``width`` cells: the title, and the time at the right edge, for which who says it gives way."""
    if not line.right:
        return line.text
    room = width - cell_len(line.right) - 1
    if room < _LEAST:
        return line.text
    title = line.text if cell_len(line.text) <= room else set_cell_size(line.text, room - 1) + "…"
    return f"{set_cell_size(title, room)} {line.right}"
