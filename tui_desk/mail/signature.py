"""Where the signature of a text begins: the delimiter of RFC 3676, lines that devices add, closings with a name."""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.phrases import CLOSING, DEVICE

_STRICT: Final = re.compile(r"^(?:-- ?|— ?|– ?|--\xa0)$")
_RULE: Final = re.compile(r"^\s*(?:[-_=*~–—]\s?){3,}\s*$")
_CONTACT: Final = re.compile(
    r"@|https?://|www\.|\b(?:tel|telefon|teléfono|tél|phone|mobile|mobil|fax|cell|skype|web|www|e-?mail)\b|\+?\d[\d ()./-]{6,}\d|\b(?:gmbh|inc|ltd|llc|s\.?a\.?|s\.?l\.?|ag|corp|b\.?v\.?)\b",
    re.IGNORECASE,
)
_FINITE_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|i|we|you)\b", re.IGNORECASE
)
_NAME: Final = re.compile(r"^[^\W\d_a-z][\w.'-]*(?:\s[^\W\d_a-z][\w.'-]*){0,3}$")
_DASHED_NAME: Final = re.compile(r"^[-–—~]{1,2}\s?[^\W\d_a-z][\w.'-]*(?:\s[^\W\d_a-z][\w.'-]*){0,3}$")
_SENTENCE_END: Final = re.compile(r"[.?!…][\"')\]]*$")
MAX_SIGNATURE_LINES: Final = 40
MAX_RULED_LINES: Final = 14
MAX_CLOSING_LINES: Final = 8
MAX_CLOSING_LINE: Final = 70


def signature_start(lines: list[str]) -> int:
    """The number of the first line of the signature in ``lines`` (the author's own), ``len(lines)`` where there is none."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return len(lines)
    start = _by_delimiter(lines, filled)
    filled = [number for number in filled if number < start]
    start = _by_device(lines, filled, start)
    filled = [number for number in filled if number < start]
    return _by_closing(lines, filled, start)


def _by_delimiter(lines: list[str], filled: list[int]) -> int:
    tail = filled[-MAX_SIGNATURE_LINES:]
    for position, number in enumerate(tail):
        if number == filled[0]:
            continue
        if _STRICT.match(lines[number].rstrip("\n")):
            return number
        rest = tail[position + 1 :]
        if _RULE.match(lines[number]) and 0 < len(rest) <= MAX_RULED_LINES and _looks_signed(lines, rest):
            return number
    return len(lines)


def _looks_signed(lines: list[str], rest: list[int]) -> bool:
    texts = [lines[number].strip() for number in rest]
    short = sum(len(text) <= MAX_CLOSING_LINE for text in texts)
    if short < len(texts) and not all(len(text) <= 120 for text in texts):
        return False
    if any(_CONTACT.search(text) or DEVICE.match(text) for text in texts):
        return True
    return len(texts) <= 3 and short == len(texts)


def _by_device(lines: list[str], filled: list[int], start: int) -> int:
    """Takes the lines at the end that a device or program added (one may be wrapped), and a lone name above them."""
    below = ""
    position = len(filled) - 1
    while position > 0:
        line = lines[filled[position]].strip()
        if _is_device(line) or _is_device(f"{line} {below}".strip()):
            start, below = filled[position], ""
        elif below or len(line) > MAX_CLOSING_LINE or (start < len(lines) and not line.startswith("<http")):
            break
        else:
            below = line
        position -= 1
    at = next((place for place, number in enumerate(filled) if number >= start), len(filled)) - 1
    if (
        start < len(lines)
        and at > 0
        and not lines[filled[at] - 1].strip()
        and _NAME.match(lines[filled[at]].strip())
    ):
        return filled[at]
    return start


def _is_device(line: str) -> bool:
    return len(line) <= 200 and bool(DEVICE.match(line)) and not _FINITE_VERB.search(line)


def _by_closing(lines: list[str], filled: list[int], start: int) -> int:
    """A closing ("Regards,") near the end, followed by short lines that are no sentences, with text before it."""
    tail = filled[1:][-(MAX_CLOSING_LINES + 1) :]
    for number in tail:
        if not CLOSING.match(lines[number][:80]):
            continue
        rest = [lines[other].strip() for other in filled if other > number]
        if not rest and start == len(lines):
            return start
        # "/Jef" is written by hand, no signature a program adds
        if all(
            len(line) <= MAX_CLOSING_LINE and line[:1] != "/" and not _is_sentence(line) for line in rest
        ):
            return number
    last = filled[-1] if filled else 0
    if (
        last
        and _DASHED_NAME.match(lines[last].strip())
        and not lines[filled[-2]].lstrip().startswith(("-", "*"))
    ):
        return last
    return start


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line)) and line.count(" ") >= 3 and not _CONTACT.search(line)
