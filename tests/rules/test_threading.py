"""Which ticket a mail belongs to: whoever is no participant never gets in, whatever they name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import TicketStatus
from tui_desk.rules.public_domains import is_public_domain
from tui_desk.rules.subjects import is_recovery
from tui_desk.rules.threading import (
    Claim,
    ClaimKind,
    Join,
    Sender,
    Standing,
    TicketFacts,
    decide,
    names_one_mail,
    status_after_mail,
)

ANNA = "anna@customer.test"
FACTS = TicketFacts(
    7,
    TicketStatus.OPEN,
    frozenset({ANNA}),
    frozenset({"cc@other.test"}),
    frozenset({"customer.test"}),
)


def said(kind: ClaimKind, ticket: int = 7) -> Claim:
    return Claim(kind, ticket, "x@y.test")


def test_participants_join_by_any_evidence() -> None:
    for kind in ClaimKind:
        for address, standing in ((ANNA, Standing.REQUESTER), ("cc@other.test", Standing.TAKES_PART)):
            decision = decide((said(kind),), {7: FACTS}, Sender(address))
            assert (decision.action, decision.ticket, decision.standing) == (Join.JOIN, 7, standing)


def test_a_colleague_joins_marked_unless_the_domain_is_public_or_authentication_failed() -> None:
    claims = (said(ClaimKind.KNOWN_ID),)
    colleague = decide(claims, {7: FACTS}, Sender("bert@customer.test"))
    assert (colleague.action, colleague.marks) == (Join.JOIN, ("colleague",))
    forged = decide(claims, {7: FACTS}, Sender("bert@customer.test", authenticated=False))
    assert forged.action is Join.CREATE
    public = decide(claims, {7: FACTS}, Sender("bert@customer.test", public_domain=True))
    assert public.action is Join.CREATE


def test_mail_to_a_closed_ticket_is_followed_up_and_machines_join_silently() -> None:
    closed = {7: TicketFacts(7, TicketStatus.CLOSED, frozenset({ANNA}))}
    claims = (said(ClaimKind.SIGNED_ID),)
    assert decide(claims, closed, Sender(ANNA)).action is Join.FOLLOW_UP
    assert decide(claims, closed, Sender(ANNA), automatic=True).action is Join.JOIN


def test_the_strongest_believed_claim_wins() -> None:
    other = TicketFacts(8, TicketStatus.OPEN, frozenset({ANNA}))
    claims = (said(ClaimKind.SUBJECT, 8), said(ClaimKind.KNOWN_ID, 7))
    assert decide(claims, {7: FACTS, 8: other}, Sender(ANNA)).ticket == 7
    stranger_first = {7: TicketFacts(7, TicketStatus.OPEN, frozenset({"x@z.test"})), 8: other}
    decision = decide(claims, stranger_first, Sender(ANNA))
    assert decision.ticket == 8
    assert [claim.ticket for claim in decision.rejected] == [7]


@given(
    st.lists(
        st.builds(Claim, st.sampled_from(ClaimKind), st.integers(1, 9), st.text(max_size=9)), max_size=8
    ),
    st.sampled_from(["", "eve@evil.test", "eve@gmail.com"]),
)
def test_a_stranger_never_gets_in(claims: list[Claim], address: str) -> None:
    tickets = {
        number: TicketFacts(
            number, TicketStatus.OPEN, frozenset({ANNA}), frozenset(), frozenset({"customer.test"})
        )
        for number in range(1, 6)
    }
    decision = decide(tuple(claims), tickets, Sender(address))
    assert decision.action is Join.CREATE
    assert decision.ticket is None
    assert {claim.ticket for claim in decision.rejected} <= {claim.ticket for claim in claims}
    assert len(decision.rejected) <= 3


def test_what_a_mail_does_to_the_status() -> None:
    for status in (TicketStatus.PENDING, TicketStatus.ON_HOLD, TicketStatus.RESOLVED):
        assert status_after_mail(status, automatic=False, from_agent=False) is TicketStatus.OPEN
        assert status_after_mail(status, automatic=True, from_agent=False) is status
        assert status_after_mail(status, automatic=False, from_agent=True) is status
    for status in (TicketStatus.NEW, TicketStatus.OPEN):
        assert status_after_mail(status, automatic=False, from_agent=False) is status


def test_providers_of_everybody() -> None:
    assert is_public_domain("gmail.com")
    assert is_public_domain("hotmail.co.uk")
    assert not is_public_domain("customer.test")


PEOPLE = {
    "requester": Sender(ANNA),
    "copied": Sender("cc@other.test"),
    "agent": Sender("ana@desk.test", is_agent=True),
    "colleague": Sender("bert@customer.test"),
    "stranger": Sender("eve@evil.test"),
}
UNGUESSABLE_KINDS = {ClaimKind.SIGNED_ID, ClaimKind.REPLY_ADDRESS, ClaimKind.SENT_ID}


@given(st.sampled_from(sorted(PEOPLE)), st.sampled_from(ClaimKind), st.sampled_from([True, False, None]))
def test_who_joins_by_what(who: str, kind: ClaimKind, authenticated: bool | None) -> None:
    """The table of docs/mail.md, line by line."""
    expected = {
        ("requester", True): True,
        ("requester", None): True,
        ("requester", False): kind in UNGUESSABLE_KINDS,
        ("agent", True): True,
        ("agent", None): kind in UNGUESSABLE_KINDS,
        ("colleague", True): True,
        ("colleague", None): kind in UNGUESSABLE_KINDS | {ClaimKind.KNOWN_ID},
    }.get(("requester" if who == "copied" else who, authenticated), False)
    decision = decide((said(kind),), {7: FACTS}, replace(PEOPLE[who], authenticated=authenticated))
    assert (decision.action is Join.JOIN) is expected


def test_of_two_tickets_that_know_an_id_the_one_that_was_asked_in_wins() -> None:
    lure = TicketFacts(3, TicketStatus.OPEN, frozenset({"eve@evil.test"}), frozenset({ANNA}))
    for claims in ((3, 7), (7, 3)):
        found = decide(
            tuple(said(ClaimKind.KNOWN_ID, ticket) for ticket in claims), {3: lure, 7: FACTS}, Sender(ANNA)
        )
        assert found.ticket == 7


def test_an_id_that_can_be_many_mails_own_is_no_evidence() -> None:
    assert [
        each for each in ("", "@", "1", "INJECTED", "@host.test", "a@", "x" * 15) if names_one_mail(each)
    ] == []
    assert all(map(names_one_mail, ("a@b", "1@localhost", "a@b@host.test", "OF2A11B77C.0032F4A1", "x" * 16)))


def test_another_address_of_somebody_who_takes_part_is_marked() -> None:
    facts = replace(FACTS, requester=frozenset({ANNA, "anna@home.test"}), participants=frozenset({ANNA}))
    assert decide((said(ClaimKind.SUBJECT),), {7: facts}, Sender("anna@home.test")).marks == (
        "other_address",
    )
    assert decide((said(ClaimKind.SUBJECT),), {7: facts}, Sender(ANNA)).marks == ()
    facts = replace(facts, participants=frozenset())
    assert decide((said(ClaimKind.SUBJECT),), {7: facts}, Sender("anna@home.test")).marks == ()
    facts = replace(FACTS, other_addresses=frozenset({"cora@home.test"}))
    found = decide((said(ClaimKind.SUBJECT),), {7: facts}, Sender("cora@home.test"))
    assert (found.standing, found.marks) == (Standing.OTHER_ADDRESS, ("other_address",))


def test_words_of_recovery() -> None:
    for subject in (
        "RECOVERY: web1 is UP",
        "[RESOLVED:1] DiskFull",
        "OK: web1",
        "** RECOVERY Service Alert: a/b is OK **",
    ):
        assert is_recovery(subject), subject
    for subject in ("PROBLEM: web1 is DOWN", "[FIRING:1] DiskFull", "Look at this, okay?"):
        assert not is_recovery(subject), subject
