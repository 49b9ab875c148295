"""What happened meanwhile, told between two prompts and never while somebody types; a bell says that there is something."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from tui_desk.contracts.notifications import ListNotifications, MarkRead, NotificationView
from tui_desk.contracts.status import DeskStatus, ShowStatus
from tui_desk.core.enums import PresenceMode
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.linear.flow import own_settings
from tui_desk.linear.session import Session, in_words
from tui_desk.linear.taking_back import seconds_left
from tui_desk.linear.words import ago, people_here
from tui_desk.rules.own_settings import may_call
from tui_desk.rules.quiet import is_quiet, read_span

LOOK_SECONDS = 15.0
"""How often a session that waits for a line looks for something that calls, and says that it is still at its ticket."""
_MOST = 20


def tell(session: Session) -> None:
    """Everything that is new since the last prompt."""
    session.status = session.ask(ShowStatus())
    session.agent = session.status.agent
    _notifications(session)
    _leaving(session)
    _ticket(session)


def _notifications(session: Session) -> None:
    known = session.newest_notification
    status = session.status
    if status is None or (known is not None and not status.notifications):
        return
    found = session.ask(ListNotifications(limit=_MOST)) if status.notifications else ()
    newest = max((one.id for one in found), default=0)
    if known is None:
        session.newest_notification = newest
        if status.notifications:
            told = ngettext(
                "{count} notification is unread: notifications reads it.",
                "{count} notifications are unread: notifications reads them.",
                status.notifications,
            )
            session.say(told.format(count=status.notifications))
        return
    for one in reversed([each for each in found if each.id > known]):
        session.say(_("New: {sentence}").format(sentence=_sentence(one)))
    session.newest_notification = max(known, newest)


def _sentence(one: NotificationView) -> str:
    about = f"#{one.ticket}: " if one.ticket is not None else ""
    return f"{about}{in_words(safe_line(one.sentence, 300))}"


def _leaving(session: Session) -> None:
    """A mail that can still be stopped, or cannot any more."""
    offer = session.offer
    if offer is None or offer.leaves is None:
        return
    if offer.leaves <= session.now():
        session.say(_("{what} leaves now.").format(what=offer.sentence))
        session.offer = None
    elif (offer.leaves - session.now()).total_seconds() < 600:
        session.say(seconds_left(offer.sentence, offer.leaves, session.now()), _("undo stops it."))


def _ticket(session: Session) -> None:
    """New messages of the open ticket, and who came or left."""
    if session.ticket is None:
        return
    number = session.ticket.number
    session.look_again()
    ticket = session.ticket
    newest = max((one.id for one in ticket.messages), default=0)
    told = session.told_up_to.get(number)
    fresh = [one for one in ticket.messages if told is not None and one.id > told]
    for message in fresh:
        if not (
            message.is_agent and session.agent and message.author in (session.agent.name, session.agent.login)
        ):
            session.say(
                _("A new message of {who} is here: last reads it.").format(who=safe_line(message.author, 60))
            )
    session.told_up_to[number] = max(newest, told or 0)
    here = people_here(session.report(PresenceMode.VIEWING))
    if here != session.elsewhere:
        session.elsewhere = here
        session.say(here or _("Nobody else is here any more."))


def notifications(session: Session, argument: str) -> None:
    """Read the unread ones, newest first; all: the read ones, too; read: mark them as read."""
    word = argument.strip().casefold()
    if word in ("read", _("read")):
        count = session.ask(MarkRead(everything=True))
        session.say(
            ngettext("{count} is marked as read.", "{count} are marked as read.", count).format(count=count)
        )
        return
    found = session.ask(ListNotifications(everything=word in ("all", _("all"))))
    for one in found:
        session.say(f"{_sentence(one)}", f"{ago(one.at, session.now())}.")
    if found:
        session.say(_("notifications read marks all of them as read."))
    else:
        session.say(_("Nothing is unread."))


class Watcher:
    """Looks now and then while a line is waited for. :meth:`stop` ends it; what it says is a bell, nothing else."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stopped = threading.Event()
        self._count: int | None = None
        self._thread = threading.Thread(target=self._watch, name="linear-watcher", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._stopped.set()
        self._thread.join(timeout=LOOK_SECONDS)

    def _watch(self) -> None:
        while not self._stopped.wait(LOOK_SECONDS):
            try:
                self._look()
            except DeskError:
                continue  # the next prompt tells what is wrong with the desk

    def _look(self) -> None:
        session = self._session
        session.report(session.presence)
        status = session.ask(ShowStatus())
        before, self._count = self._count, status.notifications
        if before is not None and status.notifications > before and self._calls(status, before):
            session.console.ring()

    def _calls(self, status: DeskStatus, before: int) -> bool:
        own = own_settings(self._session)
        fresh: Iterable[NotificationView] = self._session.ask(
            ListNotifications(limit=max(1, min(_MOST, status.notifications - before)))
        )
        if is_quiet(self._session.now(), read_span(own.quiet), own.quiet_weekends):
            return False
        return any(may_call(one.kind, own.signal, own.silent) for one in fresh)
