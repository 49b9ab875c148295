"""Search as one types: a mistake keeps what was found, Tab completes, the arrows bring earlier queries; saved views."""

from __future__ import annotations

from textual.pilot import Pilot

from tests.screens.desk import Room, fill, shows, text_of, told, until
from tests.support.flood import flood
from tui_desk.contracts.views import SaveView
from tui_desk.screens.filter_line import FilterLine
from tui_desk.screens.queue import QueueScreen


def queue_of(pilot: Pilot[None]) -> QueueScreen:
    queue = pilot.app.screen
    assert isinstance(queue, QueueScreen)
    return queue


async def typed(pilot: Pilot[None], text: str) -> FilterLine:
    """Type into the open filter line, and wait until it is there."""
    field = queue_of(pilot).filter_line()
    names = {" ": "space", ":": "colon", "<": "less_than_sign", ">": "greater_than_sign"}
    await pilot.press(*(names.get(char, char) for char in text))
    await until(pilot, lambda: field.value.endswith(text))
    return field


async def test_a_mistake_is_shown_at_its_word_and_the_list_stays(room: Room) -> None:
    fill(room, 2)
    room.ticket("Coffee machine leaks")
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/")
        await until(pilot, lambda: queue_of(pilot).filter_line().names is not None)
        field = await typed(pilot, "coffee")
        await until(pilot, lambda: "Printer 2" not in text_of(pilot))
        field.insert_text_at_cursor(" creatd<3d now")  # at once: half of a word is a word
        await shows(pilot, "! creatd<3d: “creatd” is no field of a ticket.", "Coffee machine")
        assert field.is_wrong
        assert (field._marking.place, queue_of(pilot).query_text) == ((7, 16), "coffee")
        await pilot.press("enter")
        await shows(pilot, "Coffee machine", "! creatd<3d", "The list stays as it was.")
        await pilot.press("escape")
        await until(pilot, lambda: "Printer 2" in text_of(pilot) and "creatd" not in text_of(pilot))


async def test_tab_completes_fields_and_values(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/")
        await until(pilot, lambda: queue_of(pilot).filter_line().names is not None)
        field = await typed(pilot, "ass")
        await shows(pilot, "Tab: assignee:  asset:")
        await pilot.press("tab")
        await until(pilot, lambda: field.value == "assignee:")
        await pilot.press("tab")
        await until(pilot, lambda: field.value == "asset:")
        await pilot.press("shift+tab")
        await until(pilot, lambda: field.value == "assignee:")
        await typed(pilot, "sue")
        await typed(pilot, " status:p")
        await shows(pilot, "Tab: pending")
        assert not field._marking.place[1]
        await pilot.press("tab")
        await until(pilot, lambda: field.value == "assignee:sue status:pending")
        await shows(pilot, "Nothing in this view fits")


async def test_that_only_the_newest_messages_were_searched_is_told(room: Room) -> None:
    fill(room, 2)
    room.ticket("Toner is out")
    flood(room.desk.database, "toner")
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/", *"toner", "enter")
        await shows(pilot, "More than 50,000 messages have these words; only the newest were searched.")
        await pilot.press("escape")
        await until(pilot, lambda: "50,000" not in text_of(pilot))
        await pilot.press("M", *"-toner", "enter")
        await until(pilot, lambda: "stands in too many messages to be excluded surely" in told(pilot))


async def test_earlier_queries_come_back_in_another_session(room: Room) -> None:
    fill(room, 2)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        for query in ("printer", "stripes"):
            await pilot.press("/", *query, "enter")
            await until(pilot, lambda query=query: queue_of(pilot).query_text == query)
            await pilot.press("escape")
            await until(pilot, lambda: not queue_of(pilot).query_text)
    async with room.running() as pilot:
        await shows(pilot, "Printer 2")
        await pilot.press("/")
        field = queue_of(pilot).filter_line()
        await until(pilot, lambda: field.history == ("stripes", "printer"))
        await typed(pilot, "x")
        for key, value in (
            ("up", "stripes"),
            ("up", "printer"),
            ("up", "printer"),
            ("down", "stripes"),
            ("down", "x"),
        ):
            await pilot.press(key)
            await until(pilot, lambda value=value: field.value == value)
        await pilot.press("down")
        await until(pilot, lambda: pilot.app.focused is queue_of(pilot).table())


async def test_a_filter_is_saved_chosen_renamed_removed_and_brought_back(room: Room) -> None:
    fill(room, 3)
    room.ask(SaveView(None, "Leaks", "coffee"))
    room.ticket("Coffee machine leaks")
    async with room.running(size=(160, 40)) as pilot:
        await shows(pilot, "Printer 2", "│ Leaks")
        await pilot.press("/", *"printer", "enter", "W")
        await shows(pilot, "Name of the view", "Open · printer")
        await pilot.press(*"Stripes", "enter")
        await shows(pilot, "The view “Stripes” is saved.", "Queue › Stripes")
        await pilot.press("v")
        await shows(pilot, "Leaks", "only you", "coffee", "F2 renames")
        await pilot.press(*"lks", "enter")
        await shows(pilot, "Queue › Leaks", "Coffee machine")
        await until(pilot, lambda: "Printer 2" not in text_of(pilot))
        await pilot.press(":", *"rename_view Drips", "enter")
        await shows(pilot, "Queue › Drips")
        await pilot.press("v", *"drips")
        await shows(pilot, "Drips")
        await pilot.press("f8")
        await until(pilot, lambda: "The view “Drips” is removed." in told(pilot))
        await pilot.press("u")
        await shows(pilot, "│ Drips")
        await pilot.press("escape")
        await shows(pilot, "Queue › Open", "Printer 2", "Coffee machine")
