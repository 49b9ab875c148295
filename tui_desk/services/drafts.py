"""Drafts: saved as one types, one per agent, ticket and kind; colleagues see them."""

from __future__ import annotations

import mimetypes
import os
import stat
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import ColumnElement, delete
from sqlmodel import Session, col, select

from tui_desk.contracts.conversation import (
    AttachmentView,
    AttachToDraft,
    DetachFromDraft,
    DraftView,
    DropDraft,
    ListDrafts,
    SaveDraft,
)
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_filename, safe_line, storable, visible_name
from tui_desk.core.tokens import TOKEN_LIMIT
from tui_desk.db.blobs import store_blob
from tui_desk.db.files import is_own_file
from tui_desk.db.url import DatabaseUrl
from tui_desk.models import Agent, Attachment, Draft
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import database, found_or_made, known, now, require, ticket_to_read
from tui_desk.services.local_paths import local_path
from tui_desk.services.message_view import attachment_view
from tui_desk.services.review_rows import end_of_draft, fresh_draft_id, lock_for_checks

ATTACHMENT_LIMIT = 25 * 1024 * 1024
"""Bytes of one file, and of all files of one message: what common servers take."""


def draft_of(session: Session, actor: Actor, number: int, kind: DraftKind) -> Draft | None:
    """The acting agent's own draft, locked for change."""
    return session.exec(
        select(Draft)
        .where(Draft.ticket_id == number, Draft.agent_id == actor.agent_id, Draft.kind == kind.value)
        .with_for_update()
    ).first()


def refuse_begun(session: Session, actor: Actor, number: int) -> None:
    """Raises Refused where the acting agent has begun an answer: another one would take its text away and send its files."""
    if draft_of(session, actor, number, DraftKind.REPLY) is not None:
        raise Refused(_("You have a draft of an answer there: send it, or drop it first."))


def drafts_of(session: Session, actor: Actor, number: int) -> tuple[DraftView, ...]:
    """All drafts in a ticket, the acting agent's first."""
    views = _views(session, actor, col(Draft.ticket_id) == number)
    return tuple(sorted(views, key=lambda view: not view.mine))


def list_drafts(session: Session, actor: Actor, _request: ListDrafts) -> tuple[DraftView, ...]:
    """The acting agent's drafts in all tickets, the newest first."""
    require(actor, Permission.VIEW)
    return tuple(_views(session, actor, col(Draft.agent_id) == actor.agent_id))


def _views(session: Session, actor: Actor, which: ColumnElement[bool]) -> list[DraftView]:
    rows = session.exec(
        select(Draft, Agent.name, Agent.login)
        .join(Agent, col(Agent.id) == Draft.agent_id)
        .where(which)
        .order_by(col(Draft.updated_at).desc())
    ).all()
    attached = draft_attachments(session, [known(draft.id) for draft, _name, _login in rows])
    return [
        DraftView(
            ticket=draft.ticket_id,
            agent=safe_line(name or login),
            mine=draft.agent_id == actor.agent_id,
            kind=DraftKind(draft.kind),
            body=safe_block(draft.body),
            to=safe_line(draft.to),
            cc=safe_line(draft.cc),
            bcc=safe_line(draft.bcc),
            attachments=tuple(attachment_view(row) for row in attached if row.draft_id == draft.id),
            base_message_id=draft.base_message_id,
            updated_at=draft.updated_at,
            token=draft.token if draft.agent_id == actor.agent_id else "",
        )
        for draft, name, login in rows
    ]


def draft_attachments(session: Session, draft_ids: list[int]) -> list[Attachment]:
    """What is attached to some drafts, in order."""
    if not draft_ids:
        return []
    return list(
        session.exec(
            select(Attachment)
            .where(col(Attachment.draft_id).in_(draft_ids))
            .order_by(col(Attachment.position), col(Attachment.id))
        )
    )


def save(session: Session, actor: Actor, request: SaveDraft) -> None:
    """Keep what is being written. An empty draft without attachments is none. Raises UsageError for a token that is too long."""
    require(actor, Permission.WRITE)
    if len(request.send_token) > TOKEN_LIMIT:
        raise UsageError(_("A token names this one deed: a word of your own that no other has."))
    ticket_to_read(session, request.number)
    lock_for_checks(session, request.number)
    existing = draft_of(session, actor, request.number, request.kind)
    empty = not (request.body.strip() or request.cc.strip() or request.bcc.strip())
    if empty and (existing is None or not draft_attachments(session, [known(existing.id)])):
        if existing is not None:
            remove(session, actor, existing)
        return
    draft = existing or _own_draft(session, actor, request.number, request.kind, now(session))
    draft.body, draft.to = storable(request.body), storable(request.to)
    draft.cc, draft.bcc = storable(request.cc), storable(request.bcc)
    draft.base_message_id = request.base_message_id or draft.base_message_id
    draft.token = storable(request.send_token) or draft.token
    draft.updated_at = now(session)
    session.add(draft)


