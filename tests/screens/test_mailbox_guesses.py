"""The mailbox form fills in; what a person types takes the place of what was filled in, and what is told is true."""

from __future__ import annotations

from tests.screens.desk import Room, shows, told, until
from tests.screens.test_mailboxes import admin_room, open_form, put

__all__ = ["admin_room"]


async def test_what_is_typed_into_a_guess_replaces_it(admin_room: Room) -> None:
    async with admin_room.running((200, 50)) as pilot:
        screen = await open_form(pilot)
        await pilot.press(*"desk@small.example", "enter")
        await shows(pilot, "These servers are a guess")
        for name, typed in (("imap_host", "mail.acme.example"), ("imap_port", "1993"), ("imap_user", "desk")):
            screen.control(name).focus()
            await pilot.pause()
            await pilot.press(*typed)
            assert screen.value(name) == typed
        screen.control("imap_host").focus()
        await pilot.press("down", "up", "end", *".test")
        assert screen.value("imap_host") == "mail.acme.example.test"


async def test_wrong_fields_are_told_until_they_are_right(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, address="help@desk.test", imap_host="imap host")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "2 fields are not right yet" in told(pilot))
        put(screen, imap_host="imap.desk.test")
        await until(pilot, lambda: "1 field is not right yet" in told(pilot))
        put(screen, password="a long secret")
        await until(pilot, lambda: "not right yet" not in told(pilot))
