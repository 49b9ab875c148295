"""An agent's own settings: what follows the work on a ticket. The form is ``own_settings_form``."""

from __future__ import annotations

from tui_desk.core.enums import AfterWork
from tui_desk.screens.base import BaseScreen


async def after_work(screen: BaseScreen) -> AfterWork:
    """What the agent at this terminal wants when a ticket was resolved or put off. Raises DeskError."""
    from tui_desk.contracts.own_settings import ShowOwnSettings  # the start asks for none of this

    return (await screen.ask(ShowOwnSettings())).after
