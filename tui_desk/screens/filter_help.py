"""What the line below the filter says: values while one types them, and which word nothing knows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.own_query import HAS, KnownField
from tui_desk.rules.query import FIELDS, allowed_values, parse_query

_BEGUN = re.compile(r"(?:^|\s)-?(\w+):$")


class FilterHelp(NamedTuple):
    """A sentence, and whether it tells a mistake."""

    sentence: str = ""
    wrong: bool = False


def filter_help(typed: str, typing: bool, own: Mapping[str, KnownField] | None = None) -> FilterHelp:
    """What to say about ``typed``; ``own`` are the fields of your own. While one is ``typing``, its last value may be the beginning
    of one."""
    own = own or {}
    begun = _BEGUN.search(typed)
    if begun is not None:
        field = begun.group(1).lower()
        if field in own or field == HAS:
            return FilterHelp(_own_values(field, own))
        if field in FIELDS:
            return FilterHelp(_values(field))
    query = parse_query(typed, own, utc_now())
    for wrong in query.wrong:
        meant = _near(wrong.word, own) if typing and typed.endswith(wrong.word) else ""
        if meant:
            return FilterHelp(meant)
        return FilterHelp(f"{safe_line(wrong.word, 30)}: {wrong.sentence} {wrong.hint}".strip(), True)
    for word in query.unknown:
        field, _colon, value = word.partition(":")
        values = allowed_values(field)
        near = [name for name in values if name.startswith(value)]
        if typing and near and typed.casefold().endswith(value):
            return FilterHelp(f"{field}: {', '.join(near)}")
        return FilterHelp(
            _("“{value}” is no {field}, so nothing fits. Known: {values}.").format(
                value=safe_line(value, 30), field=field, values=", ".join(values)
            ),
            True,
        )
    for name in query.other_fields:
        return FilterHelp(
            _("“{name}:” is no field, it is searched as a word. Fields: {fields}.").format(
                name=safe_line(name, 30), fields=", ".join((*FIELDS, "from", *own))
            ),
            True,
        )
    return FilterHelp(_("Enter keeps the filter · Esc takes it away")) if typing else FilterHelp()


def _own_values(field: str, own: Mapping[str, KnownField]) -> str:
    """What a field of your own can be asked for."""
    if field == HAS:
        return f"{HAS}: {', '.join(own)}" if own else ""
    known = own[field]
    samples = {
        FieldKind.NUMBER: _("{field}: a number; also {field}>=100, {field}<5"),
        FieldKind.DATE: _("{field}: a day, a month; also {field}<2026-12-01"),
        FieldKind.CHOICE: f"{{field}}: {', '.join(known.choices[:12])}",
        FieldKind.TEXT: _("{field}: words of it"),
        FieldKind.PERSON: _("{field}: an address or a name"),
        FieldKind.ASSET: _("{field}: a tag"),
    }
    return samples[known.kind].format(field=field)


def _near(word: str, own: Mapping[str, KnownField]) -> str:
    """The values or names that go on as ``word`` begins, where it can still become right."""
    name, _colon, value = word.lstrip("-").partition(":")
    name, value = name.lower(), value.casefold()
    if name == HAS:
        near = [one for one in own if one.startswith(value)]
    elif name in own:
        last = value.rpartition(",")[2]
        near = [one for one in own[name].choices if one.casefold().startswith(last)]
    else:
        near = []
    return f"{name}: {', '.join(near[:12])}" if near else ""


def _values(field: str) -> str:
    if field == "assignee":
        return _("assignee: me, nobody, or a login")
    if field == "team":
        return _("team: its name, or nobody")
    values = allowed_values(field)
    return f"{field}: {', '.join(values)}" if values else ""
