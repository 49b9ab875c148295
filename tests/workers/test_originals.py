"""All of a message that was too large to be fetched, when somebody asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlmodel import select

from tests.mail.test_imap_large import WEIGHT, big_mail
from tests.support.dovecot import Dovecot
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.conversation import FetchOriginal, MessageView, RawMessage, SaveAttachment
from tui_desk.contracts.queue import ListTickets
from tui_desk.core.enums import MailboxState, Role
from tui_desk.core.errors import NotFound, Refused, Unavailable
from tui_desk.db.blobs import load_blob
from tui_desk.db.fast import open_reader
from tui_desk.models import Attachment, Event, Setting
from tui_desk.services import attachments
from tui_desk.services.actor import MAIL, Actor
from tui_desk.services.message_view import conversation
from tui_desk.services.originals import fetch_original
from tui_desk.services.queue import list_tickets

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


def forged() -> bytes:
    """As long and with the same text and date, by somebody who calls himself otherwise, and with other bytes in its file."""
    return big_mail().replace(b"From: Anna", b"From: Anja").replace(b"QUJD", b"WFla")


def found(desk: Desk, word: str) -> int:
    """How many tickets a search for one word finds."""
    reader = open_reader(desk.database.url)
    try:
        actor = Actor(1, "ana", "Ana", Role.READ_ONLY)
        return len(list_tickets(reader, actor, ListTickets("all", query=word)).rows)
    finally:
        reader.close()


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
    another = big_mail().replace(b"Subject: =?utf-8?q?Gr=C3=B6=C3=9Fe?=", b"Subject: Another one")
    dovecot.deliver_many(SUPPORT, [another, big_mail()], folder="Archive")
    fetch(desk)
    is_whole(desk, tmp_path)


def test_after_a_change_of_uidvalidity_it_is_found_by_its_id(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    dovecot.renew_uidvalidity(SUPPORT)
    fetch(desk)
    is_whole(desk, tmp_path)


def test_a_copy_of_another_sender_does_not_take_its_place(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    dovecot.deliver(SUPPORT, forged())
    assert desk.sync().duplicates == 1
    fetch(desk)
    is_whole(desk, tmp_path)


def test_another_mail_at_its_place_does_not_take_its_place(
    desk: Desk, dovecot: Dovecot, mailbox: int, tmp_path: Path
) -> None:
    deliver(desk, dovecot)
    folder = dovecot.maildir(SUPPORT)
    (file,) = (*(folder / "cur").iterdir(), *(folder / "new").iterdir())
    file.write_bytes(forged())  # as after a move to a server that counts alike
    with pytest.raises(NotFound, match="was not found"):
        fetch(desk)
    assert shown(desk).reduced
    dovecot.deliver(SUPPORT, big_mail(), folder="Archive")
    fetch(desk)
    is_whole(desk, tmp_path)


def test_the_names_of_its_files_are_found_and_the_notice_no_more(
    desk: Desk, dovecot: Dovecot, mailbox: int
) -> None:
    files = b"".join(
        b"--out\r\nContent-Type: application/zip; name=" + name + b".zip\r\n\r\nx\r\n"
        for name in [b"one%d" % number for number in range(20)] + [b"zebra"]
    )
    dovecot.deliver(SUPPORT, big_mail().replace(b"--out--", files + b"--out--"))
    assert desk.sync().created == 1
    assert (found(desk, "zebra"), found(desk, "server"), found(desk, "Anna")) == (0, 1, 1)
    fetch(desk)
    assert (found(desk, "zebra"), found(desk, "server"), found(desk, "Anna")) == (1, 0, 1)


def test_a_server_that_has_it_no_more_is_told_of(desk: Desk, dovecot: Dovecot, mailbox: int) -> None:
    deliver(desk, dovecot)
    for path in (dovecot.maildir(SUPPORT) / "cur", dovecot.maildir(SUPPORT) / "new"):
        for file in path.iterdir():
            file.unlink()
    dovecot.deliver(SUPPORT, big_mail().replace(b"From: Anna", b"From: Eve"), folder="Archive")
    with pytest.raises(NotFound, match="was not found") as miss:
        fetch(desk)
    assert "it may have been deleted or changed" in str(miss.value)
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
