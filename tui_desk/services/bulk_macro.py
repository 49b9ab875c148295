"""A macro on many tickets, looked at before: what it does to each, with the texts as they will read there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session, col, select

from tui_desk.contracts.bulk import BulkLine
from tui_desk.contracts.macros import ApplyMacro, PreviewMacro
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.models import Delivery, Ticket
from tui_desk.services.actor import Actor
from tui_desk.services.bulk_reply import reply_warnings
from tui_desk.services.context import known
from tui_desk.services.macros import apply_macro, preview_macro

_NAMED = 5
"""Tickets that are named where something is not filled in."""


def look_at_macro(session: Session, actor: Actor, ticket: Ticket, wanted: ApplyMacro) -> BulkLine:
    """What ``wanted`` does to one ticket: read before it is done, and done, to be rolled back. Raises DeskError."""
    number, subject, version = known(ticket.id), safe_line(ticket.subject), ticket.version
    seen = preview_macro(session, actor, PreviewMacro(number, wanted.id))
    done = apply_macro(session, actor, replace(wanted, number=number))
    if done.findings:
        raise Refused(" ".join(finding.sentence for finding in done.findings))
    to = ", ".join(map(visible_address, _recipients(session, done.outbox_id)))
    return BulkLine(number, subject, "changed", "; ".join(seen.steps), version, to=to, macro=seen)


def _recipients(session: Session, outbox_id: int | None) -> Sequence[str]:
    if outbox_id is None:
        return ()
    statement = select(Delivery.address).where(Delivery.outbox_id == outbox_id).order_by(col(Delivery.id))
    return session.exec(statement).all()


def macro_warnings(lines: Sequence[BulkLine], undo_seconds: int) -> tuple[str, ...]:
    """What should be known about the whole before it is done: what is not filled in, and where; that mails leave."""
    lacking: dict[str, list[int]] = {}
    for line in lines:
        for sentence in line.macro.unfilled if line.macro is not None else ():
            lacking.setdefault(sentence, []).append(line.number)
    told = [f"{sentence} {_where(numbers)}" for sentence, numbers in lacking.items()]
    mails = any(line.to for line in lines)
    return (*told, *(reply_warnings(lines, set(), undo_seconds) if mails else ()))


def _where(numbers: Sequence[int]) -> str:
    named = ", ".join(f"#{number}" for number in numbers[:_NAMED])
    more = len(numbers) - _NAMED
    return _("({tickets} and {count} more)").format(tickets=named, count=more) if more > 0 else f"({named})"
