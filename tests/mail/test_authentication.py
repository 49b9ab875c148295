"""Authentication-Results: what is read, whom is believed, and what strangers try."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.mail.authentication import trace_of, trusted_results, verdict_of
from tui_desk.mail.authentication_results import MAX_FIELD, AuthenticationResults, parse_results
from tui_desk.mail.headers import split_header

OURS = "mx.desk.example"
TRUSTED = frozenset({OURS})
BORDER = "from mail.sender.example (mail.sender.example [192.0.2.7]) by mx.desk.example with ESMTPS id 1"
INNER = "from mx.desk.example by imap.desk.example with LMTP id 2"
THEIRS = "from laptop by mail.sender.example with ESMTPSA id 3"


def judged(
    *fields: tuple[str, str], sender: str = "sender.example", trusted: frozenset[str] = TRUSTED
) -> str:
    names = {"R": "received", "A": "authentication-results"}
    return verdict_of([(names[name], value) for name, value in fields], [sender], trusted).result


def test_a_field_is_read_whole() -> None:
    found = parse_results(
        'mx.Desk.example 1; spf=pass (mx: "designates" (192.0.2.7)) smtp.mailfrom=ana@sender.example;\r\n'
        '\tdkim=fail reason="bad; signature" header.d=sender.example header.s=sel header.b=Ab/c+d==;'
        ' dmarc=none header.from=sender.example'
    )  # fmt: skip
    assert found is not None
    assert found.authserv_id == OURS
    assert [(one.method, one.result) for one in found.results] == [("spf", "pass"), ("dkim", "fail"), ("dmarc", "none")]  # fmt: skip
    spf, dkim, dmarc = found.results
    assert spf.value("smtp.mailfrom") == "ana@sender.example"
    assert dkim.reason == "bad; signature"
    assert dkim.value("header.b") == "Ab/c+d=="
    assert dmarc.value("header.d", "header.from") == "sender.example"
    assert dmarc.value("header.d") == ""


@pytest.mark.parametrize(
    ("value", "methods"),
    [
        ("mx.desk.example; none", []),
        ("mx.desk.example (comment); none", []),
        ("mx.desk.example", []),
        ("mx.desk.example;", []),
        ("mx.desk.example 1 ; spf = pass", ["spf"]),
        ("mx.desk.example; dkim/1=pass header.i=@a.example", ["dkim"]),
        ("mx.desk.example; SPF=PASS smtp.mailfrom=a@b.example", ["spf"]),
        ('"mx.desk.example"; spf=pass', ["spf"]),
        ("mx.desk.example; spf=pass smtp.mailfrom=\"a;b\"@c.example; dkim=none", ["spf", "dkim"]),
        ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.example; dmarc=pass action=none header.from=a.example;compauth=pass reason=100", ["spf", "dmarc", "compauth"]),
        ("mx.desk.example; dkim=pass header.d=a.example; dkim=fail header.d=b.example", ["dkim", "dkim"]),
        ("mx.desk.example; auth=pass smtp.auth=ana; iprev=pass policy.iprev=192.0.2.1", ["auth", "iprev"]),
        ("mx.desk.example; spf=pass reason=good smtp.mailfrom=a@b.example (c (d) \\) e)", ["spf"]),
    ],
)  # fmt: skip
def test_forms_of_the_field(value: str, methods: list[str]) -> None:
    found = parse_results(value)
    assert found is not None
    assert [one.method for one in found.results] == methods


@pytest.mark.parametrize(
    "value",
    [
        "",
        ";",
        "mx.desk.example 2; spf=pass",
        "mx.desk.example; spf/2=pass",
        "mx.desk.example; spf=pass (never closed",
        "mx.desk.example; spf=pass) x",
        'mx.desk.example; spf=pass smtp.mailfrom="never closed',
        "mx.desk.example; spf=pass@evil.example",
        "mx.desk.example; spf",
        "mx.desk.example; =pass",
        "mx.desk.example spf=pass; dkim=pass",
        "mx.desk.example; spf=pass loose words",
        "mx.desk.example; " + "(" * 30 + ")" * 30,
        "mx.desk.example; spf=pass " + "a.b=c " * 60,
        "mx.desk.example; " + "x" * MAX_FIELD,
    ],
)
def test_what_is_not_well_formed_is_not_believed(value: str) -> None:
    assert parse_results(value) is None


PASS = f"{OURS}; dmarc=pass header.from=sender.example"
FAIL = f"{OURS}; dmarc=fail (p=reject) header.from=sender.example"


@pytest.mark.parametrize(
    ("results", "verdict"),
    [
        ("dmarc=pass header.from=sender.example", "pass"),
        ("dmarc=pass (p=none) header.from=SENDER.example", "pass"),
        ("dmarc=bestguesspass header.from=sender.example", "pass"),
        ("dmarc=pass", "pass"),
        ("dmarc=fail header.from=sender.example", "fail"),
        ("dmarc=permerror header.from=sender.example", "fail"),
        ("dmarc=pass header.from=other.example", "none"),
        ("dmarc=fail header.from=sender.example; dmarc=pass header.from=sender.example", "fail"),
        ("dmarc=none header.from=sender.example; dkim=pass header.d=sender.example", "pass"),
        ("dkim=pass header.d=mail.sender.example", "pass"),
        ("dkim=pass header.i=@sender.example", "pass"),
        ("dkim=pass header.i=ana@sender.example", "pass"),
        ("dkim=fail header.d=sender.example; dkim=pass header.d=sender.example", "pass"),
        ("dkim=pass header.d=evil.example", "none"),
        ("dkim=pass header.d=notsender.example", "none"),
        ("dkim=pass header.d=example", "none"),
        ("dkim=pass", "none"),
        ("spf=pass smtp.mailfrom=bounce@sender.example", "pass"),
        ("spf=pass smtp.mailfrom=sender.example", "pass"),
        ("spf=pass smtp.mailfrom=evil.example", "none"),
        ("spf=pass smtp.helo=sender.example", "none"),
        ("spf=fail smtp.mailfrom=sender.example; dkim=none", "fail"),
        ("spf=softfail smtp.mailfrom=sender.example; dkim=fail header.d=sender.example", "fail"),
        ("spf=neutral; dkim=none", "none"),
        ("spf=fail smtp.mailfrom=sender.example; dkim=pass header.d=list.example", "none"),
        ("dmarc=temperror header.from=sender.example; spf=temperror", "none"),
        ("arc=pass; dmarc=fail header.from=sender.example", "fail"),
        ("arc=pass smtp.remote-ip=192.0.2.1", "none"),
        ("none", "none"),
        ("spf=none; x-own=pass header.from=sender.example", "none"),
    ],
)
def test_verdicts(results: str, verdict: str) -> None:
    assert judged(("A", f"{OURS}; {results}"), ("R", BORDER)) == verdict
    assert judged(("R", BORDER), ("A", f"{OURS}; {results}"), ("R", THEIRS)) == verdict


@pytest.mark.parametrize(
    ("identity", "sender", "verdict"),
    [
        ("co.uk", "bank.co.uk", "none"),
        ("com.au", "bank.com.au", "none"),
        ("bank.co.uk", "mail.bank.co.uk", "pass"),
        ("onmicrosoft.com", "firm.onmicrosoft.com", "none"),
        ("bücher.example", "xn--bcher-kva.example", "pass"),
        ("sender.example.", "Sender.Example", "pass"),
        ("sender.example.evil.example", "sender.example", "none"),
    ],
)
def test_alignment(identity: str, sender: str, verdict: str) -> None:
    assert judged(("A", f"{OURS}; dkim=pass header.d={identity}"), sender=sender) == verdict


@pytest.mark.parametrize(
    ("name", "fields", "verdict"),
    [
        ("no field at all", [("R", BORDER), ("R", THEIRS)], "unverified"),
        ("only the sender's own server", [("R", BORDER), ("A", "mail.sender.example; dmarc=pass"), ("R", THEIRS)], "unverified"),
        ("our name below the sender's Received", [("R", BORDER), ("R", THEIRS), ("A", PASS)], "unverified"),
        ("ours fails, a forged pass below", [("R", BORDER), ("A", FAIL), ("A", PASS), ("R", THEIRS)], "fail"),
        ("ours above the border, a forged pass below it", [("A", FAIL), ("R", BORDER), ("A", PASS), ("R", THEIRS)], "fail"),
        ("ours found nothing, a forged pass below", [("R", BORDER), ("A", f"{OURS}; spf=none"), ("A", PASS)], "none"),
        ("ours found nothing, forged Received of ours", [("A", f"{OURS}; none"), ("R", BORDER), ("R", BORDER), ("A", PASS)], "none"),
        ("two filters above the border", [("A", f"{OURS}; dkim=none"), ("A", PASS), ("R", BORDER)], "pass"),
        ("a filter's failure beside a pass", [("A", PASS), ("A", FAIL), ("R", BORDER)], "fail"),
        ("an inner hop above", [("R", INNER), ("A", PASS), ("R", BORDER), ("R", THEIRS)], "pass"),
        ("an inner hop, forged pass second", [("R", INNER), ("A", FAIL), ("A", PASS), ("R", BORDER)], "fail"),
        ("inner hop without a domain", [("R", "from mx by localhost with LMTP"), ("A", PASS), ("R", BORDER)], "pass"),
        ("inner hop with an address", [("R", "by 10.0.0.1 with SMTP id x"), ("A", PASS), ("R", BORDER)], "pass"),
        ("look-alike name", [("A", "mx.desk.example.evil.example; dmarc=pass"), ("R", BORDER)], "unverified"),
        ("look-alike name, prefix", [("A", "xmx.desk.example; dmarc=pass"), ("R", BORDER)], "unverified"),
        ("our name in a comment", [("A", "(mx.desk.example) evil.example; dmarc=pass"), ("R", BORDER)], "unverified"),
        ("our name in another place", [("A", "evil.example; dmarc=pass reason=mx.desk.example"), ("R", BORDER)], "unverified"),
        ("other case", [("A", PASS.replace("mx", "MX")), ("R", BORDER)], "pass"),
        ("folded", [("A", PASS.replace(" ", "\r\n\t")), ("R", BORDER)], "pass"),
        ("pass in a comment", [("A", f"{OURS}; spf=none (dmarc=pass header.from=sender.example)"), ("R", BORDER)], "none"),
        ("pass in a quoted address", [("A", f'{OURS}; spf=none smtp.mailfrom="x; dmarc=pass; y"@sender.example'), ("R", BORDER)], "none"),
        ("pass in an escaped quote", [("A", f'{OURS}; spf=none smtp.mailfrom="x\\"; dmarc=pass; \\""@sender.example'), ("R", BORDER)], "none"),
        ("comment that swallows the failure", [("A", f"{OURS}; spf=none (; dmarc=fail header.from=sender.example"), ("A", PASS), ("R", BORDER)], "unverified"),
        ("foreign by with our name in a comment", [("R", "from x by evil.example (by mx.desk.example)"), ("A", PASS)], "unverified"),
        ("foreign by, our name as from", [("R", "from mx.desk.example by evil.example"), ("A", PASS)], "unverified"),
        ("our domain as a subdomain of theirs", [("R", "from x by desk.example.evil.example"), ("A", PASS)], "unverified"),
        ("a Received without by", [("R", "from x"), ("A", PASS), ("R", BORDER)], "pass"),
    ],
)  # fmt: skip
def test_whom_is_believed(name: str, fields: list[tuple[str, str]], verdict: str) -> None:
    assert judged(*fields) == verdict


def test_nobody_is_trusted_unless_named() -> None:
    assert judged(("A", PASS), ("R", BORDER), trusted=frozenset()) == "unverified"
    assert judged(("A", "dmarc=pass header.from=sender.example"), ("R", BORDER)) == "unverified"


def test_gmail_and_microsoft() -> None:
    gmail = [
        ("R", "by 2002:a05:6402:1:b0:5c0:1 with SMTP id x; Mon, 19 Oct 2026 09:00:00 -0700 (PDT)"),
        ("R", "from mail.sender.example (mail.sender.example. [192.0.2.7]) by mx.google.com with ESMTPS id y for <desk@desk.example>"),
        ("A", "mx.google.com; dkim=pass header.i=@sender.example header.s=a header.b=x; spf=pass (google.com: domain of a@sender.example designates 192.0.2.7 as permitted sender) smtp.mailfrom=a@sender.example; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=sender.example"),
        ("R", THEIRS),
    ]  # fmt: skip
    assert judged(*gmail, trusted=frozenset({"mx.google.com"})) == "pass"
    microsoft = [
        ("R", "from AM6PR03MB1.eurprd03.prod.outlook.com (2603:10a6::14) by DB8PR03MB2.eurprd03.prod.outlook.com with HTTPS"),
        ("R", "from AM0PR02CA0.eurprd02.prod.outlook.com (2603:10a6::2) by AM6PR03MB1.eurprd03.prod.outlook.com (2603:10a6::14) with Microsoft SMTP Server"),
        ("A", "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=sender.example; dkim=pass (signature was verified) header.d=sender.example;dmarc=pass action=none header.from=sender.example;compauth=pass reason=100"),
        ("R", "from mail.sender.example (192.0.2.7) by AM5EUR03FT1.mail.protection.outlook.com (10.152.16.1) with Microsoft SMTP Server"),
    ]  # fmt: skip
    assert judged(*microsoft, trusted=frozenset({""})) == "pass"
    assert judged(*microsoft) == "unverified"


def test_several_or_no_senders_are_not_verified() -> None:
    trace = [("authentication-results", PASS)]
    assert verdict_of(trace, ["sender.example", "evil.example"], TRUSTED).result == "unverified"
    assert verdict_of(trace, [], TRUSTED).result == "unverified"
    assert verdict_of(trace, ["sender.example", "SENDER.example"], TRUSTED).result == "pass"


def test_hosts_of_another_domain_can_be_named() -> None:
    trace = [("received", "from mx by store.hosting.example with LMTP"), ("authentication-results", PASS)]
    assert verdict_of(trace, ["sender.example"], TRUSTED).result == "unverified"
    assert verdict_of(trace, ["sender.example"], TRUSTED, frozenset({"hosting.example"})).result == "pass"


def test_the_verdict_says_who_said_what() -> None:
    found = verdict_of([("authentication-results", PASS)], ["Sender.example"], TRUSTED)
    assert (found.domain, found.method, found.authserv_id) == ("sender.example", "dmarc", OURS)


def test_encoded_words_are_not_decoded() -> None:
    raw = (
        b"Received: from x by mx.desk.example\n"
        b"Authentication-Results: mx.desk.example; spf=none\n"
        b" smtp.mailfrom==?utf-8?q?x=3B_dmarc=3Dpass_header.from=3Dbank.example=3B?=@evil.example\n\n"
    )
    trace = trace_of(split_header(raw, 0, len(raw))[0])
    assert [name for name, _ in trace] == ["received", "authentication-results"]
    assert verdict_of(trace, ["bank.example"], TRUSTED).result == "none"


@given(st.text(max_size=300))
def test_anything_is_read_without_raising(value: str) -> None:
    for text in (value, f"{OURS}; {value}", f"{OURS}; spf=pass {value}"):
        found = parse_results(text)
        assert found is None or isinstance(found, AuthenticationResults)
    trusted_results([("received", value), ("authentication-results", value)], TRUSTED)


@given(st.lists(st.sampled_from([PASS, f"{OURS}; dkim=pass header.d=sender.example", "evil.example; dmarc=pass", BORDER, THEIRS])))  # fmt: skip
def test_nothing_below_our_failure_helps(below: list[str]) -> None:
    fields = [("R" if text.startswith("from") else "A", text) for text in below]
    assert judged(("R", BORDER), ("A", FAIL), *fields) == "fail"
    assert judged(("A", FAIL), ("R", BORDER), *fields) == "fail"


@given(
    st.sampled_from(["dmarc=pass header.from=sender.example", "dkim=pass header.d=sender.example", "dmarc=fail", "spf=none"]),
    st.sampled_from([" ", "\r\n\t", " (a comment) ", "\n (nested (comment) \\) x)\n "]),
    st.sampled_from([str.lower, str.upper, str.title]),
)  # fmt: skip
def test_folding_comments_and_case_change_nothing(results: str, blank: str, case: object) -> None:
    assert callable(case)
    plain = f"{OURS}; {results}"
    changed = case(plain).replace(" ", blank)
    assert judged(("A", changed), ("R", BORDER)) == judged(("A", plain), ("R", BORDER))


SOMEBODY = "from a.test by mx.elsewhere.example with ESMTPS id 9"


@pytest.mark.parametrize(
    ("name", "fields", "verdict"),
    [
        ("a failure stands second", [("R", INNER), ("A", f"{OURS}; spf=pass smtp.mailfrom=a@sender.example"), ("A", f"{OURS}; dmarc=fail header.from=sender.example")], "fail"),
        ("a failure stands third", [("R", INNER), ("A", f"{OURS}; bimi=none"), ("A", f"{OURS}; dkim=none"), ("A", f"{OURS}; dmarc=fail")], "fail"),
        ("a pass stands second, where the mail may begin", [("R", BORDER), ("A", f"{OURS}; spf=none"), ("A", f"{OURS}; dmarc=pass header.from=sender.example")], "none"),
        ("the same, above a forged line of ours", [("R", BORDER), ("A", f"{OURS}; spf=none"), ("A", f"{OURS}; dmarc=pass"), ("R", BORDER)], "none"),
        ("a forged pass does not outweigh", [("R", BORDER), ("A", f"{OURS}; dmarc=fail"), ("A", f"{OURS}; dmarc=pass")], "fail"),
        ("a failure below somebody else's line", [("R", INNER), ("A", f"{OURS}; spf=pass smtp.mailfrom=a@sender.example"), ("R", SOMEBODY), ("A", f"{OURS}; dmarc=fail")], "pass"),
        ("a failure below another field", [("R", INNER), ("A", f"{OURS}; spf=pass smtp.mailfrom=a@sender.example"), ("A", "mx.evil.example; dmarc=pass"), ("A", f"{OURS}; dmarc=fail")], "pass"),
        ("passes above all Received", [("A", f"{OURS}; spf=none"), ("A", f"{OURS}; dmarc=pass header.from=sender.example"), ("R", BORDER)], "pass"),
    ],
)  # fmt: skip
def test_several_fields_of_one_server(name: str, fields: list[tuple[str, str]], verdict: str) -> None:
    assert judged(*fields) == verdict, name


ICLOUD_INNER = "from p1.me.com by ms1.mac.com (Oracle Communications Messaging Server) with ESMTP id 1"
ICLOUD_BORDER = "from mail.sender.example by pv50p00im-smtpin1.me.com with ESMTPS id 2"


def icloud(dmarc: str, dkim: str = "none", spf: str = "none") -> list[tuple[str, str]]:
    return [
        ("A", "bimi.icloud.com; bimi=skipped"),
        ("A", f"dmarc.icloud.com; dmarc={dmarc} header.from=sender.example"),
        ("A", f"dkim-verifier.icloud.com; dkim={dkim} header.d=sender.example"),
        ("A", f"spf.icloud.com; spf={spf} smtp.mailfrom=a@sender.example"),
    ]


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        (icloud("pass"), "pass"),
        (icloud("fail", dkim="pass"), "fail"),
        (icloud("none", dkim="pass"), "pass"),
        (icloud("none", spf="fail"), "fail"),
        (icloud("none"), "none"),
        ([*icloud("none"), ("A", "dmarc.icloud.com; dmarc=pass header.from=sender.example")], "none"),
        ([*icloud("fail"), ("A", "dmarc.icloud.com; dmarc=pass header.from=sender.example")], "fail"),
        ([("A", "bimi.icloud.com; bimi=none"), ("R", SOMEBODY), *icloud("pass")], "none"),
        ([("R", SOMEBODY), *icloud("pass")], "unverified"),
        ([*icloud("none"), ("R", ICLOUD_BORDER), *icloud("pass")], "none"),
    ],
)
def test_a_server_that_writes_a_field_for_each_method(fields: list[tuple[str, str]], verdict: str) -> None:
    for lines in (fields, [*fields, ("R", ICLOUD_BORDER)]):
        found = judged(("R", ICLOUD_INNER), *lines, trusted=frozenset({"bimi.icloud.com"}))
        assert found == verdict, lines
