"""Checklists: made by supervisors, applied to tickets by hand. See ``services.checklist_rows`` for those a category brings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.tasks import (
    ApplyChecklist,
    ChecklistItemView,
    ChecklistView,
    ListChecklists,
    RemoveChecklist,
    RowChanged,
    SaveChecklist,
    ShowChecklist,
)
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Agent, Category, Checklist, ChecklistItem, Task, Team
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, team_named
from tui_desk.services.categories import category_for
from tui_desk.services.checklist_rows import TAKEN_OUT, items_of, put_items
from tui_desk.services.context import known, now, require, ticket_to_work_on
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.task_rows import TASKS_LIMIT, clean_notes, clean_title
from tui_desk.services.versions import check_version

STREAM = "desk"
NAME_LIMIT = 80
DAYS_LIMIT = 3_650


def list_checklists(session: Session, actor: Actor, request: ListChecklists) -> tuple[ChecklistView, ...]:
    """By name, the ones that are set aside only when asked for."""
    require(actor, Permission.VIEW)
    statement = select(Checklist).order_by(func.lower(Checklist.name))
    if not request.inactive:
        statement = statement.where(col(Checklist.active).is_(True))
    return tuple(_view(session, row) for row in session.exec(statement).all())


def show_checklist(session: Session, actor: Actor, request: ShowChecklist) -> ChecklistView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return _view(session, _named(session, request.name))


def save_checklist(session: Session, actor: Actor, request: SaveChecklist) -> ChecklistView:
    """Make or change one. Raises NotFound (agent, team), UsageError, Refused (the name is taken), Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    at = now(session)
    name = safe_line(request.name, NAME_LIMIT).strip()
    if not name:
        raise UsageError(_("A checklist needs a name."))
    taken = session.exec(select(Checklist).where(same_name(Checklist.name, name))).first()
    if taken is not None and taken.id != request.id:
        raise Refused(
            _("There is a checklist “{name}” already.").format(name=safe_line(taken.name)),
            "" if taken.active else _("It is set aside; make it active again instead."),
        )
    items = [_checked_item(session, actor, item) for item in request.items]
    if len(items) > TASKS_LIMIT // 5:
        raise UsageError(_("A checklist has at most {count} tasks.").format(count=TASKS_LIMIT // 5))
    category = category_for(session, actor, request.category) if request.category.strip() else None
    category_id = category.id if category else None
    values = {"name": name, "category_id": category_id, "active": request.active}
    if request.id is None:
        row = Checklist(name=name, category_id=category_id, active=request.active)
        add_row(session, actor, STREAM, row, at, name=name)
    else:
        row = _locked(session, request.id)
        check_version(session, row, request.version, values, row.name, STREAM)
        change_row(session, actor, STREAM, row, values, at, name=row.name)
    _store_items(session, actor, row, items, at)
    return _view(session, row)


def _checked_item(session: Session, actor: Actor, item: ChecklistItemView) -> dict[str, Any]:
    days = item.due_after_days
    if days is not None and not 0 <= days <= DAYS_LIMIT:
        raise UsageError(_("A task is due 0 to {count} days after.").format(count=DAYS_LIMIT))
    return {
        "id": item.id,
        "title": clean_title(item.title),
        "notes": clean_notes(item.notes),
        "assignee_id": known(agent_for_work(session, actor, item.assignee).id) if item.assignee else None,
        "team_id": known(team_named(session, item.team).id) if item.team else None,
        "due_after_days": days,
        "blocking": item.blocking,
    }


def _store_items(
    session: Session, actor: Actor, row: Checklist, wanted: Sequence[dict[str, Any]], at: datetime
) -> None:
    """Items are recognised by id, else by title; those not named any more are taken out, never deleted: tasks name them."""
    present = items_of(session, known(row.id))
    by_id, by_title = {item.id: item for item in present}, {item.title: item for item in present}
    kept: set[int | None] = set()
    changed = False
    for position, values in enumerate(wanted):
        item = by_id.get(values.pop("id")) or by_title.get(values["title"])
        if item is None or item.id in kept:
            item = ChecklistItem(checklist_id=known(row.id), position=position, **values)
            changed |= bool(add_row(session, actor, STREAM, item, at, name=item.title))
        else:
            new = {**values, "position": position}
            changed |= bool(change_row(session, actor, STREAM, item, new, at, name=item.title))
        kept.add(item.id)
    for item in present:
        if item.id not in kept:
            out = {"position": TAKEN_OUT}
            changed |= bool(change_row(session, actor, STREAM, item, out, at, name=item.title))
    if changed:
        row.version += 1
        session.add(row)
        session.flush()


def remove_checklist(session: Session, actor: Actor, request: RemoveChecklist) -> str:
    """Set it aside: it is offered and applied no more; what came from it stays. Raises NotFound."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)
    row = _named(session, request.name)
    change_row(session, actor, STREAM, row, {"active": False}, now(session), name=row.name)
    return _("The checklist {name} is set aside; tasks that came from it stay.").format(
        name=safe_line(row.name)
    )


def apply_checklist(session: Session, actor: Actor, request: ApplyChecklist) -> RowChanged:
    """Put its tasks on a ticket by hand. Raises NotFound, Refused (all of them are there)."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_work_on(session, request.number)
    row = _named(session, request.name)
    if not row.active:
        raise Refused(_("The checklist {name} is set aside.").format(name=safe_line(row.name)))
    items = items_of(session, known(row.id))
    if not items:
        raise Refused(_("The checklist {name} has no tasks yet.").format(name=safe_line(row.name)))
    there = set(session.exec(select(Task.checklist_item_id).where(Task.ticket_id == request.number)))
    lacking = [item for item in items if item.id not in there]
    if not lacking:
        raise Refused(
            _("All tasks of {name} are on #{number} already.").format(
                name=safe_line(row.name), number=request.number
            )
        )
    events = put_items(session, actor, ticket, lacking, now(session))
    text = ngettext(
        "#{number} · {name}: {count} task added", "#{number} · {name}: {count} tasks added", len(lacking)
    ).format(number=request.number, name=safe_line(row.name), count=len(lacking))
    return RowChanged(request.number, tuple(events), text, known(row.id))


def _named(session: Session, name: str) -> Checklist:
    row = session.exec(select(Checklist).where(same_name(Checklist.name, name.strip()))).first()
    if row is None:
        raise NotFound(
            _("There is no checklist “{name}”.").format(name=safe_line(name, 80)),
            _("tui-desk checklist list shows those there are."),
        )
    return row


def _locked(session: Session, checklist_id: int) -> Checklist:
    row = session.exec(select(Checklist).where(Checklist.id == checklist_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no checklist {id}.").format(id=checklist_id))
    return row


def _view(session: Session, row: Checklist) -> ChecklistView:
    category = session.get(Category, row.category_id) if row.category_id else None
    items = items_of(session, known(row.id))
    agents, teams = _names(session, items)
    return ChecklistView(
        id=known(row.id),
        name=safe_line(row.name),
        category=safe_line(category.path) if category else "",
        active=row.active,
        items=tuple(
            ChecklistItemView(
                title=safe_line(item.title),
                notes=safe_block(item.notes),
                assignee=agents.get(item.assignee_id, ""),
                team=teams.get(item.team_id, ""),
                due_after_days=item.due_after_days,
                blocking=item.blocking,
                id=item.id,
            )
            for item in items
        ),
        version=row.version,
    )


def _names(
    session: Session, items: Sequence[ChecklistItem]
) -> tuple[dict[int | None, str], dict[int | None, str]]:
    agents = select(Agent.id, Agent.login).where(col(Agent.id).in_({item.assignee_id for item in items}))
    teams = select(Team.id, Team.name).where(col(Team.id).in_({item.team_id for item in items}))
    return (
        {key: safe_line(login) for key, login in session.exec(agents)},
        {key: safe_line(name) for key, name in session.exec(teams)},
    )
