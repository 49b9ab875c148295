"""Putting off, being reminded, and the next ticket, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import select

from tests.services.correspondence import mail, received, ticket
from tests.services.desk import Desk
from tests.services.mail_world import World, open_world
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.flow import (
    AddReminder,
    ExplainUrgency,
    ListReminders,
    NextTicket,
    RemoveReminder,
    SnoozeTicket,
    WakeTicket,
)
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.own_settings import OwnSettings, ShowOwnSettings
from tui_desk.contracts.people import SavePerson
from tui_desk.contracts.queue import CountViews, ListTickets
from tui_desk.contracts.ticket_work import SetNextAction
from tui_desk.contracts.tickets import NewTicket, ReportPresence, SetFields, ShowTicket, TakeTicket, UndoLast
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import MessageKind, PresenceMode, Priority, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.db.fast import open_reader
from tui_desk.models import Delivery
from tui_desk.services import queue, reminders, snoozes
from tui_desk.services.settings_store import write_setting
from tui_desk.workers.supervisor import run_worker


def listed(desk: Desk, view: str) -> list[int]:
    reader = open_reader(desk.database.url)
    try:
        return [row.number for row in queue.list_tickets(reader, desk.ana, ListTickets(view=view)).rows]
    finally:
        reader.close()


def tick(desk: Desk) -> int:
    """What a worker's clock does."""
    with desk.database.reading() as session:
        ended, due = snoozes.due(session, desk.now), reminders.due(session, desk.now)
    done = 0
    for one in ended:
        with desk.writing() as session:
            done += snoozes.end(session, one, desk.now)
    for reminder in due:
        with desk.writing() as session:
            done += reminders.remind(session, reminder, desk.now)
    return done


def told(desk: Desk, login: str = "ana") -> list[str]:
    return [one.sentence for one in desk.ask(ListNotifications(), desk.actors[login])]


def test_a_snoozed_ticket_leaves_the_views_of_work_and_comes_back_by_itself(desk: Desk) -> None:
    desk.now = utc_now()
    number, other = ticket(desk), ticket(desk, subject="Lamp")
    desk.ask(TakeTicket(number))
    until = desk.now + timedelta(hours=2)
    changed = desk.ask(SnoozeTicket(number, until))
    assert "is snoozed until" in changed.sentence
    assert [listed(desk, view) for view in ("mine", "open", "snoozed")] == [[], [other], [number]]
    assert set(listed(desk, "all")) == {number, other}
    shown = desk.ask(ShowTicket(number))
    assert shown.snooze is not None
    assert (shown.snooze.until, shown.snooze.by) == (until, "Ana Díaz")
    assert "snoozed it until" in shown.events[-1].sentence
    reader = open_reader(desk.database.url)
    counts = {one.view: one.count for one in queue.count_views(reader, desk.ana, CountViews())}
    (row,) = queue.list_tickets(reader, desk.ana, ListTickets(view="snoozed")).rows
    reader.close()
    assert (counts["mine"], counts["open"], counts["snoozed"]) == (0, 1, 1)
    assert row.snooze == shown.snooze
    desk.ask(UndoLast(number))
    assert listed(desk, "mine") == [number]
    # The moment needs no worker; the worker's clock then tells, once.
    desk.ask(SnoozeTicket(number, until))
    desk.now = until + timedelta(seconds=1)
    assert desk.ask(ShowTicket(number)).snooze is None
    assert tick(desk) == 1
    assert tick(desk) == 0
    assert told(desk) == ["It is back, the moment has come: Printer"]
    assert "ended the snooze" in desk.ask(ShowTicket(number)).events[-1].sentence
    with pytest.raises(Refused, match="is not snoozed"):
        desk.ask(WakeTicket(number))


def test_an_answer_of_the_requester_brings_it_back(database_url: str) -> None:
    with open_world(database_url) as world:
        case = world.case()
        desk = world.desk
        desk.ask(SnoozeTicket(case.number))
        assert tick(desk) == 0
        answer(world, case.anna, case.thread + "Auto-Submitted: auto-replied\r\n")
        assert tick(desk) == 0, "a machine has written"
        answer(world, case.anna, case.thread)
        assert tick(desk) == 1
        assert desk.ask(ShowTicket(case.number)).snooze is None
        (sentence,) = told(desk)
        assert sentence.startswith("It is back, the requester has written:")


def test_an_answer_that_came_while_it_was_put_off_was_not_seen(database_url: str) -> None:
    with open_world(database_url) as world:
        case = world.case()
        desk = world.desk
        seen = desk.ask(ShowTicket(case.number)).messages[-1].id
        answer(world, case.anna, case.thread)
        desk.ask(SnoozeTicket(case.number, seen_message_id=seen))
        assert tick(desk) == 1
        assert desk.ask(ShowTicket(case.number)).snooze is None


