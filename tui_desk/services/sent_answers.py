"""The Message-IDs of answers that somebody wrote in a mail program, as the mailbox's folder of sent mail shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from tui_desk.mail.imap_sent import Answer
from tui_desk.mail.message_id import verify_message_id
from tui_desk.models import MailIdentifier, Ticket
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.services.desk_facts import DeskFacts, desk_facts
from tui_desk.services.settings_store import read_setting, write_setting

ANSWERED = "answered"
"""Origin of such an id."""
SEEN_ANSWERS = "sent_answers"


@dataclass(frozen=True, slots=True)
class Seen:
    """How far a mailbox's folder of sent mail was looked through: the highest UID, in that UIDVALIDITY.

    ``waiting`` are UIDs up to that one which answer mail that no ticket has, each with the moment it was first seen (POSIX
    seconds): what they answer may not be fetched yet.
    """

    folder: str = ""
    uidvalidity: int = 0
    uid: int = 0
    waiting: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Belonging:
    """What answers belong to: Message-ID → ticket; and the UIDs of those whose mail is in no (one) ticket."""

    tickets: dict[str, int]
    unknown: frozenset[int]


def seen_answers(session: Session, mailbox_id: int) -> Seen:
    """Where to go on; an empty one at the beginning."""
    value = read_setting(session, f"{SEEN_ANSWERS}:{mailbox_id}")
    if not isinstance(value, list) or len(value) not in (3, 4):
        return Seen()
    waiting = tuple((int(uid), int(since)) for uid, since in (value[3] if len(value) == 4 else ()))
    return Seen(str(value[0]), int(value[1]), int(value[2]), waiting)


def belonging(session: Session, answers: Sequence[Answer]) -> Belonging:
    """Which of ``answers`` are answers of the desk to mail that is in a ticket.

    Only what is answered directly counts: whatever else a stranger put into References was copied by the mail program. Only
    what an address of the desk or of an active agent wrote: other things lie in such folders, too. And no id of a mail that is
    in another ticket: a mail that was passed on unchanged keeps the stranger's (RFC 5322, 3.6.6).
    """
    facts = desk_facts(session)
    ours = [
        each
        for each in answers
        if _is_ours(each, facts)
        and not (facts.secret and verify_message_id(each.message_id, facts.secret) is not None)
    ]
    tickets = _tickets_of(session, {each.answered for each in ours}, facts.secret)
    places = _places(session, {each.message_id for each in ours}, ("received", "sent"))
    return Belonging(
        {
            each.message_id: number
            for each in ours
            if (number := tickets.get(each.answered)) is not None
            and places.get(each.message_id, {number}) == {number}
        },
        frozenset(each.uid for each in ours if each.answered not in tickets),
    )


def remember_answers(session: Session, mailbox_id: int, seen: Seen, tickets: Mapping[str, int]) -> None:
    """Keep the Message-IDs of answers (with their tickets): customers' answers to them will name those."""
    rows = [
        {"rfc_message_id": own, "ticket_id": number, "message_id": None, "origin": ANSWERED}
        for own, number in tickets.items()
    ]
    if rows:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(insert(MailIdentifier).on_conflict_do_nothing(), rows)
    waiting = [list(each) for each in seen.waiting]
    write_setting(session, f"{SEEN_ANSWERS}:{mailbox_id}", [seen.folder, seen.uidvalidity, seen.uid, waiting])


def _is_ours(answer: Answer, facts: DeskFacts) -> bool:
    keys = [address_key(writer) for writer in answer.writers]
    return bool(keys) and all(key in facts.agents or is_one_of(key, facts.own_addresses) for key in keys)


def _places(session: Session, identifiers: set[str], origins: tuple[str, ...]) -> dict[str, set[int]]:
    """The tickets of these Message-IDs, as far as they are known from there."""
    found: dict[str, set[int]] = {}
    wanted = sorted(identifiers)
    for start in range(0, len(wanted), 500):
        rows = session.execute(
            select(MailIdentifier.rfc_message_id, MailIdentifier.ticket_id).where(
                col(MailIdentifier.rfc_message_id).in_(wanted[start : start + 500]),
                col(MailIdentifier.origin).in_(origins),
            )
        )
        for identifier, ticket_id in rows:
            found.setdefault(identifier, set()).add(ticket_id)
    return found


def _tickets_of(session: Session, identifiers: set[str], secret: bytes) -> dict[str, int]:
    """The one ticket that each of these Message-IDs belongs to; those of none or of several are left out."""
    found = _places(session, identifiers, ("received", "sent", ANSWERED))
    signed = {
        identifier: number
        for identifier in identifiers
        if secret and (number := verify_message_id(identifier, secret)) is not None
    }
    there = set(session.exec(select(Ticket.id).where(col(Ticket.id).in_(set(signed.values())))))
    found |= {identifier: {number} for identifier, number in signed.items() if number in there}
    return {identifier: next(iter(ids)) for identifier, ids in found.items() if len(ids) == 1}
