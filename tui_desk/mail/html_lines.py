"""The lines that HTML becomes: blanks folded, empty lines between paragraphs, quotes, lists, preserved text, tables of data."""

from __future__ import annotations

from typing import Final

from tui_desk.mail.html_table import Grid

_MAX_QUOTE_SHOWN: Final = 20
_MAX_LIST: Final = 10
_CROSSED: Final = "~~"
_WORD_BULLETS: Final = frozenset("·§oØüvq•¨à")
"""What Word writes as bullets, in fonts that a terminal has not."""


class LineWriter:
    """Collects text as lines. What the markup says is set from outside: ``quote`` and ``pre`` are depths, ``lists`` the open
    lists with their type and last number, ``grid`` the table of data being read, ``containers`` those of history."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.history: set[int] = set()
        self.space = False
        self.blank = False
        self.size = 0
        self.quote = 0
        self.pre = 0
        self.lists: list[tuple[str, int]] = []
        self.bullet = ""
        self.grid: Grid | None = None
        self.link: tuple[str, int] | None = None
        self.containers: list[tuple[str, int]] = []
        self.marker = False
        self.apart = False
        """Whether a word that follows on the line stands apart: after a target or a field that was filled in."""
        self.nothing_in_block = False
        self.broken = False
        """Whether a filled line has ended since this was unset."""

    def text(self, text: str, *, struck: bool = False) -> None:
        """Text between two tags: blanks folded, or kept where the markup says so; what is crossed out stands between marks."""
        if self.pre:
            self.lines_as_written(text.expandtabs().split("\n"))
            return
        words = text.split()
        if not words:
            self.space = self.space or bool(text)
            self.nothing_in_block = self.nothing_in_block or (not self.pieces and "\xa0" in text)
            return
        if self.marker:
            words = ["*" if word in _WORD_BULLETS else word for word in words]
        if text[0].isspace():
            self.space = True
        if struck:
            self._crossed_out(" ".join(words))
        else:
            self.put(" ".join(words))
        self.space = text[-1].isspace()

    def _crossed_out(self, words: str) -> None:
        if self.pieces and self.pieces[-1] == _CROSSED:
            self.pieces.pop()  # goes on with what is crossed out
        else:
            self.put(_CROSSED)
        self.put(words)
        self.pieces.append(_CROSSED)

    def lines_as_written(self, lines: list[str]) -> None:
        """Preserved text, line by line."""
        self.put(lines[0])
        if len(lines) > 2 and self.grid is None and self.link is None and not self.bullet:
            self.end_line(force=True)
            for line in lines[1:-1]:
                self.line(line)
            self.put(lines[-1])
            return
        for line in lines[1:]:
            self.end_line(force=True)
            self.put(line)

    def put(self, text: str) -> None:
        """Adds to the line, after a blank where one is due; begins the line where none is open."""
        if not text:
            return
        self.nothing_in_block = False
        if not self.pieces:
            if self.grid is None:
                self.begin_line()
        elif self.space or (self.apart and (text[0].isalnum() or text[0] in "[<(")):
            self.pieces.append(" ")
        self.space = self.apart = False
        self.pieces.append(text)

    def put_raw(self, text: str) -> None:
        """Adds to the line as it is."""
        self.pieces.append(text)
        self.space = self.apart = False

    def begin_line(self) -> None:
        """What stands before the first word: an empty line between paragraphs, indent and bullet of lists."""
        self._empty_line_due()
        indent = "  " * min(max(0, len(self.lists) - 1), _MAX_LIST)
        if self.bullet:
            self.pieces.append(indent + self.bullet)
            self.bullet = ""
        elif self.lists and not self.pre:
            self.pieces.append(indent + "  ")

    def _empty_line_due(self) -> None:
        if self.blank and self.lines and self.lines[-1].strip("> "):
            self.line("")
        self.blank = False

    def line(self, text: str) -> None:
        """A whole line, marked with the depth of the quote it lies in."""
        if self.containers:
            self.history.add(len(self.lines))
        prefix = "> " * min(self.quote, _MAX_QUOTE_SHOWN)
        line = (prefix + text).rstrip()
        self.size += len(line) + 1
        self.lines.append(line)

    def end_line(self, *, force: bool = False) -> None:
        """Ends the line; an empty one is kept only when ``force`` says so."""
        if self.pieces:
            line = "".join(self.pieces)
            self.pieces.clear()
            if self.grid is None:
                self.broken = True
                self.line(line)
            else:
                self.size += len(line) + 1
                self.grid.add(line)
        elif force and self.grid is None:
            if self.blank and self.lines:
                self.line("")
                self.blank = False
            elif len(self.lines) < 2 or self.lines[-1].strip("> ") or self.lines[-2].strip("> ") or self.pre:
                self.line("")
        self.space = False
        if self.link is not None:
            self.link = (self.link[0], 0)

    def end_grid(self) -> None:
        """Sets the table of data that was read, between empty lines."""
        if self.grid is None:
            return
        self.end_line()
        rows, self.grid = self.grid.lines(), None
        if rows:
            self._empty_line_due()
        for line in rows:
            self.line(line)
        self.blank = True
