"""The mailbox form fills in; what a person types takes the place of what was filled in, and what is told is true."""

from __future__ import annotations

from tests.screens.desk import Room, shows, text_of, told, until
from tests.screens.mailbox_desk import open_form, put


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


async def test_the_address_fills_in_its_provider_but_not_over_what_was_typed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        put(screen, smtp_host="mine.example.org")
        for key in "desk@gmail.com":
            await pilot.press(key)
        await pilot.press("enter")
        await until(pilot, lambda: screen.value("imap_host") == "imap.gmail.com")
        assert screen.value("imap_user") == "desk@gmail.com"
        assert screen.value("smtp_host") == "mine.example.org"
        assert screen.query_one("#form-notes").display


async def test_security_chooses_the_usual_port_unless_another_was_typed(admin_room: Room) -> None:
    async with admin_room.running() as pilot:
        screen = await open_form(pilot)
        screen.control("imap_security").focus()
        await pilot.press("right")
        assert (screen.value("imap_security"), screen.value("imap_port")) == ("starttls", "143")
        put(screen, imap_port="1143")
        screen.control("imap_security").focus()
        await pilot.press("left")
        assert (screen.value("imap_security"), screen.value("imap_port")) == ("tls", "1143")


async def test_the_guess_is_none_any_more_when_the_person_names_the_server(admin_room: Room) -> None:
    async with admin_room.running((200, 50)) as pilot:
        screen = await open_form(pilot)
        for key in "desk@small.example":
            await pilot.press(key)
        await pilot.press("enter")
        await shows(pilot, "These servers are a guess")
        put(screen, name="Desk")
        await pilot.pause()
        assert "These servers are a guess" in text_of(pilot)
        put(screen, imap_host="mail.small.example")
        await until(pilot, lambda: "These servers are a guess" not in text_of(pilot))
