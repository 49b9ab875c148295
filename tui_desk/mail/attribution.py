"""The lines with which programs introduce other people's text: "On … wrote:", header blocks, separators."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tui_desk.mail.limits import MAX_LINE_ANALYSED
from tui_desk.mail.phrases import LEAD, VERB, label_of

MAX_ATTRIBUTION_LINES: Final = 5
MAX_ATTRIBUTION: Final = 450

MAX_BLOCK_LINES: Final = 40
MAX_VALUE_LINES: Final = 6

_QUOTE: Final = re.compile(r"^[ \t]{0,3}(?:>|&gt;|[A-Za-z]{1,3}>(?:\s|$)|\|(?=\s|\|)(?!.*\|\s*$))")
_COLON_END: Final = re.compile(r"[:：]\s*[*_>»\"]*\s*$")
_ADDRESS: Final = re.compile(r"[^\s<>@\"'()\[\],;:]+@[\w-]+(?:\.[\w-]+)*")
_TIME: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[시时時点點]")
_DATE: Final = re.compile(
    r"\b\d{1,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,4}\b|\b\d{1,2}\.?\s?(?:de |of )?[^\W\d_]{3,12}\.?,?\s?(?:de |of )?,?\s?(?:\d{4}|\d{2})\b|\b[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:at\s)?\d{1,4}\b|\d{1,2}-[^\W\d_]{3,5}\.?-\d{2,4}"
)
_DATE_FIRST: Final = re.compile(
    r"^\W{0,3}(?:[^\W\d_]{2,4}\.?,?\s)?\d.{4,120}<[^<>@\s]+@[^<>\s]+>\s*[:：]?\s*$", re.DOTALL
)
_OPEN_ANGLE: Final = re.compile(r"<\s+")
_VERB_AT_END: Final = re.compile(
    r"^(?:On|Am|Le|El|Em|Il|Op|Den|På)\s.{10,300}\s(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)$",
    re.IGNORECASE,
)
_SPLIT_IN_LINE: Final = re.compile(
    r"\A(?P<own>[^\n>]{1,400}?\S)\s*(?P<rest>-{2,}\s*(?:On|Am|Le|El|Em|Il|Op|Den|På)\s.{10,200}[:：]\s*)\Z",
    re.DOTALL,
)


class Block(NamedTuple):
    """The lines ``start`` up to, not with, ``end``."""

    start: int
    end: int


class HeaderBlock(NamedTuple):
    """A block of header lines: where it lies, and the values by kind of label (see ``phrases.LABELS``)."""

    start: int
    end: int
    fields: dict[str, str]


def is_quoted(line: str) -> bool:
    """Whether a line carries a quote mark (``>``, ``AB>``, ``|``); a link between arrows does not count."""
    return bool(_QUOTE.match(line[:60])) and not line.lstrip().startswith(">>> >>>")


def attribution_at(lines: list[str], at: int) -> Block | None:
    """The attribution that ends at line ``at``, if that line ends one; it may span up to five lines."""
    last = lines[at].strip().strip("-–—").strip()
    if not last or len(last) > MAX_ATTRIBUTION:
        return None
    followed = _next_is_quoted(lines, at + 1)
    if not _COLON_END.search(last) and not (
        (followed and (last.endswith(">") or "@" in last or VERB.search(last))) or _VERB_AT_END.search(last)
    ):
        return None
    joined = last
    best = _judge(at, at, joined, followed)
    if best and LEAD.match(last):
        return best
    start = at
    while start > 0 and at - start < MAX_ATTRIBUTION_LINES and len(joined) < MAX_ATTRIBUTION:
        line = lines[start - 1].strip()
        if not line and not (start == at and last.startswith(("<", "mailto:"))):
            break
        if is_quoted(lines[start - 1]) and line != "<":
            break
        start -= 1
        joined = f"{line} {joined}"
        found = _judge(start, at, joined, followed)
        if found and (LEAD.match(line) or best is None):
            best = found
            if LEAD.match(line):
                break
        elif _COLON_END.search(line) and not line.endswith(("<", ",")):
            break
    return best


def _judge(start: int, end: int, joined: str, followed: bool) -> Block | None:
    """Whether ``joined`` (lines ``start`` to ``end``) introduces somebody's text."""
    if len(joined) > MAX_ATTRIBUTION:
        return None
    joined = _OPEN_ANGLE.sub("<", joined)
    address, date = _ADDRESS.search(joined), _DATE.search(joined)
    dated = date or _TIME.search(joined)
    verb = VERB.search(joined)
    lead = LEAD.match(joined)
    if verb is None:
        stands = bool(address and dated) and (bool(_DATE_FIRST.match(joined)) or (followed and bool(lead)))
        return Block(start, end + 1) if stands else None
    # a sentence that merely says that somebody wrote has no date, address or quote with it
    tail = joined[verb.end() :]
    ends = len(tail) <= 60 or bool(date and date.start() > verb.start()) or bool(_ADDRESS.search(tail))
    stands = (
        bool(dated and (lead or address or followed))
        or bool(address and (followed or len(tail) <= 3 or lead))
        or (followed and len(joined) < 120 and len(tail) <= 20)
        or bool(date and date.start() <= 3 and len(tail) <= 3)
    )
    return Block(start, end + 1) if ends and stands else None


