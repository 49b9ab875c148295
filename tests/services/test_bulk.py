"""One change of many tickets: shown, done once, taken back; and what one ticket refuses is that ticket's business."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.event import listen
from sqlalchemy.exc import OperationalError
from sqlmodel import col, func, select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.bulk import (
    BulkResult,
    ChangeBulk,
    MergeInto,
    PreviewBulk,
    ReplyToEach,
    Target,
    UndoBulk,
)
from tui_desk.contracts.conversation import DropDraft, SaveDraft
from tui_desk.contracts.desk import SaveSettings
from tui_desk.contracts.macros import ApplyMacro, SaveMacro
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.reviews import AskReview
from tui_desk.contracts.tagging import ChangeTags, TagsOf
from tui_desk.contracts.tasks import AddTask
from tui_desk.contracts.tickets import (
    LinkTickets,
    MarkSpam,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoDeed,
    UndoLast,
)
from tui_desk.core.enums import DraftKind, Priority, TicketStatus
from tui_desk.core.errors import NotFound, Refused, Unavailable, UsageError
from tui_desk.models import Event, OutboxItem

RESOLVED = SetFields(0, status=TicketStatus.RESOLVED)


def several(desk: Desk, count: int = 3, **fields: str) -> list[int]:
    return [
        ticket(desk, **{"requester": f"Otto {one} <otto{one}@client.test>", **fields}) for one in range(count)
    ]


def do(desk: Desk, numbers: list[int], change: Any, token: str = "t1") -> BulkResult:
    return desk.ask(ChangeBulk(tuple(map(Target, numbers)), change, token))


def statuses(desk: Desk, numbers: list[int]) -> list[str]:
    return [desk.ask(ShowTicket(number)).status.value for number in numbers]


def effects(result: Any) -> list[str]:
    return [line.effect for line in result.lines]


def outbox(desk: Desk) -> list[OutboxItem]:
    with desk.database.reading() as session:
        return list(session.exec(select(OutboxItem).order_by(col(OutboxItem.id))).all())


def test_what_is_shown_is_what_is_done_and_one_undo_takes_all_of_it_back(desk: Desk) -> None:
    numbers = several(desk)
    desk.ask(SetFields(numbers[0], status=TicketStatus.RESOLVED))
    desk.ask(AddTask(numbers[1], "Order it"))
    with desk.database.reading() as session:
        before = session.exec(select(func.count()).select_from(Event)).one()
    shown = desk.ask(PreviewBulk((*numbers, 4711), RESOLVED))
    assert effects(shown) == ["unchanged", "refused", "changed", "refused"]
    assert shown.lines[1].passable
    assert "Order it" in shown.lines[1].sentence
    with desk.database.reading() as session:
        assert session.exec(select(func.count()).select_from(Event)).one() == before
    done = do(desk, numbers, RESOLVED)
    assert effects(done) == ["unchanged", "refused", "changed"]
    assert "1 ticket changed · 1 was so already · 1 left alone" in done.sentence
    despite = SetFields(0, status=TicketStatus.RESOLVED, despite="the fair is over")
    assert effects(do(desk, numbers, despite, "t2")) == ["unchanged", "changed", "unchanged"]
    assert desk.ask(UndoBulk("t1")).count("changed") == 1
    assert statuses(desk, numbers) == ["resolved", "resolved", "new"]
    with pytest.raises(Refused):
        desk.ask(UndoBulk("nothing"))


def test_the_same_request_again_does_nothing_and_another_agents_token_is_another(desk: Desk) -> None:
    numbers = several(desk, 2)
    do(desk, numbers, ChangeTags(0, add=("Fair", "vip")))
    desk.ask(SetFields(numbers[0], tags=()))
    again = do(desk, numbers, ChangeTags(0, add=("Fair", "vip")))
    assert effects(again) == ["repeated", "repeated"]
    assert desk.ask(ShowTicket(numbers[0])).tags == ()
    other = desk.ask(ChangeBulk((Target(numbers[0]),), ChangeTags(0, add=("x",)), "t1"), desk.ben)
    assert effects(other) == ["changed"]
    assert [(one.tag, one.count) for one in desk.ask(TagsOf(tuple(numbers)))] == [
        ("fair", 1),
        ("vip", 1),
        ("x", 1),
    ]
    undone = desk.ask(UndoBulk("t1"))
    assert effects(undone) == ["refused", "changed"], "the first was changed since"
    assert (desk.ask(ShowTicket(numbers[0])).tags, desk.ask(ShowTicket(numbers[1])).tags) == (("x",), ())


def test_what_a_colleague_changed_since_it_was_looked_at_is_left_alone(desk: Desk) -> None:
    numbers = several(desk)
    shown = desk.ask(PreviewBulk(tuple(numbers), SetFields(0, priority=Priority.HIGH)))
    desk.ask(SetFields(numbers[1], priority=Priority.CRITICAL), desk.ben)
    done = desk.ask(ChangeBulk(shown.targets, SetFields(0, priority=Priority.HIGH), "t"))
    assert effects(done) == ["changed", "refused", "changed"]
    assert "changed meanwhile" in done.lines[1].sentence
    assert desk.ask(ShowTicket(numbers[1])).priority is Priority.CRITICAL


def test_it_can_be_stopped_on_the_way_and_gone_on_with(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_desk.services import bulk_batches

    monkeypatch.setattr(bulk_batches, "_HELD_SECONDS", 0)  # a transaction for each
    numbers = several(desk)
    told: list[tuple[int, int]] = []

    def watch(done: int, of: int) -> bool:
        told.append((done, of))
        return done < 2

    targets = tuple(map(Target, numbers))
    done = desk.ask(ChangeBulk(targets, TakeTicket(0), "t", watch))
    assert (told, done.left) == ([(1, 3), (2, 3)], (numbers[2],))
    assert effects(desk.ask(ChangeBulk(targets, TakeTicket(0), "t"))) == ["repeated", "repeated", "changed"]
    with desk.database.reading() as session:
        deeds = session.exec(select(Event.deed).where(Event.field == "assignee").distinct()).all()
    assert len(deeds) == 1
    desk.ask(UndoLast(numbers[1]))
    assert statuses(desk, numbers) == ["new", "new", "new"], "the history undoes the whole deed too"


def test_many_are_merged_into_one_and_parted_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_desk.services import bulk_merge

    monkeypatch.setattr(bulk_merge, "_AT_ONCE", 1)  # a transaction for each
    numbers = several(desk, 4)
    desk.ask(MergeTickets(numbers[0], (numbers[3],)))
    shown = desk.ask(PreviewBulk(tuple(numbers), MergeInto(numbers[0])))
    assert effects(shown) == ["unchanged", "changed", "changed", "refused"]
    targets = (Target(numbers[0]), *shown.targets)
    done = desk.ask(ChangeBulk(targets, MergeInto(numbers[0]), "t"))
    assert effects(done) == ["unchanged", "changed", "changed"]
    assert len(desk.ask(ShowTicket(numbers[0])).messages) == 4
    assert effects(desk.ask(ChangeBulk(targets, MergeInto(numbers[0]), "t")))[1:] == ["repeated", "repeated"]
    assert desk.ask(UndoBulk("t")).count("changed") == 2
    assert statuses(desk, numbers) == ["new", "new", "new", "closed"]
    with pytest.raises(Refused, match="was merged into"):
        desk.ask(PreviewBulk(tuple(numbers), MergeInto(numbers[3])))
    with pytest.raises(UsageError):
        desk.ask(PreviewBulk((numbers[1],), MergeInto(numbers[1])))


def test_tickets_that_are_linked_with_each_other_are_merged_all_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import bulk_merge

    monkeypatch.setattr(bulk_merge, "_AT_ONCE", 1)  # the link has moved before the other one's turn
    numbers = several(desk, 3)
    desk.ask(LinkTickets(numbers[1], numbers[2]))
    shown = desk.ask(PreviewBulk(tuple(numbers), MergeInto(numbers[0])))
    assert effects(desk.ask(ChangeBulk(shown.targets, MergeInto(numbers[0]), "t"))) == ["changed", "changed"]
    assert statuses(desk, numbers) == ["new", "closed", "closed"]
    assert desk.ask(UndoBulk("t")).count("changed") == 2
    assert statuses(desk, numbers) == ["new", "new", "new"]


def test_merging_stops_when_told_and_when_the_goal_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import bulk_merge

    monkeypatch.setattr(bulk_merge, "_AT_ONCE", 1)
    numbers = several(desk, 5)
    targets, into = tuple(map(Target, numbers[1:4])), MergeInto(numbers[0])
    stopped = desk.ask(ChangeBulk(targets, into, "t", lambda _done, _of: False))
    assert (effects(stopped), stopped.left) == (["changed"], (numbers[2], numbers[3]))

    def meanwhile(done: int, _of: int) -> bool:
        if done == 2:
            desk.ask(MergeTickets(numbers[4], (numbers[0],)), desk.ben)
        return True

    rest = desk.ask(ChangeBulk(targets, into, "t", meanwhile))
    assert (effects(rest), rest.left) == (["repeated", "changed"], (numbers[3],))
    assert f"#{numbers[0]} was merged into #{numbers[4]}" in rest.trouble


@pytest.mark.parametrize("how", ["all", "in one ticket", "history"])
def test_a_macro_that_answers_is_taken_back_with_all_its_mails(desk: Desk, how: str) -> None:
    add_mailbox(desk)
    numbers = several(desk, 2)
    macro = desk.ask(
        SaveMacro(None, "Over", fields={"priority": "high", "tags": "over"}, reply="It is over.", send=True),
        desk.root,
    )
    assert effects(do(desk, numbers, ApplyMacro(0, macro.id))) == ["changed", "changed"]
    assert [item.state for item in outbox(desk)] == ["held", "held"]
    if how == "all":
        assert desk.ask(UndoBulk("t1")).count("changed") == 2
    elif how == "in one ticket":
        desk.ask(UndoLast(numbers[0]))
    else:
        [event] = [one for one in desk.ask(ShowTicket(numbers[0])).events if one.field == "priority"]
        desk.ask(UndoDeed(event.id))
    assert [item.state for item in outbox(desk)] == ["cancelled", "cancelled"]
    shown = [desk.ask(ShowTicket(number)) for number in numbers]
    assert [(one.priority, one.tags, one.status.value) for one in shown] == [(Priority.NORMAL, (), "new")] * 2
    assert [len(one.drafts) for one in shown] == [0, 0]


@pytest.mark.parametrize("how", ["in one ticket", "history"])
def test_every_undo_of_many_is_the_undo_of_many(
    desk: Desk, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By ``u`` in a ticket and from the history too: in short transactions, and one ticket's conflict is its own."""
    from tui_desk.services import bulk_batches

    monkeypatch.setattr(bulk_batches, "_HELD_SECONDS", 0)  # a transaction for each
    numbers = several(desk, 4)
    do(desk, numbers, SetFields(0, priority=Priority.HIGH))
    desk.ask(SetFields(numbers[1], priority=Priority.CRITICAL), desk.ben)
    commits: list[object] = []
    listen(desk.database.engine, "commit", commits.append)
    if how == "in one ticket":
        undone = desk.ask(UndoLast(numbers[0]))
    else:
        [event] = [one for one in desk.ask(ShowTicket(numbers[3])).events if one.field == "priority"]
        undone = desk.ask(UndoDeed(event.id))
    assert len(commits) >= len(numbers)
    assert "Undone in 3 tickets · 1 left as it is" in undone.sentence
    shown = [desk.ask(ShowTicket(number)).priority.value for number in numbers]
    assert shown == ["normal", "critical", "normal", "normal"]
    [back] = [one for one in desk.ask(ShowTicket(numbers[0])).events[-1:] if one.field == "priority"]
    again = desk.ask(UndoDeed(back.id), desk.ben)
    assert "Undone in 3 tickets" in again.sentence, "an undo of many is a deed of many"
    shown = [desk.ask(ShowTicket(number)).priority.value for number in numbers]
    assert shown == ["high", "critical", "high", "high"]


