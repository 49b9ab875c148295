"""One mail from a mailbox to itself: sent as every answer is, waited for where mail is fetched, and found by a signed id.

It is looked for in the folder, in the one that imported mail is moved to (a worker may be quicker) and in the one for spam,
among what came since it was sent: by its own header, since relays replace Message-IDs and searches of servers lag behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from threading import Event

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.mail import imap_open, smtp
from tui_desk.mail.compose import LOOP_HEADER
from tui_desk.mail.connection import Credentials, ServerAddress
from tui_desk.mail.diagnose import OnStep, Step, Trial
from tui_desk.mail.encode import address_field, encoded_body, id_field, without_controls
from tui_desk.mail.encode import field as header
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap import SEEN, ImapSession
from tui_desk.mail.imap_values import RawMessage
from tui_desk.mail.message import Address
from tui_desk.mail.smtp_values import Outcome

__all__ = ["DIRECTION", "Judge", "Probe", "check_round_trip", "probe_mail"]

DIRECTION = "round_trip"
PATIENCE = 120.0
"""Seconds to wait for the mail."""
_LOOK_EVERY = 1.0
_ANSWER_SECONDS = 60.0
_MAX_BYTES = 256 * 1024
"""Larger mails are not looked at: it has some kilobytes."""
_AT_ONCE = 200

Judge = Callable[[bytes], Sequence[Step]]
"""Says what the server found out about the sender of the mail that came back."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What is sent where. ``after_import`` as in the mailbox's settings: leave, flag or move:FOLDER."""

    address: str
    message_id: str
    raw: bytes
    smtp: ServerAddress
    smtp_login: Credentials | None
    imap: ServerAddress
    imap_login: Credentials
    folder: str
    after_import: str = "flag"


@dataclass(slots=True)
class _Place:
    """A folder, the first UID that may be the mail's, and the UIDs that were looked at."""

    name: str
    first: int
    seen: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Found:
    place: _Place
    uid: int
    raw: bytes


def probe_mail(address: str, message_id: str, desk_id: str, now: datetime) -> bytes:
    """The mail. RFC 3834, 5: nothing answers to it; its id stands in References, too, since relays replace Message-IDs."""
    sender = Address("", address)
    text = _(
        "tui-desk sent this mail to its own mailbox to see whether mail arrives.\n\n"
        "It becomes no ticket and nobody has to answer it."
    )
    encoding, body = encoded_body(text + "\n")
    return b"".join(
        [
            address_field("From", [sender]),
            address_field("To", [sender]),
            header("Subject", _("tui-desk: test of this mailbox")),
            b"Date: " + format_datetime(now).encode() + b"\r\n",
            id_field("Message-ID", [message_id]),
            id_field("References", [message_id]),
            header(LOOP_HEADER, without_controls(desk_id, 200)),
            b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n",
            b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n",
            f"Content-Transfer-Encoding: {encoding}\r\n\r\n".encode(),
            body,
        ]
    )


def check_round_trip(
    probe: Probe,
    judge: Judge,
    *,
    stop: Event,
    watch: OnStep | None = None,
    patience: float = PATIENCE,
) -> list[Step]:
    """Send it, wait for it ``patience`` seconds (or until ``stop``), treat it as imported mail is, and have it judged.

    Never raises for what a server does. The mail stays in the mailbox; where nobody waits for it, intake knows it.
    """
    trial = Trial(DIRECTION, watch)
    step = "arrive"
    try:
        with imap_open.open_mailbox(probe.imap, probe.imap_login, timeout=_ANSWER_SECONDS) as session:
            places = _places(session, probe)
            step = "send"
            if not _sent(trial, probe) or not trial.goes_on:
                return trial.steps
            step = "arrive"
            begun = time.monotonic()
            found = _awaited(session, places, probe, begun + patience, stop)
            if found is None:
                if not stop.is_set():
                    trial.failed("arrive", _nothing_came(patience))
                return trial.steps
            _tell_arrival(trial, session, probe, found, time.monotonic() - begun)
    except DeskError as error:
        return trial.failed(step, error)
    for one in judge(found.raw):
        trial.add(one)
    return trial.steps


