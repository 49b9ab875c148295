"""Surveys answered by mail: who is asked and when, what counts, what wakes the ticket, and every way to rate in somebody's place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Letter

import pytest
from sqlmodel import col, select

from tests.services.approval_answers import plain
from tests.services.desk import Desk
from tests.services.mail_world import World, open_world
from tui_desk.contracts.conversation import MessageView, SendReply
from tui_desk.contracts.desk import SaveSettings, ShowPerson
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.people import MergePeople, SavePerson, ShowOrganization, SplitAddress
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tickets import (
    BlockSender,
    MarkSpam,
    NewTicket,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoDeed,
)
from tui_desk.core.enums import Channel, Direction, MessageKind, TicketStatus
from tui_desk.core.errors import ConfigurationError, Refused
from tui_desk.db.blobs import load_blob
from tui_desk.db.fast import open_reader
from tui_desk.models import Delivery, OutboxItem, Satisfaction
from tui_desk.services import audit, surveys
from tui_desk.services.queue import list_tickets

TOKEN = re.compile(r"tdsv\.\d+\.[a-z2-7]{26}")


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        opened.desk.ask(SaveSettings(survey="resolved", survey_hours=24), opened.desk.root)
        yield opened


def tick(desk: Desk, **passed: int) -> int:
    """What the worker's clock does; answers how many surveys leave."""
    desk.later(**(passed or {"hours": 25}))
    with desk.database.reading() as session:
        found = surveys.due(session, desk.now)
    asked = 0
    for number in found:
        with desk.writing() as session:
            asked += surveys.ask(session, number, desk.now)
    return asked


def resolved(desk: Desk, number: int) -> None:
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))


def letters(desk: Desk) -> list[Letter]:
    """The surveys that were sent."""
    with desk.database.reading() as session:
        rows = session.exec(
            select(OutboxItem.mime_sha256).where(col(OutboxItem.automatic)).order_by(col(OutboxItem.id))
        )
        return [message_from_bytes(load_blob(session, sha)) for sha in rows]


def answer(
    world: World,
    text: str,
    *,
    sender: str,
    letter: Letter | None = None,
    thread: bool = True,
    quote: bool = True,
    token: str = "",
    headers: str = "",
    verdict: str = "pass",
) -> int | None:
    """Answer a survey as a mail program does; where it goes."""
    letter = letter or letters(world.desk)[-1]
    body = text
    if quote:
        shown = plain(letter)
        shown = TOKEN.sub(token, shown) if token else shown
        body += "\n\nOn Mon, 2 Mar 2026, Help desk wrote:\n" + "\n".join(
            f"> {one}" for one in shown.splitlines()
        )
    identifier = str(letter["Message-ID"])
    extra = f"In-Reply-To: {identifier}\nReferences: {identifier}\n" if thread else ""
    world.desk.later(minutes=5)
    subject = f"Re: {' '.join(str(letter['Subject']).split())}"
    extra = (headers + extra).replace("\n", "\r\n")
    raw = world.mail(sender, subject=subject, body=body.replace("\n", "\r\n"), extra=extra, verdict=verdict)
    (entry,) = world.receive(raw)
    assert entry.verdict in ("created", "joined"), "nothing is lost"
    return entry.ticket_id


def listed(desk: Desk, query: str) -> list[int]:
    """The tickets that a filter shows."""
    with closing(open_reader(desk.database.url)) as reader:
        return [row.number for row in list_tickets(reader, desk.ana, ListTickets("all", query)).rows]


def last(desk: Desk, number: int) -> MessageView:
    return desk.ask(ShowTicket(number)).messages[-1]


def asked(world: World) -> tuple[int, str]:
    """A ticket that is resolved, and whose requester was asked; and the address."""
    case = world.case()
    resolved(world.desk, case.number)
    assert tick(world.desk) == 1
    return case.number, case.anna


