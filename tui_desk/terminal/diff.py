"""From what a terminal shows to what it shall show, in few bytes.

Only differing cells are sent; when most lines moved up or down, the terminal moves them itself (a scroll region with line
feeds or reverse line feeds: every VT100 descendant has them). After a character whose width terminals disagree about
the cursor is set anew, so that one strange character never moves its neighbours.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import get_character_cell_size

from tui_desk.terminal.grid import Grid, changed_rows, is_certain

_SCROLL_FROM = 6
"""Changed lines from which on moving them is tried."""
_SCROLL_SHARE = 0.45
"""Share of the changed lines that must have moved by the same distance."""
_BRIDGE = 4
"""Unchanged cells that are cheaper to send again than to jump over."""
_ERASE_FROM = 8
"""Blank cells at the end of a line from which on erasing beats blanks."""
_DRAWN_ON_BLANKS = frozenset(["4", "7", "9", "21", "51", "52", "53"])
_ENDED_BY = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27", "9": "29"}
"""What ends an attribute (ECMA-48, 8.3.117 SGR); 22 ends both bold and faint."""


def update(want: Grid, have: Grid, *, erase_with_background: bool = True) -> str:
    """The sequences that turn ``have`` into ``want``; ``have`` is changed accordingly.

    Both have one size. ``erase_with_background``: erased cells take the current background (terminfo ``bce``).
    Empty when nothing differs.
    """
    out: list[str] = []
    rows = changed_rows(want, have)
    if len(rows) > _SCROLL_FROM:
        moved = _scroll(want, have, rows[0], rows[-1])
        if moved:
            out.append(moved)
            rows = changed_rows(want, have)
    pen = _Pen(out, erase_with_background)
    for y in rows:
        _update_row(want, have, y, pen)
    if pen.style:
        out.append("\x1b[m")
    if out or want.cursor != have.cursor:
        out.append(f"\x1b[{want.cursor[1] + 1};{want.cursor[0] + 1}H")
        have.cursor = want.cursor
    return "".join(out)


class _Pen:
    """With which style the terminal writes, and in which line its cursor is."""

    __slots__ = ("_line", "_out", "bce", "style")

    def __init__(self, out: list[str], bce: bool) -> None:
        self._out, self.bce, self.style = out, bce, ""
        self._line = -1

    def go(self, x: int, y: int) -> None:
        """Set the cursor. Within a line its column is enough."""
        if y == self._line:
            self._out.append(f"\x1b[{x + 1}G" if x else "\r")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
            self._line = y

    def put(self, text: str, style: str) -> None:
        if style != self.style:
            self._out.append(_transition(self.style, style))
            self.style = style
        self._out.append(text)

    def erase(self, style: str) -> None:
        """Blank the rest of the line."""
        self.put("\x1b[K", style)


def _update_row(want: Grid, have: Grid, y: int, pen: _Pen) -> None:
    chars, styles, old, old_styles = want.chars[y], want.styles[y], have.chars[y], have.styles[y]
    width = want.width
    blank_from = _blank_tail(chars, styles, old, old_styles, pen.bce)
    limit = width if blank_from is None else blank_from
    x, at = 0, -1
    while x < limit:
        if chars[x] == old[x] and styles[x] == old_styles[x]:
            x += 1
            continue
        while x and chars[x] == "":
            x -= 1  # never begin inside a wide character
        if (
            at >= 0
            and 0 < x - at <= _BRIDGE
            and all(styles[i] == pen.style and is_certain(chars[i]) for i in range(at, x))
        ):
            pen.put("".join(chars[at:x]), pen.style)
        elif at != x:
            pen.go(x, y)
        while x < limit and not (chars[x] == old[x] and styles[x] == old_styles[x]):
            if chars[x].isascii() or is_certain(chars[x]):
                pen.put(chars[x], styles[x])
                x += 1
                continue
            x = _put_doubtful(chars, styles, x, y, old, pen)
        at = x
    if blank_from is not None:
        if at != blank_from:
            pen.go(blank_from, y)
        pen.erase(styles[width - 1])
    old[:] = chars
    old_styles[:] = styles


def _put_doubtful(chars: list[str], styles: list[str], x: int, y: int, old: list[str], pen: _Pen) -> int:
    """A character of doubtful width: blank its cells, write it, set the cursor behind it, renew what it may have hit."""
    end = x + 1
    while end < len(chars) and chars[end] == "":
        end += 1
    if x + 2 * len(chars[x]) > len(chars):
        # At the right edge a terminal that takes it for wider writes over what is to the left: show only what is certain.
        base = chars[x][0] if is_certain(chars[x][0]) else "\N{REPLACEMENT CHARACTER}"
        pen.put(base + " " * (end - x - get_character_cell_size(base)), styles[x])
        return end
    pen.put(" " * (end - x), styles[x])
    pen.go(x, y)
    pen.put(chars[x], styles[x])
    if end < len(chars):
        pen.go(end, y)
        for hit in range(end, min(x + 2 * len(chars[x]), len(chars))):
            old[hit] = "\0"  # a terminal that takes it for wider has overwritten this cell
    return end


def _blank_tail(
    chars: list[str], styles: list[str], old: list[str], old_styles: list[str], bce: bool
) -> int | None:
    """The column from which on the line is blank and worth erasing, or None."""
    style = styles[-1] if styles else ""
    if not _erasable(style, bce):
        return None
    end = len(chars)
    while end and chars[end - 1] == " " and styles[end - 1] == style:
        end -= 1
    if len(chars) - end < _ERASE_FROM or (chars[end:] == old[end:] and styles[end:] == old_styles[end:]):
        return None
    return end


@lru_cache(maxsize=4096)
def _parts(style: str) -> tuple[tuple[str, ...], str, str]:
    """Attributes, foreground and background of the parameters of an SGR sequence."""
    attributes: list[str] = []
    foreground = background = ""
    numbers = style.replace(":", ";").split(";") if style else []
    while numbers:
        number = numbers.pop(0)
        if number in ("38", "48"):
            length = 4 if numbers[:1] == ["2"] else 2
            color = ";".join([number, *numbers[:length]])
            del numbers[:length]
            foreground, background = (color, background) if number == "38" else (foreground, color)
        elif number.isdigit() and (30 <= int(number) <= 39 or 90 <= int(number) <= 97):
            foreground = number if number != "39" else ""
        elif number.isdigit() and (40 <= int(number) <= 49 or 100 <= int(number) <= 107):
            background = number if number != "49" else ""
        elif number not in ("", "0"):
            attributes.append(number)
    return tuple(attributes), foreground, background


@lru_cache(maxsize=4096)
def _transition(old: str, new: str) -> str:
    """The shortest sequence from one style to another."""
    attributes, foreground, background = _parts(new)
    whole = ";".join(["0", *attributes, *filter(None, (foreground, background))]) if new else ""
    old_attributes, old_foreground, old_background = _parts(old)
    ended = [number for number in old_attributes if number not in attributes]
    if all(number in _ENDED_BY for number in ended):
        steps = list(dict.fromkeys(_ENDED_BY[number] for number in ended))
        steps += [
            number for number in attributes if number not in old_attributes or _ENDED_BY.get(number) in steps
        ]
        if foreground != old_foreground:
            steps.append(foreground or "39")
        if background != old_background:
            steps.append(background or "49")
        change = ";".join(steps)
        if len(change) < len(whole):
            return f"\x1b[{change}m" if change else ""
    return f"\x1b[{whole}m"


@lru_cache(maxsize=4096)
def _erasable(style: str, bce: bool) -> bool:
    attributes, _foreground, background = _parts(style)
    return not _DRAWN_ON_BLANKS.intersection(attributes) and (bce or not background)


def _scroll(want: Grid, have: Grid, top: int, bottom: int) -> str:
    """Move lines of the terminal where that brings most changed lines near to what they shall be."""
    distance = _distance(want, have, top, bottom)
    if not distance:
        return ""
    width, count = want.width, abs(distance)
    blank_chars = [[" "] * width for _ in range(count)]
    blank_styles = [[""] * width for _ in range(count)]
    for rows, blanks in ((have.chars, blank_chars), (have.styles, blank_styles)):
        if distance > 0:
            rows[top : bottom + 1] = rows[top + distance : bottom + 1] + blanks
        else:
            rows[top : bottom + 1] = blanks + rows[top : bottom + 1 + distance]
    region = f"\x1b[{top + 1};{bottom + 1}r"
    if distance > 0:
        return f"{region}\x1b[{bottom + 1};1H" + "\n" * count + "\x1b[r"
    return f"{region}\x1b[{top + 1};1H" + "\x1bM" * count + "\x1b[r"


def _distance(want: Grid, have: Grid, top: int, bottom: int) -> int:
    """By how many lines most of the lines from ``top`` to ``bottom`` moved up; 0 where it does not pay."""
    compared = max(1, want.width - 3)  # a scroll bar at the right edge does not move along
    places: dict[str, list[int]] = {}
    for y in range(top, bottom + 1):
        places.setdefault("".join(have.chars[y][:compared]), []).append(y)
    votes: dict[int, int] = {}
    for y in range(top, bottom + 1):
        line = "".join(want.chars[y][:compared])
        if line.isspace():
            continue
        for place in places.get(line, ())[:3]:
            votes[place - y] = votes.get(place - y, 0) + 1
    if not votes:
        return 0
    best = max(votes, key=lambda distance: (votes[distance], -abs(distance)))
    enough = votes[best] >= _SCROLL_SHARE * (bottom - top + 1) and votes[best] > votes.get(0, 0)
    return best if enough and abs(best) <= bottom - top else 0
