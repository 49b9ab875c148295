"""Whether a query names what there is: in a script a misspelt word must not look like an empty desk.

The filter line of the interface is read while it is typed, so there the same words match nothing, without a complaint.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui_desk.cli.invocation import Invocation
from tui_desk.contracts.custom_fields import ListFields, known
from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.contracts.tickets import ListCategories
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.own_query import may_name_fields
from tui_desk.rules.query import FIELDS, TicketQuery, allowed_values, fold, parse_query


def check_query(run: Invocation, text: str) -> None:
    """Raises UsageError for a field or value that does not exist, NotFound for an agent, team or category."""
    fields = (
        run.ask(ListFields(FieldSubject.TICKET, inactive=True, past=True)) if may_name_fields(text) else ()
    )
    query = parse_query(text, known(fields), utc_now())
    for wrong in query.wrong:
        raise UsageError(f"{wrong.word}: {wrong.sentence}", wrong.hint)
    if query.other_fields:
        raise UsageError(
            _("“{name}” is no field of a ticket.").format(name=query.other_fields[0]),
            _("Fields: {names}. To look for the words themselves, put them into quotes.").format(
                names=", ".join((*FIELDS, *(field.name for field in fields)))
            ),
        )
    for word in query.unknown:
        field, _colon, value = word.partition(":")
        raise UsageError(
            _("“{value}” is no {name}.").format(value=value, name=field),
            _("Allowed: {allowed}.").format(allowed=", ".join(allowed_values(field))),
        )
    _check_agents(run, _values(query, "assignee") - {"me", "none"})
    _check_teams(run, _values(query, "team") - {"none"})
    _check_categories(run, _values(query, "category"))


def _values(query: TicketQuery, field: str) -> set[str]:
    return {value for term in query.fields if term.field == field for value in term.values}


def _missing(wanted: set[str], names: Iterable[str]) -> str:
    """The first wanted name that is not there; both are compared without case and accents."""
    return min(wanted - {fold(name) for name in names}, default="")


def _check_agents(run: Invocation, wanted: set[str]) -> None:
    missing = _missing(wanted, (agent.login for agent in run.ask(ListAgents(True)))) if wanted else ""
    if missing:
        raise NotFound(
            _("There is no agent “{login}”.").format(login=missing), _("See: tui-desk agent list --all")
        )


def _check_teams(run: Invocation, wanted: set[str]) -> None:
    missing = _missing(wanted, (team.name for team in run.ask(ListTeams()))) if wanted else ""
    if missing:
        raise NotFound(_("There is no team “{name}”.").format(name=missing), _("See: tui-desk team list"))


def _check_categories(run: Invocation, wanted: set[str]) -> None:
    missing = _missing(wanted, (one.path for one in run.ask(ListCategories()))) if wanted else ""
    if missing:
        raise NotFound(
            _("There is no category “{name}”.").format(name=missing), _("See: tui-desk category list")
        )
