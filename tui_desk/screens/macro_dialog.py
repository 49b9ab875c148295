"""``;`` on a ticket: a macro by a few letters, with what it will do and what of it cannot be done; then it is carried out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.content import Content

from tui_desk.contracts.macros import ApplyMacro, ListMacros, MacroDone, MacroPreview, MacroView, PreviewMacro
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import MergedAway, NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.tokens import token_for
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.looking import LookingDialog
from tui_desk.screens.macro_words import steps_text, what_it_does
from tui_desk.widgets.columns import fit

if TYPE_CHECKING:
    from tui_desk.screens.ticket_actions import TicketActions

Lookup = Callable[[int], Awaitable[MacroPreview]]
_NAME_WIDTH = 36


class MacroDialog(LookingDialog[MacroView, MacroPreview]):
    """Macros by a few letters, the most used first."""

    def __init__(self, title: str, macros: tuple[MacroView, ...], lookup: Lookup) -> None:
        super().__init__(lookup)
        self.title_text = title
        self.placeholder = _("type to narrow")
        self.hint = _("Enter does it · Esc leaves the ticket as it is")
        self._macros = macros

    def found(self, typed: str) -> tuple[list[MacroView], int]:
        return fitting(typed, self._macros, lambda one: (one.name,)), 0

    def label(self, value: MacroView) -> Content:
        rest = " · ".join(filter(None, (value.language, value.team, _("mine") if value.own else "")))
        sends = _("sends") if value.send and value.reply else ""
        return line(fit(value.name, _NAME_WIDTH), (f"  {sends:<6}", "$text-warning"), (f"  {rest}", "$muted"))

    def about(self, value: MacroView) -> Content:
        seen = self.seen(value)
        if isinstance(seen, MacroPreview):
            return what_it_does(seen)
        wrong: list[Part] = [(f"! {safe_line(seen, 300)}", "$text-error")] if seen else []
        return line(*steps_text(value.steps), *wrong).rstrip()


async def choose_macro(screen: TicketActions, number: int, name: str, title: str = "") -> MacroView | None:
    """The macro that is meant by ``name``, else the one picked, in the version that was shown for that ticket. Raises NotFound."""
    macros = await screen.ask(ListMacros(number))
    if name.strip():
        found = fitting(name.strip(), macros, lambda one: (one.name,))
        if not found:
            raise NotFound(_("There is no macro “{name}”.").format(name=safe_line(name, 80)))
        return found[0]
    if not macros:
        screen.refuse(_("There are no macros yet."), _("g c, section Macros, writes one."))
        return None

    seen: dict[int, int] = {}

    async def preview(macro_id: int) -> MacroPreview:
        found = await screen.ask(PreviewMacro(number, macro_id))
        seen[macro_id] = found.version
        return found

    title = title or _("Macro for #{number}").format(number=number)
    picked = await screen.app.push_screen_wait(MacroDialog(title, macros, preview))
    return picked and replace(picked, version=seen.get(picked.id, picked.version))


async def apply_macro(screen: TicketActions, name: str) -> None:
    """Choose a macro and carry it out on the ticket of ``screen``; a reply that is to be looked at is opened."""
    number = screen.ticket_number()
    macro = await choose_macro(screen, number, name)
    if macro is None:
        return
    await do_macro(screen, ApplyMacro(number, macro.id, version=macro.version), macro.name)


async def do_macro(screen: TicketActions, request: ApplyMacro, name: str = "") -> None:
    """Carry it out and open a reply that is to be looked at; ``.`` does the same on another ticket, asking the same."""
    number = request.number
    what = (ApplyMacro, number, request.id, request.version)
    with token_for(screen.host.doubtful, what) as token:
        done = await carried_out(screen, replace(request, token=token))
    if done is None:
        return
    screen.host.last_change = request
    if done.draft:
        from tui_desk.screens.compose import ComposeScreen

        named = _("Written by the macro {name}.").format(name=safe_line(name, 60))
        told = named if name else _("Written by the macro.")
        screen.app.push_screen(ComposeScreen(number, DraftKind.REPLY, told=told))


async def carried_out(screen: TicketActions, request: ApplyMacro) -> MacroDone | None:
    """Do it, asking what must be asked: a reason for what is open, a second look at what would leave. None: nothing was done."""
    from tui_desk.screens.compose_parts import ask_guarded
    from tui_desk.screens.undo_actions import taking_back

    try:
        done = await ask_guarded(screen, request, _("Nothing was done."), _("Leave the ticket as it is"))
    except MergedAway as merged:
        from tui_desk.screens.merged_away import lead_there

        await lead_there(screen, merged)
        return None
    if done is not None:
        screen.offer(taking_back(done, screen.host.options.clock()))
        screen.look_at({done.number})
    return done
