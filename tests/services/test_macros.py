"""Canned replies and macros: filled in, offered in the right order, carried out as one deed or not at all, taken back together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.custom_fields import define, put
from tests.services.desk import Desk
from tui_desk.contracts.conversation import AttachToDraft, OpenCompose, SaveDraft, SendReply
from tui_desk.contracts.desk import SaveTeam
from tui_desk.contracts.history import SETTINGS, ListEvents, ShowEvent
from tui_desk.contracts.macros import (
    ApplyMacro,
    FillCanned,
    Filled,
    ListCanned,
    ListMacros,
    MacroDone,
    PreviewCanned,
    PreviewMacro,
    SaveCanned,
    SaveMacro,
    ShowCanned,
    ShowMacro,
)
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.people import SavePerson
from tui_desk.contracts.tasks import AddTask, ChecklistItemView, SaveChecklist
from tui_desk.contracts.tickets import SetFields, ShowTicket, TicketView, UndoDeed, UndoLast
from tui_desk.core.enums import (
    DeliveryState,
    DraftKind,
    FieldKind,
    FieldRequired,
    FieldSubject,
    Priority,
    TicketStatus,
)
from tui_desk.core.errors import Blocked, Conflict, NotFound, Refused, UsageError
from tui_desk.models import CannedReply, OutboxItem
from tui_desk.services.context import known


def canned(
    desk: Desk, name: str = "VPN", text: str = "Hello {requester.first_name|there}", **more: Any
) -> int:
    return desk.ask(SaveCanned(None, name, text, **more), desk.root).id


def macro(desk: Desk, name: str = "Close it", **more: Any) -> int:
    return desk.ask(SaveMacro(None, name, **more), desk.root).id


def person(desk: Desk, number: int, name: str, **more: Any) -> None:
    desk.ask(SavePerson(desk.ask(ShowTicket(number)).requester_id, name, **more))


def show(desk: Desk, number: int) -> TicketView:
    return desk.ask(ShowTicket(number))


def test_a_canned_reply_is_filled_in_and_counted(desk: Desk) -> None:
    number = ticket(desk, subject="{agent.name} [x](http://y)")
    reply = canned(
        desk,
        text="Dear {requester.first_name|all}\n{if requester.vip}at once{else}soon{end}: {ticket.subject}",
    )
    person(desk, number, "Díaz, Eva")
    filled = desk.ask(FillCanned(number, reply))
    assert filled.text == "Dear Eva\nsoon: {agent.name} [x](http://y)"
    assert filled.problems == ()
    [seen] = desk.ask(ListCanned())
    assert (seen.used, seen.used_at) == (1, desk.now.replace(second=desk.now.second - 1))
    empty = canned(desk, "Company", "At {requester.organization}:")
    assert desk.ask(ShowCanned("company")).id == empty
    assert desk.ask(FillCanned(number, empty)).problems == ("{requester.organization} has no value here.",)


def test_a_canned_reply_is_looked_at_as_it_would_be_put_in_and_not_counted(desk: Desk) -> None:
    number = ticket(desk)
    person(desk, number, "Eva")
    with desk.writing() as session:  # of a version that knew other variables
        row = CannedReply(name="Old", body="Hi {requester.name}, {requester.organization}{ticket.colour}")
        session.add(row)
        session.flush()
        reply = known(row.id)
    looked = desk.ask(PreviewCanned(number, reply))
    assert looked == Filled(
        "Hi Eva, {ticket.colour}",
        ("{requester.organization} has no value here.", "{ticket.colour}: there is no such variable."),
        ("{ticket.colour}",),
    )
    assert [one.used for one in desk.ask(ListCanned())] == [0]
    assert desk.ask(FillCanned(number, reply)) == looked


def test_what_can_never_be_filled_in_is_not_kept(desk: Desk) -> None:
    with pytest.raises(UsageError, match=r"Line 2, column 4: \{requester.nmae\}: there is no such variable"):
        canned(desk, text="Hi\nto {requester.nmae}")
    with pytest.raises(UsageError, match=r"has no \{end\}"):
        macro(desk, note="{if requester.vip} hurry")
    with pytest.raises(UsageError, match="does something"):
        macro(desk)
    with pytest.raises(UsageError, match="no value of status"):
        macro(desk, fields={"status": "gone"})
    assert desk.ask(ListCanned(inactive=True)) == ()


def test_the_requesters_language_comes_first_then_what_is_used_most(desk: Desk) -> None:
    number = ticket(desk)
    person(desk, number, "Eva", language="es")
    for name, language in (("A", "en"), ("B", ""), ("C", "es"), ("D", "es")):
        canned(desk, name, language=language)
    last = next(one for one in desk.ask(ListCanned()) if one.name == "D")
    desk.ask(FillCanned(number, last.id))
    assert [one.name for one in desk.ask(ListCanned(number))] == ["D", "C", "B", "A"]


def test_macros_have_a_language_as_canned_replies_have(desk: Desk) -> None:
    number = ticket(desk)
    person(desk, number, "Eva", language="es")
    for language in ("en", "es", "", "de"):
        macro(desk, "Ask", note="x", language=language)
    assert [one.language for one in desk.ask(ListMacros(number))] == ["es", "", "en", "de"]
    assert desk.ask(ShowMacro("ask", number=number)).language == "es"
    with pytest.raises(Refused, match="already"):
        macro(desk, "Ask", note="x", language="ES")
    with pytest.raises(UsageError):
        macro(desk, "Ask", note="x", language="Spanish")


def test_whose_they_are(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SaveTeam("Network"), desk.root)
    canned(desk, "Of the team", team="Network")
    own = desk.ask(SaveCanned(None, "Mine", "x", own=True))
    assert own.own
    assert {one.name for one in desk.ask(ListCanned())} == {"Of the team", "Mine"}
    assert [one.name for one in desk.ask(ListCanned(number))] == ["Mine"]
    assert desk.ask(ListCanned(number), desk.ben) == ()
    with pytest.raises(NotFound):
        desk.ask(ShowCanned(id=own.id), desk.ben)
    with pytest.raises(NotFound):
        desk.ask(SaveCanned(own.id, "Stolen", "x", own=True), desk.ben)
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveCanned(None, "Shared", "x"))
    with pytest.raises(Refused, match="Only a supervisor"):
        desk.ask(SaveCanned(own.id, "Shared now", "x"))
    desk.ask(SetFields(number, team="Network"))
    assert {one.name for one in desk.ask(ListCanned(number))} == {"Of the team", "Mine"}


def test_what_is_ones_own_is_taken_back_by_nobody_else(desk: Desk) -> None:
    desk.ask(SaveCanned(None, "Mine", "my own words", own=True))
    [event] = [one for one in desk.ask(ListEvents()).events if "Mine" in one.sentence]
    for request in (ListEvents(), ListEvents(SETTINGS), ListEvents(f"own:{desk.ana.agent_id}")):
        told = " ".join(one.sentence for one in desk.ask(request, desk.root).events)
        assert "Mine" not in told
    with pytest.raises(NotFound):
        desk.ask(ShowEvent(event.id), desk.root)
    with pytest.raises(NotFound):
        desk.ask(UndoDeed(event.id), desk.root)
    assert [one.name for one in desk.ask(ListCanned())] == ["Mine"]
    shared = canned(desk)
    event = desk.ask(ListEvents(), desk.root).events[0]
    desk.ask(UndoDeed(event.id), desk.root)
    with pytest.raises(NotFound):
        desk.ask(ShowCanned(id=shared))
    [mine] = desk.ask(ListCanned())
    desk.ask(SaveCanned(mine.id, "Mine", "other words", own=True, version=mine.version))
    newest = desk.ask(ListEvents(f"own:{desk.ana.agent_id}")).events[0]
    desk.ask(UndoDeed(newest.id))
    assert [one.text for one in desk.ask(ListCanned())] == ["my own words"]


def test_two_people_change_one(desk: Desk) -> None:
    canned(desk)
    read = desk.ask(ShowCanned("vpn"))
    desk.ask(SaveCanned(read.id, "VPN", "New", version=read.version), desk.root)
    with pytest.raises(Conflict):
        desk.ask(SaveCanned(read.id, "VPN", "Other", version=read.version), desk.root)
    with pytest.raises(Refused, match="one called"):
        canned(desk, "vpn")
    assert canned(desk, "vpn", language="de")


def test_an_answer_with_something_not_filled_in_is_stopped_once(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    asked = desk.ask(SendReply(number, "Dear {requester.frist_name}, use {username}"))
    assert [one.code for one in asked.findings] == ["variables"]
    assert asked.findings[0].sentence == "Not filled in: {requester.frist_name}"
    sent = desk.ask(SendReply(number, "Dear {requester.frist_name}", confirmed=("variables",)))
    assert sent.outbox_id is not None


def everything(desk: Desk, **more: Any) -> int:
    desk.ask(SaveTeam("Network"), desk.root)
    item = ChecklistItemView("Ask the provider")
    desk.ask(SaveChecklist(None, "Provider", items=(item,)), desk.root)
    return macro(
        desk,
        fields={
            "status": "pending", "priority": "high", "assignee": "me", "team": "Network",
            "category": "Network/VPN", "tags": "vpn,-old",
        },
        tasks=("checklist=Provider", "Call {requester.first_name|them} | days=2 | optional"),
        note="Told {requester.name|nobody}.",
        reply="Hello {requester.first_name|there}, #{ticket.number}",
        **more,
    )  # fmt: skip


def test_a_macro_does_all_of_it_and_one_undo_takes_it_back(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    desk.ask(SetFields(number, tags=("old", "kept")))
    person(desk, number, "Eva Díaz")
    done = desk.ask(ApplyMacro(number, everything(desk)))
    assert (done.draft, done.outbox_id, done.warnings) == (True, None, ())
    now = show(desk, number)
    assert (now.status, now.priority, now.assignee_login, now.team, now.category, now.tags) == (
        TicketStatus.PENDING,
        Priority.HIGH,
        "ana",
        "Network",
        "Network/VPN",
        ("kept", "vpn"),
    )
    assert [(task.title, task.blocking) for task in now.tasks] == [
        ("Ask the provider", True),
        ("Call Eva", False),
    ]
    assert now.messages[-1].text == "Told Eva Díaz."
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body == f"Hello Eva, #{number}"
    assert "Ana Díaz applied the macro Close it" in [event.sentence for event in now.events]
    assert [one.used for one in desk.ask(ListMacros(number))] == [1]
    desk.ask(UndoLast(number, done.event_ids))
    then = show(desk, number)
    assert (then.status, then.priority, then.assignee, then.team, then.tags, then.tasks) == (
        TicketStatus.NEW,
        Priority.NORMAL,
        "",
        "",
        ("kept", "old"),
        (),
    )
    assert then.messages[-1].text == "Told Eva Díaz.", "what was written stays"


def test_a_macro_that_sends_is_stopped_with_all_it_did(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    done = desk.ask(ApplyMacro(number, everything(desk, send=True)))
    assert done.outbox_id is not None
    assert done.held_until is not None
    assert show(desk, number).status is TicketStatus.PENDING
    undone = desk.ask(UndoLast(number, done.event_ids))
    assert "Not sent" in undone.sentence
    then = show(desk, number)
    assert (then.status, then.priority, then.tasks) == (TicketStatus.NEW, Priority.NORMAL, ())
    assert outbox_states(desk) == [DeliveryState.CANCELLED.value]
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body.startswith("Hello")


def test_a_macro_that_sends_takes_no_draft_away_and_none_of_its_files_along(
    desk: Desk, tmp_path: Path
) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    file = tmp_path / "salaries.txt"
    file.write_text("for somebody else")
    desk.ask(SaveDraft(number, DraftKind.REPLY, "half a thought"))
    desk.ask(AttachToDraft(number, DraftKind.REPLY, str(file)))
    mine = macro(desk, reply="Done.", send=True)
    assert "draft" in desk.ask(PreviewMacro(number, mine)).problems[0]
    with pytest.raises(Refused, match="You have a draft"):
        desk.ask(ApplyMacro(number, mine))
    [draft] = show(desk, number).drafts
    assert (draft.body, len(draft.attachments), outbox_states(desk)) == ("half a thought", 1, [])


def test_after_the_mail_has_left_the_rest_can_still_be_taken_back(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    done = desk.ask(ApplyMacro(number, everything(desk, send=True)))
    with desk.writing() as session:
        item = session.exec(select(OutboxItem)).one()
        item.state = "done"
        session.add(item)
    desk.ask(UndoLast(number, done.event_ids))
    assert show(desk, number).tasks == ()
    assert outbox_states(desk) == ["done"]


def test_the_mail_is_stopped_though_the_rest_cannot_be_taken_back_any_more(desk: Desk) -> None:
    add_mailbox(desk)
    number, other = ticket(desk), ticket(desk)
    done = desk.ask(ApplyMacro(number, everything(desk, send=True)))
    desk.ask(MergeTickets(other, (number,)), desk.ben)
    told = desk.ask(UndoLast(number, done.event_ids))
    assert "What else the macro did stays" in told.sentence
    assert outbox_states(desk) == ["cancelled"]


def test_the_rest_of_a_macro_does_not_get_round_what_resolving_needs(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    define(desk, FieldSubject.TICKET, "cause", FieldKind.TEXT, required=FieldRequired.RESOLVING)
    put(desk, number, cause="dust")
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    done = desk.ask(ApplyMacro(number, macro(desk, fields={"status": "open"}, reply="Once more.", send=True)))
    put(desk, number, cause="")
    told = desk.ask(UndoLast(number, done.event_ids))
    assert "Cause of #1 must have a value when it is over" in told.sentence
    assert show(desk, number).status is TicketStatus.OPEN
    assert outbox_states(desk) == ["cancelled"]


def outbox_states(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(session.exec(select(OutboxItem.state)))


def test_what_cannot_be_done_is_told_before_anything_is(desk: Desk) -> None:
    number = ticket(desk)
    mine = macro(
        desk,
        fields={"priority": "low", "assignee": "nobody-here", "team": "Gone"},
        tasks=("checklist=Lost",),
        reply="x",
        send=True,
    )
    told = desk.ask(PreviewMacro(number, mine)).problems
    assert len(told) == 4, told
    with pytest.raises(Refused, match=r"no agent.*no team.*no checklist.*no mailbox"):
        desk.ask(ApplyMacro(number, mine))
    assert show(desk, number).priority is Priority.NORMAL
    with pytest.raises(Refused, match="may look"):
        desk.ask(ApplyMacro(number, mine), desk.rita)


def test_what_is_open_is_asked_about_and_the_guard_looks_too(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    desk.ask(AddTask(number, "Measure"))
    mine = macro(
        desk,
        fields={"status": "resolved", "priority": "low"},
        reply="Done, {requester.organization}",
        send=True,
    )
    preview = desk.ask(PreviewMacro(number, mine))
    assert preview.problems == ()
    assert preview.open == ("Task open: Measure",)
    assert preview.unfilled == ("{requester.organization} has no value here.",)
    first: MacroDone = desk.ask(ApplyMacro(number, mine, despite="Moved"))
    assert [one.code for one in first.findings] == ["variables"]
    assert show(desk, number).priority is Priority.NORMAL
    with pytest.raises(Blocked):
        desk.ask(ApplyMacro(number, mine, confirmed=("variables",)))
    assert show(desk, number).messages[-1].text == "It burns."
    done = desk.ask(ApplyMacro(number, mine, "Moved", ("variables",)))
    assert done.outbox_id is not None
    assert show(desk, number).status is TicketStatus.RESOLVED


def test_one_tag_is_told_as_one(desk: Desk) -> None:
    number = ticket(desk)
    for name, tags in (("One", "major,-old"), ("Two", "major,vpn,-old,-gone")):
        desk.ask(SaveMacro(None, name, {"tags": tags}), desk.root)
    told = {one.name: desk.ask(PreviewMacro(number, one.id)).steps for one in desk.ask(ListMacros(number))}
    assert told == {
        "One": ("adds the tag major", "takes the tag old away"),
        "Two": ("adds the tags major, vpn", "takes the tags old, gone away"),
    }