def test_each_gets_an_answer_of_its_own_once_and_all_are_stopped_together(desk: Desk) -> None:
    add_mailbox(desk)
    numbers = several(desk, 3)
    numbers.append(ticket(desk, requester="nameless@client.test"))
    numbers.append(ticket(desk, requester="Walk In"))
    desk.ask(SaveDraft(numbers[1], DraftKind.REPLY, "half a thought"))
    body = "Dear {requester.first_name},\n\n#{ticket.number} ({ticket.subject}) is done.\n\n{agent.name}"
    wanted = ReplyToEach(body, status_after="resolved")
    shown = desk.ask(PreviewBulk(tuple(numbers), wanted))
    assert effects(shown) == ["changed", "refused", "changed", "refused", "refused"]
    assert shown.lines[0].text == f"Dear Otto,\n\n#{numbers[0]} (Printer) is done.\n\nAna Díaz"
    assert shown.lines[0].to == "otto0@client.test"
    assert "draft" in shown.lines[1].sentence
    assert "{requester.first_name} has no value" in shown.lines[3].sentence
    assert "no mail address" in shown.lines[4].sentence
    assert "never called back" in shown.warnings[0]
    assert outbox(desk) == []
    done = do(desk, numbers, wanted)
    assert effects(done) == effects(shown)
    assert done.held_until is not None
    items = outbox(desk)
    assert [item.ticket_id for item in items] == [numbers[0], numbers[2]]
    assert {item.held_until for item in items} == {done.held_until}
    assert statuses(desk, numbers)[:3] == ["resolved", "new", "resolved"]
    assert effects(do(desk, numbers, wanted))[0] == "repeated"
    assert len(outbox(desk)) == 2
    undone = desk.ask(UndoBulk("t1"))
    assert undone.count("changed") == 2
    assert {item.state for item in outbox(desk)} == {"cancelled"}
    assert statuses(desk, numbers)[:3] == ["new", "new", "new"]
    assert desk.ask(ShowTicket(numbers[0])).drafts == ()
    assert desk.ask(ShowTicket(numbers[1])).drafts[0].body == "half a thought"
    assert effects(do(desk, numbers, wanted))[0] == "repeated", (
        "what was stopped does not leave by a repetition"
    )


