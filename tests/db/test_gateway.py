"""The gateway's own part of the live updates: nothing that is committed behind the first reading is missed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from tests.support.ports import PATIENCE
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.status import ShowStatus
from tui_desk.db.engine import Database
from tui_desk.gateway import DeskGateway
from tui_desk.services.actor import MAIL
from tui_desk.services.agents import ensure_first_agent
from tui_desk.services.events import record

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


async def test_what_is_committed_between_the_first_reading_and_the_first_listener_is_told(
    database: Database,
) -> None:
    with database.writing() as session:
        actor = ensure_first_agent(session, "ana", "Ana")
    gateway = DeskGateway(database.url, actor)
    try:
        gateway.follow()
        gateway.ask_now(ShowStatus())
        with database.writing() as session:
            record(session, MAIL, "ticket:7", "ticket.created", NOW)
        told: asyncio.Queue[Change] = asyncio.Queue()
        gateway.subscribe(told.put_nowait)
        await asyncio.wait_for(told.get(), PATIENCE)
    finally:
        await asyncio.to_thread(gateway.close)


async def test_a_listener_is_told_nothing_when_nothing_happened(database: Database) -> None:
    with database.writing() as session:
        actor = ensure_first_agent(session, "ana", "Ana")
    gateway = DeskGateway(database.url, actor)
    try:
        gateway.follow()
        told: list[str] = []
        first: asyncio.Queue[Change] = asyncio.Queue()
        gateway.subscribe(lambda _change: told.append("told"))
        gateway.subscribe(first.put_nowait)
        with database.writing() as session:
            record(session, MAIL, "ticket:7", "ticket.created", NOW)
        await asyncio.wait_for(first.get(), PATIENCE)
        assert told == ["told"]
    finally:
        await asyncio.to_thread(gateway.close)
