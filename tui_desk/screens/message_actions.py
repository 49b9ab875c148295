"""What can be done with the current message of a ticket: fold, attachments, source, evidence, delivery; and with its links."""

from __future__ import annotations

from abc import abstractmethod
from pathlib import Path

from tui_desk.contracts.conversation import (
    AttachmentView,
    CancelSend,
    FetchOriginal,
    MessageView,
    OutgoingView,
    RawMessage,
    RetrySend,
    SaveAttachment,
)
from tui_desk.contracts.recognition import LinkLicence
from tui_desk.contracts.tickets import JoinSuggested, LinkAsset, MoveOut, TicketView, UnlinkTickets
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import NotFound, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address, visible_name
from tui_desk.screens import ticket_parts, words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialogs import Choice
from tui_desk.screens.paths import complete_path, permitted
from tui_desk.screens.reader import ReaderDialog
from tui_desk.screens.send_at import ask_when, let_leave
from tui_desk.screens.things import open_thing
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.widgets.conversation_view import ConversationView

_TEXT_LIMIT = 400_000
_TEXT_TYPES = ("text/", "application/json", "application/xml", "message/", "application/x-yaml")


async def confirm_retry(screen: BaseScreen, outgoing: OutgoingView) -> bool:
    """Ask first where nobody knows whether it arrived; else it goes only to those that lack it."""
    doubtful = [one.address for one in outgoing.recipients if one.state is DeliveryState.UNKNOWN]
    if not doubtful:
        return True
    return await screen.confirm(
        _("Send it again?"),
        _(
            "Nobody knows whether it reached {who}; they may get it twice, with the same Message-ID. "
            "Whoever has it for sure gets nothing."
        ).format(who=", ".join(visible_address(address) for address in doubtful[:5])),
        _("Send again"),
    )


