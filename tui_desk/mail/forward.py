"""Messages somebody passed on: inside the text as programs write them, or attached whole as message/rfc822."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.addresses import addresses_in
from tui_desk.mail.attribution import attribution_at, bare_lines, is_quoted
from tui_desk.mail.charsets import one_line
from tui_desk.mail.header_block import (
    HeaderBlock,
    block_in_line,
    block_of_unknown_labels,
    block_without_colons,
    header_block_at,
    outlook_block_at,
)
from tui_desk.mail.headers import text_of
from tui_desk.mail.limits import MAX_LINE_ANALYSED, MAX_LINES_ANALYSED, MAX_SUBJECT
from tui_desk.mail.message import Address, Forwarded, Segment
from tui_desk.mail.mime import Part, Tree, leaves, read_tree
from tui_desk.mail.phrases import (
    EDGES,
    ENDS,
    FORWARD_SUBJECT,
    REPLY_SUBJECT,
    RULED_WORDS,
    VERB,
    separator_kind,
)
from tui_desk.mail.readable import Readable, readable
from tui_desk.mail.reply import segments_of, without_signature

_MARK: Final = re.compile(r"^[ \t]{0,3}>[ \t]?")
_MAILTO: Final = re.compile(r"<\s*mailto:[^>]*>|\[mailto:\s*([^\]]+)\]|\(mailto:[^)]*\)", re.IGNORECASE)
_BRACKETED: Final = re.compile(r"[(\[]([^\s()\[\]<>]+@[^\s()\[\]<>]+)[)\]]")
_SINGLE_QUOTES: Final = re.compile(r"(?:^|(?<=[,;]))\s*'([^'<>]+)'\s*(?=<)")
_ADDRESS: Final = re.compile(r"<?\s*([^\s<>@\"'()\[\],;:]+@[\w-]+(?:\.[\w-]+)*)\s*>?")
_VS: Final = re.compile(r"\s*VS\s?:", re.IGNORECASE)
"""What Outlook sets before a forward in Danish and Norwegian, and before a reply in Finnish."""
_ORANGE: Final = re.compile(r"^> Message du \d")
_FRA: Final = re.compile(r"^[>\s*]{0,4}Fra\s?:", re.IGNORECASE | re.MULTILINE)
MAX_PREVIEW: Final = 20_000
_BEFORE_RULED: Final = ">*|-_=–—─━"
"""What a line that ``RULED_WORDS`` matches begins with; asked first, for most lines begin with a letter."""
_WHEN: Final = re.compile(r"\d[^<>\"]{4,40}\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[AaPp]\.?[Mm])?")


@dataclass(frozen=True, slots=True)
class PassedOn:
    """The passed-on message, and the segments of the whole text (the note above it, then the message as quote)."""

    forwarded: Forwarded
    segments: tuple[Segment, ...]


def read_forward(tree: Tree, body: Readable, subject: str) -> PassedOn | None:
    """The message that ``tree`` passes on, or None. A reply that merely carries its history is no forward."""
    is_forward = bool(FORWARD_SUBJECT.match(subject)) or bool(
        _VS.match(subject) and _FRA.search(body.text[:MAX_PREVIEW])
    )
    bare = FORWARD_SUBJECT.sub("", _VS.sub("", subject)).strip() if is_forward else ""
    found = _in_text(body.text, is_forward, bare) if body.text else None
    if found is not None:
        return found
    attached = [part for part in leaves(tree.root) if _is_message(part, is_forward)]
    if len(attached) == 1 and not REPLY_SUBJECT.match(subject):
        return _attached(tree, attached[0], body)
    return None


def _is_message(part: Part, is_forward: bool) -> bool:
    """Whether a part is a whole mail; some programs attach it as a file of no type, which counts where the subject says so."""
    if part.content_type == "message/rfc822":
        return True
    return (
        is_forward
        and part.content_type in ("application/octet-stream", "application/x-eml", "text/plain")
        and part.disposition == "attachment"
        and part.name.lower().endswith(".eml")
    )


def _attached(tree: Tree, part: Part, body: Readable) -> PassedOn | None:
    content = tree.content(part)
    if not content.strip():
        return None
    inner = read_tree(content.lstrip(b"\r\n"))
    fields = inner.root.fields
    senders = addresses_in(text_of(fields, "from", 1_000))
    if not senders and not text_of(fields, "subject", 10):
        return None
    forwarded = Forwarded(
        from_=senders[0] if senders else None,
        to=addresses_in(text_of(fields, "to", 20_000)),
        cc=addresses_in(text_of(fields, "cc", 20_000)),
        subject=text_of(fields, "subject", MAX_SUBJECT),
        date=text_of(fields, "date", 200),
        text=readable(inner).text,
    )
    return PassedOn(forwarded, segments_of(body.text, body.history, body.history_from))


def _in_text(text: str, is_forward: bool, subject: str) -> PassedOn | None:
    raw = text.split("\n")
    lines = bare_lines(raw[:MAX_LINES_ANALYSED], ascii_only=text.isascii())
    if not is_forward and not any(
        _is_announced(line) for line in lines if line and (line[0] in EDGES or line[-1] in ENDS)
    ):
        return None  # without a word in the subject only a separator says that it is a forward
    for at, line in enumerate(lines):
        if not line:
            continue
        told = _marker(raw, lines, at, is_forward)
        if told is not None:
            block, start = told
            if block is None:
                return None
            return _built(raw, start, block, subject)
        found = attribution_at(lines, at)
        if found is not None:
            if not is_forward:
                return None
            return _built(raw, found.start, _as_block(lines, found.start, found.end), subject)
    return None


def _is_announced(line: str) -> bool:
    """Whether a line that begins or ends as separators do is one that programs set above a message."""
    return bool(separator_kind(line) or (line[0] in _BEFORE_RULED and RULED_WORDS.match(line)))


def _marker(
    raw: list[str], lines: list[str], at: int, is_forward: bool
) -> tuple[HeaderBlock | None, int] | None:
    """The block of the passed-on message if line ``at`` begins one; a None block where it begins the history of a reply."""
    line = lines[at]
    ruled = RULED_WORDS.match(line) if line[0] in _BEFORE_RULED and len(line) <= MAX_LINE_ANALYSED else None
    separator = separator_kind(line)
    named, original = separator == "forwarded", separator == "original"
    if ruled and ruled["rest"].strip():
        block = block_in_line(ruled["rest"].strip(), at)
        return (block, at) if block else None
    if named or original or ruled:
        block = _block_after(lines, at + 1) or block_without_colons(lines, at + 1)
        block = block or (_attributed(lines, at + 1) if named else None)
        if original and not named and not is_forward:
            return None, at
        if block is None and ruled and not original:
            block = block_of_unknown_labels(lines, at + 1)
        return (block, at) if block else ((None, at) if original else None)
    if ":" in line or "：" in line:
        block = header_block_at(lines, at) or outlook_block_at(lines, at)
        if block is not None:
            return (block if is_forward else None), at
    return None


def _block_after(lines: list[str], start: int) -> HeaderBlock | None:
    for number in range(start, min(len(lines), start + 5)):
        if lines[number].lstrip("> ").strip():
            return header_block_at(lines, number)
    return None


def _attributed(lines: list[str], start: int) -> HeaderBlock | None:
    """The attribution that some programs write below their separator, where others write a block."""
    for number in range(start, min(len(lines), start + 4)):
        found = attribution_at(lines, number) if lines[number] else None
        if found is not None and found.start >= start:
            return _as_block(lines, found.start, found.end)
    return None


def _as_block(lines: list[str], start: int, end: int) -> HeaderBlock:
    joined = " ".join(part for part in lines[start:end] if part)
    return HeaderBlock(start, end, _from_attribution(joined))


def _from_attribution(joined: str) -> dict[str, str]:
    """Sender and date out of "On … X <x@y> wrote:"."""
    fields: dict[str, str] = {}
    found = _ADDRESS.search(joined)
    when = _WHEN.search(joined)
    if when:
        fields["date"] = when[0]
    if found:
        before = joined[: found.start()].rstrip()
        quoted = re.search(r'"([^"]{1,100})"$', before)
        name = quoted[1] if quoted else _name_at_end(before)
        fields["from"] = f'"{name}" <{found[1]}>' if name else f"<{found[1]}>"
    return fields


def _name_at_end(text: str) -> str:
    verbs = list(VERB.finditer(text))
    text = text[verbs[-1].end() :] if verbs else text
    text = re.split(r"[\d,:;<>()]+(?:\s?[AaPp][Mm]\b)?", text)[-1].strip()
    words = text.split()
    while words and words[0][:1].islower():
        words.pop(0)
    return " ".join(words[-5:]).strip("\"'")


def _built(raw: list[str], start: int, block: HeaderBlock, subject: str) -> PassedOn:
    fields = block.fields
    people = people_in(fields.get("from", ""))
    forwarded = Forwarded(
        from_=people[0] if people else None,
        to=people_in(fields.get("to", "")),
        cc=people_in(fields.get("cc", "")),
        subject=one_line(fields.get("subject", ""), MAX_SUBJECT).strip("*_ ") or subject,
        date=one_line(fields.get("date", ""), 200).strip("*_ "),
        text=_unmarked(
            raw[_text_begins(raw, start, block) :], is_quoted(raw[block.start]) or is_quoted(raw[start])
        ),
    )
    while start > 0 and (not raw[start - 1].strip(">-_=*–— \t") or _ORANGE.match(raw[start - 1])):
        start -= 1
    above = "".join(line + "\n" for line in raw[:start])
    below = "\n".join(raw[start:])
    quote = (Segment("quote", below),) if below else ()
    return PassedOn(forwarded, (*without_signature(above), *quote))


def _text_begins(raw: list[str], start: int, block: HeaderBlock) -> int:
    """The line below the block; some programs repeat the separator there. One that a block follows is another message's."""
    if block.start == start or not raw[start].strip():
        return block.end
    at = next((number for number in range(block.end, len(raw)) if raw[number].strip()), block.end)
    if (
        at < len(raw)
        and raw[at].strip() == raw[start].strip()
        and _block_after(bare_lines(raw[at : at + 20]), 1) is None
    ):
        return at + 1
    return block.end


