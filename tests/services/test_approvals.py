"""Approvals in the terminal: steps in order, substitutes, gates, own wishes, changes of what is decided, reminders."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.approvals import (
    AddSubstitute,
    ApprovalView,
    CancelApproval,
    DecideApproval,
    ListApprovals,
    ListChains,
    ListSubstitutes,
    NewApproval,
    RemindApproval,
    RemoveChain,
    RemoveSubstitute,
    SaveApproval,
    SaveChain,
    ShowApproval,
    StepInput,
)
from tui_desk.contracts.conversation import OpenCompose
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.tickets import SetFields, ShowTicket, TakeTicket, UndoDeed
from tui_desk.core.enums import DraftKind, TicketStatus
from tui_desk.core.errors import Blocked, Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.db.blobs import load_blob
from tui_desk.mail.parse import parse
from tui_desk.models import Approval, Delivery, Event, Message, OutboxItem, Ticket
from tui_desk.services import approval_clock, audit


def approval(desk: Desk, *steps: StepInput, **values: Any) -> ApprovalView:
    """A ticket with an approval that Ana asks for; by default Ben decides it."""
    number = values.pop("number", 0) or ticket(desk)
    steps = steps or (StepInput(("ben",)),)
    return desk.ask(NewApproval(number, values.pop("title", "A laptop"), steps, **values))


def decide(
    desk: Desk, asked: ApprovalView, login: str, *, yes: bool = True, comment: str = ""
) -> ApprovalView:
    """The decision of an agent; it counts."""
    done = desk.ask(DecideApproval(asked.id, yes, comment), desk.actors[login])
    assert done.counted
    return done.approval


def mails(desk: Desk) -> list[tuple[str, str, str]]:
    """(recipient, subject, text) of all automatic mail, oldest first."""
    with desk.database.reading() as session:
        rows = session.exec(
            select(OutboxItem, Delivery)
            .join(Delivery, Delivery.outbox_id == OutboxItem.id)
            .where(OutboxItem.automatic)
            .order_by(OutboxItem.id)
        ).all()
        found = []
        for item, delivery in rows:
            parsed = parse(load_blob(session, item.mime_sha256))
            found.append((delivery.address, parsed.subject, parsed.text))
        return found


def sentences(desk: Desk, number: int) -> list[str]:
    return [event.sentence for event in desk.ask(ShowTicket(number)).events]


def test_any_of_two_is_enough_and_the_next_step_opens(desk: Desk) -> None:
    add_mailbox(desk)
    made = approval(desk, StepInput(("ben", "sue")), StepInput(("root", "boss@corp.test"), "all"))
    assert [step.state for step in made.steps] == ["waiting", "planned"]
    assert [(to, subject) for to, subject, _text in mails(desk)] == [
        ("ben@desk.test", "Please decide: A laptop"),
        ("sue@desk.test", "Please decide: A laptop"),
    ]
    after = decide(desk, made, "ben", comment="fine")
    assert [step.state for step in after.steps] == ["approved", "waiting"]
    assert [to for to, _subject, _text in mails(desk)[2:]] == ["root@desk.test", "boss@corp.test"]
    with pytest.raises(Refused, match="not for you"):
        desk.ask(DecideApproval(made.id, yes=True), desk.actors["sue"])
    half = decide(desk, made, "root")
    assert half.state == "waiting"
    with pytest.raises(Refused, match="decided this already"):
        desk.ask(DecideApproval(made.id, yes=False), desk.root)
    told = sentences(desk, made.ticket)
    assert "Ben Otto said yes to “A laptop”: fine" in told
    assert "“A laptop” was asked of root@desk.test, boss@corp.test by mail" in told
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def unread(desk: Desk, *logins: str) -> list[list[str]]:
    """The kinds of what each of them was told and has not read."""
    return [[note.kind for note in desk.ask(ListNotifications(), desk.actors[login])] for login in logins]


@pytest.mark.parametrize("by_mail", [True, False])
def test_what_told_of_a_question_is_settled_when_it_is_decided_whoever_did_it(
    desk: Desk, by_mail: bool
) -> None:
    if by_mail:
        add_mailbox(desk)
    made = approval(desk, StepInput(("ben", "sue")), StepInput(("root", "ben", "sue"), "all"))
    assert unread(desk, "ben", "sue", "root") == [["approval"], ["approval"], []]
    decide(desk, made, "ben")
    assert unread(desk, "ben", "sue", "root") == [[], ["approval"], ["approval"]], "the next step asks"
    decide(desk, made, "sue")
    assert unread(desk, "sue", "root") == [[], ["approval"]]
    decide(desk, made, "ben")
    assert unread(desk, "ben", "sue", "root") == [[], [], ["approval"]], "who has decided is not told again"
    decide(desk, made, "root", yes=False)
    assert unread(desk, "ben", "sue", "root") == [[], [], []]
    taken_back = approval(desk)
    assert unread(desk, "ben") == [["approval"]]
    desk.ask(CancelApproval(taken_back.id))
    assert unread(desk, "ben") == [[]]
    kept = desk.ask(ListNotifications(everything=True), desk.ben)
    assert all(note.read for note in kept)


def test_approved_is_told_to_who_asked(desk: Desk) -> None:
    made = approval(desk)
    assert [note.kind for note in desk.ask(ListNotifications(), desk.ben)] == ["approval"]
    done = decide(desk, made, "ben")
    assert (done.state, done.steps[0].approvers[0].decision) == ("approved", "yes")
    (note,) = desk.ask(ListNotifications())
    assert (note.kind, note.ticket) == ("decided", made.ticket)
    assert "✓ A laptop" in note.sentence
    with pytest.raises(Refused, match="decided already"):
        desk.ask(DecideApproval(made.id, yes=False), desk.ben)


def test_one_no_ends_it_and_the_ticket_comes_back(desk: Desk) -> None:
    made = approval(
        desk, StepInput(("ben", "sue"), "all"), StepInput(("root",)), after_refusal="Ana offers a used one."
    )
    desk.ask(SetFields(made.ticket, status=TicketStatus.PENDING))
    done = decide(desk, made, "sue", yes=False, comment="too dear")
    assert (done.state, [step.state for step in done.steps]) == ("refused", ["refused", "cancelled"])
    shown = desk.ask(ShowTicket(made.ticket))
    assert shown.status is TicketStatus.OPEN
    assert "“A laptop” is refused. What happens next: Ana offers a used one." in sentences(desk, made.ticket)
    note = desk.ask(ListNotifications())[0]
    assert "Ana offers a used one." in note.sentence


def test_moves_wait_for_it(desk: Desk) -> None:
    made = approval(desk, gates=("start", "resolve"))
    for status in (TicketStatus.OPEN, TicketStatus.RESOLVED):
        with pytest.raises(Blocked, match="A laptop") as told:
            desk.ask(SetFields(made.ticket, status=status, despite="I want to"))
        assert "Ben Otto" in str(told.value)
    desk.ask(DecideApproval(made.id, yes=True), desk.ben)
    desk.ask(SetFields(made.ticket, status=TicketStatus.RESOLVED))
    with pytest.raises(UsageError, match="no move"):
        approval(desk, gates=("fly",))


def test_nobody_decides_about_their_own_wish(desk: Desk) -> None:
    for wrong in ("ana", "ANA@desk.test", "Ana <ana@desk.test>"):
        with pytest.raises(Refused, match="asked for"):
            approval(desk, StepInput(("ben", wrong)))
    made = approval(desk)
    with pytest.raises(Refused, match="asked for this yourself"):
        desk.ask(DecideApproval(made.id, yes=True))
    desk.ask(AddSubstitute("ben", "ana", date(2026, 3, 1), date(2026, 3, 9)), desk.ben)
    with pytest.raises(Refused, match="asked for this yourself"):
        desk.ask(DecideApproval(made.id, yes=True))
    assert not desk.ask(ShowApproval(made.id)).for_me


def test_who_is_away_is_stood_in_for(desk: Desk) -> None:
    add_mailbox(desk)
    with pytest.raises(Refused, match="own place"):
        desk.ask(AddSubstitute("ben", "sue", date(2026, 3, 1), date(2026, 3, 9)))
    row = desk.ask(AddSubstitute("ben", "sue", date(2026, 3, 1), date(2026, 3, 9), "skiing"), desk.ben)
    assert (row.person, row.substitute, row.now) == ("Ben Otto", "Sue Super", True)
    made = approval(desk)
    assert [to for to, _subject, _text in mails(desk)] == ["ben@desk.test", "sue@desk.test"]
    assert "in place of Ben Otto" in mails(desk)[1][2]
    assert desk.ask(ListApprovals("mine"), desk.actors["sue"])[0].for_me
    done = decide(desk, made, "sue")
    assert done.steps[0].approvers[0].decided_by == "Sue Super"
    assert "Sue Super (for Ben Otto) said yes to “A laptop”" in sentences(desk, made.ticket)
    with pytest.raises(Refused, match="own place"):
        desk.ask(RemoveSubstitute(row.id))
    desk.ask(RemoveSubstitute(row.id), desk.root)
    assert desk.ask(ListSubstitutes(past=True)) == ()
    for wrong in (
        AddSubstitute("ben", "ben", date(2026, 3, 1), date(2026, 3, 9)),
        AddSubstitute("ben", "sue", date(2026, 3, 9), date(2026, 3, 8)),
        AddSubstitute("ben", "sue", date(2025, 3, 1), date(2025, 3, 8)),
        AddSubstitute("ben", "nobody", date(2026, 3, 1), date(2026, 3, 9)),
    ):
        with pytest.raises(DeskError):
            desk.ask(wrong, desk.root)


def test_a_substitute_whose_days_are_over_decides_nothing(desk: Desk) -> None:
    desk.ask(AddSubstitute("ben", "sue", date(2026, 3, 1), date(2026, 3, 3)), desk.ben)
    made = approval(desk)
    desk.later(days=5)
    with pytest.raises(Refused, match="not for you"):
        desk.ask(DecideApproval(made.id, yes=True), desk.actors["sue"])


def test_what_is_changed_is_asked_anew(desk: Desk) -> None:
    add_mailbox(desk)
    made = approval(desk, StepInput(("ben", "sue"), "all"), amount=Decimal("900"), currency="eur")
    read = decide(desk, made, "ben")
    assert (read.amount, read.currency) == (Decimal(900), "EUR")
    after = desk.ask(SaveApproval(made.id, amount=Decimal("1900.50")))
    assert [one.decision for one in after.steps[0].approvers] == ["", ""]
    assert (
        "What “A laptop” asks has changed: it is asked anew; 1 answer does not count any more"
        in sentences(desk, made.ticket)
    )
    last = mails(desk)[-1][2]
    assert "has changed" in last
    assert "1900.50 EUR" in last
    with pytest.raises(Conflict, match="has changed since"):
        desk.ask(DecideApproval(made.id, yes=True, version=read.version), desk.ben)
    with pytest.raises(Conflict):
        desk.ask(SaveApproval(made.id, title="x", version=made.version))
    # The text that is no part of the decision changes nothing of what was said.
    desk.ask(DecideApproval(made.id, yes=True), desk.ben)
    kept = desk.ask(SaveApproval(made.id, after_refusal="x", gates=("close",)))
    assert [one.decision for one in kept.steps[0].approvers] == ["yes", ""]
    with pytest.raises(Refused, match="Somebody else asked"):
        desk.ask(SaveApproval(made.id, title="Two laptops"), desk.ben)


def test_taken_back(desk: Desk) -> None:
    made = approval(desk, gates=("start",))
    with pytest.raises(Refused, match="Somebody else"):
        desk.ask(CancelApproval(made.id), desk.ben)
    done = desk.ask(CancelApproval(made.id, "not needed"))
    assert (done.state, done.steps[0].state) == ("cancelled", "cancelled")
    desk.ask(TakeTicket(made.ticket))
    assert "Ana Díaz took “A laptop” back: not needed" in sentences(desk, made.ticket)


def test_no_undo_takes_a_decision_or_a_question_back(desk: Desk) -> None:
    add_mailbox(desk)
    made = approval(desk, after_refusal="x")
    decide(desk, made, "ben", yes=False)
    with desk.database.reading() as session:
        events = session.exec(select(Event).where(Event.stream == f"ticket:{made.ticket}")).all()
    for event in events:
        if event.action.startswith(("approval", "row")):
            with pytest.raises(Refused):
                desk.ask(UndoDeed(event.id or 0), desk.root)
    assert desk.ask(ShowApproval(made.id)).state == "refused"


def newest(desk: Desk, table: str, action: str) -> int:
    """The last event about a row of that table."""
    with desk.database.reading() as session:
        events = session.exec(select(Event).where(Event.action == action).order_by(Event.id)).all()
    return [event.id or 0 for event in events if (event.after or event.before)["table"] == table][-1]


def test_undo_changes_nothing_that_is_decided_and_nobody_elses_question(desk: Desk) -> None:
    made = approval(desk, amount=Decimal("9000"), currency="EUR")  # no mail leaves this desk
    desk.ask(SaveApproval(made.id, amount=Decimal("90"), gates=("close",)))
    change = newest(desk, "approval", "row_changed")
    for event in (change, newest(desk, "approval", "row_added")):
        with pytest.raises(Refused, match="Somebody else asked"):
            desk.ask(UndoDeed(event), desk.ben)
    decide(desk, made, "ben")
    for actor in (desk.ana, desk.root):
        with pytest.raises(Refused, match="decided already"):
            desk.ask(UndoDeed(change), actor)
    kept = desk.ask(ShowApproval(made.id))
    assert (kept.state, kept.amount, kept.gates) == ("approved", Decimal(90), ("close",))


def test_who_asked_takes_a_change_back_and_what_is_asked_is_what_is_decided(desk: Desk) -> None:
    made = approval(desk, StepInput(("ben", "sue"), "all"), amount=Decimal("9000"), currency="EUR")
    desk.ask(SaveApproval(made.id, amount=Decimal("90")))
    decide(desk, made, "ben")
    desk.ask(UndoDeed(newest(desk, "approval", "row_changed")))
    done = desk.ask(DecideApproval(made.id, yes=True), desk.actors["sue"])
    assert not done.counted
    assert done.approval.amount == Decimal(9000)
    assert [one.decision for one in done.approval.steps[0].approvers] == ["", ""]


def test_reminders(desk: Desk) -> None:
    add_mailbox(desk)
    made = approval(desk, StepInput(("ben", "boss@corp.test"), due_days=4))
    assert tick(desk) == 0
    desk.later(days=3, hours=1)
    assert tick(desk) == 1
    assert tick(desk) == 0
    assert [to for to, _s, text in mails(desk) if "reminder" in text] == ["ben@desk.test", "boss@corp.test"]
    desk.later(days=1)
    assert tick(desk) == 1
    assert tick(desk) == 0
    assert desk.ask(ListNotifications())[0].kind == "overdue"
    assert desk.ask(ShowApproval(made.id)).overdue
    with pytest.raises(Refused, match="was due"):
        desk.ask(RemindApproval(made.id))
    said = desk.ask(RemindApproval(made.id, (desk.now + timedelta(days=9)).date()))
    assert said == "2 approvers are asked again."
    assert not desk.ask(ShowApproval(made.id)).overdue
    with pytest.raises(UsageError, match="over"):
        desk.ask(RemindApproval(made.id, date(2025, 1, 1)))


def test_the_clock_asks_those_who_stand_in_from_today(desk: Desk) -> None:
    add_mailbox(desk)
    approval(desk)
    desk.ask(AddSubstitute("ben", "sue", date(2026, 3, 5), date(2026, 3, 9)), desk.ben)
    tick(desk)
    assert len(mails(desk)) == 1
    desk.later(days=3)
    tick(desk)
    tick(desk)
    assert [to for to, _s, _t in mails(desk)] == ["ben@desk.test", "sue@desk.test"]


def tick(desk: Desk) -> int:
    """What the clock worker does."""
    with desk.writing() as session:
        return sum(
            approval_clock.attend(session, one, desk.now) for one in approval_clock.due(session, desk.now)
        )


def approver_of(desk: Desk, name: str) -> str:
    """The address at which an approver of that name is asked."""
    made = approval(desk, StepInput((name,)))
    return made.steps[0].approvers[0].address


def test_an_approver_is_found_by_name_whatever_its_capitals_and_accents(desk: Desk) -> None:
    ticket(desk, requester="Zoë Brandt <zoe@client.test>")
    assert approver_of(desk, "zoe brandt") == "zoe@client.test"
    assert approver_of(desk, "ZOË BRANDT") == "zoe@client.test"
    assert approver_of(desk, "sue super") == "sue@desk.test"
    with pytest.raises(NotFound, match=r"^No agent or person is called “zoe brand”"):
        approver_of(desk, "zoe brand")
    ticket(desk, requester="Zoe Brandt <other@client.test>")
    assert approver_of(desk, "Zoë Brandt") == "zoe@client.test"
    with pytest.raises(NotFound, match=r"^Several agents or people are called “zoe brandt”"):
        approver_of(desk, "zoe brandt")


def test_an_agent_and_their_person_are_one(desk: Desk) -> None:

    assert approver_of(desk, "ben") == "ben@desk.test"
    assert approver_of(desk, "Ben Otto") == "ben@desk.test"
    assert approver_of(desk, "BEN OTTO") == "ben@desk.test"


def test_chains(desk: Desk) -> None:
    chain = SaveChain("Small", (StepInput(("ben",), "any", 3), StepInput(("boss@corp.test", "sue"), "all")))
    with pytest.raises(Refused):
        desk.ask(chain)
    kept = desk.ask(chain, desk.actors["sue"])
    assert kept.steps[0] == StepInput(("ben@desk.test",), "any", 3)
    number = ticket(desk)
    made = desk.ask(NewApproval(number, "A mouse", chain="small"))
    assert [len(step.approvers) for step in made.steps] == [1, 2]
    assert made.due_at is not None
    assert [one.name for one in desk.ask(ListChains())] == ["Small"]
    with pytest.raises(NotFound):
        desk.ask(NewApproval(number, "A mouse", chain="big"))
    with pytest.raises(NotFound):
        desk.ask(SaveChain("Big", (StepInput(("ghost",)),)), desk.root)
    desk.ask(RemoveChain("SMALL"), desk.root)
    assert desk.ask(ListChains()) == ()


def test_wrong_input_is_refused_whole(desk: Desk) -> None:
    number = ticket(desk)
    for wrong in (
        NewApproval(number, " ", (StepInput(("ben",)),)),
        NewApproval(number, "x"),
        NewApproval(number, "x", (StepInput(()),)),
        NewApproval(number, "x", (StepInput(("ben",), "most"),)),
        NewApproval(number, "x", (StepInput(("ghost",)),)),
        NewApproval(number, "x", (StepInput(("a@b@c",)),)),
        NewApproval(number, "x", (StepInput(("ben",), due_on=date(2020, 1, 1)),)),
        NewApproval(number, "x", (StepInput(("ben",)),), amount=Decimal("NaN"), currency="EUR"),
        NewApproval(number, "x", (StepInput(("ben",)),), amount=Decimal(5)),
        NewApproval(4711, "x", (StepInput(("ben",)),)),
    ):
        with pytest.raises(DeskError):
            desk.ask(wrong)
    with desk.database.reading() as session:
        assert session.exec(select(Approval)).all() == []


def test_an_address_of_the_desk_decides_nothing(desk: Desk) -> None:
    add_mailbox(desk)
    with pytest.raises(Refused, match="address of this desk"):
        approval(desk, StepInput(("sales@desk.test",)))


def test_the_question_leaks_nothing_and_is_no_answer_to_the_requester(desk: Desk) -> None:
    add_mailbox(desk)
    number = ticket(desk)
    with desk.database.reading() as session:
        before = session.get_one(Ticket, number)
    approval(desk, StepInput(("boss@corp.test",)), number=number, details="14 inch, please")
    ((to, subject, text),) = mails(desk)
    assert to == "boss@corp.test"
    shown = desk.ask(ShowTicket(number))
    for secret in (
        shown.subject,
        shown.requester_name,
        shown.requester_address,
        shown.messages[0].text,
        f"#{number}",
    ):
        assert secret.strip()
        assert secret not in subject + text
    assert "14 inch, please" in text
    assert (shown.status, shown.first_response_at) == (TicketStatus(before.status), None)
    question = shown.messages[-1]
    assert (question.kind.value, question.direction.value) == ("system", "internal")
    assert not question.has_raw
    assert "tdap." not in question.text + question.rfc_message_id
    opened = desk.ask(OpenCompose(number, DraftKind.REPLY_ALL))
    assert "boss@corp.test" not in str(opened)
    with desk.database.reading() as session:
        assert "tdap." not in str([message.model_dump() for message in session.exec(select(Message))])
        assert "tdap." not in str([event.model_dump() for event in session.exec(select(Event))])


def test_lists(desk: Desk) -> None:
    first = approval(desk, title="One")
    second = approval(desk, StepInput(("sue",)), title="Two")
    third = approval(desk, title="Three")
    desk.ask(DecideApproval(third.id, yes=True), desk.ben)
    assert [one.id for one in desk.ask(ListApprovals(), desk.ben)] == [first.id, second.id]
    assert [one.id for one in desk.ask(ListApprovals("mine"), desk.ben)] == [first.id]
    assert [one.id for one in desk.ask(ListApprovals("all"), desk.ben)] == [third.id, second.id, first.id]
    assert [one.id for one in desk.ask(ListApprovals(query="super two"), desk.ben)] == [second.id]
    assert [one.id for one in desk.ask(ListApprovals("all", ticket=third.ticket))] == [third.id]
    with pytest.raises(NotFound):
        desk.ask(ShowApproval(4711))
    with pytest.raises(UsageError):
        desk.ask(ListApprovals("none"))
    assert [one.id for one in desk.ask(ShowTicket(first.ticket)).approvals] == [first.id]


def test_a_ticket_with_ten_approvals_is_read_with_as_many_statements_as_one_with_one(desk: Desk) -> None:
    few, many = ticket(desk), ticket(desk)
    for number, count in ((few, 1), (many, 10)):
        for _turn in range(count):
            approval(desk, StepInput(("ben", "sue")), number=number)
    counts = [len(desk.statements(ShowTicket(number), desk.ben)) for number in (few, many)]
    assert counts[0] == counts[1]
