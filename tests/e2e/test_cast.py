"""The session that the documentation shows, played on the demo desk: how many keys it takes, and what came of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyte

from tests.cli.command import on_desk
from tests.support.cast import CAST, COLUMNS, LINES, SCENES, Recording, demo_shown, play
from tests.support.ports import wait_until
from tests.terminal.pty_app import KEYS, ROOT

TRIAGE, ANSWER = 3, 5


def test_triage_takes_three_keys_and_an_answer_with_a_macro_five(tmp_path: Path) -> None:
    recording = Recording([])
    with demo_shown(tmp_path) as app:
        (database,) = tmp_path.glob("demo-*/desk.db")
        run = on_desk(str(database))

        def desk(*words: str) -> Any:
            return run(*words, "--json", TUI_DESK_AGENT="you", TUI_DESK_KEY_FILE="").json

        before = {one["number"]: one for one in desk("ticket", "list")}
        for _scene in play(app, recording):
            pass
        after = {one["number"]: one for one in desk("ticket", "list")}
        changed = {
            number: {name for name in ("status", "priority", "assignee") if one[name] != before[number][name]}
            for number, one in after.items()
        }
        (taken,) = (number for number, names in changed.items() if names == {"status", "assignee"})
        assert (before[taken]["priority"], before[taken]["assignee"]) == ("critical", "")
        assert after[taken]["status"] == "open"
        (urgent,) = (number for number, names in changed.items() if names == {"priority"})
        assert after[urgent]["priority"] == "high"
        (answered,) = (
            number
            for number, names in changed.items()
            if names == {"status"} and after[number]["status"] == "resolved"
        )

        def has_left() -> bool:
            reply = desk("ticket", "show", str(answered))["messages"][-1]
            return bool(reply["delivery"]) and reply["delivery"]["state"] == "sent"

        wait_until(has_left, what="the mail leaves")
        app.press("\x11")
        assert app.wait_exit() == 0
    played = [data for _at, kind, data in recording.events if kind == "i"]
    assert played == [KEYS.get(key, key) for scene in SCENES for key in scene.keys]
    assert {scene.most for scene in SCENES if scene.most} == {TRIAGE, ANSWER}
    assert all(len(scene.counted) <= scene.most for scene in SCENES if scene.most)


def test_the_kept_cast_shows_it() -> None:
    header, *events = (json.loads(line) for line in CAST.read_text(encoding="utf-8").splitlines())
    assert (header["version"], header["width"], header["height"]) == (2, COLUMNS, LINES)
    assert [at for at, _kind, _data in events] == sorted(at for at, _kind, _data in events)
    keys = [data for _at, kind, data in events if kind == "i"]
    assert keys == [KEYS.get(key, key) for scene in SCENES for key in scene.keys], (
        "python -m tests.support.cast"
    )
    screen = pyte.Screen(COLUMNS, LINES)
    stream, seen = pyte.Stream(screen), 0
    for _at, kind, data in events:
        if kind == "o":
            stream.feed(data)
        elif kind == "m":
            if seen:
                assert any(SCENES[seen - 1].shows in line for line in screen.display), SCENES[seen - 1].title
            seen += 1
    assert seen == len(SCENES) + 1
    assert str(ROOT) not in CAST.read_text(encoding="utf-8")