class MessageActions(TicketActions):
    """The ``do_…`` methods on one message. Only called where the fact "message" holds."""

    ticket: TicketView | None

    @abstractmethod
    def message(self) -> MessageView | None:
        """The current message."""

    def _message(self) -> MessageView:
        message = self.message()
        if message is None:
            raise NotFound(_("There is no message here."))
        return message

    # -- reading -----------------------------------------------------------------------------------------------------
    def do_fold(self, argument: str) -> None:
        self.query_one(ConversationView).action_toggle_folds()

    async def do_raw(self, argument: str) -> None:
        text = await self.ask(RawMessage(self._message().id))
        self.app.push_screen(ReaderDialog(_("Source of the mail"), text))

    async def do_why(self, argument: str) -> None:
        message = self._message()
        reasons = message.why or (_("Nothing is recorded: it was written here."),)
        text = "\n\n".join(f"· {reason}" for reason in reasons)
        if message.rfc_message_id:
            text += f"\n\nMessage-ID {message.rfc_message_id}"
        number = self.ticket_number()
        title = _("How urgent #{number} is").format(number=number)
        text += f"\n\n{title}\n{await self.urgency_text(number)}"
        self.app.push_screen(ReaderDialog(_("Why this message is in this ticket"), text))

    def do_delivery(self, argument: str) -> None:
        now = self.host.options.clock()
        report = ticket_parts.delivery_report(self._message(), now)
        self.app.push_screen(ReaderDialog(_("What became of this message"), report))

    # -- attachments -------------------------------------------------------------------------------------------------
    async def _which(self, question: str) -> AttachmentView | None:
        attachments = self._message().attachments
        if len(attachments) == 1:
            return attachments[0]
        choices = [
            Choice(str(a.id), visible_name(a.filename), detail=words.size(a.size)) for a in attachments
        ]
        chosen = await self.choose(question, choices)
        return next((a for a in attachments if str(a.id) == chosen), None)

    async def do_save_attachment(self, argument: str) -> None:
        attachment = await self._which(_("Save which attachment?"))
        if attachment is not None:
            await self._save_attachment(
                attachment, argument, _("It is written on the machine tui-desk runs on.")
            )

    async def _save_attachment(self, attachment: AttachmentView, folder: str, detail: str) -> None:
        name = visible_name(attachment.filename)
        chosen = folder or await self.prompt(
            _("Save {name} in which folder?").format(name=name),
            str(self.host.options.downloads),
            detail=detail,
            complete=complete_path,
        )
        if chosen and chosen.strip():
            permitted(self.host.options, chosen.strip())
            path = await self.ask(SaveAttachment(attachment.id, str(Path(chosen.strip()).expanduser())))
            self.say(_("Saved as {path}.").format(path=path), level="done")

    async def do_open_attachment(self, argument: str) -> None:
        attachment = await self._which(_("Read which attachment?"))
        if attachment is None:
            return
        if not attachment.content_type.startswith(_TEXT_TYPES):
            detail = _(
                "{type} is no text, so it cannot be read here, and no program is started for what strangers send. "
                "Save it on this machine and open it where you trust it."
            ).format(type=attachment.content_type)
            await self._save_attachment(attachment, "", detail)
            return
        text = await self._read_text(attachment)
        self.app.push_screen(ReaderDialog(visible_name(attachment.filename), text))

    async def _read_text(self, attachment: AttachmentView) -> str:
        """The attachment's text, through a folder of one's own (never /tmp) that is gone again afterwards."""
        import asyncio
        from tempfile import TemporaryDirectory

        place = self.host.options.state_folder
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        with TemporaryDirectory(prefix="reading-", dir=place) as folder:
            path = Path(await self.ask(SaveAttachment(attachment.id, folder)))
            try:
                data = await asyncio.to_thread(_beginning, path)
            except OSError as error:
                raise Unavailable(
                    _("The attachment could not be read: {cause}").format(cause=error.strerror)
                ) from error
        return data.decode("utf-8", errors="replace")

    async def do_fetch_original(self, argument: str) -> None:
        self.say(_("Fetching all of the message …"))
        self.say(await self.ask(FetchOriginal(self._message().id)), level="done")
        self.reload()

    # -- delivery ----------------------------------------------------------------------------------------------------
    async def do_retry(self, argument: str) -> None:
        outgoing = self._message().delivery
        if outgoing is not None and outgoing.state is DeliveryState.HELD:
            await let_leave(self, outgoing, None)
        elif outgoing is not None and await confirm_retry(self, outgoing):
            self.say(await self.ask(RetrySend(outgoing.outbox_id)), level="done")
            self.reload()

    async def do_leave_at(self, argument: str) -> None:
        outgoing = self._message().delivery
        when = await ask_when(self, argument, now_too=True) if outgoing is not None else None
        if outgoing is not None and when is not None:
            await let_leave(self, outgoing, when.at)

    async def do_cancel(self, argument: str) -> None:
        outgoing = self._message().delivery
        if outgoing is not None:
            self.say(await self.ask(CancelSend(outgoing.outbox_id)), level="done")
            self.reload()

    # -- links -------------------------------------------------------------------------------------------------------
    async def do_move_out(self, argument: str) -> None:
        message = self._message()
        number = await self.ask(MoveOut(message.id))
        self.reload()
        self.say(_("It is in #{number} now; u takes that back.").format(number=number), level="done")

    def _link_choices(self) -> list[Choice]:
        ticket = self.ticket
        if ticket is None:
            return []
        tickets = [
            Choice(
                f"ticket:{link.id}:{link.number}",
                f"#{link.number} {link.subject}",
                detail=words.link(link.kind, link.outgoing),
            )
            for link in ticket.links
        ]
        return [
            *tickets,
            *(Choice(f"asset:{a.id}:{a.tag}", f"{a.tag} {a.name}", detail=a.type) for a in ticket.assets),
            *(Choice(f"licence:{one.id}:{one.name}", one.name) for one in ticket.licences),
        ]

    async def _which_link(self, question: str, argument: str = "") -> tuple[str, int, str] | None:
        choices = self._link_choices()
        if not choices:
            raise NotFound(_("Nothing is linked here."))
        word = argument.strip().lstrip("#").casefold()
        chosen: str | None = next(
            (c.value for c in choices if word and c.value.casefold().endswith(f":{word}")), None
        )
        if chosen is None:
            chosen = choices[0].value if len(choices) == 1 else await self.choose(question, choices)
        if chosen is None:
            return None
        kind, identifier, name = chosen.split(":", 2)
        return kind, int(identifier), name

    async def open_link(self) -> None:
        """Open a linked ticket or asset."""
        found = await self._which_link(_("Open which one?"))
        if found is None:
            return
        kind, identifier, name = found
        if kind == "ticket":
            self.host.open_ticket(int(name))
        else:
            open_thing(self, kind, identifier)

    async def do_unlink(self, argument: str) -> None:
        found = await self._which_link(_("Take away which link?"), argument)
        if found is None:
            return
        kind, identifier, _name = found
        if kind == "ticket":
            await self.change(UnlinkTickets(identifier))
        elif kind == "licence":
            await self.change(LinkLicence(self.ticket_number(), identifier, linked=False))
        else:
            await self.change(LinkAsset(self.ticket_number(), identifier, linked=False))

    async def do_join(self, argument: str) -> None:
        ticket = self.ticket
        if ticket is None:
            return
        question = _("Move the messages of #{number} to the ticket they claim to belong to?").format(
            number=ticket.number
        )
        detail = _("Do it only if you know the sender: whoever is in a conversation sees its answers.")
        if await self.confirm(question, detail, _("Move them")):
            number = await self.ask(JoinSuggested(ticket.number))
            self.app.pop_screen()
            self.host.open_ticket(number)


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_TEXT_LIMIT)
