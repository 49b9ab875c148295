"""The last deed and the way back, in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui_desk.contracts.conversation import CancelSend
from tui_desk.contracts.tickets import FieldChanged, LastChange, UndoLast
from tui_desk.core import moment_text
from tui_desk.core.i18n import _, ngettext
from tui_desk.linear.questions import confirmed
from tui_desk.linear.session import Offer, Session, in_words

UNDO_SECONDS = 120
"""How long ``undo`` takes back a change without asking: longer than on the screens, since it takes longer to hear what was done."""
HOLD_SECONDS = 30
"""How long a mail can be stopped at least, for the same reason."""


def offer_of_change(done: FieldChanged, now: datetime, leaves: datetime | None = None) -> Offer:
    """The way back from a change; with a mail among it, until that leaves."""
    request, until = UndoLast(done.number, done.event_ids), now + timedelta(seconds=UNDO_SECONDS)
    if leaves is None:
        return Offer(request, done.number, until, done.sentence)
    return Offer(request, done.number, leaves, _mail_of(done.number), leaves)


def offer_of_mail(outbox_id: int, number: int, leaves: datetime) -> Offer:
    """The way back from a mail of that ticket, until it leaves."""
    return Offer(CancelSend(outbox_id), number, leaves, _mail_of(number), leaves)


def _mail_of(number: int) -> str:
    return _("The mail of #{number}").format(number=number)


def seconds_left(what: str, leaves: datetime, now: datetime) -> str:
    """How long a mail can still be stopped."""
    seconds = max(0, round((leaves - now).total_seconds()))
    if seconds >= 600:
        return _("{what} leaves {when}.").format(what=what, when=moment_text.told(leaves, now))
    told = ngettext("{what} leaves in {count} second.", "{what} leaves in {count} seconds.", seconds)
    return told.format(what=what, count=seconds)


def undo(session: Session, argument: str) -> None:
    """Take back what one did last; later, one's last change of the open ticket, after asking."""
    offer, session.offer = session.offer, None
    if offer is not None and offer.until > session.now():
        done = session.ask(offer.request)
        session.say(in_words(done if isinstance(done, str) else done.sentence))
        session.look_again()
        return
    last = session.ask(LastChange(session.ticket.number)) if session.ticket is not None else None
    if last is None:
        session.say(
            _("Nothing to undo: you changed nothing just now."),
            "" if session.ticket else _("Open a ticket: undo offers your last change of it."),
        )
        return
    when = moment_text.day_and_hour(last.at, session.now())
    question = _("Undo your last change of #{number}?").format(number=session.number())
    if confirmed(session, question, f"{when}: {last.sentence}"):
        session.say(in_words(session.ask(UndoLast(session.number(), last.event_ids)).sentence))
        session.look_again()
