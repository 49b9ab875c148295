"""A mail out and its answer back through a real Postfix and a real Dovecot: bytes, threads and proof survive."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.postfix import Postfix
from tui_desk.core.enums import Security
from tui_desk.mail.compose import OutgoingAttachment, OutgoingMail, compose, reply_subject
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.imap import RawMessage
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.message import Address
from tui_desk.mail.message_id import make_message_id, verify_message_id
from tui_desk.mail.parse import parse
from tui_desk.mail.smtp import Outcome, open_smtp

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix]

DESK, ANNA, BERT = "support@desk.test", "anna@customer.test", "bert@customer.test"
SECRET = b"a secret of this desk"


def submit(postfix: Postfix, user: str, raw: bytes, recipients: list[str]) -> list[Outcome]:
    address = ServerAddress("localhost", postfix.smtp_port, Security.STARTTLS, ca_file=str(postfix.ca_file))
    with open_smtp(address, Credentials(user, postfix.dovecot.users[user])) as sender:
        return [each.outcome for each in sender.send(raw, user, recipients).recipients]


def inbox(dovecot: Dovecot, user: str) -> list[bytes]:
    wait_until(lambda: bool(dovecot.messages(user)), what="delivery")
    address = ServerAddress("localhost", dovecot.imaps_port, ca_file=str(dovecot.ca_file))
    with open_mailbox(address, Credentials(user, dovecot.users[user])) as session:
        session.select("INBOX")
        return [each.raw for each in session.fetch_raw(session.uids()) if isinstance(each, RawMessage)]


def outgoing(body: str) -> OutgoingMail:
    return OutgoingMail(
        sender=Address("Dësk, Support", DESK),
        to=(Address("Anna", ANNA),),
        bcc=(Address("", BERT),),
        subject=reply_subject("Drucker kaputt", 1042),
        body=body,
        message_id=make_message_id(1042, 7, SECRET, "desk.test"),
        date=datetime.now(UTC),
        desk_id="desk-4711",
        ticket=1042,
        in_reply_to="first@customer.test",
        attachments=(
            OutgoingAttachment("Anleitung – äöü.bin", "application/octet-stream", bytes(range(256)) * 300),
        ),
    )


def test_an_answer_goes_out_and_its_reply_proves_its_ticket(postfix: Postfix, dovecot: Dovecot) -> None:
    mail = compose(outgoing("Hallo Anna,\n\n.\nbitte **neu starten**\n..\nGrüße"))
    assert mail.recipients == (ANNA, BERT)
    assert submit(postfix, DESK, mail.raw, list(mail.recipients)) == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    (delivered,) = inbox(dovecot, ANNA)
    assert delivered.endswith(mail.raw)
    assert BERT.encode() not in mail.raw
    seen = parse(delivered)
    assert seen.text.startswith("Hallo Anna,\n\n.\nbitte **neu starten**\n..\nGrüße")
    assert [each.filename for each in seen.attachments] == ["Anleitung – äöü.bin"]
    assert len(inbox(dovecot, BERT)) == 1

    answer = EmailMessage()
    answer["From"], answer["To"] = f"Anna <{ANNA}>", DESK
    answer["Subject"] = f"AW: {seen.subject}"
    answer["In-Reply-To"] = f"<{seen.message_id}>"
    answer["References"] = f"<first@customer.test> <{seen.message_id}>"
    answer.set_content("Jetzt geht es, danke!")
    submit(postfix, ANNA, answer.as_bytes(), [DESK])
    (returned,) = inbox(dovecot, DESK)
    back = parse(returned)
    assert back.in_reply_to
    assert verify_message_id(back.in_reply_to, SECRET) == 1042
    assert "[#1042]" in back.subject


@pytest.mark.parametrize("ending", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\r", b"\r\n.\n", b"\r\n\0.\r\n"])
def test_a_real_server_sees_one_mail(postfix: Postfix, dovecot: Dovecot, ending: bytes) -> None:
    forged = (
        b"MAIL FROM:<ceo@desk.test>\r\nRCPT TO:<" + BERT.encode() + b">\r\nDATA\r\nSubject: forged\r\n\r\nx"
    )
    raw = b"From: support@desk.test\r\nSubject: x\r\n\r\nhello" + ending + forged + ending
    submit(postfix, DESK, raw, [ANNA])
    assert len(inbox(dovecot, ANNA)) == 1
    assert dovecot.messages(BERT) == []
