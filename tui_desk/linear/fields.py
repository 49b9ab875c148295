"""Changes of a ticket's fields: what is said behind the action's name, or chosen when nothing is said."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

from tui_desk.actions.typed import parted
from tui_desk.contracts.custom_fields import FieldInput
from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.contracts.tagging import ChangeTags, TagsOf
from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.contracts.tickets import BlockSender, ListCategories, MarkSpam, SetFields, TakeTicket
from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.core.errors import Blocked, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word
from tui_desk.linear.flow import went_away
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line, reason_despite
from tui_desk.linear.session import Session
from tui_desk.rules.moments import read_day
from tui_desk.screens.choices import Choice

ENDED = (TicketStatus.RESOLVED, TicketStatus.CLOSED)


def take(session: Session, argument: str) -> None:
    session.changed(TakeTicket(session.number()), repeatable=True)


def status(session: Session, argument: str) -> None:
    ticket = session.here()
    choices = [Choice(one.value, word(one)) for one in TicketStatus]
    title = _("Status of #{number}").format(number=ticket.number)
    value = TicketStatus(chosen(session, argument, title, choices, ticket.status.value))
    set_status(session, value)


def set_status(session: Session, value: TicketStatus) -> None:
    """Set it; what is open is told and a reason asked for, what must be filled in is asked for first."""
    number = session.number()
    request = SetFields(number, status=value)
    try:
        session.changed(request, repeatable=True)
    except Blocked as blocked:
        lacks = blocked.lacks if len(blocked.lacks) == len(blocked.obstacles) else ()
        if lacks:
            session.say(*blocked.obstacles[:8])
            filled = tuple(FieldInput(name, line(session, f"{_label(session, name)}:")) for name in lacks)
            session.changed(replace(request, fields=filled))
        else:
            session.changed(replace(request, despite=reason_despite(session, blocked)))
    if value in ENDED:
        went_away(session, number)


def _label(session: Session, name: str) -> str:
    return next((one.label for one in session.here().custom if one.name == name), name)


def priority(session: Session, argument: str) -> None:
    ticket = session.here()
    choices = [Choice(one.value, word(one)) for one in Priority]
    title = _("Priority of #{number}").format(number=ticket.number)
    value = chosen(session, argument, title, choices, ticket.priority.value)
    session.changed(SetFields(ticket.number, priority=Priority(value)), repeatable=True)


def assign(session: Session, argument: str) -> None:
    ticket = session.here()
    choices = [Choice(one.login, one.name or one.login) for one in session.ask(ListAgents())]
    choices.append(Choice("", _("nobody")))
    if argument.strip().casefold() == "me" and session.agent is not None:
        argument = session.agent.login
    value = chosen(
        session,
        argument,
        _("Assign #{number} to").format(number=ticket.number),
        choices,
        ticket.assignee_login,
    )
    session.changed(SetFields(ticket.number, assignee=value), repeatable=True)


def team(session: Session, argument: str) -> None:
    ticket = session.here()
    choices = [Choice(one.name, one.name) for one in session.ask(ListTeams())] + [Choice("", _("no team"))]
    value = chosen(
        session, argument, _("Team of #{number}").format(number=ticket.number), choices, ticket.team
    )
    session.changed(SetFields(ticket.number, team=value), repeatable=True)


def category(session: Session, argument: str) -> None:
    ticket = session.here()
    known = [one.path for one in session.ask(ListCategories())]
    said = argument
    if not said:
        session.say(
            _("Categories: {names}.").format(names=safe_line(", ".join(known[:40]), 2_000)) if known else ""
        )
        said = line(
            session,
            _("Category of #{number}:").format(number=ticket.number),
            lambda typed: [one for one in known if one.casefold().startswith(typed.casefold())],
            _("A new path such as Hardware/Printer is made; a dash takes it away."),
        )
    if not said:
        raise ChangedMind
    exact = next((one for one in known if one.casefold() == said.casefold()), said)
    if (
        exact not in known
        and exact != "-"
        and not confirmed(
            session, _("There is no category {name} yet. Make it?").format(name=safe_line(said, 60))
        )
    ):
        raise ChangedMind
    session.changed(SetFields(ticket.number, category="" if exact == "-" else exact), repeatable=True)


def tag(session: Session, argument: str) -> None:
    ticket = session.here()
    said = argument
    if not said:
        known = [one.tag for one in session.ask(TagsOf((ticket.number,)))]
        now = (
            _("Now: {tags}.").format(tags=safe_line(", ".join(ticket.tags), 300))
            if ticket.tags
            else _("No tag yet.")
        )

        def complete(typed: str) -> list[str]:
            before, _blank, begun = typed.rpartition(" ")
            sign = begun[:1] if begun[:1] in ("-", "+") else ""
            kept = f"{before} " if before else ""
            return [f"{kept}{sign}{one}" for one in known if one.startswith(begun[len(sign) :].casefold())]

        session.say(now, _("vpn adds a tag, -vpn takes it away; several with blanks."))
        said = line(session, _("Tags of #{number}:").format(number=ticket.number), complete)
    if not said:
        raise ChangedMind
    add, remove = parted(said)
    session.changed(ChangeTags(ticket.number, add, remove), repeatable=True)


def edit_fields(session: Session, argument: str) -> None:
    """Fields of one's own, as name=value."""
    ticket = session.here()
    name, equals, value = argument.partition("=")
    if not equals:
        usable = [one for one in ticket.custom if one.active]
        if not usable:
            session.say(_("There are no fields of your own for tickets of this type."))
            return
        choices = [Choice(one.name, f"{one.label}: {one.shown or _('nothing')}") for one in usable]
        name = chosen(session, argument, _("Which field?"), choices)
        value = line(session, f"{_label(session, name)}:")
    name = name.strip().removeprefix("field.")
    session.changed(SetFields(ticket.number, fields=(FieldInput(name, value.strip()),)))


