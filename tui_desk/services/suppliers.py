"""Suppliers: who sells, where orders go."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.purchases import ListSuppliers, SaveSupplier, ShowSupplier, SupplierView
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import Purchase, Supplier
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.people import like_words
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.senders import own_addresses
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.versions import check_version

DESK = "desk"
"""The history that suppliers are told in."""
NAME_LIMIT = 120
NOTES_LIMIT = 10_000


def list_suppliers(session: Session, actor: Actor, request: ListSuppliers) -> tuple[SupplierView, ...]:
    """By name."""
    require(actor, Permission.VIEW)
    statement = select(Supplier).where(
        *like_words(request.query, Supplier.name, Supplier.email, Supplier.customer_number, Supplier.notes)
    )
    if not request.inactive:
        statement = statement.where(col(Supplier.active))
    rows = session.exec(statement.order_by(func.lower(Supplier.name))).all()
    counts = dict(
        session.exec(
            select(Purchase.supplier_id, func.count())
            .where(col(Purchase.supplier_id).in_([row.id for row in rows]))
            .group_by(col(Purchase.supplier_id))
        ).all()
    )
    return tuple(_view(row, counts.get(row.id, 0)) for row in rows)


def show_supplier(session: Session, actor: Actor, request: ShowSupplier) -> SupplierView:
    """Raises NotFound."""
    require(actor, Permission.VIEW)
    return _whole(session, supplier_named(session, request.name))


def _whole(session: Session, row: Supplier) -> SupplierView:
    count = session.exec(
        select(func.count()).select_from(Purchase).where(Purchase.supplier_id == row.id)
    ).one()
    return _view(row, count)


def _view(row: Supplier, purchases: int) -> SupplierView:
    return SupplierView(
        id=known(row.id),
        name=safe_line(row.name),
        email=visible_address(row.email) if row.email else "",
        phone=safe_line(row.phone),
        customer_number=safe_line(row.customer_number),
        notes=safe_block(row.notes),
        active=row.active,
        version=row.version,
        purchases=purchases,
    )


def supplier_named(session: Session, name: str) -> Supplier:
    """The supplier of that name, in any case. Raises NotFound."""
    row = session.exec(select(Supplier).where(same_name(Supplier.name, name.strip()))).first()
    if row is None:
        raise NotFound(
            _("There is no supplier “{name}”.").format(name=safe_line(name, 80)),
            _("tui-desk supplier list shows those there are; a supervisor adds one with: supplier new."),
        )
    return row


def save_supplier(session: Session, actor: Actor, request: SaveSupplier) -> SupplierView:
    """Raises UsageError (name, address), NotFound, Refused (name taken, an address of the desk), Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    at = now(session)
    values = _checked(session, request)
    taken = session.exec(select(Supplier).where(same_name(Supplier.name, values["name"]))).first()
    if taken is not None and taken.id != request.id:
        raise Refused(_("There is a supplier “{name}” already.").format(name=safe_line(taken.name)))
    if request.id is None:
        row = Supplier(**values)
        add_row(session, actor, DESK, row, at, name=row.name)
        return _whole(session, row)
    found = session.exec(select(Supplier).where(Supplier.id == request.id).with_for_update()).first()
    if found is None:
        raise NotFound(_("There is no supplier {id}.").format(id=request.id))
    check_version(session, found, request.version, values, found.name, DESK)
    change_row(session, actor, DESK, found, values, at, name=found.name)
    return _whole(session, found)


def _checked(session: Session, request: SaveSupplier) -> dict[str, Any]:
    from tui_desk.services.address_input import valid_address  # and the validator, where something was typed

    name = safe_line(request.name, NAME_LIMIT).strip()
    if not name:
        raise UsageError(_("A supplier needs a name."))
    address = valid_address(request.email)[1] if request.email.strip() else ""
    if address and is_one_of(address_key(address), own_addresses(session)):
        raise Refused(
            _("{address} is an address of this desk: an order would come straight back.").format(
                address=visible_address(address)
            )
        )
    return {
        "name": name,
        "email": address,
        "phone": safe_line(request.phone, 80).strip(),
        "customer_number": safe_line(request.customer_number, 80).strip(),
        "notes": safe_block(request.notes, NOTES_LIMIT).rstrip(),
        "active": request.active,
    }
