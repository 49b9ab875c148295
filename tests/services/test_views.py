"""Saved views: who sees and changes them, undo; what the filter line finds by time, work, assets and people; earlier queries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar

import pytest
from sqlmodel import select

from tests.services.desk import Desk, open_desk
from tests.support.flood import flood
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.history import ListEvents, ShowEvent
from tui_desk.contracts.queue import ListTickets, PageKey, TicketPage
from tui_desk.contracts.tasks import AddTask, DueBy, SetTask
from tui_desk.contracts.ticket_work import SetNextAction
from tui_desk.contracts.tickets import NewTicket, SetFields, UndoDeed, UndoLast
from tui_desk.contracts.views import (
    HISTORY_LIMIT,
    KeepQuery,
    ListSavedViews,
    RemoveView,
    SaveView,
    Sharing,
    ShowFilterNames,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Role, TaskState, TicketStatus
from tui_desk.core.errors import Conflict, NotFound, Refused, UsageError
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.models import (
    Asset,
    Attachment,
    Message,
    Person,
    PersonAddress,
    Team,
    TeamMember,
    Ticket,
    TicketAsset,
    TicketTag,
)
from tui_desk.rules.query import refuse_cut_exclusion
from tui_desk.services import query_words
from tui_desk.services.actor import Actor
from tui_desk.services.dispatch import handler_of, load
from tui_desk.services.saved_views import stream_of

T = TypeVar("T")


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    with open_desk(database_url) as desk:
        desk.now = utc_now() - timedelta(hours=1)
        yield desk


@pytest.fixture
def reader(desk: Desk) -> Iterator[FastReader]:
    opened = open_reader(desk.database.url)
    yield opened
    opened.close()


def fast(reader: FastReader, request: Request[T], actor: Actor) -> T:
    answer: T = load(handler_of(request))(reader, actor, request)
    return answer


def names_seen(reader: FastReader, actor: Actor) -> list[str]:
    return [view.name for view in fast(reader, ListSavedViews(), actor)]


def test_who_sees_changes_and_takes_back_a_view(desk: Desk, reader: FastReader) -> None:
    sue = desk.actors["sue"]
    desk.ask(SaveTeam("Network"), desk.root)
    with desk.writing() as session:
        team = session.exec(select(Team)).one()
        session.add(TeamMember(team_id=team.id, agent_id=desk.ana.agent_id))
    mine = desk.ask(SaveView(None, " My  VPN ", "tag:vpn  waiting>4h", sort="due"))
    assert mine.view is not None
    assert (mine.view.name, mine.view.query, mine.view.may_change) == ("My VPN", "tag:vpn waiting>4h", True)
    assert names_seen(reader, sue) == []
    with pytest.raises(NotFound):
        desk.ask(RemoveView(mine.view.id), sue)
    with pytest.raises(Refused, match="already"):
        desk.ask(SaveView(None, "my vpn"))
    for asked in (
        SaveView(None, "x", sharing=Sharing.DESK),
        SaveView(None, "x", sharing=Sharing.TEAM, team="Network"),
    ):
        with pytest.raises(Refused, match="may not share"):
            desk.ask(asked, desk.ben)
    teams = desk.ask(SaveView(None, "Net", "status:open", sharing=Sharing.TEAM, team="Network")).view
    desks = desk.ask(SaveView(None, "All high", "priority>=high", sharing=Sharing.DESK), sue).view
    assert teams is not None
    assert desks is not None
    assert names_seen(reader, desk.ana) == ["My VPN", "Net", "All high"]
    assert names_seen(reader, desk.ben) == names_seen(reader, desk.rita) == ["All high"]
    assert names_seen(reader, sue) == ["Net", "All high"]
    for asked_of in (SaveView(teams.id, "Mine now"), RemoveView(teams.id)):
        with pytest.raises(NotFound):  # its name is nothing to one who is not of the team
            desk.ask(asked_of, desk.ben)
    for asked_of in (SaveView(desks.id, "Mine now"), RemoveView(desks.id)):
        with pytest.raises(Refused, match="shared"):
            desk.ask(asked_of)
    with pytest.raises(Refused):
        desk.ask(SaveView(None, "Own", sharing=Sharing.DESK), desk.rita)
    assert desk.ask(SaveView(None, "Own"), desk.rita).view is not None
    gone = desk.ask(RemoveView(teams.id), sue)
    with pytest.raises(Refused, match="nothing of yours"):
        desk.ask(UndoLast(0, gone.event_ids), desk.ben)
    desk.ask(UndoLast(0, gone.event_ids), sue)
    assert "Net" in names_seen(reader, desk.ana)
    renamed = desk.ask(SaveView(mine.view.id, "VPN", "tag:vpn"))
    desk.ask(UndoLast(0, renamed.event_ids))
    assert replace(fast(reader, ListSavedViews(), desk.ana)[0], version=mine.view.version) == mine.view
    desk.ask(RemoveView(mine.view.id))
    for deed in (renamed, mine):
        with pytest.raises((NotFound, Refused)):
            desk.ask(UndoLast(0, deed.event_ids))


def test_two_people_change_one_view(desk: Desk, reader: FastReader) -> None:
    made = desk.ask(SaveView(None, "Fair", "tag:fair", sharing=Sharing.DESK), desk.root).view
    assert made is not None
    [seen] = [one for one in fast(reader, ListSavedViews(), desk.ana) if one.id == made.id]
    change = SaveView(seen.id, "Fair", "tag:fair is:open", sharing=Sharing.DESK, version=seen.version)
    desk.ask(change, desk.root)
    with pytest.raises(Conflict, match="changed by Root meanwhile"):
        desk.ask(replace(change, query="tag:fair is:waiting"), desk.actors["sue"])
    [now] = [one for one in fast(reader, ListSavedViews(), desk.ana) if one.id == made.id]
    assert (now.query, now.version) == ("tag:fair is:open", seen.version + 1)


def test_views_that_make_no_sense(desk: Desk) -> None:
    for asked in (
        SaveView(None, " "),
        SaveView(None, "mine"),
        SaveView(None, "x", "status:opne"),
        SaveView(None, "x", sort="age"),
    ):
        with pytest.raises(UsageError):
            desk.ask(asked)


def test_earlier_queries_are_ones_own_and_end(desk: Desk, reader: FastReader) -> None:
    for number in range(HISTORY_LIMIT + 3):
        desk.ask(KeepQuery(f"q{number}"))
    desk.ask(KeepQuery("q50"))
    history = fast(reader, ShowFilterNames(), desk.ana).history
    assert (len(history), history[0], history[1]) == (HISTORY_LIMIT, "q50", f"q{HISTORY_LIMIT + 2}")
    assert fast(reader, ShowFilterNames(), desk.ben).history == ()


def _fill(desk: Desk) -> None:
    """1: old, an asset, a file. 2: a tag with an accent, a task due. 3: a note, a next action. 4: of another domain."""
    subjects = ("Müller cannot print", "VPN slow", "Café machine", "Nothing")
    people = ("zoe@acme.com", "otto@acme.com", "eva@mail.acme.com", "acme@com.test")
    for subject, who in zip(subjects, people, strict=True):
        desk.ask(NewTicket(subject, who, f"Body of {subject}"))
    with desk.writing() as session:
        first = session.get_one(Ticket, 1)
        first.created_at -= timedelta(days=10)
        session.add(
            Asset(
                id=7, tag="LT-0042", name="Zeppelin", type="Laptop", created_at=desk.now, updated_at=desk.now
            )
        )
        session.flush()
        session.add(TicketAsset(ticket_id=1, asset_id=7))
        message = Message(ticket_id=1, kind="note", direction="internal", at=desk.now, text="see file")
        session.add(message)
        session.flush()
        session.add(
            Attachment(
                message_id=message.id,
                position=0,
                filename="a.pdf",
                content_type="application/pdf",
                size=1,
                sha256="0" * 64,
            )
        )
        session.add(TicketTag(ticket_id=2, tag="Señal"))
    begun = desk.ask(AddTask(2, "Call back", due=DueBy(on=desk.now.date())))
    desk.ask(SetTask(begun.id, state=TaskState.IN_PROGRESS))
    desk.ask(SetNextAction(3, "Order", on=(desk.now + timedelta(days=5)).date()))


FOUND = (
    ("created<3d", {2, 3, 4}),
    ("created>3d", {1}),
    ("-created>3d", {2, 3, 4}),
    ("updated<2h", {1, 2, 3, 4}),
    ("waiting>30m", {1, 2, 3, 4}),
    ("waiting>1d", set()),
    ("due<2d", {2}),
    ("due>2d", {3}),
    ("due<2w", {2, 3}),
    ("has:attachment", {1}),
    ("has:note,task", {1, 2}),
    ("-has:task", {1, 3, 4}),
    ("asset:lt-0042", {1}),
    ("asset:LT-*", {1}),
    ("zepp", {1}),
    ("lt-0042", {1}),
    ("muller", {1}),
    ("MÜLLER print", {1}),
    ("cafe", {3}),
    ('"cannot print"', {1}),
    ('"print cannot"', set()),
    ("tag:senal", {2}),
    ("-tag:SEÑAL", {1, 3, 4}),
    ("requester:@acme.com", {1, 2}),
    ("requester:acme", {1, 2, 3, 4}),
    ("from:otto", {2}),
    ("from:otto,zoe -from:zoe@acme.com", {2}),
    ("is:unassigned,mine", {1, 2, 3, 4}),
    ("is:unread", set()),
    ("priority>normal", set()),
    ("priority<=normal", {1, 2, 3, 4}),
    ("assignee:ben", set()),
    ("created<3x", set()),
    ("stauts:open", set()),
    ('status:" "', {1, 2, 3, 4}),
    ("#1 #3", {1, 3}),
)


def test_what_is_found(desk: Desk, reader: FastReader) -> None:
    _fill(desk)
    found = {
        query: {row.number for row in fast(reader, ListTickets(view="all", query=query), desk.ana).rows}
        for query, _expected in FOUND
    }
    assert found == dict(FOUND)


def test_what_is_excluded_is_in_no_message_and_no_asset_of_the_ticket(
    desk: Desk, reader: FastReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_words, "ASSET_TICKETS_LIMIT", 1)
    numbers = [desk.ask(NewTicket(f"Zebra {one}", "zoe@acme.com", "stripes")) for one in range(3)]
    desk.ask(AddNote(numbers[0], "spots"))
    with desk.writing() as session:
        for at, number in enumerate(numbers[1:], 1):
            tag = f"OKAPI-{at}"
            session.add(Asset(id=at, tag=tag, name=tag, type="x", created_at=desk.now, updated_at=desk.now))
            session.flush()
            session.add(TicketAsset(ticket_id=number, asset_id=at))

    def found(query: str) -> set[int]:
        return {row.number for row in fast(reader, ListTickets(view="all", query=query), desk.ana).rows}

    assert found("zebra -spots") == {numbers[1], numbers[2]}
    assert found("-spots zebra stripes") == {numbers[1], numbers[2]}
    assert found("okapi") == {numbers[1], numbers[2]}
    assert found("zebra -okapi") == {numbers[0]}
    assert found("-okapi") == {numbers[0]}
    assert found("okapi -spots") == {numbers[1], numbers[2]}


def test_that_only_the_newest_messages_were_searched_is_told(desk: Desk, reader: FastReader) -> None:
    _fill(desk)

    def cut(query: str, **more: Any) -> bool:
        return fast(reader, ListTickets(view="all", query=query, **more), desk.ana).cut

    assert not cut("cafe")
    if not reader.is_sqlite:
        return
    flood(desk.database, "toner")
    assert [cut(query) for query in ("toner", "-toner", "ton", "toner -cafe")] == [True] * 4
    assert [cut(query) for query in ("cafe", "-cafe", "toner cafe", "status:open", "")] == [False] * 5
    assert cut("cafe", also="toner")
    with pytest.raises(Refused, match="excluded surely"):
        refuse_cut_exclusion("status:open -toner", cut("status:open -toner"))
    refuse_cut_exclusion("toner", cut("toner"))
    refuse_cut_exclusion("-cafe", cut("-cafe"))


def test_what_is_due_first_is_first_on_every_page(desk: Desk, reader: FastReader) -> None:
    today = desk.now.date()
    for number in range(1, 13):
        desk.ask(NewTicket(f"T{number}", "zoe@acme.com", "x"))
        if number % 3:
            desk.ask(SetNextAction(number, "do", on=today + timedelta(days=20 - number)))
    expected = [11, 10, 8, 7, 5, 4, 2, 1, 12, 9, 6, 3]

    def page(**place: PageKey | bool | None) -> TicketPage:
        return fast(reader, ListTickets(view="all", query="sort:due", limit=3, **place), desk.ana)

    forwards, here = [], page()
    while True:
        forwards += [row.number for row in here.rows]
        if not here.has_after:
            break
        here = page(after=here.keys[-1])
    assert forwards == expected
    backwards, here = [], page(from_end=True)
    while True:
        backwards[:0] = [row.number for row in here.rows]
        if not here.has_before:
            break
        here = page(before=here.keys[0])
    assert backwards == expected
    assert [row.number for row in page(around=here.keys[1]).rows] == expected[1:4]
    desk.ask(SetFields(11, status=TicketStatus.RESOLVED))
    desk.ask(AddTask(10, "After all", due=DueBy(on=today)))
    desk.ask(SetFields(10, status=TicketStatus.CLOSED, despite="nobody waits for it"))
    assert [row.number for row in page().rows] == [8, 7, 5], "nothing is due of what is over"


def test_many_people_of_one_name_are_looked_up_in_the_tickets(desk: Desk, reader: FastReader) -> None:
    with desk.writing() as session:
        session.add_all([Person(id=9000 + n, name=f"Zed {n}", created_at=desk.now) for n in range(520)])
        session.flush()
        session.add_all([PersonAddress(person_id=9000 + n, address=f"z{n}@many.test") for n in range(520)])
    number = desk.ask(NewTicket("Here", "z519@many.test", "x"))
    desk.ask(NewTicket("There", "else@few.test", "x"))
    for query in ("from:@many.test", "from:zed"):
        assert [row.number for row in fast(reader, ListTickets(query=query), desk.ana).rows] == [number]


def test_the_history_names_a_view_to_those_only_who_see_it(desk: Desk) -> None:
    team = desk.ask(SaveTeam("Network"), desk.root).id
    with desk.writing() as session:
        for actor in (desk.ana, desk.rita):
            session.add(TeamMember(team_id=team, agent_id=actor.agent_id))
    mine = desk.ask(SaveView(None, "Lawsuit of Eva", "tag:law")).view
    desk.ask(SaveView(None, "Our own", "tag:a", sharing=Sharing.TEAM, team="Network"))
    desk.ask(SaveView(None, "Of us all", "tag:b", sharing=Sharing.DESK), desk.root)
    desk.ask(SaveView(mine.id, "Lawsuit of Ida", "tag:law", version=mine.version))
    desk.ask(RemoveView(mine.id))

    def told(actor: Actor, stream: str = "") -> str:
        return " ".join(one.sentence for one in desk.ask(ListEvents(stream), actor).events)

    private = desk.ask(ListEvents(stream_of(desk.ana.agent_id))).events
    assert sum("Lawsuit" in one.sentence for one in private) == 3
    for actor, teams in ((desk.ben, False), (desk.rita, True), (desk.root, True)):
        for stream in ("", stream_of(desk.ana.agent_id)):
            assert "Lawsuit" not in told(actor, stream)
            assert ("Our own" in told(actor, stream)) is teams
        assert "Of us all" in told(actor)
        for event in private:
            if "Lawsuit" in event.sentence:
                with pytest.raises(NotFound):
                    desk.ask(ShowEvent(event.id), actor)
    for event in private:
        if "Lawsuit" in event.sentence:
            with pytest.raises((NotFound, Refused)) as refused:
                desk.ask(UndoDeed(event.id), desk.root)
            assert "Lawsuit" not in str(refused.value)


def test_what_a_view_was_while_it_was_private_stays_its_owners_when_it_is_shared(desk: Desk) -> None:
    desk.ask(SaveAgent("ana", role=Role.SUPERVISOR), desk.root)
    ana = replace(desk.ana, role=Role.SUPERVISOR)
    view = desk.ask(SaveView(None, "Lawsuit of Eva", "from:eva"), ana).view
    shared = SaveView(view.id, "Complaints", "tag:a", sharing=Sharing.PRIVATE, version=view.version)
    view = desk.ask(shared, ana).view
    shared = replace(shared, sharing=Sharing.DESK, version=view.version)
    view = desk.ask(shared, ana).view  # by itself
    view = desk.ask(replace(shared, query="tag:b", version=view.version), ana).view
    hidden = replace(shared, name="Against Ida", sharing=Sharing.PRIVATE, version=view.version)
    view = desk.ask(hidden, ana).view
    view = desk.ask(replace(hidden, name="Against Ivo", version=view.version), ana).view
    again = replace(hidden, name="All complaints", sharing=Sharing.DESK, version=view.version)
    view = desk.ask(again, ana).view  # says its private name, too

    stream = stream_of(desk.ana.agent_id)
    mine = desk.ask(ListEvents(stream), ana).events
    assert len(mine) == 7
    theirs = desk.ask(ListEvents(stream), desk.ben).events
    assert [one.id for one in theirs] == [mine[3].id, mine[4].id], "shared, and changed while it was"
    for one in mine:
        if one not in theirs:
            with pytest.raises(NotFound):
                desk.ask(ShowEvent(one.id), desk.ben)
        else:
            shown = str(desk.ask(ShowEvent(one.id), desk.ben))
            assert not any(word in shown for word in ("Eva", "eva", "Ida", "Ivo"))


def test_the_end_of_a_view_of_the_desk_is_told_to_everybody(desk: Desk) -> None:
    shared = desk.ask(SaveView(None, "Of us all", "tag:b", sharing=Sharing.DESK), desk.root).view
    desk.ask(RemoveView(shared.id), desk.root)
    assert any("Of us all" in one.sentence for one in desk.ask(ListEvents(), desk.ben).events)
