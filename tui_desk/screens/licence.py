"""One licence: everything known about it, and who has its seats. Its key is shown for a moment, when somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.licences import LICENCE
from tui_desk.contracts.licences import (
    LicenceView,
    ReleaseSeat,
    SeatView,
    ShowLicence,
    ShowLicenceKey,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import licence_words
from tui_desk.screens.licence_actions import LicenceActions
from tui_desk.screens.licence_sections import licence_sections
from tui_desk.screens.record import RecordScreen
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow
from tui_desk.widgets.virtual_table import VirtualTable


class LicenceScreen(RecordScreen, LicenceActions):
    """A licence by its id."""

    scopes = (LICENCE, DETAILS, LIST, GLOBAL)

    def __init__(self, licence_id: int) -> None:
        super().__init__(f"licence:{licence_id}")
        self.licence_id = licence_id
        self.crumb = _("Licence")
        self._licence: LicenceView | None = None

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("holder", _("Who"), 20, flex=1),
            Column("kind", _("Kind"), 7, priority=1),
            Column("since", _("Since"), 10),
        )

    def rows_title(self) -> str:
        return _("Seats in use")

    def empty_text(self) -> str:
        return _("Nobody has a seat yet. a assigns one.")

    async def read(self) -> Sequence[TableRow]:
        licence = await self.ask(ShowLicence(self.licence_id))
        more = await licence_sections(self.ask, licence, self.today())
        self._licence = licence
        self.crumb = f"{_('Licences')} › {licence.name}"
        self.show_record(licence_words.describe_licence(licence, self.today()), more)
        return [
            TableRow(
                seat.id,
                (
                    seat.holder,
                    Cell(licence_words.holder_sign(seat), "muted"),
                    Cell(seat.assigned_at.astimezone().date().isoformat(), "muted"),
                ),
                anchor=seat.id,
            )
            for seat in licence.holders
        ]

    # -- what actions are about --------------------------------------------------------------------------------------
    def facts(self) -> frozenset[str]:
        found = {"selected"} if self._licence is not None else set()
        if self._licence is not None and self._licence.has_key:
            found.add("licence_key")
        if self._seat() is not None:
            found.add("seat")
        return super().facts() | found

    def _seat(self) -> SeatView | None:
        """The seat under the cursor."""
        if self._licence is None:
            return None
        key = self.table().current_key
        return next((seat for seat in self._licence.holders if seat.id == key), None)

    def licence(self) -> LicenceView:
        if self._licence is None:
            raise UsageError(_("The licence has not been read yet."))
        return self._licence

    def on_virtual_table_row_selected(self, message: VirtualTable.RowSelected) -> None:
        seat = self._seat()
        if seat is not None and seat.asset_id is not None:
            self.host.open_asset(seat.asset_id)
        elif seat is not None and seat.person_id is not None:
            from tui_desk.screens.person import PersonScreen

            self.app.push_screen(PersonScreen(seat.person_id))

    # -- actions -----------------------------------------------------------------------------------------------------
    async def do_release_seat(self, argument: str) -> None:
        seat = self._seat()
        if seat is None:
            raise UsageError(_("Nothing is selected."))
        after = await self.ask(ReleaseSeat(seat.id))
        told = _("The seat of {holder} is free again. In use: {use}.")
        self.say(
            told.format(holder=seat.holder, use=licence_words.use(after).word),
            _("H shows it, and takes it back."),
            "done",
        )
        self.gone()

    async def do_licence_key(self, argument: str) -> None:
        from tui_desk.screens.key_dialog import KeyDialog

        licence = self.licence()
        question = _("Show the key of {name}?").format(name=licence.name)
        detail = _("The history keeps that you looked at it.")
        if not await self.confirm(question, detail, _("Show it"), dangerous=False):
            return
        shown = await self.ask(ShowLicenceKey(licence.id))
        if await self.answer_of(KeyDialog(shown)):
            self.say(_("The key is on the clipboard."), level="done")
