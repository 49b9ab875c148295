"""Handing over with a note, and the next action."""

from __future__ import annotations

from datetime import date

import pytest

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import AddNote, SaveDraft
from tui_desk.contracts.desk import SaveAgent, SaveSettings, SaveTeam
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.contracts.tickets import SetFields, ShowTicket, UndoLast
from tui_desk.core.enums import DraftKind, MessageKind
from tui_desk.core.errors import NotFound, Refused, UsageError


@pytest.fixture
def teams(desk: Desk) -> Desk:
    for name, member in (("Service desk", "ana"), ("Network", "ben")):
        desk.ask(SaveTeam(name), desk.root)
        desk.ask(SaveAgent(member, teams=(name,)), desk.root)
    return desk


def test_a_hand_over_keeps_its_note_and_tells_the_team(teams: Desk) -> None:
    number = ticket(teams)
    teams.ask(SetFields(number, team="Service desk", assignee="ana"))
    teams.ask(SaveDraft(number, DraftKind.NOTE, "Something else I am writing"))
    teams.ask(HandOver(number, "network", "Port 12 is dead. @sue knows the room."))
    view = teams.ask(ShowTicket(number))
    assert (view.team, view.assignee) == ("Network", "")
    assert view.messages[-1].text.startswith("Handed over to Network:\n\nPort 12 is dead.")
    assert [draft.body for draft in view.drafts] == ["Something else I am writing"]
    (told,) = teams.ask(ListNotifications(), teams.ben)
    assert (told.kind, told.ticket, told.sentence) == (
        "handover",
        number,
        "Ana Díaz hands it over to Network",
    )
    assert [one.kind for one in teams.ask(ListNotifications(), teams.actors["sue"])] == ["mention"]
    teams.ask(UndoLast(number))
    assert teams.ask(ShowTicket(number)).team == "Service desk"


def test_to_one_agent_of_the_team(teams: Desk) -> None:
    number = ticket(teams)
    with pytest.raises(Refused, match="Ana Díaz is not in the team Network"):
        teams.ask(HandOver(number, "Network", assignee="ana"))
    teams.ask(HandOver(number, "Network", assignee="ben"))
    assert teams.ask(ShowTicket(number)).assignee_login == "ben"
    with pytest.raises(Refused, match="is with Network already"):
        teams.ask(HandOver(number, "Network", assignee="ben"))
    with pytest.raises(NotFound):
        teams.ask(HandOver(number, "Nobody knows", "x"))


def test_a_desk_may_require_the_note(teams: Desk) -> None:
    teams.ask(SaveSettings(handover_note_required=True), teams.root)
    number = ticket(teams)
    teams.ask(SetFields(number, team="Service desk"))  # the first team of a ticket is no hand-over
    before = len(teams.ask(ShowTicket(number)).messages)
    for request in (SetFields(number, team="Network"), HandOver(number, "Network", " ")):
        with pytest.raises(Refused, match="wants a note with every hand-over"):
            teams.ask(request)
    assert len(teams.ask(ShowTicket(number)).messages) == before
    teams.ask(HandOver(number, "Network", "All yours."))
    assert teams.ask(ShowTicket(number)).team == "Network"


def test_the_next_action_is_shown_changed_and_taken_back(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetNextAction(number, " Call the supplier\x1b[c ", date(2026, 3, 9)))
    view = desk.ask(ShowTicket(number))
    assert (view.next_action_on, view.next_action.startswith("Call the supplier")) == (date(2026, 3, 9), True)
    assert "\x1b" not in view.next_action
    desk.ask(SetNextAction(number, ""))
    assert desk.ask(ShowTicket(number)).next_action_on is None
    desk.ask(UndoLast(number))
    assert desk.ask(ShowTicket(number)).next_action_on == date(2026, 3, 9)
    with pytest.raises(UsageError, match="what is to be done on that day"):
        desk.ask(SetNextAction(number, " ", date(2026, 3, 9)))


def test_a_visit_is_written_down(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(AddNote(number, "Came to the desk with the laptop.", channel_kind=MessageKind.FORM))
    view = desk.ask(ShowTicket(number))
    assert view.messages[-1].kind is MessageKind.FORM
    assert view.events[-1].sentence == "Ana Díaz logged a visit"
