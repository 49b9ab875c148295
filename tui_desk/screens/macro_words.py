"""What a macro does to a ticket, as it is shown before it does."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content

from tui_desk.contracts.macros import MacroPreview
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.chrome import Part, line

_MOST = 4_000
"""Characters of a text that are shown."""


def steps_text(steps: Iterable[str]) -> list[Part]:
    """A line for each step."""
    return [f"• {safe_line(step, 200)}\n" for step in steps]


def what_it_does(seen: MacroPreview) -> Content:
    """Its steps, what of it cannot be done or is not filled in, then its note and its reply as they will read."""
    parts = steps_text(seen.steps)
    parts += [(f"✗ {safe_line(problem, 300)}\n", "$text-error") for problem in seen.problems]
    parts += [(f"! {safe_line(problem, 300)}\n", "$text-warning") for problem in (*seen.open, *seen.unfilled)]
    for text, style in ((seen.note, "$note"), (seen.reply, "$muted")):
        if text.strip():
            parts.append((f"\n{safe_block(text, _MOST).rstrip()}\n", style))
    return line(*parts).rstrip()
