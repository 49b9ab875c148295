"""The language of the filter line: what is understood, where a mistake stands, what a word may go on as."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tui_desk.core.enums import FieldKind
from tui_desk.rules.own_query import KnownField
from tui_desk.rules.query import parse_query
from tui_desk.rules.query_completion import complete
from tui_desk.rules.query_fields import FIELDS, Names
from tui_desk.rules.query_terms import FieldTerm, TextTerm

NOW = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
NAMES = Names(
    agents=("ana", "ben"),
    teams=("Network", "Service desk", "Café"),
    categories=("Hardware", "Hardware/Printer"),
    tags=("vpn", "spam"),
    domains=("acme.com",),
    assets=("LT-0042",),
)
OWN = {
    "cost": KnownField(1, "cost", FieldKind.CHOICE, ("A", "B C")),
    "amount": KnownField(2, "amount", FieldKind.NUMBER),
}
EXAMPLE = (
    "status:open,pending assignee:me team:network priority>=high created<3d requester:@acme.com has:attachment "
    'tag:vpn -tag:spam "paper jam" asset:LT-0042 waiting>4h sort:due'
)
PIECES = st.lists(
    st.sampled_from(
        (
            *FIELDS,
            "from",
            "cost",
            "amount",
            "-",
            ":",
            "<",
            ">=",
            "=",
            '"',
            ",",
            " ",
            "#12",
            "3d",
            "2026-11",
            "open",
            "me",
        )
    )
    | st.text(max_size=4)
).map("".join)


def test_the_line_of_the_issue_is_understood() -> None:
    query = parse_query(EXAMPLE, OWN, NOW, NAMES, UTC)
    assert query.problems == ()
    assert query.texts == (TextTerm(("paper", "jam")),)
    assert query.sort == "due"
    assert FieldTerm("priority", ("high", "critical")) in query.fields
    assert FieldTerm("tag", ("spam",), negated=True) in query.fields
    times = {term.field: term.between for term in query.times}
    assert times["created"].low == NOW - timedelta(days=3)
    assert times["waiting"].high == NOW - timedelta(hours=4)


@pytest.mark.parametrize(
    ("word", "low", "high"),
    [
        ("created<1d12h", NOW - timedelta(hours=36), None),
        ("created>30m", None, NOW - timedelta(minutes=30)),
        ("updated:2w", NOW - timedelta(weeks=2), None),
        ("due<2d", None, NOW + timedelta(days=2)),
        ("due>2d", NOW + timedelta(days=2), None),
        ("waiting:4h", None, NOW - timedelta(hours=4)),
        ("created:today", datetime(2026, 11, 22, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        ("created:yesterday", datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC)),
        ("created>=2026-11-01", datetime(2026, 11, 1, tzinfo=UTC), None),
        ("created>2026-11-01", datetime(2026, 11, 2, tzinfo=UTC), None),
        ("created<=2026-11-01", None, datetime(2026, 11, 2, tzinfo=UTC)),
        ("created:2026-12", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("created:2026", datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_spans_and_days(word: str, low: datetime | None, high: datetime | None) -> None:
    query = parse_query(word, now=NOW, zone=UTC)
    assert query.problems == ()
    assert (query.times[0].between.low, query.times[0].between.high) == (low, high)


@pytest.mark.parametrize(
    ("word", "terms"),
    [
        ("subject:VPN", [TextTerm(("vpn",), prefix=True, in_subject=True)]),
        ('subject:"Paper jám"', [TextTerm(("paper", "jam"), in_subject=True)]),
        ("subject:vpn printer", [TextTerm(("vpn",), in_subject=True), TextTerm(("printer",), prefix=True)]),
        ('-subject:vpn "x"', [TextTerm(("vpn",), negated=True, in_subject=True), TextTerm(("x",))]),
    ],
)
def test_words_of_a_subject(word: str, terms: list[TextTerm]) -> None:
    query = parse_query(word, OWN, NOW, NAMES, UTC)
    assert (list(query.texts), query.problems) == (terms, ())


@pytest.mark.parametrize("order", ["updated", "created", "priority", "due", "waiting"])
@pytest.mark.parametrize("turned", ["", "-"])
def test_every_order_and_its_reverse(order: str, turned: str) -> None:
    query = parse_query(f"printer sort:{turned}{order}", OWN, NOW, NAMES, UTC)
    assert (query.sort, query.problems) == (f"{turned}{order}", ())


def test_a_minus_before_sort_is_told_where_it_belongs() -> None:
    (problem,) = parse_query("-sort:created", OWN, NOW, NAMES, UTC).problems
    assert "sort:-created" in problem.sentence


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("status:opne", "value"),
        ("stauts:open", "field"),
        ("amuont>=3", "field"),
        ("created<3x", "span"),
        ("waiting>4", "span"),
        ("created:9999-99", "span"),
        ("created<99999y", "span"),
        ("assignee:nobdy", "name"),
        ('team:"service dsek"', "name"),
        ("category:hardware/pinter", "name"),
        ("status>open", "value"),
        ("priority>=urgent", "value"),
        ("is:here", "value"),
        ("has:attachmnt", "own"),
        ("cost:D", "own"),
        ("sort:age", "value"),
        ("sort:--due", "value"),
        ("subject>vpn", "value"),
        ("subject:vpn,lan", "value"),
        ('subject:"--"', "value"),
        ("-sort:due", "value"),
        ("resolved>30d", "span"),
        ("OR", "operator"),
        ("AND", "operator"),
        ("(status:open", "operator"),
        ("(vpn", "operator"),
        ("status!=closed", "operator"),
        ('status:" "', "value"),
        ('priority>=" , "', "value"),
        ("priority>high,low", "value"),
        ("status:" + ",".join(["open"] * 51), "long"),
    ],
)
def test_a_mistake_is_told_at_its_word_and_only_there(word: str, kind: str) -> None:
    text = f'printer {word} "paper jam"'
    problems = parse_query(text, OWN, NOW, NAMES, UTC).problems
    assert [(one.kind, text[one.start : one.end]) for one in problems] == [(kind, word)]
    assert problems[0].sentence


@pytest.mark.parametrize(
    "text",
    [
        "http://x.test/a",
        "10:30",
        "Re: printer",
        "a=b",
        "team:café",
        'team:"SERVICE desk",none',
        "-",
        "",
        '"stauts:open"',
        "a<b",
        "(draft)",
        "smile (-:",
        "or",
        '"A OR B"',
        "a!=b",
        "tag:none",
        "team:mine",
        "is:new,snoozed,overdue",
        "due:overdue",
        "resolved<7d",
        "organization:acme mailbox:help@acme.test watcher:me",
    ],
)
def test_what_is_no_mistake(text: str) -> None:
    assert parse_query(text, OWN, NOW, NAMES, UTC).problems == ()


@pytest.mark.parametrize(
    "text", ["w " * 31, "status:open " * 41, "a" * 1001], ids=["words", "fields", "characters"]
)
def test_nothing_that_was_typed_is_left_out_in_silence(text: str) -> None:
    assert {one.kind for one in parse_query(text, OWN, NOW, NAMES, UTC).problems} == {"long"}
    assert parse_query(text[: len(text) // 2], OWN, NOW, NAMES, UTC).problems == ()


@given(PIECES)
@example('priority>=" " status:" " requester:" "')
@example('team:"a,b",c -"x y has:,,"" created<')
@example("created:0000 due>99999y waiting<=0001-01-01 created<" + "9" * 5000 + "d")
def test_reading_never_fails_and_places_are_in_the_text(text: str) -> None:
    for names in (None, NAMES):
        query = parse_query(text, OWN, NOW, names)
        for problem in query.problems:
            assert 0 <= problem.start < problem.end <= len(text)
            assert text[problem.start : problem.end].strip() == problem.word.strip()
    for cursor in (0, len(text) // 2, len(text)):
        found = complete(text, cursor, NAMES, OWN)
        assert 0 <= found.start <= found.end <= len(text)


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("sta", ("status:",)),
        ("printer -ta", ("tag:",)),
        ("status:open,p", ("pending",)),
        ("assignee:", ("me", "nobody", "ana", "ben")),
        ("due:o", ("overdue",)),
        ("team:m", ("mine",)),
        ("tag:no", ("none",)),
        ("is:sn", ("snoozed",)),
        ("watcher:m", ("me",)),
        ("org", ("organization:",)),
        ("team:ser", ('"Service desk"',)),
        ("team:caf", ("Café",)),
        ("category:print", ("Hardware/Printer",)),
        ("from:ac", ("@acme.com",)),
        ("sub", ("subject:",)),
        ("subject:v", ()),
        ("sort:-cr", ("-created",)),
        ("sort:wai", ("waiting", "-waiting")),
        ("cost:b", ('"B C"',)),
        ("has:", ("attachment", "note", "task", "approval", "cost", "amount")),
        ("waiting>", ("30m", "1h", "4h", "1d", "3d", "1w")),
        ('"sta', ()),
        ("#1", ()),
        ("", ()),
        ("printer ", ()),
    ],
)
def test_what_a_word_may_go_on_as(text: str, options: tuple[str, ...]) -> None:
    found = complete(text, len(text), NAMES, OWN)
    assert found.options == options
    for option in options:
        whole = text[: found.start] + option
        if not whole.endswith(":"):
            assert parse_query(whole, OWN, NOW, NAMES).problems == ()
