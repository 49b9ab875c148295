"""Blocks of header lines (From, Sent, To, Subject …) that programs set above other people's mail, in any language.

They stand line by line, run together on one line, or with each label alone above its value.
"""

from __future__ import annotations

import itertools
import re
from typing import Final, NamedTuple

from tui_desk.mail.attribution import MAX_OPENING, has_date_and_time, is_dated
from tui_desk.mail.limits import MAX_LINE_ANALYSED
from tui_desk.mail.phrases import LABEL, LABEL_KIND, label_of

MAX_BLOCK_LINES: Final = 40
MAX_VALUE_LINES: Final = 6
MAX_PREVIEW: Final = 4_000
MAX_LONE_LABEL: Final = 14
MAX_LABELS: Final = 16
MAX_LONE_LINES: Final = 14
_FORMS: Final = {
    form: kind for word, kind in LABEL_KIND.items() for form in (word[:1].upper() + word[1:], word.upper())
}
_LABEL_FORMS: Final = "|".join(map(re.escape, sorted(_FORMS, key=len, reverse=True)))
_BARE_KINDS: Final = {
    form: kind
    for form, kind in _FORMS.items()
    if (kind == "subject" and len(form) > 3) or form.lower() in ("cc", "dw")
}
_BARE_FORMS: Final = "|".join(map(re.escape, sorted(_BARE_KINDS, key=len, reverse=True)))
_GLUED: Final = re.compile(
    rf"(?<=[>\w)\]\"'.;,])\s*(?P<label>(?:\*{{1,2}})?(?:{_LABEL_FORMS})\s?(?:\*{{1,2}})?[:：]\s?)"
    rf"|(?<=[>A-Z0-9;])(?P<bare>{_BARE_FORMS})(?=\s)"
)
_BARE_LABEL: Final = re.compile(rf"({_BARE_FORMS})\s(.*)$", re.DOTALL)


class HeaderBlock(NamedTuple):
    """A block of header lines: where it lies, and the values by kind of label (see ``phrases.LABELS``)."""

    start: int
    end: int
    fields: dict[str, str]


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
        if loose and gap and found is not None and found[0] == "from":
            break  # lines of another kind and a blank one: a block of its own begins here
        if found is not None and (found[0] not in fields or found[0] == "other"):
            if loose:
                fields[kind] = " ".join((fields[kind], *loose))
            kind, end, gap, loose = found[0], number + 1, 0, []
            fields[kind] = found[1]
        elif (gap and not _goes_on(fields.get(kind, ""))) or len(loose) >= MAX_VALUE_LINES:
            break
        elif found is None and not loose and _goes_on(fields.get(kind, "")) and ("@" in line or ">" in line):
            fields[kind] = f"{fields[kind]} {line}"
            end, gap = number + 1, 0
        else:
            loose.append(line)
    return HeaderBlock(at, end, fields) if _has_sender(fields) else None


def begins_lone_labels(line: str) -> bool:
    """Whether a bare line is the one from which :func:`block_of_lone_labels` reads."""
    return LABEL_KIND.get(line.lower()) == "to"


def block_of_lone_labels(lines: list[str], at: int) -> HeaderBlock | None:
    """The block that Notes writes: sender and date, then "To", "cc" and "Subject" each alone above its value."""
    if len(lines[at]) > MAX_LONE_LABEL or not begins_lone_labels(lines[at]):
        return None
    fields: dict[str, str] = {}
    kind, end = "", at
    for number in range(at, min(len(lines), at + MAX_LONE_LINES)):
        line = lines[number]
        found = LABEL_KIND.get(line.lower()) if len(line) <= MAX_LONE_LABEL else None
        if found in ("to", "cc", "subject") and found not in fields:
            kind, end = found, number + 1
            fields[kind] = ""
        elif line and kind:
            fields[kind] = f"{fields[kind]} {line}".strip()
            end = number + 1
            if kind == "subject":
                break
    above = [number for number in range(max(0, at - 5), at) if lines[number]][-2:]
    if not fields.get("subject") or len(above) < 2 or not is_dated(lines[above[1]]):
        return None
    fields["from"], fields["date"] = (lines[number] for number in above)
    return HeaderBlock(above[0], end, fields) if len(lines[above[0]]) <= MAX_OPENING else None


