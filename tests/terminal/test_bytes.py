"""What the queue costs its terminal, in bytes: they are the same in every run, so the limits are exact."""

from __future__ import annotations

import statistics
from pathlib import Path

import pytest

from benchmarks.desk_of_size import make_desk
from benchmarks.terminal import _sent, desk_shown
from tests.terminal.pty_app import cells_of


@pytest.mark.parametrize(
    ("columns", "lines", "screen", "move"),
    [(80, 24, 4_000, 160), (200, 50, 9_000, 250)],
    ids=["small", "large"],
)
def test_the_queue_is_small_on_the_wire(
    tmp_path: Path, columns: int, lines: int, screen: int, move: int
) -> None:
    desk = tmp_path / "desk.db"
    make_desk(desk, 300)
    with desk_shown(desk, columns, lines) as app:
        assert len(app.output) <= screen
        cells = [cell for line in cells_of(app.screen) for cell in line if str(cell[0]).strip()]
        assert not [cell for cell in cells if cell[1] == cell[2]]  # text in the colour of what is behind it
        moves = [_sent(app, "j") for _key in range(5)]
        assert statistics.median(moves) <= move
        assert _sent(app, "enter") <= 4_000
