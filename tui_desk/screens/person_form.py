"""Writing down a person, or changing what is known."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import PersonView
from tui_desk.contracts.people import ListOrganizations, SavePerson
from tui_desk.core.enums import FieldSubject
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.custom_field_inputs import OwnFields, read_own_fields
from tui_desk.screens.field_problems import address_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option

_LANGUAGE_CODES = (2, 3)


async def open_form(screen: BaseScreen, person: PersonView | None) -> None:
    """Show the form over ``screen``, with the fields of your own. Raises DeskError."""
    own = await read_own_fields(screen.ask, FieldSubject.PERSON, screen.host.options.clock)
    screen.app.push_screen(PersonFormScreen(person, own))


class PersonFormScreen(FormScreen):
    """A new person, or this one. Addresses of an existing person are added and split off by keys of their own."""

    scopes = (FORM, GLOBAL)

    def __init__(self, person: PersonView | None, own: OwnFields | None = None) -> None:
        self.person = person
        self._own = own
        super().__init__()
        self.crumb = f"{_('People')} › {(person.name or _('(no name)')) if person else _('New person')}"

    def fields(self) -> tuple[Field, ...]:
        address = Field("address", _("Address"), help=_("A mail address, if there is one."))
        fields = (
            Field("name", _("Name"), help=_("As colleagues know them.")),
            Field(
                "organization",
                _("Organization"),
                help=_("The name of their company; one that is not there yet is made."),
            ),
            Field("phone", _("Phone"), help=_("A number to call.")),
            Field("location", _("Location"), help=_("Where to find them: building, room.")),
            Field("language", _("Language"), help=_("Two letters, such as en or es."), width=5),
            Field(
                "vip",
                _("VIP"),
                "choice",
                help=_("Shown with a star wherever their name stands at the top."),
                options=(Option("yes", _("yes")), Option("no", _("no"))),
            ),
            Field("notes", _("Notes"), "block", help=_("What colleagues should know."), lines=4),
        )
        more = self._own.fields() if self._own is not None else ()
        return (*fields, *more) if self.person else (fields[0], address, *fields[1:], *more)

    async def initial(self) -> Mapping[str, str]:
        known = [row.name for row in await self.ask(ListOrganizations())]
        if known:
            shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
            self.show_notes((_("Organizations: {names}").format(names=shown),))
        person = self.person
        own = self._own.start(person.custom if person else ()) if self._own is not None else {}
        if person is None:
            return {"vip": "no", **own}
        return {
            **own,
            "name": person.name,
            "organization": person.organization,
            "phone": person.phone,
            "location": person.location,
            "language": person.language,
            "vip": "yes" if person.vip else "no",
            "notes": person.notes,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {}
        address = values.get("address", "").strip()
        if address:
            found["address"] = address_problem(address)
        if not values["name"].strip() and not address and self.person is None:
            found["name"] = _("A person needs a name or an address.")
        language = values["language"].strip()
        if language and not (language.isascii() and language.isalpha() and len(language) in _LANGUAGE_CODES):
            found["language"] = _("Two letters, such as en or es.")
        if self._own is not None:
            found |= self._own.problems(values)
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        saved = await self.ask(
            SavePerson(
                id=self.person.id if self.person else None,
                name=values["name"].strip(),
                address=values.get("address", "").strip(),
                organization=values["organization"].strip(),
                phone=values["phone"].strip(),
                location=values["location"].strip(),
                language=values["language"].strip(),
                vip=values["vip"] == "yes",
                notes=values["notes"].strip("\n"),
                version=self.person.version if self.person else 0,
                fields=self._own.inputs(values) if self._own is not None else (),
            )
        )
        return _("{name} is saved.").format(name=saved.name or next(iter(saved.addresses), ""))
