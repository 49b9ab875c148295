"""What the filter line finds for words, compared with the plain answer: every message read, word by word."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.new_desk import open_new_desk
from tui_desk.contracts.queue import ListTickets, TicketPage
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role
from tui_desk.db import search_fts5, search_tsvector
from tui_desk.db.engine import open_database
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.db.search import index_message
from tui_desk.db.url import parse_database_url
from tui_desk.models import Message, Person, Task, Ticket, TicketTag
from tui_desk.rules.query import parse_query
from tui_desk.rules.query_terms import TextTerm
from tui_desk.rules.words import words_of
from tui_desk.services import query_parts, queue
from tui_desk.services.actor import Actor
from tui_desk.services.queue import count_matching, list_tickets, read_query

ANA = Actor(1, "ana", "Ana", Role.ADMIN, "here")
AT = datetime(2026, 11, 1, tzinfo=UTC)
TICKETS = 60
VOCABULARY = (
    *("the", "printer", "print", "prints", "printing", "princess", "connect", "connected", "connection"),
    *(
        "ÄRGER",
        "Ärgerlich",
        "a_b",
        "2026",
        "20261",
        "2026x",
        "принтер",
        "принтеры",
        "日本",
        "日本語",
        "ꙗ",
        "zz",
    ),
)
OFTEN = [400, 90, 60, 5, 5, 2, 50, 5, 5, *[4] * 12]
"""How often each word is there, roughly as in a language."""
LIMITS: dict[str, dict[str, dict[str, int]]] = {
    "as they are": {},
    "all are many": {"fts5": {"FEW": 0, "PAGE": 0}, "tsvector": {"FEW": 0, "COMMON": 1, "GATHERED": 10**9}},
    "few beginnings": {
        "fts5": {"BEGINNINGS": 1, "FEW": 3, "PAGE": 0},
        "tsvector": {"SAMPLE": 20, "COMMON": 3},
    },
    "some are many": {"fts5": {"FEW": 30, "PAGE": 3}, "tsvector": {"FEW": 30, "COMMON": 20, "COUNTED": 5}},
}
CUT = {
    "fts5": {"NEWEST": 25, "WALKED": 80, "FEW": 5, "PAGE": 3, "FAR": 20},
    "tsvector": {"GATHERED": 10, "NEWEST": 40, "FEW": 5, "SUBJECTS": 5},
}


Texts = dict[int, list[tuple[tuple[str, ...], tuple[str, ...]]]]
"""Of each ticket the words of the subject and of the text of its messages."""


def _plain_words(text: str) -> tuple[str, ...]:
    return words_of(text.replace("_", " "))


def _limit(limits: dict[str, dict[str, int]], patch: pytest.MonkeyPatch) -> None:
    for module, name in ((search_fts5, "fts5"), (search_tsvector, "tsvector")):
        for limit, value in limits.get(name, {}).items():
            patch.setattr(module, limit, value)


def _fill(url: str) -> Texts:
    """A desk of a few talks; the words of each ticket's messages."""
    choice = random.Random(11)
    database = open_new_desk(url)
    texts: Texts = {}
    number = 0
    with database.writing() as session:
        session.add(Person(id=1, name="Zoe", created_at=AT))
        session.flush()
        for ticket in range(1, TICKETS + 1):
            at = AT + timedelta(minutes=choice.randrange(1000))
            status = choice.choice(("open", "closed"))
            session.add(
                Ticket(id=ticket, subject="x", requester_id=1, status=status, created_at=at, updated_at=at)
            )
        session.flush()
        for _turn in range(3):
            for ticket in range(1, TICKETS + 1):
                number += 1
                words = " ".join(choice.choices(VOCABULARY, OFTEN, k=choice.randrange(1, 9)))
                subject = " ".join(choice.choices(VOCABULARY, OFTEN, k=choice.randrange(1, 4)))
                session.add(
                    Message(
                        id=number,
                        ticket_id=ticket,
                        kind="email",
                        direction="in",
                        author_person_id=1,
                        at=AT,
                        subject=subject,
                        text=words,
                    )
                )
                session.flush()
                index_message(session, number, ticket, subject, words, "zoe")
                texts.setdefault(ticket, []).append((_plain_words(subject), _plain_words(words)))
    database.close()
    return texts


@pytest.fixture
def texts(database_url: str) -> Texts:
    return _fill(database_url)


