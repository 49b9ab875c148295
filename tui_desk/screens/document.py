"""One document, as far as a terminal shows it: what it is above, what can be read of it below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.documents import FILE
from tui_desk.actions.inventory import PAGER
from tui_desk.contracts.documents import DocumentPreview, DocumentView, PreviewDocument
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.details import blocks, heading, sentence
from tui_desk.screens.document_key import save_document
from tui_desk.screens.pager import PagerScreen
from tui_desk.widgets.text_pager import TextPager

_GAP = "  "
_NARROWEST = 6


class DocumentScreen(PagerScreen):
    """Reads one document. A PDF may take some seconds: the screen is there at once, and Esc leaves it."""

    scopes = (FILE, PAGER, GLOBAL)
    CSS_PATH = "styles/pager.tcss"

    def __init__(self, document: DocumentView) -> None:
        super().__init__()
        self.document = document
        self.crumb = f"{document.subject_name} › {document.filename}"
        self._preview: DocumentPreview | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield Static("", id="pager-head", markup=False)
        yield TextPager(_("Reading …"), id="pager")

    def start(self) -> None:
        self._show_head("")
        self.query_one(TextPager).focus()

    def facts(self) -> frozenset[str]:
        return super().facts() | {"selected"}

    def _show_head(self, note: str) -> None:
        one = self.document
        when = words.moment(one.created_at, self.host.options.clock())
        after = "  ·  ".join(part for part in (word(one.kind), words.size(one.size), when, one.by) if part)
        read = self._preview is not None and bool(self._preview.text or self._preview.table)
        parts = [heading(one.filename, after)]
        if note:
            parts.append(sentence(note, "$muted" if read else "$text-warning"))
        self.query_one("#pager-head", Static).update(blocks(*parts))

    async def load(self) -> None:
        if self._preview is None:  # a document never changes
            self._preview = await self.ask(PreviewDocument(self.document.id))
            self._show_head(self._preview.note)
            self._show_text()

    def _show_text(self) -> None:
        shown, pager = self._preview, self.query_one(TextPager)
        if shown is not None:
            pager.set_text(aligned(shown.table, max(20, pager.size.width - 1)) if shown.table else shown.text)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self._preview is not None and self._preview.table:
            self.call_after_refresh(self._show_text)

    async def do_save_document(self, argument: str) -> None:
        await save_document(self, self.document, argument)


def aligned(rows: Sequence[Sequence[str]], width: int) -> str:
    """Rows of cells under each other in columns, cut where they would be wider than ``width``: the widest gives way first."""
    count = max(map(len, rows), default=0)
    widths = [
        max((cell_len(row[index]) for row in rows if index < len(row)), default=1) for index in range(count)
    ]
    while sum(widths) + len(_GAP) * (count - 1) > width and max(widths) > _NARROWEST:
        widest = widths.index(max(widths))
        second = max([_NARROWEST, *(one for one in widths if one < widths[widest])])
        excess = sum(widths) + len(_GAP) * (count - 1) - width
        widths[widest] = max(second, widths[widest] - excess, _NARROWEST)
    return "\n".join(
        _GAP.join(_fitted(cell, widths[index]) for index, cell in enumerate(row)).rstrip() for row in rows
    )


def _fitted(cell: str, width: int) -> str:
    if cell_len(cell) <= width:
        return set_cell_size(cell, width)
    return set_cell_size(set_cell_size(cell, width - 1).rstrip() + "…", width)
