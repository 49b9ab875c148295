"""A purchase to ask for, or to change. Lines are written as lines, one for each article; the total follows as one types."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.purchase_view import PurchaseLineView, PurchaseView
from tui_desk.contracts.purchases import (
    CostCentreView,
    LineInput,
    NewPurchase,
    PurchaseChoices,
    SavePurchase,
    ShowPurchase,
    ShowPurchaseChoices,
)
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.rules.money import amount_text
from tui_desk.rules.purchase_lines import LineText, line_of, read_line
from tui_desk.rules.purchases import total_of
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.undo_actions import taking_back
from tui_desk.widgets.choice_field import ChoiceField, Option

_NAMED = 8


class PurchaseFormScreen(FormScreen):
    """Asks for a purchase on the ticket ``number`` (``purchase_id`` None), or changes that one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, number: int, purchase_id: int | None) -> None:
        self.number, self.purchase_id = number, purchase_id
        super().__init__()
        what = _("New purchase") if purchase_id is None else f"P{purchase_id}"
        self.crumb = f"#{number} › {what}" if number else f"{_('Purchases')} › {what}"
        self._purchase: PurchaseView | None = None
        self._choices: PurchaseChoices | None = None
        self._done: RowChanged | None = None

    def fields(self) -> tuple[Field, ...]:
        nobody = (Option("", _("none")),)
        return (
            Field(
                "title",
                _("What"),
                help=_("What is bought and what for, in a line."),
                placeholder=_("A laptop for Ana"),
            ),
            Field(
                "lines",
                _("Lines"),
                "block",
                help=_(
                    "One a line: 2 x Laptop 14 @ 1.299,00 | no=L-14 | asset=Laptop. Behind bars, if you wish: no=… the article number; "
                    "asset=… a receipt makes assets of that type; seats=… it adds seats to that licence."
                ),
                lines=6,
            ),
            Field(
                "supplier",
                _("Supplier"),
                "choice",
                help=_("Who sells it. Supervisors add suppliers in Settings → Purchases."),
                options=nobody,
            ),
            Field(
                "cost_centre",
                _("Cost centre"),
                "choice",
                help=_("Who pays: its limits say who decides."),
                options=nobody,
            ),
            Field(
                "currency",
                _("Currency"),
                help=_("Three letters, such as EUR. All lines are in it, and so is the cost centre."),
                width=5,
            ),
            Field(
                "requester",
                _("For"),
                help=_("Who gets it: an address or a name. Empty: who asks in the ticket."),
            ),
            Field("notes", _("Notes"), "block", help=_("What those who decide should know."), lines=3),
        )

    async def initial(self) -> Mapping[str, str]:
        choices = self._choices = await self.ask(ShowPurchaseChoices())
        if self.purchase_id is not None:
            self._purchase = await self.ask(ShowPurchase(self.purchase_id))
            self.number = self._purchase.ticket
            self.crumb = f"#{self.number} › {self._purchase.name}"
            self.show_title()
        self._offer(choices, self._purchase)
        values = self._values(choices, self._purchase)
        self._show_notes(values)
        return values

    def _offer(self, choices: PurchaseChoices, purchase: PurchaseView | None) -> None:
        """The suppliers and cost centres there are; those of the purchase also where they are set aside."""
        suppliers = {one.name: one.name for one in choices.suppliers}
        centres = {one.code: " ".join(filter(None, (one.code, one.name))) for one in choices.cost_centres}
        if purchase is not None:
            suppliers.setdefault(purchase.supplier, purchase.supplier)
            centres.setdefault(purchase.cost_centre, purchase.cost_centre)
        for name, found in (("supplier", suppliers), ("cost_centre", centres)):
            control = self.control(name)
            assert isinstance(control, ChoiceField)
            options = (Option(value, label) for value, label in found.items() if value)
            control.set_options((Option("", _("none")), *options))

    def _values(self, choices: PurchaseChoices, purchase: PurchaseView | None) -> dict[str, str]:
        if purchase is None:
            return {
                "title": "",
                "lines": "",
                "supplier": "",
                "cost_centre": "",
                "currency": choices.settings.currency,
            }
        return {
            "title": purchase.title,
            "lines": "\n".join(line_of(_text(one), purchase.digits) for one in purchase.lines),
            "supplier": purchase.supplier,
            "cost_centre": purchase.cost_centre,
            "currency": purchase.currency,
            "requester": purchase.requester,
            "notes": purchase.notes,
        }

    # -- while one types ---------------------------------------------------------------------------------------------
    def field_changed(self, field_id: str, value: str) -> None:
        centre = self._centre(value) if field_id == "cost_centre" else None
        if centre is not None and "currency" not in self.typed:
            self.fill({"currency": centre.currency})
        self._show_notes(self.values())

    def _centre(self, code: str) -> CostCentreView | None:
        centres = self._choices.cost_centres if self._choices is not None else ()
        return next((one for one in centres if one.code == code), None)

    def _show_notes(self, values: Mapping[str, str]) -> None:
        """The total as it is now, what the budget says to it, and what a change means."""
        total, over = self._total_note(values)
        notes, wrong = [total], [total] if over else []
        if self._purchase is not None and self._purchase.state in (
            PurchaseState.WAITING,
            PurchaseState.APPROVED,
        ):
            notes.append(_("It was asked already: a change of it makes void what was answered."))
            wrong.append(notes[-1])
        if self._choices is not None:
            for label, names in (
                (_("Types of assets: {names}"), self._choices.asset_types),
                (_("Licences: {names}"), self._choices.licences),
            ):
                if names:
                    more = " …" if len(names) > _NAMED else ""
                    notes.append(label.format(names=", ".join(names[:_NAMED]) + more))
        self.show_notes(tuple(notes), wrong)

    def _total_note(self, values: Mapping[str, str]) -> tuple[str, bool]:
        """What it costs, and whether that is more than the budget has left."""
        over = False
        found, problem = _read(values.get("lines", ""))
        currency, digits = values["currency"].strip().upper(), 2
        known = self._choices.currencies if self._choices is not None else ()
        digits = next((one.digits for one in known if one.code == currency), digits)
        total = total_of((line.quantity, line.unit_cost) for line in found)
        lines = ngettext("{count} line", "{count} lines", len(found)).format(count=len(found))
        note = _("Total: {total} ({lines})").format(total=amount_text(total, currency, digits), lines=lines)
        if problem:
            note += " " + _("so far")
        centre = self._centre(values["cost_centre"])
        if centre is not None and centre.use.left is not None and centre.currency == currency:
            counted = self._purchase is not None and self._purchase.state is PurchaseState.APPROVED
            left = centre.use.left + (self._purchase.total if counted and self._purchase else 0)
            shown = amount_text(left, currency, digits)
            over = total > left
            told = (
                _("Over the budget of {code}: {left} are left.")
                if over
                else _("{left} are left in the budget of {code}.")
            )
            note += ". " + told.format(code=centre.code, left=shown)
        return note, over

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {"title": "" if values["title"].strip() else _("What is bought, and what for?")}
        currency = values["currency"].strip().upper()
        codes = {one.code for one in self._choices.currencies} if self._choices is not None else {currency}
        if currency not in codes:
            found["currency"] = _("That is not a currency; it is three letters such as EUR.")
        centre = self._centre(values["cost_centre"])
        if centre is not None and centre.currency != currency:
            found["currency"] = _("The cost centre {code} is in {currency}.").format(
                code=centre.code, currency=centre.currency
            )
        found["lines"] = _problem(values["lines"], currency)
        return {name: problem for name, problem in found.items() if problem}

    # -- saving ------------------------------------------------------------------------------------------------------
    async def submit(self, values: Mapping[str, str]) -> str | None:
        lines, _problem_there = _read(values["lines"])
        known = self._purchase.lines if self._purchase is not None else ()
        inputs = tuple(
            LineInput(
                article=line.article,
                quantity=line.quantity,
                unit_cost=line.unit_cost,
                article_number=line.article_number,
                makes=line.makes,
                asset_type=line.asset_type,
                licence=line.licence,
                currency=line.currency,
                id=line_id,
            )
            for line, line_id in zip(lines, matched(lines, known), strict=True)
        )
        common = {name: values[name].strip() for name in ("title", "supplier", "cost_centre", "requester")}
        currency, notes = values["currency"].strip().upper(), values["notes"].strip("\n")
        if self._purchase is None:
            done = await self.ask(
                NewPurchase(self.number, lines=inputs, currency=currency, notes=notes, **common)
            )
        else:
            done = await self.ask(
                SavePurchase(
                    self._purchase.id,
                    self._purchase.version,
                    lines=inputs,
                    currency=currency,
                    notes=notes,
                    **common,
                )
            )
        self._done = replace(done, sentence=" ".join((done.sentence, *done.warnings)))
        return self._done.sentence

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        """What was written, and the way back where there is one."""
        waits = self._purchase is not None and self._purchase.state is PurchaseState.WAITING
        if self._done is not None and self._done.event_ids and not waits:
            below.offer(taking_back(self._done, self.host.options.clock()))
            below.reload()
        else:
            super().tell_saved(below, sentence)


