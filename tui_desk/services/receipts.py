"""Deliveries of ordered purchases: written down in parts, with the assets and seats they make; and what is given up on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from tui_desk.contracts.receipts import ClosePurchase, Received, ReceiveGoods, ReceiveLine
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import Agent, Licence, Purchase, PurchaseLine, Receipt, ReceiptLine, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.rules.purchases import may_follow
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require
from tui_desk.services.deliveries import (
    Figures,
    figures_of,
    follow,
    purchase_to_change,
    refuse_unless_ordered,
    waiting_invoice,
)
from tui_desk.services.events import ticket_stream
from tui_desk.services.new_assets import Bought, make_assets, refuse_twice, serials_for, tags_for
from tui_desk.services.purchase_approval import set_state, tell
from tui_desk.services.purchase_view import row_name
from tui_desk.services.receipt_view import receipt_view
from tui_desk.services.rows import add_row, change_row
from tui_desk.services.settings_store import DESK_NAME, locked_setting

NOTE_LIMIT = 10_000
REASON_LIMIT = 500
MOST_ASSETS = 200
"""That one receipt makes."""
MOST_PIECES = 1_000_000
_ASSET, _SEATS = "asset", "seats"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A line of the receipt, checked. ``tags`` and ``serials`` are those of the assets it makes."""

    line: PurchaseLine
    number: int
    quantity: int
    tags: Sequence[str]
    serials: Sequence[str]


def receive(session: Session, actor: Actor, request: ReceiveGoods) -> Received:
    """Write a delivery down: pieces, assets, seats, the purchase's state; one deed.

    Raises NotFound, UsageError, Refused (state, too many, tag or serial taken), Conflict (a colleague received the same meanwhile).
    """
    require(actor, Permission.CHANGE_TICKETS)
    require(actor, Permission.CHANGE_ASSETS)
    ticket, purchase = purchase_to_change(session, request.purchase_id)
    refuse_unless_ordered(purchase, _("nothing of it can be received."))
    at = now(session)
    day = _day(request, purchase, at)
    figures = figures_of(session, known(purchase.id))
    pieces = _pieces(session, figures, request)
    licences = _locked_licences(session, [line for line, _request in pieces])
    locked_setting(session, DESK_NAME)  # whoever gives tags out waits for the others here
    wanted = _wanted(session, figures, pieces)
    row = Receipt(
        purchase_id=known(purchase.id),
        received_on=day,
        agent_id=actor.agent_id,
        note=safe_block(request.note, NOTE_LIMIT).strip(),
        created_at=at,
    )
    stream = ticket_stream(purchase.ticket_id)
    events: tuple[int, ...] = (add_row(session, actor, stream, row, at, name=row_name(purchase)),)
    owner = _owner(ticket, purchase) if request.to_requester else None
    warnings: list[str] = []
    for one in wanted:
        events += _receive_line(session, actor, row, Bought(ticket, purchase, one.line, day, owner), one, at)
        if one.line.makes == _SEATS:
            events += _raise_seats(session, actor, licences.get(one.line.licence_id or 0), one, at, warnings)
    events += follow(session, actor, purchase, at)
    sentence = _sentence(purchase, wanted, warnings)
    view = receipt_view(session, known(row.id), figures)
    return Received(purchase.ticket_id, events, sentence, view, PurchaseState(purchase.state))


def _day(request: ReceiveGoods, purchase: Purchase, at: datetime) -> date:
    today = at.astimezone().date()
    day = request.received_on or today
    if day > today:
        raise UsageError(_("{day} is still to come; nothing was received then.").format(day=day.isoformat()))
    if purchase.ordered_on is not None and day < purchase.ordered_on:
        raise UsageError(
            _("On {day} it was not ordered yet: it was on {ordered}.").format(
                day=day.isoformat(), ordered=purchase.ordered_on.isoformat()
            )
        )
    return day


