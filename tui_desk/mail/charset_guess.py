"""Which charset bytes are in when their label is missing or wrong.

Decided by what the bytes can be (escape sequences, NUL bytes, valid lead and trail bytes) and then by how common the
resulting letters are in the languages written that way. Looks at the first 16 kB; linear in them.
"""

from __future__ import annotations

import re
from typing import Final

SAMPLE: Final = 16_384
_HIGH: Final = bytes(range(128, 256))
_LETTERS: Final = _HIGH + bytes(range(65, 91)) + bytes(range(97, 123))
_JAPANESE: Final = re.compile(rb"\x1b\$[@B]|\x1b\$\([DQ]|\x1b\([IJ]")
_KOREAN: Final = re.compile(rb"\x1b\$\)C")
_ESCAPE: Final = re.compile(rb"\x1b(\$[@B]|\$\([DQ]|\([BJIH]|\)I|&@)|(\n)")
_KANA: Final = re.compile("[\u3041-\u30fe]")
_HANGUL: Final = re.compile("[\uac00-\ud7a3]")
_MIXED_CASE: Final = re.compile("[а-яё][А-ЯЁ]")

_CYRILLIC: Final = frozenset("оеаинтсрвлкмдпуОЕАИНТСРВЛКМДПУ")
_COMMON: Final[tuple[tuple[str, frozenset[str], float], ...]] = (
    ("cp1251", _CYRILLIC, 0.6),
    ("koi8-u", _CYRILLIC, 0.6),
    ("cp866", _CYRILLIC, 0.6),
    ("iso8859-5", _CYRILLIC, 0.6),
    ("cp1253", frozenset("αοιετνσρκπυμςέάίόή"), 0.62),
    ("cp1255", frozenset("יוהלאמרתבשנ"), 0.62),
    ("cp1256", frozenset("ايلمنوترهبةد"), 0.62),
    ("cp874", frozenset("านรอกเงคมยลวดทสต่้ีั"), 0.62),
)
"""Codec, the letters that make up most of a text in it, and the share of them a text has at least."""
_POLISH_INSIDE: Final = re.compile("[a-z]{2}[³¿][a-zê]|[a-z][³¿][a-zê]{2}")
_POLISH: Final = frozenset("³¿¹±¶¼êæ\x9c\x9f")
"""What ł ż ą ś ź ę ć become where Windows-1250 or ISO 8859-2 is read as Windows-1252."""
_CYRILLIC_CODECS: Final = frozenset({"cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic"})


def escaped_charset(data: bytes) -> str | None:
    """The ISO 2022 charset whose escape sequences ``data`` holds, or None."""
    if _JAPANESE.search(data):
        return "iso2022_jp"
    return "iso2022_kr" if _KOREAN.search(data) else None


