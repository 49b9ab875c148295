"""What of the inventory a ticket is linked with, and what of it is over or ends soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from tui_desk.contracts.assets import ExpiryWarning, LinkedLicence
from tui_desk.contracts.tickets import LinkedAsset
from tui_desk.core.enums import AssetState
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, TicketAsset
from tui_desk.rules.assets import is_warned_of
from tui_desk.services.context import known, now
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.licence_holders import expiring_for
from tui_desk.services.licence_links import licences_of_ticket


@dataclass(frozen=True, slots=True)
class Inventory:
    """Assets by tag, licences by name, warnings by their day."""

    assets: tuple[LinkedAsset, ...]
    licences: tuple[LinkedLicence, ...]
    expiring: tuple[ExpiryWarning, ...]


def inventory_of(session: Session, number: int) -> Inventory:
    """Of a ticket, today."""
    today = desk_day(session, now(session))
    assets = session.exec(
        select(Asset)
        .join(TicketAsset, col(TicketAsset.asset_id) == Asset.id)
        .where(TicketAsset.ticket_id == number)
        .order_by(col(Asset.tag))
    ).all()
    licences = licences_of_ticket(session, number)
    linked = tuple(
        LinkedAsset(
            known(asset.id),
            safe_line(asset.tag),
            safe_line(asset.name),
            safe_line(asset.type),
            AssetState(asset.state),
        )
        for asset in assets
    )
    ends = {(False, known(asset.id)): (asset.tag, asset.warranty_until) for asset in assets if _counts(asset)}
    ends |= {(True, one.id): (one.name, one.expires_on) for one in licences if not one.retired}
    if assets:
        seats = expiring_for(session, [known(asset.id) for asset in assets], None, today)
        ends |= {(True, one.id): (one.name, one.expires_on) for one in seats}
    return Inventory(linked, licences, _warnings(ends, today))


def _counts(asset: Asset) -> bool:
    return asset.state != AssetState.RETIRED.value


def _warnings(
    ends: dict[tuple[bool, int], tuple[str, date | None]], today: date
) -> tuple[ExpiryWarning, ...]:
    found = [
        ExpiryWarning(licence, safe_line(name), ends_on, (ends_on - today).days)
        for (licence, _row), (name, ends_on) in ends.items()
        if ends_on is not None and is_warned_of(ends_on, today)
    ]
    return tuple(sorted(found, key=lambda one: (one.ends_on, one.name)))
