"""All of a message that was too large to be fetched, when somebody asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from tests.mail.test_imap_large import WEIGHT, big_mail
from tests.support.dovecot import Dovecot
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.conversation import FetchOriginal, MessageView, RawMessage, SaveAttachment
from tui_desk.core.enums import MailboxState
from tui_desk.core.errors import NotFound, Refused, Unavailable
from tui_desk.db.blobs import load_blob
from tui_desk.models import Attachment, Event, Setting
from tui_desk.services import attachments
from tui_desk.services.actor import MAIL
from tui_desk.services.message_view import conversation
from tui_desk.services.originals import fetch_original

pytestmark = pytest.mark.dovecot


@pytest.fixture
def mailbox(desk: Desk, dovecot: Dovecot) -> int:
    """A mailbox of a desk that takes mails up to a megabyte."""
    with desk.database.writing() as session:
        session.add(Setting(key="largest_mail_mb", value=1))
    return desk.add_mailbox(dovecot)


def shown(desk: Desk) -> MessageView:
    (message,) = desk.messages()
    with desk.database.reading() as session:
        return conversation(session, message.ticket_id)[0]


def fetch(desk: Desk) -> str:
    return fetch_original(desk.database, MAIL, FetchOriginal(shown(desk).id))


def deliver(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver(SUPPORT, big_mail())
    assert desk.sync().created == 1
    message = shown(desk)
    assert message.reduced
    assert not message.attachments
    assert "left on the mail server" in message.text


def is_whole(desk: Desk, folder: Path) -> None:
    message = shown(desk)
    assert not message.reduced
    assert not message.marks
    assert "left on the mail server" not in message.text
    assert "Schöne Grüße" in message.text
    (file,) = message.attachments
    assert file.filename == "bücher.zip"
    with desk.database.reading() as session:
        saved = Path(attachments.save(session, MAIL, SaveAttachment(file.id, str(folder))))
        assert saved.read_bytes() == b"ABC" * 18 * 40_000
        stored = desk.messages()[0]
        assert load_blob(session, stored.raw_sha256) == big_mail()
        source = attachments.raw_message(session, MAIL, RawMessage(message.id, limit=1_000))
        assert WEIGHT.decode().strip()[:60] in source
        events = session.exec(select(Event).where(Event.action == "original_fetched")).all()
    assert len(events) == 1


def test_the_whole_mail_takes_the_place_of_header_and_text(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    version = desk.tickets()[0].version
    assert "All of the message is here" in fetch(desk)
    is_whole(desk, tmp_path)
    assert desk.tickets()[0].version > version
    with pytest.raises(Refused):
        fetch(desk)
    again = desk.sync()
    assert (again.fetched, again.created) == (0, 0)
    dovecot.renew_uidvalidity(SUPPORT)
    assert desk.sync().duplicates == 1
    assert len(desk.messages()) == 1


def test_it_is_found_where_somebody_moved_it(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    for path in (dovecot.maildir(SUPPORT) / "cur", dovecot.maildir(SUPPORT) / "new"):
        for file in path.iterdir():
            file.unlink()
    forged = big_mail().replace(b"Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=", b"Subject: Another one")
    dovecot.deliver_many(SUPPORT, [forged, big_mail()], folder="Archive")
    fetch(desk)
    is_whole(desk, tmp_path)


def test_after_a_change_of_uidvalidity_it_is_found_by_its_id(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    dovecot.renew_uidvalidity(SUPPORT)
    fetch(desk)
    is_whole(desk, tmp_path)


def test_a_server_that_has_it_no_more_is_told_of(desk: Desk, dovecot: Dovecot, mailbox: int) -> None:
    deliver(desk, dovecot)
    for path in (dovecot.maildir(SUPPORT) / "cur", dovecot.maildir(SUPPORT) / "new"):
        for file in path.iterdir():
            file.unlink()
    dovecot.deliver(SUPPORT, big_mail().replace(b"From: Anna", b"From: Eve"), folder="Archive")
    with pytest.raises(NotFound, match="does not have this message any more"):
        fetch(desk)
    assert shown(desk).reduced
    desk.change_mailbox(mailbox, imap_port=1)
    with pytest.raises(Unavailable):
        fetch(desk)
    desk.change_mailbox(mailbox, state=MailboxState.REMOVED.value)
    with pytest.raises(NotFound, match="not part of this desk any more"):
        fetch(desk)


def test_what_is_whole_is_not_fetched_again(desk: Desk, dovecot: Dovecot, mailbox: int) -> None:
    dovecot.deliver(SUPPORT, mail(1))
    desk.sync()
    assert not shown(desk).reduced
    with pytest.raises(Refused, match="All of this message is here"):
        fetch(desk)


def test_more_than_is_kept_is_refused(
    desk: Desk, dovecot: Dovecot, mailbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(desk, dovecot)
    monkeypatch.setattr("tui_desk.services.originals.LARGEST", 1_000_000)
    with pytest.raises(Refused, match="are not kept here"):
        fetch(desk)
    with desk.database.reading() as session:
        assert not session.exec(select(Attachment)).all()
