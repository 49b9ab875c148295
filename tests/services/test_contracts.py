"""Contracts with suppliers: written down, the assets they cover, their notice and renewal, all told and taken back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import col, select

from tests.services.desk import Desk
from tui_desk.contracts.agreements import (
    ContractView,
    CoverAsset,
    ListContracts,
    RenewContract,
    RetireContract,
    SaveContract,
    ShowContract,
)
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.tickets import UndoDeed
from tui_desk.core.enums import ContractKind, ExpiryState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.models import Event


def contract(desk: Desk, name: str = "Printers", **fields: Any) -> ContractView:
    return desk.ask(SaveContract(None, name, **fields))


def year(desk: Desk, **fields: Any) -> ContractView:
    return contract(desk, starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31), **fields)


def undo_newest(desk: Desk, contract_id: int) -> None:
    with desk.database.reading() as session:
        found = session.exec(
            select(Event).where(Event.stream == f"contract:{contract_id}").order_by(col(Event.id).desc())
        ).first()
    assert found is not None
    desk.ask(UndoDeed(found.id or 0), desk.ben)


def test_a_contract_is_written_down_changed_found_and_retired(desk: Desk) -> None:
    made = year(
        desk,
        kind=ContractKind.LEASE,
        number="L-77",
        supplier="Copyland",
        notice_days=30,
        renews=True,
        cost=Decimal("1200"),
    )
    assert (made.expiry, made.notice_by) == (ExpiryState.ENDING, date(2026, 3, 1))
    assert (made.next_starts_on, made.next_ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert desk.ask(ShowContract(name="PRINTERS")).number == "L-77"
    assert [one.name for one in desk.ask(ListContracts("copyland l-77"))] == ["Printers"]
    assert [one.name for one in desk.ask(ListContracts(wanting=True))] == ["Printers"]
    desk.ask(SaveContract(made.id, "Printers", number="L-78", version=made.version))
    with pytest.raises(Conflict, match="was changed by Ana Díaz meanwhile"):
        desk.ask(SaveContract(made.id, "Printers", number="L-79", version=made.version), desk.ben)
    undo_newest(desk, made.id)
    assert desk.ask(ShowContract(made.id)).number == "L-77"
    desk.ask(RetireContract(made.id))
    assert desk.ask(ListContracts()) == ()
    assert len(desk.ask(ListContracts(include_retired=True))) == 1
    undo_newest(desk, made.id)
    assert len(desk.ask(ListContracts())) == 1


def test_what_makes_no_sense_is_a_sentence_and_nothing_is_written(desk: Desk) -> None:
    contract(desk)
    for wrong, error, words in (
        (SaveContract(None, ""), UsageError, "needs a name"),
        (SaveContract(None, "printers"), Refused, "There is a contract Printers already"),
        (SaveContract(None, "X", notice_days=30), UsageError, "no end is named"),
        (SaveContract(None, "X", ends_on=date(2026, 1, 1), notice_days=-1), UsageError, "no number of days"),
        (SaveContract(None, "X", cost=Decimal("1e30")), UsageError, "not an amount"),
        (
            SaveContract(None, "X", starts_on=date(2026, 2, 2), ends_on=date(2026, 2, 1)),
            UsageError,
            "before it begins",
        ),
        (SaveContract(4711, "X"), NotFound, "no contract 4711"),
        (ShowContract(name="Ghost"), NotFound, "no contract Ghost"),
    ):
        with pytest.raises(error, match=words):
            desk.ask(wrong)
    assert len(desk.ask(ListContracts())) == 1


def test_a_contract_covers_assets(desk: Desk) -> None:
    made = contract(desk)
    first = desk.ask(SaveAsset(None, "PR-1", "Printer")).id
    second = desk.ask(SaveAsset(None, "PR-2", "Printer")).id
    desk.ask(CoverAsset(made.id, asset="pr-2"))
    shown = desk.ask(CoverAsset(made.id, first))
    assert [(one.id, one.tag) for one in shown.assets] == [(first, "PR-1"), (second, "PR-2")]
    assert [one.covered for one in desk.ask(ListContracts(asset_id=first))] == [2]
    with pytest.raises(Refused, match="Printers covers PR-1 already"):
        desk.ask(CoverAsset(made.id, first))
    with pytest.raises(NotFound, match="no asset PR-9"):
        desk.ask(CoverAsset(made.id, asset="PR-9"))
    assert [one.tag for one in desk.ask(CoverAsset(made.id, first, covered=False)).assets] == ["PR-2"]
    with pytest.raises(Refused, match="does not cover PR-1"):
        desk.ask(CoverAsset(made.id, first, covered=False))
    undo_newest(desk, made.id)
    assert [one.tag for one in desk.ask(ShowContract(made.id)).assets] == ["PR-1", "PR-2"]
    sentences = [event.sentence for event in desk.ask(ListEvents(stream=f"contract:{made.id}")).events]
    assert sentences[1] == "Ana Díaz removed the asset of a contract “PR-1”"


def test_a_near_day_for_notice_wants_care_long_before_the_end(desk: Desk) -> None:
    far = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    contract(desk, "Plain", **far)
    contract(desk, "Long past", starts_on=date(2026, 1, 1), ends_on=date(2027, 12, 31), notice_days=700)
    marked = contract(desk, "Notice", notice_days=270, **far)
    assert (marked.expiry, marked.notice_by, marked.notice_near) == (
        ExpiryState.RUNNING,
        date(2026, 4, 5),
        True,
    )
    assert [one.name for one in desk.ask(ListContracts(wanting=True))] == ["Notice"]
    assert desk.ask(ListContracts(wanting=True, limit=0)) == ()


def test_a_renewal_begins_the_next_period_and_is_taken_back(desk: Desk) -> None:
    made = year(desk, notice_days=90)
    renewed = desk.ask(RenewContract(made.id, version=made.version))
    assert (renewed.starts_on, renewed.ends_on) == (date(2026, 4, 1), date(2027, 3, 31))
    assert (renewed.notice_by, renewed.expiry) == (date(2026, 12, 31), ExpiryState.RUNNING)
    with pytest.raises(Conflict, match=r"it ends on 2027-03-31 now\. It was not renewed"):
        desk.ask(RenewContract(made.id, version=made.version), desk.ben)
    again = desk.ask(RenewContract(made.id, version=renewed.version))
    assert again.ends_on == date(2028, 3, 31)
    undo_newest(desk, made.id)
    assert desk.ask(ShowContract(made.id)).ends_on == date(2027, 3, 31)
    longer = desk.ask(RenewContract(made.id, until=date(2027, 9, 30)))
    assert (longer.starts_on, longer.ends_on) == (date(2027, 4, 1), date(2027, 9, 30))
    assert longer.next_ends_on == date(2028, 3, 31)
    event = desk.ask(ListEvents(stream=f"contract:{made.id}")).events[0]
    assert "ends from 2027-03-31 to 2027-09-30" in event.sentence


def test_a_renewal_without_an_end_or_a_length_is_refused(desk: Desk) -> None:
    endless = contract(desk)
    with pytest.raises(UsageError, match="nothing to renew"):
        desk.ask(RenewContract(endless.id))
    vague = contract(desk, "Vague", ends_on=date(2026, 5, 31))
    assert vague.next_ends_on is None
    with pytest.raises(UsageError, match="Nothing says how long Vague goes on"):
        desk.ask(RenewContract(vague.id))
    with pytest.raises(UsageError, match="ends later, not on 2026-05-31"):
        desk.ask(RenewContract(vague.id, until=date(2026, 5, 31)))
    renewed = desk.ask(RenewContract(vague.id, until=date(2026, 8, 31)))
    assert (renewed.starts_on, renewed.ends_on) == (date(2026, 6, 1), date(2026, 8, 31))
    last = contract(desk, "Last", starts_on=date(9999, 1, 1), ends_on=date(9999, 12, 31))
    assert last.next_ends_on is None
    with pytest.raises(UsageError, match="Nothing says how long"):
        desk.ask(RenewContract(last.id))
    desk.ask(RetireContract(vague.id))
    with pytest.raises(Refused, match="bring it back"):
        desk.ask(RenewContract(vague.id))
