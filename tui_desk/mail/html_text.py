"""HTML mail as text for a terminal: headings, lists, tables, numbered links with their real target, images by their description.

Nothing is loaded. Scripts, styles, hidden text and counting pixels are dropped. Quoted mail is shown with ``> `` and reported
by line, so that history can be folded. Linear in the size of the markup.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from tui_desk.mail.charsets import tidy
from tui_desk.mail.html_elements import (
    BLOCKS,
    CLOSES,
    PARAGRAPHS,
    SKIPPED,
    VOID,
    is_tracker,
    item_marker,
    same_target,
    shown_target,
)
from tui_desk.mail.html_lines import LineWriter
from tui_desk.mail.html_style import STRUCK, Look, Sheet, look_of, read_sheet
from tui_desk.mail.html_table import Grid, data_tables
from tui_desk.mail.html_tokens import Token, attributes, tokens
from tui_desk.mail.limits import MAX_HTML, MAX_TEXT, MAX_TOKENS

# Containers that hold the history of a conversation, by class or id, of the programs that mark it.
_HISTORY: Final = re.compile(
    r"""(?:^|[\s"'=])(?:x_)*(?:gmail_quote(?:_container)?|gmail_extra|yahoo_quoted|ydp[0-9a-f]*yahoo_quoted|yqt\d+|protonmail_quote|tutanota_quote|zmail_extra|"""
    r"""moz-cite-prefix|moz-forward-container|OLK_SRC_BODY_SECTION|isReplyContent|isForwardContent|hey_quote|front-quote|"""
    r"""WM_QUOTE|ntes-mail-quote|foxmail_quote|mail_quote|quote_container|email-quote-section|mailrepl?y-history|"""
    r"""ms-outlook-mobile-reference-message|aolReplacedBody|replyForwardContainer)(?=$|[\s"'/>])"""
)
# Marks after which everything is history.
_HISTORY_FOLLOWS: Final = re.compile(
    r"""(?:^|[\s"'=])(?:x_)*(?:divRplyFwdMsg|appendonsend|stopSpelling|mail-editor-reference-message-container|reply-intro|replySplit|"""
    r"""divtagdefaultwrapper_history|ms-outlook-mobile-reference-message)(?=$|[\s"'/>])"""
)
_MAX_OPEN: Final = 20_000
_MAX_FILLED: Final = 5_000
_UNFILLED: Final = frozenset("hidden submit button reset image password file color range".split())
"""Kinds of fields that show nothing that somebody wrote."""
_MAX_SEARCHED: Final = 100
"""Open elements among which the one that an end tag closes is looked for."""
_LINE_PARAGRAPH: Final = re.compile(
    r"MsoNormal|MsoPlainText|MsoListParagraph|MsoNoSpacing|margin\s*:\s*0(?:px|pt|cm|in|em)?(?:\s+0?(?:\.0+1?)?(?:px|pt|cm|in|em)?){0,3}\s*(?:[;\"'!]|\Z)|margin-(?:bottom|top)\s*:\s*(?:0|\.0001pt)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link whose text does not say where it leads: its number in the text (one for each target), that text, and the real
    target."""

    number: int
    text: str
    target: str


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text, and the numbers of its lines that lie in a container of history, where it is all history from,
    whether a limit cut it short, and its numbered links."""

    text: str
    history: frozenset[int]
    history_from: int | None
    cut: bool
    links: tuple[Link, ...] = ()


def html_to_text(markup: str) -> HtmlText:
    """The readable text of ``markup``. Never raises."""
    return _Renderer().render(markup[:MAX_HTML])


class _Renderer(LineWriter):
    def __init__(self) -> None:
        super().__init__()
        self.history_from: int | None = None
        self.cells = 0
        self.captioned: Grid | None = None
        self.links: list[Link] = []
        self.numbers: dict[str, int] = {}
        self.sheet = Sheet()
        self.looking: frozenset[str] = _LOOKING
        self.open: list[tuple[str, Look, bool]] = []
        self.look = Look()
        self.visible = True
        self.tight = False

    def render(self, markup: str) -> HtmlText:
        read = list(islice(tokens(markup), MAX_TOKENS + 1))
        cut = len(read) > MAX_TOKENS
        sheets = [rest for kind, _, rest in read if kind == "sheet"]
        if sheets:
            self.sheet = read_sheet("\n".join(sheets[:20]))
            self.looking = _LOOKING | self.sheet.painted | self.sheet.coloured
        data = data_tables(read)
        last_end = {
            name: number for number, (kind, name, _) in enumerate(read) if kind == "end" and name in SKIPPED
        }
        skipping, depth, listed, chosen = "", 0, False, False
        for number, token in enumerate(read):
            kind, name, rest = token
            if skipping:
                if name == skipping:
                    depth += 1 if kind == "start" else -1 if kind == "end" else 0
                    skipping = skipping if depth else ""
                elif listed:
                    if name == "option":
                        chosen = kind == "start" and "selected" in attributes(rest)
                    elif kind == "text" and chosen:
                        self._filled_in(rest)
                continue
            if (
                kind == "start"
                and name in SKIPPED
                and last_end.get(name, -1) > number
                and not rest.endswith("/")
            ):
                skipping, depth, chosen = name, 1, False
                listed = name == "select" and self.visible and self._is_shown(name, rest)
                continue
            self._token(token, data_table=number in data)
            if self.size > MAX_TEXT:
                cut = True
                break
        self._end_link()
        self.end_grid()
        self.end_line()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        return HtmlText(
            tidy("\n".join(self.lines)), frozenset(self.history), self.history_from, cut, tuple(self.links)
        )

    def _is_shown(self, name: str, rest: str) -> bool:
        return look_of(self.look, name, attributes(rest), self.sheet).visible

    def _token(self, token: Token, *, data_table: bool) -> None:
        kind, name, rest = token
        if kind == "text":
            if self.visible:
                self.text(rest, struck=self.look.struck)
        elif kind == "start":
            self._start(name, rest, data_table=data_table)
        elif kind == "end":
            self._end(name)

    def _start(self, name: str, rest: str, *, data_table: bool) -> None:
        self._close_implied(name)
        found = attributes(rest) if rest else {}
        if name in VOID:
            self._void(name, found)
            return
        look = self.look
        if (found and not found.keys().isdisjoint(_STYLED)) or name in self.looking:
            look = look_of(look, name, found, self.sheet)
        marker = (
            "mso-list:ignore" in rest[:500].lower().replace(" ", "") if "mso-list" in rest else self.marker
        )
        self._push(name, look, marker=marker)
        if look.hidden:
            return
        if name in BLOCKS:
            self._open_block(name, rest)
        if rest and name in _HISTORY_TAGS:
            self._mark_history(name, rest)
        if name == "table":
            self._start_table(data_table)
            return
        handler = _STARTS.get(name)
        if handler:
            handler(self, found)

    def _void(self, name: str, found: dict[str, str]) -> None:
        if self.look.hidden or look_of(self.look, name, found, self.sheet).hidden:
            return
        if name == "hr" and "id" in found:
            self._mark_history(name, f' id="{found["id"][:200]}"')
        handler = _STARTS.get(name)
        if handler:
            if name in BLOCKS:
                self._open_block(name, "")
            handler(self, found)

    def _push(self, name: str, look: Look, *, marker: bool) -> None:
        if len(self.open) < _MAX_OPEN:
            self.open.append((name, self.look, self.marker))
            self._set_look(look, marker=marker)

    def _set_look(self, look: Look, *, marker: bool) -> None:
        if look is not self.look:
            if look.preserved != self.look.preserved:
                self.pre = max(0, self.pre + (1 if look.preserved else -1))
            self.look = look
            self.visible = look.visible
        self.marker = marker

    def _close_implied(self, name: str) -> None:
        """Closes what the start of ``name`` closes in HTML: a cell the cell before it, a block an open paragraph."""
        closes = CLOSES.get(name) or (CLOSES["p"] if name in BLOCKS else None)
        if closes is None:
            return
        ended, bounds = closes
        for at in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _MAX_SEARCHED), -1):
            opened = self.open[at][0]
            if opened in bounds:
                return
            if opened in ended:
                self._pop_to(at)
                return

    def _pop_to(self, at: int) -> None:
        _, look, marker = self.open[at]
        del self.open[at:]
        self._set_look(look, marker=marker)

    def _end(self, name: str) -> None:
        for at in range(len(self.open) - 1, max(-1, len(self.open) - 1 - _MAX_SEARCHED), -1):
            if self.open[at][0] == name:
                inside = self.open[at + 1][1] if at + 1 < len(self.open) else self.look
                self._pop_to(at)
                if inside.hidden:
                    return
                break
        if self.look.hidden:
            return
        if name == "a":
            self._end_link()
        elif name == "q":
            self.put_raw("”")
        elif name in BLOCKS:
            self._end_block(name)
        if self.containers and self.containers[-1][0] == name:
            tag, depth = self.containers[-1]
            if depth:
                self.containers[-1] = (tag, depth - 1)
            else:
                self.containers.pop()

    def _end_block(self, name: str) -> None:
        self.end_line()
        if self.nothing_in_block and name in ("p", "div") and not self.blank:
            self.end_line(force=True)
        self.nothing_in_block = False
        if name in PARAGRAPHS and not (name == "p" and self.tight):
            self.blank = True
        if name == "blockquote":
            self.quote = max(0, self.quote - 1)
        elif name in ("ul", "ol", "menu", "dir") and self.lists:
            self.lists.pop()
            self.blank = not self.lists
        elif name in ("pre", "textarea"):
            self.pre = max(0, self.pre - 1)
        elif name == "table":
            self._end_caption()
            if self.grid is not None:
                self._end_link()
                self.end_grid()
        elif name == "caption":
            self._end_caption()
        self.bullet = "" if name == "li" else self.bullet
        if name == "p":
            self.tight = False

    def _open_block(self, name: str, rest: str) -> None:
        self.end_line()
        self.nothing_in_block = False
        if name == "p":
            self.tight = "margin" in rest.lower() or "Mso" in rest
            self.tight = self.tight and bool(_LINE_PARAGRAPH.search(rest[:2_000]))
        in_list = bool(self.lists) and name in ("ul", "ol", "menu", "dir")
        if name in PARAGRAPHS and not in_list and not self.bullet and not (name == "p" and self.tight):
            self.blank = True
        if self.containers and self.containers[-1][0] == name:
            tag, depth = self.containers[-1]
            self.containers[-1] = (tag, depth + 1)

    def _mark_history(self, name: str, rest: str) -> None:
        if ("class" not in rest and "id" not in rest) or len(rest) > 4_000:
            return
        # such a mark inside a quote belongs to an older reply; the author may go on below
        outside = not self.quote and not self.containers
        if outside and self.history_from is None and _HISTORY_FOLLOWS.search(rest):
            self.end_line()
            self.history_from = len(self.lines)
        elif not self.containers and name != "hr" and _HISTORY.search(rest):
            self.end_line()
            self.containers.append((name, 0))

    def _end_link(self) -> None:
        if self.link is None:
            return
        (target, start), self.link = self.link, None
        shown = "".join(self.pieces[start:]).strip()
        if not target:
            return
        if not same_target(shown, target):
            self.space = bool(self.pieces)
            if target.lower().startswith(("http:", "https:", "ftp:")) and shown:
                number = self.numbers.setdefault(target, len(self.numbers) + 1)
                self.links.append(Link(number, shown[:200], target))
                self.put(f"[{number}] <{target}>")
            else:
                self.put(f"<{target}>")
        self.apart = bool(self.pieces)

    def _start_link(self, found: dict[str, str]) -> None:
        self._end_link()
        target = shown_target(found.get("href", "")) if self.visible else ""
        if target:
            self.link = (target, len(self.pieces))

    def _start_image(self, found: dict[str, str]) -> None:
        if not is_tracker(found) and self.visible:
            description = " ".join(found.get("alt", "").split())[:300]
            if description:
                self.put(f"[{description}]")

    def _start_area(self, found: dict[str, str]) -> None:
        self._start_link(found)
        self._start_image(found)
        self._end_link()

    def _start_input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "").lower()
        if kind in ("checkbox", "radio"):
            self.put("[x]" if "checked" in found else "[ ]")
        elif kind not in _UNFILLED and self.visible:
            self._filled_in(found.get("value", ""))

    def _filled_in(self, value: str) -> None:
        words = " ".join(value.split())[:_MAX_FILLED]
        if words:
            self.space = bool(self.pieces)
            self.put(words)
            self.apart = True

    def _start_caption(self, found: dict[str, str]) -> None:
        if self.grid is not None and not self.grid.rows:
            self.captioned, self.grid = self.grid, None

    def _end_caption(self) -> None:
        if self.captioned is not None:
            self.end_line()
            self.grid, self.captioned = self.captioned, None
            self.blank = True

    def _start_row(self, found: dict[str, str]) -> None:
        self._end_caption()
        self.cells, self.broken = 0, False
        if self.grid is not None:
            self.grid.row()

    def _start_cell(self, found: dict[str, str]) -> None:
        self._cell(found, heading=False)

    def _start_heading_cell(self, found: dict[str, str]) -> None:
        self._cell(found, heading=True)

    def _cell(self, found: dict[str, str], *, heading: bool) -> None:
        if self.grid is not None:
            self.end_line()
            span = found.get("colspan", "1")
            down = found.get("rowspan", "1")
            self.grid.cell(
                heading=heading,
                span=int(span) if span.isdecimal() and len(span) < 4 else 1,
                down=int(down) if down.isdecimal() and len(down) < 4 else 1,
            )
        elif self.cells and self.pieces:
            if self.broken:
                self.end_line()  # beside the last of several lines it would read as their end
            else:
                self.put_raw("  ")
        self.cells += 1

    def _start_table(self, data_table: bool) -> None:
        if data_table and self.grid is None:
            self._begin_grid()

    def _begin_grid(self) -> None:
        self._end_link()
        self.grid = Grid()

    def _start_item(self, found: dict[str, str]) -> None:
        if not self.lists:
            self.bullet = "* "
            return
        kind, number = self.lists[-1]
        value = found.get("value", "")
        number = int(value) if value.isdecimal() and len(value) < 7 else number + 1
        self.lists[-1] = (kind, number)
        self.bullet = item_marker(kind, number)

    def _start_ordered(self, found: dict[str, str]) -> None:
        start = found.get("start", "1")
        self.lists.append(
            (found.get("type", "1")[:1] or "1", int(start) - 1 if start.isdecimal() and len(start) < 7 else 0)
        )

    def _start_unordered(self, found: dict[str, str]) -> None:
        self.lists.append(("", 0))

    def _start_definition(self, found: dict[str, str]) -> None:
        self.bullet = "  "

    def _start_quote(self, found: dict[str, str]) -> None:
        if self.blank and self.lines:
            self.line("")
        self.blank = False
        self.quote += 1

    def _start_pre(self, found: dict[str, str]) -> None:
        self.pre += 1

    def _start_words_quoted(self, found: dict[str, str]) -> None:
        self.put("“")

    def _start_rule(self, found: dict[str, str]) -> None:
        self.put("-" * 40)
        self.end_line()

    def _start_break(self, found: dict[str, str]) -> None:
        self.nothing_in_block = False
        self.end_line(force=True)


