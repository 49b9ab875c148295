"""The ways out of a desk: a mailbox's own SMTP server, or the fallback sender for all that have none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func
from sqlmodel import Session, col, select

from tui_desk.core.enums import MailboxState
from tui_desk.models import Mailbox, OutboxItem
from tui_desk.services.senders import FALLBACK, MAILBOX
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting


@dataclass(frozen=True, slots=True)
class Route:
    """A way out. ``mailbox_id`` None: the fallback sender. ``version`` changes when its settings do."""

    mailbox_id: int | None
    version: int = 0

    @property
    def way(self) -> str:
        return FALLBACK if self.mailbox_id is None else MAILBOX

    @property
    def name(self) -> str:
        return "fallback" if self.mailbox_id is None else f"mailbox:{self.mailbox_id}"


def routes(session: Session) -> list[Route]:
    """All ways out there are now."""
    rows = session.execute(
        select(Mailbox.id, Mailbox.version).where(
            Mailbox.smtp_host != "", Mailbox.state != MailboxState.REMOVED.value
        )
    ).all()
    found = [Route(int(mailbox_id), version) for mailbox_id, version in rows]
    value = read_setting(session, FALLBACK_SENDER)
    if isinstance(value, dict) and value.get("smtp_host"):
        found.append(Route(None, hash(str(sorted(value.items())))))
    return found


def of_route(route: Route, all_routes: Sequence[Route]) -> ColumnElement[bool]:
    """Which items leave by ``route``: a mailbox's own unless it is paused, and by the fallback all that have no other way.

    An expression, not the bare column: the index over mailboxes would lead through all that a mailbox ever sent.
    """
    mailbox_id = func.coalesce(col(OutboxItem.mailbox_id), 0)
    if route.mailbox_id is not None:
        sends = exists().where(
            col(Mailbox.id) == route.mailbox_id, col(Mailbox.state) != MailboxState.PAUSED.value
        )
        return and_(mailbox_id == route.mailbox_id, sends)
    others = [other.mailbox_id for other in all_routes if other.mailbox_id is not None]
    return mailbox_id.not_in(others)
