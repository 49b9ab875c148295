"""The expiry calendar in its order, page by page, and agents told of each end once, 90, 30 and 7 days before."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import select

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.desk import RetireAsset, SaveAgent, SaveAsset, SaveSettings, SaveTeam, ShowSettings
from tui_desk.contracts.expiry import ExpiryPage, ExpiryRow, ListExpiry
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.core.enums import ExpiryKind, ExpiryMeaning
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.models import Asset, Contract, ExpiryAlert, Invoice, Licence, Purchase, Supplier
from tui_desk.rules.expiry import STEPS, contract_day, step_due, windows
from tui_desk.services import expiry_alerts
from tui_desk.services.actor import Actor

TODAY = date(2026, 3, 2)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The desk's day is UTC's, unless a test says otherwise."""
    before = os.environ.get("TZ")
    set_zone("UTC")
    yield
    set_zone(before)


def set_zone(name: str | None) -> None:
    if name is None:
        os.environ.pop("TZ", None)
    else:
        os.environ["TZ"] = name
    time.tzset()


def asset(desk: Desk, tag: str, days: int | None, **more: Any) -> int:
    until = None if days is None else day(days)
    return desk.ask(SaveAsset(None, tag, f"Thing {tag}", warranty_until=until, **more)).id


def add(desk: Desk, row: Any) -> int:
    with desk.writing() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def licence(desk: Desk, name: str, days: int, **more: Any) -> int:
    row = Licence(name=name, expires_on=day(days), created_at=desk.now, updated_at=desk.now, **more)
    return add(desk, row)


def contract(desk: Desk, name: str, days: int, **more: Any) -> int:
    row = Contract(name=name, ends_on=day(days), created_at=desk.now, updated_at=desk.now, **more)
    return add(desk, row)


def invoice(desk: Desk, number: str, days: int, **more: Any) -> int:
    supplier = add(desk, Supplier(name=f"Shop {number}"))
    at = {"created_at": desk.now, "updated_at": desk.now}
    purchase = add(desk, Purchase(ticket_id=ticket(desk), title="Laptops", supplier_id=supplier, **at))
    row = Invoice(
        purchase_id=purchase,
        supplier_id=supplier,
        number=number,
        invoiced_on=TODAY,
        due_on=day(days),
        currency="EUR",
        created_at=desk.now,
        **more,
    )
    return add(desk, row)


def names(page: ExpiryPage) -> list[str]:
    return [row.name for row in page.rows]


# -- the calendar ---------------------------------------------------------------------------------------------------------


def test_everything_that_ends_in_the_order_of_its_day(desk: Desk) -> None:
    asset(desk, "LT-1", 40, type="Laptop", owner="Otto <otto@client.test>", supplier="Shop")
    asset(desk, "LT-2", -3)
    asset(desk, "LT-3", None)
    desk.ask(RetireAsset(asset(desk, "LT-4", 5)))
    licence(desk, "Office", 40, product="Office 365", supplier="Soft")
    licence(desk, "Old", 10, retired=True)
    contract(desk, "Lease", 100, notice_days=60, renews=True, supplier="Bank", number="C-1")
    contract(desk, "Support", 60, notice_days=30)
    invoice(desk, "R-1", -20)
    invoice(desk, "R-2", 3, state="paid")
    page = desk.ask(ListExpiry())
    assert [(row.name, row.kind, row.day, row.meaning, row.days) for row in page.rows] == [
        ("R-1", ExpiryKind.INVOICE, day(-20), ExpiryMeaning.DUE, -20),
        ("LT-2 Thing LT-2", ExpiryKind.WARRANTY, day(-3), ExpiryMeaning.ENDS, -3),
        ("LT-1 Thing LT-1", ExpiryKind.WARRANTY, day(40), ExpiryMeaning.ENDS, 40),
        ("Office", ExpiryKind.LICENCE, day(40), ExpiryMeaning.ENDS, 40),
        ("Lease", ExpiryKind.CONTRACT, day(40), ExpiryMeaning.NOTICE, 40),
        ("Support", ExpiryKind.CONTRACT, day(60), ExpiryMeaning.ENDS, 60),
    ]
    assert [row.opens_group for row in page.rows] == [True, False, True, False, False, True]
    assert page.rows[2].who == "Otto"
    assert (page.rows[4].ends_on, page.rows[4].detail, page.rows[4].who) == (day(100), "C-1", "Bank")
    assert (page.has_before, page.has_after, page.today) == (False, False, TODAY)
    assert names(desk.ask(ListExpiry(kind=ExpiryKind.LICENCE))) == ["Office"]
    assert names(desk.ask(ListExpiry(query="bank lease"))) == ["Lease"]
    assert names(desk.ask(ListExpiry(query="OTTO"))) == ["LT-1 Thing LT-1"]
    assert names(desk.ask(ListExpiry(query="100%"))) == []
    with pytest.raises(UsageError):
        desk.ask(ListExpiry(within=-1))