def _text(one: PurchaseLineView) -> LineText:
    return LineText(
        one.article,
        one.quantity,
        one.unit_cost,
        one.article_number,
        one.makes,
        one.asset_type,
        one.licence,
    )


def _read(text: str) -> tuple[list[LineText], str]:
    """The lines that can be read, and the first problem."""
    found, problem = [], ""
    for place, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(read_line(line))
            except UsageError as error:
                problem = problem or _("Line {number}: {problem}").format(
                    number=place, problem=error.sentence
                )
    return found, problem


def _problem(text: str, currency: str) -> str:
    found, problem = _read(text)
    if problem:
        return problem
    other = next((line for line in found if line.currency and line.currency != currency), None)
    if other is not None:
        return _("“{article}” is in {typed} and the purchase in {currency}.").format(
            article=other.article, typed=other.currency, currency=currency
        )
    return ""


def _equal(line: LineText, text: LineText) -> bool:
    return line._replace(currency="") == text


def _same_article(line: LineText, text: LineText) -> bool:
    return line.article == text.article


def matched(lines: Sequence[LineText], known: Sequence[PurchaseLineView]) -> list[int | None]:
    """Which line that is there each written one is: the same one, else the same article, else what is left in its place."""
    left = {one.id: _text(one) for one in known}
    found: list[int | None] = [None] * len(lines)
    for same in (_equal, _same_article):
        for place, line in enumerate(lines):
            if found[place] is None:
                found[place] = next((row_id for row_id, text in left.items() if same(line, text)), None)
                left.pop(found[place] or 0, None)
    for place in range(len(lines)):
        if found[place] is None and place < len(known) and known[place].id in left:
            found[place] = known[place].id
            del left[known[place].id]
    return found
