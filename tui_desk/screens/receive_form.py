"""A delivery to write down: how many pieces of each line came, tags and serial numbers of what becomes assets, seats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import islice

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.receipts import DeliveriesView, DeliveryLineView, Received, ReceiveGoods, ReceiveLine
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.money import read_quantity
from tui_desk.rules.purchases import ASSET, SEATS
from tui_desk.rules.tags import listed, tags_after
from tui_desk.rules.time_spans import read_day
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.undo_actions import taking_back
from tui_desk.widgets.choice_field import Option


class ReceiveFormScreen(FormScreen):
    """Receives what ``deliveries`` still waits for."""

    scopes = (FORM, GLOBAL)

    def __init__(self, deliveries: DeliveriesView) -> None:
        self._of = deliveries
        self._done: Received | None = None
        super().__init__()
        self.crumb = f"#{deliveries.ticket} › P{deliveries.purchase_id} › {_('Receive')}"

    def fields(self) -> tuple[Field, ...]:
        found: list[Field] = []
        for one in self._of.lines:
            found += self._line_fields(one)
        return (
            *found,
            Field(
                "surplus",
                _("Too many"),
                "choice",
                help=_("More came than was ordered: take it nevertheless, or correct the number."),
                options=(Option("no", _("do not take them")), Option("yes", _("take the surplus"))),
                heading=_("The delivery"),
            ),
            Field(
                "owner",
                _("Assets are"),
                "choice",
                help=_("Whether the assets go to whom they were bought for at once, or into stock."),
                options=(
                    Option("stock", _("in stock")),
                    Option("requester", _("in use by {person}").format(person=self._of.requester)),
                ),
            ),
            Field(
                "day",
                _("Came on"),
                help=_("today, yesterday, mon, or a day such as 2026-12-31."),
                width=20,
            ),
            Field(
                "note",
                _("Note"),
                "block",
                help=_("What else is to be known: damage, who took it in."),
                lines=2,
            ),
        )

    def _line_fields(self, one: DeliveryLineView) -> list[Field]:
        ordered = _("{ordered} ordered, {received} received").format(
            ordered=one.ordered, received=one.received
        )
        makes = {ASSET: _("makes assets: {type}"), SEATS: _("adds seats to {licence}")}.get(one.makes, "")
        more = makes.format(type=one.asset_type, licence=one.licence)
        fields = [
            Field(
                f"pieces-{one.id}",
                _("Pieces"),
                help=_("How many came this time; 0 or empty: none. Still to come: {left}.").format(
                    left=one.left
                ),
                width=10,
                heading=" · ".join(filter(None, (f"{one.number} {one.article}", ordered, more))),
            )
        ]
        if one.makes == ASSET:
            fields += [
                Field(
                    f"tags-{one.id}",
                    _("Tags"),
                    help=_(
                        "What is written on the labels, in order, with commas or blanks between. Empty: the next free ones, from {tag} on; "
                        "after the last that is given its scheme goes on."
                    ).format(tag=one.next_tag),
                    placeholder=_("{tag} and the following").format(tag=one.next_tag),
                ),
                Field(
                    f"serials-{one.id}",
                    _("Serials"),
                    "block",
                    help=_(
                        "Serial numbers in the order of the tags, one a line: typed, scanned or pasted. May be empty."
                    ),
                    lines=2,
                ),
            ]
        return fields

    async def initial(self) -> Mapping[str, str]:
        today = self.host.options.clock().astimezone().date().isoformat()
        self._show_result({})
        return {
            **{f"pieces-{one.id}": str(one.left) for one in self._of.lines},
            "surplus": "no",
            "owner": "stock",
            "day": today,
        }

    # -- while one types ---------------------------------------------------------------------------------------------
    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        pieces = self._pieces(values)
        found = {
            f"{name}-{one.id}" for one in self._of.lines if not pieces[one.id] for name in ("tags", "serials")
        }
        if not any(pieces[one.id] > one.left for one in self._of.lines):
            found.add("surplus")
        if not self._of.requester or not any(one.makes == ASSET and pieces[one.id] for one in self._of.lines):
            found.add("owner")
        self._show_result(values)
        return frozenset(found)

    def _pieces(self, values: Mapping[str, str]) -> dict[int, int]:
        """How many of each line, 0 where it is not understood."""
        found: dict[int, int] = {}
        for one in self._of.lines:
            try:
                found[one.id] = max(0, self._number(values.get(f"pieces-{one.id}", "")))
            except UsageError:
                found[one.id] = 0
        return found

    def _number(self, text: str) -> int:
        return read_quantity(text) if text.strip() else 0

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for one in self._of.lines:
            found |= self._line_problems(one, values)
        try:
            self._day(values["day"])
        except UsageError as error:
            found["day"] = str(error)
        if not any(self._pieces(values).values()) and not found and self._of.lines:
            found[f"pieces-{self._of.lines[0].id}"] = _("Say how much of which line came.")
        return found

    def _line_problems(self, one: DeliveryLineView, values: Mapping[str, str]) -> dict[str, str]:
        name = f"pieces-{one.id}"
        try:
            pieces = self._number(values[name])
        except UsageError as error:
            return {name: error.sentence}
        if pieces < 0:
            return {name: _("A quantity is not negative.")}
        if pieces > one.left and values["surplus"] != "yes":
            return {
                name: _("Still to come: {left}. Take the surplus below, or correct the number.").format(
                    left=one.left
                )
            }
        found: dict[str, str] = {}
        if one.makes == ASSET and pieces:
            for field, sentence in (
                (f"tags-{one.id}", _("{count} tags for {pieces} assets.")),
                (f"serials-{one.id}", _("{count} serial numbers for {pieces} assets.")),
            ):
                found |= _list_problem(field, listed(values[field]), pieces, sentence)
        return found

    def _day(self, text: str) -> date:
        now = self.host.options.clock()
        day = read_day(text or "today", now)
        if day > now.astimezone().date():
            raise UsageError(_("{day} is still to come.").format(day=day.isoformat()))
        return day

    def _show_result(self, values: Mapping[str, str]) -> None:
        """What saving will make, beside the fields."""
        pieces = self._pieces(values)
        notes = []
        for one in self._of.lines:
            count = pieces[one.id]
            if one.makes == ASSET and count:
                given = listed(values.get(f"tags-{one.id}", ""))
                tags = _tags(given, one.next_tag, count)
                notes.append(f"{count} × {one.article}: {tags}")
            elif one.makes == SEATS and count:
                notes.append(
                    _("{licence}: {count} more seats").format(licence=one.licence or "–", count=count)
                )
        self.show_notes(tuple(notes))

    # -- saving ------------------------------------------------------------------------------------------------------
    async def submit(self, values: Mapping[str, str]) -> str | None:
        pieces = self._pieces(values)
        lines = tuple(self._asked(one, pieces[one.id], values) for one in self._of.lines if pieces[one.id])
        done = await self.ask(
            ReceiveGoods(
                self._of.purchase_id,
                lines,
                self._day(values["day"]),
                values["note"],
                to_requester=values["owner"] == "requester",
                surplus=values["surplus"] == "yes",
            )
        )
        self._done = done
        return done.sentence

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        if self._done is None:
            super().tell_saved(below, sentence)
            return
        below.offer(taking_back(self._done, self.host.options.clock()))
        below.reload()

    def _asked(self, one: DeliveryLineView, pieces: int, values: Mapping[str, str]) -> ReceiveLine:
        if one.makes != ASSET:
            return ReceiveLine(one.id, pieces, seen=one.received)
        tags, serials = listed(values[f"tags-{one.id}"]), listed(values[f"serials-{one.id}"])
        return ReceiveLine(one.id, pieces, tags, serials, one.received)


def _list_problem(field: str, given: tuple[str, ...], pieces: int, sentence: str) -> dict[str, str]:
    if len(given) > pieces:
        return {field: sentence.format(count=len(given), pieces=pieces)}
    folded = [one.casefold() for one in given]
    twice = next((one for one in given if folded.count(one.casefold()) > 1), "")
    return {field: _("{value} is there twice.").format(value=twice)} if twice else {}


def _tags(given: tuple[str, ...], first: str, count: int) -> str:
    """The tags as they will be, as far as one can tell: one that is taken is passed over."""
    rest = count - len(given)
    following = list(islice(tags_after(given[-1]), max(0, rest))) if given else _from(first, count)
    tags = [*given, *following][:count]
    return ", ".join(tags) if count <= 3 else f"{tags[0]}, {tags[1]} … {tags[-1]}"


def _from(first: str, count: int) -> list[str]:
    return [first, *islice(tags_after(first), count - 1)]
