"""One line in, sentences out, until the person leaves. Whatever goes wrong is one sentence, and the prompt comes back."""

from __future__ import annotations

import re
import shlex

from tui_desk.actions.linear import ALIASES
from tui_desk.actions.registry import Action
from tui_desk.actions.ticket_needs import ONE, QUEUE
from tui_desk.actions.typed import find_command
from tui_desk.contracts.status import DeskStatus
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core.errors import DeskError, MergedAway, Refused, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.linear import lists, news
from tui_desk.linear.border import tell_unexpected
from tui_desk.linear.completing import completed
from tui_desk.linear.console import Ended, Stopped
from tui_desk.linear.facts import facts
from tui_desk.linear.handlers import HANDLERS
from tui_desk.linear.help import obstacle
from tui_desk.linear.questions import ChangedMind
from tui_desk.linear.reading import has_more, more
from tui_desk.linear.session import NEWEST, TICKET_SCOPES, Session

PROGRAM = "tui-desk"
_BLANKS_TO_FILL = re.compile(r"\b[A-Z]{1,}\b|…|\|")
"""What a person has to put in before a command can be run: words in capitals."""


def run(session: Session, notices: tuple[str, ...] = ()) -> None:
    """Talk until the person leaves. Raises HungUp; drafts are kept then too."""
    for notice in notices:
        session.say(notice)
    session.say(
        _(
            "tui-desk in lines. help says what can be done, list reads the tickets, next brings the most urgent one."
        )
    )
    first = True
    while not session.is_over:
        try:
            news.tell(session)
            if first and session.status is not None:
                session.say(*_standing(session.status))
            first = False
        except DeskError as error:
            session.say(str(error))
        except Exception as error:  # noqa: BLE001 - the border: what cannot be told must not end what can be done
            tell_unexpected(session, "news in lines", error)
        _one(session)
    session.report(None)


def _standing(status: DeskStatus) -> tuple[str, ...]:
    """What must be known before the first line."""
    if status.read_only:
        return (
            _("This desk is read-only: everything can be read, nothing can be changed, fetched or sent."),
        )
    demo = (
        _("Demo: a sample desk with its own mail server; nothing outside is touched.") if status.demo else ""
    )
    mailbox = (
        "" if status.mailboxes else _("No mailbox yet, so no mail arrives: tui-desk mailbox add makes one.")
    )
    return (demo, mailbox, *status.intake_problems[:2])


def _one(session: Session) -> None:
    console = session.console
    try:
        typed = console.ask(session.prompt, lambda text: completed(session, text)).strip()
    except (Stopped, KeyboardInterrupt):
        return
    except Ended:
        _leave(session)
        return
    count = len(typed.splitlines())
    if count > 1:
        told = ngettext(
            "{count} line was pasted here: nothing was done.",
            "{count} lines were pasted here: nothing was done.",
            count,
        )
        session.say(
            told.format(count=count), _("reply or note begins a text; here it is one line at a time.")
        )
        return
    if typed:
        console.remember(typed)
    perform(session, typed)


def _leave(session: Session) -> None:
    """Ctrl+D asks; twice is an answer, and so is the end of a script."""
    if not session.console.is_live:
        session.is_over = True
        return
    try:
        answer = session.console.ask(_("Leave tui-desk? yes or no:") + " ", history=())
    except Stopped:
        return
    except Ended:
        answer = _("yes")
    session.is_over = answer.strip().casefold() in (_("yes"), _("yes")[0], "yes", "y")


def perform(session: Session, typed: str) -> None:
    """Do what a line says; an empty one reads on. What goes wrong is told."""
    try:
        if not typed:
            if has_more(session):
                more(session, "")
            return
        if typed.split()[0] == PROGRAM:
            _command(session, _words(typed)[1:])
            return
        _act(session, typed)
    except ChangedMind:
        session.say(_("Nothing was changed."))
    except MergedAway as merged:
        session.say(str(merged), _("open {number} goes there.").format(number=merged.into))
    except DeskError as error:
        session.say(str(error))
    except KeyboardInterrupt:  # between a line and its answer
        session.say(_("Stopped."))
    except Exception as error:  # noqa: BLE001 - the border: a traceback is a defect
        tell_unexpected(session, "a line", error)


