"""What the text of a ticket names of the inventory: offered, linked, dismissed; and what of it ends soon."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.services.desk import Desk
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import RetireAsset, SaveAsset
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.licences import AssignSeat, RetireLicence, SaveLicence
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.recognition import DismissRecognised, LinkLicence, RecogniseInTicket
from tui_desk.contracts.tickets import LinkAsset, NewTicket, ShowTicket, UndoDeed, UndoLast
from tui_desk.core.enums import RecognisedBy
from tui_desk.core.errors import Conflict, NotFound, Refused

TODAY = date(2026, 3, 2)


def ticket(desk: Desk, subject: str = "Help", body: str = "It hangs.") -> int:
    return desk.ask(NewTicket(subject, "otto@client.test", body))


def asset(desk: Desk, tag: str, **fields: object) -> int:
    return desk.ask(SaveAsset(None, tag, "Laptop", **fields)).id


def licence(desk: Desk, name: str = "Adobe Acrobat Pro", **fields: object) -> int:
    return desk.ask(SaveLicence(None, name, **fields)).id


def offered(desk: Desk, number: int) -> list[tuple[RecognisedBy, str]]:
    return [(one.by, one.tag or one.name) for one in desk.ask(RecogniseInTicket(number))]


def test_tag_serial_hostname_and_licence_are_recognised_and_linked_by_nobody(desk: Desk) -> None:
    asset(desk, "IT-0042")
    asset(desk, "PC-1", serial="PF3X1234")
    asset(desk, "SRV-DB", hostname="srv-db01")
    asset(desk, "OTHER", serial="word", hostname="please")
    licence(desk)
    number = ticket(
        desk,
        "it-0042 does not start",
        "S/N: pf3x1234, please look at srv-db01.corp.test, too. One word: adobe acrobat pro fails.",
    )
    assert offered(desk, number) == [
        (RecognisedBy.TAG, "IT-0042"),
        (RecognisedBy.SERIAL, "PC-1"),
        (RecognisedBy.HOSTNAME, "SRV-DB"),
        (RecognisedBy.LICENCE_NAME, "Adobe Acrobat Pro"),
    ]
    shown = desk.ask(ShowTicket(number))
    assert (shown.assets, shown.licences) == ((), ())


def test_what_is_linked_or_dismissed_is_offered_no_more(desk: Desk) -> None:
    one, two, paid = asset(desk, "IT-0042"), asset(desk, "IT-0043"), licence(desk)
    number = ticket(desk, "IT-0042 and IT-0043", "Adobe Acrobat Pro")
    desk.ask(LinkAsset(number, one))
    desk.ask(LinkLicence(number, paid))
    done = desk.ask(DismissRecognised(number, two))
    assert done.sentence == f"#{number} · IT-0043 is not offered here any more"
    assert desk.ask(DismissRecognised(number, two)).event_ids == (), "once is enough"
    assert offered(desk, number) == []
    assert [one.name for one in desk.ask(ShowTicket(number)).licences] == ["Adobe Acrobat Pro"]
    assert offered(desk, ticket(desk, "IT-0043")) == [(RecognisedBy.TAG, "IT-0043")], "elsewhere it is"
    told = [event.sentence for event in desk.ask(ListEvents(f"ticket:{number}")).events]
    assert "Ana Díaz dismissed IT-0043: the ticket is not about it" in told
    assert "Ana Díaz linked the licence Adobe Acrobat Pro" in told
    assert desk.ask(ListEvents(f"licence:{paid}", limit=1)).events[0].sentence == f"Ana Díaz linked #{number}"


def test_a_dismissal_and_a_link_are_taken_back(desk: Desk) -> None:
    one, paid = asset(desk, "IT-0042"), licence(desk)
    number = ticket(desk, "IT-0042", "Adobe Acrobat Pro")
    desk.ask(DismissRecognised(number, one))
    desk.ask(UndoLast(number))
    assert (RecognisedBy.TAG, "IT-0042") in offered(desk, number)
    linked = desk.ask(LinkLicence(number, paid))
    desk.ask(UndoDeed(linked.event_ids[0]))
    assert desk.ask(ShowTicket(number)).licences == ()
    with pytest.raises(Refused, match="undone already"):
        desk.ask(UndoDeed(linked.event_ids[0]))
    again = desk.ask(LinkLicence(number, paid))
    desk.ask(LinkLicence(number, paid, linked=False))
    with pytest.raises(Conflict, match="Not undone"):
        desk.ask(UndoDeed(again.event_ids[0]))


def test_a_merge_takes_linked_licences_along_and_back(desk: Desk) -> None:
    paid = licence(desk)
    source, target = ticket(desk, "One"), ticket(desk, "Two")
    desk.ask(LinkLicence(source, paid))
    merged = desk.ask(MergeTickets(target, (source,)))
    assert [one.id for one in desk.ask(ShowTicket(target)).licences] == [paid]
    assert desk.ask(ShowTicket(source)).licences == ()
    desk.ask(UndoDeed(merged.event_ids[0]))
    assert [one.id for one in desk.ask(ShowTicket(source)).licences] == [paid]
    assert desk.ask(ShowTicket(target)).licences == ()


def test_the_first_and_the_newest_messages_are_looked_at(desk: Desk) -> None:
    asset(desk, "IT-0001")
    asset(desk, "IT-0002")
    asset(desk, "IT-0003")
    number = ticket(desk, body="IT-0001")
    desk.ask(AddNote(number, "IT-0002"))
    for place in range(20):
        desk.ask(AddNote(number, f"Still looking {place}"))
    desk.ask(AddNote(number, "IT-0003"))
    assert [name for _by, name in offered(desk, number)] == ["IT-0001", "IT-0003"]


def test_a_hostile_text_is_read_and_names_nothing(desk: Desk) -> None:
    asset(desk, "IT-0042")
    number = ticket(desk, "%_' OR 1=1 -- \x1b[c", "\u202eIT\u202c-\u200b0042 [/] " + "a-1 " * 30_000)
    assert offered(desk, number) == []
    with pytest.raises(NotFound):
        desk.ask(RecogniseInTicket(10**6))


def test_it_asks_the_database_as_often_for_many_words_as_for_few(desk: Desk) -> None:
    asset(desk, "IT-0042")
    few = ticket(desk, "IT-0042")
    many = ticket(desk, "IT-0042", " ".join(f"X-{number}" for number in range(2_000)))
    assert len(desk.statements(RecogniseInTicket(few))) == len(desk.statements(RecogniseInTicket(many)))


def test_who_may_only_look_dismisses_nothing(desk: Desk) -> None:
    number, one, paid = ticket(desk), asset(desk, "IT-0042"), licence(desk)
    for request in (DismissRecognised(number, one), LinkLicence(number, paid)):
        with pytest.raises(Refused, match="may look"):
            desk.ask(request, desk.rita)
    with pytest.raises(NotFound):
        desk.ask(DismissRecognised(number, 10**6))
    with pytest.raises(NotFound):
        desk.ask(LinkLicence(number, 10**6))


def test_a_ticket_warns_of_what_is_over_or_ends_within_thirty_days(desk: Desk) -> None:
    over = asset(desk, "OVER", warranty_until=TODAY - timedelta(days=1))
    near = asset(desk, "NEAR", warranty_until=TODAY + timedelta(days=30))
    far = asset(desk, "FAR", warranty_until=TODAY + timedelta(days=31))
    gone = asset(desk, "GONE", warranty_until=TODAY - timedelta(days=9))
    desk.ask(RetireAsset(gone))
    seat = licence(desk, "Seat on it", seats=5, expires_on=TODAY + timedelta(days=3))
    desk.ask(AssignSeat(seat, asset_id=far))
    own = licence(desk, expires_on=TODAY)
    set_aside = licence(desk, "Set aside", expires_on=TODAY)
    number = ticket(desk)
    assert desk.ask(ShowTicket(number)).expiring == ()
    for asset_id in (over, near, far, gone):
        desk.ask(LinkAsset(number, asset_id))
    for licence_id in (own, set_aside):
        desk.ask(LinkLicence(number, licence_id))
    desk.ask(RetireLicence(set_aside))
    found = desk.ask(ShowTicket(number)).expiring
    assert [(one.name, one.licence, one.days) for one in found] == [
        ("OVER", False, -1),
        ("Adobe Acrobat Pro", True, 0),
        ("Seat on it", True, 3),
        ("NEAR", False, 30),
    ]
