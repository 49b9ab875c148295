"""The history: sentences about rows, pages, what can be taken back and what says beforehand that it cannot."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import AddNote, SendReply
from tui_desk.contracts.desk import SaveAsset, SaveSettings, ShowAsset, ShowSettings
from tui_desk.contracts.history import SETTINGS, ListEvents, ShowEvent, ValueChange
from tui_desk.contracts.tickets import EventView, LinkAsset, SetFields, ShowTicket, UndoDeed
from tui_desk.contracts.timekeeping import ClosePeriod, ShowTimeSettings
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused
from tui_desk.models import Approval, ApprovalStep, ApprovalVote, Licence, Person, Task
from tui_desk.services.actor import DEED
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row, change_row


def newest(desk: Desk, number: int) -> EventView:
    return desk.ask(ShowTicket(number)).events[-1]


def new_task(desk: Desk, number: int, title: str = "Order laptop") -> int:
    desk.later()
    with desk.writing() as session:
        session.info[DEED] = f"task {title} {desk.now}"
        task = Task(ticket_id=number, title=title, created_at=desk.now, updated_at=desk.now)
        add_row(session, desk.ana, ticket_stream(number), task, desk.now, name=title)
        return int(task.id or 0)


def set_task(desk: Desk, task_id: int, **values: object) -> None:
    desk.later()
    with desk.writing() as session:
        session.info[DEED] = f"set {desk.now}"
        task = session.get_one(Task, task_id)
        change_row(session, desk.ana, ticket_stream(task.ticket_id), task, values, desk.now, name=task.title)


def test_rows_are_told_in_words_and_references_by_name(desk: Desk) -> None:
    number = ticket(desk)
    task = new_task(desk, number)
    assert newest(desk, number).sentence == "Ana Díaz added the task “Order laptop”"
    set_task(desk, task, state="done", due_on=date(2026, 5, 1), assignee_id=desk.ben.agent_id, notes="long")
    event = newest(desk, number)
    assert event.sentence == (
        "Ana Díaz set the task “Order laptop”: notes changed; state from open to done; assignee Ben Otto; due 2026-05-01"
    )
    details = desk.ask(ShowEvent(event.id))
    assert ValueChange("assignee", "", "Ben Otto") in details.changes
    assert ValueChange("notes", "", "long") in details.changes
    desk.ask(UndoDeed(event.id), desk.ben)
    undone = newest(desk, number)
    assert undone.sentence.startswith(
        "Ben Otto undid: set the task “Order laptop”: notes changed; state from done to open; assignee cleared"
    )


def test_an_undo_is_undone_in_its_turn_by_anybody_and_days_later(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, priority=Priority.LOW, tags=("vip",)))
    done = newest(desk, number)
    desk.later(days=9)
    desk.ask(UndoDeed(done.id), desk.ben)
    view = desk.ask(ShowTicket(number))
    assert (view.priority, view.tags) == (Priority.NORMAL, ())
    undo = view.events[-1]
    assert (undo.actor, undo.reversible) == ("Ben Otto", True)
    with pytest.raises(Refused, match="undone already"):
        desk.ask(UndoDeed(done.id))
    assert not desk.ask(ShowTicket(number)).events[-3].reversible
    desk.ask(UndoDeed(undo.id))
    view = desk.ask(ShowTicket(number))
    assert (view.priority, view.tags) == (Priority.LOW, ("vip",))
    assert next(event for event in view.events if event.id == done.id).reversible, "it holds again"
    desk.ask(UndoDeed(done.id))
    assert desk.ask(ShowTicket(number)).priority is Priority.NORMAL


def test_a_deed_over_ticket_and_asset_is_taken_back_from_either_history(desk: Desk) -> None:
    number = ticket(desk)
    asset = desk.ask(SaveAsset(None, "PC-1", "Laptop"))
    desk.ask(LinkAsset(number, asset.id))
    (seen,) = desk.ask(ListEvents(f"asset:{asset.id}", limit=1)).events
    assert seen.reversible
    assert seen.subject == "PC-1"
    desk.ask(UndoDeed(seen.id), desk.ben)
    assert desk.ask(ShowTicket(number)).assets == ()


def test_changes_of_an_asset_are_taken_back_whole_or_not_at_all(desk: Desk) -> None:
    asset = desk.ask(SaveAsset(None, "PC-1", "Laptop", owner="Otto <otto@client.test>"))
    changed = SaveAsset(asset.id, "PC-2", "Notebook", warranty_until=date(2027, 1, 1), owner="")
    desk.ask(changed)
    event = desk.ask(ListEvents(f"asset:{asset.id}", limit=1)).events[0]
    answer = desk.ask(UndoDeed(event.id))
    assert answer.number == 0
    view = desk.ask(ShowAsset(id=asset.id))
    assert (view.tag, view.name, view.warranty_until, view.owner) == ("PC-1", "Laptop", None, asset.owner)
    desk.ask(changed)
    event = desk.ask(ListEvents(f"asset:{asset.id}", limit=1)).events[0]
    desk.ask(SaveAsset(asset.id, "PC-2", "Tablet", warranty_until=date(2027, 1, 1)), desk.ben)
    with pytest.raises(Conflict, match="PC-1 Laptop has been changed since"):
        desk.ask(UndoDeed(event.id))
    assert desk.ask(ShowAsset(id=asset.id)).tag == "PC-2", "nothing was half undone"


def test_what_cannot_be_undone_says_so_beforehand(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    desk.ask(AddNote(number, "Remember"))
    note = newest(desk, number)
    assert (note.reversible, "stays there" in note.obstacle) == (False, True)
    sent = desk.ask(SendReply(number, "Hello"))
    assert sent is not None
    answer = next(event for event in desk.ask(ShowTicket(number)).events if event.action == "replied")
    assert "nothing calls it back" in answer.obstacle
    with pytest.raises(Refused, match="It cannot be undone: A mail"):
        desk.ask(UndoDeed(answer.id))
    with pytest.raises(NotFound):
        desk.ask(UndoDeed(4711_000))
    with pytest.raises(Refused, match="may look"):
        desk.ask(UndoDeed(answer.id), desk.rita)


def test_decisions_and_secrets_stay(desk: Desk) -> None:
    number = ticket(desk)
    with desk.writing() as session:
        session.info[DEED] = "decided"
        person = session.exec(select(Person)).first()
        assert person is not None
        approval = Approval(ticket_id=number, title="Laptop", created_at=desk.now)
        add_row(session, desk.ana, ticket_stream(number), approval, desk.now, name="Laptop")
        step = ApprovalStep(approval_id=approval.id or 0, position=1)
        add_row(session, desk.ana, ticket_stream(number), step, desk.now, name="1")
        vote = ApprovalVote(
            step_id=step.id or 0, person_id=person.id or 0, address="b@c.test", decision="yes"
        )
        add_row(session, desk.ana, ticket_stream(number), vote, desk.now, name="Boss")
    assert "decision" in newest(desk, number).obstacle
    with desk.writing() as session:
        session.info[DEED] = "secret"
        licence = Licence(name="Editor", created_at=desk.now, updated_at=desk.now)
        add_row(session, desk.ana, "licence:1", licence, desk.now, name="Editor")
        session.info[DEED] = "key"
        change_row(session, desk.ana, "licence:1", licence, {"key_secret": "x"}, desk.now, name="Editor")
    event = desk.ask(ListEvents("licence:1", limit=1)).events[0]
    assert "no history keeps secrets" in event.obstacle
    with pytest.raises(Refused, match="secrets"):
        desk.ask(UndoDeed(event.id))


def test_what_hangs_on_a_row_is_in_the_way_of_its_undo(desk: Desk) -> None:
    number = ticket(desk)
    task = new_task(desk, number)
    added = newest(desk, number)
    set_task(desk, task, state="done")
    with pytest.raises(Conflict, match="has been changed since"):
        desk.ask(UndoDeed(added.id))


def test_a_long_history_is_read_by_pages(desk: Desk) -> None:
    number = ticket(desk)
    task = new_task(desk, number)
    for turn in range(130):
        set_task(desk, task, position=turn + 1)
    view = desk.ask(ShowTicket(number))
    assert (len(view.events), view.event_count) == (100, 132)
    first = desk.ask(ListEvents(ticket_stream(number), limit=50))
    assert (first.has_newer, first.has_older) == (False, True)
    ids = [event.id for event in first.events]
    while (page := desk.ask(ListEvents(ticket_stream(number), older_than=ids[-1], limit=50))).events:
        assert page.has_newer
        ids += [event.id for event in page.events]
    assert len(ids) == 132
    assert ids == sorted(ids, reverse=True)
    back = desk.ask(ListEvents(ticket_stream(number), newer_than=ids[60], limit=10))
    assert [event.id for event in back.events] == ids[50:60]
    assert (back.has_newer, back.has_older) == (True, True)
    around = desk.ask(ListEvents(ticket_stream(number), from_id=ids[5], limit=3))
    assert [event.id for event in around.events] == ids[5:8]
    last = desk.ask(ListEvents(ticket_stream(number), oldest=True, limit=3))
    assert [event.id for event in last.events] == ids[-3:]


def test_a_history_is_of_an_agent_a_time_or_the_settings(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk)
    desk.ask(SetFields(one, status=TicketStatus.OPEN), desk.ben)
    since = desk.later(hours=1)
    desk.ask(SetFields(other, priority=Priority.HIGH))
    assert [event.subject for event in desk.ask(ListEvents(agent="BEN")).events] == [f"#{one}"]
    assert [event.subject for event in desk.ask(ListEvents(since=since)).events] == [f"#{other}"]
    desk.ask(SaveSettings(desk_name="IT"), desk.root)
    assert [event.field for event in desk.ask(ListEvents(SETTINGS)).events] == ["desk_name"]
    with pytest.raises(NotFound):
        desk.ask(ListEvents(agent="nobody"))


def test_a_setting_is_taken_back_from_the_history_by_who_may_set_it(desk: Desk) -> None:
    desk.ask(SaveSettings(undo_seconds=30, desk_name="IT"), desk.root)
    name, seconds = desk.ask(ListEvents(SETTINGS)).events
    assert name.reversible
    with pytest.raises(Refused):
        desk.ask(UndoDeed(seconds.id), desk.ben)
    with pytest.raises(Refused):
        desk.ask(UndoDeed(seconds.id), desk.actors["sue"])
    desk.ask(UndoDeed(seconds.id), desk.root)
    shown = desk.ask(ShowSettings())
    assert (shown.undo_seconds, shown.desk_name) == (10, "")
    desk.ask(SaveSettings(undo_seconds=5), desk.root)
    newest_of_all = desk.ask(ListEvents(SETTINGS)).events[0]
    desk.ask(SaveSettings(undo_seconds=6), desk.root)
    with pytest.raises(Conflict, match="set anew"):
        desk.ask(UndoDeed(newest_of_all.id), desk.root)


def test_a_period_closed_by_mistake_is_opened_from_the_history(desk: Desk) -> None:
    sue = desk.actors["sue"]
    desk.ask(ClosePeriod(date(2026, 1, 31)), sue)
    desk.ask(UndoDeed(desk.ask(ListEvents(SETTINGS)).events[0].id), sue)
    assert desk.ask(ShowTimeSettings()).closed_until is None
