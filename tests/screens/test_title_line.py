"""The top line: a long subject never hides how the desk does."""

from __future__ import annotations

from sqlmodel import select
from textual.app import App, ComposeResult
from textual.content import Content

from tests.screens.desk import Room, add_mailbox, shows, text_of, until
from tui_desk.contracts.conversation import SendReply
from tui_desk.contracts.tickets import ReportPresence
from tui_desk.core.enums import DeliveryState, PresenceMode
from tui_desk.models import Delivery
from tui_desk.screens.chrome import TitleLine


def fail_for_everybody(room: Room, number: int) -> None:
    """A reply to two people that reached neither."""
    room.ask(
        SendReply(
            number,
            "An answer.",
            cc="two@client.test",
            now=True,
            confirmed=("outsider", "recipients_changed"),
        )
    )
    with room.desk.writing() as session:
        deliveries = session.exec(select(Delivery)).all()
        assert len(deliveries) == 2
        for delivery in deliveries:
            delivery.state = DeliveryState.FAILED.value
            session.add(delivery)


async def test_a_long_subject_is_cut_and_messages_are_counted_not_recipients(room: Room) -> None:
    add_mailbox(room)
    number = room.ticket("The printer in the basement " * 6)
    fail_for_everybody(room, number)
    async with room.running() as pilot:
        await shows(pilot, "1 not sent")
        await pilot.press("enter")
        await shows(pilot, "It burns.")
        await until(pilot, lambda: "The printer in" in text_of(pilot).splitlines()[0])
        top = text_of(pilot).splitlines()[0]
        assert "…  1 not sent  ana" in top


async def test_a_killed_terminal_of_one_s_own_is_nobody_else(room: Room) -> None:
    number = room.ticket()
    room.desk.now = room.gateway_now()
    room.ask(ReportPresence(number, "killed-terminal", PresenceMode.WRITING))
    room.desk.ask(ReportPresence(number, "terminal-ben", PresenceMode.VIEWING), room.desk.ben)
    async with room.running() as pilot:
        await shows(pilot, "Printer on fire")
        await pilot.press("enter")
        await shows(pilot, "It burns.", "Ben Otto")
        assert "Ana Díaz is writing" not in text_of(pilot)


class _Line(App[None]):
    def compose(self) -> ComposeResult:
        yield TitleLine()


async def test_however_long_the_place_is_named_the_right_side_is_whole() -> None:
    app = _Line()
    async with app.run_test(size=(40, 3)) as pilot:
        await pilot.pause()
        shown = app.query_one(TitleLine)
        for length in range(1, 60):
            shown.show(Content("x" * length), Content("1 not sent  ana"))
            assert str(shown.render()).endswith("  1 not sent  ana"), length
