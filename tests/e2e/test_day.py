"""A day of an IT desk, whole, with real servers: a laptop is asked for by mail, approved by mail in two steps, bought, received in
parts, used, invoiced, its ticket resolved with time recorded; a duplicate is merged and parted again; the history holds.

Once by commands alone, once at the keyboard of the real interface. Both end in the same state.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

import pytest

from tests.e2e.test_approval_mail import _answer, _question
from tests.e2e.test_round_trip import ANNA, SUPPORT, _desk, _mail, _received, _write, configured, environment
from tests.support.dovecot import Dovecot
from tests.support.ports import wait_until
from tests.support.postfix import Postfix
from tests.terminal.pty_app import PtyApp

__all__ = ["configured", "environment"]

HEAD, BOARD = "billing@desk.test", "bert@customer.test"
SALES = "sales@customer.test"
SAVE, CLEAR = "\x13", "\x15"
"""Ctrl+S, Ctrl+U."""

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix, pytest.mark.timeout(1800)]


@dataclass(frozen=True)
class Office:
    """The desk with its settings, its mailbox, and everybody's mailboxes."""

    environment: dict[str, str]
    dovecot: Dovecot
    postfix: Postfix

    def desk(self, *words: str) -> Any:
        return _desk(self.environment, *words)

    def sync(self) -> Any:
        return self.desk("sync", "--once")

    def write(self, message: EmailMessage) -> Any:
        """Somebody's mail is delivered and fetched."""
        before = len(self.dovecot.messages(SUPPORT))
        _write(self.postfix, message)
        wait_until(lambda: len(self.dovecot.messages(SUPPORT)) == before + 1, what="delivery")
        return self.sync()

    def interface(self) -> PtyApp:
        return PtyApp(["-m", "tui_desk"], 80, 24, env=self.environment)

    def ticket(self, number: int) -> Any:
        return self.desk("ticket", "show", str(number))


@pytest.fixture
def office(configured: dict[str, str], dovecot: Dovecot, postfix: Postfix) -> Office:
    """Who sells, who pays, who decides: more than 1,000 takes the head of the team, then the board."""
    dovecot.add_user(SALES, "sales-secret")
    postfix.know_users()
    office = Office(configured, dovecot, postfix)
    office.desk("settings", "set", "undo_seconds=0")  # what is sent leaves at once
    office.desk("supplier", "new", "ACME", "--email", SALES)
    office.desk(
        "cost-centre", "new", "IT-100", "--name", "Computers", "--budget", "25000", "--currency", "EUR"
    )
    chain = ["approval", "chain", "set", "Large", "--above", "1000", "--currency", "EUR"]
    office.desk(*chain, "--step", HEAD, "--step", BOARD)
    assert office.write(_mail("A laptop, please", "My old one is broken."))["created"] == 1
    return office


def approve_by_mail(office: Office) -> None:
    """Both steps, each by an answer to the question; a stranger's answer changes nothing."""
    office.sync()
    first = _question(office.dovecot, HEAD, 1)
    assert "2,618.00" in str(first.get_body(("plain",))) or "2618.00" in str(first.get_body(("plain",)))
    assert office.write(_answer(first, "mallory@customer.test", "YES"))["joined"] == 1
    assert office.desk("purchase", "show", "P1")["state"] == "waiting"
    assert office.write(_answer(first, HEAD, "YES"))["joined"] == 1
    second = _question(office.dovecot, BOARD, 1)
    assert office.write(_answer(second, BOARD, "Yes\n\nGo ahead."))["joined"] == 1
    assert office.desk("purchase", "show", "P1")["state"] == "approved"


def order_arrives(office: Office) -> None:
    """The supplier got the order, the requester did not; the answer comes back to the ticket."""
    office.sync()
    wait_until(lambda: len(_received(office.dovecot, SALES)) == 1, what="the order")
    (order,) = _received(office.dovecot, SALES)
    assert "Laptop 14" in str(order.get_body(("plain",)))
    assert not _received(office.dovecot, ANNA)
    answer = _mail("Re: " + str(order["Subject"]), "One comes today, one tomorrow.")
    del answer["From"]
    answer["From"] = SALES
    answer["In-Reply-To"] = answer["References"] = str(order["Message-ID"])
    assert office.write(answer)["joined"] == 1


def in_order(office: Office) -> None:
    """What both ways must have led to."""
    purchase = office.desk("purchase", "show", "P1")
    assert purchase["state"] == "closed"
    assets = {asset["tag"]: asset for asset in office.desk("asset", "list")}
    assert {tag: (asset["state"], asset["serial"]) for tag, asset in assets.items()} == {
        "LT-0001": ("in_use", "SN-1"),
        "LT-0002": ("in_stock", "SN-2"),
    }
    assert office.desk("asset", "show", "LT-0001")["owner"] == "Anna Kunde"
    (invoice,) = office.desk("invoice", "list", "--all")
    assert (invoice["number"], invoice["state"]) == ("RE-17", "paid")
    ticket = office.ticket(1)
    assert ticket["status"] == "resolved"
    assert ticket["time_minutes"] == 90
    assert {asset["tag"] for asset in ticket["assets"]} == {"LT-0001", "LT-0002"}
    steps = ticket["approvals"][0]["steps"]
    assert [one["decision"] for step in steps for one in step["approvers"]] == ["yes", "yes"]
    duplicate = office.ticket(2)
    assert duplicate["status"] == "new"
    assert [message["subject"] for message in duplicate["messages"]] == ["My laptop??"]
    assert all(message["subject"] != "My laptop??" for message in ticket["messages"])
    assert office.desk("audit", "verify")["broken"] == []
    assert office.desk("mailbox", "reconcile", SUPPORT)["agrees"] is True


