"""Pick an asset: type a part of its tag, name, serial or owner; Enter takes the one under the cursor.

``asset = await self.app.push_screen_wait(AssetPicker(self.ask))`` from any screen; None when the person changed their mind.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.contracts.desk import AssetView, ListAssets
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import desk_words
from tui_desk.screens.dialogs import Dialog
from tui_desk.screens.fields import Field

_SHOWN = 30
_AFTER = 0.12


class AssetPicker(Dialog[AssetView | None]):
    """Searches as one types; what was typed stays when the search fails."""

    def __init__(
        self,
        ask: Callable[[ListAssets], Awaitable[tuple[AssetView, ...]]],
        title: str = "",
        query: str = "",
        without: frozenset[int] = frozenset(),
    ) -> None:
        """``query`` is typed already; assets of ``without`` (linked ones) are not offered."""
        super().__init__()
        self._ask, self._title, self._typed, self._without = ask, title or _("Which asset?"), query, without
        self._found: tuple[AssetView, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield Field(self._typed, placeholder=_("tag, name, serial, owner, type or location"), id="typed")
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static(
                _("Enter takes it · Esc leaves"), classes="dialog-hint", id="picker-hint", markup=False
            )

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._search()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._search()

    def _search(self) -> None:
        self.run_worker(self._read(), group="search", exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        hint = self.query_one("#picker-hint", Static)
        try:
            found = await self._ask(ListAssets(self.query_one(Input).value.strip(), limit=_SHOWN))
        except DeskError as error:
            hint.update(Content(safe_line(str(error), 300)))
            return
        self._found = tuple(asset for asset in found if asset.id not in self._without)
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options([Option(_label(asset)) for asset in self._found])
        if self._found:
            options.highlighted = 0
            hint.update(Content(_("Enter takes it · Esc leaves")))
        else:
            hint.update(Content(_("No asset has these words. In the assets (g a), N writes one down.")))

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        if event.key in ("down", "ctrl+n"):
            event.stop()
            options.action_cursor_down()
        elif event.key in ("up", "ctrl+p"):
            event.stop()
            options.action_cursor_up()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._take(self.query_one(OptionList).highlighted)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(event.option_index)

    def _take(self, index: int | None) -> None:
        if index is not None and 0 <= index < len(self._found):
            self.dismiss(self._found[index])


def _label(asset: AssetView) -> Content:
    state = desk_words.asset_state(asset.state)
    return Content.assemble(
        (f"{safe_line(asset.tag, 24):<12} ", "bold"),
        f"{safe_line(asset.name, 80)}  ",
        (f"{state.text}  ", state.colour),
        (safe_line(asset.owner, 60), "$muted"),
    )
