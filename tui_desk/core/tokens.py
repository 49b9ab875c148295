"""A name for one thing that is asked of the desk, by which it is not done twice when it is asked again."""

from __future__ import annotations

from secrets import token_hex


def new_token() -> str:
    """A name that no other thing has."""
    return token_hex(16)
