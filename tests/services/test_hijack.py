"""Whoever takes no part in a ticket gets nothing into it, whatever they name; whoever does gets in, or is offered, whatever was lost."""

from __future__ import annotations

import base64
import hmac
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.services.attacks import ATTACKS, changed
from tests.services.damaged_answers import HONEST
from tests.services.mail_world import Case, World, open_world
from tui_desk.mail.message_id import (
    make_message_id,
    make_reply_address,
    verify_message_id,
    verify_reply_address,
)
from tui_desk.models import Message, PersonAddress, Ticket

GUESSES = int(os.environ.get("TUI_DESK_GUESSES", "20000"))
"""Read while the tests are collected: no test sees such variables."""


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """One desk for all attacks: nothing one of them leaves behind may help the next."""
    folder: Path = tmp_path_factory.mktemp("hijack")
    if request.param == "sqlite":
        with open_world(f"sqlite:///{folder / 'desk.db'}") as opened:
            yield opened
        return
    server = request.getfixturevalue("postgres_server")
    with server.fresh_database() as url, open_world(url) as opened:
        yield opened


@pytest.fixture(scope="module")
def victim(world: World) -> Case:
    return world.case("customer.test", "Payroll server is down", cc="Cora <cora@partner.test>")


def test_there_are_enough_attacks() -> None:
    assert len(ATTACKS) >= 40
    assert len(HONEST) >= 30


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_nothing(world: World, victim: Case, name: str) -> None:
    raws = ATTACKS[name](world, victim)
    with world.desk.database.reading() as session:
        numbers = list(session.exec(select(Ticket.id)))
        last = session.exec(select(Message.id).order_by(col(Message.id).desc()).limit(1)).one()
    before = {number: world.picture(number) for number in numbers if number is not None}
    entries = world.receive(*raws)
    assert "joined" not in [entry.verdict for entry in entries if entry.ticket_id in before]
    for number, picture in before.items():
        assert world.picture(number) == picture, f"#{number} is not as it was"
    with world.desk.database.reading() as session:
        made = session.exec(select(Ticket).where(col(Ticket.id).not_in(numbers))).all()
        assert {(one.status, one.priority, one.assignee_id, one.team_id) for one in made} <= {
            ("new", 1, None, None)
        }
        theirs = {
            row.person_id
            for row in session.exec(
                select(PersonAddress).where(PersonAddress.address == "anna@customer.test")
            )
        }
        if "forward" in name:
            assert not {one.requester_id for one in made} & theirs, (
                "nobody is made the author of what they did not write"
            )
        written = session.exec(select(Message).where(col(Message.id) > last)).all()
        assert {(row.kind, row.direction, row.author_agent_id) for row in written} <= {("email", "in", None)}
    for raw, entry in zip(raws, entries, strict=True):
        if entry.message_id is not None and entry.verdict == "created":
            message = world.message(entry)
            failed = b"dmarc=fail" in raw.partition(b"\n")[0]
            as_agent = (
                message.author_address.endswith("@desk.test") and b"dmarc=pass" not in raw.partition(b"\n")[0]
            )
            assert "unverified" in message.marks or not (failed or as_agent)


def test_honest_but_damaged_answers_join_or_are_offered(world: World) -> None:
    lost = []
    for name, write in HONEST.items():
        case = world.case(cc="Cora <cora@partner.test>")
        entry = world.receive(*write(world, case))[-1]
        joined = (entry.verdict, entry.ticket_id) == ("joined", case.number)
        if not joined and (case.number, "suggested") not in world.offered(entry.ticket_id):
            lost.append((name, entry.verdict, entry.explanation))
    assert len(lost) <= len(HONEST) * 0.02, lost
    assert not lost


@pytest.mark.timeout(3_600)  # for the million itself
def test_a_million_guesses_of_tokens() -> None:
    """A sample of them on every run; TUI_DESK_GUESSES says how many. 100 and 128 bits: none can be right."""
    secret, chance = bytes(range(32)), random.Random(7)
    accepted = 0
    for number in range(GUESSES):
        told = base64.b32encode(chance.randbytes(17)).decode().lower()
        ticket = number % 1000 + 1
        accepted += verify_message_id(f"td.{ticket}.{number}.{told[:26]}@desk.test", secret) is not None
        accepted += verify_reply_address(f"support+t.{ticket}.{told[:20]}@desk.test", secret) is not None
    assert accepted == 0


def test_tokens_are_long_enough_and_every_character_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = b"s" * 32
    address = str(make_reply_address("support@desk.test", 7, secret))
    signature = address.split("@")[0].rpartition(".")[2]
    assert len(signature) * 5 >= 80
    assert verify_reply_address(address.upper(), secret) == 7
    for at in range(len("support+t."), address.index("@")):
        assert verify_reply_address(changed(address, at), secret) is None
    for wrong in (
        "support+t.07." + signature,
        "support+t.7." + signature + "a",
        "t.7." + signature,
        "support+t.7.\u212a" + signature[1:],
    ):
        assert verify_reply_address(f"{wrong}@desk.test", secret) is None
    compared: list[int] = []
    plain = hmac.compare_digest

    def watched(one: str, other: str) -> bool:
        compared.append(len(one))
        return plain(one, other)

    monkeypatch.setattr(hmac, "compare_digest", watched)
    verify_reply_address(changed(address, address.index("@") - 1), secret)
    verify_message_id(changed(make_message_id(7, 1, secret, "desk.test"), 8), secret)
    assert compared == [20, 26], "compared in constant time"
    assert make_reply_address("s" * 50 + "@desk.test", 7, secret) is None, "too long for a local part"
    assert make_reply_address("support+de@desk.test", 7, secret) is None
