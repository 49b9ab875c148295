"""What a line of pane Work is. Each subject (tasks, time, approvals, purchases) makes its own; see ``work_pane``."""

from __future__ import annotations

from typing import NamedTuple


class WorkItem(NamedTuple):
    """One line. ``style`` is a colour for running text; ``(kind, id)`` is what actions are about."""

    kind: str
    id: int
    glyph: str
    text: str
    right: str = ""
    style: str = ""
    over: bool = False
    """Done with: shown dim."""
    detail: str = ""
    """Shown below the line while the cursor is on it, such as notes."""


class WorkSection(NamedTuple):
    """A heading with a summary, its lines, and what an empty one teaches."""

    title: str
    summary: str
    items: tuple[WorkItem, ...]
    empty: str
