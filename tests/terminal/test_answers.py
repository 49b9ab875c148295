"""What the terminal answers about itself never becomes keys, however it arrives; keys arrive as they were typed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from tui_desk.terminal.answers import AnswerParser, Answers, BackgroundTold, SixelTold, Told, may_be_asked

LIGHT = "\x1b]11;rgb:ffff/fafa/e0e0\x1b\\"
DARK = "\x1b]11;rgb:12/12/12\x07"
SIXEL = "\x1b[?63;1;2;4;6;9;15;22c"
PLAIN = "\x1b[?64;1;2c"
NOTHING = Told()


class Seconds:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    st.text("ab;]\\1rgb:/", max_size=12),
    st.text("xy]0;", max_size=12),
    st.sampled_from([LIGHT, DARK, SIXEL, PLAIN, "\x1b[?4c", LIGHT + SIXEL, DARK + PLAIN]),
    st.lists(st.integers(1, 60), max_size=8),
)
def test_however_it_is_cut_the_rest_stays_and_the_answer_is_read(
    before: str, after: str, answer: str, cuts: list[int]
) -> None:
    answers = Answers(Seconds())
    whole = before + answer + after
    places = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    taken = [answers.take(whole[start:end]) for start, end in pairwise(places)]
    assert "".join(typed for typed, _told in taken) == before + after
    light = [told.light for _typed, told in taken if told.light is not None]
    assert light == ([answer.startswith(LIGHT)] if "rgb" in answer else [])
    sixel = [told.sixel for _typed, told in taken if told.sixel is not None]
    assert sixel == ([answer.endswith(SIXEL)] if answer.endswith("c") else [])


def test_a_bare_escape_is_held_for_a_moment_only() -> None:
    clock = Seconds()
    answers = Answers(clock)
    assert answers.take("j\x1b") == ("j", NOTHING)
    assert answers.give_back() == ""
    clock.now = 0.1
    assert answers.give_back() == "\x1b"
    assert answers.take(SIXEL[:6]) == ("", NOTHING)
    clock.now = 4.0  # over a slow line: nobody types this
    assert answers.give_back() == ""
    assert answers.take(SIXEL[6:]) == ("", Told(sixel=True))
    clock.now = 10.0  # nobody expects an answer any more
    assert answers.take("\x1b") == ("\x1b", NOTHING)
    assert answers.take(f"a{LIGHT}b") == ("ab", Told(light=True))  # a late one is no key all the same


@pytest.mark.parametrize("answer", ["\x1b]11;?\x07", "\x1b]11;none\x1b\\"])
def test_an_answer_that_says_nothing_is_no_key_either(answer: str) -> None:
    assert Answers(Seconds()).take(f"j{answer}k") == ("jk", NOTHING)


def test_the_parser_gives_keys_and_the_answer() -> None:
    parser = AnswerParser()
    found = [*parser.feed("j" + LIGHT[:9]), *parser.feed(LIGHT[9:] + "\x1b[A"), *parser.feed(SIXEL)]
    keys = [one.key for one in found if isinstance(one, events.Key)]
    told = [one.light for one in found if isinstance(one, BackgroundTold)]
    assert (keys, told) == (["j", "up"], [True])
    assert [one.sixel for one in found if isinstance(one, SixelTold)] == [True]


def test_what_every_terminal_answers_ends_the_waiting_for_the_rest() -> None:
    answers = Answers(Seconds())
    assert answers.take(PLAIN) == ("", Told(sixel=False))
    assert answers.take("\x1b") == ("\x1b", NOTHING)


def test_who_might_show_the_question_is_not_asked() -> None:
    assert may_be_asked({"TERM": "xterm-256color"})
    assert may_be_asked({"TERM": "screen-256color", "TMUX": "/tmp/tmux,1,0"})
    assert not any(may_be_asked({"TERM": name}) for name in ("linux", "dumb", "vt220", "screen-256color"))
    assert not may_be_asked({})
