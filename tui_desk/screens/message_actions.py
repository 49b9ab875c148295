"""What can be done with the current message of a ticket: evidence, delivery; and with the ticket's links."""

from __future__ import annotations

from tui_desk.contracts.conversation import (
    CancelSend,
    FetchOriginal,
    OutgoingView,
    RetrySend,
)
from tui_desk.contracts.recognition import LinkLicence
from tui_desk.contracts.tickets import JoinSuggested, LinkAsset, MoveOut, TicketView, UnlinkTickets
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.screens import ticket_parts, words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialogs import Choice
from tui_desk.screens.message_files import MessageFiles
from tui_desk.screens.reader import ReaderDialog
from tui_desk.screens.send_at import ask_when, let_leave
from tui_desk.screens.things import open_thing


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


class MessageActions(MessageFiles):
    """The ``do_…`` methods on one message. Only called where the fact "message" holds."""

    ticket: TicketView | None

    # -- reading -----------------------------------------------------------------------------------------------------
    async def do_why(self, argument: str) -> None:
        message = self.the_message()
        reasons = message.why or (words.why_here(message),)
        text = "\n\n".join(f"· {reason}" for reason in reasons)
        if message.rfc_message_id:
            text += f"\n\nMessage-ID {message.rfc_message_id}"
        number = self.ticket_number()
        title = _("How urgent #{number} is").format(number=number)
        text += f"\n\n{title}\n{await self.urgency_text(number)}"
        self.app.push_screen(ReaderDialog(_("Why this message is in this ticket"), text))

    def do_delivery(self, argument: str) -> None:
        now = self.host.options.clock()
        report = ticket_parts.delivery_report(self.the_message(), now)
        self.app.push_screen(ReaderDialog(_("What became of this message"), report))

    async def do_fetch_original(self, argument: str) -> None:
        self.say(_("Fetching all of the message …"))
        self.say(await self.ask(FetchOriginal(self.the_message().id)), level="done")
        self.reload()

    # -- delivery ----------------------------------------------------------------------------------------------------
    async def do_retry(self, argument: str) -> None:
        outgoing = self.the_message().delivery
        if outgoing is not None and outgoing.state is DeliveryState.HELD:
            await let_leave(self, outgoing, None, self.ticket_number())
        elif outgoing is not None and await confirm_retry(self, outgoing):
            self.say(await self.ask(RetrySend(outgoing.outbox_id)), level="done")
            self.reload()

    async def do_leave_at(self, argument: str) -> None:
        outgoing = self.the_message().delivery
        when = await ask_when(self, argument, now_too=True) if outgoing is not None else None
        if outgoing is not None and when is not None:
            await let_leave(self, outgoing, when.at, self.ticket_number())

    async def do_cancel(self, argument: str) -> None:
        outgoing = self.the_message().delivery
        if outgoing is not None:
            self.say(await self.ask(CancelSend(outgoing.outbox_id)), level="done")
            self.reload()

    # -- links -------------------------------------------------------------------------------------------------------
    async def do_move_out(self, argument: str) -> None:
        message = self.the_message()
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
