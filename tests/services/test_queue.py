"""Every way the queue asks, on both databases: pages, views, rows, the preview, how the desk stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.services.queue_desk import ANA, NOW, listed
from tui_desk.contracts.queue import CountViews, ListTickets, PreviewTicket
from tui_desk.contracts.queue_layout import (
    COLUMNS,
    ChosenColumn,
    QueueLayout,
    SaveQueueLayout,
    ShowQueueLayout,
)
from tui_desk.contracts.status import ShowStatus, WhoAmI
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import PresenceMode, Role
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.db.engine import open_database
from tui_desk.db.fast import FastReader
from tui_desk.models import (
    Lease,
    Notification,
)
from tui_desk.services import queue_layout
from tui_desk.services.desk_status import find_agent, preview_ticket, show_status, who_am_i
from tui_desk.services.queue import count_views, list_tickets
from tui_desk.services.settings_store import write_setting


@pytest.mark.parametrize("sort", ["updated", "created", "priority"])
def test_pages_forwards_and_backwards_show_every_ticket_once(reader: FastReader, sort: str) -> None:
    whole = listed(reader, view="all", sort=sort, limit=1000)
    assert sorted(whole) == list(range(1, 61))
    forwards: list[int] = []
    after = None
    while True:
        page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, after=after, limit=7))
        forwards += [row.number for row in page.rows]
        if not page.has_after:
            break
        after = page.keys[-1]
    assert forwards == whole
    backwards: list[int] = []
    page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, from_end=True, limit=7))
    backwards[:0] = [row.number for row in page.rows]
    while page.has_before:
        page = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, before=page.keys[0], limit=7))
        backwards[:0] = [row.number for row in page.rows]
    assert backwards == whole
    around = list_tickets(reader, ANA, ListTickets(view="all", sort=sort, around=page.keys[0], limit=3))
    assert around.rows[0].number == page.rows[0].number


def test_views_hold_what_they_say(reader: FastReader) -> None:
    counts = {count.view: count.count for count in count_views(reader, ANA, CountViews())}
    by_view = {view: set(listed(reader, view=view, limit=1000)) for view in counts}
    assert {view: len(numbers) for view, numbers in by_view.items()} == counts
    assert by_view["open"] == {number for number in range(1, 61) if number % 6 < 4}
    assert by_view["mine"] == {number for number in by_view["open"] if number % 3 == 1}
    assert by_view["unassigned"] == {number for number in by_view["open"] if number % 3 == 0}
    assert by_view["resolved"] == {number for number in range(1, 61) if number % 6 == 4}


def test_rows_show_who_else_is_there(reader: FastReader) -> None:
    page = list_tickets(reader, ANA, ListTickets(view="all", query="#8"))
    assert [(other.agent, other.mode) for other in page.rows[0].presence] == [("bo", PresenceMode.WRITING)]


def test_the_preview_leaves_quotes_out(reader: FastReader) -> None:
    preview = preview_ticket(reader, ANA, PreviewTicket(17))
    assert "paper jam number17" in preview.lines
    assert not any("old words" in line for line in preview.lines)
    with pytest.raises(NotFound):
        preview_ticket(reader, ANA, PreviewTicket(4711))


def test_the_desk_says_how_it_stands(reader: FastReader, database_url: str) -> None:
    assert who_am_i(reader, ANA, WhoAmI()).login == "ana"
    assert find_agent(reader, "ana") == (1, "ana", "Ana", Role.ADMIN)
    assert find_agent(reader, "nobody") is None
    assert show_status(reader, ANA, ShowStatus()).worker_alive is False
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Lease(name="worker", holder="x", expires_at=utc_now() + timedelta(seconds=30)))
    database.close()
    status = show_status(reader, ANA, ShowStatus())
    assert status.worker_alive
    assert status.mailboxes == 0


def test_rows_say_what_is_unread(database_url: str, reader: FastReader) -> None:
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Notification(agent_id=1, kind="mention", ticket_id=9, at=NOW))
        session.add(Notification(agent_id=1, kind="mention", ticket_id=10, at=NOW, read_at=NOW))
        session.add(Notification(agent_id=2, kind="mention", ticket_id=11, at=NOW))
    database.close()
    rows = list_tickets(reader, ANA, ListTickets(view="all", limit=100)).rows
    assert [row.number for row in rows if row.unread] == [9]


def test_how_an_agent_has_the_queue_is_kept_for_every_terminal(database_url: str, reader: FastReader) -> None:
    database = open_database(database_url)
    assert queue_layout.show(reader, ANA, ShowQueueLayout()) == QueueLayout()
    chosen = (
        ChosenColumn("team"),
        ChosenColumn("subject", shown=False, width=40),
        ChosenColumn("here", width=9),
    )
    with database.writing() as session:
        saved = queue_layout.save(session, ANA, SaveQueueLayout(chosen, "due"))
    assert queue_layout.show(reader, ANA, ShowQueueLayout()) == saved
    shown = [one for one in saved.columns if one.shown]
    assert [one.id for one in shown] == ["number", "team", "subject", "here"]  # two are always there
    assert [one.width for one in shown] == [0, 0, 40, 0]  # signs are as wide as they are
    assert {one.id for one in saved.columns} == set(COLUMNS)
    assert saved.with_due
    bo = replace(ANA, agent_id=2, login="bo")
    assert queue_layout.show(reader, bo, ShowQueueLayout()) == QueueLayout()
    with database.writing() as session:
        assert queue_layout.save(session, ANA, SaveQueueLayout(group="")).columns == saved.columns
        assert queue_layout.save(session, ANA, SaveQueueLayout((), "team")) == QueueLayout((), "team")
        for wrong in (SaveQueueLayout((ChosenColumn("colour"),)), SaveQueueLayout(group="colour")):
            with pytest.raises(UsageError, match="colour"):
                queue_layout.save(session, ANA, wrong)
        with pytest.raises(UsageError, match="cells"):
            queue_layout.save(session, ANA, SaveQueueLayout((ChosenColumn("team", width=200),)))
        write_setting(session, "queue:1", {"columns": [["news", True, 0], "x", ["new", True, 1]], "group": 7})
    kept = queue_layout.show(reader, ANA, ShowQueueLayout())
    assert kept.group == ""
    assert [one.id for one in kept.columns if one.shown] == ["number", "subject", "news"]
    database.close()
