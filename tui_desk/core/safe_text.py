"""Text from outside made safe to show: the border every mail, name, header, server reply and import crosses.

What a stranger can write is a program for a terminal: escape sequences make it answer with keys, overrides turn
``exe.pdf`` round, invisible characters hide half an address, and characters of doubtful width push the next column
out of its place. These functions let none of that through, and keep what a person reads.

* one line (subjects, names, cells):         :func:`safe_line`
* several lines (bodies, errors):            :func:`safe_block`
* a name to write a file under:              :func:`safe_filename`
* a file name or link to be judged by eye:   :func:`visible_name`
* an address to be judged by eye:            :func:`visible_address`
* a text to be kept exactly as it was typed: :func:`storable`

All of them are total (any ``str``, lone surrogates included) and idempotent, and none changes printable ASCII.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = [
    "LINE_LIMIT",
    "TEXT_LIMIT",
    "safe_block",
    "safe_filename",
    "safe_line",
    "storable",
    "visible_address",
    "visible_name",
]

LINE_LIMIT = 1_000
"""Characters of one line, unless asked otherwise."""
TEXT_LIMIT = 2_000_000
"""Characters of a text of several lines, unless asked otherwise."""
FILENAME_BYTES = 200
"""Longest file name in bytes of UTF-8 (file systems take 255; encrypted ones about 140 characters less)."""

_ELLIPSIS = "…"
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_MARKS_KEPT = 3
_TAB = 8
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ASCII_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ASCII_CONTROL_IN_BLOCK = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")

# Default-ignorable letters and symbols that str.isprintable() takes for visible, or that terminals disagree about.
_INVISIBLE = frozenset[str]().union(
    *(
        map(chr, range(first, last + 1))
        for first, last in (
            (0x00AD, 0x00AD),  # soft hyphen
            (0x034F, 0x034F),  # combining grapheme joiner
            (0x115F, 0x1160),  # Hangul fillers
            (0x17B4, 0x17B5),
            (0x180B, 0x180F),  # Mongolian selectors
            (0x3164, 0x3164),
            (0xFE00, 0xFE0F),  # variation selectors: they change a width after the fact
            (0xFFA0, 0xFFA0),
            (0xE0000, 0xE0FFF),  # tags and more variation selectors
        )
    )
)
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_SKIN_TONES = frozenset(chr(point) for point in range(0x1F3FB, 0x1F400))
_REGIONAL_A = 0x1F1E6
_JAMO = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")


@lru_cache(maxsize=8192)
def _shown(char: str) -> str:
    """What stands for one character on a line: itself, a visible sign, a blank or nothing."""
    point = ord(char)
    if 0x20 <= point < 0x7F:
        return char
    if point < 0x20:
        return " " if char in "\t\n\v\f\r" else chr(0x2400 + point)
    if point == 0x7F:
        return "\N{SYMBOL FOR DELETE}"
    if char in _INVISIBLE or char in _SKIN_TONES:
        return ""
    if char in _OVERRIDES:
        return _UNKNOWN
    if _REGIONAL_A <= point < _REGIONAL_A + 26:  # flags: two letters everywhere instead of two widths
        return chr(ord("A") + point - _REGIONAL_A)
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Cn"):
        return " " if point == 0x85 else _UNKNOWN
    if category == "Cf":
        return ""
    if category in ("Zl", "Zp"):
        return " "
    if category == "Zs":
        return char if point == 0x3000 else " "
    return char


@lru_cache(maxsize=8192)
def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me")


def _limit_marks(text: str, marks: frozenset[str]) -> str:
    """At most three combining marks after a character, none without one."""
    if not marks:
        return text
    some = "[" + "".join(map(re.escape, sorted(marks))) + "]"
    return re.sub(f"(?m)^{some}+|(?<={some}{{{_MARKS_KEPT}}}){some}+", "", text)


def _neutralize(text: str, *, keep: str = "") -> str:
    """Every character replaced by what may be shown for it; those in ``keep`` stay."""
    distinct = set(text)
    table = {ord(char): shown for char in distinct if char not in keep and (shown := _shown(char)) != char}
    if table:
        text = text.translate(table)
    marks = frozenset(
        char for char in distinct if char > "\u02ff" and _is_mark(char) and char not in _INVISIBLE
    )
    text = _limit_marks(text, marks)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        if marks:  # composing may decompose first (U+0344 and its like), so count again
            text = _limit_marks(text, frozenset(char for char in set(text) if _is_mark(char)))
    return _JAMO.sub(_UNKNOWN, text)  # conjoining letters that found no syllable have no certain width


def _cap(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[: max(0, limit - 1)].rstrip() + _ELLIPSIS if limit > 0 else ""


def safe_line(text: str, limit: int = LINE_LIMIT) -> str:
    """``text`` as one line that may be shown anywhere.

    In: any text, and the most characters wanted. Out: one line without control, bidirectional-control, zero-width or
    tag characters and without lone surrogates; C0 controls as control pictures, white space as blanks, other
    unprintable characters as U+FFFD; at most three combining marks in a row; ended with ``…`` where it was cut.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    cut = len(text) > limit * 4 + 64
    if cut:  # a subject of 10 MB costs no more than one that fits
        text = text[: limit * 4 + 64]
    if not text.isascii() or _ASCII_CONTROL.search(text):
        text = _neutralize(_LINE_ENDS.sub(" ", text))
    return _cap(text + _ELLIPSIS if cut else text, limit)