def wide_charset(data: bytes) -> str | None:
    """UTF-16 or UTF-32, told by a byte order mark or by where the NUL bytes are; None for everything else."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    sample = data[:SAMPLE]
    half = len(sample) // 2
    if half < 3 or sample.count(0) * 10 < half * 3:
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 10 < half * 3:
        return None
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def guessed_charset(data: bytes) -> str:
    """The likeliest charset of 8-bit ``data`` that is not UTF-8; ``cp1252`` where nothing speaks for another."""
    sample = data[:SAMPLE]
    high = _count(sample, _HIGH)
    if high < 5 or high * 2 < _count(sample, _LETTERS):
        return _central_european(sample) or "cp1252"
    return _single_byte(sample, None) or _east_asian(sample) or "cp1252"


def other_cyrillic(data: bytes, codec: str) -> str | None:
    """The Cyrillic charset ``data`` really is in, where it is clearly not in ``codec``, itself a Cyrillic one."""
    if codec not in _CYRILLIC_CODECS or _count(data[:SAMPLE], _HIGH) < 8:
        return None
    sample = data[:SAMPLE]
    if _share(sample, codec, _CYRILLIC) > 0.45:
        return None
    found = _single_byte(sample, _CYRILLIC)
    return found if found and found != codec else None


def _central_european(sample: bytes) -> str | None:
    """Windows-1250 or ISO 8859-2, where the letters read as Windows-1252 stand together in no western language:
    ø with ì (Czech), è with ý (Slovak), õ with û (Hungarian), þ with ã (Romanian), ³ inside words (Polish)."""
    text = sample.decode("latin-1").lower()
    seen = frozenset(char for char in text if char > "\x7f")
    polish = seen & _POLISH
    if len(polish) > 1 and polish - {"³", "¹"} and _POLISH_INSIDE.search(text):
        return "iso8859-2" if seen & frozenset("±¶¼") and not seen & frozenset("\x9c\x9f") else "cp1250"
    hacek = bool(seen & frozenset("\x8a\x8e\x9a\x9e"))
    czech = ("ø" in seen and bool(seen & frozenset("ìù"))) or ("ì" in seen and ("ý" in seen or hacek))
    southern = "è" in seen and not seen & frozenset("àêùì") and ("ý" in seen or hacek)
    if czech or southern:
        return "iso8859-2" if seen & frozenset("¹¾»") and not hacek else "cp1250"
    doubled = seen & frozenset("õû")
    hungarian = not seen & frozenset("ãäçàèêî") and (
        len(doubled) == 2 or bool(doubled and seen & frozenset("öü"))
    )
    romanian = {"þ", "ã"} <= seen
    return "cp1250" if hungarian or romanian else None


def _count(data: bytes, wanted: bytes) -> int:
    return len(data) - len(data.translate(None, wanted))


def _single_byte(sample: bytes, only: frozenset[str] | None) -> str | None:
    best, chosen = 0.0, None
    for codec, letters, enough in _COMMON:
        if only is None or letters is only:
            share = _share(sample, codec, letters)
            if share >= enough and share > best:
                best, chosen = share, codec
    return chosen


def _share(sample: bytes, codec: str, letters: frozenset[str]) -> float:
    """The share of ``letters`` among the letters beyond ASCII; less where capitals stand inside words."""
    text = sample.decode(codec, "replace")
    beyond = [char for char in text if char > "\x7f" and char != "\xa0"]
    if not beyond:
        return 0.0
    # Capitals are rare: they tell KOI8 from Windows-1251, which have small and capital letters in each other's places.
    good = sum(char in letters for char in beyond) - 2 * len(_MIXED_CASE.findall(text))
    if letters is _CYRILLIC:
        good -= sum(char.isupper() for char in beyond) // 3
    return good / len(beyond)


def _east_asian(sample: bytes) -> str | None:
    sample = sample[:-1] if len(sample) == SAMPLE else sample
    euc = _strict(sample, "euc_jp")
    if euc is not None and len(_KANA.findall(euc)) * 5 > _wide(euc):
        return "euc_jp"
    shift = _strict(sample, "cp932")
    if shift is not None and len(_KANA.findall(shift)) * 5 > _wide(shift) > 1:
        return "cp932"
    korean = _strict(sample, "euc_kr")
    if korean is not None and len(_HANGUL.findall(korean)) * 10 > _wide(korean) * 8:
        return "cp949"
    if _strict(sample, "gb2312") is not None:
        return "gb18030"
    if _strict(sample, "big5hkscs") is not None:
        return "big5hkscs"
    return "gb18030" if _strict(sample, "gb18030") is not None else None


def _strict(sample: bytes, codec: str) -> str | None:
    """The text, or None; a character cut at the end of the sample does not count against it."""
    for cut in (0, 1, 2, 3) if len(sample) >= SAMPLE - 1 else (0,):
        try:
            return sample[: len(sample) - cut].decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def _wide(text: str) -> int:
    return sum(char > "\u2e7f" for char in text)


def iso2022_jp_text(data: bytes) -> str:
    """ISO-2022-JP with what programs add to it: half-width kana, NEC and IBM characters, lost closing escapes, 8-bit.

    The rows of JIS X 0208 are moved to Shift_JIS and read as Microsoft's code page 932, which has those characters.
    """
    for codec in ("iso2022_jp_2", "iso2022_jp_ext"):
        try:
            return data.decode(codec)
        except UnicodeDecodeError:
            continue
    out: list[str] = []
    state, at = "B", 0
    for match in _ESCAPE.finditer(data):
        out.append(_run(data[at : match.start()], state))
        at = match.end()
        if match[2]:
            state = "B"
            out.append("\n")
        elif match[1] != b"&@":
            state = {b"$@": "$", b"$B": "$", b"$(D": "D", b"$(Q": "$", b"(I": "I", b")I": "I"}.get(
                match[1], "B"
            )
    out.append(_run(data[at:], state))
    return "".join(out)


def _run(data: bytes, state: str) -> str:
    if not data:
        return ""
    if state == "I":
        return bytes(byte | 0x80 for byte in data).decode("cp932", "replace")
    if state == "D":
        pairs = (b"\x8f" + bytes((data[i] | 0x80, data[i + 1] | 0x80)) for i in range(0, len(data) - 1, 2))
        return b"".join(pairs).decode("euc_jp", "replace")
    if state == "$":
        return b"".join(_shifted(data[i], data[i + 1]) for i in range(0, len(data) - 1, 2)).decode(
            "cp932", "replace"
        )
    return data.decode("cp932", "replace")


def _shifted(row: int, cell: int) -> bytes:
    """A JIS X 0208 pair as Shift_JIS; outside the 94 by 94 table the bytes stay as they are."""
    row, cell = row & 0x7F, cell & 0x7F
    if not (0x21 <= row <= 0x7E and 0x21 <= cell <= 0x7E):
        return bytes((row, cell))
    lead = (row + 1) // 2 + (0x70 if row < 0x5F else 0xB0)
    trail = cell + 0x7E if row % 2 == 0 else cell + 0x1F + (cell >= 0x60)
    return bytes((lead, trail))
