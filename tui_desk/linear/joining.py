"""What belongs together: links, merging, a mail that claims to belong elsewhere or does not belong here."""

from __future__ import annotations

import re

from tui_desk.contracts.desk import ListAssets
from tui_desk.contracts.merging import MergeTickets, SuggestMerge
from tui_desk.contracts.recognition import LinkLicence
from tui_desk.contracts.tickets import JoinSuggested, LinkAsset, LinkTickets, MoveOut, UnlinkTickets
from tui_desk.core.enums import LinkKind
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import link_word
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.screens.choices import Choice

_KINDS = (LinkKind.RELATED, LinkKind.DUPLICATE, LinkKind.PARENT, LinkKind.BLOCKS, LinkKind.FOLLOW_UP)


def link(session: Session, argument: str) -> None:
    """With a ticket (its number) or an asset (its tag or name)."""
    number = session.number()
    said = argument or line(
        session, _("Link #{number} with a number or an asset's tag:").format(number=number)
    )
    if not said:
        raise ChangedMind
    first, _blank, way = said.lstrip("#").partition(" ")
    if first.isdecimal():
        choices = [Choice(f"{kind.value}:1", link_word(kind, True)) for kind in _KINDS]
        choices += [
            Choice(f"{kind.value}:0", link_word(kind, False))
            for kind in _KINDS
            if link_word(kind, True) != link_word(kind, False)
        ]
        value = chosen(session, way, _("#{number} is … #{other}").format(number=number, other=first), choices)
        kind, outgoing = LinkKind(value[:-2]), value.endswith("1")
        one, other = (number, int(first)) if outgoing else (int(first), number)
        session.changed(LinkTickets(one, other, kind))
        return
    found = session.ask(ListAssets(said, limit=30))
    exact = [one for one in found if one.tag.casefold() == said.casefold()] or list(found)
    if not exact:
        raise NotFound(_("No asset has “{word}” in its tag or name.").format(word=safe_line(said, 60)))
    chosen_id = str(exact[0].id)
    if len(exact) > 1:
        options = [Choice(str(one.id), f"{one.tag} {one.name}") for one in exact]
        chosen_id = chosen(session, "", _("Which asset?"), options)
    session.changed(LinkAsset(number, int(chosen_id)))


def unlink(session: Session, argument: str) -> None:
    """Take a link away."""
    ticket = session.here()
    choices = [
        *(Choice(f"ticket:{one.id}", f"#{one.number} {safe_line(one.subject, 60)}") for one in ticket.links),
        *(Choice(f"asset:{one.id}", f"{one.tag} {safe_line(one.name, 60)}") for one in ticket.assets),
        *(Choice(f"licence:{one.id}", safe_line(one.name, 60)) for one in ticket.licences),
    ]
    if not choices:
        raise NotFound(_("Nothing is linked here."))
    wanted = f"#{argument.lstrip('#')}" if argument.lstrip("#").isdecimal() else argument
    near = [one for one in choices if wanted and one.label.startswith(f"{wanted} ")]
    value = near[0].value if len(near) == 1 else chosen(session, "", _("Take away which link?"), choices)
    kind, _colon, identifier = value.partition(":")
    if kind == "ticket":
        session.changed(UnlinkTickets(int(identifier)))
    elif kind == "licence":
        session.changed(LinkLicence(ticket.number, int(identifier), linked=False))
    else:
        session.changed(LinkAsset(ticket.number, int(identifier), linked=False))


def merge(session: Session, argument: str) -> None:
    """This ticket into another one; several numbers: those into this one."""
    from tui_desk.linear.reading import show

    number = session.number()
    if not argument:
        for one in session.ask(SuggestMerge(number)):
            session.say(f"#{one.number}: {safe_line(one.subject, 200)}.")
        argument = line(
            session, _("Merge #{number} into which number? Several go into this one:").format(number=number)
        )
    numbers = tuple(dict.fromkeys(int(one) for one in re.findall(r"\d{1,9}", argument) if int(one) != number))
    if not numbers:
        raise UsageError(_("Name another ticket by its number."))
    found = {one.number: one for one in session.ask(SuggestMerge(number, numbers))}
    missing = [one for one in numbers if one not in found]
    if missing:
        raise NotFound(_("There is no ticket #{number}.").format(number=missing[0]))
    if len(numbers) == 1:
        request = MergeTickets(numbers[0], (number,))
        question = _("Put #{number} into #{other}, {subject}?").format(
            number=number, other=numbers[0], subject=safe_line(found[numbers[0]].subject, 100)
        )
    else:
        request = MergeTickets(number, numbers)
        shown = ", ".join(f"#{one}" for one in numbers)
        question = _("Put {numbers} into #{number}?").format(numbers=shown, number=number)
    if confirmed(session, question, _("Messages, people and work go along. undo takes all of it back.")):
        session.changed(request)
        if request.target != number:
            show(session, request.target)


def join(session: Session, argument: str) -> None:
    """Move the messages to the ticket they claim to belong to."""
    from tui_desk.linear.reading import show

    question = _("Move the messages of #{number} to the ticket they claim to belong to?")
    detail = _("Do it only if you know the sender: whoever is in a conversation sees its answers.")
    if confirmed(session, question.format(number=session.number()), detail):
        show(session, session.ask(JoinSuggested(session.number())))


def move_out(session: Session, argument: str) -> None:
    """The message that was read last gets a ticket of its own."""
    message = session.message()
    if message is None:
        raise NotFound(_("There is no message here."))
    number = session.ask(MoveOut(message.id))
    session.say(_("It is in #{number} now.").format(number=number))
    session.look_again()
