"""What screens around one table share: the movement keys of the registry, and the cursor's row."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, cast

from textual import events
from textual._context import active_message_pump

from tui_desk.actions.common import LIST
from tui_desk.actions.registry import Action
from tui_desk.core.errors import DeskError, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.values import dataclass
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import DeskHost
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Direction, RowSource, RowWindow
from tui_desk.widgets.virtual_table import VirtualTable


@dataclass(frozen=True, slots=True)
class GuardedSource:
    """A source whose defects are told in the list instead of ending the application."""

    source: RowSource
    told: Callable[[Exception], DeskError]

    async def window(self, anchor: Any | None, direction: Direction, limit: int) -> RowWindow:
        """As the source answers. Raises DeskError, nothing else."""
        try:
            return await self.source.window(anchor, direction, limit)
        except DeskError:
            raise
        except Exception as error:
            # What a table asks for runs beside the action dispatcher: this is that border for lists.
            raise self.told(error) from error


class ScreenTable(VirtualTable):
    """The table as a screen uses it: key sequences such as ``g g`` are the screen's, so that ``g q`` works too."""

    leaves_keys = True
    """Every key goes to the screen at once (:mod:`tui_desk.screens.type_ahead` follows it there)."""

    def __init__(
        self,
        columns: Sequence[Column],
        source: RowSource,
        *,
        initial: RowWindow | None = None,
        empty_text: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(columns, self._guarded(source), initial=initial, empty_text=empty_text, id=id)

    def show_source(self, source: RowSource, *, initial: RowWindow | None = None) -> None:
        """Show another list from its top; see VirtualTable."""
        super().show_source(self._guarded(source), initial=initial)

    def _guarded(self, source: RowSource) -> GuardedSource:
        return GuardedSource(source, self._defect)

    def _defect(self, error: Exception) -> DeskError:
        path = cast("DeskHost", self.app).log_unexpected("Reading a list", error)
        return Unavailable(
            _("The list could not be read because of a defect in tui-desk ({kind}).").format(
                kind=type(error).__name__
            ),
            _("What was saved is kept. Where it happened is noted in {path}.").format(path=path),
        )

    def _tell(self, message: VirtualTable.RowHighlighted) -> None:
        screen = self.screen
        hand_out: Callable[[VirtualTable.RowHighlighted], None] | None = getattr(screen, "hand_out", None)
        if (
            hand_out is not None
            and type(message) is VirtualTable.RowHighlighted
            and active_message_pump.get(None) is screen  # it was the screen that moved the cursor
        ):
            hand_out(message)
        else:
            screen.post_message(message)

    def _forward_event(self, event: events.Event) -> None:
        """Leave every key to the screen: at once, not from container to container."""
        if isinstance(event, events.Key):
            event._set_forwarded()
            self.screen.post_message(event)
        else:
            super()._forward_event(event)


class ListScreen(BaseScreen):
    """A screen whose middle is one table (the first of its kind, or :meth:`table` says which)."""

    _table: ScreenTable | None = None
    """Looked up once: every key asks for it several times."""

    def table(self) -> VirtualTable:
        """The table that the movement keys move."""
        known = self._table
        if known is None or not known.is_attached:
            known = self._table = self.query_one(ScreenTable)
        return known

    def is_unread(self) -> bool:
        return self.table().is_unread

    def is_reading(self) -> bool:
        return self.table().is_reading

    def is_renewing(self) -> bool:
        return super().is_renewing() or self.table().is_renewing

    def waits(self, action: Action) -> bool:
        """Moving waits as well: a key typed behind it means the row it leads to."""
        return super().waits(action) or (LIST in action.scopes and self.is_unread())

    def on_virtual_table_rows_refreshed(self, message: VirtualTable.RowsRefreshed) -> None:
        self.trouble_over()
        self.reading_ended()

    def on_virtual_table_load_failed(self, message: VirtualTable.LoadFailed) -> None:
        self.trouble(message.error)
        self.reading_ended()

    def step(self, delta: int) -> Hashable | None:
        """Move the cursor so many lines; the key it stands on then, None where the list ends."""
        table = self.table()
        before = table.current_key
        table.action_move(delta)
        return table.current_key if table.current_key != before else None

    def neighbour(self, delta: int) -> int | None:
        """The ticket so many lines further, in a list whose keys are ticket numbers; the cursor goes along."""
        return cast("int | None", self.step(delta))

    def do_down(self, argument: str) -> None:
        self.table().action_move(1)

    def do_up(self, argument: str) -> None:
        self.table().action_move(-1)

    def do_half_down(self, argument: str) -> None:
        self.table().action_page(0.5)

    def do_half_up(self, argument: str) -> None:
        self.table().action_page(-0.5)

    def do_page_down(self, argument: str) -> None:
        self.table().action_page(1)

    def do_page_up(self, argument: str) -> None:
        self.table().action_page(-1)

    def do_first(self, argument: str) -> None:
        self.table().action_first()

    def do_last(self, argument: str) -> None:
        self.table().action_last()

    def do_open(self, argument: str) -> None:
        self.table().action_select()