def _pieces(
    session: Session, figures: Figures, request: ReceiveGoods
) -> list[tuple[PurchaseLine, ReceiveLine]]:
    """The lines of which something came. Raises what is wrong with them."""
    found = []
    named: set[int] = set()
    for asked in request.lines:
        line = figures.line(asked.line_id)
        if line is None:
            raise NotFound(_("P{id} has no line {line}.").format(id=request.purchase_id, line=asked.line_id))
        number = figures.number(asked.line_id)
        if asked.line_id in named:
            raise UsageError(_("Line {number} is named twice.").format(number=number))
        named.add(asked.line_id)
        if not 0 <= asked.quantity <= MOST_PIECES:
            raise UsageError(
                _("Line {number}: “{quantity}” pieces cannot come.").format(
                    number=number, quantity=asked.quantity
                )
            )
        if asked.quantity:
            _refuse_received(session, figures, line, asked)
            _refuse_surplus(figures, line, asked, surplus=request.surplus)
            found.append((line, asked))
        elif asked.tags or asked.serials:
            raise UsageError(
                _("Line {number} has tags or serial numbers, but nothing of it came.").format(number=number)
            )
    if not found:
        raise UsageError(_("Nothing was received: say how much of which line came."))
    assets = sum(asked.quantity for line, asked in found if line.makes == _ASSET)
    if assets > MOST_ASSETS:
        raise UsageError(
            _("A receipt makes at most {most} assets, not {count}; write it down in parts.").format(
                most=MOST_ASSETS, count=assets
            )
        )
    return found


def _refuse_received(session: Session, figures: Figures, line: PurchaseLine, asked: ReceiveLine) -> None:
    """Raises Conflict where somebody received some of it since whoever asks looked."""
    received = figures.received.get(known(line.id), 0)
    if asked.seen is None or asked.seen == received:
        return
    raise Conflict(
        _("Of “{article}”, {before} had been received when you looked, {now} are now: {who}.").format(
            article=safe_line(line.article, 80),
            before=asked.seen,
            now=received,
            who=_last_receipt(session, known(line.id)) or _("a receipt was undone"),
        ),
        _("Nothing was received twice. Look at it again."),
    )


def _refuse_surplus(figures: Figures, line: PurchaseLine, asked: ReceiveLine, *, surplus: bool) -> None:
    received = figures.received.get(known(line.id), 0)
    if surplus or received + asked.quantity <= line.quantity:
        return
    raise Refused(
        _(
            "Of “{article}”, {ordered} were ordered and {received} received: {quantity} more are too many."
        ).format(
            article=safe_line(line.article, 80),
            ordered=line.quantity,
            received=received,
            quantity=asked.quantity,
        ),
        _("If they came nevertheless, take the surplus as such."),
    )


def _last_receipt(session: Session, line_id: int) -> str:
    row = session.exec(
        select(ReceiptLine, Receipt, Agent)
        .join(Receipt, col(Receipt.id) == ReceiptLine.receipt_id)
        .outerjoin(Agent, col(Agent.id) == Receipt.agent_id)
        .where(ReceiptLine.line_id == line_id)
        .order_by(col(ReceiptLine.id).desc())
    ).first()
    if row is None:
        return ""
    came, receipt, agent = row
    who = safe_line(agent.name or agent.login) if agent else "–"
    return _("{who} received {quantity} on {day}").format(
        who=who, quantity=came.quantity, day=receipt.received_on.isoformat()
    )


def _locked_licences(session: Session, lines: Sequence[PurchaseLine]) -> dict[int, Licence]:
    ids = {line.licence_id for line in lines if line.makes == _SEATS and line.licence_id is not None}
    if not ids:
        return {}
    statement = select(Licence).where(col(Licence.id).in_(ids)).order_by(col(Licence.id)).with_for_update()
    rows = session.exec(statement.execution_options(populate_existing=True)).all()
    return {known(licence.id): licence for licence in rows}


def _wanted(
    session: Session, figures: Figures, pieces: Sequence[tuple[PurchaseLine, ReceiveLine]]
) -> list[_Wanted]:
    """The tags and serial numbers of what comes, the whole receipt taken together."""
    found: list[_Wanted] = []
    named = [tag for line, asked in pieces for tag in asked.tags if line.makes == _ASSET]
    refuse_twice([tag.strip() for tag in named if tag.strip()], _("The tag {value} is named twice."))
    for line, asked in pieces:
        number, tags, serials = figures.number(line.id), list[str](), list[str]()
        if line.makes == _ASSET:
            reserved = [*named, *(tag for one in found for tag in one.tags)]
            tags = tags_for(session, line.asset_type, asked.tags, asked.quantity, reserved)
            serials = serials_for(session, asked.serials, asked.quantity)
        elif asked.tags or asked.serials:
            raise UsageError(
                _("Line {number} makes no assets; it has no tags and serial numbers.").format(number=number)
            )
        found.append(_Wanted(line, number, asked.quantity, tags, serials))
    refuse_twice(
        [serial for one in found for serial in one.serials], _("The serial number {value} is named twice.")
    )
    return found


