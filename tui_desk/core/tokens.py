"""A name for one thing that is asked of the desk, by which it is not done twice when it is asked again."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from secrets import token_hex

from tui_desk.core.errors import Unavailable

TOKEN_LIMIT = 200
"""Characters."""


def new_token() -> str:
    """A name that no other thing has."""
    return token_hex(16)


@contextmanager
def token_for(doubtful: dict[Hashable, str], what: Hashable) -> Iterator[str]:
    """The name for ``what``: the one of before where the desk did not answer then, so that nobody knows whether it was done. ``doubtful``
    keeps those.
    """
    token = doubtful.pop(what, "") or new_token()
    try:
        yield token
    except Unavailable:
        doubtful[what] = token
        raise
