"""Leases: the right to do a piece of work alone, for a while.

A lease is a row with an expiry and an epoch. Taking it over raises the epoch, so a holder that slept too long finds out
when it renews, and its writes can be refused by comparing the epoch in the same transaction.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, update
from sqlmodel import Session, col, select

from tui_desk.core.errors import Conflict
from tui_desk.core.i18n import _
from tui_desk.models import Lease
from tui_desk.models.base import table_of


@dataclass(frozen=True, slots=True)
class HeldLease:
    name: str
    holder: str
    epoch: int


_TABLE: Final = table_of(Lease)
_RENEW: Final = (
    _TABLE.update()
    .where(
        _TABLE.c.name == bindparam("its_name"),
        _TABLE.c.holder == bindparam("its_holder"),
        _TABLE.c.epoch == bindparam("its_epoch"),
    )
    .values(expires_at=bindparam("until"))
)


def acquire(session: Session, name: str, holder: str, now: datetime, seconds: int = 30) -> HeldLease | None:
    """Take the lease, or renew it when ``holder`` has it; None when somebody else does. In a writing session."""
    expires = now + timedelta(seconds=seconds)
    row = session.exec(select(Lease).where(Lease.name == name).with_for_update()).first()
    if row is None:
        created = Lease(name=name, holder=holder, epoch=1, expires_at=expires)
        session.add(created)
        session.flush()
        return HeldLease(name, holder, 1)
    if row.holder == holder:
        row.expires_at = expires
    elif row.expires_at <= now:
        row.holder, row.epoch, row.expires_at = holder, row.epoch + 1, expires
    else:
        return None
    session.add(row)
    return HeldLease(name, holder, row.epoch)


def renew(session: Session, lease: HeldLease, now: datetime, seconds: int = 30) -> None:
    """Keep the lease, and prove in this transaction that it is still ours. Raises Conflict when it is not."""
    values = {
        "its_name": lease.name,
        "its_holder": lease.holder,
        "its_epoch": lease.epoch,
        "until": now + timedelta(seconds=seconds),
    }
    done = session.connection().execute(_RENEW, values)
    if done.rowcount != 1:
        raise Conflict(_("Another process has taken over the work on {name}.").format(name=lease.name))


def release(session: Session, lease: HeldLease, now: datetime) -> None:
    """Give it back at once, so that another may take it without waiting."""
    session.exec(update(Lease).where(*_still_ours(lease)).values(expires_at=now))


def _still_ours(lease: HeldLease) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Lease.name) == lease.name,
        col(Lease.holder) == lease.holder,
        col(Lease.epoch) == lease.epoch,
    )
