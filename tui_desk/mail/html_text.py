"""HTML mail as text for a terminal: headings, lists, tables, links with their real target, images by their description.

Nothing is loaded. Scripts, styles and hidden text are dropped. Quoted mail is shown with ``> `` and reported by line,
so that history can be folded. Linear in the size of the markup.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.charsets import tidy
from tui_desk.mail.html_tokens import attributes, tokens
from tui_desk.mail.limits import MAX_HTML, MAX_TEXT, MAX_TOKENS

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "figcaption",
        "footer",
        "form",
        "header",
        "html",
        "hr",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "caption",
        "o:p",
    ]
) - {"o:p"}
_PARAGRAPHS: Final = frozenset(
    [
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "pre",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "table",
        "figure",
        "fieldset",
    ]
)
_SKIPPED: Final = frozenset(
    [
        "head",
        "script",
        "style",
        "title",
        "template",
        "noscript",
        "object",
        "svg",
        "math",
        "iframe",
        "noembed",
        "select",
        "textarea",
    ]
)
_VOID: Final = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_HIDDEN: Final = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:max-height|font-size)\s*:\s*0(?:px|pt|em|%)?\s*(?:[;!]|$)|opacity\s*:\s*0\s*(?:[;!]|$)",
    re.IGNORECASE,
)
_SHOWN_LINK: Final = re.compile(
    r"\A(?:https?|ftp|sftp|tel|mailto|xmpp|sip|webcal|file|smb|news|callto|skype)\b:?", re.IGNORECASE
)
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
_MAX_QUOTE_SHOWN: Final = 20
_MAX_LIST: Final = 10


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The text, and the numbers of its lines that lie in a container of history, where it is all history from,
    and whether a limit cut it short."""

    text: str
    history: frozenset[int]
    history_from: int | None
    cut: bool


def html_to_text(markup: str) -> HtmlText:
    """The readable text of ``markup``. Never raises."""
    return _Renderer().render(markup[:MAX_HTML])


