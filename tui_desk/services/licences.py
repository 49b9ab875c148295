"""Software licences: kept, searched, retired; what a person or an asset has, and which of it ends.

Over-use (more seats in use than there are) can come from a lowered number or a supervisor's word; it is shown, never repaired in silence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.licences import (
    HeldLicence,
    LicenceView,
    ListHeld,
    ListLicences,
    RetireLicence,
    SaveLicence,
    ShowLicence,
)
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Licence, LicenceSeat
from tui_desk.rules.permissions import Permission
from tui_desk.rules.terms import ENDS_SOON_DAYS, expiry_state
from tui_desk.services import inventory_input
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.licence_holders import expiring_for, held, held_by, today_of
from tui_desk.services.licence_keys import kept_key
from tui_desk.services.licence_seats import (
    IN_USE,
    holders,
    licence_stream,
    licence_to_change,
    released,
    used_seats,
)
from tui_desk.services.people import like_words
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.versions import check_version

__all__ = [
    "expiring_for",
    "list_held",
    "list_licences",
    "retire_licence",
    "save_licence",
    "show_licence",
    "today_of",
]
MOST_SEATS = 1_000_000


def list_licences(session: Session, actor: Actor, request: ListLicences) -> tuple[LicenceView, ...]:
    """Licences that hold the words of the query, by name."""
    require(actor, Permission.VIEW)
    today = today_of(session)
    in_use = (
        select(func.count())
        .select_from(LicenceSeat)
        .where(LicenceSeat.licence_id == Licence.id, IN_USE)
        .correlate(Licence)
        .scalar_subquery()
    )
    statement = select(Licence).where(
        *like_words(request.query, Licence.name, Licence.product, Licence.supplier, Licence.notes)
    )
    if not request.include_retired:
        statement = statement.where(col(Licence.retired).is_(False))
    if request.wanting:
        near = col(Licence.expires_on) <= today + timedelta(days=ENDS_SOON_DAYS)
        statement = statement.where(or_(near, in_use > col(Licence.seats)))
    rows = session.exec(
        statement.order_by(func.lower(Licence.name), col(Licence.id)).limit(request.limit)
    ).all()
    used = used_seats(session, [known(row.id) for row in rows])
    return tuple(_view(row, used.get(known(row.id), 0), today) for row in rows)


def show_licence(session: Session, actor: Actor, request: ShowLicence) -> LicenceView:
    """A licence by id or name, with who has its seats. Raises NotFound."""
    require(actor, Permission.VIEW)
    statement = select(Licence)
    if request.id is not None:
        statement = statement.where(Licence.id == request.id)
    else:
        statement = statement.where(same_name(Licence.name, request.name.strip()))
    row = session.exec(statement).first()
    if row is None:
        raise NotFound(
            _("There is no licence {name}.").format(name=safe_line(request.name) or f"#{request.id}"),
            _("tui-desk licence list shows those there are."),
        )
    licence_id = known(row.id)
    view = _view(row, used_seats(session, [licence_id]).get(licence_id, 0), today_of(session))
    return _with_holders(session, view)


def _with_holders(session: Session, view: LicenceView) -> LicenceView:
    return replace(view, holders=holders(session, view.id), released=released(session, view.id))


def _view(row: Licence, used: int, today: date) -> LicenceView:
    return LicenceView(
        id=known(row.id),
        name=safe_line(row.name),
        product=safe_line(row.product),
        supplier=safe_line(row.supplier),
        seats=row.seats,
        used=used,
        over=max(0, used - row.seats) if row.seats is not None else 0,
        has_key=bool(row.key_secret),
        starts_on=row.starts_on,
        expires_on=row.expires_on,
        expiry=expiry_state(row.expires_on, today),
        cost=row.cost,
        currency=safe_line(row.currency),
        notes=safe_block(row.notes),
        retired=row.retired,
        version=row.version,
    )


def save_licence(session: Session, actor: Actor, request: SaveLicence) -> LicenceView:
    """Create or change a licence. Raises UsageError, NotFound, Refused (name taken), Conflict (changed by somebody else),
    Unavailable (the key file cannot be used)."""
    require(actor, Permission.CHANGE_ASSETS)
    at = now(session)
    values = _values(request)
    row: Licence | None = None
    if request.id is not None:
        row = licence_to_change(session, request.id)
    _refuse_taken(session, values["name"], request.id)
    key = kept_key(session, request.key)
    if row is None:
        values["key_secret"] = key or ""
        row = Licence(**values, created_at=at, updated_at=at)
        _add(session, actor, row)
    else:
        stream = licence_stream(known(row.id))
        check_version(session, row, request.version, values, row.name, stream)
        if key is not None:
            _refuse_changed(row, request.version)
            values["key_secret"] = key
        with _name_free(values["name"]):
            change_row(session, actor, stream, row, values, at, name=row.name)
    return show_licence(session, actor, ShowLicence(known(row.id)))


@contextmanager
def _name_free(name: str) -> Iterator[None]:
    """Somebody else may write down the same name at this moment. Raises Refused then."""
    try:
        yield
    except IntegrityError as error:
        raise _taken(name) from error


def _add(session: Session, actor: Actor, row: Licence) -> None:
    with _name_free(row.name):
        session.add(row)
        session.flush()
    add_row(session, actor, licence_stream(known(row.id)), row, row.created_at, name=row.name)


def _refuse_changed(row: Licence, version: int) -> None:
    """A key is never shown beside another one, so a stale form does not replace it."""
    if version not in (0, row.version):
        raise Conflict(
            _("{name} was changed meanwhile; its key was not replaced.").format(name=safe_line(row.name)),
            _("Nothing was overwritten. Look at it again, then save."),
        )


def _values(request: SaveLicence) -> dict[str, Any]:
    """The columns to set but for the key; everything wrong is told before anything is written."""
    name = inventory_input.line(request.name)
    if not name:
        raise UsageError(_("A licence needs a name."))
    inventory_input.in_order(request.starts_on, request.expires_on)
    return {
        "name": name,
        "product": inventory_input.line(request.product),
        "supplier": inventory_input.line(request.supplier),
        "seats": inventory_input.whole(request.seats, MOST_SEATS, _("seats")),
        "starts_on": request.starts_on,
        "expires_on": request.expires_on,
        "cost": inventory_input.amount(request.cost),
        "currency": inventory_input.currency(request.currency),
        "notes": inventory_input.notes(request.notes),
    }


def _refuse_taken(session: Session, name: str, own_id: int | None) -> None:
    taken = session.exec(select(Licence).where(same_name(Licence.name, name))).first()
    if taken is not None and taken.id != own_id:
        raise _taken(taken.name)


def _taken(name: str) -> Refused:
    return Refused(
        _("There is a licence {name} already.").format(name=safe_line(name)),
        _("Every licence has a name of its own; a retired one keeps it."),
    )


def retire_licence(session: Session, actor: Actor, request: RetireLicence) -> LicenceView:
    """Set a licence aside, or bring it back. Raises NotFound."""
    require(actor, Permission.CHANGE_ASSETS)
    row = licence_to_change(session, request.id)
    values = {"retired": request.retired}
    change_row(session, actor, licence_stream(request.id), row, values, now(session), name=row.name)
    return show_licence(session, actor, ShowLicence(request.id))


def list_held(session: Session, actor: Actor, request: ListHeld) -> tuple[HeldLicence, ...]:
    """The licences of an asset, or of a person and of the assets they own."""
    require(actor, Permission.VIEW)
    if (request.asset_id is None) == (request.person_id is None):
        raise UsageError(_("Licences are asked for of one person or of one asset."))
    today = today_of(session)
    if request.asset_id is not None:
        return held(session, [request.asset_id], None, today)
    return held_by(session, known(request.person_id), today)
