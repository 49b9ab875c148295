"""The files of the current message, its source, and what can be copied out of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path

from rich.cells import cell_len

from tui_desk.contracts.conversation import AttachmentView, MessageView, RawMessage, SaveAttachment
from tui_desk.contracts.reading import Content, MessageHeaders
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.link_text import links_of, true_address
from tui_desk.core.safe_text import visible_name
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.paths import completing, permitted
from tui_desk.screens.piping import pipe
from tui_desk.screens.reader import ReaderDialog
from tui_desk.screens.ticket_actions import TicketActions

_SHOWN = 70
_LINKS = 200
_IN_COLUMN = 40
"""Cells of a name behind which its size still stands below the others."""


class MessageFiles(TicketActions):
    """The ``do_…`` methods on what a message holds. Only called where the fact "message" holds."""

    @abstractmethod
    def message(self) -> MessageView | None:
        """The current message."""

    def the_message(self) -> MessageView:
        """The current message. Raises NotFound where there is none."""
        message = self.message()
        if message is None:
            raise NotFound(_("There is no message here."))
        return message

    # -- attachments -------------------------------------------------------------------------------------------------
    async def _which(self, question: str) -> AttachmentView | None:
        attachments = self.the_message().attachments
        if len(attachments) == 1:
            return attachments[0]
        chosen = await self.choose(question, sized(attachments), changes=False)
        return next((a for a in attachments if str(a.id) == chosen), None)

    async def do_save_attachment(self, argument: str) -> None:
        attachment = await self._which(_("Save which attachment?"))
        if attachment is not None:
            await save_attachment(self, attachment, argument)

    async def do_open_attachment(self, argument: str) -> None:
        attachment = await self._which(_("Read which attachment?"))
        if attachment is not None:
            self.open_attachment(attachment)

    def open_attachment(self, attachment: AttachmentView) -> None:
        """Show it, as far as a terminal can."""
        from tui_desk.screens.attachment import AttachmentScreen

        self.app.push_screen(AttachmentScreen(attachment, self.ticket_number()))

    async def do_pipe(self, argument: str) -> None:
        message = self.the_message()
        names = {f"attachment:{one.id}": visible_name(one.filename) for one in message.attachments}
        names[f"text:{message.id}"] = _("the text of the message")
        if message.has_raw:
            names[f"source:{message.id}"] = _("the source of the mail")
        choices = [Choice(value, name) for value, name in names.items()]
        chosen = (
            choices[0].value
            if len(choices) == 1
            else await self.choose(_("Pipe what?"), choices, changes=False)
        )
        if chosen is not None:
            content, number = chosen.split(":")
            await pipe(self, Content(content), int(number), names[chosen], argument)

    # -- source ------------------------------------------------------------------------------------------------------
    async def do_raw(self, argument: str) -> None:
        text = await self.ask(RawMessage(self.the_message().id))
        self.app.push_screen(ReaderDialog(_("Source of the mail"), text, exact=True))

    async def do_headers(self, argument: str) -> None:
        fields = await self.ask(MessageHeaders(self.the_message().id))
        text = "\n".join(f"{name}: {value}" for name, value in fields)
        self.app.push_screen(ReaderDialog(_("Header of the mail"), text))

    # -- copying -----------------------------------------------------------------------------------------------------
    async def do_copy_from(self, argument: str) -> None:
        from tui_desk.terminal.clipboard import copy

        message = self.the_message()
        found = copyable(message)
        choices = [
            Choice(str(place), label, detail=detail) for place, (label, detail, _text) in enumerate(found)
        ]
        typed = argument.strip().casefold()
        fitting = [c.value for c in choices if typed and typed in f"{c.label} {c.detail}".casefold()]
        chosen = fitting[0] if fitting else await self.choose(_("Copy what?"), choices, changes=False)
        if chosen is not None:
            label, _detail, text = found[int(chosen)]
            copy(self.app, text)
            self.say(_("{what} is on the clipboard.").format(what=label), level="done")


def sized(attachments: Sequence[AttachmentView]) -> list[Choice]:
    """Each by its name, the sizes in a column behind them; a name that is too long for that moves its own."""
    names = [visible_name(one.filename) for one in attachments]
    sizes = [words.size(one.size) for one in attachments]
    widths = [cell_len(name) for name in names]
    widest = max((width for width in widths if width <= _IN_COLUMN), default=0)
    digits = max(map(len, sizes), default=0)
    return [
        Choice(str(one.id), name + " " * max(0, widest - width), detail=size.rjust(digits))
        for one, name, width, size in zip(attachments, names, widths, sizes, strict=True)
    ]


def copyable(message: MessageView) -> list[tuple[str, str, str]]:
    """(name, what it begins with, the text) of everything in a message that one may want to have: each link as it really is."""
    found = [
        (_("Text of the message"), " ".join(message.reply[:_SHOWN].split()), message.reply or message.text)
    ]
    if message.author_address:
        found.append((_("Sender's address"), message.author_address, message.author_address))
    seen = dict.fromkeys(link.url for link in links_of(message.text))
    found += [(true_address(url), _("link"), url) for url in list(seen)[:_LINKS]]
    if message.rfc_message_id:
        found.append((_("Message-ID"), message.rfc_message_id, message.rfc_message_id))
    return found


async def save_attachment(screen: BaseScreen, attachment: AttachmentView, folder: str) -> None:
    """Write an attachment into a folder that is asked for."""
    chosen = folder or await screen.prompt(
        _("Save {name} in which folder?").format(name=visible_name(attachment.filename)),
        str(screen.host.options.downloads),
        detail=_("It is written on the machine tui-desk runs on."),
        complete=completing(screen.host.options),
    )
    if chosen and chosen.strip():
        permitted(screen.host.options, chosen.strip())
        path = await screen.ask(SaveAttachment(attachment.id, str(Path(chosen.strip()).expanduser())))
        screen.say(_("Saved as {path}.").format(path=path), level="done")
