"""Draws docs/images/*.svg from the real interface on the sample desk: ``python docs/images/make.py``."""

from __future__ import annotations

import asyncio
import os
import random
import tempfile
from dataclasses import replace
from pathlib import Path

HERE = Path(__file__).resolve().parent
SIZE = (140, 36)


async def draw(folder: Path) -> None:
    """One picture of the queue and one of a ticket."""
    from tui_desk.app import DeskApp
    from tui_desk.bootstrap import open_desk
    from tui_desk.core.clock import utc_now
    from tui_desk.db.leases import acquire
    from tui_desk.demo.sample import Account, fill
    from tui_desk.gateway import DeskGateway
    from tui_desk.screens.host import AppOptions
    from tui_desk.settings import Value, load_settings

    settings = replace(
        load_settings(str(folder / "desk.db"), "you"),
        state_folder=folder,
        downloads=Value(str(folder), "picture"),
    )
    desk = open_desk(settings)
    fill(desk.database, desk.actor, Account("127.0.0.1", 1, 1, "x"), utc_now(), random.Random(1))
    gateway = DeskGateway(desk.database.url, desk.actor)
    with desk.database.writing() as session:
        acquire(session, "worker", "picture", utc_now(), seconds=3600)
    app = DeskApp(gateway, AppOptions(state_folder=folder, downloads=folder, session=gateway.actor.session))
    async with app.run_test(size=SIZE) as pilot:
        await _settled(pilot)
        await pilot.press("j", "j", "j", "j", "j")
        await _settled(pilot)
        (HERE / "queue.svg").write_text(app.export_screenshot(title="tui-desk"), encoding="utf-8")
        await pilot.press("enter")
        await _settled(pilot)
        (HERE / "ticket.svg").write_text(app.export_screenshot(title="tui-desk"), encoding="utf-8")
    gateway.close()
    desk.database.close()


async def _settled(pilot: object) -> None:
    """Until what was asked for is painted; a picture is drawn once, so a second is cheap."""
    await asyncio.sleep(1.0)
    await pilot.pause()  # type: ignore[attr-defined]


if __name__ == "__main__":
    os.environ.pop("NO_COLOR", None)
    os.environ["TERM"], os.environ["COLORTERM"] = "xterm-256color", "truecolor"
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(draw(Path(name)))
