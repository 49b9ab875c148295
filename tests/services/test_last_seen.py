"""Up to where an agent has looked at a ticket, and what joined it since from another one."""

from __future__ import annotations

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.tickets import ReportPresence, ShowTicket, TicketView, UndoDeed
from tui_desk.models import Setting
from tui_desk.services.actor import Actor


def look(desk: Desk, number: int, actor: Actor | None = None) -> TicketView:
    """Open the ticket, and look at all of it."""
    view = desk.ask(ShowTicket(number), actor)
    seen = ReportPresence(number, f"terminal {actor}", None, view.messages[-1].id, view.event_count)
    desk.ask(seen, actor)
    return view


def test_what_came_by_a_merge_is_new_until_it_is_looked_at(desk: Desk) -> None:
    other = ticket(desk)
    older = desk.ask(ShowTicket(other)).messages[0].id
    number = ticket(desk)
    look(desk, number)
    assert desk.ask(ShowTicket(number)).joined == ()
    desk.ask(MergeTickets(number, (other,)), desk.ben)
    assert desk.ask(ShowTicket(number)).joined == (older,)
    look(desk, number)
    assert desk.ask(ShowTicket(number)).joined == ()


def test_what_was_looked_at_before_it_was_merged_is_not_new(desk: Desk) -> None:
    other = ticket(desk)
    read = desk.ask(AddNote(other, "read")).message_id
    look(desk, other)
    unread = desk.ask(AddNote(other, "unread"), desk.ben).message_id
    number = ticket(desk)
    look(desk, number)
    desk.ask(MergeTickets(number, (other,)), desk.ben)
    assert read is not None
    assert desk.ask(ShowTicket(number)).joined == (unread,)


def test_a_merge_that_came_after_one_looked_is_not_taken_for_seen(desk: Desk) -> None:
    other = ticket(desk)
    number = ticket(desk)
    view = look(desk, number)
    desk.ask(MergeTickets(number, (other,)), desk.ben)
    desk.ask(ReportPresence(number, "t", None, view.messages[-1].id, view.event_count))  # repeated
    assert len(desk.ask(ShowTicket(number)).joined) == 1


def test_who_never_looked_has_nothing_folded_and_an_old_note_still_counts(desk: Desk) -> None:
    other, number = ticket(desk), ticket(desk)
    newest = desk.ask(ShowTicket(number)).messages[-1].id
    desk.ask(MergeTickets(number, (other,)), desk.ben)
    assert desk.ask(ShowTicket(number)).joined == ()
    with desk.writing() as session:  # as an earlier version kept it
        session.add(Setting(key=f"seen:{desk.ana.agent_id}:0", value={str(number): newest}))
    view = desk.ask(ShowTicket(number))
    assert (view.seen, len(view.joined)) == (newest, 1)
    look(desk, number)
    assert desk.ask(ShowTicket(number)).joined == ()


def test_a_merge_that_was_undone_leaves_the_messages_where_they_were_looked_at(desk: Desk) -> None:
    other, number = ticket(desk), ticket(desk)
    look(desk, other)
    look(desk, number)
    merged = desk.ask(MergeTickets(number, (other,)), desk.ben)
    look(desk, number)
    desk.ask(UndoDeed(merged.event_ids[0]), desk.ben)
    assert desk.ask(ShowTicket(other)).joined == ()
