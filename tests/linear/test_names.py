"""What the linear mode calls things: every name means an action of the registry, and who asks for lines gets them."""

from __future__ import annotations

import pytest

from tui_desk.__main__ import interface_options
from tui_desk.actions.linear import ALIASES, HELP, REASONS, linear_registry
from tui_desk.linear.dots import HANDLERS as DOTS
from tui_desk.linear.dots import SCOPES
from tui_desk.linear.handlers import HANDLERS
from tui_desk.linear.session import LIST_SCOPES, TICKET_SCOPES
from tui_desk.settings import load_settings


def test_every_name_means_an_action_and_every_action_that_is_served_can_be_reached() -> None:
    registry = linear_registry()
    known = {action.id for action in registry}
    facts = {need.fact for action in registry for need in action.needs}
    assert set(ALIASES.values()) | set(HELP) <= known
    assert set(REASONS) <= facts | {"selected"}
    reached = {action.id for action in registry.in_scopes((*LIST_SCOPES, *TICKET_SCOPES))}
    assert set(HANDLERS) <= reached
    assert set(DOTS) <= {action.id for action in registry.in_scopes(SCOPES)}
    assert set(ALIASES) & reached <= {"open"}, (
        "an action's own name means itself; only open is said with a number"
    )


@pytest.mark.parametrize(
    ("said", "term", "linear"),
    [
        ("", "xterm", False),
        ("", "dumb", True),
        ("1", "xterm", True),
        ("yes", "xterm", True),
        ("0", "dumb", False),
        ("perhaps", "xterm", False),
    ],
)
def test_who_asks_for_lines_gets_them(
    monkeypatch: pytest.MonkeyPatch, said: str, term: str, linear: bool
) -> None:
    monkeypatch.setenv("TUI_DESK_LINEAR", said)
    monkeypatch.setenv("TERM", term)
    settings = load_settings()
    assert settings.is_linear is linear
    assert bool(settings.problems) is (said == "perhaps")


def test_the_flag_stands_anywhere() -> None:
    options = interface_options(["--as", "ana", "--linear", "--db=x.db"])
    assert options is not None
    assert (options.linear, options.login, options.database) == (True, "ana", "x.db")
    assert interface_options(["--linear=yes"]) is None
