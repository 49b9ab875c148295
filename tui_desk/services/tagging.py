"""Tags of tickets: some more, some fewer; and which there are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session, col, func, select

from tui_desk.contracts.tagging import ChangeTags, TagCount, TagsOf
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.models import TicketTag
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.changes import set_fields, told
from tui_desk.services.context import now, require, ticket_to_change
from tui_desk.services.fields import FIELDS
from tui_desk.services.tickets import tag_of

_OFFERED = 200
"""Tags of the desk that are offered."""


def change_tags(session: Session, actor: Actor, request: ChangeTags) -> FieldChanged:
    """Add and remove tags of one ticket. Raises NotFound, UsageError (no tag was named, or none it can be)."""
    require(actor, Permission.CHANGE_TICKETS)
    add, remove = (_tags(tags) for tags in (request.add, request.remove))
    if not add | remove:
        raise UsageError(_("Name a tag."))
    ticket = ticket_to_change(session, request.number)
    tags = sorted(({*FIELDS["tags"].read(session, ticket)} | add) - remove)
    values = {"tags": tags}
    return told(request.number, set_fields(session, actor, ticket, values, now(session)), values)


def _tags(given: Iterable[str]) -> set[str]:
    return {tag_of(tag) for tag in given if tag.strip()}


def tags_of(session: Session, actor: Actor, request: TagsOf) -> tuple[TagCount, ...]:
    """The tags of tickets, and those that the desk uses most."""
    require(actor, Permission.VIEW)
    has = select(TicketTag.tag, func.count()).where(col(TicketTag.ticket_id).in_(request.numbers))
    found = dict(session.exec(has.group_by(col(TicketTag.tag))).all())
    if request.used:
        used = (
            select(TicketTag.tag).group_by(col(TicketTag.tag)).order_by(func.count().desc()).limit(_OFFERED)
        )
        found = {**dict.fromkeys(session.exec(used).all(), 0), **found}
    return tuple(TagCount(safe_line(tag), count) for tag, count in sorted(found.items()))
