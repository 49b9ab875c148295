"""Asking a colleague to check what one writes, and what becomes of the answer."""

from __future__ import annotations

from textual.widgets import Static, TextArea

from tui_desk.contracts.desk import ListAgents
from tui_desk.contracts.reviews import AskReview, ReviewView, TakeOverReview, WithdrawReview
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.enums import DraftKind, Role
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.rules.reviews import same_text, standing
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.canned_completion import CannedCompletion
from tui_desk.screens.check_words import ChangesDialog, in_compose
from tui_desk.screens.choices import Choice


class ComposeCheck(CannedCompletion):
    """A screen with a text and a line ``#check`` above it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._check: ReviewView | None = None

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._show_check()

    def _show_check(self) -> None:
        shown = self.query_one("#check", Static)
        check = self._check
        text = self.query_one(TextArea).text
        worth = standing(check.state, check.decided_text, text) if check is not None else ""
        content = in_compose(check, worth) if check is not None else ""
        shown.update(content)
        shown.display = bool(content)

    def check_is(self, ticket: TicketView) -> None:
        """Show where the check of this draft stands in ``ticket``. One that left by itself meanwhile closes the screen."""
        before = self._check
        self._check = next((one for one in ticket.reviews if one.by_me and one.kind is self.kind), None)
        self._show_check()
        gone = not any(draft.mine and draft.kind is self.kind for draft in ticket.drafts)
        if (
            before is not None
            and before.state == "waiting_to_leave"
            and gone
            and not self._busy
            and not self._done
        ):
            self._has_left(before)

    def _has_left(self, check: ReviewView) -> None:
        if not same_text(check.text, self.query_one(TextArea).text):
            self.say(
                _("{who} has approved the text of before: it is on its way.").format(who=check.reviewer),
                _("What you wrote since is a draft of its own."),
                level="warning",
            )
            return
        self._done = True
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, BaseScreen):
            below.say(_("{who} has approved it: it is on its way.").format(who=check.reviewer), level="done")
            below.reload()

    async def do_check_draft(self, argument: str) -> None:
        if self._opened is None:
            raise Refused(_("The draft is still being read: a moment."))
        await self.flush()
        self.check_is(await self.ask(ShowTicket(self.number)))
        check = self._check
        if check is not None and check.standing == "changed":
            await self._take_over(check)
        elif check is not None and check.is_open and not argument:
            await self._still_asked(check)
        else:
            await self._ask_colleague(argument)

    async def _take_over(self, check: ReviewView) -> None:
        if await self.app.push_screen_wait(ChangesDialog(check)):
            taken = await self.ask(TakeOverReview(check.id, check.text))
            area = self.query_one(TextArea)
            area.text = taken.text
            area.move_cursor(area.document.end)
            self._check = taken
            self._saved = self._latest = self._written()
            self._show_check()
            self.say(_("The changed text is your draft now."), level="done")

    async def _still_asked(self, check: ReviewView) -> None:
        title = _("{who} is asked to check this draft").format(who=check.reviewer)
        choices = [
            Choice("back", _("Take the question back")),
            Choice("other", _("Ask somebody else")),
        ]
        chosen = await self.choose(title, choices)
        if chosen == "back":
            await self.ask(WithdrawReview(check.id))
            self._check = None
            self._show_check()
            self.say(_("Nobody is asked any more."), level="done")
        elif chosen == "other":
            await self._ask_colleague("")

    async def _ask_colleague(self, login: str) -> None:
        who = login.strip() or await self._colleague()
        if not who:
            return
        question = await self.prompt(
            _("What should {who} look at?").format(who=who),
            detail=_("May stay empty; the draft is shown in any case."),
        )
        if question is None:
            return
        then = await self.choose(
            _("When it is approved"),
            [
                Choice("back", _("I send it myself")),
                Choice("leave", _("It leaves at once"), detail=_("unless somebody has written meanwhile")),
            ],
            "back",
        )
        if then is None:
            return
        self._check = await self.ask(
            AskReview(self.number, self.kind, who, question.strip(), at_once=then == "leave")
        )
        self._show_check()
        self.say(_("{who} is told.").format(who=self._check.reviewer), level="done")

    async def _colleague(self) -> str:
        agents = await self.ask(ListAgents())
        me = self.host.agent.login if self.host.agent is not None else ""
        choices = [
            Choice(agent.login, agent.name or agent.login, detail=", ".join(agent.teams))
            for agent in agents
            if agent.login != me and agent.role is not Role.READ_ONLY
        ]
        if not choices:
            raise Refused(_("There is nobody else on this desk who could check it."))
        return await self.choose(_("Who should check this draft?"), choices) or ""
