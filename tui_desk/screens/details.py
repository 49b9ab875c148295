"""Text blocks of details: a heading, labels in a column with their values, sentences. Nothing in them is markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.widgets.hanging import Hanging

_LABEL = "$muted"
_MARKS = ("• ", "! ", "≠ ")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; ``style`` is a colour for running text."""

    label: str
    value: str
    style: str = ""


def heading(title: str, after: str = "", style: str = "$muted") -> Content:
    """What the block is about."""
    parts: list[Part] = [(safe_line(title, 300), "bold")]
    if after:
        parts.append((f"   {safe_line(after, 200)}", style))
    return line(*parts)


def labelled(facts: Iterable[Fact], width: int = 0) -> Content:
    """Labels right beside their values, in two columns; facts without a value are left out."""
    shown = [fact for fact in facts if fact.value]
    width = max([width, *(cell_len(fact.label) for fact in shown)]) if shown else width
    lines = []
    for fact in shown:
        pad = " " * (width - cell_len(fact.label) + 2)
        value = safe_block(fact.value, 4_000)
        first, *more = value.split("\n")
        lines.append(line((fact.label + pad, _LABEL), (safe_line(first, 1_000), fact.style)))
        lines += [line(" " * (width + 2), (safe_line(text, 1_000), fact.style)) for text in more]
    return Content("\n").join(lines)


def sentence(text: str, style: str = "") -> Content:
    """A sentence or paragraph."""
    return Content.assemble((safe_block(text, 4_000), style))


def blocks(*parts: Content) -> Content:
    """Blocks under each other, a blank line between; empty ones are left out."""
    return Content("\n\n").join([part for part in parts if part.plain])


def hung(content: Content) -> Hanging:
    """Such blocks as they are shown: what is wrapped begins below the value, or behind the mark of its line."""
    return Hanging(content, _begin)


def _begin(shown: Content) -> int:
    """Cells before what a line says."""
    text = shown.plain
    if text.startswith(_MARKS):
        return 2
    first = next((span for span in shown.spans if span.start == 0 and span.style == _LABEL), None)
    label = text[: first.end] if first is not None else ""
    return cell_len(label) if label.endswith("  ") else cell_len(text) - cell_len(text.lstrip(" "))
