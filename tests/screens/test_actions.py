"""The registry of actions: each has a handler where it can be used, words, a command where it changes something, a free key."""

from __future__ import annotations

import asyncio
import inspect
import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.screens.desk import Room, shows
from tui_desk.actions.catalogue import ALL, registry
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.keys import is_digit, read_key
from tui_desk.actions.keys_page import keys_page
from tui_desk.actions.own_keys import sentence
from tui_desk.actions.presets import NAMES, WITH_COUNTS
from tui_desk.actions.registry import Action, DuplicateKey, Need, Registry, key_label
from tui_desk.actions.typed import find_command
from tui_desk.core.errors import UsageError
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import PLACES, load_place
from tui_desk.screens.palette import match

OWN_SCREENS = (
    "tui_desk.screens.ticket:TicketScreen",
    "tui_desk.screens.compose:ComposeScreen",
    "tui_desk.screens.new_ticket:NewTicketScreen",
    "tui_desk.screens.asset:AssetScreen",
    "tui_desk.screens.asset_form:AssetFormScreen",
    "tui_desk.screens.licence:LicenceScreen",
    "tui_desk.screens.licence_form:LicenceFormScreen",
    "tui_desk.screens.contract:ContractScreen",
    "tui_desk.screens.contract_form:ContractFormScreen",
    "tui_desk.screens.person:PersonScreen",
    "tui_desk.screens.files:FilesScreen",
    "tui_desk.screens.document:DocumentScreen",
    "tui_desk.screens.suspended_mail:SuspendedMailScreen",
    "tui_desk.screens.mailbox_form:MailboxFormScreen",
    "tui_desk.screens.fallback_sender:FallbackSenderScreen",
    "tui_desk.screens.agent_form:AgentFormScreen",
    "tui_desk.screens.desk_settings:DeskFormScreen",
    "tui_desk.screens.task_form:TaskFormScreen",
    "tui_desk.screens.time_form:TimeFormScreen",
    "tui_desk.screens.checklists:ChecklistFormScreen",
)
WITHOUT_COMMAND = {"detach", "save"}
"""Changes that belong to a screen's own course of work."""


def _screens() -> list[type[BaseScreen]]:
    found = [load_place(place) for place in PLACES]
    for path in OWN_SCREENS:
        module, _colon, name = path.partition(":")
        found.append(getattr(import_module(module), name))
    return found


@pytest.mark.parametrize("screen", _screens(), ids=lambda screen: screen.__name__)
def test_every_action_of_a_screen_has_a_handler(screen: type[BaseScreen]) -> None:
    missing = [
        a.id for a in registry().in_scopes(screen.scopes) if not callable(getattr(screen, f"do_{a.id}", None))
    ]
    assert missing == []


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("screen", _screens(), ids=lambda screen: screen.__name__)
def test_the_keys_of_a_screen_are_each_meant_for_one_thing(screen: type[BaseScreen], preset: str) -> None:
    keymap = registry(None, preset).keymap(screen.scopes)
    for sequence in keymap:
        assert not any(
            len(other) > len(sequence) and other[: len(sequence)] == sequence for other in keymap
        ), sequence
    if preset in WITH_COUNTS:
        assert not any(is_digit(sequence[0]) for sequence in keymap), "digits are counts"
    reachable = {action.id for action in keymap.values()}
    of_desk = {action.id for action in registry().keymap(screen.scopes).values()}
    assert of_desk - reachable == set(), "what has a key in desk has one in every preset"
    for action in registry().in_scopes(screen.scopes):
        assert action.in_palette or action.id in reachable, "by key or in the palette"


_COMMON = ("base", "frame", "reading", "telling")
"""Modules of what every screen has: what asks there is looked for by its name."""


def _source(screen: type[BaseScreen], name: str, depth: int = 4) -> str:
    """The text of a method, as every class of the screen has it, and of what it calls, as far as that is found by its name."""
    text = ""
    for kind in screen.__mro__:
        method, module = vars(kind).get(name), kind.__module__
        if not inspect.isfunction(method) or module.rpartition(".")[2] in _COMMON:
            continue
        text += inspect.getsource(method)
        for called in set(re.findall(r"(?<![\w.])(\w+)\(", text)):
            own = getattr(sys.modules[module], called, None)
            text += inspect.getsource(own) if inspect.isfunction(own) else ""
        for path, called in re.findall(r"from (tui_desk\.screens\.\w+) import (\w+)", text):
            own = getattr(import_module(path), called, None)
            text += inspect.getsource(own) if inspect.isfunction(own) else ""
    for called in sorted(set(re.findall(r"self\.(\w+)\(", text)) - {name}) if depth else ():
        text += _source(screen, called, depth - 1)
    return text


