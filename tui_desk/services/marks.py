"""Marked tickets, by plain drivers: the queue asks about them whenever it reads itself anew."""

from __future__ import annotations

from tui_desk.contracts.marks import LookAtMarks, MarksSeen
from tui_desk.contracts.queue import ListTickets
from tui_desk.db.fast import FastReader
from tui_desk.services.actor import Actor
from tui_desk.services.queue import list_tickets


def look_at_marks(reader: FastReader, actor: Actor, request: LookAtMarks) -> MarksSeen:
    """Which of them the view shows, and which are gone."""
    if not request.numbers:
        return MarksSeen(frozenset(), ())
    only = ListTickets(request.view, request.query, numbers=request.numbers, limit=len(request.numbers))
    shown = frozenset(row.number for row in list_tickets(reader, actor, only).rows)
    marks = ", ".join(map(str, request.numbers))
    rows = reader.rows(f"SELECT t.id, t.merged_into_id FROM ticket t WHERE t.id IN ({marks})")
    there = {int(number): into for number, into in rows}
    gone = tuple(
        (number, there.get(number))
        for number in request.numbers
        if number not in there or there[number] is not None
    )
    return MarksSeen(shown, gone)