def test_how_far_one_looks(desk: Desk) -> None:
    for index, days in enumerate((-400, -50, -20, 20, 60, 300, 900)):
        asset(desk, f"A{index}", days)
        licence(desk, f"L{index}", days)
    ends = {30: (-20, 20), 90: (-50, -20, 20, 60), 365: (-50, -20, 20, 60, 300)}
    for within, shown in ends.items():
        page = desk.ask(ListExpiry(kind=ExpiryKind.WARRANTY, within=within))
        assert [row.days for row in page.rows] == list(shown), (
            "warranties that are over: as far back as ahead"
        )
        page = desk.ask(ListExpiry(kind=ExpiryKind.LICENCE, within=within))
        assert [row.days for row in page.rows] == [d for d in (-400, -50, -20, 20, 60, 300) if d <= within]
    assert len(desk.ask(ListExpiry(within=None)).rows) == 14


def test_pages_follow_each_other_without_a_gap(desk: Desk) -> None:
    for index in range(11):
        asset(desk, f"A{index:02}", index % 4 * 10 - 5)
        if index < 6:
            licence(desk, f"L{index}", index % 3 * 10 - 5)
            contract(desk, f"C{index}", 45 + index % 2 * 10, notice_days=40, renews=index != 5)
    everything = desk.ask(ListExpiry(within=None))
    rows = list(everything.rows)
    assert [row.key for row in rows] == sorted(row.key for row in rows)
    assert len(rows) == 23
    for size in (1, 4, 7):
        forward: list[ExpiryRow] = []
        page = desk.ask(ListExpiry(within=None, limit=size))
        assert not page.has_before
        while True:
            forward += page.rows
            if not page.has_after:
                break
            page = desk.ask(ListExpiry(within=None, limit=size, after=forward[-1].key))
            assert page.has_before
        assert forward == rows, "also what opens a month is the same"
        backward: list[ExpiryRow] = []
        page = desk.ask(ListExpiry(within=None, limit=size, from_end=True))
        assert not page.has_after
        while True:
            backward[:0] = page.rows
            if not page.has_before:
                break
            page = desk.ask(ListExpiry(within=None, limit=size, before=backward[0].key))
            assert page.has_after
        assert backward == rows
    middle = desk.ask(ListExpiry(within=None, limit=5, around=rows[9].key))
    assert list(middle.rows) == rows[9:14]
    assert (middle.has_before, middle.has_after) == (True, True)


@given(
    ends=st.integers(0, 800),
    notice=st.one_of(st.none(), st.integers(0, 900)),
    renews=st.booleans(),
    today=st.integers(0, 800),
)
def test_the_day_of_a_contract(ends: int, notice: int | None, renews: bool, today: int) -> None:
    ends_on, now = day(ends), day(today)
    counted, meaning = contract_day(ends_on, notice, renews, now)
    assert counted <= ends_on
    assert (meaning is ExpiryMeaning.ENDS) == (not renews)
    if meaning is ExpiryMeaning.NOTICE:
        assert notice is not None
        assert now <= counted == ends_on - timedelta(days=notice)
    else:
        assert counted == ends_on


@given(st.integers(-400, 400))
def test_each_end_has_one_step_at_a_time(days: int) -> None:
    fitting = [step for step, first, last in windows(TODAY) if first <= day(days) <= last]
    assert len(fitting) <= 1
    nearest = min((step for step in STEPS if 0 <= days <= step), default=None)
    if days >= 0:
        assert fitting == ([] if nearest is None else [nearest])
    assert step_due(day(days), TODAY, ExpiryMeaning.RENEWS) in (None, 7)
    assert windows(date.max)
    assert windows(date.min)


# -- told -----------------------------------------------------------------------------------------------------------------


def tick(desk: Desk, now: datetime | None = None) -> int:
    """What a worker's clock does."""
    at = now or desk.now
    with desk.database.reading() as session:
        found = expiry_alerts.due(session, at)
    told = 0
    for together in expiry_alerts.groups(found):
        with desk.writing() as session:
            told += expiry_alerts.tell(session, together, at)
    return told


