"""Answers, notes and forwards: who gets them, how they are threaded, what they do to the ticket."""

from __future__ import annotations

from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, mail, outgoing, plain, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import (
    AddNote,
    OpenCompose,
    RawMessage,
    SaveAttachment,
    SaveDraft,
    SendReply,
)
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DeliveryState, Direction, DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.db.fast import open_reader
from tui_desk.models import Delivery, Message, OutboxItem, Setting, Ticket, Watcher
from tui_desk.services.queue import list_tickets


def test_an_answer_is_stored_queued_and_threaded(desk: Desk) -> None:
    add_mailbox(desk, signature="{agent.name} · {mailbox.name} {unknown}")
    number = ticket(desk)
    received(desk, number, mail(Message_ID="<one@client.test>", References="<zero@client.test>"))
    result = desk.ask(SendReply(number, "We are **coming**."))
    assert result.findings == ()
    assert result.notice == ""
    assert result.held_until == desk.now.replace(second=desk.now.second + 10)
    sent = outgoing(desk, result)
    assert sent["From"] == "Help desk <help@desk.test>"
    assert sent["To"] == "Otto <otto@client.test>"
    assert sent["Subject"] == f"Re: Printer [#{number}]"
    assert sent["In-Reply-To"] == "<one@client.test>"
    assert sent["References"] == f"<zero@client.test> <one@client.test> {sent['Message-ID']}"
    text = plain(sent)
    assert "We are **coming**." in text
    assert "-- \nAna Díaz · Help desk {unknown}" in text
    assert "> It burns." in text
    html = sent.get_body(("html",))
    assert html is not None
    assert "<strong>coming</strong>" in html.get_content()
    view = desk.ask(ShowTicket(number))
    message = view.messages[-1]
    assert (message.kind, message.direction, message.is_agent) == (MessageKind.EMAIL, Direction.OUT, True)
    assert (message.author, message.text) == ("Ana Díaz", "We are **coming**.")
    assert message.delivery is not None
    assert message.delivery.state is DeliveryState.HELD
    assert f"<{message.rfc_message_id}>" == sent["Message-ID"]
    assert (view.status, view.requester_waiting) == (TicketStatus.OPEN, False)
    assert view.first_response_at == desk.now.replace(second=desk.now.second - 1)
    assert "Ana Díaz answered otto@client.test" in [event.sentence for event in view.events]


