"""Steps kept under a name, and who decides in whose place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.approvals import (
    AddSubstitute,
    ChainView,
    ListChains,
    ListSubstitutes,
    RemoveChain,
    RemoveSubstitute,
    SaveChain,
    StepInput,
    SubstituteView,
)
from tui_desk.core.enums import Role
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import ApprovalChain, CostCentre, Person, Substitute
from tui_desk.rules import approvals as rules
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.approval_content import checked_amount
from tui_desk.services.approval_people import address_of, person_named, person_of_agent
from tui_desk.services.context import known, now, require
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.fields import requester_label
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting

NAME_LIMIT = 80
LONGEST_ABSENCE = 3_660
_DESK = "desk"


# Substitutes


def list_substitutes(session: Session, actor: Actor, request: ListSubstitutes) -> tuple[SubstituteView, ...]:
    """Absences from today on by their first day; with ``past`` all."""
    require(actor, Permission.VIEW)
    today = desk_day(session, now(session))
    statement = select(Substitute).order_by(col(Substitute.from_on), col(Substitute.id))
    if not request.past:
        statement = statement.where(Substitute.until_on >= today)
    return tuple(_substitute(session, row, today) for row in session.exec(statement))


def _substitute(session: Session, row: Substitute, today: date) -> SubstituteView:
    return SubstituteView(
        id=known(row.id),
        person=safe_line(requester_label(session, session.get_one(Person, row.person_id))),
        person_address=visible_address(address_of(session, row.person_id)),
        substitute=safe_line(requester_label(session, session.get_one(Person, row.substitute_id))),
        substitute_address=visible_address(address_of(session, row.substitute_id)),
        from_on=row.from_on,
        until_on=row.until_on,
        note=safe_line(row.note),
        now=rules.is_away(today, row.from_on, row.until_on),
    )


def add_substitute(session: Session, actor: Actor, request: AddSubstitute) -> SubstituteView:
    """Say who decides while somebody is away: for oneself, or as a supervisor or an admin for anybody.

    Raises UsageError (days, the same person), NotFound, Refused.
    """
    require(actor, Permission.CHANGE_TICKETS)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    at = now(session)
    if request.until_on < request.from_on:
        raise UsageError(_("An absence ends on or after the day it begins."))
    if (request.until_on - request.from_on).days > LONGEST_ABSENCE or request.until_on < desk_day(
        session, at
    ):
        raise UsageError(_("An absence is not over yet, and lasts ten years at most."))
    person, _address = person_named(session, request.person, at)
    substitute, _theirs = person_named(session, request.substitute, at)
    if person.id == substitute.id:
        raise UsageError(_("Nobody is their own substitute."))
    _own_or_supervisor(session, actor, known(person.id))
    row = Substitute(
        person_id=known(person.id),
        substitute_id=known(substitute.id),
        from_on=request.from_on,
        until_on=request.until_on,
        note=safe_line(request.note, 200).strip(),
    )
    add_row(session, actor, _DESK, row, at, name=_row_name(session, row))
    return _substitute(session, row, desk_day(session, at))


def remove_substitute(session: Session, actor: Actor, request: RemoveSubstitute) -> None:
    """Take a substitute away, also in the midst of the absence. Raises NotFound, Refused."""
    require(actor, Permission.CHANGE_TICKETS)
    locked_setting(session, DESK_NAME)
    row = session.exec(select(Substitute).where(Substitute.id == request.id).with_for_update()).first()
    if row is None:
        raise NotFound(
            _("There is no substitute {id}.").format(id=request.id),
            _("tui-desk substitute list shows those there are."),
        )
    _own_or_supervisor(session, actor, row.person_id)
    remove_row(session, actor, _DESK, row, now(session), name=_row_name(session, row))


def _row_name(session: Session, row: Substitute) -> str:
    person, other = (
        requester_label(session, session.get_one(Person, one)) for one in (row.person_id, row.substitute_id)
    )
    return f"{person} → {other}"


def _own_or_supervisor(session: Session, actor: Actor, person_id: int) -> None:
    """Who could name a substitute for anybody could decide everything."""
    if actor.agent_id is None or actor.role in (Role.ADMIN, Role.SUPERVISOR):
        return
    if person_of_agent(session, actor.agent_id) != person_id:
        raise Refused(
            _("You may name who decides in your own place, not in somebody else's."),
            _("A supervisor or an admin may do that."),
        )


# Chains


def list_chains(session: Session, actor: Actor, request: ListChains) -> tuple[ChainView, ...]:
    """Kept steps by name."""
    require(actor, Permission.VIEW)
    statement = select(ApprovalChain).order_by(func.lower(ApprovalChain.name))
    if not request.include_inactive:
        statement = statement.where(col(ApprovalChain.active))
    return tuple(_chain(session, row) for row in session.exec(statement))


def _chain(session: Session, row: ApprovalChain) -> ChainView:
    centre = session.get(CostCentre, row.cost_centre_id) if row.cost_centre_id is not None else None
    return ChainView(
        id=known(row.id),
        name=safe_line(row.name),
        steps=steps_from(row.steps),
        above=row.above,
        currency=safe_line(row.currency),
        cost_centre=safe_line(centre.code) if centre is not None else "",
        active=row.active,
        version=row.version,
    )


def steps_from(stored: Sequence[Any]) -> tuple[StepInput, ...]:
    """The steps of a chain as they are kept, as somebody would write them."""
    return tuple(
        StepInput(tuple(map(str, step["approvers"])), str(step.get("mode", "any")), step.get("due_days"))
        for step in stored
    )


def steps_of_chain(session: Session, name: str) -> tuple[StepInput, ...]:
    """The steps kept under a name (any case). Raises NotFound."""
    return steps_from(_named(session, name).steps)


def _named(session: Session, name: str) -> ApprovalChain:
    row = session.exec(
        select(ApprovalChain).where(same_name(ApprovalChain.name, name.strip())).with_for_update()
    ).first()
    if row is None:
        raise NotFound(
            _("There is no approval chain “{name}”.").format(name=safe_line(name)),
            _("tui-desk approval chain list shows those there are."),
        )
    return row


def save_chain(session: Session, actor: Actor, request: SaveChain) -> ChainView:
    """Keep steps, or change those of that name. Raises UsageError, NotFound (approver, cost centre), Refused."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)
    at = now(session)
    name = safe_line(request.name, NAME_LIMIT).strip()
    if not name:
        raise UsageError(_("A chain needs a name."))
    above, currency = checked_amount(request.above, request.currency)
    values: dict[str, Any] = {
        "steps": _checked_steps(session, request),
        "above": above,
        "currency": currency,
        "cost_centre_id": _cost_centre(session, request.cost_centre),
        "active": request.active,
    }
    row = session.exec(
        select(ApprovalChain).where(same_name(ApprovalChain.name, name)).with_for_update()
    ).first()
    if row is None:
        row = ApprovalChain(name=name, **values)
        add_row(session, actor, _DESK, row, at, name=name)
    else:
        change_row(session, actor, _DESK, row, values, at, name=row.name)
    return _chain(session, row)


def _checked_steps(session: Session, request: SaveChain) -> list[dict[str, Any]]:
    at = now(session)
    if not request.steps:
        raise UsageError(_("An approval needs a step: who decides?"))
    stored: list[dict[str, Any]] = []
    for step in request.steps:
        if step.mode not in (rules.ANY, rules.ALL) or not step.approvers:
            raise UsageError(_("A step names any or all, and its approvers."))
        if step.due_on is not None:
            raise UsageError(_("A kept step is due after some days, not on a day."))
        named = [person_named(session, text, at)[1] for text in step.approvers]
        stored.append({"mode": step.mode, "approvers": list(dict.fromkeys(named)), "due_days": step.due_days})
    return stored


def _cost_centre(session: Session, code: str) -> int | None:
    if not code.strip():
        return None
    found = session.exec(select(CostCentre.id).where(same_name(CostCentre.code, code.strip()))).first()
    if found is None:
        raise NotFound(_("There is no cost centre {code}.").format(code=safe_line(code)))
    return found


def remove_chain(session: Session, actor: Actor, request: RemoveChain) -> None:
    """Forget steps; approvals that were asked with them go on. Raises NotFound."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)
    row = _named(session, request.name)
    remove_row(session, actor, _DESK, row, now(session), name=row.name)
