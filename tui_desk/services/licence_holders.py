"""What a person or an asset has a seat of, and which of it ends; read by whoever shows one of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.licences import HeldLicence
from tui_desk.core.enums import ExpiryState
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, Licence, LicenceSeat
from tui_desk.rules.terms import ENDS_SOON_DAYS, expiry_state
from tui_desk.services.context import known, now
from tui_desk.services.desk_zone import desk_day


def today_of(session: Session) -> date:
    """The day it is at the desk."""
    return desk_day(session, now(session))


def summary_of(session: Session, person_id: int) -> tuple[tuple[int, str, ExpiryState, str], ...]:
    """The licences of a person and of the assets they own, as ``PersonView`` has them."""
    found = held_by(session, person_id, today_of(session))
    return tuple((one.id, one.name, one.expiry, one.via) for one in found)


def held_by(session: Session, person_id: int, today: date) -> tuple[HeldLicence, ...]:
    """The licences of a person and of the assets they own."""
    owned = session.exec(select(Asset.id).where(Asset.owner_id == person_id)).all()
    return held(session, [known(one) for one in owned], person_id, today)


def expiring_for(
    session: Session, asset_ids: Collection[int], person_id: int | None, on: date
) -> tuple[HeldLicence, ...]:
    """Of the licences that these assets and this person have seats of, those that are over on the day ``on`` or end soon after it,
    the earliest end first. ``expiry`` says which."""
    found = {one.id: one for one in held(session, asset_ids, person_id, on) if one.expires_on is not None}
    near = [one for one in found.values() if (one.expires_on or on) <= on + timedelta(days=ENDS_SOON_DAYS)]
    return tuple(sorted(near, key=lambda one: (one.expires_on or on, one.name)))


def held(
    session: Session, asset_ids: Collection[int], person_id: int | None, today: date
) -> tuple[HeldLicence, ...]:
    """What these assets and this person have seats of, by name. ``today`` decides what is over."""
    who: list[ColumnElement[bool]] = [col(LicenceSeat.asset_id).in_(asset_ids)] if asset_ids else []
    if person_id is not None:
        who.append(col(LicenceSeat.person_id) == person_id)
    if not who:
        return ()
    rows = session.exec(
        select(Licence, Asset.tag)
        .join(LicenceSeat, col(LicenceSeat.licence_id) == Licence.id)
        .outerjoin(Asset, col(Asset.id) == LicenceSeat.asset_id)
        .where(or_(*who), col(LicenceSeat.released_at).is_(None), col(Licence.retired).is_(False))
        .order_by(func.lower(Licence.name), func.coalesce(Asset.tag, ""))
    ).all()
    return tuple(
        HeldLicence(
            known(row.id),
            safe_line(row.name),
            safe_line(row.product),
            row.expires_on,
            expiry_state(row.expires_on, today),
            safe_line(tag or ""),
        )
        for row, tag in rows
    )
