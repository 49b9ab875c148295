"""Writing a reply or an internal note: recipients, text, attachments, the draft that is kept as one types, the send guard.

The text field takes keys from the first moment on; what the desk knows (recipients, signature, an earlier draft) comes in
beside it and never over what was typed meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.writing import COMPOSE, INTERNAL_NOTE
from tui_desk.contracts.conversation import ComposeContext
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.enums import DraftKind, MessageKind, PresenceMode
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import presence, words
from tui_desk.screens.address_completion import AddressField
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.compose_answered import ComposeAnswered
from tui_desk.screens.compose_check import ComposeCheck
from tui_desk.screens.compose_files import ComposeFiles
from tui_desk.screens.compose_parts import head_line, passed_on_line
from tui_desk.screens.compose_send import ComposeSending
from tui_desk.screens.compose_spelling import ComposeSpelling
from tui_desk.screens.editing import edit_in_editor, told_of_left_behind
from tui_desk.screens.message_line import Told
from tui_desk.screens.writing_field import WritingField
from tui_desk.widgets.conversation_view import ConversationView


class ComposeScreen(ComposeSpelling, ComposeSending, ComposeFiles, ComposeCheck, ComposeAnswered):
    """A reply, a reply to all, or an internal note in a ticket. ``ticket``: what is shown above, where it is known.

    ``logged`` makes the note the record of a call, a chat or a visit. ``told``: where a draft that is there comes from.
    """

    scopes: tuple[str, ...] = (COMPOSE, GLOBAL)
    CSS_PATH = "styles/compose.tcss"

    def __init__(
        self,
        number: int,
        kind: DraftKind,
        ticket: TicketView | None = None,
        logged: MessageKind = MessageKind.NOTE,
        told: str = "",
    ) -> None:
        super().__init__(number, kind)
        if self.is_note:
            self.scopes = (INTERNAL_NOTE, *self.scopes)
        self._told = told
        title = words.draft_kind(kind) if logged is MessageKind.NOTE else words.message_kind(logged)
        self.crumb = f"#{number} › {title}"
        self._ticket, self._logged = ticket, logged
        self._others: tuple[PresenceView, ...] = ()

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield ConversationView(id="above")
        yield Static(
            head_line(self.kind, self.number, self._ticket, logged=self._logged),
            id="compose-head",
            markup=False,
        )
        yield Static("", id="notice", markup=False)
        yield Static("", id="check", markup=False)
        with_fields = [
            Horizontal(
                Static(label, classes="label", markup=False),
                AddressField(id=name),
                id=f"{name}-row",
            )
            for name, label in (("to", _("To")), ("cc", _("Cc")), ("bcc", _("Bcc")))
        ]
        yield Vertical(*with_fields, id="fields")
        yield Static("", id="people", markup=False)
        yield WritingField(id="text")
        yield Static("", id="mentions", markup=False)
        yield Static("", id="things", markup=False)
        yield Static("", id="canned", markup=False)
        yield Static("", id="spelling", markup=False)
        yield Static("", id="signature", markup=False)
        yield Static("", id="attached", markup=False)
        yield Static("", id="passed-on", markup=False)

    def start(self) -> None:
        self.set_class(self.is_note, "-note")
        self.query_one("#fields").display = not self.is_note
        self.query_one("#bcc-row").display = False
        self.query_one(TextArea).focus()
        self._show_ticket()
        self.set_interval(presence.REPORT_EVERY, self._report)
        self._report()

    def facts(self) -> frozenset[str]:
        return super().facts() | (set() if self.is_note else {"mail"})

    def concerns(self, change: Change) -> bool:
        return not change.tickets or self.number in change.tickets

    async def load(self) -> None:
        """The first time everything; later only the conversation above, never the text."""
        if self._opened is None:
            try:
                context = await self._ask_once()
            except DeskError:
                self._end_waiting()
                raise
            self._begin_with(context)
        self._ticket = await self.ask(ShowTicket(self.number))
        self._show_ticket()
        self.check_is(self._ticket)

    def _begin_with(self, context: ComposeContext) -> None:
        if self._opened is None:  # an editor that was asked for at once has not waited for the ticket
            self._fill(context)
            self._send_as_wanted(context)
            told_of_left_behind(self, self._editor_name, context.body)

    def _fill(self, context: ComposeContext) -> None:
        self._opened = context
        self._token = context.token or self._token
        self._attachments = context.attachments
        area = self.query_one(TextArea)
        if context.body:
            typed = area.text
            area.text = f"{context.body}{typed}"
            area.move_cursor(area.document.end)
            self.say(self._told or _("Your draft is here again."))
        for name, value in (("to", context.to), ("cc", context.cc), ("bcc", context.bcc)):
            field = self.query_one(f"#{name}", Input)
            field.value = field.value or value
        if context.bcc:
            self.query_one("#bcc-row").display = True
        self._saved = (context.body, context.to, context.cc, context.bcc)
        if self._written() != self._saved:  # typed before the desk answered
            self._save_soon()
        notice = self.query_one("#notice", Static)
        notice.update(f"! {safe_line(context.one_way_notice)}" if context.one_way_notice else "")
        notice.display = bool(context.one_way_notice)
        signature = self.query_one("#signature", Static)
        signature.update("\n".join(safe_line(row, 120) for row in context.signature.splitlines()[:4]))
        signature.display = bool(context.signature) and not self.is_note
        going_along = self.query_one("#passed-on", Static)
        going_along.update(passed_on_line(context.passed_on))
        going_along.display = self.kind is DraftKind.FORWARD
        self._show_attachments()
        if self.kind is DraftKind.FORWARD and not context.to and not area.text:
            self.query_one("#to", Input).focus()

    def _show_ticket(self) -> None:
        if self._ticket is not None:
            self.show_answered()
            self.query_one("#compose-head", Static).update(
                head_line(self.kind, self.number, self._ticket, self._others, self._logged)
            )

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_keep(self, argument: str) -> None:
        if self.is_being_sent():
            return
        self._end_waiting()
        body = self.query_one(TextArea).text
        if not body.strip() and not self._attachments and self._opened is not None:
            await self._drop()
            self._close("")
            return
        await self.keep_now()
        self._close(_("The draft is kept."))

    async def do_discard(self, argument: str) -> None:
        if self.is_being_sent():
            return
        self._end_waiting()
        if self.query_one(TextArea).text.strip() or self._attachments:
            question = _("Throw this draft away?")
            if not await self.confirm(question, _("What was typed is gone then."), _("Throw it away")):
                return
        await self._drop()
        self._close(_("The draft is gone."))

    def _close(self, sentence: str) -> None:
        self._done = True
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, BaseScreen):
            below.say_first(
                Told(sentence)
            )  # before what u takes back, such as the macro that wrote the draft
            below.reload()

    async def do_quit(self, argument: str) -> None:
        if not self._busy:  # what is being sent is whole, and is sent all the same
            self._end_waiting()
            await self.keep_now()
        self.app.exit()

    @property
    def _editor_name(self) -> str:
        """Whose text it is that an editor may have left behind."""
        agent, desk = self.host.agent, self.host.options.desk
        whose = (self.kind.value, str(self.number), str(agent.id if agent is not None else 0))
        return "-".join((*whose, desk) if desk else whose)

    async def do_editor(self, argument: str) -> None:
        self._begin_with(
            await self._ask_once()
        )  # a draft of before that came meanwhile would be written over
        await edit_in_editor(self, self.query_one(TextArea), self._editor_name, self.keep_now)

    def do_preview(self, argument: str) -> None:
        from tui_desk.screens.compose_preview import ComposePreview

        self.app.push_screen(ComposePreview(self.number, self.kind, self.written()))

    def do_recipients(self, argument: str) -> None:
        order = ["to", "cc", "bcc"]
        at = next((i for i, name in enumerate(order) if self.query_one(f"#{name}", Input).has_focus), -1)
        if at == len(order) - 1:
            self.query_one(TextArea).focus()
            return
        following = order[at + 1]
        self.query_one(f"#{following}-row").display = True
        self.query_one(f"#{following}", Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.focus_next()

    # -- presence ----------------------------------------------------------------------------------------------------
    def _report(self) -> None:
        self.run_guarded(_("Presence"), self._report_presence(), group="presence")

    async def _report_presence(self) -> None:
        if not self._done:
            self._others = await presence.report(self.host, self.number, PresenceMode.WRITING)
            self._show_ticket()
