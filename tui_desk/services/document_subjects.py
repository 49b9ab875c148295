"""What documents belong to: found by id or by the name people use, with the history that tells of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, select

from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Contract, Invoice, Licence, Purchase
from tui_desk.rules.permissions import Permission
from tui_desk.services.asset_links import asset_stream
from tui_desk.services.context import known, ticket_to_change
from tui_desk.services.events import ticket_stream

_OWN_STREAM: dict[DocumentSubject, type[Licence] | type[Contract]] = {
    DocumentSubject.LICENCE: Licence,
    DocumentSubject.CONTRACT: Contract,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing that documents belong to. ``stream`` is the history that tells of its documents."""

    kind: DocumentSubject
    id: int
    name: str
    stream: str


def permission_of(kind: DocumentSubject) -> Permission:
    """What one must be allowed to, to add or remove its documents."""
    of_ticket = kind in (DocumentSubject.PURCHASE, DocumentSubject.INVOICE)
    return Permission.CHANGE_TICKETS if of_ticket else Permission.CHANGE_ASSETS


def find_subject(session: Session, kind: DocumentSubject, subject_id: int | None, name: str = "") -> Subject:
    """By id, else by name: an asset's tag, the name of a licence or contract, ``P12``, the number of an invoice.

    Raises NotFound, UsageError (two suppliers' invoices have that number).
    """
    wanted = name.strip()
    if kind is DocumentSubject.PURCHASE and subject_id is None:
        digits = wanted.removeprefix("P").removeprefix("p")
        subject_id = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 18 else 0
    found = _named(session, kind, {subject_id}) if subject_id is not None else _by_name(session, kind, wanted)
    if not found:
        what = safe_line(wanted) or f"#{subject_id}"
        raise NotFound(_missing(kind).format(name=what))
    if len(found) > 1:
        raise UsageError(
            _("Several invoices have the number {number}.").format(number=safe_line(wanted)),
            _("Open its purchase and press f there."),
        )
    identifier, called = next(iter(found.items()))
    return Subject(kind, identifier, called, _stream(session, kind, identifier))


def lock_subject(session: Session, subject: Subject) -> None:
    """Hold the row that the subject's history belongs to until the end of the transaction (SQLite: ``BEGIN IMMEDIATE`` holds)."""
    if subject.kind is DocumentSubject.ASSET:
        session.exec(select(Asset.id).where(Asset.id == subject.id).with_for_update()).first()
    elif subject.kind in _OWN_STREAM:
        model = _OWN_STREAM[subject.kind]
        session.exec(select(model.id).where(col(model.id) == subject.id).with_for_update()).first()
    else:
        ticket_to_change(session, int(subject.stream.partition(":")[2]))


def names_of(session: Session, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What some subjects are called, one question a kind."""
    ids: dict[str, set[int]] = {}
    for kind, identifier in wanted:
        ids.setdefault(kind, set()).add(identifier)
    return {
        (kind.value, identifier): name
        for kind in DocumentSubject
        if kind.value in ids
        for identifier, name in _named(session, kind, ids[kind.value]).items()
    }


def _named(session: Session, kind: DocumentSubject, ids: set[int]) -> dict[int, str]:
    """id → what it is called, of those that exist."""
    if kind is DocumentSubject.PURCHASE:
        rows = session.exec(select(Purchase.id, Purchase.title).where(col(Purchase.id).in_(ids))).all()
        return {known(row_id): f"P{row_id} {safe_line(title)}".strip() for row_id, title in rows}
    if kind is DocumentSubject.ASSET:
        assets = session.exec(select(Asset.id, Asset.tag).where(col(Asset.id).in_(ids))).all()
        return {known(row_id): safe_line(tag) for row_id, tag in assets}
    if kind is DocumentSubject.INVOICE:
        invoices = session.exec(select(Invoice.id, Invoice.number).where(col(Invoice.id).in_(ids))).all()
        return {known(row_id): safe_line(number) for row_id, number in invoices}
    model = _OWN_STREAM[kind]
    named = session.exec(select(model.id, model.name).where(col(model.id).in_(ids))).all()
    return {known(row_id): safe_line(called) for row_id, called in named}


def _by_name(session: Session, kind: DocumentSubject, name: str) -> dict[int, str]:
    columns = {
        DocumentSubject.ASSET: (Asset.id, Asset.tag),
        DocumentSubject.LICENCE: (Licence.id, Licence.name),
        DocumentSubject.CONTRACT: (Contract.id, Contract.name),
        DocumentSubject.INVOICE: (Invoice.id, Invoice.number),
    }
    identifier, called = columns[kind]
    exact = session.exec(select(identifier, called).where(called == name).limit(2)).all()
    rows = exact or session.exec(select(identifier, called).where(same_name(called, name)).limit(2)).all()
    return {known(row_id): safe_line(text) for row_id, text in rows}


def _stream(session: Session, kind: DocumentSubject, identifier: int) -> str:
    if kind is DocumentSubject.ASSET:
        return asset_stream(identifier)
    if kind in _OWN_STREAM:
        return f"{kind.value}:{identifier}"
    statement = select(Purchase.ticket_id).where(Purchase.id == identifier)
    if kind is DocumentSubject.INVOICE:
        statement = (
            select(Purchase.ticket_id)
            .join(Invoice, col(Invoice.purchase_id) == Purchase.id)
            .where(Invoice.id == identifier)
        )
    return ticket_stream(session.exec(statement).one())


def _missing(kind: DocumentSubject) -> str:
    return {
        DocumentSubject.ASSET: _("There is no asset {name}."),
        DocumentSubject.LICENCE: _("There is no licence {name}."),
        DocumentSubject.CONTRACT: _("There is no contract {name}."),
        DocumentSubject.PURCHASE: _("There is no purchase {name}."),
        DocumentSubject.INVOICE: _("There is no invoice {name}."),
    }[kind]
