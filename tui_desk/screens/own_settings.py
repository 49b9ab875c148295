"""An agent's own settings as they hold at this terminal: those of the desk, and above them what its settings file says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_desk.core.enums import AfterWork
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import DeskHost

if TYPE_CHECKING:
    from tui_desk.contracts.own_settings import OwnSettings


async def own_settings(host: DeskHost) -> OwnSettings:
    """What holds now. Raises DeskError."""
    from tui_desk.contracts.own_settings import ShowOwnSettings  # the start asks for none of this
    from tui_desk.rules.own_settings import read_own

    own = await host.gateway.ask(ShowOwnSettings())
    above: dict[str, Any] = {name: read_own(name, text) for name, text in host.options.own.items()}
    return replace(own, **above)


async def after_work(screen: BaseScreen) -> AfterWork:
    """What the agent at this terminal wants when a ticket was resolved or put off. Raises DeskError."""
    return (await own_settings(screen.host)).after