class _Renderer:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pieces: list[str] = []
        self.history: set[int] = set()
        self.history_from: int | None = None
        self.space = False
        self.blank = False
        self.size = 0
        self.cut = False
        self.quote = 0
        self.pre = 0
        self.lists: list[int] = []
        self.bullet = ""
        self.ruled: list[bool] = []
        self.cells = 0
        self.link: tuple[str, int] | None = None
        self.containers: list[tuple[str, int]] = []
        self.skipping = ""
        self.skip_depth = 0

    def render(self, markup: str) -> HtmlText:
        for number, (kind, name, rest) in enumerate(tokens(markup)):
            if number > MAX_TOKENS:
                self.cut = True
                break
            if self.skipping:
                self._skip(kind, name)
            elif kind == "text":
                self._text(rest)
            elif kind == "start":
                self._start(name, rest)
            else:
                self._end(name)
            if self.size > MAX_TEXT:
                self.cut = True
                break
        self._end_link()
        self._break()
        while self.lines and not self.lines[-1].strip("> "):
            self.lines.pop()
        return HtmlText(tidy("\n".join(self.lines)), frozenset(self.history), self.history_from, self.cut)

    def _skip(self, kind: str, name: str) -> None:
        if name == self.skipping:
            self.skip_depth += 1 if kind == "start" else -1 if kind == "end" else 0
        if not self.skip_depth or (name == "body" and self.skipping == "head"):
            self.skipping = ""

    def _start(self, name: str, rest: str) -> None:
        if name in _SKIPPED or (
            rest and name not in _VOID and ("style" in rest or "hidden" in rest) and _is_hidden(rest)
        ):
            if not rest.endswith("/"):
                self.skipping, self.skip_depth = name, 1
            return
        if name in _BLOCKS:
            self._open_block(name)
        if rest and name in ("div", "blockquote", "table", "section", "hr", "span", "p", "td"):
            self._mark_history(name, rest)
        handler = _STARTS.get(name)
        if handler:
            handler(self, rest)

    def _end(self, name: str) -> None:
        if name == "a":
            self._end_link()
        elif name in _BLOCKS:
            self._break()
            if name in _PARAGRAPHS:
                self.blank = True
            if name == "blockquote":
                self.quote = max(0, self.quote - 1)
            elif name in ("ul", "ol") and self.lists:
                self.lists.pop()
            elif name == "pre":
                self.pre = max(0, self.pre - 1)
            elif name == "table" and self.ruled:
                self.ruled.pop()
            self.bullet = "" if name == "li" else self.bullet
        if self.containers and self.containers[-1][0] == name:
            tag, depth = self.containers[-1]
            if depth:
                self.containers[-1] = (tag, depth - 1)
            else:
                self.containers.pop()

    def _open_block(self, name: str) -> None:
        self._break()
        if name in _PARAGRAPHS and not (self.lists and name in ("ul", "ol")) and not self.bullet:
            self.blank = True
        if self.containers and self.containers[-1][0] == name:
            tag, depth = self.containers[-1]
            self.containers[-1] = (tag, depth + 1)

    def _mark_history(self, name: str, rest: str) -> None:
        if ("class" not in rest and "id" not in rest) or len(rest) > 4_000:
            return
        if self.history_from is None and _HISTORY_FOLLOWS.search(rest):
            self._break()
            self.history_from = len(self.lines)
        elif not self.containers and name != "hr" and _HISTORY.search(rest):
            self._break()
            self.containers.append((name, 0))

    def _text(self, text: str) -> None:
        if self.pre:
            first, *others = text.expandtabs().split("\n")
            self._put(first)
            for line in others:
                self._break(force=True)
                self._put(line)
            return
        words = text.split()
        if not words:
            self.space = self.space or bool(text)
            return
        if text[0].isspace():
            self.space = True
        self._put(" ".join(words))
        self.space = text[-1].isspace()

    def _put(self, text: str) -> None:
        if not text:
            return
        if not self.pieces:
            if self.blank and self.lines:
                self._line("")
            self.blank = False
            indent = "  " * min(max(0, len(self.lists) - 1), _MAX_LIST)
            if self.bullet:
                self.pieces.append(indent + self.bullet)
                self.bullet = ""
            elif self.lists and not self.pre:
                self.pieces.append(indent + "  ")
        elif self.space:
            self.pieces.append(" ")
        self.space = False
        self.pieces.append(text)

    def _line(self, text: str) -> None:
        if self.containers:
            self.history.add(len(self.lines))
        prefix = "> " * min(self.quote, _MAX_QUOTE_SHOWN)
        line = (prefix + text).rstrip()
        self.size += len(line) + 1
        self.lines.append(line)

    def _break(self, *, force: bool = False) -> None:
        """Ends the line; an empty one is kept only when ``force`` says so."""
        if self.pieces:
            self._line("".join(self.pieces))
            self.pieces.clear()
        elif force:
            if self.blank and self.lines:
                self._line("")
                self.blank = False
            elif len(self.lines) < 2 or self.lines[-1].strip("> ") or self.lines[-2].strip("> ") or self.pre:
                self._line("")
        self.space = False
        if self.link is not None:
            self.link = (self.link[0], 0)

    def _end_link(self) -> None:
        if self.link is None:
            return
        (target, start), self.link = self.link, None
        shown = "".join(self.pieces[start:]).strip()
        if target and not _same_target(shown, target):
            self.space = bool(self.pieces)
            self._put(f"<{target}>")

    def _start_link(self, rest: str) -> None:
        self._end_link()
        target = attributes(rest).get("href", "").strip()
        target = "".join(target.split()) if _SHOWN_LINK.match(target) else ""
        if target:
            self.link = (target[:2_000], len(self.pieces))

    def _start_image(self, rest: str) -> None:
        found = attributes(rest)
        if found.get("width") in ("0", "1") or found.get("height") in ("0", "1"):
            return
        description = " ".join(found.get("alt", "").split())[:300]
        if description:
            self._put(f"[{description}]")

    def _start_row(self, rest: str) -> None:
        self.cells = 0

    def _start_cell(self, rest: str) -> None:
        if self.cells and self.pieces:
            self._put_raw(" | " if self.ruled and self.ruled[-1] else "  ")
        self.cells += 1

    def _put_raw(self, text: str) -> None:
        self.pieces.append(text)
        self.space = False

    def _start_heading_cell(self, rest: str) -> None:
        if self.ruled:
            self.ruled[-1] = True
        self._start_cell(rest)

    def _start_table(self, rest: str) -> None:
        border = attributes(rest).get("border", "") if "border" in rest else ""
        self.ruled.append(border not in ("", "0"))

    def _start_item(self, rest: str) -> None:
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.bullet = f"{self.lists[-1]}. "
        else:
            self.bullet = "* "

    def _start_ordered(self, rest: str) -> None:
        start = attributes(rest).get("start", "1")
        self.lists.append(int(start) - 1 if start.isdecimal() and len(start) < 7 else 0)

    def _start_unordered(self, rest: str) -> None:
        self.lists.append(-1)

    def _start_quote(self, rest: str) -> None:
        if self.blank and self.lines:
            self._line("")
        self.blank = False
        self.quote += 1

    def _start_pre(self, rest: str) -> None:
        self.pre += 1

    def _start_rule(self, rest: str) -> None:
        self._put("-" * 40)
        self._break()

    def _start_break(self, rest: str) -> None:
        self._break(force=True)


_STARTS: Final = {
    "a": _Renderer._start_link,
    "img": _Renderer._start_image,
    "tr": _Renderer._start_row,
    "td": _Renderer._start_cell,
    "th": _Renderer._start_heading_cell,
    "table": _Renderer._start_table,
    "li": _Renderer._start_item,
    "ol": _Renderer._start_ordered,
    "ul": _Renderer._start_unordered,
    "blockquote": _Renderer._start_quote,
    "pre": _Renderer._start_pre,
    "hr": _Renderer._start_rule,
    "br": _Renderer._start_break,
}


def _is_hidden(rest: str) -> bool:
    found = attributes(rest)
    return "hidden" in found or bool(_HIDDEN.search(found.get("style", "")))


def _same_target(shown: str, target: str) -> bool:
    """Whether the text of a link already says where it leads."""
    bare = target.lower().removeprefix("mailto:").removeprefix("tel:")
    seen = shown.lower().strip("<>()[] ")
    if seen in (bare, target.lower()):
        return True
    bare = bare.split("?", 1)[0] if target.lower().startswith("mailto:") else bare
    bare = bare.removeprefix("https://").removeprefix("http://").rstrip("/")
    return seen.removeprefix("https://").removeprefix("http://").rstrip("/") == bare
