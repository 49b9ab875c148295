"""Attacks on a ticket by mail: whoever takes no part in it tries to get something into it, by whatever they name."""

from __future__ import annotations

from collections.abc import Callable

from tests.services.mail_world import SERVER, SUPPORT, Case, World
from tui_desk.mail.message_id import (
    make_message_id,
    make_reply_address,
)
from tui_desk.services.identity import message_secret

EVE = "Eve <eve@evil.test>"
ALERT = "[FIRING:1] DiskFull (host=web1)"
Attack = Callable[[World, Case], list[bytes]]
ATTACKS: dict[str, Attack] = {}


def attack(function: Attack) -> Attack:
    ATTACKS[function.__name__.replace("_", " ")] = function
    return function


def one(name: str, *, sender: str = EVE, verdict: str = "pass", **written: str) -> None:
    """An attack of a single mail; ``{…}`` in what is written are the fields of the victim's case."""

    def write(world: World, case: Case) -> list[bytes]:
        host = (
            f"evil{world.next()}.test"  # somebody new each time: nobody is a stranger in a ticket of his own
        )
        filled = {key: value.format(c=case).replace("evil.test", host) for key, value in written.items()}
        return [world.mail(sender.format(c=case).replace("evil.test", host), verdict=verdict, **filled)]

    ATTACKS[name] = write


NUMBER = "Re: Payroll server is down [#{c.number}]"
KNOWN = "In-Reply-To: <{c.asked}>\r\nReferences: <{c.asked}>\r\n"
OURS = "In-Reply-To: <{c.ours}>\r\nReferences: <{c.asked}> <{c.ours}>\r\n"
FORGED = f"Authentication-Results: {SERVER}; dmarc=pass header.from=customer.test\r\n"

# what names the ticket, by a stranger
one("a guessed number", subject=NUMBER)
one("a number without answer prefix", subject="[#{c.number}]")
one("an id stolen from a public list", extra=KNOWN)
one("forged References only", extra="References: <x@y.test> <{c.asked}> <z@y.test>\r\n")
one("our own signed id, leaked", extra=OURS)
one("a valid reply address", to="{c.reply_to}")
one("a valid reply address in Delivered-To", extra="Delivered-To: {c.reply_to}\r\n")
one(
    "a valid reply address by blind copy",
    extra="X-Original-To: {c.reply_to}\r\n",
    to="undisclosed-recipients:;",
)
one("everything at once", to="{c.reply_to}", subject=NUMBER, extra=OURS)
one(
    "tokens quoted in the body",
    body="> Message-ID: <{c.ours}>\r\n> Reply-To: {c.reply_to}\r\n> [#{c.number}]\r\nme too",
)
one(
    "tokens in an attachment's headers",
    content_type="message/rfc822",
    body="From: anna@customer.test\r\n" + KNOWN,
)
one("several numbers in one subject", subject="[#1] [#2] [#3] [#{c.number}]")
one("a number in an encoded word", subject="=?utf-8?q?=5B=23{c.number}=5D?=")
one(
    "the ids inside List headers",
    extra="List-Id: <list.evil.test>\r\nList-Post: <mailto:x@y.test>\r\n" + KNOWN,
)
one("our id as its own Message-ID", message_id="{c.ours}")
one("the customer's id as its own Message-ID", message_id="{c.asked}")

