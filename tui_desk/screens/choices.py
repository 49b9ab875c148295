"""A value one may pick, as dialogs and fields show it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple, TypeVar

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

V = TypeVar("V", bound=StrEnum)


class Choice(NamedTuple):
    """``value`` is what is answered, ``label`` what is read; ``sign`` in ``style`` before it, ``detail`` dim behind it."""

    value: str
    label: str
    sign: str = ""
    style: str = ""
    detail: str = ""


def value_meant(kind: type[V], typed: str, word: Callable[[V], str]) -> V:
    """The value meant by its name in the command line contract or in the reader's language. Raises UsageError."""
    wanted = typed.strip().casefold()
    for value in kind:
        if wanted in (value.value, value.value.replace("_", " "), word(value).casefold()):
            return value
    allowed = ", ".join(value.value for value in kind)
    raise UsageError(_("“{typed}” is not one of: {allowed}.").format(typed=typed, allowed=allowed))
