"""Where the signature of a text begins: the delimiter of RFC 3676, lines that devices add, closings with a name, disclaimers.

In doubt a line is no signature: a closing followed by a sentence, a rule between two paragraphs, "sent via DHL" stay.
"""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.attribution import BARE
from tui_desk.mail.phrases import (
    CLOSING,
    DEVICE,
    DEVICE_WORD,
    DISCLAIMER_ADDRESSEE,
    DISCLAIMER_BEGINS,
    DISCLAIMER_DEED,
    DISCLAIMER_OPENING,
    DISCLAIMER_SECRET,
    SENT_FROM,
    THANKS,
)

_STRICT: Final = re.compile(r"^(?:--[ \xa0]|[—–])\s*$")
_BARE_DASHES: Final = re.compile(r"^--\s*$")
_RULE: Final = re.compile(r"^\s*(?:[-_=*~–—―─━═＝＿＊☆★◆◇■□●○]\s?){3,}\s*$")
_DRAWN: Final = "-_=*~–—―─━═＝＿＊☆★◆◇■□●○"
"""What the delimiters above are made of; asked first, for most lines begin with a letter."""
_CONTACT: Final = re.compile(
    r"@|https?://|www\.|\b(?:tel|telefon|teléfono|tél|phone|mobile|mobil|fax|cell|skype|web|www|e-?mail)\b|\+?\d[\d ()./-]{6,}\d|\b(?:gmbh|inc|ltd|llc|s\.?a\.?|s\.?l\.?|ag|corp|b\.?v\.?)\b",
    re.IGNORECASE,
)
_FINITE_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|could|will|would|i|we|you)\b", re.IGNORECASE
)
_NAME: Final = re.compile(
    r"^[^\W\d_a-z][\w.'-]*(?:\s(?:(?:de|del|della|di|da|dos|du|la|le|van|von|der|den|ter|bin|al|el|y|i|e|&)\s){0,2}[^\W\d_a-z][\w.'-]*){0,4}[,.]?$"
)
_DASHED_NAME: Final = re.compile(r"^[-–—~]{1,2}\s?[^\W\d_a-z][\w.'-]*(?:\s[^\W\d_a-z][\w.'-]*){0,3}$")
_INNER_END: Final = re.compile(r"[.!?…。？！]+[\"')\]]*(?:\s|$)")
_SENTENCE_END: Final = re.compile(r"[.?!…。？！]+[\"')\]]*$")
_LIST_WORD: Final = re.compile(
    r"mailing[- ]?list|unsubscribe|abmelden|désabonn|baja\b|groups\b", re.IGNORECASE
)
_POSTSCRIPT: Final = re.compile(r"^\W{0,3}(?:p\.?\s?s\b|n\.?b\b|ps\s?:)", re.IGNORECASE)
_AROUND_CLOSING: Final = (
    " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000*_>,.!;:)、。，！"
    + "".join(map(chr, range(0x2000, 0x200B)))
)
_NO_LETTERS: Final = "".join(char for char in map(chr, range(128)) if not char.isalnum())
_ADJECTIVES: Final = ("many", "my ", "kind", "warm", "best", "with")
LONGEST_CLOSING: Final = 60
MAX_SIGNATURE_LINES: Final = 40
MAX_RULED_LINES: Final = 14
MAX_BARE_LINES: Final = 14
MAX_CLOSING_LINES: Final = 8
MAX_CLOSING_LINE: Final = 70
MAX_DISCLAIMER_LINES: Final = 30
MIN_DISCLAIMER: Final = 120
MIN_PROSE: Final = 60
MIN_UNDERSCORES: Final = 8


