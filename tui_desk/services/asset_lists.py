"""The list of assets: found, sorted and paged at the same cost whatever their number."""

from __future__ import annotations

from sqlmodel import Session, col, select

from tui_desk.contracts.desk import AssetView, ListAssets
from tui_desk.contracts.lists import ASSET_SORTS, ListPage, PageAssets
from tui_desk.models import Asset, Person
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_view import asset_row
from tui_desk.services.context import known, require
from tui_desk.services.list_pages import Kind, page_of
from tui_desk.services.people import addresses_of

KIND = Kind("asset", ASSET_SORTS)
IN_USE = "l.retired = 0"


def page_assets(session: Session, actor: Actor, request: PageAssets) -> ListPage[AssetView]:
    """One window of the list; tickets and fields of one's own are left empty. Raises UsageError."""
    require(actor, Permission.VIEW)
    return page_of(session, KIND, request, _assets, *(() if request.include_retired else (IN_USE,)))


def list_assets(session: Session, actor: Actor, request: ListAssets) -> tuple[AssetView, ...]:
    """The first assets of the list in one piece. Raises UsageError."""
    page = PageAssets(
        request.query, request.include_retired, request.sort, request.descending, limit=request.limit
    )
    return page_assets(session, actor, page).rows


def _assets(session: Session, numbers: tuple[int, ...]) -> dict[int, AssetView]:
    rows = session.exec(
        select(Asset, Person)
        .outerjoin(Person, col(Person.id) == Asset.owner_id)
        .where(col(Asset.id).in_(numbers))
    ).all()
    nameless = addresses_of(
        session, [known(person.id) for _asset, person in rows if person and not person.name]
    )
    return {
        known(asset.id): asset_row(
            asset, (person.name or next(iter(nameless[known(person.id)]), "")) if person else ""
        )
        for asset, person in rows
    }
