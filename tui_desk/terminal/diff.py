"""From what a terminal shows to what it shall show, in few bytes.

Only differing cells are sent; when most lines moved up or down, the terminal moves them itself (lines deleted or inserted at the
top of a scroll region: every VT102 descendant has that). Long blanks are erased rather than written, a blank is written in
whatever colour the pen has where nobody sees the difference, and the pen keeps its style from one update to the next. After a
character whose width terminals disagree about the cursor is set anew, so that one strange character never moves its neighbours.
"""

from __future__ import annotations

import re
from collections import deque

from rich.cells import get_character_cell_size

from tui_desk.terminal.grid import Grid, changed_rows, is_certain
from tui_desk.terminal.sgr import blank_look, erasable, pen_for_blank, transition

_SCROLL_FROM = 6
"""Changed lines from which on moving them is tried."""
_SCROLL_SHARE = 0.3
"""Share of the changed lines that must have moved by the same distance."""
_SCROLL_PART = 60
"""Cells at the left end that are looked at where a pane beside a list does not move along."""
_BRIDGE = 4
"""Unchanged cells that are cheaper to send again than to jump over."""
_ERASE_FROM = 8
"""Blank cells at the end of a line from which on erasing beats blanks."""
_CUT_FROM = 12
"""Blank cells within a line from which on erasing and a jump beat blanks."""
_GAPS = re.compile(" {5,}")
_RULE = "│"
_RULE_FROM = 4
"""Pieces of a line from top to bottom from which on it is drawn downwards."""
_AWAY = (-1, -1)
"""The cursor is nowhere in particular: it is hidden, and nobody types there."""


def update(
    want: Grid,
    have: Grid,
    *,
    erase_with_background: bool = True,
    place_cursor: bool = True,
    scroll: bool = True,
    most: int | None = None,
) -> str:
    """The sequences that turn ``have`` into ``want``; ``have`` is changed accordingly.

    Both have one size; lines that nobody touched since the last update are not looked at. ``erase_with_background``: erased cells take the current background (terminfo ``bce``).
    ``scroll``: lines may be moved (a picture on the screen would be moved or torn). ``most``: so many characters are
    enough for now: lines whose mark at the left end comes or goes (a cursor), then those that came last; what is left stays touched. ``place_cursor``: the cursor is put where ``want`` has it (somebody types there). Empty when nothing differs.
    """
    pen = _Pen(have.pen, erase_with_background)
    rows = changed_rows(want, have)
    if scroll and len(rows) > _SCROLL_FROM and _scroll(want, have, rows[0], rows[-1], pen):
        rows = changed_rows(want, have, range(rows[0], rows[-1] + 1))
    if most is None:
        _erase_unknown(want, have, rows, pen)
        _draw_rules(want, have, rows, pen)
    else:
        rows.sort(key=lambda y: (not _is_marked(want, have, y), -want.touched.get(y, 0)))
    left = deque(rows)
    while left:
        y = left.popleft()
        if most is not None:
            _erase_unknown(want, have, [y], pen)
        _update_row(want, have, y, pen)
        if most is not None and sum(map(len, pen.out)) >= most:
            break
    want.touched = {y: want.touched.get(y, 0) for y in left}
    have.touched.clear()
    have.pen = pen.style
    if pen.out:
        have.cursor = _AWAY
    if place_cursor and want.cursor != have.cursor:
        pen.out.append(f"\x1b[{want.cursor[1] + 1};{want.cursor[0] + 1}H")
        have.cursor = want.cursor
    return "".join(pen.out)


