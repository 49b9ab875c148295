"""Two agents move the messages of one ticket at the same moment; and what a mail leaves behind in the ticket it goes out of."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.services.correspondence import add_mailbox, mail, received, ticket
from tests.services.desk import Desk, open_desk
from tests.services.mail_world import open_world
from tests.services.test_undo_and_links import link, state
from tests.support.ports import PATIENCE
from tui_desk.contracts.approvals import AddSubstitute
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.desk import ShowPerson
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.people import MergePeople, SavePerson
from tui_desk.contracts.tickets import JoinSuggested, MoveOut, NewTicket, ShowTicket, UndoDeed, UndoLast
from tui_desk.contracts.timekeeping import SaveActivity, ShowTimer, StartTimer
from tui_desk.core.errors import Refused
from tui_desk.models import Event, Message, PersonAddress, Ticket, TicketLink, Watcher
from tui_desk.services import audit
from tui_desk.services.context import ticket_to_change
from tui_desk.services.dispatch import run
from tui_desk.services.links import join_suggested
from tui_desk.services.merging import merge
from tui_desk.services.moving_out import move_out
from tui_desk.services.time_sheets import save_activity


def wait_for_the_lock(desk: Desk, other: Future[Any]) -> None:
    """Until the other agent's transaction waits for ours."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and not other.done():
        with desk.database.reading() as session:
            if session.execute(waiting).scalar():
                return
        time.sleep(0.01)
    raise AssertionError("it did not wait")


def sound(desk: Desk) -> None:
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


@pytest.mark.postgres
def test_two_agents_join_the_same_ticket(postgres_url: str) -> None:
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        source, target = ticket(desk), ticket(desk, subject="Toner")
        link(desk, source, target)
        with desk.writing() as session:
            join_suggested(session, desk.ben, JoinSuggested(source))
            late = pool.submit(desk.ask, JoinSuggested(source))
            wait_for_the_lock(desk, late)
        with pytest.raises(Refused, match="Nothing suggests"):
            late.result()
        with desk.database.reading() as session:
            moves = session.exec(select(Event).where(Event.action == "messages_moved")).all()
            assert {event.actor_id for event in moves} == {desk.ben.agent_id}
            kinds = session.exec(select(TicketLink.kind).where(TicketLink.from_id == source)).all()
            assert list(kinds) == ["duplicate"]
        sound(desk)


