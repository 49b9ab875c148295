"""One attachment of a message, as far as a terminal shows it."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.inventory import PAGER
from tui_desk.actions.reading import ATTACHED
from tui_desk.contracts.conversation import AttachmentView
from tui_desk.contracts.reading import Content, FilePreview, PreviewAttachment
from tui_desk.core.safe_text import visible_name
from tui_desk.screens import words
from tui_desk.screens.file_preview import PreviewScreen
from tui_desk.screens.message_files import save_attachment


class AttachmentScreen(PreviewScreen):
    """Reads one attachment."""

    scopes = (ATTACHED, PAGER, GLOBAL)

    def __init__(self, attachment: AttachmentView, number: int) -> None:
        super().__init__()
        self.attachment = attachment
        self.crumb = f"#{number} › {visible_name(attachment.filename)}"

    def content(self) -> tuple[Content, int]:
        return Content.ATTACHMENT, self.attachment.id

    def head(self) -> tuple[str, str]:
        one = self.attachment
        return visible_name(one.filename), f"{one.content_type}  ·  {words.size(one.size)}"

    async def read(self) -> FilePreview:
        return await self.ask(PreviewAttachment(self.attachment.id))

    async def do_save_attachment(self, argument: str) -> None:
        await save_attachment(self, self.attachment, argument)
