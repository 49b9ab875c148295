"""The expiry calendar at the keyboard: grouped by month, filtered, searched, of any length; notifications lead into it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.screens.desk import Room, shows, text_of, until
from tui_desk.contracts.agreements import SaveContract
from tui_desk.contracts.desk import SaveAsset
from tui_desk.contracts.licences import SaveLicence
from tui_desk.core.clock import utc_now
from tui_desk.models import Asset
from tui_desk.screens.asset import AssetScreen
from tui_desk.screens.contract import ContractScreen
from tui_desk.screens.expiry import ExpiryScreen, left_shown
from tui_desk.screens.licence import LicenceScreen
from tui_desk.services import expiry_alerts


def day(days: int) -> date:
    return utc_now().astimezone().date() + timedelta(days=days)


def fill(room: Room) -> None:
    room.ask(SaveAsset(None, "LT-1", "Over [/]", warranty_until=day(-5)))
    room.ask(SaveAsset(None, "LT-2", "Soon", warranty_until=day(10)))
    room.ask(SaveAsset(None, "LT-3", "Far", warranty_until=day(300)))
    room.ask(SaveLicence(None, "Office", expires_on=day(60)))
    room.ask(SaveContract(None, "Lease", ends_on=day(90), notice_days=40, renews=True, supplier="Bank"))


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_what_ends_is_listed_and_opened(room: Room, size: tuple[int, int]) -> None:
    fill(room)
    async with room.running(size) as pilot:
        await pilot.press("g", "x")
        await shows(pilot, "Expiry calendar", "▲ 5 days over", "LT-1 Over [/]", "◔ 10 days", "○ 50 days")
        screen = pilot.app.screen
        assert isinstance(screen, ExpiryScreen)
        assert "LT-3" not in text_of(pilot)
        await pilot.press("3")
        await shows(pilot, "LT-3 Far")
        await pilot.press("1")
        await until(pilot, lambda: "Office" not in text_of(pilot))
        await pilot.press("tab")
        await shows(pilot, "Office")
        await pilot.press("t", *"lic", "enter")
        await until(pilot, lambda: "LT-1" not in text_of(pilot) and "Office" in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, LicenceScreen))
        await pilot.press("q", "t")
        await shows(pilot, "Show which?")
        await pilot.press(*"all", "enter", "/", *"bank", "enter")
        await until(pilot, lambda: "Lease" in text_of(pilot) and "Office" not in text_of(pilot))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ContractScreen))
        await pilot.press("q", "escape")
        await shows(pilot, "LT-2 Soon")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))


async def test_an_empty_calendar_says_where_its_entries_come_from(room: Room) -> None:
    async with room.running() as pilot:
        await pilot.press("g", "x")
        await shows(pilot, "Nothing ends in that time")
        await pilot.press("4")
        await shows(pilot, "Nothing ends.", "licences and contracts")
        await pilot.press("/", *"ghost", "enter")
        await shows(pilot, "Nothing that ends has these words")


async def test_a_long_calendar_is_read_window_by_window(room: Room) -> None:
    with room.desk.writing() as session:
        session.add_all(
            Asset(
                tag=f"T{index:04}",
                name="x",
                warranty_until=day(index // 4),
                created_at=room.desk.now,
                updated_at=room.desk.now,
            )
            for index in range(1_500)
        )
    async with room.running((120, 40)) as pilot:
        await pilot.press("g", "x", "4")
        await shows(pilot, "T0000 x")
        screen = pilot.app.screen
        assert isinstance(screen, ExpiryScreen)
        await pilot.press("G")
        await shows(pilot, "T1499 x")
        assert len(screen.items) < 600
        await pilot.press("g", "g")
        await shows(pilot, "T0000 x")
        for _page in range(12):
            await pilot.press("pagedown")
        await until(pilot, lambda: (screen.current() or object()) in screen.items.values())


async def test_a_notification_leads_to_the_thing(room: Room) -> None:
    asset = room.ask(SaveAsset(None, "LT-2", "Soon", warranty_until=day(10))).id
    room.ask(SaveAsset(None, "LT-3", "Other", warranty_until=day(11)))
    room.ask(SaveAsset(None, "LT-4", "Other", warranty_until=day(11)))
    room.gateway.actor = room.desk.root  # who is told
    with room.desk.database.reading() as session:
        found = expiry_alerts.due(session, utc_now())
    for together in expiry_alerts.groups(found):
        with room.desk.writing() as session:
            expiry_alerts.tell(session, together, utc_now())
    async with room.running((200, 50)) as pilot:
        await pilot.press("g", "n")
        await shows(pilot, "LT-3 Other, LT-4 Other", "LT-2 Soon")
        await pilot.press("j", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, AssetScreen))
        screen = pilot.app.screen
        assert isinstance(screen, AssetScreen)
        assert screen.asset_id == asset
        await pilot.press("q", "k", "enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ExpiryScreen))


def test_signs_and_words_of_what_is_left() -> None:
    assert left_shown(-1).text == "▲ 1 day over"
    assert left_shown(0).text == "◔ today"
    assert (left_shown(30).style, left_shown(31).style) == ("warning", "muted")
