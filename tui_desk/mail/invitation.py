"""A calendar invitation (RFC 5545, RFC 5546) as lines a person reads: what, when with its zone, where, who, which answer.

A reader of its own: of an invitation seven properties are needed, and calendars that break the rules must be read too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from tui_desk.core.i18n import _, ngettext
from tui_desk.mail.charsets import one_line, tidy

MAX_CALENDAR: Final = 400_000
MAX_EVENTS: Final = 5
MAX_PEOPLE: Final = 20
_MAX_LINES: Final = 20_000
_FOLD: Final = re.compile(r"\n[ \t]")
_LINE: Final = re.compile(
    r"([A-Za-z0-9-]{1,60})((?:;[^:;\"=]{1,60}=(?:\"[^\"]*\"|[^:;\"]*))*)\s*:(.*)", re.DOTALL
)
_PARAMETER: Final = re.compile(r";([^:;\"=]{1,60})=(?:\"([^\"]*)\"|([^:;\"]*))")
_TIME: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z)?)?")
_DURATION: Final = re.compile(
    r"([+-])?P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?"
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_RULE: Final = re.compile(r"(FREQ|INTERVAL|COUNT|UNTIL)=([A-Z0-9]{1,20})")

Parameters = dict[str, str]


@dataclass(slots=True)
class _Event:
    values: dict[str, tuple[Parameters, str]] = field(default_factory=dict)
    people: list[tuple[Parameters, str]] = field(default_factory=list)


def invitation_text(calendar: str, *, whole: bool) -> str:
    """The events of ``calendar`` in words, one line a fact, "" where there is none; with the description when ``whole``."""
    method, events, more = _read(tidy(calendar[:MAX_CALENDAR]))
    blocks = ["\n".join(_lines(method, event, whole)) for event in events]
    if more:
        blocks.append(ngettext("and {count} more event", "and {count} more events", more).format(count=more))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _read(text: str) -> tuple[str, list[_Event], int]:
    method, events, more = "", list[_Event](), 0
    inside: list[str] = []
    event: _Event | None = None
    for count, line in enumerate(_FOLD.sub("", text).split("\n")):
        match = _LINE.match(line)
        if match is None or count > _MAX_LINES:
            continue
        name, value = match[1].upper(), match[3].strip()
        if name == "BEGIN" and len(inside) < 20:
            inside.append(value.upper())
            if value.upper() in ("VEVENT", "VTODO") and event is None:
                event = _Event()
        elif name == "END" and inside:
            if inside.pop() in ("VEVENT", "VTODO") and event is not None:
                more += len(events) >= MAX_EVENTS
                events += [event] if len(events) < MAX_EVENTS else []
                event = None
        elif name == "METHOD" and event is None:
            method = value.upper()[:20]
        elif event is not None and inside and inside[-1] in ("VEVENT", "VTODO"):
            _take(event, name, match[2], value)
    if event is not None and event.values:  # a calendar that was cut
        events.append(event)
    return method, events, more


def _take(event: _Event, name: str, written: str, value: str) -> None:
    parameters = {
        match[1].upper(): (match[2] if match[2] is not None else match[3] or "").strip()
        for match in _PARAMETER.finditer(written[:2_000])
    }
    if name == "ATTENDEE":
        event.people.append((parameters, value))
    else:
        event.values.setdefault(name, (parameters, value))


def _lines(method: str, event: _Event, whole: bool) -> list[str]:
    title = _value(event, "SUMMARY", 300) or _("(no title)")
    cancelled = _value(event, "STATUS", 20).upper() == "CANCELLED"
    kind = {
        "CANCEL": _("Cancelled: {title}"),
        "REPLY": _("Answer to an invitation: {title}"),
        "COUNTER": _("Another time is proposed: {title}"),
        "DECLINECOUNTER": _("The other time is declined: {title}"),
        "REQUEST": _("Invitation: {title}"),
    }.get("CANCEL" if cancelled else method, _("Appointment: {title}"))
    lines = [kind.format(title=title)]
    facts = [
        (_("When: {when}"), "when", _when(event)),
        (_("Repeats: {rule}"), "rule", _repeats(event)),
        (_("Where: {place}"), "place", _value(event, "LOCATION", 500)),
        (_("Organiser: {person}"), "person", _person(*event.values.get("ORGANIZER", ({}, "")))),
        (_("Who: {people}"), "people", _people(event)),
        (_("Comment: {text}"), "text", _value(event, "COMMENT", 1_000)),
    ]
    lines += [sentence.format(**{key: value}) for sentence, key, value in facts if value]
    if whole:
        text = _unescaped(event.values.get("DESCRIPTION", ({}, ""))[1]).strip()
        lines += ["", tidy(text)] if text else []
    return lines


def _value(event: _Event, name: str, limit: int) -> str:
    return one_line(_unescaped(event.values.get(name, ({}, ""))[1]), limit)


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _person(parameters: Parameters, value: str) -> str:
    address = one_line(re.sub(r"^mailto:\s*", "", value.strip(), flags=re.IGNORECASE), 320)
    name = one_line(parameters.get("CN", ""), 200)
    return f"{name} <{address}>" if name and name != address else address


def _people(event: _Event) -> str:
    answers = {
        "ACCEPTED": _("accepted"),
        "DECLINED": _("declined"),
        "TENTATIVE": _("perhaps"),
        "DELEGATED": _("delegated"),
    }
    shown = []
    for parameters, value in event.people[:MAX_PEOPLE]:
        person, answer = _person(parameters, value), answers.get(parameters.get("PARTSTAT", "").upper())
        if person:
            shown.append(f"{person} ({answer})" if answer else person)
    if len(event.people) > MAX_PEOPLE:
        more = len(event.people) - MAX_PEOPLE
        shown.append(ngettext("{count} more", "{count} more", more).format(count=more))
    return ", ".join(shown)


def _when(event: _Event) -> str:
    start = _moment(*event.values.get("DTSTART", ({}, "")))
    end = _moment(*event.values.get("DTEND", event.values.get("DUE", ({}, ""))))
    if start is None:
        return _shown(end, True) if end else ""
    begins, all_day, zone = start
    if end is None:
        length = _length(event.values.get("DURATION", ({}, ""))[1])
        end = (begins + length, all_day, zone) if length else None
    if end is None:
        return _shown(start, True)
    ends, _end_all_day, end_zone = end
    if all_day:
        ends -= (
            timedelta(days=1) if ends > begins else timedelta(0)
        )  # the end is the first day that is not part of it
        return (
            _shown(start, False)
            if ends <= begins
            else f"{_shown(start, False)} – {_shown((ends, True, ''), False)}"
        )
    same_zone = zone == end_zone
    first = _shown(start, not same_zone)
    if same_zone and begins.date() == ends.date():
        return f"{first}–{ends:%H:%M}{_zone(zone)}"
    return f"{first} – {_shown(end, True)}"


def _shown(moment: tuple[datetime, bool, str], with_zone: bool) -> str:
    when, all_day, zone = moment
    text = f"{when:%Y-%m-%d}" if all_day else f"{when:%Y-%m-%d %H:%M}"
    return text + (_zone(zone) if with_zone and not all_day else "")


def _zone(zone: str) -> str:
    return f" ({zone})" if zone else ""


def _moment(parameters: Parameters, value: str) -> tuple[datetime, bool, str] | None:
    """The time as written, whether it is a whole day, and the zone as named there ("" where it names none)."""
    match = _TIME.match(value.strip())
    if match is None:
        return None
    numbers = [int(group or 0) for group in match.groups()[:6]]
    try:
        year, month, day, hour, minute, second = numbers
        # Many a zone of an invitation has a name only its program knows.
        moment = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - as written, its zone beside it
    except ValueError:
        return None
    zone = "UTC" if match[7] else one_line(parameters.get("TZID", ""), 80)
    return moment, match[4] is None, zone


def _length(value: str) -> timedelta | None:
    match = _DURATION.fullmatch(value.strip().upper())
    if match is None or match[1] == "-" or not any(match.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(group or 0) for group in match.groups()[1:])
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def _repeats(event: _Event) -> str:
    value = event.values.get("RRULE", ({}, ""))[1]
    found = {match[1]: match[2] for match in _RULE.finditer(value[:500].upper())}
    every = int(found["INTERVAL"]) if found.get("INTERVAL", "").isdigit() else 1
    sentence = {
        "DAILY": ngettext("every day", "every {count} days", every),
        "WEEKLY": ngettext("every week", "every {count} weeks", every),
        "MONTHLY": ngettext("every month", "every {count} months", every),
        "YEARLY": ngettext("every year", "every {count} years", every),
    }.get(found.get("FREQ", ""))
    if not sentence:
        return one_line(value, 200)
    return sentence.format(count=every) + _for_how_long(found)


def _for_how_long(rule: dict[str, str]) -> str:
    """How often, or until which day, something repeats; "" for without an end."""
    if rule.get("COUNT", "").isdecimal():
        count = int(rule["COUNT"][:6])
        return ", " + ngettext("once", "{count} times", count).format(count=count)
    until = _TIME.match(rule.get("UNTIL", ""))
    return ", " + _("until {day}").format(day="-".join(until.groups()[:3])) if until else ""
