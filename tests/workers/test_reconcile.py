"""The proof that nothing is missing counts the stored bytes as well: a ledger row without its mail proves nothing."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from tests.support.dovecot import Dovecot
from tests.workers.desk import SUPPORT, Desk, mail
from tui_desk.contracts.mailboxes import ReconcileMailbox, Reconciliation
from tui_desk.models import Blob
from tui_desk.services.actor import MAIL
from tui_desk.services.reconcile import reconcile

pytestmark = pytest.mark.dovecot


def compared(desk: Desk, mailbox: int) -> Reconciliation:
    return reconcile(desk.database, MAIL, ReconcileMailbox(mailbox))


def test_server_ledger_and_bytes_agree(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(4)])
    found = compared(desk, mailbox)
    assert not found.agrees
    assert (len(found.missing), found.damaged) == (4, ())
    desk.sync()
    found = compared(desk, mailbox)
    assert found.agrees
    assert (found.on_server, found.in_ledger, found.bytes_read) == (4, 4, 4)


def test_bytes_that_are_not_what_they_were_are_told(desk: Desk, dovecot: Dovecot) -> None:
    mailbox = desk.add_mailbox(dovecot)
    dovecot.deliver_many(SUPPORT, [mail(number) for number in range(4)])
    desk.sync()
    first, second, third, _fourth = desk.entries()
    with desk.database.writing() as session:
        session.execute(
            update(Blob).where(col(Blob.sha256) == first.sha256).values(encoding="plain", data=b"From: x")
        )
        session.execute(update(Blob).where(col(Blob.sha256) == second.sha256).values(data=b"no zlib"))
        session.execute(delete(Blob).where(col(Blob.sha256) == third.sha256))
    found = compared(desk, mailbox)
    assert not found.agrees
    assert not found.missing
    assert found.damaged == (first.uid, second.uid, third.uid)


def test_what_was_never_fetched_has_no_bytes_to_miss(desk: Desk, dovecot: Dovecot) -> None:
    dovecot.deliver_many(SUPPORT, [mail("old")])
    mailbox = desk.add_mailbox(dovecot, start="2100-01-01")
    desk.sync()
    assert [entry.sha256 for entry in desk.entries()] == [""]
    found = compared(desk, mailbox)
    assert found.agrees
    assert found.bytes_read == 0
