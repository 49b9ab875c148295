"""What supervisors set for purchases: how orders are numbered, and the currency of new ones. And what a purchase can name, for forms."""

from __future__ import annotations

from sqlmodel import Session, col, func, select

from tui_desk.contracts.purchases import (
    ListCostCentres,
    ListSuppliers,
    PurchaseChoices,
    PurchaseSettings,
    SavePurchaseSettings,
    ShowPurchaseChoices,
    ShowPurchaseSettings,
)
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, AssetType, Licence
from tui_desk.rules.permissions import Permission
from tui_desk.rules.purchases import DEFAULT_SCHEME, checked_scheme
from tui_desk.services.actor import Actor
from tui_desk.services.context import now, require
from tui_desk.services.cost_centres import list_cost_centres
from tui_desk.services.currencies import checked_currency, currencies
from tui_desk.services.settings_store import (
    ORDER_NUMBERS,
    PURCHASE_CURRENCY,
    change_setting,
    locked_setting,
    read_setting,
)
from tui_desk.services.suppliers import list_suppliers

_DEFAULTS = {ORDER_NUMBERS: DEFAULT_SCHEME, PURCHASE_CURRENCY: "EUR"}
_MOST_NAMES = 200


def show_settings(session: Session, actor: Actor, _request: ShowPurchaseSettings) -> PurchaseSettings:
    require(actor, Permission.VIEW)
    return _settings(session)


def _settings(session: Session) -> PurchaseSettings:
    return PurchaseSettings(_value(session, ORDER_NUMBERS), default_currency(session))


def _value(session: Session, key: str) -> str:
    return str(read_setting(session, key) or _DEFAULTS[key])


def default_currency(session: Session) -> str:
    """The currency of purchases whose cost centre says nothing else."""
    return _value(session, PURCHASE_CURRENCY)


def order_scheme(session: Session, *, lock: bool) -> str:
    """How orders are numbered. ``lock``: whoever makes a number waits here for the others."""
    return (
        str(locked_setting(session, ORDER_NUMBERS).value or DEFAULT_SCHEME)
        if lock
        else _value(session, ORDER_NUMBERS)
    )


def save_settings(session: Session, actor: Actor, request: SavePurchaseSettings) -> PurchaseSettings:
    """Raises UsageError (scheme, currency)."""
    require(actor, Permission.CONFIGURE_WORK)
    wanted = {}
    if request.order_numbers is not None:
        wanted[ORDER_NUMBERS] = checked_scheme(safe_line(request.order_numbers))
    if request.currency is not None:
        wanted[PURCHASE_CURRENCY] = checked_currency(request.currency)
    at = now(session)
    for key, value in wanted.items():
        change_setting(session, actor, key, value, at)
    return _settings(session)


def show_choices(session: Session, actor: Actor, _request: ShowPurchaseChoices) -> PurchaseChoices:
    """What a purchase can name today."""
    require(actor, Permission.VIEW)
    kept = session.exec(
        select(AssetType.name).where(col(AssetType.active)).order_by(func.lower(AssetType.name))
    ).all()
    used = session.exec(
        select(Asset.type).where(Asset.type != "").distinct().order_by(Asset.type).limit(_MOST_NAMES)
    ).all()
    licences = session.exec(
        select(Licence.name).where(~col(Licence.retired)).order_by(func.lower(Licence.name))
    ).all()
    return PurchaseChoices(
        suppliers=list_suppliers(session, actor, ListSuppliers()),
        cost_centres=list_cost_centres(session, actor, ListCostCentres()),
        currencies=currencies(),
        asset_types=tuple(dict.fromkeys(map(safe_line, (*kept, *used)))),
        licences=tuple(map(safe_line, licences)),
        settings=_settings(session),
    )
