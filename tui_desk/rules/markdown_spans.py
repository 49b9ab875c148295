"""What is Markdown in a line that is being written, so that it can be shown while one types.

A hint, not a reader: one line at a time, in time linear to its length. What leaves is read by ``mail.markdown``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 2_000
"""Characters of a line beyond which it is shown plain."""
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
_QUOTE = re.compile(r"(?: {0,3}> ?)+")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?=\s)")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_INLINE = re.compile(
    r"""(?P<escape>\\[!-/:-@\[-`{-~])
    | (?P<code>(?<!`)(?P<ticks>`{1,3})(?!`)[^\n]*?(?<!`)(?P=ticks)(?!`))
    | (?P<url>(?:https?://|mailto:)[^\s<>"]+ | <[^\s<>]+@[^\s<>]+>)
    | (?P<link>!?\[[^\[\]\n]{0,500}\]\([^()\s]{1,1000}\))
    | (?P<strong>(?P<two>\*\*|__)(?=\S)[^*_\n]{1,1000}?(?<=\S)(?P=two))
    | (?P<strike>~~(?=\S)[^~\n]{1,1000}?(?<=\S)~~)
    | (?P<emphasis>(?:(?<![\w*])\*(?=[^\s*])[^*\n]{1,1000}?(?<=[^\s*])\*(?!\*)
        | (?<![\w_])_(?=[^\s_])[^_\n]{1,1000}?(?<=[^\s_])_(?!\w)))""",
    re.VERBOSE,
)
_KINDS = ("code", "url", "link", "strong", "strike", "emphasis")


class Span(NamedTuple):
    """Characters ``start`` to ``end`` of a line are ``kind``: heading, quote, item, rule, fence, code, url, link, strong, strike,
    emphasis."""

    start: int
    end: int
    kind: str


def code_lines(lines: Iterable[str]) -> frozenset[int]:
    """The places of lines that stand in fenced code, the fences themselves among them."""
    found: list[int] = []
    fence = ""
    for place, line in enumerate(lines):
        begun = _FENCE.match(line)
        if fence:
            found.append(place)
            if begun and begun[1].startswith(fence) and not line[begun.end() :].strip():
                fence = ""
        elif begun and not (begun[1][0] == "`" and "`" in line[begun.end() :]):
            found.append(place)
            fence = begun[1]
    return frozenset(found)


def spans(line: str, in_code: bool = False) -> tuple[Span, ...]:
    """What is Markdown in ``line``; ``in_code``: it stands in fenced code. Spans of the line come first, those within it behind."""
    if not line or len(line) > LONGEST:
        return ()
    if in_code:
        return (Span(0, len(line), "code"),)
    if _RULE.match(line):
        return (Span(0, len(line), "rule"),)
    found: list[Span] = []
    begin = 0
    if _HEADING.match(line):
        found.append(Span(0, len(line), "heading"))
    elif quote := _QUOTE.match(line):
        found.append(Span(0, len(line), "quote"))
        begin = quote.end()
    if item := _ITEM.match(line, begin):
        found.append(Span(item.start(), item.end(), "item"))
        begin = item.end()
    for part in _INLINE.finditer(line, begin):
        kind = next((kind for kind in _KINDS if part[kind]), "")
        if kind:
            found.append(Span(part.start(), part.end(), kind))
    return tuple(found)
