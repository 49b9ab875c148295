"""Mails that come in without any server: stored and processed as the fetch worker does, answers, and reports of a mail server."""

from __future__ import annotations

from tests.workers.desk import Desk, mail
from tui_desk.core.clock import utc_now
from tui_desk.db.blobs import blob_row
from tui_desk.models import IntakeEntry, Ticket
from tui_desk.services import ledger
from tui_desk.services.intake import process_unfinished


def receive(desk: Desk, mailbox: int, *raws: bytes) -> list[IntakeEntry]:
    """What the fetch worker stores, processed; answers the new ledger rows."""
    place = ledger.Place(ledger.mailbox_source(mailbox), "INBOX", 1, mailbox)
    with desk.database.writing() as session:
        first = max(ledger.known_uids(session, place), default=0) + 1
        arrivals = [
            ledger.Arrival(first + number, blob_row(raw), utc_now(), len(raw))
            for number, raw in enumerate(raws)
        ]
        assert ledger.store(session, place, arrivals) == len(raws)
        assert ledger.store(session, place, arrivals) == 0
    while process_unfinished(desk.database, utc_now).total:
        pass
    return desk.entries()[-len(raws) :]


def reply(number: str, parent: str, **options: str) -> bytes:
    """An answer to the mail ``parent``."""
    return mail(number, extra=f"In-Reply-To: <m{parent}@customer.test>\r\n", **options)


def set_status(desk: Desk, number: int, status: str) -> None:
    """As an agent would."""
    with desk.database.writing() as session:
        session.get_one(Ticket, number).status = status


def bounce(original: str, recipient: str) -> bytes:
    """The report of a mail server that could not deliver the mail ``original``."""
    return (
        "From: MAILER-DAEMON@mx.test\r\nTo: support@desk.test\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <b{hash(original)}@mx.test>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 gone\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()
