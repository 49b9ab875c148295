"""Actions on all that is marked: the same keys as for one ticket, with a look at what will happen before it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from tui_desk.actions.typed import parted
from tui_desk.core.enums import DraftKind, Priority, TicketStatus
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens import words
from tui_desk.screens.choices import Choice, value_meant
from tui_desk.screens.marking import Marking
from tui_desk.screens.message_line import UNDO_SECONDS, Offer
from tui_desk.screens.tag_dialog import tag_words
from tui_desk.screens.ticket_actions import TicketActions, on_ticket

if TYPE_CHECKING:
    from tui_desk.contracts.bulk import BulkChange, BulkResult

_NO_ONE_VALUE = "\0"
"""What many tickets have in common where a choice has a value that is empty ("nobody"): none is shown as theirs."""


class BulkActions(Marking, TicketActions):
    """Where nothing is marked, the action is the one of the ticket under the cursor."""

    def of_marked(self, words_of_many: str) -> str:
        """A title such as “Status of 3 tickets”: ``words_of_many`` holds ``{tickets}``."""
        count = len(self.marked)
        tickets = ngettext("{count} marked ticket", "{count} marked tickets", count).format(count=count)
        return words_of_many.format(tickets=tickets)

    async def bulk(self, title: str, change: BulkChange) -> BulkResult | None:
        """Show what ``change`` does to all that is marked, and do it when one says so."""
        from tui_desk.screens.bulk_dialog import BulkDialog

        await self.look_at_marks()
        if not self.marked:
            return None
        dialog = BulkDialog(self, title, self.marked, change, self.marks_hidden)
        result = await self.answer_of(dialog)
        if result is None:
            if not dialog.in_doubt:
                self.say(_("Nothing was changed."))
            return None
        self.tell_done(result)
        return result

    def tell_done(self, result: BulkResult) -> None:
        """Tell what was done, with the way back; what was left alone keeps its mark."""
        from tui_desk.contracts.bulk import UndoBulk

        self.unmark(one.number for one in result.lines if one.effect != "refused")
        changed = frozenset(one.number for one in result.lines if one.effect == "changed")
        if not result.count("changed"):
            self.say(result.sentence)
        elif result.held_until is not None:
            back = _("u stops all of them")
            self.offer(
                Offer(UndoBulk(result.token), result.held_until, _leaving(result), back, tickets=changed)
            )
        else:
            until = self.host.options.clock() + timedelta(seconds=UNDO_SECONDS)
            back = _("u takes all of it back")
            self.offer(
                Offer(UndoBulk(result.token), until, lambda _seconds: result.sentence, back, tickets=changed)
            )
        self.reload()

    def subject_of(self, number: int) -> str:
        """The subject of a marked ticket, where it is known."""
        return ""

    # -- fields ------------------------------------------------------------------------------------------------------
    async def do_take(self, argument: str) -> None:
        if not self.marked:
            await super().do_take(argument)
            return
        from tui_desk.contracts.tickets import TakeTicket

        await self.bulk(self.of_marked(_("Take {tickets}")), TakeTicket(0))

    async def do_status(self, argument: str) -> None:
        if not self.marked:
            await super().do_status(argument)
            return
        from tui_desk.contracts.tickets import SetFields

        title = self.of_marked(_("Status of {tickets}"))
        shown = {value: words.status(value) for value in TicketStatus}
        choices = [Choice(v.value, s.word, s.sign, s.colour) for v, s in shown.items()]
        value = argument or await self.choose(title, choices)
        if value is not None:
            status = value_meant(TicketStatus, value, lambda v: words.status(v).word)
            await self.bulk(f"{title}: {words.status(status).word}", SetFields(0, status=status))

    async def do_priority(self, argument: str) -> None:
        if not self.marked:
            await super().do_priority(argument)
            return
        from tui_desk.contracts.tickets import SetFields

        title = self.of_marked(_("Priority of {tickets}"))
        shown = {value: words.priority(value) for value in reversed(Priority)}
        choices = [Choice(v.value, s.word, s.sign, s.colour) for v, s in shown.items()]
        value = argument or await self.choose(title, choices)
        if value is not None:
            priority = value_meant(Priority, value, lambda v: words.priority(v).word)
            await self.bulk(f"{title}: {words.priority(priority).word}", SetFields(0, priority=priority))

    async def do_assign(self, argument: str) -> None:
        if not self.marked:
            await super().do_assign(argument)
            return
        from tui_desk.contracts.desk import ListAgents
        from tui_desk.contracts.tickets import SetFields

        title, value = self.of_marked(_("Assign {tickets} to")), argument or None
        if value is None:
            agents = await self.ask(ListAgents())
            choices = [
                Choice(one.login, one.name or one.login, detail=", ".join(one.teams)) for one in agents
            ]
            value = await self.choose(title, [*choices, Choice("", _("nobody"))], _NO_ONE_VALUE)
        if value is not None:
            await self.bulk(f"{title} {value or _('nobody')}", SetFields(0, assignee=value))

    async def do_team(self, argument: str) -> None:
        if not self.marked:
            await super().do_team(argument)
            return
        from tui_desk.contracts.desk import ListTeams
        from tui_desk.contracts.tickets import SetFields

        title, value = self.of_marked(_("Team of {tickets}")), argument or None
        if value is None:
            teams = [Choice(team.name, team.name) for team in await self.ask(ListTeams())]
            value = await self.choose(title, [*teams, Choice("", _("no team"))], _NO_ONE_VALUE)
        if value is not None:
            await self.bulk(f"{title}: {value or _('no team')}", SetFields(0, team=value))

    async def do_category(self, argument: str) -> None:
        if not self.marked:
            await super().do_category(argument)
            return
        from tui_desk.contracts.tickets import ListCategories, SetFields

        title, value = self.of_marked(_("Category of {tickets}")), argument or None
        if value is None:
            known = [Choice(one.path, one.path) for one in await self.ask(ListCategories())]
            choices = [*known, Choice("", _("no category"))]
            value = await self.choose(title, choices, _NO_ONE_VALUE, new=_("new: {value}"))
        if value is not None:
            await self.bulk(f"{title}: {value or _('no category')}", SetFields(0, category=value))

    async def do_tag(self, argument: str) -> None:
        if not self.marked:
            await super().do_tag(argument)
            return
        from tui_desk.contracts.tagging import ChangeTags

        title = self.of_marked(_("Tags of {tickets}"))
        typed = argument or await tag_words(self, title, self.marked)
        if typed:
            add, remove = parted(typed)
            await self.bulk(f"{title}: {typed}", ChangeTags(0, add, remove))

    async def do_macro(self, argument: str) -> None:
        if not self.marked:
            await super().do_macro(argument)
            return
        from tui_desk.contracts.macros import ApplyMacro
        from tui_desk.screens.macro_dialog import choose_macro

        title = self.of_marked(_("Macro for {tickets}"))
        macro = await choose_macro(self, self.marked[0], argument, title)
        if macro is not None:
            await self.bulk(f"{title}: {macro.name}", ApplyMacro(0, macro.id, version=macro.version))

    async def do_repeat(self, argument: str) -> None:
        last = self.host.last_change
        if not self.marked or last is None:
            await super().do_repeat(argument)
            return
        await self.bulk(self.of_marked(_("The last change again, for {tickets}")), on_ticket(last, 0))

    # -- together, away, answered ------------------------------------------------------------------------------------
    async def do_merge(self, argument: str) -> None:
        if not self.marked:
            await super().do_merge(argument)
            return
        from tui_desk.contracts.bulk import MergeInto

        numbers = self.marked
        title = self.of_marked(_("Merge {tickets} into"))
        value: str | None = argument.strip().lstrip("#")
        if not value:
            oldest = sorted(numbers)
            choices = [Choice(str(one), f"#{one}", detail=self.subject_of(one)) for one in oldest]
            value = await self.choose(title, choices, str(oldest[0]), new=_("another one: {value}"))
        if value is None:
            return
        digits = value.strip().lstrip("#")
        if not digits.isdecimal():
            raise UsageError(_("“{typed}” is not a ticket number.").format(typed=value))
        await self.bulk(f"{title} #{digits}", MergeInto(int(digits)))

    async def do_spam(self, argument: str) -> None:
        if not self.marked:
            await super().do_spam(argument)
            return
        from tui_desk.contracts.tickets import MarkSpam

        await self.bulk(self.of_marked(_("Mark {tickets} as spam and close them")), MarkSpam(0))

    def write(self, kind: DraftKind) -> None:
        if not self.marked or kind not in (DraftKind.REPLY, DraftKind.REPLY_ALL):
            super().write(kind)
            return
        if kind is DraftKind.REPLY_ALL:
            raise UsageError(
                _("To many tickets one answers the requesters: r. Copies are a matter of one ticket.")
            )
        from tui_desk.screens.bulk_reply import BulkReplyScreen

        self.app.push_screen(BulkReplyScreen(self))


def _leaving(result: BulkResult) -> Callable[[int], str]:
    def sentence(seconds: int) -> str:
        told = ngettext("They leave in {count} second.", "They leave in {count} seconds.", seconds)
        return f"{result.sentence}. {told.format(count=seconds)}"

    return sentence
