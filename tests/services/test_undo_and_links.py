"""Undo from the history, links between tickets, spam, blocked senders, presence, and joining what was suggested."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy.event
from sqlmodel import select

from tests.services.correspondence import add_mailbox, mail, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.desk import SaveAsset, ShowAsset, ShowPerson
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import (
    AddCategory,
    BlockSender,
    JoinSuggested,
    LastChange,
    LinkAsset,
    LinkTickets,
    ListCategories,
    MarkSpam,
    MoveOut,
    ReportPresence,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoLast,
    UnlinkTickets,
)
from tui_desk.core.enums import LinkKind, PresenceMode, Priority, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.db.fast import open_reader
from tui_desk.models import MailIdentifier, OutboxItem, Ticket, TicketLink
from tui_desk.services import audit
from tui_desk.services.queue import list_tickets


def test_what_was_set_together_is_undone_together(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, priority=Priority.LOW))
    desk.ask(TakeTicket(number))
    answer = desk.ask(UndoLast())
    assert len(answer.event_ids) == 2
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.assignee, view.priority) == (TicketStatus.NEW, "", Priority.LOW)
    assert view.events[-1].sentence.startswith("Ana Díaz undid: ")
    desk.ask(UndoLast(number))
    assert desk.ask(ShowTicket(number)).priority is Priority.NORMAL
    with pytest.raises(Refused, match="nothing of yours"):
        desk.ask(UndoLast(number))
    with pytest.raises(Refused, match="nothing of yours"):
        desk.ask(UndoLast(), desk.ben)


def test_an_undo_never_overwrites_a_colleague(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, priority=Priority.LOW))
    desk.ask(SetFields(number, priority=Priority.HIGH), desk.ben)
    with pytest.raises(Conflict, match=r"Ben Otto has set the priority of #\d+ to high"):
        desk.ask(UndoLast())
    assert desk.ask(ShowTicket(number)).priority is Priority.HIGH


def test_undoing_a_reopening_brings_the_old_times_back(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    resolved_at = desk.ask(ShowTicket(number)).resolved_at
    desk.later(hours=3)
    desk.ask(SetFields(number, status=TicketStatus.OPEN))
    desk.ask(UndoLast(number))
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.resolved_at) == (TicketStatus.RESOLVED, resolved_at)


def test_tags_and_requester_come_back(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, tags=("one", "two")))
    desk.ask(SetFields(number, tags=(), requester="Eva <eva@other.test>"))
    assert desk.ask(ShowTicket(number)).requester_name == "Eva"
    desk.ask(UndoLast())
    view = desk.ask(ShowTicket(number))
    assert (view.tags, view.requester_address) == (("one", "two"), "otto@client.test")


def test_links_show_on_both_sides_and_are_undone(desk: Desk) -> None:
    one, other = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(LinkTickets(one, other, LinkKind.PARENT))
    here, there = desk.ask(ShowTicket(one)).links[0], desk.ask(ShowTicket(other)).links[0]
    assert (here.kind, here.outgoing, here.number, here.subject) == (LinkKind.PARENT, True, other, "Toner")
    assert (there.outgoing, there.number) == (False, one)
    expected = f"Ana Díaz linked: #{one} is the parent of #{other}"
    assert [desk.ask(ShowTicket(n)).events[-1].sentence for n in (one, other)] == [expected, expected]
    desk.ask(UndoLast())
    assert desk.ask(ShowTicket(other)).links == ()
    with pytest.raises(Refused):
        desk.ask(UndoLast())
    desk.ask(LinkTickets(one, other))
    desk.ask(UnlinkTickets(desk.ask(ShowTicket(other)).links[0].id))
    assert desk.ask(ShowTicket(one)).links == ()
    desk.ask(UndoLast())
    assert desk.ask(ShowTicket(one)).links[0].kind is LinkKind.RELATED


def test_links_that_make_no_sense_are_refused(desk: Desk) -> None:
    one, two, three = ticket(desk), ticket(desk), ticket(desk)
    desk.ask(LinkTickets(one, two, LinkKind.PARENT))
    desk.ask(LinkTickets(two, three, LinkKind.PARENT))
    with pytest.raises(UsageError):
        desk.ask(LinkTickets(one, one))
    with pytest.raises(NotFound):
        desk.ask(LinkTickets(one, 4711))
    with pytest.raises(Refused, match="already"):
        desk.ask(LinkTickets(two, one, LinkKind.PARENT))
    with pytest.raises(Refused, match="above"):
        desk.ask(LinkTickets(three, one, LinkKind.PARENT))


def test_spam_closes_and_comes_back(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(MarkSpam(number))
    view = desk.ask(ShowTicket(number))
    assert (view.spam, view.status) == (True, TicketStatus.CLOSED)
    desk.ask(UndoLast())
    view = desk.ask(ShowTicket(number))
    assert (view.spam, view.status, view.closed_at) == (False, TicketStatus.NEW, None)
    desk.ask(MarkSpam(number))
    desk.ask(MarkSpam(number, spam=False))
    assert desk.ask(ShowTicket(number)).status is TicketStatus.OPEN


def test_a_sender_is_blocked_and_let_in_again(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(BlockSender(number))
    assert desk.ask(ShowPerson(address="OTTO@client.test")).blocked
    assert desk.ask(ShowTicket(number)).events[-1].sentence == "Ana Díaz blocked the sender"
    desk.ask(UndoLast())
    assert not desk.ask(ShowPerson(address="otto@client.test")).blocked
    with pytest.raises(Refused):
        desk.ask(BlockSender(ticket(desk, requester="Walk In")))


def test_an_asset_is_linked_both_ways(desk: Desk) -> None:
    number = ticket(desk)
    asset = desk.ask(SaveAsset(None, "PC-1", "Laptop"))
    desk.ask(LinkAsset(number, asset.id))
    assert [linked.tag for linked in desk.ask(ShowTicket(number)).assets] == ["PC-1"]
    assert desk.ask(ShowAsset(tag="pc-1")).tickets == ((number, "Printer", TicketStatus.NEW),)
    assert desk.ask(ShowTicket(number)).events[-1].sentence == "Ana Díaz linked the asset PC-1 Laptop"
    desk.ask(UndoLast())
    assert desk.ask(ShowTicket(number)).assets == ()
    with pytest.raises(NotFound):
        desk.ask(LinkAsset(number, 4711))


def test_who_is_there_is_seen_by_the_others(desk: Desk) -> None:
    number = ticket(desk)
    assert desk.ask(ReportPresence(number, "terminal-ana", PresenceMode.VIEWING)) == ()
    seen = desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.WRITING), desk.ben)
    assert [(one.agent, one.mode) for one in seen] == [("Ana Díaz", PresenceMode.VIEWING)]
    assert [one.agent for one in desk.ask(ShowTicket(number)).presence] == ["Ben Otto"]
    desk.ask(ReportPresence(number, "terminal-ben", None), desk.ben)
    assert desk.ask(ShowTicket(number)).presence == ()
    desk.later(minutes=2)
    assert desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.VIEWING), desk.ben) == ()


def test_categories_are_made_with_their_parents(desk: Desk) -> None:
    desk.ask(AddCategory("Hardware/Printer/Toner"))
    desk.ask(AddCategory("hardware/PRINTER"))
    assert [category.path for category in desk.ask(ListCategories())] == [
        "Hardware",
        "Hardware/Printer",
        "Hardware/Printer/Toner",
    ]
    for wrong in ("", "a//b", "/", "a/b/c/d/e/f/g"):
        with pytest.raises(UsageError):
            desk.ask(AddCategory(wrong))


def test_joining_a_suggestion_moves_everything(desk: Desk) -> None:
    add_mailbox(desk)
    target = ticket(desk, body="the beginning")
    desk.ask(SetFields(target, status=TicketStatus.RESOLVED))
    source = ticket(desk, requester="Mia <mia@client.test>", body="and more about wombats")
    message = received(desk, source, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
    with desk.writing() as session:
        session.add(TicketLink(from_id=source, to_id=target, kind="suggested", created_at=desk.now))
        session.add(MailIdentifier(rfc_message_id="w@client.test", ticket_id=source, message_id=message))
    desk.ask(SendReply(source, "Which wombats?", confirmed=("outsider",)))
    assert desk.ask(JoinSuggested(source)) == target
    moved, left = desk.ask(ShowTicket(target)), desk.ask(ShowTicket(source))
    assert len(moved.messages) == 4
    assert left.messages == ()
    assert (moved.status, left.status) == (TicketStatus.OPEN, TicketStatus.CLOSED)
    assert [(link.kind, link.number) for link in left.links] == [(LinkKind.DUPLICATE, target)]
    assert [watcher.name for watcher in moved.watchers] == ["Mia"]
    assert moved.messages[-1].delivery is not None
    with desk.database.reading() as session:
        owners = session.exec(
            select(MailIdentifier.ticket_id).where(MailIdentifier.rfc_message_id == "w@client.test")
        ).all()
        assert owners == [target]
    reader = open_reader(desk.database.url)
    found = list_tickets(reader, desk.ana, ListTickets("all", query="wombats")).rows
    reader.close()
    assert [row.number for row in found] == [target]
    with pytest.raises(Refused, match="Nothing suggests"):
        desk.ask(JoinSuggested(source))


def test_a_join_is_undone_whole(desk: Desk) -> None:
    add_mailbox(desk)
    target = ticket(desk, body="the beginning")
    desk.ask(SetFields(target, status=TicketStatus.RESOLVED))
    source = ticket(desk, requester="Mia <mia@client.test>", body="and more about wombats")
    message = received(desk, source, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
    with desk.writing() as session:
        session.add(TicketLink(from_id=source, to_id=target, kind="suggested", created_at=desk.now))
        for number in (source, target):
            session.add(
                MailIdentifier(rfc_message_id="both@client.test", ticket_id=number, origin="referenced")
            )
        session.add(MailIdentifier(rfc_message_id="w@client.test", ticket_id=source, message_id=message))
    desk.ask(SendReply(source, "Which wombats?", confirmed=("outsider",)))
    before = [state(desk, number) for number in (source, target)]
    desk.ask(JoinSuggested(source))
    later = received(desk, target, mail(From="Mia <mia@client.test>", Message_ID="<later@client.test>"))
    change = desk.ask(LastChange(source))
    assert change is not None
    assert "moved 3 messages" in change.sentence
    told = desk.ask(UndoLast(target))
    assert told.number == source
    assert "moved 3 messages" in told.sentence
    again = [state(desk, number) for number in (source, target)]
    assert again[0] == before[0]
    assert again[1] == (*before[1][:-1], [*before[1][-1], later])
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()
    reader = open_reader(desk.database.url)
    found = list_tickets(reader, desk.ana, ListTickets("all", query="wombats")).rows
    reader.close()
    assert [row.number for row in found] == [source]
    assert desk.ask(JoinSuggested(source)) == target
    desk.ask(UndoLast())
    assert state(desk, source) == before[0]


@pytest.mark.parametrize("seen_from", ["source", "target"])
def test_what_is_offered_of_a_join_is_what_is_undone(desk: Desk, seen_from: str) -> None:
    """The screen asks for the last change of the ticket in view and sends its number and events back."""
    source, target = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(SetFields(target, status=TicketStatus.RESOLVED))
    link(desk, source, target)
    before = [state(desk, number) for number in (source, target)]
    desk.ask(JoinSuggested(source))
    number = source if seen_from == "source" else target
    change = desk.ask(LastChange(number))
    assert change is not None
    assert desk.ask(UndoLast(number, change.event_ids)).number == source
    assert [state(desk, number) for number in (source, target)] == before


@pytest.mark.parametrize("seen_from", ["old", "own"])
def test_what_is_offered_of_a_mail_moved_out_is_what_is_undone(desk: Desk, seen_from: str) -> None:
    add_mailbox(desk)
    old = ticket(desk)
    message = received(desk, old, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
    before = state(desk, old)
    own = desk.ask(MoveOut(message))
    number = own if seen_from == "own" else old
    change = desk.ask(LastChange(number))
    assert change is not None
    desk.ask(UndoLast(number, change.event_ids))
    assert state(desk, old) == before
    assert desk.ask(ShowTicket(own)).messages == ()


def test_an_undo_reads_only_what_an_index_leads_to(desk: Desk) -> None:
    number = ticket(desk)
    for priority in (Priority.LOW, Priority.HIGH):
        desk.ask(SetFields(number, priority=priority))
    statements: list[tuple[str, Any]] = []
    sqlalchemy.event.listen(
        desk.database.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, sql, values, *_rest: statements.append((sql, values)),
    )
    desk.ask(UndoLast(number))
    looked = [sql.partition("WHERE")[2] for sql, _values in statements if "FROM event" in sql]
    assert looked
    bounds = ("event.stream = ", "event.stream IN ", "event.deed = ", "event.id = ")
    assert all(any(bound in sql for bound in bounds) for sql in looked), looked


def test_a_join_whose_messages_moved_on_is_not_undone(desk: Desk) -> None:
    numbers = [ticket(desk) for _ in range(3)]
    first, second, third = numbers
    link(desk, first, second)
    desk.ask(JoinSuggested(first))
    link(desk, second, third)
    desk.ask(JoinSuggested(second), desk.ben)
    with pytest.raises(Conflict):
        desk.ask(UndoLast(first))
    desk.ask(UndoLast(second), desk.ben)
    desk.ask(UndoLast(first))
    assert [len(desk.ask(ShowTicket(number)).messages) for number in numbers] == [1, 1, 1]


def link(desk: Desk, source: int, target: int) -> None:
    with desk.writing() as session:
        session.add(TicketLink(from_id=source, to_id=target, kind="suggested", created_at=desk.now))


def state(desk: Desk, number: int) -> tuple[Any, ...]:
    """Everything a join may change, the messages last."""
    view = desk.ask(ShowTicket(number))
    with desk.database.reading() as session:
        identifiers = session.exec(
            select(MailIdentifier.rfc_message_id).where(MailIdentifier.ticket_id == number)
        ).all()
        outbox = session.exec(select(OutboxItem.id).where(OutboxItem.ticket_id == number)).all()
        waiting = session.get_one(Ticket, number).requester_waiting
    return (
        view.status,
        waiting,
        sorted((one.kind, one.number) for one in view.links),
        sorted(one.name for one in view.watchers),
        sorted(set(identifiers) - {"later@client.test"}),
        sorted(outbox),
        [one.id for one in view.messages],
    )
