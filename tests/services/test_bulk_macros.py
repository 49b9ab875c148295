"""Macros between the look and the deed, for one ticket and for many; and whom their notes name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tests.services.test_bulk import do, effects, outbox, several
from tui_desk.contracts.bulk import ChangeBulk, PreviewBulk, Target
from tui_desk.contracts.conversation import SaveDraft
from tui_desk.contracts.macros import ApplyMacro, PreviewMacro, SaveMacro
from tui_desk.contracts.notifications import ListNotifications
from tui_desk.contracts.people import SavePerson
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind, Priority
from tui_desk.core.errors import Conflict


def test_a_macro_that_was_changed_since_it_was_shown_does_nothing(desk: Desk) -> None:
    number = ticket(desk)
    macro = desk.ask(SaveMacro(None, "Calm", fields={"priority": "low"}), desk.root)
    shown = desk.ask(PreviewMacro(number, macro.id))
    asked = ApplyMacro(0, macro.id, version=shown.version)
    assert effects(desk.ask(PreviewBulk((number,), asked))) == ["changed"]
    changed = SaveMacro(macro.id, "Calm", fields={"priority": "critical"}, version=macro.version)
    desk.ask(changed, desk.root)
    with pytest.raises(Conflict, match="Calm was changed"):
        desk.ask(ApplyMacro(number, macro.id, version=shown.version))
    with pytest.raises(Conflict, match="Calm was changed"):
        desk.ask(ChangeBulk((Target(number),), asked, "t"))
    assert desk.ask(ShowTicket(number)).priority is Priority.NORMAL
    desk.ask(ApplyMacro(number, macro.id, version=desk.ask(PreviewMacro(number, macro.id)).version))
    assert desk.ask(ShowTicket(number)).priority is Priority.CRITICAL


def test_what_a_macro_does_is_shown_for_each_ticket_with_its_texts(desk: Desk) -> None:
    add_mailbox(desk)
    numbers = several(desk, 3)
    for number, name in zip(numbers[:2], ("Eva", "Otto"), strict=True):
        desk.ask(SavePerson(desk.ask(ShowTicket(number)).requester_id, name))
    desk.ask(SaveDraft(numbers[2], DraftKind.REPLY, "begun"))
    macro = desk.ask(
        SaveMacro(
            None,
            "Ask",
            {"priority": "high"},
            note="From {requester.organization}.",
            reply="Hello {requester.name}.",
            send=True,
        ),
        desk.root,
    )
    seen = desk.ask(PreviewBulk(tuple(numbers), ApplyMacro(0, macro.id)))
    assert effects(seen) == ["changed", "changed", "refused"]
    assert [one.macro.reply for one in seen.lines if one.macro] == ["Hello Eva.", "Hello Otto."]
    assert [one.macro.note for one in seen.lines if one.macro] == ["From .", "From ."]
    first, refused = seen.lines[0], seen.lines[2]
    assert first.sentence == "sends a reply: Hello Eva.; sets priority: high; writes a note: From ."
    assert first.to == desk.ask(ShowTicket(numbers[0])).requester_address
    assert "draft" in refused.sentence
    where = f"(#{numbers[0]}, #{numbers[1]})"
    assert seen.warnings[0] == f"{{requester.organization}} has no value here. {where}"
    assert "can be stopped" in seen.warnings[1]
    assert not outbox(desk)
    assert desk.ask(ShowTicket(numbers[0])).priority is Priority.NORMAL


def test_mails_of_a_macro_for_many_wait_until_the_last_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_desk.services import bulk_batches

    monkeypatch.setattr(bulk_batches, "_HELD_SECONDS", 0)  # a transaction for each
    add_mailbox(desk)
    numbers = several(desk, 2)
    macro = desk.ask(SaveMacro(None, "Over", reply="It is over.", send=True), desk.root)
    waits: list[timedelta] = []

    def watch(_done: int, _of: int) -> bool:
        held_until = outbox(desk)[0].held_until
        assert held_until is not None
        waits.append(held_until - utc_now())
        return True

    done = desk.ask(ChangeBulk(tuple(map(Target, numbers)), ApplyMacro(0, macro.id), "t", watch))
    assert min(waits) > timedelta(seconds=60)
    assert {item.held_until for item in outbox(desk)} == {done.held_until}


def test_what_a_variable_holds_names_nobody(desk: Desk) -> None:
    number = ticket(desk)
    requester = desk.ask(ShowTicket(number)).requester_id
    desk.ask(SavePerson(requester, "@ben"))
    macro = desk.ask(
        SaveMacro(None, "Tell", note="From {requester.name}, @{requester.first_name}: @sue, look."), desk.root
    )
    desk.ask(ApplyMacro(number, macro.id))
    desk.ask(SavePerson(requester, "Ben Ben"))
    desk.ask(ApplyMacro(number, macro.id))
    assert desk.ask(ListNotifications(), desk.ben) == ()
    assert [one.kind for one in desk.ask(ListNotifications(), desk.actors["sue"])] == ["mention"] * 2
    assert effects(do(desk, [number], ApplyMacro(0, macro.id))) == ["changed"]
    assert desk.ask(ListNotifications(), desk.ben) == ()
