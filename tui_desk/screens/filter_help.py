"""What the line below the filter says: what the word under the cursor may go on as, and which word makes no sense."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from tui_desk.core.enums import FieldKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.own_query import KnownField
from tui_desk.rules.query import parse_query
from tui_desk.rules.query_completion import Completion, complete
from tui_desk.rules.query_fields import FIELDS, TIME_FIELDS, Names, span_hint
from tui_desk.rules.query_terms import Problem, TicketQuery
from tui_desk.rules.query_tokens import token_before

_NUMBER = re.compile(r"#?(\d{1,9})", re.ASCII)


class FilterHelp(NamedTuple):
    """A sentence, and whether it tells a mistake. ``problem``: what keeps the query from being asked now."""

    sentence: str = ""
    wrong: bool = False
    problem: Problem | None = None
    completion: Completion | None = None


def filter_help(
    typed: str,
    cursor: int | None,
    names: Names | None,
    own: Mapping[str, KnownField],
    now: datetime,
) -> FilterHelp:
    """What to say about ``typed``. ``cursor`` is None when nobody types: a word that is still being typed is no mistake."""
    query = parse_query(typed, own, now, names)
    completion = complete(typed, cursor, names, own) if cursor is not None else None
    problem = _first_problem(query, cursor)
    being_typed = next((one for one in query.problems if _is_at(one, cursor)), None)
    if problem is not None:
        return FilterHelp(_told(problem), True, problem, completion)
    if completion is not None and completion.options:
        return FilterHelp(_offer(completion), False, being_typed, completion)
    if being_typed is not None:
        return FilterHelp(_told(being_typed), True, being_typed, completion)
    if cursor is None:
        return FilterHelp()
    number = _NUMBER.fullmatch(typed.strip())
    if number is not None:
        sentence = _("Words with {number} in them. :{number} Enter opens #{number}.")
        return FilterHelp(sentence.format(number=number[1]), False, None, completion)
    hint = _about(typed[:cursor], own)
    return FilterHelp(
        hint or filter_keys(),
        False,
        None,
        completion,
    )


def filter_keys() -> str:
    """What is said where there is nothing else to say: the keys of the filter line."""
    return _("Enter keeps the filter · Tab completes · ↑ earlier ones · Esc takes it away")


def _first_problem(query: TicketQuery, cursor: int | None) -> Problem | None:
    return next((one for one in query.problems if not _is_at(one, cursor)), None)


def _is_at(problem: Problem, cursor: int | None) -> bool:
    return cursor is not None and problem.start <= cursor <= problem.end


def _told(problem: Problem) -> str:
    return f"{safe_line(problem.word, 30)}: {problem.sentence} {problem.hint}".strip()


def _offer(completion: Completion) -> str:
    return _("Tab: {options}").format(options="  ".join(safe_line(one, 30) for one in completion.options))


def _about(before: str, own: Mapping[str, KnownField]) -> str:
    """What may stand behind the sign that was just typed, where nothing can be offered."""
    token = token_before(before, len(before))
    if token is None or not token.field or token.value:
        return ""
    name = token.field
    if name in own:
        samples = {
            FieldKind.NUMBER: _("{field}: a number; also {field}>=100, {field}<5"),
            FieldKind.DATE: _("{field}: a day, a month; also {field}<2026-12-01"),
            FieldKind.TEXT: _("{field}: words of it"),
            FieldKind.PERSON: _("{field}: an address or a name"),
            FieldKind.ASSET: _("{field}: a tag"),
        }
        return samples.get(own[name].kind, "").format(field=name)
    if name in TIME_FIELDS:
        return span_hint(name)
    sentences = {
        "subject": _('subject: a word of it, or several: subject:"paper jam"'),
        "requester": _("requester: a name, an address, or @domain"),
        "from": _("requester: a name, an address, or @domain"),
        "asset": _("asset: a tag such as LT-0042, or LT-*"),
        "tag": _("tag: a tag of tickets"),
        "category": _("category: its path, such as Hardware/Printer"),
    }
    return sentences.get(name, "") if name in (*FIELDS, "from") else ""
