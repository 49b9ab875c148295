"""Ordering: the number, the day, and whether the order goes to the supplier by mail, with the mail as it will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from textual.content import Content
from textual.widgets import Static

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.purchase_view import PurchaseView
from tui_desk.contracts.purchases import DraftOrder, OrderDraft, OrderPurchase, ShowPurchase
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.rules.time_spans import read_day
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.purchase_words import total_text
from tui_desk.screens.undo_actions import taking_back
from tui_desk.widgets.choice_field import Option


class OrderFormScreen(FormScreen):
    """Orders the purchase ``purchase_id``."""

    scopes = (FORM, GLOBAL)

    def __init__(self, purchase_id: int) -> None:
        self.purchase_id = purchase_id
        super().__init__()
        self.crumb = f"P{purchase_id} › {_('Order')}"
        self._purchase: PurchaseView | None = None
        self._draft: OrderDraft | None = None
        self._done: RowChanged | None = None

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "number",
                _("Number"),
                help=_("The number of the order, ours or the supplier's. Empty: the next free one."),
                width=40,
            ),
            Field(
                "day",
                _("Ordered on"),
                help=_("Today, yesterday, or a day such as 2026-12-31."),
                width=20,
            ),
            Field(
                "mail",
                _("By mail"),
                "choice",
                help=_("Send the order to the supplier; an answer comes back into the ticket."),
                options=(Option("yes", _("yes, send it")), Option("no", _("no, it is ordered otherwise"))),
            ),
            Field("note", _("Note"), "block", help=_("Stands below the table, for the supplier."), lines=3),
        )

    def start(self) -> None:
        preview = Static("", id="order-preview", markup=False)
        preview.styles.padding = (1, 2)
        self.query_one("#form").mount(preview)  # below the fields, and scrolls with them
        super().start()

    async def initial(self) -> Mapping[str, str]:
        self._purchase = await self.ask(ShowPurchase(self.purchase_id))
        draft = await self.ask(DraftOrder(self.purchase_id))
        self.crumb = f"#{self._purchase.ticket} › {self._purchase.name} › {_('Order')}"
        self.show_title()
        self._show(draft)
        today = self.host.options.clock().astimezone().date()
        return {
            "number": draft.order_number,
            "day": today.isoformat(),
            "mail": "no" if draft.problem else "yes",
        }

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        by_mail = values["mail"] == "yes"
        for preview in self.query("#order-preview"):
            preview.display = by_mail
        return frozenset() if by_mail else frozenset({"note"})

    def field_changed(self, field_id: str, value: str) -> None:
        if field_id in ("number", "note"):
            self.run_worker(self._preview(), group="order-preview", exclusive=True)

    async def _preview(self) -> None:
        try:
            draft = await self.ask(DraftOrder(self.purchase_id, self.value("number"), self.value("note")))
        except DeskError as error:
            self.say(error.sentence, error.hint, "warning")
            return
        self._show(draft)

    def _show(self, draft: OrderDraft) -> None:
        self._draft = draft
        notes, wrong = [], []
        if self._purchase is not None:
            notes.append(
                _("{name}, {total}, from {supplier}.").format(
                    name=f"{self._purchase.name} {self._purchase.title}",
                    total=total_text(self._purchase),
                    supplier=self._purchase.supplier or "–",
                )
            )
        if draft.problem:
            wrong.append(_("No mail can be sent: {problem}").format(problem=draft.problem))
        else:
            notes.append(
                _("A mail can be taken back with u until it leaves; after that nothing calls it back.")
            )
        if draft.notice:
            wrong.append(draft.notice)
        self.show_notes((*notes, *wrong), wrong)
        head = [
            f"{_('To')}: {safe_line(draft.to, 200)}",
            f"{_('Subject')}: {safe_line(draft.subject, 200)}",
            "",
        ]
        text = "\n".join([*head, *safe_block(draft.body, 8_000).splitlines()])
        self.query_one("#order-preview", Static).update(Content.assemble((text, "$muted")))

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {}
        try:
            self._day(values["day"])
        except UsageError as error:
            found["day"] = str(error)
        if values["mail"] == "yes" and self._draft is not None and self._draft.problem:
            found["mail"] = self._draft.problem
        return found

    def _day(self, text: str) -> date | None:
        if not text.strip():
            return None
        day = read_day(text, self.host.options.clock())
        if day > self.host.options.clock().astimezone().date():
            raise UsageError(_("{day} is still to come.").format(day=day.isoformat()))
        return day

    async def submit(self, values: Mapping[str, str]) -> str | None:
        version = self._purchase.version if self._purchase is not None else 0
        typed = values["number"].strip() if "number" in self.typed else ""
        done = await self.ask(
            OrderPurchase(
                self.purchase_id,
                typed,
                self._day(values["day"]),
                values["mail"] == "yes",
                values["note"].strip() if values["mail"] == "yes" else "",
                version,
            )
        )
        self._done = replace(done, sentence=" ".join((done.sentence, *done.warnings)))
        return self._done.sentence

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        """What was ordered, and the way back."""
        if self._done is not None and self._done.event_ids:
            below.offer(taking_back(self._done, self.host.options.clock()))
            below.reload()
        else:
            super().tell_saved(below, sentence)
