"""The thread that owns the way to the terminal: it may wait for a slow line, nobody else does.

Others leave here what the terminal shall show (:meth:`Wire.show`) and control sequences (:meth:`Wire.control`). Only the
newest picture counts: while the line is busy, newer frames replace older ones, and what is sent is the difference to
what the terminal shows already. Few lines that changed, such as those between which a cursor moves, are sent by who painted them
where the line is free and takes them without a wait: on a busy machine the thread would wait for a turn of its own.
"""

from __future__ import annotations

import os
import select
import threading
from collections.abc import Iterable
from contextlib import suppress
from time import monotonic

from tui_desk.terminal.diff import blank_screen, update
from tui_desk.terminal.free_line import open_free_line
from tui_desk.terminal.graphics import Placed
from tui_desk.terminal.grid import LINK, Grid, Piece, changed_rows
from tui_desk.terminal.pace import Pace
from tui_desk.terminal.sgr import transition

SYNC_BEGIN, SYNC_END = "\x1b[?2026h", "\x1b[?2026l"
_SYNC_FROM = 400
"""Characters of an update from which on it is worth asking the terminal to show it at once."""
_FEW_LINES = 4
"""Lines that are sent by who painted them: a cursor's, and what stands beside the list. More come seldom alone."""


class Wire:
    """Pictures and control sequences go in, bytes go to the file descriptor ``fd``."""

    def __init__(self, fd: int, *, erase_with_background: bool = True) -> None:
        self._fd = fd
        self._bce = erase_with_background
        self._condition = threading.Condition()
        self._want = Grid(80, 24)
        self._have: Grid | None = None
        self._dirty = False
        self._controls: list[str] = []
        self._pictures: tuple[Placed, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        """Pictures that shall be on the screen, and those that are."""
        self._painting = False
        self._typing, self._shown = True, False
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._sending = False
        """Whether the thread is about to write."""
        self._left = b""
        """What the line did not take at once; it goes before all else."""
        self._free_line = -1
        """A file descriptor of the same terminal on which writing never waits; -1 where there is none."""
        self._pace = Pace()
        self.synchronized = False
        """Whether the terminal said that it can show an update at once (DEC mode 2026)."""
        self.broken = False
        """Whether the terminal is gone (a write failed); everything is dropped from then on."""

    def start(self, shown: Grid | None = None) -> None:
        """Begin sending. ``shown`` is what the terminal shows, where that is known."""
        self._stopping = False
        self._pace.forget()
        self._have = shown
        self._free_line = open_free_line(self._fd)
        self._thread = threading.Thread(target=self._run, name="terminal-wire", daemon=True)
        self._thread.start()

    def answered(self) -> None:
        """The terminal answered what was asked about mode 2026: it has read what was sent before."""
        with self._condition:
            self.synchronized = True
            self._pace.answered(monotonic())
            self._condition.notify_all()

    def is_settled(self) -> bool:
        """Whether no answer is under way."""
        return self.broken or not self._pace.waits

    def stop(self, seconds: float = 2.0) -> None:
        """Send the control sequences that wait, no pictures, and end; give up after ``seconds``."""
        with self._condition:
            self._painting, self._dirty, self._stopping = False, False, True
            self._condition.notify_all()
        if self._thread is not None:
            self._thread.join(seconds)
            self._thread = None
        if self._free_line != -1:
            os.close(self._free_line)
            self._free_line = -1

    def paint(self, on: bool) -> None:
        """Whether pictures are sent. While they are not, they are still taken in, so that none has to be waited for."""
        with self._condition:
            if not on:
                self._controls.append(self._take_pictures_away())
                self._lay_down_pen()
            self._painting = on
            self._dirty = self._dirty or (on and self._shown)
            self._condition.notify_all()

    def _lay_down_pen(self) -> None:
        """What others write next begins without a style."""
        if self._have is not None and self._have.pen:
            self._controls.append(transition(self._have.pen, ""))
            self._have.pen = ""

    def control(self, sequence: str) -> None:
        """Send a sequence that is no picture (modes, bell, clipboard), in order, before the next picture."""
        with self._condition:
            if self._thread is None or self.broken:
                return
            self._controls.append(sequence)
            self._condition.notify_all()

    def show(self, frame: str, width: int, height: int, *, typing: bool = True) -> None:
        """Take in one frame, laid out for a screen of that size. ``typing``: the place of the cursor matters."""
        with self._condition:
            self._changing(width, height, typing).apply(frame)
            self._condition.notify_all()

    def draw(
        self,
        pieces: Iterable[Piece],
        cursor: tuple[int, int],
        width: int,
        height: int,
        *,
        typing: bool = True,
    ) -> None:
        """As :meth:`show`, of a frame whose places and styles are known. ``cursor``: column and line."""
        with self._condition:
            want = self._changing(width, height, typing)
            want.draw(pieces)
            want.put_cursor(*cursor)
            if not self._sent_at_once():
                self._condition.notify_all()

    def _changing(self, width: int, height: int, typing: bool) -> Grid:
        """The picture that a frame is about to change."""
        self._typing, self._shown, self._dirty = typing, True, True
        if (self._want.width, self._want.height) != (width, height):
            self._want = self._want.resized(width, height)
        return self._want

    def picture(self) -> Grid:
        """What the terminal shall show now."""
        with self._condition:
            return self._want.resized(self._want.width, self._want.height)

    def drawing_of(self, picture: Grid) -> str:
        """The sequences that draw a picture on a blank screen."""
        clear, blank = blank_screen(picture, erase_with_background=self._bce)
        drawn = update(picture, blank, erase_with_background=self._bce, place_cursor=False)
        return f"{clear}{drawn}\x1b[m"

    def place(self, pictures: tuple[Placed, ...]) -> None:
        """Show these pictures above the cells, and no others, from the next update on."""
        with self._condition:
            if pictures != self._pictures:
                self._pictures = pictures
                self._dirty = self._shown
                self._condition.notify_all()

    def leaving(self) -> str:
        """What ends a link and removes the pictures that are on the screen, for who gives the terminal back at once; waits for nobody."""
        pen = self._have.pen if self._have is not None else ""
        return (transition(pen, "") if LINK in pen else "") + "".join(one.erase for one in self._placed)

    def _take_pictures_away(self, kept: tuple[Placed, ...] = ()) -> str:
        """What removes all pictures but ``kept``. Their cells are unknown from then on, so that the next update sends them."""
        gone = [one for one in self._placed if one not in kept]
        self._placed = tuple(one for one in self._placed if one in kept)
        if self._have is not None:
            for one in gone:
                self._have.forget(one.x, one.y, one.columns, one.rows)
        return "".join(one.erase for one in gone)

    def _draw_pictures(self, want: Grid, have: Grid, changed: set[int]) -> str:
        """What draws the pictures that are not there, or whose lines were just written."""
        out = []
        for one in self._pictures:
            if one.x + one.columns > want.width or one.y + one.rows > want.height:
                continue  # the screen has become smaller meanwhile: whoever placed it places it anew
            if one not in self._placed or changed.intersection(range(one.y, one.y + one.rows)):
                out.append(f"{transition(have.pen, '')}\x1b[{one.y + 1};{one.x + 1}H{one.draw}")
                have.pen = ""
                self._placed = (*(other for other in self._placed if other != one), one)
        if not out:
            return ""
        have.cursor = (-1, -1)
        return "".join(out) + update(want, have, place_cursor=self._typing)

    def repaint(self) -> None:
        """Send everything again: the terminal may show something else than what was sent."""
        with self._condition:
            self._have = None
            self._dirty = True
            self._condition.notify_all()

    def _run(self) -> None:
        while True:
            with self._condition:
                self._sending = False
                pause = self._pause()
                while not (self._left or self._controls or self._stopping or pause == 0):
                    self._condition.wait(pause)
                    pause = self._pause()
                left, self._left = self._left, b""
                controls, self._controls = "".join(self._controls), []
                picture = self._picture_to_send() if pause == 0 else b""
                stopping = self._stopping
                self._sending = True
            self._send(left + controls.encode("utf-8", "replace") + picture)
            if stopping:
                return

    def _sent_at_once(self) -> bool:
        """Send the picture from here, where the thread has nothing to do and the line is free; False where all or some of it is left to the
        thread. Never waits."""
        if (
            self._free_line == -1
            or len(self._want.touched) > _FEW_LINES
            or self._sending
            or self._left
            or self._controls
            or self._stopping
            or self._pause() != 0
        ):
            return False
        data = self._picture_to_send()
        with suppress(
            OSError
        ):  # the line takes nothing now, or is gone: the thread waits for it, or finds out
            data = data[os.write(self._free_line, data) :]
        self._left = data
        return not (data or self._dirty)

    def _picture_to_send(self) -> bytes:
        """The newest picture, and behind it the question whether it was read, where that is due."""
        picture = self._picture().encode("utf-8", "replace")
        return picture + self._pace.sent(len(picture), monotonic())

    def _pause(self) -> float | None:
        """Seconds until a picture may go out; None where there is none to send."""
        return self._pace.pause(monotonic()) if self._dirty and self._painting else None

    def _picture(self) -> str:
        self._dirty = False
        columns, lines = self._terminal_size()
        want = self._want
        if columns < want.width or lines < want.height:  # for a moment after a resize
            want = want.resized(min(columns, want.width), min(lines, want.height))
        clear = self._take_pictures_away(self._pictures)
        bce = self._bce and columns == want.width  # erasing to the end of the line goes to the terminal's end
        if self._have is None or (self._have.width, self._have.height) != (want.width, want.height):
            clear += self._take_pictures_away()
            blank, self._have = blank_screen(want, erase_with_background=bce)
            clear += blank
        pictures = bool(self._pictures)
        changed = set(changed_rows(want, self._have)) if pictures else set()
        change = clear + update(
            want,
            self._have,
            erase_with_background=bce,
            place_cursor=self._typing,
            scroll=not pictures,
            most=None if pictures else self._pace.most,
        )
        self._dirty = bool(want.touched)
        if pictures:
            change += self._draw_pictures(want, self._have, changed)
        if self.synchronized and len(change) > _SYNC_FROM:
            return SYNC_BEGIN + change + SYNC_END
        return change

    def _terminal_size(self) -> tuple[int, int]:
        """Columns and lines of the terminal; those of the picture where it has no size."""
        try:
            size = os.get_terminal_size(self._fd)
        except OSError:
            size = os.terminal_size((0, 0))
        return size.columns or self._want.width, size.lines or self._want.height

    def _send(self, sequences: bytes) -> None:
        data = memoryview(sequences)
        while data and not self.broken:
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:  # somebody made the terminal non-blocking: until it takes more
                select.select((), (self._fd,), ())
            except InterruptedError:
                continue
            except OSError:
                self.broken = True
