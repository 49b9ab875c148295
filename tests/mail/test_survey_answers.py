"""The word an answer to a survey begins with, and the code that a survey is known by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.mail import survey_token
from tui_desk.mail.rating_words import rating_in

SECRET = b"0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "score", "comment"),
    [
        ("GOOD", 5, ""),
        ("good.\n\nThanks a lot!", 5, "Thanks a lot!"),
        ("  **Good** - quick", 5, "quick"),
        ("“Very good”, as always", 5, "as always"),
        ("Bad!\nIt took three weeks.", 1, "It took three weeks."),
        ("Bueno, gracias", 5, "gracias"),
        ("Muy mal", 1, ""),
        ("sehr gut", 5, ""),
        ("Schlecht.", 1, ""),
        ("Très bien !", 5, ""),
        ("Хорошо", 5, ""),
        ("很好。谢谢", 5, "谢谢"),
        ("👍🏽 thanks", 5, "thanks"),
        ("👎", 1, ""),
        ("4", 4, ""),
        ("3/5 – fair enough", 3, "fair enough"),
        ("ＧＯＯＤ", 5, ""),
        ("Good morning, it still does not print", None, "Good morning, it still does not print"),
        ("Not good", None, "Not good"),
        ("Good or bad, who knows", None, "Good or bad, who knows"),
        ("Thank you!", None, "Thank you!"),
        ("10 people wait", None, "10 people wait"),
        ("3.5", None, "3.5"),
        ("", None, ""),
    ],
)
def test_the_first_word_rates(text: str, score: int | None, comment: str) -> None:
    found = rating_in(text)
    assert (found.score, found.comment) == (score, comment)


def test_a_question_or_a_reason_wants_an_answer() -> None:
    assert not rating_in("Good\n\nThanks").wants_an_answer
    assert not rating_in("Bad").wants_an_answer
    assert rating_in("Good. When does the other one come?").wants_an_answer
    assert rating_in("3 - it still crashes every day").wants_an_answer
    assert rating_in("Bad: it still does not print").wants_an_answer
    assert rating_in("It still does not print").wants_an_answer


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    found = rating_in(text)
    assert found.score in (None, 1, 2, 3, 4, 5)
    assert len(found.comment) <= 2_000


@given(st.integers(1, 2**40), st.emails())
def test_a_code_is_that_of_its_survey_and_address_only(survey: int, address: str) -> None:
    made = survey_token.make_token(survey, address, SECRET)
    (found,) = survey_token.tokens_in([f"> Code: {made.upper()}\n"])
    assert survey_token.is_genuine(found, survey, address, SECRET)
    assert not survey_token.is_genuine(found, survey + 1, address, SECRET)
    assert not survey_token.is_genuine(found, survey, f"x{address}", SECRET)
    assert not survey_token.is_genuine(found, survey, address, b"another secret, of as many bytes")
    assert not survey_token.is_genuine(found, survey, address, b"short")


def test_no_code_without_a_secret() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        survey_token.make_token(1, "a@b.test", b"short")
    assert survey_token.tokens_in(["tdsv.0.aaaaaaaaaaaaaaaaaaaaaaaaaa tdsv.1.aaa xtdsv.1." + "a" * 26]) == ()
