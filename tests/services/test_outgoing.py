"""What leaves as people see it: why it waits, how it ended recipient by recipient, and the draft it becomes when it is stopped."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from sqlmodel import select

from tests.services.correspondence import add_mailbox, outgoing, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import (
    AttachToDraft,
    CancelSend,
    ListOutbox,
    OpenCompose,
    SaveDraft,
    SendReply,
    ShowOutbox,
)
from tui_desk.contracts.mailboxes import FallbackSender, SaveFallbackSender, SetMailboxState
from tui_desk.contracts.tickets import BlockSender, ShowTicket, UndoLast
from tui_desk.core.enums import DraftKind, MailboxState, Security
from tui_desk.models import Mailbox
from tui_desk.services import send_routes, sending


def with_a_file(name: str = "fire.jpg") -> bytes:
    """A mail of the requester with an attachment."""
    built = EmailMessage(policy=SMTP)
    built["From"], built["To"], built["Subject"] = "Otto Ofen <otto@client.test>", "help@desk.test", "Printer"
    built.set_content("It burns.\n")
    built.add_attachment(b"JPEG", maintype="image", subtype="jpeg", filename=name)
    return built.as_bytes()


def test_the_cause_says_when_nothing_can_send(desk: Desk) -> None:
    add_mailbox(desk, smtp_host="")
    number = ticket(desk)
    sent = desk.ask(SendReply(number, "Hello", now=True))
    assert sent.outbox_id is not None
    sentence = "No sending server: set SMTP in Settings → Mail, or a fallback sender there."
    (row,) = desk.ask(ListOutbox())
    assert row.delivery.cause == sentence
    assert desk.ask(ShowOutbox(sent.outbox_id)).delivery.cause == sentence
    delivery = desk.ask(ShowTicket(number)).messages[-1].delivery
    assert delivery is not None
    assert delivery.cause == sentence
    fallback = FallbackSender("noreply@desk.test", smtp_host="127.0.0.1", smtp_security=Security.NONE)
    desk.ask(SaveFallbackSender(fallback), desk.root)
    assert desk.ask(ShowOutbox(sent.outbox_id)).delivery.cause == ""


def test_the_cause_says_when_the_mailbox_is_paused(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    sent = desk.ask(SendReply(number, "Hello"))
    assert sent.outbox_id is not None
    assert desk.ask(ShowOutbox(sent.outbox_id)).delivery.cause == ""
    with desk.writing() as session:
        session.exec(select(Mailbox)).one().state = "paused"
    assert "help@desk.test is paused" in desk.ask(ShowOutbox(sent.outbox_id)).delivery.cause


def test_a_paused_mailbox_sends_nothing_and_leaves_nothing_to_the_fallback(desk: Desk) -> None:
    mailbox_id = add_mailbox(desk)
    fallback = FallbackSender("noreply@desk.test", smtp_host="127.0.0.1", smtp_security=Security.NONE)
    desk.ask(SaveFallbackSender(fallback), desk.root)
    sent = desk.ask(SendReply(ticket(desk), "Hello", now=True))
    paused = SetMailboxState(mailbox_id, MailboxState.PAUSED)
    for request, expected in ((paused, None), (replace(paused, state=MailboxState.ACTIVE), sent.outbox_id)):
        desk.ask(request, desk.root)
        with desk.writing() as session:
            ways = send_routes.routes(session)
            assert {way.mailbox_id for way in ways} == {mailbox_id, None}
            claims = [sending.claim(session, way, ways, "worker", desk.later()) for way in ways]
        assert [claim.outbox_id for claim in claims if claim is not None] == ([expected] if expected else [])


def test_a_stopped_reply_keeps_names_kind_and_hidden_copies(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    received(desk, number, with_a_file())
    opened = desk.ask(OpenCompose(number, DraftKind.REPLY))
    assert "Otto" in opened.to
    confirmed = ("recipients_changed", "newer_message")
    to, cc, bcc = '"Ofen, Otto" <otto@client.test>', "Eva <eva@client.test>", "audit@desk.test.example"
    sent = desk.ask(SendReply(number, "Hello", to=to, cc=cc, bcc=bcc, confirmed=confirmed))
    assert sent.outbox_id is not None
    desk.ask(CancelSend(sent.outbox_id))
    again = desk.ask(OpenCompose(number, DraftKind.REPLY))
    assert (again.body, again.to, again.cc, again.bcc) == ("Hello", to, cc, bcc)
    assert not desk.ask(OpenCompose(number, DraftKind.REPLY_ALL)).body


def test_a_stopped_forward_is_a_forward_again_and_takes_its_files_once(desk: Desk, tmp_path: Path) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    received(desk, number, with_a_file())
    (tmp_path / "plan.txt").write_text("Exits")
    desk.ask(SaveDraft(number, DraftKind.FORWARD, "Please help", to="Fire Brigade <fire@town.test>"))
    desk.ask(AttachToDraft(number, DraftKind.FORWARD, str(tmp_path / "plan.txt")))
    request = SendReply(number, "Please help", DraftKind.FORWARD, to="Fire Brigade <fire@town.test>")
    sent = desk.ask(request)
    assert sent.outbox_id is not None, sent.findings
    desk.ask(CancelSend(sent.outbox_id))
    assert not desk.ask(OpenCompose(number, DraftKind.REPLY)).body
    again = desk.ask(OpenCompose(number, DraftKind.FORWARD))
    assert (again.body, again.to) == ("Please help", "Fire Brigade <fire@town.test>")
    assert [file.filename for file in again.attachments] == ["plan.txt"]
    assert [file.filename for file in again.passed_on] == ["fire.jpg"]
    mail = outgoing(desk, desk.ask(request))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["plan.txt", "fire.jpg"]


def test_whether_the_sender_is_blocked_is_in_the_ticket(desk: Desk) -> None:
    number = ticket(desk)
    assert not desk.ask(ShowTicket(number)).blocked
    desk.ask(BlockSender(number))
    assert desk.ask(ShowTicket(number)).blocked
    desk.ask(UndoLast(number))
    assert not desk.ask(ShowTicket(number)).blocked
