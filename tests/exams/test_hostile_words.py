"""What strangers write never becomes a command or a field (X-F3), every mail can be answered, and a bounce is told at once (X-B9)."""

from __future__ import annotations

import email
import random
import re
import threading
import time
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from sqlmodel import select

from tests.exams.sizes import size
from tests.mail.test_imap_hostile import LOGIN, clear
from tests.mail.test_outgoing_hygiene import KNOWN
from tests.support.dovecot import Dovecot
from tests.support.imap_hostile import HostileImap
from tests.support.pace import in_time
from tests.support.ports import wait_until
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates
from tests.workers.desk import SUPPORT, Desk, mail, open_desk
from tests.workers.mail_in import bounce, receive
from tests.workers.test_send import add_sender
from tests.workers.test_suspended import agent
from tui_desk.contracts.conversation import SendReply
from tui_desk.core.errors import ConfigurationError, UsageError
from tui_desk.mail.connection import Credentials
from tui_desk.mail.imap import ImapSession
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.models import Delivery, Event
from tui_desk.services.dispatch import run
from tui_desk.workers.supervisor import run_worker

PIECES = (
    "\r\n", "\n", "\r", "\0", '"', "\\", "{9}", "{9+}\r\n", "*", "%", "(", ")", "<", ">", "@", " ", ",", ";", ":", "\x1b[2J", "=0D=0A", "\u2028",
    "\x85", "é", "日本", "a1 LOGOUT", "INJECTED", "Bcc: x@evil.test", "X-Injected: 1", "UID EXPUNGE 1:*", "~", "&", "[", "]", "INBOX", "b",
)  # fmt: skip
EXPECTED = re.compile(
    r"(?:(?:SELECT|EXAMINE|CREATE|SUBSCRIBE|LIST) |UID (?:STORE|MOVE|SEARCH) |LIST$|CAPABILITY$)"
)


def hostile(dice: random.Random) -> str:
    return "".join(dice.choices(PIECES, k=dice.randint(1, 6)))


@pytest.fixture
def one_desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(f"sqlite:///{tmp_path / 'desk.db'}") as opened:
        yield opened


def test_each_call_is_one_command_whatever_it_names(certificates: Certificates) -> None:
    """Folder, flag and Message-ID: refused before a byte is said, or said inside quotes in the one command it is about."""
    dice = random.Random(3)
    with HostileImap(certificates.good, {5: b"x"}) as server:
        server.plan.answers["MOVE"] = [b"{tag} OK moved\r\n"] * 10_000
        server.plan.answers["CREATE"] = [b"{tag} OK made\r\n"] * 10_000
        server.plan.answers["SUBSCRIBE"] = [b"{tag} OK subscribed\r\n"] * 10_000
        with open_mailbox(clear(server), LOGIN, timeout=60) as session:
            session.select("INBOX")
            refused = said = 0
            for _number in range(size(150, 3_000)):
                before = len(server.commands)
                try:
                    most = _call(session, dice)
                    said += 1
                except UsageError:
                    assert len(server.commands) == before, "refused, and said all the same"
                    refused += 1
                    continue
                commands = server.commands[before:]
                assert 1 <= len(commands) <= most, commands
                for command in commands:
                    assert EXPECTED.match(command), command
                    bare = re.sub(r'"(?:[^"\\]|\\.)*"', '""', command)
                    assert (
                        not re.search(r"INJECTED|LOGOUT|X-Injected|[\x00-\x1f]", bare) or "INJECTED" in bare
                    ), command
            session.noop()
        assert refused > 20
        assert said > 20
        assert "LOGOUT" not in server.commands[:-1]


def _call(session: ImapSession, dice: random.Random) -> int:
    """One call with a hostile word; how many commands it may say at most."""
    word = hostile(dice)
    match dice.randrange(4):
        case 0:
            session.select(word)
            return 1
        case 1:
            session.add_flag([5], word)
            return 1
        case 2:
            session.find_message_id("Sent", word)
            return 2
        case _:
            session.move([5], word)
            return 5


def test_user_and_token_are_one_line_or_refused() -> None:
    dice = random.Random(4)
    for _number in range(2_000):
        word = hostile(dice)
        for user, secret in ((word, "x"), ("x", word)):
            breaks = re.search(r"[\r\n\0]", word)
            for is_token in (False, True):
                if breaks:
                    with pytest.raises(ConfigurationError):
                        Credentials(user, secret, is_token)
                else:
                    Credentials(user, secret, is_token)


