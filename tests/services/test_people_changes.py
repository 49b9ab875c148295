"""People and organisations: written down, merged into one record, parted again, and all of it taken back."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from tests.services.desk import Desk
from tests.services.mail_world import open_world
from tui_desk.contracts.approvals import DecideApproval, NewApproval, StepInput
from tui_desk.contracts.desk import ListPeople, SaveAsset, ShowAsset, ShowPerson
from tui_desk.contracts.people import (
    AddAddress,
    ListOrganizations,
    MergePeople,
    SaveOrganization,
    SavePerson,
    ShowOrganization,
    SplitAddress,
)
from tui_desk.contracts.tickets import NewTicket, ShowTicket, UndoDeed
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.models import Event


def person(desk: Desk, address: str) -> int:
    return desk.ask(ShowPerson(address=address)).id


def ticket_of(desk: Desk, requester: str, subject: str = "Lamp") -> int:
    return desk.ask(NewTicket(subject, requester, "It is dark."))


def undo_newest_of(desk: Desk, stream: str) -> None:
    with desk.database.reading() as session:
        event = session.exec(
            select(Event).where(Event.stream == stream).order_by(col(Event.id).desc())
        ).first()
    assert event is not None
    desk.ask(UndoDeed(event.id or 0), desk.ben)


def test_a_person_is_written_down_and_changed(desk: Desk) -> None:
    made = desk.ask(
        SavePerson(
            None, "Eva Ruiz", "eva@acme.test", "Acme", "+34 600 100 200", "Room 3", "ES", True, "Calls often."
        )
    )
    assert (made.addresses, made.organization, made.language, made.vip) == (
        ("eva@acme.test",),
        "Acme",
        "es",
        True,
    )
    changed = desk.ask(
        SavePerson(made.id, "Eva Ruiz", organization="Acme", phone="112", version=made.version)
    )
    assert (changed.phone, changed.vip, changed.addresses) == ("112", False, ("eva@acme.test",))
    with pytest.raises(Conflict, match="was changed by Ana Díaz meanwhile"):
        desk.ask(SavePerson(made.id, "Eva Ruiz", phone="113", version=made.version), desk.ben)
    undo_newest_of(desk, f"person:{made.id}")
    assert desk.ask(ShowPerson(made.id)).phone == "+34 600 10 02 00"


@pytest.mark.parametrize(
    ("request_", "error", "match"),
    [
        (SavePerson(None, " "), UsageError, "a name or an address"),
        (SavePerson(None, "x", "no address"), UsageError, "mail address"),
        (SavePerson(None, "x", "ada@there.test"), Refused, "belongs to .*Ada.* already"),
        (SavePerson(None, "x", language="klingon"), UsageError, "is no language"),
        (SavePerson(4711, "x"), NotFound, "no person #4711"),
        (SaveOrganization(None, " "), UsageError, "needs a name"),
        (SaveOrganization(None, "x", "gmail.com"), UsageError, "addresses to everybody"),
        (SaveOrganization(None, "x", "a b"), UsageError, "no mail domain"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_kept(
    desk: Desk, request_: SavePerson | SaveOrganization, error: type[Exception], match: str
) -> None:
    desk.ask(SavePerson(None, "Ada", "ada@there.test"))
    before = (desk.ask(ListPeople()), desk.ask(ListOrganizations()))
    with pytest.raises(error, match=match):
        desk.ask(request_)
    assert (desk.ask(ListPeople()), desk.ask(ListOrganizations())) == before


def test_two_records_become_one_and_two_again(desk: Desk) -> None:
    first = ticket_of(desk, "Otto <otto@work.test>")
    second = ticket_of(desk, "otto@home.test", "Second")
    keep, other = person(desk, "otto@work.test"), person(desk, "otto@home.test")
    asset = desk.ask(SaveAsset(None, "LT-1", "Laptop", owner="otto@home.test"))
    merged = desk.ask(MergePeople(keep, other))
    assert sorted(merged.addresses) == ["otto@home.test", "otto@work.test"]
    assert {number for number, _subject, _status in merged.tickets} == {first, second}
    assert desk.ask(ShowAsset(asset.id)).owner_id == keep
    assert desk.ask(ShowPerson(other)).id == keep, "the old record leads to the new one"
    assert [row.id for row in desk.ask(ListPeople())] == [keep]
    assert ticket_of(desk, "otto@home.test") in {n for n, _s, _t in desk.ask(ShowPerson(keep)).tickets}
    for request in (MergePeople(keep, other), MergePeople(other, keep), SavePerson(other, "x")):
        with pytest.raises(Refused, match="merged into another record"):
            desk.ask(request)
    with pytest.raises(UsageError):
        desk.ask(MergePeople(keep, keep))
    undo_newest_of(desk, f"person:{other}")
    assert desk.ask(ShowPerson(other)).addresses == ("otto@home.test",)
    assert desk.ask(ShowTicket(second)).requester_id == other
    assert desk.ask(ShowTicket(first)).requester_id == keep
    assert desk.ask(ShowAsset(asset.id)).owner_id == other


def test_an_address_of_somebody_else_gets_a_record_of_its_own(database_url: str) -> None:
    with open_world(database_url) as world:
        desk = world.desk

        def written_by(address: str) -> int:
            (entry,) = world.receive(world.mail(address))
            assert entry.ticket_id is not None
            return entry.ticket_id

        mine = written_by("otto@client.test")
        otto = person(desk, "otto@client.test")
        desk.ask(AddAddress(otto, "shared@client.test"))
        theirs = written_by("shared@client.test")
        assert desk.ask(ShowTicket(theirs)).requester_id == otto
        own = desk.ask(SplitAddress(otto, "Shared@Client.test"))
        assert own.addresses == ("shared@client.test",)
        assert desk.ask(ShowTicket(theirs)).requester_id == own.id
        assert desk.ask(ShowTicket(mine)).requester_id == otto
        with pytest.raises(Refused, match="only address"):
            desk.ask(SplitAddress(otto, "otto@client.test"))
        with pytest.raises(NotFound):
            desk.ask(SplitAddress(otto, "shared@client.test"))
        undo_newest_of(desk, f"person:{own.id}")
        assert desk.ask(ShowTicket(theirs)).requester_id == otto
        assert sorted(desk.ask(ShowPerson(otto)).addresses) == ["otto@client.test", "shared@client.test"]


def test_no_agent_becomes_somebody_else(desk: Desk) -> None:
    """Who is an approver's record could decide in the approver's place."""
    asked = desk.ask(
        NewApproval(ticket_of(desk, "eva@acme.test"), "A laptop", (StepInput(("boss@corp.test",)),))
    )
    boss, own = person(desk, "boss@corp.test"), desk.ask(SavePerson(None, "Ben", "ben@desk.test")).id
    desk.ask(AddAddress(boss, "chief@corp.test"))
    for request in (
        MergePeople(keep=boss, other=own),
        MergePeople(keep=own, other=boss),
        AddAddress(boss, "ana@desk.test"),
        AddAddress(own, "cfo@corp.test"),
    ):
        with pytest.raises(Refused, match="is an agent of this desk"):
            desk.ask(request, desk.ben)
    with pytest.raises(Refused, match="not for you"):
        desk.ask(DecideApproval(asked.id, yes=True), desk.ben)
    sue = desk.actors["sue"]
    desk.ask(MergePeople(keep=boss, other=own), sue)
    with desk.database.reading() as session:
        merge = session.exec(
            select(Event).where(Event.stream == f"person:{own}").order_by(col(Event.id).desc())
        ).first()
        assert merge is not None
    with pytest.raises(Refused, match="is an agent of this desk"):
        desk.ask(SplitAddress(boss, "ben@desk.test"), desk.ben)
    with pytest.raises(Refused, match="is an agent of this desk"):
        desk.ask(UndoDeed(merge.id or 0), desk.ben)
    undone = desk.ask(UndoDeed(merge.id or 0), sue)
    with pytest.raises(Refused, match="is an agent of this desk"):
        desk.ask(UndoDeed(undone.event_ids[-1]), desk.ben)
    assert person(desk, "ben@desk.test") == own


def test_an_organization_has_people_tickets_and_assets(desk: Desk) -> None:
    acme = desk.ask(SaveOrganization(None, "Acme", "https://www.Acme.test/about", "1", "Rome", "Pays late."))
    assert acme.domain == "acme.test"
    number = ticket_of(desk, "Eva <eva@acme.test>")
    desk.ask(SaveAsset(None, "LT-2", "Laptop", owner="eva@acme.test"))
    view = desk.ask(ShowOrganization(name="acme"))
    assert [name for _id, name, _address in view.people] == ["Eva"]
    assert [n for n, _subject, _status in view.tickets] == [number]
    assert [tag for _id, tag, _name in view.assets] == ["LT-2"]
    assert [(row.name, row.people) for row in desk.ask(ListOrganizations("acm"))] == [("Acme", 1)]
    with pytest.raises(Refused, match="an organization acme already"):
        desk.ask(SaveOrganization(None, "acme"))
    desk.ask(SaveOrganization(acme.id, "Acme", phone="2", version=acme.version))
    with pytest.raises(Conflict):
        desk.ask(SaveOrganization(acme.id, "Acme", phone="3", version=acme.version), desk.ben)
