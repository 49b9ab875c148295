"""Where somebody was: one file a session, for the next one, whatever the folder is like."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tui_desk.core.kept_place import KeptPlace, PlaceKeeper, left_behind

OWNER = "0" * 16


def test_two_sessions_at_once_do_not_take_each_others_place(tmp_path: Path) -> None:
    first, second = PlaceKeeper(tmp_path, OWNER), PlaceKeeper(tmp_path, OWNER)
    first.keep(KeptPlace(ticket=1))
    assert left_behind(tmp_path, OWNER) is None
    second.keep(KeptPlace(ticket=2))
    second.leave()
    assert left_behind(tmp_path, OWNER) == KeptPlace(ticket=2)
    first.leave()
    assert left_behind(tmp_path, OWNER) == KeptPlace(ticket=1)
    assert left_behind(tmp_path, OWNER) is None


def test_a_place_that_is_just_being_made_is_not_taken_for_one_left_behind(tmp_path: Path) -> None:
    keepers = [PlaceKeeper(tmp_path, OWNER) for _each in range(300)]

    def take_all() -> list[KeptPlace | None]:
        return [left_behind(tmp_path, OWNER) for _each in range(600)]

    with ThreadPoolExecutor() as threads:
        taking = threads.submit(take_all)
        for number, keeper in enumerate(keepers):
            keeper.keep(KeptPlace(ticket=number))
        assert not any(taking.result())
    assert len([*tmp_path.iterdir()]) == len(keepers)
    for keeper in keepers:
        keeper.forget()
    assert not [*tmp_path.iterdir()]


def test_the_file_is_its_owners_alone_and_names_neither_desk_nor_person(tmp_path: Path) -> None:
    keeper = PlaceKeeper(tmp_path / "state", OWNER)
    keeper.keep(KeptPlace(query="from:ana"))
    [file] = (tmp_path / "state").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.name.startswith(f"place-{OWNER}-")
    keeper.forget()


def test_where_nothing_can_be_written_a_session_ends_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    keeper = PlaceKeeper(tmp_path / "file" / "state", OWNER)
    keeper.keep(KeptPlace(ticket=1))
    assert left_behind(tmp_path / "file" / "state", OWNER) is None
    keeper.forget()


def test_what_is_no_place_is_taken_away(tmp_path: Path) -> None:
    for number, text in enumerate(("", "[]", "{}", '{"view": "open"}', "\x00")):
        (tmp_path / f"place-{OWNER}-{number}.json").write_text(text)
    assert left_behind(tmp_path, OWNER) is None
    assert not [*tmp_path.iterdir()]


def test_the_saved_view_is_kept_and_a_file_of_before_has_none(tmp_path: Path) -> None:
    keeper = PlaceKeeper(tmp_path, OWNER)
    keeper.keep(KeptPlace(query="vpn", saved=7))
    keeper.leave()
    [file] = tmp_path.iterdir()
    old = file.read_text().replace(', "saved": 7', "")
    assert left_behind(tmp_path, OWNER) == KeptPlace(query="vpn", saved=7)
    file.write_text(old)
    assert left_behind(tmp_path, OWNER) == KeptPlace(query="vpn")


def test_what_anybody_left_behind_a_month_ago_is_taken_away_and_what_somebody_holds_stays(
    tmp_path: Path,
) -> None:
    others = [PlaceKeeper(tmp_path, f"{number:016x}") for number in range(1, 4)]
    for keeper in others:
        keeper.keep(KeptPlace(ticket=1))
    gone, recent, held = (next(tmp_path.glob(f"place-{number:016x}-*.json")) for number in range(1, 4))
    (tmp_path / "place-half.new").touch()
    (tmp_path / "tui-desk.log").touch()
    others[0].leave()
    others[1].leave()
    a_month_ago = time.time() - 31 * 86_400
    for path in tmp_path.iterdir():
        os.utime(path, (a_month_ago, a_month_ago))
    os.utime(recent)
    assert left_behind(tmp_path, OWNER) is None
    assert {path.name for path in tmp_path.iterdir()} == {recent.name, held.name, "tui-desk.log"}
    assert not gone.exists()
