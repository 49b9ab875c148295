"""Writing a reply or an internal note: recipients, text, attachments, the draft that is kept as one types, the send guard.

The text field takes keys from the first moment on; what the desk knows (recipients, signature, an earlier draft) comes in
beside it and never over what was typed meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime

from textual import events
from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.writing import COMPOSE
from tui_desk.contracts.conversation import (
    AddNote,
    AttachmentView,
    AttachToDraft,
    ComposeContext,
    DetachFromDraft,
    DropDraft,
    SendReply,
    SentResult,
)
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.enums import DraftKind, MessageKind, PresenceMode, TicketStatus
from tui_desk.core.errors import Blocked, DeskError, MergedAway, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import presence, words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.compose_check import ComposeCheck
from tui_desk.screens.compose_parts import GuardDialog, attachment_line, head_line, passed_on_line
from tui_desk.screens.conversation_items import items
from tui_desk.screens.dialogs import Choice
from tui_desk.screens.fields import Field
from tui_desk.screens.flow_actions import FlowActions
from tui_desk.screens.merged_away import carry_text
from tui_desk.screens.paths import complete_path, permitted
from tui_desk.screens.send_at import ask_when, leaving, stopping
from tui_desk.screens.text_field import TextField
from tui_desk.widgets.conversation_view import ConversationView

_WITH_CONVERSATION = 34
"""Rows from which the conversation is shown above the text."""


class ComposeScreen(ComposeCheck):
    """A reply, a reply to all, or an internal note in a ticket. ``ticket``: what is shown above, where it is known.

    ``logged`` makes the note the record of a call, a chat or a visit.
    """

    scopes = (COMPOSE, GLOBAL)
    CSS_PATH = "styles/compose.tcss"

    def __init__(
        self,
        number: int,
        kind: DraftKind,
        ticket: TicketView | None = None,
        logged: MessageKind = MessageKind.NOTE,
    ) -> None:
        super().__init__(number, kind)
        title = words.draft_kind(kind) if logged is MessageKind.NOTE else words.message_kind(logged)
        self.crumb = f"#{number} › {title}"
        self._ticket, self._logged = ticket, logged
        self._attachments: tuple[AttachmentView, ...] = ()
        self._others: tuple[PresenceView, ...] = ()
        self._send_wanted: str | None = None
        """The status after a send that was asked for before the desk had answered; it is sent when it has."""

    @property
    def is_note(self) -> bool:
        """Whether it never leaves the desk."""
        return self.kind is DraftKind.NOTE

    # -- what is on it -----------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        yield ConversationView(id="above")
        yield Static(head_line(self.kind, self.number, self._ticket), id="compose-head", markup=False)
        yield Static("", id="notice", markup=False)
        yield Static("", id="check", markup=False)
        with_fields = [
            Horizontal(
                Static(label, classes="label", markup=False),
                Field(id=name),
                id=f"{name}-row",
            )
            for name, label in (("to", _("To")), ("cc", _("Cc")), ("bcc", _("Bcc")))
        ]
        yield Vertical(*with_fields, id="fields")
        yield TextField(id="text")
        yield Static("", id="mentions", markup=False)
        yield Static("", id="canned", markup=False)
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

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= _WITH_CONVERSATION, "-tall")

    def is_typing(self) -> bool:
        return self._send_wanted is not None or super().is_typing()

    def facts(self) -> frozenset[str]:
        found = set() if self.is_note else {"mail"}
        if self._attachments:
            found.add("attachment")
        return super().facts() | found

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
            self._fill(context)
            self._send_as_wanted(context)
        self._ticket = await self.ask(ShowTicket(self.number))
        self._show_ticket()
        self.check_is(self._ticket)

    def _fill(self, context: ComposeContext) -> None:
        self._opened = context
        self._attachments = context.attachments
        area = self.query_one(TextArea)
        if context.body:
            typed = area.text
            area.text = f"{context.body}{typed}"
            area.move_cursor(area.document.end)
            self.say(_("Your draft is here again."))
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
            self.query_one(ConversationView).show(items(self._ticket.messages, self.host.options.clock()))
            self.query_one("#compose-head", Static).update(
                head_line(self.kind, self.number, self._ticket, self._others)
            )

    def written(self) -> tuple[str, str, str, str]:
        """Body, To, Cc and Bcc as they stand."""
        return self._written()

    def has_files(self) -> bool:
        """Whether files are attached to the draft."""
        return bool(self._attachments)

    def over(self) -> None:
        """Nothing of this draft is to be kept any more."""
        self._done = True

    def _show_attachments(self) -> None:
        attached = self.query_one("#attached", Static)
        attached.update(attachment_line(self._attachments))
        attached.display = bool(self._attachments)
        self.facts_changed()

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_send(self, argument: str) -> None:
        await self._send("")

    async def do_send_later(self, argument: str) -> None:
        when = await ask_when(self, argument, now_too=False)
        if when is None:
            return
        if self._opened is None:
            raise Refused(_("The recipients are still being read: it has no time yet."))
        await self._send("", when.at)

    async def do_send_resolved(self, argument: str) -> None:
        await self._send(TicketStatus.RESOLVED.value)

    async def _send(self, status_after: str, leave_at: datetime | None = None) -> None:
        if self._opened is None:
            self._send_when_opened(status_after)
            return
        if self._busy:
            return
        self._busy = True
        try:
            await self.flush()
            result = await (self._add_note() if self.is_note else self._ask_to_send(status_after, leave_at))
            if result is not None:
                self._leave(result, leave_at)
                self._after_work(status_after)
        finally:
            self._busy = False

    def _send_when_opened(self, status_after: str) -> None:
        """The desk has not answered yet: what is written now is sent as soon as it has. Esc still keeps it as a draft."""
        if self._send_wanted is None:
            self._send_wanted = status_after
            self.query_one(TextArea).read_only = True
            self.reload()  # where reading failed before, it is tried again
        self.say(
            _("It is kept as soon as the desk has answered.")
            if self.is_note
            else _("The recipients are still being read; it is sent as soon as they are there.")
        )

    def _end_waiting(self) -> str | None:
        wanted, self._send_wanted = self._send_wanted, None
        self.query_one(TextArea).read_only = False
        return wanted

    def _send_as_wanted(self, context: ComposeContext) -> None:
        wanted = self._end_waiting()
        if wanted is None or self._done:
            return
        if context.body or context.attachments:
            self.say(
                _("Not sent yet: your draft of before has come back above what you wrote."),
                _("Look at it, then Ctrl+S."),
                level="warning",
            )
            return
        self.run_guarded(_("Send"), self._send(wanted))

    async def _add_note(self) -> SentResult | None:
        text = self.query_one(TextArea).text
        if not text.strip():
            raise Refused(_("The note is empty."), _("Write something, or Esc to leave."))
        result = await self.ask(AddNote(self.number, text, self._logged))
        await self.ask(DropDraft(self.number, DraftKind.NOTE))
        return result

    async def _ask_to_send(self, status_after: str, leave_at: datetime | None) -> SentResult | None:
        assert self._opened is not None
        confirmed: tuple[str, ...] = ()
        despite = ""
        while True:
            body, to, cc, bcc = self._written()
            request = SendReply(
                self.number,
                body,
                self.kind,
                to,
                cc,
                bcc,
                self._opened.base_message_id,
                confirmed,
                status_after=status_after,
                leave_at=leave_at,
                despite=despite,
            )
            try:
                result = await self.ask(request)
            except MergedAway as merged:
                await carry_text(self, merged)
                return None
            except Blocked as blocked:
                despite = await self.reason_despite(blocked)
                if not despite:
                    return None
                continue
            if not result.findings:
                return result
            if not await self.app.push_screen_wait(GuardDialog(result.findings, self.host.options.clock())):
                self.say(_("Not sent. The draft is as you left it."))
                return None
            confirmed = (*confirmed, *(finding.code for finding in result.findings))

    def _leave(self, result: SentResult, leave_at: datetime | None) -> None:
        self._done = True
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, BaseScreen):
            self._tell_sent(below, result, leave_at)
            below.reload()

    def _after_work(self, status_after: str) -> None:
        """The ticket was resolved with it: the screen below is where the agent wants to be then."""
        below = self.app.screen
        if status_after == TicketStatus.RESOLVED.value and isinstance(below, FlowActions):
            below.run_guarded(_("After the work"), below.went_away(self.number))

    def _tell_sent(self, below: BaseScreen, result: SentResult, leave_at: datetime | None) -> None:
        """Tell what becomes of it; while it is held, ``u`` stops it."""
        if self.is_note:
            below.say(_("The note is kept; only agents see it."), level="done")
        elif result.held_until is None or result.outbox_id is None:
            below.say(result.notice or _("On its way."), level="done")
        elif leave_at is not None:
            now = self.host.options.clock()
            below.offer(leaving(result.outbox_id, result.held_until, now, result.notice))
        else:
            below.offer(stopping(result.outbox_id, result.held_until, result.notice))

    async def do_keep(self, argument: str) -> None:
        self._end_waiting()
        body = self.query_one(TextArea).text
        if not body.strip() and not self._attachments and self._opened is not None:
            await self._drop()
            self._close("")
            return
        await self.flush()
        self._close(_("The draft is kept."))

    async def do_discard(self, argument: str) -> None:
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
            below.say(sentence)
            below.reload()

    async def do_quit(self, argument: str) -> None:
        self._end_waiting()
        await self.flush()
        self.app.exit()

    async def do_editor(self, argument: str) -> None:
        from tui_desk.terminal.editor import edit_text

        if not self.host.options.programs:
            raise Refused(_("No program may be started in this session, $EDITOR neither."))
        area = self.query_one(TextArea)
        await self.flush()
        text = await edit_text(
            self.app, area.text, environment=os.environ, state_folder=self.host.options.state_folder
        )
        if text != area.text:
            area.text = text
            area.move_cursor(area.document.end)
            await self.flush()
        area.focus()

    async def do_attach(self, argument: str) -> None:
        path = argument or await self.prompt(
            _("Attach which file?"),
            detail=_("Its content is kept with the draft at once."),
            complete=complete_path,
        )
        if not path or not path.strip():
            return
        permitted(self.host.options, path.strip())
        await self.flush()
        added = await self.ask(AttachToDraft(self.number, self.kind, path.strip()))
        self._attachments = (*self._attachments, added)
        self._show_attachments()
        self.say(_("{name} is attached.").format(name=added.filename), level="done")

    async def do_detach(self, argument: str) -> None:
        chosen: str | None = str(self._attachments[0].id)
        if len(self._attachments) > 1:
            choices = [Choice(str(a.id), a.filename, detail=words.size(a.size)) for a in self._attachments]
            chosen = await self.choose(_("Take away which attachment?"), choices)
        if chosen is None:
            return
        await self.ask(DetachFromDraft(self.number, self.kind, int(chosen)))
        self._attachments = tuple(a for a in self._attachments if str(a.id) != chosen)
        self._show_attachments()

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