def _own_draft(session: Session, actor: Actor, number: int, kind: DraftKind, at: datetime) -> Draft:
    if actor.agent_id is None:
        raise Refused(_("Only an agent writes drafts."))
    made = Draft(
        id=fresh_draft_id(session),
        ticket_id=number,
        agent_id=actor.agent_id,
        kind=kind.value,
        updated_at=at,
    )

    def make() -> Draft:
        session.add(made)
        session.flush()
        return made

    return found_or_made(session, lambda: draft_of(session, actor, number, kind), make)


def drop(session: Session, actor: Actor, request: DropDraft) -> None:
    """Throw the acting agent's draft away; none is fine."""
    require(actor, Permission.WRITE)
    lock_for_checks(session, request.number)
    draft = draft_of(session, actor, request.number, request.kind)
    if draft is not None:
        remove(session, actor, draft)


def remove(session: Session, actor: Actor, draft: Draft) -> None:
    """Delete a draft with what is still attached to it; nobody need check it any more."""
    end_of_draft(session, actor, draft, now(session))
    session.execute(delete(Attachment).where(col(Attachment.draft_id) == draft.id))
    session.delete(draft)
    session.flush()


def attach(session: Session, actor: Actor, request: AttachToDraft) -> AttachmentView:
    """Keep a file with the draft. Raises UsageError (no such file), Refused (too large)."""
    require(actor, Permission.WRITE)
    ticket_to_read(session, request.number)
    name, content = read_file(request.path, database(session).url)
    draft = draft_of(session, actor, request.number, request.kind) or _own_draft(
        session, actor, request.number, request.kind, now(session)
    )
    attached = draft_attachments(session, [known(draft.id)])
    check_total(sum(row.size for row in attached) + len(content))
    row = attachment_row(session, name, content, position=len(attached))
    row.draft_id = draft.id
    session.add(row)
    draft.updated_at = now(session)
    session.add(draft)
    session.flush()
    return attachment_view(row)


def detach(session: Session, actor: Actor, request: DetachFromDraft) -> None:
    """Take a file away from the draft again. Raises NotFound."""
    require(actor, Permission.WRITE)
    draft = draft_of(session, actor, request.number, request.kind)
    row = session.get(Attachment, request.attachment_id)
    if draft is None or row is None or row.draft_id != draft.id:
        raise NotFound(_("That file is not attached to this draft."))
    session.delete(row)
    session.flush()


def attachment_row(session: Session, name: str, content: bytes, *, position: int) -> Attachment:
    """An attachment whose bytes are kept as a blob; the caller says what it hangs on and adds it."""
    filename = safe_filename(name)
    return Attachment(
        position=position,
        filename=filename,
        content_type=mimetypes.guess_type(filename)[0] or "application/octet-stream",
        size=len(content),
        sha256=store_blob(session, content),
    )


def read_file(
    path: str, url: DatabaseUrl, check_size: Callable[[int], None] | None = None
) -> tuple[str, bytes]:
    """Name and content of a regular file. Raises UsageError when it cannot be read, and what ``check_size`` raises (without one: Refused
    for what is larger than all attachments of a message may be)."""
    check_size = check_size or check_total
    place = local_path(path)
    if is_own_file(place, url):
        raise UsageError(_("{path} is this desk's own database.").format(path=visible_name(path)))
    try:
        # Not blocking: a pipe by that name must not stop the desk.
        descriptor = os.open(place, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode):
                raise UsageError(_("{path} is not a file.").format(path=visible_name(path)))
            check_size(facts.st_size)
            content = file.read(ATTACHMENT_LIMIT + 1)
    except (OSError, ValueError) as error:
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsageError(
            _("{path} cannot be read: {cause}.").format(path=visible_name(path), cause=safe_line(cause))
        ) from error
    check_size(len(content))
    return place.name, content


def check_total(size: int) -> None:
    """Raises Refused where the attachments of a message would be too large."""
    if size > ATTACHMENT_LIMIT:
        raise Refused(
            _("The attachments together are larger than {limit} MB, which most mail servers refuse.").format(
                limit=ATTACHMENT_LIMIT // (1024 * 1024)
            ),
            _("Nothing was attached. Send a link instead, or several messages."),
        )
