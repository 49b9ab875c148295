"""Many tickets into one, some messages into a ticket of their own, and both taken back days later with new mail in between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tests.services.mail_world import Case, World, open_world
from tests.services.test_history import new_task
from tests.services.test_undo_and_links import state
from tui_desk.contracts.conversation import SaveDraft
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.merging import MergeTickets, SplitTicket, SuggestMerge
from tui_desk.contracts.tickets import (
    JoinSuggested,
    LastChange,
    LinkAsset,
    LinkTickets,
    SetFields,
    ShowTicket,
    UndoDeed,
    UndoLast,
)
from tui_desk.contracts.timekeeping import AddTime, ClosePeriod
from tui_desk.core.enums import DraftKind, LinkKind, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.models import Draft, Task, Ticket
from tui_desk.services import audit
from tui_desk.services.links import open_blockers


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        yield opened


def whole(desk: Desk, number: int) -> dict[str, Any]:
    """All of a ticket that merging and splitting may change."""
    view = desk.ask(ShowTicket(number))
    with desk.database.reading() as session:
        tasks = session.exec(select(Task.id).where(Task.ticket_id == number).order_by(col(Task.id))).all()
        drafts = session.exec(select(Draft.id).where(Draft.ticket_id == number)).all()
    return {
        "state": state(desk, number),
        "tags": view.tags,
        "assets": [asset.tag for asset in view.assets],
        "tasks": list(tasks),
        "drafts": list(drafts),
        "merged_into": view.merged_into,
        "requester": view.requester_address,
    }


def answer(world: World, case: Case, **headers: str) -> int | None:
    """Where an answer to our mail in that conversation goes."""
    (entry,) = world.receive(world.mail(case.anna, extra=case.thread, **headers))
    return entry.ticket_id


def test_many_become_one_and_are_many_again_days_later(world: World) -> None:
    desk = world.desk
    target, one, other = world.case(), world.case(), world.case(cc="Tom <tom@x.test>")
    asset = desk.ask(SaveAsset(None, "PC-1", "Laptop"))
    desk.ask(LinkAsset(one.number, asset.id))
    desk.ask(SetFields(one.number, tags=("vip",)))
    desk.ask(SetFields(target.number, tags=("old",)))
    task = new_task(desk, other.number)
    desk.ask(SaveDraft(other.number, DraftKind.NOTE, "half a"))
    numbers = (target.number, one.number, other.number)
    before = {number: whole(desk, number) for number in numbers}

    done = desk.ask(MergeTickets(target.number, (one.number, other.number, one.number)))
    assert done.sentence == f"#{one.number}, #{other.number} merged into #{target.number}"
    view = desk.ask(ShowTicket(target.number))
    assert len(view.messages) == 9
    assert [message.at for message in view.messages] == sorted(message.at for message in view.messages)
    assert {watcher.address for watcher in view.watchers} == {one.anna, other.anna, "tom@x.test"}
    now = whole(desk, target.number)
    assert (now["tags"], now["assets"], now["tasks"]) == (("old", "vip"), ["PC-1"], [task])
    assert len(now["drafts"]) == 1
    for source in (one, other):
        old = desk.ask(ShowTicket(source.number))
        assert (old.status, old.merged_into, old.messages) == (TicketStatus.CLOSED, target.number, ())
        assert (LinkKind.DUPLICATE, target.number) in [(link.kind, link.number) for link in old.links]

    # whatever names the old ones leads to the new one
    assert answer(world, one) == target.number
    (by_subject,) = world.receive(world.mail(other.anna, subject=f"Re: [#{other.number}] x"))
    (by_address,) = world.receive(world.mail("tom@x.test", to=other.reply_to))
    assert (by_subject.ticket_id, by_address.ticket_id) == (target.number, target.number)

    desk.later(days=5)
    change = desk.ask(ShowTicket(one.number)).events[-1]
    assert change.reversible
    undone = desk.ask(UndoDeed(change.id), desk.ben)
    assert "moved 3 messages" in undone.sentence
    came = [by_subject.message_id, by_address.message_id]
    for number in (one.number, other.number):
        assert whole(desk, number) == before[number]
    after = whole(desk, target.number)
    assert set(came) <= set(after["state"][-1]), "what came since stays where it came"
    assert (after["tags"], after["assets"], after["tasks"]) == (("old",), [], [])
    assert answer(world, one, message_id="again@x.test") == one.number
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()

    # and once more: the undo is taken back
    redo = next(e for e in reversed(desk.ask(ShowTicket(one.number)).events) if e.action == "messages_moved")
    desk.ask(UndoDeed(redo.id))
    again = desk.ask(ShowTicket(target.number))
    assert desk.ask(ShowTicket(other.number)).merged_into == target.number
    kept = desk.ask(ShowTicket(one.number))
    assert (len(kept.messages), kept.merged_into) == (1, None), "what has messages of its own goes on"
    assert {watcher.address for watcher in again.watchers} >= {one.anna, other.anna}
    desk.ask(UndoDeed(change.id))
    assert whole(desk, other.number) == before[other.number]


def test_what_makes_no_sense_is_told_and_nothing_is_half_done(desk: Desk) -> None:
    one, two, three, four = (ticket(desk, subject=f"T{n}") for n in range(4))
    with pytest.raises(UsageError, match="into itself"):
        desk.ask(MergeTickets(one, (two, one)))
    with pytest.raises(UsageError, match="Name the tickets"):
        desk.ask(MergeTickets(one, ()))
    with pytest.raises(NotFound):
        desk.ask(MergeTickets(one, (two, 4711)))
    assert desk.ask(ShowTicket(two)).merged_into is None
    desk.ask(MergeTickets(one, (two,)))
    with pytest.raises(Refused, match=f"#{two} was merged into #{one}"):
        desk.ask(MergeTickets(three, (four, two)))
    with pytest.raises(Refused, match=f"#{two} was merged into #{one}"):
        desk.ask(MergeTickets(two, (one,)))
    assert [desk.ask(ShowTicket(n)).merged_into for n in (three, four)] == [None, None]
    desk.ask(MergeTickets(three, (one,)))
    with pytest.raises(Refused, match="was merged into"):
        desk.ask(MergeTickets(one, (three,)))
    assert len(desk.ask(ShowTicket(three)).messages) == 3
    with pytest.raises(Conflict, match="moved on"):
        desk.ask(UndoDeed(desk.ask(ShowTicket(two)).events[-1].id))
    desk.ask(UndoLast(one))
    desk.ask(UndoDeed(desk.ask(ShowTicket(two)).events[-1].id))
    assert [len(desk.ask(ShowTicket(n)).messages) for n in (one, two, three)] == [1, 1, 1]
    with pytest.raises(Refused, match="may look"):
        desk.ask(MergeTickets(one, (two,)), desk.rita)


def test_what_was_set_since_a_merge_is_not_overwritten_by_its_undo(desk: Desk) -> None:
    target, source = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(SetFields(target, status=TicketStatus.RESOLVED, tags=("a",)))
    desk.ask(SetFields(source, tags=("b",)))
    desk.ask(MergeTickets(target, (source,)))
    assert desk.ask(ShowTicket(target)).status is TicketStatus.OPEN
    desk.ask(SetFields(target, status=TicketStatus.PENDING, tags=("a", "b", "c")), desk.ben)
    change = desk.ask(LastChange(source))
    assert change is not None
    desk.ask(UndoLast(source, change.event_ids))
    view = desk.ask(ShowTicket(target))
    assert (view.status, view.tags) == (TicketStatus.PENDING, ("a", "c"))
    assert desk.ask(ShowTicket(source)).status is TicketStatus.NEW


def test_some_messages_get_a_ticket_of_their_own_and_come_back(world: World) -> None:
    desk, case = world.desk, world.case()
    (bert,) = world.receive(
        world.mail(
            f"Bert <bert@{case.domain}>",
            subject="Re: toner",
            message_id="toner@x.test",
            extra=case.thread + "Cc: Tom <tom@x.test>\r\n",
        )
    )
    messages = [message.id for message in desk.ask(ShowTicket(case.number)).messages]
    before = whole(desk, case.number)
    note = messages[2]
    done = desk.ask(SplitTicket((bert.message_id or 0, note), "Toner for Bert"))
    own = desk.ask(ShowTicket(done.number))
    assert done.sentence == f"2 messages of #{case.number} are now #{own.number}"
    assert [message.id for message in own.messages] == [note, bert.message_id]
    assert (own.subject, own.status, own.requester_address) == (
        "Toner for Bert",
        TicketStatus.OPEN,
        f"bert@{case.domain}",
    )
    assert {watcher.address for watcher in own.watchers} == {"tom@x.test"}
    thread = "In-Reply-To: <toner@x.test>\r\n"
    (later,) = world.receive(world.mail("tom@x.test", extra=thread))
    assert later.ticket_id == own.number
    assert answer(world, case) == case.number
    desk.later(days=3)
    desk.ask(UndoDeed(own.events[-1].id), desk.ben)
    now = whole(desk, case.number)
    assert now["state"][-1][: len(messages)] == messages
    assert now["state"][3] == before["state"][3], "whoever left with them is back"
    left = desk.ask(ShowTicket(own.number))
    assert ([message.id for message in left.messages], left.status) == ([later.message_id], TicketStatus.OPEN)


def test_a_split_that_is_undone_leads_to_where_its_messages_are(world: World) -> None:
    desk, case = world.desk, world.case()
    (entry,) = world.receive(world.mail(case.anna, message_id="b@x.test", extra=case.thread))
    before = whole(desk, case.number)
    own = desk.ask(SplitTicket((entry.message_id or 0,))).number
    desk.ask(UndoLast(case.number))
    assert whole(desk, case.number) == before
    view = desk.ask(ShowTicket(own))
    assert (view.messages, view.status, view.merged_into) == ((), TicketStatus.CLOSED, case.number)
    (late,) = world.receive(world.mail(case.anna, subject=f"Re: [#{own}]"))
    assert late.ticket_id == case.number
    redo = view.events[-1]
    desk.ask(UndoDeed(redo.id))
    assert [message.id for message in desk.ask(ShowTicket(own)).messages] == [entry.message_id]


def test_a_split_that_makes_no_sense_is_told(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk)
    messages = [desk.ask(ShowTicket(number)).messages[0].id for number in (one, other)]
    with pytest.raises(UsageError):
        desk.ask(SplitTicket(()))
    with pytest.raises(NotFound):
        desk.ask(SplitTicket((messages[0], 4711)))
    with pytest.raises(Refused, match="different tickets"):
        desk.ask(SplitTicket(tuple(messages)))
    with pytest.raises(Refused, match="nothing would stay"):
        desk.ask(SplitTicket((messages[0],)))


def test_a_join_is_a_merge(desk: Desk) -> None:
    add_mailbox(desk)
    source, target = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(LinkTickets(source, target, LinkKind.SUGGESTED))
    desk.ask(JoinSuggested(source))
    assert desk.ask(ShowTicket(source)).merged_into == target
    desk.ask(UndoLast(target))
    assert desk.ask(ShowTicket(source)).merged_into is None
    assert [link.kind for link in desk.ask(ShowTicket(source)).links] == [LinkKind.SUGGESTED]


def test_the_same_requesters_open_tickets_are_offered(desk: Desk) -> None:
    one, two, done = ticket(desk), ticket(desk, subject="Toner"), ticket(desk)
    stranger = ticket(desk, requester="Eva <eva@other.test>", subject="Elsewhere")
    desk.ask(SetFields(done, status=TicketStatus.RESOLVED))
    assert [(one_.number, one_.subject) for one_ in desk.ask(SuggestMerge(one))] == [(two, "Toner")]
    named = desk.ask(SuggestMerge(one, (stranger, 4711, done)))
    assert {candidate.number for candidate in named} == {stranger, done}


def test_open_children_and_blockers_are_known(desk: Desk) -> None:
    parent, child, blocker, ended = (ticket(desk) for _ in range(4))
    desk.ask(LinkTickets(parent, child, LinkKind.PARENT))
    desk.ask(LinkTickets(blocker, parent, LinkKind.BLOCKS))
    desk.ask(LinkTickets(parent, ended, LinkKind.PARENT))
    desk.ask(SetFields(ended, status=TicketStatus.RESOLVED))
    with desk.database.reading() as session:
        assert open_blockers(session, parent) == (child, blocker)
        assert open_blockers(session, child) == ()
        assert session.get_one(Ticket, child).status == "new"


def test_time_of_a_closed_period_stays_where_it_is(desk: Desk) -> None:
    target, source = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(AddTime(source, 60, date(2026, 2, 10)))
    added = desk.ask(ShowTicket(source)).events[-1]
    desk.ask(AddTime(source, 120, date(2026, 3, 1)))
    with pytest.raises(Refused, match="time of others"):
        desk.ask(UndoDeed(added.id), desk.ben)
    desk.ask(ClosePeriod(date(2026, 2, 28)), desk.actors["sue"])
    with pytest.raises(Refused, match="is closed"):
        desk.ask(UndoDeed(added.id))
    desk.ask(MergeTickets(target, (source,)))
    assert [desk.ask(ShowTicket(number)).time_minutes for number in (source, target)] == [60, 120]
    desk.ask(UndoLast(source))
    assert [desk.ask(ShowTicket(number)).time_minutes for number in (source, target)] == [180, 0]
