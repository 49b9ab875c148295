"""The full text of a desk that was copied, made anew: the two kinds of database keep it differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from sqlmodel import Session, col, select

from tui_desk.db.search import IndexedMessage, folded_document, index_messages
from tui_desk.models import Attachment, Message, Ticket

_BATCH = 5_000
Progress = Callable[[str, int], None]
Take = Callable[[Iterable[tuple[int, int, str]]], None]


def index_all(session: Session, progress: Progress | None) -> None:
    """Make every message findable by its words, its people and the names of its files."""
    done = 0
    with _words_at_once(session) as take:
        for batch in _batches(session):
            if take is None:
                index_messages(session, batch)
            else:
                take((one.message_id, one.ticket_id, folded_document(one)) for one in batch)
            done += len(batch)
            if progress is not None:
                progress("message_search", done)


def _words_at_once(session: Session) -> AbstractContextManager[Take | None]:
    if session.get_bind().dialect.name == "sqlite":
        return nullcontext()
    from tui_desk.db.bulk_copy import words_at_once  # needs the driver

    return words_at_once(session.connection())


def _batches(session: Session) -> Iterator[list[IndexedMessage]]:
    last = 0
    columns = (
        col(Message.id),
        col(Message.ticket_id),
        col(Message.subject),
        col(Ticket.subject),
        col(Message.text),
        col(Message.author_name),
        col(Message.author_address),
        col(Message.recipients_to),
        col(Message.recipients_cc),
    )
    # typed for four columns at most
    chosen = select(*columns).join(Ticket, col(Ticket.id) == Message.ticket_id)  # type: ignore[call-overload]
    while True:
        found = session.execute(
            chosen.where(col(Message.id) > last).order_by(col(Message.id)).limit(_BATCH)
        ).all()
        if not found:
            return
        last = int(found[-1][0])
        names = _file_names(session, int(found[0][0]), last)
        yield [
            IndexedMessage(
                number,
                ticket,
                subject or of_ticket,
                body,
                " ".join(
                    [name, address, *names.get(number, ()), *(part for one in (*to, *cc) for part in one)]
                ),
            )
            for number, ticket, subject, of_ticket, body, name, address, to, cc in found
        ]


def _file_names(session: Session, first: int, last: int) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    rows = session.execute(
        select(col(Attachment.message_id), col(Attachment.filename)).where(
            col(Attachment.message_id).between(first, last)
        )
    )
    for message, name in rows:
        names.setdefault(message, []).append(name)
    return names
