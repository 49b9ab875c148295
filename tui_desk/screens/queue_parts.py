"""Parts of the queue: the tabs of its views, the banners above, the preview of the ticket under the cursor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from tui_desk.contracts.queue import VIEWS, TicketPreview, TicketRow, ViewCount
from tui_desk.contracts.status import DeskStatus
from tui_desk.core.clock import Clock
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.widgets.clicked import meant, row_under

SNOOZED = "☾"
"""The sign of a ticket that was put off."""
if TYPE_CHECKING:
    from tui_desk.contracts.views import SavedView

_SELDOM = ("snoozed", "teams", "overdue")
"""Views whose tabs are left out where nothing is in them; all but the first also where there is no room."""
_PROBLEMS_SHOWN = 2
_PROBLEM_LENGTH = 150
"""However much is wrong, and however long a server's words are, the list keeps its room."""


class ViewTabs(Widget):
    """The views with their counts; the present one stands out by reverse video, so without colour too."""

    DEFAULT_CSS = "ViewTabs { height: 1; width: 1fr; padding: 0 1; }"

    class Chosen(Message):
        """A tab was clicked: an action, and which saved view it is for."""

        def __init__(self, action: str, saved: str = "") -> None:
            super().__init__()
            self.action, self.saved = action, saved

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._view = ""
        self._counts: dict[str, str] = {}
        self._saved: SavedView | None = None
        self._others: tuple[SavedView, ...] = ()

    def show(
        self,
        view: str,
        counts: tuple[ViewCount, ...] | None = None,
        saved: SavedView | None = None,
        others: tuple[SavedView, ...] | None = None,
    ) -> None:
        """Mark ``view``, or the saved one; ``counts`` and ``others``, all saved views, replace what was known where given."""
        others = self._others if others is None else others
        if (saved, others) != (self._saved, self._others):
            self._saved, self._others = saved, others
            self.refresh()
        figures = self._counts
        if counts is not None:
            figures = {c.view: f"{c.count}+" if c.capped else str(c.count) for c in counts}
        if (view, figures) != (self._view, self._counts):
            self._view, self._counts = view, figures
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        labels: list[tuple[str, ViewTabs.Chosen]] = []
        for number, view in enumerate(VIEWS, start=1):
            titles = (words.view_title(view), *((SNOOZED,) if view == "snoozed" else ()))
            labels += [
                (f"{number}{between}{title}", self.Chosen(f"view_{view}"))
                for title in titles
                for between in (" ", ":")
            ]
        labels += [
            (f"│ {safe_line(view.name, 24)} ", self.Chosen("choose_view", view.name)) for view in self._others
        ]
        chosen_one = meant(row_under(self, event), labels)
        if chosen_one is not None:
            self.post_message(chosen_one)

    def render(self) -> RenderResult:
        full = self._line("  ", self._counts)
        if full.cell_length <= self.content_size.width and self._saved is None:
            return self._with_others(full)
        short = {view: "1k+" if count == "1000+" else count for view, count in self._counts.items()}
        shown = (
            line((f" {safe_line(self._saved.name, 30)} ", "$text-primary bold reverse"), " ")
            if self._saved
            else None
        )
        room = self.content_size.width - (shown.cell_length if shown is not None else 0)
        for tabs in (
            full,
            self._line("  ", self._counts, few=True),
            self._line("", short, few=True),
            self._line("", short, few=True, tight=True),
        ):
            if tabs.cell_length <= room:
                break
        return tabs if shown is None else self._with_others(Content("").join([shown, tabs]))

    def _with_others(self, tabs: Content) -> Content:
        """The names of saved views behind the tabs, as many as there is room for."""
        found, width = [tabs], tabs.cell_length
        for view in self._others:
            if self._saved is not None and view.id == self._saved.id:
                continue
            name = line(("│ ", "$faint"), (f"{safe_line(view.name, 24)} ", "$muted"))
            width += name.cell_length
            if width > self.content_size.width:
                break
            found.append(name)
        return Content("").join(found)

    def _line(self, gap: str, counts: dict[str, str], *, few: bool = False, tight: bool = False) -> Content:
        parts: list[Part] = []
        for number, view in enumerate(VIEWS, start=1):
            title, count = words.view_title(view), counts.get(view, "")
            if view in _SELDOM and view != self._view and (count in ("", "0") or (few and view != "snoozed")):
                continue  # their digits lead there nonetheless
            if view == "snoozed" and tight:
                title = SNOOZED
            # Close together, a count and the key behind it would read as one figure.
            before, between = ("", ":") if tight else (" ", " ")
            if view == self._view and self._saved is None:
                parts.append((f"{before}{number}{between}{title} {count} ", "$text-primary bold reverse"))
            else:
                parts += [
                    (f"{before}{number}{between}", "$faint"),
                    (f"{title} ", ""),
                    (f"{count} ", "$muted"),
                ]
            parts.append(gap)
        return line(*parts)