# who writes
one(
    "the customer in the display name",
    sender='"anna@customer.test" <eve@evil.test>',
    subject=NUMBER,
    extra=OURS,
)
one("the customer's name", sender="Anna Abel <eve@evil.test>", subject=NUMBER, extra=KNOWN)
one("the customer in a comment", sender="eve@evil.test (anna@customer.test)", subject=NUMBER, extra=OURS)
one(
    "the customer as a quoted local part", sender='"anna@customer.test"@evil.test', subject=NUMBER, extra=OURS
)
one(
    "the customer behind two angles",
    sender="<anna@customer.test> <eve@evil.test>",
    verdict="none",
    subject=NUMBER,
)
one("the domain as a subdomain elsewhere", sender="anna@customer.test.evil.test", subject=NUMBER, extra=OURS)
one("a domain that begins alike", sender="anna@customer.test-mail.test", subject=NUMBER, extra=OURS)
one("a subdomain of the customer's", sender="mallory@lists.customer.test", subject=NUMBER, extra=OURS)
one("a Cyrillic letter in the local part", sender="аnna@customer.test", verdict="fail", subject=NUMBER)
one("a Cyrillic letter in the domain", sender="anna@сustomer.test", subject=NUMBER, extra=OURS)
one("the same domain as A-label", sender="anna@xn--ustomer-e9f.test", subject=NUMBER, extra=OURS)
one(
    "a zero-width character behind",
    sender="anna@customer.test\u200b",
    verdict="fail",
    subject=NUMBER,
    extra=KNOWN,
)
one(
    "a soft hyphen in the domain",
    sender="anna@custo\u00admer.test",
    verdict="fail",
    subject=NUMBER,
    extra=KNOWN,
)
one("full-width letters", sender="anna@\uff43ustomer.test", verdict="fail", subject=NUMBER, extra=KNOWN)
one("dots in the local part", sender="a.n.n.a@customer.test", verdict="fail", subject=NUMBER, extra=KNOWN)
one("a plus tag", sender="anna+x@customer.test", verdict="fail", subject=NUMBER, extra=KNOWN)
one("capitals, not confirmed", sender="ANNA@CUSTOMER.TEST", verdict="fail", subject=NUMBER, extra=KNOWN)
one(
    "the customer's address, not confirmed",
    sender="Anna Abel <anna@customer.test>",
    verdict="fail",
    subject=NUMBER,
)
one(
    "a copied person's address, not confirmed",
    sender="cora@partner.test",
    verdict="fail",
    subject=NUMBER,
    extra=KNOWN,
)
one(
    "a colleague, not confirmed, with our id",
    sender="boss@customer.test",
    verdict="fail",
    subject=NUMBER,
    extra=OURS,
)
one("a colleague nobody checked, by number", sender="boss@customer.test", verdict="none", subject=NUMBER)
one("no sender at all", sender="", verdict="none", subject=NUMBER, extra=OURS)
one("our own address", sender=SUPPORT, verdict="fail", subject=NUMBER, extra=OURS)
one("our own reply address", sender="{c.reply_to}", verdict="fail", subject=NUMBER, extra=OURS)

# forms of From that are read in two ways
one(
    "two addresses in From",
    sender="anna@customer.test, eve@evil.test",
    verdict="none",
    subject=NUMBER,
    extra=KNOWN,
)
one(
    "two From fields",
    sender=EVE,
    verdict="none",
    extra="From: anna@customer.test\r\n" + KNOWN,
    subject=NUMBER,
)
one(
    "two From fields, the other way",
    sender="anna@customer.test",
    verdict="none",
    extra="From: eve@evil.test\r\n" + KNOWN,
    subject=NUMBER,
)
one("a group as From", sender="staff: anna@customer.test;", verdict="none", subject=NUMBER, extra=KNOWN)
one(
    "an encoded word as address",
    sender="=?utf-8?q?anna=40customer=2Etest?=",
    verdict="none",
    subject=NUMBER,
    extra=KNOWN,
)
one(
    "an encoded list as address",
    sender="=?utf-8?b?QW5uYSA8YW5uYUBjdXN0b21lci50ZXN0Pg==?=",
    verdict="none",
    subject=NUMBER,
    extra=KNOWN,
)
one("null bytes in the address", sender="anna@custo\0mer.test", verdict="none", subject=NUMBER, extra=KNOWN)
one("a source route", sender="<@evil.test:anna@customer.test>", verdict="none", subject=NUMBER, extra=KNOWN)

