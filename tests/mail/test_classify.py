"""Automatic replies, lists, loops: what may not be answered by a machine."""

from __future__ import annotations

import pytest

from tui_desk.mail.parse import parse


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ("Subject: Printer", "personal"),
        ("Subject: Printer\nAuto-Submitted: no", "personal"),
        ("Subject: Away\nAuto-Submitted: auto-replied", "auto_reply"),
        ("Subject: Away\nAuto-Submitted: auto-replied (vacation)", "auto_reply"),
        ("Subject: Away\nX-Autoreply: yes", "auto_reply"),
        ("Subject: Away\nPrecedence: auto_reply", "auto_reply"),
        ("Subject: Automatic reply: Printer", "auto_reply"),
        ("Subject: Out of Office: Printer", "auto_reply"),
        ("Subject: Abwesenheitsnotiz: Drucker", "auto_reply"),
        ("Subject: Automatische Antwort: Drucker", "auto_reply"),
        ("Subject: Réponse automatique : imprimante", "auto_reply"),
        ("Subject: Respuesta automática: impresora", "auto_reply"),
        ("Subject: Risposta automatica: stampante", "auto_reply"),
        ("Subject: 自動返信: プリンター", "auto_reply"),
        ("Subject: x\nIn-Reply-To: <1@x>\nX-Auto-Response-Suppress: All", "auto_reply"),
        ("Subject: Disk full on host 3\nAuto-Submitted: auto-generated", "personal"),
        ("Subject: Automatic door is broken", "personal"),
        ("Subject: Absence management does not start", "personal"),
        ("Subject: Office is out of paper", "personal"),
        ("Subject: I am out of toner", "personal"),
        ("Subject: Abwesenheitsantrag geht nicht", "personal"),
        ("Subject: I am on vacation, please take my tickets", "personal"),
        ("Subject: On vacation until Monday\nIn-Reply-To: <1@x>", "auto_reply"),
        ("Subject: news\nList-Id: <news.example.org>", "list"),
        ("Subject: news\nPrecedence: list", "list"),
        ("Subject: offer\nPrecedence: bulk\nList-Unsubscribe: <https://example.org/u>", "list"),
    ],
)
def test_kinds(headers: str, kind: str) -> None:
    parsed = parse(f"From: Ana <ana@example.org>\n{headers}\n\ntext".encode())
    assert parsed.kind == kind


def test_automatic_mail_is_known_as_such() -> None:
    parsed = parse(b"From: cron@example.org\nSubject: Disk full\nAuto-Submitted: auto-generated\n\nx")
    assert parsed.is_automatic
    assert not parse(b"From: ana@example.org\nSubject: x\n\nx").is_automatic


def test_our_own_mail_is_a_loop() -> None:
    raw = b"From: Desk <Support@Example.net>\nSubject: x\n\nx"
    assert parse(raw, own_addresses=frozenset({"support@example.net"})).kind == "loop"
    assert parse(raw).kind == "personal"
    token = b"From: other@example.org\nX-Tui-Desk: abc\nSubject: x\n\nx"
    assert parse(token, desk_tokens=frozenset({"abc"})).kind == "loop"
    assert parse(token, desk_tokens=frozenset({"def"})).kind == "personal"


def test_a_group_address_of_our_own_is_no_list() -> None:
    raw = b"From: ana@example.org\nList-Id: <support.example.net>\nPrecedence: list\nSubject: x\n\nx"
    assert parse(raw, own_addresses=frozenset({"support@example.net"})).kind == "personal"
    assert parse(raw).kind == "list"
