"""The guided start: ten keys in the real interface, under every preset; left, taken up, passed over; only on the demo desk."""

from __future__ import annotations

import re

import pytest
from textual.pilot import Pilot

from tests.screens.desk import Room, add_mailbox, fill, shows, text_of, told, until
from tui_desk.actions.catalogue import registry
from tui_desk.actions.presets import NAMES
from tui_desk.app import DeskApp
from tui_desk.contracts.macros import SaveMacro
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.models import Setting
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.guide import STEPS, Guide, GuideBox
from tui_desk.screens.ticket import TicketScreen


@pytest.fixture
def demo(room: Room) -> Room:
    """A demo desk with what the ten keys need."""
    add_mailbox(room)
    fill(room, 3)
    room.ask(SaveMacro(None, "Wait for them", own=True, fields={"status": "pending"}))
    with room.desk.writing() as session:
        session.add(Setting(key="demo", value=True))
    return room


def step_shown(pilot: Pilot[None]) -> str:
    """What the guide says, on however many lines."""
    screen = next(s for s in reversed(pilot.app.screen_stack) if isinstance(s, BaseScreen))
    return " ".join(str(box.render()) for box in screen.query(GuideBox))


async def command(pilot: Pilot[None], words: str) -> None:
    await pilot.press(":", *words, "enter")


async def came(pilot: Pilot[None], begin: str) -> None:
    await until(pilot, lambda: step_shown(pilot).startswith(begin))


@pytest.mark.parametrize("preset", NAMES)
def test_every_preset_has_a_key_for_each_step(preset: str) -> None:
    actions, guide = registry(preset=preset), Guide()
    for guide.step in range(len(STEPS)):
        for scopes in (("queue", "list", "global"), ("ticket", "list", "global"), ("compose", "global")):
            words = guide.text(actions, scopes).plain
            assert "{" not in words
            assert not re.search(r":\w", words), f"an action without a key: {words}"


@pytest.mark.parametrize("preset", ["desk", "emacs"])
async def test_ten_keys(demo: Room, preset: str) -> None:
    actions = registry(preset=preset)

    def keys(name: str, *scopes: str) -> list[str]:
        action = actions.find(scopes, name)
        assert action is not None
        return actions.keys_of(action)[0].split()

    ticket, queue, compose = ("ticket", "list", "global"), ("queue", "list", "global"), ("compose", "global")
    async with demo.running() as pilot:
        assert isinstance(pilot.app, DeskApp)
        pilot.app.use_preset(preset)
        await shows(pilot, ":guide", "Printer 3")
        assert not step_shown(pilot), "it is offered, and begins when it is asked for"
        await command(pilot, "guide")
        await came(pilot, "Guide 1/10  ")
        await pilot.press(*keys("down", *queue))
        await came(pilot, "Guide 2/10  Enter opens")
        await pilot.press(*keys("open", *queue))
        await came(pilot, "Guide 3/10  I takes")
        assert len(text_of(pilot).splitlines()) == 24
        assert isinstance(pilot.app.screen, TicketScreen)
        number = pilot.app.screen.number
        await pilot.press(*keys("take", *ticket))
        await came(pilot, "Guide 4/10  p sets")
        await pilot.press(*keys("priority", *ticket))
        await shows(pilot, "Priority of")
        await pilot.press("escape")
        assert step_shown(pilot).startswith("Guide 4/10"), "what was not done is still to do"
        await pilot.press(*keys("priority", *ticket), *"cr", "enter")
        await came(pilot, "Guide 5/10  u takes back")
        assert demo.ask(ShowTicket(number)).priority == "critical"
        await pilot.press(*keys("undo", *ticket))
        await came(pilot, "Guide 6/10  r answers")
        assert demo.ask(ShowTicket(number)).priority != "critical"
        await pilot.press(*keys("reply", *ticket))
        await came(
            pilot, "Guide 6/10  Write a line, then " + ("Ctrl+X Ctrl+S" if preset == "emacs" else "Ctrl+S")
        )
        await pilot.press(*"We come.", *keys("send", *compose))
        await came(pilot, "Guide 7/10  ; does several")
        await pilot.press(*keys("macro", *ticket))
        await shows(pilot, "Wait for them")
        await pilot.press("enter")
        await came(pilot, "Guide 8/10  q goes back")
        assert demo.ask(ShowTicket(number)).status == "pending"
        await pilot.press(*keys("back", *ticket))
        await came(pilot, "Guide 9/10  " + ("Ctrl+S narrows" if preset == "emacs" else "/ narrows"))
        await pilot.press(*keys("filter", *queue), *"stripes", "enter")
        await came(pilot, "Guide 10/10  > brings")
        await pilot.press(*keys("next_urgent", *queue))
        await came(pilot, "Guide 10/10  That was it. ")
        await pilot.press("?")
        await shows(pilot, "Most used")
        await until(pilot, lambda: not step_shown(pilot))


async def test_it_is_left_taken_up_passed_over_and_begun_anew(demo: Room) -> None:
    async with demo.running() as pilot:
        await shows(pilot, ":guide", "Printer 3")
        await command(pilot, "guide")
        await pilot.press("j")
        await came(pilot, "Guide 2/10")
        await command(pilot, "guide")
        await until(pilot, lambda: not step_shown(pilot))
        await pilot.press("enter")
        await shows(pilot, "1 Conversation")
        assert not step_shown(pilot), "left, it does not come back by itself"
        await command(pilot, "guide")
        await came(pilot, "Guide 3/10")
        await command(pilot, "guide skip")
        await came(pilot, "Guide 4/10")
        await command(pilot, "guide again")
        await came(pilot, "Guide 1/10  First back to the list: q.")
        await command(pilot, "guide soon")
        await until(pilot, lambda: "skip, again" in told(pilot))
        for _step in STEPS[2:]:  # opening a ticket is done already, here
            await command(pilot, "guide skip")
        await came(pilot, "Guide 10/10  That was it. ")
        await command(pilot, "guide skip")
        await until(pilot, lambda: not step_shown(pilot))


async def test_it_is_for_the_demo_desk(room: Room) -> None:
    fill(room, 1)
    async with room.running() as pilot:
        await shows(pilot, "Printer 1")
        await command(pilot, "guide")
        await until(pilot, lambda: "tui-desk demo" in told(pilot))
        assert not step_shown(pilot)
