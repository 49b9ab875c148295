"""Mail that leaves at a named time: once, with that Date, and only if the conversation is still the one it was written in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, mail, outgoing, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import (
    AddNote,
    CancelSend,
    ListOutbox,
    OpenCompose,
    OutgoingView,
    Reschedule,
    SendReply,
    SentResult,
    ShowOutbox,
)
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.tickets import LastChange, MarkSpam, SetFields, ShowTicket, UndoLast
from tui_desk.core.enums import DeliveryState, DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.models import Delivery, OutboxItem
from tui_desk.services import send_later, send_queue, send_routes, unanswered


def later(desk: Desk, number: int, hours: int = 18, **fields: object) -> SentResult:
    """An answer that leaves some hours from now."""
    at = (desk.now + timedelta(hours=hours)).replace(microsecond=0)
    result = desk.ask(SendReply(number, "It works again.", leave_at=at, **fields))
    assert result.findings == ()
    assert result.held_until == at
    return result


def work(desk: Desk) -> list[int]:
    """What the worker's clock does, at the desk's time; then the outbox ids a sender would get, in their order."""
    with desk.database.reading() as session:
        doubtful = send_later.doubtful(session)
    with desk.writing() as session:
        send_later.stop_doubtful(session, doubtful, desk.now)
    with desk.writing() as session:
        unanswered.release_held(session, desk.now)
    found = []
    with desk.writing() as session:
        ways = send_routes.routes(session)
        for _each in range(10):
            item = send_queue.next_item(session, ways[0], ways, desk.now)
            if item is None:
                break
            found.append(item.id)
            row = session.get_one(OutboxItem, item.id)
            row.state = "done"
            session.add(row)
            for delivery in session.exec(select(Delivery).where(Delivery.outbox_id == item.id)):
                delivery.state = DeliveryState.SENT.value
                session.add(delivery)
            session.flush()
    return found


def view(desk: Desk, result: SentResult) -> OutgoingView:
    assert result.outbox_id is not None
    return desk.ask(ShowOutbox(result.outbox_id)).delivery


@pytest.fixture
def number(desk: Desk) -> int:
    add_mailbox(desk)
    made = ticket(desk)
    received(desk, made, mail(Message_ID="<one@client.test>"))
    return made


def test_it_is_held_until_its_time_then_leaves_once(desk: Desk, number: int) -> None:
    result = later(desk, number)
    shown = view(desk, result)
    assert (shown.state, shown.later, shown.stopped) == (DeliveryState.HELD, True, False)
    assert shown.held_until == shown.next_attempt_at == result.held_until
    assert {one.state for one in shown.recipients} == {DeliveryState.HELD}
    assert any("that leaves at" in event.sentence for event in desk.ask(ShowTicket(number)).events)
    desk.later(hours=17)
    assert work(desk) == []
    desk.later(hours=2)  # nobody worked at its time: as soon as possible after it
    assert work(desk) == [result.outbox_id]
    assert work(desk) == []


def test_its_date_is_that_of_leaving(desk: Desk, number: int) -> None:
    result = later(desk, number)
    assert outgoing(desk, result)["Date"].datetime == result.held_until
    assert result.outbox_id is not None
    before = outgoing(desk, result)
    other = desk.now + timedelta(days=3)
    desk.ask(Reschedule(result.outbox_id, other))
    after = outgoing(desk, result)
    assert after["Date"].datetime == other.replace(microsecond=0)
    assert after["Message-ID"] == before["Message-ID"]
    assert after.get_body(("plain",)).get_content() == before.get_body(("plain",)).get_content()
    desk.ask(Reschedule(result.outbox_id))
    assert abs(outgoing(desk, result)["Date"].datetime - desk.now) < timedelta(seconds=2)


def test_the_ticket_is_answered_when_it_leaves(desk: Desk, number: int) -> None:
    later(desk, number, status_after="pending")
    shown = desk.ask(ShowTicket(number))
    assert (shown.status, shown.requester_waiting) == (TicketStatus.PENDING, False)
    assert shown.first_response_at is None
    desk.later(hours=19)
    work(desk)
    assert desk.ask(ShowTicket(number)).first_response_at is not None


def test_it_holds_nothing_else_up(desk: Desk, number: int) -> None:
    first = later(desk, number)
    second = desk.ask(SendReply(number, "Before that.", now=True))
    assert work(desk) == [second.outbox_id]
    desk.later(hours=19)
    assert work(desk) == [first.outbox_id]


def test_an_undo_window_still_holds_up_what_was_written_after_it(desk: Desk, number: int) -> None:
    first = desk.ask(SendReply(number, "First."))
    second = desk.ask(SendReply(number, "Second.", now=True))
    assert work(desk) == []
    desk.later(seconds=20)
    assert work(desk) == [first.outbox_id, second.outbox_id]


@pytest.mark.parametrize("before_its_time", [True, False])
def test_who_writes_meanwhile_stops_it(desk: Desk, number: int, before_its_time: bool) -> None:
    result = later(desk, number)
    assert result.outbox_id is not None
    received(desk, number, mail(Message_ID="<two@client.test>"))
    if not before_its_time:
        desk.later(hours=19)
    assert work(desk) == []
    shown = view(desk, result)
    assert (shown.state, shown.stopped, shown.held_until) == (DeliveryState.HELD, True, None)
    assert shown.cause == "Otto has written since."
    assert (
        "does not leave by itself: Otto has written since."
        in desk.ask(ShowTicket(number)).events[-1].sentence
    )
    (told,) = desk.ask(ListNotifications())
    assert (told.sentence, told.ticket) == (
        "Your mail does not leave by itself: Otto has written since.",
        number,
    )
    desk.later(hours=30)
    assert work(desk) == []
    assert [one.outbox_id for one in desk.ask(ListOutbox())] == [result.outbox_id]
    asked = desk.ask(Reschedule(result.outbox_id))
    assert [(one.code, len(one.newer)) for one in asked.findings] == [("newer_message", 1)]
    assert work(desk) == []
    assert desk.ask(Reschedule(result.outbox_id, confirmed=("newer_message",))).findings == ()
    assert work(desk) == [result.outbox_id]


def test_what_was_seen_stops_it_no_more_but_the_next_does(desk: Desk, number: int) -> None:
    result = later(desk, number)
    assert result.outbox_id is not None
    received(desk, number, mail(Message_ID="<two@client.test>"))
    work(desk)
    at = desk.now + timedelta(hours=5)
    assert desk.ask(Reschedule(result.outbox_id, at, ("newer_message",))).leave_at == at
    assert work(desk) == []
    shown = view(desk, result)
    assert (shown.stopped, shown.held_until, shown.cause) == (False, at, "")
    received(desk, number, mail(Message_ID="<three@client.test>"))
    desk.later(hours=6)
    assert work(desk) == []
    assert view(desk, result).stopped


@pytest.mark.parametrize("who", ["colleague", "colleague's note", "phone call"])
def test_a_colleague_who_answers_meanwhile_stops_it(desk: Desk, number: int, who: str) -> None:
    result = later(desk, number)
    if who == "colleague":
        desk.ask(SendReply(number, "Done.", now=True), desk.ben)
    else:
        kind = MessageKind.NOTE if who == "colleague's note" else MessageKind.PHONE
        desk.ask(AddNote(number, "Wait with that.", kind), desk.ben)
    desk.later(hours=19)
    assert result.outbox_id not in work(desk)
    assert view(desk, result).cause == "Ben Otto has written since."


def test_machines_and_ones_own_words_do_not(desk: Desk, number: int) -> None:
    result = later(desk, number)
    received(
        desk, number, mail(Message_ID="<away@client.test>", Auto_Submitted="auto-replied", Subject="Away")
    )
    desk.ask(AddNote(number, "For me."))
    desk.later(hours=19)
    assert work(desk) == [result.outbox_id]


def test_a_ticket_that_others_end_stops_it(desk: Desk, number: int) -> None:
    result = later(desk, number)
    assert result.outbox_id is not None
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED), desk.ben)
    assert work(desk) == []
    assert view(desk, result).cause == "Ben Otto has ended the ticket since: resolved."
    (found,) = desk.ask(Reschedule(result.outbox_id)).findings
    assert found.code == "ticket_ended"
    desk.ask(Reschedule(result.outbox_id, desk.now + timedelta(hours=1), ("ticket_ended",)))
    desk.later(hours=2)
    assert work(desk) == [result.outbox_id]


def test_a_ticket_that_its_author_resolves_or_the_clock_closes_does_not(desk: Desk, number: int) -> None:
    result = later(desk, number, status_after="resolved")
    desk.ask(SetFields(number, status=TicketStatus.CLOSED))
    desk.later(hours=19)
    assert work(desk) == [result.outbox_id]


def test_spam_is_not_answered(desk: Desk, number: int) -> None:
    result = later(desk, number)
    desk.ask(MarkSpam(number), desk.ben)
    desk.later(hours=19)
    assert work(desk) == []
    assert view(desk, result).cause == "The ticket was marked as spam since."


def test_it_can_be_taken_back_until_it_leaves(desk: Desk, number: int) -> None:
    result = later(desk, number, status_after="pending")
    assert result.outbox_id is not None
    desk.later(hours=10)
    last = desk.ask(LastChange(number))
    assert last is not None
    assert "leaves at" in last.sentence
    done = desk.ask(UndoLast(number, last.event_ids))
    assert "draft again" in done.sentence
    shown = desk.ask(ShowTicket(number))
    assert (shown.status, shown.requester_waiting, shown.first_response_at) == (TicketStatus.NEW, True, None)
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body == "It works again."
    desk.later(hours=19)
    assert work(desk) == []
    with pytest.raises(Refused):
        desk.ask(Reschedule(result.outbox_id))


def test_what_was_stopped_can_be_edited(desk: Desk, number: int) -> None:
    result = later(desk, number)
    assert result.outbox_id is not None
    received(desk, number, mail(Message_ID="<two@client.test>"))
    work(desk)
    desk.ask(CancelSend(result.outbox_id))
    draft = desk.ask(OpenCompose(number, DraftKind.REPLY))
    again = desk.ask(SendReply(number, draft.body, base_message_id=draft.base_message_id))
    assert [one.code for one in again.findings] == ["newer_message"]


def test_undo_of_an_earlier_change_leaves_an_earlier_mail_alone(desk: Desk, number: int) -> None:
    result = later(desk, number)
    desk.ask(SetFields(number, subject="Printer on fire"))
    desk.ask(UndoLast(number))
    assert view(desk, result).state is DeliveryState.HELD
    desk.ask(UndoLast(number))
    assert view(desk, result).state is DeliveryState.CANCELLED


def test_times_that_make_no_sense(desk: Desk, number: int) -> None:
    with pytest.raises(UsageError, match="is over"):
        desk.ask(SendReply(number, "x", leave_at=desk.now - timedelta(minutes=1)))
    with pytest.raises(UsageError, match="do not go together"):
        desk.ask(SendReply(number, "x", leave_at=desk.now + timedelta(hours=1), now=True))
    result = later(desk, number)
    assert result.outbox_id is not None
    with pytest.raises(UsageError, match="is over"):
        desk.ask(Reschedule(result.outbox_id, datetime(2020, 1, 1, tzinfo=UTC)))
    sent = desk.ask(SendReply(number, "x", now=True))
    assert sent.outbox_id is not None
    with pytest.raises(Refused, match="is not held"):
        desk.ask(Reschedule(sent.outbox_id))


def test_the_undo_window_can_be_ended_or_made_longer(desk: Desk, number: int) -> None:
    first = desk.ask(SendReply(number, "First."))
    assert first.outbox_id is not None
    desk.ask(Reschedule(first.outbox_id))
    assert work(desk) == [first.outbox_id]
    second = desk.ask(SendReply(number, "Second."))
    assert second.outbox_id is not None
    desk.ask(Reschedule(second.outbox_id, desk.now + timedelta(hours=1)))
    desk.later(minutes=30)
    assert work(desk) == []
    desk.later(minutes=31)
    assert work(desk) == [second.outbox_id]
