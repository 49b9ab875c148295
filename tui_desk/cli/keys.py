"""``tui-desk keys``: the key map of this terminal, which preset it goes by, and what is wrong with a person's own keys."""

from __future__ import annotations

import click

from tui_desk.actions.catalogue import registry
from tui_desk.actions.keys import key_label
from tui_desk.actions.own_keys import sentence
from tui_desk.actions.presets import ABOUT, NAMES
from tui_desk.cli.base import DeskGroup, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import tell
from tui_desk.core.chosen_preset import keep_preset
from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.settings import Settings


@click.group(
    cls=DeskGroup, help=_("The key map of this terminal: show, choose a preset, check your own keys.")
)
def keys() -> None:
    """The noun."""


def problems(settings: Settings) -> tuple[str, ...]:
    """What is wrong with the settings files and the keys in them, each with file and line."""
    lines = dict(settings.key_lines)
    wrong = registry(settings.keys, settings.preset.value).wrong
    at = _("{path}, line {line}: {cause}.")
    return (
        *settings.problems,
        *(
            at.format(path=settings.keys_file, line=lines.get(one.name, 1), cause=sentence(one))
            for one in wrong
        ),
    )


@keys.command("show", help=_("Show every action with its keys, as this terminal has them."))
@click.option("--preset", type=click.Choice(NAMES), help=_("As this preset has them, without your own."))
@pass_invocation
def show(run: Invocation, preset: str | None) -> None:
    """Print the map."""
    settings = run.settings
    found = registry(None, preset) if preset else registry(settings.keys, settings.preset.value)
    rows = [
        {
            "id": action.id,
            "scopes": list(action.scopes),
            "keys": list(found.keys_of(action)),
            "title": action.shown_title,
        }
        for action in found
    ]

    def lines() -> str:
        shown = (
            (
                " ".join(key_label(key) for key in found.keys_of(action)),
                action.id,
                action.scopes[0],
                action.shown_title,
            )
            for action in found
        )
        return "\n".join(f"{key:<22} {name:<24} {scope:<18} {title}" for key, name, scope, title in shown)

    run.answer({"preset": preset or settings.preset.value, "actions": rows}, lines)


@keys.command("use", help=_("Choose the preset that this account goes by on this machine."))
@click.argument("preset", type=click.Choice(NAMES))
@pass_invocation
def use(run: Invocation, preset: str) -> None:
    """Keep the choice."""
    settings = run.settings
    if settings.preset.source not in ("chosen", "default"):
        raise ConfigurationError(
            _("The key map is set elsewhere: {source} says {preset}.").format(
                source=settings.preset.source, preset=settings.preset.value
            ),
            _("Take it out there, then it can be chosen here."),
        )
    keep_preset(settings.state_folder, preset)
    run.answer({"preset": preset}, lambda: f"{preset}: {_(ABOUT[preset])}")


@keys.command(
    "check", help=_("Say what is wrong with the settings files and the keys in them; 1 where anything is.")
)
@pass_invocation
def check(run: Invocation) -> None:
    """Print each problem with its file and line."""
    settings = run.settings
    found = problems(settings)
    run.answer(
        {"preset": settings.preset.value, "problems": list(found)},
        lambda: (
            "\n".join(found)
            or _("All keys are as they were meant. Preset: {name}.").format(name=settings.preset.value)
        ),
    )
    if found:
        tell(_("The default stands in for each of these."))
        raise click.exceptions.Exit(1)