def safe_block(text: str, limit: int = TEXT_LIMIT) -> str:
    """``text`` of several lines that may be shown anywhere.

    As :func:`safe_line`, but ``\\n`` stays, every other line end becomes ``\\n``, and tabs are expanded to eight
    columns. ``limit`` counts characters; a text that is cut ends with ``…``.
    """
    cut = len(text) > limit
    if cut:
        text = text[:limit]
    if not text.isascii() or _ASCII_CONTROL_IN_BLOCK.search(text):
        text = _LINE_ENDS.sub("\n", text)
        if "\t" in text:
            text = text.expandtabs(_TAB)
        text = _neutralize(text, keep="\n")
        cut = cut or len(text) > limit
    return _cap(text[:limit] + _ELLIPSIS, limit) if cut else text


_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """``text`` as every database can hold it: NUL and lone surrogates become U+FFFD, everything else stays.

    For what is kept as an agent typed it (drafts, notes, answers) and made safe when it is shown. PostgreSQL refuses NUL, and
    no database takes half of a character, which is what an argument that is not UTF-8 turns into.
    """
    return _NOT_STORABLE.sub(_UNKNOWN, text)


def _escape(char: str) -> str:
    """A character that must be seen: itself, or its number where it has no shape of its own."""
    if char == " " or 0x20 < ord(char) < 0x7F:
        return char
    if _shown(char) != char:
        return f"<U+{ord(char):04X}>"
    return char


def visible_name(name: str, limit: int = 120) -> str:
    """A file name or link for the eye: nothing in it is hidden, and its end (the real extension) is always there.

    Invisible, control and direction characters are shown as ``<U+202E>``; a longer one is cut in the middle. Runs of
    blanks, which push an extension out of sight, become one.
    """
    name = name if len(name) <= 4_096 else name[:2_048] + _ELLIPSIS + name[-2_048:]
    shown = name if name.isascii() and name.isprintable() else "".join(map(_escape, name))
    shown = re.sub(r" {2,}", " ", safe_line(shown, len(shown) + 1)).strip()
    if len(shown) <= limit:
        return shown
    tail = max(1, limit // 3)
    return shown[: max(0, limit - tail - 1)] + _ELLIPSIS + shown[-tail:]


# Compiled at their first use: the start names no files and no addresses.
_FORBIDDEN_IN_FILES = r'[<>:"|?*\u2044\u2215\u29f8\uff0f\uff3c]'
_RESERVED = r"(?i)^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)"
_EXTENSION = r"\.[^.\s/]{1,16}$"


def _fit_bytes(text: str, size: int) -> str:
    return text.encode("utf-8")[: max(0, size)].decode("utf-8", "ignore")


def safe_filename(name: str, fallback: str = "attachment") -> str:
    """A name to write a file under, whatever the sender called it.

    Out: one path component, at most 200 bytes of UTF-8, never empty, hidden, ``-option``-like or reserved (on Windows
    shares too), without control, invisible or direction characters. The real extension, the last one, is kept.
    """
    name = name[-4_096:].replace("\\", "/").rstrip("/")
    name = name.rsplit("/", 1)[-1]
    kept = "".join(
        "" if (shown := _shown(char)) in ("", _UNKNOWN) or "\u2400" <= shown <= "\u2421" else shown
        for char in name
    )
    kept = re.sub(_FORBIDDEN_IN_FILES, "_", _neutralize(kept))
    kept = re.sub(r"[ \u3000]+", " ", kept).replace(_UNKNOWN, "")
    kept = kept.lstrip(" .-~").rstrip(" .")
    if not kept:
        kept = fallback
    if re.match(_RESERVED, kept):
        kept = "_" + kept
    if len(kept.encode("utf-8")) > FILENAME_BYTES:
        match = re.search(_EXTENSION, kept)
        extension = match.group() if match else ""
        stem = _fit_bytes(kept[: len(kept) - len(extension)], FILENAME_BYTES - len(extension.encode("utf-8")))
        kept = stem.rstrip(" .") + extension
    return kept


_DOTS = "[\u3002\uff0e\uff61]"


def _label_in_ascii(label: str) -> str:
    """A label as the name system knows it (RFC 5891 section 4.4: ``xn--`` and punycode)."""
    label = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
    return label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii")


@lru_cache(maxsize=1024)
def _script(char: str) -> str:
    """A rough script: the first word of the letter's name; empty for what is no letter."""
    return unicodedata.name(char, "?").split(" ", 1)[0] if char.isalpha() else ""


def _mixes_scripts(text: str) -> bool:
    scripts = {script for char in text if (script := _script(char))}
    return len(scripts) > 1 and not scripts <= {"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "LATIN"}


def visible_address(address: str, limit: int = 254) -> str:
    """An address for the eye (RFC 5322 ``addr-spec``, RFC 6531 with other scripts; no display name).

    A domain that is not ASCII is followed by the name that the network uses, in parentheses (``xn--…``); a local part
    that mixes alphabets is followed by a warning sign; invisible characters are shown as ``<U+200B>``.
    """
    if address.isascii() and address.isprintable() and len(address) <= limit:
        return address
    address = address[: limit * 2]
    local, at, domain = address.rpartition("@")
    shown = visible_name(address, limit)
    if _mixes_scripts(local):
        shown += " ⚠"
    if at and not domain.isascii():
        clean = "".join(part for char in domain if (part := _shown(char)) not in ("", " ", _UNKNOWN))
        real = ".".join(map(_label_in_ascii, re.sub(_DOTS, ".", clean).split(".")))
        shown += f" ({_cap(safe_line(real), limit)})"
    return shown
