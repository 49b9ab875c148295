"""What a query may name on this desk, wherever one types one: in the filter line, on the ``:`` line, in a dialog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tui_desk.contracts.custom_fields import ListFields, known
from tui_desk.contracts.views import FilterNames, ShowFilterNames
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldSubject
from tui_desk.rules.own_query import KnownField
from tui_desk.rules.query_completion import Completion, complete
from tui_desk.rules.query_fields import Names
from tui_desk.screens.filter_help import FilterHelp, filter_help, filter_keys

if TYPE_CHECKING:
    from tui_desk.screens.base import BaseScreen


@dataclass(frozen=True, slots=True)
class QueryNames:
    """Names, earlier queries, and fields of your own."""

    names: FilterNames
    own: Mapping[str, KnownField]

    @property
    def rule_names(self) -> Names:
        names = self.names
        return Names(names.agents, names.teams, names.categories, names.tags, names.domains, names.assets)

    def completion(self, typed: str) -> Completion:
        """What the last word may go on as."""
        return complete(typed, len(typed), self.rule_names, self.own)

    def help(self, typed: str, *, finished: bool = False) -> FilterHelp:
        """What fits, or which word makes no sense; unless it is ``finished``, the last one is still being typed."""
        found = filter_help(typed, None if finished else len(typed), self.rule_names, self.own, utc_now())
        return found if found.sentence != filter_keys() else found._replace(sentence="")


class Tabbed(NamedTuple):
    """What Tab has made of a query: ``text``, with the option ``at`` of ``found`` put into ``before``."""

    text: str = ""
    before: str = ""
    found: Completion | None = None
    at: int = 0


def next_of(known: QueryNames, typed: str, last: Tabbed) -> Tabbed:
    """``typed`` with its last word completed; where that was done by Tab already (``last``), the next option."""
    if last.found is not None and typed == last.text:
        before, found, at = last.before, last.found, last.at + 1
    else:
        before, found, at = typed, known.completion(typed), 0
    if not found.options:
        return Tabbed(typed)
    at %= len(found.options)
    text = before[: found.start] + found.options[at] + before[found.end :]
    only_a_field = len(found.options) == 1 and found.options[0].endswith(":")
    return Tabbed(text) if only_a_field else Tabbed(text, before, found, at)


async def query_names(screen: BaseScreen) -> QueryNames:
    """As the desk has them now. Raises DeskError."""
    own = known(await screen.ask(ListFields(FieldSubject.TICKET, inactive=True, past=True)))
    return QueryNames(await screen.ask(ShowFilterNames()), own)
