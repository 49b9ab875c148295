"""The readable text of a mail: the plain part where it is usable, else the HTML turned into text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.containers import ENCRYPTED_PGP, open_containers
from tui_desk.mail.html_text import html_to_text
from tui_desk.mail.inside_text import without_files, without_yenc
from tui_desk.mail.limits import MAX_TEXT
from tui_desk.mail.marked_text import ENRICHED, RTF, enriched_text, rtf_text, text_of_rtf_part
from tui_desk.mail.mime import Part, Tree, readable_parts

# Plain parts that only say that there is an HTML part.
_NO_TEXT: Final = re.compile(
    r"html[- ]?(?:e-?)?(?:mail|message|format|version|capable|compatible|enabled|part|view)|(?:support|display|view|read|show)s?\b.{0,40}\bhtml|"
    r"view (?:this|the) (?:e-?mail|message|newsletter).{0,30}(?:browser|online)|im html-format|au format html|en formato html|no text (?:version|part|body)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Readable:
    """The text, its HTML source if any, lines of history known from the HTML, and the parts it was made of."""

    text: str
    html: str | None
    history: frozenset[int]
    history_from: int | None
    parts: tuple[Part, ...]


def readable(tree: Tree) -> Readable:
    """The readable text of ``tree``; decodes and reads each text part once."""
    open_containers(tree)
    plain, html, _ = readable_parts(tree)
    texts = {
        part.index: _text(tree, part) for part in {part.index: part for part in (*plain, *html)}.values()
    }
    markup = "\n".join(texts[part.index] for part in html if part.content_type == "text/html") or None
    shown = plain if _usable(plain, html, texts) else html
    pieces: list[str] = []
    history: set[int] = set()
    history_from: int | None = None
    line = 0
    for part in shown:
        text = texts[part.index]
        if not text and len(shown) > 1:
            continue
        if part.content_type == "text/html":
            found = html_to_text(text)
            text = found.text
            if found.cut:
                tree.note("HTML too long to be shown whole")
            history.update(number + line for number in found.history)
            if history_from is None and found.history_from is not None:
                history_from = line + found.history_from
        if pieces and not pieces[-1].endswith("\n"):
            pieces[-1] += "\n"
            text, line = text, line
        pieces.append(text)
        line += text.count("\n") + (0 if text.endswith("\n") else 1)
    joined = "".join(pieces)
    if not joined.strip():
        joined = text_of_rtf_part(tree) or joined
    if len(joined) > MAX_TEXT:
        tree.note("text longer than 2,000,000 characters")
        joined = joined[:MAX_TEXT]
    parts = {part.index: part for part in (*plain, *html)}
    return Readable(joined, markup, frozenset(history), history_from, tuple(parts.values()))


def _text(tree: Tree, part: Part) -> str:
    """The text of ``part``; files written into it become parts of their own."""
    if part.content_type in ENRICHED:
        return enriched_text(tree.text(part), richtext=part.content_type == "text/richtext")
    if part.content_type in RTF:
        return rtf_text(tree.content(part))
    if part.content_type != "text/plain":
        return tree.text(part)
    data, found = without_yenc(tree.content(part))
    text, more, encrypted = without_files(tree.text(part, data if found else None))
    if encrypted:
        tree.note(ENCRYPTED_PGP)
    for file in (*found, *more):
        tree.add_inside(file.name, file.content_type, file.content)
    return text


def _usable(plain: list[Part], html: list[Part], texts: dict[int, str]) -> bool:
    """Whether the plain part says what the HTML part says; some senders leave it empty or put an excuse in it."""
    markup = [part for part in html if part.content_type == "text/html" and part not in plain]
    if not markup:
        return True
    text = "".join(texts[part.index] for part in plain).strip()
    if not text:
        return False
    if len(text) < 400 and _NO_TEXT.search(text):
        return False
    return not (text[:1] == "<" and re.match(r"<(?:!doctype|html|body|div|table)\b", text, re.IGNORECASE))
