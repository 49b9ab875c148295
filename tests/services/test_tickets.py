"""Entering tickets, changing their fields, and what the history says of it."""

from __future__ import annotations

import pytest
from sqlmodel import col, select

from tests.services.desk import Desk
from tests.support.history import first_broken
from tui_desk.contracts.conversation import AttachToDraft, DetachFromDraft, DropDraft, SaveDraft
from tui_desk.contracts.tickets import NewTicket, SetFields, ShowTicket, TakeTicket
from tui_desk.core.enums import Channel, DraftKind, MessageKind, Priority, TicketStatus
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.models import Event


def ticket(desk: Desk, **fields: object) -> int:
    asked = {
        "subject": "Printer on fire",
        "requester": "Otto <otto@client.test>",
        "body": "It burns.",
        **fields,
    }
    return desk.ask(NewTicket(**asked))


def test_a_ticket_entered_by_hand_shows_what_was_said(desk: Desk) -> None:
    number = ticket(desk, channel=Channel.PHONE, priority=Priority.HIGH, category="Hardware/Printer")
    view = desk.ask(ShowTicket(number))
    assert (view.subject, view.status, view.priority) == ("Printer on fire", TicketStatus.NEW, Priority.HIGH)
    assert (view.requester_name, view.requester_address) == ("Otto", "otto@client.test")
    assert view.category == "Hardware/Printer"
    assert view.requester_waiting
    assert [(message.kind, message.text, message.author) for message in view.messages] == [
        (MessageKind.PHONE, "It burns.", "Otto")
    ]
    assert [event.sentence for event in view.events] == ["Ana Díaz opened the ticket (phone)"]


def test_a_walk_in_needs_no_address(desk: Desk) -> None:
    number = ticket(desk, requester="Erika Mustermann", channel=Channel.WALKIN)
    view = desk.ask(ShowTicket(number))
    assert (view.requester_name, view.requester_address) == ("Erika Mustermann", "")


@pytest.mark.parametrize("wrong", [{"requester": ""}, {"requester": "a@@b"}, {"subject": "", "body": ""}])
def test_a_ticket_that_makes_no_sense_is_refused(desk: Desk, wrong: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        ticket(desk, **wrong)


def test_the_same_address_in_another_spelling_is_the_same_person(desk: Desk) -> None:
    one = desk.ask(ShowTicket(ticket(desk)))
    other = desk.ask(ShowTicket(ticket(desk, requester="OTTO@Client.TEST")))
    assert one.requester_id == other.requester_id


def test_fields_change_and_the_history_says_so(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, status=TicketStatus.OPEN, priority=Priority.CRITICAL))
    answer = desk.ask(SetFields(number, status=TicketStatus.PENDING, tags=("VIP", "paper"), assignee="ben"))
    assert len(answer.event_ids) == 3
    view = desk.ask(ShowTicket(number))
    assert (view.assignee, view.assignee_login, view.tags) == ("Ben Otto", "ben", ("paper", "vip"))
    assert [event.sentence for event in view.events][1:] == [
        "Ana Díaz set the priority from normal to critical",
        "Ana Díaz set the status from new to open",
        "Ana Díaz set the tags to paper, vip",
        "Ana Díaz set the assignee to Ben Otto",
        "Ana Díaz set the status from open to pending",
    ]
    assert view.version == 3


def test_setting_what_is_already_so_changes_nothing(desk: Desk) -> None:
    number = ticket(desk)
    before = desk.ask(ShowTicket(number))
    answer = desk.ask(SetFields(number, priority=Priority.NORMAL))
    assert answer.event_ids == ()
    assert desk.ask(ShowTicket(number)).version == before.version


def test_taking_opens_a_new_ticket(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(TakeTicket(number), desk.ben)
    view = desk.ask(ShowTicket(number))
    assert (view.status, view.assignee_login) == (TicketStatus.OPEN, "ben")


def test_resolving_and_reopening_keep_and_clear_the_times(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED))
    resolved = desk.ask(ShowTicket(number))
    assert resolved.resolved_at is not None
    assert resolved.closed_at is None
    desk.ask(SetFields(number, status=TicketStatus.CLOSED))
    closed = desk.ask(ShowTicket(number))
    assert closed.resolved_at == resolved.resolved_at
    assert closed.closed_at is not None
    desk.ask(SetFields(number, status=TicketStatus.OPEN))
    reopened = desk.ask(ShowTicket(number))
    assert (reopened.resolved_at, reopened.closed_at) == (None, None)