def blank_screen(want: Grid, *, erase_with_background: bool = True) -> tuple[str, Grid]:
    """Sequences that blank a whole terminal, in the background that most of ``want`` has, and what it shows then."""
    counts: dict[str, int] = {}
    for chars, styles in zip(want.chars, want.styles, strict=True):
        for char, style in zip(chars, styles, strict=True):
            if char == " ":
                counts[style] = counts.get(style, 0) + 1
    looks = {style: count for style, count in counts.items() if erasable(style, erase_with_background)}
    pen = _Pen("", erase_with_background)
    pen.blank(max(looks, key=lambda style: looks[style], default=""))
    grid = Grid(want.width, want.height)
    grid.styles = [[pen.style] * want.width for _ in range(want.height)]
    grid.pen, grid.cursor = pen.style, _AWAY
    return "\x1b[r\x1b[m" + "".join(pen.out) + "\x1b[H\x1b[2J", grid


class _Pen:
    """With which style the terminal writes, and where its cursor is."""

    __slots__ = ("_line", "bce", "column", "out", "style")

    def __init__(self, style: str, bce: bool) -> None:
        self.out: list[str] = []
        self.style, self.bce = style, bce
        self._line = self.column = -1

    def go(self, x: int, y: int) -> None:
        """Set the cursor by the shortest way."""
        if y == self._line + 1 and self._line >= 0 and x == self.column - 1:
            self.out.append("\b\x1bD")
        elif y != self._line:
            follows = x == 0 and self._line >= 0 and y == self._line + 1
            self.out.append("\r\n" if follows else f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H")
        elif x == 0:
            self.out.append("\r")
        elif x != self.column:
            by, to = f"\x1b[{x - self.column}C", f"\x1b[{x + 1}G"
            self.out.append(by if 0 <= self.column < x and len(by) < len(to) else to)
        self._line, self.column = y, x

    def lost(self, *, line: bool = True) -> None:
        """Terminals may differ about the column of the cursor, or about its line as well."""
        self.column = -1
        if line:
            self._line = -1

    def put(self, text: str, style: str, cells: int) -> None:
        """Write ``text``, which takes so many ``cells``."""
        if style != self.style:
            self.out.append(transition(self.style, style))
            self.style = style
        self.out.append(text)
        if self.column >= 0:
            self.column += cells

    def blank(self, style: str) -> None:
        """From here on blanks look as in ``style``."""
        fitting = pen_for_blank(self.style, style)
        if fitting != self.style:
            self.out.append(transition(self.style, fitting))
            self.style = fitting


def _differs(char: str, style: str, old: str, old_style: str) -> bool:
    if char != old:
        return True
    return style != old_style and not (char == " " and blank_look(style) == blank_look(old_style))


def _is_marked(want: Grid, have: Grid, y: int) -> bool:
    """Whether the sign at the left end of a line comes or goes."""
    old = have.chars[y][0]
    return want.chars[y][0] != (" " if old == "\0" else old)


def _erase_unknown(want: Grid, have: Grid, rows: list[int], pen: _Pen) -> None:
    """Erase lines of which nothing is known, before anything is drawn on them: their gaps are jumped over then."""
    for y in rows:
        look = want.styles[y][-1]
        if have.chars[y][0] == "\0" and erasable(look, pen.bce) and _has_gaps(want.chars[y]):
            pen.go(0, y)
            pen.blank(look)
            pen.out.append("\x1b[K")
            have.chars[y], have.styles[y] = [" "] * want.width, [look] * want.width


def _draw_rules(want: Grid, have: Grid, rows: list[int], pen: _Pen) -> None:
    """Lines from top to bottom, downwards: row by row each piece would cost two changes of style."""
    pieces: dict[tuple[int, str], list[int]] = {}
    for y in rows:
        chars = want.chars[y]
        x = chars.index(_RULE) if _RULE in chars else want.width
        if x + 1 < want.width and _differs(_RULE, want.styles[y][x], have.chars[y][x], have.styles[y][x]):
            pieces.setdefault((x, want.styles[y][x]), []).append(y)
    for (x, style), lines in pieces.items():
        if len(lines) < _RULE_FROM or any(have.chars[y][x] == "" for y in lines):
            continue
        for y in lines:
            pen.go(x, y)
            pen.put(_RULE, style, 1)
            have.chars[y][x], have.styles[y][x] = _RULE, style


def _update_row(want: Grid, have: Grid, y: int, pen: _Pen) -> None:
    chars, styles, old, old_styles = want.chars[y], want.styles[y], have.chars[y], have.styles[y]
    width = want.width
    blank_from = _blank_tail(chars, styles, old, old_styles, pen.bce)
    limit = width if blank_from is None else blank_from
    x, at = 0, -1
    while x < limit:
        if not _differs(chars[x], styles[x], old[x], old_styles[x]):
            x += 1
            continue
        half = chars[x] == ""
        while x and chars[x] == "":
            x -= 1  # never begin inside a wide character
        if (
            at >= 0
            and 0 < x - at <= _BRIDGE
            and pen.column == at
            and _bridges(chars, styles, at, x, pen.style)
        ):
            pen.put("".join(chars[at:x]), pen.style, x - at)
        while x < limit and (half or _differs(chars[x], styles[x], old[x], old_styles[x])):
            half = False  # where only the right half differs, the whole character is written
            pen.go(x, y)
            if chars[x] == " ":
                x = _put_blanks(want, have, x, y, limit, pen)
            elif is_certain(chars[x]):
                end = x + 1
                while end < width and chars[end] == "":
                    end += 1
                pen.put(chars[x], styles[x], end - x)
                x = end
            else:
                x = _put_doubtful(chars, styles, x, y, old, pen)
        at = x
    if blank_from is not None:
        pen.go(blank_from, y)
        pen.blank(styles[width - 1])
        pen.out.append("\x1b[K")
    if limit == width:
        pen.lost(line=False)  # behind the last cell terminals differ about where the cursor is
    old[:] = chars
    old_styles[:] = styles


def _has_gaps(chars: list[str]) -> bool:
    """Whether a line has enough blanks within it that erasing it and jumping over them saves something."""
    saved = sum(len(gap) - _BRIDGE for gap in _GAPS.findall("".join(chars).rstrip()))
    return saved >= _BRIDGE


def _bridges(chars: list[str], styles: list[str], start: int, end: int, style: str) -> bool:
    """Whether the cells between may be written again without a change of style."""
    return all(
        blank_look(styles[x]) == blank_look(style)
        if chars[x] == " "
        else styles[x] == style and is_certain(chars[x])
        for x in range(start, end)
    )


def _put_blanks(want: Grid, have: Grid, x: int, y: int, limit: int, pen: _Pen) -> int:
    """The blanks from ``x`` on that look alike: written, or erased where they are many; the answer is the cell behind them."""
    chars, styles, old, old_styles = want.chars[y], want.styles[y], have.chars[y], have.styles[y]
    look = blank_look(styles[x])
    at = end = x + 1
    while at < limit and chars[at] == " " and blank_look(styles[at]) == look:
        at += 1
        if _differs(" ", styles[at - 1], old[at - 1], old_styles[at - 1]):
            end = at
    pen.blank(styles[x])
    if end - x >= _CUT_FROM and erasable(styles[x], pen.bce):
        pen.out.append(f"\x1b[{end - x}X")
    else:
        pen.put(" " * (end - x), pen.style, end - x)
    return end


def _put_doubtful(chars: list[str], styles: list[str], x: int, y: int, old: list[str], pen: _Pen) -> int:
    """A character of doubtful width: blank its cells, write it, set the cursor behind it, renew what it may have hit."""
    end = x + 1
    while end < len(chars) and chars[end] == "":
        end += 1
    if x + 2 * len(chars[x]) > len(chars):
        # At the right edge a terminal that takes it for wider writes over what is to the left: show only what is certain.
        base = chars[x][0] if is_certain(chars[x][0]) else "\N{REPLACEMENT CHARACTER}"
        pen.put(base + " " * (end - x - get_character_cell_size(base)), styles[x], end - x)
        return end
    pen.put(" " * (end - x), styles[x], end - x)
    pen.go(x, y)
    pen.put(chars[x], styles[x], 0)
    pen.lost(line=False)
    if end < len(chars):
        pen.go(end, y)
        for hit in range(end, min(x + 2 * len(chars[x]), len(chars))):
            old[hit] = "\0"  # a terminal that takes it for wider has overwritten this cell
    return end


def _blank_tail(
    chars: list[str], styles: list[str], old: list[str], old_styles: list[str], bce: bool
) -> int | None:
    """The column from which on the line is blank and worth erasing, or None."""
    if not styles or not erasable(styles[-1], bce):
        return None
    look = blank_look(styles[-1])
    width = end = len(chars)
    while (
        end
        and chars[end - 1] == " "
        and (styles[end - 1] == styles[-1] or blank_look(styles[end - 1]) == look)
    ):
        end -= 1
    differing = sum(_differs(" ", styles[x], old[x], old_styles[x]) for x in range(end, width))
    return end if differing >= _ERASE_FROM else None


def _scroll(want: Grid, have: Grid, top: int, bottom: int, pen: _Pen) -> bool:
    """Move lines of the terminal where that brings most changed lines near to what they shall be."""
    distance, top, bottom = _distance(want, have, top, bottom)
    if not distance:
        return False
    width, count = want.width, abs(distance)
    # Terminals differ about the colour of lines that come in: what they show counts as unknown.
    new_chars = [["\0"] * width for _ in range(count)]
    new_styles = [[""] * width for _ in range(count)]
    for rows, new in ((have.chars, new_chars), (have.styles, new_styles)):
        if distance > 0:
            rows[top : bottom + 1] = rows[top + distance : bottom + 1] + new
        else:
            rows[top : bottom + 1] = new + rows[top : bottom + 1 + distance]
    # Deleting or inserting lines at the top of the region scrolls it, whatever the tty makes of line feeds.
    pen.out.append(
        f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H\x1b[{count}{'M' if distance > 0 else 'L'}\x1b[r"
    )
    pen.lost()
    return True


def _distance(want: Grid, have: Grid, top: int, bottom: int) -> tuple[int, int, int]:
    """By how many lines most of the lines from ``top`` to ``bottom`` moved up, and the first and last line that this is about.

    The distance is 0 where moving them does not pay.
    """
    whole = max(1, want.width - 3)  # a scroll bar at the right edge does not move along
    best, moved = _voted(want, have, top, bottom, whole)
    if not best and whole > _SCROLL_PART:
        best, moved = _voted(want, have, top, bottom, _SCROLL_PART)
    if not best:
        return 0, top, bottom
    top, bottom = min(moved) + min(best, 0), max(moved) + max(best, 0)
    stays = sum(_unlike(want.chars[y], have.chars[y]) for y in range(top, bottom + 1))
    come_in = range(bottom + 1 - best, bottom + 1) if best > 0 else range(top, top - best)
    moves = sum(
        sum(char != " " for char in want.chars[y])
        if y in come_in
        else _unlike(want.chars[y], have.chars[y + best])
        for y in range(top, bottom + 1)
    )
    return best if moves < stays else 0, top, bottom


def _unlike(one: list[str], other: list[str]) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def _voted(want: Grid, have: Grid, top: int, bottom: int, compared: int) -> tuple[int, list[int]]:
    """The distance for which most lines are alike in their first cells, and those lines; 0 where too few are."""
    places: dict[str, list[int]] = {}
    for y in range(top, bottom + 1):
        places.setdefault("".join(have.chars[y][:compared]), []).append(y)
    votes: dict[int, list[int]] = {}
    for y in range(top, bottom + 1):
        line = "".join(want.chars[y][:compared])
        if line.isspace():
            continue
        for place in places.get(line, ())[:3]:
            votes.setdefault(place - y, []).append(y)
    if not votes:
        return 0, []
    best = max(votes, key=lambda distance: (len(votes[distance]), -abs(distance)))
    enough = len(votes[best]) >= _SCROLL_SHARE * (bottom - top + 1) and len(votes[best]) > len(
        votes.get(0, ())
    )
    return (best, votes[best]) if enough and abs(best) <= bottom - top else (0, [])
