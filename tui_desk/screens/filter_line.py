"""The filter line of the queue: read while one types, completed by Tab, earlier queries by the arrows, a mistake shown at its word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.message import Message
from textual.widgets import Static

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Hint
from tui_desk.screens.fields import Field

if TYPE_CHECKING:
    from tui_desk.contracts.views import FilterNames
    from tui_desk.rules.own_query import KnownField
    from tui_desk.rules.query_completion import Completion
    from tui_desk.rules.query_fields import Names


class _Marking(Highlighter):
    """Underlines the word that makes no sense, in reverse: it shows without colour, too."""

    def __init__(self) -> None:
        self.place = (0, 0)

    def highlight(self, text: Text) -> None:
        start, end = self.place
        if end > start:
            text.stylize("reverse underline", start, min(end, len(text)))


class FilterLine(Field):
    """What one types. ``is_wrong`` says that it makes no sense now, so that what was found before stays."""

    class Left(Message):
        """The person is done with it; ``kept`` says whether it is to be remembered."""

        def __init__(self, kept: bool) -> None:
            super().__init__()
            self.kept = kept

    def __init__(self, placeholder: str, id: str) -> None:
        super().__init__(placeholder=placeholder, id=id)
        self._marking = _Marking()
        self.highlighter = self._marking
        self.names: FilterNames | None = None
        self.own: Mapping[str, KnownField] = {}
        self.history: tuple[str, ...] = ()
        self.is_wrong = False
        self.is_cut = False
        """What is listed was found in the newest messages only."""
        self._place = -1
        self._typed = ""
        self._before = ""
        self._offered: tuple[Completion, int, str] | None = None

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            self._take(event)
            self._complete(1)
        elif event.key == "shift+tab":
            self._take(event)
            self._complete(-1)
        elif event.key == "up":
            self._take(event)
            self._go(1)
        elif event.key == "down":
            self._take(event)
            if self._place < 0:
                self.post_message(self.Left(kept=True))
            else:
                self._go(-1)
        elif event.key == "escape":
            self._take(event)
            self.value = ""
            self.post_message(self.Left(kept=False))

    def hints(self) -> tuple[Hint, ...]:
        return (
            Hint("Enter", _("Keep")),
            Hint("Tab", _("Complete")),
            Hint("Esc", _("Clear"), action="clear"),
            Hint("↑", _("Earlier")),
        )

    @staticmethod
    def _take(event: events.Key) -> None:
        event.stop()
        event.prevent_default()

    def begin(self) -> None:
        """Forget where in the history one was."""
        self._place, self._typed, self._offered = -1, "", None

    def _go(self, step: int) -> None:
        """An earlier query, or a later one; behind the latest stands what was typed before."""
        place = self._place + step
        if not -1 <= place < len(self.history):
            return
        if self._place < 0:
            self._typed = self.value
        self._place = place
        self._put(self.history[place] if place >= 0 else self._typed)

    def _complete(self, step: int) -> None:
        """The first that fits; Tab again takes the next one."""
        from tui_desk.rules.query_completion import complete

        if self._offered is not None and self._offered[2] == self.value:
            found, at = self._offered[0], self._offered[1] + step
        else:
            found, at = complete(self.value, self.cursor_position, self._rule_names(), self.own), 0
            self._before = self.value
        if not found.options:
            return
        at %= len(found.options)
        option = found.options[at]
        text = self._before[: found.start] + option + self._before[found.end :]
        self._put(text, found.start + len(option))
        only_a_field = len(found.options) == 1 and option.endswith(":")
        self._offered = None if only_a_field else (found, at, text)

    def _put(self, text: str, cursor: int | None = None) -> None:
        self.value = text
        self.cursor_position = len(text) if cursor is None else cursor

    def _rule_names(self) -> Names | None:
        from tui_desk.rules.query_fields import Names  # the start filters nothing

        names = self.names
        if names is None:
            return None
        return Names(names.agents, names.teams, names.categories, names.tags, names.domains, names.assets)

    def show_help(self, shown: Static, typing: bool, stays: str | None = None) -> None:
        """Say in ``shown`` what fits here or what is wrong, and mark the word; ``stays``: what else is said of a mistake."""
        if not self.value:
            shown.display, self.is_wrong = False, False
            self._mark((0, 0))
            return
        from tui_desk.core.clock import utc_now
        from tui_desk.rules.query_fields import cut_sentence
        from tui_desk.screens.filter_help import filter_help  # the start filters nothing

        cursor = self.cursor_position if typing else None
        found = filter_help(self.value, cursor, self._rule_names(), self.own, utc_now())
        problem = found.problem
        self.is_wrong = problem is not None
        self._mark((problem.start, problem.end) if problem is not None and found.wrong else (0, 0))
        offers = found.completion is not None and bool(found.completion.options)
        sentence = cut_sentence() if self.is_cut and not (found.wrong or offers) else found.sentence
        shown.display = bool(sentence)
        shown.set_class(found.wrong, "-wrong")
        if problem is not None and found.wrong:
            stays = _("The list stays as it was.") if stays is None else stays
            told = (f"! {safe_line(problem.word, 30)}: {problem.sentence}", stays, problem.hint)
            shown.update(" ".join(filter(None, told)))
        else:
            shown.update(sentence)

    def _mark(self, place: tuple[int, int]) -> None:
        if place != self._marking.place:
            self._marking.place = place
            self.refresh()
