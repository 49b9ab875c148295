"""What is asked of a ticket that was merged into another, and where its links lead."""

from __future__ import annotations

from datetime import date

import pytest

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.approvals import NewApproval, StepInput
from tui_desk.contracts.conversation import AddNote, SendReply
from tui_desk.contracts.macros import ApplyMacro, SaveMacro
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.recognition import LinkLicence
from tui_desk.contracts.tasks import AddTask, ApplyChecklist
from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.contracts.tickets import (
    LinkAsset,
    LinkTickets,
    MarkSpam,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoDeed,
    UndoLast,
    UnlinkTickets,
)
from tui_desk.contracts.timekeeping import AddTime, StartTimer
from tui_desk.core.enums import LinkKind, Priority, TicketStatus
from tui_desk.core.errors import Conflict, MergedAway, Refused
from tui_desk.services import audit


def bound(desk: Desk, number: int) -> list[tuple[str, bool, int]]:
    """The links of a ticket: kind, whether they begin here, with whom."""
    links = desk.ask(ShowTicket(number)).links
    return sorted((link.kind.value, link.outgoing, link.number) for link in links)


def test_a_merged_ticket_is_answered_and_moved_on_no_more_and_names_the_other(desk: Desk) -> None:
    add_mailbox(desk)
    kept, merged = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(MergeTickets(kept, (merged,)))
    macro = desk.ask(SaveMacro(None, "High", fields={"priority": "high"}), desk.root)
    for request in (
        SendReply(merged, "Hello", now=True),
        SendReply(merged, "Hello", now=True, status_after="resolved"),
        SetFields(merged, status=TicketStatus.OPEN),
        SetFields(merged, status=TicketStatus.CLOSED, priority=Priority.HIGH),
        TakeTicket(merged),
        AddNote(merged, "By the way"),
        SetFields(merged, priority=Priority.HIGH),
        SetNextAction(merged, "Call her"),
        HandOver(merged, "Support"),
        AddTask(merged, "Look at it"),
        ApplyChecklist(merged, "Laptop"),
        AddTime(merged, 60, date(2026, 3, 2)),
        StartTimer(merged),
        NewApproval(merged, "May we?", (StepInput(("ben",)),)),
        ApplyMacro(merged, macro.id),
        LinkAsset(merged, 1),
        LinkLicence(merged, 1),
    ):
        with pytest.raises(MergedAway, match=f"#{merged} was merged into #{kept}") as told:
            desk.ask(request)
        assert (told.value.number, told.value.into) == (merged, kept)
        assert f"Work with #{kept}" in told.value.hint
    view = desk.ask(ShowTicket(merged))
    assert (view.status, view.priority, view.assignee) == (TicketStatus.CLOSED, Priority.NORMAL, "")
    desk.ask(UndoLast(merged))
    desk.ask(SetFields(merged, status=TicketStatus.RESOLVED))


def test_the_status_of_a_merged_ticket_stays_whichever_way_it_is_tried(desk: Desk) -> None:
    add_mailbox(desk)
    kept, old, spam = ticket(desk), ticket(desk), ticket(desk)
    desk.ask(SetFields(old, status=TicketStatus.PENDING))
    desk.ask(SetFields(old, status=TicketStatus.CLOSED))
    before = desk.ask(ShowTicket(old)).events[-1]
    desk.ask(MarkSpam(spam))
    marked = desk.ask(ShowTicket(spam)).events[-1]
    merged = desk.ask(MergeTickets(kept, (old, spam)))
    for number, event in ((old, before), (spam, marked)):
        with pytest.raises(MergedAway):
            desk.ask(UndoDeed(event.id))
        with pytest.raises(MergedAway):
            desk.ask(MarkSpam(number))
        with pytest.raises(MergedAway):
            desk.ask(MarkSpam(number, spam=False))
        view = desk.ask(ShowTicket(number))
        assert (view.status, view.merged_into) == (TicketStatus.CLOSED, kept)
    desk.ask(UndoDeed(merged.event_ids[0]))
    desk.ask(UndoDeed(before.id))
    assert desk.ask(ShowTicket(old)).status is TicketStatus.PENDING


