"""Fields of your own in a form: a part that the forms of tickets, people and assets share.

It says its fields, their values, what is wrong with them as one types, and which of them a request sets.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime

from textual.suggester import Suggester

from tui_desk.contracts.custom_fields import CheckReference, FieldInput, FieldValue, FieldView, ListFields
from tui_desk.contracts.desk import ListAssets, ListPeople
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.errors import DeskError, NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.custom_fields import applies, read_choice, read_field_day, read_number, read_text
from tui_desk.screens.form_rows import Answer, Field
from tui_desk.screens.record_sections import Ask
from tui_desk.widgets.choice_field import Option

_PREFIX = "own-"
_LEAST = 2
"""Letters from which a name is completed."""


class OwnFields:
    """The fields of a subject in one form. ``needed``: names of fields that must have a value here, whatever their definition says."""

    def __init__(
        self,
        ask: Ask,
        definitions: Sequence[FieldView],
        clock: Callable[[], datetime] = utc_now,
        needed: Collection[str] = (),
    ) -> None:
        self._ask = ask
        self._definitions = tuple(definitions)
        self._clock = clock
        self._needed = frozenset(needed)
        self._seen: dict[str, str] = {}
        """By name: what the fields held when the form was filled."""

    def fields(self) -> tuple[Field, ...]:
        """The fields of a form, in order; the first has a heading."""
        found: list[Field] = []
        for definition in self._definitions:
            heading = _("Fields of your own") if not found else ""
            found.append(self._field(definition, heading))
        return tuple(found)

    def _field(self, definition: FieldView, heading: str) -> Field:
        field_id = _PREFIX + definition.name
        help_text = f"{_help(definition)} {_when_required(definition)}".strip()
        kind = definition.kind
        if kind is FieldKind.CHOICE:
            options = (Option("", _("–")), *(Option(one, one) for one in definition.choices))
            return Field(
                field_id, definition.label, "choice", help=help_text, options=options, heading=heading
            )
        refers = kind in (FieldKind.PERSON, FieldKind.ASSET)
        return Field(
            field_id,
            definition.label,
            help=help_text,
            heading=heading,
            width={FieldKind.NUMBER: 20, FieldKind.DATE: 30}.get(kind, 0),
            suggester=_Completion(self._ask, kind) if refers else None,
            look_up=self._look_up(kind) if refers else None,
        )

    def _look_up(self, kind: FieldKind) -> Callable[[str], Awaitable[Answer]]:
        async def look_up(text: str) -> Answer:
            try:
                return Answer(await self._ask(CheckReference(kind, text)))
            except (UsageError, NotFound) as error:
                return Answer(str(error), wrong=True)
            except DeskError:
                return Answer("")  # the desk is away: saving says so

        return look_up

    def start(self, values: Sequence[FieldValue]) -> Mapping[str, str]:
        """What the fields hold at first, and from now on what the person saw."""
        present = {value.name: value.value for value in values}
        self._seen = {one.name: present.get(one.name, "") for one in self._definitions}
        return {_PREFIX + name: text for name, text in self._seen.items()}

    def problems(self, values: Mapping[str, str], kind: str = "") -> dict[str, str]:
        """What is wrong, a sentence by field of the form, in a thing of type ``kind``."""
        found = {}
        for definition in self._definitions:
            if applies(definition.applies_to, kind):
                text = values.get(_PREFIX + definition.name, "")
                found[_PREFIX + definition.name] = self._problem(definition, text)
        return {name: problem for name, problem in found.items() if problem}

    def _problem(self, definition: FieldView, text: str) -> str:
        if not text.strip():
            needed = definition.required is FieldRequired.ALWAYS or definition.name in self._needed
            return _("{field} must have a value.").format(field=definition.label) if needed else ""
        try:
            if definition.kind is FieldKind.NUMBER:
                read_number(text)
            elif definition.kind is FieldKind.DATE:
                read_field_day(text, self._clock())
            elif definition.kind is FieldKind.CHOICE:
                read_choice(text, definition.choices, self._seen.get(definition.name, ""))
            else:
                read_text(text)
        except UsageError as error:
            return str(error)
        return ""

    def hidden_for(self, kind: str) -> frozenset[str]:
        """Fields of the form that belong to another type than ``kind``."""
        return frozenset(_PREFIX + one.name for one in self._definitions if not applies(one.applies_to, kind))

    def inputs(self, values: Mapping[str, str], kind: str = "") -> tuple[FieldInput, ...]:
        """What a request sets: what differs from what the person saw, of fields that belong to ``kind``."""
        return tuple(
            FieldInput(one.name, text, seen)
            for one in self._definitions
            if applies(one.applies_to, kind)
            and (text := values.get(_PREFIX + one.name, "").strip()) != (seen := self._seen.get(one.name, ""))
        )


async def read_own_fields(
    ask: Ask,
    subject: FieldSubject,
    clock: Callable[[], datetime] = utc_now,
    needed: Collection[str] = (),
) -> OwnFields:
    """The part for a form of that subject, with the definitions of now. Raises DeskError."""
    return OwnFields(ask, await ask(ListFields(subject)), clock, needed)


def field_of(name: str) -> str:
    """The id that the field of that name has in a form."""
    return _PREFIX + name


class _Completion(Suggester):
    """Completes the address of a person or the tag of an asset."""

    def __init__(self, ask: Ask, kind: FieldKind) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._ask, self._kind = ask, kind

    async def get_suggestion(self, value: str) -> str | None:
        if len(value.strip()) < _LEAST:
            return None
        try:
            return next((one for one in await self._found(value) if _goes_on(one, value)), None)
        except DeskError:
            return None

    async def _found(self, value: str) -> list[str]:
        if self._kind is FieldKind.ASSET:
            return [asset.tag for asset in await self._ask(ListAssets(value, limit=20))]
        people = await self._ask(ListPeople(value, limit=20))
        return [text for person in people for text in (*person.addresses, person.name)]


def _goes_on(known: str, typed: str) -> bool:
    return len(known) > len(typed) and known.casefold().startswith(typed.casefold())


def _help(definition: FieldView) -> str:
    return {
        FieldKind.TEXT: _("A line of text."),
        FieldKind.NUMBER: _("A number, such as 12 or 1249.90."),
        FieldKind.DATE: _("A day: fri, 1 dec, 2026-12-01."),
        FieldKind.CHOICE: "",
        FieldKind.PERSON: _("Somebody's mail address or exact name; → takes the rest of it."),
        FieldKind.ASSET: _("The tag of an asset; → takes the rest of it."),
    }[definition.kind]


def _when_required(definition: FieldView) -> str:
    return {
        FieldRequired.NEVER: "",
        FieldRequired.ALWAYS: _("It must have a value."),
        FieldRequired.RESOLVING: _("Needed before the ticket is resolved."),
    }[definition.required]
