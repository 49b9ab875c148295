"""Who decides approvals while somebody is away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from textual.content import Content

from tui_desk.actions.administration import FORM
from tui_desk.actions.approvals import SUBSTITUTES
from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.inventory import DETAILS
from tui_desk.contracts.approvals import AddSubstitute, ListSubstitutes, RemoveSubstitute, SubstituteView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.screens.browse import BrowseScreen
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.field_problems import date_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, TableRow


class SubstitutesScreen(BrowseScreen[SubstituteView]):
    """Absences that are not over, by their first day."""

    scopes = (SUBSTITUTES, DETAILS, LIST, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Approvals')} › {_('Substitutes')}"

    def columns(self) -> tuple[Column, ...]:
        return (
            Column("person", _("Away"), 16, flex=2),
            Column("substitute", _("Substitute"), 16, flex=2),
            Column("from", _("From"), 10),
            Column("until", _("Until"), 10),
            Column("note", _("Note"), 12, flex=2, priority=1),
        )

    async def read(self) -> Sequence[SubstituteView]:
        return await self.ask(ListSubstitutes())

    def row(self, item: SubstituteView) -> TableRow:
        look = "strong" if item.now else ""
        return TableRow(
            item.id,
            (
                Cell(item.person, look),
                Cell(item.substitute, look),
                item.from_on.isoformat(),
                item.until_on.isoformat(),
                Cell(item.note, "muted"),
            ),
            anchor=item.id,
        )

    def describe(self, item: SubstituteView) -> Content:
        facts = (
            Fact(_("Away"), item.person_address),
            Fact(_("Substitute"), item.substitute_address),
            Fact(_("Days"), f"{item.from_on.isoformat()} – {item.until_on.isoformat()}"),
        )
        state = _("now") if item.now else ""
        return blocks(
            heading(f"{item.person} → {item.substitute}", state), labelled(facts), sentence(item.note)
        )

    def empty_text(self) -> str:
        return _("Nobody is away. N says who decides in your place while you are.")

    def do_add_substitute(self, argument: str) -> None:
        self.app.push_screen(SubstituteFormScreen())

    async def do_remove_substitute(self, argument: str) -> None:
        item = self.current()
        if item is None:
            raise UsageError(_("Nothing is selected."))
        question = _("{substitute} decides no more for {person}?").format(
            substitute=item.substitute, person=item.person
        )
        if await self.confirm(question, "", _("Remove")):
            await self.ask(RemoveSubstitute(item.id))
            self.gone()


class SubstituteFormScreen(FormScreen):
    """Names one."""

    scopes = (FORM, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Substitutes')} › {_('New')}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field(
                "person",
                _("Away"),
                help=_("Who is away: an address, a login or a name. A supervisor may name anybody."),
            ),
            Field(
                "substitute", _("Substitute"), help=_("Who decides meanwhile: an address, a login or a name.")
            ),
            Field(
                "from_on",
                _("From"),
                help=_("The first day: year-month-day."),
                placeholder="2026-12-20",
                width=12,
            ),
            Field(
                "until_on",
                _("Until"),
                help=_("The last day: year-month-day."),
                placeholder="2027-01-06",
                width=12,
            ),
            Field("note", _("Note"), help=_("Anything worth knowing.")),
        )

    async def initial(self) -> Mapping[str, str]:
        agent = self.host.agent
        today = self.host.options.clock().astimezone().date().isoformat()
        return {"person": agent.login if agent is not None else "", "from_on": today}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {name: "" if values[name].strip() else _("Who?") for name in ("person", "substitute")}
        for name in ("from_on", "until_on"):
            found[name] = date_problem(values[name].strip()) if values[name].strip() else _("Which day?")
        if (
            not found["from_on"]
            and not found["until_on"]
            and values["until_on"].strip() < values["from_on"].strip()
        ):
            found["until_on"] = _("An absence ends on or after the day it begins.")
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        saved = await self.ask(
            AddSubstitute(
                values["person"],
                values["substitute"],
                date.fromisoformat(values["from_on"].strip()),
                date.fromisoformat(values["until_on"].strip()),
                values["note"],
            )
        )
        return _("{substitute} decides for {person}.").format(
            substitute=saved.substitute, person=saved.person
        )
