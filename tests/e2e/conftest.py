"""What several tests of the whole program share."""

from __future__ import annotations

import pytest

from tests.support.hostile_desk import GATHERED, HostileDesk, build_hostile_desk
from tests.support.payloads import PAYLOADS


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> HostileDesk:
    """A desk full of hostile text, built once."""
    folder = tmp_path_factory.mktemp("hostile")
    tickets, _refused = build_hostile_desk(folder / "desk.db")
    assert set(tickets) == {*(payload.mark for payload in PAYLOADS), GATHERED}
    return HostileDesk(folder, tickets)
