"""Sending what was written: now or later, what the guard asks before it, and what is told of it."""

from __future__ import annotations

from datetime import datetime

from textual import events
from textual.widget import Widget
from textual.widgets import TextArea

from tui_desk.contracts.conversation import AddNote, ComposeContext, SendReply, SentResult
from tui_desk.core.enums import DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import DoneBefore, MergedAway, Refused
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.compose_files import ComposeFiles
from tui_desk.screens.compose_parts import ask_guarded
from tui_desk.screens.flow_actions import FlowActions
from tui_desk.screens.mention_completion import MentionCompletion
from tui_desk.screens.mention_words import question_about
from tui_desk.screens.merged_away import carry_text
from tui_desk.screens.send_at import ask_when, leaving, stopping


class ComposeSending(ComposeFiles, MentionCompletion):
    """A screen with a text that leaves, or that is kept as a note."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._logged = MessageKind.NOTE
        self._send_wanted: str | None = None
        """The status after a send that was asked for before the desk had answered; it is sent when it has."""
        self._wrote_in: Widget | None = None
        """What had the focus when it was sent."""

    @property
    def is_note(self) -> bool:
        """Whether it never leaves the desk."""
        return self.kind is DraftKind.NOTE

    def is_typing(self) -> bool:
        return self._busy or self._send_wanted is not None or super().is_typing()

    def on_key(self, event: events.Key) -> None:
        if self._busy and event.is_printable:
            self._refuse_while_busy()
        super().on_key(event)

    def _refuse_while_busy(self) -> None:
        self.say(
            _("What you wrote is being sent: nothing can be changed until the desk has answered."),
            level="warning",
        )

    def is_being_sent(self) -> bool:
        """Whether it is under way, so that it can be neither kept nor dropped; then that is told."""
        if self._busy:
            self._refuse_while_busy()
        return self._busy

    def _set_busy(self, busy: bool) -> None:
        """While it is being sent nothing is typed that would neither leave nor be kept."""
        self._busy = busy
        if self._done:
            return
        if busy:
            self._wrote_in = self.focused
        self.query_one(TextArea).read_only = busy
        self.query_one("#fields").disabled = busy
        if not busy and self._wrote_in is not None:
            self._wrote_in.focus()

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
        self._set_busy(True)
        try:
            await self.keep_now()
            result = await (self._add_note() if self.is_note else self._ask_to_send(status_after, leave_at))
            if result is not None:
                self._leave(result, leave_at)
                self._after_work(status_after)
        except DoneBefore:
            self._is_something_else()
            raise
        finally:
            self._set_busy(False)

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
        if not await self._names_are_meant(text):
            return None
        try:
            return await self.ask(AddNote(self.number, text, self._logged, token=self._token))
        except MergedAway as merged:
            await carry_text(self, merged)
            return None

    async def _names_are_meant(self, text: str) -> bool:
        """Whether every name after ``@`` is somebody's, or the note is to be kept all the same."""
        nobody = await self.named_nobody(text)
        if not nobody:
            return True
        question, detail = question_about(nobody)
        return await self.confirm(question, detail, _("Keep it"), dangerous=False)

    async def _ask_to_send(self, status_after: str, leave_at: datetime | None) -> SentResult | None:
        assert self._opened is not None
        body, to, cc, bcc = self._written()
        request = SendReply(
            self.number,
            body,
            self.kind,
            to,
            cc,
            bcc,
            self._opened.base_message_id,
            status_after=status_after,
            leave_at=leave_at,
            token=self._token,
        )
        try:
            return await ask_guarded(self, request, _("Not sent. The draft is as you left it."))
        except MergedAway as merged:
            await carry_text(self, merged)
            return None

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

    def _kept(self) -> str:
        if self._logged is MessageKind.NOTE:
            return _("The note is kept; only agents see it.")
        return _("{kind}: kept; only agents see it.").format(kind=words.message_kind(self._logged))

    def _tell_sent(self, below: BaseScreen, result: SentResult, leave_at: datetime | None) -> None:
        """Tell what becomes of it; while it is held, ``u`` stops it."""
        if self.is_note:
            below.say(self._kept(), level="done")
            below.host.deeds.stays = _(
                "Your note stays: what was written in a ticket is part of its history."
            )
        elif result.held_until is None or result.outbox_id is None:
            below.say(result.notice or _("On its way."), level="done")
        elif leave_at is not None:
            now = self.host.options.clock()
            below.offer(leaving(self.number, result.outbox_id, result.held_until, now, result.notice))
        else:
            below.offer(stopping(self.number, result.outbox_id, result.held_until, result.notice))
