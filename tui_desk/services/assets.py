"""IT assets: written down, changed, moved along their life."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tui_desk.contracts.assets import AssetTies, ShowAssetTies
from tui_desk.contracts.desk import AssetView, RetireAsset, SaveAsset, SetAssetState, ShowAsset
from tui_desk.core.enums import UNRESOLVED, AssetState, FieldSubject
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.db.same_name import same_name
from tui_desk.models import (
    Asset,
    Contract,
    ContractAsset,
    Licence,
    LicenceSeat,
    Person,
    Ticket,
    TicketAsset,
)
from tui_desk.rules.assets import may_follow, next_states
from tui_desk.rules.depreciation import LONGEST_MONTHS
from tui_desk.rules.permissions import Permission
from tui_desk.services import inventory_input
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import asset_label, asset_stream, keep_own_number
from tui_desk.services.asset_relations import relations_of
from tui_desk.services.asset_types import type_named
from tui_desk.services.asset_view import whole_asset
from tui_desk.services.context import known, now, require
from tui_desk.services.custom_fields import require_complete, set_values
from tui_desk.services.fields import requester_label
from tui_desk.services.people import person_for
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.versions import check_version

_TEXTS = ("tag", "name", "type", "serial", "hostname", "location", "supplier")


def show_asset(session: Session, actor: Actor, request: ShowAsset) -> AssetView:
    """An asset by id or tag, with its tickets (newest first). Raises NotFound."""
    require(actor, Permission.VIEW)
    statement = select(Asset)
    if request.id is not None:
        statement = statement.where(Asset.id == request.id)
    else:
        statement = statement.where(same_name(Asset.tag, request.tag.strip()))
    asset = session.exec(statement).first()
    if asset is None:
        raise NotFound(
            _("There is no asset {name}.").format(name=safe_line(request.tag) or f"#{request.id}"),
            _("tui-desk asset list shows those there are."),
        )
    return whole_asset(session, asset)


def save_asset(session: Session, actor: Actor, request: SaveAsset) -> AssetView:
    """Create or change an asset.

    Raises UsageError, NotFound, Refused (tag taken, a state that does not follow, something hangs on what is retired), Conflict.
    """
    require(actor, Permission.CHANGE_ASSETS)
    at = now(session)
    values = checked_values(request)
    asset = asset_to_change(session, request.id) if request.id is not None else None
    _refuse_taken_tag(session, values["tag"], request.id)
    values["type"] = type_named(session, values["type"])
    values["owner_id"] = _owner(session, request.owner, asset, at)
    if asset is None:
        asset = _made(session, actor, values, at)
    else:
        refuse_state(session, asset, request.state, anyway=request.anyway)
        _set(session, actor, asset, values, at, request.version)
    set_values(session, actor, FieldSubject.ASSET, known(asset.id), asset.type, request.fields, at)
    require_complete(session, FieldSubject.ASSET, known(asset.id), asset.type)
    return whole_asset(session, asset)


def set_state(session: Session, actor: Actor, request: SetAssetState) -> AssetView:
    """Move an asset along its life. Raises NotFound, Refused (it does not follow, something hangs on what is retired)."""
    require(actor, Permission.CHANGE_ASSETS)
    at = now(session)
    asset = asset_to_change(session, request.id)
    refuse_state(session, asset, request.state, anyway=request.anyway)
    values: dict[str, Any] = {"state": request.state.value}
    if request.owner is not None:
        values["owner_id"] = _owner(session, request.owner, asset, at)
    _set(session, actor, asset, values, at)
    return whole_asset(session, asset)


def retire_asset(session: Session, actor: Actor, request: RetireAsset) -> AssetView:
    """Take an asset out of use, or bring it back into stock. Raises NotFound, Refused (something hangs on it)."""
    require(actor, Permission.CHANGE_ASSETS)
    asset = asset_to_change(session, request.id)
    if (asset.state == AssetState.RETIRED.value) == request.retired:
        return whole_asset(session, asset)
    state = AssetState.RETIRED if request.retired else AssetState.IN_STOCK
    return set_state(session, actor, SetAssetState(request.id, state, anyway=request.anyway))


def asset_to_change(session: Session, asset_id: int) -> Asset:
    """The asset, locked until the end of the transaction. Raises NotFound."""
    asset = session.exec(select(Asset).where(Asset.id == asset_id).with_for_update()).first()
    if asset is None:
        raise NotFound(_("There is no asset {id}.").format(id=asset_id))
    return asset


def _made(session: Session, actor: Actor, values: dict[str, Any], at: datetime) -> Asset:
    asset = Asset(**values, created_at=at, updated_at=at)
    try:
        with session.begin_nested():
            session.add(asset)
            session.flush()
    except IntegrityError as error:  # somebody else wrote down the same tag at this moment
        raise Refused(_("The tag {tag} was just taken.").format(tag=safe_line(values["tag"]))) from error
    keep_own_number(session, asset)
    add_row(session, actor, asset_stream(known(asset.id)), asset, at, name=asset_label(asset))
    return asset


def _set(
    session: Session, actor: Actor, asset: Asset, values: dict[str, Any], at: datetime, version: int = 0
) -> None:
    """Raises Conflict where a colleague changed the same since ``version``."""
    stream = asset_stream(known(asset.id))

    def shown(column: str, value: Any) -> Any:
        if column == "owner_id" and value is not None:
            return requester_label(session, session.get_one(Person, value))
        return word(AssetState(value)) if column == "state" else value

    check_version(session, asset, version, values, asset_label(asset), stream, shown)
    change_row(session, actor, stream, asset, values, at, name=asset_label(asset))


def _owner(session: Session, typed: str, asset: Asset | None, at: datetime) -> int | None:
    """The person that is named; somebody who is the owner already is meant by what the form shows."""
    text = typed.strip()
    if not text:
        return None
    if asset is not None and asset.owner_id is not None:
        present = session.get_one(Person, asset.owner_id)
        if text == safe_line(requester_label(session, present)):
            return asset.owner_id
    return known(person_for(session, text, "", at).id)


def checked_values(request: SaveAsset) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    values: dict[str, Any] = {name: inventory_input.line(getattr(request, name)) for name in _TEXTS}
    if not values["tag"]:
        raise UsageError(_("An asset needs a tag: what is written on its label."))
    if not values["name"]:
        raise UsageError(_("An asset needs a name."))
    months = inventory_input.whole(request.depreciation_months, LONGEST_MONTHS, _("months"))
    if request.purchased_on and request.warranty_until and request.warranty_until < request.purchased_on:
        raise UsageError(_("The warranty cannot end before the day of purchase."))
    return {
        **values,
        "state": request.state.value,
        "cost": inventory_input.amount(request.cost),
        "currency": inventory_input.currency(request.currency),
        "purchased_on": request.purchased_on,
        "warranty_until": request.warranty_until,
        "depreciation_months": months,
        "notes": inventory_input.notes(request.notes),
    }


def _refuse_taken_tag(session: Session, tag: str, own_id: int | None) -> None:
    taken = session.exec(select(Asset).where(same_name(Asset.tag, tag))).first()
    if taken is not None and taken.id != own_id:
        raise Refused(
            _("The tag {tag} belongs to another asset: {name}.").format(
                tag=safe_line(taken.tag), name=safe_line(taken.name)
            ),
            _("Every tag is on one thing only."),
        )


def refuse_state(session: Session, asset: Asset, state: AssetState, *, anyway: bool) -> None:
    present = AssetState(asset.state)
    if not may_follow(present, state):
        allowed = ", ".join(word(one) for one in next_states(present))
        raise Refused(
            _("{tag} is {present} and does not become {state}; it can become: {allowed}.").format(
                tag=safe_line(asset.tag), present=word(present), state=word(state), allowed=allowed
            )
        )
    if state is AssetState.RETIRED and present is not state and not anyway:
        found = _ties(session, known(asset.id))
        if found.any:
            raise Refused(
                _("{tag} is not retired: {ties}.").format(
                    tag=safe_line(asset.tag), ties="; ".join(ties_told(found))
                ),
                _(
                    "All of that stays as it is when it is retired anyway: tui-desk asset retire {tag} --anyway"
                ).format(tag=safe_line(asset.tag)),
            )


def show_ties(session: Session, actor: Actor, request: ShowAssetTies) -> AssetTies:
    """What hangs on an asset."""
    require(actor, Permission.VIEW)
    return _ties(session, request.asset_id)


def _ties(session: Session, asset_id: int) -> AssetTies:
    seats = (
        select(Licence.name)
        .join(LicenceSeat, col(LicenceSeat.licence_id) == Licence.id)
        .where(LicenceSeat.asset_id == asset_id, col(LicenceSeat.released_at).is_(None))
        .order_by(col(Licence.name))
    )
    contracts = (
        select(Contract.name)
        .join(ContractAsset, col(ContractAsset.contract_id) == Contract.id)
        .where(ContractAsset.asset_id == asset_id, col(Contract.retired).is_(False))
        .order_by(col(Contract.name))
    )
    tickets = (
        select(Ticket.id, Ticket.subject)
        .join(TicketAsset, col(TicketAsset.ticket_id) == Ticket.id)
        .where(TicketAsset.asset_id == asset_id)
        .where(col(Ticket.status).in_([status.value for status in UNRESOLVED]))
        .order_by(col(Ticket.id))
    )
    return AssetTies(
        seats=tuple(map(safe_line, session.exec(seats).all())),
        contracts=tuple(map(safe_line, session.exec(contracts).all())),
        relations=relations_of(session, asset_id),
        tickets=tuple((known(number), safe_line(subject)) for number, subject in session.exec(tickets).all()),
    )


def ties_told(ties: AssetTies) -> list[str]:
    """What hangs on an asset, a few words each."""
    told = []
    if ties.tickets:
        numbers = ", ".join(f"#{number}" for number, _subject in ties.tickets[:5])
        text = ngettext("{count} open ticket ({which})", "{count} open tickets ({which})", len(ties.tickets))
        told.append(text.format(count=len(ties.tickets), which=numbers))
    if ties.seats:
        text = ngettext("a seat of {which}", "{count} seats ({which})", len(ties.seats))
        told.append(text.format(count=len(ties.seats), which=", ".join(ties.seats[:5])))
    if ties.contracts:
        text = ngettext("the contract {which}", "{count} contracts ({which})", len(ties.contracts))
        told.append(text.format(count=len(ties.contracts), which=", ".join(ties.contracts[:5])))
    if ties.relations:
        tags = ", ".join(relation.tag for relation in ties.relations[:5])
        text = ngettext("a relation with {which}", "{count} relations ({which})", len(ties.relations))
        told.append(text.format(count=len(ties.relations), which=tags))
    return told
