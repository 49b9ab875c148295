"""Back where one was, after the connection was lost: the list, its cursor and marks, and the ticket that was open."""

from __future__ import annotations

from tui_desk.contracts.queue import SORTS, VIEWS
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.kept_place import KeptPlace
from tui_desk.screens.host import DeskHost
from tui_desk.screens.message_line import Told
from tui_desk.screens.queue import QueueScreen


def place_of(host: DeskHost) -> KeptPlace | None:
    """Where one is at this terminal; None where there is no list."""
    from tui_desk.screens.ticket import TicketScreen

    queue = next((one for one in host.screen_stack if isinstance(one, QueueScreen)), None)
    if queue is None or not queue.is_running:
        return None
    ticket = next((one.number for one in reversed(host.screen_stack) if isinstance(one, TicketScreen)), None)
    row = queue.current()
    return KeptPlace(
        queue.view,
        queue.query_text,
        queue.sort,
        row.number if row is not None else None,
        queue.marked,
        ticket,
        queue.saved.id if queue.saved is not None else None,
    )


def take_up(queue: QueueScreen, place: KeptPlace, *, at_once: bool) -> None:
    """Go on at ``place``. Not ``at_once``: somebody is at the keys already, so nothing moves; ``X`` brings the marks."""
    marks = _marks_told(place)
    if not at_once:
        queue.marked_before(place.marks)
        if place.marks:
            queue.say(_("The connection was lost."), _("X brings back what was marked then."))
        return
    if place.view in VIEWS and place.sort in SORTS:
        queue.come_back(place.view, place.query, place.sort, place.row, place.saved)
    queue.mark_these(place.marks)
    told = _("The connection was lost: you are back where you were.")
    if place.ticket is not None:
        queue.host.open_ticket(place.ticket, queue.neighbour, Told(f"{told} {marks}".rstrip()))
    elif place != KeptPlace(row=place.row):
        queue.say(told, marks)


def _marks_told(place: KeptPlace) -> str:
    if not place.marks:
        return ""
    told = ngettext(
        "{count} ticket is marked; Esc in the list takes the mark away.",
        "{count} tickets are marked; Esc in the list takes the marks away.",
        len(place.marks),
    )
    return told.format(count=len(place.marks))
