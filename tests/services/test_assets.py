"""Assets: types, the life cycle, what they are worth, relations with others; undone and redone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.services.desk import Desk
from tui_desk.contracts.assets import (
    AssetTypeView,
    ListAssetTypes,
    RelateAssets,
    SaveAssetType,
    ShowAssetTies,
    UnrelateAssets,
)
from tui_desk.contracts.desk import AssetView, RetireAsset, SaveAsset, SetAssetState, ShowAsset
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.tickets import LinkAsset, NewTicket, UndoDeed
from tui_desk.core.enums import AssetRelationKind, AssetState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError

INSTALLED, CONNECTED, PART = (
    AssetRelationKind.INSTALLED_ON,
    AssetRelationKind.CONNECTED_TO,
    AssetRelationKind.PART_OF,
)


def asset(desk: Desk, tag: str = "PC-1", **fields: object) -> AssetView:
    return desk.ask(SaveAsset(None, tag, "Laptop", **fields))


def supervisor(desk: Desk, request: SaveAssetType) -> AssetTypeView:
    return desk.ask(request, desk.actors["sue"])


def undo_newest(desk: Desk, stream: str, login: str = "root") -> None:
    event = desk.ask(ListEvents(stream, limit=1)).events[0]
    desk.ask(UndoDeed(event.id), desk.actors[login])


def sentences(desk: Desk, stream: str) -> list[str]:
    return [event.sentence for event in desk.ask(ListEvents(stream)).events]


# -- life ----------------------------------------------------------------------------------------------------------------
def test_an_asset_lives_from_order_to_retirement(desk: Desk) -> None:
    made = asset(desk, state=AssetState.ORDERED)
    for state in (
        AssetState.IN_STOCK,
        AssetState.IN_USE,
        AssetState.REPAIR,
        AssetState.IN_USE,
        AssetState.RETIRED,
    ):
        assert desk.ask(SetAssetState(made.id, state)).state is state
    with pytest.raises(Refused, match="PC-1 is retired and does not become in use; it can become: in stock"):
        desk.ask(SetAssetState(made.id, AssetState.IN_USE))
    with pytest.raises(Refused, match="does not become in use"):
        desk.ask(SaveAsset(made.id, "PC-1", "Laptop", state=AssetState.IN_USE))
    undo_newest(desk, f"asset:{made.id}")
    assert desk.ask(ShowAsset(made.id)).state is AssetState.IN_USE
    assert "Ana Díaz set the asset “PC-1 Laptop”: state from in use to in repair" in sentences(
        desk, f"asset:{made.id}"
    )


def test_what_goes_into_use_has_an_owner_or_says_so(desk: Desk) -> None:
    made = asset(desk)
    assert not made.warnings
    alone = desk.ask(SetAssetState(made.id, AssetState.IN_USE))
    assert "nobody has it" in alone.warnings[0]
    owned = desk.ask(SetAssetState(made.id, AssetState.IN_USE, owner="Otto <otto@client.test>"))
    assert owned.owner == "Otto"
    assert not owned.warnings
    assert desk.ask(SetAssetState(made.id, AssetState.REPAIR)).owner == owned.owner, "None leaves the owner"
    assert not desk.ask(SetAssetState(made.id, AssetState.IN_STOCK, owner="")).owner


def test_what_hangs_on_an_asset_is_told_before_it_is_retired(desk: Desk) -> None:
    made, rack = asset(desk), asset(desk, "RACK-1")
    number = desk.ask(NewTicket("Slow", "otto@client.test", "Help"))
    desk.ask(LinkAsset(number, made.id))
    desk.ask(RelateAssets(made.id, rack.id, PART))
    ties = desk.ask(ShowAssetTies(made.id))
    assert ties.tickets == ((number, "Slow"),)
    assert [relation.tag for relation in ties.relations] == ["RACK-1"]
    for request in (RetireAsset(made.id), SetAssetState(made.id, AssetState.RETIRED)):
        with pytest.raises(
            Refused, match=rf"not retired: 1 open ticket \(#{number}\); a relation with RACK-1"
        ):
            desk.ask(request)
    assert desk.ask(RetireAsset(made.id, anyway=True)).state is AssetState.RETIRED
    assert len(desk.ask(ShowAsset(made.id)).relations) == 1, "all of it stays"
    assert desk.ask(RetireAsset(made.id, retired=False)).state is AssetState.IN_STOCK


def test_making_an_asset_is_undone_and_its_number_never_comes_again(desk: Desk) -> None:
    made = asset(desk)
    undo_newest(desk, f"asset:{made.id}")
    with pytest.raises(NotFound):
        desk.ask(ShowAsset(made.id))
    other = asset(desk, "PC-2")
    assert other.id != made.id
    assert len(desk.ask(ListEvents(f"asset:{other.id}")).events) == 1


def test_two_with_one_serial_number_both_say_so(desk: Desk) -> None:
    one, two = asset(desk, serial="PF3X"), asset(desk, "PC-2", serial="PF3X")
    assert two.warnings == ("Its serial number is also that of PC-1.",)
    assert desk.ask(ShowAsset(one.id)).warnings == ("Its serial number is also that of PC-2.",)


def test_the_second_of_two_agents_sees_both_values(desk: Desk) -> None:
    made = asset(desk)
    desk.ask(
        SaveAsset(made.id, "PC-1", "Laptop", owner="Otto <otto@client.test>", location="Cellar"), desk.ben
    )
    mine = SaveAsset(
        made.id, "PC-1", "Laptop", location="Room 9", owner="eva@client.test", version=made.version
    )
    with pytest.raises(
        Conflict, match=r"changed by Ben Otto meanwhile.*now “Cellar”, yours “Room 9”"
    ) as told:
        desk.ask(mine)
    assert "now “Otto”, yours “eva@client.test”" in told.value.sentence
    assert desk.ask(ShowAsset(made.id)).location == "Cellar"


# -- worth ---------------------------------------------------------------------------------------------------------------
def test_the_cost_is_written_off_as_its_type_says_or_itself(desk: Desk) -> None:
    bought = {"cost": Decimal("1299.90"), "purchased_on": date(2026, 1, 15), "type": "laptop"}
    made = asset(desk, **bought)
    assert made.depreciation is None
    supervisor(desk, SaveAssetType("Laptop", 36))
    seen = desk.ask(ShowAsset(made.id))
    assert seen.type == "Laptop"
    found = seen.depreciation
    assert found is not None
    assert (found.months, found.of_type, found.ends) == (36, True, (2028, 12))
    assert (found.book_value, found.written_off, found.monthly) == (
        Decimal("1227.68"),
        Decimal("72.22"),
        Decimal("36.11"),
    ), "January and February are over on March 2nd"
    own = desk.ask(SaveAsset(made.id, "PC-1", "Laptop", depreciation_months=12, **bought)).depreciation
    assert own is not None
    assert (own.months, own.of_type) == (12, False)
    never = desk.ask(SaveAsset(made.id, "PC-1", "Laptop", depreciation_months=0, **bought))
    assert never.depreciation is None
    with pytest.raises(UsageError, match="from 0 to 600"):
        asset(desk, "PC-2", depreciation_months=601)


# -- types ---------------------------------------------------------------------------------------------------------------
def test_words_that_are_no_type_yet_are_adopted(desk: Desk) -> None:
    for number, kind in enumerate(("Laptop", "laptop", "LAPTOP", "Phone", "")):
        asset(desk, f"IT-{number}", type=kind)
    assert [(t.id, t.name, t.assets) for t in desk.ask(ListAssetTypes(everything=True))] == [
        (None, "LAPTOP", 3),
        (None, "Phone", 1),
    ]
    assert desk.ask(ListAssetTypes()) == ()
    kept = supervisor(desk, SaveAssetType("  Laptop ", 36))
    assert (kept.name, kept.assets) == ("Laptop", 3)
    assert {desk.ask(ShowAsset(tag=f"IT-{number}")).type for number in range(3)} == {"Laptop"}
    assert asset(desk, "IT-9", type="lapTop").type == "Laptop", "it is written as the type is"
    undo_newest(desk, "desk")
    assert desk.ask(ShowAsset(tag="IT-2")).type == "LAPTOP"


def test_a_renamed_type_takes_its_assets_along_and_back(desk: Desk) -> None:
    kept = supervisor(desk, SaveAssetType("Laptop", 36))
    made = asset(desk, type="Laptop")
    renamed = supervisor(desk, SaveAssetType("Notebook", 48, id=kept.id, version=kept.version))
    assert (renamed.name, renamed.depreciation_months, renamed.assets) == ("Notebook", 48, 1)
    assert desk.ask(ShowAsset(made.id)).type == "Notebook"
    undo_newest(desk, "desk")
    assert desk.ask(ShowAsset(made.id)).type == "Laptop"
    assert [t.name for t in desk.ask(ListAssetTypes())] == ["Laptop"]


def test_types_that_make_no_sense_are_refused(desk: Desk) -> None:
    kept = supervisor(desk, SaveAssetType("Laptop"))
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveAssetType("Phone"))
    with pytest.raises(Refused, match="There is a type Laptop already"):
        supervisor(desk, SaveAssetType("LAPTOP"))
    with pytest.raises(UsageError, match="needs a name"):
        supervisor(desk, SaveAssetType("  \t "))
    for months in (0, -1, 601):
        with pytest.raises(UsageError, match="no number of months"):
            supervisor(desk, SaveAssetType("Phone", months))
    with pytest.raises(NotFound):
        supervisor(desk, SaveAssetType("Phone", id=kept.id + 7))
    supervisor(desk, SaveAssetType("Laptop", 24, active=False, id=kept.id, version=kept.version))
    assert desk.ask(ListAssetTypes()) == ()
    with pytest.raises(Conflict, match="meanwhile: now “24”, yours “36”"):
        supervisor(desk, SaveAssetType("Laptop", 36, active=False, id=kept.id, version=kept.version))


# -- relations -----------------------------------------------------------------------------------------------------------
def test_a_relation_is_seen_from_both_sides_and_undone_from_either(desk: Desk) -> None:
    vm, server = asset(desk, "VM-1"), asset(desk, "SRV-1")
    [seen] = desk.ask(RelateAssets(vm.id, server.id, INSTALLED))
    assert (seen.outgoing, seen.tag, seen.kind) == (True, "SRV-1", INSTALLED)
    [back] = desk.ask(ShowAsset(server.id)).relations
    assert (back.outgoing, back.tag, back.id) == (False, "VM-1", seen.id)
    told = "Ana Díaz added the relation “VM-1 is installed on SRV-1”"
    assert sentences(desk, f"asset:{vm.id}")[0] == told
    assert sentences(desk, f"asset:{server.id}")[0] == told
    undo_newest(desk, f"asset:{server.id}")
    assert not desk.ask(ShowAsset(vm.id)).relations
    assert sentences(desk, f"asset:{server.id}")[0].startswith("Root undid: removed the relation")
    undo_newest(desk, f"asset:{vm.id}")
    assert len(desk.ask(ShowAsset(server.id)).relations) == 1
    [again] = desk.ask(ShowAsset(vm.id)).relations
    assert desk.ask(UnrelateAssets(server.id, again.id)) == ()
    with pytest.raises(NotFound, match="gone"):
        desk.ask(UnrelateAssets(server.id, again.id))
    undo_newest(desk, f"asset:{server.id}")
    assert [one.id for one in desk.ask(ShowAsset(vm.id)).relations] == [again.id]


def test_relations_that_make_no_sense_are_refused(desk: Desk) -> None:
    ids = {tag: asset(desk, tag).id for tag in ("A", "B", "C", "D")}
    with pytest.raises(Refused, match="A has no relation with itself"):
        desk.ask(RelateAssets(ids["A"], ids["A"], CONNECTED))
    desk.ask(RelateAssets(ids["A"], ids["B"], PART))
    with pytest.raises(Refused, match="A is part of B: that is noted already"):
        desk.ask(RelateAssets(ids["A"], ids["B"], PART))
    desk.ask(RelateAssets(ids["B"], ids["C"], INSTALLED))
    desk.ask(RelateAssets(ids["C"], ids["D"], PART))
    with pytest.raises(Refused, match="That would be a circle: D → A → B → C → D"):
        desk.ask(RelateAssets(ids["D"], ids["A"], INSTALLED))
    desk.ask(RelateAssets(ids["D"], ids["A"], CONNECTED))
    with pytest.raises(Refused, match="noted already"):
        desk.ask(RelateAssets(ids["A"], ids["D"], CONNECTED))
    with pytest.raises(NotFound):
        desk.ask(RelateAssets(ids["A"], 10**9, CONNECTED))
    with pytest.raises(Refused, match="may look"):
        desk.ask(RelateAssets(ids["A"], ids["C"], CONNECTED), desk.rita)


def test_an_undo_closes_no_circle(desk: Desk) -> None:
    one, two = asset(desk, "A").id, asset(desk, "B").id
    [relation] = desk.ask(RelateAssets(one, two, PART))
    desk.ask(UnrelateAssets(one, relation.id))
    removed = desk.ask(ListEvents(f"asset:{one}", limit=1)).events[0]
    desk.ask(RelateAssets(two, one, PART))
    with pytest.raises(Conflict, match="Not undone: That would be a circle"):
        desk.ask(UndoDeed(removed.id))