def test_a_mail_that_did_not_arrive_brings_it_back(database_url: str) -> None:
    with open_world(database_url) as world:
        case, desk = world.case(), world.desk
        desk.ask(SnoozeTicket(case.number))
        assert tick(desk) == 0
        with desk.writing() as session:
            sent = session.exec(select(Delivery)).one()
            sent.state, sent.updated_at = "bounced", desk.later()
        assert tick(desk) == 1
        assert desk.ask(ShowTicket(case.number)).snooze is None
        (sentence,) = told(desk)
        assert sentence.startswith("It is back, a mail of it did not arrive:")
        desk.ask(SnoozeTicket(case.number))
        assert tick(desk) == 0, "that was known when it was snoozed again"


def test_an_answer_that_came_before_in_another_ticket_or_by_phone_brings_it_back(desk: Desk) -> None:
    older, number = ticket(desk), ticket(desk)
    desk.ask(SnoozeTicket(number))
    merged = desk.ask(MergeTickets(number, (older,)), desk.ben)
    assert desk.ask(ShowTicket(number)).snooze is None
    assert len(told(desk)) == 1
    desk.ask(UndoLast(number, merged.event_ids), desk.ben)
    assert desk.ask(ShowTicket(number)).snooze is not None
    desk.ask(AddNote(number, "Nobody answers", channel_kind=MessageKind.PHONE))
    desk.ask(AddNote(number, "We wait"), desk.ben)
    assert desk.ask(ShowTicket(number)).snooze is not None, "one's own call, a note"
    desk.ask(AddNote(number, "She has called: it is on fire", channel_kind=MessageKind.PHONE), desk.ben)
    assert desk.ask(ShowTicket(number)).snooze is None
    assert len(told(desk)) == 2


def test_fetching_once_brings_back_what_is_due(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SnoozeTicket(number, desk.now + timedelta(hours=1)))
    desk.ask(AddReminder(number, desk.now + timedelta(hours=1)))
    run_worker(desk.database, Event(), once=True, clock=lambda: desk.now + timedelta(hours=2))
    assert desk.ask(ShowTicket(number)).snooze is None
    assert len(told(desk)) == 2


def answer(world: World, sender: str, extra: str) -> None:
    world.receive(world.mail(sender, extra=extra, body="It works again."))


def test_an_end_of_the_ticket_ends_its_snooze_and_undo_brings_both_back(desk: Desk) -> None:
    number, other = ticket(desk), ticket(desk)
    desk.ask(SnoozeTicket(number, desk.now + timedelta(days=1)))
    done = desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    assert desk.ask(ShowTicket(number)).snooze is None
    with pytest.raises(Refused, match="nothing to put off"):
        desk.ask(SnoozeTicket(number))
    desk.ask(UndoLast(number, done.event_ids))
    shown = desk.ask(ShowTicket(number))
    assert shown.status is not TicketStatus.RESOLVED
    assert shown.snooze is not None
    merged = desk.ask(MergeTickets(other, (number,)))
    assert desk.ask(ShowTicket(number)).snooze is None
    assert tick(desk) == 0
    desk.ask(UndoLast(other, merged.event_ids))
    assert desk.ask(ShowTicket(number)).snooze is not None


def test_a_second_snooze_is_the_new_moment_and_waking_can_be_taken_back(desk: Desk) -> None:
    number = ticket(desk)
    first, second = desk.now + timedelta(days=1), desk.now + timedelta(days=2)
    desk.ask(SnoozeTicket(number, first))
    desk.ask(SnoozeTicket(number, second), desk.ben)
    desk.ask(UndoLast(number), desk.ben)
    shown = desk.ask(ShowTicket(number)).snooze
    assert (shown.until, shown.by) == (first, "Ana Díaz")
    desk.ask(WakeTicket(number), desk.ben)
    desk.ask(UndoLast(number), desk.ben)
    assert desk.ask(ShowTicket(number)).snooze == shown
    desk.now = first + timedelta(seconds=1)
    tick(desk)
    with pytest.raises((Conflict, Refused)):
        desk.ask(UndoLast(number))  # the clock has ended it since
    for wrong in (desk.now - timedelta(seconds=1), desk.now + timedelta(days=9_999)):
        with pytest.raises(UsageError):
            desk.ask(SnoozeTicket(number, wrong))
    with pytest.raises(NotFound):
        desk.ask(SnoozeTicket(4711))


def test_reminders_are_ones_own_and_are_told_once(desk: Desk) -> None:
    number = ticket(desk)
    due = desk.now + timedelta(hours=3)
    one = desk.ask(AddReminder(number, due, " Call Otto\x1b[c "))
    assert (one.ticket, one.ticket_subject, "\x1b" in one.text) == (number, "Printer", False)
    later = desk.ask(AddReminder(number, due + timedelta(days=1)))
    assert [each.id for each in desk.ask(ListReminders(number))] == [one.id, later.id]
    assert desk.ask(ListReminders(), desk.ben) == ()
    assert desk.ask(ShowTicket(number)).reminders == 2
    assert desk.ask(ShowTicket(number), desk.ben).reminders == 0
    with pytest.raises(NotFound):
        desk.ask(RemoveReminder(one.id), desk.ben)
    with pytest.raises(UsageError):
        desk.ask(AddReminder(number, desk.now))
    assert tick(desk) == 0
    desk.now = due + timedelta(hours=5)  # nothing ran at the moment itself
    with ThreadPoolExecutor(4) as workers:
        assert sum(workers.map(lambda _worker: tick(desk), range(4))) == 1
    (sentence,) = told(desk)
    assert sentence.startswith("You wanted to be reminded: Call Otto")
    assert told(desk, "ben") == []
    assert desk.ask(RemoveReminder(later.id)).id == later.id
    assert desk.ask(ListReminders()) == ()


