"""A long text as lines of a given width, wrapped only as far as somebody looked."""

from __future__ import annotations

from array import array

from rich.cells import cell_len


class WrappedText:
    """``text`` (safe, lines ended by ``\\n``) in lines of at most ``width`` cells.

    The blank that a line is wrapped at is not shown; ``exact``: it begins the next line, so that the lines are all of the text.

    Wrapping goes forward as far as it was asked for and is remembered; a line costs its own length, so the first screen
    of a megabyte costs as much as the first screen of a note.
    """

    __slots__ = ("_ascii", "_ends", "_exact", "_next", "_starts", "_text", "_width")

    def __init__(self, text: str, width: int, exact: bool = False) -> None:
        self._text = text
        self._exact = exact
        self._width = max(1, width)
        self._ascii = text.isascii()
        self._starts = array("Q")
        self._ends = array("Q")
        self._next: int | None = 0
        """Where wrapping goes on; None when all is wrapped."""

    @property
    def complete(self) -> bool:
        """Whether the number of lines is known."""
        return self._next is None

    def line(self, index: int) -> str | None:
        """The line, or None behind the last one."""
        self._extend(index + 1)
        return self._text[self._starts[index] : self._ends[index]] if index < len(self._starts) else None

    def count(self) -> int:
        """The number of lines; wraps all of them."""
        self._extend(1 << 62)
        return len(self._starts)

    def place(self, index: int) -> int:
        """Where in the text a line begins (for how far one has read)."""
        self._extend(index + 1)
        return self._starts[index] if index < len(self._starts) else len(self._text)

    def _extend(self, wanted: int) -> None:
        while self._next is not None and len(self._starts) < wanted:
            self._wrap_one(self._next)

    def _wrap_one(self, start: int) -> None:
        text, width = self._text, self._width
        end = text.find("\n", start, start + width + 1)
        if end < 0 and len(text) - start <= width:
            end = len(text)
        if end >= 0 and (self._ascii or text[start:end].isascii() or cell_len(text[start:end]) <= width):
            self._add(start, end, end + 1 if end < len(text) else None)
            return
        cut = self._cut(start)
        if cut >= len(text) or text[cut] == "\n":
            self._add(start, cut, cut + 1 if cut < len(text) else None)
            return
        space = cut if text[cut] == " " else text.rfind(" ", start + 1, cut)
        if space > start + width // 3:
            self._add(start, space, space if self._exact else space + 1)
        else:
            self._add(start, cut, cut)

    def _cut(self, start: int) -> int:
        """The farthest place that fits on the line that begins at ``start`` (at least one character on)."""
        text, width = self._text, self._width
        piece = text[start : start + width]
        newline = piece.find("\n")
        if newline >= 0:
            piece = piece[:newline]
        if piece.isascii():
            return start + len(piece)
        low, high = 1, max(1, len(piece))
        while low < high:
            middle = (low + high + 1) // 2
            if cell_len(piece[:middle]) <= width:
                low = middle
            else:
                high = middle - 1
        return start + low

    def _add(self, start: int, end: int, following: int | None) -> None:
        self._starts.append(start)
        self._ends.append(end)
        self._next = following
