"""Approvals over all tickets: what waits for oneself first. Enter opens the ticket, D decides."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.approvals import APPROVALS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.contracts.approvals import (
    ApprovalView,
    CancelApproval,
    DecideApproval,
    ListApprovals,
    RemindApproval,
    ShowApproval,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.approval_words import approval_state, describe_approval, due_text, waits_for
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.desk_words import money
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

FILTERS = ("open", "mine", "all")
LIMIT = 500


async def decide(screen: BaseScreen, approval_id: int) -> ApprovalView | None:
    """Ask for yes or no and a comment, and give the decision. Answers the approval as it is then; None: nothing was decided."""
    from tui_desk.screens.decide_dialog import DecideDialog

    approval = await screen.ask(ShowApproval(approval_id))
    answer = await screen.answer_of(DecideDialog(approval))
    if answer is None:
        return None
    done = await screen.ask(DecideApproval(approval_id, answer.yes, answer.comment, approval.version))
    screen.say(done.sentence, level="done" if done.counted else "warning")
    return done.approval


class ApprovalsScreen(BrowseScreen[ApprovalView]):
    """The list; of one ticket where ``ticket`` is named, with the cursor on ``select``."""

    scopes = (APPROVALS, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self, ticket: int | None = None, select: int | None = None) -> None:
        super().__init__()
        self.ticket = ticket
        self.shown = "open" if ticket is None else "all"
        self.search_hint = _("title, approver or ticket")
        self.crumb = _("Approvals") if ticket is None else _("Approvals of #{number}").format(number=ticket)
        self._jump = select

    def above(self) -> Iterable[Widget]:
        yield SectionTabs(
            (Section("open", _("Waiting")), Section("mine", _("For me")), Section("all", _("All"))),
            self.shown,
            id="filters",
        )

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", _("State"), 12),
            Column("ticket", _("Ticket"), 6, align="right"),
            Column("title", _("What"), 18, flex=8),
            Column("amount", _("Amount"), 13, align="right", priority=2),
            Column("waits", _("Waits for"), 14, flex=1, priority=1),
            Column("due", _("Due"), 15, priority=3),
            Column("by", _("Asked by"), 12, priority=4),
        )

    async def read(self) -> Sequence[ApprovalView]:
        return await self.ask(ListApprovals(self.shown, self.ticket, self.search_text, LIMIT))

    def row(self, item: ApprovalView) -> TableRow:
        state, now = approval_state(item.state), self.host.options.clock()
        return TableRow(
            item.id,
            (
                Cell(_("» for you"), "accent") if item.for_me else Cell(state.text, state.style),
                Cell(str(item.ticket), "muted"),
                Cell(item.title, "strong" if item.for_me else ""),
                money(item.amount, item.currency) if item.amount is not None else "",
                waits_for(item),
                Cell(due_text(item, now), "error" if item.overdue else ""),
                Cell(item.requested_by, "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: ApprovalView) -> Content:
        return describe_approval(item, self.host.options.clock())

    def empty_text(self) -> str:
        if self.search_text:
            return _("No approval has these words. Esc shows all again.")
        sentences = {
            "open": _("Nothing waits for a decision. In a ticket, + asks for an approval."),
            "mine": _("Nothing waits for you. 1 shows what waits for others."),
            "all": _("No approvals yet. In a ticket, + asks for one."),
        }
        return sentences[self.shown]

    def item_facts(self, item: ApprovalView) -> set[str]:
        found = {"work_approval"}
        if item.state == "waiting":
            found.add("approval_waits")
        if item.for_me:
            found.add("decidable")
        return found

    # -- filters -----------------------------------------------------------------------------------------------------
    def _show(self, shown: str) -> None:
        self.shown = shown
        self.query_one(SectionTabs).show(shown)
        self.list_anew()

    def do_approvals_open(self, argument: str) -> None:
        self._show("open")

    def do_approvals_mine(self, argument: str) -> None:
        self._show("mine")

    def do_approvals_all(self, argument: str) -> None:
        self._show("all")

    def do_next_approvals(self, argument: str) -> None:
        self._show(FILTERS[(FILTERS.index(self.shown) + 1) % len(FILTERS)])

    def do_previous_approvals(self, argument: str) -> None:
        self._show(FILTERS[FILTERS.index(self.shown) - 1])

    # -- what can be done --------------------------------------------------------------------------------------------
    def _item(self) -> ApprovalView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: ApprovalView) -> None:
        self.host.open_ticket(item.ticket, self.neighbour)

    def neighbour(self, delta: int) -> int | None:
        """The ticket of the approval so many lines further; the cursor goes along."""
        item = self.items.get(self.step(delta))
        return item.ticket if item is not None else None

    async def do_decide_approval(self, argument: str) -> None:
        done = await decide(self, self._item().id)
        if done is None or self.shown == "all" or (self.shown == "open" and done.state == "waiting"):
            self.reload()
        else:
            self.gone()

    def do_edit_approval(self, argument: str) -> None:
        from tui_desk.screens.approval_form import ApprovalFormScreen

        item = self._item()
        self.app.push_screen(ApprovalFormScreen(item.ticket, item.id))

    async def do_remind_approval(self, argument: str) -> None:
        item = self._item()
        due: date | None = None
        if item.overdue:
            typed = await self.prompt(
                _("It is overdue: due now by the end of"),
                "",
                words.moment(item.due_at or item.created_at, self.host.options.clock()),
            )
            if not typed:
                return
            try:
                due = date.fromisoformat(typed.strip())
            except ValueError:
                raise UsageError(_("Write the day as year-month-day, such as 2026-12-31.")) from None
        self.say(await self.ask(RemindApproval(item.id, due)), level="done")
        self.reload()

    async def do_cancel_approval(self, argument: str) -> None:
        item = self._item()
        question = _("Take “{title}” back?").format(title=item.title)
        detail = _("Mail that was sent stays sent; answers to it do not count any more.")
        if await self.confirm(question, detail, _("Take it back")):
            await self.ask(CancelApproval(item.id))
            self.say(_("“{title}” is taken back.").format(title=item.title), level="done")
            self.gone()

    def do_show_substitutes(self, argument: str) -> None:
        from tui_desk.screens.substitutes import SubstitutesScreen

        self.app.push_screen(SubstitutesScreen())
