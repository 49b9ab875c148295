"""A full screen of the desk: the frame, the questions it can ask, and what can be done on every screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from tui_desk.actions.reading import PROGRAMS
from tui_desk.core.errors import Blocked, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.choices import Choice
from tui_desk.screens.frame import FrameScreen
from tui_desk.terminal.job import has_shell

if TYPE_CHECKING:
    from tui_desk.screens.completion import Value


class BaseScreen(FrameScreen):
    """What every screen derives from."""

    # -- questions ---------------------------------------------------------------------------------------------------
    async def choose(
        self, title: str, choices: Iterable[Choice], current: str = "", new: str = "", changes: bool = True
    ) -> str | None:
        """Let a person pick one value; ``new`` allows one that is not in the list and says so; ``changes``: it replaces what is.

        None: changed their mind.
        """
        from tui_desk.screens.dialogs import ChoiceDialog

        return await self.answer_of(ChoiceDialog(title, tuple(choices), current, new, changes))

    async def confirm(self, question: str, detail: str = "", yes: str = "", dangerous: bool = True) -> bool:
        """Ask before doing it. ``yes`` names the deed; only ``y`` or its button does it."""
        from tui_desk.screens.dialogs import ConfirmDialog

        return await self.answer_of(ConfirmDialog(question, detail, yes, dangerous)) is True

    async def prompt(
        self,
        title: str,
        value: str = "",
        detail: str = "",
        complete: Callable[[str], list[str]] | None = None,
    ) -> str | None:
        """Let a person type one line. ``complete`` answers what Tab may complete to. None: changed their mind."""
        from tui_desk.screens.dialogs import PromptDialog

        return await self.answer_of(PromptDialog(title, value, detail, complete))

    async def reason_despite(self, blocked: Blocked) -> str:
        """Show what holds a ticket up and ask why it goes on all the same. Empty: it does not. Raises ``blocked`` where no reason helps."""
        if not blocked.passable:
            raise blocked
        shown = "\n".join(f"• {sentence}" for sentence in blocked.obstacles[:8])
        if len(blocked.obstacles) > 8:
            shown = f"{shown}\n…"
        reason = await self.prompt(_("Something is open. Why go on all the same?"), detail=shown)
        if not (reason or "").strip():
            self.say(_("Nothing was changed."), _("It needs a reason, or what is open done first."))
        return (reason or "").strip()

    # -- going elsewhere and leaving ---------------------------------------------------------------------------------
    def do_help(self, argument: str) -> None:
        from tui_desk.screens.help import HelpScreen

        self.app.push_screen(
            HelpScreen(
                self.host.actions,
                self.scopes,
                self.facts(),
                self.crumb,
                self.host.preset,
                self.legend(),
                typing=self.is_typing(),
            )
        )

    async def do_palette(self, argument: str) -> None:
        from tui_desk.screens.palette import PaletteScreen

        chosen = await self.app.push_screen_wait(PaletteScreen(self.host.actions, self.scopes, self.facts()))
        if chosen is not None:
            self.perform(chosen)

    def legend(self) -> tuple[tuple[str, str], ...]:
        """(sign, meaning) of what this screen shows beside words; for the page of keys."""
        return ()

    def tickets_here(self) -> tuple[Value, ...]:
        """Tickets in view, for the : line to complete."""
        return ()

    async def do_command(self, argument: str) -> None:
        from tui_desk.actions.typed import find_command
        from tui_desk.screens.command_line import CommandDialog
        from tui_desk.screens.completion import argument_values

        typed: str | None = argument
        if not typed:
            dialog = CommandDialog(
                self.host.actions,
                self.scopes,
                self.facts(),
                lambda sort: argument_values(self, sort),
                self.host.commands,
            )
            typed = await self.app.push_screen_wait(dialog)
        if typed:
            action, rest = find_command(self.host.actions, self.scopes, typed)
            self.perform(action, rest)

    async def do_choose_keys(self, argument: str) -> None:
        from tui_desk.screens.key_map import choose_preset

        await choose_preset(self, argument)

    def do_guide(self, argument: str) -> None:
        """Begin, leave or take up the guided start; ``skip`` goes on without the step, ``again`` begins anew."""
        from tui_desk.screens.guide import use_guide

        use_guide(self, argument.strip())

    async def do_theme(self, argument: str) -> None:
        from tui_desk.screens.theme_dialog import choose

        await choose(self, argument.strip())

    def ticket_shown(self) -> int | None:
        """The ticket that this screen is about, for the list it is left for."""
        return None

    def came_back(self, number: int) -> None:
        """The screen of a ticket was left for this one."""

    def went_on_to(self, number: int) -> None:
        """The ticket above this screen gave way to another one that this screen did not bring."""

    def stands_on(self) -> int | None:
        """The ticket under the cursor, where this screen is a list of tickets."""
        return None

    def do_back(self, argument: str) -> None:
        self.app.pop_screen()

    def do_quit(self, argument: str) -> Awaitable[None] | None:
        self.app.exit()
        return None

    def do_suspend(self, argument: str) -> None:
        if not self.host.options.programs:  # a shell is one
            raise Refused(_(PROGRAMS.reason))
        if not has_shell():
            raise Refused(_("There is no shell to go to: tui-desk was not started from one."))
        self.app.action_suspend_process()

    def do_refresh(self, argument: str) -> None:
        self.reload()

    def do_own_settings(self, argument: str) -> None:
        from tui_desk.screens.own_settings_form import OwnSettingsScreen

        self.app.push_screen(OwnSettingsScreen())

    def do_go_queue(self, argument: str) -> None:
        self.host.go_to("queue")

    def do_go_assets(self, argument: str) -> None:
        self.host.go_to("assets")

    def do_go_suspended(self, argument: str) -> None:
        self.host.go_to("suspended")

    def do_go_outbox(self, argument: str) -> None:
        self.host.go_to("outbox")

    def do_go_settings(self, argument: str) -> None:
        self.host.go_to("settings")

    def do_go_people(self, argument: str) -> None:
        self.host.go_to("people")

    def do_go_history(self, argument: str) -> None:
        self.host.go_to("history")

    def do_go_agents(self, argument: str) -> None:
        self.host.go_to("agents")

    def do_go_approvals(self, argument: str) -> None:
        self.host.go_to("approvals")

    def do_go_purchases(self, argument: str) -> None:
        self.host.go_to("purchases")

    def do_go_licences(self, argument: str) -> None:
        self.host.go_to("licences")

    def do_go_organizations(self, argument: str) -> None:
        self.host.go_to("organizations")

    def do_go_notifications(self, argument: str) -> None:
        self.host.go_to("notifications")

    def do_go_canned(self, argument: str) -> None:
        self.host.go_to("canned")

    def do_go_tasks(self, argument: str) -> None:
        self.host.go_to("tasks")

    def do_go_sheet(self, argument: str) -> None:
        self.host.go_to("sheet")

    def do_go_expiry(self, argument: str) -> None:
        self.host.go_to("expiry")

    async def do_go_ticket(self, argument: str) -> None:
        number = await self.number_asked_for(argument)
        if number is not None:
            self.host.open_ticket_asked_for(number)

    async def number_asked_for(self, argument: str) -> int | None:
        """The ticket's number that was typed, or is typed now; None: changed their mind. Raises UsageError."""
        typed = argument or await self.prompt(_("Open ticket number"))
        if not typed:
            return None
        digits = typed.strip().lstrip("#")
        if not digits.isdecimal():
            raise UsageError(_("“{typed}” is not a ticket number.").format(typed=typed))
        return int(digits)
