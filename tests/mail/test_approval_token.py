"""Codes of approval questions, and the first word of their answers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.mail.answer_words import NO, YES, answer_in
from tui_desk.mail.approval_token import (
    Question,
    is_genuine,
    make_token,
    token_address,
    token_message_id,
    tokens_in,
    without_tokens,
)

SECRET = b"0123456789abcdef0123456789abcdef"
QUESTION = Question(7, 1, 2, 3, "boss@corp.test", "d" * 64)


def test_found_wherever_it_stands() -> None:
    token = make_token(QUESTION, SECRET)
    address = token_address("help@desk.test", token)
    assert address is not None
    for text in (
        token,
        f"<{token_message_id(token, 'desk.test')}>",
        f"To: {address}",
        f"> > Code: {token}.",
        f"Code: {token}\r\n",
        token.upper(),
        address.upper(),
    ):
        (found,) = tokens_in([text])
        assert is_genuine(found, QUESTION, SECRET), text


def test_bound_to_everything() -> None:
    (token,) = tokens_in([make_token(QUESTION, SECRET)])
    for other in (
        replace(QUESTION, number=8),
        replace(QUESTION, approval=9),
        replace(QUESTION, step=9),
        replace(QUESTION, vote=9),
        replace(QUESTION, address="cfo@corp.test"),
        replace(QUESTION, digest="e" * 64),
    ):
        assert not is_genuine(token, other, SECRET)
    assert not is_genuine(token, QUESTION, SECRET[::-1])
    assert not is_genuine(token, QUESTION, b"")
    with pytest.raises(ValueError, match="16 bytes"):
        make_token(QUESTION, b"short")


def test_an_address_with_a_tag_or_too_long_gets_none() -> None:
    token = make_token(QUESTION, SECRET)
    for address in ("a+b@desk.test", f"{'x' * 40}@desk.test", "no address", '"a b"@desk.test'):
        assert token_address(address, token) is None


@given(st.text())
def test_any_text_is_searched(text: str) -> None:
    token = make_token(QUESTION, SECRET)
    assert tokens_in([f"{text} {token} {text}"])[-1:] or "tdap." in text.lower()
    assert make_token(QUESTION, SECRET) not in without_tokens(f"{text} {token}")


def test_no_word_is_both() -> None:
    assert not YES & NO
    assert all(answer_in(f"{word}.\nx") == ("yes", "x") for word in YES)
    assert all(answer_in(f"{word}.\nx") == ("no", "x") for word in NO)


@given(st.text(max_size=200))
def test_any_answer_is_read(text: str) -> None:
    said, comment = answer_in(text)
    assert said in ("yes", "no", "")
    assert len(comment) <= 2_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("YES", "yes"),
        ("yes.please order", "yes"),
        ("**Yes**, fine", "yes"),
        ("Ja bitte", "yes"),
        ("Sí", "yes"),
        ("YES\n\nRegards", "yes"),
        ("No.", "no"),
        ("NEIN - zu teuer", "no"),
        ("No, gracias. Si baja el precio, otra vez.", "no"),
        ("No problem", ""),
        ("No objections from me", ""),
        ("yes but cheaper", ""),
        ("Yes if it is under 500", ""),
        ("Yes?", ""),
        ("si el precio baja", ""),
        ("Yes, no, I do not know", ""),
        ("No, approve the other one", ""),
        ("Yesterday I said", ""),
        ("Not now", ""),
        ("> YES", ""),
        ("Yes, I can't approve this", ""),
        ("Yes. I don’t want two of them", ""),
        ("Approved, cannot pay more than 5", ""),
        ("Yes, once the board has agreed", ""),
        ("Ja, keinesfalls", ""),
        ("Accept my apologies, I am away this week", ""),
        ("Agreed in principle", ""),
        ("Confirmed receipt of your mail", ""),
        ("Accepted, thank you", "yes"),
        ("", ""),
    ],
)
def test_what_is_sure(text: str, said: str) -> None:
    assert answer_in(text)[0] == said
