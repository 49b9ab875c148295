"""Repaints all the time; ``e`` opens the editor, ``c`` crashes, ``b`` blocks the event loop for ever."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from textual.app import App, ComposeResult
from textual.widgets import Static

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tui_desk.core.errors import DeskError
from tui_desk.terminal import notify
from tui_desk.terminal.choke import install_choke_point
from tui_desk.terminal.driver import WireDriver
from tui_desk.terminal.editor import edit_text


class Ticking(App[None]):
    """A screen that changes fifty times a second."""

    ticks = 0
    secret = "correct horse battery"

    def compose(self) -> ComposeResult:
        yield Static("", id="ticks", markup=False)
        yield Static("ready", id="told", markup=False)

    def on_mount(self) -> None:
        notify.write(self, notify.title(0, {"TERM": "xterm"}))
        self.set_interval(0.02, self.tick)

    def tick(self) -> None:
        self.ticks += 1
        (Path(os.environ["STATE"]) / "ticks").write_text(str(self.ticks))
        self.query_one("#ticks", Static).update(f"tick {self.ticks} " * 20)

    async def key_e(self) -> None:
        self.run_worker(self.edit())

    async def edit(self) -> None:
        try:
            edited = await edit_text(
                self, "draft", environment=os.environ, state_folder=Path(os.environ["STATE"])
            )
            edited.forget()
            text = edited.text
        except DeskError as error:
            text = str(error)
        self.query_one("#told", Static).update(f"told: {text} after {self.ticks} ticks")

    def key_c(self) -> None:
        local_secret = self.secret
        raise ValueError(local_secret)

    def key_b(self) -> None:
        time.sleep(1_000)


if __name__ == "__main__":
    install_choke_point()
    app = Ticking(driver_class=WireDriver)
    app.run()
    print("ended", app.return_code)
