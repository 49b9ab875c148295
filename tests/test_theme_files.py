"""Themes of one's own: what is wrong in a file names its line, the program starts all the same, and the command line says the same."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.command import run_here
from tui_desk.core.kept_look import keep, kept, was_light
from tui_desk.rules.themes import BUILT_IN, TOKENS
from tui_desk.settings import load_settings
from tui_desk.theme_files import own_theme, own_themes, read_theme, unknown


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    place = platformdirs.user_config_path("tui-desk") / "themes"
    place.mkdir(parents=True)
    return place


def write(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_theme_that_is_hard_to_read_is_worn_and_told(folder: Path) -> None:
    path = write(folder, '[colors]\nbackground = "#202020"\ntext = "#303030"\n')
    settings = load_settings(theme="mine")
    assert settings.theme.value == "mine"
    (problem,) = settings.problems
    assert str(path) in problem
    assert "hard to read" in problem
    write(folder, 'base = "light"\n')
    assert load_settings(theme="mine").problems == ()


def test_what_is_no_file_is_no_theme_and_holds_nothing_up(folder: Path) -> None:
    os.mkfifo(folder / "waits.toml")
    (folder / "folder.toml").mkdir()
    assert [file.theme for file in own_themes().values()] == [None, None]


def test_what_a_file_leaves_out_is_as_in_its_base(folder: Path) -> None:
    write(folder, 'base = "light"\n[colors]\nbackground = "#FDF6E3"\naccent = "#6c3fa0"\n')
    file = own_theme("mine")
    assert file is not None
    assert file.theme is not None
    assert not file.theme.dark
    assert file.theme.colors == {**BUILT_IN["light"].colors, "background": "#fdf6e3", "accent": "#6c3fa0"}
    assert file.theme.source == str(folder / "mine.toml")
    assert load_settings(theme="mine").own_theme == file.theme


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ('base = "lihgt"\n', 1, "base is one of dark, light"),
        ('base = "dark"\ncolours = 1\n', 2, "there is no “colours”, only base and colors"),
        ('[colors]\ntext = "#fff"\n', 2, "“text” must be a colour"),
        ("[colors]\n\ntext = 7\n", 3, "“text” must be a colour"),
        ('[colors]\nmutted = "#ffffff"\n', 2, "did you mean muted"),
        ('[colors]\ntext = "#ffffff\n', 2, ""),
        ('colors = "dark"\n', 1, "must be a table"),
        ('[colors]\ntext = "#ffffff"\ntext = "#000000"\n', 3, "twice"),
    ],
)
def test_a_mistake_names_its_line_and_the_default_is_worn(
    folder: Path, text: str, line: int, told: str
) -> None:
    path = write(folder, text)
    found = load_settings(theme="mine")
    assert found.theme.value == "auto"
    assert found.own_theme is None
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"{path}, line {line}: ")
    assert told in found.problems[0]
    checked = run_here("theme", "check", str(path))
    assert checked.code == 1
    assert found.problems[0] in checked.out


@pytest.mark.parametrize("name", ["dark", "Mine", "a b"])
def test_a_name_that_cannot_be_is_told(folder: Path, name: str) -> None:
    write(folder, "", name)
    assert "name" in own_themes()[name].problems[0]
    assert own_themes()[name].theme is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=200)
    | st.dictionaries(
        st.sampled_from([*TOKENS, "x"]), st.sampled_from(["#123456", "#12345g", ""]), max_size=6
    ).map(lambda table: "\n".join(["[colors]", *(f'{n} = "{v}"' for n, v in table.items())]).encode())
)
def test_no_file_stops_the_start(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "any.toml"
    path.write_bytes(content)
    file = read_theme(path)
    assert (file.theme is None) == bool(file.problems)
    if file.theme is not None:
        assert tuple(file.theme.colors) == TOKENS


def test_who_says_which_theme(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder, "")
    state = load_settings(agent="ana").state_folder
    keep(state, "theme", "ana", "safe")
    assert load_settings(agent="ana").theme.value == "safe"
    assert load_settings(agent="ben").theme.value == "auto"
    config = folder.parent / "config.toml"
    config.write_text('motion = "none"\ntheme = "ligth"\n', encoding="utf-8")
    found = load_settings(agent="ana")
    assert (found.theme.value, found.motion.value) == ("auto", "full")
    assert f"{config}, line 2: There is no theme ligth. Perhaps light." in found.problems
    assert any(one.startswith(f"{config}, line 1: ") for one in found.problems)
    monkeypatch.setenv("TUI_DESK_THEME", "contrast")
    monkeypatch.setenv("TUI_DESK_MOTION", "reduced")
    found = load_settings(agent="ana")
    assert (found.theme.value, found.motion.value, found.problems) == ("contrast", "reduced", ())
    assert load_settings(agent="ana", theme="mine").own_theme is not None
    assert load_settings(agent="ana", theme="nord").problems[0].startswith("--theme: There is no theme nord.")
    assert unknown("xyz")[1].endswith("mine.")


def test_the_background_is_known_before_it_is_asked(tmp_path: Path) -> None:
    here = {"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}
    assert not was_light(tmp_path, here)
    keep(tmp_path, "background", "WezTerm", "light")
    assert was_light(tmp_path, here)
    assert not was_light(tmp_path, {"TERM": "xterm-256color"})
    assert not was_light(tmp_path, {**here, "COLORFGBG": "15;default;0"})
    assert was_light(tmp_path, {"COLORFGBG": "0;15"})
    (tmp_path / "look.json").write_text('{"background": [1]}', encoding="utf-8")
    assert kept(tmp_path, "background", "WezTerm") == ""


def test_by_commands(folder: Path) -> None:
    write(folder, run_here("theme", "show", "light").out)
    write(folder, 'base = "light"\n[colors]\nfaint = "#dddddd"\n', "faint")
    rows = {row["name"]: row for row in json.loads(run_here("theme", "list", "--json").out)}
    assert next(iter(rows)) == "auto"
    assert rows["auto"]["used"]
    assert rows["mine"]["problems"] == []
    assert run_here("theme", "check", str(folder / "mine.toml")).code == 0
    checked = run_here("theme", "check", str(folder / "faint.toml"))
    assert checked.code == 1
    assert "faint on background has a contrast of 1.4, less than 4.5" in checked.out
    assert (
        load_settings(theme="faint").own_theme is not None
    )  # what is only hard to read is worn all the same
    assert run_here("theme", "use", "mine").code == 0
    assert load_settings().theme.value == "mine"
    wrong = run_here("theme", "use", "mien")
    assert wrong.code == 3
    assert "Perhaps mine." in wrong.err
