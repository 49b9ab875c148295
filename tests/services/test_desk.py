"""Agents, teams, settings, people and assets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tests.support.new_desk import open_new_desk
from tui_desk.contracts.conversation import OpenCompose
from tui_desk.contracts.desk import (
    ListAgents,
    ListAssets,
    ListPeople,
    ListTeams,
    RemoveTeam,
    RetireAsset,
    SaveAgent,
    SaveAsset,
    SaveSettings,
    SaveTeam,
    ShowAsset,
    ShowPerson,
    ShowSettings,
)
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import AssetState, DraftKind, Role
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.models import Event, Mailbox, Team, TicketMailbox
from tui_desk.services.agents import ensure_first_agent


def test_the_first_one_on_an_empty_desk_is_its_admin(database_url: str) -> None:
    database = open_new_desk(database_url)
    with database.writing() as session:
        first = ensure_first_agent(session, "maria", "Maria López")
    assert (first.login, first.name, first.role) == ("maria", "Maria López", Role.ADMIN)
    with database.writing() as session:
        assert ensure_first_agent(session, "maria", "Maria").agent_id == first.agent_id
        with pytest.raises(NotFound, match="not an agent") as told:
            ensure_first_agent(session, "eve", "Eve")
    assert "tui-desk agent add eve" in told.value.hint
    assert "maria" in told.value.hint
    database.close()


def test_an_admin_adds_and_changes_agents(desk: Desk) -> None:
    desk.ask(SaveTeam("Support"), desk.root)
    made = desk.ask(
        SaveAgent(
            "carl", create=True, name="Carl", email="Carl@Desk.test", role=Role.AGENT, teams=("support",)
        ),
        desk.root,
    )
    assert (made.login, made.email, made.teams) == ("carl", "Carl@desk.test", ("Support",))
    desk.ask(SaveAgent("carl", active=False), desk.root)
    assert "carl" not in [agent.login for agent in desk.ask(ListAgents())]
    assert "carl" in [agent.login for agent in desk.ask(ListAgents(include_inactive=True))]
    for wrong, error in (
        (SaveAgent("carl", create=True), Refused),
        (SaveAgent("two words", create=True), UsageError),
        (SaveAgent("ghost", name="x"), NotFound),
        (SaveAgent("ana", email="nonsense"), UsageError),
        (SaveAgent("ana", email="ben@desk.test"), Refused),
        (SaveAgent("ana", teams=("Ghosts",)), NotFound),
    ):
        with pytest.raises(error):
            desk.ask(wrong, desk.root)


def test_the_last_admin_stays(desk: Desk) -> None:
    for change in (SaveAgent("root", role=Role.AGENT), SaveAgent("root", active=False)):
        with pytest.raises(Refused, match="only admin"):
            desk.ask(change, desk.root)
    desk.ask(SaveAgent("ana", role=Role.ADMIN), desk.root)
    assert desk.ask(SaveAgent("root", role=Role.AGENT), desk.root).role is Role.AGENT


def test_only_admins_administer(desk: Desk) -> None:
    for request in (
        SaveAgent("ana", role=Role.ADMIN),
        SaveAgent("ben", name="Bad Ben"),
        SaveAgent("new", create=True),
        SaveTeam("Support"),
        RemoveTeam("Support"),
        SaveSettings(undo_seconds=0),
    ):
        for actor in (desk.ana, desk.actors["sue"], desk.rita):
            with pytest.raises(Refused):
                desk.ask(request, actor)
    assert desk.ask(SaveAgent("ana", signature="{agent.name}")).signature == "{agent.name}"


def test_teams_are_renamed_and_removed_when_nothing_uses_them(desk: Desk) -> None:
    desk.ask(SaveTeam("Support"), desk.root)
    desk.ask(SaveTeam("Service", rename_from="support"), desk.root)
    desk.ask(SaveTeam("Sales"), desk.root)
    with pytest.raises(Refused):
        desk.ask(SaveTeam("SERVICE"), desk.root)
    number = ticket(desk, team="service")
    with pytest.raises(Refused, match="tickets"):
        desk.ask(RemoveTeam("Service"), desk.root)
    desk.ask(SetFields(number, team=""))
    with desk.writing() as session:  # its mail once came by an address of the team
        service = session.exec(select(Team).where(Team.name == "Service")).one()
        mailbox = Mailbox(address="service@desk.test", created_at=desk.now)
        session.add(mailbox)
        session.flush()
        session.add(TicketMailbox(ticket_id=number, mailbox_id=mailbox.id, team_id=service.id))
    desk.ask(RemoveTeam("Service"), desk.root)
    assert [team.name for team in desk.ask(ListTeams())] == ["Sales"]


def test_settings_have_limits_and_take_effect(desk: Desk) -> None:
    assert desk.ask(ShowSettings()).undo_seconds == 10
    saved = desk.ask(SaveSettings(desk_name="Acme", undo_seconds=0), desk.root)
    assert (saved.desk_name, saved.undo_seconds, saved.reopen_days) == ("Acme", 0, 14)
    with pytest.raises(DeskError, match="0 to 300"):
        desk.ask(SaveSettings(undo_seconds=301, desk_name="Other"), desk.root)
    assert desk.ask(ShowSettings()).desk_name == "Acme"
    add_mailbox(desk)
    assert desk.ask(OpenCompose(ticket(desk), DraftKind.REPLY)).undo_seconds == 0


def test_people_are_found_by_name_and_address(desk: Desk) -> None:
    number = ticket(desk, requester="Otto Maier <otto@client.test>")
    ticket(desk, requester="Eva <eva_x@other.test>")
    assert [row.name for row in desk.ask(ListPeople("maier"))] == ["Otto Maier"]
    assert [row.name for row in desk.ask(ListPeople("EVA_X@"))] == ["Eva"]
    assert desk.ask(ListPeople("%")) == ()
    assert len(desk.ask(ListPeople())) == 2
    view = desk.ask(ShowPerson(address="Otto@CLIENT.test"))
    assert (view.addresses, view.tickets[0][0]) == (("otto@client.test",), number)
    with pytest.raises(NotFound):
        desk.ask(ShowPerson(address="nobody@x.test"))


def asset(desk: Desk, tag: str = "PC-1", **fields: object) -> int:
    return desk.ask(SaveAsset(None, tag, str(fields.pop("name", "Laptop")), **fields)).id


def test_an_asset_is_kept_with_everything(desk: Desk) -> None:
    made = asset(
        desk,
        type="Computer",
        serial="S-99",
        owner="Eva Kurz <eva@client.test>",
        location="Room 4",
        state=AssetState.IN_USE,
        supplier="Shop",
        cost=Decimal("1234.50"),
        purchased_on=date(2026, 1, 2),
        warranty_until=date(2029, 1, 2),
        notes="two\nlines",
    )
    view = desk.ask(ShowAsset(id=made))
    assert (view.tag, view.owner, view.cost, view.currency) == ("PC-1", "Eva Kurz", Decimal("1234.50"), "EUR")
    assert (view.purchased_on, view.warranty_until, view.notes) == (
        date(2026, 1, 2),
        date(2029, 1, 2),
        "two\nlines",
    )
    person = desk.ask(ShowPerson(address="eva@client.test"))
    assert person.assets == ((made, "PC-1", "Laptop"),)
    for words in ("eva pc", "s-99", "room computer", ""):
        assert [found.tag for found in desk.ask(ListAssets(words))] == ["PC-1"], words
    assert desk.ask(ListAssets("nothing")) == ()


def test_a_tag_is_on_one_thing_only(desk: Desk) -> None:
    asset(desk)
    with pytest.raises(Refused, match="PC-1 belongs to another asset: Laptop"):
        asset(desk, "pc-1")


def test_two_agents_never_overwrite_each_other(desk: Desk) -> None:
    made = asset(desk)
    seen = desk.ask(ShowAsset(id=made))
    desk.ask(SaveAsset(made, "PC-1", "Laptop Pro", version=seen.version), desk.ben)
    with pytest.raises(Conflict):
        desk.ask(SaveAsset(made, "PC-1", "Laptop Mini", version=seen.version))
    view = desk.ask(ShowAsset(id=made))
    assert (view.name, view.version) == ("Laptop Pro", 2)


def test_an_asset_is_retired_and_comes_back(desk: Desk) -> None:
    made = asset(desk)
    desk.ask(RetireAsset(made))
    assert desk.ask(ListAssets()) == ()
    assert [found.state for found in desk.ask(ListAssets(include_retired=True))] == [AssetState.RETIRED]
    assert desk.ask(RetireAsset(made, retired=False)).state is AssetState.IN_STOCK
    with desk.database.reading() as session:
        events = session.exec(select(Event.action).where(Event.stream == f"asset:{made}")).all()
        assert events == ["row_added", "row_changed", "row_changed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"tag": " "},
        {"name": ""},
        {"currency": "euros"},
        {"cost": Decimal("NaN")},
        {"cost": Decimal("1.00001")},
        {"cost": Decimal("1e30")},
        {"owner": "a@@b"},
        {"purchased_on": date(2026, 1, 2), "warranty_until": date(2025, 1, 1)},
    ],
)
def test_an_asset_that_makes_no_sense_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        asset(desk, **{"tag": "X", **wrong})


def test_a_reader_keeps_out_of_the_stockroom(desk: Desk) -> None:
    made = asset(desk)
    with pytest.raises(Refused):
        desk.ask(RetireAsset(made), desk.rita)
    assert desk.ask(ShowAsset(id=made), desk.rita).tag == "PC-1"
