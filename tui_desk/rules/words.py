"""Words as both databases index them. Pure."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"\w+", re.UNICODE)


def fold(text: str) -> str:
    """Lower case without diacritics, the form both databases index."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def words_of(text: str) -> tuple[str, ...]:
    """The words of ``text`` as the index has them."""
    return tuple(_WORD.findall(fold(text)))
