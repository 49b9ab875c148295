"""Variables and conditions in texts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.rules import text_variables as tv
from tui_desk.rules.text_variables import first_name, problems, render, unresolved

VALUES = {
    "requester.first_name": "Ada",
    "requester.name": "",
    "requester.vip": "",
    "ticket.number": "1042",
    "ticket.subject": "{agent.name} {if x}",
    "ticket.priority": "high",
    "agent.name": "Ben",
    "today": "2026-01-31",
}
_WORDS = "{if requester.vip}~{if ~{else}~{end}~{~}~{{~}}~\n~ ~x~{ticket.number}~{{ticket.number}}~{today+1m}~{today+~|~{a.b}"
_PIECES = st.sampled_from(_WORDS.split("~"))
_TEXTS = st.lists(_PIECES | st.text(max_size=4), max_size=25).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello {requester.first_name}, #{ticket.number}", "Hello Ada, #1042"),
        ("{requester.name|you} { requester.first_name }", "you Ada"),
        ("{today} {today+3d} {today-1w} {today+1m} {today+1y}", "2026-01-31 2026-02-03 2026-01-24 2026-02-28 2027-01-31"),
        ("{if requester.vip}A{else}B{end}{if not requester.vip}C{end}", "BC"),
        ("{if ticket.priority is High}now{end}{if ticket.priority is not high}later{end}", "now"),
        ("a\n{if ticket.number}\nb\n{else}\nc\n{end}\nd", "a\nb\nd"),
        ("{if ticket.number}{if requester.vip}x{else}y{end}{end}", "y"),
        ("{{ticket.number}} {{not ours!}} {} { \"json\": {\"a\": 1}}", "{ticket.number} {{not ours!}} {} { \"json\": {\"a\": 1}}"),
        ("Re: {ticket.subject}", "Re: {agent.name} {if x}"),
        ("{if requester.vip}{no.such}{end}fine", "fine"),
    ],
)  # fmt: skip
def test_a_text_with_its_values(text: str, shown: str) -> None:
    rendered = render(text, VALUES)
    assert (rendered.text, rendered.problems) == (shown, ())


def test_what_the_author_wrote_holds_no_value() -> None:
    rendered = render("Ask @ben, {requester.first_name} of {{ticket.number}}", VALUES)
    assert rendered.written == "Ask @ben, _ of {ticket.number}"


@pytest.mark.parametrize(
    ("text", "kind", "word", "place"),
    [
        ("Hi\nyou {requester.nmae}", tv.UNKNOWN, "{requester.nmae}", (2, 5)),
        ("{if nobody}x{end}", tv.UNKNOWN, "{if nobody}", (1, 1)),
        ("{if}x{end}", tv.CONDITION, "{if}", (1, 1)),
        ("{if ticket.number = 3}x{end}", tv.CONDITION, "{if ticket.number = 3}", (1, 1)),
        ("a {if ticket.number} b", tv.UNCLOSED, "{if ticket.number}", (1, 3)),
        ("a {end}", tv.UNOPENED, "{end}", (1, 3)),
        ("{if ticket.number}a{else}b{else}c{end}", tv.UNOPENED, "{else}", (1, 27)),
        ("{today+3x}", tv.DAY, "{today+3x}", (1, 1)),
        ("{today+99999y}", tv.DAY, "{today+99999y}", (1, 1)),
    ],
)
def test_what_is_wrong_is_found_with_its_place(
    text: str, kind: str, word: str, place: tuple[int, int]
) -> None:
    (found,) = render(text, VALUES).problems
    assert (found.kind, found.word, (found.line, found.column)) == (kind, word, place)
    assert text[found.start :].startswith(word)
    assert word in found.placed()
    assert problems(text, VALUES) == (found,)


def test_a_value_that_is_empty_is_told_but_not_for_the_text_itself() -> None:
    found = render("Hello {requester.name}!", VALUES)
    assert (found.text, [one.kind for one in found.problems]) == ("Hello !", [tv.EMPTY])
    assert problems("Hello {requester.name}!", VALUES) == ()


def test_what_looks_like_a_variable_in_a_text_that_leaves() -> None:
    text = "{ticket.number} {username} {today+3d} {if x}{end} { a: 1 } {{ticket.number}}"
    assert [one.word for one in unresolved(text)] == [
        "{ticket.number}",
        "{today+3d}",
        "{if x}",
        "{end}",
    ]


def test_days_are_written_as_the_caller_says() -> None:
    def written(day: date) -> str:
        return f"{day:%d/%m/%Y}"

    assert render("{today+1d}", VALUES, written).text == "01/02/2026"


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Ada Lovelace", "Ada"),
        ("Lovelace, Ada", "Ada"),
        ("Dr. Ada L", "Ada"),
        ("a@b.test", ""),
        ("", ""),
        ("X,", "X"),
    ],
)
def test_the_first_name(name: str, called: str) -> None:
    assert first_name(name) == called.rstrip(",")


@given(_TEXTS)
def test_any_text_is_read_and_a_text_without_our_words_stays_as_it_is(text: str) -> None:
    found = render(text, VALUES)
    assert all(text[one.start :].startswith(one.word) for one in found.problems)
    if not tv._tokens(text):
        assert found == tv.Rendered(text, written=text)


@given(_TEXTS)
def test_a_value_is_never_read_again(text: str) -> None:
    assert render("<{ticket.subject}>", {"ticket.subject": text}).text == f"<{text}>"


@given(_TEXTS)
def test_what_is_wrong_with_a_text_for_certain_is_all_that_can_be_wrong_with_its_words(text: str) -> None:
    kept = {(one.kind, one.start) for one in problems(text, VALUES)}
    assert {(one.kind, one.start) for one in render(text, VALUES).problems if one.kind != tv.EMPTY} <= kept
