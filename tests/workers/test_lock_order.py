"""An agent steps in while a sender is at the same message: neither waits for the other for ever, and nothing is lost."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
import sqlalchemy
from sqlmodel import Session, col, select

from tests.support.history import first_broken
from tests.support.ports import PATIENCE, wait_until
from tests.workers.desk import Desk, open_desk
from tests.workers.test_send import QUICK, _agent, add_ticket, item, put, states
from tui_desk.contracts.conversation import CancelSend, RetrySend
from tui_desk.contracts.tickets import JoinSuggested, SetFields
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import LinkKind
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, Unavailable
from tui_desk.mail.smtp_values import Outcome, RecipientResult
from tui_desk.models import Event, Message, Ticket, TicketLink
from tui_desk.services import send_outcomes, sending, unanswered
from tui_desk.services.actor import Actor
from tui_desk.services.context import ticket_to_change
from tui_desk.services.links import join_suggested
from tui_desk.services.outbox import cancel, retry
from tui_desk.services.send_routes import Route
from tui_desk.services.sending import Claim
from tui_desk.services.tickets import set_fields
from tui_desk.services.unanswered import Unproved

Act = Callable[[Session], object]
LONG = timedelta(hours=1)


@pytest.fixture
def on_postgresql(postgres_url: str) -> Iterator[Desk]:
    with open_desk(postgres_url) as opened:
        yield opened


@dataclass
class Scene:
    """A message that a sender has claimed, and what agent and sender can do to it."""

    desk: Desk
    actor: Actor
    mailbox: int
    out: int
    ticket: int
    other: int
    claim: Claim
    unproved: Unproved | None = None

    def agent(self, name: str) -> Act:
        return {
            "retry": lambda session: retry(session, self.actor, RetrySend(self.out)),
            "cancel": lambda session: cancel(session, self.actor, CancelSend(self.out)),
            "change": lambda session: set_fields(
                session, self.actor, SetFields(self.ticket, subject="Other")
            ),
            "join": lambda session: join_suggested(session, self.actor, JoinSuggested(self.ticket)),
        }[name]

    def sender(self, name: str) -> Act:
        claim, now = self.claim, utc_now()
        sent = [RecipientResult(each, Outcome.ACCEPTED) for each in claim.recipients]
        return {
            "prepare": lambda session: sending.prepare(session, claim, Route(self.mailbox)),
            "begin": lambda session: sending.begin_data(session, claim, claim.recipients, now),
            "keep": lambda session: sending.keep(session, claim, now),
            "put off": lambda session: send_outcomes.put_off(session, claim, "not now", now, QUICK),
            "record": lambda session: send_outcomes.record_outcome(session, claim, sent, now, QUICK),
            "sweep": lambda session: unanswered.sweep(session, now + LONG, set(), QUICK),
            "settle": lambda session: self._settle(session),
        }[name]

    def _settle(self, session: Session) -> None:
        assert self.unproved is not None
        unanswered.settle_unknown(session, self.unproved, True, utc_now())

    def left(self) -> tuple[object, ...]:
        """All that two runs are compared by."""
        row = item(self.desk, self.out)
        with self.desk.database.reading() as session:
            told = session.exec(
                select(Event.action)
                .where(col(Event.stream).in_([f"ticket:{self.ticket}", f"ticket:{self.other}"]))
                .order_by(col(Event.id))
            ).all()
        place = "joined" if row.ticket_id == self.other else "own"
        return row.state, row.claimed_by, place, tuple(states(self.desk, self.out).values()), Counter(told)


def scene(desk: Desk, sender_act: str) -> Scene:
    """A claimed message, as far on its way as the sender's next act needs it."""
    ticket, other = add_ticket(desk), add_ticket(desk)
    mailbox = desk.add_mailbox(None, user=f"m{ticket}@desk.test", smtp_host="127.0.0.1")
    out = put(desk, mailbox, "a@x.test", "b@x.test", number=ticket, ticket=ticket)
    now, way = utc_now(), Route(mailbox)
    with desk.database.writing() as session:
        session.add(Message(ticket_id=ticket, kind="email", direction="in", at=now, text="Hello"))
        session.add(TicketLink(from_id=ticket, to_id=other, kind=LinkKind.SUGGESTED.value, created_at=now))
        claim = sending.claim(session, way, [way], "sender", now)
        assert claim is not None
    made = Scene(desk, _agent(desk), mailbox, out, ticket, other, claim)
    if sender_act in ("keep", "record", "sweep", "settle"):
        with desk.database.writing() as session:
            sending.begin_data(session, claim, claim.recipients, now)
    if sender_act == "settle":
        with desk.database.writing() as session:
            unanswered.sweep(session, now + LONG, set(), QUICK)
        with desk.database.writing() as session:
            made.unproved = unanswered.claim_unknown(session, way, [way], "sender", now + 2 * LONG)
    return made