def _next_is_quoted(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return is_quoted(line)
    return False


def header_block_at(lines: list[str], at: int) -> HeaderBlock | None:
    """The block of header lines (From, Sent, To, Subject …) that begins at line ``at``, if one does.

    Labels of any language count; a value may go on in the next lines. A list of facts ("Date: …, Time: …") has no sender.
    """
    opening = label_of(lines[at][:MAX_LINE_ANALYSED])
    if opening is None or opening[0] not in ("from", "date", "to", "subject", "reply-to"):
        return None
    fields: dict[str, str] = {}
    kind, end, gap = "", at, 0
    loose: list[str] = []
    for number in range(at, min(len(lines), at + MAX_BLOCK_LINES)):
        line = lines[number].strip().lstrip(">|").strip()
        if not line:
            gap += 1
            if gap > 1 or len(fields) >= 4:
                break
            continue
        found = label_of(lines[number][:MAX_LINE_ANALYSED]) or _unknown_people(line, fields)
        if found is not None and (found[0] not in fields or found[0] == "other"):
            if loose:
                fields[kind] = " ".join((fields[kind], *loose))
            kind, end, gap, loose = found[0], number + 1, 0, []
            fields[kind] = found[1]
        elif (gap and not _goes_on(fields.get(kind, ""))) or len(loose) >= MAX_VALUE_LINES:
            break
        elif _goes_on(fields.get(kind, "")) and not loose and ("@" in line or ">" in line):
            fields[kind] = f"{fields[kind]} {line}"
            end, gap = number + 1, 0
        else:
            loose.append(line)
    return HeaderBlock(at, end, fields) if _has_sender(fields) else None


def _unknown_people(line: str, fields: dict[str, str]) -> tuple[str, str] | None:
    """Inside a block, a label of no known language before an address names further people."""
    label, colon, value = line.partition(":")
    if len(fields) < 2 or not colon or "@" in label or "@" not in value or len(label) > 20:
        return None
    kind = next((kind for kind in ("to", "cc") if kind not in fields), None)
    return (kind, value.strip()) if kind else None


def _goes_on(value: str) -> bool:
    """Whether a value breaks off where another line must follow."""
    return value.endswith((",", ";", "<", "[mailto:", "mailto:"))


def _has_sender(fields: dict[str, str]) -> bool:
    known = len([kind for kind in fields if kind != "other"])
    if "from" not in fields or known < 2:
        return False
    has_address = any("@" in value for value in fields.values())
    if known == 2:
        return has_address and ("date" in fields or "subject" in fields)
    return "subject" in fields or ("date" in fields and has_address)


def split_in_line(line: str) -> int:
    """Where inside ``line`` an attribution begins after the author's own words ("reply--- On … wrote:"), or 0."""
    if "--" not in line or len(line) > 600:
        return 0
    match = _SPLIT_IN_LINE.match(line)
    return match.start("rest") if match and VERB.search(match["rest"]) else 0
