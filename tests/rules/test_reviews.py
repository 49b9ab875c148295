"""What the check of a draft is worth, and how a change of a text is told."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules import reviews

TEXTS = st.lists(st.text("ab -\t", max_size=6), max_size=8).map("\n".join)


def test_what_a_check_is_worth_depends_on_the_text_of_now() -> None:
    worth = reviews.standing
    assert worth("waiting", "a", "b") == worth("waiting_to_leave", "a", "a") == "waiting"
    assert worth("approved", "a\nb", "\n a\nb".strip() + " \n") == "approved"
    assert worth("approved", "a", "b") == "outdated"
    assert worth("changed", "better", "mine") == "changed"
    assert worth("changed", "better", "better\r\n") == "approved", "taken over"
    assert worth("refused", "a", "b") == "refused"
    assert worth("withdrawn", "a", "a") == ""


def test_a_change_is_told_with_a_line_around_it() -> None:
    before = "Hello Ana,\n\none\ntwo\nthree\nfour\nfive\nsix\n\nBye"
    after = before.replace("three", "3").replace("Bye", "Kind regards")
    told = [(one.mark, one.text) for one in reviews.changes(before, after)]
    assert told == [
        ("…", ""),
        (" ", "two"),
        ("-", "three"),
        ("+", "3"),
        (" ", "four"),
        ("…", ""),
        (" ", ""),
        ("-", "Bye"),
        ("+", "Kind regards"),
    ]
    assert reviews.changes(before, before + " \n") == ()


@given(TEXTS, TEXTS)
def test_nothing_is_told_exactly_where_texts_are_the_same(one: str, other: str) -> None:
    told = reviews.changes(one, other)
    assert (told == ()) == reviews.same_text(one, other)
    lines = [line.rstrip() for line in other.strip().split("\n")]
    assert all(change.text in lines for change in told if change.mark in ("+", " "))
