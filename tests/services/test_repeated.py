"""Asked again under the same token: what had been done after all is answered, not done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlmodel import col, select

from tests.services.correspondence import add_mailbox
from tests.services.desk import Desk
from tests.support.lost_answers import answers_lost, relayed
from tui_desk.contracts.conversation import (
    AddNote,
    AttachToDraft,
    CancelSend,
    OpenCompose,
    SaveDraft,
    SendReply,
)
from tui_desk.contracts.macros import ApplyMacro, FillTemplate, SaveMacro, SaveTemplate
from tui_desk.contracts.tickets import NewTicket, SetFields, ShowTicket
from tui_desk.core.enums import DraftKind, TicketStatus
from tui_desk.core.errors import DoneBefore, Unavailable, Uncertain
from tui_desk.db.engine import open_database
from tui_desk.models import Message, OutboxItem, Ticket
from tui_desk.services.dispatch import run

Asked = SendReply | AddNote | NewTicket


@pytest.fixture
def number(desk: Desk) -> int:
    add_mailbox(desk)
    return desk.ask(NewTicket("Printer", "Otto <otto@client.test>", "It burns."))


@contextmanager
def answer_lost(desk: Desk, reached: str = "committed") -> Iterator[None]:
    """What is asked in the block is committed or not, and who asked does not hear which."""

    with answers_lost(desk.database.engine, committed=reached == "committed"), pytest.raises(Unavailable):
        yield


def texts(desk: Desk) -> list[str]:
    with desk.database.reading() as session:
        return list(session.exec(select(Message.text).order_by(col(Message.id))))


def mails(desk: Desk) -> int:
    with desk.database.reading() as session:
        return len(session.exec(select(OutboxItem)).all())


def asks(number: int) -> dict[str, Asked]:
    return {
        "reply": SendReply(number, "Hello", status_after="resolved", token="t"),
        "reply all": SendReply(number, "Hello", DraftKind.REPLY_ALL, cc="eva@client.test", confirmed=("outsider", "recipients_changed"), token="t"),
        "forward": SendReply(number, "Look", DraftKind.FORWARD, "eva@else.test", confirmed=("outsider", "recipients_changed"), token="t"),
        "note": AddNote(number, "A note", token="t"),
        "new": NewTicket("Screen", "Eva <eva@client.test>", "It is dark.", token="t"),
    }  # fmt: skip


@pytest.mark.parametrize("reached", ["committed", "not committed"])
@pytest.mark.parametrize("what", ["reply", "reply all", "forward", "note", "new"])
def test_what_is_asked_again_is_done_once(desk: Desk, number: int, what: str, reached: str) -> None:
    request = asks(number)[what]
    with answer_lost(desk, reached):
        run(desk.database, desk.ana, request)
    first = run(desk.database, desk.ana, request)
    assert len(texts(desk)) == 2
    assert mails(desk) == (1 if isinstance(request, SendReply) else 0)
    assert run(desk.database, desk.ana, request) == first
    with desk.database.reading() as session:
        assert len(session.exec(select(Ticket)).all()) == (2 if what == "new" else 1)


def test_the_answer_of_before_says_what_can_still_be_stopped(desk: Desk, number: int) -> None:
    request = SendReply(number, "Hello", token="t")
    first = run(desk.database, desk.ana, request)
    again = run(desk.database, desk.ana, request)
    assert (again.outbox_id, again.message_id) == (first.outbox_id, first.message_id)
    assert again.held_until is not None
    assert again.held_until == first.held_until


def test_another_token_and_another_agent_are_another_mail(desk: Desk, number: int) -> None:
    for actor, token in ((desk.ana, "a"), (desk.ana, "b"), (desk.ben, "a"), (desk.ana, ""), (desk.ana, "")):
        run(desk.database, actor, SendReply(number, "Hello", token=token, confirmed=("newer_message",)))
    assert mails(desk) == 5


@pytest.mark.parametrize(
    "other",
    [
        lambda number: SendReply(number, "Hello, and more", token="t"),
        lambda number: SendReply(number, "Hello", cc="eva@client.test", token="t"),
        lambda number: SendReply(
            number, "Hello", to="eva@client.test", confirmed=("outsider", "recipients_changed"), token="t"
        ),
    ],
)
def test_what_was_changed_since_is_not_taken_for_sent(
    desk: Desk, number: int, other: Callable[[int], SendReply]
) -> None:
    with answer_lost(desk):
        run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    desk.ask(SaveDraft(number, DraftKind.REPLY, other(number).body, cc=other(number).cc))
    with pytest.raises(DoneBefore, match="your draft now"):
        run(desk.database, desk.ana, other(number))
    assert mails(desk) == 1
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body == other(number).body


def test_a_file_that_was_added_since_stays_with_the_draft(desk: Desk, number: int, tmp_path: Any) -> None:
    with answer_lost(desk):
        run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    (tmp_path / "plan.txt").write_text("the plan")
    desk.ask(AttachToDraft(number, DraftKind.REPLY, str(tmp_path / "plan.txt")))
    with pytest.raises(DoneBefore):
        run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    assert [file.filename for file in desk.ask(OpenCompose(number, DraftKind.REPLY)).attachments] == [
        "plan.txt"
    ]


def test_a_draft_of_what_has_left_does_not_stay(desk: Desk, number: int) -> None:
    with answer_lost(desk):
        run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Hello"))
    run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    assert desk.ask(ShowTicket(number)).drafts == ()


def test_what_was_stopped_since_is_a_draft_and_not_taken_for_sent(desk: Desk, number: int) -> None:
    request = SendReply(number, "Hello", token="t")
    with answer_lost(desk):
        run(desk.database, desk.ana, request)
    with desk.database.reading() as session:
        outbox_id = session.exec(select(OutboxItem.id)).one()
    assert outbox_id is not None
    desk.ask(CancelSend(outbox_id))
    with pytest.raises(DoneBefore, match="stopped since"):
        run(desk.database, desk.ana, request)
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body == "Hello"


def test_a_note_takes_its_draft_with_it(desk: Desk, number: int) -> None:
    desk.ask(SaveDraft(number, DraftKind.NOTE, "A note"))
    desk.ask(AddNote(number, "A note"))
    assert desk.ask(ShowTicket(number)).drafts == ()


def test_the_token_of_another_ticket_is_not_taken_for_this_one(desk: Desk, number: int) -> None:
    other = desk.ask(NewTicket("Screen", "Otto <otto@client.test>", "It is dark."))
    run(desk.database, desk.ana, SendReply(number, "Hello", token="t"))
    with pytest.raises(DoneBefore):
        run(desk.database, desk.ana, SendReply(other, "Hello", token="t"))


@pytest.mark.parametrize("what", ["reply", "forward", "note"])
@pytest.mark.parametrize("before", ["reply", "forward", "note", "new"])
def test_the_token_of_another_deed_is_not_taken_for_this_one(
    desk: Desk, number: int, before: str, what: str
) -> None:
    """As in a script that calls all it does by one name."""
    same_words = {name: replace(asked, body="Hello") for name, asked in asks(number).items()}
    run(desk.database, desk.ana, same_words[before])
    written = len(texts(desk))
    if what == before:
        run(desk.database, desk.ana, same_words[what])
    else:
        with pytest.raises(DoneBefore):
            run(desk.database, desk.ana, same_words[what])
    assert len(texts(desk)) == written


def test_the_status_that_is_asked_for_only_now_is_set_and_the_mail_leaves_once(
    desk: Desk, number: int
) -> None:
    request = SendReply(number, "Hello", token="t")
    with answer_lost(desk):
        run(desk.database, desk.ana, request)
    run(desk.database, desk.ana, replace(request, status_after="resolved"))
    assert (desk.ask(ShowTicket(number)).status, mails(desk)) == (TicketStatus.RESOLVED, 1)


def test_a_status_that_was_changed_since_is_not_set_again(desk: Desk, number: int) -> None:
    request = SendReply(number, "Hello", status_after="resolved", token="t")
    with answer_lost(desk):
        run(desk.database, desk.ana, request)
    desk.ask(SetFields(number, status=TicketStatus.OPEN))
    run(desk.database, desk.ana, request)
    assert desk.ask(ShowTicket(number)).status is TicketStatus.OPEN


def test_a_new_ticket_with_other_words_is_told_by_its_number(desk: Desk, number: int) -> None:
    run(desk.database, desk.ana, NewTicket("Screen", "Eva <eva@client.test>", "It is dark.", token="t"))
    with pytest.raises(DoneBefore, match=f"#{number + 1}"):
        run(
            desk.database, desk.ana, NewTicket("Screen", "Eva <eva@client.test>", "Dark, at noon.", token="t")
        )


def test_a_ticket_from_a_template_is_made_once(desk: Desk) -> None:
    template = desk.ask(
        SaveTemplate(None, "Joiner", "New colleague", "A desk.", own=True, tasks=("A chair",))
    )
    filled = desk.ask(FillTemplate(template.id))
    request = replace(filled, requester="Eva <eva@client.test>", token="t")
    with answer_lost(desk):
        run(desk.database, desk.ana, request)
    assert run(desk.database, desk.ana, request) == run(desk.database, desk.ana, request)
    assert texts(desk) == ["A desk."]


@pytest.mark.parametrize("send", [True, False])
@pytest.mark.parametrize("reached", ["committed", "not committed"])
def test_a_macro_is_carried_out_once(desk: Desk, number: int, reached: str, send: bool) -> None:
    macro = desk.ask(
        SaveMacro(None, "Ask", {"priority": "high"}, ("Call",), "Asked.", "Which?", send), desk.root
    )
    request = ApplyMacro(number, macro.id, token="t")
    with answer_lost(desk, reached):
        run(desk.database, desk.ana, request)
    first = run(desk.database, desk.ana, request)
    assert first.event_ids
    assert (first.outbox_id is not None, first.draft) == (send, not send)
    assert run(desk.database, desk.ana, request) == first
    assert mails(desk) == send
    assert texts(desk).count("Asked.") == 1
    assert len(desk.ask(ShowTicket(number)).tasks) == 1


def test_a_macro_under_the_token_of_another_deed_does_nothing(desk: Desk, number: int) -> None:
    macro = desk.ask(SaveMacro(None, "Ask", reply="Which?", send=True), desk.root)
    other = desk.ask(SaveMacro(None, "Tell", note="Told."), desk.root)
    run(desk.database, desk.ana, AddNote(number, "A note", token="n"))
    with pytest.raises(DoneBefore, match="Something else"):
        run(desk.database, desk.ana, ApplyMacro(number, macro.id, token="n"))
    sent = run(desk.database, desk.ana, ApplyMacro(number, macro.id, token="t"))
    with pytest.raises(DoneBefore, match="Something else"):
        run(desk.database, desk.ana, ApplyMacro(number, other.id, token="t"))
    with pytest.raises(DoneBefore):
        run(desk.database, desk.ana, AddNote(number, "A note", token="t"))
    assert sent.outbox_id is not None
    desk.ask(CancelSend(sent.outbox_id))
    with pytest.raises(DoneBefore, match="stopped since"):
        run(desk.database, desk.ana, ApplyMacro(number, macro.id, token="t"))
    assert mails(desk) == 1


def test_a_draft_taken_up_again_is_sent_under_its_token(desk: Desk, number: int) -> None:
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Hello", send_token="t"))
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).token == "t"
    desk.ask(SaveDraft(number, DraftKind.REPLY, "Hello!"))
    assert [one.token for one in desk.ask(ShowTicket(number)).drafts] == ["t"]
    assert [one.token for one in desk.ask(ShowTicket(number), desk.ben).drafts] == [""]
    with answer_lost(desk):
        run(desk.database, desk.ana, SendReply(number, "Hello!", token="t"))
    run(
        desk.database, desk.ana, SaveDraft(number, DraftKind.REPLY, "Hello!", send_token="t")
    )  # left with Esc
    again = desk.ask(OpenCompose(number, DraftKind.REPLY))
    run(desk.database, desk.ana, SendReply(number, again.body, token=again.token))
    assert mails(desk) == 1
    assert desk.ask(OpenCompose(number, DraftKind.REPLY)).body == ""


def test_asked_twice_at_once_it_is_done_once(desk: Desk, number: int) -> None:
    request = NewTicket("Screen", "Eva <eva@client.test>", "It is dark.", token="t")
    together, made = Barrier(6), []

    def ask() -> None:
        together.wait()
        made.append(run(desk.database, desk.ana, request))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [number + 1] * 6


@pytest.mark.postgres
def test_a_mail_whose_commit_nobody_could_ask_after_leaves_once(desk: Desk, number: int) -> None:
    if desk.database.is_sqlite:
        pytest.skip("a file has no connection that could be lost after its COMMIT")
    request = SendReply(number, "Hello", token="t")
    with relayed(desk.database.engine.url.render_as_string(hide_password=False)) as relay:
        database = open_database(relay.url)
        run(database, desk.ana, ShowTicket(number))  # a first connection asks for more than is wanted of it
        relay.lose("answer", stays_away=True)
        with pytest.raises(Uncertain, match="nothing is doubled"):
            run(database, desk.ana, request)
        relay.come_back()
        assert run(database, desk.ana, request).outbox_id is not None
        database.close()
    assert (texts(desk), mails(desk)) == (["It burns.", "Hello"], 1)
