"""A ticket, opened and read message by message: first what is new, then whatever one asks for."""

from __future__ import annotations

from tui_desk.contracts.conversation import MessageView
from tui_desk.contracts.history import ListEvents
from tui_desk.contracts.tickets import ShowTicket, TicketView
from tui_desk.core import moment_text
from tui_desk.core.enums import Direction
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import link_note, link_word, word
from tui_desk.linear import lists
from tui_desk.linear.session import NEWEST, Session
from tui_desk.linear.words import ago, message_head, message_lines, parts_of, quoted, ticket_sentences
from tui_desk.screens.words import view_title

_EVENTS = 15


def open_ticket(session: Session, argument: str) -> None:
    """Open a ticket by its number and read what is new in it."""
    number = lists.pick_number(session, argument, _("Open ticket number:"))
    show(session, number)


def show(session: Session, number: int) -> None:
    """Open a ticket: its head, then its first new message."""
    ticket = session.ask(ShowTicket(number, NEWEST))
    lists.leave_ticket(session)
    session.ticket = ticket
    session.events_at_opening[number] = ticket.event_count
    for sentence in ticket_sentences(ticket, session.now()):
        session.say(sentence)
    if not ticket.messages:
        session.say(_("It has no message."))
        return
    first = first_new(ticket, session.read_up_to.get(number, ticket.seen))
    if first is None:
        session.reading = ticket.messages[-1].id
        session.say(_("Nothing is new since you looked. again reads the last message, first the first one."))
        return
    read_message(session, first)


def first_new(ticket: TicketView, seen: int | None) -> MessageView | None:
    """What one has not read: behind what one read here or elsewhere, or came by a merge since; else behind our last answer, else the newest one."""
    if seen is not None:
        return next((one for one in ticket.messages if one.id > seen or one.id in ticket.joined), None)
    answers = [one.id for one in ticket.messages if one.is_agent and one.direction is Direction.OUT]
    new = [one for one in ticket.messages if not answers or one.id > answers[-1]]
    return new[0] if new else ticket.messages[-1]


def read_message(session: Session, message: MessageView) -> None:
    """Read one message, as far as is read at once."""
    ticket, now = session.here(), session.now()
    session.reading = message.id
    session.told_up_to[ticket.number] = max(message.id, session.told_up_to.get(ticket.number, 0))
    session.say(message_head(ticket, message, now))
    session.rest = parts_of(message_lines(message, now))
    read_on(session)


def read_on(session: Session) -> None:
    """The next part of the message."""
    session.say(session.rest.pop(0))
    left = sum(part.count("\n") + 1 for part in session.rest)
    if left:
        told = ngettext("{count} more line: more reads it.", "{count} more lines: more reads them.", left)
        session.say(told.format(count=left))
        return
    number = session.number()
    session.read_up_to[number] = max(session.reading or 0, session.read_up_to.get(number, 0))
    after = _after(session)
    if after:
        told = ngettext("{count} message after it: more.", "{count} messages after it: more.", len(after))
        session.say(told.format(count=len(after)))
    else:
        session.events_read[number] = session.events_at_opening.get(number, 0)


def _after(session: Session) -> list[MessageView]:
    return [one for one in session.here().messages if one.id > (session.reading or 0)]


def has_more(session: Session) -> bool:
    """Whether an empty line reads on."""
    if session.ticket is None:
        return session.page is not None and session.page.has_after
    return bool(session.rest) or bool(_after(session))


def more(session: Session, argument: str) -> None:
    """Go on: the rest of the message, the next message, the next page of the list."""
    if session.ticket is None:
        lists.next_page(session)
    elif session.rest:
        read_on(session)
    else:
        after = _after(session)
        if after:
            read_message(session, after[0])
        else:
            session.say(_("That was the last message."))


