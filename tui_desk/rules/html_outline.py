"""How the HTML part of a mail of ours reads, as lines of styled text: what ``mail.markdown`` writes, and nothing else, is known."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import NamedTuple

_INLINE = {"strong": "strong", "em": "emphasis", "s": "strike", "code": "code", "a": "link", "th": "strong"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({"p", "div", "pre", "blockquote", "ul", "ol", "li", "table", "tr", "hr"}) | _HEADINGS
_AROUND = frozenset({"html", "head", "body", "ul", "ol", "table", "thead", "tbody", "tr"})
"""In these, blanks are no text."""
_APART = frozenset({"p", "pre", "ul", "ol", "table", "hr", "blockquote", "div"}) | _HEADINGS


class Run(NamedTuple):
    """A piece of a line; ``styles``: strong, emphasis, strike, code, link, heading, quote, mark."""

    text: str
    styles: frozenset[str] = frozenset()


def outline(document: str) -> tuple[tuple[Run, ...], ...]:
    """The lines of ``document``. Quoted lines begin with a bar, items with a bullet or their number; a link is followed by where it leads."""
    reader = _Reader()
    reader.feed(document)
    reader.close()
    return reader.whole()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[Run, ...]] = []
        self._line: list[Run] = []
        self._open: list[str] = []
        self._lists: list[int | None] = []
        self._target = ""
        self._linked = ""
        self._gap = False

    def whole(self) -> tuple[tuple[Run, ...], ...]:
        self._end_line()
        return tuple(self._lines)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "br":
            self._end_line(even_if_empty=True)
            return
        if tag == "img":
            self._add(f"[{known.get('alt') or ''}]", "link")
            return
        if tag in _BLOCKS:
            self._end_line()
            self._gap = self._gap or (tag in _APART and not (tag in ("ul", "ol", "p") and "li" in self._open))
        if tag == "hr":
            self._add("─" * 20, "mark")
            self._end_line()
            return
        if tag in ("ul", "ol"):
            begin = known.get("start") or "1"
            self._lists.append(
                int(begin) if tag == "ol" and begin.isdecimal() else 1 if tag == "ol" else None
            )
        if tag == "li":
            self._begin_item()
        if tag == "a":
            self._target, self._linked = known.get("href") or "", ""
        if tag in ("td", "th") and self._line:
            self._add("  │ ", "mark")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        while self._open:
            if self._open.pop() == tag:
                break
        if tag == "a" and self._target and self._target.removeprefix("mailto:") != self._linked:
            self._add(f" <{self._target}>", "mark")
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if tag in _BLOCKS:
            self._end_line()
            self._gap = self._gap or (tag in _APART and "li" not in self._open)

    def handle_data(self, data: str) -> None:
        if not data.strip() and (not self._open or self._open[-1] in _AROUND):
            return
        if "a" in self._open:
            self._linked += data
        if "pre" not in self._open:
            shown = " ".join(data.split("\n")) if "\n" in data.strip("\n") else data.strip("\n")
            if shown:
                self._add(shown if self._line else shown.lstrip())
            return
        first, *others = data.split("\n")
        self._add(first)
        for one in others:
            self._end_line(even_if_empty=True)
            self._add(one)

    def _begin_item(self) -> None:
        indent = "  " * (len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        self._add(f"{indent}{'•' if number is None else f'{number}.'} ", "mark")

    def _add(self, text: str, *more: str) -> None:
        if not text:
            return
        if self._gap and self._lines:
            last = self._lines[-1]
            self._lines.append(self._bars() if last and last[0].text.startswith("│") else ())
        self._gap = False
        if not self._line:
            self._line.extend(self._bars())
        styles = {_INLINE[tag] for tag in self._open if tag in _INLINE} | set(more)
        if "pre" in self._open:
            styles.add("code")
        if _HEADINGS & set(self._open):
            styles.add("heading")
        if "blockquote" in self._open:
            styles.add("quote")
        self._line.append(Run(text, frozenset(styles)))

    def _bars(self) -> tuple[Run, ...]:
        depth = self._open.count("blockquote")
        return (Run("│ " * depth, frozenset({"mark"})),) if depth else ()

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        if self._line or even_if_empty:
            self._lines.append(tuple(self._line) or self._bars())
            self._line = []
