"""Bytes to text, whatever the label says.

Labels lie: unknown names, ``us-ascii`` over 8-bit text, ``iso-8859-1`` over Windows text, ``gb2312`` over GBK. The order is the
label (widened to its common superset), UTF-8, then Windows-1252 over what is left, so that every byte becomes a character.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

# Supersets that real mail means (WHATWG Encoding Standard, "names and labels").
_WIDER: Final = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "ks_c-5601": "cp949",
    "big5": "big5hkscs",
}
_ALIASES: Final = {
    "unicode-1-1-utf-7": "utf-7",
    "unicode-1-1-utf-8": "utf-8",
    "utf8mb4": "utf-8",
    "unicode": "utf-8",
    "ansi": "cp1252",
    "default_charset": "utf-8",
    "default": "utf-8",
    "_autodetect": "utf-8",
    "unknown": "utf-8",
    "unknown-8bit": "utf-8",
    "x-unknown": "utf-8",
    "binary": "utf-8",
    "8bit": "utf-8",
    "none": "utf-8",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "x-sjis": "cp932",
    "x-ms-cp932": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "x-mac-ce": "mac_latin2",
    "x-euc-jp": "euc_jp",
    "x-big5": "big5hkscs",
    "dos-862": "cp862",
    "ks_c_5601-1987": "cp949",
    "windows-949": "cp949",
    "windows-936": "gb18030",
    "windows-950": "big5hkscs",
    "windows-874": "cp874",
    "koi8": "koi8-r",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp51932": "euc_jp",
}
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PICTURES: Final = (
    {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
    | {0x0B: " ", 0x0C: "\n", 0x0D: "\n", 0x7F: 0x2421, 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
    | dict.fromkeys([*range(128, 133), *range(134, 160), *range(55296, 57344)], 65533)
)
_SPACE: Final = re.compile(r"\s+")


@lru_cache(maxsize=256)
def codec_name(label: str) -> str | None:
    """The Python text codec for a charset label as mail writes it, or None where there is none."""
    name = label.strip(" \t\r\n\"'<>()[].;,").lower()[:60]
    if not name or "\0" in name:
        return None
    name = _ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError, UnicodeError):
        guess = re.match(r"(?:x-)?(?:cp|windows|win|ms)[-_]?(\d{3,5})$", name)
        return codec_name(f"cp{guess[1]}") if guess and not name.startswith("cp") else None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NOT_TEXT:
        return None
    return _WIDER.get(found.name, found.name)


_NOT_TEXT: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


def decoded(data: bytes, label: str | None) -> tuple[str, str | None]:
    """The text of ``data``, and a defect where the label was unknown or wrong. Never raises."""
    if data.isascii() and b"\x1b" not in data and (not label or "utf-7" not in label.lower()):
        name = codec_name(label) if label else "utf-8"
        if name is None or not name.startswith(
            ("utf-16", "utf_16", "utf-32", "utf_32", "cp037", "cp500", "cp1140")
        ):
            return data.decode("ascii"), (None if name else f"unknown charset {label!r}"[:120])
    name = codec_name(label) if label else None
    defect = None if name or not label else f"unknown charset {label!r}"[:120]
    if name:
        try:
            return data.decode(name), None
        except (UnicodeError, ValueError):
            defect = f"text is not in the charset it names ({name})"
    try:
        return data.decode("utf-8-sig"), defect
    except UnicodeDecodeError:
        pass
    if name and name not in ("utf-8", "cp1252"):
        text = data.decode(name, "replace")
        if text.count("\ufffd") * 20 < len(text):
            return text, defect
    if name == "utf-8" and data.count(b"\xc3") + data.count(b"\xe2") > 4:
        text = data.decode("utf-8", "replace")
        if text.count("\ufffd") * 20 < len(text):
            return text, defect
    return data.decode("cp1252", "replace"), defect or "8-bit text without a charset"


def tidy(text: str) -> str:
    """``text`` with ``\\n`` line ends and no control character left but ``\\t``: others become their pictures."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith("\ufeff"):
        text = text[1:]
    if _CONTROL.search(text):
        text = text.translate(_PICTURES)
    return text


def one_line(text: str, limit: int) -> str:
    """``text`` on one line, white space folded, control characters shown as pictures, at most ``limit`` characters."""
    text = text[: limit * 4]
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    text = tidy(text)
    return _SPACE.sub(" ", text).strip()[:limit].rstrip()
