"""Where words stand in lines of text: without regard to case and accents, also across a line's end. No Textual here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

Spans = dict[int, tuple[tuple[int, int], ...]]
"""By line: the places in it, each from its first character to behind its last one."""


@lru_cache(maxsize=4_096)
def _plain(char: str) -> str:
    """One character for one, so that places stay what they are."""
    small = unicodedata.normalize("NFD", char)[0].lower()
    return small if len(small) == 1 else char


def folded(text: str) -> str:
    """``text`` without case and accents, as long as before."""
    return text.lower() if text.isascii() else "".join(map(_plain, text))


def holds(text: str, wanted: str) -> bool:
    """Whether ``text`` may have the first word of ``wanted`` (folded already): a quick look before lines are made."""
    words = wanted.split()
    return bool(words) and words[0] in folded(text)


def found_in(lines: Sequence[str], wanted: str) -> list[Spans]:
    """Every place of ``wanted`` (folded already): the lines it is in, the first one first.

    A blank in ``wanted`` is also the end of a line, so that a phrase is found where it was wrapped.
    """
    found: list[Spans] = []
    if not wanted.strip():
        return found
    texts = [folded(line).rstrip() for line in lines]
    for number, text in enumerate(texts):
        joined = f"{text} {texts[number + 1].lstrip()}" if number + 1 < len(texts) else text
        behind = 0
        while (start := joined.find(wanted, behind)) != -1 and start < len(text):
            behind = start + len(wanted)
            spans: Spans = {number: ((start, min(behind, len(text))),)}
            over = behind - len(text) - 1
            if over > 0:
                indent = len(texts[number + 1]) - len(texts[number + 1].lstrip())
                spans[number + 1] = ((indent, indent + over),)
            found.append(spans)
    return found
