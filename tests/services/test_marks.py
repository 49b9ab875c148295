"""Marked tickets: which of them the list shows, and which are gone."""

from __future__ import annotations

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.marks import LookAtMarks
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import TicketStatus
from tui_desk.db.fast import open_reader
from tui_desk.services.marks import look_at_marks
from tui_desk.services.queue import list_tickets


def test_what_became_of_marked_tickets(desk: Desk) -> None:
    one, two, three, four = (ticket(desk, subject=f"Printer {name}") for name in "abcd")
    desk.ask(SetFields(two, status=TicketStatus.RESOLVED))
    desk.ask(MergeTickets(one, (four,)))
    reader = open_reader(desk.database.url)
    try:
        seen = look_at_marks(reader, desk.ana, LookAtMarks((one, two, three, four, 4711), "open", ""))
        assert seen.shown == {one, three}
        assert seen.gone == ((four, one), (4711, None))
        assert look_at_marks(reader, desk.ana, LookAtMarks((one, two), "all", "status:resolved")).shown == {
            two
        }
        assert look_at_marks(reader, desk.ana, LookAtMarks(())).shown == frozenset()
        page = list_tickets(reader, desk.ana, ListTickets("open", "printer", also='"printer c"'))
        assert [row.number for row in page.rows] == [three]
        page = list_tickets(reader, desk.ana, ListTickets("all", numbers=(one, two, 4711), limit=1))
        assert ([row.number for row in page.rows], page.has_after) == ([one], True)
        assert list_tickets(reader, desk.ana, ListTickets("all", numbers=())).rows == ()
    finally:
        reader.close()
