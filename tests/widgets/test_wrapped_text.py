"""Wrapping: nothing lost, nothing too wide, and only as much work as somebody looks at."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.support.pace import affordable
from tui_desk.core.safe_text import safe_block
from tui_desk.widgets.wrapped_text import WrappedText


def _lines(text: str, width: int) -> list[str]:
    wrapped, lines = WrappedText(text, width), []
    while (line := wrapped.line(len(lines))) is not None:
        lines.append(line)
    assert wrapped.complete
    assert wrapped.count() == len(lines)
    return lines


@given(st.text(st.sampled_from("ab  \n東é👍x"), max_size=200), st.integers(2, 30))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int) -> None:
    lines = _lines(text, width)
    assert all(cell_len(line) <= width and "\n" not in line for line in lines)
    keep = str.maketrans("", "", " \n")
    assert "".join(lines).translate(keep) == text.translate(keep)
    if all(cell_len(line) <= width for line in text.split("\n")):
        assert lines == text.split("\n")


@given(st.text(max_size=80), st.integers(1, 30))
def test_any_text_ends(text: str, width: int) -> None:
    _lines(safe_block(text), width)


def test_words_stay_whole_where_they_can() -> None:
    assert _lines("The printer on the third floor", 12) == ["The printer", "on the third", "floor"]
    assert _lines("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]


def test_the_first_screen_of_a_huge_text_costs_little() -> None:
    texts = ["line of text\n" * 100_000, "x" * 1_000_000, "wörter und mehr " * 70_000, "[" * 200_000]

    def show_each() -> None:
        for text in texts:
            wrapped = WrappedText(text, 80)
            assert wrapped.line(60) is not None
            assert not wrapped.complete

    assert affordable(show_each, 0.05)
    assert WrappedText(texts[0], 80).count() == 100_001


@given(st.text("ab \n", max_size=60), st.integers(1, 20))
def test_an_exact_text_loses_no_blank_where_it_is_wrapped(text: str, width: int) -> None:
    wrapped = WrappedText(text, width, exact=True)
    lines = [wrapped.line(index) or "" for index in range(wrapped.count())]
    assert all(len(line) <= width for line in lines)
    assert "".join(lines) == text.replace("\n", "")


def test_a_long_header_field_is_wrapped_as_a_mail_folds_it() -> None:
    wrapped = WrappedText('Content-Type: multipart/mixed; boundary="=====12345=="', 40, exact=True)
    assert [wrapped.line(index) for index in range(wrapped.count())] == [
        "Content-Type: multipart/mixed;",
        ' boundary="=====12345=="',
    ]