def signature_start(lines: list[str]) -> int:
    """The number of the first line of the signature in ``lines`` (the author's own), ``len(lines)`` where there is none."""
    if not all(map(str.isascii, lines)):
        lines = [line if line.isascii() else line.translate(BARE) for line in lines]
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if len(filled) < 2:
        return len(lines)
    start = _by_disclaimer(lines, filled, len(lines))
    start = _by_delimiter(lines, _before(filled, start, lines), start)
    if start < len(lines):  # what is last now may be such a notice, too
        start = _by_disclaimer(lines, _before(filled, start, lines), start)
    for find in (_by_device, _by_closing):
        start = find(lines, _before(filled, start, lines), start)
    return start


def _before(filled: list[int], start: int, lines: list[str]) -> list[int]:
    return filled if start == len(lines) else [number for number in filled if number < start]


def _by_delimiter(lines: list[str], filled: list[int], start: int) -> int:
    tail = filled[-MAX_SIGNATURE_LINES:]
    sections = bool(filled) and bool(_RULE.match(lines[filled[0]]))
    for position, number in enumerate(tail):
        if lines[number].lstrip()[0] not in _DRAWN or number == filled[0]:
            continue
        line, rest = lines[number].rstrip("\n"), tail[position + 1 :]
        if _STRICT.match(line) or (_BARE_DASHES.match(line) and not _is_prose(lines, rest)):
            return number
        if not _RULE.match(line):
            continue
        told = any(_CONTACT.search(lines[other]) for other in rest)
        parts = sections or (position > 0 and lines[tail[position - 1]].rstrip().endswith((":", "：")))
        ruled = 0 < len(rest) <= MAX_RULED_LINES and (told or not parts)
        if ruled and _looks_signed(lines, rest, underscored=line.count("_") >= MIN_UNDERSCORES):
            return number
        sections = True
    return start


def _is_prose(lines: list[str], rest: list[int]) -> bool:
    """Whether the lines below two dashes are further paragraphs rather than a name and an address."""
    if len(rest) > MAX_BARE_LINES:
        return True
    texts = [lines[number].strip() for number in rest]
    if any(map(_CONTACT.search, texts)) or _is_disclaimer(" ".join(texts)):
        return False
    sentences = sum(len(_INNER_END.findall(text)) for text in texts if _is_sentence(text))
    return sentences >= 2 and sentences * 2 >= len(texts) and sum(map(len, texts)) >= MIN_PROSE


def _looks_signed(lines: list[str], rest: list[int], *, underscored: bool) -> bool:
    texts = [lines[number].strip() for number in rest]
    short = sum(len(text) <= MAX_CLOSING_LINE for text in texts)
    if short < len(texts) and not all(len(text) <= 120 for text in texts):
        return False
    if (
        sum(_is_sentence(text) and len(text) > 40 and not _LIST_WORD.search(text) for text in texts)
        > underscored
    ):
        return False
    first = texts[0].strip("*_ ")
    told = bool(_NAME.match(first) or CLOSING.match(first) or _is_device(first) or _LIST_WORD.search(first))
    if any(_CONTACT.search(text) or _is_device(text) for text in texts):
        return told or underscored
    return short == len(texts) <= 3 and not texts[-1].endswith(("?", "？")) and (told or underscored)


def _by_disclaimer(lines: list[str], filled: list[int], start: int) -> int:
    """The last paragraphs of the text that are nothing but a notice of confidentiality or "think before you print"."""
    left = filled[1:][-MAX_DISCLAIMER_LINES:]
    while left:
        first = len(left) - 1
        while first and left[first - 1] == left[first] - 1:
            first -= 1
        left, paragraph = left[:first], left[first:]
        text = " ".join(lines[number].strip() for number in paragraph)[:2_000]
        if not (_opens_disclaimer(text) or _is_disclaimer(text)):
            break
        if lines[paragraph[0] - 1].strip():
            break
        start = paragraph[0]
    return start


def _opens_disclaimer(text: str) -> bool:
    """Whether a paragraph begins as a notice does; what its first letters rule out is not searched."""
    if text.isascii() and text.lstrip(_NO_LETTERS)[:3].lower() not in DISCLAIMER_BEGINS:
        return False
    return DISCLAIMER_OPENING.match(text) is not None