@dataclass
class Crossing:
    """Two transactions of which each has its first lock, or waits for it, before either goes on."""

    desk: Desk
    first_lock: dict[str, threading.Event] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)

    def run(self, acts: dict[str, Act]) -> dict[str, str]:
        """How each act ended: empty, or the class of its error."""
        self.first_lock = {name: threading.Event() for name in acts}
        threads = [threading.Thread(target=self._act, args=each, name=each[0]) for each in acts.items()]
        with self._watched():
            for thread in threads:
                thread.start()
                wait_until(lambda name=thread.name: self._has_begun(name), what="the first lock")
            for thread in threads:
                thread.join(PATIENCE)
                assert not thread.is_alive(), f"{thread.name} waits for ever"
        return dict(self.ended)

    def _act(self, name: str, act: Act) -> None:
        try:
            with self.desk.database.writing() as session:
                act(session)
            self.ended[name] = ""
        except DeskError as error:
            self.ended[name] = type(error).__name__
        finally:
            self.first_lock[name].set()

    def _has_begun(self, name: str) -> bool:
        return self.first_lock[name].is_set() or self._somebody_waits()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        engine = self.desk.database.engine

        def after(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            mine = self.first_lock.get(threading.current_thread().name)
            if mine is None or mine.is_set():
                return
            if "FOR UPDATE" in statement or statement.startswith(("UPDATE", "DELETE")):
                mine.set()
                others = [event for event in self.first_lock.values() if event is not mine]
                wait_until(
                    lambda: all(event.is_set() for event in others) or self._somebody_waits(),
                    what="the other",
                )

        sqlalchemy.event.listen(engine, "after_cursor_execute", after)
        try:
            yield
        finally:
            sqlalchemy.event.remove(engine, "after_cursor_execute", after)

    def _somebody_waits(self) -> bool:
        with self.desk.database.engine.connect() as connection:
            waiting = sqlalchemy.text(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            return bool(connection.execute(waiting).scalar_one())


def in_turn(desk: Desk, acts: dict[str, Act]) -> dict[str, str]:
    """The same, one after the other."""
    ended = {}
    for name, act in acts.items():
        try:
            with desk.database.writing() as session:
                act(session)
            ended[name] = ""
        except DeskError as error:
            ended[name] = type(error).__name__
    return ended


@pytest.mark.postgres
@pytest.mark.parametrize("agent", ["retry", "cancel", "change", "join"])
@pytest.mark.parametrize("sender", ["prepare", "begin", "keep", "put off", "record", "sweep", "settle"])
def test_agent_and_sender_end_as_if_one_had_come_after_the_other(
    on_postgresql: Desk, agent: str, sender: str
) -> None:
    """Whoever begins: no deadlock, and what is left is what one of the two orders leaves."""
    desk, serial = on_postgresql, []
    for order in ((agent, sender), (sender, agent)):
        made = scene(desk, sender)
        acts = {name: made.agent(name) if name == agent else made.sender(name) for name in order}
        serial.append((in_turn(desk, acts), made.left()))
    for order in ((agent, sender), (sender, agent)):
        made = scene(desk, sender)
        acts = {name: made.agent(name) if name == agent else made.sender(name) for name in order}
        ended = Crossing(desk).run(acts)
        assert "Unavailable" not in ended.values(), "PostgreSQL had to end one of the two"
        assert (ended, made.left()) in serial


@pytest.mark.postgres
def test_a_message_that_moves_to_another_ticket_meanwhile_blocks_nobody(on_postgresql: Desk) -> None:
    """A sender waits for the ticket while its messages move elsewhere, where another waits for the message."""
    desk = on_postgresql
    made = scene(desk, "record")
    has_ticket, errors = threading.Event(), []

    def run(act: Act) -> threading.Thread:
        def body() -> None:
            try:
                with desk.database.writing() as session:
                    act(session)
            except DeskError as error:
                errors.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        return thread

    def colleague(session: Session) -> None:
        ticket_to_change(session, made.other)
        has_ticket.set()
        wait_until(lambda: waiting(desk) == 1, what="the sender to want the ticket too")
        sending.locked_item(session, made.out)

    with desk.database.writing() as session:
        join_suggested(session, made.actor, JoinSuggested(made.ticket))
        session.flush()
        other = run(colleague)
        wait_until(lambda: waiting(desk) == 1, what="a colleague to wait for the other ticket")
        sender = run(made.sender("record"))
        wait_until(lambda: waiting(desk) == 2, what="the sender to wait for the first ticket")
    for thread in (other, sender):
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert has_ticket.is_set()
    assert errors == []
    assert set(states(desk, made.out).values()) == {"sent"}


def waiting(desk: Desk) -> int:
    with desk.database.engine.connect() as connection:
        statement = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        return int(connection.execute(sqlalchemy.text(statement)).scalar_one())


def test_a_crowd_at_few_messages_loses_nothing(desk: Desk) -> None:
    """Agents, senders and sweepers in any order: every act that did not refuse is in the history, and chains are whole."""
    scenes = [scene(desk, "begin") for _ in range(3)]
    done: Counter[str] = Counter()
    unexpected: list[BaseException] = []
    counting = threading.Lock()

    def one(seed: int) -> None:
        dice = random.Random(seed)
        for _step in range(40):
            made = dice.choice(scenes)
            name = dice.choice(["retry", "cancel", "change", "send", "send", "sweep"])
            try:
                if name == "send":
                    _send(made)
                elif name == "sweep":
                    with desk.database.writing() as session:
                        unanswered.sweep(session, utc_now() + LONG, set(), QUICK)
                else:
                    with desk.database.writing() as session:
                        made.agent(name)(session)
                with counting:
                    done[name] += 1
            except (Refused, sending.ClaimLost, NotFound):
                pass
            except (Unavailable, Conflict, AssertionError, sqlalchemy.exc.SQLAlchemyError) as error:
                unexpected.append(error)

    threads = [threading.Thread(target=one, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
        assert not thread.is_alive()
    assert unexpected == []
    with desk.database.reading() as session:
        events = list(session.exec(select(Event).order_by(col(Event.stream), col(Event.position))))
        tickets = [known.id for known in session.exec(select(Ticket))]
    for number in tickets:
        assert first_broken([event for event in events if event.stream == f"ticket:{number}"]) is None
    told = Counter(event.action for event in events)
    assert told["send_retried"] == done["retry"]
    assert told["send_cancelled"] == done["cancel"]
    assert told["sent"] == done["send"]


def _send(made: Scene) -> None:
    """What a sender does, transaction by transaction. Raises ClaimLost when somebody stepped in, Refused when there is nothing."""
    way, now = Route(made.mailbox), utc_now()
    with made.desk.database.writing() as session:
        claim = sending.claim(session, way, [way], "sender", now + LONG)
    if claim is None or not claim.recipients:
        raise Refused("nothing to send")
    with made.desk.database.writing() as session:
        sending.begin_data(session, claim, claim.recipients, now)
    with made.desk.database.writing() as session:
        sent = [RecipientResult(each, Outcome.ACCEPTED) for each in claim.recipients]
        send_outcomes.record_outcome(session, claim, sent, now, QUICK)