def _words(typed: str) -> list[str]:
    try:
        return shlex.split(typed)
    except ValueError:
        raise UsageError(_("A quotation mark is missing.")) from None


def _act(session: Session, typed: str) -> None:
    action, argument = meant(session, typed)
    target, rest = _target(session, action, argument)
    handler = HANDLERS.get(action.id)
    if handler is None:
        _by_command(session, action)
        return
    came_from, aside = (session.ticket, session.reading, session.rest), None
    named = target
    if session.ticket is not None and target == session.ticket.number:
        target = None
    if target is not None:
        session.ticket = session.ask(ShowTicket(target, NEWEST))
        session.reading = session.ticket.messages[-1].id if session.ticket.messages else None
        session.rest = []
    if action.id == "undo" and session.offer is not None and named not in (None, session.offer.number):
        aside, session.offer = session.offer, None  # it was done to another ticket than the one that is named
    try:
        why = obstacle(action, facts(session))
        if why:
            raise Refused(why)
        handler(session, rest)
    finally:
        session.offer = session.offer or aside
        at_it = target is not None and session.ticket is not None and session.ticket.number == target
        if at_it and not session.rest:  # what is still to be read of it is read there
            _back(session, *came_from)  # else one stays where it was said from


def _back(session: Session, ticket: TicketView | None, reading: int | None, rest: list[str]) -> None:
    lists.leave_ticket(session)
    session.ticket, session.reading, session.rest = ticket, reading, rest


def meant(session: Session, typed: str) -> tuple[Action, str]:
    """The action of a line and what follows its name; names of two words are one. Raises UsageError."""
    words = typed.split()
    way_out = _("help says what can be done now.")
    for count in (3, 2):
        name = "_".join(words[:count]).casefold()
        found = (
            session.registry.find(_scopes(session), ALIASES.get(name, name)) if len(words) >= count else None
        )
        if found is not None:
            return found, " ".join(words[count:])
    first, _blank, rest = typed.partition(" ")
    name = ALIASES.get(first.casefold(), first)
    return find_command(session.registry, _scopes(session), f"{name} {rest}", way_out)


def _scopes(session: Session) -> tuple[str, ...]:
    """In the list also what is done to a ticket that is named; in a ticket also what leads to another view."""
    more_scopes = TICKET_SCOPES if session.ticket is None else (QUEUE,)
    return (*session.scopes, *(one for one in more_scopes if one not in session.scopes))


def _target(session: Session, action: Action, argument: str) -> tuple[int | None, str]:
    """The ticket that is named before the argument: ``take #12``; where none is open ``take 12`` does, too."""
    first, _blank, rest = argument.partition(" ")
    about_one = ONE in action.needs or action.id in ("undo",) or set(action.scopes) == {"ticket"}
    digits = first.removeprefix("#")
    if not about_one or not digits.isdecimal() or len(digits) > 9:
        return None, argument
    if session.ticket is None or (first.startswith("#") and action.id not in ("link", "merge", "unlink")):
        return int(digits), rest.strip()
    return None, argument


def _by_command(session: Session, action: Action) -> None:
    """What only the screens and the command line do: run where nothing is to be filled in, else named."""
    if not action.command:
        raise UsageError(_("{name} is for the screens only.").format(name=action.shown_title))
    if _BLANKS_TO_FILL.search(action.command) or action.guard:
        session.say(_("Type it as a command: {command}").format(command=action.command))
        return
    _command(session, shlex.split(action.command)[1:])


def _command(session: Session, words: list[str]) -> None:
    """A line of the command line, on this desk and as this agent."""
    if session.options.command is None:
        raise Refused(_("Commands cannot be run here."))
    if not words:
        raise UsageError(
            _("You are in tui-desk already. {hint}").format(hint=_("help says what can be done now."))
        )
    if words[0] in ("demo", "worker") or words[0].startswith("-"):
        raise Refused(_("{name} needs a terminal of its own.").format(name=safe_line(words[0], 30)))
    session.options.command(words)
    session.look_again()
