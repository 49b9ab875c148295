"""Whether a query names what there is: in a script a misspelt word must not look like an empty desk."""

from __future__ import annotations

from tui_desk.cli.invocation import Invocation
from tui_desk.contracts.custom_fields import ListFields, known
from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.contracts.tickets import ListCategories
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.rules.own_query import may_name_fields
from tui_desk.rules.query import parse_query
from tui_desk.rules.query_fields import Names
from tui_desk.rules.query_terms import Problem


def check_query(run: Invocation, text: str) -> None:
    """Raises UsageError for a field, value or span that makes no sense, NotFound for an agent, team or category that does not exist."""
    if not may_name_fields(text):
        return
    fields = run.ask(ListFields(FieldSubject.TICKET, inactive=True, past=True))
    names = Names(
        agents=tuple(agent.login for agent in run.ask(ListAgents(True))),
        teams=tuple(team.name for team in run.ask(ListTeams())),
        categories=tuple(one.path for one in run.ask(ListCategories())),
    )
    query = parse_query(text, known(fields), utc_now(), names)
    for problem in query.problems:
        raise _told(problem)


def _told(problem: Problem) -> UsageError | NotFound:
    if problem.kind == "name":
        return NotFound(problem.sentence, problem.hint)
    sentence = problem.sentence
    if problem.kind in ("own", "span"):
        sentence = f"{problem.word}: {sentence}"
    return UsageError(sentence, problem.hint)
