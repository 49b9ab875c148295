"""Words are parted as SQLite's full text parts them, whatever letters they are made of: compared with FTS5 itself."""

from __future__ import annotations

import sqlite3
import sys
import unicodedata
from contextlib import closing

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tui_desk.db.search_words import beginnings, parted
from tui_desk.rules.words import words_of

# Surrogates cannot be stored, and SQLite ends a text at NUL.
LETTERS = st.characters(exclude_categories=("Cs",), exclude_characters="\0")
OF_EACH_CATEGORY = {
    category: next(
        (char for char in map(chr, range(1, sys.maxunicode)) if unicodedata.category(char) == category), ""
    )
    for category in sorted({unicodedata.category(chr(code)) for code in range(sys.maxunicode)} - {"Cs"})
}
TEXTS = st.text(LETTERS, max_size=12)


def _holds(connection: sqlite3.Connection, asked: str) -> bool:
    return bool(connection.execute("SELECT 1 FROM w WHERE w MATCH ?", [asked]).fetchall())


def _index(text: str) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE w USING fts5(words, tokenize='unicode61 remove_diacritics 2', prefix='2 3', detail=none, columnsize=0)"
    )
    connection.execute("INSERT INTO w (words) VALUES (?)", [text])
    return connection


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, max_size=4))
@example(["abcd\u19b0efgh"])
@example(["\u0939\u093f\u0928\u094d\u0926\u0940", "a\ue000b", "\U0001f600", "a_b"])
def test_what_is_asked_for_is_never_refused_and_finds_what_was_typed(texts: list[str]) -> None:
    """Also over an index without places, which refuses a word that comes out as two."""
    with closing(_index(" ".join(texts))) as connection:
        asked = beginnings(texts)
        parts = parted(texts)
        assert len(parts) == len(texts)
        if texts and all(parts):
            assert _holds(connection, asked)
        else:
            assert asked == ""
        for one in parts:
            for part in one:  # a part is one word to SQLite
                assert parted([part]) == ((part,),)
                assert _holds(connection, f'"{part}"')


@settings(max_examples=200, deadline=None)
@given(TEXTS, TEXTS)
@example("abcd\u19b0ef", "gh")
def test_words_as_the_query_language_folds_them_are_never_refused(first: str, second: str) -> None:
    with closing(_index(f"{first} {second}")) as connection:
        asked = beginnings(words_of(f"{first} {second}"))
        if asked:
            _holds(connection, asked)  # raises where FTS5 refuses


@pytest.mark.parametrize("category", OF_EACH_CATEGORY)
def test_every_category_of_letters(category: str) -> None:
    """Between two letters a character parts a word, or belongs to it: as in the index."""
    text = f"ab{OF_EACH_CATEGORY[category]}cd"
    with closing(_index(text)) as connection:
        connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(w, 'row')")
        terms = {str(row[0]) for row in connection.execute("SELECT term FROM v")}
    assert set(parted([text])[0]) == terms
