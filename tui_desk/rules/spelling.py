"""Which words of what is being written are looked at for their spelling, and in which language it is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_desk.rules.markdown_spans import LONGEST, spans

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*['’]?")
_APART = re.compile(
    r"""(?<![^\s}])\S*?(?:@|://|[\\/]\w|\w[/_]|\w\.\w|\d)\S*     # addresses, paths, names of files, whatever has a digit in it
    | (?<!\S)[\#;:@]\S*                             # tickets, canned replies, names
    | \{[^{}\n]{0,200}\}                            # variables""",
    re.VERBOSE,
)
_LONGEST_WORD = 60
"""Characters. Longer ones are nobody's words, and what they are put together of takes a dictionary hours."""
_LEFT_OUT = frozenset({"code", "url", "quote", "rule"})
_PARTS = re.compile(r"[^\W\d_]+")
_TARGET = re.compile(r"\]\([^()\s]*\)")


class Word(NamedTuple):
    """Characters ``start`` to ``end`` of a line."""

    start: int
    end: int
    text: str


def words_of(line: str, in_code: bool = False) -> tuple[Word, ...]:
    """The words that are looked at: none quoted, in code, in an address, in capitals, or with a capital inside (names of products)."""
    if in_code or not line or len(line) > LONGEST:
        return ()
    out = [(span.start, span.end) for span in spans(line) if span.kind in _LEFT_OUT]
    if any(end - start == len(line) for start, end in out):
        return ()
    # Where a link leads is no text, but what it is called is.
    named = _TARGET.sub(lambda target: "]" + " " * (len(target[0]) - 1), line)
    out += [found.span() for found in _APART.finditer(named)]
    words = []
    for found in _WORD.finditer(named):
        start, text = found.start(), found[0].rstrip("'’")
        end = start + len(text)
        if (
            1 < len(text) <= _LONGEST_WORD
            and not _is_name(text)
            and all(end <= a or start >= b for a, b in out)
        ):
            words.append(Word(start, end, text))
    return tuple(words)


def _is_name(word: str) -> bool:
    return any(part[1:] != part[1:].lower() for part in _PARTS.findall(word))


def name_words(names: Iterable[str]) -> frozenset[str]:
    """The words of names, in lower case: they are right, however they are spelt."""
    return frozenset(part for name in names for part in _PARTS.findall(name.casefold()))


def is_named(word: str, names: frozenset[str]) -> bool:
    """Whether ``word`` is one of :func:`name_words`, also in the genitive (Otto's)."""
    folded = word.casefold()
    return folded in names or re.sub(r"['’]?s$", "", folded) in names


_COMMON = {
    "en": "the and you is are we this that for with have not will your please it be was can on",
    "es": "el la los las que de y en un una por con para no es se lo su está como pero más gracias",
    "de": "der die das und ist nicht wir sie ich ein eine mit für auf den dem haben bitte auch noch ihr",
    "fr": "le la les des et est vous nous pas pour une dans que qui sur avec je merci bonjour votre",
    "it": "il la che di e un una per non è sono con del della grazie buongiorno abbiamo anche questo",
    "pt": "o a os as que de e em um uma para não é com você obrigado está mas por seu",
    "nl": "de het een en is niet wij u van dat op voor met zijn hebben graag ook maar bij uw",
    "sv": "och det att är inte vi du en ett på för med som har till av tack kan om den",
    "da": "og det at er ikke vi du en et på for med som har til af tak kan om den",
    "pl": "i w na nie jest się że do z to proszę dziękuję oraz czy ale jak dla przez są po",
}
_KNOWN = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_ENOUGH = 3


def language_of(text: str, among: Iterable[str]) -> str:
    """The language (two letters) of ``among`` that ``text`` is written in by its commonest words; empty where that is not plain."""
    said = [word.casefold() for word in re.findall(r"[^\W\d_]+", text[:4_000])]
    counts = sorted(
        ((sum(word in _KNOWN.get(one, ()) for word in said), one) for one in set(among)), reverse=True
    )
    if not counts or counts[0][0] < _ENOUGH:
        return ""
    if len(counts) > 1 and counts[0][0] < 1.5 * counts[1][0]:
        return ""
    return counts[0][1]


def dictionary_for(languages: Iterable[str], dictionaries: Sequence[str]) -> str:
    """The dictionary for the first of ``languages`` that has one: ``es`` and ``es-MX`` find ``es_MX``, ``es_ES``, ``es`` in that order."""
    for language in languages:
        wanted = language.replace("-", "_")
        if not wanted:
            continue
        base = wanted.split("_")[0].lower()
        same = [one for one in dictionaries if one.split("_")[0].lower() == base]
        own = f"{base}_{'US' if base == 'en' else base.upper()}"
        for name in (wanted.lower(), own.lower(), base):
            for one in same:
                if one.lower() == name:
                    return one
        if same:
            return sorted(same)[0]
    return ""