@pytest.fixture
def reader(database_url: str, texts: Texts) -> Iterator[FastReader]:
    opened = open_reader(parse_database_url(database_url))
    yield opened
    opened.close()


def _stands(message: tuple[tuple[str, ...], tuple[str, ...]], term: TextTerm) -> bool:
    subject, body = message
    return _has(subject, term) or (not term.in_subject and _has(body, term))


def _has(words: tuple[str, ...], term: TextTerm) -> bool:
    """Whether the words of a term stand one behind the other, the last one perhaps as a beginning."""
    sought = _plain_words(" ".join(term.words))
    goes_on = term.prefix and (len(term.words[-1]) > 1 or not term.words[-1].isascii())
    for at in range(len(words) - len(sought) + 1):
        here = words[at : at + len(sought)]
        last = here[-1].startswith(sought[-1]) if goes_on else here[-1] == sought[-1]
        if here[:-1] == sought[:-1] and last:
            return True
    return False


def _plain(texts: Texts, query: str) -> set[int]:
    """The tickets with a message that has all words, and none that has one of the words behind a ``-``."""
    terms = parse_query(query).texts
    wanted = [term for term in terms if not term.negated]
    unwanted = [term for term in terms if term.negated]
    alone = len(wanted) == 1 and len(wanted[0].words) == 1 and not wanted[0].in_subject
    lone = wanted[0].words[0] if alone else ""
    return {
        number
        for number, messages in texts.items()
        if (
            str(number) == lone or any(all(_stands(message, term) for term in wanted) for message in messages)
        )
        and not any(_stands(message, term) for message in messages for term in unwanted)
    }


def _page(reader: FastReader, query: str) -> TicketPage:
    return list_tickets(reader, ANA, ListTickets(view="all", query=query, limit=TICKETS))


