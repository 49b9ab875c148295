"""One document, as far as a terminal shows it."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.documents import FILE
from tui_desk.actions.inventory import PAGER
from tui_desk.contracts.documents import DocumentPreview, DocumentView, PreviewDocument
from tui_desk.contracts.reading import Content
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.document_key import save_document
from tui_desk.screens.file_preview import PreviewScreen


class DocumentScreen(PreviewScreen):
    """Reads one document."""

    scopes = (FILE, PAGER, GLOBAL)

    def __init__(self, document: DocumentView) -> None:
        super().__init__()
        self.document = document
        self.crumb = f"{document.subject_name} › {document.filename}"

    def content(self) -> tuple[Content, int]:
        return Content.DOCUMENT, self.document.id

    def head(self) -> tuple[str, str]:
        one = self.document
        when = words.moment(one.created_at, self.host.options.clock())
        return one.filename, "  ·  ".join(
            part for part in (word(one.kind), words.size(one.size), when, one.by) if part
        )

    async def read(self) -> DocumentPreview:
        return await self.ask(PreviewDocument(self.document.id))

    async def do_save_document(self, argument: str) -> None:
        await save_document(self, self.document, argument)
