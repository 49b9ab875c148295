"""HTML cut into tags and text in linear time, whatever it is made of.

The standard library's ``html.parser`` searches to the end of the document again for every tag that does not close
(quadratic: 200 kB of ``<a `` take minutes) and ``html.unescape`` raises on numbers of thousands of digits.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final

_NAME: Final = re.compile(r"/?([a-zA-Z][a-zA-Z0-9:_-]{0,30})")
_ATTRIBUTE: Final = re.compile(r"""([a-zA-Z][\w:-]{0,40})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
_RAW_TEXT: Final = {
    name: re.compile(rf"</{name}\b", re.IGNORECASE)
    for name in ("script", "style", "title", "textarea", "noembed", "iframe")
}
_MAX_TAG: Final = 16_000

Token = tuple[str, str, str]
"""(kind, name, rest): kind is "text", "start", "end" or "sheet"; ``rest`` is the text, the attributes as written, or CSS."""


def tokens(markup: str) -> Iterator[Token]:
    """The tags, texts and style sheets of ``markup``; comments, declarations and the content of scripts are left out."""
    at, length, closes = 0, len(markup), markup.rfind(">")
    comment_ends = markup.rfind("-->")
    never_closed: set[str] = set()
    while at < length:
        opened = markup.find("<", at)
        if opened < 0 or opened > closes:
            yield "text", "", text_of(markup[at:])
            return
        if opened > at:
            yield "text", "", text_of(markup[at:opened])
        at = opened + 1
        if markup.startswith("!--", at):
            if markup.startswith((">", "->"), at + 3):
                at = markup.find(">", at) + 1
            elif at + 3 <= comment_ends:
                at = markup.find("-->", at + 3) + 3
            else:
                at = markup.find(">", at) + 1
            continue
        if markup[at : at + 1] in ("!", "?"):
            at = markup.find(">", at) + 1
            continue
        name = _NAME.match(markup, at)
        if name is None:
            yield "text", "", "<"
            continue
        end = _tag_end(markup, name.end())
        kind = "end" if markup[at] == "/" else "start"
        tag = name[1].lower()
        yield kind, tag, markup[name.end() : end]
        at = end + 1
        if kind == "start" and tag in _RAW_TEXT and tag not in never_closed:
            closing = _RAW_TEXT[tag].search(markup, at)
            if closing:
                yield from _inside(tag, markup[at : closing.start()])
                at = closing.start()
            else:
                never_closed.add(tag)


def _inside(tag: str, content: str) -> tuple[Token, ...]:
    """What counts of an element in which there are no tags: a style sheet, and what was filled into a form."""
    if tag == "style":
        return (("sheet", tag, content),)
    return (("text", "", text_of(content.removeprefix("\n"))),) if tag == "textarea" else ()


def _tag_end(markup: str, start: int) -> int:
    """Where the ``>`` of the tag is: one inside a quoted value does not count, unless the quote never closes."""
    end = markup.find(">", start)
    inside = markup[start : min(end, start + _MAX_TAG)]
    if inside.count('"') % 2 == 0 and inside.count("'") % 2 == 0:
        return end
    limit = start + _MAX_TAG
    quote = ""
    for match in _QUOTE_OR_END.finditer(markup, start, min(len(markup), limit)):
        char = match[0]
        if quote:
            quote = "" if char == quote else quote
        elif char == ">":
            return match.start()
        elif markup[match.start() - 1] in "= \t\n":
            quote = char
    return end


_QUOTE_OR_END: Final = re.compile(r"[\"'>]")


def attributes(rest: str) -> dict[str, str]:
    """The attributes of a tag by lower-case name, entities replaced; the first of equal ones counts."""
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(rest[:_MAX_TAG]):
        value = match[2] or match[3] or match[4] or ""
        found.setdefault(match[1].lower(), text_of(value) if "&" in value else value)
    return found


def text_of(text: str) -> str:
    """``text`` with character references replaced; those that are absurd stay as written."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except (ValueError, OverflowError):
        return _ABSURD.sub("", text) if len(text) > 4_000 else text


_ABSURD: Final = re.compile(r"&#[0-9a-fA-FxX]{20,};?")
