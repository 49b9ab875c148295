"""SMTP: what became of a mail is known exactly, per recipient, whatever the server does; no secret goes out in clear."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.support.dovecot import Dovecot
from tests.support.ports import refusing_port, wait_until
from tests.support.postfix import Postfix
from tests.support.smtp_sink import Cut, SmtpSink
from tests.support.tls import Certificates
from tui_desk.core.errors import UsageError
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.smtp import Outcome, Phase, open_smtp
from tui_desk.mail.smtp_values import envelope_address, wire_bytes

SECRET = "s3cret-passw0rd"
LOGIN = Credentials("support@desk.test", SECRET)
RAW = b"From: support@desk.test\r\nSubject: hi\r\n\r\nHello.\r\n"
FROM = "support@desk.test"


@pytest.fixture(autouse=True, params=["together", "one by one"])
def pipelining(request: pytest.FixtureRequest, smtp_sink: SmtpSink) -> bool:
    """Every test with a server that takes commands together (RFC 2920) and with one that does not."""
    together = bool(request.param == "together")
    if not together:
        smtp_sink.plan.extensions = tuple(each for each in smtp_sink.plan.extensions if each != "PIPELINING")
    return together


def clear(server: SmtpSink) -> ServerAddress:
    return ServerAddress("localhost", server.port, Security.NONE)


def nothing_secret_in(data: bytes) -> bool:
    encoded = base64.b64encode(f"\0{LOGIN.user}\0{SECRET}".encode())
    return (
        SECRET.encode() not in data
        and encoded not in data
        and b"AUTH" not in data
        and b"MAIL FROM" not in data
    )


def outcomes(sink: SmtpSink, *recipients: str, dot_timeout: float = 60) -> tuple[Phase, list[Outcome]]:
    with open_smtp(clear(sink), None, dot_timeout=dot_timeout) as sender:
        result = sender.send(RAW, FROM, recipients)
    return result.phase, [each.outcome for each in result.recipients]


def test_every_recipient_has_its_own_fate(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.replies = {
        "gone@x.test": "550 5.1.1 no such user \x1b[2J",
        "busy@x.test": "451 4.3.0 try later",
        "odd@x.test": "299 fine",
    }
    asked: list[Sequence[str]] = []
    everyone = ["a@x.test", "gone@x.test", "b@x.test", "busy@x.test", "odd@x.test"]
    with open_smtp(clear(smtp_sink), None) as sender:
        result = sender.send(RAW, FROM, everyone, asked.append)
    assert [each.address for each in result.recipients] == everyone
    assert result.phase is Phase.DONE
    assert result.outcome("a@x.test") is result.outcome("b@x.test") is Outcome.ACCEPTED
    gone, busy = result.recipients[1], result.recipients[3]
    assert (gone.outcome, gone.code, gone.enhanced) == (Outcome.REFUSED, 550, "5.1.1")
    assert (busy.outcome, busy.code, busy.enhanced) == (Outcome.DEFERRED, 451, "4.3.0")
    assert "\x1b" not in gone.text
    assert asked == [("a@x.test", "b@x.test", "odd@x.test")]
    assert smtp_sink.mails[0].recipients == ("a@x.test", "b@x.test", "odd@x.test")


@pytest.mark.parametrize(
    ("cut", "phase", "outcome"),
    [
        (Cut.MAIL, Phase.MAIL, Outcome.DEFERRED),
        (Cut.RCPT, Phase.RCPT, Outcome.DEFERRED),
        (Cut.DATA_COMMAND, Phase.DATA, Outcome.DEFERRED),
        (Cut.AFTER_DOT, Phase.DOT, Outcome.UNKNOWN),
        (Cut.AFTER_DOT_LOST, Phase.DOT, Outcome.UNKNOWN),
    ],
)
def test_a_cut_says_what_is_known(smtp_sink: SmtpSink, cut: Cut, phase: Phase, outcome: Outcome) -> None:
    smtp_sink.plan.cut = cut
    assert outcomes(smtp_sink, "a@x.test", "b@x.test") == (phase, [outcome, outcome])


def test_a_cut_in_the_middle_of_a_big_mail_is_certainly_not_sent(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.cut = Cut.IN_BODY
    with open_smtp(clear(smtp_sink), None) as sender:
        result = sender.send(RAW + b"x" * 70 + b"\r\n" * 20_000_000, FROM, ["a@x.test"])
    assert (result.phase, result.recipients[0].outcome) == (Phase.BODY, Outcome.DEFERRED)
    assert smtp_sink.mails == []


def test_refused_recipients_stay_refused_when_the_rest_is_unknown(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.replies = {"gone@x.test": "550 5.1.1 gone", "busy@x.test": "451 4.3.0 later"}
    smtp_sink.plan.cut = Cut.AFTER_DOT
    assert outcomes(smtp_sink, "a@x.test", "gone@x.test", "busy@x.test") == (
        Phase.DOT,
        [Outcome.UNKNOWN, Outcome.REFUSED, Outcome.DEFERRED],
    )


def test_silence_after_the_dot_is_unknown(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.hang_after_dot = 60
    assert outcomes(smtp_sink, "a@x.test", dot_timeout=0.3) == (Phase.DOT, [Outcome.UNKNOWN])


@pytest.mark.parametrize(
    ("field", "reply", "outcome"),
    [
        ("mail_reply", "452 4.3.1 full", Outcome.DEFERRED),
        ("mail_reply", "550 5.7.1 not you", Outcome.REFUSED),
        ("mail_reply", "421 4.3.2 closing", Outcome.DEFERRED),
        ("data_reply", "451 4.3.0 not now", Outcome.DEFERRED),
        ("data_reply", "554 5.5.1 no", Outcome.REFUSED),
        ("data_reply", "250 what?", Outcome.DEFERRED),
        ("final_reply", "451 4.3.0 spam filter is down", Outcome.DEFERRED),
        ("final_reply", "552 5.3.4 too big", Outcome.REFUSED),
        ("final_reply", "garbage \x07", Outcome.UNKNOWN),
        ("final_reply", "354 more", Outcome.UNKNOWN),
        ("mail_reply", "garbage", Outcome.DEFERRED),
    ],
)
def test_every_answer_has_one_meaning(smtp_sink: SmtpSink, field: str, reply: str, outcome: Outcome) -> None:
    setattr(smtp_sink.plan, field, reply)
    assert outcomes(smtp_sink, "a@x.test")[1] == [outcome]
    assert smtp_sink.mails == []


def test_all_recipients_refused_sends_nothing(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.replies = {"a@x.test": "550 no"}
    with open_smtp(clear(smtp_sink), None) as sender:
        result = sender.send(
            RAW, FROM, ["a@x.test"], lambda _accepted: pytest.fail("DATA was about to be said")
        )
        assert result.recipients[0].outcome is Outcome.REFUSED
        assert sender.send(RAW, FROM, ["b@x.test"]).outcome("b@x.test") is Outcome.ACCEPTED
    assert len(smtp_sink.mails) == 1
    assert smtp_sink.wire.count(RAW) == 1


def test_when_the_record_fails_nothing_is_sent(smtp_sink: SmtpSink) -> None:
    def fenced(_accepted: Sequence[str]) -> None:
        raise RuntimeError("the lease is gone")

    with open_smtp(clear(smtp_sink), None) as sender:
        with pytest.raises(RuntimeError):
            sender.send(RAW, FROM, ["a@x.test"], fenced)
        assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
    assert len(smtp_sink.mails) == 1
    assert smtp_sink.wire.count(RAW) == 1, "no byte of the mail left before it was on record"


def test_when_the_claim_is_lost_in_the_body_nothing_is_sent(smtp_sink: SmtpSink) -> None:
    def lost() -> None:
        raise RuntimeError("the claim is gone")

    with open_smtp(clear(smtp_sink), None) as sender, pytest.raises(RuntimeError):
        sender.send(RAW, FROM, ["a@x.test"], None, lost)
    assert b"DATA\r\n" in smtp_sink.wire
    assert not smtp_sink.mails


def test_one_connection_carries_many_mails_and_survives_a_restart(smtp_sink: SmtpSink) -> None:
    with open_smtp(clear(smtp_sink), None) as sender:
        for _each in range(5):
            assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
        assert smtp_sink.connections == 1
        smtp_sink.drop_connections()
        assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
    assert len(smtp_sink.mails) == 6


def test_commands_go_together_where_the_server_takes_them(smtp_sink: SmtpSink, pipelining: bool) -> None:
    with open_smtp(clear(smtp_sink), None) as sender:
        for _each in range(3):
            sender.send(RAW, FROM, [f"r{number}@x.test" for number in range(50)])
    assert len(smtp_sink.mails) == 3
    assert (smtp_sink.turns < 20) is pipelining, smtp_sink.turns


def test_an_answer_nobody_asked_for_is_not_taken_for_the_next_one(smtp_sink: SmtpSink) -> None:
    with open_smtp(clear(smtp_sink), None) as sender:
        smtp_sink.plan.final_reply = "250 2.0.0 Ok\r\n250 2.0.0 once more"
        assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
        smtp_sink.plan.final_reply = "554 5.7.1 spam"
        assert sender.send(RAW, FROM, ["b@x.test"]).outcome("b@x.test") is Outcome.REFUSED
    assert smtp_sink.connections == 2


def test_a_server_that_takes_a_mail_to_nobody_gets_none(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.replies = {"a@x.test": "550 5.1.1 no"}
    smtp_sink.plan.goes_on_without_recipients = True
    with open_smtp(clear(smtp_sink), None) as sender:
        assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.REFUSED
        assert sender.send(RAW, FROM, ["b@x.test"]).outcome("b@x.test") is Outcome.ACCEPTED
    assert [mail.recipients for mail in smtp_sink.mails] == [("b@x.test",)]


def test_reports_are_asked_for_by_the_message_id(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    with open_smtp(clear(smtp_sink), None) as sender:
        sender.send(RAW, FROM, ["a+tag=x@x.test"], envelope_id="td.1.2.abc@desk.test")
        sender.send(RAW, FROM, ["b@x.test"], envelope_id="long" * 100)
        sender.send(RAW, FROM, ["c@x.test"])
    sent = bytes(smtp_sink.wire)
    assert b"RET=HDRS ENVID=td.1.2.abc@desk.test\r\n" in sent
    assert b"RCPT TO:<a+tag=x@x.test> NOTIFY=FAILURE,DELAY ORCPT=rfc822;a+2Btag+3Dx@x.test\r\n" in sent
    assert sent.count(b"ENVID") == 1
    assert sent.count(b"NOTIFY") == 2


def test_a_server_that_offers_reports_and_refuses_them_gets_the_mail(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    smtp_sink.plan.dsn_reply = "555 5.5.4 unsupported parameters"
    with open_smtp(clear(smtp_sink), None) as sender:
        for name in ("a", "b"):
            result = sender.send(RAW, FROM, [f"{name}@x.test"], envelope_id="td.1.2.abc@desk.test")
            assert result.recipients[0].outcome is Outcome.ACCEPTED
    assert len(smtp_sink.mails) == 2
    assert smtp_sink.wire.count(b"ENVID") == 1


@pytest.mark.parametrize("reply", ["501 5.5.4 what is NOTIFY?", "501 syntax", "504 no", "555 no"])
def test_one_recipient_whose_report_is_refused_stops_nobody(
    smtp_sink: SmtpSink, pipelining: bool, reply: str
) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    smtp_sink.plan.dsn_replies = {"b@x.test": reply}
    smtp_sink.plan.replies = {"gone@x.test": "550 5.1.1 no such user"}
    noted: list[Sequence[str]] = []
    everybody = ["a@x.test", "b@x.test", "gone@x.test", "c@x.test"]
    with open_smtp(clear(smtp_sink), None) as sender:
        for _each in range(3):
            result = sender.send(RAW, FROM, everybody, noted.append, envelope_id="td.1.2.abc@desk.test")
            outcomes = [each.outcome for each in result.recipients]
            assert outcomes == [Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.REFUSED, Outcome.ACCEPTED]
    assert [mail.recipients for mail in smtp_sink.mails] == [("a@x.test", "b@x.test", "c@x.test")] * 3
    assert noted == [("a@x.test", "b@x.test", "c@x.test")] * 3, "only what was really sent is on record"
    assert smtp_sink.wire.count(b"ENVID") == 1, "the server is not asked again"
    assert smtp_sink.connections == (2 if pipelining else 1), "a mail to some of them may not be begun"


@pytest.mark.parametrize("reply", ["501 bad address syntax", "501 5.5.4 bad address", "555 syntax error"])
def test_a_malformed_address_is_refused_alone_and_reports_are_asked_for_as_before(
    smtp_sink: SmtpSink, pipelining: bool, reply: str
) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    smtp_sink.plan.replies = {"bad@x.test": reply}
    with open_smtp(clear(smtp_sink), None) as sender:
        for people in (["a@x.test", "bad@x.test", "b@x.test"], ["bad@x.test"]):
            result = sender.send(RAW, FROM, people, envelope_id="td.1.2.abc@desk.test")
            refused = [each.address for each in result.recipients if each.outcome is Outcome.REFUSED]
            assert refused == ["bad@x.test"]
            assert result.recipients[people.index("bad@x.test")].code == int(reply[:3])
        smtp_sink.wire.clear()
        sender.send(RAW, FROM, ["c@x.test"], envelope_id="td.1.3.abc@desk.test")
    assert b"ENVID=td.1.3.abc@desk.test" in smtp_sink.wire
    assert [mail.recipients for mail in smtp_sink.mails] == [("a@x.test", "b@x.test"), ("c@x.test",)]


def test_a_malformed_sender_turns_no_reports_off(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    smtp_sink.plan.mail_reply = "501 bad sender"
    with open_smtp(clear(smtp_sink), None) as sender:
        result = sender.send(RAW, FROM, ["a@x.test"], envelope_id="td.1.2.abc@desk.test")
        assert result.recipients[0].outcome is Outcome.REFUSED
        smtp_sink.plan.mail_reply = "250 2.1.0 Ok"
        smtp_sink.wire.clear()
        sender.send(RAW, FROM, ["a@x.test"], envelope_id="td.1.3.abc@desk.test")
    assert b"ENVID=td.1.3.abc@desk.test" in smtp_sink.wire


def test_what_a_server_does_not_take_is_remembered_beyond_the_connection(smtp_sink: SmtpSink) -> None:
    smtp_sink.plan.extensions += ("DSN",)
    smtp_sink.plan.dsn_reply = "555 5.5.4 unsupported parameters"
    with open_smtp(clear(smtp_sink), None) as sender:
        for _each in range(2):
            result = sender.send(RAW, FROM, ["a@x.test"], envelope_id="td.1.2.abc@desk.test")
            assert result.recipients[0].outcome is Outcome.ACCEPTED
            smtp_sink.drop_connections()
    assert smtp_sink.connections == 2
    assert smtp_sink.wire.count(b"ENVID") == 1


@pytest.mark.parametrize(
    ("kind", "cause"),
    [("self_signed", Cause.SELF_SIGNED), ("expired", Cause.EXPIRED), ("wrong_name", Cause.WRONG_NAME)],
)
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_bad_certificate_is_refused_before_any_secret(
    certificates: Certificates, kind: str, cause: Cause, security: Security
) -> None:
    with SmtpSink(getattr(certificates, kind), implicit_tls=security is Security.TLS) as sink:
        sink.plan.users = {LOGIN.user: SECRET}
        sink.plan.auth_in_clear = True
        address = ServerAddress("localhost", sink.port, security, ca_file=str(certificates.ca_file))
        with pytest.raises(MailServerError) as caught, open_smtp(address, LOGIN):
            pass
        assert caught.value.cause is cause
        assert nothing_secret_in(bytes(sink.wire + sink.inner))


@pytest.mark.parametrize("lie", ["stripped", "454 no", "500 what", "220 but no tls"])
def test_without_starttls_nothing_is_said(smtp_sink: SmtpSink, certificates: Certificates, lie: str) -> None:
    smtp_sink.plan.users = {LOGIN.user: SECRET}
    smtp_sink.plan.auth_in_clear = True
    if lie == "stripped":
        smtp_sink.plan.offer_starttls = False
    elif lie.startswith("220"):
        smtp_sink.plan.starttls_injection = b"250 AUTH PLAIN\r\n235 welcome\r\n" * 100
    else:
        smtp_sink.plan.starttls_reply = lie
    address = ServerAddress("localhost", smtp_sink.port, Security.STARTTLS, ca_file=str(certificates.ca_file))
    try:
        with open_smtp(address, LOGIN, timeout=60):
            pass
    except MailServerError as error:
        cause = error.cause
    else:
        assert lie.startswith("220")  # what was injected was thrown away, the login went through TLS
        cause = Cause.TLS
    assert nothing_secret_in(bytes(smtp_sink.wire))
    if lie == "stripped":
        assert cause is Cause.STARTTLS_MISSING


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_login_through_tls_and_its_refusal(certificates: Certificates, security: Security) -> None:
    with SmtpSink(certificates.good, implicit_tls=security is Security.TLS) as sink:
        sink.plan.users = {LOGIN.user: SECRET}
        address = ServerAddress("localhost", sink.port, security, ca_file=str(certificates.ca_file))
        with open_smtp(address, LOGIN) as sender:
            assert sender.send(RAW, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
        assert sink.mails[0].user == LOGIN.user
        assert nothing_secret_in(bytes(sink.wire))
        sink.inner.clear()
        with (
            pytest.raises(MailServerError) as caught,
            open_smtp(address, Credentials(LOGIN.user, "wr0ng-one")),
        ):
            pass
        assert caught.value.cause is Cause.LOGIN
        assert "wr0ng-one" not in str(caught.value)
        assert sink.inner.count(b"AUTH ") == 1  # one attempt, not one per mechanism
    with (
        SmtpSink(certificates.good) as sink,
        pytest.raises(MailServerError) as caught,
        open_smtp(clear(sink), LOGIN),
    ):
        pass
    assert caught.value.cause is Cause.AUTH_MISSING


def test_nobody_listening_is_told_plainly() -> None:
    with (
        refusing_port() as port,
        pytest.raises(MailServerError) as caught,
        open_smtp(ServerAddress("localhost", port, Security.NONE), None),
    ):
        pass
    assert caught.value.cause is Cause.REFUSED


SMUGGLED = [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r.\r\n", b"\r\n.\r", b"\r\n.\n", b"\r\n.\r\n", b"\r\n\0.\r\n"]


@pytest.mark.parametrize("ending", SMUGGLED)
def test_no_smuggling_sequence_leaves(smtp_sink: SmtpSink, ending: bytes) -> None:
    evil = RAW + b"x" + ending + b"MAIL FROM:<ceo@x.test>\r\nRCPT TO:<b@x.test>\r\nDATA\r\nforged" + ending
    with open_smtp(clear(smtp_sink), None) as sender:
        assert sender.send(evil, FROM, ["a@x.test"]).outcome("a@x.test") is Outcome.ACCEPTED
    assert len(smtp_sink.mails) == 1
    assert b"forged" in smtp_sink.mails[0].data
    sent = bytes(smtp_sink.wire).partition(b"DATA\r\n")[2].rpartition(b"\r\n.\r\n")[0]
    assert not any(sequence in sent for sequence in SMUGGLED)


@given(
    st.lists(st.sampled_from([b".", b"\r", b"\n", b"\r\n", b"..", b"\0", b"a"]), max_size=30).map(b"".join)
)
@example(b"")
@example(b".")
def test_wire_bytes_hold_only_whole_lines_and_no_end(raw: bytes) -> None:
    wire = wire_bytes(raw)
    assert wire.endswith(b"\r\n")
    assert wire.count(b"\r") == wire.count(b"\n") == wire.count(b"\r\n")
    assert b"\0" not in wire
    lines = wire.split(b"\r\n")
    assert b"." not in lines
    assert all(line.startswith(b"..") for line in lines if line.startswith(b"."))
    undone = b"\r\n".join(line[1:] if line.startswith(b".") else line for line in lines)
    plain = raw.replace(b"\0", b"").replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    assert undone in (plain, plain + b"\r\n")


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.test",
        "a@b.test>\r\nRCPT TO:<x@y.test",
        "a@b.test\n",
        "<a@b.test>",
        "a@b@c",
        "a\0@b.test",
    ],
)
def test_envelope_addresses_cannot_end_a_command(smtp_sink: SmtpSink, bad: str) -> None:
    with pytest.raises(UsageError):
        envelope_address(bad)
    with open_smtp(clear(smtp_sink), None) as sender, pytest.raises(UsageError):
        sender.send(RAW, FROM, ["a@x.test", bad])
    assert b"MAIL" not in smtp_sink.wire


def test_international_addresses(smtp_sink: SmtpSink) -> None:
    with open_smtp(clear(smtp_sink), None) as sender:
        result = sender.send(RAW, FROM, ["info@münchen.test", "жук@x.test"])
    assert result.outcome("info@münchen.test") is Outcome.ACCEPTED
    assert result.outcome("жук@x.test") is Outcome.REFUSED
    assert smtp_sink.mails[0].recipients == ("info@xn--mnchen-3ya.test",)
    smtp_sink.plan.extensions += ("SMTPUTF8",)
    with open_smtp(clear(smtp_sink), None) as sender:
        assert sender.send(RAW, FROM, ["жук@x.test"]).outcome("жук@x.test") is Outcome.ACCEPTED
    assert "SMTPUTF8" in smtp_sink.mails[1].parameters


def test_eight_of_a_hundred_answers_swallowed_is_told_exactly(smtp_sink: SmtpSink) -> None:
    count = itertools.count(1)
    smtp_sink.plan.next_cut = lambda: Cut.AFTER_DOT if next(count) % 12 == 0 else None
    known: dict[Outcome, int] = dict.fromkeys(Outcome, 0)
    with open_smtp(clear(smtp_sink), None) as sender:
        for number in range(60):
            known[sender.send(RAW, FROM, [f"n{number}@x.test"]).recipients[0].outcome] += 1
    assert known[Outcome.ACCEPTED] + known[Outcome.UNKNOWN] == 60
    assert known[Outcome.UNKNOWN] > 0
    assert len(smtp_sink.mails) == 60


@pytest.fixture
def submission(postfix: Postfix) -> ServerAddress:
    return ServerAddress("localhost", postfix.smtp_port, Security.STARTTLS, ca_file=str(postfix.ca_file))


@pytest.mark.postfix
@pytest.mark.dovecot
def test_a_real_server_takes_refuses_and_delivers(
    submission: ServerAddress, postfix: Postfix, dovecot: Dovecot
) -> None:
    password = Credentials(FROM, dovecot.users[FROM])
    with open_smtp(submission, password) as sender:
        result = sender.send(RAW + b".\r\n..dots\r\n", FROM, ["anna@customer.test", "nobody@customer.test"])
        assert result.outcome("anna@customer.test") is Outcome.ACCEPTED
        assert result.outcome("nobody@customer.test") is Outcome.REFUSED
    wait_until(lambda: len(dovecot.messages("anna@customer.test")) == 1, what=postfix.log())
    assert dovecot.messages("anna@customer.test")[0].endswith(b"Hello.\n.\n..dots\n")
    tls = ServerAddress("127.0.0.1", postfix.smtps_port, ca_file=str(postfix.ca_file))
    with pytest.raises(MailServerError) as caught, open_smtp(tls, Credentials(FROM, "wrong")):
        pass
    assert caught.value.cause is Cause.LOGIN
