"""The way to the first painted queue stays short: what is not needed for it is not imported. An end in the middle of it is quiet."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.screens.desk import Room
from tests.support.ports import PATIENCE
from tui_desk.screens.own_settings_form import OwnSettingsScreen

HEAVY = (
    "sqlalchemy",
    "sqlmodel",
    "alembic",
    "imapclient",
    "aiosmtplib",
    "markdown_it",
    "click",
    "email_validator",
    "fast_mail_parser",
    "cryptography",
    "rich.traceback",
    "pygments",
    "tui_desk.models",
    "tui_desk.mail",
    "tui_desk.screens.ticket",
    "tui_desk.screens.compose",
    "tui_desk.contracts.tickets",  # and with it those of all that belongs to one: a quarter of the start
    "tui_desk.contracts.conversation",
)
SCRIPT = """
import asyncio, json, sys, time
from pathlib import Path
from tui_desk.db.url import parse_database_url
from tui_desk.gateway import DeskGateway
from tui_desk.services.actor import Actor
from tui_desk.core.enums import Role
from tui_desk.app import DeskApp
from tui_desk.screens.host import AppOptions

gateway = DeskGateway(parse_database_url(sys.argv[1]), Actor(int(sys.argv[2]), "ana", "Ana", Role.AGENT, "s"))
gateway.warm_up = None  # what is opened behind the first picture is not part of the way to it

async def main():
    app = DeskApp(gateway, AppOptions(Path(sys.argv[3])))
    async with app.run_test(size=(80, 24)) as pilot:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            await pilot.pause(0.01)
            text = "\\n".join(strip.text for strip in app.screen._compositor.render_strips())
            if "Printer on fire" in text and app.agent is not None:
                break
        else:
            raise SystemExit("the queue was not painted")
        print(json.dumps(sorted(sys.modules)))

asyncio.run(main())
gateway.close()
"""


@pytest.mark.parametrize("turns", range(6))
async def test_an_end_while_a_screen_is_put_together_leaves_no_traceback(room: Room, turns: int) -> None:
    async with room.running() as pilot:
        pilot.app.push_screen(OwnSettingsScreen())
        for _turn in range(turns):
            await asyncio.sleep(0)
        pilot.app.exit()
    assert pilot.app.return_code == 0


def test_nothing_heavy_is_imported_before_the_queue_is_painted(room: Room, tmp_path: Path) -> None:
    room.ticket()
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, url, str(room.desk.ana.agent_id), str(tmp_path)],
        capture_output=True,
        text=True,
        env=dict(os.environ),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded = set(json.loads(done.stdout))
    found = sorted(
        name for name in loaded if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)
    )
    assert found == []
