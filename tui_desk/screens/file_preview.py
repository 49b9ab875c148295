"""One file, as far as a terminal shows it: what it is above, what can be read or seen of it below."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from itertools import count

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.content import Content as Styled
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.contracts.documents import DocumentPreview
from tui_desk.contracts.reading import Content, FilePreview, Picture, PictureForm, ShowPicture
from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.screens.details import blocks, heading, sentence
from tui_desk.screens.pager import PagerScreen
from tui_desk.screens.piping import pipe
from tui_desk.terminal import graphics
from tui_desk.terminal.graphics import Graphics
from tui_desk.terminal.size import too_small
from tui_desk.widgets.picture_view import PictureView
from tui_desk.widgets.text_pager import TextPager

_GAP = "  "
_NARROWEST = 6
_FORMS = {
    Graphics.KITTY: PictureForm.PNG,
    Graphics.ITERM2: PictureForm.PNG,
    Graphics.SIXEL: PictureForm.SIXEL,
}
_MOST_WIDE, _MOST_HIGH = 1_200, 900
"""Pixels that are sent at most, however large the window is."""
_NUMBERS = count(7_000)
"""Names of pictures for Kitty, which keeps them apart by number."""


class PreviewScreen(PagerScreen):
    """Reads one file. A PDF or an image may take some seconds: the screen is there at once, and Esc leaves it."""

    CSS_PATH = "styles/pager.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._preview: FilePreview | DocumentPreview | None = None
        self._drawn_for: tuple[int, int] | None = None
        self._placed: tuple[graphics.Placed, ...] = ()
        self._trouble_told = ""

    # -- what it is --------------------------------------------------------------------------------------------------
    @abstractmethod
    def content(self) -> tuple[Content, int]:
        """What is read: its kind and its number."""

    @abstractmethod
    def head(self) -> tuple[str, str]:
        """Its name, and what stands behind it."""

    @abstractmethod
    async def read(self) -> FilePreview | DocumentPreview:
        """Read it for the eye."""

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield Static("", id="pager-head", markup=False)
        yield TextPager(_("Reading …"), id="pager")
        yield PictureView(id="picture")

    def start(self) -> None:
        self.query_one(PictureView).display = False
        self._show_head()
        self.query_one(TextPager).focus()

    def facts(self) -> frozenset[str]:
        return super().facts() | {"selected"}

    def _show_head(self) -> None:
        shown = self._preview
        parts: list[Styled] = [heading(*self.head())]
        if shown is not None and shown.note:
            read = bool(shown.text or shown.table or shown.picture)
            parts.append(sentence(shown.note, "$muted" if read else "$text-warning"))
        if self._trouble_told:
            parts.append(sentence(self._trouble_told, "$text-warning"))
        self.query_one("#pager-head", Static).update(blocks(*parts))

    async def load(self) -> None:
        if self._preview is None:  # a file never changes
            self._preview = await self.read()
            self._show_head()
            if self._preview.picture:
                self.query_one(TextPager).display = False
                self.query_one(PictureView).display = True
                self.call_after_refresh(self._draw)
            else:
                self._show_text()

    def _show_text(self) -> None:
        shown, pager = self._preview, self.query_one(TextPager)
        if shown is not None:
            pager.set_text(aligned(shown.table, max(20, pager.size.width - 1)) if shown.table else shown.text)

    # -- the picture -------------------------------------------------------------------------------------------------
    def _draw(self) -> None:
        size = self.query_one(PictureView).size
        wanted = (size.width, size.height)
        if not all(wanted) or wanted == self._drawn_for or too_small(*self.app.size):
            return
        self._drawn_for = wanted
        self.run_guarded(_("Picture"), lambda: self._draw_into(*wanted), group="picture", exclusive=True)

    async def _draw_into(self, columns: int, rows: int) -> None:
        view = self.query_one(PictureView)
        try:
            if await self._by_the_terminal(view, columns, rows):
                return
            picture = await self._picture(PictureForm.RGB, columns, 2 * rows)
        except Unavailable as error:
            self._trouble_told = error.sentence
            self._show_head()
            return
        view.show_pixels(picture.width, picture.height, picture.data)

    async def _picture(self, form: PictureForm, width: int, height: int) -> Picture:
        return await self.ask(ShowPicture(*self.content(), form, width, height))

    async def _by_the_terminal(self, view: PictureView, columns: int, rows: int) -> bool:
        """Let the terminal draw it, where it can."""
        way = graphics.graphics_here(self.app, self.host.options.images)
        if way is Graphics.BLOCKS or self.app.is_headless:
            return False
        wide, high = graphics.cell_size(self.app)
        picture = await self._picture(
            _FORMS[way], min(_MOST_WIDE, columns * wide), min(_MOST_HIGH, rows * high)
        )
        region = view.hold(-(-picture.width // wide), -(-picture.height // high))
        placed = graphics.placed(way, picture.data, *region, number=next(_NUMBERS))
        if placed is None:
            return False
        self._placed = (placed,)
        if self.is_current:
            self.call_after_refresh(self._show_pictures)
        return True

    def _show_pictures(self) -> None:
        if self.is_current and self.is_running:
            graphics.show(self.app, self._placed)

    def on_resize(self, event: events.Resize) -> None:
        graphics.show(self.app, ())
        self._placed, self._drawn_for = (), None
        if self._preview is not None and self._preview.table:
            self.call_after_refresh(self._show_text)
        elif self._preview is not None and self._preview.picture:
            self.call_after_refresh(self._draw)

    def on_screen_suspend(self) -> None:
        graphics.show(self.app, ())

    def on_screen_resume(self) -> None:
        if self._placed:
            self.call_after_refresh(self._show_pictures)

    async def on_unmount(self) -> None:
        graphics.show(self.app, ())

    async def do_pipe(self, argument: str) -> None:
        await pipe(self, *self.content(), self.head()[0], argument)


def aligned(rows: Sequence[Sequence[str]], width: int) -> str:
    """Rows of cells under each other in columns, cut where they would be wider than ``width``: the widest gives way first."""
    columns = max(map(len, rows), default=0)
    widths = [
        max((cell_len(row[index]) for row in rows if index < len(row)), default=1) for index in range(columns)
    ]
    while sum(widths) + len(_GAP) * (columns - 1) > width and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        second = max([_NARROWEST, *(one for one in widths if one < widths[widest])])
        excess = sum(widths) + len(_GAP) * (columns - 1) - width
        widths[widest] = max(second, widths[widest] - excess, _NARROWEST)
    return "\n".join(
        _GAP.join(_fitted(cell, widths[index]) for index, cell in enumerate(row)).rstrip() for row in rows
    )


def _fitted(cell: str, width: int) -> str:
    if cell_len(cell) <= width:
        return set_cell_size(cell, width)
    return set_cell_size(set_cell_size(cell, width - 1).rstrip() + "…", width)
