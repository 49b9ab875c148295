"""The header block of a mail or a part: where it ends, its fields, structured values and message identifiers.

Fields are kept as raw bytes and decoded only when asked for: a mail has forty of them and a ticket needs twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote_to_bytes

from tui_desk.mail.charsets import decoded, one_line
from tui_desk.mail.limits import MAX_FIELD, MAX_HEADER_BLOCK, MAX_HEADERS, MAX_ID, MAX_REFERENCES
from tui_desk.mail.words import decode_words, header_text

Fields = list[tuple[str, bytes]]

_END: Final = re.compile(rb"\r?\n\r?\n|\r\r")
_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:[ \t]*")
_PARAMETER: Final = re.compile(
    r"""[;\s]*([^\s=;"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;\s]*(?:[ \t]+(?![\w!#$&+.^`{|}~*'-]+\s*=)[^;\s=]+)*))""",
    re.DOTALL,
)
_CONTINUED: Final = re.compile(r"\A(.+?)(?:\*(\d{1,3}))?(\*)?\Z")
_ID: Final = re.compile(r"<\s*([^<>]{1,2000}?)\s*>")
_BLANKS: Final = re.compile(r"\s+")
_BAD_IN_ID: Final = re.compile(r"[\s\x00-\x20\x7f-\x9f<>,\"]|[^\x21-\uffff]")


def split_header(raw: bytes, start: int, end: int) -> tuple[Fields, int, list[str]]:
    """The fields in ``raw[start:end]``, where the body begins, and what was wrong.

    A line that is no field is skipped when fields follow it, else the body begins there (a lost empty line).
    """
    defects: list[str] = []
    if raw.startswith((b"\n", b"\r\n"), start):
        return [], start + (1 if raw[start] == 10 else 2), defects
    stop = min(end, start + MAX_HEADER_BLOCK)
    match = _END.search(raw, start, stop)
    if match:
        block, body = raw[start : match.start()], match.end()
    else:
        block, body = raw[start:stop], stop
        if stop < end:
            defects.append("headers longer than 512 kB")
            late = _END.search(raw, stop, end)
            body = late.end() if late else end
    lines = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
    fields, consumed = _fields(lines, defects)
    if consumed < len(lines):
        body = start + _offset_of_line(raw, start, consumed)
    return fields, min(body, end), defects


def _fields(lines: list[bytes], defects: list[str]) -> tuple[Fields, int]:
    """The fields in ``lines`` and how many lines belong to the header."""
    fields: Fields = []
    held: list[bytes] = []
    name = ""
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and name:
            held.append(line)
            continue
        match = _FIELD.match(line)
        if match is None:
            if not line or (number == 0 and line.startswith((b"From ", b">From "))):
                continue
            if not _more_fields(lines, number + 1):
                defects.append("no empty line between headers and text")
                _keep(fields, name, held)
                return fields, number
            if "line in the headers that is no field" not in defects:
                defects.append("line in the headers that is no field")
            continue
        _keep(fields, name, held)
        if len(fields) >= MAX_HEADERS:
            defects.append("more than 1000 headers")
            return fields, len(lines)
        name, held = match[1].decode("ascii").lower(), [line[match.end() :]]
    _keep(fields, name, held)
    return fields, len(lines)


def _more_fields(lines: list[bytes], start: int) -> bool:
    return any(_FIELD.match(line) for line in lines[start : start + 5])


def _keep(fields: Fields, name: str, held: list[bytes]) -> None:
    if name:
        fields.append((name, held[0] if len(held) == 1 else b"\n".join(held)))


def _offset_of_line(raw: bytes, start: int, number: int) -> int:
    at = start
    for _ in range(number):
        newline, carriage = raw.find(b"\n", at), raw.find(b"\r", at)
        if newline < 0 and carriage < 0:
            return len(raw) - start
        at = newline + 1 if newline >= 0 and (carriage < 0 or carriage >= newline - 1) else carriage + 1
    return at - start


def first(fields: Fields, name: str) -> bytes | None:
    """The raw value of the first field of that (lower-case) name."""
    for key, value in fields:
        if key == name:
            return value
    return None


def every(fields: Fields, *names: str) -> Iterator[bytes]:
    """The raw values of all fields with one of ``names``, in the order of the mail."""
    return (value for key, value in fields if key in names)


def text_of(fields: Fields, name: str, limit: int) -> str:
    """The decoded value of a field on one line, "" where it is absent."""
    raw = first(fields, name)
    return one_line(header_text(raw[:MAX_FIELD]), limit) if raw else ""


def parameters(raw: bytes | None) -> tuple[str, dict[str, str]]:
    """The value of a structured field in lower case and its parameters (RFC 2045, 5.1; RFC 2231; RFC 2047 too)."""
    if not raw:
        return "", {}
    text = decoded(raw[:MAX_FIELD], None)[0].strip()
    head = re.split(r"[;\n]", text, maxsplit=1)
    if "(" in head[0]:
        head[0] = re.sub(r"\([^()]*\)|(?<=\w) +\w+(?= *(?:\(|$))", "", head[0])
    value = "".join(head[0].split()).lower()
    if len(head) == 1:
        return value, {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for count, match in enumerate(_PARAMETER.finditer(head[1])):
        if count > 200:
            break
        quoted = match[2]
        content = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else (match[3] or "")
        name = match[1].lower()
        if "*" not in name:
            plain.setdefault(name, content)
            continue
        parts = _CONTINUED.match(name)
        if parts:
            pieces.setdefault(parts[1], {})[int(parts[2] or 0)] = (content, bool(parts[3]))
    for name, numbered in pieces.items():
        plain[name] = _assembled(numbered)
    return value, {name: _BLANKS.sub(" ", decode_words(content)) for name, content in plain.items()}


def _assembled(numbered: dict[int, tuple[str, bool]]) -> str:
    """A continued, perhaps percent-encoded parameter (RFC 2231, 3 and 4) as text."""
    data, charset = b"", None
    for number in sorted(numbered):
        content, encoded = numbered[number]
        if encoded:
            if content.count("'") >= 2 and (charset is None or _CHARSET_AGAIN.match(content)):
                label, _, content = content.split("'", 2)
                charset = charset or label
            elif charset and content.startswith(f"{charset}'"):
                content = content[len(charset) + 1 :]
            data += unquote_to_bytes(content)
        else:
            data += content.encode("utf-8", "replace")
    return decoded(data, charset or None)[0]


_CHARSET_AGAIN: Final = re.compile(r"[\w-]+'[\w-]*'")


def message_id(raw: bytes | None) -> str | None:
    """The identifier of a Message-ID field without brackets, or None where there is none that is safe to use."""
    if not raw:
        return None
    text = decoded(raw[:4_000], None)[0]
    match = _ID.search(text)
    candidate = match[1] if match else text.split(";", 1)[0]
    candidate = "".join(candidate.split()).strip("<>")
    return candidate if is_message_id(candidate) else None


def message_ids(raw: bytes | None) -> tuple[str, ...]:
    """The identifiers of a References or In-Reply-To field, oldest first, without brackets, each once.

    Of very many the first and the newest are kept. Free text (old In-Reply-To fields) is passed over.
    """
    if not raw:
        return ()
    if len(raw) > MAX_FIELD:
        raw = raw[: MAX_FIELD // 4] + b" " + raw[-MAX_FIELD // 2 :].partition(b" ")[2]
    text = decoded(raw, None)[0]
    found = _ID.findall(text)
    if not found and "<" not in text:
        found = [word for word in text.split() if "@" in word]
    ids = ("".join(item.split()) for item in found)
    unique = list(dict.fromkeys(item for item in ids if is_message_id(item)))
    if len(unique) > MAX_REFERENCES:
        unique = [unique[0], *unique[-(MAX_REFERENCES - 1) :]]
    return tuple(unique)


def is_message_id(text: str) -> bool:
    """Whether ``text`` may be stored and written into our own headers: no blank, control character or bracket."""
    return bool(text) and len(text) <= MAX_ID and not _BAD_IN_ID.search(text)
