"""The servers the other tests build on do what they promise."""

from __future__ import annotations

import imaplib
import smtplib
import ssl

import pytest
import sqlalchemy

from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.postfix import Postfix
from tests.support.smtp_sink import Cut, SmtpSink
from tests.support.tls import Certificates

MAIL = b"From: anna@customer.test\r\nTo: support@desk.test\r\nSubject: hello\r\n\r\nIt is broken.\r\n"


@pytest.mark.dovecot
def test_dovecot_serves_over_all_kinds_of_connection(dovecot: Dovecot) -> None:
    dovecot.deliver("support@desk.test", MAIL)
    trusted = ssl.create_default_context(cafile=str(dovecot.ca_file))
    with imaplib.IMAP4_SSL(dovecot.host, dovecot.imaps_port, ssl_context=trusted) as client:
        client.login("support@desk.test", "support-secret")
        assert client.select()[1] == [b"1"]
    with imaplib.IMAP4(dovecot.host, dovecot.imap_port) as client:
        client.starttls(trusted)
        with pytest.raises(imaplib.IMAP4.error):
            client.login("support@desk.test", "wrong")


@pytest.mark.dovecot
def test_dovecot_can_change_uidvalidity_and_restart(dovecot: Dovecot) -> None:
    def uidvalidity() -> bytes:
        with imaplib.IMAP4(dovecot.host, dovecot.imap_port) as client:
            client.login("support@desk.test", "support-secret")
            client.select()
            return bytes(client.response("UIDVALIDITY")[1][0])

    dovecot.deliver("support@desk.test", MAIL)
    before = uidvalidity()
    dovecot.renew_uidvalidity("support@desk.test")
    assert uidvalidity() != before
    dovecot.stop()
    dovecot.start()
    assert dovecot.messages("support@desk.test") == [MAIL]


@pytest.mark.dovecot
@pytest.mark.postfix
def test_postfix_delivers_into_dovecot(postfix: Postfix, dovecot: Dovecot) -> None:
    with smtplib.SMTP(postfix.host, postfix.smtp_port) as client:
        client.sendmail("anna@customer.test", ["support@desk.test"], MAIL)
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail("anna@customer.test", ["nobody@desk.test"], MAIL)
    wait_until(lambda: len(dovecot.messages("support@desk.test")) == 1, what="delivery")
    assert b"It is broken." in dovecot.messages("support@desk.test")[0]
    trusted = ssl.create_default_context(cafile=str(postfix.ca_file))
    with smtplib.SMTP_SSL(postfix.host, postfix.smtps_port, context=trusted) as client:
        client.login("support@desk.test", "support-secret")


def test_sink_keeps_mail_and_swallows_answers(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.replies["gone@x.test"] = "550 5.1.1 gone"
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        refused = client.sendmail("a@x.test", ["b@x.test", "gone@x.test"], MAIL + b".\r\n..\r\n")
    assert list(refused) == ["gone@x.test"]
    assert smtp_sink.mails[0].data == MAIL + b".\r\n..\r\n"
    smtp_sink.plan.cut = Cut.AFTER_DOT
    with (
        smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client,
        pytest.raises(smtplib.SMTPServerDisconnected),
    ):
        client.sendmail("a@x.test", ["b@x.test"], MAIL)
    assert len(smtp_sink.mails) == 2


def test_bad_certificates_are_bad(certificates: Certificates) -> None:
    trusted = ssl.create_default_context(cafile=str(certificates.ca_file))
    for bad in (certificates.self_signed, certificates.expired, certificates.wrong_name):
        with SmtpSink(bad, implicit_tls=True) as sink, pytest.raises(ssl.SSLCertVerificationError):
            smtplib.SMTP_SSL("localhost", sink.port, context=trusted)
    with (
        SmtpSink(certificates.good, implicit_tls=True) as sink,
        smtplib.SMTP_SSL("localhost", sink.port, context=trusted),
    ):
        pass


def test_every_database_is_empty_and_works(empty_database_url: str) -> None:
    engine = sqlalchemy.create_engine(empty_database_url)
    with engine.begin() as connection:
        connection.execute(sqlalchemy.text("CREATE TABLE t (a int)"))
    engine.dispose()