@pytest.mark.postgres
def test_a_mail_is_moved_out_of_the_ticket_it_is_in_when_its_turn_comes(postgres_url: str) -> None:
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        add_mailbox(desk)
        source, target = ticket(desk), ticket(desk, subject="Toner")
        message = received(desk, source, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
        link(desk, source, target)
        with desk.writing() as session:
            join_suggested(session, desk.ben, JoinSuggested(source))
            late = pool.submit(desk.ask, MoveOut(message))
            wait_for_the_lock(desk, late)
        own = late.result()
        assert [one.id for one in desk.ask(ShowTicket(own)).messages] == [message]
        with desk.database.reading() as session:
            (moved,) = session.exec(
                select(Event).where(Event.action == "messages_moved", Event.stream == f"ticket:{own}")
            ).all()
            assert (moved.after["from"], moved.after["to"]) == (target, own)
        sound(desk)


@pytest.mark.postgres
def test_two_agents_move_the_same_mail_out(postgres_url: str) -> None:
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        add_mailbox(desk)
        old = ticket(desk)
        message = received(desk, old, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
        with desk.writing() as session:
            own = move_out(session, desk.ben, MoveOut(message))
            late = pool.submit(desk.ask, MoveOut(message))
            wait_for_the_lock(desk, late)
        with pytest.raises(Refused, match=f"only message of #{own}"):
            late.result()
        sound(desk)


@pytest.mark.postgres
def test_an_answer_that_comes_while_its_ticket_is_merged_goes_where_the_ticket_went(
    postgres_url: str,
) -> None:
    with open_world(postgres_url) as world, ThreadPoolExecutor(1) as pool:
        desk, case, target = world.desk, world.case(), world.case()
        answer = world.mail(case.anna, extra=case.thread)
        with desk.writing() as session:
            merge(session, desk.ben, MergeTickets(target.number, (case.number,)))
            late = pool.submit(world.receive, answer)
            wait_for_the_lock(desk, late)
        (entry,) = late.result()
        assert (entry.verdict, entry.ticket_id) == ("joined", target.number)
        sound(desk)


def test_a_suggestion_without_messages_moves_nothing(desk: Desk) -> None:
    add_mailbox(desk)
    source, target = ticket(desk), ticket(desk, subject="Toner")
    link(desk, source, target)
    desk.ask(JoinSuggested(source))
    link(desk, source, target)
    with pytest.raises(Refused, match="no message"):
        desk.ask(JoinSuggested(source))


def test_nobody_waits_in_a_ticket_whose_only_question_went_out(desk: Desk) -> None:
    add_mailbox(desk)
    old = ticket(desk)
    received(desk, old, mail(From="Otto <otto@client.test>", Message_ID="<o@client.test>"))
    desk.ask(SendReply(old, "Is it on?"))
    assert not desk.ask(ShowTicket(old)).requester_waiting
    message = received(desk, old, mail(From="Mia <mia@client.test>", Message_ID="<w@client.test>"))
    with desk.writing() as session:
        session.get_one(Ticket, old).requester_waiting = True
    before = state(desk, old)
    desk.ask(MoveOut(message))
    assert not desk.ask(ShowTicket(old)).requester_waiting
    desk.ask(UndoLast(old))
    assert state(desk, old) == before


def test_mail_of_nobody_known_makes_no_common_person(desk: Desk) -> None:
    add_mailbox(desk)
    old = ticket(desk)
    numbers = []
    for name in ("First", "Second"):
        message = received(
            desk, old, mail(From=f"{name} <w@client.test>", Message_ID=f"<{name}@client.test>")
        )
        with desk.writing() as session:
            session.get_one(Message, message).author_address = ""
        numbers.append(desk.ask(MoveOut(message)))
    with desk.database.reading() as session:
        one, other = (session.get_one(Ticket, number) for number in numbers)
        assert one.requester_id != other.requester_id
        assert (one.requester_name, other.requester_name) == ("First", "Second")
        assert session.exec(select(PersonAddress).where(PersonAddress.address == "")).all() == []


@pytest.mark.postgres
@pytest.mark.parametrize("act", ["clock", "people"])
def test_tickets_are_locked_in_the_order_of_their_numbers(postgres_url: str, act: str) -> None:
    """Whoever holds the first of two still gets the second: nobody waits for each other."""
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        add_mailbox(desk)
        first, second = ticket(desk), desk.ask(NewTicket("Toner", "zoe@client.test", "Empty."))
        if act == "clock":
            desk.ask(StartTimer(second))
            request: Request[Any] = StartTimer(first)
        else:  # Zoe asks in the second and only takes part in the first
            zoe = desk.ask(ShowPerson(address="zoe@client.test")).id
            with desk.writing() as session:
                session.add(Watcher(ticket_id=first, person_id=zoe, address="zoe@client.test", role="cc"))
            request = MergePeople(desk.ask(SavePerson(None, "Zoe", "zoe@home.test")).id, zoe)
        with desk.writing() as session:
            ticket_to_change(session, first)
            waiting: Future[Any] = pool.submit(desk.ask, request)
            wait_for_the_lock(desk, waiting)
            session.exec(select(Ticket.id).where(Ticket.id == second).with_for_update(nowait=True)).one()
        waiting.result()
        sound(desk)


@pytest.mark.postgres
@pytest.mark.parametrize("act", ["substitute", "undo", "people"])
def test_writers_of_the_desks_history_wait_for_each_other(postgres_url: str, act: str) -> None:
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        sue = desk.actors["sue"]
        away = AddSubstitute("boss@corp.test", "ben", date(2026, 3, 1), date(2026, 3, 9))
        request: Request[Any] = away
        if act != "substitute":
            desk.ask(away, sue)
        if act == "undo":
            with desk.database.reading() as session:
                request = UndoDeed(session.exec(select(Event.id).where(Event.stream == "desk")).one() or 0)
        elif act == "people":
            boss = desk.ask(ShowPerson(address="boss@corp.test")).id
            request = MergePeople(desk.ask(SavePerson(None, "Boss", "boss@home.test")).id, boss)
        with desk.writing() as session:
            save_activity(session, sue, SaveActivity("Travel"))
            late: Future[Any] = pool.submit(desk.ask, request, sue)
            wait_for_the_lock(desk, late)
        late.result()
        sound(desk)


@pytest.mark.postgres
def test_who_is_ended_for_waiting_in_a_circle_is_carried_out_again(postgres_url: str) -> None:
    """Starting a clock holds the clock and waits for a ticket; we hold the ticket and want the clock."""
    with open_desk(postgres_url) as desk, ThreadPoolExecutor(1) as pool:
        first, second = ticket(desk), ticket(desk, subject="Toner")
        run(desk.database, desk.ana, StartTimer(first))
        with desk.writing() as session:
            name = session.execute(text("SELECT current_database()")).scalar_one()
            session.execute(text(f"ALTER DATABASE {name} SET deadlock_timeout = '5s'"))  # theirs ends first
        desk.database.engine.dispose()
        with desk.writing() as session:
            session.execute(text("SET LOCAL deadlock_timeout = '600s'"))
            ticket_to_change(session, first)
            other = pool.submit(run, desk.database, desk.ana, StartTimer(second))
            wait_for_the_lock(desk, other)
            session.execute(text("SELECT 1 FROM timer FOR UPDATE"))
        assert other.result(PATIENCE).number == second
        timer = desk.ask(ShowTimer())
        assert timer is not None
        assert timer.ticket == second
