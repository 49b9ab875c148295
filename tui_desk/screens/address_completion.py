"""Known people while one types into To, Cc or Bcc: those of the requester's organization first. Tab or Down takes the first."""

from __future__ import annotations

import re
from collections.abc import Callable
from email.utils import formataddr

from textual import events
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from tui_desk.contracts.desk import ListPeople, PersonRow
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.draft_keeping import DraftScreen, without_comma
from tui_desk.screens.fields import Field

_AFTER = 0.15
"""Seconds without a key after which the desk is asked."""
_LEAST, _OFFERED = 2, 4
_BARE = re.compile(r"[^<>@\s\"]+@[^<>@\s\".]+(\.[^<>@\s\".]+)+")
_SPECIAL = '"(),:;<>@[\\]'
"""What a name may not hold in a header without quotes."""


class AddressField(Field):
    """A line of addresses, with commas between them. ``before_down`` may take the Down key: it answers whether it did.

    A completed one is followed by ``, ``, ready for the next, which goes again where none comes. What is typed right behind a whole
    address (``Eva <eva@x.test>``, or ``eva@x.test`` and a blank) begins the next one.
    """

    before_down: Callable[[], bool] | None = None

    def on_key(self, event: events.Key) -> None:
        if event.key == "down" and self.before_down is not None and self.before_down():
            event.stop()
            event.prevent_default()
        elif event.is_printable and self.cursor_position == len(self.value) and self.selection.is_empty:
            self._part(event)

    def _part(self, event: events.Key) -> None:
        """The comma that a person would have to type; one that is typed where it stands already is the same."""
        sign = event.character or ""
        stands = self.value.endswith(", ")
        if not stands and sign not in ",;" and is_whole(self.value, sign):
            self._touched = stands = True
            self.value = f"{self.value.rstrip()}, "
            self.cursor_position = len(self.value)
        if stands and sign in ",; ":
            event.stop()
            event.prevent_default()

    def on_blur(self) -> None:
        self.value = without_comma(self.value)


def begun(typed: str) -> str:
    """The recipient that one is typing: what follows the last comma outside quotes."""
    quoted, start = False, 0
    for at, sign in enumerate(typed):
        if sign == '"':
            quoted = not quoted
        elif sign in ",;" and not quoted:
            start = at + 1
    return typed[start:].strip()


def is_whole(typed: str, sign: str) -> bool:
    """Whether ``sign`` behind ``typed`` begins another recipient: ``Eva <eva@x.test>`` is whole, ``eva@x.test`` with the blank behind it."""
    last = begun(typed)
    return (last.endswith(">") and "@" in last) or (" " in (sign, typed[-1:]) and bool(_BARE.fullmatch(last)))


def written(person: PersonRow) -> str:
    """A person as a recipient is written."""
    address = person.addresses[0]
    name = safe_line(person.name, 80)
    if not name or name == address:
        return address
    return formataddr((name, address)) if any(sign in _SPECIAL for sign in name) else f"{name} <{address}>"


class AddressCompletion(DraftScreen):
    """A screen with fields ``to``, ``cc``, ``bcc`` and a line ``#people`` below them."""

    _ticket: TicketView | None = None

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._people: tuple[str, tuple[PersonRow, ...]] = ("", ())
        """What was looked for, and who was found."""
        self._ask_people: Timer | None = None

    def on_mount(self) -> None:
        for field in self.query(AddressField):
            field.before_down = self._down_takes

    def on_input_changed(self, event: Input.Changed) -> None:
        if self._ask_people is not None:
            self._ask_people.stop()
            self._ask_people = None
        typed = self._address_begun()
        if typed and typed != self._people[0]:
            self._ask_people = self.set_timer(_AFTER, self._find_people_soon)
        self._show_people()

    def on_descendant_focus(self) -> None:
        self._show_people()

    def _address_begun(self) -> str:
        field = self.focused
        if not isinstance(field, AddressField) or field.cursor_position != len(field.value):
            return ""
        typed = begun(field.value)
        return typed if len(typed) >= _LEAST and not typed.endswith(">") else ""

    def _find_people_soon(self) -> None:
        self._ask_people = None
        self.run_guarded(_("People"), self._find_people, group="people", exclusive=True)

    async def _find_people(self) -> None:
        typed = self._address_begun()
        if not typed:
            return
        organization = self._ticket.organization if self._ticket is not None else ""
        found: dict[int, PersonRow] = {}
        try:
            if organization:
                near = await self.ask(ListPeople(f"{typed} {organization}", 2 * _OFFERED))
                found = {one.id: one for one in near if one.organization == organization}
            found |= {
                one.id: one for one in await self.ask(ListPeople(typed, 2 * _OFFERED)) if one.id not in found
            }
        except DeskError:
            pass  # an offer that cannot be made is no news to somebody who writes
        self._people = (typed, tuple(one for one in found.values() if one.addresses))
        self._show_people()

    def _fitting_people(self) -> tuple[PersonRow, ...]:
        typed = self._address_begun()
        if not typed or self._people[0] != typed:
            return ()
        return tuple(one for one in self._people[1] if typed not in one.addresses)[:_OFFERED]

    def _show_people(self) -> None:
        shown = self.query_one("#people", Static)
        found = self._fitting_people()
        shown.display = bool(found)
        parts: list[Part] = [(_("Tab: "), "$muted")]
        for one in found:
            name = safe_line(one.name, 30)
            parts += [(name, "$text-accent"), (f" {safe_line(one.addresses[0], 40)}   ", "$muted")]
        shown.update(line(*parts) if found else Content(""))

    def _down_takes(self) -> bool:
        found = self._fitting_people()
        if found:
            self._take_person(found[0])
        return bool(found)

    async def complete_address(self) -> bool:
        """Take the first person who fits what is begun in a field of recipients; answers whether one does."""
        typed = self._address_begun()
        if typed and self._people[0] != typed and "@" not in typed:
            await self._find_people()  # Tab came faster than the desk was asked
        return self._down_takes()

    def _take_person(self, person: PersonRow) -> None:
        field = self.focused
        assert isinstance(field, AddressField)
        before = field.value.rstrip().removesuffix(begun(field.value)).rstrip()
        field.value = f"{before} {written(person)}, ".lstrip()
        field.cursor_position = len(field.value)
