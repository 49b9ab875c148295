"""What DNS says of the sender's domain, asked of a DNS server of our own."""

from __future__ import annotations

import pytest

from tests.support.dns_server import Zone, running_dns
from tui_desk.core.errors import ConfigurationError
from tui_desk.mail.diagnose import Step
from tui_desk.mail.sender_dns import SERVER_VARIABLE, Key, check_domain, keys_in, system_resolver

MX = {("desk.test", "MX"): ["10 mx.desk.test."]}
GOOD: Zone = {
    **MX,
    ("desk.test", "TXT"): ['"some other record"', '"v=spf1 mx include:_spf.host.test" " -all"'],
    ("_spf.host.test", "TXT"): ['"v=spf1 a ip4:192.0.2.0/24 ~all"'],
    ("_dmarc.desk.test", "TXT"): ['"v=DMARC1; p=reject; rua=mailto:x@desk.test"'],
    ("s1._domainkey.desk.test", "TXT"): ['"v=DKIM1; k=rsa; p=MIGf" "MA0G"'],
}
KEY = Key("s1", "desk.test")


def asked(
    monkeypatch: pytest.MonkeyPatch, zone: Zone, *keys: Key, domain: str = "desk.test"
) -> dict[str, Step]:
    with running_dns(zone) as server:
        monkeypatch.setenv(SERVER_VARIABLE, server.address)
        return {step.step: step for step in check_domain(domain, keys, system_resolver())}


def spf(monkeypatch: pytest.MonkeyPatch, *records: str, **others: str) -> Step:
    more = {(name.replace("_", "."), "TXT"): [f'"{text}"'] for name, text in others.items()}
    return asked(monkeypatch, {**MX, ("desk.test", "TXT"): [f'"{text}"' for text in records], **more})["spf"]


def test_a_domain_that_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(monkeypatch, GOOD, KEY)
    assert list(found) == ["mx", "spf", "dmarc", "dkim"]
    assert all(step.ok and not step.warn for step in found.values()), found
    assert "mx.desk.test" in found["mx"].sentence
    assert "3 of 10" in found["spf"].sentence
    assert "p=reject" in found["dmarc"].sentence
    assert "s1._domainkey.desk.test" in found["dkim"].sentence


def test_a_domain_with_nothing_and_one_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    found = asked(monkeypatch, {("desk.test", "A"): ["192.0.2.1"]})
    assert [(step.ok, step.warn) for step in found.values()] == [(True, True)] * 3 + [(True, False)]
    assert "selector" in found["dkim"].sentence
    assert not asked(monkeypatch, MX, domain="other.test")["mx"].ok
    assert not asked(monkeypatch, {("desk.test", "MX"): ["0 ."]})["mx"].ok


def test_spf_records_that_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "2 records" in spf(monkeypatch, "v=spf1 -all", "V=SPF1 mx -all").sentence
    assert "+all" in spf(monkeypatch, "v=spf1 mx all").sentence
    includes = " ".join(f"include:s{number}.test" for number in range(6))
    records = {f"s{number}_test": "v=spf1 a -all" for number in range(6)}
    many = spf(monkeypatch, f"v=spf1 {includes} -all", **records)
    assert not many.ok
    assert "more than 10" in many.sentence
    ten = " ".join(f"a:h{number}.test" for number in range(10))
    assert spf(monkeypatch, f"v=spf1 {ten} -all").ok
    assert not spf(monkeypatch, f"v=spf1 {ten} mx -all").ok
    assert "gone.test" in spf(monkeypatch, "v=spf1 include:gone.test -all").sentence
    assert spf(monkeypatch, "v=spf1 include:desk.test -all").ok, "a loop ends"
    for open_end in ("v=spf1 mx", "v=spf1 mx ?all"):
        assert spf(monkeypatch, open_end).warn
    assert spf(monkeypatch, "v=spf1 redirect=host.test", host_test="v=spf1 mx -all").ok
    assert spf(monkeypatch, "v=spf10 -all").warn, "another version is no SPF record"


def test_dmarc_of_the_domain_and_of_the_one_above(monkeypatch: pytest.MonkeyPatch) -> None:
    def dmarc(*texts: str, domain: str = "desk.test") -> Step:
        zone = {**MX, ("_dmarc.desk.test", "TXT"): [f'"{text}"' for text in texts]}
        return asked(monkeypatch, zone, domain=domain)["dmarc"]

    assert "p=none" in dmarc("v=DMARC1; p=none").sentence
    assert not dmarc("v=DMARC1; rua=mailto:x@desk.test").ok
    assert not dmarc("v=DMARC1; p=none", "v=DMARC1; p=reject").ok
    assert "p=quarantine" in dmarc("v=DMARC1;p=reject;sp=quarantine", domain="help.desk.test").sentence


def test_keys_that_are_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not asked(monkeypatch, MX, KEY)["dkim"].ok
    withdrawn = {**MX, ("s1._domainkey.desk.test", "TXT"): ['"v=DKIM1; p="']}
    assert "withdrawn" in asked(monkeypatch, withdrawn, KEY)["dkim"].sentence


def test_the_selector_is_read_from_a_signed_mail() -> None:
    raw = (
        b"Received: x\r\nDKIM-Signature: v=1; a=rsa-sha256; d=Desk.test;\r\n\ts=S1; h=from;\r\n b=abc=\r\n"
        b"Subject: x\r\n\r\nDKIM-Signature: v=1; d=body.test; s=no\r\n"
    )
    assert keys_in(raw) == (KEY,)
    assert keys_in(b"Subject: x\r\n\r\n") == ()


def test_no_resolver_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SERVER_VARIABLE, "resolver.desk.test")
    with pytest.raises(ConfigurationError, match="names no resolver"):
        system_resolver()
    monkeypatch.setenv(SERVER_VARIABLE, "127.0.0.1:99999999")
    with pytest.raises(ConfigurationError, match="names no resolver"):
        system_resolver()
