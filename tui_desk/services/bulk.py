"""One change of many tickets: shown first, then done, with the use cases for one ticket. How it is cut: ``bulk_batches``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlmodel import Session, col, select

from tui_desk.contracts.bulk import (
    MOST,
    BulkChange,
    BulkLine,
    BulkPreview,
    BulkResult,
    ChangeBulk,
    MergeInto,
    PreviewBulk,
    ReplyToEach,
    Target,
)
from tui_desk.contracts.macros import ApplyMacro
from tui_desk.contracts.tagging import ChangeTags
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import Refused, Unavailable, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Event, OutboxItem, Ticket
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import agent_for_work, team_named
from tui_desk.services.bulk_batches import Act, deed_of_token, in_batches
from tui_desk.services.bulk_macro import look_at_macro, macro_warnings
from tui_desk.services.bulk_merge import check_merge, merge_all
from tui_desk.services.bulk_reply import check_reply, look_at_reply, reply_warnings, send_reply
from tui_desk.services.context import require
from tui_desk.services.macros import as_shown
from tui_desk.services.settings_store import UNDO_SECONDS, read_setting
from tui_desk.services.tickets import tag_of

_EACH = frozenset({"SetFields", "TakeTicket", "ChangeTags", "MarkSpam", "BlockSender", "ApplyMacro"})
"""Requests for one ticket that many can be given: they answer ``FieldChanged``, and what they do can be taken back."""
_TOKEN_LIMIT = 200
_MEANWHILE_SECONDS = 120
"""Mails of one deed are held that much longer while it goes on, so that the first does not leave before the last is written."""


def preview(database: Database, actor: Actor, request: PreviewBulk) -> BulkPreview:
    """What would become of each ticket. It is done and rolled back, so that what is shown is what would happen."""
    targets = tuple(Target(number) for number in dict.fromkeys(request.numbers))
    _check(database, actor, request.change, targets)
    change = request.change
    if isinstance(change, MergeInto):
        worked = merge_all(database, actor, change, targets, deed=None, watch=request.watch)
        return BulkPreview(worked.lines, stopped=bool(worked.left))
    act: Act
    if isinstance(change, ReplyToEach):
        found: set[str] = set()

        def act(session: Session, ticket: Ticket) -> BulkLine:
            return look_at_reply(session, actor, ticket, change, found)

        writes = bool(change.despite)  # the reason is an event
        worked = in_batches(database, targets, act, deed=None, watch=request.watch, writes=writes)
        with database.reading() as session:
            seconds = 0 if change.now else int(read_setting(session, UNDO_SECONDS))
        warnings = reply_warnings(worked.lines, found, seconds)
        return BulkPreview(worked.lines, warnings, seconds, bool(worked.left))
    if isinstance(change, ApplyMacro):
        return _macro_preview(database, actor, request, change, targets)
    worked = in_batches(database, targets, _changing(actor, change), deed=None, watch=request.watch)
    return BulkPreview(worked.lines, stopped=bool(worked.left))


def _macro_preview(
    database: Database, actor: Actor, request: PreviewBulk, change: ApplyMacro, targets: Sequence[Target]
) -> BulkPreview:
    def act(session: Session, ticket: Ticket) -> BulkLine:
        return look_at_macro(session, actor, ticket, change)

    worked = in_batches(database, targets, act, deed=None, watch=request.watch)
    with database.reading() as session:
        seconds = int(read_setting(session, UNDO_SECONDS))
    return BulkPreview(worked.lines, macro_warnings(worked.lines, seconds), seconds, bool(worked.left))


def change(database: Database, actor: Actor, request: ChangeBulk) -> BulkResult:
    """Do it, ticket by ticket; asked again with the same token, only what is missing."""
    if not 0 < len(request.token) <= _TOKEN_LIMIT:
        raise UsageError(_("A token names this one deed: a word of your own that no other has."))
    targets = tuple({target.number: target for target in request.targets}.values())
    _check(database, actor, request.change, targets)
    deed, wanted = deed_of_token(actor, request.token), request.change
    if isinstance(wanted, MergeInto):
        worked = merge_all(database, actor, wanted, targets, deed=deed, watch=request.watch)
    else:
        act = _acting(database, actor, wanted)
        worked = in_batches(database, targets, act, deed=deed, watch=request.watch)
    leaves_at_once = isinstance(wanted, ReplyToEach) and wanted.now
    held, trouble = None, worked.trouble
    if not leaves_at_once:
        try:
            held = _hold_together(database, deed)
        except (
            Unavailable
        ) as error:  # what was written stands, and is told: asked anew it would be done twice
            trouble = trouble or str(error)
    result = BulkResult(request.token, worked.lines, worked.left, trouble, held)
    return replace(result, sentence=told(result, isinstance(wanted, ReplyToEach)))


def told(result: BulkResult, of_mails: bool = False) -> str:
    """A result in a line."""
    done = result.count("changed")
    words = (
        ngettext("{count} mail written", "{count} mails written", done)
        if of_mails
        else ngettext("{count} ticket changed", "{count} tickets changed", done)
    )
    parts = [words.format(count=done)]
    same, refused, again = (result.count(effect) for effect in ("unchanged", "refused", "repeated"))
    if same:
        parts.append(ngettext("{count} was so already", "{count} were so already", same).format(count=same))
    if again:
        parts.append(
            ngettext("{count} was done before", "{count} were done before", again).format(count=again)
        )
    if refused:
        parts.append(ngettext("{count} left alone", "{count} left alone", refused).format(count=refused))
    if result.left:
        count = len(result.left)
        parts.append(ngettext("{count} not come to", "{count} not come to", count).format(count=count))
    line = " · ".join(parts)
    return f"{line}. {result.trouble}" if result.trouble else line


def _check(database: Database, actor: Actor, wanted: BulkChange, targets: Sequence[Target]) -> None:
    """What is wrong for every ticket is told once. Raises Refused, UsageError, NotFound."""
    require(actor, Permission.WRITE if isinstance(wanted, ReplyToEach) else Permission.CHANGE_TICKETS)
    if not targets:
        raise UsageError(_("No ticket is meant."))
    if len(targets) > MOST:
        raise UsageError(
            _("At most {count} tickets are changed at once; these are {many}.").format(
                count=MOST, many=len(targets)
            )
        )
    with database.reading() as session:
        if isinstance(wanted, MergeInto):
            check_merge(session, wanted, targets)
        elif isinstance(wanted, ReplyToEach):
            check_reply(wanted)
        elif type(wanted).__name__ not in _EACH:
            raise UsageError(_("That is done to one ticket at a time."))
        elif isinstance(wanted, SetFields):
            if wanted.assignee:
                agent_for_work(session, actor, wanted.assignee)
            if wanted.team:
                team_named(session, wanted.team)
        elif isinstance(wanted, ApplyMacro):
            as_shown(session, actor, wanted)
        elif isinstance(wanted, ChangeTags) and not _tags(wanted):
            raise UsageError(_("Name a tag."))


def _tags(wanted: ChangeTags) -> list[str]:
    return [tag_of(tag) for tag in (*wanted.add, *wanted.remove) if tag.strip()]


def _changing(actor: Actor, template: Any) -> Act:
    """What one ticket's use case does with the request for it."""
    from tui_desk.services.dispatch import handler_of, load

    function = load(handler_of(template))

    def act(session: Session, ticket: Ticket) -> BulkLine:
        number, subject, version = int(ticket.id or 0), safe_line(ticket.subject), ticket.version
        done = function(session, actor, replace(template, number=number))
        findings = getattr(done, "findings", ())
        if findings:
            raise Refused(findings[0].sentence)
        sentence = done.sentence.removeprefix(f"#{number} · ")
        return BulkLine(number, subject, "changed" if done.event_ids else "unchanged", sentence, version)

    return act


