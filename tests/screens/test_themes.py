"""Choosing a theme on the screen, and what the terminal says of itself; nothing is chosen that was not taken."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import platformdirs
import pytest
from textual.widgets import Input, OptionList

from tests.screens.desk import Room, fill, open_room, shows, until
from tui_desk.app import DeskApp
from tui_desk.core.kept_look import kept, terminal_name
from tui_desk.screens.theme_dialog import ThemeDialog
from tui_desk.terminal.answers import BackgroundTold


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with open_room(tmp_path) as opened:
        fill(opened, 3)
        yield opened


def app_of(room: Room, theme: str = "auto", theme_from: str = "default") -> DeskApp:
    options = replace(room.app().options, login="ana", theme=theme, theme_from=theme_from)
    return DeskApp(room.gateway, options)


async def test_what_the_cursor_is_on_is_worn_and_what_is_taken_is_kept(room: Room) -> None:
    themes = platformdirs.user_config_path("tui-desk") / "themes"
    themes.mkdir(parents=True)
    (themes / "paper.toml").write_text('base = "light"\n[colors]\nbackground = "#fdf6e3"\n', encoding="utf-8")
    (themes / "torn.toml").write_text("[colors]\npaper = 1\n", encoding="utf-8")
    app = app_of(room)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.agent is not None)
        assert app.theme == "desk-dark"
        await pilot.press(":", *"theme", "enter")
        await until(pilot, lambda: isinstance(app.screen, ThemeDialog))
        await shows(pilot, "high contrast on black", "paper.toml", "torn.toml, line 2", "Enter takes it")
        await pilot.press(*"paper")
        await until(pilot, lambda: app.theme == "desk-paper")
        assert app.screen.query_one(Input).value == "paper"
        assert app.screen.styles.background.a == 0  # the screen behind it is what one looks at
        await pilot.press("escape")
        await until(pilot, lambda: app.theme == "desk-dark" and not isinstance(app.screen, ThemeDialog))
        assert kept(room.state_folder, "theme", "ana") == ""
        await pilot.press(":", *"theme", "enter")
        await until(pilot, lambda: isinstance(app.screen, ThemeDialog))
        await pilot.press(*"torn")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count == 1)
        await pilot.press("enter")
        await shows(pilot, "did you mean panel")
        assert app.theme == "desk-dark"
        await pilot.press(":", *"theme contrast", "enter")
        await shows(pilot, "Theme: contrast.")
        assert app.theme == "desk-contrast-dark"
        assert kept(room.state_folder, "theme", "ana") == "contrast"
        await pilot.press(":", *"theme nonsense", "enter")
        await shows(pilot, "“nonsense” is not one of")


@pytest.mark.parametrize(("seconds", "worn"), [(1e9, "desk-contrast-light"), (0.0, "desk-contrast-dark")])
async def test_an_answer_in_time_is_worn_and_a_late_one_kept(
    room: Room, monkeypatch: pytest.MonkeyPatch, seconds: float, worn: str
) -> None:
    monkeypatch.setattr("tui_desk.app._BACKGROUND_IN_TIME", seconds)
    terminal = terminal_name(os.environ)
    app = app_of(room, theme="contrast")
    async with app.run_test(size=(80, 24)) as pilot:
        assert app.theme == "desk-contrast-dark"
        app.post_message(BackgroundTold(light=True))
        await until(pilot, lambda: kept(room.state_folder, "background", terminal) == "light")
        assert app.theme == worn


async def test_where_it_is_set_elsewhere_it_is_not_chosen(room: Room) -> None:
    app = app_of(room, theme="light", theme_from="TUI_DESK_THEME")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.agent is not None)
        assert app.theme == "desk-light"
        app.post_message(BackgroundTold(light=False))
        await pilot.press(":", *"theme dark", "enter")
        await shows(pilot, "TUI_DESK_THEME says light")
        assert app.theme == "desk-light"


@pytest.mark.parametrize(
    ("environment", "worn"),
    [
        ({"NO_COLOR": "1"}, "desk-none"),
        ({"TERM": "xterm"}, "desk-terminal-light"),
        ({"TERM": "xterm-ghostty"}, "desk-light"),
        ({"TERM": "screen-256color"}, "desk-light"),
        ({"TERM": "xterm", "COLORTERM": "truecolor"}, "desk-light"),
    ],
)
async def test_what_a_terminal_can_show(
    room: Room, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], worn: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert app_of(room, theme="light").theme == worn


async def test_my_settings_have_it_too(room: Room) -> None:
    app = app_of(room)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.agent is not None)
        await pilot.press("g", "f")
        await shows(pilot, "This terminal", "Motion")
        app.screen.query_one("#row-motion ChoiceField").focus()
        await pilot.pause()
        await pilot.press("right", "ctrl+s")
        await shows(pilot, "Your settings are saved.")
        assert app.is_calm
        assert kept(room.state_folder, "motion", "ana") == "reduced"
