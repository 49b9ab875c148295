"""Images of the pictures that the tests compare with: ``python -m tests.snapshots.gallery FOLDER [WORD...] [--look LOOK]``.

An image holds the looks of one picture below one another; words choose those whose name has one of them.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from tests.snapshots.picture import Rows, read

KEPT = Path(__file__).parent / "pictures"
_FONTS = Path("/usr/share/fonts/truetype/dejavu")
_WIDE, _HIGH = 9, 18
_GROUND, _INK = "#0c0c0c", "#cccccc"
"""Of a terminal that shows its own colours."""


def main() -> None:
    """Write the images that were asked for, and name them."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("words", nargs="*")
    arguments.add_argument("--look", action="append")
    asked = arguments.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(KEPT.glob("*.txt")):
        if asked.words and not any(word in file.stem for word in asked.words):
            continue
        looks = read(file.read_text(encoding="utf-8")).looks
        drawn = [draw(rows) for name, rows in looks.items() if not asked.look or name in asked.look]
        target = asked.folder / f"{file.stem}.png"
        stacked(drawn).save(target)
        print(target)


def stacked(images: list[Image.Image]) -> Image.Image:
    """All of them below one another."""
    gap = 12
    whole = Image.new(
        "RGB", (max(one.width for one in images), sum(one.height + gap for one in images) - gap), "#804080"
    )
    top = 0
    for one in images:
        whole.paste(one, (0, top))
        top += one.height + gap
    return whole


def draw(rows: Rows) -> Image.Image:
    """One look of one picture."""
    image = Image.new("RGB", (max(map(len, rows)) * _WIDE, len(rows) * _HIGH), _GROUND)
    pen = ImageDraw.Draw(image)
    for y, row in enumerate(rows):  # all grounds first: an underscore reaches into the line below
        for x, (_char, style) in enumerate(row):
            left, top = x * _WIDE, y * _HIGH
            pen.rectangle((left, top, left + _WIDE - 1, top + _HIGH - 1), fill=_colours(style)[1])
    for y, row in enumerate(rows):
        for x, (char, style) in enumerate(row):
            ink, _ground, flags = _colours(style)
            left, top = x * _WIDE, y * _HIGH
            if char.strip():
                pen.text((left, top + 1), char, fill=ink, font=_font("bold" in flags, "italic" in flags))
            if "underline" in flags:
                pen.line((left, top + _HIGH - 2, left + _WIDE, top + _HIGH - 2), fill=ink)
            if "strike" in flags:
                pen.line((left, top + _HIGH // 2, left + _WIDE, top + _HIGH // 2), fill=ink)
    return image


def _colours(style: str) -> tuple[str, str, set[str]]:
    words = style.split()
    if words[0] == "default" and words[1:2] != ["on"]:
        ink, ground, flags = _INK, _GROUND, set(words[1:])
    else:
        ink, ground, flags = _shown(words[0], _INK), _shown(words[2], _GROUND), set(words[3:])
    if "dim" in flags:
        ink = "#7a7a7a"
    return (ground, ink, flags) if "reverse" in flags else (ink, ground, flags)


def _shown(name: str, default: str) -> str:
    return name if name.startswith("#") else default


@cache
def _font(bold: bool, italic: bool) -> ImageFont.FreeTypeFont:
    kind = {
        (False, False): "",
        (True, False): "-Bold",
        (False, True): "-Oblique",
        (True, True): "-BoldOblique",
    }
    return ImageFont.truetype(str(_FONTS / f"DejaVuSansMono{kind[bold, italic]}.ttf"), 15)


if __name__ == "__main__":
    main()
