"""Tasks and checklists: given, ticked, moved, deleted, applied once; what is open keeps a ticket from being resolved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.tasks import (
    AddTask,
    ApplyChecklist,
    ChecklistItemView,
    DueBy,
    ListChecklists,
    ListTasks,
    MoveTask,
    RemoveChecklist,
    RemoveTask,
    SaveChecklist,
    SetTask,
    ShowChecklist,
    ShowTask,
)
from tui_desk.contracts.tickets import LinkTickets, MarkSpam, NewTicket, SetFields, ShowTicket, UndoLast
from tui_desk.core.enums import LinkKind, Move, TaskState, TicketStatus
from tui_desk.core.errors import Blocked, Conflict, NotFound, Refused, UsageError
from tui_desk.models import Event, Notification
from tui_desk.rules.moves import moves_of


def add(desk: Desk, number: int, title: str = "Order it", **more: object) -> int:
    return desk.ask(AddTask(number, title, **more)).id


def told(desk: Desk, login: str) -> list[str]:
    with desk.database.reading() as session:
        return list(
            session.exec(
                select(Notification.text)
                .where(Notification.agent_id == desk.actors[login].agent_id)
                .order_by(col(Notification.id))
            )
        )


def titles(desk: Desk, number: int) -> list[str]:
    return [task.title for task in desk.ask(ShowTicket(number)).tasks]


def test_a_task_keeps_what_was_said_of_it(desk: Desk) -> None:
    number = ticket(desk)
    due = DueBy(at=datetime(2026, 3, 5, 14, 30, tzinfo=UTC))
    task_id = add(desk, number, "  Order it ", notes="by phone", assignee="ben", due=due, blocking=False)
    task = desk.ask(ShowTask(task_id))
    assert (task.title, task.notes, task.assignee, task.assignee_name) == (
        "Order it",
        "by phone",
        "ben",
        "Ben Otto",
    )
    assert (task.due_on, task.due_at, task.blocking, task.state) == (None, due.at, False, TaskState.OPEN)
    assert told(desk, "ben") == ["Order it"]
    assert told(desk, "ana") == []
    [seen] = desk.ask(ShowTicket(number)).tasks
    assert seen == task


def test_what_makes_no_task_is_refused_and_nothing_is_kept(desk: Desk) -> None:
    number = ticket(desk)
    with pytest.raises(UsageError, match="needs a title"):
        add(desk, number, "  ")
    with pytest.raises(NotFound, match="no agent"):
        add(desk, number, assignee="nobody")
    with pytest.raises(NotFound, match="no team"):
        add(desk, number, team="nobody")
    with pytest.raises(Refused, match="cannot have"):
        add(desk, number, assignee="rita")
    with pytest.raises(UsageError, match="not both"):
        add(desk, number, due=DueBy(date(2026, 3, 5), datetime(2026, 3, 5, tzinfo=UTC)))
    with pytest.raises(NotFound):
        add(desk, 4711)
    with pytest.raises(NotFound):
        desk.ask(SetTask(4711, title="x"))
    with pytest.raises(UsageError, match="Nothing to set"):
        desk.ask(SetTask(add(desk, number)))
    assert titles(desk, number) == ["Order it"]


def test_states_follow_the_table(desk: Desk) -> None:
    task_id = add(desk, ticket(desk))
    desk.ask(SetTask(task_id, state=TaskState.DONE))
    done = desk.ask(ShowTask(task_id))
    assert done.done_at == desk.now - timedelta(seconds=1)
    with pytest.raises(Refused, match="done and cannot become cancelled"):
        desk.ask(SetTask(task_id, state=TaskState.CANCELLED))
    desk.ask(SetTask(task_id, state=TaskState.OPEN))
    assert desk.ask(ShowTask(task_id)).done_at is None


def test_tasks_change_places(desk: Desk) -> None:
    number = ticket(desk)
    ids = [add(desk, number, name) for name in ("a", "b", "c")]
    desk.ask(MoveTask(ids[2], -1))
    assert titles(desk, number) == ["a", "c", "b"]
    desk.ask(MoveTask(ids[0], 99))
    assert titles(desk, number) == ["c", "b", "a"]
    assert desk.ask(MoveTask(ids[0], 1)).event_ids == ()


def test_a_deleted_task_comes_back_as_it_was(desk: Desk) -> None:
    number = ticket(desk)
    task_id = add(desk, number, assignee="ben", due=DueBy(on=date(2026, 3, 9)))
    before = desk.ask(ShowTask(task_id))
    removed = desk.ask(RemoveTask(task_id))
    assert titles(desk, number) == []
    desk.ask(UndoLast(number, removed.event_ids))
    assert desk.ask(ShowTask(task_id)) == before


def test_two_agents_who_change_the_same_see_both(desk: Desk) -> None:
    task_id = add(desk, ticket(desk))
    read = desk.ask(ShowTask(task_id)).version
    desk.ask(SetTask(task_id, title="Order two"), desk.ben)
    with pytest.raises(Conflict, match="Ben Otto meanwhile: now “Order two”, yours “Order three”"):
        desk.ask(SetTask(task_id, version=read, title="Order three"))
    desk.ask(SetTask(task_id, version=read, notes="another column"))
    task = desk.ask(ShowTask(task_id))
    assert (task.title, task.notes) == ("Order two", "another column")


def test_my_tasks_are_mine_and_my_teams_overdue_first(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk)
    desk.ask(SaveTeam("Network"), desk.root)
    desk.ask(SaveAgent("ana", teams=("Network",)), desk.root)
    add(desk, one, "someday", assignee="me")
    add(desk, one, "ben's", assignee="ben")
    add(desk, other, "next week", assignee="me", due=DueBy(on=date(2026, 3, 9)))
    add(desk, other, "late", team="Network", due=DueBy(on=date(2026, 3, 1)))
    add(desk, other, "at an hour", assignee="me", due=DueBy(at=datetime(2026, 3, 9, 12, tzinfo=UTC)))
    done = add(desk, other, "done", assignee="me", due=DueBy(on=date(2026, 2, 1)))
    desk.ask(SetTask(done, state=TaskState.DONE))
    assert [t.title for t in desk.ask(ListTasks(mine=True))] == ["late", "at an hour", "next week", "someday"]
    assert [t.title for t in desk.ask(ListTasks(mine=True, overdue=True))] == ["late"]
    assert [t.title for t in desk.ask(ListTasks(assignee="ben"))] == ["ben's"]
    assert [t.title for t in desk.ask(ListTasks(team="network"))] == ["late"]
    assert [t.title for t in desk.ask(ListTasks(query="LAT"))] == ["late"]
    assert len(desk.ask(ListTasks(everything=True))) == 6
    assert desk.ask(ListTasks(limit=1, mine=True))[0].title == "late"
    assert {t.ticket_subject for t in desk.ask(ListTasks(mine=True))} == {desk.ask(ShowTicket(one)).subject}


def test_open_tasks_hold_a_ticket_up_until_a_reason_is_given(desk: Desk) -> None:
    number = ticket(desk)
    blocking = add(desk, number, "Back up first")
    add(desk, number, "Nice to have", blocking=False)
    with pytest.raises(Blocked, match="Task open: Back up first") as blocked:
        desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    assert blocked.value.obstacles == ("Task open: Back up first",)
    assert blocked.value.passable
    for wanted in (TicketStatus.CLOSED, TicketStatus.RESOLVED):
        with pytest.raises(Blocked):
            desk.ask(SetFields(number, status=wanted, despite="  "))
    desk.ask(SetFields(number, status=TicketStatus.PENDING))
    assert desk.ask(ShowTicket(number)).status is TicketStatus.PENDING
    done = desk.ask(SetFields(number, status=TicketStatus.RESOLVED, despite="The customer has left"))
    view = desk.ask(ShowTicket(number))
    assert view.status is TicketStatus.RESOLVED
    assert any("The customer has left" in e.sentence and "Back up first" in e.sentence for e in view.events)
    desk.ask(UndoLast(number, done.event_ids))
    desk.ask(SetTask(blocking, state=TaskState.CANCELLED))
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))


def test_an_answer_that_resolves_meets_the_same_gate(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    add(desk, number)
    with pytest.raises(Blocked):
        desk.ask(SendReply(number, "Done.", status_after="resolved"))
    assert len(desk.ask(ShowTicket(number)).messages) == 1
    desk.ask(SendReply(number, "Done.", status_after="resolved", despite="told by phone"))
    assert desk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED


def test_children_and_blockers_hold_a_ticket_up(desk: Desk) -> None:
    number, child, blocker = ticket(desk), ticket(desk), ticket(desk)
    desk.ask(LinkTickets(number, child, LinkKind.PARENT))
    desk.ask(LinkTickets(blocker, number, LinkKind.BLOCKS))
    with pytest.raises(Blocked) as blocked:
        desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    assert len(blocked.value.obstacles) == 2
    for other in (child, blocker):
        desk.ask(SetFields(other, status=TicketStatus.RESOLVED))
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))


def test_spam_and_undo_do_not_ask(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    reopened = desk.ask(SetFields(number, status=TicketStatus.OPEN))
    add(desk, number)
    desk.ask(UndoLast(number, reopened.event_ids))
    assert desk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED
    other = ticket(desk)
    add(desk, other)
    desk.ask(MarkSpam(other))
    assert desk.ask(ShowTicket(other)).status is TicketStatus.CLOSED


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [
        ("new", "open", (Move.START,)),
        ("new", "resolved", (Move.START, Move.RESOLVE)),
        ("pending", "open", (Move.CONTINUE,)),
        ("on_hold", "open", (Move.CONTINUE,)),
        ("open", "closed", (Move.RESOLVE, Move.CLOSE)),
        ("resolved", "closed", (Move.CLOSE,)),
        ("resolved", "open", ()),
        ("open", "pending", ()),
        ("open", "open", ()),
    ],
)
def test_moves(before: str, after: str, moves: tuple[Move, ...]) -> None:
    assert moves_of(TicketStatus(before), TicketStatus(after)) == moves


ITEMS = (
    ChecklistItemView("Order the laptop", assignee="ben", due_after_days=2),
    ChecklistItemView("Make the account", notes="ask HR", blocking=False),
)


def joiner(desk: Desk, category: str = "") -> None:
    desk.ask(SaveChecklist(None, "New joiner", category, items=ITEMS), desk.actors["sue"])


def test_a_checklist_is_applied_by_hand_and_never_doubled(desk: Desk) -> None:
    joiner(desk)
    number = ticket(desk)
    applied = desk.ask(ApplyChecklist(number, "new JOINER"))
    one, two = desk.ask(ShowTicket(number)).tasks
    assert (one.title, one.assignee, one.due_on, one.blocking) == (
        "Order the laptop",
        "ben",
        date(2026, 3, 4),
        True,
    )
    assert (two.notes, two.due_on, two.blocking) == ("ask HR", None, False)
    assert told(desk, "ben") == ["Order the laptop"]
    with pytest.raises(Refused, match="already"):
        desk.ask(ApplyChecklist(number, "New joiner"))
    desk.ask(RemoveTask(two.id))
    desk.ask(ApplyChecklist(number, "New joiner"))
    assert len(titles(desk, number)) == 2
    assert len(applied.event_ids) == 2


def test_a_category_brings_its_checklist_once(desk: Desk) -> None:
    joiner(desk, "HR/Joiner")
    number = desk.ask(NewTicket("New colleague", "hr@client.test", "x", category="HR/Joiner"))
    assert len(titles(desk, number)) == 2
    first = desk.ask(ShowTicket(number)).tasks[0]
    desk.ask(RemoveTask(first.id))
    desk.ask(SetFields(number, category=""))
    desk.ask(SetFields(number, category="HR/Joiner"))
    assert titles(desk, number) == ["Make the account"]
    other = ticket(desk)
    changed = desk.ask(SetFields(other, category="HR/Joiner"))
    assert len(titles(desk, other)) == 2
    desk.ask(UndoLast(other, changed.event_ids))
    assert (titles(desk, other), desk.ask(ShowTicket(other)).category) == ([], "")
    desk.ask(SetFields(other, category="HR/Joiner"))
    assert len(titles(desk, other)) == 2


def test_a_checklist_is_changed_by_supervisors_and_what_came_of_it_stays(desk: Desk) -> None:
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveChecklist(None, "x"))
    joiner(desk)
    number = ticket(desk)
    desk.ask(ApplyChecklist(number, "New joiner"))
    view = desk.ask(ShowChecklist("New joiner"))
    items = (view.items[1], ChecklistItemView("Say hello"))
    sue = desk.actors["sue"]
    changed = desk.ask(SaveChecklist(view.id, "Joiner", items=items, version=view.version), sue)
    assert [item.title for item in changed.items] == ["Make the account", "Say hello"]
    assert titles(desk, number) == ["Order the laptop", "Make the account"]
    desk.ask(ApplyChecklist(number, "Joiner"))
    assert titles(desk, number)[2:] == ["Say hello"]
    with pytest.raises(Refused, match="already"):
        desk.ask(SaveChecklist(None, "JOINER"), sue)
    with pytest.raises(UsageError, match="days"):
        desk.ask(SaveChecklist(None, "y", items=(ChecklistItemView("z", due_after_days=-1),)), sue)
    desk.ask(RemoveChecklist("Joiner"), sue)
    assert desk.ask(ListChecklists()) == ()
    assert [one.name for one in desk.ask(ListChecklists(inactive=True))] == ["Joiner"]
    with pytest.raises(Refused, match="set aside"):
        desk.ask(ApplyChecklist(number, "Joiner"))


def test_a_ticket_with_fifty_tasks_is_read_with_as_many_statements_as_one_with_one(desk: Desk) -> None:
    few, many = ticket(desk), ticket(desk)
    add(desk, few)
    for index in range(50):
        add(desk, many, f"task {index}", assignee="ben")
    counts = [
        sum("FROM task" in one for one in desk.statements(ShowTicket(number))) for number in (few, many)
    ]
    assert counts == [1, 1]


def test_every_change_is_told_in_the_ticket_s_history(desk: Desk) -> None:
    number = ticket(desk)
    task_id = add(desk, number)
    desk.ask(SetTask(task_id, state=TaskState.IN_PROGRESS))
    desk.ask(RemoveTask(task_id))
    with desk.database.reading() as session:
        actions = session.exec(
            select(Event.action).where(Event.stream == f"ticket:{number}").order_by(col(Event.position))
        ).all()
    assert actions[-3:] == ["row_added", "row_changed", "row_removed"]
