"""Mailboxes and the fallback sender: checked whole, saved whole, passwords never shown."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import select

from tests.services.desk import Desk
from tests.support.dovecot import Dovecot
from tui_desk.contracts.desk import SaveAgent, SaveTeam
from tui_desk.contracts.mailboxes import (
    CompanyAddress,
    FallbackSender,
    ListMailboxes,
    MailboxSettings,
    SaveFallbackSender,
    SaveMailbox,
    SetMailboxState,
    ShowFallbackSender,
    ShowMailbox,
    SuggestMailbox,
    TestFallbackSender,
    TestMailbox,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Authentication, MailboxState, Security, SentCopies
from tui_desk.core.errors import ConfigurationError, DeskError, NotFound, Refused, Unavailable
from tui_desk.db.secrets import decrypt
from tui_desk.models import Event, Mailbox, OutboxItem, Setting
from tui_desk.services import credentials, send_outcomes, sending
from tui_desk.services.event_text import sentence
from tui_desk.services.outbox import enqueue
from tui_desk.services.send_pace import limit_of
from tui_desk.services.send_queue import Schedule
from tui_desk.services.send_routes import Route, routes
from tui_desk.services.senders import own_addresses
from tui_desk.services.sent_copies import wanted

SETTINGS = MailboxSettings(
    address="Help@Desk.test",
    name="Help desk",
    imap_host="imap.desk.test",
    smtp_host="smtp.desk.test",
    smtp_user="help",
    password="s3cret-pässword",
    addresses=(CompanyAddress("sales@desk.test", "Sales"),),
)


@pytest.fixture(autouse=True)
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "keys" / "secret.key"))


def save(desk: Desk, settings: MailboxSettings = SETTINGS, number: int | None = None) -> int:
    return desk.ask(SaveMailbox(number, settings), desk.root).id


def test_a_mailbox_is_saved_and_its_password_encrypted(desk: Desk) -> None:
    desk.ask(SaveTeam("Support"), desk.root)
    made = save(desk, replace(SETTINGS, team="support"))
    view = desk.ask(ShowMailbox("help@desk.test"), desk.root)
    assert (view.id, view.state, view.imap_user, view.has_password) == (
        made,
        MailboxState.ACTIVE,
        "Help@desk.test",
        True,
    )
    assert (view.team, view.addresses) == ("Support", (CompanyAddress("sales@desk.test", "Sales"),))
    assert desk.ask(ShowMailbox("SALES@desk.test")).id == made
    with desk.database.reading() as session:
        row = session.get_one(Mailbox, made)
        assert decrypt(desk.database.url, row.password_secret) == "s3cret-pässword"
        events = repr([event.model_dump() for event in session.exec(select(Event)).all()])
        assert "s3cret" not in events + row.password_secret + repr(view)
        assert row.password_secret not in events


def test_the_history_does_not_repeat_a_command_that_may_hold_a_secret(desk: Desk) -> None:
    made = save(desk, replace(SETTINGS, password=None, password_command="vault read token-1"))
    save(desk, replace(SETTINGS, password=None, password_command="vault read token-2"), made)
    sender = FallbackSender("no-reply@x.test", smtp_host="smtp.x.test", smtp_user="u")
    for number in (3, 4):
        command = f"vault read token-{number}"
        desk.ask(SaveFallbackSender(replace(sender, password_command=command)), desk.root)
    with desk.database.reading() as session:
        events = session.exec(select(Event)).all()
    assert "token-" not in str([event.model_dump() for event in events])
    changes = [sentence(event, {}) for event in events if "password_command" in event.field]
    assert len(changes) == 3
    assert changes[0] == "root changed the password command"


def test_changing_keeps_the_password_and_tells_the_worker(desk: Desk) -> None:
    made = save(desk)
    with desk.writing() as session:
        row = session.get_one(Mailbox, made)
        secret, version = row.password_secret, row.version
        row.start_uid, row.start_uidvalidity = 5, 7
    save(desk, replace(SETTINGS, password=None, name="New name"), made)
    with desk.database.reading() as session:
        row = session.get_one(Mailbox, made)
        assert (row.password_secret, row.version, row.name) == (secret, version + 1, "New name")
        assert row.start_uid == 5
    save(desk, replace(SETTINGS, password=None, folder="Support"), made)
    with desk.database.reading() as session:
        assert session.get_one(Mailbox, made).start_uid is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"address": ""}, "address is missing"),
        ({"address": "help at desk"}, "not one mail address|not a mail address"),
        ({"imap_host": ""}, "IMAP host is missing"),
        ({"imap_host": "imap desk"}, "not the name of a server"),
        ({"imap_port": 0}, "not a port"),
        ({"smtp_port": 70_000}, "not a port"),
        ({"imap_security": Security.NONE}, "unencrypted"),
        ({"smtp_security": Security.NONE}, "unencrypted"),
        ({"after_import": "burn"}, "imported"),
        ({"after_import": "move:"}, "imported"),
        ({"start": "yesterday"}, "begin with"),
        ({"folder": ""}, "not the name of a folder"),
        ({"folder": "IN\r\nBOX"}, "not the name of a folder"),
        ({"poll_seconds": 0}, "every 0 seconds"),
        ({"password": None}, "password of .* is missing"),
        ({"password": "a\r\nb"}, "line break"),
        ({"imap_user": "a\nb"}, "line break"),
        ({"password_command": 'pass "x'}, "quotation mark"),
        ({"team": "Ghosts"}, "no team"),
        ({"addresses": (CompanyAddress("nonsense"),)}, "not a mail address"),
        ({"addresses": (CompanyAddress("a@b.test"), CompanyAddress("A@B.test"))}, "twice"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(desk: Desk, wrong: dict[str, object], words: str) -> None:
    with pytest.raises(DeskError, match=words) as told:
        save(desk, replace(SETTINGS, **wrong))
    assert "s3cret" not in str(told.value)
    assert desk.ask(ListMailboxes()) == ()


def test_no_encryption_is_for_loopback_or_when_confirmed(desk: Desk) -> None:
    plain = replace(SETTINGS, imap_security=Security.NONE, smtp_security=Security.NONE)
    save(desk, replace(plain, imap_host="127.0.0.1", smtp_host="localhost"))
    save(desk, replace(plain, address="b@desk.test", addresses=(), insecure_ok=True))


def test_an_address_belongs_to_one_mailbox_and_to_no_agent(desk: Desk) -> None:
    made = save(desk)
    for settings in (
        replace(SETTINGS, address="HELP@desk.test", addresses=()),
        replace(SETTINGS, address="sales@desk.test", addresses=()),
        replace(SETTINGS, address="x@desk.test", addresses=(CompanyAddress("help@desk.test"),)),
        replace(SETTINGS, address="ana@desk.test", addresses=()),
    ):
        with pytest.raises(Refused):
            save(desk, settings)
    with pytest.raises(Refused):
        desk.ask(SaveAgent("ana", email="help@desk.test"), desk.root)
    with desk.database.reading() as session:
        assert own_addresses(session) == {"help@desk.test", "sales@desk.test"}
    desk.ask(SetMailboxState(made, MailboxState.REMOVED), desk.root)
    with desk.database.reading() as session:
        assert own_addresses(session) == frozenset()


def test_pausing_removing_and_adding_again(desk: Desk) -> None:
    made = save(desk)
    paused = desk.ask(SetMailboxState(made, MailboxState.PAUSED), desk.root)
    assert (paused.state, paused.health) == (MailboxState.PAUSED, "Paused: no mail is fetched.")
    desk.ask(SetMailboxState(made, MailboxState.REMOVED), desk.root)
    assert desk.ask(ListMailboxes()) == ()
    assert [view.state for view in desk.ask(ListMailboxes(include_removed=True))] == [MailboxState.REMOVED]
    assert save(desk) == made
    assert desk.ask(ShowMailbox(str(made))).state is MailboxState.ACTIVE
    desk.ask(SetMailboxState(made, MailboxState.REMOVED), desk.root)
    other = save(desk, replace(SETTINGS, imap_host="elsewhere.desk.test"))
    assert other != made
    with pytest.raises(Refused, match="already"):
        desk.ask(SetMailboxState(made, MailboxState.ACTIVE), desk.root)
    with pytest.raises(NotFound):
        desk.ask(ShowMailbox("ghost@desk.test"))


def test_agents_see_health_but_no_command_and_change_nothing(desk: Desk) -> None:
    made = save(desk, replace(SETTINGS, password=None, password_command="/usr/bin/pass show desk"))
    with desk.writing() as session:
        row = session.get_one(Mailbox, made)
        row.last_problem, row.last_problem_at = "The password was refused.", desk.now
    view = desk.ask(ShowMailbox(str(made)))
    assert (view.password_command, view.healthy) == ("", False)
    assert view.health.startswith("The password was refused. (since ")
    assert desk.ask(ShowMailbox(str(made)), desk.root).password_command == "/usr/bin/pass show desk"
    for request in (
        SaveMailbox(None, SETTINGS),
        SetMailboxState(made, MailboxState.PAUSED),
        SuggestMailbox("a@gmail.com"),
        TestMailbox(made),
        SaveFallbackSender(FallbackSender()),
        TestFallbackSender(),
    ):
        for actor in (desk.ana, desk.rita):
            with pytest.raises(Refused):
                desk.ask(request, actor)


def test_how_fast_it_sends_and_copies_in_sent(desk: Desk) -> None:
    made = save(desk)
    view = desk.ask(ShowMailbox(str(made)))
    assert (view.send_per_minute, view.sent_copies, view.sent_copies_problem) == (0, SentCopies.AUTO, "")
    save(desk, replace(SETTINGS, send_per_minute=30, sent_copies=SentCopies.NO), made)
    view = desk.ask(ShowMailbox(str(made)))
    assert (view.send_per_minute, view.sent_copies) == (30, SentCopies.NO)
    with desk.database.reading() as session:
        assert limit_of(session, f"mailbox:{made}") == 30
        assert not wanted(session, session.get_one(Mailbox, made))
        events = session.exec(select(Event).where(Event.stream == f"mailbox:{made}")).all()
        told = [sentence(event, {}) for event in events if event.field in ("send_per_minute", "sent_copies")]
    assert told == ["root set the send per minute from 0 to 30", "root set the sent copies from auto to no"]
    with pytest.raises(ConfigurationError, match="-1 messages a minute"):
        save(desk, replace(SETTINGS, send_per_minute=-1), made)
    save(desk, SETTINGS, made)
    assert desk.ask(ShowMailbox(str(made))).send_per_minute == 0
    sender = FallbackSender("no-reply@x.test", smtp_host="smtp.x.test", send_per_minute=5)
    assert desk.ask(SaveFallbackSender(sender), desk.root).send_per_minute == 5
    with pytest.raises(ConfigurationError, match="6001 messages a minute"):
        desk.ask(SaveFallbackSender(replace(sender, send_per_minute=6001)), desk.root)
    desk.ask(SaveFallbackSender(FallbackSender()), desk.root)
    with desk.database.reading() as session:
        assert limit_of(session, "fallback") == 0


def test_a_suggestion_knows_common_providers(desk: Desk) -> None:
    found = desk.ask(SuggestMailbox("me@gmail.com"), desk.root)
    assert (found.imap_host, found.imap_port, found.smtp_host) == ("imap.gmail.com", 993, "smtp.gmail.com")
    assert any("app password" in note for note in found.notes)


def test_both_directions_are_tried(desk: Desk, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    user, password = next(iter(dovecot.users.items()))
    settings = replace(
        SETTINGS,
        imap_host="127.0.0.1",
        imap_port=dovecot.imap_port,
        imap_security=Security.NONE,
        imap_user=user,
        password=password,
        smtp_host="",
    )
    steps = desk.ask(TestMailbox(None, settings), desk.root)
    assert [step.step for step in steps if step.direction == "imap" and step.ok][-1] == "folder"
    assert not steps[-1].ok
    assert "wait in the outbox" in steps[-1].sentence
    wrong = desk.ask(TestMailbox(None, replace(settings, password="wrong-one")), desk.root)
    assert next(step.step for step in wrong if not step.ok) == "login"
    assert "wrong-one" not in repr(wrong)
    made = save(desk, settings)
    assert [step.ok for step in desk.ask(TestMailbox(made), desk.root)][:-1] == [True] * (len(steps) - 1)


def test_the_fallback_sender_is_set_and_taken_away(desk: Desk) -> None:
    sender = FallbackSender(
        "No-Reply@desk.test", "Desk", "smtp.desk.test", smtp_user="out", password="fallb4ck"
    )
    saved = desk.ask(SaveFallbackSender(sender), desk.root)
    assert (saved.address, saved.has_password, saved.password) == ("No-Reply@desk.test", True, None)
    renamed = desk.ask(SaveFallbackSender(replace(sender, name="New", password=None)), desk.root)
    assert (renamed.name, renamed.has_password) == ("New", True)
    with desk.database.reading() as session:
        stored = session.exec(select(Setting.value).where(Setting.key == "fallback_sender")).one()
        assert decrypt(desk.database.url, stored["password_secret"]) == "fallb4ck"
        events = repr([event.model_dump() for event in session.exec(select(Event)).all()])
        assert "fallb4ck" not in events
        assert stored["password_secret"] not in events
        assert own_addresses(session) == {"no-reply@desk.test"}
    with pytest.raises(Refused):
        save(desk, replace(SETTINGS, address="no-reply@desk.test", addresses=()))
    for wrong in (replace(sender, smtp_host=""), replace(sender, smtp_port=-1), replace(sender, address="x")):
        with pytest.raises(ConfigurationError):
            desk.ask(SaveFallbackSender(wrong), desk.root)
    assert desk.ask(ShowFallbackSender()).name == "New"
    desk.ask(SaveFallbackSender(FallbackSender()), desk.root)
    assert desk.ask(ShowFallbackSender()).address == ""


def script(folder: Path, text: str) -> str:
    path = folder / "password tool"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o700)
    return f"'{path}' 'two words'"


def test_a_command_prints_the_password(tmp_path: Path) -> None:
    command = script(tmp_path, "import sys; print(sys.argv[1] + ' pä$$'); print('not this')")
    assert credentials.run_password_command(command) == "two words pä$$"


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    command = script(tmp_path, "import sys; print('|'.join(sys.argv[1:]))")
    assert credentials.run_password_command(f"{command} ; touch $HOME") == "two words|;|touch|$HOME"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("import sys; print('s3cret'); sys.exit('vault is locked')", Unavailable, "exit code 1"),
        ("pass", Unavailable, "printed nothing"),
        ("import time; print('s3cret', flush=True); time.sleep(60)", Unavailable, "did not end within"),
    ],
)
def test_a_command_that_fails_is_told_without_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, error: type[DeskError], words: str
) -> None:
    monkeypatch.setattr(credentials, "COMMAND_SECONDS", 1)
    with pytest.raises(error, match=words) as told:
        credentials.run_password_command(script(tmp_path, text))
    assert "s3cret" not in f"{told.value} {told.value.__cause__}"
    with pytest.raises(ConfigurationError, match="not found"):
        credentials.run_password_command("/no/such/program x")


DAYS = Schedule(backoff=(86_400,))


def put_off(desk: Desk, mailbox: int | None, route: Route) -> int:
    """A message that the server of ``route`` could not be reached for; answers its id."""
    at = utc_now()  # what a save goes by
    with desk.writing() as session:
        out = enqueue(
            session, mime=b"From: a@b.test\r\n\r\nx\r\n", rfc_message_id=f"{at.timestamp()}@desk.test",
            envelope_from="help@desk.test", recipients=("anna@x.test",), now=at, mailbox_id=mailbox,
        )  # fmt: skip
        claim = sending.claim(session, route, routes(session), "test", at)
        assert claim is not None
        assert claim.outbox_id == out
        send_outcomes.put_off(session, claim, "It refuses connections.", at, DAYS)
        session.get_one(OutboxItem, out).attempts = 5
        return out


def next_attempt(desk: Desk, outbox_id: int) -> tuple[datetime, int]:
    with desk.database.reading() as session:
        item = session.get_one(OutboxItem, outbox_id)
        return item.next_attempt_at, item.attempts


@pytest.mark.parametrize(
    "change",
    [
        {"smtp_host": "mail.desk.test"},
        {"smtp_port": 2525},
        {"smtp_security": Security.STARTTLS},
        {"smtp_user": "other"},
        {"password": "an0ther"},
        {"password_command": "pass show mail"},
        {"auth": Authentication.OAUTH2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_corrected_servers_are_tried_at_once(desk: Desk, change: dict[str, object]) -> None:
    kept = replace(SETTINGS, password=None)
    mailbox = save(desk)
    other = save(desk, replace(SETTINGS, address="other@desk.test", addresses=()))
    mine = put_off(desk, mailbox, Route(mailbox))
    others = put_off(desk, other, Route(other))
    later = next_attempt(desk, others)
    assert next_attempt(desk, mine)[0] > utc_now()
    save(desk, replace(kept, name="New name", signature="-- "), mailbox)
    assert next_attempt(desk, mine)[0] > utc_now(), "nothing that sends was changed"
    save(desk, replace(kept, **change), mailbox)
    due, attempts = next_attempt(desk, mine)
    # The schedule begins anew: whoever tries settings out must not use up the attempts of what waits.
    assert (due <= utc_now(), attempts) == (True, 1)
    assert next_attempt(desk, others) == later


def test_a_corrected_fallback_sender_is_tried_at_once(desk: Desk) -> None:
    mailbox = save(desk, replace(SETTINGS, smtp_host=""))
    sender = FallbackSender("no-reply@desk.test", smtp_host="smtp.desk.test")
    desk.ask(SaveFallbackSender(sender), desk.root)
    out = put_off(desk, mailbox, Route(None))
    desk.ask(SaveFallbackSender(replace(sender, name="Desk")), desk.root)
    assert next_attempt(desk, out)[0] > utc_now()
    desk.ask(SaveFallbackSender(replace(sender, smtp_port=2525)), desk.root)
    assert next_attempt(desk, out)[0] <= utc_now()
