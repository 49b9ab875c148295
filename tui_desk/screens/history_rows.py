"""Events as lines of a table: when, whether it can be taken back, what happened. The same in a ticket and in longer histories."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from rich.cells import cell_len
from textual.content import Content

from tui_desk.contracts.history import EventDetails, EventPage, ListEvents
from tui_desk.contracts.tickets import EventView
from tui_desk.core.clock import Clock
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.widgets.columns import Column
from tui_desk.widgets.row_buffer import Cell, Direction, RowWindow, TableRow

REVERSIBLE_SIGN = "↶"
_KEPT = 5_000


def columns(*, with_subject: bool, when: int = 5) -> tuple[Column, ...]:
    """When (so many cells), what it is about (where several things are shown together), whether u takes it back, what happened."""
    about = (Column("subject", _("About"), 12, least=6, flex=1),) if with_subject else ()
    return (
        Column("when", _("When"), when),
        *about,
        Column("reversible", "", 1),
        Column("what", _("What happened"), 40, flex=8),
    )


def row(event: EventView, now: datetime, *, with_subject: bool) -> TableRow:
    """One event."""
    about = (Cell(safe_line(event.subject), "accent"),) if with_subject else ()
    sign = Cell(REVERSIBLE_SIGN if event.reversible else "", "accent")
    when = Cell(words.moment(event.at, now), "muted")
    return TableRow(event.id, (when, *about, sign, safe_line(event.sentence, 500)), anchor=event.id)


@dataclass(slots=True)
class EventSource:
    """A history, read by pages. ``newest`` are the first ones where a screen has them already: they are not asked for again."""

    ask: Callable[[ListEvents], Awaitable[EventPage]]
    clock: Clock
    stream: str
    with_subject: bool
    newest: tuple[EventView, ...] | None = None
    """Newest first."""
    total: int = 0
    widened: Callable[[int], None] | None = None
    """Told how many cells the times need when one comes that needs more than those before."""
    widest: int = 0
    seen: dict[int, EventView] = field(default_factory=dict)

    async def window(self, anchor: int | None, direction: Direction, limit: int) -> RowWindow:
        """Read one window. Raises DeskError."""
        if direction == "top" and self.newest is not None:
            return self._shown(EventPage(self.newest, False, self.total > len(self.newest)))
        page = await self.ask(
            ListEvents(
                self.stream,
                older_than=anchor if direction == "after" else None,
                newer_than=anchor if direction == "before" else None,
                from_id=anchor if direction == "around" else None,
                oldest=direction == "end",
                limit=limit,
            )
        )
        return self._shown(page)

    def _shown(self, page: EventPage) -> RowWindow:
        if len(self.seen) > _KEPT:
            self.seen.clear()
        self.seen.update((event.id, event) for event in page.events)
        now = self.clock()
        self._widen(max((cell_len(words.moment(event.at, now)) for event in page.events), default=0))
        rows = [row(event, now, with_subject=self.with_subject) for event in page.events]
        return RowWindow(rows, page.has_newer, page.has_older)

    def _widen(self, width: int) -> None:
        if width > self.widest:
            self.widest = width
            if self.widened is not None:
                self.widened(width)


def whole(details: EventDetails) -> Content:
    """All of one event: the sentence, every value before and after, what was done with it, what u would do."""
    event = details.event
    when = event.at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
    parts: list[Part] = [
        (f"{safe_line(event.sentence, 2_000)}\n\n", "bold"),
        (
            _("{when} · by {who} · event {id}").format(when=when, who=safe_line(event.actor), id=event.id),
            "$muted",
        ),
        "\n",
    ]
    if details.changes:
        width = max(len(change.name) for change in details.changes)
        parts.append("\n")
        for change in details.changes:
            parts.append((f"{change.name:<{width}}  ", "$muted"))
            parts.append((f"{safe_block(change.before, 2_000)} → ", "$muted") if change.before else "")
            parts.append(f"{safe_block(change.after, 2_000) or '–'}\n")
    if details.together:
        parts.append(("\n" + _("Done together with") + "\n", "bold $text-primary"))
        parts += [f"  {safe_line(sentence, 500)}\n" for sentence in details.together[:50]]
        more = len(details.together) - 50
        if more > 0:
            parts.append(_("  and {count} more").format(count=more) + "\n")
    verdict = _("u takes it back.") if event.reversible else event.obstacle
    parts.append((f"\n{safe_line(verdict, 500)}", "$text-accent" if event.reversible else "$text-warning"))
    return line(*parts)
