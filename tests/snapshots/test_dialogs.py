"""How dialogs and kept things look at 80x24, on one desk. Renew with ``pytest --snapshot-update`` and look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, shows
from tests.support.ports import PATIENCE
from tui_desk.contracts.macros import SaveCanned, SaveMacro
from tui_desk.contracts.views import SaveView
from tui_desk.models import Setting
from tui_desk.screens import frame

Compare = Callable[..., bool]


@pytest.fixture
def kept(room: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A demo desk with a text, a macro and a view of one's own; however slow the machine, no dialog says so."""
    monkeypatch.setattr(frame, "_SLOW_AFTER", PATIENCE)
    room.ask(
        SaveCanned(
            None, "VPN: first steps", "Hello {requester.first_name|there},\n\nrestart it.", "vpn", own=True
        )
    )
    room.ask(
        SaveMacro(
            None,
            "Take and ask back",
            {"status": "pending", "assignee": "me"},
            ("Ask again",),
            note="Asked since when.",
            reply="Since when?",
            own=True,
        )
    )
    room.ask(SaveView(None, "VPN, urgent", "vpn priority>=high"))
    with room.desk.writing() as session:
        session.add(Setting(key="demo", value=True))
    return room


PLACES: dict[str, tuple[tuple[str, ...], str]] = {
    "which_key": (("g",), "Go to the queue"),
    "snooze": (("Z",), "Type a moment"),
    "macro": ((";",), "writes a note"),
    "bulk": (("x", "x", "x", "s", *"pen", "enter"), "What happens"),
    "views": (("v",), "VPN, urgent"),
    "guide": ((":", *"guide", "enter"), "Guide 1/10"),
    "canned_form": (("g", "c", "e"), "Hello {requester"),
    "macro_form": (("g", "c", "2", "e"), "Asked since when"),
    "send_later": (("r", "ctrl+g"), "tomorrow"),
}
"""What is pressed on the queue, and what is shown then."""


@pytest.mark.parametrize("place", PLACES)
def test_dialog(kept: Room, snap_compare: Compare, place: str) -> None:
    keys, shown = PLACES[place]

    async def ready(pilot: Pilot[None]) -> None:
        await shows(pilot, "Nobody can log in", "3 Open 5", "DEMO", "ana")
        for key in keys:
            await pilot.press(key)
        await shows(pilot, shown)

    assert snap_compare(kept.app(), terminal_size=(80, 24), run_before=ready)