def test_links_of_a_merged_ticket_lead_to_the_one_that_has_it_all_and_back(desk: Desk) -> None:
    kept, merged, child, blocker, both, other = (ticket(desk, subject=f"T{n}") for n in range(6))
    desk.ask(LinkTickets(merged, child, LinkKind.PARENT))
    desk.ask(LinkTickets(blocker, merged, LinkKind.BLOCKS))
    desk.ask(LinkTickets(merged, both, LinkKind.RELATED))
    desk.ask(LinkTickets(both, kept, LinkKind.RELATED))
    desk.ask(LinkTickets(merged, kept, LinkKind.FOLLOW_UP))
    desk.ask(LinkTickets(other, merged, LinkKind.DUPLICATE))
    numbers = (kept, merged, child, blocker, both, other)
    before = [bound(desk, number) for number in numbers]

    desk.ask(MergeTickets(kept, (merged,)))
    assert bound(desk, kept) == [
        ("blocks", False, blocker),
        ("duplicate", False, merged),
        ("duplicate", False, other),
        ("follow_up", False, merged),
        ("parent", True, child),
        ("related", False, both),
    ], "no link with itself, none twice"
    assert bound(desk, merged) == [("duplicate", True, kept), ("follow_up", True, kept)]
    assert [bound(desk, n) for n in (child, blocker)] == [[("parent", False, kept)], [("blocks", True, kept)]]
    assert any("removed the link" in one.sentence for one in desk.ask(ShowTicket(child)).events)
    with pytest.raises(Refused, match="is open"):
        desk.ask(SetFields(kept, status=TicketStatus.RESOLVED))

    desk.later(days=3)
    desk.ask(UndoLast(merged))
    assert [bound(desk, number) for number in numbers] == before
    desk.ask(UndoDeed(desk.ask(ShowTicket(merged)).events[-1].id))
    assert bound(desk, merged) == [("duplicate", True, kept), ("follow_up", True, kept)]
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_a_link_that_would_close_a_circle_stays_with_the_merged_ticket(desk: Desk) -> None:
    kept, merged, middle = (ticket(desk, subject=f"T{n}") for n in range(3))
    desk.ask(LinkTickets(merged, middle, LinkKind.PARENT))
    desk.ask(LinkTickets(middle, kept, LinkKind.PARENT))
    desk.ask(MergeTickets(kept, (merged,)))
    assert bound(desk, middle) == [("parent", False, merged), ("parent", True, kept)]
    assert ("parent", True, middle) in bound(desk, merged)


def test_a_merge_of_a_merge_keeps_what_the_first_one_told(desk: Desk) -> None:
    first, second, third, related = (ticket(desk, subject=f"T{n}") for n in range(4))
    desk.ask(LinkTickets(third, related))
    desk.ask(MergeTickets(second, (third,)))
    assert bound(desk, related) == [("related", False, second)]
    desk.ask(MergeTickets(first, (second,)))
    assert bound(desk, third) == [("duplicate", True, second)]
    assert bound(desk, related) == [("related", False, first)]
    desk.ask(UndoLast(second))
    desk.ask(UndoLast(third))
    assert (bound(desk, related), bound(desk, second)) == ([("related", False, third)], [])


def test_no_ticket_waits_for_itself_by_way_of_others(desk: Desk) -> None:
    one, two, three = (ticket(desk, subject=f"T{n}") for n in range(3))
    desk.ask(LinkTickets(one, two, LinkKind.BLOCKS))
    desk.ask(LinkTickets(two, three, LinkKind.BLOCKS))
    with pytest.raises(Refused, match=f"#{three} waits for #{one} already"):
        desk.ask(LinkTickets(three, one, LinkKind.BLOCKS))
    with pytest.raises(Refused, match="each would wait for the other"):
        desk.ask(LinkTickets(one, three, LinkKind.PARENT))  # a parent waits for its child, which one blocks
    four = ticket(desk, subject="T4")
    desk.ask(LinkTickets(three, one, LinkKind.PARENT))
    desk.ask(LinkTickets(one, four, LinkKind.PARENT))
    with pytest.raises(Refused, match=f"#{three} is above #{four} already"):
        desk.ask(LinkTickets(four, three, LinkKind.PARENT))
    desk.ask(LinkTickets(one, three, LinkKind.FOLLOW_UP))  # follows and waits for nothing


def test_an_undo_brings_no_circle_back(desk: Desk) -> None:
    one, two = ticket(desk), ticket(desk, subject="Toner")
    desk.ask(LinkTickets(one, two, LinkKind.BLOCKS))
    link = desk.ask(ShowTicket(one)).links[0]
    removed = desk.ask(UnlinkTickets(link.id))
    desk.ask(LinkTickets(two, one, LinkKind.BLOCKS))
    with pytest.raises(Conflict, match="a ticket would wait for itself"):
        desk.ask(UndoDeed(removed.event_ids[0]))
    assert bound(desk, one) == [("blocks", False, two)]
