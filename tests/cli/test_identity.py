"""Who acts: an agent only as itself, an admin as anybody, an account that is no agent as the one it names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_desk.bootstrap import open_desk
from tui_desk.contracts.desk import SaveAgent
from tui_desk.core.enums import Role
from tui_desk.core.errors import Refused
from tui_desk.services.dispatch import run
from tui_desk.settings import load_settings


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A desk with the admin ``root`` and the read-only agent ``ro``; the account is ``root``'s."""
    monkeypatch.setattr("getpass.getuser", lambda: "root")
    desk = open_desk(load_settings(str(tmp_path / "desk.db")))
    run(desk.database, desk.actor, SaveAgent("ro", create=True, role=Role.READ_ONLY))
    desk.database.close()
    return str(tmp_path / "desk.db")


@pytest.mark.parametrize(
    ("account", "named", "allowed"),
    [("root", "ro", True), ("ro", "ro", True), ("ro", "root", False), ("service", "ro", True)],
)
def test_names_that_may_be_borrowed(
    url: str, monkeypatch: pytest.MonkeyPatch, account: str, named: str, allowed: bool
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: account)
    settings = load_settings(url, named)
    if not allowed:
        with pytest.raises(Refused, match="only an admin"):
            open_desk(settings)
        return
    desk = open_desk(settings)
    assert desk.actor.login == named
    desk.database.close()
