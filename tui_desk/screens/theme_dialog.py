"""Choosing a theme: what the cursor is on is worn at once, Esc puts on again what one came with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.kept_look import keep
from tui_desk.rules import themes
from tui_desk.rules.themes import Theme
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import DeskHost
from tui_desk.screens.looks import theme_of, wear
from tui_desk.screens.narrowing import NarrowingDialog
from tui_desk.theme_files import ThemeFile, about, own_theme, own_themes, unknown
from tui_desk.widgets.columns import fit

_NAME = 16


class ThemeDialog(NarrowingDialog[str]):
    """Answers a name."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss_empty", "")]

    def __init__(self, host: DeskHost, own: dict[str, ThemeFile]) -> None:
        super().__init__()
        self.placeholder = _("Theme: type to narrow")
        self.hint = _("↑ ↓ show it · Enter takes it · Esc leaves all as it was")
        self._host = host
        self._own = own
        self._names = (*themes.FAMILIES, *own, *themes.BUILT_IN)

    def found(self, typed: str) -> tuple[Sequence[str], int]:
        fitting = [
            name for name in self._names if typed.casefold() in f"{name} {self._told(name)}".casefold()
        ]
        wanted = self._host.theme_wanted
        return fitting, fitting.index(wanted) if not typed and wanted in fitting else 0

    def label(self, value: str) -> Content:
        file = self._own.get(value)
        wrong = file is not None and file.theme is None
        return Content.assemble(
            (fit(value, _NAME), "$text-error" if wrong else ""), (f" {self._told(value)}", "$muted")
        )

    def _told(self, name: str) -> str:
        file = self._own.get(name)
        if file is None:
            return about(name)
        return file.path.name if file.theme is not None else file.problems[0]

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        at = self.query_one(OptionList).highlighted
        if at is not None and at < len(self._shown):
            theme = _theme(self._host, self._shown[at], self._own.get(self._shown[at]))
            if theme is not None:
                wear(self._host, theme)


def _theme(host: DeskHost, name: str, file: ThemeFile | None) -> Theme | None:
    """The theme of that name; None for a file with a mistake."""
    return file.theme if file is not None else themes.meant(name, host.is_light)


async def choose(screen: BaseScreen, argument: str) -> None:
    """Choose, wear, keep. Raises UsageError for a name that there is not, or where something else says which."""
    host = screen.host
    source = host.options.theme_from
    if source not in ("default", "chosen", "flag"):
        raise UsageError(
            _("The theme is set elsewhere: {source} says {theme}.").format(
                source=source, theme=host.options.theme
            ),
            _("Take it out there, then it can be chosen here."),
        )
    name: str | None = argument
    if not name:
        name = await screen.app.push_screen_wait(ThemeDialog(host, own_themes()))
        if name is None:
            wear(host, theme_of(host))
            return
    take(host, name)
    screen.say(_("Theme: {name}.").format(name=name), _("It is kept for the next start."), level="done")


def take(host: DeskHost, name: str) -> None:
    """Wear the theme of that name from now on, here and after the next start. Raises UsageError, Unavailable."""
    file = None if themes.known(name) else own_theme(name)
    if file is None and not themes.known(name):
        sentence, hint = unknown(name)
        raise UsageError(sentence, hint)
    if file is not None and file.theme is None:
        wear(host, theme_of(host))
        raise UsageError(file.problems[0], _("The file has to be corrected first."))
    host.theme_wanted, host.own_theme = name, file.theme if file is not None else None
    wear(host, theme_of(host))
    keep(host.options.state_folder, "theme", host.options.login, name)
