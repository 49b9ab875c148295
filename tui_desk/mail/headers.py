"""The header block of a mail or a part: where it ends, its fields, structured values and message identifiers.

Fields are kept as raw bytes and decoded only when asked for: a mail has forty of them and a ticket needs twelve.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final
from urllib.parse import quote, unquote_to_bytes

from tui_desk.mail.charsets import decoded
from tui_desk.mail.limits import MAX_FIELD, MAX_HEADER_BLOCK, MAX_HEADERS, MAX_ID, MAX_REFERENCES
from tui_desk.mail.words import decode_words, header_line


class Fields(list[tuple[str, bytes]]):
    """The fields of one header, in the order of the mail: lower-case names and raw values. ``named`` has them by name.

    Not changed after it is made: some thirty fields of each mail are asked for, most of which it does not have.
    """

    __slots__ = ("named",)

    def __init__(self, fields: Iterable[tuple[str, bytes]] = ()) -> None:
        super().__init__(fields)
        self.named: dict[str, list[bytes]] = {}
        for name, value in self:
            if name in self.named:
                self.named[name].append(value)
            else:
                self.named[name] = [value]


MAX_PARAMETERS: Final = 16_384
"""Characters of a structured field in which parameters are looked for."""

MAX_REMEMBERED: Final = 80

_END: Final = re.compile(rb"\n\r{0,3}\n|\r\r(?!\r{0,2}\n)")
_BLANK_START: Final = re.compile(rb"\r{0,3}\n|\r(?!\n)")
_BEFORE: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*\r{0,3}\n)*")
_FIELD: Final = re.compile(rb"([A-Za-z0-9!#$%&'*+./^_`|~-]{1,200})[ \t]*:[ \t]*")
_WHOLE_FIELD: Final = re.compile(
    rb"([A-Za-z0-9!#$%&'*+./^_`|~-]{1,200})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\s][^\n]*)*)(?:\n|\Z)|([\s\S]+)"
)
"""A field with its folded lines, none of them blank; or all the rest, where it begins with no field."""
_USUAL: Final = re.compile(
    rb"(?i)(?:from|to|cc|bcc|subject|date|sender|received|references|precedence|importance|priority|keywords|comments|"
    rb"organization|lines|status|[a-z0-9]+-[a-z0-9-]+)[ \t]*:"
)
_A_PARAMETER: Final = re.compile(rb"\s*[\w*-]{1,60}\s*=")
_BOUNDARY: Final = re.compile(rb"boundary\s*=\s*\"?([^\";\r\n]{1,200})", re.IGNORECASE)
_ONE_OF: Final = frozenset(
    "from sender reply-to to cc subject date message-id in-reply-to references content-type content-disposition "
    "content-transfer-encoding content-id mime-version".split()
)
"""Fields a header has once (RFC 5322, 3.6; RFC 2045)."""
_HEAD: Final = re.compile(r"[;\n]|[,\s]\s*(?=[\w*-]{1,60}\s*=)")
_PARAMETER: Final = re.compile(
    r"""[;,\s]*([^\s=;,"]{1,100})\s*=\s*(?:"((?:[^"\\]|\\.)*)"(?=\s*(?:[;,]|\Z|[\w*-]+\s*=))|"([^;\n]*)"(?=\s*(?:;|\Z))|"((?:[^"\\]|\\.)*)"?|"""
    r"""(=\?[^;"]*\?=)|([^;\s]*(?:[ \t]+(?![\w!#$&+.^`{|}~*'-]+\s*=)[^;\s=]+)*))""",
    re.DOTALL,
)
_ESCAPED: Final = re.compile(r"\\([\"\\])")
_USUAL_VALUE: Final = re.compile(
    rb"([A-Za-z]+/[A-Za-z][A-Za-z0-9.+-]*);[ \t\r\n]*([A-Za-z]{1,60})=\"([A-Za-z0-9'()+_,./:=-]{1,500})\"\Z"
)
"""A type with one parameter in quotes, as almost every multipart has its boundary."""
_CONTINUED: Final = re.compile(r"\A(.+?)(?:\*(\d{1,3}))?(\*)?\Z")
_ID: Final = re.compile(r"<([^<>]{1,2000})>")
_ONE_ID: Final = re.compile(rb"\s*<([!#-+\--;=?-~]{1,995})>\s*")
"""A field that holds one identifier and nothing else, as most do."""
_BLANKS: Final = re.compile(r"\s+")
_BAD_IN_ID: Final = re.compile(r"[<>,\"]|[^\x21-\x7e]")
_PRINTABLE: Final = "".join(map(chr, range(0x21, 0x7F)))


def split_header(raw: bytes, start: int, end: int) -> tuple[Fields, int, list[str]]:
    """The fields in ``raw[start:end]``, where the body begins, and what was wrong.

    A line that is no field goes on with the field before it where that is unfinished, is skipped when fields follow it,
    else the body begins there (a lost empty line).
    """
    defects: list[str] = []
    if raw[start : start + 1] in (b"\r", b"\n"):
        blank = _BLANK_START.match(raw, start, end)
        if blank:
            return Fields(), blank.end(), defects
    stop = min(end, start + MAX_HEADER_BLOCK)
    found = _end_of_header(raw, start, stop)
    if found:
        block, body = raw[start : found[0]], found[1]
    else:
        block, body = raw[start:stop], stop
        if stop < end:
            defects.append("headers longer than 512 kB")
            late = _END.search(raw, stop, end)
            body = late.end() if late else end
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    usual = _usual_fields(block)
    if usual is not None:
        return Fields(usual), min(body, end), defects
    lines = block.split(b"\n")
    fields, consumed = _fields(lines, defects)
    if consumed < len(lines):
        body = start + _offset_of_line(raw, start, consumed)
    return Fields(fields), min(body, end), defects


def _usual_fields(block: bytes) -> list[tuple[str, bytes]] | None:
    """The fields of a block that is nothing but fields and their folded lines; None for any other."""
    fields: list[tuple[str, bytes]] = []
    for name, value, other in _WHOLE_FIELD.findall(block):
        if other:
            return None
        fields.append((_lower(name), value))
    return fields if len(fields) <= MAX_HEADERS else None


@lru_cache(maxsize=512)
def _lower(name: bytes) -> str:
    """The name of a field as it is compared. Of most there are few."""
    return name.decode("ascii").lower()


def _end_of_header(raw: bytes, start: int, stop: int) -> tuple[int, int] | None:
    """Where the header block in ``raw[start:stop]`` ends and where the empty line behind it does."""
    usual = raw.find(b"\n\r\n", start, stop)
    bare = raw.find(b"\n\n", start, stop if usual < 0 else usual + 1)
    at, size = (usual, 3) if bare < 0 else (bare, 2)
    if raw.find(b"\r\r", start, stop if at < 0 else at + 1) < 0:
        return (at, at + size) if at >= 0 else None
    match = _END.search(raw, start, stop)
    return (match.start(), match.end()) if match else None


def mail_start(raw: bytes) -> int:
    """Where the header block of a mail begins: behind empty lines and a byte order mark that do not belong there."""
    if raw[:1].isalpha():
        return 0
    match = _BEFORE.match(raw[:10_000])
    skipped = match.end() if match else 0
    return skipped if skipped and _FIELD.match(raw, skipped) else 0


def _fields(lines: list[bytes], defects: list[str]) -> tuple[list[tuple[str, bytes]], int]:
    """The fields in ``lines`` and how many lines belong to the header."""
    fields: list[tuple[str, bytes]] = []
    held: list[bytes] = []
    name = ""
    for number, line in enumerate(lines):
        if line[:1] in (b" ", b"\t") and name:
            if line.isspace() and number + 1 < len(lines) and not _header_goes_on(lines[number + 1]):
                defects.append("blanks in the empty line between headers and text")
                _keep(fields, name, held)
                return fields, number + 1
            held.append(line)
            continue
        match = _FIELD.match(line)
        if match is None:
            if not line or (number == 0 and line.startswith((b"From ", b">From "))):
                continue
            if name and _unfinished(name, held[-1], line):
                _note(defects, "folded header line without indentation")
                held.append(b" " + line)
                continue
            if not _more_fields(lines, number + 1) or _is_delimiter(line, fields, held):
                defects.append("no empty line between headers and text")
                _keep(fields, name, held)
                return fields, number
            _note(defects, "line in the headers that is no field")
            if name == "subject":
                held.append(b" " + line)
            continue
        _keep(fields, name, held)
        if len(fields) >= MAX_HEADERS:
            defects.append(f"more than {MAX_HEADERS} headers")
            return fields, len(lines)
        name, held = match[1].decode("ascii").lower(), [line[match.end() :]]
    _keep(fields, name, held)
    return fields, len(lines)


def _note(defects: list[str], defect: str) -> None:
    if defect not in defects:
        defects.append(defect)


def _header_goes_on(line: bytes) -> bool:
    return line[:1] in (b" ", b"\t") or not line or _FIELD.match(line) is not None


def _unfinished(name: str, before: bytes, line: bytes) -> bool:
    """Whether ``line``, which is no field, belongs to the field ``name`` whose last line is ``before``."""
    before = before.rstrip()
    if name.startswith("content-"):
        return _A_PARAMETER.match(line) is not None
    return before.endswith(b",") and b"@" in line and name in ("to", "cc", "bcc", "reply-to", "from")


def _is_delimiter(line: bytes, fields: list[tuple[str, bytes]], held: list[bytes]) -> bool:
    """Whether ``line`` is the first delimiter of the multipart this header begins."""
    if not line.startswith(b"--"):
        return False
    values = [*held, *(value for name, value in fields if name == "content-type")]
    return any(match[1].strip() == line[2:].strip() for value in values if (match := _BOUNDARY.search(value)))


def _more_fields(lines: list[bytes], start: int) -> bool:
    return any(_USUAL.match(line) for line in lines[start : start + 5])


def _keep(fields: list[tuple[str, bytes]], name: str, held: list[bytes]) -> None:
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
    found = fields.named.get(name)
    return found[0] if found else None


def every(fields: Fields, *names: str) -> Iterator[bytes]:
    """The raw values of all fields with one of ``names``, in the order of the mail."""
    if len(names) == 1:
        return iter(fields.named.get(names[0], ()))
    return (value for key, value in fields if key in names)


def counted(fields: Fields, name: str) -> bytes | None:
    """The raw value of the field that counts: where it should stand once but stands more often, the last one.

    Programs on the way add fields above; and a DKIM signature vouches for the lowest one first (RFC 6376, 5.4.2), so that
    a second From or Subject put on top of a signed mail is not the one that is believed.
    """
    values = fields.named.get(name)
    if values is None:
        return None
    return (
        values[0]
        if len(values) == 1
        else next((each for each in reversed(values) if each.strip()), values[0])
    )


def doubled(fields: Fields) -> list[str]:
    """Defects: fields that stand more than once though a header has one of them."""
    if len(fields) == len(fields.named):
        return []
    return [
        f"more than one {name.title()}"
        for name, values in fields.named.items()
        if name in _ONE_OF and len(values) > 1
    ]


def text_of(fields: Fields, name: str, limit: int, hint: str | None = None) -> str:
    """The decoded value of a field on one line, "" where it is absent. ``hint``: the charset the mail names for its text."""
    if name not in fields.named:
        return ""
    raw = counted(fields, name) if name in _ONE_OF else first(fields, name)
    return header_line(raw[:MAX_FIELD], limit, hint) if raw else ""


def parameters(raw: bytes | None, hint: str | None = None) -> tuple[str, dict[str, str]]:
    """The value of a structured field in lower case and its parameters (RFC 2045, 5.1; RFC 2231; RFC 2047 too)."""
    if not raw:
        return "", {}
    if len(raw) > MAX_REMEMBERED:
        return _parameters(raw, hint)
    value, found = _parameters_again(raw, hint)
    return value, dict(found)


def _parameters(raw: bytes, hint: str | None) -> tuple[str, dict[str, str]]:
    usual = _USUAL_VALUE.match(raw)
    if usual:
        return usual[1].decode("ascii").lower(), {usual[2].decode("ascii").lower(): usual[3].decode("ascii")}
    value, rest = _value_and_rest(decoded(raw[:MAX_FIELD], None, hint)[0].strip())
    if not rest:
        return value, {}
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in islice(_PARAMETER.finditer(rest[:MAX_PARAMETERS]), 200):
        content = next((group for group in match.groups()[1:] if group is not None), "")
        if match[2] is not None or match[4] is not None:
            content = (
                _ESCAPED.sub(r"\1", content) if "\\" in content else content
            )  # other backslashes are those of a Windows path
        name = match[1].lower()
        if "*" not in name:
            plain.setdefault(name, content)
        elif parts := _CONTINUED.match(name):
            pieces.setdefault(parts[1], {})[int(parts[2] or 0)] = (content, bool(parts[3]))
    for name, numbered in pieces.items():
        plain[name] = _assembled(numbered) or plain.get(name, "")
    return value, {name: _BLANKS.sub(" ", decode_words(content)) for name, content in plain.items()}


_parameters_again: Final = lru_cache(maxsize=256)(_parameters)
"""Most parts say ``text/plain; charset="utf-8"`` and the like."""


def _value_and_rest(text: str) -> tuple[str, str]:
    """The value of a structured field in lower case, and the text of its parameters."""
    if text.startswith("=?"):
        text = decode_words(text)
    if text[:1] == '"':
        text = text.replace('"', "", 2)
    head, *rest = _HEAD.split(text, maxsplit=1)
    if "(" in head:
        head = re.sub(r"\([^()]*\)|(?<=\w) +\w+(?= *(?:\(|$))", "", head)
    value = "".join(head.split()).lower()
    return ("", text) if "=" in value else (value, rest[0] if rest else "")  # "=": only parameters


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
    if len(raw) <= 4_000 and (only := _ONE_ID.fullmatch(raw)):
        return only[1].decode("ascii")
    text = decoded(raw[:4_000], None)[0]
    match = _ID.search(text)
    candidate = match[1] if match else text.split(";", 1)[0]
    candidate = _ascii("".join(candidate.split()).strip("<>"))
    return candidate if is_message_id(candidate) else None


def _ascii(identifier: str) -> str:
    """``identifier`` with what is not ASCII (RFC 6532 allows it) percent-encoded: it may stand in any header then."""
    return identifier if identifier.isascii() else quote(identifier, safe=_PRINTABLE, errors="replace")


def message_ids(raw: bytes | None) -> tuple[str, ...]:
    """The identifiers of a References or In-Reply-To field, oldest first, without brackets, each once.

    Of very many the first and the newest are kept. Free text (old In-Reply-To fields) is passed over.
    """
    if not raw:
        return ()
    if len(raw) <= 4_000 and (only := _ONE_ID.fullmatch(raw)):
        return (only[1].decode("ascii"),)
    if len(raw) > MAX_FIELD:
        raw = raw[: MAX_FIELD // 4] + b" " + raw[-MAX_FIELD // 2 :].partition(b" ")[2]
    text = decoded(raw, None)[0]
    found = _ID.findall(text)
    if not found and "<" not in text:
        found = [word for word in text.split() if "@" in word]
    ids = (_ascii("".join(item.split())) for item in found)
    unique = list(dict.fromkeys(item for item in ids if is_message_id(item)))
    if len(unique) > MAX_REFERENCES:
        unique = [unique[0], *unique[-(MAX_REFERENCES - 1) :]]
    return tuple(unique)


def is_message_id(text: str) -> bool:
    """Whether ``text`` may be stored and written into our own headers: no blank, control character or bracket."""
    return bool(text) and len(text) <= MAX_ID and not _BAD_IN_ID.search(text)
