"""A mailbox whose server checks nobody, or is not named: no verdict that came with a mail is believed, and an agent's forward
can be seen through and set right."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlmodel import select

from tests.services.mail_world import SERVER, World, open_world
from tui_desk.contracts.tickets import SetFields, ShowTicket, UndoLast
from tui_desk.models import Mailbox, Person

OWN = f"Received: from a.sender.test by {SERVER} with ESMTPS; Fri, 20 Nov 2026 10:00:00 +0000\r\n"
FOREIGN = OWN.replace(SERVER, "mx.evil.test")
FORGED = f"Authentication-Results: {SERVER}; dmarc=pass header.from={{domain}}\r\n"
PLACES = {
    "below what the server wrote": OWN + FORGED,
    "on top of a mail that says nothing of its way": FORGED,
    "on top of another server's line": FORGED + FOREIGN,
    "between the lines": OWN + FORGED + FOREIGN,
}
FORWARD = (
    "Please look at this.\r\n\r\n---------- Forwarded message ---------\r\nFrom: Vera Vogel <vera@customer.test>\r\n"
    "Date: Fri, 20 Nov 2026 at 09:00\r\nSubject: Projector\r\nTo: ana@desk.test\r\n\r\nIt stays dark.\r\n"
)


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        with opened.desk.writing() as session:
            mailbox = session.get_one(Mailbox, opened.mailbox)
            mailbox.authserv_id = ""
            session.add(mailbox)
        yield opened


def written(world: World, sender: str, lines: str, extra: str = "", **more: str) -> bytes:
    """A mail whose first lines are ``lines``."""
    raw = world.mail(sender, verdict="", extra=extra, **more)
    domain = sender.rpartition("@")[2].strip(">")
    return lines.format(domain=domain).encode() + raw.partition(b"\r\n")[2]


@pytest.mark.parametrize("place", PLACES)
def test_a_forged_pass_makes_no_agent_and_no_participant(world: World, place: str) -> None:
    case = world.case()
    before = world.picture(case.number)
    named = f"References: <{case.asked}>\r\n"  # what everybody on a list may know
    raw = written(world, "Ana <ana@desk.test>", PLACES[place], named, subject=f"[#{case.number}]")
    (entry,) = world.receive(raw)
    assert world.picture(case.number) == before
    message = world.message(entry)
    assert message.author_agent_id is None
    assert "unverified" in message.marks
    # With an id of ours an agent's address joins, but as anybody's: the ticket is answered by nobody.
    (entry,) = world.receive(written(world, "ana@desk.test", PLACES[place], case.thread))
    message = world.message(entry)
    assert message.author_agent_id is None
    assert "unverified" in message.marks
    assert world.ticket(case.number).requester_waiting


@pytest.mark.parametrize("place", PLACES)
def test_a_forged_pass_makes_no_colleague(world: World, place: str) -> None:
    case = world.case()
    before = world.picture(case.number)
    raw = written(world, f"eve@{case.domain}", PLACES[place], subject=f"Re: x [#{case.number}]")
    (entry,) = world.receive(raw)
    assert entry.ticket_id != case.number
    assert world.picture(case.number) == before


@pytest.mark.parametrize("server", [SERVER, "mx.somebody.test"])
def test_a_failure_on_top_stops_an_agent_whoever_tells_it(world: World, server: str) -> None:
    case = world.case()
    before = world.picture(case.number)
    failed = f"Authentication-Results: {server}; dmarc=fail header.from=desk.test\r\n" + OWN + FORGED
    (entry,) = world.receive(written(world, "ana@desk.test", failed, case.thread))
    assert world.picture(case.number) == before
    assert world.message(entry).author_agent_id is None
    assert "unverified" in world.message(entry).marks


def test_what_the_server_itself_wrote_counts_without_its_name(world: World) -> None:
    case = world.case()
    passed = FORGED + OWN
    (entry,) = world.receive(written(world, f"bert@{case.domain}", passed, f"References: <{case.asked}>\r\n"))
    assert entry.ticket_id == case.number
    assert "unverified" not in world.message(entry).marks


def test_an_unchecked_forward_of_an_agent_is_marked_explained_and_set_right(world: World) -> None:
    raw = written(world, "Ana <ana@desk.test>", OWN, subject="Fwd: Projector", body=FORWARD)
    (entry,) = world.receive(raw)
    number = entry.ticket_id
    assert number is not None
    view = world.desk.ask(ShowTicket(number))
    assert view.requester_address == "vera@customer.test"
    (message,) = view.messages
    assert message.author_address == "ana@desk.test"
    assert message.marks == ("sender not verified",)
    assert any(
        "An agent's address passed it on, which nobody confirmed" in reason and "ana@desk.test" in reason
        for reason in message.why
    ), message.why
    done = world.desk.ask(SetFields(number, requester="ana@desk.test"))
    view = world.desk.ask(ShowTicket(number))
    assert view.requester_address == "ana@desk.test"
    assert "set the requester from Vera Vogel" in view.events[-1].sentence
    world.desk.ask(UndoLast(number, done.event_ids))
    assert world.desk.ask(ShowTicket(number)).requester_address == "vera@customer.test"
    with world.desk.database.reading() as session:
        assert session.exec(select(Person).where(Person.name == "Vera Vogel")).one()


def test_why_names_the_server_that_is_not_believed(world: World) -> None:
    somebody = (OWN + FORGED).replace(SERVER, "mx.hoster.test")
    (entry,) = world.receive(written(world, "anna@customer.test", somebody))
    (message,) = world.desk.ask(ShowTicket(entry.ticket_id or 0)).messages
    assert message.why == (
        "It says that mx.hoster.test found it to come from customer.test. Anybody can write that, so it counts for nothing. "
        "(Where that server adds it to every mail and takes out what others wrote: mailbox set --authserv-id.)",
    )
    with world.desk.writing() as session:
        mailbox = session.get_one(Mailbox, world.mailbox)
        mailbox.authserv_id = "mx.hoster.test"
        session.add(mailbox)
    (entry,) = world.receive(written(world, "anna@customer.test", somebody))
    (message,) = world.desk.ask(ShowTicket(entry.ticket_id or 0)).messages
    assert "mx.hoster.test found that it really comes from customer.test (dmarc)." in message.why


def test_a_confirmed_forward_says_so_and_a_failed_one_stays_its_senders(world: World) -> None:
    passed, failed = (
        f"Authentication-Results: {SERVER}; dmarc={result} header.from=desk.test\r\n" + OWN
        for result in ("pass", "fail")
    )
    first, second = world.receive(
        written(world, "ana@desk.test", passed, subject="Fwd: Projector", body=FORWARD),
        written(world, "ana@desk.test", failed, subject="Fwd: Projector", body=FORWARD),
    )
    view = world.desk.ask(ShowTicket(first.ticket_id or 0))
    assert (view.requester_address, view.messages[0].marks) == ("vera@customer.test", ())
    assert any(
        "An agent passed it on; the requester is who wrote" in reason for reason in view.messages[0].why
    )
    view = world.desk.ask(ShowTicket(second.ticket_id or 0))
    assert view.requester_address == "ana@desk.test"
    assert view.messages[0].marks == ("sender not verified",)
