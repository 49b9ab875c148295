"""Which ticket goes into which: numbers are typed, or one of the same requester's is picked; what will happen is said at once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.contracts.merging import MergeCandidate, MergeTickets, SuggestMerge
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field

Lookup = Callable[[tuple[int, ...]], Awaitable[tuple[MergeCandidate, ...]]]
_NUMBER = re.compile(r"\d{1,9}")


class MergeDialog(Dialog[MergeTickets]):
    """Answers the request. One number: this ticket goes there; Tab turns it round. Several: they come here."""

    def __init__(self, number: int, lookup: Lookup) -> None:
        super().__init__()
        self._number, self._lookup = number, lookup
        self._offered: tuple[MergeCandidate, ...] = ()
        self._found: dict[int, MergeCandidate] = {}
        self._typed: tuple[int, ...] = ()
        self._is_itself = False
        """Only its own number is typed."""
        self._turned = False
        self._asked = 0

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Merge #{number} with").format(number=self._number)
            yield Static(title, classes="dialog-title", markup=False)
            yield Field(placeholder=_("a ticket's number, or several"), id="narrow")
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static("", classes="dialog-detail", id="merge-told", markup=False)
            hint = _("↑↓ pick · Tab turns it round · Enter goes on · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self.run_worker(self._look_up(()), exclusive=False)

    async def _look_up(self, numbers: tuple[int, ...]) -> None:
        self._asked += 1
        asked = self._asked
        try:
            found = await self._lookup(numbers)
        except DeskError as error:
            self._tell(Content.assemble((str(error), "$text-warning")))
            return
        if not numbers:
            self._offered = found
        self._found.update((one.number, one) for one in found)
        if asked == self._asked:
            self._fill()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._typed = numbers_in(event.value, self._number)
        self._is_itself = names_only(event.value, self._number)
        unknown = tuple(number for number in self._typed if number not in self._found)
        if unknown:
            self.run_worker(self._look_up(unknown), exclusive=False)
        self._fill()

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            self._turned = not self._turned
            self._fill()
        elif event.key in ("down", "up", "ctrl+n", "ctrl+p"):
            event.stop()
            event.prevent_default()
            options = self.query_one(OptionList)
            if event.key in ("down", "ctrl+n"):
                options.action_cursor_down()
            else:
                options.action_cursor_up()
            self._say()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        request = self._request()
        if request is not None:
            self.dismiss(request)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        request = self._request()
        if request is not None:
            self.dismiss(request)

    def _candidates(self) -> tuple[MergeCandidate, ...]:
        if self._typed or self._is_itself:
            return tuple(self._found[number] for number in self._typed if number in self._found)
        return self._offered

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        candidates = self._candidates()
        options.add_options([Option(_label(one)) for one in candidates])
        if candidates:
            options.highlighted = 0
        self._say()

    def _numbers(self) -> tuple[int, ...]:
        """The tickets that are meant: those typed, else the one under the cursor."""
        if self._typed or self._is_itself:
            return self._typed
        at = self.query_one(OptionList).highlighted
        return (self._offered[at].number,) if at is not None and at < len(self._offered) else ()

    def _request(self) -> MergeTickets | None:
        numbers = self._numbers()
        if not numbers or any(number not in self._found for number in numbers):
            return None
        if len(numbers) == 1 and not self._turned:
            return MergeTickets(numbers[0], (self._number,))
        return MergeTickets(self._number, numbers)

    def _say(self) -> None:
        missing = [number for number in self._typed if number not in self._found]
        request = self._request()
        if self._is_itself:
            told = _("#{number} cannot be merged into itself.").format(number=self._number)
        elif missing:
            told = _("There is no ticket {numbers}.").format(numbers=", ".join(f"#{n}" for n in missing))
        elif request is None:
            told = _(
                "Type the number of the ticket it belongs to. Open tickets of the same requester are offered here."
            )
        else:
            told = _(
                "{others} goes into #{number}: messages, people and work go along; {others} is closed and leads there."
            ).format(others=", ".join(f"#{n}" for n in request.sources), number=request.target)
        self._tell(Content.assemble((told, "$text-warning" if missing or self._is_itself else "")))

    def _tell(self, told: Content) -> None:
        self.query_one("#merge-told", Static).update(told)


async def ask_merge(screen: BaseScreen, number: int, typed: str) -> MergeTickets | None:
    """Which ticket goes into which; ``typed`` are numbers that were given already. None: changed their mind. Raises UsageError."""
    if names_only(typed, number):
        raise UsageError(_("#{number} cannot be merged into itself.").format(number=number))
    request = _typed_merge(number, numbers_in(typed, number))
    if request is None:

        async def look_up(wanted: tuple[int, ...]) -> tuple[MergeCandidate, ...]:
            return await screen.ask(SuggestMerge(number, wanted))

        request = await screen.answer_of(MergeDialog(number, look_up))
    if request is None or not await _is_meant(screen, request):
        return None
    return request


def _typed_merge(number: int, numbers: tuple[int, ...]) -> MergeTickets | None:
    """What was typed behind the action's name: one number takes this ticket in, several come here."""
    if not numbers:
        return None
    return MergeTickets(numbers[0], (number,)) if len(numbers) == 1 else MergeTickets(number, numbers)


async def _is_meant(screen: BaseScreen, request: MergeTickets) -> bool:
    """Show by subject and requester what goes where, and ask: a number alone is soon mistaken."""
    sources = await screen.ask(SuggestMerge(request.target, request.sources))
    target = await screen.ask(SuggestMerge(request.sources[0], (request.target,)))
    if not target:
        return True  # there is no such ticket: the desk says so
    told = [_("Goes away:"), *map(_named, sources), _("Goes on:"), *map(_named, target)]
    others = ", ".join(f"#{number}" for number in request.sources)
    question = _("Merge {others} into #{number}?").format(others=others, number=request.target)
    return await screen.confirm(question, "\n".join(told), _("Merge"))


def _named(one: MergeCandidate) -> str:
    subject = safe_line(one.subject, 80) or _("(no subject)")
    return f"  #{one.number} {subject} · {safe_line(one.requester, 40)}"


def numbers_in(text: str, own: int) -> tuple[int, ...]:
    """The ticket numbers in what was typed, each once, without ``own``."""
    found = dict.fromkeys(int(one) for one in _NUMBER.findall(text))
    return tuple(number for number in found if number != own)


def names_only(text: str, own: int) -> bool:
    """Whether the only number in what was typed is ``own``."""
    return {int(one) for one in _NUMBER.findall(text)} == {own}


def _label(one: MergeCandidate) -> Content:
    status = words.status(one.status)
    parts: list[Part] = [
        (f"#{one.number:<6} ", "$text-accent"),
        (f"{status.text}  ", status.colour),
        safe_line(one.subject, 120),
        (f"  {safe_line(one.requester, 40)}", "$muted"),
    ]
    if one.merged_into is not None:
        parts.append(("  " + _("merged into #{number}").format(number=one.merged_into), "$text-warning"))
    return line(*parts)
