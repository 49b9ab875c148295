"""Styles of cells, as parameters of SGR sequences (ECMA-48, 8.3.117), and the shortest way from one to another."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

from tui_desk.terminal.grid import LINK

_DRAWN_ON_BLANKS = frozenset(["4", "7", "9", "21", "51", "52", "53"])
_ENDED_BY = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What ends an attribute; 22 ends both bold and faint."""
_CUBE = {value: step for step, value in enumerate((0, 95, 135, 175, 215, 255))}
"""The six values of red, green and blue in xterm's colours 16 to 231."""
_OFTEN_CHANGED = range(16, 22)
"""Numbers that base16 palettes use for colours of their own."""


class Parts(NamedTuple):
    """What a style is made of."""

    attributes: tuple[str, ...]
    foreground: str
    background: str


@lru_cache(maxsize=4096)
def parts_of(style: str) -> Parts:
    """Attributes, foreground and background of the parameters of an SGR sequence."""
    attributes: list[str] = []
    foreground = background = ""
    style = style.partition(LINK)[0]
    numbers = style.replace(":", ";").split(";") if style else []
    while numbers:
        number = numbers.pop(0)
        if number in ("38", "48"):
            length = 4 if numbers[:1] == ["2"] else 2
            color = _short_color(number, numbers[:length])
            del numbers[:length]
            foreground, background = (color, background) if number == "38" else (foreground, color)
        elif number.isdigit() and (30 <= int(number) <= 39 or 90 <= int(number) <= 97):
            foreground = number if number != "39" else ""
        elif number.isdigit() and (40 <= int(number) <= 49 or 100 <= int(number) <= 107):
            background = number if number != "49" else ""
        elif number not in ("", "0"):
            attributes.append(number)
    return Parts(tuple(attributes), foreground, background)


def _short_color(plane: str, numbers: list[str]) -> str:
    """A colour that xterm's 256 have too is named by its number there, which is half as long."""
    if len(numbers) == 4 and all(number.isdigit() for number in numbers):
        red, green, blue = (int(number) for number in numbers[1:])
        if red in _CUBE and green in _CUBE and blue in _CUBE:
            number = 16 + 36 * _CUBE[red] + 6 * _CUBE[green] + _CUBE[blue]
            if number not in _OFTEN_CHANGED:
                return f"{plane};5;{number}"
        if red == green == blue and red % 10 == 8 and red <= 238:
            return f"{plane};5;{232 + (red - 8) // 10}"
    return ";".join([plane, *numbers])


def _joined(parts: Parts) -> str:
    return ";".join([*parts.attributes, *filter(None, (parts.foreground, parts.background))])


@lru_cache(maxsize=4096)
def transition(old: str, new: str) -> str:
    """The shortest sequence from one style to another; empty where they are the same."""
    _style, _sign, led = old.partition(LINK)
    _style, _sign, leads = new.partition(LINK)
    return _to_link(leads) * (led != leads) + _to_colours(old, new)


def _to_link(url: str) -> str:
    """From here on text leads to an address, or nowhere. The name keeps the lines of a wrapped link one link."""
    return f"\x1b]8;id={crc32(url.encode()):x};{url}\x1b\\" if url else "\x1b]8;;\x1b\\"


def _to_colours(old: str, new: str) -> str:
    wanted, had = parts_of(new), parts_of(old)
    whole = ";".join(filter(None, ("0", _joined(wanted)))) if _joined(wanted) else ""
    ended = [number for number in had.attributes if number not in wanted.attributes]
    if all(number in _ENDED_BY for number in ended):
        steps = list(dict.fromkeys(_ENDED_BY[number] for number in ended))
        steps += [
            number
            for number in wanted.attributes
            if number not in had.attributes or _ENDED_BY.get(number) in steps
        ]
        if wanted.foreground != had.foreground:
            steps.append(wanted.foreground or "39")
        if wanted.background != had.background:
            steps.append(wanted.background or "49")
        change = ";".join(steps)
        if not change:
            return ""
        if len(change) < len(whole):
            return f"\x1b[{change}m"
    return f"\x1b[{whole}m"


@lru_cache(maxsize=4096)
def blank_look(style: str) -> str:
    """What can be seen of a blank in a style: its background, or all of it where lines or reverse video are drawn there."""
    parts = parts_of(style)
    return style if _DRAWN_ON_BLANKS.intersection(parts.attributes) else parts.background


@lru_cache(maxsize=4096)
def pen_for_blank(pen: str, style: str) -> str:
    """A style near to the ``pen``'s in which a blank looks as in ``style``."""
    if blank_look(pen) == blank_look(style):
        return pen
    parts, had = parts_of(style), parts_of(pen)
    if _DRAWN_ON_BLANKS.intersection(parts.attributes):
        return style
    attributes = tuple(number for number in had.attributes if number not in _DRAWN_ON_BLANKS)
    return _joined(Parts(attributes, had.foreground, parts.background))


@lru_cache(maxsize=4096)
def erasable(style: str, bce: bool) -> bool:
    """Whether erased cells look as blanks in that style. ``bce``: they take the background."""
    parts = parts_of(style)
    return not _DRAWN_ON_BLANKS.intersection(parts.attributes) and (bce or not parts.background)