def test_what_was_written_is_told_although_the_database_goes_away(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import bulk

    def gone(*_values: object) -> None:
        raise Unavailable("The database is locked.")

    monkeypatch.setattr(bulk, "_hold_together", gone)
    add_mailbox(desk)
    done = do(desk, several(desk, 2), ReplyToEach("Hello"))
    assert (effects(done), done.trouble) == (["changed", "changed"], "The database is locked.")
    assert len(outbox(desk)) == 2


@pytest.mark.parametrize("reached", ["committed", "not committed"])
def test_a_connection_that_is_lost_while_it_commits_doubles_no_mail(desk: Desk, reached: str) -> None:
    add_mailbox(desk)
    numbers = several(desk, 2)
    lost: list[object] = []

    def lose(connection: Any) -> None:
        if lost or not connection.get_execution_options().get("tui_desk_writes"):
            return
        lost.append(connection)
        connection.connection.commit() if reached == "committed" else connection.connection.rollback()
        raise OperationalError("COMMIT", {}, Exception("server closed the connection unexpectedly"))

    listen(desk.database.engine, "commit", lose)
    done = do(desk, numbers, ReplyToEach("Hello"))
    assert (effects(done), done.left, done.trouble) == (["changed", "changed"], (), "")
    assert len(outbox(desk)) == 2
    assert desk.ask(UndoBulk("t1")).count("changed") == 2


def test_a_text_with_a_variable_that_nothing_knows_is_refused_at_the_word(desk: Desk) -> None:
    numbers = several(desk, 1)
    with pytest.raises(UsageError, match=r"Line 2, column 4: \{requester.nmae\}"):
        desk.ask(PreviewBulk(tuple(numbers), ReplyToEach("Hi\n-- {requester.nmae} {ticket.number}")))
    with pytest.raises(UsageError):
        do(desk, numbers, ReplyToEach("Hi {if}"))
    assert outbox(desk) == []


def test_what_a_colleague_has_to_check_is_told_before_it_is_sent(desk: Desk) -> None:
    add_mailbox(desk)
    numbers = several(desk, 2)
    desk.ask(SaveSettings(draft_checks="binding"), desk.root)
    desk.ask(SaveDraft(numbers[0], DraftKind.REPLY, "Your parcel is here."))
    desk.ask(AskReview(numbers[0], DraftKind.REPLY, "ben"))
    desk.ask(DropDraft(numbers[0], DraftKind.REPLY))
    same = ReplyToEach("Your parcel is here.")
    shown = desk.ask(PreviewBulk(tuple(numbers), same))
    assert effects(shown) == effects(do(desk, numbers, same)) == ["refused", "changed"]
    assert "Ben Otto was asked to check this draft" in shown.lines[0].sentence


def test_what_has_left_is_not_called_back(desk: Desk) -> None:
    add_mailbox(desk)
    numbers = several(desk, 2)
    do(desk, numbers, ReplyToEach("Hello"))
    with desk.writing() as session:
        item = session.exec(select(OutboxItem).order_by(col(OutboxItem.id))).first()
        assert item is not None
        item.state = "sending"
        session.add(item)
    undone = desk.ask(UndoBulk("t1"))
    assert effects(undone) == ["refused", "changed"]
    assert "being sent" in undone.sentence


def test_what_is_wrong_for_all_is_told_once(desk: Desk) -> None:
    numbers = several(desk, 2)
    with pytest.raises(NotFound):
        do(desk, numbers, SetFields(0, team="Nobody"))
    with pytest.raises(NotFound):
        desk.ask(PreviewBulk(tuple(numbers), SetFields(0, assignee="nobody")))
    with pytest.raises(UsageError):
        do(desk, numbers, ChangeTags(0, add=(" ",)))
    with pytest.raises(UsageError):
        do(desk, numbers, AddTask(0, "x"))
    with pytest.raises(UsageError):
        do(desk, [], TakeTicket(0))
    with pytest.raises(Refused, match="may look"):
        desk.ask(ChangeBulk(tuple(map(Target, numbers)), MarkSpam(0), "t"), desk.rita)
    assert do(desk, numbers, MarkSpam(0)).count("changed") == 2
    assert desk.ask(ShowTicket(numbers[0])).spam


def test_u_in_one_ticket_stops_its_mail_and_changes_no_other(desk: Desk) -> None:
    add_mailbox(desk)
    numbers = several(desk, 3)
    do(desk, numbers, ReplyToEach("Over.", status_after="resolved"))
    desk.ask(UndoLast(numbers[0]))
    assert [item.state for item in outbox(desk)] == ["cancelled", "held", "held"]
    assert statuses(desk, numbers) == ["new", "resolved", "resolved"]
    assert desk.ask(UndoBulk("t1")).count("changed") == 2
    assert statuses(desk, numbers) == ["new", "new", "new"]
