"""One text for all that are marked: variables stand for what differs. What was typed outlives the screen and the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tui_desk.actions.bulk import BULK_REPLY
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.bulk import ReplyToEach
from tui_desk.contracts.macros import CannedView, Filled, ListCanned, PreviewCanned
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.kept_text import forget_text, keep_text, kept_text
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.text_variables import NAMES, Problem, problems
from tui_desk.screens.canned_offer import CannedOffer, left_over
from tui_desk.screens.text_field import TextField

if TYPE_CHECKING:
    from tui_desk.screens.bulk_actions import BulkActions

_KEPT_AFTER = 0.5
_OFFERED = ("requester.first_name", "requester.name", "ticket.number", "ticket.subject", "agent.name")
"""Of the variables there are, those that are named on the screen; docs/triage.md has all."""


class BulkReplyScreen(CannedOffer):
    """Writing it. What will leave is shown ticket by ticket before it does."""

    scopes = (BULK_REPLY, GLOBAL)
    CSS_PATH = "styles/bulk.tcss"

    def __init__(self, queue: BulkActions) -> None:
        super().__init__()
        self._queue = queue
        self.crumb = queue.of_marked(_("Reply to {tickets}"))
        self._timer: Timer | None = None
        self._over = False
        self._refused = False
        """Whether a word was told that nothing can be sent with."""
        self._token, self._unfinished = "", False
        """Until the text has left, all attempts are one deed: who got it in one that broke down does not get it again."""

    def compose_body(self) -> Iterable[Widget]:
        head = self._queue.of_marked(_("To the requesters of {tickets}, a mail of its own to each."))
        yield Static(head, id="compose-head", markup=False)
        yield TextField(kept_text(self._kept_in), id="text")
        yield Static("", id="canned", markup=False)
        yield Static("", id="variables", markup=False)

    def start(self) -> None:
        unfinished = kept_text(self._deed)
        self._token, self._unfinished = unfinished or token_hex(16), bool(unfinished)
        area = self.query_one(TextArea)
        area.move_cursor(area.document.end)
        area.focus()
        if area.text:
            self.say(_("The text you wrote last for many is here again."))
        self._help()

    # -- the text ----------------------------------------------------------------------------------------------------
    @property
    def _kept_in(self) -> Path:
        """Where the text stands until it has been sent; one for each agent of each desk."""
        return self.host.options.state_folder / f"{self._kept_as}.md"

    @property
    def _deed(self) -> Path:
        """Where the name of an attempt stands that was not finished."""
        return self.host.options.state_folder / f"{self._kept_as}.deed"

    @property
    def _kept_as(self) -> str:
        agent, desk = self.host.agent, self.host.options.desk
        return "-".join(filter(None, ("reply-to-many", desk, str(agent.id if agent is not None else 0))))

    def _keep(self) -> None:
        """Raises Refused where it cannot be written; it stays on the screen then."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if self._over:
            return
        try:
            keep_text(self._kept_in, self.query_one(TextArea).text)
        except OSError as error:
            raise Refused(
                _("The text cannot be kept: {cause}.").format(cause=error.strerror),
                _("It stays on this screen only; copy it before you leave."),
            ) from error

    def on_text_area_changed(self) -> None:
        self._help()
        if self._refused and not self._wrong():
            self._refused = False
            self.hush()  # the word that it named is gone
        if self._timer is None:
            self._timer = self.set_timer(_KEPT_AFTER, lambda: self.run_guarded(_("Keep"), self._keep_quietly))

    async def _keep_quietly(self) -> None:
        self._keep()

    def _wrong(self) -> tuple[Problem, ...]:
        return problems(self.query_one(TextArea).text, NAMES)

    def _help(self) -> None:
        """The variables there are, or the word that is none of them."""
        wrong, shown = self._wrong(), self.query_one("#variables", Static)
        shown.set_class(bool(wrong), "-wrong")
        if wrong:
            shown.update(f"! {safe_line(wrong[0].placed(), 300)}")
            return
        names = "  ".join("{" + name + "}" for name in _OFFERED)
        shown.update(
            _("{names}   {example} where a name is missing").format(
                names=names, example="{requester.first_name|customer}"
            )
        )

    # -- canned replies ----------------------------------------------------------------------------------------------
    async def offered_canned(self) -> tuple[CannedView, ...]:
        return await self.ask(ListCanned())

    async def text_of_canned(self, chosen: CannedView) -> Filled:
        """As it is kept: its variables are filled in for each of them when it is sent."""
        return Filled(chosen.text)

    async def preview_of_canned(self, canned_id: int) -> Filled:
        """As the first of them will read it."""
        return await self.ask(PreviewCanned(self._first(), canned_id))

    def previewed_for(self) -> str:
        return _("As in #{number}:").format(number=self._first())

    def _first(self) -> int:
        if not self._queue.marked:
            raise UsageError(_("No ticket is meant."))
        return self._queue.marked[0]

    async def do_complete(self, argument: str) -> None:
        if not await self.complete_canned():
            self.refuse(_("Nothing is begun here that could be completed."))

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_send_marked(self, argument: str) -> None:
        await self._send("")

    async def do_send_marked_resolved(self, argument: str) -> None:
        await self._send(TicketStatus.RESOLVED.value)

    async def _send(self, status_after: str) -> None:
        area = self.query_one(TextArea)
        if not area.text.strip():
            raise UsageError(_("The message is empty."), _("Write something, or Esc to leave."))
        wrong = self._wrong()
        if wrong:
            area.move_cursor((wrong[0].line - 1, wrong[0].column - 1))
            self._refused = True
            raise UsageError(wrong[0].placed(), _("Nothing was sent."))
        self._keep()
        from tui_desk.screens.bulk_dialog import BulkDialog

        queue = self._queue
        change = ReplyToEach(area.text, status_after)
        if not queue.marked:
            raise UsageError(_("No ticket is meant."), _("Nothing was sent."))
        with suppress(OSError):  # the screen itself remembers it as well
            keep_text(self._deed, self._token)
        dialog = BulkDialog(
            self, self.crumb, queue.marked, change, queue.marks_hidden, self._token, _unfilled(area.text)
        )
        result = await self.answer_of(dialog)
        if result is None:
            self._unfinished = self._unfinished or dialog.in_doubt
            if not self._unfinished:
                forget_text(self._deed)
            if not dialog.in_doubt:
                self.say(_("Nothing was sent. The text is as you left it."))
            return
        if not result.left:
            forget_text(self._deed)
        if not result.count("changed"):
            self.say(result.sentence, level="warning")
            return
        self.app.pop_screen()  # the text is kept: u stops the mails, and r brings it back
        queue.tell_done(result)

    async def do_editor(self, argument: str) -> None:
        from tui_desk.screens.editing import edit_in_editor

        await edit_in_editor(self, self.query_one(TextArea), self._kept_as, self._keep_quietly)

    async def do_clear_text(self, argument: str) -> None:
        if self.query_one(TextArea).text.strip() and not await self.confirm(
            _("Throw this text away?"), _("What was typed is gone then."), _("Throw it away")
        ):
            return
        self._over = True
        forget_text(self._kept_in)
        forget_text(self._deed)
        self.app.pop_screen()

    async def do_leave_text(self, argument: str) -> None:
        self._keep()
        self.app.pop_screen()
        if self.query_one(TextArea).text.strip():
            self._queue.say(_("Nothing was sent. The text is kept: r brings it back."))

    async def do_quit(self, argument: str) -> None:
        self._keep()
        self.app.exit()


def _unfilled(text: str) -> str:
    """What to look at before a text leaves in which a canned reply was begun and not put in; empty where none was."""
    words = left_over(text)
    if not words:
        return ""
    return _("{words} stands in the text as it is: no canned reply was put in for it.").format(
        words=", ".join(safe_line(word, 40) for word in words[:4])
    )
