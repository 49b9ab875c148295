"""Settings → Fields: what this desk wants to know of tickets, people and assets besides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from textual.content import Content

from tui_desk.actions.administration import FORM, SETTINGS
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.work_settings import FIELDS
from tui_desk.contracts.custom_fields import FieldView, ListFields, SaveField
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject, TicketType
from tui_desk.core.errors import UsageError
from tui_desk.core.field_words import kind_word, required_word, subject_word
from tui_desk.core.i18n import _, ngettext
from tui_desk.rules.custom_fields import LABEL_LIMIT, checked_choices, checked_name
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.choice_field import Option
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class FieldSettingsScreen(SettingsSection, BrowseScreen[FieldView]):
    """The list of fields."""

    scopes = (FIELDS, SETTINGS, DETAILS, LIST, GLOBAL)
    section = "field_settings"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Fields')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("label", _("Field"), 18, flex=2),
            Column("subject", _("Of"), 8),
            Column("kind", _("Kind"), 8),
            Column("type", _("Type"), 10, flex=1, priority=2),
            Column("required", _("Required"), 12),
            Column("values", _("Values"), 7, align="right", priority=1),
            Column("active", _("Active"), 6),
        )

    async def read(self) -> Sequence[FieldView]:
        return await self.ask(ListFields(inactive=True, count=True, past=True))

    def row(self, item: FieldView) -> TableRow:
        muted = "" if item.active else "muted"
        cells = (
            Cell(item.label, "strong" if item.active else "muted"),
            Cell(subject_word(item.subject), "muted"),
            Cell(kind_word(item.kind), muted),
            Cell(item.applies_to or "–", "muted"),
            Cell(required_word(item.required), muted if item.required is FieldRequired.NEVER else "accent"),
            Cell(str(item.values or 0), "muted"),
            Cell(_("yes") if item.active else _("no"), muted),
        )
        return TableRow(item.id, cells, anchor=item.id)

    def describe(self, item: FieldView) -> Content:
        count = item.values or 0
        there = ngettext("{count} value", "{count} values", count).format(count=count)
        aside = "" if item.active else _("Set aside: it is offered no more; its values stay.")
        facts = (
            Fact(_("Name"), item.name),
            Fact(_("Belongs to"), _belongs(item)),
            Fact(_("Kind"), kind_word(item.kind)),
            Fact(_("Choices"), ", ".join(item.choices)),
            Fact(_("No longer offered"), ", ".join(item.past)),
            Fact(_("Required"), required_word(item.required)),
            Fact(_("In a filter"), _filter(item)),
            Fact(_("In a script"), f"field.{item.name}=…"),
        )
        return blocks(heading(item.label, there), labelled(facts), sentence(aside, "$muted"))

    def empty_text(self) -> str:
        return _(
            "No fields of your own yet. N defines one: a cost group of tickets, a badge of people, the memory of assets …"
        )

    def open_item(self, item: FieldView) -> None:
        if "supervisor" in self.facts():
            self.do_edit_field("")

    def _item(self) -> FieldView:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        return item

    def do_new_field(self, argument: str) -> None:
        self.app.push_screen(FieldFormScreen(None))

    def do_edit_field(self, argument: str) -> None:
        self.app.push_screen(FieldFormScreen(self._item()))

    async def do_set_aside_field(self, argument: str) -> None:
        item = self._item()
        await self.ask(replace(_as_it_is(item), active=not item.active))
        told = _("{name} is set aside; its values stay.") if item.active else _("{name} is offered again.")
        self.say(told.format(name=item.label), level="done")
        self.reload()

    async def do_field_up(self, argument: str) -> None:
        await self._move(-1)

    async def do_field_down(self, argument: str) -> None:
        await self._move(1)

    async def _move(self, step: int) -> None:
        item = self._item()
        others = [one.id for one in await self.read() if one.subject is item.subject]
        place = others.index(item.id) + 1 + step
        if not 1 <= place <= len(others):
            return
        await self.ask(replace(_as_it_is(item), position=place))
        self.select_soon(item.id)


class FieldFormScreen(FormScreen):
    """Defines a field, or changes this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, field: FieldView | None) -> None:
        self.field = field
        super().__init__()
        name = field.label if field else _("New field")
        self.crumb = f"{_('Settings')} › {_('Fields')} › {name}"

    def fields(self) -> tuple[Field, ...]:
        name_help = _(
            "How queries and commands call it: lower-case letters, digits and _, such as cost_group."
        )
        found = (
            Field("label", _("Label"), help=_("What forms and screens call it.")),
            Field("name", _("Name"), help=name_help, placeholder="cost_group"),
            Field(
                "kind",
                _("Kind"),
                "choice",
                help=_("What it holds. It stays once there are values."),
                options=tuple(Option(kind.value, kind_word(kind)) for kind in FieldKind),
            ),
            Field(
                "choices",
                _("Choices"),
                "block",
                help=_("One a line. Things keep a value that is offered no more."),
                lines=5,
            ),
            Field(
                "type",
                _("Type"),
                help=_("A type of tickets ({types}) or of assets. Empty: all of them.").format(
                    types=", ".join(TicketType)
                ),
            ),
            Field(
                "required",
                _("Required"),
                "choice",
                help=_(
                    "always: a form is not saved without it; what mail or a delivery made may lack it, which is shown. "
                    "at resolving: a ticket is not resolved or closed without it."
                ),
                options=tuple(Option(one.value, required_word(one)) for one in FieldRequired),
            ),
        )
        subject = Field(
            "subject",
            _("Belongs to"),
            "choice",
            help=_("What has this field. It stays."),
            options=tuple(Option(one.value, subject_word(one)) for one in FieldSubject),
        )
        return found if self.field is not None else (subject, *found)

    async def initial(self) -> Mapping[str, str]:
        found = self.field
        if found is None:
            return {
                "subject": FieldSubject.TICKET.value,
                "kind": FieldKind.TEXT.value,
                "required": FieldRequired.NEVER.value,
            }
        return {
            "label": found.label,
            "name": found.name,
            "kind": found.kind.value,
            "choices": "\n".join(found.choices),
            "type": found.applies_to,
            "required": found.required.value,
        }

    def field_changed(self, field_id: str, value: str) -> None:
        """A name follows the label as long as nobody typed one."""
        if field_id == "label" and self.field is None and "name" not in self.typed:
            self.fill({"name": _name_of(value)})

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        found = set()
        if values["kind"] != FieldKind.CHOICE.value:
            found.add("choices")
        if self._subject(values) is FieldSubject.PERSON:
            found.add("type")
        return frozenset(found)

    def _subject(self, values: Mapping[str, str]) -> FieldSubject:
        return self.field.subject if self.field is not None else FieldSubject(values["subject"])

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        kind = FieldKind(values["kind"])
        if not values["label"].strip():
            found["label"] = _("What is it called?")
        elif len(values["label"].strip()) > LABEL_LIMIT:
            found["label"] = _("A label has at most {count} characters.").format(count=LABEL_LIMIT)
        try:
            checked_name(values["name"])
        except UsageError as error:
            found["name"] = str(error)
        try:
            checked_choices(kind, _choices(values))
        except UsageError as error:
            found["choices"] = str(error)
        subject, typed = self._subject(values), values["type"].strip().lower()
        if subject is FieldSubject.TICKET and typed and typed not in tuple(TicketType):
            found["type"] = _("There are: {names}.").format(names=", ".join(TicketType))
        if subject is not FieldSubject.TICKET and values["required"] == FieldRequired.RESOLVING.value:
            found["required"] = _("Only a ticket is resolved: say always or never.")
        return found

    async def submit(self, values: Mapping[str, str]) -> str | None:
        found, subject = self.field, self._subject(values)
        saved = await self.ask(
            SaveField(
                found.id if found else None,
                subject,
                values["name"].strip(),
                values["label"].strip(),
                FieldKind(values["kind"]),
                _choices(values),
                "" if subject is FieldSubject.PERSON else values["type"].strip(),
                FieldRequired(values["required"]),
                None,
                found.active if found else True,
                found.version if found else 0,
            )
        )
        return _("The field {name} is saved.").format(name=saved.label)


