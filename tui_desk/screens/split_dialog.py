"""Which messages get a ticket of their own: a list to mark, then Enter."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.contracts.conversation import MessageView
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import line
from tui_desk.screens.dialog import Dialog
from tui_desk.widgets.hanging import Hanging

_MOVES = {"j": 1, "down": 1, "ctrl+n": 1, "k": -1, "up": -1, "ctrl+p": -1}
_HANG = 2
"""Cells that a message goes on from: below its moment."""


class SplitDialog(Dialog[tuple[int, ...]]):
    """Answers the ids of the marked messages, at least one and never all."""

    def __init__(self, messages: tuple[MessageView, ...], whens: tuple[str, ...], marked: int | None) -> None:
        super().__init__()
        self._messages, self._whens = messages, whens
        self._marked = {marked} if marked is not None else set()
        self._first = next((at for at, one in enumerate(messages) if one.id == marked), 0)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Which messages get a ticket of their own?")
            yield Static(title, classes="dialog-title", markup=False)
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static("", classes="dialog-detail", id="split-told", markup=False)
            hint = _("j/k move · x or Space marks · Enter goes on · Esc leaves")
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        options = self.query_one(OptionList)
        options.focus()
        self._paint(self._first)

    def on_key(self, event: events.Key) -> None:
        options = self.query_one(OptionList)
        at = options.highlighted or 0
        if event.key in _MOVES:
            options.highlighted = max(0, min(len(self._messages) - 1, at + _MOVES[event.key]))
        elif event.key in ("x", "space"):
            self._marked ^= {self._messages[at].id}
            self._paint(at)
        elif event.key == "enter":
            self._take()
        else:
            return
        event.stop()
        event.prevent_default()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._marked ^= {self._messages[event.option_index].id}
        self._paint(event.option_index)

    def _take(self) -> None:
        if 0 < len(self._marked) < len(self._messages):
            self.dismiss(tuple(one.id for one in self._messages if one.id in self._marked))

    def _paint(self, at: int) -> None:
        options = self.query_one(OptionList)
        options.clear_options()
        pairs = zip(self._messages, self._whens, strict=True)
        options.add_options([Option(Hanging(self._label(one, when), _HANG)) for one, when in pairs])
        options.highlighted = at
        count = len(self._marked)
        if count == len(self._messages):
            told = Content.assemble((_("Something must stay: these are all messages."), "$text-warning"))
        elif not count:
            told = Content.assemble((_("Nothing is marked yet."), "$text-warning"))
        else:
            text = ngettext("{count} message goes.", "{count} messages go.", count).format(count=count)
            told = Content(text)
        self.query_one("#split-told", Static).update(told)

    def _label(self, one: MessageView, when: str) -> Content:
        first = safe_line(" ".join((one.reply or one.text or one.subject).split()), 160)
        mark = ("■ ", "$text-accent bold") if one.id in self._marked else ("□ ", "$muted")
        return line(mark, (f"{when}  ", "$muted"), (f"{safe_line(one.author, 24)}  ", "$text-primary"), first)
