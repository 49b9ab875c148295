"""A day in the linear mode as text in and text out, on both databases."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlmodel import delete

from tests.linear.talk import Talk
from tests.support.lost_answers import answers_lost
from tui_desk.contracts.conversation import AddNote, ListDrafts, ListOutbox, OpenCompose
from tui_desk.contracts.macros import SaveCanned, SaveMacro
from tui_desk.contracts.merging import MergeTickets
from tui_desk.contracts.tickets import ReportPresence, SetFields, ShowTicket
from tui_desk.contracts.views import ListSavedViews, SaveView, Sharing
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState, DraftKind, PresenceMode, Priority, TicketStatus
from tui_desk.models import Mailbox


def test_a_day_from_the_list_to_the_answer(both: Talk) -> None:
    """Views, a page, next with its reason, reading, fields, note, reply, the countdown and undo in words."""
    talk, desk = both, both.desk
    first = talk.ticket("Printer on fire")
    second = talk.ticket("VPN is down", "Pia <pia@client.test>")
    talk.ask(SetFields(second, priority=Priority.CRITICAL))
    talk.ask(ReportPresence(first, "terminal-ben", PresenceMode.WRITING), desk.ben)

    told = talk.say("views", "list", "search priority:critical", "clear")
    assert "Open: 2 tickets. You are here." in told
    assert re.search(
        rf"#{first}, normal priority, new, from Otto: Printer on fire\. Waits for an answer, .*Nobody has it",
        told,
    )
    assert "Ben Otto is writing." in told
    assert told.count(f"#{second}, critical priority") == 3
    assert "That is all of this list." in told

    told = talk.say("next", "take", "priority high", "tags vpn", "note", "Asked the provider.", ".", "work")
    assert f"#{second} comes next: critical" in told
    assert "It burns." in told
    view = talk.ask(ShowTicket(second))
    assert (view.assignee_login, view.priority, view.tags) == ("ana", Priority.HIGH, ("vpn",))
    assert view.messages[-1].text.strip() == "Asked the provider."

    told = talk.say("reply", "Hello Pia,", "it works again.", ".")
    assert "To Pia <pia@client.test>" in told
    assert re.search(rf"The mail of #{second} leaves in \d+ seconds\. undo stops it\.", told)
    (out,) = talk.ask(ListOutbox())
    assert out.to == "pia@client.test" or "pia@client.test" in out.to
    assert "Not sent" in talk.say("undo")
    assert talk.ask(OpenCompose(second, DraftKind.REPLY)).body == "Hello Pia,\nit works again."

    told = talk.say("reply", ".resolve")
    assert "Your draft is here again:" in told
    assert talk.ask(ShowTicket(second)).status is TicketStatus.RESOLVED
    talk.ahead = timedelta(minutes=5)
    assert f"The mail of #{second} leaves now." in talk.say("")


def test_an_empty_desk_without_a_mailbox_promises_no_mail(talk: Talk) -> None:
    with talk.desk.writing() as session:
        session.exec(delete(Mailbox))
    told = talk.say("view open")
    assert "Nothing is open. new ticket writes down a call or a visit." in told
    assert "arrives by itself" not in told


def test_what_was_read_here_is_read_at_every_terminal(both: Talk) -> None:
    """The desk keeps it for the person, not for the session; what is still to be heard of a message does not count."""
    number = both.ticket("Printer on fire", body="\n".join(f"line {n}" for n in range(60)))
    both.say(f"#{number}", "queue")
    assert both.ask(ShowTicket(number)).seen is None
    both.say(f"#{number}", "more", "queue")
    newest = both.ask(ShowTicket(number)).messages[-1].id
    assert both.ask(ShowTicket(number)).seen == newest
    later = Talk(both.desk, both.folder, gateways=both.gateways)
    assert "Nothing is new since you looked." in later.say(f"#{number}", "queue")
    both.ask(AddNote(number, "Ben was here"), both.desk.ben)
    assert "Message 2 of 2: internal note of Ben Otto" in later.say(f"#{number}")


def test_what_came_with_a_merged_ticket_since_one_looked_is_read_first(both: Talk) -> None:
    other = both.ticket("Older", body="From the other one.")
    number = both.ticket("Printer on fire")
    both.say(f"#{number}", "queue")
    both.ask(MergeTickets(number, (other,)), both.desk.ben)
    assert "From the other one." in both.say(f"#{number}", "queue")
    assert "From the other one." in both.say(f"#{number}", "last", "queue")
    later = Talk(both.desk, both.folder, gateways=both.gateways)
    assert "Nothing is new since you looked." in later.say(f"#{number}", "queue")
    assert both.ask(ShowTicket(number)).joined == ()


def test_from_the_list_an_action_names_its_ticket_and_one_stays_in_the_list(talk: Talk) -> None:
    one, two = talk.ticket("One"), talk.ticket("Two")
    told = talk.say(f"status #{one} on hold", f"take {two}", "undo", "take", "repeat")
    assert talk.ask(ShowTicket(one)).status is TicketStatus.ON_HOLD
    assert talk.ask(ShowTicket(two)).assignee_login == ""
    assert "No ticket is open: say its number behind the action" in told
    assert "#" not in told.splitlines()[-1]


def test_what_is_new_is_read_first_and_then_message_by_message(talk: Talk) -> None:
    number = talk.ticket("Printer on fire", body="\n".join(f"line {n}" for n in range(60)))
    told = talk.say(f"#{number}", "more", "more")
    assert told.index("line 39") < told.index("20 more lines: more reads them.") < told.index("line 59")
    assert "There is nothing more to read." in told
    talk.ask(ReportPresence(number, "terminal-ben", PresenceMode.VIEWING), talk.desk.ben)
    talk.ask(AddNote(number, "Ben was here"), talk.desk.ben)
    told = talk.say("", "before", "last")
    assert "A new message of Ben Otto is here: last reads it." in told
    assert "Ben Otto is looking at it." in told
    assert "Message 2 of 2: internal note of Ben Otto" in told
    assert "Message 1 of 2" in told
    told = talk.say("queue", f"{number}")
    assert "Nothing is new since you looked." in told


def test_wrong_input_is_one_sentence_and_changes_nothing(talk: Talk) -> None:
    talk.ticket("One")
    told = talk.say(
        "list",
        "frobnicate",
        "status",
        "search statu:open",
        "search assignee:nobody2",
        "open x",
        "reply all",
        "list many",
    )
    assert "“frobnicate” is not something one can do here." in told
    assert "Word 1, statu:open:" in told
    assert "Word 1, assignee:nobody2:" in told
    assert told.count("The list stays as it was.") == 2
    assert "“x” is not a ticket number." in told
    assert "Traceback" not in told
    assert told.count("from Otto: One.") == 1


def test_who_may_only_read_is_told_why(talk: Talk) -> None:
    number = talk.ticket("One")
    reader = Talk(talk.desk, talk.folder, talk.desk.rita, gateways=talk.gateways)
    told = reader.say(f"{number}", "take", "reply", "help", "help take")
    assert told.count("Your role may read here, but not change anything.") >= 4
    now, not_now = told[told.index("Now:") :].split("Not now:")
    assert "\nreply:" not in now
    assert "\nreply: Your role may read here" in not_now


def test_the_guard_is_told_and_asked_and_the_text_stays(talk: Talk) -> None:
    number = talk.ticket("One")
    told = talk.say(f"{number}", "reply", "See the attached file.", ".", "no", ".keep")
    assert "Look again before this leaves:" in told
    assert "Not sent. The text is as it was" in told
    assert talk.ask(ListOutbox()) == ()
    file = talk.folder / "plan.txt"
    file.write_text("a plan")
    told = talk.say("reply", f".attach {file}", ".read", ".", "files")
    assert "plan.txt is attached." in told
    assert "Attached: plan.txt (6 B)." in told
    assert "Look again" not in told
    (row,) = talk.ask(ListOutbox())
    assert row.ticket == number


def test_what_a_dot_does_while_one_writes(talk: Talk) -> None:
    number = talk.ticket("One")
    talk.ask(
        SaveCanned(None, "VPN steps", "Hello {requester.first_name}, restart it.", "vpn"), talk.desk.root
    )
    told = talk.say(
        f"{number}",
        "reply",
        "First",
        "...well",
        "..dotted",
        ".frob",
        ".strike",
        ".canned vpn",
        ".cc ben@desk.test",
        ".help",
        ".take",
        ".keep",
    )
    assert "Taken away: .dotted" in told
    assert "“frob” is not something one can do here. .help says" in told
    assert "“take” is not something one can do here." in told or "has to wait" in told
    assert "\n.attach path: " in told
    draft = talk.ask(OpenCompose(number, DraftKind.REPLY))
    assert draft.body == "First\n...well\nHello Otto, restart it."
    assert draft.cc == "ben@desk.test"
    told = talk.say("reply", ".discard", "yes")
    assert "The draft is gone." in told
    assert talk.ask(ListDrafts()) == ()


def test_a_script_that_ends_in_the_middle_of_a_text_keeps_the_draft(talk: Talk) -> None:
    number = talk.ticket("One")
    talk.say(f"{number}", "note", "half a thought")
    assert talk.ask(OpenCompose(number, DraftKind.NOTE)).body == "half a thought"


def test_work_macros_and_contacts(talk: Talk) -> None:
    number = talk.ticket("One")
    talk.ask(
        SaveMacro(None, "Close it", fields={"status": "resolved"}, note="Done by macro."), talk.desk.root
    )
    told = talk.say(
        f"{number}", "add task Order a charger", "me", "", "work", "tick 1", "add time 45m; looked", "timer", "work", "log contact phone",
        "They called.", ".", "macro close", "yes", "undo", "snooze 3d", "where", "snooze now", "tasks", "approvals", "history",
    )  # fmt: skip
    assert "Task 1, open: Order a charger. For Ana Díaz." in told
    assert "Task 1, done: Order a charger." in told
    assert f"45m on {utc_now():%Y-%m-%d}, Ana Díaz. looked" in told
    assert "Macro Close it:" in told
    assert "Put off until" in told
    assert "No decision waits." in told
    view = talk.ask(ShowTicket(number))
    assert view.status is not TicketStatus.RESOLVED
    assert "phone" in [message.kind for message in view.messages]
    assert view.snooze is None


def test_the_mail_of_a_macro_can_be_stopped_as_long_as_any_and_undo_takes_back_what_it_names(
    talk: Talk,
) -> None:
    number, other = talk.ticket("One"), talk.ticket("Two")
    talk.ask(
        SaveMacro(None, "Answer", fields={"priority": "high"}, reply="On it.", send=True), talk.desk.root
    )
    told = talk.say(f"{number}", "macro answer", "yes", f"undo #{other}", f"take #{other}", f"undo #{other}")
    seconds = re.search(rf"The mail of #{number} leaves in (\d+) seconds. undo stops it.", told)
    assert seconds
    assert int(seconds[1]) > 15
    assert "Nothing to undo: you changed nothing just now." in told
    assert talk.ask(ShowTicket(other)).assignee_login == ""
    assert [one.ticket for one in talk.ask(ListOutbox((DeliveryState.HELD,)))] == [number]
    assert told.rstrip().endswith(f"#{number}>")
    talk.say("undo", "yes")
    assert talk.ask(ListOutbox((DeliveryState.HELD,))) == ()
    assert talk.ask(ShowTicket(number)).priority is Priority.NORMAL


def test_a_note_that_names_nobody_asks_first(talk: Talk) -> None:
    number = talk.ticket("Printer")
    told = talk.say(f"{number}", "note", "@bne, look", ".", "no", ".read", ".", "yes")
    assert "Nobody is called @bne. Keep the note all the same? yes or no:" in told
    assert "Nobody is told then." in told
    assert "Not kept yet." in told
    assert told.count("The note is kept") == 1
    assert len(talk.ask(ShowTicket(number)).messages) == 2
    told = talk.say("note", "@ben, look", ".")
    assert "Nobody is called" not in told
    assert "The note is kept" in told


def test_a_note_goes_along_when_its_ticket_was_merged_meanwhile(talk: Talk) -> None:
    number, other = talk.ticket("One"), talk.ticket("Two")
    talk.say(f"{number}", "note", "A thought.")
    talk.ask(MergeTickets(other, (number,)), talk.desk.ben)
    told = talk.say("note", "Another one.", ".", "yes")
    assert f"It is in #{other} now." in told
    assert talk.ask(OpenCompose(other, DraftKind.NOTE)).body == "A thought.\n\nAnother one."


def test_a_view_that_others_see_is_changed_only_after_asking(talk: Talk) -> None:
    talk.ask(SaveView(None, "Fires", "priority:critical", sharing=Sharing.DESK), talk.desk.root)
    root = Talk(talk.desk, talk.folder, talk.desk.root, gateways=talk.gateways)
    assert "Change “Fires” to what is shown now?" in root.say("save view fires", "no")
    assert [one.query for one in talk.ask(ListSavedViews())] == ["priority:critical"]
    root.say("save view fires", "yes")
    assert [(one.query, one.sharing) for one in talk.ask(ListSavedViews())] == [("", Sharing.DESK)]


def test_what_is_open_asks_for_a_reason(talk: Talk) -> None:
    number = talk.ticket("One")
    told = talk.say(
        f"{number}", "add task Order", "", "", "status resolved", "", "status resolved", "not needed"
    )
    assert told.count("Something is open.") == 2
    assert "Nothing was changed." in told
    assert talk.ask(ShowTicket(number)).status is TicketStatus.RESOLVED


def test_a_notification_is_told_between_two_prompts(talk: Talk) -> None:
    number = talk.ticket("One")
    assert "unread" not in talk.say("list")
    talk.ask(AddNote(number, "@ana please look"), talk.desk.ben)
    told = talk.say("", "notifications", "notifications read", "notifications")
    assert re.search(rf"New: #{number}: .*Ben", told)
    assert "Nothing is unread." in told
    assert "New:" not in talk.say("")


def test_a_call_becomes_a_ticket_and_links_and_merges(talk: Talk) -> None:
    other = talk.ticket("Older")
    told = talk.say("new ticket No toner", "phone", "otto@client.test", "It is empty.", "Since today.", ".")
    found = re.search(r"It is #(\d+)\.", told)
    assert found
    number = int(found[1])
    assert talk.ask(ShowTicket(number)).messages[0].text.strip() == "It is empty.\nSince today."
    told = talk.say(f"link {other} duplicate of", "links", f"merge {other}", "no", f"merge {other}", "yes")
    assert f"duplicate of #{other}, new: Older." in told
    assert talk.ask(ShowTicket(number)).merged_into == other
    assert f"#{other}: Older" in told


def test_what_was_written_of_a_new_ticket_is_there_again(talk: Talk) -> None:
    """Also after the line was cut: another session on this machine goes on with it."""
    told = talk.say("new ticket No toner", "phone", "otto@client.test", "It is empty.")
    assert "new ticket goes on with it" in told
    later = Talk(talk.desk, talk.folder, gateways=talk.gateways)
    told = later.say("new ticket", "yes", "Since today.", ".")
    assert "No toner" in told
    found = re.search(r"It is #(\d+)\.", told)
    assert found
    view = talk.ask(ShowTicket(int(found[1])))
    assert (view.subject, view.messages[0].text.strip()) == ("No toner", "It is empty.\nSince today.")
    assert "goes on" not in later.say("new ticket", "", "")


def test_a_new_ticket_is_made_once_where_nobody_answered(both: Talk) -> None:
    both.ticket("Older")
    both.say("list")
    with answers_lost(both.gateways["ana"].database().engine):
        told = both.say("new ticket No toner", "phone", "otto@client.test", "It is empty.", ".")
    assert "new ticket goes on with it" in told
    later = Talk(both.desk, both.folder, gateways=both.gateways)
    found = re.search(r"It is #(\d+)\.", later.say("new ticket", "yes", "."))
    assert found
    assert later.say("list").count("No toner") == 1


def test_a_new_ticket_that_went_on_after_it_was_made_is_kept(both: Talk) -> None:
    both.ticket("Older")
    both.say("list")
    with answers_lost(both.gateways["ana"].database().engine):
        both.say("new ticket No toner", "phone", "otto@client.test", "It is empty.", ".")
    told = both.say("new ticket", "yes", "Since today.", ".")
    assert "had been made after all" in told
    assert both.say("list").count("No toner") == 1
    assert "Since today." in both.say("new ticket", "yes")


def test_commands_of_the_command_line_are_run_where_nothing_is_to_be_filled_in(talk: Talk) -> None:
    told = talk.say(
        "tui-desk asset list --limit 3", "outbox", "help all", "rename_view", "tui-desk demo", 'tui-desk "x'
    )
    assert talk.commands == [["asset", "list", "--limit", "3"], ["outbox", "list"]]
    assert "demo needs a terminal of its own." in told
    assert "A quotation mark is missing." in told


@pytest.mark.parametrize("line", ["\x1b[2J", "search \x1b]0;x\x07", "view \x9b5n"])
def test_nothing_that_is_said_is_a_command_to_the_terminal(talk: Talk, line: str) -> None:
    number = talk.ticket("\x1b[cHello\u202e", "\x1b[31m <e@client.test>", "body \x1b[2J\x9b5n")
    talk.ask(SetFields(number, tags=("a",)))
    told = talk.say("list", f"{number}", "details", "history", line)
    said = told.replace(line, "")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", said)
