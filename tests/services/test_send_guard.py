"""What stops an answer before it leaves: newer messages, strangers, wrong recipients, missing files, and the sender in the undo window (both databases)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.correspondence import add_mailbox, mail, outgoing, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import (
    AddNote,
    AttachToDraft,
    CancelSend,
    OpenCompose,
    SaveDraft,
    SendReply,
    SentResult,
)
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.enums import DeliveryState, Direction, DraftKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError


def test_the_guard_shows_what_arrived_meanwhile(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    context = desk.ask(OpenCompose(number, DraftKind.REPLY))
    received(desk, number, mail())
    request = SendReply(number, "We come tomorrow", base_message_id=context.base_message_id)
    stopped = desk.ask(request)
    assert [finding.code for finding in stopped.findings] == ["newer_message"]
    assert [message.text.strip() for message in stopped.findings[0].newer] == ["It burns."]
    assert len(desk.ask(ShowTicket(number)).messages) == 2
    confirmed = SendReply(
        number, "We come", base_message_id=context.base_message_id, confirmed=("newer_message",)
    )
    assert desk.ask(confirmed).findings == ()


def test_a_colleagues_note_counts_as_newer_and_ones_own_does_not(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    base = desk.ask(OpenCompose(number, DraftKind.REPLY)).base_message_id
    desk.ask(AddNote(number, "my own thought"))
    assert desk.ask(SendReply(number, "one", base_message_id=base)).findings == ()
    desk.ask(AddNote(number, "wait!"), desk.ben)
    found = desk.ask(SendReply(number, "two", base_message_id=base)).findings
    assert [finding.code for finding in found] == ["newer_message"]


def test_the_guard_stops_strangers_missing_files_and_emptiness(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    received(desk, number, mail())
    received(desk, number, mail(From="x@client.test", Cc="spy@evil.test"), "colleague")

    def codes(result: SentResult) -> set[str]:
        return {finding.code for finding in result.findings}

    assert codes(desk.ask(SendReply(number, "Hello", DraftKind.REPLY_ALL))) == {"outsider"}
    assert codes(desk.ask(SendReply(number, "Hello"))) == set()
    assert codes(desk.ask(SendReply(number, "Hello", cc="new@other.test"))) == {"recipients_changed"}
    assert codes(desk.ask(SendReply(number, "Im Anhang die Rechnung"))) == {"attachment_missing"}
    assert codes(desk.ask(SendReply(number, "  \n"))) == {"empty"}
    assert codes(desk.ask(SendReply(number, "> see attached\n\nThanks"))) == set()


def test_wrong_recipients_are_told(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    with pytest.raises(UsageError, match="not a mail address"):
        desk.ask(SendReply(number, "Hello", cc="boss@@client.test"))
    with pytest.raises(Refused, match="address of this desk"):
        desk.ask(SendReply(number, "Hello", to="SALES@desk.test"))
    nobody = ticket(desk, requester="Walk In")
    with pytest.raises(Refused, match="no mail address"):
        desk.ask(SendReply(nobody, "Hello"))
    assert desk.ask(ShowTicket(number)).messages[-1].direction is Direction.IN


def test_files_travel_with_the_answer_and_come_back_when_it_is_stopped(desk: Desk, tmp_path: Path) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    (tmp_path / "a.txt").write_text("first")
    (tmp_path / "b.bin").write_bytes(bytes(range(256)))
    desk.ask(SaveDraft(number, DraftKind.REPLY, "See attached"))
    desk.ask(AttachToDraft(number, DraftKind.REPLY, str(tmp_path / "a.txt")))
    result = desk.ask(SendReply(number, "See attached", attach_paths=(str(tmp_path / "b.bin"),)))
    assert result.findings == ()
    parts = list(outgoing(desk, result).iter_attachments())
    assert [part.get_filename() for part in parts] == ["a.txt", "b.bin"]
    assert parts[1].get_payload(decode=True) == bytes(range(256))
    view = desk.ask(ShowTicket(number))
    assert view.drafts == ()
    assert [file.filename for file in view.messages[-1].attachments] == ["a.txt", "b.bin"]
    assert result.outbox_id is not None
    desk.ask(CancelSend(result.outbox_id))
    draft = desk.ask(ShowTicket(number)).drafts[0]
    assert draft.body == "See attached"
    assert [file.filename for file in draft.attachments] == ["a.txt", "b.bin"]


def test_stopping_an_answer_takes_back_what_it_did(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    first = desk.ask(SendReply(number, "Done", status_after="resolved"))
    assert first.outbox_id is not None
    desk.ask(CancelSend(first.outbox_id))
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.resolved_at, view.first_response_at) == (TicketStatus.NEW, None, None)
    assert view.requester_waiting
    assert view.messages[-1].delivery is not None
    assert view.messages[-1].delivery.state is DeliveryState.CANCELLED
    desk.ask(SendReply(number, "Really done"))
    second = desk.ask(SendReply(number, "One more thing", status_after="pending"))
    desk.ask(SetFields(number, status=TicketStatus.ON_HOLD), desk.ben)
    assert second.outbox_id is not None
    desk.ask(CancelSend(second.outbox_id))
    view = desk.ask(ShowTicket(number))
    assert view.status is TicketStatus.ON_HOLD
    assert view.first_response_at is not None
    assert not view.requester_waiting