def before(session: Session, argument: str) -> None:
    """The message before this one, the page before these tickets."""
    if session.ticket is None:
        lists.page_before(session)
        return
    reading = session.reading or 0
    earlier = [one for one in session.ticket.messages if one.id < reading]
    if not earlier and session.ticket.earlier:
        session.ticket = session.ask(ShowTicket(session.ticket.number))
        earlier = [one for one in session.ticket.messages if one.id < reading]
    if earlier:
        read_message(session, earlier[-1])
    else:
        session.say(_("That is the first message."))


def first(session: Session, argument: str) -> None:
    """The first message there is."""
    if session.here().earlier:
        session.ticket = session.ask(ShowTicket(session.number()))
    _read_at(session, 0)


def last(session: Session, argument: str) -> None:
    """The newest message."""
    _read_at(session, -1)


def again(session: Session, argument: str) -> None:
    """The message that was read last, from its beginning."""
    message = session.message()
    if message is None:
        _read_at(session, -1)
    else:
        read_message(session, message)


def _read_at(session: Session, place: int) -> None:
    messages = session.here().messages
    if not messages:
        raise NotFound(_("There is no message here."))
    read_message(session, messages[place])


def messages(session: Session, argument: str) -> None:
    """A line for each message, the newest last."""
    ticket, now = session.here(), session.now()
    for message in ticket.messages:
        session.say(message_head(ticket, message, now))


def quotes(session: Session, argument: str) -> None:
    """What the author quoted."""
    message = session.message()
    session.say(quoted(message) if message is not None else "")


def where(session: Session, argument: str) -> None:
    """Where one is."""
    if session.ticket is not None:
        for sentence in ticket_sentences(session.ticket, session.now()):
            session.say(sentence)
        return
    session.say(
        _("View {name}.").format(name=session.saved or view_title(session.view)),
        _("Search: {query}.").format(query=safe_line(session.query, 200)) if session.query else "",
    )


def next_ticket(session: Session, argument: str) -> None:
    """The ticket after this one in the list."""
    show(session, lists.neighbour(session, 1))


def previous_ticket(session: Session, argument: str) -> None:
    """The ticket before this one in the list."""
    show(session, lists.neighbour(session, -1))


# -- the panes -----------------------------------------------------------------------------------------------------------
def details(session: Session, argument: str) -> None:
    """Every field with its name, one a line."""
    ticket, now = session.here(), session.now()
    facts = [
        (_("Type"), word(ticket.type)),
        (_("Channel"), word(ticket.channel)),
        (_("Organization"), ticket.organization),
        (_("Mailbox"), ticket.mailbox),
        (_("Last change"), ago(ticket.updated_at, now)),
        *((one.label, one.shown or _("nothing")) for one in ticket.custom),
        *((_("Takes part"), f"{one.name or one.address}, {one.role}") for one in ticket.watchers),
    ]
    for sentence in ticket_sentences(ticket, now):
        session.say(sentence)
    for label, value in facts:
        if value:
            session.say(f"{label}: {safe_line(value, 300)}.")


def links(session: Session, argument: str) -> None:
    """Linked tickets and assets."""
    ticket = session.here()
    for link in ticket.links:
        session.say(
            f"{link_word(link.kind, link.outgoing)} #{link.number}, {word(link.status)}: {safe_line(link.subject, 200)}.",
            link_note(link.note),
        )
    for asset in ticket.assets:
        session.say(_("Asset {tag}: {name}.").format(tag=asset.tag, name=safe_line(asset.name, 100)))
    for licence in ticket.licences:
        session.say(_("Licence: {name}.").format(name=safe_line(licence.name, 100)))
    if not (ticket.links or ticket.assets or ticket.licences):
        session.say(_("Nothing is linked. link and a number or an asset's tag links it."))


def history(session: Session, argument: str) -> None:
    """The newest events, newest first."""
    page = session.ask(ListEvents(f"ticket:{session.number()}", limit=_EVENTS))
    now = session.now()
    for event in page.events:
        when = moment_text.day_and_hour(event.at, now)
        session.say(f"{when}, {safe_line(event.actor, 40)}: {safe_line(event.sentence, 300)}")
    if page.has_older:
        session.say(_("There are older ones: tui-desk history reads them."))
