"""The times of a query as SQL about the row ``t`` of the tickets: created, updated, resolved, due, waiting."""

from __future__ import annotations

from datetime import UTC

from tui_desk.core.clock import utc_now
from tui_desk.db.fast import FastReader
from tui_desk.rules.query_fields import Between
from tui_desk.rules.query_terms import TimeTerm
from tui_desk.services.query_parts import NOTHING, UNRESOLVED, by_number
from tui_desk.services.query_words import Sql

_ANSWER = "(n.direction = 'out' AND n.author_agent_id IS NOT NULL)"
_ASKED = "m.direction = 'in' AND m.mail_kind NOT IN ('auto_reply', 'bounce', 'report', 'loop')"
WAITING_SINCE = (
    f"(SELECT min(m.at) FROM message m WHERE m.ticket_id = t.id AND {_ASKED} AND m.id > "
    f"COALESCE((SELECT max(n.id) FROM message n WHERE n.ticket_id = t.id AND {_ANSWER}), 0))"
)
"""The first word of the requester that nobody has answered."""


def time_condition(reader: FastReader, term: TimeTerm) -> Sql:
    """That the time a term names lies where it says."""
    if term.field == "waiting":
        sql, values = _between(reader, WAITING_SINCE, term)
        return f"(t.requester_waiting AND {UNRESOLVED} AND {sql})", values
    if term.field == "resolved":
        sql, values = _between(reader, "t.resolved_at", term)
        # Whatever was resolved since then has changed since then, and that has an index.
        since, further = _between(reader, "t.updated_at", TimeTerm("updated", Between(term.between.low)))
        return f"({sql} AND {since})", [*values, *further]
    if term.field != "due":
        return _between(reader, f"t.{term.field}_at", term)
    return _due(reader, term)


def _due(reader: FastReader, term: TimeTerm) -> Sql:
    """The next action or an open task of the ticket is due then."""
    action, first = _days("t.next_action_on", term)
    day, second = _days("k.due_on", term)
    moment, third = _between(reader, "k.due_at", term)
    task = f"k.state IN ('open', 'in_progress') AND ({day} OR {moment})"
    acted = by_number(
        reader, f"SELECT t.id FROM ticket t WHERE t.next_action_on IS NOT NULL AND {action}", first
    )
    tasks = by_number(reader, f"SELECT k.ticket_id FROM task k WHERE {task}", [*second, *third])
    if acted and tasks:
        return f"({acted} OR {tasks})", []
    return (
        f"({action} OR EXISTS (SELECT 1 FROM task k WHERE k.ticket_id = t.id AND {task}))",
        [*first, *second, *third],
    )


def _between(reader: FastReader, instant: str, term: TimeTerm) -> Sql:
    parts, values = [], []
    for sign, edge in ((">=", term.between.low), ("<", term.between.high)):
        if edge is not None:
            parts.append(f"{instant} {sign} ?")
            values.append(reader.time_value(edge))
    return f"({' AND '.join(parts)})" if parts else NOTHING[0], values


def _days(day: str, term: TimeTerm) -> Sql:
    """A day ends at midnight: it is due before an instant of the next one."""
    parts, values = [], []
    for sign, edge in ((">=", term.between.low), ("<", term.between.high)):
        if edge is not None:
            parts.append(f"{day} {sign} ?")
            values.append(edge.astimezone().date().isoformat())
    return f"({' AND '.join(parts)})" if parts else NOTHING[0], values


def overdue(reader: FastReader) -> Sql:
    """Unresolved, and the day of its next action or of an open task has passed."""
    midnight = utc_now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    sql, values = _due(reader, TimeTerm("due", Between(None, midnight.astimezone(UTC))))
    return f"({UNRESOLVED} AND {sql})", values
