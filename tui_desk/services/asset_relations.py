"""What an asset has to do with others: installed on, connected to, part of. Told in the history of both, taken back once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from tui_desk.contracts.assets import RelateAssets, RelationView, UnrelateAssets
from tui_desk.core.enums import AssetRelationKind, AssetState
from tui_desk.core.errors import Conflict, NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.relation_words import asset_relation
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, AssetRelation, Event
from tui_desk.rules.assets import HIERARCHY
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_links import asset_stream
from tui_desk.services.context import known, now, require
from tui_desk.services.deeds import told_value
from tui_desk.services.events import record
from tui_desk.services.rows import ROW_ADDED, ROW_REMOVED, add_row, remove_row, undo_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting

_UPWARDS = [kind.value for kind in HIERARCHY]
_SHOWN = 200


def relations_of(session: Session, asset_id: int) -> tuple[RelationView, ...]:
    """All relations of an asset, from its own side."""
    rows = session.exec(
        select(AssetRelation)
        .where(or_(AssetRelation.from_id == asset_id, AssetRelation.to_id == asset_id))
        .order_by(col(AssetRelation.id))
        .limit(_SHOWN)
    ).all()
    others = {row.to_id if row.from_id == asset_id else row.from_id for row in rows}
    found = {one.id: one for one in session.exec(select(Asset).where(col(Asset.id).in_(others))).all()}
    views = [_view(row, row.from_id == asset_id, found) for row in rows]
    return tuple(sorted(views, key=lambda view: (view.kind, not view.outgoing, view.tag)))


def _view(row: AssetRelation, outgoing: bool, others: dict[int | None, Asset]) -> RelationView:
    other = others[row.to_id if outgoing else row.from_id]
    return RelationView(
        id=known(row.id),
        kind=AssetRelationKind(row.kind),
        outgoing=outgoing,
        other_id=known(other.id),
        tag=safe_line(other.tag),
        name=safe_line(other.name),
        state=AssetState(other.state),
    )


def relate(session: Session, actor: Actor, request: RelateAssets) -> tuple[RelationView, ...]:
    """Note a relation. Raises NotFound, Refused (to itself, there already, a circle)."""
    require(actor, Permission.CHANGE_ASSETS)
    one, other = _locked(session, request.asset_id, request.other_id)
    _refuse_senseless(session, one, other, request.kind)
    row = AssetRelation(from_id=known(one.id), to_id=known(other.id), kind=request.kind.value)
    at = now(session)
    add_row(session, actor, asset_stream(row.from_id), row, at, name=_name(one, other))
    _tell_other(session, actor, row, ROW_ADDED, _name(one, other), at)
    return relations_of(session, request.asset_id)


def unrelate(session: Session, actor: Actor, request: UnrelateAssets) -> tuple[RelationView, ...]:
    """Take a relation away. Raises NotFound."""
    require(actor, Permission.CHANGE_ASSETS)
    row = session.get(AssetRelation, request.relation_id)
    if row is None or request.asset_id not in (row.from_id, row.to_id):
        raise NotFound(_("This relation is gone."))
    one, other = _locked(session, row.from_id, row.to_id)
    present = session.exec(
        select(AssetRelation).where(AssetRelation.id == request.relation_id).with_for_update()
    ).first()
    if present is None:
        raise NotFound(_("This relation is gone."))
    name, at = _name(one, other), now(session)
    _tell_other(session, actor, present, ROW_REMOVED, name, at)
    remove_row(session, actor, asset_stream(present.from_id), present, at, name=name)
    return relations_of(session, request.asset_id)


def undo_relation(session: Session, actor: Actor, event: Event, at: datetime) -> tuple[int, ...]:
    """Take back what happened to a relation. Raises Conflict, also where it would make no sense any more."""
    told = told_value(event)
    values = told["values"]
    try:
        one, other = _locked(session, int(values["from_id"]), int(values["to_id"]))
        if event.action == ROW_REMOVED:
            _refuse_senseless(session, one, other, AssetRelationKind(values["kind"]))
    except (NotFound, Refused) as error:
        raise Conflict(_("Not undone: {why}").format(why=error.sentence)) from error
    row = AssetRelation(id=int(told["id"]), **values)
    undone = undo_row(session, actor, event, at)
    action = ROW_REMOVED if event.action == ROW_ADDED else ROW_ADDED
    _tell_other(session, actor, row, action, str(told["name"]), at, undoes=event.id)
    return undone


def _locked(session: Session, one: int, other: int) -> tuple[Asset, Asset]:
    """Both, locked in order. Raises NotFound."""
    statement = select(Asset).where(col(Asset.id).in_((one, other))).order_by(col(Asset.id))
    found = {asset.id: asset for asset in session.exec(statement.with_for_update()).all()}
    for asset_id in (one, other):
        if asset_id not in found:
            raise NotFound(_("There is no asset {id}.").format(id=asset_id))
    return found[one], found[other]


def _refuse_senseless(session: Session, one: Asset, other: Asset, kind: AssetRelationKind) -> None:
    if one.id == other.id:
        raise Refused(_("{tag} has no relation with itself.").format(tag=safe_line(one.tag)))
    pairs = {(one.id, other.id)}
    if kind not in HIERARCHY:
        pairs.add((other.id, one.id))
    for from_id, to_id in pairs:
        statement = select(AssetRelation.id).where(
            AssetRelation.from_id == from_id, AssetRelation.to_id == to_id, AssetRelation.kind == kind.value
        )
        if session.exec(statement).first() is not None:
            raise Refused(
                _("{one} {kind} {other}: that is noted already.").format(
                    one=safe_line(one.tag),
                    kind=asset_relation(kind, outgoing=True),
                    other=safe_line(other.tag),
                )
            )
    if kind in HIERARCHY:
        locked_setting(
            session, DESK_NAME
        )  # two that are made at the same time cannot close a circle together
        way = _way_up(session, known(other.id), known(one.id))
        if way:
            tags = dict(session.exec(select(Asset.id, Asset.tag).where(col(Asset.id).in_(way))).all())
            raise Refused(
                _("That would be a circle: {way}.").format(
                    way=" → ".join(safe_line(tags[step]) for step in (known(one.id), *way))
                ),
                _("An asset is not installed on, or part of, what belongs to itself."),
            )


def _way_up(session: Session, start: int, goal: int) -> list[int]:
    """The assets from ``start`` to ``goal`` along relations that lead upwards, both included; nothing where there is no way."""
    came_from: dict[int, int | None] = {start: None}
    level = [start]
    while level and goal not in came_from:
        statement = select(AssetRelation.from_id, AssetRelation.to_id).where(
            col(AssetRelation.from_id).in_(level), col(AssetRelation.kind).in_(_UPWARDS)
        )
        rows = session.exec(statement).all()
        level = []
        for below, above in rows:
            if above not in came_from:
                came_from[above] = below
                level.append(above)
    way: list[int] = []
    step: int | None = goal if goal in came_from else None
    while step is not None:
        way.append(step)
        step = came_from[step]
    return way[::-1]


def _name(one: Asset, other: Asset) -> str:
    return f"{one.tag} → {other.tag}"


def _tell_other(
    session: Session,
    actor: Actor,
    row: AssetRelation,
    action: str,
    name: str,
    at: datetime,
    undoes: int | None = None,
) -> None:
    """The same in the history of the other asset."""
    value: dict[str, Any] = {
        "table": AssetRelation.__tablename__,
        "id": known(row.id),
        "name": name,
        "values": {"from_id": row.from_id, "to_id": row.to_id, "kind": row.kind},
        "mirror": True,
    }
    before, after = (None, value) if action == ROW_ADDED else (value, None)
    record(session, actor, asset_stream(row.to_id), action, at, before=before, after=after, undoes=undoes)
