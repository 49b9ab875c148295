"""What a ticket shows of the inventory: a warning in its head, what its text names, and what it is linked with."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.assets import ExpiryWarning, Recognised
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import RecognisedBy
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.screens.chrome import Part, line

_TOLD = 2
_NAMES = (40, 24, 18)
"""Characters of a name in a warning, the longest that has room."""


def warnings(ticket: TicketView, width: int) -> Content:
    """What is over or ends soon, the most pressing first; nothing where there is none.

    In ``width`` cells names become shorter, then each stands on a line of its own: the days are always whole.
    """
    over = any(one.days < 0 for one in ticket.expiring)
    told = next((text for name in _NAMES if cell_len(text := _told(ticket, " · ", name)) <= width), None)
    if told is None:
        told = _told(ticket, "\n! ", _NAMES[-1])
    return line((told, "$text-error" if over else "$text-warning")) if ticket.expiring else Content("")


def _told(ticket: TicketView, between: str, name: int) -> str:
    """The first warnings, with names of at most ``name`` characters, and how many more there are."""
    shown = [_warning(one, name) for one in ticket.expiring[:_TOLD]]
    more = len(ticket.expiring) - _TOLD
    return "! " + between.join(shown) + (f" · +{more}" if more > 0 else "")


def _warning(warning: ExpiryWarning, longest: int) -> str:
    what = _("licence {name}") if warning.licence else _("warranty of {name}")
    name = what.format(name=visible_name(safe_line(warning.name, 40), longest))
    if warning.days < 0:
        return _("{what} over since {day}").format(what=name, day=warning.ends_on.isoformat())
    if warning.days == 0:
        return _("{what} ends today").format(what=name)
    return ngettext("{what} ends in {count} day", "{what} ends in {count} days", warning.days).format(
        what=name, count=warning.days
    )


def recognised(ticket: TicketView) -> str:
    """The first thing that the ticket names and that is not linked, with the keys that answer; nothing where there is none."""
    if not ticket.recognised:
        return ""
    what, more = named(ticket.recognised[0]), len(ticket.recognised) - 1
    return _("Names {what}: = links it, - if it is not about that.").format(
        what=f"{what} (+{more})" if more else what
    )


def named(found: Recognised) -> str:
    """What was recognised, and by what."""
    if found.licence:
        return _("the licence {name}").format(name=safe_line(found.name, 60))
    told = f"{safe_line(found.tag, 30)} {safe_line(found.name, 40)}"
    if found.by is RecognisedBy.TAG:
        return told
    by = _("serial {text}") if found.by is RecognisedBy.SERIAL else _("host {text}")
    return f"{told} ({by.format(text=safe_line(found.text, 40))})"


def linked(ticket: TicketView) -> list[Part]:
    """Assets and licences it is linked with, and what else its text names."""
    parts: list[Part] = [("\n" + _("Assets") + "\n", "bold $text-primary")]
    for asset in ticket.assets:
        parts += [(f"  {safe_line(asset.tag, 30):<18} ", "$text-accent"), safe_line(asset.name, 100)]
        parts.append((f"  {safe_line(asset.type, 40)}\n", "$muted"))
    if not ticket.assets:
        parts.append((f"  {_('None. l and an asset’s tag link one.')}\n", "$muted"))
    if ticket.licences:
        parts.append(("\n" + _("Licences") + "\n", "bold $text-primary"))
        for licence in ticket.licences:
            ends = "" if licence.expires_on is None else _("until {day}").format(day=licence.expires_on)
            parts += [f"  {safe_line(licence.name, 100)}", (f"  {ends}\n", "$muted")]
    if ticket.recognised:
        parts.append(("\n" + _("Named in the text, not linked") + "\n", "bold $text-primary"))
        parts += [f"  {named(found)}\n" for found in ticket.recognised]
    return parts
