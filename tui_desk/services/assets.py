"""IT assets: kept, searched, linked with people and tickets."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from tui_desk.contracts.custom_fields import by_name
from tui_desk.contracts.desk import AssetView, RetireAsset, SaveAsset, ShowAsset
from tui_desk.core.enums import AssetState, FieldSubject, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Asset, Person, Ticket, TicketAsset
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import asset_stream, keep_own_number
from tui_desk.services.context import known, now, require
from tui_desk.services.custom_fields import require_complete, set_values, values_of_one
from tui_desk.services.events import record
from tui_desk.services.fields import reference, requester_label
from tui_desk.services.people import person_for

_CURRENCY = re.compile(r"[A-Z]{3}")
TEXT_LIMIT = 200
_TEXTS = ("tag", "name", "type", "serial", "location", "supplier")


def asset_row(asset: Asset, owner: str) -> AssetView:
    """An asset as lists show it, without its tickets."""
    return _view(asset, owner, ())


def show_asset(session: Session, actor: Actor, request: ShowAsset) -> AssetView:
    """An asset by id or tag, with its tickets (newest first). Raises NotFound."""
    require(actor, Permission.VIEW)
    statement = select(Asset)
    if request.id is not None:
        statement = statement.where(Asset.id == request.id)
    else:
        statement = statement.where(func.lower(Asset.tag) == request.tag.strip().lower())
    asset = session.exec(statement).first()
    if asset is None:
        raise NotFound(
            _("There is no asset {name}.").format(name=safe_line(request.tag) or f"#{request.id}"),
            _("tui-desk asset list shows those there are."),
        )
    return _whole(session, asset)


def _whole(session: Session, asset: Asset) -> AssetView:
    owner = session.get(Person, asset.owner_id) if asset.owner_id else None
    tickets = session.exec(
        select(Ticket.id, Ticket.subject, Ticket.status)
        .join(TicketAsset, col(TicketAsset.ticket_id) == Ticket.id)
        .where(TicketAsset.asset_id == asset.id)
        .order_by(col(Ticket.id).desc())
    ).all()
    custom = values_of_one(session, FieldSubject.ASSET, known(asset.id), asset.type)
    view = _view(
        asset,
        requester_label(session, owner) if owner else "",
        tuple((known(n), safe_line(subject), TicketStatus(status)) for n, subject, status in tickets),
    )
    return replace(view, custom=custom, fields=by_name(custom))


def _view(asset: Asset, owner: str, tickets: tuple[tuple[int, str, TicketStatus], ...]) -> AssetView:
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
        tickets=tickets,
    )


def save_asset(session: Session, actor: Actor, request: SaveAsset) -> AssetView:
    """Create or change an asset. Raises UsageError, NotFound, Refused (tag taken), Conflict (changed by somebody else)."""
    require(actor, Permission.CHANGE_ASSETS)
    at = now(session)
    values = _checked(request)
    asset = (
        _locked(session, request.id)
        if request.id is not None
        else Asset(tag="", name="", created_at=at, updated_at=at)
    )
    if request.id is not None and request.version and request.version != asset.version:
        raise Conflict(
            _("Somebody changed the asset {tag} meanwhile; nothing was overwritten.").format(
                tag=safe_line(asset.tag)
            ),
            _("Open it again and repeat your change."),
        )
    _refuse_taken_tag(session, values["tag"], asset.id)
    values["owner_id"] = _owner(session, request, asset, at)
    _store(session, actor, asset, values, at)
    set_values(session, actor, FieldSubject.ASSET, known(asset.id), asset.type, request.fields, at)
    require_complete(session, FieldSubject.ASSET, known(asset.id), asset.type)
    return _whole(session, asset)


def _owner(session: Session, request: SaveAsset, asset: Asset, at: datetime) -> int | None:
    """The person that ``owner`` names; somebody who is the owner already is meant by what the form shows."""
    text = request.owner.strip()
    if not text:
        return None
    if asset.owner_id is not None:
        present = session.get_one(Person, asset.owner_id)
        if text == safe_line(requester_label(session, present)):
            return asset.owner_id
    return known(person_for(session, text, "", at).id)


def _checked(request: SaveAsset) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    values: dict[str, Any] = {name: safe_line(getattr(request, name), TEXT_LIMIT).strip() for name in _TEXTS}
    if not values["tag"]:
        raise UsageError(_("An asset needs a tag: what is written on its label."))
    if not values["name"]:
        raise UsageError(_("An asset needs a name."))
    currency = request.currency.strip().upper()
    if not _CURRENCY.fullmatch(currency):
        raise UsageError(
            _("“{currency}” is not a currency; it is three letters such as EUR.").format(
                currency=safe_line(currency, 20)
            )
        )
    cost = request.cost
    if cost is not None and (
        not cost.is_finite() or abs(cost) >= 10**13 or cost != cost.quantize(cost.__class__("0.0001"))
    ):
        raise UsageError(_("“{cost}” is not an amount of money.").format(cost=safe_line(str(cost), 40)))
    if request.purchased_on and request.warranty_until and request.warranty_until < request.purchased_on:
        raise UsageError(_("The warranty cannot end before the day of purchase."))
    return {
        **values,
        "state": request.state.value,
        "cost": cost,
        "currency": currency,
        "purchased_on": request.purchased_on,
        "warranty_until": request.warranty_until,
        "notes": safe_block(request.notes, 20_000).rstrip(),
    }


def _refuse_taken_tag(session: Session, tag: str, own_id: int | None) -> None:
    taken = session.exec(select(Asset).where(func.lower(Asset.tag) == tag.lower())).first()
    if taken is not None and taken.id != own_id:
        raise Refused(
            _("The tag {tag} belongs to another asset: {name}.").format(
                tag=safe_line(taken.tag), name=safe_line(taken.name)
            ),
            _("Every tag is on one thing only."),
        )


def _locked(session: Session, asset_id: int) -> Asset:
    asset = session.exec(select(Asset).where(Asset.id == asset_id).with_for_update()).first()
    if asset is None:
        raise NotFound(_("There is no asset {id}.").format(id=asset_id))
    return asset


def _store(session: Session, actor: Actor, asset: Asset, values: dict[str, Any], at: datetime) -> None:
    created = asset.id is None
    before = {name: _plain(session, name, getattr(asset, name)) for name in values}
    for name, value in values.items():
        setattr(asset, name, value)
    session.add(asset)
    session.flush()
    if created:
        keep_own_number(session, asset)
    stream = asset_stream(known(asset.id))
    if created:
        record(session, actor, stream, "created", at, after={"tag": asset.tag, "name": asset.name})
        return
    changed = False
    for name in values:
        after = _plain(session, name, getattr(asset, name))
        if before[name] != after:
            record(
                session,
                actor,
                stream,
                "changed",
                at,
                field=name.removesuffix("_id"),
                before=before[name],
                after=after,
            )
            changed = True
    if changed:
        asset.version += 1
        asset.updated_at = at
        session.add(asset)
        session.flush()


def _plain(session: Session, name: str, value: Any) -> Any:
    """A column as an event keeps it."""
    if value is None or isinstance(value, str):
        return value
    if name == "owner_id":
        return reference(value, requester_label(session, session.get_one(Person, value)))
    return str(value.normalize()) if name == "cost" else str(value)


def retire_asset(session: Session, actor: Actor, request: RetireAsset) -> AssetView:
    """Take an asset out of use, or bring it back into stock. Raises NotFound."""
    require(actor, Permission.CHANGE_ASSETS)
    asset = _locked(session, request.id)
    retired = asset.state == AssetState.RETIRED.value
    if retired != request.retired:
        state = AssetState.RETIRED if request.retired else AssetState.IN_STOCK
        _store(session, actor, asset, {"state": state.value}, now(session))
    return _whole(session, asset)
