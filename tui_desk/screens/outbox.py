"""The outbox: what waits, leaves or failed, recipient by recipient, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS, OUTBOX
from tui_desk.contracts.conversation import CancelSend, ListOutbox, OutboxRow, OutgoingView, RetrySend
from tui_desk.core import moment_text
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.message_actions import confirm_retry
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.screens.send_at import ask_when, let_leave
from tui_desk.screens.ticket_parts import can_be_retried, leaves_in
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow

_TROUBLE = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNKNOWN)
_STOPPABLE = (DeliveryState.HELD, DeliveryState.QUEUED, DeliveryState.UNKNOWN, DeliveryState.FAILED)
_FILTERS = ("waiting", "failed", "all")
LIMIT = 500


class OutboxScreen(BrowseScreen[OutboxRow]):
    """Outgoing messages, newest first."""

    scopes = (OUTBOX, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Outbox")
        self.shown = "waiting"

    def above(self) -> Iterable[Widget]:
        yield SectionTabs(
            (
                Section("waiting", _("Waiting")),
                Section("failed", _("Failed")),
                Section("all", _("All")),
            ),
            self.shown,
            id="filters",
        )

    def key(self, item: OutboxRow) -> int:
        return item.outbox_id

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("state", _("State"), 11),
            Column("ticket", _("Ticket"), 6, align="right"),
            Column("to", _("To"), 16, flex=5),
            Column("subject", _("Subject"), 12, flex=6),
            Column("recipients", _("Reached"), 7, align="right", priority=2),
            Column("next", _("Why, or when next"), 20, flex=1, priority=1),
            Column("written", _("Written"), 15, priority=3),
        )

    async def read(self) -> Sequence[OutboxRow]:
        states = _TROUBLE if self.shown == "failed" else ()
        return await self.ask(ListOutbox(states, everything=self.shown == "all", limit=LIMIT))

    def row(self, item: OutboxRow) -> TableRow:
        state, now = words.delivery(item.delivery.state), self.host.options.clock()
        recipients = item.delivery.recipients
        reached = sum(r.state is DeliveryState.SENT for r in recipients)
        return TableRow(
            item.outbox_id,
            (
                Cell(state.text, state.style),
                Cell(str(item.ticket), "muted"),
                item.to,
                item.subject or _("(no subject)"),
                Cell(f"{reached}/{len(recipients)}", "muted"),
                _why_or_when(item.delivery, now),
                Cell(words.moment(item.created_at, now), "muted"),
            ),
            anchor=item.outbox_id,
        )

    def describe(self, item: OutboxRow) -> Content:
        sent, now = item.delivery, self.host.options.clock()
        state = words.delivery(sent.state)
        facts = (
            Fact(_("Ticket"), f"#{item.ticket}"),
            Fact(_("From"), item.sender or "–"),
            Fact(_("Written"), words.moment(item.created_at, now)),
            Fact(_("Held until"), moment_text.told(sent.held_until, now) if sent.held_until else ""),
            Fact(_("Next attempt"), _next_attempt(sent, now)),
        )
        one_way = _("Sent by the fallback sender: no answer can come back.") if sent.one_way else ""
        return blocks(
            heading(item.subject or _("(no subject)"), state.text, state.colour),
            sentence(sent.cause, _colour_of_cause(sent, state.colour)),
            self._recipients(item),
            labelled(facts),
            sentence(one_way, "$text-warning"),
        )

    def _recipients(self, item: OutboxRow) -> Content:
        rows = []
        width = max((len(r.address) for r in item.delivery.recipients), default=0)
        for recipient in item.delivery.recipients:
            state = words.delivery(recipient.state)
            parts: list[Part] = [
                (f"{state.text:<12}", state.colour),
                f"{recipient.address:<{min(width, 40)}}",
            ]
            if recipient.cause and recipient.cause != item.delivery.cause:
                parts.append((f"  {recipient.cause}", "$muted"))
            rows.append(line(*parts))
        return Content("\n").join(rows)

    def empty_text(self) -> str:
        sentences = {
            "waiting": _("Nothing waits to be sent. 2 shows what failed, 3 everything."),
            "failed": _("Nothing failed. 3 shows everything that was sent."),
            "all": _("Nothing was ever sent. r on a ticket answers, and the mail leaves from here."),
        }
        return sentences[self.shown]

    # -- filters -----------------------------------------------------------------------------------------------------
    def _show(self, shown: str) -> None:
        self.shown = shown
        self.query_one(SectionTabs).show(shown)
        self.list_anew()

    def do_outbox_waiting(self, argument: str) -> None:
        self._show("waiting")

    def do_outbox_failed(self, argument: str) -> None:
        self._show("failed")

    def do_outbox_all(self, argument: str) -> None:
        self._show("all")

    def do_next_outbox(self, argument: str) -> None:
        self._show(_FILTERS[(_FILTERS.index(self.shown) + 1) % len(_FILTERS)])

    def do_previous_outbox(self, argument: str) -> None:
        self._show(_FILTERS[_FILTERS.index(self.shown) - 1])

    # -- what can be done --------------------------------------------------------------------------------------------
    def item_facts(self, item: OutboxRow) -> set[str]:
        states = {recipient.state for recipient in item.delivery.recipients} | {item.delivery.state}
        found = set()
        if can_be_retried(item.delivery, self.host.options.clock()):
            found.add("retryable")
        if states & set(_STOPPABLE):
            found.add("stoppable")
        if item.delivery.state is DeliveryState.HELD:
            found.add("held")
        return found

    def _item(self) -> OutboxRow:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def open_item(self, item: OutboxRow) -> None:
        self.host.open_ticket(item.ticket, self.neighbour)

    def neighbour(self, delta: int) -> int | None:
        """The ticket of the message so many lines further; the cursor goes along."""
        item = self.items.get(self.step(delta))
        return item.ticket if item is not None else None

    async def do_retry_send(self, argument: str) -> None:
        item = self._item()
        if item.delivery.state is DeliveryState.HELD:
            await let_leave(self, item.delivery, None, item.ticket)
            return
        if not await confirm_retry(self, item.delivery):
            return
        self.say(await self.ask(RetrySend(item.outbox_id)), level="done")
        self.reload()

    async def do_leave_at(self, argument: str) -> None:
        item = self._item()
        when = await ask_when(self, argument, now_too=True)
        if when is not None:
            await let_leave(self, item.delivery, when.at, item.ticket)

    async def do_cancel_send(self, argument: str) -> None:
        sentence = await self.ask(CancelSend(self._item().outbox_id))
        self.say(sentence, level="done")
        self.gone()


def _next_attempt(sent: OutgoingView, now: datetime) -> str:
    if sent.next_attempt_at is None or sent.state is DeliveryState.HELD:
        return ""
    return words.moment(sent.next_attempt_at, now)


def _colour_of_cause(sent: OutgoingView, of_state: str) -> str:
    if sent.stopped:
        return "$text-warning"
    return of_state if sent.state in _TROUBLE else "$muted"


def _why_or_when(sent: OutgoingView, now: datetime) -> Cell:
    """The cause where there is one, else when it is tried."""
    if sent.cause:
        return Cell(sent.cause, "error" if sent.state in _TROUBLE else "warning")
    if sent.held_until is not None:
        return Cell(leaves_in(sent, now), "muted")
    if sent.next_attempt_at is not None and sent.next_attempt_at > now:
        return Cell(_("next attempt {when}").format(when=words.moment(sent.next_attempt_at, now)), "muted")
    return Cell("")
