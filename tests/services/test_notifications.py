"""Mentions and what agents are told: once each, to those who are meant, until it is read."""

from __future__ import annotations

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import AddNote
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.notifications import ListNotifications, MarkRead, NotificationView
from tui_desk.contracts.status import ShowStatus
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.db.fast import open_reader
from tui_desk.services.actor import Actor
from tui_desk.services.desk_status import show_status


def told(desk: Desk, actor: Actor, *, everything: bool = False) -> list[NotificationView]:
    return list(desk.ask(ListNotifications(everything), actor))


def unread(desk: Desk, actor: Actor) -> int:
    reader = open_reader(desk.database.url)
    try:
        return show_status(reader, actor, ShowStatus()).notifications
    finally:
        reader.close()


def test_a_mention_tells_the_agent_and_makes_a_watcher(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(AddNote(number, "Could @Ben look?\n\n@ben again, and @ana herself, ben@else.test"))
    (one,) = told(desk, desk.ben)
    assert (one.kind, one.ticket, one.by, one.read) == ("mention", number, "Ana Díaz", False)
    assert "Could @Ben look? @ben again" in one.sentence
    assert not told(desk, desk.ana), "nobody is told of what he wrote himself"
    assert [w.name for w in desk.ask(ShowTicket(number)).watchers if w.is_agent].count("Ben Otto") == 1


def test_a_team_is_told_member_by_member(desk: Desk) -> None:
    desk.ask(SaveTeam("Service Desk"), desk.root)
    desk.ask(SaveAgent("ben", teams=("Service Desk",)), desk.root)
    desk.ask(SaveAgent("sue", teams=("Service Desk",), active=False), desk.root)
    number = ticket(desk)
    desk.ask(AddNote(number, "For @service-desk and @ben"))
    assert len(told(desk, desk.ben)) == 1
    assert not told(desk, desk.actors["sue"]), "who left is not told"


def test_read_means_read_and_only_ones_own(desk: Desk) -> None:
    first, second = ticket(desk), ticket(desk)
    desk.ask(AddNote(first, "@ben one"))
    desk.ask(AddNote(second, "@ben two @sue"))
    assert unread(desk, desk.ben) == 2
    ids = tuple(one.id for one in told(desk, desk.ben))
    assert desk.ask(MarkRead(ids), desk.actors["sue"]) == 0, "somebody else's stay unread"
    assert desk.ask(MarkRead(ticket=first), desk.ben) == 1
    assert [one.ticket for one in told(desk, desk.ben)] == [second]
    assert desk.ask(MarkRead(everything=True), desk.ben) == 1
    assert unread(desk, desk.ben) == 0
    assert [one.read for one in told(desk, desk.ben, everything=True)] == [True, True]
    assert unread(desk, desk.actors["sue"]) == 1
