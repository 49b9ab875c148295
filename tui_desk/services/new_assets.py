"""Assets that come with a delivery: their tags, their rows, their link with the ticket."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from tui_desk.core.enums import AssetState
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Purchase, PurchaseLine, Supplier, Ticket
from tui_desk.rules.tags import before_first, is_numbered, number_of, prefix_of, tags_after
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import asset_stream, keep_own_number, set_asset_link
from tui_desk.services.context import known
from tui_desk.services.rows import add_row

TEXT_LIMIT = 200
_LOOKED_AT = 200
"""Tags of a scheme that are looked at for the highest; one that is taken nevertheless is passed over."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What assets of a delivery have in common."""

    ticket: Ticket
    purchase: Purchase
    line: PurchaseLine
    day: date
    owner_id: int | None


def make_assets(
    session: Session, actor: Actor, bought: Bought, tags: Sequence[str], serials: Sequence[str], at: datetime
) -> tuple[list[int], tuple[int, ...]]:
    """Write an asset for each tag; answers their ids and the events'. The ticket is locked, ``tags`` are free."""
    supplier = _supplier(session, bought.purchase)
    ids, events = [], []
    for place, tag in enumerate(tags):
        asset = Asset(
            tag=tag,
            name=safe_line(bought.line.article, TEXT_LIMIT).strip(),
            type=bought.line.asset_type,
            serial=serials[place] if place < len(serials) else "",
            owner_id=bought.owner_id,
            state=(AssetState.IN_STOCK if bought.owner_id is None else AssetState.IN_USE).value,
            supplier=supplier,
            cost=bought.line.unit_cost,
            currency=bought.purchase.currency,
            purchased_on=bought.purchase.ordered_on or bought.day,
            purchase_line_id=bought.line.id,
            created_at=at,
            updated_at=at,
        )
        session.add(asset)
        session.flush()
        keep_own_number(session, asset)
        asset_id = known(asset.id)
        events.append(
            add_row(session, actor, asset_stream(asset_id), asset, at, name=f"{asset.tag} {asset.name}")
        )
        events += set_asset_link(session, actor, bought.ticket, asset_id, at, linked=True)
        ids.append(asset_id)
    return ids, tuple(events)


def _supplier(session: Session, purchase: Purchase) -> str:
    supplier = session.get(Supplier, purchase.supplier_id) if purchase.supplier_id is not None else None
    return safe_line(supplier.name, TEXT_LIMIT) if supplier else ""


def tags_for(
    session: Session, kind: str, given: Iterable[str], count: int, reserved: Iterable[str] = ()
) -> list[str]:
    """``count`` tags for assets of a type: those given, then the next free ones of their scheme. None of those ``reserved`` is taken.

    Raises UsageError for too many or the same twice, Refused for one that is taken.
    """
    tags = [safe_line(tag, TEXT_LIMIT).strip() for tag in given]
    tags = [tag for tag in tags if tag]
    if len(tags) > count:
        raise UsageError(
            _("There are {tags} tags for {count} assets.").format(tags=len(tags), count=count),
            _("Every tag is on one thing only."),
        )
    refuse_twice(tags, _("The tag {value} is named twice."))
    _refuse_taken(session, tags)
    return tags + _next_free(session, kind, tags, count - len(tags), reserved)


def next_tag(session: Session, kind: str) -> str:
    """The first free tag for an asset of a type."""
    return _next_free(session, kind, (), 1)[0]


def _next_free(
    session: Session, kind: str, given: Sequence[str], count: int, reserved: Iterable[str] = ()
) -> list[str]:
    found: list[str] = []
    used = {tag.casefold().strip() for tag in (*given, *reserved)}
    following = tags_after(given[-1] if given else _highest(session, kind))
    while len(found) < count:
        some = [next(following) for _place in range(max(count - len(found), 10))]
        taken = _taken(session, some) | used
        found += [tag for tag in some if tag.casefold() not in taken]
    return found[:count]


def _highest(session: Session, kind: str) -> str:
    """The tag with the highest number in the scheme of the newest assets of a type."""
    newest = session.exec(
        select(Asset.tag).where(Asset.type == kind).order_by(col(Asset.id).desc()).limit(_LOOKED_AT)
    ).all()
    last = next((tag for tag in newest if is_numbered(tag)), "")
    if not last:
        return before_first(kind)
    prefix = prefix_of(last)
    same = session.exec(
        select(Asset.tag)
        .where(col(Asset.tag).startswith(prefix, autoescape=True))
        .order_by(func.length(Asset.tag).desc(), col(Asset.tag).desc())
        .limit(_LOOKED_AT)
    ).all()
    return max((tag for tag in (last, *same) if prefix_of(tag) == prefix and is_numbered(tag)), key=number_of)


def _taken(session: Session, tags: Sequence[str]) -> set[str]:
    rows = session.exec(select(Asset.tag).where(same_name(Asset.tag, *tags))).all()
    return {tag.casefold() for tag in rows}


def _refuse_taken(session: Session, tags: Sequence[str]) -> None:
    taken = session.exec(select(Asset).where(same_name(Asset.tag, *tags)).order_by(col(Asset.id))).first()
    if taken is not None:
        raise Refused(
            _("The tag {tag} belongs to another asset: {name}.").format(
                tag=safe_line(taken.tag), name=safe_line(taken.name)
            ),
            _("Every tag is on one thing only."),
        )


def serials_for(session: Session, given: Iterable[str], count: int) -> list[str]:
    """Serial numbers in the order of the assets. Raises UsageError for too many or the same twice, Refused for one that is known."""
    serials = [safe_line(serial, TEXT_LIMIT).strip() for serial in given]
    serials = [serial for serial in serials if serial]
    if len(serials) > count:
        raise UsageError(
            _("There are {serials} serial numbers for {count} assets.").format(
                serials=len(serials), count=count
            )
        )
    refuse_twice(serials, _("The serial number {value} is named twice."))
    known_one = session.exec(
        select(Asset).where(col(Asset.serial).in_(serials)).order_by(col(Asset.id))
    ).first()
    if known_one is not None:
        raise Refused(
            _("The serial number {serial} is that of {tag} {name} already.").format(
                serial=safe_line(known_one.serial),
                tag=safe_line(known_one.tag),
                name=safe_line(known_one.name),
            ),
            _("Leave it out here if that is right, and set it on the asset."),
        )
    return serials


def refuse_twice(values: Sequence[str], sentence: str) -> None:
    """Raises UsageError with ``sentence`` ({value}) where one is there twice, in capitals or not."""
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:
            raise UsageError(sentence.format(value=safe_line(value, 80)))
        seen.add(value.casefold())