def told(desk: Desk, actor: Actor | None = None) -> list[str]:
    found = desk.ask(ListNotifications(everything=True), actor or desk.root)
    return [one.sentence for one in reversed(found)]


def alerts(desk: Desk) -> list[tuple[str, date, int]]:
    with desk.database.reading() as session:
        rows = session.exec(select(ExpiryAlert).order_by(ExpiryAlert.id))
        return [(row.subject, row.ends_on, row.days) for row in rows]


def test_each_step_is_told_once(desk: Desk) -> None:
    identifier = asset(desk, "LT-1", 100)
    start = desk.now
    for days in range(120):
        for _worker in range(2):
            tick(desk, start + timedelta(days=days))
    assert alerts(desk) == [("asset", day(100), 90), ("asset", day(100), 30), ("asset", day(100), 7)]
    line = f"Ends soon: {day(100)} LT-1 Thing LT-1"
    assert told(desk) == told(desk, desk.actors["sue"]) == [line] * 3
    assert not told(desk, desk.ana), "supervisors and admins only"
    (newest, *_rest) = desk.ask(ListNotifications(), desk.root)
    assert newest.subject == f"asset:{identifier}"
    events = desk.ask(ListEvents(f"asset:{identifier}")).events
    assert sum("reminder of an end" in event.sentence for event in events) == 3


def test_a_desk_that_stood_still_tells_the_nearest_step_only(desk: Desk) -> None:
    licence(desk, "Office", 5)
    licence(desk, "Over", -10)
    licence(desk, "Long over", -30)
    licence(desk, "Far", 91)
    assert tick(desk) == 2
    assert alerts(desk) == [("licence", day(-10), 7), ("licence", day(5), 7)]
    assert told(desk) == [f"Has ended: {day(-10)} Over", f"Ends soon: {day(5)} Office"]
    assert tick(desk) == 0


def test_a_moved_date_is_told_anew_and_what_is_retired_is_not(desk: Desk) -> None:
    moved, gone = asset(desk, "LT-1", 20), asset(desk, "LT-2", 20)
    desk.ask(RetireAsset(gone))
    assert tick(desk) == 1
    desk.ask(SaveAsset(moved, "LT-1", "Thing LT-1", warranty_until=day(25)))
    assert tick(desk) == 1
    desk.ask(SaveAsset(moved, "LT-1", "Thing LT-1", warranty_until=day(20)))
    assert tick(desk) == 0, "that date was told"
    desk.ask(SaveAsset(moved, "LT-1", "Thing LT-1", warranty_until=None))
    assert tick(desk) == 0
    desk.ask(RetireAsset(gone, retired=False))
    assert tick(desk) == 1
    assert alerts(desk) == [("asset", day(20), 30), ("asset", day(25), 30), ("asset", day(20), 30)]


def test_contracts_are_told_by_their_last_day_for_notice(desk: Desk) -> None:
    contract(desk, "Lease", 100, notice_days=95, renews=True)
    contract(desk, "Fixed", 50, notice_days=45)
    contract(desk, "Set aside", 20, retired=True)
    contract(desk, "Open", 300, notice_days=30, renews=True)
    tick(desk)
    assert told(desk) == [f"Last day for notice: {day(5)} Lease", f"Ends soon: {day(50)} Fixed"]
    for days in range(1, 101):
        tick(desk, desk.now + timedelta(days=days))
    assert [one for one in told(desk) if "Lease" in one] == [
        f"Last day for notice: {day(5)} Lease",
        f"It renews by itself: {day(100)} Lease",
    ]


def test_invoices_are_told_a_week_before(desk: Desk) -> None:
    invoice(desk, "R-1", 20)
    invoice(desk, "R-2", 6)
    invoice(desk, "R-3", 6, state="refused")
    tick(desk)
    assert told(desk) == [f"To be paid: {day(6)} R-2"]
    assert alerts(desk) == [("invoice", day(6), 7)]


def test_what_was_bought_together_is_told_together(desk: Desk) -> None:
    for index in range(8):
        asset(desk, f"LT-{index}", 30)
    asset(desk, "PC-1", 31)
    assert tick(desk) == 9
    assert len(alerts(desk)) == 9
    first, second = told(desk)
    assert first.startswith(f"Ends soon: {day(30)} LT-0 Thing LT-0, LT-1 Thing LT-1")
    assert first.endswith("… (8)")
    assert "PC-1" in second
    assert desk.ask(ListNotifications(), desk.root)[1].subject == expiry_alerts.CALENDAR


