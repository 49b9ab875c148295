"""The driver against Textual's own, through a terminal emulator: the same screens in fewer bytes."""

from __future__ import annotations

import pytest

from tests.terminal.pty_app import PtyApp, wait_same

WIRE = {"TEXTUAL_DRIVER": "tui_desk.terminal.driver:WireDriver", "TEXTUAL_ANIMATIONS": "none"}
STOCK = {"TEXTUAL_DRIVER": "textual.drivers.linux_driver:LinuxDriver", "TEXTUAL_ANIMATIONS": "none"}
GALLERY = "tests/terminal/apps/gallery.py"

KEYS = {
    "table": [*["down"] * 30, "pagedown", "pagedown", *["up"] * 5, "end", "home", *["down"] * 3],
    "lines": ["tab", *["down"] * 12, "pagedown", "pagedown", *["up"] * 5, "end", *["up"] * 3, "home"],
    "editor": [
        *["down"] * 25,
        "a",
        "b",
        "東",
        "enter",
        "backspace",
        "pagedown",
        "pageup",
        *["left"] * 4,
        "x",
    ],
    "mixed": ["tab", *["down"] * 20, "m", "m", "tab", "a", "東", "b", "m", "m", "pagedown"],
    "virtual": [*["j"] * 30, "pagedown", "pagedown", "k", "G", "k", "k", "pageup", "g", "g"],
}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark"])
def test_screens_are_the_same_and_bytes_are_fewer(name: str, theme: str) -> None:
    extra = {"TEXTUAL_THEME": theme}
    with (
        PtyApp([GALLERY, name], 100, 30, {**STOCK, **extra}) as stock,
        PtyApp([GALLERY, name], 100, 30, {**WIRE, **extra}) as wire,
    ):
        for program in (stock, wire):
            program.wait_text("keys=0.")
        started = len(stock.output), len(wire.output)
        for count, key in enumerate(KEYS[name], 1):
            for program in (stock, wire):
                program.press(key)
            for program in (stock, wire):
                program.wait_text(f"keys={count}.")
            wait_same(stock, wire)
        sent = len(stock.output) - started[0], len(wire.output) - started[1]
        assert sent[1] * 2 < sent[0], f"stock sent {sent[0]} bytes, the wire {sent[1]}"


def test_a_resize_repaints_and_stays_the_same() -> None:
    with (
        PtyApp([GALLERY, "virtual"], 100, 30, STOCK) as stock,
        PtyApp([GALLERY, "virtual"], 100, 30, WIRE) as wire,
    ):
        for program in (stock, wire):
            program.wait_text("keys=0.")
            for pressed in range(
                1, 41
            ):  # one by one: where a list turns by half a page depends on what was painted
                program.press("j")
                program.wait_text(f"keys={pressed}.")
        for columns, lines in ((60, 20), (140, 40), (41, 12), (100, 30)):
            for program in (stock, wire):
                program.resize(columns, lines)
                program.wait_for(lambda program=program: "keys=" in program.text()[-1])
                program.wait_idle(
                    0.5
                )  # the key must find both at the new size: where a list turns depends on it
            wait_same(stock, wire)
            pressed += 1
            for program in (stock, wire):
                program.press("j")
                program.wait_text(f"keys={pressed}.")
            wait_same(stock, wire)


def test_nothing_is_sent_while_nothing_changes() -> None:
    with PtyApp([GALLERY, "virtual"], 100, 30, WIRE) as wire:
        wire.wait_text("keys=0.")
        wire.press("j")
        wire.wait_text("keys=1.")
        wire.wait_idle(0.5)
        before = len(wire.output)
        wire.pump(1.0)
        assert len(wire.output) == before


def test_an_exported_size_is_not_believed() -> None:
    with PtyApp([GALLERY, "virtual"], 100, 30, {**WIRE, "COLUMNS": "60", "LINES": "20"}) as wire:
        wire.wait_text("keys=0.")
        wire.wait_for(lambda: "keys=" in wire.text()[29])
        wire.resize(120, 40)
        wire.wait_for(lambda: "keys=" in wire.text()[39])
