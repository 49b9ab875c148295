"""A name for one thing that is asked of the desk, by which it is not done twice when it is asked again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from tui_desk.core.errors import Uncertain
from tui_desk.core.i18n import _


def new_token() -> str:
    """A name that no other thing has."""
    return token_hex(16)


@contextmanager
def doing_once() -> Iterator[None]:
    """Where a request with a token is asked: whoever cannot know whether it was done is told that asking again is safe."""
    try:
        yield
    except Uncertain as error:
        raise Uncertain(
            error.sentence, _("Whether it was kept is not known. Do it again: nothing is doubled.")
        ) from error
