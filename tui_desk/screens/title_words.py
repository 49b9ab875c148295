"""What the title line says, as long as there is room for: where one is on the left, how the desk does on the right.

Where there is little room, both say it in fewer words, step by step; what did not leave and what is held back never goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from textual.content import Content

from tui_desk.core.i18n import _, ngettext, pgettext
from tui_desk.screens.chrome import line

if TYPE_CHECKING:
    from tui_desk.contracts.status import AgentView, DeskStatus

_WHOLE, _PLAIN, _BARE, _SIGNS = range(4)
"""How much the right side says: everything; without keys to press; without who one is and the ticket of the clock; in short words."""

Forms = tuple[Content, Content]


class _Told(NamedTuple):
    words: str
    style: str
    action: str = ""
    """What a click on it does."""


def title_leads(status: DeskStatus | None, notices_key: str) -> tuple[tuple[str, str], ...]:
    """Words that :func:`title_forms` may tell about the desk, each with the id of the action that leads there."""
    told = [one for much in range(4) for one in (_told(status, notices_key, much) if status else ())]
    return tuple(dict.fromkeys((one.words, one.action) for one in told if one.action))


def title_forms(
    crumbs: tuple[str, ...], status: DeskStatus | None, agent: AgentView | None, notices_key: str
) -> tuple[Forms, ...]:
    """Both sides of the title line, the longest first. ``crumbs``: where one is, then in fewer words. ``notices_key`` shows notifications."""
    first, *shorter = (line((crumb, "bold")) if crumb else Content("") for crumb in crumbs)
    sides = [_health(status, agent, notices_key, much) for much in range(4)]
    forms = [(_named(first), sides[_WHOLE]), (first, sides[_WHOLE]), (first, sides[_PLAIN])]
    for less in shorter:
        forms += [(less, sides[_PLAIN]), (less, sides[_BARE])]
    if shorter:
        forms.append((shorter[-1], sides[_SIGNS]))
    else:
        forms += [(line((near, "bold")), sides[_PLAIN]) for near in _nearer(crumbs[0])]
    return tuple(forms)


def _nearer(crumb: str) -> tuple[str, ...]:
    """Where one is in fewer words: without the places that lead there, the farthest left out first."""
    places = crumb.split(" › ")
    return tuple(" › ".join(places[at:]) for at in range(1, len(places)))


def _named(crumb: Content) -> Content:
    program = line(("tui-desk", "$text-primary bold"))
    return Content.assemble(program, (" › ", "$faint"), crumb) if crumb else program


def _health(status: DeskStatus | None, agent: AgentView | None, notices_key: str, much: int) -> Content:
    found = _told(status, notices_key, much) if status is not None else []
    if agent is not None and much < _BARE:
        found.append(_Told(agent.login, "$muted"))
    return Content("  ").join(line((one.words, one.style)) for one in found)


def _told(status: DeskStatus, notices_key: str, much: int) -> list[_Told]:
    short = much >= _SIGNS
    found: list[_Told] = []
    if status.demo:
        demo = _(" DEMO ")
        found.append(_Told(demo if much < _PLAIN else demo.strip(), "bold $text-warning reverse"))
    if status.timer_ticket:
        found.append(_clock(status, named=much < _BARE))
    if status.notifications:
        words = _notices(status.notifications, notices_key, much)
        found.append(_Told(words, "$text-accent bold", "go_notifications"))
    if status.suspended:
        words = ngettext("{count} suspended", "{count} suspended", status.suspended)
        words = pgettext("mails held back, in short", "{count} susp.") if short else words
        found.append(_Told(words.format(count=status.suspended), "$text-warning", "go_suspended"))
    if status.outbox_failed:
        words = ngettext("{count} not sent", "{count} not sent", status.outbox_failed)
        words = pgettext("mails that did not leave, in short", "{count} unsent") if short else words
        found.append(_Told(words.format(count=status.outbox_failed), "$text-error bold", "go_outbox"))
    elif status.outbox_waiting and not short:
        words = ngettext("{count} to send", "{count} to send", status.outbox_waiting)
        found.append(_Told(words.format(count=status.outbox_waiting), "$muted", "go_outbox"))
    return found


def _notices(count: int, key: str, much: int) -> str:
    """Unread notifications, with the key that opens them where there is room: a bare figure “for you” read as tickets."""
    if much >= _BARE:
        return pgettext("unread notifications, in short", "{count} notif.").format(count=count)
    told = ngettext("{count} notification", "{count} notifications", count).format(count=count)
    return f"{told}: {key}" if key and much < _PLAIN else told


def _clock(status: DeskStatus, *, named: bool) -> _Told:
    """The agent's clock in minutes; the sign says whether it runs."""
    from tui_desk.rules.time_spans import duration_text  # the start does not pay for it

    sign = "◷" if status.timer_running else "‖"
    ticket = f"#{status.timer_ticket} " if named else ""
    style = "$text-success" if status.timer_running else "$muted"
    return _Told(f"{sign} {ticket}{duration_text(status.timer_minutes)}", style)
