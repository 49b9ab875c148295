"""An asset as screens and commands show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlmodel import Session, col, select

from tui_desk.contracts.assets import Depreciation
from tui_desk.contracts.custom_fields import by_name
from tui_desk.contracts.desk import AssetView
from tui_desk.core.enums import AssetState, FieldSubject, TicketStatus
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Asset, Person, Ticket, TicketAsset
from tui_desk.rules import depreciation
from tui_desk.services.asset_relations import relations_of
from tui_desk.services.asset_types import months_by_type
from tui_desk.services.context import known, now
from tui_desk.services.currencies import digits_of
from tui_desk.services.custom_fields import values_of_one
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.fields import requester_label

_OTHERS_TOLD = 3


def asset_row(asset: Asset, owner: str) -> AssetView:
    """An asset as lists show it: without its tickets, its relations and what is left of its cost."""
    return AssetView(
        id=known(asset.id),
        tag=safe_line(asset.tag),
        name=safe_line(asset.name),
        type=safe_line(asset.type),
        serial=safe_line(asset.serial),
        owner=safe_line(owner),
        owner_id=asset.owner_id,
        location=safe_line(asset.location),
        state=AssetState(asset.state),
        supplier=safe_line(asset.supplier),
        cost=asset.cost,
        currency=safe_line(asset.currency),
        purchased_on=asset.purchased_on,
        warranty_until=asset.warranty_until,
        notes=safe_block(asset.notes),
        version=asset.version,
        tickets=(),
        hostname=safe_line(asset.hostname),
        depreciation_months=asset.depreciation_months,
    )


def whole_asset(session: Session, asset: Asset) -> AssetView:
    """Everything about an asset."""
    owner = session.get(Person, asset.owner_id) if asset.owner_id else None
    tickets = session.exec(
        select(Ticket.id, Ticket.subject, Ticket.status)
        .join(TicketAsset, col(TicketAsset.ticket_id) == Ticket.id)
        .where(TicketAsset.asset_id == asset.id)
        .order_by(col(Ticket.id).desc())
    ).all()
    custom = values_of_one(session, FieldSubject.ASSET, known(asset.id), asset.type)
    today = desk_day(session, now(session))
    return replace(
        asset_row(asset, requester_label(session, owner) if owner else ""),
        tickets=tuple(
            (known(number), safe_line(subject), TicketStatus(status)) for number, subject, status in tickets
        ),
        custom=custom,
        fields=by_name(custom),
        depreciation=_depreciation(asset, months_by_type(session), today),
        relations=relations_of(session, known(asset.id)),
        warnings=_warnings(session, asset),
    )


def _depreciation(asset: Asset, by_type: Mapping[str, int], today: date) -> Depreciation | None:
    own = asset.depreciation_months
    months = by_type.get(asset.type.casefold(), 0) if own is None else own
    if not months or asset.cost is None or asset.purchased_on is None:
        return None
    plan = depreciation.Plan(asset.cost, months, asset.purchased_on, digits_of(asset.currency))
    gone = depreciation.months_gone(plan, today)
    return Depreciation(
        months=months,
        of_type=own is None,
        monthly=depreciation.part_of(plan, min(gone + 1, months)),
        written_off=depreciation.written_off_after(plan, gone),
        book_value=depreciation.book_value(plan, today),
        ends=depreciation.last_month(plan),
    )


def _warnings(session: Session, asset: Asset) -> tuple[str, ...]:
    found = []
    if asset.state == AssetState.IN_USE.value and asset.owner_id is None:
        found.append(_("It is in use, but nobody has it: s names the owner."))
    if asset.serial:
        same = select(Asset.tag).where(Asset.serial == asset.serial, col(Asset.id) != asset.id)
        tags = session.exec(same.order_by(col(Asset.tag)).limit(_OTHERS_TOLD + 1)).all()
        if tags:
            shown = ", ".join(map(safe_line, tags[:_OTHERS_TOLD]))
            found.append(
                _("Its serial number is also that of {tags}.").format(
                    tags=f"{shown} …" if len(tags) > _OTHERS_TOLD else shown
                )
            )
    return tuple(found)
