"""A ticket as plain text: what a person must be able to tell from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.mail_world import World, open_world
from tui_desk.cli.ticket_show import ticket_text
from tui_desk.contracts.tickets import ShowTicket


@pytest.fixture
def world(database_url: str) -> Iterator[World]:
    with open_world(database_url) as opened:
        yield opened


def test_a_borrowed_name_stands_beside_the_address_and_a_suggestion_has_its_reason_in_words(
    world: World,
) -> None:
    case = world.case()
    (eve,) = world.receive(world.mail(f'"{case.anna}" <eve@evil.test>', subject=f"[#{case.number}]"))
    text = ticket_text(world.desk.ask(ShowTicket(eve.ticket_id or 0)))
    assert f"{case.anna} <eve@evil.test> wrote" in text
    assert f"may belong to #{case.number}" in text
    assert "its subject names the number" in text
    assert "subject_token" not in text
