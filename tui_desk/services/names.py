"""What rows are called: agents, people, teams, tasks… read at once for many events, so that a history names nobody by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from sqlmodel import Session, SQLModel, col, select

from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Agent, PersonAddress
from tui_desk.models.base import table_of
from tui_desk.services.context import known
from tui_desk.services.rows import model_named

Names = Mapping[tuple[str, int], str]
"""What rows are called, by table and id."""
_CALLED = {
    "agent": ("name", "login"),
    "person": ("name",),
    "team": ("name",),
    "category": ("path",),
    "task": ("title",),
    "activity": ("name",),
    "checklist": ("name",),
    "checklist_item": ("title",),
    "supplier": ("name",),
    "cost_centre": ("code",),
    "licence": ("name",),
    "asset": ("tag",),
    "organization": ("name",),
    "contract": ("name",),
    "custom_field": ("label",),
    "purchase": ("title",),
    "purchase_line": ("article",),
    "approval": ("title",),
    "invoice": ("number",),
}
"""The columns that name a row, the first that holds something."""


def agent_names(session: Session, ids: set[int | None]) -> dict[int, str]:
    """What agents are called, by id."""
    wanted = [one for one in ids if one is not None]
    if not wanted:
        return {}
    rows = session.exec(select(Agent.id, Agent.name, Agent.login).where(col(Agent.id).in_(wanted)))
    return {known(row_id): name or login for row_id, name, login in rows}


def names_for(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What those rows are called now; one question a table. Rows that are gone, or have no name, are left out."""
    ids: dict[str, set[int]] = defaultdict(set)
    for table, row_id in wanted:
        ids[table].add(row_id)
    found: dict[tuple[str, int], str] = {}
    for table, rows in ids.items():
        if table in _CALLED:
            found.update(_read(session, table, rows))
    nameless = {row_id for row_id in ids.get("person", ()) if not found.get(("person", row_id))}
    if nameless:
        addresses = select(PersonAddress.person_id, PersonAddress.address)
        for person, address in session.exec(addresses.where(col(PersonAddress.person_id).in_(nameless))):
            found.setdefault(("person", person), visible_address(address))
    return found


def _read(session: Session, table: str, ids: set[int]) -> dict[tuple[str, int], str]:
    model: type[SQLModel] = model_named(table)
    all_columns = table_of(model).columns
    named = [all_columns[column] for column in _CALLED[table]]
    rows = session.execute(select(all_columns["id"], *named).where(all_columns["id"].in_(ids)))
    called = {(table, int(row[0])): safe_line(next((one for one in row[1:] if one), "")) for row in rows}
    return {key: name for key, name in called.items() if name}
