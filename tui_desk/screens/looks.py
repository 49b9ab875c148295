"""How the application looks: design tokens become the variables that styles are written with, and a theme is worn."""

from __future__ import annotations

import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.color import ColorSystem
from textual.filter import Monochrome, NoColor
from textual.theme import BUILTIN_THEMES
from textual.theme import Theme as Worn

from tui_desk.core.errors import DeskError
from tui_desk.core.kept_look import keep, terminal_name, was_light
from tui_desk.rules import themes
from tui_desk.rules.themes import Theme

if TYPE_CHECKING:
    from tui_desk.screens.host import DeskHost

_VARIABLES = {
    "boost": "raised",
    "muted": "muted",
    "faint": "faint",
    "note": "note",
    "note-background": "note_ground",
    "text-muted": "muted",
    "text-disabled": "faint",
    "foreground-muted": "muted",
    "text-primary": "primary",
    "text-secondary": "secondary",
    "text-accent": "accent",
    "text-success": "success",
    "text-warning": "warning",
    "text-error": "error",
    "panel-lighten-2": "line",
    "primary-muted": "blurred",
    "warning-muted": "note_ground",
    "block-cursor-background": "cursor",
    "block-cursor-foreground": "cursor_text",
    "block-cursor-blurred-background": "blurred",
    "block-cursor-blurred-foreground": "text",
    "block-hover-background": "raised",
    "surface-active": "raised",
    "input-cursor-background": "text",
    "input-cursor-foreground": "background",
    "input-selection-background": "selected",
    "input-selection-foreground": "text",
    "screen-selection-background": "selected",
    "screen-selection-foreground": "text",
    "border": "primary",
    "border-blurred": "line",
    "scrollbar": "line",
    "scrollbar-hover": "muted",
    "scrollbar-active": "primary",
    "scrollbar-background": "background",
    "scrollbar-background-hover": "background",
    "scrollbar-background-active": "background",
    "scrollbar-corner-color": "background",
}
"""Textual's variables and ours, and the token that each is."""
_INKS = (
    "muted",
    "faint",
    "note",
    "note-background",
    *(name for name in _VARIABLES if name.startswith("text-")),
)
"""Of a theme of 16 colours; what else there is, its styles say themselves (``:ansi``)."""
_SIXTEEN = "standard"
_MORE = ("alacritty", "contour", "foot", "rio", "wezterm", "xterm-ghostty")
"""Terminals that have more colours than their name says; ``COLORTERM``, which would say so, does not come along over SSH."""


def worn_name(theme: Theme) -> str:
    """What Textual calls it; it has themes of its own."""
    return f"desk-{theme.name}"


def worn(theme: Theme) -> Worn:
    """The theme as Textual wears it."""
    colors = theme.colors
    if theme.ansi:
        terminal = BUILTIN_THEMES["ansi-dark" if theme.dark else "ansi-light"]
        variables = {**terminal.variables, **{name: colors[_VARIABLES[name]] for name in _INKS}}
    else:
        terminal = BUILTIN_THEMES["textual-dark"]
        variables = {name: colors[token] for name, token in _VARIABLES.items()}
    return replace(
        terminal,
        name=worn_name(theme),
        primary=colors["primary"],
        secondary=colors["secondary"],
        accent=colors["accent"],
        foreground=colors["text"],
        background=colors["background"],
        surface=colors["surface"],
        panel=colors["panel"],
        boost=colors["raised"],
        success=colors["success"],
        warning=colors["warning"],
        error=colors["error"],
        dark=theme.dark,
        variables=variables,
    )


def defaults() -> dict[str, str]:
    """Our own variables, for themes that are not ours."""
    colors = themes.BUILT_IN["dark"].colors
    return {name: colors[_VARIABLES[name]] for name in ("muted", "faint", "note", "note-background")}


def theme_of(host: DeskHost) -> Theme:
    """The theme that is wanted on this terminal, as far as its background is known."""
    return host.own_theme or themes.meant(host.theme_wanted, host.is_light)


def as_shown(host: DeskHost, theme: Theme) -> Theme:
    """What of it this terminal can show: nothing with ``NO_COLOR``, its own colours where it has 16."""
    if os.environ.get("NO_COLOR"):
        return themes.BUILT_IN[themes.COLOURLESS]
    return themes.of_sixteen(theme) if host.console.color_system == _SIXTEEN else theme


def count_colours(host: DeskHost) -> None:
    """Believe what is known of the terminal, where its name promises less."""
    if host.console.color_system == _SIXTEEN and os.environ.get("TERM", "").startswith(_MORE):
        host.console._color_system = ColorSystem.EIGHT_BIT


def wear(host: DeskHost, theme: Theme) -> None:
    """Show everything in it from now on."""
    shown = as_shown(host, theme)
    if host.theme == worn_name(shown) and not shown.source:
        return
    host.register_theme(worn(shown))
    only_light(host, shown)
    if host.theme == worn_name(shown):  # its file was changed meanwhile
        host.theme = worn_name(themes.BUILT_IN["dark"])
    host.theme = worn_name(shown)


def only_light(host: DeskHost, theme: Theme) -> None:
    """Take every colour away where a theme has none: Textual's own answer to ``NO_COLOR`` are greys."""
    kept = [one for one in host._filters if not isinstance(one, (Monochrome, NoColor))]
    host._filters = [*kept, NoColor()] if theme.name == themes.COLOURLESS else kept


def background_told(host: DeskHost, light: bool, now: bool) -> None:
    """Remember whether this sort of terminal is light, and where it counts ``now`` go by it."""
    if light != was_light(host.options.state_folder, os.environ):
        with contextlib.suppress(DeskError):  # then the next start begins as this one did
            keep(
                host.options.state_folder,
                "background",
                terminal_name(os.environ),
                "light" if light else "dark",
            )
    if now and light != host.is_light:
        host.is_light = light
        wear(host, theme_of(host))
