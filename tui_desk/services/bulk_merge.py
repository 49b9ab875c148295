"""Many tickets into one of them (at most a hundred), a few in each transaction; those that cannot be are left out and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlmodel import Session

from tui_desk.contracts.bulk import BulkLine, Effect, MergeInto, Target, Watch
from tui_desk.contracts.merging import MergeTickets
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.services.actor import Actor
from tui_desk.services.bulk_batches import (
    Worked,
    by_and_by,
    has_done,
    prepare,
    refuse_changed,
)
from tui_desk.services.context import refuse_merged, ticket_to_read
from tui_desk.services.link_moving import lock_with_linked
from tui_desk.services.merging import MOST, merge

_AT_ONCE = 5
"""Tickets merged in one transaction: each takes some thirty milliseconds, for which other writers of a SQLite desk wait."""


def check_merge(session: Session, wanted: MergeInto, targets: Sequence[Target]) -> None:
    """Raises NotFound, MergedAway (the one they are to go to), UsageError (nothing to merge, too many)."""
    refuse_merged(ticket_to_read(session, wanted.target))
    sources = [target for target in targets if target.number != wanted.target]
    if not sources:
        raise UsageError(_("#{number} cannot be merged into itself.").format(number=wanted.target))
    if len(sources) > MOST:
        raise UsageError(_("At most {count} tickets are merged at once.").format(count=MOST))


def merge_all(
    database: Database,
    actor: Actor,
    wanted: MergeInto,
    targets: Sequence[Target],
    *,
    deed: str | None,
    watch: Watch | None,
) -> Worked:
    """Merge what can be; without a deed nothing is written. What stops it on the way is told in ``trouble``, where anything was done before."""

    def some(ahead: Sequence[Target]) -> list[BulkLine]:
        return _merge_some(database, actor, wanted, ahead[:_AT_ONCE], deed)

    return by_and_by(targets, some, deed=deed, watch=watch, ends=DeskError)


def _merge_some(
    database: Database, actor: Actor, wanted: MergeInto, targets: Sequence[Target], deed: str | None
) -> list[BulkLine]:
    with database.writing() as session:
        prepare(session, database, deed)
        lines = _lines(session, wanted, targets, deed)
        sources = tuple(line.number for line in lines if line.effect == "changed")
        if deed is not None and sources:
            merge(session, actor, MergeTickets(wanted.target, sources))
        return lines


def _lines(
    session: Session, wanted: MergeInto, targets: Sequence[Target], deed: str | None
) -> list[BulkLine]:
    """What becomes of each, in the order of the targets. All that are there are locked."""
    told: dict[int, BulkLine] = {}
    there = []
    for target in targets:
        try:
            ticket_to_read(session, target.number)
            there.append(target)
        except DeskError as error:
            told[target.number] = BulkLine(target.number, "", "refused", error.sentence)
    session.expunge_all()  # what was read without a lock is not what is changed
    locked = lock_with_linked(session, {wanted.target, *(target.number for target in there)})
    for target in there:
        ticket = locked[target.number]
        line = BulkLine(target.number, safe_line(ticket.subject), "changed", "", ticket.version)
        told[target.number] = line
        if target.number == wanted.target:
            told[target.number] = _with(line, "unchanged", _("the others go into this one"))
            continue
        if deed is not None and has_done(session, deed, target.number, field="merged_into"):
            told[target.number] = _with(line, "repeated", _("was done already"))
            continue
        try:
            refuse_merged(ticket)
            if deed is None or not has_done(session, deed, target.number):  # a link that moved with another
                refuse_changed(ticket, target)
            into = _("goes into #{number} and is closed").format(number=wanted.target)
            told[target.number] = _with(line, "changed", into)
        except DeskError as error:
            told[target.number] = _with(line, "refused", error.sentence)
    return [told[target.number] for target in targets]


def _with(line: BulkLine, effect: Effect, sentence: str) -> BulkLine:
    return replace(line, effect=effect, sentence=sentence)