def _is_disclaimer(text: str) -> bool:
    """Whether a long paragraph speaks of a secret, of the addressee and of what others must not do with it."""
    if len(text) < MIN_DISCLAIMER:
        return False
    text = text.lower()
    for words in (DISCLAIMER_SECRET, DISCLAIMER_ADDRESSEE, DISCLAIMER_DEED):
        for word in words:
            if word in text:
                break
        else:
            return False
    return True


def _by_device(lines: list[str], filled: list[int], start: int) -> int:
    """Takes the lines at the end that a device or program added (one may be wrapped), and a lone name above them."""
    below = ""
    found = False
    position = len(filled) - 1
    while position > 0:
        line = lines[filled[position]].strip()
        if _is_device(line) or _is_device(f"{line} {below}".strip()):
            start, below, found = filled[position], "", True
        elif below or len(line) > MAX_CLOSING_LINE or (found and not line.startswith("<http")):
            break
        else:
            below = line
        position -= 1
    at = next((place for place, number in enumerate(filled) if number >= start), len(filled)) - 1
    if found and at > 0 and not lines[filled[at] - 1].strip() and _NAME.match(lines[filled[at]].strip()):
        return filled[at]
    return start


def _is_device(line: str) -> bool:
    """Whether a line says how the message was written: it names a device or program, or says "sent from"."""
    if len(line) > 200 or not DEVICE.match(line) or _FINITE_VERB.search(line):
        return False
    return bool(DEVICE_WORD.search(line)) or (len(line) <= 40 and bool(SENT_FROM.match(line)))


def _by_closing(lines: list[str], filled: list[int], start: int) -> int:
    """A closing ("Regards,") near the end, followed by names and addresses, with text before it."""
    tail = filled[1:][-(MAX_CLOSING_LINES + 1) :]
    for number in tail:
        line = lines[number][:80]
        if _is_long(line) or not CLOSING.match(line):
            continue
        rest = [lines[other].strip() for other in filled if other > number]
        if not rest and start == len(lines):
            return start
        if all(map(_may_be_signature, rest)) and (not rest or _is_signed(rest, bool(THANKS.match(line)))):
            return number
    last = filled[-1] if filled else 0
    if (
        last
        and _DASHED_NAME.match(lines[last].strip())
        and not lines[filled[-2]].lstrip().startswith(("-", "*"))
    ):
        return last
    return start


def _is_long(line: str) -> bool:
    """Whether a line is longer than any closing; only one of many adjectives ("with my kindest regards") has no end."""
    if len(line) <= LONGEST_CLOSING:
        return False
    core = line.strip(_AROUND_CLOSING)
    return len(core) > LONGEST_CLOSING and core.isascii() and not core[:4].lower().startswith(_ADJECTIVES)


def _is_signed(rest: list[str], thanks: bool) -> bool:
    """Whether the first line below a closing is a name, an address or another closing; stricter below mere thanks."""
    first = rest[0].strip("*_ ")
    if _NAME.match(first) or _CONTACT.search(first) or (CLOSING.match(first) and len(rest) > 1):
        return True
    unspaced = not first.isascii() and not any(char.islower() or char.isupper() for char in first)
    return not thanks and (unspaced or (len(first.split()) <= 4 and first[:1] != "/"))


def _may_be_signature(line: str) -> bool:
    """Whether a line can belong to a signature: short, no postscript, no sentence."""
    if len(line) > MAX_CLOSING_LINE or _POSTSCRIPT.match(line) or _is_sentence(line):
        return False
    words = line.split()
    lower = sum(word[:1].islower() for word in words)
    return not (lower >= 4 and lower * 2 > len(words)) or bool(_CONTACT.search(line))


def _is_sentence(line: str) -> bool:
    return bool(_SENTENCE_END.search(line)) and line.count(" ") >= 3 and not _CONTACT.search(line)
