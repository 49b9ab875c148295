"""How HTML of mail is styled, as far as it decides what a reader sees: hidden text, invisible colours, preserved line ends.

Font size and colours are inherited, so a wrapper of size 0 around readable text (as layout tools write) hides nothing. A colour
that nobody set, or that a style sheet may have set, hides nothing either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

WHITE: Final = 0xFFFFFF
_MAX_STYLE: Final = 4_000
_MAX_SHEET: Final = 200_000
_MAX_CLASSES: Final = 500
_NEARLY: Final = 12
"""Channels that differ by no more than this cannot be told apart."""

_HIDDEN: Final = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|max-height\s*:\s*0(?:\.0+)?(?:px|pt|em|%)?\s*(?:[;!]|\Z)|opacity\s*:\s*0?(?:\.0+)?\s*(?:[;!]|\Z)|text-indent\s*:\s*-\d{3,}|(?:left|top)\s*:\s*-\d{4,}px|clip\s*:\s*rect\(\s*0)",
    re.IGNORECASE,
)
_NO_SIZE: Final = re.compile(r"(?<![\w-])(?:height|width)\s*:\s*0(?:px|pt|em)?\s*(?:[;!]|\Z)", re.IGNORECASE)
_OVERFLOW: Final = re.compile(r"overflow\s*:\s*hidden", re.IGNORECASE)
_FONT_SIZE: Final = re.compile(
    r"(?<![\w-])font-size\s*:\s*([\d.]{1,8})\s*(px|pt|em|rem|%|\w*)", re.IGNORECASE
)
_COLOUR: Final = re.compile(r"(?<![\w-])color\s*:\s*([#\w(][^;!]{0,60})", re.IGNORECASE)
_BACKGROUND: Final = re.compile(r"(?<![\w-])background(?:-color|-image)?\s*:\s*([^;!]{1,200})", re.IGNORECASE)
_SEE_THROUGH: Final = re.compile(
    r"transparent|rgba\([^)]{1,40}[,/]\s*0?(?:\.0+)?\s*\)|hsla\([^)]{1,40}[,/]\s*0?(?:\.0+)?\s*\)"
)
_STRUCK: Final = re.compile(r"(?<![\w-])text-decoration(?:-line)?\s*:[^;]{0,40}line-through", re.IGNORECASE)
STRUCK: Final = frozenset(("s", "strike", "del"))
"""Elements whose text is crossed out."""
_PRESERVED: Final = re.compile(
    r"(?<![\w-])white-space\s*:\s*(pre|nowrap|normal|break-spaces)(-wrap|-line)?", re.IGNORECASE
)
_HEX: Final = re.compile(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", re.IGNORECASE)
_RGB: Final = re.compile(
    r"rgba?\(\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*[, ]\s*(\d{1,3})\s*(?:[,/]\s*([\d.]{1,5}))?", re.IGNORECASE
)
_NAMED: Final = {
    "white": WHITE, "black": 0, "snow": 0xFFFAFA, "ivory": 0xFFFFF0, "ghostwhite": 0xF8F8FF, "red": 0xFF0000, "blue": 0x0000FF, "navy": 0x000080,
    "gray": 0x808080, "grey": 0x808080, "silver": 0xC0C0C0, "green": 0x008000, "yellow": 0xFFFF00, "whitesmoke": 0xF5F5F5, "windowtext": 0, "window": WHITE,
}  # fmt: skip
_CLASS: Final = re.compile(r"\A(?:[a-z]{1,20})?\.([\w-]{1,80})\Z", re.IGNORECASE)
_LAST: Final = re.compile(r"([\w*-]{0,40})(?:[.#]([\w-]{1,80}))?(?::[\w-]{1,30})?\Z")
_AT_BLOCK: Final = re.compile(r"@[^{};]{0,300}\{")
_COMMENT: Final = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Look:
    """What text inside an element looks like. ``colour`` is None where it is not known, ``background`` where a picture
    or a gradient lies behind it."""

    hidden: bool = False
    tiny: bool = False
    colour: int | None = None
    background: int | None = WHITE
    preserved: bool = False
    struck: bool = False

    @property
    def visible(self) -> bool:
        """Whether a reader sees text that looks so."""
        return not (self.hidden or self.tiny or _alike(self.colour, self.background))


def _alike(one: int | None, other: int | None) -> bool:
    if one is None or other is None:
        return False
    return all(abs((one >> shift & 255) - (other >> shift & 255)) <= _NEARLY for shift in (16, 8, 0))


def look_of(parent: Look, name: str, found: dict[str, str], sheet: Sheet) -> Look:
    """The look of the element ``name`` with the attributes ``found`` inside ``parent``."""
    style = found.get("style", "")[:_MAX_STYLE]
    look = parent
    hides = "hidden" in found or (bool(style) and _hides(style))
    classes = found.get("class", "").lower().split()[:50]
    if classes and not hides and not sheet.hidden.isdisjoint(classes):
        hides = "display" not in style  # a style of its own that shows the element overrules its class
    if hides:
        return replace(look, hidden=True)
    if sheet.painted or sheet.coloured:
        names = (name, found.get("id", "").lower(), *classes)
        if not sheet.painted.isdisjoint(names):
            look = replace(look, background=None)
        if not sheet.coloured.isdisjoint(names):
            look = replace(look, colour=None)
    if name in STRUCK:
        look = replace(look, struck=True)
    elif name == "a" or (name == "body" and "text" in found):
        look = replace(look, colour=None)  # links have a colour of their own
    if style:
        look = _styled(look, style)
    if "bgcolor" in found and "background" not in style:
        look = replace(look, background=_colour(found["bgcolor"]))
    if "background" in found:
        look = replace(look, background=None)
    if "color" in found and "color" not in style:
        colour = _colour(found["color"])
        look = replace(look, colour=look.colour if colour is None else colour)
    return look


def _hides(style: str) -> bool:
    return bool(_HIDDEN.search(style)) or bool(_NO_SIZE.search(style) and _OVERFLOW.search(style))


def _styled(look: Look, style: str) -> Look:
    if size := _FONT_SIZE.search(style):
        look = replace(look, tiny=_is_tiny(size[1], size[2].lower()))
    if white_space := _PRESERVED.search(style):
        kept = white_space[1].lower() in ("pre", "break-spaces")
        look = replace(look, preserved=kept)
    if colour := _COLOUR.search(style):
        written = colour[1].strip().lower()
        if _SEE_THROUGH.match(written):
            return replace(look, hidden=True)
        value = _colour(written)
        look = replace(look, colour=look.colour if value is None else value)
    if "line-through" in style and _STRUCK.search(style):
        look = replace(look, struck=True)
    for background in _BACKGROUND.finditer(style):
        behind = background[1].strip().lower()
        if not behind.startswith(("transparent", "inherit", "none", "initial")):
            opaque = "url(" not in behind and "gradient" not in behind
            look = replace(look, background=_colour(behind) if opaque else None)
    return look


def _is_tiny(number: str, unit: str) -> bool:
    try:
        size = float(number)
    except ValueError:
        return False
    return (
        size == 0
        or (size <= 1 and unit in ("px", "pt"))
        or (size < 5 and unit == "%")
        or (size < 0.1 and unit in ("em", "rem"))
    )


def _colour(value: str) -> int | None:
    """A colour as 0xRRGGBB; None for what is none, or shines through."""
    value = value.strip().lower()
    if found := _HEX.search(value):
        digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
        return int(digits, 16)
    if found := _RGB.search(value):
        if found[4] is not None and not found[4].startswith("1"):
            return None
        red, green, blue = (min(255, int(part)) for part in found.groups()[:3])
        return red << 16 | green << 8 | blue
    if re.fullmatch(r"[0-9a-f]{6}", value):
        return int(value, 16)
    return _NAMED.get(value.split()[0] if value else "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the style sheets of a mail do: the classes they hide for every reader, and the classes, identifiers and
    elements they paint a background for or colour (which colour then lies behind a text, or it has, is not known)."""

    hidden: frozenset[str] = frozenset()
    painted: frozenset[str] = frozenset()
    coloured: frozenset[str] = frozenset()