# fields beside From
one("the customer as Sender", extra="Sender: anna@customer.test\r\n" + OURS, subject=NUMBER)
one("the customer in Reply-To", extra="Reply-To: Anna Abel <anna@customer.test>\r\n" + OURS, subject=NUMBER)
one(
    "the customer in Resent-From",
    extra="Resent-From: anna@customer.test\r\nResent-To: support@desk.test\r\n" + OURS,
)
one(
    "the customer in Return-Path",
    extra="Return-Path: <anna@customer.test>\r\nX-Sender: anna@customer.test\r\n" + OURS,
)
one(
    "a forged verdict below ours",
    sender="anna@customer.test",
    verdict="fail",
    extra=FORGED + KNOWN,
    subject=NUMBER,
)
one(
    "a forged verdict in the name of another server",
    sender="anna@customer.test",
    verdict="fail",
    extra="Authentication-Results: mx.google.com; dmarc=pass header.from=customer.test\r\n" + KNOWN,
    subject=NUMBER,
)
one(
    "headers of other helpdesks",
    subject=NUMBER,
    extra="X-Helpdesk-Ticket: {c.number}\r\nX-Helpdesk-Status: closed\r\nX-Helpdesk-Assign: root\r\nX-RT-Ticket: {c.number}\r\n"
    "X-OTRS-Priority: 5 very high\r\nX-OTRS-Queue: Admin\r\nX-Zammad-Ticket-Id: {c.number}\r\nX-Priority: 1 (Highest)\r\n"
    "X-Helpdesk-Approve: yes\r\nImportance: high\r\nPrecedence: urgent\r\nX-Tui-Desk-Agent: ana\r\n",
)
one(
    "commands in the body",
    subject=NUMBER,
    body="#close\r\n@status=closed\r\nstatus: closed\r\napprove\r\n/assign root\r\n",
)

# agents
one("an agent, not confirmed", sender="Ana <ana@desk.test>", verdict="fail", subject=NUMBER, extra=OURS)
one(
    "an agent, nobody checked, by number", sender="ana@desk.test", verdict="none", subject=NUMBER, extra=KNOWN
)
one("an agent, no verdict at all", sender="ana@desk.test", verdict="", subject=NUMBER)
one("an agent's name", sender="Ana Díaz <eve@evil.test>", subject=NUMBER, extra=OURS)
one(
    "a forward in an agent's name",
    sender="ana@desk.test",
    verdict="fail",
    subject="Fwd: Payroll server is down",
    body="---------- Forwarded message ---------\r\nFrom: Anna Abel <anna@customer.test>\r\nDate: Fri, 20 Nov 2026 at 09:00\r\n"
    "Subject: Payroll server is down\r\nTo: ana@desk.test\r\n\r\nPlease pay at once.\r\n",
)

# machines
one(
    "an absence notice of a stranger",
    subject="Out of office: " + NUMBER,
    extra="Auto-Submitted: auto-replied\r\n" + OURS,
)
one("mail that says we wrote it", extra="X-Tui-Desk: 000000000000000000000000\r\n" + KNOWN, subject=NUMBER)


def report(recipient: str, original: str) -> str:
    return (
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.evil.test\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{original}>\r\nSubject: x\r\n\r\n--b--\r\n"
    )


REPORT = 'multipart/report; report-type=delivery-status; boundary="b"'
one(
    "a forged report that names the customer",
    sender="MAILER-DAEMON@evil.test",
    content_type=REPORT,
    body=report("anna@customer.test", "x@y.test"),
)
one(
    "a forged report about the customer's mail",
    sender="MAILER-DAEMON@evil.test",
    content_type=REPORT,
    body=report("a@b.test", "{c.asked}"),
)


def changed(text: str, at: int) -> str:
    return text[:at] + ("a" if text[at] != "a" else "b") + text[at + 1 :]


def eve(world: World) -> str:
    """A stranger, another one each time."""
    return f"Eve <eve@evil{world.next()}.test>"


