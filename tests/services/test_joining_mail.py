"""Where mail goes beside the plain case: other addresses, colleagues, closed, joined and deleted tickets, alerts, and back out."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes, policy

import pytest
from sqlmodel import col, select

from tests.services.mail_world import SUPPORT, World, open_world
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.tickets import JoinSuggested, MoveOut, SetFields, ShowTicket, UndoLast
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Refused
from tui_desk.db.blobs import load_blob
from tui_desk.mail.message_id import verify_reply_address
from tui_desk.mail.smtp_values import Outcome, RecipientResult
from tui_desk.models import (
    Mailbox,
    MailIdentifier,
    OutboxItem,
    PersonAddress,
)
from tui_desk.services.identity import message_secret
from tui_desk.services.sent_ids import remember_ids


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        yield opened


def test_another_address_and_a_colleague_join_marked_and_say_why(world: World) -> None:
    case = world.case()
    with world.desk.writing() as session:
        person = session.exec(select(PersonAddress.person_id).where(PersonAddress.address == case.anna)).one()
        session.add(PersonAddress(person_id=person, address="anna@home.test"))
    home, bert = world.receive(
        world.mail("anna@home.test", subject=f"[#{case.number}]"),
        world.mail(f"bert@{case.domain}", extra=case.thread),
    )
    assert [home.ticket_id, bert.ticket_id] == [case.number, case.number]
    view = world.desk.ask(ShowTicket(case.number))
    assert [message.marks for message in view.messages[-2:]] == [
        ("from another address of theirs",),
        ("from a colleague of the requester",),
    ]
    assert "takes part in it by another address" in view.messages[-2].why[0]
    assert view.messages[-1].why[-1] == f"mx.desk.test found that it really comes from {case.domain} (dmarc)."


def test_who_fails_the_check_is_marked_and_named_in_why(world: World) -> None:
    case = world.case()
    (entry,) = world.receive(
        world.mail(case.anna, verdict="fail", extra=case.thread + "Cc: Tom <tom@x.test>\r\n")
    )
    assert entry.ticket_id == case.number, "who has our id got our mail"
    message = world.desk.ask(ShowTicket(case.number)).messages[-1]
    assert message.marks == ("sender not verified",)
    assert "could not confirm that (dmarc failed)" in message.why[-1]
    assert "tom@x.test" not in world.picture(case.number)["watchers"], "nobody is brought in by doubtful mail"


def test_a_reply_to_elsewhere_is_looked_at_before_anything_goes_there(world: World) -> None:
    case = world.case()
    world.receive(world.mail(case.anna, extra=case.thread + "Reply-To: eve@evil.test\r\n"))
    found = world.desk.ask(SendReply(case.number, "The code is 1234"))
    assert [finding.code for finding in found.findings] == ["outsider"]
    other = world.case()
    world.receive(world.mail(other.anna, verdict="fail", extra=other.thread + "Reply-To: eve@evil.test\r\n"))
    sent = world.desk.ask(SendReply(other.number, "The code is 1234"))
    assert sent.outbox_id is not None
    assert {address for address, _state in world.picture(other.number)["deliveries"]} == {other.anna}


def test_a_joined_ticket_leads_to_the_one_that_has_its_messages(world: World) -> None:
    case = world.case()
    (own,) = world.receive(
        world.mail("abel@home.test", subject=f"Re: x [#{case.number}]", message_id="own@home.test")
    )
    assert own.ticket_id is not None
    answered = world.desk.ask(SendReply(own.ticket_id, "Who are you?"))
    world.desk.ask(JoinSuggested(own.ticket_id))
    with world.desk.writing() as session:
        ours = session.get_one(OutboxItem, answered.outbox_id).rfc_message_id
    for extra, subject in ((f"In-Reply-To: <{ours}>\r\n", "Re: x"), ("", f"Re: x [#{own.ticket_id}]")):
        (entry,) = world.receive(world.mail("abel@home.test", extra=extra, subject=subject))
        assert (entry.verdict, entry.ticket_id) == ("joined", case.number)


def test_a_deleted_ticket_is_told_of(world: World) -> None:
    case = world.case()
    (entry,) = world.receive(world.mail("new@x.test", subject=f"Re: gone [#{case.number + 50}]"))
    assert entry.verdict == "created"
    assert "which does not exist" in world.desk.ask(ShowTicket(entry.ticket_id or 0)).messages[0].why[0]


def test_an_agent_whom_the_server_confirms_opens_nothing(world: World) -> None:
    case = world.case()
    world.receive(world.mail("ben@desk.test", subject=f"Re: [#{case.number}]"))
    assert world.ticket(case.number).status == "pending"
    (entry,) = world.receive(world.mail("ben@desk.test", verdict="none", extra=case.thread))
    assert (entry.ticket_id, world.message(entry).marks) == (case.number, ["unverified"])
    assert world.ticket(case.number).status == "open", "an unverified mail is an ordinary one"


def test_alerts_thread_by_what_they_are_about(world: World) -> None:
    def alert(state: str, sender: str = "alerts@monitor.test") -> bytes:
        return world.mail(sender, subject=f"[{state}:1] DiskFull (host=web1)", body="See the dashboard.")

    first, again, other = world.receive(alert("FIRING"), alert("FIRING"), alert("FIRING", "x@monitor2.test"))
    assert [first.verdict, again.verdict, other.verdict] == ["created", "joined", "created"]
    assert again.ticket_id == first.ticket_id
    assert first.ticket_id is not None
    world.desk.ask(SetFields(first.ticket_id, status=TicketStatus.RESOLVED))
    (over,) = world.receive(alert("RESOLVED"))
    assert (over.ticket_id, world.ticket(first.ticket_id).status) == (first.ticket_id, "resolved")
    assert "It says that the alert is over." in world.desk.ask(ShowTicket(first.ticket_id)).messages[-1].why
    (new,) = world.receive(alert("FIRING"))
    assert new.verdict == "created"
    (latest,) = world.receive(alert("FIRING"))
    assert latest.ticket_id == new.ticket_id


def test_answers_are_asked_for_at_a_signed_address_and_the_id_is_repeated(world: World) -> None:
    case = world.case()
    sent = world.desk.ask(SendReply(case.number, "One more question"))
    with world.desk.database.reading() as session:
        raw = load_blob(session, session.get_one(OutboxItem, sent.outbox_id).mime_sha256)
        secret = message_secret(session)
    built = message_from_bytes(raw, policy=policy.default)
    assert verify_reply_address(built["Reply-To"].addresses[0].addr_spec, secret) == case.number
    assert built["References"].split()[-1] == built["Message-ID"]
    world.receive(world.mail(case.anna, to=f"{SUPPORT}, {case.reply_to}", extra=case.thread))
    assert world.picture(case.number)["watchers"] == [], "our reply address takes part in nothing"
    with world.desk.writing() as session:
        session.get_one(Mailbox, world.mailbox).plus_addressing = False
    sent = world.desk.ask(SendReply(case.number, "Another one"))
    with world.desk.database.reading() as session:
        raw = load_blob(session, session.get_one(OutboxItem, sent.outbox_id).mime_sha256)
    assert message_from_bytes(raw)["Reply-To"] is None


def test_the_id_that_a_service_gives_a_mail_is_known(world: World) -> None:
    case = world.case()
    unique = "0102018e5b7a1c2d-0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f-000000"
    with world.desk.writing() as session:
        session.get_one(Mailbox, world.mailbox).smtp_host = "email-smtp.eu-west-1.amazonaws.com"
        item = session.exec(select(OutboxItem).where(OutboxItem.ticket_id == case.number)).one()
        for _twice in range(2):
            remember_ids(
                session, item, [RecipientResult(case.anna, Outcome.ACCEPTED, 250, None, f"Ok {unique}")]
            )
        remember_ids(
            session,
            item,
            [RecipientResult(case.anna, Outcome.ACCEPTED, 250, None, "2.0.0 Ok: queued as 4Xk")],
        )
        known = session.exec(
            select(MailIdentifier.rfc_message_id).where(
                col(MailIdentifier.rfc_message_id).like("%amazonses%")
            )
        ).all()
    assert f"{unique}@eu-west-1.amazonses.com" in known
    (entry,) = world.receive(
        world.mail(
            case.anna,
            verdict="fail",
            subject="x",
            extra=f"In-Reply-To: <{unique}@eu-west-1.amazonses.com>\r\n",
        )
    )
    assert (entry.verdict, entry.ticket_id) == ("joined", case.number)


def test_a_mail_that_does_not_belong_goes_out_with_its_people_and_comes_back(world: World) -> None:
    case = world.case()
    (entry,) = world.receive(
        world.mail(
            f"bert@{case.domain}",
            subject="Re: lunch",
            message_id="lunch@x.test",
            extra=case.thread + "Cc: Tom <tom@x.test>\r\n",
        )
    )
    assert entry.message_id is not None
    before = world.picture(case.number)
    number = world.desk.ask(MoveOut(entry.message_id))
    own, rest = world.desk.ask(ShowTicket(number)), world.desk.ask(ShowTicket(case.number))
    assert (own.requester_address, own.subject, own.status) == (
        f"bert@{case.domain}",
        "lunch",
        TicketStatus.OPEN,
    )
    assert [message.id for message in own.messages] == [entry.message_id]
    assert entry.message_id not in [message.id for message in rest.messages]
    assert world.picture(case.number)["watchers"] == []
    (answer,) = world.receive(world.mail("tom@x.test", extra="References: <lunch@x.test>\r\n"))
    assert answer.ticket_id == number, "Tom takes part where the mail that named him is now"
    world.desk.ask(UndoLast(case.number))
    after = world.picture(case.number)
    assert (after["messages"], after["watchers"]) == (before["messages"], before["watchers"])
    assert world.ticket(number).status == "open"
    assert [message.id for message in world.desk.ask(ShowTicket(number)).messages] == [answer.message_id]


def test_further_answers_to_a_closed_ticket_join_what_follows_it_up(world: World) -> None:
    case = world.case()
    world.desk.ask(SetFields(case.number, status=TicketStatus.CLOSED))
    first, second = world.receive(  # in one batch
        world.mail(case.anna, extra=case.thread), world.mail(case.anna, extra=case.thread)
    )
    assert first.ticket_id != case.number
    assert second.ticket_id == first.ticket_id
    (third,) = world.receive(world.mail(case.anna, extra=case.thread))
    assert third.ticket_id == first.ticket_id
    why = world.desk.ask(ShowTicket(first.ticket_id or 0)).messages[-1].why
    assert f"It answers a message of ours in #{case.number}, and the sender is the requester." in why
    (colleague,) = world.receive(world.mail(f"bert@{case.domain}", extra=case.thread))
    assert colleague.ticket_id not in (case.number, first.ticket_id), "he takes part in neither"
    world.desk.ask(SetFields(first.ticket_id or 0, status=TicketStatus.CLOSED))
    (again,) = world.receive(world.mail(case.anna, extra=case.thread))
    assert again.verdict == "created"
    (last,) = world.receive(world.mail(case.anna, extra=case.thread))
    assert last.ticket_id == again.ticket_id


def test_only_mail_from_outside_is_moved_out(
    world: World,
) -> None:
    case = world.case()
    messages = world.desk.ask(ShowTicket(case.number)).messages
    for message in messages[1:]:
        with pytest.raises(Refused):
            world.desk.ask(MoveOut(message.id))
    (entry,) = world.receive(world.mail("lone@x.test"))
    with pytest.raises(Refused, match="only message"):
        world.desk.ask(MoveOut(entry.message_id or 0))
