"""Keys as people press them: sequences and their hint, counts, presets, repeating, searching a ticket."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from tests.screens.desk import Room, fill, shows, text_of, told, until
from tui_desk.actions.catalogue import registry
from tui_desk.app import DeskApp
from tui_desk.contracts.macros import SaveMacro
from tui_desk.contracts.tickets import SetFields, ShowTicket
from tui_desk.core.chosen_preset import chosen_preset
from tui_desk.core.enums import Priority
from tui_desk.screens.compose import ComposeScreen
from tui_desk.screens.key_reading import MOST, KeyReader
from tui_desk.screens.key_screen import WHICH_KEY_AFTER
from tui_desk.screens.lists import ScreenTable
from tui_desk.screens.queue import QueueScreen
from tui_desk.screens.ticket import TicketScreen
from tui_desk.screens.which_key import WhichKey, table

QUEUE = ("queue", "list", "global")


def current(pilot: Pilot[None]) -> int:
    screen = pilot.app.screen
    assert isinstance(screen, QueueScreen)
    return screen.ticket_number()


def cursor(pilot: Pilot[None]) -> int:
    return pilot.app.screen.query_one(ScreenTable)._buffer.cursor


async def rows(pilot: Pilot[None], count: int) -> None:
    await until(pilot, lambda: len(pilot.app.screen.query_one(ScreenTable)._buffer.rows) >= count)


# -- reading keys ----------------------------------------------------------------------------------------------------
def reader(preset: str, scopes: tuple[str, ...] = QUEUE) -> KeyReader:
    made = KeyReader()
    made.use(registry(None, preset), scopes)
    return made


def typed(keys: KeyReader, *given: str, typing: bool = False) -> list[tuple[str, str, int]]:
    read = [keys.read(key, typing) for key in given]
    return [(one.kind, one.action.id if one.action else "", one.times) for one in read]


def test_counts_are_read_in_vim_and_digits_are_views_elsewhere() -> None:
    assert typed(reader("vim"), "1", "2", "j")[-1] == ("action", "down", 12)
    assert typed(reader("vim"), "9", "9", "9", "9", "9", "j")[-1] == ("action", "down", MOST)
    assert typed(reader("vim"), "3", "r")[-1] == ("action", "reply", 1), "only moving is done more than once"
    assert typed(reader("vim"), "0")[-1][0] == "none"
    assert typed(reader("vim"), "5", "escape") == [("begun", "", 1), ("action", "clear", 1)]
    assert typed(reader("vim"), "g", "2")[-1] == ("action", "view_unassigned", 1)
    assert typed(reader("desk"), "2", "j") == [("action", "view_unassigned", 1), ("action", "down", 1)]
    assert typed(reader("emacs"), "alt+1", "2", "ctrl+n")[-1] == ("action", "down", 12)
    assert typed(reader("emacs"), "∞", "ctrl+n")[-1] == ("action", "down", 5), "as a terminal sends Alt+5"
    assert typed(reader("emacs"), "alt+2", "alt+0", "down")[-1] == ("action", "down", 20)
    assert typed(reader("emacs"), "alt+5", "ctrl+g") == [("begun", "", 1), ("action", "clear", 1)]
    assert typed(reader("emacs"), "2")[-1] == ("action", "view_unassigned", 1)
    assert typed(reader("emacs"), "alt+0")[-1][0] == "none"
    assert typed(reader("desk"), "alt+5")[-1][0] == "none"
    assert typed(reader("emacs"), "alt+5", typing=True) == [("none", "", 1)]
    assert typed(reader("vim"), "4", "2", typing=True) == [("none", "", 1)] * 2, (
        "in a text field digits are text"
    )


def test_a_sequence_that_leads_nowhere_does_nothing() -> None:
    keys = reader("desk")
    assert typed(keys, "g", "%") == [("begun", "", 1), ("lost", "", 1)]
    assert typed(keys, "j") == [("action", "down", 1)]


def test_sequences_of_control_keys_work_while_one_types() -> None:
    keys = reader("emacs", ("compose", "global"))
    assert typed(keys, "ctrl+x", "ctrl+s", typing=True)[-1] == ("action", "send", 1)
    assert typed(keys, "ctrl+x", "a", typing=True)[-1] == ("none", "", 1), "a letter is text again"
    assert typed(keys, "ctrl+s", typing=True) == [("none", "", 1)]


# -- on the screen ---------------------------------------------------------------------------------------------------
async def test_the_hint_comes_when_one_hesitates_and_goes_with_the_next_key(room: Room) -> None:
    room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        await pilot.press("g")
        timer = screen._which_key
        assert timer is not None
        assert timer._interval == WHICH_KEY_AFTER == 0.4
        await shows(pilot, "g …", "o Go to the outbox", "g First")
        assert "Esc: none of them" in text_of(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: not screen.query(WhichKey))
        await pilot.press("g", "o")
        await shows(pilot, "Outbox")


def test_the_keys_that_may_follow_stand_in_the_order_of_the_alphabet() -> None:
    begun = reader("desk")
    begun.read("g", typing=False)
    shown = table(begun.continuations(), frozenset(), 40).plain.splitlines()
    keys = [line[0] for line in shown]
    assert len(keys) > 15
    assert keys == sorted(keys, key=lambda key: (key.casefold(), key.isupper()))


async def test_vim_counts_move_and_the_preset_is_kept(room: Room) -> None:
    fill(room, 12)
    async with room.running() as pilot:
        await rows(pilot, 12)
        await pilot.press(*":choose_keys vim", "enter")
        await until(pilot, lambda: "Keys: vim" in told(pilot))
        assert chosen_preset(room.state_folder) == "vim"
        await pilot.press("5", "j")
        assert cursor(pilot) == 5
        await pilot.press("3", "k")
        assert cursor(pilot) == 2
        await pilot.press("g", "6")
        await until(pilot, lambda: pilot.app.screen.view == "all")


async def test_emacs_moves_with_control_keys_and_alt_is_no_letter(room: Room) -> None:
    fill(room, 6)
    async with room.running() as pilot:
        await rows(pilot, 6)
        app = pilot.app
        assert isinstance(app, DeskApp)
        app.use_preset("emacs")
        await pilot.press("ctrl+n", "ctrl+n", "ctrl+p")
        assert cursor(pilot) == 1
        await pilot.press("alt+r")
        assert isinstance(app.screen, QueueScreen), "Alt+r is not r"
        await pilot.press("alt+x")
        await shows(pilot, "what do you want to do?")


async def test_the_last_change_is_repeated_and_undone(room: Room) -> None:
    first, second = room.ticket("First"), room.ticket("Second")
    async with room.running() as pilot:
        await rows(pilot, 2)
        await pilot.press(".")
        await until(pilot, lambda: "nothing to repeat" in told(pilot))
        begun = current(pilot)
        other = first if begun == second else second
        await pilot.press(*":priority high", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(begun)).priority is Priority.HIGH)
        await until(pilot, lambda: "takes it back" in told(pilot))
        screen = pilot.app.screen
        assert isinstance(screen, QueueScreen)
        screen.table().move_to_key(other)
        await until(pilot, lambda: current(pilot) == other)
        await pilot.press(".")
        await until(pilot, lambda: room.ask(ShowTicket(other)).priority is Priority.HIGH)
        await until(pilot, lambda: f"#{other}" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ShowTicket(other)).priority is not Priority.HIGH)
        assert room.ask(ShowTicket(begun)).priority is Priority.HIGH


async def test_what_changed_nothing_leaves_the_last_change_to_u(room: Room) -> None:
    number = room.ticket("First")
    async with room.running() as pilot:
        await rows(pilot, 1)
        await pilot.press(*":priority high", "enter")
        await until(pilot, lambda: "takes it back" in told(pilot))
        await pilot.press(".")
        await until(pilot, lambda: "is so already" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is Priority.NORMAL)


async def test_a_ticket_is_searched_and_n_goes_on(room: Room) -> None:
    number = room.ticket(body="\n".join([*(f"line {i}" for i in range(60)), "the Grün paper", "jam is here"]))
    async with room.running() as pilot:
        await rows(pilot, 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen) and pilot.app.screen.ticket)
        screen = pilot.app.screen
        assert isinstance(screen, TicketScreen)
        await pilot.press("/", *"paper jam")
        await shows(pilot, "1 of 1 place", "Grün paper")
        await pilot.press("enter")
        await until(pilot, lambda: "1 of 1 place" in told(pilot))
        await pilot.press("/", *"line 5", "enter")
        await until(pilot, lambda: "of 11 places" in told(pilot))
        at = screen.conversation().searched
        assert at is not None
        await pilot.press("n")
        await until(pilot, lambda: screen.conversation().searched == (at[0] % 11 + 1, 11))
        await pilot.press("N")
        await until(pilot, lambda: screen.conversation().searched == at)
        await pilot.press("/", *"nowhere")
        await shows(pilot, "Nothing here has that.")
        await pilot.press("enter")
        await until(pilot, lambda: "is not in this conversation" in told(pilot))
        assert screen.ticket_number() == number
        await pilot.press("/", *"grun", "enter")
        await until(pilot, lambda: "1 of 1" in told(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: screen.conversation().searched is None)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(pilot.app.screen, ComposeScreen))


# -- the : line and the help -----------------------------------------------------------------------------------------
async def test_the_command_line_completes_marks_what_is_wrong_and_remembers(room: Room) -> None:
    number = room.ticket()
    room.ask(SetFields(number, tags=("printer",)))
    room.ask(SaveMacro(None, "Calm down", fields={"priority": "low"}, own=True))
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")

        def line() -> str:
            return pilot.app.screen.query_one(Input).value

        await pilot.press(":", *"prio", "tab")
        await until(pilot, lambda: line() == "priority ")
        await shows(pilot, "critical")
        await pilot.press("h", "tab")
        await until(pilot, lambda: line() == "priority high")
        await pilot.press(*"x", "enter")
        await shows(pilot, "! “highx” is not one of:")
        await pilot.press("backspace", "enter")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is Priority.HIGH)
        await until(pilot, lambda: "takes it back" in told(pilot))
        await pilot.press("u")
        await until(pilot, lambda: room.ask(ShowTicket(number)).priority is not Priority.HIGH)
        await pilot.press(":", *"assign ")
        await shows(pilot, "root  ")
        await pilot.press("ctrl+u", *"xyz")
        await shows(pilot, "! “xyz” is not something one can do here.")
        await pilot.press("up")
        await until(pilot, lambda: line() == "priority high")
        await pilot.press("down")
        await until(pilot, lambda: line() == "xyz")
        await pilot.press("ctrl+u", *"macro ca", "tab")
        await until(pilot, lambda: line() == "macro Calm down")
        await shows(pilot, "sets priority: low")
        await pilot.press("ctrl+u", *"tag new -p", "tab")
        await until(pilot, lambda: line() == "tag new -printer")
        await pilot.press("ctrl+u", *str(number)[:1], "tab")
        await until(pilot, lambda: line().strip() == str(number))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, TicketScreen))


async def test_the_help_is_searched_and_says_why_not(room: Room) -> None:
    async with room.running() as pilot:
        await shows(pilot, "Nothing is open")
        await pilot.press("?", *"forward")
        await shows(pilot, "Forward", "Not now: There is no ticket here.")
        assert "Go to the outbox" not in text_of(pilot)
        await pilot.press("ctrl+a", "ctrl+k", *"key map")
        await shows(pilot, ":choose_keys")
        await pilot.press(*"%%%")
        await shows(pilot, "Nothing here has")
        await pilot.press("ctrl+u")
        await until(pilot, lambda: not pilot.app.screen.query_one(Input).value)
        await pilot.press("escape")
        await shows(pilot, "Nothing is open")