def _places(session: ImapSession, probe: Probe) -> list[_Place]:
    """Where it may come, with what is there already left out."""
    wish, _colon, target = probe.after_import.partition(":")
    names = [probe.folder, target if wish == "move" else "", session.junk_folder() or ""]
    places = []
    for name in dict.fromkeys(name for name in names if name):
        first = _next_uid(session, name)
        places.append(_Place(name, 1 if first is None else first))
    return places


def _next_uid(session: ImapSession, folder: str) -> int | None:
    """The UID that the next mail gets at least; None for a folder that is not there (yet)."""
    try:
        state = session.select(folder, read_only=True)
    except MailServerError as error:
        if error.cause is Cause.FOLDER:
            return None
        raise
    if state.uidnext is not None:
        return state.uidnext
    return max(session.uids(), default=0) + 1


def _sent(trial: Trial, probe: Probe) -> bool:
    """Whether the server has taken it."""
    with smtp.open_smtp(probe.smtp, probe.smtp_login, timeout=_ANSWER_SECONDS) as sender:
        result = sender.send(probe.raw, probe.address, [probe.address])
    (one,) = result.recipients
    if one.outcome is Outcome.ACCEPTED:
        trial.passed(
            "send",
            _("{server} took a mail to {address}.").format(server=str(probe.smtp), address=probe.address),
        )
        return True
    sentence = _("{server} did not take the mail: {answer}").format(
        server=str(probe.smtp), answer=safe_line(one.text, 300)
    )
    trial.failed("send", DeskError(sentence))
    return False


def _awaited(
    session: ImapSession, places: Sequence[_Place], probe: Probe, end: float, stop: Event
) -> _Found | None:
    """The mail as soon as it is there; None when the time is over or the wait was stopped."""
    while not stop.is_set():
        last = time.monotonic() >= end
        for place in places:
            for message in _new_in(session, place):
                head = message.raw.partition(b"\r\n\r\n")[0]
                if probe.message_id.encode() in head:
                    return _Found(place, message.uid, message.raw)
        if last:
            return None
        stop.wait(_LOOK_EVERY)
    return None


def _new_in(session: ImapSession, place: _Place) -> Iterator[RawMessage]:
    """What came into a folder since the last look. A folder that is not there holds nothing."""
    try:
        session.select(place.name, read_only=True)
    except MailServerError as error:
        if error.cause is Cause.FOLDER:
            return
        raise
    uids = [uid for uid in session.uids(place.first) if uid not in place.seen][-_AT_ONCE:]
    place.seen.update(uids)
    for message in session.fetch_raw(uids, max_bytes=_MAX_BYTES):
        if isinstance(message, RawMessage):
            yield message


def _tell_arrival(trial: Trial, session: ImapSession, probe: Probe, found: _Found, seconds: float) -> None:
    """How long it took, where it lies, and what was done with it."""
    name = safe_line(found.place.name, 100)
    wish, _colon, target = probe.after_import.partition(":")
    took = ngettext(
        "It came back within a second.", "It came back after {count} seconds.", round(max(1, seconds))
    )
    arrived = took.format(count=round(seconds))
    if found.place.name == probe.folder:
        trial.passed("arrive", arrived)
    elif wish == "move" and found.place.name == target:
        trial.passed("arrive", arrived)
        trial.passed(
            "keep",
            _("A worker has moved it to {folder} meanwhile, as every imported mail.").format(folder=name),
        )
        return
    else:
        sentence = _(
            "It came back, but into the folder {folder}: the server takes the mailbox's own mail for spam."
        )
        hint = _("Your customers' servers may do the same: see to SPF, DKIM and DMARC.")
        trial.failed("arrive", DeskError(sentence.format(folder=name), hint))
        return
    session.select(probe.folder)
    if wish == "flag":
        session.add_flag([found.uid], SEEN)
        trial.passed(
            "keep", _("It stays in {folder}, marked as read, and becomes no ticket.").format(folder=name)
        )
    elif wish == "move":
        session.move([found.uid], target)
        told = _("It was moved to {folder}, as every imported mail, and becomes no ticket.")
        trial.passed("keep", told.format(folder=safe_line(target, 100)))
    else:
        trial.passed("keep", _("It stays in {folder} as it is and becomes no ticket.").format(folder=name))


def _nothing_came(patience: float) -> DeskError:
    return DeskError(
        _("It did not come back within {count} seconds.").format(count=round(patience)),
        _("Look at the server's queue and at its rules for mail that come before the folder."),
    )