def block_in_line(text: str, at: int) -> HeaderBlock | None:
    """The header block that a program ran together on line ``at`` ("From: A <a@b>To: …Subject: …").

    Labels may touch the value before them and may lack their colon there.
    """
    opening = label_of(text[:MAX_LINE_ANALYSED])
    if opening is None or opening[0] not in ("from", "date", "to", "subject", "reply-to"):
        return None
    text = text[:MAX_PREVIEW].strip()
    found_at = itertools.islice(_GLUED.finditer(text), MAX_LABELS)
    ends = [0, *(match.start("label" if match["label"] else "bare") for match in found_at), len(text)]
    fields: dict[str, str] = {}
    for start, end in itertools.pairwise(ends):
        piece = text[start:end].strip()
        found = label_of(piece) or _label_without_colon(piece)
        if found is not None:
            fields.setdefault(found[0], found[1])
    return HeaderBlock(at, at + 1, fields) if _is_block(fields) else None


def _label_without_colon(piece: str) -> tuple[str, str] | None:
    match = _BARE_LABEL.match(piece)
    return (_BARE_KINDS[match[1]], match[2].strip()) if match else None


def _is_block(fields: dict[str, str]) -> bool:
    if "from" not in fields or len(fields) < 2:
        return False
    return len(fields) >= 3 or ("@" in fields["from"] and any(map(str.isdigit, fields.get("date", ""))))


def block_without_colons(lines: list[str], start: int) -> HeaderBlock | None:
    """The block that eM Client writes below its separator: a label and a blank before each value, no colon."""
    fields: dict[str, str] = {}
    end = start
    for number in range(start, min(len(lines), start + MAX_LONE_LINES)):
        label, _, value = lines[number].lstrip("> ").partition(" ")
        kind = LABEL_KIND.get(label.lower())
        if not lines[number] and not fields:
            continue
        if kind is None or kind in fields or not value:
            break
        fields[kind] = value.strip()
        end = number + 1
    whole = "@" in fields.get("from", "") and {"date", "subject"} <= fields.keys()
    return HeaderBlock(end - len(fields), end, fields) if whole else None


def block_of_unknown_labels(lines: list[str], start: int) -> HeaderBlock | None:
    """A block whose language is unknown, read by what its values look like: two addresses at least make one."""
    values: list[str] = []
    end = start
    for number in range(start, min(len(lines), start + 10)):
        name, colon, value = lines[number].lstrip("> ").partition(":")
        if not colon or len(name) > 30:
            if values:
                break
            continue
        values.append(value.strip())
        end = number + 1
    people = [value for value in values if "@" in value]
    if len(people) < 2 or len(values) < 3:
        return None
    fields = dict(zip(("from", "to", "cc"), people, strict=False))
    for value in values:
        if value not in people:
            fields.setdefault("date" if is_dated(value) else "subject", value)
    return HeaderBlock(start, end, fields)


def outlook_block_at(lines: list[str], at: int) -> HeaderBlock | None:
    """A block of Outlook in a language of no table: sender, date and time, recipients, subject, in this order."""
    values: list[str] = []
    for number in range(at, min(len(lines), at + 6)):
        match = LABEL.match(lines[number].strip())
        if match is None or len(match["label"]) > MAX_LONE_LABEL + 6:
            break
        values.append(match["value"].strip("*_ "))
    if len(values) < 4 or any("@" in values[number] for number in (1, -1)) or not values[-1]:
        return None
    people = [values[0], *values[2:-1]]
    if not all("@" in value for value in people) or not has_date_and_time(values[1]):
        return None
    fields = {"from": values[0], "date": values[1], "to": values[2], "subject": values[-1]}
    if len(people) > 2:
        fields["cc"] = people[2]
    return HeaderBlock(at, at + len(values), fields)


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
    if "from" not in fields:
        return has_date_and_time(fields.get("date", "")) and "@" in fields.get("to", "")
    has_address = any("@" in value for value in fields.values())
    if known < 2:
        return False
    if known == 2:
        return has_address and ("date" in fields or "subject" in fields)
    return "subject" in fields or ("date" in fields and has_address)