def hostile_mail(number: int) -> bytes:
    """Everything of which an answer takes something over is hostile: also what is decoded to it, and what stands raw."""
    dice = random.Random(number)

    def encoded() -> str:  # so it survives the way through a header
        return f"=?utf-8?q?{''.join(f'={byte:02X}' for byte in hostile(dice).encode())}?="

    def word() -> str:
        if dice.random() < 0.5:
            return encoded()
        return re.sub(r"[\r\n]+", dice.choice(["\r\n ", "\r", " "]), hostile(dice))

    return (
        f"From: {encoded()} <anna{number}@customer.test>\r\nTo: {SUPPORT}\r\nSubject: {word()} {word()}\r\n"
        f"Message-ID: <m{number}{word()}@customer.test>\r\nReferences: <{word()}> <a{number}@b.test> {word()}\r\n"
        f"In-Reply-To: {word()}\r\nCc: {word()} <cora{number}@partner.test>\r\nDate: {word()}\r\n\r\nIt burns. {number}\r\n"
    ).encode("utf-8", "replace")


def test_every_mail_can_be_answered_and_nothing_is_injected(one_desk: Desk, smtp_sink: SmtpSink) -> None:
    mailbox = add_sender(one_desk, smtp_sink)
    count = size(30, 1_000)
    entries = receive(one_desk, mailbox, *(hostile_mail(number) for number in range(count)))
    assert {entry.verdict for entry in entries} == {"created"}
    actor = agent(one_desk)
    for entry in entries:
        assert entry.ticket_id is not None
        to = f"anna{entry.uid - 1}@customer.test"
        sent = run(one_desk.database, actor, SendReply(entry.ticket_id, "We are coming.", to=to, now=True))
        if sent.findings:
            seen = tuple(finding.code for finding in sent.findings)
            sent = run(
                one_desk.database,
                actor,
                SendReply(entry.ticket_id, "We are coming.", to=to, now=True, confirmed=seen),
            )
        assert sent.outbox_id, sent
    assert run_worker(one_desk.database, threading.Event(), once=True).sent == count
    assert len(smtp_sink.mails) == count
    known = set(next(iter(KNOWN)).split())
    for each in smtp_sink.mails:
        assert re.fullmatch(r"anna\d+@customer\.test", " ".join(each.recipients)), each.recipients
        head = each.data.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
        names = [
            line.partition(b":")[0].decode().lower() for line in head.split(b"\n") if line[:1] not in b" \t"
        ]
        assert set(names) <= known, names
        assert len(names) == len(set(names))
        assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f-\xff]", head)
        strict = email.message_from_bytes(each.data, policy=policy.default.clone(raise_on_defect=True))
        assert [one.addr_spec for one in strict["To"].addresses] == list(each.recipients)


@pytest.mark.dovecot
def test_a_bounce_is_on_the_ticket_within_a_minute_and_makes_none(
    one_desk: Desk, dovecot: Dovecot, smtp_sink: SmtpSink
) -> None:
    """X-B9: from the mailbox's folder to the ticket, with the ordinary worker."""
    one_desk.add_mailbox(dovecot, smtp_host=smtp_sink.host, smtp_port=smtp_sink.port, smtp_security="none")
    dovecot.deliver(SUPPORT, mail(1))
    actor = agent(one_desk)
    with one_desk.running_worker():
        wait_until(lambda: len(one_desk.tickets()) == 1, what="the ticket")
        run(one_desk.database, actor, SendReply(1, "We are coming.", now=True))
        wait_until(lambda: len(smtp_sink.mails) == 1, what="the answer")
        wait_until(lambda: delivered(one_desk) == ["sent"], what="the record")
        found = re.search(rb"^Message-ID: *<([^>]+)>", smtp_sink.mails[0].data, re.MULTILINE)
        assert found is not None
        began = time.monotonic()
        for _copy in range(3):  # some systems report again and again
            dovecot.deliver(SUPPORT, bounce(found[1].decode(), "anna@customer.test"))
        wait_until(lambda: delivered(one_desk) == ["bounced"], what="the bounce on the ticket")
        took = time.monotonic() - began
        wait_until(lambda: len(one_desk.entries()) == 4 and "" not in one_desk.verdicts(), what="the others")
    assert in_time(took, 60)
    assert len(one_desk.tickets()) == 1
    with one_desk.database.reading() as session:
        told = session.exec(select(Event).where(Event.stream == "ticket:1", Event.action == "bounced")).all()
    assert told


def delivered(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return [row.state for row in session.exec(select(Delivery))]
