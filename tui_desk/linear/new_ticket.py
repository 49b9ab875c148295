"""A call or a visit written down as a new ticket, kept line by line until it is made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.enums import Channel
from tui_desk.core.errors import DeskError, DoneBefore, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.kept_text import forget_text
from tui_desk.core.kept_ticket import KeptTicket, keep_ticket, kept_ticket, place
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.tokens import new_token
from tui_desk.core.words import word
from tui_desk.linear.console import Ended, HungUp, Stopped
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.screens.choices import Choice


def new_ticket(session: Session, argument: str) -> None:
    """Write down a call or a visit: who, about what, and the words. What was typed is kept until the ticket is made."""
    from tui_desk.linear.reading import show

    kept_in = place(
        session.options.state_folder, session.options.desk, session.agent.id if session.agent else 0
    )
    typed = _begun(session, kept_in)
    if typed.is_empty:
        ways = [
            Choice(one.value, word(one))
            for one in (Channel.PHONE, Channel.WALKIN, Channel.CHAT, Channel.FORM)
        ]
        channel = chosen(session, "", _("How did they come?"), ways)
        requester = line(session, _("Who? an address, or a name:"))
        subject = argument or line(session, _("About what, in a line?"))
        if not requester or not subject:
            raise ChangedMind
        typed = KeptTicket(requester, subject, "", channel, new_token())
    session.say(_("What was said? Line by line; a lone dot ends it."))
    typed = _text(session, typed, kept_in)
    number = _made(session, typed, kept_in)
    forget_text(kept_in)
    session.say(_("It is #{number}.").format(number=number))
    show(session, number)


def _made(session: Session, typed: KeptTicket, kept_in: Path) -> int:
    """Make it. Raises UsageError where that fails; it is kept then."""
    channel = Channel(typed.channel) if typed.channel in set(Channel) else Channel.PHONE
    request = NewTicket(typed.subject, typed.requester, typed.body, channel, token=typed.token)
    try:
        return session.ask(request)
    except DeskError as error:
        if isinstance(error, DoneBefore):
            _keep(session, kept_in, replace(typed, token=new_token()))  # what was written since is another
        raise UsageError(str(error), _("What you wrote is kept: new ticket goes on with it.")) from error


def _begun(session: Session, kept_in: Path) -> KeptTicket:
    """What was begun and not made yet, where one goes on with it; else nothing."""
    typed = kept_ticket(kept_in)
    if typed.is_empty:
        return typed
    session.say(
        _("A ticket is begun: {subject}, for {requester}.").format(
            subject=safe_line(typed.subject, 200) or _("(no subject)"),
            requester=safe_line(typed.requester, 80) or _("nobody yet"),
        ),
        safe_block(typed.body),
    )
    if confirmed(session, _("Go on with it?"), _("no throws it away.")):
        return replace(
            typed,
            requester=typed.requester or line(session, _("Who? an address, or a name:")),
            subject=typed.subject or line(session, _("About what, in a line?")),
        )
    forget_text(kept_in)
    return KeptTicket()


def _text(session: Session, typed: KeptTicket, kept_in: Path) -> KeptTicket:
    """The ticket with its text. Each line is kept before the next one is asked for; Ctrl+C and a cut line keep all of it."""
    while True:
        _keep(session, kept_in, typed)
        try:
            said = session.console.ask("> ", history=tuple(typed.body.splitlines()))
        except (Stopped, Ended) as end:
            if isinstance(end, Stopped) and end.typed:
                _keep(session, kept_in, _with(typed, end.typed))
            session.say(_("What you wrote is kept: new ticket goes on with it."))
            raise ChangedMind from None
        except HungUp as gone:
            if gone.typed:
                _keep(session, kept_in, _with(typed, gone.typed))
            raise
        if said.rstrip() == "." and not session.console.has_more():
            return typed
        typed = _with(typed, said)


def _with(typed: KeptTicket, more: str) -> KeptTicket:
    return replace(typed, body=f"{typed.body}\n{more}" if typed.body else more)


def _keep(session: Session, kept_in: Path, typed: KeptTicket) -> None:
    try:
        keep_ticket(kept_in, typed)
    except OSError as error:
        session.say(_("The text cannot be kept: {cause}.").format(cause=error.strerror))
