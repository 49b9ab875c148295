"""``f`` on the screen of a thing that has documents, and what can be done with one of them."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Awaitable

from tui_desk.contracts.documents import DocumentView, SaveDocument
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.paths import completing, permitted


class HasDocuments(BaseScreen):
    """A screen about a thing that has documents, or about a list of such things."""

    @abstractmethod
    def documents_of(self) -> tuple[DocumentSubject, int]:
        """The thing whose documents are meant. Raises UsageError where nothing is selected."""

    def do_documents(self, argument: str) -> Awaitable[None] | None:
        open_documents(self, *self.documents_of())
        return None


def open_documents(screen: BaseScreen, subject: DocumentSubject, subject_id: int) -> None:
    """Show the documents of a thing above ``screen``."""
    from tui_desk.screens.files import FilesScreen

    screen.app.push_screen(FilesScreen(subject, subject_id))


async def save_document(screen: BaseScreen, document: DocumentView, folder: str) -> None:
    """Write a document to a folder or file that is asked for; asks before it replaces one."""
    chosen = folder or await screen.prompt(
        _("Save {name} in which folder?").format(name=document.filename),
        f"{screen.host.options.downloads}/",
        detail=_("A folder, or a file; on the machine tui-desk runs on."),
        complete=completing(screen.host.options),
    )
    if not chosen or not chosen.strip():
        return
    permitted(screen.host.options, chosen.strip())
    try:
        path = await screen.ask(SaveDocument(document.id, chosen.strip()))
    except Conflict as there:
        if not await screen.confirm(there.sentence, _("What is in it now is lost then."), _("Replace it")):
            screen.say(_("Nothing was saved."))
            return
        path = await screen.ask(SaveDocument(document.id, chosen.strip(), overwrite=True))
    screen.say(_("Saved as {path}.").format(path=path), level="done")
