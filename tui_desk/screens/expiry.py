"""The expiry calendar: what is over and what ends soon, month by month; Enter goes to the thing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.documents import EXPIRY
from tui_desk.actions.inventory import BROWSE, DETAILS
from tui_desk.contracts.expiry import ExpiryKey, ExpiryPage, ExpiryRow, ListExpiry
from tui_desk.core.enums import ExpiryKind, ExpiryMeaning
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.choices import Choice
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.sections import Section, SectionTabs
from tui_desk.screens.things import open_thing
from tui_desk.screens.words import Shown
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, Direction, RowSource, RowWindow, TableRow

NEAR_DAYS = 30
_HORIZONS: dict[str, int | None] = {"30": 30, "90": 90, "365": 365, "all": None}
_KEPT = 5_000


@dataclass(slots=True)
class CalendarSource:
    """Windows of the calendar. ``read`` asks for one page."""

    read: Callable[[ExpiryKey | None, Direction, int], Awaitable[ExpiryPage]]
    shown: Callable[[ExpiryPage], Sequence[TableRow]]

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """Read one window. Raises DeskError."""
        page = await self.read(anchor, direction, limit)
        return RowWindow(self.shown(page), page.has_before, page.has_after)


class ExpiryScreen(BrowseScreen[ExpiryRow]):
    """Everything that ends, the first end first."""

    scopes = (EXPIRY, BROWSE, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.search_hint = _("name, number, type, product, supplier or owner")
        self.horizon = "90"
        self.kind: ExpiryKind | None = None
        self._title()

    def _title(self) -> None:
        parts = [_("Expiry calendar")]
        if self.kind is not None:
            parts.append(word(self.kind))
        self.crumb = " › ".join(parts)

    def above(self) -> Iterable[Widget]:
        titles = {
            "30": _("Next 30 days"),
            "90": _("Next 90 days"),
            "365": _("A year"),
            "all": _("Everything"),
        }
        sections = tuple(Section(name, titles[name]) for name in _HORIZONS)
        yield SectionTabs(sections, self.horizon, id="filters")

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("group", _("Month"), 9),
            Column("day", _("Day"), 10),
            Column("left", _("Left"), 16),
            Column("kind", _("Kind"), words.widest(map(word, ExpiryKind)), priority=2),
            Column("name", _("Name"), 18, flex=3),
            Column("what", _("What"), words.widest(map(word, ExpiryMeaning)), priority=3),
            Column("who", _("Who"), 12, flex=1, priority=4),
        )

    # -- reading -----------------------------------------------------------------------------------------------------
    def source(self) -> RowSource:
        return CalendarSource(self._page, self._shown)

    async def read(self) -> Sequence[ExpiryRow]:
        return (await self._page(None, "top", 150)).rows

    async def _page(self, anchor: ExpiryKey | None, direction: Direction, limit: int) -> ExpiryPage:
        return await self.ask(
            ListExpiry(
                kind=self.kind,
                within=_HORIZONS[self.horizon],
                query=self.search_text,
                after=anchor if direction == "after" else None,
                before=anchor if direction == "before" else None,
                around=anchor if direction == "around" else None,
                from_end=direction == "end",
                limit=limit,
            )
        )

    def _shown(self, page: ExpiryPage) -> Sequence[TableRow]:
        if len(self.items) > _KEPT:
            self.items.clear()
        self.items.update((self.key(row), row) for row in page.rows)
        return [self.row(row) for row in page.rows]

    def key(self, item: ExpiryRow) -> Hashable:
        return (item.kind.value, item.id)

    def row(self, item: ExpiryRow) -> TableRow:
        left = left_shown(item.days)
        return TableRow(
            self.key(item),
            (
                Cell(group_text(item) if item.opens_group else "", "strong"),
                Cell(item.day.isoformat(), left.style),
                Cell(left.text, left.style),
                Cell(word(item.kind), "muted"),
                item.name,
                Cell(word(item.meaning), "muted"),
                Cell(item.who, "muted"),
            ),
            anchor=item.key,
        )

    def describe(self, item: ExpiryRow) -> Content:
        left = left_shown(item.days)
        facts = (
            Fact(_("Kind"), word(item.kind)),
            Fact(_("Day"), f"{item.day.isoformat()}, {word(item.meaning)}"),
            Fact(_("Left"), left.text, left.colour),
            Fact(_("Ends"), item.ends_on.isoformat() if item.ends_on != item.day else ""),
            Fact(_("Who"), item.who),
        )
        return blocks(heading(item.name, item.detail), labelled(facts), sentence(_advice(item), "$muted"))

    def empty_text(self) -> str:
        if self.search_text:
            return _("Nothing that ends has these words. Esc shows all again, 4 looks as far as there is.")
        if self.horizon != "all":
            return _(
                "Nothing ends in that time; licences and contracts (g l) and warranties do. 4 shows all, ever."
            )
        return _(
            "Nothing ends. Warranties are written down with assets (g a), licences and contracts under g l."
        )

    def open_item(self, item: ExpiryRow) -> None:
        kind, identifier = item.kind.value, item.id
        if item.kind is ExpiryKind.WARRANTY:
            kind = "asset"
        elif item.kind is ExpiryKind.INVOICE:
            kind, identifier = "purchase", item.purchase_id or 0
        if not open_thing(self, kind, identifier):
            self.refuse(_("It has no screen of its own."))

    # -- filters -----------------------------------------------------------------------------------------------------
    def _look(self, horizon: str) -> None:
        self.horizon = horizon
        self.query_one(SectionTabs).show(horizon)
        self.list_anew()

    def do_expiry_30(self, argument: str) -> None:
        self._look("30")

    def do_expiry_90(self, argument: str) -> None:
        self._look("90")

    def do_expiry_365(self, argument: str) -> None:
        self._look("365")

    def do_expiry_all(self, argument: str) -> None:
        self._look("all")

    def _step(self, delta: int) -> None:
        names = tuple(_HORIZONS)
        self._look(names[(names.index(self.horizon) + delta) % len(names)])

    def do_next_horizon(self, argument: str) -> None:
        self._step(1)

    def do_previous_horizon(self, argument: str) -> None:
        self._step(-1)

    async def do_expiry_kind(self, argument: str) -> None:
        choices = [Choice("", _("all of them")), *(Choice(kind.value, word(kind)) for kind in ExpiryKind)]
        current = self.kind.value if self.kind else ""
        chosen: str | None = argument.strip() or await self.choose(_("Show which?"), choices, current)
        if chosen is None:
            return
        if chosen not in {"", "all", *ExpiryKind}:
            kinds = ", ".join(ExpiryKind)
            raise UsageError(_("“{typed}” is not one of: {allowed}.").format(typed=chosen, allowed=kinds))
        self.kind = ExpiryKind(chosen) if chosen not in ("", "all") else None
        self._title()
        self.show_title()
        self.list_anew()


def left_shown(days: int) -> Shown:
    """How long it is until an end: sign, words, colour."""
    if days < 0:
        text = ngettext("{count} day over", "{count} days over", -days).format(count=-days)
        return Shown("▲", text, "error")
    text = ngettext("{count} day", "{count} days", days).format(count=days) if days else _("today")
    return Shown("◔", text, "warning") if days <= NEAR_DAYS else Shown("○", text, "muted")


def group_text(item: ExpiryRow) -> str:
    """The heading of the group a row opens."""
    if item.days < 0:
        return _("over")
    month = _("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec").split()[item.day.month - 1]
    return f"{month} {item.day.year}"


def _advice(item: ExpiryRow) -> str:
    """What the day asks for."""
    if item.meaning is ExpiryMeaning.NOTICE:
        return _("It goes on by itself unless notice is given by {day}.").format(day=item.day.isoformat())
    if item.meaning is ExpiryMeaning.RENEWS and item.days < 0:
        return _("It has gone on by itself: write down its new end.")
    if item.days < 0 and item.kind in (ExpiryKind.LICENCE, ExpiryKind.CONTRACT):
        return _("It stays here until it is renewed or retired.")
    return ""
