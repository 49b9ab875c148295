"""The lines with which programs introduce other people's text: "On … wrote:", header blocks, separators."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tui_desk.mail.limits import MAX_LINE_ANALYSED
from tui_desk.mail.phrases import LEAD, VERB, label_of

MAX_ATTRIBUTION_LINES: Final = 5
MAX_ATTRIBUTION: Final = 450

_QUOTE: Final = re.compile(r"^[ \t]{0,3}(?:>|&gt;|[A-Za-z]{1,3}>(?:\s|$)|\|(?=\s|\|)(?!.*\|\s*$))")
_COLON_END: Final = re.compile(r"[:：]\s*[*_>»\"]*\s*$")
_ADDRESS: Final = re.compile(r"[^\s<>@\"'()\[\],;:]+@[\w-]+(?:\.[\w-]+)*")
_TIME: Final = re.compile(r"\b\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[시时時点點]")
_DATE: Final = re.compile(
    r"\b\d{1,4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,4}\b|\b\d{1,2}\.?\s?(?:de |of )?[^\W\d_]{3,12}\.?,?\s?(?:de |of )?,?\s?(?:\d{4}|\d{2})\b|\b[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:at\s)?\d{1,4}\b|\d{1,2}-[^\W\d_]{3,5}\.?-\d{2,4}"
)
_DATE_FIRST: Final = re.compile(r"^\W{0,3}(?:[^\W\d_]{2,4}\.?,?\s)?\d{1,4}[-/.年 ].{4,60}<[^<>@\s]+@[^<>\s]+>\s*[:：]?\s*$", re.DOTALL)
_SPLIT_IN_LINE: Final = re.compile(r"\A(?P<own>[^\n>]{1,400}?\S)\s*(?P<rest>-{2,}\s*(?:On|Am|Le|El|Em|Il|Op|Den|På)\s.{10,200}[:：]\s*)\Z", re.DOTALL)


class Block(NamedTuple):
    """The lines ``start`` up to, not with, ``end``."""

    start: int
    end: int


def is_quoted(line: str) -> bool:
    """Whether a line carries a quote mark (``>``, ``AB>``, ``|``)."""
    return bool(_QUOTE.match(line[:40])) and not line.lstrip().startswith((">>> >>>", ">From ")) or line.lstrip().startswith(">From ")


def attribution_at(lines: list[str], at: int) -> Block | None:
    """The attribution that ends at line ``at``, if that line ends one; it may span up to five lines."""
    last = lines[at].strip()
    if not last or len(last) > MAX_ATTRIBUTION:
        return None
    colon = bool(_COLON_END.search(last))
    verb_last = bool(VERB.search(last))
    followed = _next_is_quoted(lines, at + 1)
    if not colon and not (followed and (verb_last or last.endswith(">") or _ADDRESS.search(last))):
        return None
    joined = last
    best: Block | None = _judge(lines, at, at, joined, followed)
    if best and LEAD.match(last):
        return best
    start, blanks = at, 0
    while start > 0 and at - start < MAX_ATTRIBUTION_LINES and len(joined) < MAX_ATTRIBUTION:
        line = lines[start - 1].strip()
        if not line:
            blanks += 1
            if blanks > 1 or not last.startswith(("<", "mailto:", ">")) and not lines[start].strip().startswith(("<", "mailto:")):
                break
            start -= 1
            continue
        if is_quoted(lines[start - 1]) and line != "<":
            break
        start -= 1
        joined = f"{line} {joined}"
        found = _judge(lines, start, at, joined, followed)
        if found and (LEAD.match(line) or best is None):
            best = found
            if LEAD.match(line):
                break
        elif _COLON_END.search(line) and not line.endswith(("<", ",")):
            break
    return best


def _judge(lines: list[str], start: int, end: int, joined: str, followed: bool) -> Block | None:
    """Whether ``joined`` (lines ``start`` to ``end``) introduces somebody's text."""
    if len(joined) > MAX_ATTRIBUTION:
        return None
    address, date = _ADDRESS.search(joined), _DATE.search(joined)
    time = _TIME.search(joined)
    verb = VERB.search(joined)
    if verb:
        # a sentence that merely says that somebody wrote has no date, address or quote with it
        lead = LEAD.match(joined)
        tail = joined[verb.end() :]
        ends = len(tail) <= 60 or bool(date and date.start() > verb.start()) or bool(_ADDRESS.search(tail))
        if ends and (date or time) and (lead or address or followed):
            return Block(start, end + 1)
        if ends and address and (followed or len(tail) <= 3 or lead):
            return Block(start, end + 1)
        if ends and followed and len(joined) < 120 and len(tail) <= 20:
            return Block(start, end + 1)
        return None
    if address and (date or time) and (_DATE_FIRST.match(joined) or (followed and LEAD.match(joined))):
        return Block(start, end + 1)
    return None


def _next_is_quoted(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return is_quoted(line)
    return False


def header_block_at(lines: list[str], at: int) -> Block | None:
    """The block of header lines (From, Sent, To, Subject …) that begins at line ``at``, if one does.

    Labels of any language count; a value may go on in the next lines. A list of facts ("Date: …, Time: …") has no sender.
    """
    opening = label_of(lines[at][:MAX_LINE_ANALYSED])
    if opening is None or opening[0] not in ("from", "date", "to", "subject"):
        return None
    kinds = {opening[0]: opening[1]}
    end, gap, loose = at + 1, 0, 0
    for number in range(at + 1, min(len(lines), at + 30)):
        line = lines[number].strip().lstrip(">| ").strip()
        if not line:
            gap += 1
            if gap > 1:
                break
            continue
        found = label_of(lines[number][:MAX_LINE_ANALYSED])
        if found is not None and found[0] not in kinds:
            kinds[found[0]] = found[1]
            end, gap, loose = number + 1, 0, 0
        elif gap or loose > 8:
            break
        else:
            loose += 1
            if loose <= 2 or "@" in line or line.endswith((";", ",", ">")):
                if "@" in line or loose == 1 and _continues(lines[number]):
                    end = number + 1
            else:
                break
    if "from" not in kinds or (len(kinds) < 2):
        return None
    sender = kinds["from"]
    has_sender = "@" in sender or "@" in "".join(lines[at:end])
    if len(kinds) == 2 and not (has_sender and ("date" in kinds or "subject" in kinds)):
        return None
    if len(kinds) > 2 and not ("subject" in kinds or ("date" in kinds and has_sender)):
        return None
    return Block(at, end)


def _continues(line: str) -> bool:
    return line[:1] in (" ", "\t")


def split_in_line(line: str) -> int:
    """Where inside ``line`` an attribution begins after the author's own words ("reply--- On … wrote:"), or 0."""
    if "--" not in line or len(line) > 600:
        return 0
    match = _SPLIT_IN_LINE.match(line)
    return match.start("rest") if match and VERB.search(match["rest"]) else 0