_STYLED: Final = frozenset(("style", "class", "id", "hidden", "color", "bgcolor", "background", "text"))
_LOOKING: Final = STRUCK | {"a"}
"""Elements that look different without any attribute."""
_HISTORY_TAGS: Final = frozenset(("div", "blockquote", "table", "section", "hr", "span", "p", "td"))
_STARTS: Final[dict[str, Callable[[_Renderer, dict[str, str]], None]]] = {
    "a": _Renderer._start_link,
    "area": _Renderer._start_area,
    "blockquote": _Renderer._start_quote,
    "br": _Renderer._start_break,
    "caption": _Renderer._start_caption,
    "dd": _Renderer._start_definition,
    "hr": _Renderer._start_rule,
    "img": _Renderer._start_image,
    "input": _Renderer._start_input,
    "li": _Renderer._start_item,
    "menu": _Renderer._start_unordered,
    "dir": _Renderer._start_unordered,
    "ol": _Renderer._start_ordered,
    "pre": _Renderer._start_pre,
    "q": _Renderer._start_words_quoted,
    "td": _Renderer._start_cell,
    "textarea": _Renderer._start_pre,
    "th": _Renderer._start_heading_cell,
    "tr": _Renderer._start_row,
    "ul": _Renderer._start_unordered,
}
