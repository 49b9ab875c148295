"""Seats of licences: given to a person or to an asset, released, counted; never more than there are without a supervisor's word."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, func, select

from tui_desk.contracts.licences import AssignSeat, LicenceView, ReleaseSeat, SeatView, ShowLicence
from tui_desk.core.enums import AssetState
from tui_desk.core.errors import Blocked, Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Event, Licence, LicenceSeat, Person
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.names import names_for
from tui_desk.services.people import person_by_address
from tui_desk.services.rows import add_row, change_row, typed_values

HOLDERS_SHOWN = 2_000
RELEASED_SHOWN = 20
IN_USE: ColumnElement[bool] = col(LicenceSeat.released_at).is_(None)


def licence_stream(licence_id: int) -> str:
    return f"licence:{licence_id}"


def licence_to_change(session: Session, licence_id: int) -> Licence:
    """The licence, locked until the end of the transaction. Raises NotFound."""
    row = session.exec(select(Licence).where(Licence.id == licence_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no licence {id}.").format(id=licence_id))
    return row


def lock_licences(session: Session, ids: Iterable[int]) -> None:
    """Lock licences in the order of their ids: whoever writes into their histories waits for the others here."""
    wanted = sorted(set(ids))
    if wanted:
        statement = select(Licence.id).where(col(Licence.id).in_(wanted)).order_by(col(Licence.id))
        session.exec(statement.with_for_update()).all()


def used_seats(session: Session, ids: Collection[int]) -> dict[int, int]:
    """How many seats of these licences are in use."""
    rows = session.exec(
        select(LicenceSeat.licence_id, func.count())
        .where(col(LicenceSeat.licence_id).in_(ids), IN_USE)
        .group_by(col(LicenceSeat.licence_id))
    )
    return dict(rows.all())


def holders(session: Session, licence_id: int) -> tuple[SeatView, ...]:
    """The seats in use, by what their holders are called."""
    rows = session.exec(
        select(LicenceSeat)
        .where(LicenceSeat.licence_id == licence_id, IN_USE)
        .order_by(col(LicenceSeat.id))
        .limit(HOLDERS_SHOWN)
    ).all()
    return tuple(sorted(_views(session, rows), key=lambda seat: (seat.holder.casefold(), seat.id)))


def released(session: Session, licence_id: int) -> tuple[SeatView, ...]:
    """The seats that were released last."""
    rows = session.exec(
        select(LicenceSeat)
        .where(LicenceSeat.licence_id == licence_id, col(LicenceSeat.released_at).is_not(None))
        .order_by(col(LicenceSeat.released_at).desc(), col(LicenceSeat.id).desc())
        .limit(RELEASED_SHOWN)
    ).all()
    return tuple(_views(session, rows))


def _views(session: Session, rows: Collection[LicenceSeat]) -> list[SeatView]:
    called = _called(session, rows)
    return [
        SeatView(
            known(row.id),
            row.person_id,
            row.asset_id,
            called[known(row.id)],
            row.assigned_at,
            row.released_at,
        )
        for row in rows
    ]


def _called(session: Session, rows: Collection[LicenceSeat]) -> dict[int, str]:
    """What the holder of each seat is called."""
    people = names_for(session, [("person", row.person_id) for row in rows if row.person_id is not None])
    assets = {
        known(number): f"{safe_line(tag)} {safe_line(name)}".strip()
        for number, tag, name in session.exec(
            select(Asset.id, Asset.tag, Asset.name).where(
                col(Asset.id).in_({row.asset_id for row in rows if row.asset_id is not None})
            )
        )
    }
    return {
        known(row.id): assets.get(row.asset_id, "–")
        if row.asset_id is not None
        else people.get(("person", row.person_id or 0)) or _("(no name)")
        for row in rows
    }


def assign_seat(session: Session, actor: Actor, request: AssignSeat) -> LicenceView:
    """Give a seat. Raises UsageError, NotFound, Refused (has one already, retired), Blocked where no seat is left."""
    require(actor, Permission.CHANGE_ASSETS)
    person_id, asset_id = _holder(
        session, request
    )  # a person is locked before licences, as merging people does
    licence = licence_to_change(session, request.licence_id)
    seat = LicenceSeat(
        licence_id=known(licence.id), person_id=person_id, asset_id=asset_id, assigned_at=now(session)
    )
    name = _name(session, seat)
    if licence.retired:
        raise Refused(_("{licence} is retired: its seats are not given out.").format(licence=_title(licence)))
    if _has_other(session, seat):
        raise Refused(
            _("{holder} has a seat of {licence} already.").format(holder=name, licence=_title(licence))
        )
    _refuse_full(session, actor, licence, request.accept_over)
    add_row(session, actor, licence_stream(known(licence.id)), seat, seat.assigned_at, name=name)
    return _shown(session, actor, licence)


def _has_other(session: Session, seat: LicenceSeat) -> bool:
    """Whether its holder has another seat of the licence in use."""
    holder = (
        col(LicenceSeat.person_id) == seat.person_id
        if seat.person_id is not None
        else col(LicenceSeat.asset_id) == seat.asset_id
    )
    statement = select(LicenceSeat.id).where(LicenceSeat.licence_id == seat.licence_id, IN_USE, holder)
    if seat.id is not None:
        statement = statement.where(LicenceSeat.id != seat.id)
    return session.exec(statement.limit(1)).first() is not None


def guard_seat(session: Session, actor: Actor, event: Event) -> None:
    """Raises Conflict where taking an event back would give somebody a second seat of a licence, Blocked where there is none left and the
    acting agent is no supervisor."""
    told = event.after if event.after is not None else event.before
    if told.get("table") != LicenceSeat.__tablename__ or event.before is None:
        return
    present = session.get(LicenceSeat, int(told["id"]))
    values = {
        **(present.model_dump() if present else {}),
        **typed_values(LicenceSeat, event.before["values"]),
    }
    seat = LicenceSeat(**{**values, "id": int(told["id"])})
    if seat.released_at is None and _has_other(session, seat):
        raise Conflict(
            _("Not undone: {holder} has another seat of it since.").format(holder=_name(session, seat))
        )
    if seat.released_at is None and (present is None or present.released_at is not None):
        licence = licence_to_change(session, seat.licence_id)
        _refuse_full(session, actor, licence, allowed(actor.role, Permission.CONFIGURE_WORK))


def _refuse_full(session: Session, actor: Actor, licence: Licence, accept_over: bool) -> None:
    used = used_seats(session, [known(licence.id)]).get(known(licence.id), 0)
    if licence.seats is None or used < licence.seats:
        return
    if accept_over:
        require(actor, Permission.CONFIGURE_WORK)
        return
    raise Blocked(
        _("No seat of {licence} is left: {used} of {seats} are in use. Nothing was assigned.").format(
            licence=_title(licence), used=used, seats=licence.seats
        ),
        _("Release one, raise the number, or let a supervisor accept one more than there are."),
        (),
        passable=allowed(actor.role, Permission.CONFIGURE_WORK),
    )


def _holder(session: Session, request: AssignSeat) -> tuple[int | None, int | None]:
    """Who gets the seat: a person's id or an asset's."""
    person, asset = request.person.strip(), request.asset.strip()
    to_person = bool(person) or request.person_id is not None
    to_asset = bool(asset) or request.asset_id is not None
    if to_person == to_asset:
        raise UsageError(_("A seat goes to one person or to one asset."))
    if to_person:
        return known(_person(session, person, request.person_id).id), None
    found = session.exec(
        select(Asset).where(Asset.id == request.asset_id if not asset else same_name(Asset.tag, asset))
    ).first()
    if found is None:
        raise NotFound(
            _("There is no asset {name}.").format(name=safe_line(asset) or f"#{request.asset_id}"),
            _("tui-desk asset list shows those there are."),
        )
    if found.state == AssetState.RETIRED.value:
        raise Refused(_("The asset {tag} is retired: it gets no seat.").format(tag=safe_line(found.tag)))
    return None, known(found.id)


def _person(session: Session, text: str, person_id: int | None) -> Person:
    """Somebody who is known, by id, address or exact name."""
    person: Person | None = None
    if not text:
        person = session.get(Person, person_id)
    elif "@" in text:
        person = person_by_address(session, text)
    else:
        rows = session.exec(
            select(Person).where(same_name(Person.name, text), col(Person.merged_into_id).is_(None)).limit(2)
        ).all()
        if len(rows) > 1:
            raise UsageError(
                _("Several people are called {name}: name one by an address.").format(name=safe_line(text))
            )
        person = next(iter(rows), None)
    while person is not None and person.merged_into_id is not None:
        person = session.get(Person, person.merged_into_id)
    if person is None:
        raise NotFound(
            _("There is no person {name}.").format(name=safe_line(text) or f"#{person_id}"),
            _("tui-desk person list shows those there are."),
        )
    locked = select(Person).where(Person.id == person.id).with_for_update()
    session.exec(locked.execution_options(populate_existing=True)).one()
    return person if person.merged_into_id is None else _person(session, "", person.merged_into_id)


def release_seat(session: Session, actor: Actor, request: ReleaseSeat) -> LicenceView:
    """End the use of a seat; it stays in the history. Raises NotFound, Refused (released already)."""
    require(actor, Permission.CHANGE_ASSETS)
    licence_id = session.exec(select(LicenceSeat.licence_id).where(LicenceSeat.id == request.seat_id)).first()
    if licence_id is None:
        raise NotFound(_("There is no seat {id}.").format(id=request.seat_id))
    licence = licence_to_change(session, licence_id)
    seat = session.exec(select(LicenceSeat).where(LicenceSeat.id == request.seat_id).with_for_update()).one()
    name = _name(session, seat)
    if seat.released_at is not None:
        raise Refused(
            _("The seat of {holder} was released already.").format(holder=name), _("Nothing was changed.")
        )
    at = now(session)
    change_row(session, actor, licence_stream(licence_id), seat, {"released_at": at}, at, name=name)
    return _shown(session, actor, licence)


def take_over_seats(session: Session, actor: Actor, keep: Person, other: Person, at: datetime) -> None:
    """Two records of a person become one: the seats go along, and where both have one of a licence, the other's is released."""
    seats = session.exec(
        select(LicenceSeat)
        .where(LicenceSeat.person_id == other.id)
        .order_by(col(LicenceSeat.licence_id), col(LicenceSeat.id))
    ).all()
    lock_licences(session, [seat.licence_id for seat in seats])
    held = set(
        session.exec(select(LicenceSeat.licence_id).where(LicenceSeat.person_id == keep.id, IN_USE)).all()
    )
    for seat in seats:
        session.refresh(seat)
        values: dict[str, int | datetime | None] = {"person_id": keep.id}
        if seat.released_at is None and seat.licence_id in held:
            values["released_at"] = at
        change_row(
            session,
            actor,
            licence_stream(seat.licence_id),
            seat,
            values,
            at,
            name=_name(session, seat),
        )


def _name(session: Session, seat: LicenceSeat) -> str:
    """What a seat is called in the history: its holder."""
    if seat.asset_id is not None:
        return safe_line(session.get_one(Asset, seat.asset_id).tag)
    names = names_for(session, [("person", known(seat.person_id))])
    return names.get(("person", known(seat.person_id))) or _("(no name)")


def _title(licence: Licence) -> str:
    return safe_line(licence.name)


def _shown(session: Session, actor: Actor, licence: Licence) -> LicenceView:
    from tui_desk.services.licences import show_licence

    return show_licence(session, actor, ShowLicence(known(licence.id)))
