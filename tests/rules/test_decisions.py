"""Status, permission, recipients, subjects, addresses, send guard: values in, values out."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.core.enums import Role, TicketStatus
from tui_desk.rules import mailbox_settings, send_guard
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import TABLE, Permission, allowed
from tui_desk.rules.recipients import Exchange, for_reply, for_reply_all, unique
from tui_desk.rules.signatures import expanded
from tui_desk.rules.status import TRANSITIONS, Ended, after_answer, after_taking, ended_after, may_follow
from tui_desk.rules.subjects import base_subject, forward_subject, thread_key, token_number

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_every_status_has_its_followers() -> None:
    assert set(TRANSITIONS) == set(TicketStatus)
    assert may_follow(TicketStatus.OPEN, TicketStatus.NEW)
    assert not may_follow(TicketStatus.CLOSED, TicketStatus.NEW)
    assert all(may_follow(status, status) for status in TicketStatus)
    for status in TicketStatus:
        assert status is TicketStatus.OPEN or TicketStatus.OPEN in TRANSITIONS[status]


def test_times_of_the_end_are_kept_and_cleared() -> None:
    resolved = ended_after(NOW, TicketStatus.RESOLVED, Ended(None, None))
    assert resolved == Ended(NOW, None)
    later = NOW + timedelta(days=1)
    assert ended_after(later, TicketStatus.CLOSED, resolved) == Ended(NOW, later)
    assert ended_after(later, TicketStatus.OPEN, resolved) == Ended(None, None)
    assert ended_after(NOW, TicketStatus.CLOSED, Ended(None, None)) == Ended(NOW, NOW)


def test_taking_and_answering_open_what_is_new() -> None:
    assert after_taking(TicketStatus.NEW) is TicketStatus.OPEN
    assert after_taking(TicketStatus.PENDING) is TicketStatus.PENDING
    assert after_answer(TicketStatus.NEW, None) is TicketStatus.OPEN
    assert after_answer(TicketStatus.NEW, TicketStatus.RESOLVED) is TicketStatus.RESOLVED


def test_permissions_only_grow_with_the_role() -> None:
    ranks = [Role.READ_ONLY, Role.AGENT, Role.SUPERVISOR, Role.ADMIN]
    assert set(TABLE) == set(Role)
    for lower, higher in itertools.pairwise(ranks):
        assert TABLE[lower] <= TABLE[higher]
    assert TABLE[Role.READ_ONLY] == {Permission.VIEW}
    assert [role for role in Role if allowed(role, Permission.ADMINISTER)] == [Role.ADMIN]
    assert TABLE[Role.ADMIN] == set(Permission)


OTTO, COL, BOSS = ("Otto", "otto@client.test"), ("", "col@client.test"), ("Boss", "BOSS@client.test")
OWN = frozenset({"help@desk.test"})


def test_an_answer_goes_where_the_requester_wants_it() -> None:
    office = ("", "office@client.test")
    assert for_reply(OTTO, Exchange(OTTO, (office,)), OWN).to == (office,)
    assert for_reply(OTTO, Exchange(COL), OWN).to == (COL,)
    assert for_reply(OTTO, Exchange(), OWN).to == (OTTO,)
    assert for_reply(None, Exchange(), OWN).to == ()
    ourselves = ("", "HELP@desk.test")
    assert for_reply(OTTO, Exchange(OTTO, (ourselves,)), OWN).to == (OTTO,)


def test_an_answer_to_all_reaches_everybody_once_and_never_ourselves() -> None:
    last = Exchange(OTTO, (), (("Help", "help@desk.test"), COL, OTTO), (BOSS, ("", "boss@client.test")))
    found = for_reply_all(OTTO, last, (COL, ("", "w@other.test")), OWN)
    assert found.to == (OTTO,)
    assert found.cc == (COL, BOSS, ("", "w@other.test"))
    assert found.everybody == ("otto@client.test", "col@client.test", "BOSS@client.test", "w@other.test")


@given(st.lists(st.tuples(st.text(max_size=5), st.sampled_from(["a@b.c", "A@B.C", "x@y.z", "", "no"]))))
def test_no_address_is_named_twice(pairs: list[tuple[str, str]]) -> None:
    keys = [address_key(address) for _name, address in unique(pairs)]
    assert len(keys) == len(set(keys))
    assert "no" not in keys


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana@EXAMPLE.com", "ana@example.com"),
        ("ana@Bücher.example", "ana@xn--bcher-kva.example"),
        ("ana@example.com.", "ana@example.com"),
        ("ana@example。com", "ana@example.com"),
    ],
)
def test_spellings_of_one_address_are_equal(one: str, other: str) -> None:
    assert address_key(one) == address_key(other)


@given(st.text())
def test_the_compared_form_is_total_and_stable(text: str) -> None:
    key = address_key(text)
    assert address_key(key) == address_key(address_key(key))


@pytest.mark.parametrize(
    ("subject", "base"),
    [
        ("Re: Printer", "Printer"),
        ("RE: AW: Fwd: [#12] Printer", "Printer"),
        ("Antw: WG: SV: Printer [#12]", "Printer"),
        ("Re[2]: Printer", "Printer"),
        ("回复：Printer", "Printer"),
        ("Report: the printer", "Report: the printer"),
        ("re", "re"),
        ("", ""),
    ],
)
def test_subjects_lose_their_prefixes(subject: str, base: str) -> None:
    assert base_subject(subject) == base


@given(st.text())
def test_subjects_are_total(subject: str) -> None:
    base = base_subject(subject)
    assert "\n" not in base
    assert len(thread_key(subject)) <= 200
    assert forward_subject(subject).startswith("Fwd: ")


def test_the_token_names_the_ticket() -> None:
    assert token_number("Re: Printer [#1042]") == 1042
    assert token_number("Printer #1042") is None
    assert token_number("[# 7 ] x [#8]") == 7 or token_number("[# 7 ] x [#8]") == 8


@pytest.mark.parametrize(
    "body",
    [
        "I attached the file",
        "see attachment",
        "Adjunto la factura",
        "anbei die Rechnung",
        "im Anhang",
        "ci-joint le devis",
        "In allegato",
        "zie bijlage",
        "附件",
    ],
)
def test_attachments_are_noticed_in_many_languages(body: str) -> None:
    assert send_guard.mentions_attachment(body)


@pytest.mark.parametrize(
    "body", ["The attaché called", "> I attached it", "```\nattached\n```", "hang on", "Thanks", ""]
)
def test_what_is_no_attachment_is_left_alone(body: str) -> None:
    assert not send_guard.mentions_attachment(body)


def facts(**changes: object) -> send_guard.Facts:
    given_facts: dict[str, object] = {
        "body": "Hello",
        "attachments": 0,
        "newer": 0,
        "recipients": ("otto@client.test",),
        "expected": ("otto@client.test",),
        "participants": frozenset({"otto@client.test"}),
    }
    return send_guard.Facts(**{**given_facts, **changes})


def test_the_guard_lets_an_ordinary_answer_pass() -> None:
    assert send_guard.findings(facts()) == ()


def test_the_guard_finds_each_reason() -> None:
    assert send_guard.findings(facts(body=" ")) == ("empty",)
    assert send_guard.findings(facts(newer=2)) == ("newer_message",)
    assert send_guard.findings(facts(body="attached", attachments=0)) == ("attachment_missing",)
    assert send_guard.findings(facts(body="attached", attachments=1)) == ()
    assert send_guard.findings(facts(recipients=("otto@client.test", "new@x.test"))) == (
        "recipients_changed",
    )
    both = ("otto@client.test", "spy@x.test")
    assert send_guard.findings(facts(recipients=both, expected=both)) == ("outsider",)


def test_signatures_replace_only_what_they_know() -> None:
    assert (
        expanded("{agent.name} {x} {mailbox.name}\n", {"agent.name": "Ana", "mailbox.name": ""}) == "Ana {x}"
    )


@pytest.mark.parametrize("text", ["flag", "leave", "move:Done", "move:Archive/2026"])
def test_what_to_do_after_import(text: str) -> None:
    assert mailbox_settings.after_import_problem(text) is None


@pytest.mark.parametrize("text", ["", "move", "move:", "move: ", "move:a\nb", "delete"])
def test_what_not_to_do_after_import(text: str) -> None:
    assert mailbox_settings.after_import_problem(text) is not None


def test_where_to_start() -> None:
    assert all(mailbox_settings.start_problem(text) is None for text in ("now", "all", "2026-01-31"))
    assert all(mailbox_settings.start_problem(text) is not None for text in ("", "later", "31.1.2026"))