def test_one_survey_after_the_end_in_the_thread_of_the_ticket(world: World) -> None:
    desk = world.desk
    case = world.case()
    assert tick(desk) == 0, "it is open"
    resolved(desk, case.number)
    assert tick(desk, hours=23) == 0
    assert tick(desk, hours=2) == 1
    assert tick(desk) == 0, "once"
    letter = letters(desk)[-1]
    view = desk.ask(ShowTicket(case.number))
    sent = view.messages[-1]
    assert (sent.kind, sent.direction, view.status) == (
        MessageKind.SYSTEM,
        Direction.OUT,
        TicketStatus.RESOLVED,
    )
    assert f"[#{case.number}]" in str(letter["Subject"])
    assert str(letter["To"]).endswith(f"{case.anna}>") or str(letter["To"]) == case.anna
    assert letter["In-Reply-To"] is not None
    assert str(letter["Auto-Submitted"]).startswith("auto-")
    text = plain(letter)
    assert "GOOD" in text
    assert "BAD" in text
    assert TOKEN.search(text) is not None
    assert TOKEN.search(sent.text) is None, "no colleague reads the code"
    assert TOKEN.search(sent.rfc_message_id) is None
    (rating,) = view.ratings
    assert (rating.score, rating.word, rating.answered_at) == (None, "", None)
    assert any(f"{case.anna} was asked for a rating" in one.sentence for one in view.events)
    for event in view.events[-2:]:
        with pytest.raises(Refused):
            desk.ask(UndoDeed(event.id))


def test_a_word_of_rating_is_kept_and_wakes_nothing(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    desk.ask(TakeTicket(number))
    assert answer(world, "Good\n\nQuick and friendly.", sender=anna) == number
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.requester_waiting) == (TicketStatus.RESOLVED, False)
    (rating,) = view.ratings
    assert (rating.score, rating.word, rating.comment) == (5, "good", "Quick and friendly.")
    assert rating.answered_at is not None
    message = view.messages[-1]
    assert message.marks == ("rating: counted",)
    assert "Counted as a rating: 5 of 5" in message.why
    assert message.text.startswith("Good\n\nQuick and friendly.")
    assert [one.sentence for one in desk.ask(ListNotifications())] == [
        "You were rated: good · Quick and friendly."
    ]
    person = desk.ask(ShowPerson(address=anna)).satisfaction
    assert (person.asked, person.answered, person.good, person.share) == (1, 1, 1, 100)
    assert listed(desk, "rated:good") == [number]
    assert listed(desk, "rated:bad,asked") == []
    assert listed(desk, "-rated:good") == []
    assert listed(desk, "rated:well") == [], "no such value"
    with pytest.raises(Refused, match="requester's own"):
        desk.ask(UndoDeed(view.events[-1].id))
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_a_bare_bad_wakes_nothing_and_a_reason_does(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    answer(world, "Bad", sender=anna)
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.ratings[0].word) == (TicketStatus.RESOLVED, "bad")
    other = world.case()
    resolved(desk, other.number)
    assert tick(desk) == 1
    answer(world, "Bad. It still does not print.", sender=other.anna)
    view = desk.ask(ShowTicket(other.number))
    assert (view.status, view.requester_waiting) == (TicketStatus.OPEN, True)
    assert (view.ratings[0].word, view.ratings[0].comment) == ("bad", "It still does not print.")


def test_a_question_wakes_the_ticket_and_the_rating_counts_all_the_same(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    assert answer(world, "Good. But when does the second one come?", sender=anna) == number
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.ratings[0].score) == (TicketStatus.OPEN, 5)
    assert "second one" in view.messages[-1].text


def test_what_is_no_rating_is_an_ordinary_mail(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    assert answer(world, "It still does not print", sender=anna) == number
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.ratings[0].score, view.messages[-1].marks) == (TicketStatus.OPEN, None, ())


def test_the_first_answer_counts_and_a_replay_is_kept_and_shown(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    answer(world, "Good", sender=anna)
    assert answer(world, "Bad", sender=anna) == number
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.ratings[0].score) == (TicketStatus.RESOLVED, 5)
    assert view.messages[-1].marks == ("rating: not counted",)
    assert any("answered before" in one for one in view.messages[-1].why)
    assert any("was not counted" in one.sentence for one in view.events)


