"""What one request did, as a whole: the events that belong together, what of them can be taken back, and why the rest cannot.

Events of one request have the same ``Event.deed``. Those from before there were deeds, and those that nobody asked for (mail, clock),
belong together when they happened at the same moment by the same hand, in one ticket and in those its messages went to.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.core.i18n import _
from tui_desk.models import Event
from tui_desk.services.actor import is_deed_of_many
from tui_desk.services.context import known
from tui_desk.services.events import ticket_stream
from tui_desk.services.fields import CHANGED, FIELDS
from tui_desk.services.joining import MOVED
from tui_desk.services.rows import ROW_ACTIONS
from tui_desk.services.settings_store import TAKEN_BACK

REATTRIBUTED = "messages_reattributed"
"""Messages got another record of a person as their author."""
LINKS = frozenset({"linked", "unlinked"})
ASSET_LINKS = frozenset({"asset_linked", "asset_unlinked"})
LICENCE_LINKS = frozenset({"licence_linked", "licence_unlinked"})
DISMISSALS = frozenset({"recognised_dismissed", "recognised_offered"})
REVERSIBLE = (
    frozenset({CHANGED, MOVED, REATTRIBUTED}) | LINKS | ASSET_LINKS | ROW_ACTIONS | LICENCE_LINKS | DISMISSALS
)
ASSET_FIELDS = frozenset(
    ("tag", "name", "type", "serial", "location", "supplier", "state", "cost", "currency", "owner", "notes")
) | {"purchased_on", "warranty_until", "hostname", "depreciation_months"}
"""Fields of assets whose changes events keep."""
MAIL_LEFT = frozenset(
    {
        "replied",
        "forwarded",
        "acknowledged",
        "approval_asked",
        "approval_reminded",
        "survey_asked",
        "order_mailed",
    }
)
MACRO = "macro_applied"
"""The event that names the macro of a deed; what it did to the ticket is taken back although its mail has left."""
_DECIDED = frozenset({"approved", "refused"})


def kind_of(stream: str) -> str:
    """What a stream is about: ``ticket``, ``asset``, ``person``, ``desk``…"""
    return stream.partition(":")[0]


def told_value(event: Event) -> dict[str, Any]:
    """The value an event tells of, whichever side it is on; nothing for plain ones."""
    value = event.after if isinstance(event.after, dict) else event.before
    return value if isinstance(value, dict) else {}


def is_mirror(event: Event) -> bool:
    """The second telling of something that is told in two histories and taken back once."""
    return bool(told_value(event).get("mirror")) or (
        event.action in ASSET_LINKS | LICENCE_LINKS and kind_of(event.stream) != "ticket"
    )


def is_step(event: Event) -> bool:
    """Whether this event itself is something that can be taken back."""
    if event.action not in REVERSIBLE or is_mirror(event):
        return False
    if event.action == CHANGED:
        kind = kind_of(event.stream)
        fields: Collection[str] = {
            "ticket": FIELDS,
            "asset": ASSET_FIELDS,
            "desk": TAKEN_BACK,
        }.get(kind, ())
        return event.field in fields
    return True


def deed_of(session: Session, event: Event) -> list[Event]:
    """All events of the deed that ``event`` is a part of, oldest first."""
    if event.deed is not None:
        statement = select(Event).where(Event.deed == event.deed).order_by(col(Event.id))
        return list(session.exec(statement).all())
    streams = {event.stream}
    group = _same_moment(session, event, streams)
    elsewhere = {
        ticket_stream(int(told_value(one)[side]))
        for one in group
        if one.action == MOVED or (one.id == event.id and one.action in LINKS)
        for side in ("from", "to")
        if side in told_value(one)
    }
    if elsewhere - streams:
        group = _same_moment(session, event, streams | elsewhere)
    if any(one.action == MOVED for one in group):
        return group
    return [one for one in group if one.action == CHANGED or one.id == event.id or _same_link(one, event)]


def of_many(deed: Sequence[Event]) -> bool:
    """Whether it was done to several tickets in several transactions, each ticket for itself, so that it is taken back in the same way."""
    name = deed[0].deed if deed else None
    if name is None or not is_deed_of_many(name) or any(event.action == MOVED for event in deed):
        return False
    return len({event.stream for event in deed if kind_of(event.stream) == "ticket"}) > 1


def _same_link(one: Event, other: Event) -> bool:
    """Two tellings of one link."""
    if one.action != other.action or one.action not in LINKS:
        return False
    pairs = [{key: told_value(each).get(key) for key in ("from", "to", "kind")} for each in (one, other)]
    return pairs[0] == pairs[1]


def _same_moment(session: Session, event: Event, streams: set[str]) -> list[Event]:
    statement = select(Event).where(
        col(Event.stream).in_(streams),
        Event.at == event.at,
        Event.actor_id == event.actor_id,
        Event.actor == event.actor,
        col(Event.deed).is_(None),
    )
    return list(session.exec(statement.order_by(col(Event.id))).all())


def taken_back(session: Session, events: Sequence[Event]) -> set[int]:
    """The ids of those events that were taken back, and not brought again since.

    Whatever takes an event back is told in the same stream (of messages that moved: in that of the other ticket), so nothing
    but those streams is read.
    """
    undone: set[int] = set()
    ids, streams = {known(event.id) for event in events}, {event.stream for event in events}
    streams |= {
        ticket_stream(int(event.after[side]))
        for event in events
        if event.action == MOVED
        for side in ("from", "to")
    }
    undoers = _undoers(session, streams, ids)
    if undoers:
        chain = taken_back(session, undoers)
        undone = {known(one.undoes) for one in undoers if one.id not in chain and one.undoes in ids}
    return undone


def _undoers(session: Session, streams: set[str], ids: set[int]) -> list[Event]:
    if not ids:
        return []
    statement = select(Event).where(col(Event.stream).in_(streams), col(Event.undoes).in_(ids))
    return [event for event in session.exec(statement).all() if not is_mirror(event)]


def decisive(steps: Sequence[Event]) -> list[Event]:
    """The steps that say whether a deed holds: where messages were moved, what accompanied them may have been left as it is."""
    return [event for event in steps if event.action == MOVED] or list(steps)


def steps_left(session: Session, deed: Sequence[Event]) -> list[Event]:
    """What of a deed is there to be taken back, oldest first: nothing once it was."""
    steps = [event for event in deed if is_step(event)]
    return [] if taken_back(session, decisive(steps)) else steps


def obstacle(deed: Sequence[Event], event: Event) -> str:
    """Why a deed cannot be taken back by ``event``, in a sentence; empty where it can. That it was is not looked at.

    What an answer did to its ticket is taken back by that change; by the answer itself nothing is.
    """
    steps = [one for one in deed if is_step(one)]
    if not steps or not (is_step(event) or (event.action in REVERSIBLE and is_mirror(event))):
        return _why_not(event)
    if any(one.action == "order_mailed" for one in deed):
        return _("A mail is stopped with X while it waits; once it has left, nothing calls it back.")
    sends = any(_sends_mail(one) for one in deed) and not any(one.action == MACRO for one in deed)
    if sends and any(one.action in ROW_ACTIONS for one in steps):
        return _("A mail was sent with it, and nothing calls a mail back.")
    return next((reason for reason in map(_row_obstacle, steps) if reason), "")


def _sends_mail(event: Event) -> bool:
    return event.action in MAIL_LEFT or "outbox_id" in told_value(event)


def _row_obstacle(event: Event) -> str:
    if event.action not in ROW_ACTIONS:
        return ""
    told = told_value(event)
    if any(isinstance(side, dict) and side.get("secret") for side in (event.before, event.after)):
        return _("A secret was changed, and no history keeps secrets.")
    values = told.get("values", {})
    if told.get("table") == "satisfaction" and "score" in values:
        return _("A rating is the requester's own, and the mail that asked for it has left.")
    if told.get("table") == "approval_vote" and values.get("decision"):
        return _("A decision that somebody made stays; the approval can be asked for again.")
    if told.get("table") in ("approval", "approval_step") and values.get("state") in _DECIDED:
        return _("A decision that somebody made stays; the approval can be asked for again.")
    return ""


def _why_not(event: Event) -> str:
    if event.action in MAIL_LEFT:
        return _("A mail is stopped with X while it waits; once it has left, nothing calls it back.")
    words = {
        "created": _("What was opened or made stays; it can be closed, retired or set aside."),
        "message_received": _("A mail that came stays; it can be moved out of the ticket."),
        "noted": _("What was written into a conversation stays there."),
        "phoned": _("What was written into a conversation stays there."),
        "chatted": _("What was written into a conversation stays there."),
        CHANGED: _("It is not taken back from here; it can be set anew where it is set."),
    }
    return words.get(event.action) or _("It is kept as it happened; nothing takes it back.")
