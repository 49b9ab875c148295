"""Lines that go on below their own words: nothing lost, nothing too wide, what is wrapped stands further right."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tui_desk.screens.details import Fact, blocks, hung, labelled, sentence
from tui_desk.widgets.hanging import Hanging, quote_bars


def test_a_line_goes_on_from_the_indent() -> None:
    shown = Hanging(Content("Team      Service desk, also: Network\nTags      vpn"), 10).wrapped(30)
    assert shown.plain == "Team      Service desk, also:\n          Network\nTags      vpn"


def test_an_indent_leaves_room_for_words() -> None:
    assert Hanging(Content("Next action  Call Greta"), 16).wrapped(12).plain.split("\n")[1] == "    Call"


def test_a_quoted_line_goes_on_behind_its_bar() -> None:
    text = "│ the VPN client says that it is late\n│ │ and before it\nplain words that are too long as well"
    assert Hanging(Content(text), quote_bars).wrapped(22).plain.split("\n") == [
        "│ the VPN client says",
        "│ that it is late",
        "│ │ and before it",
        "plain words that are",
        "too long as well",
    ]


@given(st.text(st.sampled_from("ab  \n東é"), max_size=200), st.integers(2, 30), st.integers(0, 12))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int, indent: int) -> None:
    shown = Hanging(Content(text), indent).wrapped(width).plain
    assert all(cell_len(line.rstrip()) <= width for line in shown.split("\n"))
    assert "".join(shown.split()) == "".join(text.split())


def test_a_fact_a_step_and_a_sentence_go_on_where_their_words_began() -> None:
    facts = labelled((Fact("Receives", "billing@desk.example, Billing"), Fact("Team", "–")))
    steps = sentence("• adds the task Tell the duty manager\nPlain words that go on and on and on.")
    shown = hung(blocks(facts, steps)).wrapped(32).plain.split("\n")
    assert [line.rstrip() for line in shown] == [
        "Receives  billing@desk.example,",
        "          Billing",
        "Team      –",
        "",
        "• adds the task Tell the duty",
        "  manager",
        "Plain words that go on and on",
        "and on.",
    ]