def next_action(session: Session, argument: str) -> None:
    number = session.number()
    text = argument or line(
        session, _("Next action of #{number}; an empty line takes it away:").format(number=number)
    )
    on = None
    if text:
        day = line(session, _("By when? fri, 1 dec; empty is no day:"))
        on = read_day(day, session.now()) if day else None
    session.changed(SetNextAction(number, text, on))


def hand_over(session: Session, argument: str) -> None:
    ticket = session.here()
    teams = session.ask(ListTeams())
    choices = [Choice(one.name, one.name) for one in teams]
    if not choices:
        raise UsageError(_("There is no team yet."), _("An admin makes teams: tui-desk team new."))
    name = chosen(
        session, argument, _("Hand #{number} over to").format(number=ticket.number), choices, ticket.team
    )
    members = next(one.members for one in teams if one.name == name)
    login = ""
    if members:
        who = [Choice("", _("nobody yet")), *(Choice(one, one) for one in members)]
        login = chosen(session, "", _("Who takes it?"), who)
    note = line(session, _("Note for {team}:").format(team=name))
    session.changed(HandOver(ticket.number, name, note, login))


def spam(session: Session, argument: str) -> None:
    ticket = session.here()
    if ticket.spam:
        question, detail = _("#{number} is marked as spam. Take that back?"), _("It is opened again.")
    else:
        question = _("Mark #{number} as spam?")
        detail = _("It is closed and leaves the open views. Nothing is sent, nothing is deleted.")
    if confirmed(session, question.format(number=ticket.number), detail):
        session.changed(MarkSpam(ticket.number, not ticket.spam))
        if not ticket.spam:
            went_away(session, ticket.number)


def block(session: Session, argument: str) -> None:
    ticket = session.here()
    who = ticket.requester_address or ticket.requester_name
    if ticket.blocked:
        question, detail = _("{who} is blocked. Lift that?"), _("Their mail becomes tickets again.")
    else:
        question, detail = _("Block {who}?"), _("From now on their mail is held as suspended mail.")
    if confirmed(session, question.format(who=who), detail):
        session.changed(BlockSender(ticket.number, not ticket.blocked))


def repeat(session: Session, argument: str) -> None:
    """The last change again, here. A reason that was given for the other ticket is not given for this one."""
    last = session.last_change
    if last is None or not is_dataclass(last) or isinstance(last, type):
        return
    there = {one.name for one in fields(last)}
    anew: dict[str, Any] = {"number": session.number()}
    anew |= {name: value for name, value in (("despite", ""), ("seen_message_id", None)) if name in there}
    session.changed(replace(last, **anew))
