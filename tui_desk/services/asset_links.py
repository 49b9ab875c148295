"""Linking a ticket with an asset, told in the history of both."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from tui_desk.core.errors import Conflict, NotFound
from tui_desk.core.i18n import _
from tui_desk.models import Asset, Event, Ticket, TicketAsset
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, touch
from tui_desk.services.events import record, ticket_stream


def asset_stream(asset_id: int) -> str:
    return f"asset:{asset_id}"


def asset_label(asset: Asset) -> str:
    """What people call an asset: its tag and its name."""
    return f"{asset.tag} {asset.name}".strip()


def keep_own_number(session: Session, asset: Asset) -> None:
    """Give an asset that was just made a number whose history is empty: SQLite gives the highest one again once its row is gone."""
    number = known(asset.id)
    while session.exec(select(Event.id).where(Event.stream == asset_stream(number)).limit(1)).first():
        number += 1
    if number != asset.id:
        asset.id = number
        session.add(asset)
        session.flush()


def set_asset_link(
    session: Session,
    actor: Actor,
    ticket: Ticket,
    asset_id: int,
    at: datetime,
    *,
    linked: bool,
    undoes: int | None = None,
) -> tuple[int, ...]:
    """Link a locked ticket with an asset or part them; nothing where it is so already.

    Raises NotFound, and Conflict for an undo of what somebody else undid.
    """
    asset = session.exec(select(Asset).where(Asset.id == asset_id).with_for_update()).first()
    if asset is None:
        raise NotFound(_("There is no asset {id}.").format(id=asset_id))
    row = session.get(TicketAsset, (ticket.id, asset_id))
    if (row is not None) == linked:
        if undoes is not None:
            raise Conflict(_("Not undone: the asset’s link has been changed since."))
        return ()
    if row is None:
        session.add(TicketAsset(ticket_id=known(ticket.id), asset_id=asset_id))
    else:
        session.delete(row)
    session.flush()
    touch(session, ticket, at)
    action = "asset_linked" if linked else "asset_unlinked"
    value = {"id": asset_id, "tag": asset.tag, "name": f"{asset.tag} {asset.name}".strip()}
    event = record(
        session,
        actor,
        ticket_stream(known(ticket.id)),
        action,
        at,
        before=None if linked else value,
        after=value if linked else None,
        undoes=undoes,
    )
    record(session, actor, asset_stream(asset_id), action, at, field="ticket", after=ticket.id, undoes=undoes)
    return (event,)
