"""Any sequence of actions, undone in reverse, gives the first state back; the history apart, which only grows."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session, col, select

from tests.services.correspondence import add_mailbox, mail, received, ticket
from tests.services.desk import Desk
from tui_desk.contracts.desk import RetireAsset, SaveAsset
from tui_desk.contracts.merging import MergeTickets, SplitTicket
from tui_desk.contracts.tickets import (
    BlockSender,
    LinkAsset,
    LinkTickets,
    MarkSpam,
    SetFields,
    ShowTicket,
    TakeTicket,
    UndoDeed,
    UnlinkTickets,
)
from tui_desk.core.enums import LinkKind, Priority, TicketStatus
from tui_desk.core.errors import DeskError
from tui_desk.models import Event, MailIdentifier, Task
from tui_desk.services import audit
from tui_desk.services.actor import DEED
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row, change_row, remove_row

TICKETS = 4
ASSETS = 2
STEPS = 8
EXAMPLES = 12
"""Sequences on each database; each is up to :data:`STEPS` long and as many undos."""
# What is kept by itself, and the ids of rows that are made anew with the same content.
_NOT_COMPARED = {
    "ticket": {"version", "updated_at"},
    "asset": {"version", "updated_at"},
    "task": {"version", "updated_at"},
    "person": {"version"},
    "ticket_link": {"id", "created_at"},
    "watcher": {"id"},
    "mail_identifier": {"id"},
}
_TABLES = (
    *_NOT_COMPARED,
    "message",
    "ticket_tag",
    "ticket_asset",
    "ticket_mailbox",
    "attachment",
    "outbox_item",
    "intake_entry",
)
Act = Callable[[Desk, random.Random], None]


def picture(desk: Desk, tickets: list[int]) -> dict[str, list[Any]]:
    """The content of every table that actions touch. Tickets that a split made are left out: they stay, empty."""
    found: dict[str, list[Any]] = {}
    with desk.database.reading() as session:
        for table in _TABLES:
            rows = [dict(row._mapping) for row in session.execute(text(f"SELECT * FROM {table}"))]
            if table == "ticket":
                rows = [row for row in rows if row["id"] in tickets]
            left_out = _NOT_COMPARED.get(table, set())
            found[table] = sorted(
                repr(sorted((name, value) for name, value in row.items() if name not in left_out))
                for row in rows
            )
    return found


def any_ticket(desk: Desk, choice: random.Random) -> int:
    """One of those that were there at the beginning, so that a sequence means the same each time it is played."""
    return choice.randrange(TICKETS) + 1


def change_fields(desk: Desk, choice: random.Random) -> None:
    changes: dict[str, Any] = {
        "status": choice.choice(list(TicketStatus)),
        "priority": choice.choice(list(Priority)),
        "tags": tuple(choice.sample(["a", "b", "c"], choice.randrange(3))),
        "assignee": choice.choice(("ana", "ben", "")),
        "subject": choice.choice(("Printer", "Toner", "Paper")),
        "requester": choice.choice(("otto@client.test", "mia@client.test")),
        "category": choice.choice(("Hardware", "")),
    }
    names = choice.sample(sorted(changes), choice.randrange(1, 4))
    desk.ask(SetFields(any_ticket(desk, choice), **{name: changes[name] for name in names}))


def mark(desk: Desk, choice: random.Random) -> None:
    number = any_ticket(desk, choice)
    request: Any = choice.choice(
        (
            TakeTicket(number),
            MarkSpam(number),
            MarkSpam(number, False),
            BlockSender(number, choice.random() < 0.5),
        )
    )
    desk.ask(request)


def link(desk: Desk, choice: random.Random) -> None:
    number = any_ticket(desk, choice)
    links = desk.ask(ShowTicket(number)).links
    if links and choice.random() < 0.4:
        desk.ask(UnlinkTickets(choice.choice(links).id))
    else:
        desk.ask(LinkTickets(number, any_ticket(desk, choice), choice.choice(list(LinkKind))))


def link_asset(desk: Desk, choice: random.Random) -> None:
    desk.ask(LinkAsset(any_ticket(desk, choice), choice.randrange(ASSETS) + 1, choice.random() < 0.6))


def change_asset(desk: Desk, choice: random.Random) -> None:
    asset = choice.randrange(ASSETS) + 1
    if choice.random() < 0.3:
        desk.ask(RetireAsset(asset, choice.random() < 0.5))
    else:
        owner = choice.choice(("", "otto@client.test"))
        desk.ask(
            SaveAsset(
                asset, f"PC-{asset}{choice.choice('xy')}", choice.choice(("Laptop", "Pad")), owner=owner
            )
        )


def row(desk: Desk, choice: random.Random) -> None:
    """Tasks as every row of the work is written."""
    with desk.writing() as session:
        session.info[DEED] = f"row {desk.later()} {choice.random()}"
        tasks = list(session.exec(select(Task).order_by(col(Task.id))).all())
        task = choice.choice(tasks) if tasks else None
        if task is None or choice.random() < 0.4:
            _add_task(session, desk, any_ticket(desk, choice))
        elif choice.random() < 0.3:
            remove_row(session, desk.ana, ticket_stream(task.ticket_id), task, desk.now, name=task.title)
        else:
            values = {"title": choice.choice(("one", "two")), "state": choice.choice(("open", "done"))}
            stream = ticket_stream(task.ticket_id)
            change_row(session, desk.ana, stream, task, values, desk.now, name=task.title)


def _add_task(session: Session, desk: Desk, number: int) -> None:
    task = Task(ticket_id=number, title="one", created_at=desk.now, updated_at=desk.now)
    add_row(session, desk.ana, ticket_stream(number), task, desk.now, name="one")


def merge(desk: Desk, choice: random.Random) -> None:
    sources = tuple(any_ticket(desk, choice) for _ in range(choice.randrange(1, 3)))
    desk.ask(MergeTickets(any_ticket(desk, choice), sources))


def split(desk: Desk, choice: random.Random) -> None:
    messages = [message.id for message in desk.ask(ShowTicket(any_ticket(desk, choice))).messages]
    count = choice.randrange(1, max(2, len(messages)))
    desk.ask(SplitTicket(tuple(choice.sample(messages, min(count, len(messages))))))


ACTS: tuple[Act, ...] = (change_fields, mark, link, link_asset, change_asset, row, merge, merge, split, split)


def begun(desk: Desk) -> list[int]:
    """Some tickets with mail, people and identifiers, and some assets."""
    add_mailbox(desk)
    numbers = [ticket(desk, subject=f"T{number}") for number in range(TICKETS)]
    for place, number in enumerate(numbers):
        for turn in range(2):
            name = f"m{place}{turn}@client.test"
            raw = mail(From="Mia <mia@client.test>", Cc="Tom <tom@x.test>", Message_ID=f"<{name}>")
            message = received(desk, number, raw)
            with desk.writing() as session:
                session.add(MailIdentifier(rfc_message_id=name, ticket_id=number, message_id=message))
                session.add(MailIdentifier(rfc_message_id=f"same{turn}@x.test", ticket_id=number))
    for place in range(ASSETS):
        desk.ask(SaveAsset(None, f"PC-{place + 1}", "Laptop"))
    desk.ask(SetFields(numbers[0], category="Hardware"))
    desk.ask(SetFields(numbers[0], category=""))
    return numbers


def play(desk: Desk, numbers: list[int], seeds: list[tuple[int, int]]) -> None:
    """Do what the seeds say, then undo it in reverse; what is refused changes nothing."""
    pictures, deeds = [picture(desk, numbers)], []
    for which, seed in seeds:
        before = last_event(desk)
        try:
            ACTS[which % len(ACTS)](desk, random.Random(seed))
        except DeskError:
            assert last_event(desk) == before
            continue
        first = first_step_after(desk, before)
        if first is not None:
            deeds.append(first)
            pictures.append(picture(desk, numbers))
    for event in reversed(deeds):
        assert picture(desk, numbers) == pictures.pop()
        desk.later(days=1)
        desk.ask(UndoDeed(event), desk.ben)
    assert picture(desk, numbers) == pictures.pop()
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def last_event(desk: Desk) -> int:
    with desk.database.reading() as session:
        return int(session.execute(text("SELECT coalesce(max(id), 0) FROM event")).scalar_one())


def first_step_after(desk: Desk, event: int) -> int | None:
    """The first event of what was just done that can be taken back."""
    from tui_desk.services.deeds import is_step

    with desk.database.reading() as session:
        events = session.exec(select(Event).where(col(Event.id) > event).order_by(col(Event.id))).all()
        return next((one.id for one in events if is_step(one)), None)


def test_undone_in_reverse_everything_is_as_it_was(desk: Desk) -> None:
    numbers = begun(desk)

    @settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)
    @given(
        seeds=st.lists(
            st.tuples(st.integers(0, len(ACTS) - 1), st.integers(0, 10_000)), min_size=3, max_size=STEPS
        )
    )
    def sequence(seeds: list[tuple[int, int]]) -> None:
        play(desk, numbers, seeds)

    sequence()
