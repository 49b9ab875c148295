"""The way to the first painted queue stays short, and the queue small: what is not needed for it is not imported. An end in the middle of
it is quiet."""

from __future__ import annotations

import asyncio
import json
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
    "_hashlib",  # OpenSSL
    "zoneinfo",
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
import tui_desk.bootstrap, tui_desk.interface, tui_desk.process_zone, tui_desk.settings  # the way in

WRITING = ("tui_desk.services.conversation", "tui_desk.services.drafts", "tui_desk.screens.compose")
gateway = DeskGateway(parse_database_url(sys.argv[1]), Actor(int(sys.argv[2]), "ana", "Ana", Role.AGENT, "s"))

async def main():
    app = DeskApp(gateway, AppOptions(Path(sys.argv[3])))
    async with app.run_test(size=(150, 40)) as pilot:
        async def until(holds):
            end = time.monotonic() + 120
            while not holds("\\n".join(strip.text for strip in app.screen._compositor.render_strips())):
                assert time.monotonic() < end, "the queue was not painted"
                await pilot.pause(0.01)

        def tell():
            print(json.dumps(sorted(sys.modules)), flush=True)

        await until(lambda text: "Printer on fire" in text and "It burns." in text and app.agent is not None)
        tell()
        await until(lambda text: "Toner is empty" in text)
        tell()
        await pilot.press("j")
        await until(lambda text: gateway.is_open and "tui_desk.screens.ticket" in sys.modules)
        tell()
        await pilot.press("enter")
        await until(lambda text: set(WRITING) <= set(sys.modules))
        tell()

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


MODULES_LATER = ("sqlmodel", "tui_desk.services.ticket_view")
"""What showing a ticket needs."""


def test_nothing_heavy_is_imported_for_the_queue_before_somebody_is_at_the_keys(
    room: Room, tmp_path: Path
) -> None:
    room.ticket()
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    arguments = [sys.executable, "-c", SCRIPT, url, str(room.desk.ana.agent_id), str(tmp_path)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as app:
        try:
            painted = _modules(app)
            room.ticket("Toner is empty")  # rows, counts, title and preview are read anew
            looked_at = _modules(app)
            used = _modules(app)
            read = _modules(app)  # a ticket is open, nothing was written
            assert app.wait(PATIENCE) == 0
        finally:
            app.kill()
    assert _heavy(painted) == []
    assert _heavy(looked_at) == []
    assert used.issuperset(MODULES_LATER)
    assert _mail(used) == []
    assert "tui_desk.services.conversation" in read


def _modules(app: subprocess.Popen[str]) -> set[str]:
    """What the application says it has imported."""
    assert app.stdout is not None
    assert app.stderr is not None
    line = app.stdout.readline()
    assert line, app.stderr.read()
    return set(json.loads(line))


def _heavy(modules: set[str]) -> list[str]:
    return sorted(
        name for name in modules if any(name == heavy or name.startswith(f"{heavy}.") for heavy in HEAVY)
    )


def _mail(modules: set[str]) -> list[str]:
    """What reads and sends mails, and checks addresses: no part of showing a ticket."""
    return sorted(
        name
        for name in modules
        if name.startswith(("tui_desk.mail.", "imapclient", "markdown_it", "email_validator"))
        and name != "tui_desk.mail.message"
    )
