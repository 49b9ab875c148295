"""What the line below the filter says: values while one types them, and which word nothing knows."""

from __future__ import annotations

import re
from typing import NamedTuple

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.query import FIELDS, allowed_values, parse_query

_BEGUN = re.compile(r"(?:^|\s)-?(\w+):$")


class FilterHelp(NamedTuple):
    """A sentence, and whether it tells a mistake."""

    sentence: str = ""
    wrong: bool = False


def filter_help(typed: str, typing: bool) -> FilterHelp:
    """What to say about ``typed``. While one is ``typing``, its last value may be the beginning of one."""
    begun = _BEGUN.search(typed)
    if begun is not None:
        field = begun.group(1).lower()
        if field in FIELDS:
            return FilterHelp(_values(field))
    query = parse_query(typed)
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
                name=safe_line(name, 30), fields=", ".join((*FIELDS, "from"))
            ),
            True,
        )
    return FilterHelp(_("Enter keeps the filter · Esc takes it away")) if typing else FilterHelp()


def _values(field: str) -> str:
    if field == "assignee":
        return _("assignee: me, nobody, or a login")
    if field == "team":
        return _("team: its name, or nobody")
    values = allowed_values(field)
    return f"{field}: {', '.join(values)}" if values else ""
