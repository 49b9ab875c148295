"""The clock: started on a ticket or task, held, stopped into an entry. The title line shows it on every screen."""

from __future__ import annotations

from tui_desk.contracts.tasks import RowChanged
from tui_desk.contracts.timekeeping import PauseTimer, ShowTimer, StartTimer, StopTimer
from tui_desk.contracts.work import TimerView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.time_spans import DAY_MINUTES, duration_text, read_span
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice


async def toggle(screen: BaseScreen, number: int, task_id: int | None) -> RowChanged | None:
    """What ``t`` does: the clock that is here is held, goes on, or is stopped; one elsewhere is written down, and this one starts."""
    timer = await screen.ask(ShowTimer())
    here = timer is not None and timer.ticket == number and task_id in (None, timer.task_id)
    if timer is None or not here:
        if timer is not None and timer.minutes > DAY_MINUTES:
            return await _stop(screen, timer)
        return await screen.ask(StartTimer(number, task_id))
    shown = duration_text(timer.minutes)
    choices = [
        Choice("stop", _("Stop: write down {time}").format(time=shown)),
        Choice("pause", _("Hold it")) if timer.running else Choice("go_on", _("Go on")),
        Choice("discard", _("Stop: write nothing down")),
    ]
    title = _("{time} on #{number}").format(time=shown, number=number)
    chosen = await screen.choose(title, choices)
    if chosen == "stop":
        return await _stop(screen, timer)
    if chosen == "pause":
        return await screen.ask(PauseTimer())
    if chosen == "go_on":
        return await screen.ask(StartTimer(number, timer.task_id))
    return await screen.ask(StopTimer(discard=True)) if chosen == "discard" else None


async def _stop(screen: BaseScreen, timer: TimerView) -> RowChanged | None:
    """A clock that was forgotten for more than a day is not believed: how long it was is asked."""
    if timer.minutes <= DAY_MINUTES:
        return await screen.ask(StopTimer())
    title = _("The clock on #{number} ran {time}. How long did you work?").format(
        number=timer.ticket, time=duration_text(timer.minutes)
    )
    typed = await screen.prompt(title, detail=_("1h30, 90m; 0 writes nothing down."))
    if typed is None:
        return None
    if typed.strip() in ("0", "0m", "0h"):
        return await screen.ask(StopTimer(discard=True))
    span = read_span(typed, screen.host.options.clock())
    if span.began_at is not None:
        raise UsageError(_("Only how long, such as 1h30."))
    return await screen.ask(StopTimer(span.minutes))