word = st.sampled_from(VOCABULARY) | st.sampled_from(VOCABULARY).flatmap(
    lambda whole: st.integers(1, len(whole)).map(lambda size: whole[:size])
)
phrase = st.lists(word, min_size=2, max_size=4).map(lambda words: f'"{" ".join(words)}"')
term = st.tuples(
    st.sampled_from(("", "", "", "-")), st.sampled_from(("", "", "subject:")), word | phrase
).map("".join)
queries = st.lists(term, min_size=1, max_size=4).map(" ".join)
same_desk = settings(
    max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@pytest.mark.parametrize("limits", LIMITS.values(), ids=LIMITS)
def test_what_is_found_is_what_is_there(
    texts: Texts,
    reader: FastReader,
    limits: dict[str, dict[str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _limit(limits, monkeypatch)

    @same_desk
    @given(query=queries)
    def compare(query: str) -> None:
        page = _page(reader, query)
        found = [row.number for row in page.rows]
        assert not page.cut
        assert set(found) == _plain(texts, query)
        newest = sorted(page.rows, key=lambda row: (row.updated_at, row.number), reverse=True)
        assert found == [row.number for row in newest]
        assert count_matching(reader, ANA, "all", read_query(reader, query)) == (len(found), False)
        still_open = list_tickets(reader, ANA, ListTickets(view="open", query=query, limit=TICKETS)).rows
        assert [row.number for row in still_open] == [row.number for row in newest if row.status == "open"]

    compare()


def test_of_words_in_many_messages_the_newest_are_found(
    texts: Texts, reader: FastReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not all messages were looked at it is told, and what is found without an exclusion is there."""
    _limit(CUT, monkeypatch)

    @same_desk
    @given(query=queries)
    def compare(query: str) -> None:
        page, there = _page(reader, query), _plain(texts, query)
        found = {row.number for row in page.rows}
        if not page.cut:
            assert found == there
        elif not any(term.negated for term in parse_query(query).texts):
            assert found <= there

    compare()
    assert _page(reader, "the connect").cut
    assert _page(reader, '"connect the"').cut


@pytest.mark.usefixtures("texts")
def test_a_beginning_that_sqlite_takes_for_two_words_is_found(reader: FastReader, database_url: str) -> None:
    """Its tokenizer knows an older Unicode: some letters of New Tai Lue part words there."""
    database = open_database(database_url)
    with database.writing() as session:
        session.add(Message(id=9001, ticket_id=1, kind="note", direction="internal", at=AT))
        session.flush()
        index_message(session, 9001, 1, "", "abcd\u19b0efgh", "")
    database.close()
    search = search_fts5 if reader.is_sqlite else search_tsvector
    sql, values = search.look_up(reader.rows, parse_query("abcd\u19b0ef").texts, short=False).condition
    assert [int(row[0]) for row in reader.rows(f"SELECT t.id FROM ticket t WHERE {sql}", values)] == [1]


@pytest.mark.parametrize("limit", [2_000, 3, 0])
def test_the_seldom_is_found_by_number_or_in_each_ticket(
    texts: Texts,
    reader: FastReader,
    database_url: str,
    limit: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever way it is looked up, what is found and what is excluded are the same and all there is."""
    today = utc_now().astimezone().date()
    has: dict[str, set[int]] = {name: set() for name in ("note", "task", "spam", "phone", "chat", "incident")}
    due: dict[int, int] = {}
    database = open_database(database_url)
    with database.writing() as session:
        for number in range(1, TICKETS + 1):
            ticket = session.get_one(Ticket, number)
            if number % 7 == 0:
                has["note"].add(number)
                for other in (1000 + number, 2000 + number):
                    session.add(Message(id=other, ticket_id=number, kind="note", direction="internal", at=AT))
            if number % 11 == 0:
                has["task"].add(number)
                due[number] = number % 5
                day = today + timedelta(days=due[number])
                session.add(Task(ticket_id=number, title="x", created_at=AT, updated_at=AT, due_on=day))
            if number % 9 == 0:
                ticket.next_action_on = today + timedelta(days=number % 4)
                due[number] = number % 4
            if number % 8 == 0:
                session.add_all(
                    [TicketTag(ticket_id=number, tag=tag) for tag in ("vpn", "lan")[: number % 3]]
                )
            ticket.spam = number % 13 == 0
            ticket.channel = {0: "phone", 1: "chat"}.get(number % 6, "email")
            ticket.type = "incident" if number % 10 == 0 else "request"
    database.close()
    open_ones = {row.number for row in _page(reader, "").rows if row.status == "open"}
    every = set(range(1, TICKETS + 1))
    phone, chat = ({n for n in every if n % 6 == rest} for rest in (0, 1))
    spam, incident = {n for n in every if n % 13 == 0}, {n for n in every if n % 10 == 0}
    expected = {
        "has:note": has["note"],
        "has:task": has["task"],
        "has:note,task": has["note"] | has["task"],
        "is:spam": spam,
        "is:spam,open": spam | open_ones,
        "channel:phone": phone,
        "channel:phone,chat": phone | chat,
        "channel:email,chat": every - phone,
        "type:incident": incident,
        "type:request": every - incident,
        "status:open": open_ones,
        "status:open,new": open_ones,
        "tag:vpn": {n for n in every if n % 8 == 0 and n % 3},
        "tag:lan,vpn": {n for n in every if n % 8 == 0 and n % 3},
        "tag:lan": {n for n in every if n % 8 == 0 and n % 3 == 2},
        "due<2d": {n for n in due if due[n] < 2},
        "due>3d": {n for n in due if due[n] >= 3},  # a day is over at its end
    }
    monkeypatch.setattr(query_parts, "HAVING_LIMIT", limit)
    for query, there in expected.items():
        assert {row.number for row in _page(reader, query).rows} == there, query
        assert {row.number for row in _page(reader, f"-{query}").rows} == every - there, query


def test_of_many_open_tickets_a_count_says_at_least_so_many(
    texts: Texts, reader: FastReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL looks words up in the tickets changed last and stops; SQLite counts all."""
    _limit(LIMITS["all are many"], monkeypatch)
    monkeypatch.setattr(queue, "_COUNTED", 10)
    there = _plain(texts, "the")
    newest = [row.number for row in list_tickets(reader, ANA, ListTickets(view="open", limit=TICKETS)).rows]
    assert len(newest) > 10
    counted = count_matching(reader, ANA, "open", read_query(reader, "the"))
    if reader.is_sqlite:
        assert counted == (len(there & {*newest}), False)
    else:
        assert counted == (len(there & {*newest[:11]}), True)


@pytest.mark.parametrize("typed", ["_", "subject:_", 'subject:"__"'])
def test_what_has_no_letter_is_found_nowhere(texts: Texts, reader: FastReader, typed: str) -> None:
    for query in (typed, f"the {typed}", f"{typed} the"):
        assert _page(reader, query).rows == (), query
    assert {row.number for row in _page(reader, f"the -{typed}").rows} == _plain(texts, "the")