def test_a_team_is_told_instead(desk: Desk) -> None:
    desk.ask(SaveTeam("Store"), desk.root)
    with pytest.raises(NotFound):
        desk.ask(SaveSettings(expiry_team="Ghosts"), desk.root)
    desk.ask(SaveSettings(expiry_team="store"), desk.root)
    assert desk.ask(ShowSettings()).expiry_team == "Store"
    licence(desk, "Nobody there", 20)
    tick(desk)
    assert len(told(desk)) == 1, "a team without members: supervisors and admins"
    desk.ask(SaveAgent("ana", teams=("Store",)), desk.root)
    desk.ask(SaveTeam("Stock", rename_from="Store"), desk.root)
    assert desk.ask(ShowSettings()).expiry_team == "Stock"
    licence(desk, "Office", 20)
    tick(desk)
    assert (len(told(desk)), len(told(desk, desk.ana))) == (1, 1)
    desk.ask(SaveSettings(expiry_team=""), desk.root)
    licence(desk, "More", 20)
    tick(desk)
    assert (len(told(desk)), len(told(desk, desk.ana))) == (2, 1)


def test_two_workers_at_once_tell_once(desk: Desk) -> None:
    for index in range(12):
        licence(desk, f"L{index}", 20 + index % 3)
    with desk.database.reading() as session:
        found = expiry_alerts.due(session, desk.now)
    barrier, counts, errors = Barrier(3), [0, 0, 0], []

    def work(index: int) -> None:
        try:
            barrier.wait()
            for together in expiry_alerts.groups(found):
                with desk.writing() as session:
                    counts[index] += expiry_alerts.tell(session, together, desk.now)
        except Exception as error:  # noqa: BLE001 - shown by the test below
            errors.append(error)

    threads = [Thread(target=work, args=(index,)) for index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert sum(counts) == len(alerts(desk)) == 12
    assert len(told(desk)) == 3


def test_what_changed_since_it_was_found_is_not_told(desk: Desk) -> None:
    moved, gone, retired = (licence(desk, name, 20) for name in ("moved", "gone", "retired"))
    with desk.database.reading() as session:
        found = expiry_alerts.due(session, desk.now)
    with desk.writing() as session:
        session.get_one(Licence, moved).expires_on = day(200)
        session.delete(session.get_one(Licence, gone))
        session.get_one(Licence, retired).retired = True
    with desk.writing() as session:
        assert expiry_alerts.tell(session, found, desk.now) == 0
    assert told(desk) == alerts(desk) == []


# -- days are the desk's ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "ends"),
    [
        ("America/New_York", date(2026, 3, 8)),  # the clocks go forward on that day
        ("Europe/Berlin", date(2026, 10, 25)),  # back
        ("Pacific/Kiritimati", date(2026, 6, 1)),  # 14 hours ahead of UTC
        ("Pacific/Pago_Pago", date(2026, 6, 1)),  # 11 behind
    ],
)
def test_a_day_begins_at_midnight_where_the_desk_is(desk: Desk, zone: str, ends: date) -> None:
    set_zone(zone)
    add(desk, Licence(name="Office", expires_on=ends, created_at=desk.now, updated_at=desk.now))
    there = ZoneInfo(zone)
    midnight = datetime(ends.year, ends.month, ends.day, tzinfo=there) - timedelta(days=7)
    midnight = midnight.replace(hour=0, minute=0).astimezone(UTC)
    tick(desk, midnight - timedelta(days=40))
    tick(desk, midnight - timedelta(seconds=1))
    assert [step for _subject, _day, step in alerts(desk)] == [90, 30]
    desk.now = midnight - timedelta(seconds=3)
    assert desk.ask(ListExpiry()).rows[0].days == 8
    assert tick(desk, midnight) == 1
    desk.now = midnight
    assert desk.ask(ListExpiry()).rows[0].days == 7


def test_many_assets_are_found_by_the_index(desk: Desk) -> None:
    with desk.writing() as session:
        at = desk.now
        session.add_all(
            Asset(
                tag=f"T{index}",
                name="x",
                warranty_until=date(2020, 1, 1) + timedelta(days=index % 3_000),
                created_at=at,
                updated_at=at,
            )
            for index in range(3_000)
        )
    page = desk.ask(ListExpiry(within=None, limit=50))
    assert len(page.rows) == 50
    if desk.database.is_sqlite:
        with desk.database.reading() as session:
            plan = session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT id FROM asset WHERE state != 'retired' AND warranty_until IS NOT NULL "
                "AND warranty_until >= '2026-01-01' ORDER BY warranty_until, id LIMIT 50"
            )
            assert "ix_asset_warranty_until" in str(plan.all())