def test_a_reminder_goes_along_when_tickets_are_merged(desk: Desk) -> None:
    number, other = ticket(desk), ticket(desk)
    desk.ask(AddReminder(number, desk.now + timedelta(hours=3)))
    merged = desk.ask(MergeTickets(other, (number,)))
    assert [one.ticket for one in desk.ask(ListReminders())] == [other]
    desk.ask(UndoLast(other, merged.event_ids))
    assert [one.ticket for one in desk.ask(ListReminders())] == [number]


def following(desk: Desk, seen: tuple[tuple[int, int], ...] = ()) -> list[int]:
    """What > brings one after the other until it begins anew."""
    order = []
    while True:
        found = desk.ask(NextTicket(seen))
        if found.again or not found.number:
            return order
        order.append(found.number)
        seen = (*seen, (found.number, found.version))


def test_the_next_ticket_is_the_one_that_loses_most(desk: Desk) -> None:
    assert desk.ask(NextTicket()).number == 0
    desk.ask(SaveTeam("Network"), desk.root)
    desk.ask(SaveTeam("Other"), desk.root)
    desk.ask(SaveAgent("ana", teams=("Network",)), desk.root)
    plain, ours, theirs = ticket(desk), ticket(desk), ticket(desk)
    desk.ask(SetFields(ours, team="Network"))
    desk.ask(SetFields(theirs, team="Other"))
    critical = desk.ask(NewTicket("Fire", "a@client.test", "x", priority=Priority.CRITICAL))
    vip = ticket(desk, requester="boss@client.test")
    desk.ask(SavePerson(desk.ask(ShowTicket(vip)).requester_id, "The Boss", vip=True))
    due = ticket(desk)
    desk.ask(SetNextAction(due, "Call", date(2026, 3, 3)))
    hidden = [ticket(desk) for _each in range(4)]
    desk.ask(SnoozeTicket(hidden[0]))
    desk.ask(SetFields(hidden[1], status=TicketStatus.PENDING))
    desk.ask(TakeTicket(hidden[2]), desk.ben)
    desk.ask(ReportPresence(hidden[3], "terminal-ben", PresenceMode.WRITING), desk.ben)
    received(desk, plain, mail())
    desk.now += timedelta(days=3)
    desk.ask(ReportPresence(hidden[3], "terminal-ben", PresenceMode.WRITING), desk.ben)
    assert following(desk) == [critical, due, vip, ours, plain, theirs]
    first = desk.ask(NextTicket())
    assert first.sentence == "waits 3 days for an answer, critical, nobody has taken it"
    assert first.others == 5
    assert desk.ask(NextTicket(((critical, first.version),))).number == due
    assert "overdue for" in desk.ask(ExplainUrgency(due)).sentence
    assert "VIP waits 3 days" in desk.ask(ExplainUrgency(vip)).sentence
    left_out = [desk.ask(ExplainUrgency(one)).left_out for one in (due, *hidden)]
    for said, why in zip(
        left_out, ("", "snoozed", "pending", "a colleague has taken it", "writing"), strict=True
    ):
        assert (why in said) if why else said == ""
    desk.ask(SetFields(critical, priority=Priority.HIGH))
    assert critical in following(desk, ((critical, first.version),)), "somebody touched it: it counts anew"
    desk.ask(SetFields(theirs, assignee="ana"))
    assert following(desk)[-1] != theirs


def test_the_next_ticket_asks_a_bounded_number_of_statements(desk: Desk) -> None:
    for _each in range(3):
        ticket(desk)
    assert len(desk.statements(NextTicket())) < 20


def test_the_candidates_come_in_the_order_of_an_index(desk: Desk) -> None:
    ticket(desk)
    seen: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if "ORDER BY" in statement and "FROM ticket " in statement and "JOIN task" not in statement:
            seen.append((statement, values))

    event.listen(desk.database.engine, "before_cursor_execute", note)
    desk.ask(NextTicket())
    event.remove(desk.database.engine, "before_cursor_execute", note)
    assert len(seen) == 8
    with desk.database.reading() as session:
        connection = session.connection()
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
            explain = "EXPLAIN"
        for statement, values in seen:
            plan = str(connection.exec_driver_sql(f"{explain} {statement}", values).fetchall())
            assert "Sort" not in plan, statement
            assert "TEMP B-TREE" not in plan, statement


def test_quiet_hours_that_a_newer_version_wrote_are_none(desk: Desk) -> None:
    with desk.writing() as session:
        write_setting(session, f"own:{desk.ana.agent_id}", {"quiet": "weekdays", "signal": "smoke"})
    assert desk.ask(ShowOwnSettings()) == OwnSettings()
