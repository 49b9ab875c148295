"""The expiry calendar: warranties, licences, contracts and invoices in the order of the day that counts, read by keyset.

Each kind has its own table, so each is asked for one page on its side of the anchor (an index of the day answers it), and the pages
are merged. Contracts count by a day that depends on today (``rules.expiry.contract_day``): those whose end can lie in the page
are read as plain columns; a desk has hundreds of them where it has hundred thousands of assets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy
from sqlalchemy import ColumnElement, Select
from sqlmodel import Session, col, select

from tui_desk.contracts.expiry import ExpiryKey, ExpiryPage, ExpiryRow, ListExpiry
from tui_desk.core.enums import AssetState, ExpiryKind, ExpiryMeaning, InvoiceState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import Asset, Contract, Invoice, Licence, Person, Purchase, Supplier
from tui_desk.rules.expiry import contract_day
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_lists import KIND
from tui_desk.services.context import known, now, require
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.list_pages import having_words, search_words
from tui_desk.services.people import addresses_of, like_words

KINDS = (ExpiryKind.WARRANTY, ExpiryKind.LICENCE, ExpiryKind.CONTRACT, ExpiryKind.INVOICE)
"""In the order in which ends of one day are listed."""
UNPAID = (InvoiceState.OPEN.value, InvoiceState.ACCEPTED.value)
WITHIN_LIMIT = 36_500


@dataclass(frozen=True, slots=True)
class _Span:
    """The part of the calendar that is asked for: days ``first`` to ``last``; behind ``after`` or before ``before``, ``inclusive`` with it."""

    today: date
    first: date | None
    last: date | None
    query: str
    limit: int
    after: ExpiryKey | None = None
    before: ExpiryKey | None = None
    inclusive: bool = False
    descending: bool = False


def list_expiry(session: Session, actor: Actor, request: ListExpiry) -> ExpiryPage:
    """A page of the calendar. Raises UsageError."""
    require(actor, Permission.VIEW)
    today = desk_day(session, now(session))
    if request.within is not None and not 0 <= request.within <= WITHIN_LIMIT:
        raise UsageError(_("Days ahead are 0 to {limit}, or none for everything.").format(limit=WITHIN_LIMIT))
    kinds = KINDS if request.kind is None else (request.kind,)
    limit = max(1, min(request.limit, 5_000))
    whole = _Span(
        today,
        None if request.within is None else _days(today, -request.within),
        None if request.within is None else _days(today, request.within),
        request.query,
        limit + 1,
    )
    backwards = request.from_end or request.before is not None
    asked = replace(
        whole,
        after=request.after or request.around,
        before=request.before,
        inclusive=request.around is not None,
        descending=backwards,
    )
    found = _merged(session, kinds, asked)
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    first = _row_before(session, kinds, whole, found[0].key) if found else None
    others = (
        request.before is not None
        if backwards
        else (first is not None or (not found and request.after is not None))
    )
    return ExpiryPage(
        tuple(_grouped(_with_owners(session, found), first)),
        has_before=more if backwards else others,
        has_after=others if backwards else more,
        today=today,
    )


def _days(today: date, days: int) -> date:
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _row_before(
    session: Session, kinds: Iterable[ExpiryKind], whole: _Span, key: ExpiryKey
) -> ExpiryRow | None:
    before = _merged(session, kinds, replace(whole, before=key, descending=True, limit=1))
    return before[0] if before else None


def _grouped(rows: Iterable[ExpiryRow], before: ExpiryRow | None) -> Iterator[ExpiryRow]:
    """The rows, told which of them begin what is over or a month."""
    last = _group(before) if before is not None else None
    for row in rows:
        group = _group(row)
        yield replace(row, opens_group=group != last)
        last = group


def _group(row: ExpiryRow) -> tuple[int, int]:
    return (0, 0) if row.days < 0 else (row.day.year, row.day.month)


def _merged(session: Session, kinds: Iterable[ExpiryKind], span: _Span) -> list[ExpiryRow]:
    """The first rows of a span over all kinds, in its direction."""
    readers = {
        ExpiryKind.WARRANTY: _warranties,
        ExpiryKind.LICENCE: _licences,
        ExpiryKind.CONTRACT: _contracts,
        ExpiryKind.INVOICE: _invoices,
    }
    rows = [row for kind in kinds for row in readers[kind](session, span)]
    rows.sort(key=lambda row: row.key, reverse=span.descending)
    return rows[: span.limit]


# -- the four kinds -----------------------------------------------------------------------------------------------------


def _columns(*columns: Any) -> Select[Any]:
    """Columns of any number: what SQLModel's ``select`` takes has a type for each number up to four."""
    return sqlalchemy.select(*columns)


def _page(
    statement: Select[Any], span: _Span, kind: ExpiryKind, day: Any, identifier: Any, *, first: date | None
) -> Select[Any]:
    """``statement`` narrowed to the span and put into its order."""
    rank = KINDS.index(kind)
    conditions: list[ColumnElement[bool]] = [col(day).is_not(None)]
    if first is not None:
        conditions.append(day >= first)
    if span.last is not None:
        conditions.append(day <= span.last)
    for anchor, ahead in ((span.after, True), (span.before, False)):
        if anchor is not None:
            conditions += _beyond(day, identifier, rank, anchor, ahead=ahead, inclusive=span.inclusive)
    order = (col(day).desc(), col(identifier).desc()) if span.descending else (col(day), col(identifier))
    return statement.where(*conditions).order_by(*order).limit(span.limit)