def banners(status: DeskStatus | None, settings_key: str) -> tuple[tuple[str, str], ...]:
    """What must be known before reading on: (sentence, style) each, the gravest first. ``settings_key`` opens the settings."""
    if status is None:
        return ()
    if status.read_only:
        sentence = _(
            "This desk is read-only: everything can be read, nothing can be changed, fetched or sent. "
            "tui-desk doctor says why."
        )
        return ((f"✗ {sentence}", "$text-error"),)
    shown = status.intake_problems[:_PROBLEMS_SHOWN]
    found: list[tuple[str, str]] = [
        (f"✗ {safe_line(problem, _PROBLEM_LENGTH)}", "$text-error") for problem in shown
    ]
    more = len(status.intake_problems) - len(shown)
    if more:
        sentence = ngettext(
            "{count} more mailbox has trouble: {key} shows it.",
            "{count} more mailboxes have trouble: {key} shows them.",
            more,
        )
        found.append((f"✗ {sentence.format(count=more, key=settings_key)}", "$text-error"))
    if status.demo:
        found.append(
            (
                _("Demo desk: nothing outside is touched. New here? :guide, Enter (5 minutes)."),
                "$text-warning",
            )
        )
    if not status.mailboxes:
        sentence = _("No mailbox yet, so no mail arrives. {key} opens Settings → Mail to add one.")
        found.append((sentence.format(key=settings_key), "$text-warning"))
    elif not status.worker_alive:
        found.append(
            (
                _("No mail is fetched or sent: start tui-desk worker. Replies wait in the outbox."),
                "$text-warning",
            )
        )
    return tuple(found)


class Banners(Widget):
    """Sentences above the list; no line where there is nothing to say."""

    DEFAULT_CSS = "Banners { height: auto; width: 1fr; padding: 0 1; display: none; }"

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: tuple[tuple[str, str], ...] = ()

    def show(self, lines: tuple[tuple[str, str], ...]) -> None:
        """Replace the sentences."""
        if lines != self._lines:
            self._lines = lines
            self.display = bool(lines)
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        return Content("\n").join([Content.assemble(pair) for pair in self._lines])


class Preview(Widget):
    """The beginning of the ticket under the cursor."""

    DEFAULT_CSS = "Preview { height: 1fr; width: 1fr; padding: 0 1; }"

    def __init__(self, clock: Clock, id: str | None = None) -> None:
        super().__init__(id=id)
        self._clock = clock
        self._shown: tuple[TicketRow | None, TicketPreview | None] = (None, None)

    def show(self, row: TicketRow | None, preview: TicketPreview | None) -> None:
        """Show a ticket; without ``preview`` its head only, until the text is there."""
        if (row, preview) != self._shown:
            self._shown = (row, preview)
            self.refresh()

    def render(self) -> RenderResult:
        row, preview = self._shown
        if row is None:
            return Content("")
        status, priority = words.status(row.status), words.priority(row.priority)
        now = self._clock()
        lines = [
            line((f"#{row.number} ", "$muted"), (safe_line(row.subject, 300) or _("(no subject)"), "bold")),
            line(
                (status.text, status.colour),
                "   ",
                (priority.text, priority.colour),
                f"   {safe_line(row.requester, 80)}",
                ("   " + _("opened {when}").format(when=words.moment(row.created_at, now)), "$muted"),
            ),
        ]
        if row.presence:
            here = "   ".join(words.presence(who.mode, safe_line(who.agent, 40)) for who in row.presence)
            lines.append(line((here, "$text-warning")))
        lines.append(Content(""))
        if preview is not None and preview.number == row.number:
            lines += [Content(safe_line(text, 2_000)) for text in preview.lines]
        return Content("\n").join(lines)
