"""Days at the desk are those of its clocks (setting ``time_zone``), wherever the process runs: groups, deadlines, what comes round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tests.services.test_approvals import approval
from tests.services.test_templates import due, template
from tui_desk.contracts.approvals import StepInput
from tui_desk.contracts.desk import SaveSettings
from tui_desk.contracts.macros import ListRecurring, SaveRecurring
from tui_desk.contracts.queue import ListTickets
from tui_desk.contracts.tasks import AddTask, DueBy
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Priority
from tui_desk.db.fast import FastReader, open_reader
from tui_desk.services.queue import list_tickets

FAR_WEST = ZoneInfo("Pacific/Pago_Pago")
"""Eleven hours behind UTC: whatever time it is, one of the two sides of its next midnight is another day in UTC."""


def at_desk(desk: Desk, name: str) -> None:
    desk.ask(SaveSettings(time_zone=name), desk.root)


def test_tasks_are_grouped_by_the_days_of_the_desk(desk: Desk) -> None:
    at_desk(desk, str(FAR_WEST))
    tomorrow = utc_now().astimezone(FAR_WEST).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), FAR_WEST)
    expected = {}
    for minutes, group in ((-1, "today"), (1, "tomorrow"), (-24 * 60 - 1, "overdue"), (24 * 60 + 1, "week")):
        number = ticket(desk)
        desk.now = utc_now()
        desk.ask(
            AddTask(number, "Call", due=DueBy(at=(midnight + timedelta(minutes=minutes)).astimezone(UTC)))
        )
        expected[number] = group
    reader = open_reader(desk.database.url)
    page = list_tickets(reader, desk.ana, ListTickets(view="all", group="due", with_due=True))
    assert {row.number: key.group for row, key in zip(page.rows, page.keys, strict=True)} == expected
    days = {row.number: row.due for row in page.rows}
    assert days == {
        number: tomorrow + timedelta(days={"overdue": -2, "today": -1, "tomorrow": 0, "week": 1}[group])
        for number, group in expected.items()
    }
    reader.close()


@dataclass
class Interrupted(FastReader):
    """A reader between whose statements a colleague changes something."""

    desk: Desk | None = None
    change: SetFields = field(default_factory=lambda: SetFields(0))

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        found = super().rows(sql, values)
        if self.desk is not None and "t.priority = ?" in sql and found:
            desk, self.desk = self.desk, None
            desk.ask(self.change, desk.ben)
        return found


def test_a_ticket_that_changes_its_group_meanwhile_stands_in_one(desk: Desk) -> None:
    numbers = [ticket(desk) for _ in range(4)]
    desk.ask(SetFields(numbers[0], priority=Priority.HIGH))
    plain = open_reader(desk.database.url)
    change = SetFields(numbers[0], priority=Priority.LOW)
    reader = Interrupted(plain.url, plain.connection, plain.errors, desk=desk, change=change)
    page = list_tickets(reader, desk.ana, ListTickets(view="all", group="priority"))
    assert sorted(row.number for row in page.rows) == numbers
    again = list_tickets(reader, desk.ana, ListTickets(view="all", group="priority"))
    assert again.keys[-1].number == numbers[0]
    plain.close()


def test_an_approval_is_due_at_the_end_of_the_day_at_the_desk(desk: Desk) -> None:
    at_desk(desk, "Pacific/Kiritimati")
    made = approval(desk, StepInput(("ben",), due_on=date(2026, 3, 10)))
    assert made.steps[0].due_at == datetime(2026, 3, 10, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [
        ("Europe/Madrid", "America/New_York", 1),
        ("America/New_York", "Europe/Madrid", 1),
        ("America/New_York", "Europe/Madrid", 19),
        ("Pacific/Kiritimati", "Pacific/Pago_Pago", 3),
        ("Pacific/Pago_Pago", "Pacific/Kiritimati", 20),
    ],
)
def test_no_day_has_two_tickets_and_none_has_none_where_the_clocks_become_others(
    desk: Desk, before: str, after: str, hours: int
) -> None:
    at_desk(desk, before)
    template(desk)
    view = desk.ask(SaveRecurring(None, "Backup", "daily 8:00"), desk.root)
    assert view.next_at is not None
    desk.now = view.next_at
    assert len(due(desk)) == 1
    made_on = view.next_at.astimezone(ZoneInfo(before)).date()
    desk.later(hours=hours)
    at_desk(desk, after)
    [now] = desk.ask(ListRecurring())
    assert now.next_at is not None
    assert now.next_at.astimezone(ZoneInfo(after)).replace(tzinfo=None) == datetime.combine(
        made_on + timedelta(days=1), time(8)
    )
    desk.now = max(desk.now, now.next_at)
    assert len(due(desk)) == 1
    [now] = desk.ask(ListRecurring())
    assert now.next_at is not None
    assert now.next_at.astimezone(ZoneInfo(after)).date() == made_on + timedelta(days=2)
