"""The key map on the screen: what is wrong with a person's settings, and choosing a preset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.choices import Choice

if TYPE_CHECKING:
    from tui_desk.screens.base import BaseScreen
    from tui_desk.screens.details import Fact
    from tui_desk.screens.host import DeskHost

_TOLD = 2
"""So many problems are told by sentence; of more, how many there are."""


def troubles(host: DeskHost) -> tuple[str, ...]:
    """What is wrong with the settings of this terminal, each with file and line; the default stands in for it."""
    if not (host.options.problems or host.actions.wrong):
        return ()
    from tui_desk.actions.own_keys import sentence

    lines = host.options.key_lines
    return (
        *host.options.problems,
        *(
            _("{path}, line {line}: {cause}.").format(
                path=host.options.keys_file, line=lines.get(one.name, 1), cause=sentence(one)
            )
            for one in host.actions.wrong
        ),
    )


def tell_troubles(screen: BaseScreen) -> None:
    """Say it once, at the start; all of it is on Settings → Desk and in ``tui-desk keys check``."""
    found = troubles(screen.host)
    if found:
        told = " ".join(found[:_TOLD])
        more = _("{count} more.").format(count=len(found) - _TOLD) if len(found) > _TOLD else ""
        screen.say(told, f"{more} {_('The default stands in: tui-desk keys check.')}".strip(), "warning")


def key_facts(host: DeskHost) -> tuple[Fact, ...]:
    """Which map one goes by, who said so, and what is wrong with one's own keys."""
    from tui_desk.screens.details import Fact

    options = host.options
    source = "" if options.preset_from in ("default", "chosen") else f"  ({options.preset_from})"
    own = ngettext("{count} key of your own", "{count} keys of your own", len(options.keys))
    facts = [Fact(_("Your key map"), f"{host.preset}{source}")]
    if options.keys:
        facts.append(Fact("", f"{own.format(count=len(options.keys))}  ({options.keys_file})"))
    facts += [Fact("", f"! {problem}") for problem in troubles(host)]
    return tuple(facts)


async def choose_preset(screen: BaseScreen, argument: str) -> None:
    """Let a person choose, use it from now on, and keep it for the next start. Raises UsageError."""
    from tui_desk.actions.presets import ABOUT, NAMES
    from tui_desk.core.chosen_preset import keep_preset

    host = screen.host
    source = host.options.preset_from
    if source.endswith(".toml") or source.startswith("TUI_DESK"):
        raise UsageError(
            _("The key map is set elsewhere: {source} says {preset}.").format(
                source=source, preset=host.preset
            ),
            _("Take it out there, then it can be chosen here."),
        )
    choices = [Choice(name, name, detail=_(ABOUT[name])) for name in NAMES]
    chosen: str | None = argument.strip() or await screen.choose(_("Key map"), choices, host.preset)
    if chosen is None:
        return
    if chosen not in NAMES:
        raise UsageError(
            _("There is no preset “{name}”, only {names}.").format(name=chosen, names=", ".join(NAMES))
        )
    keep_preset(host.options.state_folder, chosen)
    host.use_preset(chosen)
    screen.say(_("Keys: {preset}.").format(preset=chosen), _("? shows them."), level="done")
