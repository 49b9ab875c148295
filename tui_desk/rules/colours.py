"""Colours as numbers: how well one can be read on another, and how they look to eyes that tell fewer of them apart.

Contrast is that of WCAG 2.2 (relative luminance, success criteria 1.4.3 and 1.4.6). Colour blindness is simulated after
Viénot, Brettel and Mollon (1999), on linear light; differences are those of CIELAB (CIE 15, ΔE*ab, D65).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_FEWER = {
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
}
"""What red, green and blue become, by the cones that are missing."""
_TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
_WHITE = (0.9505, 1.0, 1.089)

Linear = tuple[float, float, float]
"""Red, green and blue of linear light, 0 to 1."""


def is_colour(text: str) -> bool:
    """Whether it is a colour as ``#rrggbb``."""
    return _HEX.match(text) is not None


def contrast(ink: str, ground: str) -> float:
    """How well ``ink`` can be read on ``ground``, both ``#rrggbb``: 1 (not at all) to 21 (black on white)."""
    darker, lighter = sorted((_luminance(ink), _luminance(ground)))
    return (lighter + 0.05) / (darker + 0.05)


def is_light(ground: str) -> bool:
    """Whether black can be read on it better than white."""
    return contrast("#000000", ground) >= contrast("#ffffff", ground)


def difference(one: str, other: str, blindness: str = "") -> float:
    """How different two colours look (ΔE*ab; 2 is just seen), to all or with ``deuteranopia`` or ``protanopia``."""
    seen = [_lab(_through(blindness, _linear(colour))) for colour in (one, other)]
    return float(sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> Linear:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _light(red), _light(green), _light(blue)


def _light(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _through(blindness: str, colour: Linear) -> Linear:
    if not blindness:
        return colour
    red, green, blue = (min(1.0, max(0.0, one)) for one in _times(_FEWER[blindness], colour))
    return red, green, blue


def _times(matrix: Sequence[Linear], vector: Linear) -> Linear:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def _lab(colour: Linear) -> Linear:
    x, y, z = (
        _cube_root(value / white) for value, white in zip(_times(_TO_XYZ, colour), _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116
