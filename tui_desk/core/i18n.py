"""Translation of every sentence a person reads, through the standard library's gettext.

English is the source language. ``TUI_DESK_LANG`` wins over ``LANGUAGE``, ``LC_ALL``, ``LC_MESSAGES`` and ``LANG``
(gettext's own order). Catalogues live in ``tui_desk/locale``.
"""

from __future__ import annotations

import gettext as _gettext
import os
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

DOMAIN = "tui_desk"
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "locale"


@lru_cache(maxsize=8)
def catalogue(language: str | None) -> _gettext.NullTranslations:
    """The catalogue for ``language`` (``None``: from the environment); English when there is none."""
    languages = [language] if language else None
    return _gettext.translation(DOMAIN, str(LOCALE_FOLDER), languages=languages, fallback=True)


def _(message: str) -> str:
    """``message`` in the language of the environment."""
    return catalogue(os.environ.get("TUI_DESK_LANG")).gettext(message)


def pgettext(context: str, message: str) -> str:
    """``message`` where English has one word and other languages need several; ``context`` says which is meant."""
    return catalogue(os.environ.get("TUI_DESK_LANG")).pgettext(context, message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The form of the sentence that fits ``count``."""
    return catalogue(os.environ.get("TUI_DESK_LANG")).ngettext(singular, plural, count)


def once_per_language(build: Callable[[], T]) -> Callable[[], T]:
    """A table of words that is built once for each language instead of at every look into it."""
    built: dict[str | None, T] = {}

    def table() -> T:
        language = os.environ.get("TUI_DESK_LANG")
        if language not in built:
            built[language] = build()
        return built[language]

    return table