def test_names_that_do_not_exist_are_told_and_nothing_changes(desk: Desk) -> None:
    number = ticket(desk)
    for wrong in ({"assignee": "nobody"}, {"team": "Ghosts"}):
        with pytest.raises(NotFound):
            desk.ask(SetFields(number, priority=Priority.LOW, **wrong))
    with pytest.raises(Refused):
        desk.ask(SetFields(number, assignee="rita"))
    with pytest.raises(NotFound, match="#4711"):
        desk.ask(ShowTicket(4711))
    assert desk.ask(ShowTicket(number)).version == 1


def test_a_reader_changes_nothing(desk: Desk) -> None:
    number = ticket(desk)
    for request in (
        SetFields(number, priority=Priority.LOW),
        TakeTicket(number),
        NewTicket("x", "a@b.test", "y"),
        SaveDraft(number, DraftKind.REPLY, "hello"),
    ):
        with pytest.raises(Refused):
            desk.ask(request, desk.rita)
    assert desk.ask(ShowTicket(number), desk.rita).subject == "Printer on fire"


def test_hostile_text_is_harmless_in_the_view(desk: Desk) -> None:
    number = ticket(
        desk, subject="a\x1b[cb", body="x\x1b]0;title\x07y\x9b", requester="Evil\x1b[2J <e@x.test>"
    )
    view = desk.ask(ShowTicket(number))
    shown = repr((view.subject, view.requester_name, [m.text for m in view.messages], view.events))
    assert "\\x1b" not in shown
    assert "\\x9b" not in shown


def test_a_draft_is_kept_shared_and_dropped(desk: Desk, tmp_path: object) -> None:
    number = ticket(desk)
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Dear Otto", cc="boss@client.test", base_message_id=1))
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Dear Otto, sorry", cc="boss@client.test"))
    mine = desk.ask(ShowTicket(number)).drafts
    assert [(draft.body, draft.mine, draft.base_message_id) for draft in mine] == [
        ("Dear Otto, sorry", True, 1)
    ]
    assert [draft.mine for draft in desk.ask(ShowTicket(number), desk.ben).drafts] == [False]
    desk.ask(DropDraft(number, DraftKind.REPLY))
    assert desk.ask(ShowTicket(number)).drafts == ()


def test_a_file_stays_with_the_draft_when_it_is_gone_from_disk(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    number = ticket(desk)
    path = tmp_path_factory.mktemp("files") / "report.pdf"
    path.write_bytes(b"%PDF")
    kept = desk.ask(AttachToDraft(number, DraftKind.REPLY, str(path)))
    path.unlink()
    assert (kept.filename, kept.content_type, kept.size) == ("report.pdf", "application/pdf", 4)
    assert desk.ask(ShowTicket(number)).drafts[0].attachments == (kept,)
    desk.ask(DetachFromDraft(number, DraftKind.REPLY, kept.id))
    assert desk.ask(ShowTicket(number)).drafts[0].attachments == ()
    with pytest.raises(UsageError, match="No such file"):
        desk.ask(AttachToDraft(number, DraftKind.REPLY, str(path)))
    with pytest.raises(UsageError):
        desk.ask(AttachToDraft(number, DraftKind.REPLY, str(path.parent)))


def test_the_chain_of_events_holds(desk: Desk) -> None:
    number = ticket(desk)
    desk.ask(SetFields(number, priority=Priority.LOW, subject="Ünïcode ✓", tags=("a",)))
    with desk.database.reading() as session:
        events = session.exec(
            select(Event).where(Event.stream == f"ticket:{number}").order_by(col(Event.position))
        ).all()
        assert len(events) == 4
        assert first_broken(events) is None
