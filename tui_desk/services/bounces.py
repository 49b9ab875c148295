"""Mail of ours that came back: which message, which recipients (RFC 3464)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import update
from sqlmodel import col, select

from tui_desk.core.enums import DeliveryState
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.message import Bounce
from tui_desk.mail.message_id import signed_ids_in
from tui_desk.models import Delivery, OutboxItem
from tui_desk.rules.addresses import address_key
from tui_desk.services.evidence import Evidence
from tui_desk.services.intake_batch import Batch, TicketState
from tui_desk.services.intake_values import PreparedMail
from tui_desk.services.threading import claims_of, referred

RECENT = timedelta(days=7)
"""How long after sending a bounce without a Message-ID is believed to be about the last mail to that address."""

MAX_TEXT = 200_000
"""Characters of a report in which our Message-IDs are looked for: some systems quote what came back as text."""

_LEFT = (DeliveryState.SENT.value, DeliveryState.UNKNOWN.value, DeliveryState.BOUNCED.value)
"""States of a delivery that a report may be about."""


@dataclass(frozen=True, slots=True)
class Ours:
    """The ticket whose outgoing message came back, and why we think so."""

    ticket: TicketState
    evidence: Evidence


def bounced_message(batch: Batch, mail: PreparedMail) -> Ours | None:
    """The message of ours that ``mail`` names by its Message-ID, or None; its deliveries are planned to be *bounced*."""
    assert mail.parsed is not None
    assert mail.parsed.bounce is not None
    bounce = mail.parsed.bounce
    found = _by_identifier(batch, mail, bounce)
    if found is None:
        return None
    outbox_id, number, kind, value = found
    batch.look_up_tickets([number])
    ticket = batch.tickets.get(number)
    if ticket is None:
        return None
    if outbox_id is not None:
        _mark_bounced(batch, outbox_id, ticket, bounce)
    sentence = _("It reports about a message of ours in #{number}.").format(number=number)
    return Ours(ticket, {"kind": kind, "value": value, "weight": 100, "ticket": number, "sentence": sentence})


def guessed_message(batch: Batch, mail: PreparedMail) -> Ours | None:
    """Without any identifier: the ticket from which the recipient was written to last in the last days, or None.

    Anybody who knows an address can write such a report, so it is only a suggestion and changes no delivery.
    """
    assert mail.parsed is not None
    assert mail.parsed.bounce is not None
    found = _by_recipient(batch, mail.parsed.bounce)
    if found is None:
        return None
    number, address = found
    batch.look_up_tickets([number])
    ticket = batch.tickets.get(number)
    if ticket is None:
        return None
    sentence = _("It may report about a message of ours in #{number}: it names {address}.").format(
        number=number, address=address
    )
    evidence = {"kind": "bounced_recipient", "value": address, "weight": 30, "ticket": number}
    return Ours(ticket, evidence | {"sentence": sentence})


def _by_identifier(
    batch: Batch, mail: PreparedMail, bounce: Bounce
) -> tuple[int | None, int, str, str] | None:
    named = ([bounce.original_message_id] if bounce.original_message_id else []) + list(referred(mail))
    if mail.parsed is not None and batch.facts.secret:
        named += signed_ids_in(mail.parsed.text[:MAX_TEXT], batch.facts.secret)
    if named:
        rows = batch.session.execute(
            select(OutboxItem.id, OutboxItem.ticket_id, OutboxItem.rfc_message_id)
            .where(col(OutboxItem.rfc_message_id).in_(named), col(OutboxItem.ticket_id).is_not(None))
            .order_by(col(OutboxItem.id).desc())
            .limit(1)
        ).first()
        if rows is not None:
            return int(rows[0]), int(rows[1]), "bounced_message_id", safe_line(str(rows[2]), 300)
    for claim in claims_of(batch, mail):
        if claim.kind in ("signed_message_id", "sent_message_id"):
            return None, claim.ticket, claim.kind.value, safe_line(claim.value, 300)
    return None


def _by_recipient(batch: Batch, bounce: Bounce) -> tuple[int, str] | None:
    """The number of the ticket, and the address we wrote to."""
    addresses = {address_key(each.address) for each in bounce.recipients if "@" in each.address}
    if not addresses:
        return None
    spellings = addresses | {each.address for each in bounce.recipients}
    rows = batch.session.execute(
        select(OutboxItem.ticket_id, Delivery.address)
        .join(Delivery, col(Delivery.outbox_id) == OutboxItem.id)
        .where(
            col(Delivery.address).in_(sorted(spellings)),
            col(OutboxItem.created_at) > batch.now - RECENT,
            col(OutboxItem.ticket_id).is_not(None),
            col(Delivery.state).in_(_LEFT),
        )
        .order_by(col(OutboxItem.id).desc())
        .limit(1)
    ).all()
    return (int(rows[0][0]), safe_line(str(rows[0][1]), 300)) if rows else None


def _mark_bounced(batch: Batch, outbox_id: int, ticket: TicketState, bounce: Bounce) -> None:
    failed = {address_key(each.address): each for each in bounce.recipients if each.action == "failed"}
    if not failed or not batch.writes:
        return
    deliveries = batch.session.execute(
        select(Delivery.id, Delivery.address, Delivery.state).where(Delivery.outbox_id == outbox_id)
    ).all()
    # A forwarding server reports the address it could not reach, which we never wrote to: a lone recipient is meant.
    hit = [row for row in deliveries if address_key(row[1]) in failed] or (
        list(deliveries) if len(deliveries) == 1 else []
    )
    for row_id, address, state in hit:
        if state not in _LEFT:
            continue  # what never left cannot have come back: such a report must not stop it from leaving
        report = failed.get(address_key(address)) or next(iter(failed.values()))
        cause = safe_line(f"{report.status} {report.reason}".strip(), 300)
        batch.session.execute(
            update(Delivery)
            .where(col(Delivery.id) == row_id, col(Delivery.state).in_(_LEFT))
            .values(
                state=DeliveryState.BOUNCED.value,
                in_flight=False,
                cause=cause,
                enhanced=safe_line(report.status, 20),
                updated_at=batch.now,
            )
        )
        if state != DeliveryState.BOUNCED:
            batch.record(
                ticket.id,
                "bounced",
                after={
                    "outbox_id": outbox_id,
                    "address": address,
                    "sentence": _("The message to {address} came back: {cause}").format(
                        address=address, cause=cause or _("no reason was given")
                    ),
                },
            )
