"""One person: what is known, their assets, and their tickets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS, PERSON
from tui_desk.contracts.desk import PersonView, ShowPerson
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.screens import words
from tui_desk.screens.custom_field_lines import own_facts
from tui_desk.screens.details import Fact, blocks, heading, hung, labelled, sentence
from tui_desk.screens.licence_words import held_licences
from tui_desk.screens.linked_tickets import LinkedTickets, linked_table, ticket_rows
from tui_desk.screens.person_actions import PersonActions
from tui_desk.screens.rating_words import phone_line, satisfaction_lines
from tui_desk.widgets.row_buffer import TableRow


class PersonScreen(PersonActions, LinkedTickets):
    """A person by their id."""

    scopes = (PERSON, DETAILS, LIST, GLOBAL)
    CSS_PATH = "styles/record.tcss"

    def __init__(self, person_id: int) -> None:
        super().__init__()
        self.person_id = person_id
        self.crumb = _("Person")
        self.person: PersonView | None = None

    def compose_body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="record", markup=False), id="record-box", can_focus=False)
        yield Static(_("Tickets"), id="linked-title", markup=False)
        yield linked_table(self.linked_rows, _("No tickets of this person."))

    def start(self) -> None:
        self.table().focus()

    async def linked_rows(self) -> Sequence[TableRow]:
        person = self.person = await self.ask(ShowPerson(self.person_id))
        self.person_id = person.id  # of a merged record: the one that took it over
        self.crumb = f"{_('People')} › {person.name or _('(no name)')}"
        self.show_title()
        self.query_one("#record", Static).update(hung(describe_person(person)))
        self.facts_changed()
        return ticket_rows(person.tickets)

    def facts(self) -> frozenset[str]:
        found = {"selected"} if self.person is not None else set()
        if self.person is not None and self.person.organization_id is not None:
            found.add("belongs")
        return super().facts() | found

    def person_meant(self) -> int:
        return self.person_id

    def person_changed(self, person_id: int) -> None:
        self.person_id = person_id
        self.reload()

    def do_history(self, argument: str) -> None:
        from tui_desk.screens.history import HistoryScreen

        self.app.push_screen(HistoryScreen(f"person:{self.person_id}", self.crumb))

    def do_open_organization(self, argument: str) -> None:
        from tui_desk.screens.organization import OrganizationScreen

        if self.person is not None and self.person.organization_id is not None:
            self.app.push_screen(OrganizationScreen(self.person.organization_id))


def describe_person(person: PersonView) -> Content:
    """Everything known about a person."""
    marks = []
    if person.vip:
        marks.append(_("★ VIP"))
    if person.blocked:
        marks.append(_("■ blocked: their mail is held as suspended mail"))
    facts = (
        Fact(_("Addresses"), "\n".join(visible_address(address) for address in person.addresses)),
        Fact(_("Organization"), person.organization),
        Fact(_("Phone"), phone_line(person.phone_shown or person.phone, person.phone_hint)),
        Fact(_("Location"), person.location),
        Fact(_("Language"), person.language),
        Fact(
            _("Channels"),
            ", ".join(f"{words.channel(channel)} {count}" for channel, count in person.channels),
        ),
        Fact(_("Satisfaction"), satisfaction_lines(person.satisfaction)),
        Fact(_("Licences"), "\n".join(held_licences(person))),
        Fact(_("Assets"), "\n".join(f"{tag}  {name}" for _id, tag, name in person.assets)),
    )
    title = heading(person.name or _("(no name)"), "   ".join(marks), "$text-warning")
    own = own_facts(person.custom, utc_now(), every=True)
    wide = max([0, *(cell_len(fact.label) for fact in (*facts, *own) if fact.value)])
    own_title = heading(_("Fields of your own")) if own else Content("")
    return blocks(title, labelled(facts, wide), own_title, labelled(own, wide), sentence(person.notes))
