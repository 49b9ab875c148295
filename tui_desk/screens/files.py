"""The documents of one thing: added from a path, read, saved, taken away and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import PurePath

from textual.content import Content

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.documents import FILES
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.documents import (
    AddDocument,
    DocumentChanged,
    DocumentView,
    ListDocuments,
    RemoveDocument,
)
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import UndoLast
from tui_desk.core.enums import DocumentKind, DocumentSubject
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, labelled
from tui_desk.screens.document_key import save_document
from tui_desk.screens.message_line import UNDO_SECONDS, Offer
from tui_desk.screens.paths import completing, permitted
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class FilesScreen(BrowseScreen[DocumentView]):
    """The files of the thing ``subject`` ``subject_id``."""

    scopes = (FILES, DETAILS, LIST, GLOBAL)

    def __init__(self, subject: DocumentSubject, subject_id: int) -> None:
        super().__init__()
        self.subject, self.subject_id = subject, subject_id
        self.crumb = _("Documents")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("name", _("File"), 20, flex=3),
            Column("kind", _("Kind"), words.widest(map(word, DocumentKind))),
            Column("size", _("Size"), 8, align="right"),
            Column("added", _("Added"), 15, priority=1),
            Column("by", _("By"), 12, flex=1, priority=2),
        )

    async def read(self) -> Sequence[DocumentView]:
        found = await self.ask(ListDocuments(self.subject, self.subject_id))
        self.crumb = f"{found.subject_name} › {_('Documents')}"
        self.show_title()
        return found.documents

    def row(self, item: DocumentView) -> TableRow:
        return TableRow(
            item.id,
            (
                Cell(item.filename, "strong"),
                word(item.kind),
                Cell(words.size(item.size), "muted"),
                Cell(words.moment(item.created_at, self.host.options.clock()), "muted"),
                Cell(item.by, "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: DocumentView) -> Content:
        facts = (
            Fact(_("Type"), item.content_type),
            Fact(_("Size"), words.size(item.size)),
            Fact(_("Added"), words.moment(item.created_at, self.host.options.clock())),
            Fact(_("By"), item.by),
        )
        return blocks(heading(item.filename, word(item.kind)), labelled(facts))

    def empty_text(self) -> str:
        return _("No documents yet. N keeps a copy of a file: an invoice, a manual, a contract.")

    def open_item(self, item: DocumentView) -> None:
        from tui_desk.screens.document import DocumentScreen

        self.app.push_screen(DocumentScreen(item))

    def _chosen(self) -> DocumentView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    # -- what can be done --------------------------------------------------------------------------------------------
    async def do_add_document(self, argument: str) -> None:
        path = argument or await self.prompt(
            _("Keep which file?"),
            detail=_("A copy is kept here; Tab completes its path."),
            complete=completing(self.host.options),
        )
        if not path or not path.strip():
            return
        permitted(self.host.options, path.strip())
        choices = [Choice(kind.value, word(kind)) for kind in DocumentKind]
        guess = kind_of_name(path)
        kind = await self.choose(_("What is {name}?").format(name=PurePath(path).name), choices, guess.value)
        if kind is None:
            self.say(_("Nothing was added."))
            return
        request = AddDocument(self.subject, path.strip(), self.subject_id, kind=DocumentKind(kind))
        self.select_soon((await self._change(request)).document.id)

    async def do_save_document(self, argument: str) -> None:
        await save_document(self, self._chosen(), argument)

    async def do_remove_document(self, argument: str) -> None:
        await self._change(RemoveDocument(self._chosen().id))
        self.gone()

    async def _change(self, request: Request[DocumentChanged]) -> DocumentChanged:
        """Carry out a change, and offer the way back."""
        done = await self.ask(request)
        until = self.host.options.clock() + timedelta(seconds=UNDO_SECONDS)
        back = UndoLast(event_ids=done.event_ids)
        self.offer(Offer(back, until, lambda _seconds: done.sentence, _("u takes it back")))
        return done

    async def do_undo(self, argument: str) -> None:
        offer = self.host.live_offer()
        if offer is None:
            self.refuse(_("Nothing to undo: you changed nothing just now."))
            return
        done = await self.ask(offer.request)
        self.host.deeds.took_back(offer, self.host.options.clock())
        self.say(done if isinstance(done, str) else done.sentence, level="done")
        self.list_anew()


_SIGNS = {
    DocumentKind.INVOICE: ("invoice", "bill", "rechnung", "factura", "facture"),
    DocumentKind.MANUAL: ("manual", "guide", "handbuch", "readme", "datasheet"),
    DocumentKind.CONTRACT: ("contract", "lease", "agreement", "vertrag", "contrato"),
    DocumentKind.OFFER: ("offer", "quote", "quotation", "angebot", "oferta", "presupuesto"),
    DocumentKind.DELIVERY_NOTE: ("delivery", "lieferschein", "albaran"),
}


def kind_of_name(path: str) -> DocumentKind:
    """What a file may be, by its name: only a proposal."""
    name = PurePath(path).name.casefold()
    found = (kind for kind, signs in _SIGNS.items() if any(sign in name for sign in signs))
    return next(found, DocumentKind.OTHER)
