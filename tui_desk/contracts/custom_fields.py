"""Fields of your own: their definitions, and their values on tickets, people and assets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.values import dataclass
from tui_desk.rules.own_query import KnownField


@dataclass(frozen=True, slots=True)
class FieldView:
    """A definition. Text is safe to show."""

    id: int
    subject: FieldSubject
    name: str
    """How queries, commands and documents call it."""
    label: str
    kind: FieldKind
    choices: tuple[str, ...]
    applies_to: str
    """A type of tickets or assets; empty: all."""
    required: FieldRequired
    position: int
    active: bool
    version: int
    values: int | None = None
    """How many things have a value; None where it was not asked for."""
    past: tuple[str, ...] = ()
    """Values of a choice that are offered no more and still there, where they were asked for."""


@dataclass(frozen=True, slots=True)
class FieldValue:
    """What a thing has in a field."""

    name: str
    label: str
    kind: FieldKind
    value: str
    """As it is typed: a number with a point, a day as year-month-day, a person's address, an asset's tag. Empty: nothing."""
    shown: str
    """As people read it: a person's name, an asset's tag and name."""
    required: FieldRequired = FieldRequired.NEVER
    active: bool = True
    """Whether it can be set: the field is in use and belongs to this type of thing."""
    reference: int | None = None
    """The id of the person or asset it names."""

    @property
    def is_missing(self) -> bool:
        """Whether something is needed here and is not there."""
        return not self.value and self.active and self.required is not FieldRequired.NEVER


@dataclass(frozen=True, slots=True)
class FieldInput:
    """A value to set, as typed; empty clears it."""

    name: str
    text: str
    seen: str | None = None
    """What the person saw when they began (``FieldValue.value``): a colleague's change since then is not overwritten. None: not checked."""


def by_name(values: Sequence[FieldValue]) -> Mapping[str, str | None]:
    """Values as documents have them: ``{name: value}``, None for nothing."""
    return {value.name: value.value or None for value in values}


def known(fields: Sequence[FieldView]) -> dict[str, KnownField]:
    """Definitions as the filter line knows them."""
    return {one.name: KnownField(one.id, one.name, one.kind, (*one.choices, *one.past)) for one in fields}


@dataclass(frozen=True, slots=True)
class ListFields(Request[tuple[FieldView, ...]]):
    """Definitions in their order; of all subjects where none is named."""

    subject: FieldSubject | None = None
    inactive: bool = False
    count: bool = False
    """Also how many values there are."""
    past: bool = False
    """Also the values of choices that are offered no more, where things still have them."""


@dataclass(frozen=True, slots=True)
class SaveField(Request[FieldView]):
    """Define a field (``id`` None) or change one. Subject stays as it is; kind too, once there are values."""

    id: int | None
    subject: FieldSubject
    name: str
    label: str = ""
    """Empty: made of the name."""
    kind: FieldKind = FieldKind.TEXT
    choices: tuple[str, ...] = ()
    applies_to: str = ""
    required: FieldRequired = FieldRequired.NEVER
    position: int | None = None
    """Its place among the fields of its subject, from 1; None: where it is, a new one last."""
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class CheckReference(Request[str]):
    """What a typed person or asset means, to be shown while one types. Answers its name. Raises UsageError where it means nobody."""

    kind: FieldKind
    text: str
