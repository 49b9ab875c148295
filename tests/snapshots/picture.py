"""What a terminal shows, as text: its characters, and how each of them looks in every look of the desk.

A file is what one reads first (the characters, line by line), then the styles of each line (``12a 3b``: twelve cells of style a,
three of b), then what each style is in each look. ``python -m tests.snapshots.gallery`` makes images of such files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style
from textual.app import App

_END = "│"
_FLAGS = ("bold", "dim", "italic", "underline", "strike", "reverse")

Cell = tuple[str, str]
"""The character (empty behind a wide one) and its style in words."""
Rows = tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The cells of one screen in each look."""

    looks: Mapping[str, Rows]

    def written(self) -> str:
        """As text, the same for the same picture."""
        names = tuple(self.looks)
        first = self.looks[names[0]]
        known: dict[tuple[str, ...], str] = {}
        styles = []
        for y, row in enumerate(first):
            seen = [tuple(self.looks[name][y][x][1] for name in names) for x in range(len(row))]
            runs = [(len(list(run)), style) for style, run in groupby(seen)]
            styles.append(
                " ".join(f"{n}{known.setdefault(style, _letters(len(known)))}" for n, style in runs)
            )
        parts = [*(f"{_text(row)}{_END}" for row in first), "", *styles, "", f"   {' · '.join(names)}"]
        parts += [f"{letters:2} {' · '.join(style)}" for style, letters in known.items()]
        for name in names[1:]:
            others = enumerate(zip(self.looks[name], first, strict=True))
            parts += [
                f"{name} {y}: {_text(row)}{_END}" for y, (row, same) in others if _text(row) != _text(same)
            ]
        return "\n".join(parts) + "\n"


def picture_of(app: App[None]) -> Rows:
    """What the application shows now."""
    width, height = app.size
    return tuple(
        tuple(
            cell
            for segment in strip.crop(0, width)
            if not segment.control
            for cell in _cells(segment.text, _words(segment.style))
        )
        for strip in app.screen._compositor.render_strips()[:height]
    )


def read(text: str) -> Picture:
    """The picture that was written as ``text``."""
    shown, styles, legend = text.split("\n\n", 2)
    names = tuple(legend.splitlines()[0].strip().split(" · "))
    known: dict[str, list[str]] = {}
    others: dict[tuple[str, int], str] = {}
    for line in legend.splitlines()[1:]:
        if found := re.match(r"(\w+) (\d+): (.*)" + _END, line):
            others[found[1], int(found[2])] = found[3]
        else:
            letters, _space, words = line.partition(" ")
            known[letters] = words.strip().split(" · ")
    looks: dict[str, Rows] = {}
    for index, name in enumerate(names):
        rows = []
        for y, (line, runs) in enumerate(zip(shown.splitlines(), styles.splitlines(), strict=True)):
            chars = [char for char, _style in _cells(others.get((name, y), line.removesuffix(_END)), "")]
            of_cells = [
                known[letters][index]
                for count, letters in re.findall(r"(\d+)([a-zA-Z]+)", runs)
                for _cell in range(int(count))
            ]
            rows.append(tuple(zip(chars, of_cells, strict=True)))
        looks[name] = tuple(rows)
    return Picture(looks)


def differences(expected: Picture, actual: Picture) -> Iterator[str]:
    """Where two pictures differ, for people: the lines with marks below, then the cells whose colours alone differ."""
    for look, rows in actual.looks.items():
        before = expected.looks.get(look, ())
        if len(before) != len(rows):
            yield f"{look}: {len(before)} lines before, {len(rows)} now"
        for y, (old, new) in enumerate(zip(before, rows, strict=False)):
            if _text(old) != _text(new):
                yield f"{look}, line {y + 1}:"
                yield f"  - {_text(old)}{_END}"
                yield f"  + {_text(new)}{_END}"
                marks = (a[0] == b[0] for a, b in zip(old, new, strict=False))
                yield f"    {''.join(' ' if same else '^' for same in marks)}".rstrip()
            else:
                changes = ((x, a[1], b[1]) for x, (a, b) in enumerate(zip(old, new, strict=True)))
                for (a, b), run in groupby(
                    (one for one in changes if one[1] != one[2]), key=lambda one: one[1:]
                ):
                    where = [x for x, _a, _b in run]
                    words = "".join(char for char, _style in new[where[0] : where[-1] + 1]).strip()
                    yield f"{look}, line {y + 1}, cells {where[0]}–{where[-1]} “{words}”: {a} → {b}"


def _text(row: tuple[Cell, ...]) -> str:
    return "".join(char for char, _style in row)


def _cells(text: str, style: str) -> Iterator[Cell]:
    """A cell each; what has no width stands in the cell before it, a wide character has an empty cell behind it."""
    char = ""
    for one in text:
        if char and cell_len(char + one) == cell_len(char):
            char += one
            continue
        if char:
            yield from _wide(char, style)
        char = one
    if char:
        yield from _wide(char, style)


def _wide(char: str, style: str) -> Iterator[Cell]:
    yield char, style
    for _more in range(cell_len(char) - 1):
        yield "", style


def _words(style: Style | None) -> str:
    if style is None:
        return "default"
    colours = " on ".join((_colour(style.color), _colour(style.bgcolor)))
    flags = [flag for flag in _FLAGS if getattr(style, flag)]
    return " ".join(["default" if colours == "default on default" else colours, *flags])


def _colour(colour: Color | None) -> str:
    if colour is None or colour.is_default:
        return "default"
    return colour.get_truecolor().hex if colour.triplet is not None else colour.name


def _letters(index: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    more, last = divmod(index, len(letters))
    return f"{letters[more - 1] if more else ''}{letters[last]}"