def test_a_second_answer_keeps_the_chain(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    received(desk, number, mail(Message_ID="<one@client.test>"))
    first = outgoing(desk, desk.ask(SendReply(number, "First")))["Message-ID"]
    received(desk, number, mail(Message_ID="<two@client.test>", References=f"<one@client.test> {first}"))
    second = outgoing(desk, desk.ask(SendReply(number, "Second")))
    assert second["In-Reply-To"] == "<two@client.test>"
    assert second["References"].split() == [
        "<one@client.test>",
        first,
        "<two@client.test>",
        second["Message-ID"],
    ]
    third = outgoing(desk, desk.ask(SendReply(number, "Third")))
    assert third["References"].split()[-2:] == ["<two@client.test>", third["Message-ID"]]
    assert second["Message-ID"] in third["References"]


def test_reply_to_and_reply_all(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    raw = mail(
        To="help@desk.test, Colleague <col@client.test>",
        Cc="boss@client.test, SALES@desk.test",
        Reply_To="Otto Office <office@client.test>",
    )
    received(desk, number, raw)
    simple = desk.ask(OpenCompose(number, DraftKind.REPLY))
    assert (simple.to, simple.cc) == ("Otto Office <office@client.test>", "")
    everybody = desk.ask(OpenCompose(number, DraftKind.REPLY_ALL))
    assert everybody.to == "Otto Office <office@client.test>"
    assert everybody.cc == "otto@client.test, Colleague <col@client.test>, boss@client.test" or (
        everybody.cc == "Otto <otto@client.test>, Colleague <col@client.test>, boss@client.test"
    )
    assert everybody.sender == "Help desk <help@desk.test>"
    result = desk.ask(SendReply(number, "To all of you", DraftKind.REPLY_ALL))
    assert result.findings == ()
    with desk.database.reading() as session:
        addresses = set(session.exec(select(Delivery.address).where(Delivery.outbox_id == result.outbox_id)))
    assert addresses == {"office@client.test", "otto@client.test", "col@client.test", "boss@client.test"}
    watchers = {watcher.address for watcher in desk.ask(ShowTicket(number)).watchers}
    assert {"col@client.test", "boss@client.test"} <= watchers


def test_the_company_address_that_was_written_to_answers(desk: Desk) -> None:
    mailbox = add_mailbox(desk)
    number = ticket(desk)
    with desk.writing() as session:
        row = session.get_one(Ticket, number)
        row.mailbox_id, row.company_address = mailbox, "Sales@desk.test"
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).sender == "Sales <sales@desk.test>"
    assert outgoing(desk, desk.ask(SendReply(number, "Hello")))["From"] == "Sales <sales@desk.test>"


def test_without_smtp_the_fallback_sender_answers_one_way(desk: Desk) -> None:
    add_mailbox(desk, smtp_host="")
    number = ticket(desk)
    waiting = desk.ask(OpenCompose(number, DraftKind.REPLY))
    assert "wait in the outbox" in waiting.one_way_notice
    result = desk.ask(SendReply(number, "Hello"))
    assert "wait in the outbox" in result.notice
    with desk.writing() as session:
        assert session.get_one(OutboxItem, result.outbox_id).sender == "none"
        session.add(
            Setting(
                key="fallback_sender",
                value={"address": "no-reply@desk.test", "name": "Desk", "smtp_host": "smtp.test"},
            )
        )
    assert "One-way" in desk.ask(OpenCompose(number, DraftKind.REPLY)).one_way_notice
    result = desk.ask(SendReply(number, "Hello again"))
    assert "One-way" in result.notice
    assert outgoing(desk, result)["From"] == "Desk <no-reply@desk.test>"
    delivery = desk.ask(ShowTicket(number)).messages[-1].delivery
    assert delivery is not None
    assert delivery.one_way


def test_a_desk_without_any_address_keeps_the_draft(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Hello"))
    assert "no mailbox" in desk.ask(OpenCompose(number, DraftKind.REPLY)).one_way_notice
    with pytest.raises(Refused, match="no mailbox"):
        desk.ask(SendReply(number, "Hello"))
    view = desk.ask(ShowTicket(number))
    assert [draft.body for draft in view.drafts] == ["Hello"]
    assert len(view.messages) == 1


def test_answer_and_status_in_one(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    result = desk.ask(SendReply(number, "Done", status_after="resolved", now=True))
    assert result.held_until is None
    view = desk.ask(ShowTicket(number))
    assert view.status is TicketStatus.RESOLVED
    assert view.resolved_at is not None
    assert view.messages[-1].delivery is not None
    assert view.messages[-1].delivery.state is DeliveryState.QUEUED
    with pytest.raises(UsageError):
        desk.ask(SendReply(number, "Done", status_after="finished"))


def test_notes_never_leave(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    desk.ask(AddNote(number, "SECRET the customer is difficult, ask @ben"))
    desk.ask(AddNote(number, "He called back", channel_kind=MessageKind.PHONE))
    view = desk.ask(ShowTicket(number))
    assert [message.direction for message in view.messages[1:]] == [Direction.INTERNAL, Direction.INTERNAL]
    assert [message.kind for message in view.messages[1:]] == [MessageKind.NOTE, MessageKind.PHONE]
    assert [watcher.name for watcher in view.watchers] == ["Ben Otto"]
    sent = outgoing(desk, desk.ask(SendReply(number, "Hello")))
    forwarded = outgoing(desk, desk.ask(SendReply(number, "fyi", DraftKind.FORWARD, to="partner@other.test")))
    assert b"SECRET" not in sent.as_bytes()
    assert b"SECRET" not in forwarded.as_bytes()
    with desk.database.reading() as session:
        assert {
            message.raw_sha256 for message in session.exec(select(Message).where(Message.kind == "note"))
        } == {""}
        items = session.exec(select(OutboxItem)).all()
        assert len(items) == 2


def test_a_forward_takes_text_and_files_along(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    built = EmailMessage(policy=policy.SMTP)
    built["From"], built["To"], built["Subject"] = "Otto <otto@client.test>", "help@desk.test", "Printer"
    built.set_content("It burns.\n")
    built.add_attachment(b"JPEG", maintype="image", subtype="jpeg", filename="fire.jpg")
    received(desk, number, built.as_bytes())
    result = desk.ask(SendReply(number, "", DraftKind.FORWARD, to="Fire Brigade <fire@town.test>"))
    assert result.findings == ()
    sent = outgoing(desk, result)
    assert sent["To"] == "Fire Brigade <fire@town.test>"
    assert sent["Subject"] == f"Fwd: Printer [#{number}]"
    assert "otto@client.test" in plain(sent)
    assert "It burns." in plain(sent)
    assert [part.get_filename() for part in sent.iter_attachments()] == ["fire.jpg"]
    view = desk.ask(ShowTicket(number))
    assert view.status is TicketStatus.NEW
    assert view.first_response_at is None


def test_hidden_copies_stay_hidden(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    result = desk.ask(SendReply(number, "Hello", bcc="audit@other.test", confirmed=("recipients_changed",)))
    raw = outgoing(desk, result).as_bytes()
    assert b"audit@other.test" not in raw
    with desk.database.reading() as session:
        addresses = set(session.exec(select(Delivery.address).where(Delivery.outbox_id == result.outbox_id)))
        assert addresses == {"otto@client.test", "audit@other.test"}
        assert session.exec(select(Watcher).where(Watcher.address == "audit@other.test")).first() is None


def test_what_was_written_is_found(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    desk.ask(SendReply(number, "The fuser is overheating"))
    desk.ask(AddNote(number, "zebra crossing"))
    reader = open_reader(desk.database.url)
    for word in ("overheating", "zebra", "burns"):
        rows = list_tickets(reader, desk.ana, ListTickets("all", query=word)).rows
        assert [row.number for row in rows] == [number], word
    reader.close()


def test_attachments_are_saved_beside_never_over(desk: Desk, tmp_path: Path) -> None:
    number = ticket(desk)
    built = EmailMessage(policy=policy.SMTP)
    built["From"], built["To"] = "otto@client.test", "help@desk.test"
    built.set_content("x")
    built.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="../../etc/pa\x1b[2Jss.pdf")
    message = received(desk, number, built.as_bytes())
    attachment = desk.ask(ShowTicket(number)).messages[-1].attachments[0]
    paths = [Path(desk.ask(SaveAttachment(attachment.id, str(tmp_path)))) for _copy in range(2)]
    assert [path.parent for path in paths] == [tmp_path, tmp_path]
    assert paths[0] != paths[1]
    assert paths[1].name.endswith(" (2).pdf")
    assert [path.read_bytes() for path in paths] == [b"%PDF", b"%PDF"]
    assert [path.stat().st_mode & 0o777 for path in paths] == [0o600, 0o600]
    assert "\x1b" not in desk.ask(RawMessage(message))


def test_a_reader_writes_nothing(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    for request in (SendReply(number, "x"), AddNote(number, "x"), OpenCompose(number, DraftKind.REPLY)):
        with pytest.raises(Refused):
            desk.ask(request, desk.rita)
    assert len(desk.ask(ShowTicket(number)).messages) == 1
