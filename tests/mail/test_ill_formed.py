"""Ill-formed and multilingual mails: what a person should read in each, and that the defect is named."""

from __future__ import annotations

import pytest

from tests.mail.ill_formed import Case, every_case
from tui_desk.mail.message import ParsedMail
from tui_desk.mail.parse import parse

CASES = every_case()


def answer(parsed: ParsedMail) -> dict[str, object]:
    return {
        "subject": parsed.subject,
        "text": parsed.text.rstrip("\n"),
        "from": [(one.name, one.address) for one in parsed.from_],
        "to": [(one.name, one.address) for one in parsed.to],
        "files": [one.filename for one in parsed.attachments],
        "contents": [one.content for one in parsed.attachments],
    }


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_a_person_reads(case: Case) -> None:
    parsed = parse(case.raw)
    got = answer(parsed)
    assert {key: got[key] for key in case.want} == case.want
    if case.defect == "_":
        assert parsed.defects
    elif case.defect:
        assert any(case.defect in defect for defect in parsed.defects), parsed.defects


def test_there_are_enough_of_them() -> None:
    assert len({case.raw for case in CASES}) >= 120