def test_the_day_by_commands(office: Office) -> None:
    line = "2 x Laptop 14 @ 1309.00 | no=L-14 | asset=Laptop"
    words = ["--supplier", "ACME", "--cost-centre", "IT-100", "--line", line, "--ask"]
    assert office.desk("purchase", "new", "1", "A laptop for Anna", *words)["state"] == "waiting"
    approve_by_mail(office)
    assert office.desk("purchase", "order", "P1", "--mail")["state"] == "ordered"
    order_arrives(office)
    words = ["--line", "1=1", "--tags", "LT-0001", "--serials", "SN-1", "--to-requester"]
    assert office.desk("purchase", "receive", "P1", *words)["state"] == "partly_received"
    words = ["--line", "1=1", "--serials", "SN-2"]
    assert office.desk("purchase", "receive", "P1", *words)["state"] == "received"
    invoice = office.desk("invoice", "new", "P1", "RE-17", "--due", "2030-12-31")
    office.desk("invoice", "accept", str(invoice["id"]))
    office.desk("invoice", "pay", str(invoice["id"]))
    office.desk("time", "add", "1", "1h30")
    assert office.write(_mail("My laptop??", "Did you get my mail?"))["created"] == 1
    office.desk("ticket", "merge", "1", "2")
    assert office.ticket(2)["merged_into"] == 1
    office.desk("ticket", "undo", "1")
    office.desk("ticket", "set", "1", "status=resolved")
    in_order(office)


def form(app: PtyApp, title: str, *keys: str, said: str) -> None:
    """Fill in a form that has opened, and save it."""
    app.wait_text(title)
    app.press(*keys)
    app.press(SAVE)
    app.wait_text(said)


def leave(app: PtyApp) -> None:
    app.press("\x11")  # Ctrl+Q
    assert app.wait_exit() == 0


def test_the_day_at_the_keyboard(office: Office) -> None:
    with office.interface() as app:
        app.wait_text("A laptop, please")
        app.press("enter")
        app.wait_text("My old one is broken.")
        app.press("+")
        app.wait_text("Add to #1")
        app.press(*"Purchase", "enter")
        lines = "2 x Laptop 14 @ 1309.00 | no=L-14 | asset=Laptop"
        keys = (*"A laptop for Anna", "tab", *lines, "tab", "right", "tab", "right")
        form(app, "New purchase", *keys, said="P1 added")
        app.press("5")
        app.wait_text("press a to ask for the approval")
        app.press("enter")
        app.wait_text("#1 › P1")
        app.press("a")
        app.wait_text("waiting")
        leave(app)
    approve_by_mail(office)
    with office.interface() as app:
        app.wait_text("A laptop, please")
        app.press("g", "b")
        app.wait_text("approved")
        app.press("enter")
        app.wait_text("press O to order it")
        app.press("O")
        form(app, "› Order", said="P1 is ordered")
        leave(app)
    order_arrives(office)
    with office.interface() as app:
        app.wait_text("A laptop, please")
        app.press("g", "b")
        app.wait_text("ordered")
        app.press("enter")
        app.wait_text("press V to write down what came")
        app.press("V")
        form(
            app,
            "› Receive",
            *(CLEAR, "1", "tab", *"LT-0001", "tab", *"SN-1", "tab", "right"),
            said="partly received",
        )
        app.press("V")
        form(app, "› Receive", "tab", "tab", *"SN-2", said="LT-0002")
        app.press("I")
        form(app, "New invoice", *"RE-17", said="written down")
        app.press("i")
        app.wait_text("To be paid")
        app.press("a")
        app.wait_text("accepted")
        app.press("p")
        app.wait_text("■ paid")
        leave(app)
    assert office.write(_mail("My laptop??", "Did you get my mail?"))["created"] == 1
    with office.interface() as app:
        app.wait_text("My laptop??")
        app.press(":", *"#1", "enter")
        app.wait_text("One comes today")
        app.press("+")
        app.wait_text("Add to #1")
        app.press(*"Time", "enter")
        form(app, "› Time", *"1h30", said="1h30 written down")
        app.press("m")
        app.wait_text("Merge #1 with")
        app.press("2")
        app.wait_text("#1 goes into #2")
        app.press("tab")
        app.wait_text("#2 goes into #1")
        app.press("enter")
        app.wait_text("Merge #2 into #1?")
        app.press("y")
        app.wait_text("#2 merged into #1")
        app.press("u")
        app.wait_text("undone")
        app.press("s")
        app.wait_text("Status of #1")
        app.press(*"resolved", "enter")
        app.wait_text("✓ resolved  ·")
        leave(app)
    in_order(office)
