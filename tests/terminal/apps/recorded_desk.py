"""The desk with our driver, and beside it, in the file that is named, what Textual's own driver would have sent.

``python recorded_desk.py RECORD [ARGUMENTS OF TUI-DESK]``. Both are made of the same frames of one run, so nothing but the way to the
terminal can differ.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from textual._compositor import CompositorUpdate
from textual.screen import Screen

import tui_desk.app
from tui_desk.__main__ import main
from tui_desk.terminal.driver import WireDriver

RECORD = Path(sys.argv[1])


class Recording(WireDriver):
    """Writes each frame down as Textual would send it, then does what ours does."""

    def _show(self, otherwise: Callable[[Screen[Any], Any], None], screen: Screen[Any], update: Any) -> None:
        if isinstance(update, CompositorUpdate) and not self._app._batch_count:
            with RECORD.open("a", encoding="utf-8") as record:
                record.write(update.render_segments(self._app.console))
        super()._show(otherwise, screen, update)


if __name__ == "__main__":
    vars(tui_desk.app)["WireDriver"] = Recording  # the one name by which the application finds its driver
    sys.exit(main(sys.argv[2:]))
