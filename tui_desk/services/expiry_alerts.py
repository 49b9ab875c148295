"""Telling agents of what ends: 90, 30 and 7 days before, each step once for each thing and date, whoever's clock finds it.

An alert is a row that is unique for thing, date and step, written while the row of the thing is locked: of two workers one writes it, and
only that one tells. What was missed while the desk stood still is not made up for: the nearest step is told. A moved date is told anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import exists
from sqlmodel import Session, col, select

from tui_desk.core.enums import AssetState, DocumentSubject, ExpiryKind, ExpiryMeaning, Role
from tui_desk.core.errors import NotFound
from tui_desk.core.safe_text import safe_line
from tui_desk.models import (
    Agent,
    Asset,
    Contract,
    ExpiryAlert,
    Invoice,
    Licence,
    Team,
    TeamMember,
)
from tui_desk.rules.expiry import contract_day, step_due, steps_of, windows
from tui_desk.services.actor import CLOCK
from tui_desk.services.context import known
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.document_subjects import find_subject, lock_subject
from tui_desk.services.expiry import UNPAID
from tui_desk.services.notify import notify
from tui_desk.services.rows import add_row
from tui_desk.services.settings_store import EXPIRY_TEAM, read_setting

AT_ONCE = 1_000
"""Things found in one go."""
TOGETHER = 100
"""Things told in one transaction, and in one notification where they end on the same day."""
CALENDAR = "expiry:"
"""The subject of a notification about several things: it leads to the calendar."""
_NAMED = 5
SUBJECTS = {
    ExpiryKind.WARRANTY: DocumentSubject.ASSET,
    ExpiryKind.LICENCE: DocumentSubject.LICENCE,
    ExpiryKind.CONTRACT: DocumentSubject.CONTRACT,
    ExpiryKind.INVOICE: DocumentSubject.INVOICE,
}
_KIND_OF_NOTICE = {
    ExpiryMeaning.ENDS: "expiry",
    ExpiryMeaning.NOTICE: "expiry_notice",
    ExpiryMeaning.RENEWS: "expiry_renews",
    ExpiryMeaning.DUE: "expiry_due",
}


@dataclass(frozen=True, slots=True, order=True)
class Ending:
    """A thing that is to be told of now. In this order things that are told together follow each other."""

    kind: ExpiryKind
    day: date
    step: int
    meaning: ExpiryMeaning
    id: int


def due(session: Session, now: datetime) -> list[Ending]:
    """What agents are to be told of today and were not; never writes. At most about :data:`AT_ONCE` of each kind and step."""
    today = desk_day(session, now)
    found = [
        *_ended(session, ExpiryKind.WARRANTY, Asset, Asset.warranty_until, today, _in_use()),
        *_ended(session, ExpiryKind.LICENCE, Licence, Licence.expires_on, today, _current(Licence)),
        *_ended(session, ExpiryKind.INVOICE, Invoice, Invoice.due_on, today, col(Invoice.state).in_(UNPAID)),
        *_contracts(session, today),
    ]
    return sorted(found)


def groups(endings: Iterable[Ending]) -> list[list[Ending]]:
    """Those that are told together: of one kind, one day and one step."""
    found: list[list[Ending]] = []
    for _key, same in groupby(endings, key=lambda one: (one.kind, one.day, one.step, one.meaning)):
        members = list(same)
        # the history of an invoice is its ticket's, and tickets are locked one at a time
        size = 1 if members[0].kind is ExpiryKind.INVOICE else TOGETHER
        found += [members[start : start + size] for start in range(0, len(members), size)]
    return found


def tell(session: Session, endings: Sequence[Ending], now: datetime) -> int:
    """Tell agents of things that end on one day. Answers how many of them there was still something to tell about."""
    today = desk_day(session, now)
    told = [(one, name) for one in endings if (name := _claimed(session, one, today, now)) is not None]
    if told:
        names = [name for _one, name in told]
        first = told[0][0]
        kind = "expiry_over" if first.day < today else _KIND_OF_NOTICE[first.meaning]
        subject = _thing(session, first) if len(told) == 1 else CALENDAR
        more = "" if len(names) <= _NAMED else f" … ({len(names)})"
        text = f"{first.day.isoformat()} {', '.join(names[:_NAMED])}{more}"
        for agent_id in _who(session):
            notify(session, CLOCK, agent_id, kind, now, subject=subject, text=text)
    return len(told)


def _thing(session: Session, one: Ending) -> str:
    """The thing that a notification leads to: of an invoice its purchase."""
    if one.kind is ExpiryKind.INVOICE:
        return f"{DocumentSubject.PURCHASE.value}:{session.get_one(Invoice, one.id).purchase_id}"
    return f"{SUBJECTS[one.kind].value}:{one.id}"


def _claimed(session: Session, one: Ending, today: date, now: datetime) -> str | None:
    """Write the alert of a thing, if it still ends then and nobody was quicker; answers what the thing is called."""
    kind = SUBJECTS[one.kind]
    try:
        subject = find_subject(session, kind, one.id)
    except NotFound:  # taken back since it was found
        return None
    lock_subject(session, subject)
    if _end_of(session, one, today) != (one.day, one.meaning):
        return None
    if step_due(one.day, today, one.meaning) != one.step:
        return None
    same = select(ExpiryAlert.id).where(*_told_of(kind.value, one.id, one.day, one.step))
    if session.exec(same).first() is not None:
        return None
    row = ExpiryAlert(subject=kind.value, subject_id=one.id, ends_on=one.day, days=one.step, at=now)
    add_row(session, CLOCK, subject.stream, row, now, name=f"{subject.name} {one.day.isoformat()}")
    return _called(session, one, subject.name)


def _called(session: Session, one: Ending, name: str) -> str:
    if one.kind is not ExpiryKind.WARRANTY:
        return name
    return safe_line(f"{name} {session.get_one(Asset, one.id).name}", 60)


def _end_of(session: Session, one: Ending, today: date) -> tuple[date, ExpiryMeaning] | None:
    """The end of a locked thing as it is now; None where it ends no more."""
    if one.kind is ExpiryKind.WARRANTY:
        asset = session.get_one(Asset, one.id)
        return _if_any(asset.warranty_until, asset.state != AssetState.RETIRED.value)
    if one.kind is ExpiryKind.LICENCE:
        licence = session.get_one(Licence, one.id)
        return _if_any(licence.expires_on, not licence.retired)
    if one.kind is ExpiryKind.INVOICE:
        invoice = session.get_one(Invoice, one.id)
        return _if_any(invoice.due_on, invoice.state in UNPAID, ExpiryMeaning.DUE)
    contract = session.get_one(Contract, one.id)
    if contract.retired or contract.ends_on is None:
        return None
    return contract_day(contract.ends_on, contract.notice_days, contract.renews, today)


def _if_any(
    day: date | None, current: bool, meaning: ExpiryMeaning = ExpiryMeaning.ENDS
) -> tuple[date, ExpiryMeaning] | None:
    return (day, meaning) if day is not None and current else None


def _in_use() -> Any:
    return col(Asset.state) != AssetState.RETIRED.value


def _current(model: type[Licence] | type[Contract]) -> Any:
    return col(model.retired).is_(False)


def _told_of(subject: str, subject_id: Any, day: Any, step: int) -> tuple[Any, ...]:
    """An alert of that step, or of a nearer one."""
    return (
        ExpiryAlert.subject == subject,
        ExpiryAlert.subject_id == subject_id,
        ExpiryAlert.ends_on == day,
        ExpiryAlert.days <= step,
    )


def _ended(
    session: Session, kind: ExpiryKind, model: Any, day: Any, today: date, current: Any
) -> Iterable[Ending]:
    meaning = ExpiryMeaning.DUE if kind is ExpiryKind.INVOICE else ExpiryMeaning.ENDS
    for step, first, last in windows(today, steps_of(meaning)):
        told = exists().where(*_told_of(SUBJECTS[kind].value, model.id, day, step))
        statement = (
            select(model.id, day)
            .where(day >= first, day <= last, current, ~told)
            .order_by(day, model.id)
            .limit(AT_ONCE)
        )
        for row_id, ends_on in session.execute(statement):
            yield Ending(kind, ends_on, step, meaning, known(row_id))


def _contracts(session: Session, today: date) -> Iterable[Ending]:
    """Few rows: the day that counts depends on today."""
    first = min(first for _step, first, _last in windows(today))
    statement = select(
        col(Contract.id), col(Contract.ends_on), col(Contract.notice_days), col(Contract.renews)
    )
    rows = session.exec(statement.where(col(Contract.ends_on) >= first, _current(Contract))).all()
    found = []
    for row_id, ends_on, notice_days, renews in rows:
        if ends_on is None:
            continue
        day, meaning = contract_day(ends_on, notice_days, renews, today)
        step = step_due(day, today, meaning)
        if step is not None:
            found.append(Ending(ExpiryKind.CONTRACT, day, step, meaning, known(row_id)))
    told = session.execute(
        select(col(ExpiryAlert.subject_id), col(ExpiryAlert.ends_on), col(ExpiryAlert.days)).where(
            ExpiryAlert.subject == DocumentSubject.CONTRACT.value, col(ExpiryAlert.ends_on) >= first
        )
    ).all()
    nearest: dict[tuple[int, date], int] = {}
    for row_id, day, days in told:
        nearest[(row_id, day)] = min(days, nearest.get((row_id, day), days))
    return [one for one in found if nearest.get((one.id, one.day), one.step + 1) > one.step][:AT_ONCE]


def _who(session: Session) -> list[int]:
    """The active agents of the desk's team for this; where it names none, supervisors and admins."""
    active = select(Agent.id).where(col(Agent.active)).order_by(col(Agent.id))
    team = str(read_setting(session, EXPIRY_TEAM) or "")
    if team:
        members = session.exec(
            active.join(TeamMember, col(TeamMember.agent_id) == Agent.id)
            .join(Team, col(Team.id) == TeamMember.team_id)
            .where(Team.name == team)
        ).all()
        if members:
            return [known(one) for one in members]
    chiefs = (Role.SUPERVISOR.value, Role.ADMIN.value)
    return [known(one) for one in session.exec(active.where(col(Agent.role).in_(chiefs)))]