def test_nobody_rates_in_somebody_elses_place(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    where = answer(world, "Bad", sender="mallory@evil.test")  # the survey was passed on, with its code
    assert where != number, "a stranger enters no conversation"
    assert desk.ask(ShowTicket(number)).ratings[0].score is None
    assert where is not None
    assert "rating: not counted" in last(desk, where).marks
    answer(world, "Bad", sender="Anna <mallory@evil.test>, Anna <" + anna + ">", quote=True)
    assert desk.ask(ShowTicket(number)).ratings[0].score is None
    assert desk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED


def test_a_code_that_is_not_the_one_of_the_survey_counts_nothing(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    real = TOKEN.search(plain(letters(desk)[-1]))
    assert real is not None
    for forged in (real[0][:-1] + ("a" if real[0][-1] != "a" else "b"), "tdsv.1." + "a" * 26):
        where = answer(world, "Good", sender=anna, thread=False, token=forged)
        assert where is not None
        assert desk.ask(ShowTicket(number)).ratings[0].score is None
    assert answer(world, "Good", sender=anna, thread=False, token="") is not None
    assert desk.ask(ShowTicket(number)).ratings[0].score == 5, "the code in the text is enough"


def test_an_answer_without_quote_is_known_by_what_it_answers(world: World) -> None:
    number, anna = asked(world)
    answer(world, "Good", sender=anna, quote=False)
    assert world.desk.ask(ShowTicket(number)).ratings[0].score == 5


def test_the_quoted_survey_alone_rates_nothing(world: World) -> None:
    number, anna = asked(world)
    answer(world, "", sender=anna)
    assert world.desk.ask(ShowTicket(number)).ratings[0].score is None


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: auto-replied\n", "Precedence: auto_reply\nX-Autoreply: yes\n"]
)
def test_machines_rate_nothing(world: World, header: str) -> None:
    number, anna = asked(world)
    answer(world, "Good", sender=anna, headers=header)
    view = world.desk.ask(ShowTicket(number))
    assert (view.status, view.ratings[0].score) == (TicketStatus.RESOLVED, None)


def test_a_survey_that_comes_back_is_no_rating_and_nobody_writes_to_a_dead_address_again(
    world: World,
) -> None:
    desk = world.desk
    number, anna = asked(world)
    (entry,) = world.receive(bounce(world, anna, str(letters(desk)[-1]["Message-ID"])))
    view = desk.ask(ShowTicket(number))
    assert (entry.ticket_id, view.status, view.ratings[0].score) == (number, TicketStatus.RESOLVED, None)
    assert view.messages[-1].marks == ()
    assert not any("was not counted" in one.sentence for one in view.events)
    other = world.case()
    world.receive(bounce(world, other.anna, f"<{other.ours}>"))
    resolved(desk, other.number)
    assert tick(desk) == 0


def bounce(world: World, recipient: str, original: str) -> bytes:
    """What a mail server writes where it has nobody of that name."""
    report = (
        "--B\r\n\r\nUser unknown\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\n--B--"
    )
    kind = 'multipart/report; report-type=delivery-status; boundary="B"'
    return world.mail("MAILER-DAEMON@mx.x.test", body=report, content_type=kind, subject="Undelivered")


@pytest.mark.parametrize(("verdict", "why"), [("fail", "could not be confirmed"), ("", "does not vouch")])
def test_a_sender_the_server_does_not_vouch_for_rates_nothing(world: World, verdict: str, why: str) -> None:
    desk = world.desk
    number, anna = asked(world)
    where = answer(world, "Good", sender=anna, verdict=verdict)
    assert where is not None
    assert desk.ask(ShowTicket(number)).ratings[0].score is None
    message = last(desk, where)
    assert "rating: not counted" in message.marks
    assert any(why in one for one in message.why)


def test_a_late_answer_is_kept_and_shown(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    desk.later(days=61)
    answer(world, "Good", sender=anna)
    view = desk.ask(ShowTicket(number))
    assert (view.ratings[0].score, view.messages[-1].marks) == (None, ("rating: not counted",))
    assert any("too late" in one for one in view.messages[-1].why)


def test_who_is_not_asked(world: World) -> None:
    desk = world.desk
    spam, blocked, machine, unanswered, noreply, merged, kept = (world.case() for _n in range(7))
    for case in (spam, blocked, machine, noreply, merged):
        resolved(desk, case.number)
    desk.ask(MarkSpam(spam.number))
    desk.ask(BlockSender(blocked.number))
    desk.ask(MergeTickets(kept.number, (merged.number,)))
    with desk.writing() as session:
        from tui_desk.models import Message, PersonAddress, Ticket

        row = session.get_one(Ticket, unanswered.number)
        row.status, row.resolved_at, row.first_response_at = "resolved", desk.now, None
        session.add(row)
        first = session.exec(select(Message).where(Message.ticket_id == machine.number)).first()
        assert first is not None
        first.mail_kind = "auto_reply"
        session.add(first)
        address = session.exec(select(PersonAddress).where(PersonAddress.address == noreply.anna)).one()
        address.address = "no-reply@x.test"
        session.add(address)
    number = desk.ask(NewTicket("A visit", "Mia without address", "", Channel.WALKIN))
    resolved(desk, number)
    assert tick(desk) == 0
    resolved(desk, kept.number)
    assert tick(desk) == 1


def test_nobody_is_asked_twice_within_the_pause(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    again = world.receive(world.mail(anna, subject="Another thing", body="Hello"))[0].ticket_id
    assert again is not None
    desk.ask(SendReply(again, "Done", now=True))
    resolved(desk, again)
    assert tick(desk) == 0
    resolved(desk, again)
    desk.ask(SetFields(again, status=TicketStatus.OPEN))
    desk.later(days=31)
    resolved(desk, again)
    assert tick(desk) == 1
    assert len(desk.ask(ShowTicket(number)).ratings) == 1


def test_off_by_default_and_old_tickets_stay_unasked_when_it_is_switched_on(database_url: str) -> None:
    with open_world(database_url) as world:
        desk = world.desk
        case = world.case()
        resolved(desk, case.number)
        assert tick(desk) == 0
        desk.ask(SaveSettings(survey="resolved", survey_hours=0), desk.root)
        assert tick(desk, minutes=10) == 0
        later = world.case()
        resolved(desk, later.number)
        assert tick(desk, minutes=10) == 1
        with pytest.raises(ConfigurationError, match="off, resolved, closed"):
            desk.ask(SaveSettings(survey="always"), desk.root)
        desk.ask(SaveSettings(survey="closed"), desk.root)
        third = world.case()
        resolved(desk, third.number)
        assert tick(desk, minutes=10) == 0
        desk.ask(SetFields(third.number, status=TicketStatus.CLOSED))
        assert tick(desk, minutes=10) == 1


def test_ratings_are_added_up_for_people_and_organisations_and_follow_a_merge(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    answer(world, "Good", sender=anna)
    one = desk.ask(ShowPerson(address=anna))
    desk.ask(SavePerson(one.id, one.name or "Anna", organization="Acme", version=one.version))
    other = world.case()
    resolved(desk, other.number)
    tick(desk)
    answer(world, "2", sender=other.anna)
    two = desk.ask(ShowPerson(address=other.anna))
    assert (two.satisfaction.share, two.satisfaction.bad) == (0, 1)
    desk.ask(MergePeople(one.id, two.id))
    event = desk.ask(ListEvents(f"person:{two.id}")).events[0]
    desk.ask(UndoDeed(event.id))
    assert desk.ask(ShowPerson(two.id)).satisfaction.answered == 1
    merged = desk.ask(MergePeople(one.id, two.id))
    assert (merged.satisfaction.answered, merged.satisfaction.share) == (2, 50)
    assert [rating.ticket for rating in merged.satisfaction.latest] == [other.number, number]
    acme = desk.ask(ShowOrganization(name="Acme")).satisfaction
    assert (acme.asked, acme.answered, acme.good, acme.bad) == (2, 2, 1, 1)


def test_a_rating_goes_along_with_an_address_that_gets_a_record_of_its_own(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    answer(world, "Good", sender=anna)
    one = desk.ask(ShowPerson(address=anna))
    two = desk.ask(ShowPerson(address=world.case().anna))
    desk.ask(MergePeople(two.id, one.id))
    own = desk.ask(SplitAddress(two.id, anna))
    assert (own.satisfaction.good, desk.ask(ShowPerson(two.id)).satisfaction.asked) == (1, 0)
    event = desk.ask(ListEvents(f"person:{own.id}")).events[0]
    desk.ask(UndoDeed(event.id))
    assert desk.ask(ShowPerson(two.id)).satisfaction.good == 1
    assert desk.ask(ShowTicket(number)).ratings[0].score == 5


def test_a_rating_stays_with_the_ticket_it_is_about_when_that_is_merged(world: World) -> None:
    desk = world.desk
    number, anna = asked(world)
    kept = world.case()
    desk.ask(MergeTickets(kept.number, (number,)))
    assert answer(world, "Good", sender=anna) == kept.number, "its conversation is there now"
    assert desk.ask(ShowTicket(number)).ratings[0].score == 5
    assert desk.ask(ShowTicket(kept.number)).ratings == ()
    with desk.database.reading() as session:
        rows = session.exec(select(Satisfaction.ticket_id)).all()
        assert list(rows) == [number]
        addresses = session.exec(select(Delivery.address)).all()
        assert anna in addresses
    assert timedelta(0) < surveys.WINDOW
