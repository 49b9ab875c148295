"""The text of a reply while it is written: Markdown shown as what it is, words that may be misspelt underlined.

Only lines that are painted are looked at, and each once: a key costs what it costs in a plain field. Text that is pasted goes in by
pieces, so that everything else goes on meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.document._document import Location
from textual.strip import Strip

from tui_desk.rules.markdown_spans import Span, code_lines, spans
from tui_desk.rules.spelling import Word, words_of
from tui_desk.screens.text_field import TextField
from tui_desk.widgets.component_style import component_style

_PIECE = 48_000
"""Characters, about, that are put in at once."""
_KEPT = 512
"""Painted lines that are kept."""
_MOST_LINES = 4_000
"""Lines beyond which no Markdown is shown: nobody formats that by hand."""
_STYLES = {
    "heading": "writing--heading",
    "quote": "writing--quote",
    "item": "writing--item",
    "rule": "writing--quote",
    "code": "writing--code",
    "url": "writing--link",
    "link": "writing--link",
    "strong": "writing--strong",
    "strike": "writing--strike",
    "emphasis": "writing--emphasis",
}
_MISSPELT = "writing--misspelt"


@lru_cache(maxsize=2_048)
def _spans(line: str, in_code: bool) -> tuple[Span, ...]:
    return spans(line, in_code)


@lru_cache(maxsize=2_048)
def _words(line: str, in_code: bool) -> tuple[Word, ...]:
    return words_of(line, in_code)


class WritingField(TextField):
    """``before_paste`` may take a paste (it answers whether it did); ``is_misspelt`` says which words are underlined."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*_STYLES.values(), _MISSPELT}
    before_paste: Callable[[str], bool] | None = None
    is_misspelt: Callable[[str], bool] | None = None

    def __init__(self, text: str = "", *, id: str | None = None) -> None:
        self._text: str | None = None
        self._code: frozenset[int] | None = None
        self._style_of: dict[str, Style] = {}
        self._painted: dict[tuple[object, ...], Strip] = {}
        super().__init__(text, id=id)

    # -- what is asked for at every key ------------------------------------------------------------------------------
    def _build_highlight_map(self) -> None:
        # Textual calls it after every change of the text.
        self._text = self._code = None
        super()._build_highlight_map()

    @property
    def text(self) -> str:
        """All of it. Put together once for each change: it is asked for with every line that is painted."""
        if self._text is None:
            self._text = self.document.text
        return self._text

    @text.setter
    def text(self, value: str) -> None:
        self.load_text(value)

    def in_code(self, row: int) -> bool:
        """Whether that line stands in fenced code."""
        if self._code is None:
            lines = self.document.lines
            self._code = code_lines(lines) if len(lines) <= _MOST_LINES else frozenset()
        return row in self._code

    # -- what is seen ------------------------------------------------------------------------------------------------
    def get_line(self, line_index: int) -> Text:
        """A line as it is painted."""
        line = super().get_line(line_index)
        if self.document.line_count > _MOST_LINES:
            return line
        plain, in_code = line.plain, self.in_code(line_index)
        for span in _spans(plain, in_code):
            line.stylize(self._style(_STYLES[span.kind]), span.start, span.end)
        if self.is_misspelt is not None:
            for word in self.words(line_index):
                if self.is_misspelt(word.text):
                    line.stylize(self._style(_MISSPELT), word.start, word.end)
        return line

    def render_line(self, y: int) -> Strip:
        """A line of the window. It is painted anew only when something in it differs: Textual paints all of them at every key."""
        key = self._looks(y)
        if key is None:
            return super().render_line(y)
        painted = self._painted.get(key)
        if painted is None:
            if len(self._painted) >= _KEPT:
                self._painted.clear()
            painted = self._painted[key] = self._render_line(y)
        return painted

    def _looks(self, y: int) -> tuple[object, ...] | None:
        """Everything that decides how a line looks; None where none of the text is."""
        places = self.wrapped_document._offset_to_line_info
        at = y + self.scroll_offset.y
        if not 0 <= at < len(places) or self.show_line_numbers or not self.soft_wrap:
            return None
        row, section = places[at]
        selection = self.selection
        top, bottom = sorted(selection)
        chosen = selection if top != bottom and top[0] <= row <= bottom[0] else None
        cursor = (selection.end[1], self._draw_cursor, self.has_focus, self.suggestion)
        bracket = self._matching_bracket_location
        return (
            self.document.get_line(row),
            section,
            tuple(self.wrapped_document.get_offsets(row)),
            self.scrollable_content_region.width,
            self.in_code(row),
            chosen,
            cursor if selection.end[0] == row else None,
            bracket[1] if bracket is not None and bracket[0] == row else None,
            self.read_only,
            self.theme,
        )

    def words(self, row: int, *, all_of_it: bool = False) -> tuple[Word, ...]:
        """The words of a line whose spelling counts; but for the one that is being typed, or with it (``all_of_it``)."""
        found = _words(self.document.get_line(row), self.in_code(row))
        at, column = self.cursor_location
        if all_of_it or at != row or not self.has_focus:
            return found
        return tuple(word for word in found if word.end != column)

    def shown_rows(self) -> range:
        """The lines of the text that are in view, or partly."""
        places = self.wrapped_document._offset_to_line_info
        top = self.scroll_offset.y
        seen = places[top : top + max(1, self.size.height)]
        return range(seen[0][0], seen[-1][0] + 1) if seen else range(0)

    def look_again(self) -> None:
        """Paint it anew: what is misspelt is known."""
        self._painted.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        self._style_of.clear()
        self._painted.clear()
        super().notify_style_update()

    def _style(self, name: str) -> Style:
        if name not in self._style_of:
            whole = component_style(self, name)
            plain = self.get_component_styles(name)
            colour = whole.color if plain.has_rule("color") else None
            self._style_of[name] = Style(color=colour) + plain.text_style
        return self._style_of[name]

    # -- what is pasted ----------------------------------------------------------------------------------------------
    async def _on_paste(self, event: events.Paste) -> None:
        """Put it in by pieces. Keys wait until all of it is there."""
        event.stop()
        event.prevent_default()
        if self.read_only:
            return
        text = event.text.replace("\r\n", "\n").replace("\r", "\n")
        if self.before_paste is None or not self.before_paste(text):
            await self.put_in(text)

    async def put_in(self, text: str) -> tuple[Location, Location]:
        """Write ``text`` where the cursor is, over what is selected. Answers where it begins and ends."""
        begin = end = min(self.selection)
        for piece in pieces(text):
            result = self._replace_via_keyboard(piece, *self.selection)
            if result is None:
                break
            end = result.end_location
            self.move_cursor(end)
            await asyncio.sleep(0)
        self.focus()
        return begin, end


def pieces(text: str, size: int = _PIECE) -> Iterator[str]:
    """``text`` in parts of whole lines that are not much longer than ``size``: the end of a line is wrapped only once."""
    begin = 0
    while len(text) - begin > size:
        end = text.find("\n", begin + size) + 1
        if not end:
            break
        yield text[begin:end]
        begin = end
    if begin < len(text):
        yield text[begin:]
