"""``tui-desk theme``: how the interface looks, and whether a theme of one's own can be read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tui_desk.cli.base import DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import tell
from tui_desk.core.errors import ConfigurationError, NotFound
from tui_desk.core.i18n import _
from tui_desk.core.kept_look import keep
from tui_desk.rules import themes
from tui_desk.theme_files import about, as_file, faint_pairs, own_theme, own_themes, read_theme, unknown


@click.group(cls=DeskGroup, help=_("How the interface looks: list, choose, check a theme of your own."))
def theme() -> None:
    """The noun."""


@theme.command("list", help=_("List the themes: those of tui-desk, and your own in the folder themes."))
@pass_invocation
def list_themes(run: Invocation) -> None:
    """Print names, what they are for, and which one is used."""
    used = run.settings.theme.value
    found = list(_rows())
    run.answer(
        [
            {"name": name, "about": told, "file": path, "used": name == used, "problems": list(problems)}
            for name, told, path, problems in found
        ],
        lambda: "\n".join(
            f"{'*' if name == used else ' '} {name:<16} {'; '.join(problems) or told}"
            for name, told, _path, problems in found
        ),
    )


def _rows() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    for name in (*themes.FAMILIES, *themes.BUILT_IN):
        yield name, about(name), "", ()
    for name, file in own_themes().items():
        yield name, str(file.path), str(file.path), file.problems


@theme.command(
    "show",
    help=_("Print a theme as a file, to begin your own with."),
    epilog=examples("tui-desk theme show light > ~/.config/tui-desk/themes/mine.toml"),
)
@click.argument("name")
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print it."""
    if themes.known(name):
        shown = themes.meant(name, light=False)
    else:
        file = own_theme(name)
        if file is None:
            raise NotFound(*unknown(name))
        if file.theme is None:
            raise ConfigurationError(" ".join(file.problems))
        shown = file.theme
    if shown.ansi:
        raise ConfigurationError(_("{name} has the colours of the terminal itself.").format(name=shown.name))
    run.answer({"name": shown.name, "colors": dict(shown.colors)}, lambda: as_file(shown))


@theme.command("use", help=_("Choose the theme that you see on this machine."))
@click.argument("name")
@pass_invocation
def use(run: Invocation, name: str) -> None:
    """Keep the choice."""
    settings = run.settings
    if settings.theme.source not in ("chosen", "default"):
        raise ConfigurationError(
            _("The theme is set elsewhere: {source} says {theme}.").format(
                source=settings.theme.source, theme=settings.theme.value
            ),
            _("Take it out there, then it can be chosen here."),
        )
    file = None if themes.known(name) else own_theme(name)
    if file is None and not themes.known(name):
        raise NotFound(*unknown(name))
    if file is not None and file.theme is None:
        raise ConfigurationError(" ".join(file.problems))
    keep(settings.state_folder, "theme", settings.agent.value, name)
    run.answer({"theme": name}, lambda: _("Theme: {name}.").format(name=name))


@theme.command(
    "check",
    help=_("Say what is wrong with a theme in FILE, or hard to read in it; 1 where anything is."),
    epilog=examples("tui-desk theme check ~/.config/tui-desk/themes/mine.toml"),
)
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@pass_invocation
def check(run: Invocation, path: Path) -> None:
    """Print each problem with its line, and each pair of colours below the contrast that is needed."""
    file = read_theme(path)
    faint = faint_pairs(file.theme) if file.theme is not None else ()
    run.answer(
        {"file": str(path), "problems": list(file.problems), "hard_to_read": list(faint)},
        lambda: (
            "\n".join([*file.problems, *faint])
            or _("{path}: everything in it can be read.").format(path=path)
        ),
    )
    if file.problems:
        tell(_("The interface does not use it until it is corrected."))
    if file.problems or faint:
        raise click.exceptions.Exit(1)
