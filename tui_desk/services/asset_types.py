"""Types of assets: what is written down about a kind of thing. An asset's type is a word; the type of that name says the rest."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from tui_desk.contracts.assets import AssetTypeView, ListAssetTypes, SaveAssetType
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, AssetType, CustomField
from tui_desk.rules.depreciation import LONGEST_MONTHS
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import asset_label, asset_stream
from tui_desk.services.context import known, now, require
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting
from tui_desk.services.versions import check_version

STREAM = "desk"
NAME_LIMIT = 80
MOST_RENAMED = 5_000
"""So many assets get another type's name in one go; each is told in its own history."""


def list_types(session: Session, actor: Actor, request: ListAssetTypes) -> tuple[AssetTypeView, ...]:
    """Types by name."""
    require(actor, Permission.VIEW)
    rows = _all(session)
    if not request.everything:
        return tuple(_view(row, 0) for row in rows if row.active)
    counts = _counts(session)
    written = {row.name.casefold() for row in rows}
    views = [_view(row, counts.get(row.name.casefold(), ("", 0))[1]) for row in rows]
    views += [
        AssetTypeView(None, safe_line(name), None, True, count)
        for key, (name, count) in counts.items()
        if key not in written
    ]
    return tuple(sorted(views, key=lambda view: (view.name.casefold(), view.id is None)))


def _all(session: Session) -> Sequence[AssetType]:
    return session.exec(select(AssetType).order_by(func.lower(AssetType.name), col(AssetType.id))).all()


def _counts(session: Session) -> dict[str, tuple[str, int]]:
    """The words that assets have as their type: the commonest spelling, and how many assets have it in any."""
    statement = select(Asset.type, func.count()).where(Asset.type != "").group_by(col(Asset.type))
    found: dict[str, tuple[str, int]] = {}
    for name, count in sorted(session.exec(statement).all(), key=lambda row: (-row[1], row[0])):
        spelling, so_far = found.get(name.casefold(), (name, 0))
        found[name.casefold()] = (spelling, so_far + count)
    return found


def _view(row: AssetType, assets: int) -> AssetTypeView:
    return AssetTypeView(
        known(row.id), safe_line(row.name), row.depreciation_months, row.active, assets, row.version
    )


def save_type(session: Session, actor: Actor, request: SaveAssetType) -> AssetTypeView:
    """Write a type down, or change one. Raises UsageError, NotFound, Refused (name taken, too many assets), Conflict."""
    require(actor, Permission.CONFIGURE_WORK)
    name = _checked(request)
    at = now(session)
    present = _present(session, request.id)
    before = present.name if present is not None else name
    spellings = [one for one in _spellings(session, {name.casefold(), before.casefold()}) if one != name]
    assets = _locked_assets(session, spellings)
    locked_setting(session, DESK_NAME)  # whoever writes into the desk's history waits for the others here
    row = _stored(session, actor, request, present, name, at)
    for asset in assets:
        change_row(
            session,
            actor,
            asset_stream(known(asset.id)),
            asset,
            {"type": name},
            at,
            name=asset_label(asset),
        )
    _carry_fields(session, actor, {before, *spellings} - {name}, name, at)
    return _view(row, _counts(session).get(name.casefold(), ("", 0))[1])


def _checked(request: SaveAssetType) -> str:
    """The name as it is kept. Raises UsageError."""
    name = " ".join(safe_line(request.name, NAME_LIMIT).split())
    if not name:
        raise UsageError(_("A type needs a name, such as Laptop."))
    months = request.depreciation_months
    if months is not None and not 1 <= months <= LONGEST_MONTHS:
        raise UsageError(
            _("{months} is no number of months: it is from 1 to {most}.").format(
                months=months, most=LONGEST_MONTHS
            )
        )
    return name


def _present(session: Session, type_id: int | None) -> AssetType | None:
    """The type that is changed, locked. Raises NotFound."""
    if type_id is None:
        return None
    row = session.exec(select(AssetType).where(AssetType.id == type_id).with_for_update()).first()
    if row is None:
        raise NotFound(_("There is no asset type {id}.").format(id=type_id))
    return row


def _stored(
    session: Session, actor: Actor, request: SaveAssetType, present: AssetType | None, name: str, at: datetime
) -> AssetType:
    taken = next((row for row in _all(session) if row.name.casefold() == name.casefold()), None)
    if taken is not None and taken is not present:
        raise _taken(taken.name)
    values = {"name": name, "depreciation_months": request.depreciation_months, "active": request.active}
    if present is not None:
        check_version(session, present, request.version, values, present.name, STREAM)
        change_row(session, actor, STREAM, present, values, at, name=name)
        return present
    row = AssetType(name=name, depreciation_months=request.depreciation_months, active=request.active)
    try:
        with session.begin_nested():
            add_row(session, actor, STREAM, row, at, name=name)
    except IntegrityError as error:  # somebody else wrote it down at this moment
        raise _taken(name) from error
    return row


def _taken(name: str) -> Refused:
    return Refused(_("There is a type {name} already.").format(name=safe_line(name)))


def _spellings(session: Session, keys: Collection[str]) -> list[str]:
    """The words that assets have as their type and that are one of these, whatever their case."""
    names = session.exec(select(Asset.type).where(Asset.type != "").distinct()).all()
    return [name for name in names if name.casefold() in keys]


def _locked_assets(session: Session, spellings: Sequence[str]) -> Sequence[Asset]:
    """Raises Refused for too many."""
    if not spellings:
        return ()
    statement = select(Asset).where(col(Asset.type).in_(spellings)).order_by(col(Asset.id))
    found = session.exec(statement.limit(MOST_RENAMED + 1).with_for_update()).all()
    if len(found) > MOST_RENAMED:
        raise Refused(
            _("More than {count} assets would get another type.").format(count=MOST_RENAMED),
            _("Nothing was changed. Set this type aside and write down another one for new assets."),
        )
    return found


def _carry_fields(
    session: Session, actor: Actor, spellings: Collection[str], name: str, at: datetime
) -> None:
    """Fields of one's own of a type go with its name."""
    statement = select(CustomField).where(
        CustomField.subject == FieldSubject.ASSET.value, col(CustomField.applies_to).in_(spellings)
    )
    for field in session.exec(statement.order_by(col(CustomField.id)).with_for_update()).all():
        change_row(session, actor, STREAM, field, {"applies_to": name}, at, name=field.label)


def type_named(session: Session, text: str) -> str:
    """A word as the type of that name is written; one that no type has stays as it is."""
    if not text:
        return text
    return next((row.name for row in _all(session) if row.name.casefold() == text.casefold()), text)


def months_by_type(session: Session) -> dict[str, int]:
    """Over how many months the cost of assets is written off, by the name of their type in lower case."""
    return {row.name.casefold(): row.depreciation_months for row in _all(session) if row.depreciation_months}