def _acting(database: Database, actor: Actor, wanted: BulkChange) -> Act:
    """What is done to one ticket. Mails of it are all held longer than usual while it goes on: see :func:`_hold_together`."""
    if not isinstance(wanted, (ReplyToEach, ApplyMacro)):
        return _changing(actor, wanted)
    with database.reading() as session:
        window = int(read_setting(session, UNDO_SECONDS))
    hold = window + _MEANWHILE_SECONDS if window else 0
    if isinstance(wanted, ApplyMacro):
        return _changing(actor, replace(wanted, hold_seconds=hold))
    if wanted.now:
        hold = 0

    def act(session: Session, ticket: Ticket) -> BulkLine:
        return send_reply(session, actor, ticket, wanted, hold)

    return act


def _hold_together(database: Database, deed: str) -> datetime | None:
    """Let all mails of a deed that are held leave at one time, the usual window after the last one was written; None where none is."""
    with database.reading() as session:
        replied = session.exec(select(Event.after).where(Event.deed == deed, Event.action == "replied")).all()
        window = int(read_setting(session, UNDO_SECONDS))
    ids = [int(after["outbox_id"]) for after in replied]
    if not ids:
        return None
    until = utc_now() + timedelta(seconds=window)
    with database.writing() as session:
        held = col(OutboxItem.id).in_(ids), col(OutboxItem.state) == DeliveryState.HELD.value
        found = session.execute(update(OutboxItem).where(*held).values(held_until=until))
        return until if cast("CursorResult[Any]", found).rowcount else None
