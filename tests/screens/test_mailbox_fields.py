"""The mailbox form without a screen: what is wrong with values, and the settings they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_desk.contracts.mailboxes import CompanyAddress, FallbackSender, MailboxSettings
from tui_desk.core.enums import Security, SentCopies
from tui_desk.screens.fallback_sender_fields import sender_of, sender_problems, sender_values
from tui_desk.screens.mailbox_fields import (
    addresses_problem,
    company_address_lines,
    company_addresses,
    hidden_fields,
    insecure_servers,
    mailbox_problems,
    settings_of,
    values_of,
)

FULL = MailboxSettings(
    address="support@example.org",
    name="Support",
    imap_host="imap.example.org",
    imap_port=143,
    imap_security=Security.STARTTLS,
    imap_user="support",
    smtp_host="smtp.example.org",
    smtp_port=587,
    smtp_security=Security.STARTTLS,
    smtp_user="support",
    send_per_minute=30,
    sent_copies=SentCopies.NO,
    password=None,
    password_command="pass show support",
    folder="INBOX",
    after_import="move:Done",
    start="2026-01-31",
    team="Network",
    poll_seconds=30,
    acknowledge=True,
    acknowledgement="Thank you.\nWe are on it.",
    signature="-- \nSupport",
    addresses=(CompanyAddress("a@example.org", "A", "Network"), CompanyAddress("b@example.org")),
)


def test_settings_survive_the_form() -> None:
    assert settings_of(values_of(FULL)) == FULL
    assert mailbox_problems(values_of(FULL), False, frozenset({"Network"})) == {}


def test_a_number_of_messages_a_minute_is_a_number_or_nothing() -> None:
    assert settings_of({**values_of(FULL), "send_per_minute": " "}).send_per_minute == 0
    for wrong in ("x", "-1", "6001", "1.5"):
        assert "send_per_minute" in mailbox_problems({**values_of(FULL), "send_per_minute": wrong}, True)
        assert "send_per_minute" in sender_problems(
            {**sender_values(FallbackSender("a@b.test", smtp_host="h.test")), "send_per_minute": wrong}
        )
    without = {**values_of(FULL), "smtp_host": "", "send_per_minute": "x"}
    assert {"send_per_minute", "sent_copies"} <= hidden_fields(without)
    assert mailbox_problems(without, True) == {}
    assert settings_of(without).send_per_minute == 0


def test_an_empty_password_keeps_the_stored_one_and_is_never_in_the_values() -> None:
    values = values_of(MailboxSettings(address="a@example.org", password="secret"))
    assert "secret" not in values.values()
    assert settings_of({**values_of(FULL), "password": ""}).password is None
    assert settings_of({**values_of(FULL), "password": " with blanks "}).password == " with blanks "


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("address", "support"),
        ("address", "a b@example.org"),
        ("address", "support@example.org\x1b[c"),
        ("imap_host", ""),
        ("imap_host", "https://imap.example.org/"),
        ("imap_host", "imap example"),
        ("imap_port", "0"),
        ("imap_port", "٣"),
        ("imap_port", "99999999999999999999"),
        ("smtp_host", "a b"),
        ("smtp_port", "port"),
        ("folder", ""),
        ("move_to", ""),
        ("move_to", "INBOX"),
        ("start_date", "2026-02-30"),
        ("start_date", "31.01.2026"),
        ("start_date", "20260131"),
        ("poll_seconds", "1"),
        ("addresses", "nobody"),
        ("addresses", "a@example.org, A, Nowhere"),
        ("addresses", "a@example.org, A, Network, more"),
        ("acknowledgement", "  "),
    ],
)
def test_what_is_wrong_is_told_at_its_field(field: str, value: str) -> None:
    found = mailbox_problems({**values_of(FULL), field: value}, False, frozenset({"Network"}))
    assert list(found) == [field]
    assert found[field].endswith((".", "?"))


def test_one_way_to_the_password_is_needed_and_no_more() -> None:
    without = {**values_of(FULL), "password_command": ""}
    assert list(mailbox_problems(without, has_password=False)) == ["password"]
    assert mailbox_problems(without, has_password=True) == {}
    assert list(mailbox_problems({**values_of(FULL), "password": "x"}, has_password=False)) == ["password"]


def test_fields_that_make_no_sense_are_hidden_and_not_checked() -> None:
    values = {
        **values_of(FULL),
        "smtp_host": "",
        "smtp_port": "what",
        "after_import": "flag",
        "start": "all",
        "acknowledge": "no",
    }
    hidden = hidden_fields(values)
    assert hidden >= {"smtp_port", "smtp_security", "smtp_user", "move_to", "start_date", "acknowledgement"}
    assert mailbox_problems(values, False, frozenset({"Network"})) == {}
    settings = settings_of(values)
    assert (settings.smtp_host, settings.after_import, settings.start) == ("", "flag", "all")


def test_only_servers_elsewhere_without_encryption_ask() -> None:
    open_line = {**values_of(FULL), "imap_security": "none"}
    assert insecure_servers(open_line) == ("imap.example.org",)
    assert insecure_servers({**open_line, "imap_host": "127.0.0.1"}) == ()
    assert insecure_servers({**open_line, "imap_host": "localhost"}) == ()
    assert insecure_servers({**open_line, "imap_host": "127.0.0.1.example.org"}) == ("127.0.0.1.example.org",)
    assert insecure_servers(values_of(FULL)) == ()


def test_an_empty_fallback_sender_is_right_and_takes_it_away() -> None:
    values = {**sender_values(FallbackSender()), "smtp_port": "what"}
    assert sender_problems(values) == {}
    assert sender_of(values) == FallbackSender()


def test_a_fallback_sender_survives_the_form() -> None:
    sender = FallbackSender("no@example.org", "No reply", "smtp.example.org", 587, Security.STARTTLS, "no")
    assert sender_of(sender_values(sender)) == sender
    assert sender_problems(sender_values(sender)) == {}
    assert list(sender_problems({**sender_values(sender), "smtp_host": ""})) == ["smtp_host"]


words = st.text(
    st.characters(blacklist_characters=",\n\r", blacklist_categories=("Cs", "Cc", "Z")), max_size=12
)


@given(st.lists(st.builds(CompanyAddress, st.just("a@example.org"), words, words), max_size=5))
def test_company_addresses_survive_their_lines(addresses: list[CompanyAddress]) -> None:
    assert company_addresses(company_address_lines(tuple(addresses))) == tuple(addresses)


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    values = dict.fromkeys(values_of(FULL), text) | {
        "after_import": "move",
        "start": "date",
        "acknowledge": "yes",
    }
    assert mailbox_problems(values, False, frozenset()).keys() <= values.keys()
    addresses_problem(text, None)