def _unmarked(lines: list[str], quoted: bool) -> str:
    """The body below a block, one level of quote marks and common indentation taken off where the program put them on."""
    filled = [line for line in lines if line.strip()]
    if quoted or (filled and all(_MARK.match(line) for line in filled)):
        lines = [_MARK.sub("", line, count=1) for line in lines]
    elif filled and all(line.startswith("    ") for line in filled):
        lines = [line[4:] for line in lines]
    return "\n".join(lines).strip("\n").rstrip()


def people_in(value: str) -> tuple[Address, ...]:
    """The people of a header line inside a text, where semicolons, mailto links and single quotes are common."""
    value = _MAILTO.sub(lambda match: f"<{match[1]}>" if match[1] else "", value.replace("*", ""))
    value = _SINGLE_QUOTES.sub(r' "\1" ', value)
    if "<" not in value:
        value = _BRACKETED.sub(r"<\1>", value)
    if ";" in value:
        parts = [_kept_whole(part) for part in value.split(";")]
        value = ", ".join(part for part in parts if part.strip())
    elif value.count("@") == 1 and "<" in value and '"' not in value:
        value = _kept_whole(value)
    return tuple(
        Address("" if one.name.strip("'\"") == one.address else one.name, one.address)
        for one in addresses_in(value)
        if one.address or one.name
    )


def _kept_whole(part: str) -> str:
    """``Doe, John <j@x>`` with its name in quotes, so that the comma parts nothing."""
    name, bracket, rest = part.partition("<")
    name = name.strip()
    return f'"{name}" <{rest}' if bracket and "," in name and '"' not in name and "@" not in name else part
