"""Checking a colleague's draft: read it, change it where it should be changed, approve it, give it back, or refuse it."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.widget import Widget
from textual.widgets import Static, TextArea

from tui_desk.actions.checks import DRAFT_CHECK
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.gateway import Change
from tui_desk.contracts.reviews import DecideReview, ListReviews, ReviewDecision, ReviewView
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.rules.reviews import changes, same_text
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.conversation_items import items
from tui_desk.screens.text_field import TextField
from tui_desk.widgets.conversation_view import ConversationView

_WITH_CONVERSATION = 34
"""Rows from which the conversation is shown above the text."""


class CheckScreen(BaseScreen):
    """The draft that ``review`` asks about, to be decided."""

    scopes = (DRAFT_CHECK, GLOBAL)
    CSS_PATH = "styles/check.tcss"

    def __init__(self, review: ReviewView, ticket: TicketView | None) -> None:
        super().__init__()
        self._review, self._ticket = review, ticket
        self.crumb = f"#{review.ticket} › {_('Check of a draft')}"

    def compose_body(self) -> Iterable[Widget]:
        yield ConversationView(id="above")
        yield Static("", id="asked", markup=False)
        yield TextField(self._review.text, id="text")
        yield Static("", id="changed", markup=False)

    def start(self) -> None:
        self.query_one(TextArea).focus()
        self._show()

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height >= _WITH_CONVERSATION, "-tall")

    def concerns(self, change: Change) -> bool:
        return not change.tickets or self._review.ticket in change.tickets

    async def load(self) -> None:
        self._ticket = await self.ask(ShowTicket(self._review.ticket))
        now = next((one for one in self._ticket.reviews if one.id == self._review.id), None)
        if now is not None and now.is_open:
            self._draft_is(now)
        else:
            self.say(
                _("This draft need not be checked any more: it has left, or was taken back."), level="warning"
            )
        self._show()

    def _draft_is(self, now: ReviewView) -> None:
        """The draft of now; what one has changed in the one of before stays on the screen."""
        area = self.query_one(TextArea)
        if same_text(now.text, self._review.text):
            self._review = now
        elif same_text(area.text, self._review.text):
            self._review = now
            area.text = now.text
            self.say(_("{who} has gone on writing: this is the text of now.").format(who=now.author))

    def _show(self) -> None:
        review = self._review
        parts: list[Part] = [
            (_("Draft of {who}").format(who=safe_line(review.author, 60)), "bold $text-primary")
        ]
        if review.kind is not None:
            parts.append((f" · {words.draft_kind(review.kind)}", "$muted"))
        if review.to:
            parts.append((f" · {_('To: {names}').format(names=safe_line(review.to, 200))}", "$muted"))
        if review.cc:
            parts.append((f" · {_('Cc: {names}').format(names=safe_line(review.cc, 200))}", "$muted"))
        if review.bcc:
            parts.append((f" · {_('Bcc')}: {safe_line(review.bcc, 200)}", "$muted"))
        if review.files:
            names = safe_line(", ".join(review.files), 200)
            parts.append((f" · {_('Attached: ')}{names}", "$muted"))
        if review.state == "waiting_to_leave":
            parts.append((f" · {_('leaves when approved')}", "$text-warning"))
        if review.question:
            parts.append((f"\n? {safe_block(review.question, 400)}", "$text-warning"))
        self.query_one("#asked", Static).update(line(*parts))
        if self._ticket is not None:
            self.query_one(ConversationView).show(items(self._ticket.messages, self.host.options.clock()))
        self._show_changes()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._show_changes()

    def _show_changes(self) -> None:
        made = [one for one in changes(self._review.text, self._text()) if one.mark in "+-"]
        if not made:
            told = _("As it stands: Ctrl+S approves it. Change it here, and Ctrl+S gives it back changed.")
        else:
            count = max(sum(one.mark == mark for one in made) for mark in "+-")
            told = ngettext(
                "{count} line changed: Ctrl+S gives it back to {who}.",
                "{count} lines changed: Ctrl+S gives it back to {who}.",
                count,
            ).format(count=count, who=safe_line(self._review.author, 60))
        self.query_one("#changed", Static).update(told)

    def _text(self) -> str:
        return self.query_one(TextArea).text

    def _is_changed(self) -> bool:
        return not same_text(self._review.text, self._text())

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_approve_draft(self, argument: str) -> None:
        who, changed = self._review.author, self._is_changed()
        title = _("Give it back changed") if changed else _("Approve it")
        comment = await self.prompt(
            title, detail=_("A word for {who}; it may stay empty.").format(who=safe_line(who, 60))
        )
        if comment is None:
            return
        decision = ReviewDecision.CHANGE if changed else ReviewDecision.APPROVE
        await self._decide(
            DecideReview(self._review.id, decision, comment.strip(), self._text(), self._review.text)
        )

    async def do_refuse_draft(self, argument: str) -> None:
        why = argument or await self.prompt(_("Why should it not leave so?"))
        if why is None:
            return
        if self._is_changed() and not await self._lose():
            return
        seen = self._review.text
        await self._decide(DecideReview(self._review.id, ReviewDecision.REFUSE, why.strip(), seen=seen))

    async def _decide(self, request: DecideReview) -> None:
        try:
            done = await self.ask(request)
        except Conflict:
            waiting = await self.ask(ListReviews())
            now = next((one for one in waiting if one.id == self._review.id), None)
            if now is not None and self._is_changed():
                self._review = now  # one's own changes stay; they are compared with the draft of now
            elif now is not None:
                self._draft_is(now)
            self._show()
            raise
        told = {
            "approved": _("Approved; {who} is told."),
            "changed": _("Given back changed; {who} is told."),
            "refused": _("Refused; {who} is told."),
        }
        self._leave(told.get(done.state, "{who}").format(who=safe_line(done.author, 60)))

    def _leave(self, sentence: str) -> None:
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, BaseScreen):
            if sentence:
                below.say(sentence, level="done")
            below.reload()

    async def do_leave_check(self, argument: str) -> None:
        if not self._is_changed() or await self._lose():
            self._leave("")

    async def _lose(self) -> bool:
        return await self.confirm(
            _("You have changed the text."), _("What you changed is not kept."), _("Throw it away")
        )

    async def do_quit(self, argument: str) -> None:
        if self._is_changed():
            raise Refused(_("You have changed the text: Ctrl+S gives it back, Esc leaves it."))
        self.app.exit()