_LOSES = re.compile(
    r"remov|drop|discard|delet|cancel|retire$|retire_|set_aside|close|block|spam|refuse|release|uncover|dismiss|merge|split|"
    r"clear_|move_out|unlink|switch_agent|^pause|detach|mark_all|mark_read"
)
_ASKS = re.compile(r"\.(confirm|prompt|choose|answer_of|reason_despite|push_screen|fill_in)\(")


def test_what_takes_something_away_is_guarded_and_no_doubled_key() -> None:
    """Walks every action: a slip of the fingers loses nothing."""
    screens = _screens()
    asked = 0
    for action in ALL:
        if _LOSES.search(action.id):
            assert action.guard in ("asks", "undo", "again", "kept"), action.id
        if not action.guard:
            continue
        for preset in NAMES:
            for key in registry(None, preset).keys_of(action):
                parts = key.split()
                assert len(parts) == 1 or len(set(parts)) == len(parts), (
                    f"{action.id}: {key} is a doubled key"
                )
                assert key not in ("y", "enter", "space"), f"{action.id}: {key} answers questions"
        if action.guard == "asks":
            serving = [one for one in screens if set(action.scopes) & set(one.scopes)]
            for screen in serving:
                assert _ASKS.search(_source(screen, f"do_{action.id}")), (
                    f"{screen.__name__}.{action.id} asks nothing"
                )
                asked += 1
    assert asked > 20


@pytest.mark.parametrize("action", ALL, ids=lambda action: f"{action.scopes[0]}-{action.id}")
def test_every_action_is_explained_and_has_a_command_or_a_reason_not_to(action: Action) -> None:
    assert action.title
    assert action.help.endswith((".", "…"))
    assert action.scopes
    changes = any(need.fact == "writer" for need in action.needs)
    if changes and action.id not in WITHOUT_COMMAND:
        assert action.command.startswith("tui-desk "), action.id


def test_keys_for_what_is_no_action_are_found() -> None:
    assert registry({"take": ("i",), "takke": ("j",)}).unknown == ("takke",)
    assert registry().unknown == ()


@pytest.mark.parametrize(
    ("own", "preset", "kind", "about"),
    [
        ({"note": ("r",)}, "desk", "clash", "r belongs to reply"),
        ({"take": ("g",)}, "desk", "clash", "g belongs to"),
        ({"take": ("?", "f1")}, "desk", "clash", "belongs to help"),
        ({"palette": ("r",)}, "desk", "clash", "r belongs to"),
        ({"queue.reply": ("Strg+R",)}, "desk", "key", "“Strg+R” is no key"),
        ({"take": ("5",)}, "vim", "count", "5 is a count"),
        ({"takke": ("j",)}, "desk", "unknown", "no action is called “takke”"),
        ({"back": ()}, "desk", "way_out", "without a key for back there is no way out"),
        ({"global.back": ()}, "vim", "way_out", "without a key for global.back there is no way out"),
        ({"form.leave": ()}, "desk", "way_out", "without a key for form.leave there is no way out"),
        ({"keep": ("q",)}, "desk", "way_out", "q is text where one types, and no way out: keep keeps"),
        ({"quit": ("g Q",)}, "desk", "way_out", "is text where one types"),
    ],
)
def test_own_keys_that_cannot_be_say_why_and_change_nothing(
    own: dict[str, tuple[str, ...]], preset: str, kind: str, about: str
) -> None:
    made = registry({**own, "assign": ("Ctrl+Alt+X", "f9 a")}, preset)
    assert [one.kind for one in made.wrong] == [kind]
    assert about in sentence(made.wrong[0])
    usual = registry(None, preset)
    changed = {action.id for action in made if made.keys_of(action) != usual.keys_of(action)}
    assert changed == {"assign"}
    assert read_key("Ctrl+Alt+X") == "ctrl+alt+x"


