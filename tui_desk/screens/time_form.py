"""Time worked on a ticket, to write down or to correct."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.timekeeping import ActivityView, AddTime, SetTime
from tui_desk.contracts.work import TaskView, TimeEntryView
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.time_spans import Span, duration_text, read_span
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.widgets.choice_field import Option


class TimeFormScreen(FormScreen):
    """Adds an entry to the ticket ``number``, or corrects ``entry``."""

    scopes = (FORM, GLOBAL)

    def __init__(
        self,
        number: int,
        entry: TimeEntryView | None,
        activities: Sequence[ActivityView],
        tasks: Sequence[TaskView] = (),
        task_id: int | None = None,
    ) -> None:
        self.number, self.entry, self._task_id = number, entry, task_id
        self._tasks = tuple(tasks)
        self._billable = {activity.name: activity.billable for activity in activities}
        if entry is not None and entry.activity:
            self._billable.setdefault(entry.activity, entry.billable)
        super().__init__()
        self.crumb = f"#{number} › {_('Time')}"

    def fields(self) -> tuple[Field, ...]:
        found = [
            Field(
                "time",
                _("Time"),
                help=_("1h30, 90m, 1.5h, 9:15-10:40; with a day: yesterday 45m, mon 9-10, 2026-03-02 1h."),
                placeholder="1h30",
                width=36,
            )
        ]
        if self.entry is None and self._tasks:
            options = (Option("", _("none")), *(Option(str(t.id), t.title) for t in self._tasks))
            found.append(Field("task", _("Task"), "choice", help=_("What it was for."), options=options))
        if self._billable:
            options = (Option("", _("none")), *(Option(name, name) for name in self._billable))
            found.append(
                Field("activity", _("Activity"), "choice", help=_("What sort of work."), options=options)
            )
        yes_no = (Option("yes", _("yes")), Option("no", _("no")))
        found.append(
            Field("billable", _("Billable"), "choice", help=_("Whether it is charged."), options=yes_no)
        )
        found.append(Field("note", _("Note"), help=_("What was done.")))
        return tuple(found)

    async def initial(self) -> Mapping[str, str]:
        entry = self.entry
        if entry is None:
            return {"billable": "no", "task": str(self._task_id or "")}
        return {
            "time": _typed(entry),
            "activity": entry.activity,
            "billable": "yes" if entry.billable else "no",
            "note": entry.note,
        }

    def field_changed(self, field_id: str, value: str) -> None:
        if field_id == "activity" and "billable" not in self.typed:
            self.fill({"billable": "yes" if self._billable.get(value) else "no"})

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        try:
            self._span(values["time"])
        except UsageError as error:
            return {"time": str(error)}
        return {}

    def _span(self, text: str) -> Span:
        return read_span(text, self.host.options.clock(), day=self.entry.day if self.entry else None)

    async def submit(self, values: Mapping[str, str]) -> str | None:
        span = self._span(values["time"])
        activity, note = values.get("activity", ""), values["note"].strip()
        billable = values["billable"] == "yes"
        if self.entry is None:
            task = values.get("task", "")
            request = AddTime(
                self.number,
                span.minutes,
                span.day,
                span.began_at,
                int(task) if task else None,
                activity,
                billable,
                note,
            )
            return (await self.ask(request)).sentence
        changed: dict[str, Any] = {}
        if "time" in self.typed:
            changed = {"minutes": span.minutes, "day": span.day, "began_at": span.began_at}
        if values != await self.initial():
            changed |= {"activity": activity, "billable": billable, "note": note}
        if not changed:
            return _("Nothing was changed.")
        return (await self.ask(SetTime(self.entry.id, self.entry.version, **changed))).sentence


def _typed(entry: TimeEntryView) -> str:
    """An entry as one would have typed it."""
    if entry.began_at is None:
        return f"{entry.day.isoformat()} {duration_text(entry.minutes)}"
    began = entry.began_at.astimezone()
    ended = (entry.began_at + timedelta(minutes=entry.minutes)).astimezone()
    return f"{began:%Y-%m-%d %H:%M}-{ended:%H:%M}"
