"""Bytes to text, whatever the label says.

Labels lie: unknown names, ``us-ascii`` over 8-bit text, ``iso-8859-1`` over Windows text, ``gb2312`` over GBK or UTF-8. The
label (widened to its common superset) counts unless the bytes contradict it; then UTF-8, what the mail names elsewhere,
what the bytes look like (``charset_guess``), and Windows-1252 over what is left, so that every byte becomes a character.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Final

from tui_desk.mail.charset_guess import (
    SAMPLE,
    escaped_charset,
    guessed_charset,
    iso2022_jp_text,
    other_cyrillic,
    wide_charset,
)

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
_NOT_OVER_ASCII: Final = (
    "utf-16",
    "utf_16",
    "utf-32",
    "utf_32",
    "utf-7",
    "hz",
    "cp037",
    "cp500",
    "cp1140",
    "cp1026",
    "cp273",
)
_SEVEN_BIT: Final = frozenset(
    {
        "utf-7",
        "hz",
        "iso2022_jp",
        "iso2022_jp_1",
        "iso2022_jp_2",
        "iso2022_jp_3",
        "iso2022_jp_2004",
        "iso2022_jp_ext",
        "iso2022_kr",
    }
)
_MULTIBYTE: Final = frozenset(
    {
        "gb18030",
        "cp932",
        "shift_jis_2004",
        "shift_jisx0213",
        "euc_jp",
        "euc_jis_2004",
        "euc_jisx0213",
        "cp949",
        "johab",
        "big5hkscs",
        "cp950",
    }
)
_WINDOWS: Final = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-6": "cp1256",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
}
"""What text with bytes 80 to 9F really is in, where it is labelled with an ISO charset that has none there."""
_C1: Final = re.compile("[\x80-\x84\x86-\x9f]")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HIGH_BYTES: Final = bytes(range(128, 256))
_UTF8_CHARACTER: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_INSIDE: Final = re.compile(
    r"utf[-_ ]?(?:8|16|7)|iso[-_ ]?8859[-_ ]?\d{1,2}|(?:windows|win|cp|ibm|ms|x-cp)[-_ ]?\d{3,5}|koi8[-_]?[rut]|"
    r"gb[-_]?(?:18030|2312|k)|big[-_]?5|euc[-_](?:jp|kr|cn|tw)|shift[-_]?jis|iso[-_]2022[-_](?:jp|kr)|us[-_]?ascii|latin[-_]?\d"
)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PLAIN: Final = bytes((9, 10, *range(32, 127)))
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
        guess = re.match(r"(?:x-)?(?:cp|windows|win|ms|ibm|dos)[-_ ]?(\d{3,5})$", name)
        if guess and name != f"cp{guess[1]}":
            return codec_name(f"cp{guess[1]}")
        inside = _INSIDE.search(name)  # "iso-8859-1 iso-8859-2", "charset=utf-8", "x-unicode-2-0-utf-8"
        return codec_name(inside[0].replace(" ", "-")) if inside and inside[0] != name else None
    if not getattr(found, "_is_text_encoding", True) or found.name in _NOT_TEXT:
        return None
    return _WIDER.get(found.name, found.name)


_NOT_TEXT: Final = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
)


def decoded(data: bytes, label: str | None, hint: str | None = None) -> tuple[str, str | None]:
    """The text of ``data``, and a defect where the label was missing, unknown or wrong. Never raises.

    ``hint`` is a charset named elsewhere in the same mail; it counts for 8-bit data without a label.
    """
    if data.isascii() and b"\x1b" not in data and (b"\0" not in data or label):
        name = codec_name(label) if label else "utf-8"
        if name is None:
            return data.decode("ascii"), _unknown(label)
        if not name.startswith(_NOT_OVER_ASCII) or (name.startswith("utf-16") and b"\0" not in data):
            return data.decode("ascii"), None
    name = codec_name(label) if label else None
    defect = _unknown(label) if label and not name else None
    escaped = escaped_charset(data) if b"\x1b" in data and (name is None or "2022" not in name) else None
    if escaped:
        return _with_codec(
            data, escaped
        ), f"text is {escaped} although it is labelled {name}" if name else defect
    if name:
        text, wrong = _labelled(data, name)
        if text is not None:
            return text, wrong
        defect = f"text is not in the charset it names ({name})"
    return _unlabelled(data, name, hint, defect)


def _unknown(label: str | None) -> str:
    return f"unknown charset {label!r}"[:120]


def _labelled(data: bytes, name: str) -> tuple[str | None, str | None]:
    """The text as its label says, unless the bytes contradict the label: then None, or the text in what they are."""
    if name.startswith(("utf-16", "utf-32", "utf_16", "utf_32")):
        if b"\0" not in data[:SAMPLE] and (text := _utf8(data)) is not None and not _mostly_high(data):
            return text, f"text is utf-8 although it is labelled {name}"
        name = (wide_charset(data) or f"{name}-be") if name == "utf-16" else name  # RFC 2781, 4.3
        return data.decode(name, "replace"), None
    if name == "utf-8":
        text = _utf8(data)
        return (text, None) if text is not None else (None, None)
    if name in _SEVEN_BIT and not data.isascii() and _utf8(data) is not None:
        return None, None
    try:
        text = _with_codec(data, name)
    except (UnicodeError, ValueError):
        return None, None
    if name in _SEVEN_BIT:
        return text, None
    utf8 = _utf8(data)
    if utf8 is not None and (
        name not in _MULTIBYTE or len(data) - len(data.translate(None, _HIGH_BYTES)) >= 6
    ):
        return utf8, f"text is utf-8 although it is labelled {name}"
    if name in _WINDOWS and _C1.search(text):
        name, text = _WINDOWS[name], data.decode(_WINDOWS[name], "replace")
    other = other_cyrillic(data, name)
    if other is None and name == "cp1252" and (guess := guessed_charset(data)) != "cp1252":
        other = guess if guess not in _MULTIBYTE else None
    if other:
        return data.decode(other, "replace"), f"text is {other} although it is labelled {name}"
    return text, None


def _unlabelled(
    data: bytes, name: str | None, hint: str | None, defect: str | None
) -> tuple[str, str | None]:
    """The text of data without a label, or in another charset than its label ``name`` says."""
    wide = wide_charset(data)
    if wide:
        return data.decode(wide, "replace"), defect or "text without a charset"
    text = _utf8(data)
    if text is not None:
        return text, defect
    hinted = codec_name(hint) if hint and name in (None, "utf-8") else None
    if hinted and hinted not in ("utf-8", "cp1252"):
        try:
            return _with_codec(data, hinted), defect
        except (UnicodeError, ValueError):
            pass
    if name and name not in ("utf-8", "cp1252"):
        text = data.decode(name, "replace")
        if text.count("\ufffd") * 20 < len(text):
            return text, defect
    found = len(_UTF8_CHARACTER.findall(data))
    bad = len(_HIGH.findall(_UTF8_CHARACTER.sub(b"", data))) if found else 1
    if found > 2 * bad:
        return data.decode("utf-8", "tui_desk_cp1252"), defect or "text that is not wholly utf-8"
    return data.decode(guessed_charset(data), "tui_desk_cp1252"), defect or "8-bit text without a charset"


def _with_codec(data: bytes, name: str) -> str:
    if name.startswith("iso2022_jp"):
        return iso2022_jp_text(data)
    if name == "iso2022_kr":
        return data.decode(name, "replace")
    if name == "utf-7" and not data.isascii():
        raise ValueError("UTF-7 is ASCII")
    if name == "euc_jp":
        try:
            return data.decode(name)
        except UnicodeDecodeError:
            return data.decode("euc_jis_2004")  # has the NEC characters
    return data.decode(name)


def _utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _mostly_high(data: bytes) -> bool:
    sample = data[:SAMPLE]
    return len(_HIGH.findall(sample)) * 2 > len(sample)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("tui_desk_cp1252", _as_cp1252)


def _with_line_feeds(text: str) -> str:
    data = text.encode("ascii") if text.isascii() else b""
    if data and data.count(b"\r") == data.count(b"\r\n") and b"\r\r" not in data:
        return data.translate(None, b"\r").decode("ascii")  # a third of the time
    text = text.replace("\r\r\n", "\n") if "\r\r\n" in text else text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def clean_ascii(data: bytes, label: str | None) -> str | None:
    """The text of ``data`` where :func:`decoded` and :func:`tidy` have nothing to do: printable ASCII with line feeds, and
    a label (None for none) under which ASCII is ASCII. None for all else. Most bodies are such."""
    if data.translate(None, _PLAIN):
        return None
    name = codec_name(label) if label else "utf-8"
    return None if name is None or name.startswith(_NOT_OVER_ASCII) else data.decode("ascii")


def tidy(text: str) -> str:
    """``text`` with ``\\n`` line ends and no control character left but ``\\t``: others become their pictures."""
    if "\r" in text:
        text = _with_line_feeds(text)
    if text.startswith("\ufeff"):
        text = text[1:]
    # Eight times quicker than the search, and mostly true: what is left without printable ASCII is little.
    rest = text.encode("utf-8", "surrogatepass").translate(None, _PLAIN)
    if rest and not rest.decode("utf-8", "surrogatepass").isprintable() and _CONTROL.search(text):
        text = text.translate(_PICTURES)
    return text


def one_line(text: str, limit: int) -> str:
    """``text`` on one line, white space folded, control characters shown as pictures, at most ``limit`` characters."""
    text = text[: limit * 4]
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:limit].rstrip()
    text = tidy(text)
    return _SPACE.sub(" ", text).strip()[:limit].rstrip()