def test_own_keys_that_clash_are_found_and_replace_nothing() -> None:
    one, two = (
        Action("one", "One", "One.", ("here",), ("x",)),
        Action("two", "Two", "Two.", ("here",), ("y",)),
    )
    clashing = Registry((one, two), {"one": ("y",)})
    assert clashing.clashing == ("one",)
    assert clashing.keymap(("here",)) == {("x",): one, ("y",): two}
    swapped = Registry((one, two), {"one": ("y",), "two": ("x",)})
    assert swapped.clashing == ()
    assert swapped.keymap(("here",)) == {("y",): one, ("x",): two}
    assert registry().clashing == ()


def test_two_actions_on_one_key_of_a_scope_are_a_mistake() -> None:
    clash = Registry(
        (Action("one", "One", "One.", ("here",), ("x",)), Action("two", "Two", "Two.", ("here",), ("x",)))
    )
    with pytest.raises(DuplicateKey):
        clash.keymap(("here",))


def test_a_nearer_scope_hides_a_farther_key_and_own_keys_replace_the_defaults() -> None:
    near, far = (
        Action("near", "Near", "Near.", ("near",), ("x",)),
        Action("far", "Far", "Far.", ("far",), ("x", "y")),
    )
    assert Registry((near, far)).keymap(("near", "far")) == {("x",): near, ("y",): far}
    assert Registry((near, far), {"near": ("z",)}).keymap(("near", "far")) == {
        ("z",): near,
        ("x",): far,
        ("y",): far,
    }


def test_an_obstacle_is_the_first_need_that_does_not_hold() -> None:
    action = Action("a", "A", "A.", ("here",), needs=(Need("one", "No one."), Need("two", "No two.")))
    assert action.obstacle(frozenset()) == "No one."
    assert action.obstacle({"one"}) == "No two."
    assert action.obstacle({"one", "two"}) == ""


@pytest.mark.parametrize(
    ("key", "label"),
    [("ctrl+d", "Ctrl+D"), ("g q", "g q"), ("escape", "Esc"), ("f1", "F1"), ("shift+tab", "Shift+Tab")],
)
def test_keys_are_written_for_people(key: str, label: str) -> None:
    assert key_label(key) == label


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("status resolved", ("status", "resolved")),
        ("#1042", ("go_ticket", "#1042")),
        (" 7 ", ("go_ticket", "7")),
        ("assets", ("go_assets", "")),
        (":priority high", ("priority", "high")),
    ],
)
def test_the_command_line_understands(typed: str, expected: tuple[str, str]) -> None:
    action, argument = find_command(registry(), ("queue", LIST, GLOBAL), typed)
    assert (action.id, argument) == expected


@pytest.mark.parametrize("typed", ["", "nonsense", "view", "[/]", "go_"])
def test_the_command_line_says_what_it_does_not_understand(typed: str) -> None:
    with pytest.raises(UsageError):
        find_command(registry(), ("queue", LIST, GLOBAL), typed)


def test_the_palette_prefers_titles() -> None:
    actions = {action.id: action for action in registry().in_scopes(("queue",))}
    assert match("take", actions["take"]) > match("take", actions["undo"])
    assert match("zzz", actions["take"]) == 0


async def test_an_unexpected_error_is_a_sentence_and_a_log_without_values(room: Room) -> None:
    room.ticket()
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        screen = pilot.app.screen
        assert isinstance(screen, BaseScreen)

        async def broken() -> None:
            await asyncio.sleep(0)
            raise RuntimeError("the secret text of a mail")

        screen.run_guarded("Testing", broken())
        await shows(pilot, "because of a defect in tui-desk")
        log = (room.state_folder / "tui-desk.log").read_text()
        assert "RuntimeError" in log
        assert "secret text" not in log
        assert (room.state_folder / "tui-desk.log").stat().st_mode & 0o777 == 0o600


def test_the_page_of_keys_is_what_the_program_does() -> None:
    page = Path(__file__).parents[2] / "docs" / "keys.md"
    assert page.read_text(encoding="utf-8") == keys_page({name: registry(None, name) for name in NAMES})


def test_a_key_is_offered_once_by_the_nearest_screen() -> None:
    far = Action("undo", "Undo", "", ("ticket",), keys=("u",), hint=2)
    near = Action("undo_deed", "Undo this", "", ("history",), keys=("u",), hint=1)
    other = Action("note", "Note", "", ("ticket",), keys=("n",), hint=3)
    offered = Registry((far, near, other)).hints(("history", "ticket"))
    assert [action.id for action in offered] == ["undo_deed", "note"]