def read_sheet(css: str) -> Sheet:
    """The rules of ``css`` as far as they decide what is seen; those inside ``@media`` and the like hide nothing."""
    hidden: set[str] = set()
    painted: set[str] = set()
    coloured: set[str] = set()
    css = _COMMENT.sub(" ", css[:_MAX_SHEET])
    for rule in _without_blocks(css).split("}"):
        selectors, _, declarations = rule.partition("{")
        hides = _HIDDEN.search(declarations[:_MAX_STYLE]) is not None
        paints = "background" in declarations
        colours = _COLOUR.search(declarations[:_MAX_STYLE]) is not None
        if len(selectors) > _MAX_STYLE or not (hides or paints or colours):
            continue
        for selector in selectors.split(","):
            simple = _CLASS.match(selector.strip())
            if hides and simple and len(hidden) < _MAX_CLASSES:
                hidden.add(simple[1].lower())
            last = _LAST.search(selector.strip())
            if last and len(painted) < _MAX_CLASSES and len(coloured) < _MAX_CLASSES:
                named = (last[2] or last[1]).lower()
                painted.update((named,) if paints else ())
                coloured.update((named,) if colours else ())
    return Sheet(frozenset(hidden), frozenset(painted), frozenset(coloured))


def _without_blocks(sheet: str) -> str:
    """``sheet`` without its at-rules that have a block of their own."""
    kept: list[str] = []
    at = 0
    while match := _AT_BLOCK.search(sheet, at):
        kept.append(sheet[at : match.start()])
        depth, at = 1, match.end()
        while depth and at < len(sheet):
            opened, closed = sheet.find("{", at), sheet.find("}", at)
            if closed < 0:
                return "".join(kept)
            if 0 <= opened < closed:
                depth, at = depth + 1, opened + 1
            else:
                depth, at = depth - 1, closed + 1
    return "".join((*kept, sheet[at:]))
