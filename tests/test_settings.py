"""The settings files: whatever is wrong in one names its line, and the rest counts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cli.command import run_here
from tui_desk.core.chosen_preset import keep_preset
from tui_desk.core.errors import ConfigurationError
from tui_desk.settings import load_settings
from tui_desk.settings_file import parse_settings


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("DATABASE", "AGENT", "DOWNLOADS", "PROGRAMS", "PRESET"):
        monkeypatch.delenv(f"TUI_DESK_{name}", raising=False)
    for name in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    path = tmp_path / "config" / "tui-desk" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


def test_a_broken_file_names_its_lines_and_the_rest_counts(config: Path) -> None:
    config.write_text(
        'database = "x.db"\npreset = "vim"\ncolour = 1\ndownloads = ana\n\n[keys]\ntake = ["i",\n  "I"]\n'
        'note = "n\nqueue.reply = "e"\n"ticket.reply" = "w"\ntake = "z"\nnonsense\n',
        encoding="utf-8",
    )
    settings = load_settings()
    assert settings.database.value == "x.db"
    assert settings.preset.value == "vim"
    assert settings.downloads.source == "default"
    assert settings.keys == {"take": ("i", "I"), "queue.reply": ("e",), "ticket.reply": ("w",)}
    assert dict(settings.key_lines)["ticket.reply"] == 11
    told = "\n".join(settings.problems)
    for line in (3, 4, 9, 12, 13):
        assert f"{config}, line {line}: " in told
    assert len(settings.problems) == 5


def test_another_desk_than_the_one_that_was_meant_is_not_opened(config: Path) -> None:
    config.write_text("database = oops.db\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="line 1"):
        load_settings()
    assert load_settings("y.db").database.value == "y.db"


def test_a_preset_that_there_is_not_is_told_and_the_file_goes_before_the_choice(config: Path) -> None:
    keep_preset(load_settings().state_folder, "vim")
    assert load_settings().preset.value == "vim"
    config.write_text('preset = "emacs"\n', encoding="utf-8")
    assert load_settings().preset.value == "emacs"
    config.write_text('agent = "ana"\npreset = "wim"\n', encoding="utf-8")
    settings = load_settings()
    assert settings.preset.value == "desk"
    assert f"{config}, line 2: there is no preset “wim”" in settings.problems[0]
    keep_preset(settings.state_folder, "\x1b[31m")
    config.unlink()
    assert load_settings().preset.value == "desk"
    assert "\x1b" not in load_settings().problems[0]


@given(st.text(alphabet=st.sampled_from("abk=[]\"'.#,{}\n 1é\ufffd\x00"), max_size=60))
def test_no_text_stops_the_start(text: str) -> None:
    found = parse_settings(Path("config.toml"), text)
    assert all("config.toml, line " in problem for problem in found.problems)


def test_the_command_line_chooses_shows_and_checks(config: Path) -> None:
    assert run_here("keys", "use", "vim").code == 0
    shown = run_here("keys", "show", "--json").json
    assert shown["preset"] == "vim"
    assert ["g 1"] in [one["keys"] for one in shown["actions"] if one["id"] == "view_mine"]
    assert run_here("keys", "check").code == 0
    config.write_text('[keys]\nnote = "r"\ntake = "i"\n', encoding="utf-8")
    wrong = run_here("keys", "check")
    assert wrong.code == 1
    assert f"{config}, line 2: r belongs to reply: note keeps its usual keys." in wrong.out
    config.write_text('preset = "emacs"\n', encoding="utf-8")
    refused = run_here("keys", "use", "desk")
    assert refused.code != 0
    assert str(config) in refused.err


def test_what_the_file_says_stands_above_ones_own_settings_and_what_is_wrong_in_it_does_not(
    config: Path,
) -> None:
    config.write_text(
        'after = "next"\nquiet = "22-7"\nquiet_weekends = true\nsignal = "horn"\nsilent = "rated, noise"\n',
        encoding="utf-8",
    )
    settings = load_settings()
    assert {name: value.value for name, value in settings.own} == {
        "after": "next",
        "quiet": "22-7",
        "quiet_weekends": "True",
    }
    assert [problem.partition(", ")[2][:6] for problem in settings.problems] == ["line 4", "line 5"]
    assert "notification, bell, off" in settings.problems[0]