def _owner(ticket: Ticket, purchase: Purchase) -> int:
    """Who gets it: whom the purchase is for, else who asked for the ticket."""
    return purchase.requester_id if purchase.requester_id is not None else ticket.requester_id


def _receive_line(
    session: Session, actor: Actor, receipt: Receipt, bought: Bought, one: _Wanted, at: datetime
) -> tuple[int, ...]:
    """Assets before the line that names them, so that an undo takes the line back first."""
    try:
        with session.begin_nested():
            made, events = make_assets(session, actor, bought, one.tags, one.serials, at)
    except IntegrityError as error:
        raise Conflict(
            _("A tag was given to something else this very moment; nothing was received."),
            _("Do it again: the next free ones are taken."),
        ) from error
    row = ReceiptLine(
        receipt_id=known(receipt.id), line_id=known(one.line.id), quantity=one.quantity, made=made
    )
    name = f"{one.quantity} × {safe_line(one.line.article, 80)}"
    told = add_row(session, actor, ticket_stream(bought.purchase.ticket_id), row, at, name=name)
    return (*events, told)


def _raise_seats(
    session: Session,
    actor: Actor,
    licence: Licence | None,
    one: _Wanted,
    at: datetime,
    warnings: list[str],
) -> tuple[int, ...]:
    if licence is None:
        warnings.append(_("Line {number} names no licence: no seats were added.").format(number=one.number))
        return ()
    if licence.seats is None:
        warnings.append(_("{licence} has no limit of seats.").format(licence=safe_line(licence.name, 80)))
        return ()
    seats = licence.seats + one.quantity
    warnings.append(
        _("{licence} has {seats} seats now.").format(licence=safe_line(licence.name, 80), seats=seats)
    )
    stream = f"licence:{licence.id}"
    return change_row(session, actor, stream, licence, {"seats": seats}, at, name=licence.name)


def _sentence(purchase: Purchase, wanted: Sequence[_Wanted], warnings: Sequence[str]) -> str:
    parts = []
    for one in wanted:
        text = f"{one.quantity} × {safe_line(one.line.article, 60)}"
        if one.tags:
            ends = one.tags[0] if len(one.tags) == 1 else f"{one.tags[0]} … {one.tags[-1]}"
            text = f"{text} ({safe_line(ends, 60)})"
        parts.append(text)
    sentence = _("P{id} · received: {what}").format(id=purchase.id, what=", ".join(parts))
    return " · ".join((sentence, *warnings))


def close(session: Session, actor: Actor, request: ClosePurchase) -> RowChanged:
    """End a purchase of which something is still missing. Raises NotFound, UsageError (no reason), Refused (state)."""
    require(actor, Permission.CHANGE_TICKETS)
    _ticket, purchase = purchase_to_change(session, request.id)
    state = PurchaseState(purchase.state)
    if state is PurchaseState.CLOSED or not may_follow(state, PurchaseState.CLOSED):
        refuse_unless_ordered(purchase, _("there is nothing to close."))
        raise Refused(_("Nothing of P{id} has come yet: it is cancelled, not closed.").format(id=purchase.id))
    waiting = waiting_invoice(session, request.id)
    if waiting is not None:
        raise Refused(
            _("The invoice {number} is neither paid nor refused yet.").format(number=safe_line(waiting, 80)),
            _("Pay or refuse it first."),
        )
    reason = safe_line(request.reason, REASON_LIMIT).strip()
    if not reason:
        raise UsageError(_("Say why nothing more is waited for; it is kept in the history."))
    at = now(session)
    figures = figures_of(session, known(purchase.id))
    missing = sum(max(0, line.quantity - figures.received.get(known(line.id), 0)) for line in figures.lines)
    tell(session, actor, purchase, "purchase_closed", at, reason=reason)
    events = set_state(session, actor, purchase, PurchaseState.CLOSED, at)
    text = ngettext(
        "P{id} is closed; {count} piece never came.", "P{id} is closed; {count} pieces never came.", missing
    )
    if not missing:
        text = _("P{id} is closed.")
    return RowChanged(
        purchase.ticket_id, events, text.format(id=purchase.id, count=missing), known(purchase.id)
    )