def _beyond(
    day: Any, identifier: Any, rank: int, anchor: ExpiryKey, *, ahead: bool, inclusive: bool
) -> list[ColumnElement[bool]]:
    """What lies behind (``ahead``) or before the anchor. The first condition alone bounds the index."""
    if rank != anchor.rank:
        whole_day = (rank > anchor.rank) == ahead
        if ahead:
            return [day >= anchor.day if whole_day else day > anchor.day]
        return [day <= anchor.day if whole_day else day < anchor.day]
    if ahead:
        nearer = identifier >= anchor.id if inclusive else identifier > anchor.id
        return [day >= anchor.day, (day > anchor.day) | nearer]
    return [day <= anchor.day, (day < anchor.day) | (identifier < anchor.id)]


def _warranties(session: Session, span: _Span) -> list[ExpiryRow]:
    statement = _columns(
        Asset.id, Asset.warranty_until, Asset.tag, Asset.name, Asset.type, Asset.owner_id, Asset.supplier
    ).where(col(Asset.state) != AssetState.RETIRED.value)
    if span.query.strip():
        words = search_words(span.query)
        if not words:
            return []
        statement = statement.where(col(Asset.id).in_(having_words(session, KIND, words)))
    found = session.execute(
        _page(statement, span, ExpiryKind.WARRANTY, Asset.warranty_until, Asset.id, first=span.first)
    )
    return [
        _row(
            span,
            ExpiryKind.WARRANTY,
            row_id,
            day,
            f"{tag} {name}",
            detail=kind,
            who=supplier,
            owner_id=owner,
        )
        for row_id, day, tag, name, kind, owner, supplier in found
    ]


def _licences(session: Session, span: _Span) -> list[ExpiryRow]:
    statement = _columns(
        Licence.id, Licence.expires_on, Licence.name, Licence.product, Licence.supplier
    ).where(
        col(Licence.retired).is_(False),
        *like_words(span.query, Licence.name, Licence.product, Licence.supplier),
    )
    found = session.execute(
        _page(statement, span, ExpiryKind.LICENCE, Licence.expires_on, Licence.id, first=None)
    )
    return [
        _row(span, ExpiryKind.LICENCE, row_id, day, name, detail=product, who=supplier)
        for row_id, day, name, product, supplier in found
    ]


def _contracts(session: Session, span: _Span) -> list[ExpiryRow]:
    statement = _columns(
        Contract.id,
        Contract.ends_on,
        Contract.notice_days,
        Contract.renews,
        Contract.name,
        Contract.number,
        Contract.supplier,
    ).where(
        col(Contract.retired).is_(False),
        col(Contract.ends_on).is_not(None),
        *like_words(span.query, Contract.name, Contract.number, Contract.supplier),
    )
    if span.after is not None:
        statement = statement.where(
            col(Contract.ends_on) >= span.after.day
        )  # no day that counts is behind the end
    rows = []
    for row_id, ends_on, notice_days, renews, name, number, supplier in session.execute(statement):
        day, meaning = contract_day(ends_on, notice_days, renews, span.today)
        row = _row(span, ExpiryKind.CONTRACT, row_id, day, name, detail=number, who=supplier)
        row = replace(row, meaning=meaning, ends_on=ends_on)
        if _inside(row.key, span):
            rows.append(row)
    rows.sort(key=lambda row: row.key, reverse=span.descending)
    return rows[: span.limit]


def _inside(key: ExpiryKey, span: _Span) -> bool:
    if span.last is not None and key.day > span.last:
        return False
    if span.after is not None and not (key > span.after or (span.inclusive and key == span.after)):
        return False
    return span.before is None or key < span.before


def _invoices(session: Session, span: _Span) -> list[ExpiryRow]:
    statement = (
        _columns(
            Invoice.id, Invoice.due_on, Invoice.number, Purchase.title, Supplier.name, Invoice.purchase_id
        )
        .join(Purchase, col(Purchase.id) == Invoice.purchase_id)
        .join(Supplier, col(Supplier.id) == Invoice.supplier_id)
        .where(
            col(Invoice.state).in_(UNPAID),
            *like_words(span.query, Invoice.number, Purchase.title, Supplier.name),
        )
    )
    found = session.execute(
        _page(statement, span, ExpiryKind.INVOICE, Invoice.due_on, Invoice.id, first=None)
    )
    rows = []
    for row_id, day, number, title, supplier, purchase_id in found:
        row = _row(
            span, ExpiryKind.INVOICE, row_id, day, number, detail=f"P{purchase_id} {title}", who=supplier
        )
        rows.append(replace(row, meaning=ExpiryMeaning.DUE, purchase_id=purchase_id))
    return rows


def _row(
    span: _Span,
    kind: ExpiryKind,
    row_id: int | None,
    day: date,
    name: str,
    *,
    detail: str,
    who: str,
    owner_id: int | None = None,
) -> ExpiryRow:
    identifier = known(row_id)
    return ExpiryRow(
        kind=kind,
        id=identifier,
        name=safe_line(name).strip(),
        detail=safe_line(detail).strip(),
        who=safe_line(who),
        owner_id=owner_id,
        day=day,
        meaning=ExpiryMeaning.ENDS,
        days=(day - span.today).days,
        ends_on=day,
        opens_group=False,
        purchase_id=None,
        key=ExpiryKey(day, KINDS.index(kind), identifier),
    )


def _with_owners(session: Session, rows: list[ExpiryRow]) -> list[ExpiryRow]:
    """The rows with the names of owners, asked for when it is known which rows are shown."""
    ids = {row.owner_id for row in rows if row.owner_id is not None}
    if not ids:
        return rows
    names = {
        known(row_id): name
        for row_id, name in session.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids)))
    }
    addresses = addresses_of(session, [row_id for row_id, name in names.items() if not name])
    called = {
        row_id: safe_line(name or next(iter(addresses.get(row_id, ())), "")) for row_id, name in names.items()
    }
    return [replace(row, who=called.get(row.owner_id or 0) or row.who) for row in rows]
