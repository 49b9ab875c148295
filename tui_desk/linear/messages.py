"""What can be done with the message that was read last: its files, its source, its evidence, what became of it."""

from __future__ import annotations

from pathlib import Path

from tui_desk.contracts.conversation import (
    AttachmentView,
    CancelSend,
    FetchOriginal,
    MessageView,
    OutgoingView,
    RawMessage,
    Reschedule,
    RetrySend,
    SaveAttachment,
)
from tui_desk.contracts.reading import PreviewAttachment
from tui_desk.core import moment_text
from tui_desk.core.enums import DeliveryState
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, visible_address, visible_name
from tui_desk.linear.flow import urgency
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.linear.words import delivery_sentence, parts_of
from tui_desk.rules.moments import read_moment
from tui_desk.screens.choices import Choice
from tui_desk.screens.paths import completing, permitted
from tui_desk.screens.words import why_here

_TEXT_LIMIT = 400_000


def _message(session: Session) -> MessageView:
    message = session.message()
    if message is None:
        raise NotFound(_("There is no message here."))
    return message


def _outgoing(session: Session) -> OutgoingView:
    outgoing = _message(session).delivery
    if outgoing is None:
        raise NotFound(_("This message did not leave by mail."))
    return outgoing


def _file(session: Session, argument: str, question: str) -> AttachmentView:
    found = _message(session).attachments
    if len(found) == 1:
        return found[0]
    if argument.isdecimal() and 1 <= int(argument) <= len(found):
        return found[int(argument) - 1]
    choices = [Choice(str(one.id), visible_name(one.filename)) for one in found]
    value = chosen(session, "", question, choices)
    return next(one for one in found if str(one.id) == value)


def _read_text(session: Session, text: str) -> None:
    """A text of any length, in parts."""
    session.rest = parts_of(safe_block(text, _TEXT_LIMIT).splitlines() or [_("It has no text.")])
    session.say(session.rest.pop(0))
    if session.rest:
        session.say(_("more reads on."))


def read_file(session: Session, argument: str) -> None:
    """Read what can be read of a file; the rest is for saving."""
    found = _file(session, argument, _("Read which file?"))
    shown = session.ask(PreviewAttachment(found.id))
    session.say(visible_name(found.filename), shown.note)
    rows = "\n".join(", ".join(cell for cell in row if cell) for row in shown.table)
    if shown.text or rows:
        _read_text(session, shown.text or rows)
    else:
        session.say(_("save attachment writes it into a folder."))


def save_file(session: Session, argument: str) -> None:
    """Write a file into a folder, never over one that is there."""
    found = _file(session, argument, _("Save which file?"))
    folder = "" if argument.isdecimal() else argument
    folder = folder or line(
        session,
        _("Save {name} in which folder? Empty: {folder}.").format(
            name=visible_name(found.filename), folder=session.options.downloads
        ),
        completing(session.options),
    )
    folder = folder or str(session.options.downloads)
    permitted(session.options, folder)
    path = session.ask(SaveAttachment(found.id, str(Path(folder).expanduser())))
    session.say(_("Saved as {path}.").format(path=path))


def raw(session: Session, argument: str) -> None:
    """The mail as it arrived."""
    _read_text(session, session.ask(RawMessage(_message(session).id)))


def why(session: Session, argument: str) -> None:
    """Why the message is here, and what makes the ticket urgent."""
    session.say(*(_message(session).why or (why_here(_message(session)),)))
    urgency(session, argument)


def delivery(session: Session, argument: str) -> None:
    """What became of it."""
    session.say(delivery_sentence(_outgoing(session), session.now()))


def retry(session: Session, argument: str) -> None:
    """Send again to those that lack it; what is held leaves now."""
    outgoing = _outgoing(session)
    if outgoing.state is DeliveryState.HELD:
        _let_leave(session, outgoing, "")
        return
    doubtful = [
        visible_address(one.address) for one in outgoing.recipients if one.state is DeliveryState.UNKNOWN
    ]
    detail = _("Nobody knows whether it reached {who}; they may get it twice.").format(
        who=", ".join(doubtful[:5])
    )
    if not doubtful or confirmed(session, _("Send it again?"), detail):
        session.say(session.ask(RetrySend(outgoing.outbox_id)))
        session.look_again()


def leave_at(session: Session, argument: str) -> None:
    """Let a held message leave at another time, or now."""
    typed = argument or line(session, _("When? tomorrow 9, fri 14:30, in 2h, or now:"))
    if not typed:
        raise ChangedMind
    _let_leave(session, _outgoing(session), "" if typed.casefold() in ("now", _("now")) else typed)


def _let_leave(session: Session, outgoing: OutgoingView, typed: str) -> None:
    at = read_moment(typed, session.now()) if typed else None
    result = session.ask(Reschedule(outgoing.outbox_id, at))
    if result.findings:
        told = " ".join(one.sentence for one in result.findings)
        if not confirmed(session, _("Let it leave all the same?"), told):
            session.say(_("It stays held."))
            return
        codes = tuple(one.code for one in result.findings)
        session.ask(Reschedule(outgoing.outbox_id, at, codes))
    when = _("It leaves {when}.").format(when=moment_text.told(at, session.now())) if at else _("On its way.")
    session.say(when)
    session.offer = None
    session.look_again()


def cancel(session: Session, argument: str) -> None:
    """Stop a message that has not left."""
    session.say(session.ask(CancelSend(_outgoing(session).outbox_id)))
    session.look_again()


def fetch_original(session: Session, argument: str) -> None:
    """Get all of a message that was too large."""
    session.say(_("Fetching all of the message …"))
    session.say(session.ask(FetchOriginal(_message(session).id)))
    session.look_again()
