"""What is sent to the terminal besides pictures: clipboard, notifications, and the sentence for small screens."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.errors import Refused, Unavailable
from tui_desk.terminal import clipboard, crash, editor, notify, size


@given(st.text(max_size=200))
def test_what_is_copied_is_what_was_shown(text: str) -> None:
    sequence = clipboard.sequence(text)
    match = re.fullmatch(r"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07", sequence)
    assert match
    copied = base64.b64decode(match.group(1)).decode()
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", copied)


def test_too_much_for_the_clipboard_is_refused_with_its_size() -> None:
    assert len(clipboard.sequence("x" * clipboard.MAX_BYTES)) < 100_005
    with pytest.raises(Refused, match="74995 bytes"):
        clipboard.sequence("x" * (clipboard.MAX_BYTES + 1))


@given(st.text(max_size=80), st.text(max_size=80))
@pytest.mark.parametrize(
    ("environment", "form"),
    [
        ({"TERM": "xterm-kitty"}, r"\x1b\]9;[^\x00-\x1f;]*\x07"),
        ({"TERM": "foot"}, r"\x1b\]777;notify;[^\x00-\x1f;]*;[^\x00-\x1f;]*\x07"),
        ({"TERM": "tmux-256color", "TMUX": "x", "TERM_PROGRAM": "WezTerm"}, r"\x07"),
        ({"TERM": "xterm-256color"}, r"\x07"),
    ],
)
def test_a_notification_is_one_sequence(
    environment: dict[str, str], form: str, title: str, body: str
) -> None:
    assert re.fullmatch(form, notify.sequence(title, body, environment))
    assert notify.sequence(title, body, environment, bell=True) == "\x07"


def test_the_title_counts_and_is_given_back() -> None:
    here = {"TERM": "xterm-256color"}
    assert notify.title(3, here) == "\x1b]2;(3) tui-desk\x07"
    assert notify.title(0, here) == "\x1b]2;tui-desk\x07"
    assert notify.title(None, here) == "\x1b]2;\x07"
    assert notify.title(3, {"TERM": "linux"}) == ""


def test_a_small_screen_is_told_what_is_needed() -> None:
    assert not size.too_small(60, 16)
    assert size.too_small(59, 24)
    assert size.too_small(80, 15)
    assert "59×24" in size.too_small_told(59, 24)


def test_the_editor_is_visual_then_editor() -> None:
    assert editor.editor_command({"VISUAL": "code --wait", "EDITOR": "vi"}) == ["code", "--wait"]
    assert editor.editor_command({"EDITOR": "'/my editors/one' -x"}) == ["/my editors/one", "-x"]
    with pytest.raises(Unavailable):
        editor.editor_command({"EDITOR": "'open"})


def test_the_folder_for_texts_is_private(tmp_path: Path) -> None:
    runtime, state = tmp_path / "run", tmp_path / "state"
    runtime.mkdir()
    folder = editor.private_folder({"XDG_RUNTIME_DIR": str(runtime)}, state)
    assert folder.parent == state, "what ends with the session would not be found again"
    assert folder.stat().st_mode & 0o777 == 0o700
    (tmp_path / "elsewhere").mkdir()
    folder.rmdir()
    folder.symlink_to(tmp_path / "elsewhere")
    assert editor.private_folder({"XDG_RUNTIME_DIR": str(runtime)}, state).parent == runtime


def test_the_log_of_unexpected_errors_is_private_and_holds_no_values(tmp_path: Path) -> None:
    try:
        raise KeyError("correct horse")
    except KeyError as error:
        path = crash.log_unexpected("test", error, tmp_path / "log")
    assert path.stat().st_mode & 0o777 == 0o600
    assert "KeyError" in path.read_text()
    assert "correct horse" not in path.read_text()
