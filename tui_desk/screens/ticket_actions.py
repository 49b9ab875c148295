"""What can be done with a ticket from the queue and from its own screen alike.

The contracts are imported where they are used: the queue is the first screen, and two hundred dataclasses cost 50 ms.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from tui_desk.contracts.gateway import Change, Request
from tui_desk.core.enums import DraftKind, Priority, TicketStatus
from tui_desk.core.errors import Blocked, MergedAway
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.acting import DOING
from tui_desk.screens.choices import Choice, value_meant
from tui_desk.screens.undo_actions import UndoActions, taking_back

if TYPE_CHECKING:
    from tui_desk.contracts.tickets import FieldChanged


class TicketActions(UndoActions):
    """The ``do_…`` methods of actions in both ticket scopes. A screen says which ticket is meant."""

    @abstractmethod
    def ticket_number(self) -> int:
        """The ticket an action applies to. Only called where the fact "ticket" holds."""

    @abstractmethod
    def field_now(self, field: str) -> str:
        """The present value of status, priority, category, team or assignee (its name), for the list's mark."""

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"repeatable"} if self.host.last_change is not None else set())

    async def change(self, request: Request[FieldChanged]) -> None:
        """Carry out a change and tell it, with the way back. Of a merged ticket one is led to the one that took it over.

        What an action did that says it is repeatable, ``.`` does again on another ticket.
        """
        try:
            done = await self.ask(request)
        except MergedAway as merged:
            from tui_desk.screens.merged_away import lead_there

            await lead_there(self, merged)
            return
        doing = DOING.get()
        if doing is not None and doing.repeatable:
            self.host.last_change = request
        if done.event_ids:
            self.offer(taking_back(done, self.host.options.clock()))
        else:
            self.say_unchanged(done.sentence)
        self.look_at({done.number})

    def look_at(self, numbers: set[int]) -> None:
        """Read again what a change of these tickets touches."""
        if self.concerns(Change(frozenset(numbers))):
            self.reload()

    def seen_message(self) -> int | None:
        """The newest message of the ticket that is on this screen; None where none is."""
        return None

    async def do_repeat(self, argument: str) -> None:
        """The last change again. A reason that was given for the other ticket is not given for this one."""
        from tui_desk.contracts.macros import ApplyMacro
        from tui_desk.screens.macro_dialog import do_macro

        if self.host.last_change is None:
            return
        again = on_ticket(self.host.last_change, self.ticket_number())
        if isinstance(again, ApplyMacro):
            await do_macro(self, again)
        else:
            await self.change(again)

    # -- fields ------------------------------------------------------------------------------------------------------
    async def do_take(self, argument: str) -> None:
        from tui_desk.contracts.tickets import TakeTicket

        await self.change(TakeTicket(self.ticket_number()))

    async def do_status(self, argument: str) -> None:
        from tui_desk.contracts.tickets import SetFields

        number = self.ticket_number()
        shown = {value: words.status(value) for value in TicketStatus}
        choices = [Choice(v.value, s.word, s.sign, s.colour) for v, s in shown.items()]
        value = argument or await self.choose(
            _("Status of #{number}").format(number=number), choices, self.field_now("status")
        )
        if value is not None:
            status = value_meant(TicketStatus, value, lambda v: words.status(v).word)
            try:
                await self.change(SetFields(number, status=status))
                await self.after_status(number, status)
            except Blocked as blocked:
                if blocked.lacks and len(blocked.lacks) == len(blocked.obstacles):
                    await self.fill_in(blocked, status)
                    return
                reason = await self.reason_despite(blocked)
                if reason:
                    await self.change(SetFields(number, status=status, despite=reason))
                    await self.after_status(number, status)

    async def fill_in(self, blocked: Blocked, status: TicketStatus) -> None:
        """Lead to the fields that must have a value first; when they are saved, the status is set with them."""
        from tui_desk.screens.ticket_fields import edit_fields

        await edit_fields(self, self.ticket_number(), blocked.lacks, status)

    async def do_timer(self, argument: str) -> None:
        from tui_desk.screens.timer_actions import toggle

        done = await toggle(self, self.ticket_number(), self.timer_task())
        if done is None:
            return
        if done.event_ids:
            self.offer(taking_back(done, self.host.options.clock()))
        else:
            self.say_unchanged(done.sentence)
        self.look_at({done.number})

    def timer_task(self) -> int | None:
        """The task that the clock is meant to run on; None: the ticket as a whole."""
        return None

    async def do_priority(self, argument: str) -> None:
        from tui_desk.contracts.tickets import SetFields

        number = self.ticket_number()
        shown = {value: words.priority(value) for value in reversed(Priority)}
        choices = [Choice(v.value, s.word, s.sign, s.colour) for v, s in shown.items()]
        title = _("Priority of #{number}").format(number=number)
        value = argument or await self.choose(title, choices, self.field_now("priority"))
        if value is not None:
            priority = value_meant(Priority, value, lambda v: words.priority(v).word)
            await self.change(SetFields(number, priority=priority))

    async def do_assign(self, argument: str) -> None:
        from tui_desk.contracts.desk import ListAgents
        from tui_desk.contracts.tickets import SetFields

        number = self.ticket_number()
        value: str | None = argument
        if not argument:
            agents = await self.ask(ListAgents())
            now = self.field_now("assignee")
            current = next((agent.login for agent in agents if now in (agent.name, agent.login)), "")
            choices = [
                Choice(agent.login, agent.name or agent.login, detail=", ".join(agent.teams))
                for agent in agents
            ]
            choices.append(Choice("", _("nobody")))
            value = await self.choose(_("Assign #{number} to").format(number=number), choices, current)
        if value is not None:
            await self.change(SetFields(number, assignee=value))

    async def do_team(self, argument: str) -> None:
        from tui_desk.contracts.desk import ListTeams
        from tui_desk.contracts.tickets import SetFields

        number = self.ticket_number()
        value: str | None = argument
        if not argument:
            teams = await self.ask(ListTeams())
            choices = [Choice(team.name, team.name) for team in teams] + [Choice("", _("no team"))]
            value = await self.choose(
                _("Team of #{number}").format(number=number), choices, self.field_now("team")
            )
        if value is not None:
            await self.change(SetFields(number, team=value))

    async def do_next_action(self, argument: str) -> None:
        from tui_desk.screens.arranging import next_action

        await next_action(self, argument)

    async def do_hand_over(self, argument: str) -> None:
        from tui_desk.screens.arranging import hand_over

        await hand_over(self, argument)

    async def do_log_contact(self, argument: str) -> None:
        from tui_desk.screens.arranging import contact_to_log
        from tui_desk.screens.compose import ComposeScreen

        kind = await contact_to_log(self, argument)
        if kind is not None:
            self.app.push_screen(ComposeScreen(self.ticket_number(), DraftKind.NOTE, logged=kind))

    async def do_category(self, argument: str) -> None:
        from tui_desk.contracts.tickets import ListCategories, SetFields

        number = self.ticket_number()
        value: str | None = argument
        if not argument:
            known = await self.ask(ListCategories())
            choices = [Choice(category.path, category.path) for category in known] + [
                Choice("", _("no category"))
            ]
            title = _("Category of #{number}").format(number=number)
            value = await self.choose(title, choices, self.field_now("category"), new=_("new: {value}"))
        if value is not None:
            await self.change(SetFields(number, category=value))

    async def do_tag(self, argument: str) -> None:
        from tui_desk.actions.typed import parted
        from tui_desk.contracts.tagging import ChangeTags
        from tui_desk.screens.tag_dialog import tag_words

        number = self.ticket_number()
        typed = argument or await tag_words(self, _("Tags of #{number}").format(number=number), (number,))
        if typed:
            add, remove = parted(typed)
            await self.change(ChangeTags(number, add, remove))

    async def do_link(self, argument: str) -> None:
        from tui_desk.contracts.tickets import LinkAsset
        from tui_desk.screens.asset_choice import asset_meant
        from tui_desk.screens.linking import ticket_link

        number = self.ticket_number()
        typed = argument or await self.prompt(
            _("Link #{number} with").format(number=number),
            detail=_("A ticket's number, or an asset's tag or name."),
        )
        if not typed or not typed.strip():
            return
        word = typed.strip()
        other, _blank, way = word.lstrip("#").partition(" ")
        if other.isdecimal():
            request = await ticket_link(self, number, int(other), way)
            if request is not None:
                await self.change(request)
                self.look_at({number})
            return
        asset = await asset_meant(self, word)
        if asset is not None:
            await self.change(LinkAsset(number, asset.id))

    async def do_merge(self, argument: str) -> None:
        from tui_desk.screens.merge_dialog import ask_merge

        request = await ask_merge(self, self.ticket_number(), argument)
        if request is not None:
            await self.change(request)
            self.look_at({request.target, *request.sources})

    # -- elsewhere ---------------------------------------------------------------------------------------------------
    def do_copy(self, argument: str) -> None:
        from tui_desk.terminal.clipboard import copy

        text = f"#{self.ticket_number()}"
        copy(self.app, text)
        self.say(_("{text} is on the clipboard.").format(text=text), level="done")

    def do_reply(self, argument: str) -> None:
        self.write(DraftKind.REPLY)

    def do_reply_all(self, argument: str) -> None:
        self.write(DraftKind.REPLY_ALL)

    def do_forward(self, argument: str) -> None:
        self.write(DraftKind.FORWARD)

    def do_note(self, argument: str) -> None:
        self.write(DraftKind.NOTE)

    def write(self, kind: DraftKind) -> None:
        """Open the writing screen at once, so that what is typed next is text already."""
        from tui_desk.screens.compose import ComposeScreen

        self.app.push_screen(ComposeScreen(self.ticket_number(), kind))

    async def do_macro(self, argument: str) -> None:
        from tui_desk.screens.macro_dialog import apply_macro

        await apply_macro(self, argument)

    def do_new_ticket(self, argument: str) -> None:
        from tui_desk.screens.new_ticket import NewTicketScreen

        self.app.push_screen(NewTicketScreen())


def on_ticket(last: Request[FieldChanged], number: int) -> Request[FieldChanged]:
    """The same change of another ticket."""
    assert is_dataclass(last)
    assert not isinstance(last, type)
    anew: dict[str, Any] = {"number": number}
    there = {one.name for one in fields(last)}
    anew |= {
        name: value
        for name, value in (("despite", ""), ("seen_message_id", None), ("token", ""))
        if name in there
    }
    return replace(last, **anew)
