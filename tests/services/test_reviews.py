"""A colleague checks a draft before it leaves: asked, approved, changed, refused, and everything that may come in between."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts.conversation import (
    AddNote,
    AttachToDraft,
    CancelSend,
    DropDraft,
    ListDrafts,
    OpenCompose,
    SaveDraft,
    SendReply,
)
from tui_desk.contracts.desk import SaveAgent, SaveSettings
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.reviews import (
    AskReview,
    DecideReview,
    ListReviews,
    ReviewDecision,
    ReviewView,
    TakeOverReview,
    WithdrawReview,
)
from tui_desk.contracts.tickets import ShowTicket, UndoDeed, UndoLast
from tui_desk.core.enums import DraftKind, Role
from tui_desk.core.errors import ConfigurationError, Conflict, NotFound, Refused, UsageError
from tui_desk.models import Draft, OutboxItem, Review
from tui_desk.services import audit
from tui_desk.services.actor import Actor

TEXT = "Hello Mia,\n\nit costs 300 euros.\n\nBye"
REPLY = DraftKind.REPLY
APPROVE, CHANGE, REFUSE = ReviewDecision.APPROVE, ReviewDecision.CHANGE, ReviewDecision.REFUSE


@pytest.fixture
def number(desk: Desk) -> int:
    """A ticket in which Ana has written a draft."""
    add_mailbox(desk)
    made = ticket(desk)
    write(desk, made)
    return made


def write(desk: Desk, number: int, text: str = TEXT, kind: DraftKind = REPLY) -> None:
    base = desk.ask(OpenCompose(number, kind)).base_message_id
    desk.ask(SaveDraft(number, kind, text, base_message_id=base))


def ask(desk: Desk, number: int, question: str = "Is the price right?", **more: bool) -> ReviewView:
    return desk.ask(AskReview(number, REPLY, "ben", question, **more))


def now(desk: Desk, number: int, actor: Actor | None = None) -> ReviewView:
    (one,) = desk.ask(ShowTicket(number), actor).reviews
    return one


def unread(desk: Desk, actor: Actor) -> list[str]:
    return [one.sentence for one in desk.ask(ListNotifications(), actor)]


def left(desk: Desk) -> int:
    with desk.database.reading() as session:
        return len(session.exec(select(OutboxItem.id)).all())


def histories_hold(desk: Desk) -> None:
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_asked_approved_and_sent(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    assert (asked.standing, asked.by_me, asked.for_me, asked.text) == ("waiting", True, False, TEXT)
    assert unread(desk, desk.ben) == ["Ana Díaz asks you to check a draft: Is the price right?"]
    (waiting,) = desk.ask(ListReviews(), desk.ben)
    assert (waiting.for_me, waiting.text, waiting.question) == (True, TEXT, "Is the price right?")
    assert now(desk, number, desk.ben) == waiting

    done = desk.ask(DecideReview(asked.id, APPROVE, "300 is right", seen=TEXT), desk.ben)
    assert (done.standing, done.comment, done.for_me) == ("approved", "300 is right", False)
    assert unread(desk, desk.ana) == ["Ben Otto has looked at your draft: approved · 300 is right"]
    assert unread(desk, desk.ben) == []
    assert left(desk) == 0, "its author sends it"
    result = desk.ask(SendReply(number, TEXT))
    assert (result.findings, left(desk)) == ((), 1)
    assert desk.ask(ShowTicket(number)).reviews == ()
    assert desk.ask(ListReviews()) == ()
    (over,) = desk.ask(ListReviews(everything=True))
    assert (over.state, over.kind, over.standing, over.decided_text) == ("approved", None, "", TEXT)
    sentences = [one.sentence for one in desk.ask(ShowTicket(number)).events]
    assert any("Ana Díaz added the check of a draft “Hello Mia,”" in one for one in sentences)
    assert any(
        "Ben Otto set the check of a draft “Hello Mia,”: state from waiting to approved" in one
        for one in sentences
    )
    histories_hold(desk)


def test_one_that_waits_is_told_before_it_leaves(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    result = desk.ask(SendReply(number, TEXT))
    assert [one.code for one in result.findings] == ["check_waiting"]
    assert "Ben Otto was asked to check this draft" in result.findings[0].sentence
    assert left(desk) == 0
    assert desk.ask(SendReply(number, TEXT, confirmed=("check_waiting",))).findings == ()
    with pytest.raises(Refused, match="This check is over: withdrawn"):
        desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    assert unread(desk, desk.ben) == [], "nothing is left to be looked at"


def test_a_text_that_was_changed_since_is_checked_anew(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    write(desk, number, TEXT.replace("300", "400"))
    assert now(desk, number).standing == "outdated"
    changed = TEXT.replace("300", "400")
    (found,) = desk.ask(SendReply(number, changed)).findings
    assert (found.code, "changed since Ben Otto approved it" in found.sentence) == ("check_outdated", True)
    again = ask(desk, number)
    assert (now(desk, number).id, again.standing) == (again.id, "waiting")
    write(desk, number, TEXT)
    assert now(desk, number).standing == "waiting", "the newest question counts, whatever was approved before"


@pytest.mark.parametrize("checks", ["advise", "binding"])
@pytest.mark.parametrize("changed", ["to", "cc", "bcc", "file", "draft's file", "draft's cc"])
def test_an_approval_is_of_who_gets_it_and_what_is_attached(
    desk: Desk, number: int, tmp_path: Path, changed: str, checks: str
) -> None:
    desk.ask(SaveSettings(draft_checks=checks), desk.root)
    file = tmp_path / "prices.txt"
    file.write_text("300")
    asked = ask(desk, number)
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    request = SendReply(number, TEXT, confirmed=("other_recipients", "new_recipients"))
    if changed in ("to", "cc", "bcc"):
        request = replace(request, **{changed: "rival@elsewhere.test"})
    elif changed == "file":
        request = replace(request, attach_paths=(str(file),))
    elif changed == "draft's file":
        desk.ask(AttachToDraft(number, REPLY, str(file)))
    else:
        desk.ask(SaveDraft(number, REPLY, TEXT, cc="rival@elsewhere.test"))
        request = replace(request, cc="rival@elsewhere.test")
    if checks == "binding":
        with pytest.raises(Refused, match="what is attached, was changed since Ben Otto approved"):
            desk.ask(request)
    else:
        assert "check_outdated" in [one.code for one in desk.ask(request).findings]
    assert left(desk) == 0
    again = ask(desk, number)
    seen = now(desk, number, desk.ben)
    assert seen.cc == ("rival@elsewhere.test" if changed == "draft's cc" else "")
    assert seen.files == (("prices.txt",) if changed == "draft's file" else ())
    desk.ask(DecideReview(again.id, APPROVE), desk.ben)
    if changed.startswith("draft's"):
        assert "check_outdated" not in [one.code for one in desk.ask(request).findings]
    histories_hold(desk)


def test_an_approval_holds_where_the_same_is_only_written_otherwise(desk: Desk, number: int) -> None:
    desk.ask(SaveSettings(draft_checks="binding"), desk.root)
    asked = ask(desk, number)
    desk.ask(DecideReview(asked.id, CHANGE, text="Better"), desk.ben)
    desk.ask(TakeOverReview(asked.id))
    kept = ticket(desk, subject="Other")
    desk.ask(MergeTickets(kept, (number,)), desk.ben)
    desk.ask(UndoLast(number), desk.ben)
    assert desk.ask(SendReply(number, "Better", to="Otto <OTTO@client.test>")).findings == ()


def test_changed_by_the_colleague_and_taken_over(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    better = TEXT.replace("300", "290")
    desk.ask(DecideReview(asked.id, CHANGE, "with discount", better, seen=TEXT), desk.ben)
    shown = now(desk, number)
    assert (shown.standing, shown.text, shown.decided_text) == ("changed", TEXT, better)
    assert [(one.mark, one.text) for one in shown.changes] == [
        ("…", ""),
        (" ", ""),
        ("-", "it costs 300 euros."),
        ("+", "it costs 290 euros."),
        (" ", ""),
    ]
    (found,) = desk.ask(SendReply(number, TEXT)).findings
    assert found.code == "check_changed"
    with pytest.raises(Refused, match="somebody else's draft"):
        desk.ask(TakeOverReview(asked.id), desk.ben)
    with pytest.raises(Conflict, match="another one by now"):
        desk.ask(TakeOverReview(asked.id, seen="what I had before"))
    taken = desk.ask(TakeOverReview(asked.id, seen=TEXT))
    assert (taken.standing, taken.text, taken.changes) == ("approved", better, ())
    assert desk.ask(OpenCompose(number, REPLY)).body == better
    assert desk.ask(SendReply(number, better)).findings == ()


def test_given_back_as_it_was_is_an_approval(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    done = desk.ask(DecideReview(asked.id, CHANGE, text=TEXT + "\n  "), desk.ben)
    assert (done.state, done.standing) == ("approved", "approved")


def test_refused_with_a_word_why(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    with pytest.raises(UsageError, match="Say in a word why"):
        desk.ask(DecideReview(asked.id, REFUSE, "  "), desk.ben)
    desk.ask(DecideReview(asked.id, REFUSE, "Too dear"), desk.ben)
    (found,) = desk.ask(SendReply(number, TEXT)).findings
    assert (found.code, found.sentence) == (
        "check_refused",
        "Ben Otto does not want it to leave so: Too dear",
    )
    assert unread(desk, desk.ana) == ["Ben Otto has looked at your draft: refused · Too dear"]


def test_it_leaves_by_itself_when_its_author_asked_for_that(desk: Desk, number: int) -> None:
    asked = ask(desk, number, at_once=True)
    assert asked.state == "waiting_to_leave"
    desk.ask(DecideReview(asked.id, APPROVE, "fine"), desk.ben)
    view = desk.ask(ShowTicket(number))
    message = view.messages[-1]
    assert (message.text, message.author, view.drafts, view.reviews) == (TEXT, "Ana Díaz", (), ())
    assert message.delivery is not None
    assert unread(desk, desk.ana) == ["Ben Otto has looked at your draft: approved · fine · it is on its way"]
    desk.ask(CancelSend(message.delivery.outbox_id), desk.ben)
    assert desk.ask(ListDrafts())[0].body == TEXT
    assert desk.ask(ShowTicket(number)).reviews == (), "a draft that came back has no check of before"
    histories_hold(desk)


@pytest.mark.parametrize("meanwhile", ["message", "author", "merged"])
def test_it_does_not_leave_by_itself_when_something_speaks_against_it(
    desk: Desk, number: int, meanwhile: str
) -> None:
    asked = ask(desk, number, at_once=True)
    if meanwhile == "message":
        desk.ask(AddNote(number, "They called: forget it."), desk.ben)
    if meanwhile == "author":
        desk.ask(SaveAgent("ana", role=Role.READ_ONLY), desk.root)
        with pytest.raises(Refused, match="This check is over: withdrawn"):
            desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
        assert left(desk) == 0
        return
    if meanwhile == "merged":
        kept = ticket(desk, subject="Other")
        write(desk, kept, "Another draft")
        desk.ask(MergeTickets(kept, (number,)))
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    assert left(desk) == 0
    assert now(desk, number).standing == "approved"
    assert "it has not left" in unread(desk, desk.ana)[0]
    assert TEXT in [one.body for one in desk.ask(ListDrafts())]


def test_nothing_is_decided_about_a_text_nobody_has_seen(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    write(desk, number, "Quite another one")
    with pytest.raises(Conflict, match="Ana Díaz has changed the draft while you looked"):
        desk.ask(DecideReview(asked.id, APPROVE, seen=TEXT), desk.ben)
    assert now(desk, number).standing == "waiting"
    desk.ask(DecideReview(asked.id, APPROVE, seen="Quite another one"), desk.ben)


def test_what_cannot_be_asked_or_decided(desk: Desk, number: int) -> None:
    with pytest.raises(UsageError, match="Nobody checks a draft of their own"):
        desk.ask(AskReview(number, REPLY, "me"))
    with pytest.raises(UsageError, match="write the draft first"):
        desk.ask(AskReview(number, DraftKind.FORWARD, "ben"))
    with pytest.raises(UsageError, match="never leaves the desk"):
        desk.ask(AskReview(number, DraftKind.NOTE, "ben"))
    with pytest.raises(NotFound):
        desk.ask(AskReview(number, REPLY, "nobody"))
    with pytest.raises(Refused, match="rita cannot check drafts"):
        desk.ask(AskReview(number, REPLY, "rita"))
    with pytest.raises(NotFound):
        desk.ask(AskReview(4711, REPLY, "ben"))
    asked = ask(desk, number)
    for actor in (desk.ana, desk.root):
        with pytest.raises(Refused, match="Somebody else was asked to check this draft: Ben Otto"):
            desk.ask(DecideReview(asked.id, APPROVE), actor)
    with pytest.raises(UsageError, match="refuse it instead"):
        desk.ask(DecideReview(asked.id, CHANGE, text=" "), desk.ben)
    with pytest.raises(NotFound):
        desk.ask(DecideReview(4711, APPROVE), desk.ben)
    with pytest.raises(Refused, match="Ana Díaz asked for this check"):
        desk.ask(WithdrawReview(asked.id), desk.ben)
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    with pytest.raises(Refused, match="This check is over: approved"):
        desk.ask(DecideReview(asked.id, REFUSE, "no"), desk.ben)
    with pytest.raises(Refused, match="This check is over: approved"):
        desk.ask(WithdrawReview(asked.id))


def test_withdrawn_or_asked_of_somebody_else(desk: Desk, number: int) -> None:
    first = ask(desk, number)
    other = desk.ask(AskReview(number, REPLY, "sue"))
    assert now(desk, number).id == other.id
    assert (unread(desk, desk.ben), len(unread(desk, desk.actors["sue"]))) == ([], 1)
    with pytest.raises(Refused, match="over: withdrawn"):
        desk.ask(DecideReview(first.id, APPROVE), desk.ben)
    desk.ask(WithdrawReview(other.id))
    assert desk.ask(ShowTicket(number)).reviews == ()
    assert desk.ask(SendReply(number, TEXT)).findings == ()


def test_a_draft_thrown_away_takes_its_check_along_and_its_id_never_comes_back(
    desk: Desk, number: int
) -> None:
    asked = ask(desk, number)
    desk.ask(DropDraft(number, REPLY))
    assert unread(desk, desk.ben) == []
    with pytest.raises(Refused, match="This check is over"):
        desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    write(desk, number, "A new one")
    assert desk.ask(ShowTicket(number)).reviews == ()
    approved = ask(desk, number)
    desk.ask(DecideReview(approved.id, APPROVE), desk.ben)
    desk.ask(SaveDraft(number, REPLY, ""))  # emptied: gone
    write(desk, number, "A third one")
    assert desk.ask(ShowTicket(number)).reviews == ()
    with desk.database.reading() as session:
        drafts = session.exec(select(Draft.id)).all()
        assert not set(drafts) & set(session.exec(select(Review.draft_id)).all())


def test_the_reviewer_leaves(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    desk.ask(SaveAgent("ben", active=False), desk.root)
    assert desk.ask(ShowTicket(number)).reviews == ()
    assert unread(desk, desk.ana) == ["Whoever was asked to check your draft works here no more: Hello Mia,"]
    assert desk.ask(SendReply(number, TEXT)).findings == ()
    with desk.database.reading() as session:
        assert session.get_one(Review, asked.id).state == "withdrawn"
    histories_hold(desk)


def test_checks_and_their_drafts_go_along_with_a_merge_and_come_back(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    kept = ticket(desk, subject="Other")
    desk.ask(MergeTickets(kept, (number,)), desk.ben)
    assert (now(desk, kept).id, desk.ask(ShowTicket(number)).reviews) == (asked.id, ())
    desk.ask(UndoLast(number), desk.ben)
    assert (now(desk, number).id, desk.ask(ShowTicket(kept)).reviews) == (asked.id, ())
    write(desk, kept, "Another draft")
    desk.ask(MergeTickets(kept, (number,)), desk.ben)
    assert now(desk, number).id == asked.id, "a draft that stays keeps its check"
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    with pytest.raises(Refused, match="was merged into"):
        desk.ask(AskReview(number, REPLY, "ben"))


def test_binding_checks_let_nothing_leave_unapproved(desk: Desk, number: int) -> None:
    with pytest.raises(ConfigurationError, match="advise, binding"):
        desk.ask(SaveSettings(draft_checks="strict"), desk.root)
    desk.ask(SaveSettings(draft_checks="binding"), desk.root)
    asked = ask(desk, number)
    everything = ("check_waiting", "check_refused", "check_changed", "check_outdated")
    with pytest.raises(Refused, match="has not answered yet"):
        desk.ask(SendReply(number, TEXT, confirmed=everything))
    with pytest.raises(Refused, match="is binding"):
        desk.ask(WithdrawReview(asked.id))
    event = desk.ask(ShowTicket(number)).events[-1]
    with pytest.raises(Refused, match="is binding"):
        desk.ask(UndoDeed(event.id))
    desk.ask(DecideReview(asked.id, REFUSE, "no"), desk.ben)
    with pytest.raises(Refused, match="does not want it to leave so"):
        desk.ask(SendReply(number, TEXT, confirmed=everything))
    second = ask(desk, number)
    desk.ask(WithdrawReview(second.id), desk.actors["sue"])
    with pytest.raises(Refused, match="does not want it to leave so"):
        desk.ask(SendReply(number, TEXT, confirmed=everything))
    third = ask(desk, number)
    desk.ask(DecideReview(third.id, APPROVE), desk.ben)
    with pytest.raises(Refused, match="changed since Ben Otto approved it"):
        desk.ask(SendReply(number, TEXT + " And more.", confirmed=everything))
    assert desk.ask(SendReply(number, TEXT)).findings == ()


@pytest.mark.parametrize("way", ["reply all", "forward", "dropped", "emptied"])
def test_a_binding_check_is_not_got_round_with_the_same_text(desk: Desk, number: int, way: str) -> None:
    desk.ask(SaveSettings(draft_checks="binding"), desk.root)
    asked = ask(desk, number)
    kind = {"reply all": DraftKind.REPLY_ALL, "forward": DraftKind.FORWARD}.get(way, REPLY)
    if way == "dropped":
        desk.ask(DropDraft(number, REPLY))
    elif way == "emptied":
        desk.ask(SaveDraft(number, REPLY, ""))
    request = SendReply(number, TEXT + "\n", kind, to="otto@client.test")
    with pytest.raises(Refused, match="has not answered yet"):
        desk.ask(request)
    assert left(desk) == 0
    if kind is REPLY:
        write(desk, number)
        asked = ask(desk, number)
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    assert desk.ask(replace(request, kind=REPLY)).findings == ()


def test_what_a_supervisor_took_back_leaves(desk: Desk, number: int) -> None:
    desk.ask(SaveSettings(draft_checks="binding"), desk.root)
    asked = ask(desk, number)
    desk.ask(WithdrawReview(asked.id), desk.actors["sue"])
    assert desk.ask(SendReply(number, TEXT)).findings == ()


def test_what_is_undone_of_a_check(desk: Desk, number: int) -> None:
    asked = ask(desk, number)
    desk.ask(UndoLast(number))
    assert desk.ask(ShowTicket(number)).reviews == ()
    asked = ask(desk, number)
    desk.ask(DecideReview(asked.id, REFUSE, "no"), desk.ben)
    with pytest.raises(Refused, match="a check of others"):
        desk.ask(UndoDeed(desk.ask(ShowTicket(number)).events[-1].id), desk.actors["sue"])
    desk.ask(UndoLast(number), desk.ben)
    assert now(desk, number).standing == "waiting"
    desk.ask(DecideReview(asked.id, APPROVE), desk.ben)
    event = desk.ask(ShowTicket(number)).events[-1]
    desk.ask(SendReply(number, TEXT))
    with pytest.raises(Refused, match="that draft has left"):
        desk.ask(UndoDeed(event.id), desk.ben)
    histories_hold(desk)


def test_a_hostile_question_does_no_harm(desk: Desk, number: int) -> None:
    asked = desk.ask(AskReview(number, REPLY, "ben", "\x1b[c [@click=app.quit]x[/]" + "x" * 5_000))
    assert "\x1b" not in asked.question
    assert len(asked.question) <= 2_000
    assert "\x1b" not in unread(desk, desk.ben)[0]
    with desk.database.reading() as session:
        assert session.exec(select(Review.id).order_by(col(Review.id))).all() == [asked.id]
