"""Contracts with suppliers: kept, searched, retired, the assets they cover, and the period that a renewal begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from tui_desk.contracts.agreements import (
    ContractView,
    CoverAsset,
    CoveredAsset,
    ListContracts,
    RenewContract,
    RetireContract,
    SaveContract,
    ShowContract,
)
from tui_desk.core.enums import AssetState, ContractKind, ExpiryState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Contract, ContractAsset
from tui_desk.rules.permissions import Permission
from tui_desk.rules.terms import ENDS_SOON_DAYS, expiry_state, is_near, last_notice_day, next_period, term_of
from tui_desk.services import inventory_input
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.licences import today_of
from tui_desk.services.people import like_words
from tui_desk.services.rows import add_row, change_row, remove_row
from tui_desk.services.versions import check_version

MOST_NOTICE = 3_650
ASSETS_SHOWN = 2_000


def contract_stream(contract_id: int) -> str:
    return f"contract:{contract_id}"


def list_contracts(session: Session, actor: Actor, request: ListContracts) -> tuple[ContractView, ...]:
    """Contracts that hold the words of the query, by name."""
    require(actor, Permission.VIEW)
    today = today_of(session)
    statement = select(Contract).where(
        *like_words(request.query, Contract.name, Contract.number, Contract.supplier, Contract.notes)
    )
    if not request.include_retired:
        statement = statement.where(col(Contract.retired).is_(False))
    if request.wanting:
        farthest = today + timedelta(days=ENDS_SOON_DAYS + MOST_NOTICE)
        statement = statement.where(col(Contract.ends_on) <= farthest)
    if request.asset_id is not None:
        covering = select(ContractAsset.contract_id).where(ContractAsset.asset_id == request.asset_id)
        statement = statement.where(col(Contract.id).in_(covering))
    statement = statement.order_by(func.lower(Contract.name), col(Contract.id))
    if not request.wanting:
        statement = statement.limit(request.limit)
    found = session.exec(statement).all()
    rows = [row for row in found if not request.wanting or _wants(row, today)][: request.limit]
    covered = dict(
        session.exec(
            select(ContractAsset.contract_id, func.count())
            .where(col(ContractAsset.contract_id).in_([known(row.id) for row in rows]))
            .group_by(col(ContractAsset.contract_id))
        ).all()
    )
    return tuple(_view(row, covered.get(known(row.id), 0), today) for row in rows)


def _wants(row: Contract, today: date) -> bool:
    """Whether it is over, ends soon, or must be given notice of soon."""
    if expiry_state(row.ends_on, today) in (ExpiryState.OVER, ExpiryState.ENDING):
        return True
    return is_near(last_notice_day(row.ends_on, row.notice_days), today)


def show_contract(session: Session, actor: Actor, request: ShowContract) -> ContractView:
    """A contract by id or name, with the assets it covers. Raises NotFound."""
    require(actor, Permission.VIEW)
    statement = select(Contract)
    if request.id is not None:
        statement = statement.where(Contract.id == request.id)
    else:
        statement = statement.where(same_name(Contract.name, request.name.strip()))
    row = session.exec(statement).first()
    if row is None:
        raise NotFound(
            _("There is no contract {name}.").format(name=safe_line(request.name) or f"#{request.id}"),
            _("tui-desk contract list shows those there are."),
        )
    assets = session.exec(
        select(Asset.id, Asset.tag, Asset.name, Asset.state)
        .join(ContractAsset, col(ContractAsset.asset_id) == Asset.id)
        .where(ContractAsset.contract_id == row.id)
        .order_by(func.lower(Asset.tag))
        .limit(ASSETS_SHOWN)
    ).all()
    covered = session.exec(
        select(func.count()).select_from(ContractAsset).where(ContractAsset.contract_id == row.id)
    ).one()
    return replace(
        _view(row, covered, today_of(session)),
        assets=tuple(
            CoveredAsset(known(number), safe_line(tag), safe_line(name), AssetState(state))
            for number, tag, name, state in assets
        ),
    )


def _view(row: Contract, covered: int, today: date) -> ContractView:
    following = _following(row)
    notice_by = last_notice_day(row.ends_on, row.notice_days)
    return ContractView(
        id=known(row.id),
        name=safe_line(row.name),
        kind=ContractKind(row.kind),
        number=safe_line(row.number),
        supplier=safe_line(row.supplier),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        expiry=expiry_state(row.ends_on, today),
        notice_days=row.notice_days,
        notice_by=notice_by,
        notice_near=is_near(notice_by, today),
        renews=row.renews,
        next_starts_on=following[0] if following else None,
        next_ends_on=following[1] if following else None,
        cost=row.cost,
        currency=safe_line(row.currency),
        notes=safe_block(row.notes),
        retired=row.retired,
        version=row.version,
        covered=covered,
    )


def _following(row: Contract) -> tuple[date, date] | None:
    """The period after the present one; None where nothing says how long it would be."""
    if row.starts_on is None or row.ends_on is None:
        return None
    try:
        return next_period(row.ends_on, term_of(row.starts_on, row.ends_on))
    except OverflowError:
        return None


def save_contract(session: Session, actor: Actor, request: SaveContract) -> ContractView:
    """Create or change a contract. Raises UsageError, NotFound, Refused (name taken), Conflict (changed by somebody else)."""
    require(actor, Permission.CHANGE_ASSETS)
    at = now(session)
    values = _values(request)
    found = contract_to_change(session, request.id) if request.id is not None else None
    _refuse_taken(session, values["name"], request.id)
    if found is None:
        found = Contract(**values, created_at=at, updated_at=at)
        with _name_free(values["name"]):
            session.add(found)
            session.flush()
        add_row(session, actor, contract_stream(known(found.id)), found, at, name=found.name)
    else:
        stream = contract_stream(known(found.id))
        check_version(session, found, request.version, values, found.name, stream)
        with _name_free(values["name"]):
            change_row(session, actor, stream, found, values, at, name=found.name)
    return _shown(session, actor, found)


@contextmanager
def _name_free(name: str) -> Iterator[None]:
    """Somebody else may write down the same name at this moment. Raises Refused then."""
    try:
        yield
    except IntegrityError as error:
        raise _taken(name) from error


def _values(request: SaveContract) -> dict[str, Any]:
    """The columns to set; everything wrong is told before anything is written."""
    name = inventory_input.line(request.name)
    if not name:
        raise UsageError(_("A contract needs a name."))
    inventory_input.in_order(request.starts_on, request.ends_on)
    if request.notice_days is not None and request.ends_on is None:
        raise UsageError(_("A time of notice counts from an end, and no end is named."))
    return {
        "name": name,
        "kind": request.kind.value,
        "number": inventory_input.line(request.number),
        "supplier": inventory_input.line(request.supplier),
        "starts_on": request.starts_on,
        "ends_on": request.ends_on,
        "notice_days": inventory_input.whole(request.notice_days, MOST_NOTICE, _("days")),
        "renews": request.renews,
        "cost": inventory_input.amount(request.cost),
        "currency": inventory_input.currency(request.currency),
        "notes": inventory_input.notes(request.notes),
    }


def _refuse_taken(session: Session, name: str, own_id: int | None) -> None:
    taken = session.exec(select(Contract).where(same_name(Contract.name, name))).first()
    if taken is not None and taken.id != own_id:
        raise _taken(taken.name)


def _taken(name: str) -> Refused:
    return Refused(
        _("There is a contract {name} already.").format(name=safe_line(name)),
        _("Every contract has a name of its own; a retired one keeps it."),
    )


def contract_to_change(session: Session, contract_id: int) -> Contract:
    """The contract, locked until the end of the transaction. Raises NotFound."""
    row = session.exec(select(Contract).where(Contract.id == contract_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no contract {id}.").format(id=contract_id))
    return row


def retire_contract(session: Session, actor: Actor, request: RetireContract) -> ContractView:
    """Set a contract aside, or bring it back. Raises NotFound."""
    require(actor, Permission.CHANGE_ASSETS)
    row = contract_to_change(session, request.id)
    values = {"retired": request.retired}
    change_row(session, actor, contract_stream(request.id), row, values, now(session), name=row.name)
    return _shown(session, actor, row)


def cover_asset(session: Session, actor: Actor, request: CoverAsset) -> ContractView:
    """Let a contract cover an asset, or not any more. Raises NotFound, Refused (is so already)."""
    require(actor, Permission.CHANGE_ASSETS)
    contract = contract_to_change(session, request.contract_id)
    tag = request.asset.strip()
    asset = session.exec(
        select(Asset).where(same_name(Asset.tag, tag) if tag else Asset.id == request.asset_id)
    ).first()
    if asset is None:
        raise NotFound(
            _("There is no asset {name}.").format(name=safe_line(tag) or f"#{request.asset_id}"),
            _("tui-desk asset list shows those there are."),
        )
    row = session.exec(
        select(ContractAsset).where(
            ContractAsset.contract_id == contract.id, ContractAsset.asset_id == asset.id
        )
    ).first()
    names = {"contract": safe_line(contract.name), "tag": safe_line(asset.tag)}
    stream, name, at = contract_stream(known(contract.id)), safe_line(asset.tag), now(session)
    if row is None and request.covered:
        row = ContractAsset(contract_id=known(contract.id), asset_id=known(asset.id))
        add_row(session, actor, stream, row, at, name=name)
    elif row is not None and not request.covered:
        remove_row(session, actor, stream, row, at, name=name)
    elif request.covered:
        raise Refused(_("{contract} covers {tag} already.").format(**names))
    else:
        raise Refused(_("{contract} does not cover {tag}.").format(**names))
    return _shown(session, actor, contract)


def renew_contract(session: Session, actor: Actor, request: RenewContract) -> ContractView:
    """Begin the next period. Raises NotFound, UsageError (nothing says how long), Refused (retired), Conflict (renewed meanwhile)."""
    require(actor, Permission.CHANGE_ASSETS)
    row = contract_to_change(session, request.id)
    name = safe_line(row.name)
    if row.retired:
        raise Refused(_("{contract} is retired: bring it back before it is renewed.").format(contract=name))
    if request.version not in (0, row.version):
        raise Conflict(
            _("{contract} was changed meanwhile; it ends on {day} now. It was not renewed.").format(
                contract=name, day=row.ends_on.isoformat() if row.ends_on else "–"
            ),
            _("Look at it again."),
        )
    starts_on, ends_on = _renewed(row, request.until)
    stream = contract_stream(request.id)
    values = {"starts_on": starts_on, "ends_on": ends_on}
    change_row(session, actor, stream, row, values, now(session), name=row.name)
    return _shown(session, actor, row)


def _renewed(row: Contract, until: date | None) -> tuple[date, date]:
    if row.ends_on is None:
        raise UsageError(
            _("{contract} has no end, so there is nothing to renew.").format(contract=safe_line(row.name))
        )
    following = _following(row)
    if until is None:
        if following is None:
            raise UsageError(
                _("Nothing says how long {contract} goes on: it has no first day.").format(
                    contract=safe_line(row.name)
                ),
                _("Name the new last day."),
            )
        return following
    if until <= row.ends_on:
        raise UsageError(
            _("{contract} ends on {day}; a renewal ends later, not on {until}.").format(
                contract=safe_line(row.name), day=row.ends_on.isoformat(), until=until.isoformat()
            )
        )
    first = following[0] if following else row.ends_on + timedelta(days=1)
    return first, until


def _shown(session: Session, actor: Actor, row: Contract) -> ContractView:
    return show_contract(session, actor, ShowContract(known(row.id)))
