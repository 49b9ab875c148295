"""The Message-IDs of answers that somebody wrote in a mail program, as the mailbox's folder of sent mail shows them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from tui_desk.mail.message_id import verify_message_id
from tui_desk.models import MailIdentifier, Ticket
from tui_desk.services.identity import known_secret
from tui_desk.services.settings_store import read_setting, write_setting

ANSWERED = "answered"
"""Origin of such an id."""
SEEN_ANSWERS = "sent_answers"


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a mailbox's folder of sent mail was looked through: the highest UID, in that UIDVALIDITY."""

    folder: str = ""
    uidvalidity: int = 0
    uid: int = 0


def seen_answers(session: Session, mailbox_id: int) -> Seen:
    """Where to go on; an empty one at the beginning."""
    value = read_setting(session, f"{SEEN_ANSWERS}:{mailbox_id}")
    if not isinstance(value, list) or len(value) != 3:
        return Seen()
    return Seen(str(value[0]), int(value[1]), int(value[2]))


def remember_answers(
    session: Session, mailbox_id: int, seen: Seen, answers: Sequence[tuple[str, str]]
) -> int:
    """Keep the Message-IDs of answers to mail that is in tickets: customers' answers to them will name those.

    ``answers`` are pairs (Message-ID, the one it answers). Only what is answered directly counts: whatever else a stranger put
    into References was copied by the mail program. Answers how many belong to a ticket.
    """
    secret = known_secret(session)
    tickets = _tickets_of(session, {answered for _own, answered in answers}, secret)
    rows = [
        {"rfc_message_id": own, "ticket_id": tickets[answered], "message_id": None, "origin": ANSWERED}
        for own, answered in dict(answers).items()
        if answered in tickets and not (secret and verify_message_id(own, secret) is not None)
    ]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(MailIdentifier).on_conflict_do_nothing(), rows)
    write_setting(session, f"{SEEN_ANSWERS}:{mailbox_id}", [seen.folder, seen.uidvalidity, seen.uid])
    return len(rows)


def _tickets_of(session: Session, identifiers: set[str], secret: bytes) -> dict[str, int]:
    """The one ticket that each of these Message-IDs belongs to; those of none or of several are left out."""
    found: dict[str, set[int]] = defaultdict(set)
    wanted = sorted(identifiers)
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(MailIdentifier.rfc_message_id, MailIdentifier.ticket_id).where(
                col(MailIdentifier.rfc_message_id).in_(wanted[start : start + 500]),
                col(MailIdentifier.origin).in_(("received", "sent", ANSWERED)),
            )
        )
        for identifier, ticket_id in rows:
            found[identifier].add(ticket_id)
    signed = {
        identifier: number
        for identifier in wanted
        if secret and (number := verify_message_id(identifier, secret)) is not None
    }
    there = set(session.exec(select(Ticket.id).where(col(Ticket.id).in_(set(signed.values())))))
    found |= {identifier: {number} for identifier, number in signed.items() if number in there}
    return {identifier: next(iter(ids)) for identifier, ids in found.items() if len(ids) == 1}
