"""The currencies of today, from Babel's copy of CLDR (unicode.org): which there are, what they are called, how many digits they have.

Babel is imported when a purchase is there: most tickets have none.
"""

from __future__ import annotations

import os
from functools import lru_cache

from tui_desk.contracts.purchases import Currency
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, catalogue
from tui_desk.core.safe_text import safe_line


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """What is legal tender somewhere today (ISO 4217)."""
    from babel.core import get_global
    from babel.numbers import get_territory_currencies

    territories = get_global("territory_currencies")
    return frozenset(code for territory in territories for code in get_territory_currencies(territory))


@lru_cache(maxsize=32)
def digits_of(code: str) -> int:
    """Digits behind the point: 2 for EUR, 0 for JPY, 3 for KWD."""
    from babel.numbers import get_currency_precision

    return int(get_currency_precision(code))


def checked_currency(text: str) -> str:
    """The code of a currency. Raises UsageError."""
    code = text.strip().upper()
    if code not in codes():
        raise UsageError(
            _("“{currency}” is not a currency; it is three letters such as EUR.").format(
                currency=safe_line(text, 20)
            )
        )
    return code


def currencies() -> tuple[Currency, ...]:
    """All of them by code, named in the reader's language."""
    spoken = catalogue(os.environ.get("TUI_DESK_LANG")).info().get("language") or "en"
    names = _names(spoken)
    return tuple(Currency(code, names.get(code, code), digits_of(code)) for code in sorted(codes()))


@lru_cache(maxsize=4)
def _names(spoken: str) -> dict[str, str]:
    from babel.core import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(spoken)
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    return {code: str(name) for code, name in locale.currencies.items()}
