"""A batch of mail looks up where joined tickets went, however many it names."""

from __future__ import annotations

from tests.services.correspondence import ticket
from tests.services.desk import Desk
from tui_desk.models import Ticket, TicketLink
from tui_desk.services.actor import MAIL
from tui_desk.services.desk_facts import desk_facts
from tui_desk.services.intake_batch import Batch

_MANY = 1_000


def test_every_joined_ticket_of_a_large_batch_is_followed(desk: Desk) -> None:
    target = ticket(desk)
    with desk.writing() as session:
        made = session.get_one(Ticket, target)
        common = made.model_dump(exclude={"id", "status"})
        joined = [Ticket(**common, status="closed") for _ in range(_MANY)]
        session.add_all(joined)
        session.flush()
        numbers = [one.id or 0 for one in joined]
        session.add_all(
            TicketLink(from_id=number, to_id=target, kind="duplicate", created_at=desk.now)
            for number in numbers
        )
    with desk.database.reading() as session:
        batch = Batch(session, desk_facts(session), desk.now, MAIL, writes=False)
        batch.look_up_tickets(numbers)
    found = [batch.tickets[number] for number in numbers]
    assert [state.moved_to for state in found if state is not None] == [target] * _MANY