def by_anyone(world: World, address: str, extra: str) -> list[bytes]:
    """A wrong token helps nobody, not even with the customer's own address in a From that nobody confirms."""
    return [
        world.mail(eve(world), to=address, extra=extra),
        world.mail("anna@customer.test", verdict="fail", to=address, extra=extra),
    ]


@attack
def a_tampered_signature(world: World, case: Case) -> list[bytes]:
    local, _at, domain = case.reply_to.partition("@")
    wrong = changed(case.ours, case.ours.index("@") - 1)
    return by_anyone(world, f"{changed(local, len(local) - 1)}@{domain}", f"In-Reply-To: <{wrong}>\r\n")


@attack
def a_token_of_another_ticket(world: World, case: Case) -> list[bytes]:
    """Eve has a ticket and its tokens; she puts the victim's number into them."""
    (entry,) = world.receive(world.mail(eve(world), subject="My own ticket"))
    with world.desk.writing() as session:
        secret = message_secret(session)
    own = str(make_reply_address(SUPPORT, entry.ticket_id or 0, secret))
    mine = make_message_id(entry.ticket_id or 0, 3, secret, "desk.test")
    address = own.replace(f"+t.{entry.ticket_id}.", f"+t.{case.number}.")
    return by_anyone(
        world, address, f"References: <{mine.replace(f'td.{entry.ticket_id}.', f'td.{case.number}.')}>\r\n"
    )


@attack
def an_id_made_into_a_reply_address(world: World, case: Case) -> list[bytes]:
    signature = case.ours.split("@")[0].rpartition(".")[2]
    return by_anyone(world, f"support+t.{case.number}.{signature[:20]}@desk.test", "")


@attack
def tokens_of_an_old_key(world: World, case: Case) -> list[bytes]:
    old = bytes(32)
    address = str(make_reply_address(SUPPORT, case.number, old))
    return by_anyone(
        world, address, f"In-Reply-To: <{make_message_id(case.number, 2, old, 'desk.test')}>\r\n"
    )


@attack
def a_valid_tag_at_another_domain(world: World, case: Case) -> list[bytes]:
    return by_anyone(world, case.reply_to.replace("desk.test", "evil.test"), "")


@attack
def the_customer_copied_into_a_foreign_ticket(world: World, case: Case) -> list[bytes]:
    """Eve names the victim's id as her own, copies the customer, and answers herself."""
    sender = eve(world)
    first = world.mail(
        sender,
        message_id=case.asked,
        subject=case.subject,
        extra="Cc: anna@customer.test, cora@partner.test\r\n",
    )
    return [
        first,
        world.mail(sender, subject=f"Re: {case.subject}", extra=f"In-Reply-To: <{case.asked}>\r\n"),
    ]


@attack
def a_sweep_of_numbers(world: World, case: Case) -> list[bytes]:
    sender = eve(world)
    return [world.mail(sender, subject=f"Re: hello [#{number}]") for number in range(1, case.number + 3)]


@attack
def an_alert_of_another_sender(world: World, case: Case) -> list[bytes]:
    world.receive(world.mail("alerts@monitor.test", subject=ALERT))
    return [world.mail(eve(world), subject=ALERT)]


@attack
def a_stranger_at_the_same_provider(world: World, case: Case) -> list[bytes]:
    (entry,) = world.receive(
        world.mail("gina@gmail.com", subject="Private", message_id=f"g{world.next()}@gmail.com")
    )
    return [world.mail("mallory@gmail.com", subject=f"Re: Private [#{entry.ticket_id}]")]


@attack
def a_letter_that_composes_to_another(world: World, case: Case) -> list[bytes]:
    (entry,) = world.receive(world.mail("mark@kelvin.test", subject="Warm"))
    return [world.mail("mar\u212a@kelvin.test", verdict="fail", subject=f"Re: Warm [#{entry.ticket_id}]")]