def _choices(values: Mapping[str, str]) -> tuple[str, ...]:
    if values["kind"] != FieldKind.CHOICE.value:
        return ()
    return tuple(line.strip() for line in values["choices"].splitlines() if line.strip())


def _name_of(label: str) -> str:
    """A name made of a label: what of it a name can hold."""
    kept = "".join(char if char.isascii() and char.isalnum() else "_" for char in label.strip().lower())
    return "_".join(part for part in kept.split("_") if part).lstrip("0123456789_")


def _belongs(item: FieldView) -> str:
    if not item.applies_to:
        return subject_word(item.subject)
    return _("{things} of the type {type}").format(things=subject_word(item.subject), type=item.applies_to)


def _filter(item: FieldView) -> str:
    samples = {
        FieldKind.NUMBER: f"{item.name}:12  {item.name}>=100  has:{item.name}",
        FieldKind.DATE: f"{item.name}:2026-12  {item.name}<2026-12-01  has:{item.name}",
    }
    return samples.get(item.kind, f"{item.name}:…  has:{item.name}")


def _as_it_is(item: FieldView) -> SaveField:
    return SaveField(
        item.id,
        item.subject,
        item.name,
        item.label,
        item.kind,
        item.choices,
        item.applies_to,
        item.required,
        None,
        item.active,
        item.version,
    )
