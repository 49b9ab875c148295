"""The ``:`` line: any action by name with its argument, a ticket by its number, a screen to go to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple

from rich.highlighter import Highlighter
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.actions.registry import Action, Registry
from tui_desk.actions.typed import find_command
from tui_desk.core.errors import DeskError, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.completion import NONE, Value, Values
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field
from tui_desk.screens.filter_help import FilterHelp
from tui_desk.screens.query_names import Tabbed, next_of

_SHOWN = 8
_KEPT = 100
"""Commands that are remembered."""


class Typed(NamedTuple):
    """What is wrong with a line: the places of the word, and the sentence. Empty: nothing is."""

    start: int = 0
    end: int = 0
    sentence: str = ""


class _MarkWrong(Highlighter):
    """Colours the word that is wrong."""

    def __init__(self) -> None:
        self.wrong = Typed()
        self.style = "underline"

    def highlight(self, text: Text) -> None:
        """Mark it in ``text``."""
        if self.wrong.sentence:
            text.stylize(self.style, self.wrong.start, self.wrong.end)


class CommandDialog(Dialog[str]):
    """One line at the foot of the screen; what fits is shown above while typing, Tab completes, ↑ and ↓ are what was typed before.

    ``values`` answers what may follow an action. A line with a mistake is not taken: its word is marked.
    """

    def __init__(
        self,
        registry: Registry,
        scopes: tuple[str, ...],
        facts: frozenset[str],
        values: Callable[[str], Awaitable[Values]],
        history: list[str],
    ) -> None:
        super().__init__()
        self._registry, self._scopes, self._facts = registry, scopes, facts
        self._actions = registry.in_scopes(scopes)
        self._ask, self._history = values, history
        self._known: dict[str, Values] = {}
        self._asked: set[str] = set()
        self._at = len(history)
        self._begun = ""
        self._mark = _MarkWrong()
        self._tab = Tabbed()

    def compose(self) -> ComposeResult:
        with Vertical(id="command-box"):
            yield Static("", id="command-found", markup=False)
            field = Field(placeholder=_("action, #number, or part of a name"), id="command-typed")
            field.highlighter = self._mark
            yield field

    def on_mount(self) -> None:
        colour = self.app.theme_variables.get("text-error", "")
        self._mark.style = f"{colour} underline" if colour.startswith("#") else "underline"
        self.query_one(Input).focus()
        self._show("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._show(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        typed = event.value.strip()
        if not typed:
            self.dismiss(None)
            return
        self._mark.wrong = self._wrong(event.value, finished=True)
        if self._mark.wrong.sentence:
            self._show(event.value, finished=True)
            return
        if typed in self._history:
            self._history.remove(typed)
        self._history.append(typed)
        del self._history[:-_KEPT]
        self.dismiss(typed)

    def on_key(self, event: events.Key) -> None:
        if event.key not in ("tab", "up", "down"):
            return
        event.stop()
        event.prevent_default()
        field = self.query_one(Input)
        if event.key == "tab":
            self._put(self._completed(field.value))
        else:
            self._earlier(field.value, -1 if event.key == "up" else 1)

    def _earlier(self, typed: str, step: int) -> None:
        """What was typed before, and back to what one had begun."""
        if self._at == len(self._history):
            self._begun = typed
        at = self._at + step
        if 0 <= at <= len(self._history):
            self._at = at
            self._put(self._begun if at == len(self._history) else self._history[at])

    def _put(self, text: str) -> None:
        field = self.query_one(Input)
        field.value = text
        field.cursor_position = len(text)

    # -- what fits ---------------------------------------------------------------------------------------------------
    def _completed(self, typed: str) -> str:
        """As far as it is certain; where several fit and nothing more is certain, the first of them."""
        word, blank, argument = typed.lstrip().partition(" ")
        if not blank:
            found = [action.id for action in self._found(word)] or [one.text for one in self._tickets(word)]
            starting = [name for name in found if name.startswith(word.casefold())]
            return _further(word, starting or found[:1], " " if len(found) == 1 else "")
        values = self._values_of(word)
        if values.query is not None:
            self._tab = next_of(values.query, argument, self._tab)
            return f"{word} {self._tab.text}"
        before, last = _parted(values, argument)
        fitting = [one.text for one in _fitting(values, last)]
        return f"{word} {before}{_further(last, fitting, '')}"

    def _found(self, typed: str) -> list[Action]:
        word = typed.casefold().replace("-", "_")
        starting = [a for a in self._actions if a.id.startswith(word)]
        return starting + [a for a in self._actions if word in a.id and a not in starting]

    def _action(self, word: str) -> Action | None:
        try:
            return find_command(self._registry, self._scopes, word)[0]
        except UsageError:
            return None

    def _values_of(self, word: str) -> Values:
        action = self._action(word)
        return self._of_sort(action.values) if action is not None and action.values else NONE

    def _of_sort(self, sort: str) -> Values:
        """Known already, or asked for now and shown when they come."""
        if sort not in self._asked:
            self._asked.add(sort)
            self.run_worker(self._learn(sort), exit_on_error=False)
        return self._known.get(sort, NONE)

    async def _learn(self, sort: str) -> None:
        try:
            self._known[sort] = await self._ask(sort)
        except DeskError:
            return  # it is typed without help then, and told when it is done
        self._show(self.query_one(Input).value)

    def _tickets(self, word: str) -> Sequence[Value]:
        digits = word.lstrip("#")
        return _fitting(self._of_sort("tickets"), digits) if digits.isdecimal() or word == "#" else ()

    def _wrong(self, typed: str, finished: bool = False) -> Typed:
        """The word that cannot be right, whatever follows; ``finished``: as it stands."""
        start = len(typed) - len(typed.lstrip())
        word, blank, argument = typed.lstrip().partition(" ")
        if not word:
            return Typed()
        try:
            find_command(self._registry, self._scopes, word)
        except UsageError as error:
            begun = not blank and not finished and bool(self._found(word) or word.startswith("#"))
            if begun:
                return Typed()
            sentence = f"{error.sentence} {error.hint}"
            return Typed(start, start + len(word), sentence.strip())
        values = self._values_of(word)
        begins = start + len(word) + 1
        if values.query is not None:
            return _wrong_query(values.query.help(argument, finished=finished), begins)
        if argument.strip() and values.closed and not _fitting(values, argument.strip(), exact=finished):
            sentence = _("“{typed}” is not one of: {allowed}.").format(
                typed=safe_line(argument.strip(), 40), allowed=", ".join(one.text for one in values.known)
            )
            return Typed(begins, len(typed), sentence)
        return Typed()

    def _show(self, typed: str, finished: bool = False) -> None:
        self._mark.wrong = self._wrong(typed, finished)
        found = self.query_one("#command-found", Static)
        found.set_class(bool(self._mark.wrong.sentence), "-wrong")
        self.query_one(Input).refresh()
        if self._mark.wrong.sentence:
            found.update(Content(f"! {safe_line(self._mark.wrong.sentence, 400)}"))
            return
        word, blank, argument = typed.lstrip().partition(" ")
        known = self._values_of(word) if blank else NONE
        if known.query is not None and argument:
            told = known.query.help(argument).sentence
            found.update(Content(told) if told else self._explained(word))
            return
        values = _fitting(known, _parted(known, argument)[1]) if blank else self._tickets(word)
        if values or blank:
            found.update(self._values_shown(word, values) if values else self._explained(word))
            return
        found.update(Content("\n").join(self._line(action) for action in self._found(word)[:_SHOWN]))

    def _line(self, action: Action) -> Content:
        argument = f" <{_(action.argument)}>" if action.argument else ""
        obstacle = action.obstacle(self._facts)
        return Content.assemble(
            (action.id, "$faint" if obstacle else "$text-accent"),
            (argument, "$faint" if obstacle else "$text-warning"),
            (f"  {action.shown_title}", "$muted"),
            (f"  {_('Not now: {reason}').format(reason=obstacle)}" if obstacle else "", "$text-warning"),
        )

    def _explained(self, word: str) -> Content:
        action = self._action(word)
        return self._line(action) if action is not None else Content("")

    def _values_shown(self, word: str, values: Sequence[Value]) -> Content:
        lines = [
            Content.assemble(
                (safe_line(one.text, 60), "$text-accent"),
                (f"  {safe_line(one.label, 100)}" if one.label != one.text else "", "$muted"),
            )
            for one in values[:_SHOWN]
        ]
        return Content("\n").join(lines)


def _wrong_query(found: FilterHelp, begins: int) -> Typed:
    """The word of a query that makes no sense, as the filter line marks it; the query begins at ``begins``."""
    problem = found.problem
    if problem is None or not found.wrong:
        return Typed()
    return Typed(begins + problem.start, begins + problem.end, found.sentence)


def _parted(values: Values, argument: str) -> tuple[str, str]:
    """What stands, and what is completed."""
    if not values.several:
        return "", argument
    before, blank, last = argument.rpartition(" ")
    sign = last[:1] if last[:1] in ("-", "+") else ""
    return f"{before}{blank}{sign}", last[len(sign) :]


def _fitting(values: Values, typed: str, exact: bool = False) -> tuple[Value, ...]:
    wanted = typed.strip().casefold()
    if exact:
        return tuple(
            one
            for one in values.known
            if wanted in (one.text.casefold(), one.text.casefold().replace("_", " "), one.label.casefold())
        )
    starting = [one for one in values.known if one.text.casefold().startswith(wanted)]
    holding = [
        one for one in values.known if wanted in f"{one.text} {one.label}".casefold() and one not in starting
    ]
    return (*starting, *holding)


def _further(typed: str, names: Sequence[str], end: str) -> str:
    """``typed`` as far as all of ``names`` go on alike, else the first of them."""
    if not names:
        return typed
    first, last = min(names), max(names)
    size = next((i for i, char in enumerate(first) if i >= len(last) or char != last[i]), len(first))
    if len(names) == 1:
        return names[0] + end
    return (
        first[:size]
        if size > len(typed) and first[:size].casefold().startswith(typed.casefold())
        else names[0]
    )
