"""IMAP against a real Dovecot: fetch, mark, move, look up, wait; over TLS, STARTTLS and clear loopback."""

from __future__ import annotations

import imaplib
import threading
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.dovecot import Dovecot
from tests.support.pace import in_time
from tui_desk.core.errors import UsageError
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import ImapSession, NotFetched, RawMessage, Reason
from tui_desk.mail.imap_idle import Wakeup, wait_for_mail
from tui_desk.mail.imap_open import open_mailbox

pytestmark = pytest.mark.dovecot

USER = "support@desk.test"
LOGIN = Credentials(USER, "support-secret")


def mail(number: int, size: int = 0) -> bytes:
    body = b"x" * 70 + b"\r\n"
    head = b"From: a@customer.test\r\nMessage-ID: <m%d@customer.test>\r\nSubject: %d\r\n\r\n" % (
        number,
        number,
    )
    return head + b"Hello \xe4\r\n.\r\n" + body * (size // len(body))


def server(dovecot: Dovecot, security: Security = Security.NONE) -> ServerAddress:
    port = dovecot.imaps_port if security is Security.TLS else dovecot.imap_port
    return ServerAddress("localhost", port, security, ca_file=str(dovecot.ca_file))


@pytest.fixture
def inbox(dovecot: Dovecot) -> Iterator[ImapSession]:
    dovecot.deliver_many(USER, [mail(number) for number in range(1, 8)])
    with open_mailbox(server(dovecot), LOGIN) as session:
        session.select("INBOX")
        yield session


@pytest.mark.parametrize("security", list(Security))
def test_every_kind_of_connection_gives_the_same_mail(dovecot: Dovecot, security: Security) -> None:
    dovecot.deliver(USER, mail(1))
    with open_mailbox(server(dovecot, security), LOGIN) as session:
        state = session.select("INBOX")
        assert (state.exists, state.uidnext) == (1, 2)
        assert state.uidvalidity > 0
        (message,) = session.fetch_raw(session.uids())
    assert isinstance(message, RawMessage)
    assert message.raw == mail(1)
    assert message.internal_date is not None
    assert abs(message.internal_date - datetime.now(UTC)) < timedelta(minutes=5)


def test_fetching_marks_nothing_as_read_and_flagging_does(inbox: ImapSession) -> None:
    assert [message.uid for message in inbox.fetch_raw(inbox.uids())] == [1, 2, 3, 4, 5, 6, 7]
    assert inbox._search("UNSEEN") == [1, 2, 3, 4, 5, 6, 7]
    inbox.add_flag([1, 2, 99])
    inbox.add_flag([1, 2, 99])
    assert inbox._search("UNSEEN") == [3, 4, 5, 6, 7]
    assert inbox.uids_since(date(2020, 1, 1)) == [1, 2, 3, 4, 5, 6, 7]
    assert inbox.uids_since(date(2090, 1, 1)) == []


def test_a_message_that_is_gone_is_reported_as_missing(inbox: ImapSession) -> None:
    got = list(inbox.fetch_raw([2, 50, 3]))
    assert {message.uid for message in got if isinstance(message, RawMessage)} == {2, 3}
    assert NotFetched(50, Reason.MISSING) in got


def test_moving_creates_the_folder_and_may_be_repeated(inbox: ImapSession, dovecot: Dovecot) -> None:
    inbox.move([1, 2], "Importiert & erledigt")
    inbox.move([1, 2], "Importiert & erledigt")
    assert inbox.uids() == [3, 4, 5, 6, 7]
    assert "Importiert & erledigt" in inbox.folders()
    assert inbox.select("Importiert & erledigt").exists == 2


def test_without_the_move_extension_mail_is_copied_and_only_that_mail_removed(inbox: ImapSession) -> None:
    inbox.add_flag([7], "\\Deleted")  # somebody else's deleted mail must survive
    capabilities = inbox.capabilities
    inbox._capabilities = type(capabilities)(capabilities.names - {"MOVE"})
    inbox.move([1, 2], "Done")
    assert inbox.uids() == [3, 4, 5, 6, 7]
    assert inbox.select("Done").exists == 2


def test_big_mails_come_one_by_one_and_too_big_ones_not_at_all(dovecot: Dovecot) -> None:
    dovecot.deliver_many(USER, [mail(1), mail(2, 3_000_000), mail(3, 2_000_000), mail(4)])
    with open_mailbox(server(dovecot), LOGIN) as session:
        session.select("INBOX")
        got = list(session.fetch_raw(session.uids(), batch_bytes=1_000_000, max_bytes=2_500_000))
    assert [type(message) for message in got].count(NotFetched) == 1
    assert {message.uid for message in got if isinstance(message, RawMessage)} == {1, 3, 4}
    assert [message.reason for message in got if isinstance(message, NotFetched)] == [Reason.TOO_LARGE]


def test_uidvalidity_changes_are_seen(dovecot: Dovecot) -> None:
    dovecot.deliver(USER, mail(1))
    with open_mailbox(server(dovecot), LOGIN) as session:
        before = session.select("INBOX").uidvalidity
    dovecot.renew_uidvalidity(USER)
    with open_mailbox(server(dovecot), LOGIN) as session:
        assert session.select("INBOX").uidvalidity != before
        assert len(session.uids()) == 1


def test_new_mail_wakes_the_wait_within_two_seconds(inbox: ImapSession, dovecot: Dovecot) -> None:
    """As everywhere here: of a machine that is not busy elsewhere (:func:`tests.support.pace.in_time`)."""
    assert inbox.capabilities.idle
    threading.Timer(0.3, dovecot.deliver, (USER, mail(9))).start()
    begun = time.monotonic()
    assert wait_for_mail(inbox, 60)
    assert in_time(time.monotonic() - begun, 2.3)
    assert inbox.uids()[-1] == 8


def test_mail_that_came_between_listing_and_waiting_wakes_at_once(
    inbox: ImapSession, dovecot: Dovecot
) -> None:
    inbox.uids()
    dovecot.deliver(USER, mail(9))
    begun = time.monotonic()
    assert wait_for_mail(inbox, 60)
    assert in_time(time.monotonic() - begun, 2)


@pytest.mark.parametrize("security", [Security.NONE, Security.TLS])
def test_a_wait_ends_when_cancelled_and_the_session_goes_on(dovecot: Dovecot, security: Security) -> None:
    wakeup = Wakeup()
    with open_mailbox(server(dovecot, security), LOGIN) as session:
        session.select("INBOX")
        threading.Timer(0.2, wakeup.set).start()
        begun = time.monotonic()
        assert not wait_for_mail(session, 60, wakeup)
        assert not wait_for_mail(session, 60, wakeup)  # stays set
        assert in_time(time.monotonic() - begun, 3)
        wakeup.clear()
        assert not wait_for_mail(session, 0.2, wakeup)
        dovecot.deliver(USER, mail(1))
        assert wait_for_mail(session, 60, wakeup)
        assert session.uids() == [1]
    wakeup.close()


def test_waiting_without_idle_polls(inbox: ImapSession, dovecot: Dovecot) -> None:
    capabilities = inbox.capabilities
    inbox._capabilities = type(capabilities)(capabilities.names - {"IDLE"})
    assert not wait_for_mail(inbox, 0.1)
    dovecot.deliver(USER, mail(9))
    assert wait_for_mail(inbox, 0.5)


def test_a_lost_connection_is_an_error_and_not_silence(dovecot: Dovecot) -> None:
    with open_mailbox(server(dovecot), LOGIN) as session:
        session.select("INBOX")
        dovecot.stop()
        with pytest.raises(MailServerError) as caught:
            wait_for_mail(session, 30)
        assert caught.value.cause.is_network
    dovecot.start()


def test_what_was_sent_is_kept_and_found_again(dovecot: Dovecot) -> None:
    with open_mailbox(server(dovecot), LOGIN) as session:
        assert session.sent_folder() == "Sent"
        assert not session.find_message_id("Sent", "m1@customer.test")
        assert session.append_sent(mail(1)) == "Sent"
        assert session.find_message_id("Sent", "m1@customer.test")
        assert not session.find_message_id("Sent", "m2@customer.test")
        assert session._search("SEEN") == [1]


def test_wrong_password_and_missing_folder_say_so(dovecot: Dovecot) -> None:
    wrong = Credentials(USER, "not-the-secret")
    with pytest.raises(MailServerError) as caught, open_mailbox(server(dovecot), wrong):
        pass
    assert caught.value.cause is Cause.LOGIN
    assert "not-the-secret" not in str(caught.value) + repr(caught.value)
    with open_mailbox(server(dovecot), LOGIN) as session, pytest.raises(MailServerError) as caught:
        session.select("Nowhere")
    assert caught.value.cause is Cause.FOLDER
    assert "Nowhere" in str(caught.value)


def test_passwords_of_any_characters_work(dovecot: Dovecot) -> None:
    for number, password in enumerate(['pa"ss\\word', "contraseña 密码", "a b {3}", "%s%n(){}*"]):
        user = f"user{number}@desk.test"
        dovecot.add_user(user, password)
        with open_mailbox(server(dovecot), Credentials(user, password)) as session:
            assert session.select("INBOX").exists == 0


@pytest.mark.parametrize("name", ['INBOX\r\nA1 DELETE "Sent"', "a\nb", "a\0b", "", "x" * 600])
def test_names_that_would_be_commands_are_refused(inbox: ImapSession, name: str) -> None:
    for call in (inbox.select, inbox.ensure_folder):
        with pytest.raises(UsageError):
            call(name)
    with pytest.raises(UsageError):
        inbox.move([1], name)
    with pytest.raises(UsageError):
        inbox.add_flag([1], name)
    with pytest.raises(UsageError):
        inbox.find_message_id("Sent", name)
    assert inbox.uids() == [1, 2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("name", ['quo"te', "back\\slash", "um läut 日本", "per&cent", "(paren) {3}", "a.b"])
def test_odd_folder_names_work(inbox: ImapSession, name: str) -> None:
    inbox.move([1], name)
    assert inbox.select(name).exists == 1


def test_many_mails_are_listed_with_and_without_ranges(dovecot: Dovecot) -> None:
    dovecot.deliver_many(USER, [b"Subject: x\r\n\r\n"] * 5_000)
    with open_mailbox(server(dovecot), LOGIN) as session:
        session.select("INBOX")
        assert session.uids() == list(range(1, 5_001))
        capabilities = session.capabilities
        session._capabilities = type(capabilities)(capabilities.names - {"ESEARCH"})
        assert session.uids() == list(range(1, 5_001))


@pytest.mark.parametrize("window", [10, 1_000])
@pytest.mark.parametrize("esearch", [True, False])
def test_what_came_from_a_uid_on(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, esearch: bool, window: int
) -> None:
    monkeypatch.setattr("tui_desk.mail.imap._SEARCH_WINDOW", window)
    dovecot.deliver_many(USER, [b"Subject: x\r\n\r\n"] * 60)
    with open_mailbox(server(dovecot), LOGIN) as session:
        session._capabilities = type(session.capabilities)(
            session.capabilities.names - (set() if esearch else {"ESEARCH"})
        )
        session.select("INBOX")
        assert session.uids() == list(range(1, 61))
        assert session.uids(58) == [58, 59, 60]
        assert session.uids(9) == list(range(9, 61))
        assert session.uids(61) == []  # the server names the last one all the same
        assert session.uids(500) == []


def test_the_libraries_keep_no_password(dovecot: Dovecot) -> None:
    with open_mailbox(server(dovecot), LOGIN) as session:
        assert "support-secret" not in repr(vars(session.client._imap))
        assert isinstance(session.client._imap, imaplib.IMAP4)
    assert "support-secret" not in repr(LOGIN)
