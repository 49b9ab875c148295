"""What agents arrange about a ticket at the keyboard: the next action, and handing it over to another team."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.ticket_work import HandOver, SetNextAction
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import MessageKind
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moments import read_day
from tui_desk.screens import words
from tui_desk.screens.choices import Choice

if TYPE_CHECKING:
    from tui_desk.screens.ticket_actions import TicketActions


async def next_action(screen: TicketActions, argument: str) -> None:
    """Ask for the next action and its day; an empty text takes it away."""
    number = screen.ticket_number()
    present = await screen.ask(ShowTicket(number))
    text: str | None = argument or await screen.prompt(
        _("Next action of #{number}").format(number=number),
        value=present.next_action,
        detail=_(
            "What is to be done next, in a line. Everybody sees it at the top of the ticket. Empty: nothing."
        ),
    )
    if text is None:
        return
    on = present.next_action_on
    if text.strip() and not argument:
        typed = await _ask_for_day(screen, on.isoformat() if on else "")
        if typed is None:
            return
        on = _day(screen, typed)
    await screen.change(SetNextAction(number, text, on if text.strip() else None))


async def _ask_for_day(screen: TicketActions, typed: str | None) -> str | None:
    """A day as somebody typed it, readable or empty; what cannot be read is asked for again, with the reason."""
    detail = _("A day such as fri, 1 dec or 2026-12-01. Empty: no day.")
    while True:
        typed = await screen.prompt(_("By when?"), value=typed or "", detail=detail)
        if typed is None:
            return None
        try:
            _day(screen, typed)
        except UsageError as error:
            detail = f"{error.sentence} {error.hint}".strip()
        else:
            return typed


def _day(screen: TicketActions, typed: str) -> date | None:
    """Raises UsageError for what is no day to come."""
    if not typed.strip():
        return None
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return read_day(typed, screen.host.options.clock())


async def hand_over(screen: TicketActions, argument: str) -> None:
    """Ask for the team, who takes it, and the note. ``argument``: the team's name."""
    number = screen.ticket_number()
    teams = await screen.ask(ListTeams())
    if not teams:
        raise Refused(_("There is no team yet."), _("An admin makes teams in Settings → Teams (g m, 3)."))
    present = screen.field_now("team")
    name: str | None = argument or await screen.choose(
        _("Hand #{number} over to").format(number=number),
        [Choice(team.name, team.name, detail=", ".join(team.members)) for team in teams],
        present,
    )
    if name is None:
        return
    members = next((team.members for team in teams if team.name.casefold() == name.strip().casefold()), ())
    login: str | None = ""
    if members:
        login = await screen.choose(
            _("Who takes it?"),
            [Choice("", _("nobody yet: all of the team are told")), *(Choice(one, one) for one in members)],
        )
    if login is None:
        return
    note = await screen.prompt(
        _("Note for {team}").format(team=name),
        detail=_(
            "How things stand and what is to be done. It is kept as an internal note; @login tells somebody else too."
        ),
    )
    if note is not None:
        await screen.change(HandOver(number, name, note, login))


async def contact_to_log(screen: TicketActions, argument: str) -> MessageKind | None:
    """Which sort of contact is to be written down."""
    kinds = (MessageKind.PHONE, MessageKind.CHAT, MessageKind.FORM)
    value: str | None = argument or await screen.choose(
        _("Log what?"), [Choice(kind.value, words.message_kind(kind)) for kind in kinds]
    )
    if value is None:
        return None
    for kind in kinds:
        if value.strip().casefold() in (kind.value, words.message_kind(kind).casefold()):
            return kind
    raise UsageError(_("“{typed}” is not one of: {allowed}.").format(typed=value, allowed=", ".join(kinds)))
