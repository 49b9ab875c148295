"""Texts in a notation that few programs write any more, as plain text: text/enriched (RFC 1896), text/richtext (RFC 1341), RTF."""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.charsets import tidy
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.mime import Tree, leaves
from tui_desk.mail.rtf import MAX_RTF, rtf_content

ENRICHED: Final = frozenset({"text/enriched", "text/richtext"})
RTF: Final = frozenset({"application/rtf", "text/rtf", "application/x-rtf", "text/x-rtf"})

_TAG: Final = re.compile(r"<<|<(/?)([A-Za-z0-9-]{1,60})>")
_BREAKS: Final = re.compile(r"\n+")
_WRITTEN: Final = {"nl": "\n", "lt": "<", "np": "\n", "paragraph": "\n"}
"""Commands of text/richtext that stand for characters (RFC 1341, 7.1.3)."""
_ALONE: Final = frozenset(("nl", "lt", "np"))
_UNSEEN: Final = frozenset(("param", "comment"))
_MAX_QUOTE: Final = 20


def enriched_text(text: str, *, richtext: bool = False) -> str:
    """The words of ``text`` without its commands, excerpts quoted with ``> ``. Lines are joined as RFC 1896, 4 says: one
    break is a blank, n breaks are n - 1; text/richtext has none but its own."""
    reading = _Enriched(richtext)
    done = 0
    for tag in _TAG.finditer(text):
        reading.words(text[done : tag.start()])
        done = tag.end()
        if tag[2] is None:
            reading.words("<")
        else:
            reading.command(tag[2].lower(), ends=bool(tag[1]))
    reading.words(text[done:])
    return "\n".join(
        ("> " * min(quote, _MAX_QUOTE) + "".join(pieces)).rstrip() for quote, pieces in reading.lines
    )


class _Enriched:
    """The lines read so far, each with the depth of the excerpt it lies in, and how deep in which commands the reading is."""

    def __init__(self, richtext: bool) -> None:
        self.lines: list[tuple[int, list[str]]] = [(0, [])]
        self._richtext = richtext
        self._depth: dict[str, int] = {}

    def words(self, text: str) -> None:
        if not text or any(self._depth.get(name) for name in _UNSEEN):
            return
        if self._richtext:
            text = _BREAKS.sub(" ", text)
        elif not self._depth.get("nofill"):
            text = _BREAKS.sub(lambda run: "\n" * (len(run[0]) - 1) or " ", text)
        self._put(text)

    def command(self, name: str, *, ends: bool) -> None:
        if self._richtext and name in _WRITTEN:
            if name in _ALONE or ends:
                self._put(_WRITTEN[name])
            return
        self._depth[name] = max(0, self._depth.get(name, 0) + (-1 if ends else 1))
        if name == "excerpt":
            if any(piece.strip() for piece in self.lines[-1][1]):
                self._put("\n")
            self.lines[-1] = (self._depth[name], self.lines[-1][1])

    def _put(self, text: str) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                self.lines.append((self._depth.get("excerpt", 0), []))
            if part:
                self.lines[-1][1].append(part)


def rtf_text(rtf: bytes) -> str:
    """The text of an RTF document; "" where it has none."""
    text, is_html = rtf_content(rtf[:MAX_RTF])
    return tidy(html_to_text(text).text if is_html else text).strip()


def text_of_rtf_part(tree: Tree) -> str:
    """The text of the first RTF document that is not marked as an attachment."""
    for part in leaves(tree.root):
        if part.content_type in RTF and part.disposition != "attachment":
            return rtf_text(tree.content(part))
    return ""
