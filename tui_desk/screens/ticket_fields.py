"""Fields of your own of a ticket: changed on a form of their own, and asked for where a new ticket must have them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import cast

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.custom_fields import FieldInput, FieldValue, ListFields
from tui_desk.contracts.tickets import FieldChanged, NewTicket, SetFields, ShowTicket
from tui_desk.core.enums import FieldRequired, FieldSubject, TicketStatus, TicketType
from tui_desk.core.errors import Blocked, Refused
from tui_desk.core.i18n import _
from tui_desk.rules.custom_fields import applies
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.custom_field_inputs import OwnFields, field_of
from tui_desk.screens.form_rows import Control, Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.ticket_actions import TicketActions
from tui_desk.screens.undo_actions import taking_back


async def edit_fields(
    screen: TicketActions, number: int, needed: Collection[str] = (), status: TicketStatus | None = None
) -> None:
    """Show the form of a ticket's fields of your own over ``screen``; ``needed`` must be filled, then ``status`` is set too.

    Raises DeskError, Refused where no field belongs to this type of ticket.
    """
    ticket = await screen.ask(ShowTicket(number))
    definitions = [
        one
        for one in await screen.ask(ListFields(FieldSubject.TICKET))
        if applies(one.applies_to, ticket.type.value)
    ]
    if not definitions:
        raise Refused(
            _("There are no fields of your own for tickets of this type."),
            _("A supervisor defines them in the settings (g m, 8), or with tui-desk field new."),
        )
    own = OwnFields(screen.ask, definitions, screen.host.options.clock, needed)
    screen.app.push_screen(TicketFieldsScreen(number, own, ticket.custom, needed, status))


class TicketFieldsScreen(FormScreen):
    """The fields of your own of one ticket."""

    scopes = (FORM, GLOBAL)

    def __init__(
        self,
        number: int,
        own: OwnFields,
        values: tuple[FieldValue, ...],
        needed: Collection[str] = (),
        status: TicketStatus | None = None,
    ) -> None:
        self.number, self._own, self._present, self._status = number, own, values, status
        self._first = next((value.name for value in values if value.name in needed), "")
        super().__init__()
        self.crumb = f"#{number} › {_('Fields')}"
        self._done: FieldChanged | None = None

    def fields(self) -> tuple[Field, ...]:
        return self._own.fields()

    async def initial(self) -> Mapping[str, str]:
        if self._status is not None:
            told = _("When these are saved, #{number} becomes {status}.")
            self.show_notes((told.format(number=self.number, status=words.status(self._status).word),))
        return self._own.start(self._present)

    def first_control(self) -> Control:
        return self.control(field_of(self._first)) if self._first else super().first_control()

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return self._own.problems(values)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        inputs = self._own.inputs(values)
        if not inputs and self._status is None:
            return _("Nothing was changed.")
        request = SetFields(self.number, status=self._status, fields=inputs)
        try:
            self._done = await self.ask(request)
        except Blocked as blocked:
            reason = await self.reason_despite(blocked)
            if not reason:
                return None
            self._done = await self.ask(replace(request, despite=reason))
        return self._done.sentence

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        if self._done is not None and not self._done.event_ids:
            below.say_unchanged(sentence)
            return
        super().tell_saved(below, sentence)
        if self._done is not None:
            below.offer(taking_back(self._done, self.host.options.clock()))


async def needed_fields(screen: BaseScreen, kind: TicketType) -> OwnFields | None:
    """The fields of a new ticket of that type, where one of them must have a value; else None. Raises DeskError."""
    definitions = [
        one
        for one in await screen.ask(ListFields(FieldSubject.TICKET))
        if applies(one.applies_to, kind.value)
    ]
    if not any(one.required is FieldRequired.ALWAYS for one in definitions):
        return None
    return OwnFields(screen.ask, definitions, screen.host.options.clock)


class NewTicketFieldsScreen(FormScreen):
    """What a new ticket must have besides; saving makes the ticket, and answers its number."""

    scopes = (FORM, GLOBAL)

    def __init__(self, request: NewTicket, own: OwnFields) -> None:
        self._request, self._own = request, own
        super().__init__()
        self.crumb = f"{_('New ticket')} › {_('Fields')}"
        self.number: int | None = None

    def fields(self) -> tuple[Field, ...]:
        return self._own.fields()

    async def initial(self) -> Mapping[str, str]:
        return self._own.start(())

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return self._own.problems(values)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        self.number = await self.ask(replace(self._request, fields=self._own.inputs(values)))
        return _("#{number} is made.").format(number=self.number)

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        """The form of the ticket, which lies below, is done with, too."""
        self.app.pop_screen()
        super().tell_saved(cast("BaseScreen", self.app.screen), sentence)


def typed_input(text: str) -> FieldInput:
    """``NAME=VALUE`` of the command line. Raises Refused where there is no ``=``."""
    name, equals, value = text.partition("=")
    if not equals:
        raise Refused(_("“{text}” is not understood: write NAME=VALUE.").format(text=text))
    return FieldInput(name.strip().removeprefix("field."), value.strip())
