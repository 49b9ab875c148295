"""A value one may pick, as dialogs and fields show it."""

from __future__ import annotations

from typing import NamedTuple


class Choice(NamedTuple):
    """``value`` is what is answered, ``label`` what is read; ``sign`` in ``style`` before it, ``detail`` dim behind it."""

    value: str
    label: str
    sign: str = ""
    style: str = ""
    detail: str = ""
