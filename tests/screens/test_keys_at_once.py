"""A key on a list is served at once where nothing is under way there, and takes its turn where something is."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import events
from textual.pilot import Pilot

from tests.screens.desk import Room, fill, shows, until
from tui_desk.screens.queue import QueueScreen


def _key(name: str) -> events.Key:
    return events.Key(name, name if len(name) == 1 else None)


@asynccontextmanager
async def _at_rest(room: Room) -> AsyncIterator[tuple[Pilot[None], QueueScreen]]:
    """The queue of twelve tickets, with its cursor on the first and nothing under way."""
    fill(room)
    async with room.running() as pilot:
        await shows(pilot, "Printer 12 prints", "3 Open 12")
        queue = pilot.app.screen
        assert isinstance(queue, QueueScreen)
        await until(pilot, lambda: queue.take_at_once(_key("k")) and not queue.is_renewing())
        yield pilot, queue


async def test_keys_are_done_before_anything_else_has_a_turn(room: Room) -> None:
    async with _at_rest(room) as (_pilot, queue):
        first = queue.ticket_number()
        assert queue.take_at_once(_key("j"))
        assert queue.ticket_number() == first - 1
        assert queue.take_at_once(_key("down"))
        assert queue.ticket_number() == first - 2
        assert not queue.has_left_something


async def test_a_key_takes_its_turn_behind_what_is_under_way(room: Room) -> None:
    async with _at_rest(room) as (pilot, queue):
        first = queue.ticket_number()
        moved: list[int] = []
        queue.call_later(lambda: moved.append(queue.ticket_number()))
        assert queue.has_left_something
        assert not queue.take_at_once(_key("j"))
        assert queue.ticket_number() == first
        pilot.app.post_message(_key("j"))
        await until(pilot, lambda: queue.ticket_number() == first - 1)
        assert moved == [first]


async def test_what_may_be_the_beginning_of_more_takes_its_turn(room: Room) -> None:
    async with _at_rest(room) as (_pilot, queue):
        first = queue.ticket_number()
        assert not queue.take_at_once(_key("g"))
        assert queue.ticket_number() == first


async def test_what_is_typed_is_no_action(room: Room) -> None:
    async with _at_rest(room) as (pilot, queue):
        await pilot.press("slash")
        await until(pilot, queue.is_typing)
        assert not queue.take_at_once(_key("j"))
        pilot.app.post_message(_key("j"))
        await until(pilot, lambda: queue.filter_line().value == "j")
