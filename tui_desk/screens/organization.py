"""One organisation: what is known, its people and assets, its tickets; and the form that changes it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.actions.people import ORGANIZATION
from tui_desk.contracts.people import OrganizationView, SaveOrganization, ShowOrganization
from tui_desk.core.enums import TicketStatus
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.details import Fact, blocks, heading, hung, labelled, sentence
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.linked_tickets import LinkedTickets, linked_table, ticket_rows
from tui_desk.screens.rating_words import phone_line, satisfaction_lines
from tui_desk.widgets.row_buffer import TableRow

_NAMED = 40


class OrganizationScreen(LinkedTickets):
    """An organisation by its id."""

    scopes = (ORGANIZATION, DETAILS, LIST, GLOBAL)
    CSS_PATH = "styles/record.tcss"

    def __init__(self, organization_id: int) -> None:
        super().__init__()
        self.organization_id = organization_id
        self.crumb = _("Organization")
        self.shown: OrganizationView | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=False)
        yield Static(_("Tickets"), id="linked-title", markup=False)
        yield linked_table(self.linked_rows, _("No tickets of this organization. q goes back."))

    def start(self) -> None:
        self.table().focus()

    def facts(self) -> frozenset[str]:
        return super().facts() | ({"selected"} if self.shown is not None else set())

    async def linked_rows(self) -> Sequence[TableRow]:
        self.shown = await self.ask(ShowOrganization(self.organization_id))
        self.crumb = f"{_('Organizations')} › {self.shown.name}"
        self.show_title()
        self.query_one("#record", Static).update(hung(describe_organization(self.shown)))
        self.facts_changed()
        return ticket_rows(
            (number, subject, TicketStatus(status)) for number, subject, status in self.shown.tickets
        )

    def do_edit_organization(self, argument: str) -> None:
        self.app.push_screen(OrganizationFormScreen(self.shown))


def describe_organization(view: OrganizationView) -> Content:
    """Everything known about an organisation."""
    people = [f"{name or _('(no name)')}  {address}".rstrip() for _id, name, address in view.people]
    count = ngettext("{count} person", "{count} people", len(view.people)).format(count=len(view.people))
    facts = (
        Fact(_("Mail domain"), view.domain),
        Fact(_("Phone"), phone_line(view.phone_shown or view.phone, view.phone_hint)),
        Fact(_("Satisfaction"), satisfaction_lines(view.satisfaction)),
        Fact(_("Location"), view.location),
        Fact(_("People"), "\n".join(people[:_NAMED]) + ("\n…" if len(people) > _NAMED else "")),
        Fact(_("Assets"), "\n".join(f"{tag}  {name}" for _id, tag, name in view.assets[:_NAMED])),
    )
    return blocks(heading(view.name, count), labelled(facts), sentence(view.notes))


class OrganizationFormScreen(FormScreen):
    """A new organisation, or this one."""

    scopes = (FORM, GLOBAL)

    def __init__(self, organization: OrganizationView | None) -> None:
        self.organization = organization
        super().__init__()
        name = organization.name if organization else _("New organization")
        self.crumb = f"{_('Organizations')} › {name}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("name", _("Name"), help=_("As people call it.")),
            Field(
                "domain",
                _("Mail domain"),
                help=_("Such as example.org: whoever writes from it for the first time belongs to it."),
            ),
            Field("phone", _("Phone"), help=_("A number to call.")),
            Field("location", _("Location"), help=_("Where it is.")),
            Field("notes", _("Notes"), "block", help=_("What colleagues should know."), lines=5),
        )

    async def initial(self) -> Mapping[str, str]:
        view = self.organization
        if view is None:
            return {}
        return {name: getattr(view, name) for name in ("name", "domain", "phone", "location", "notes")}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        return {} if values["name"].strip() else {"name": _("An organization needs a name.")}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        view = self.organization
        saved = await self.ask(
            SaveOrganization(
                view.id if view else None,
                values["name"].strip(),
                values["domain"].strip(),
                values["phone"].strip(),
                values["location"].strip(),
                values["notes"].strip("\n"),
                view.version if view else 0,
            )
        )
        return _("{name} is saved.").format(name=saved.name)
