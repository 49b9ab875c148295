"""Deciding an approval: what is asked, yes or no, and a comment. Enter on the comment decides, so one key never does."""

from __future__ import annotations

from typing import NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.contracts.approvals import ApprovalView
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.desk_words import money
from tui_desk.screens.dialogs import Dialog
from tui_desk.screens.fields import Field


class Answer(NamedTuple):
    """What somebody decided."""

    yes: bool
    comment: str


class DecideDialog(Dialog[Answer]):
    """Answers the decision; None: changed their mind."""

    DEFAULT_CSS = "DecideDialog #decide-what { height: auto; max-height: 40vh; scrollbar-size-vertical: 1; }"

    def __init__(self, approval: ApprovalView) -> None:
        super().__init__()
        self._approval = approval
        self._yes: bool | None = None

    def compose(self) -> ComposeResult:
        approval = self._approval
        facts = [money(approval.amount, approval.currency)] if approval.amount is not None else []
        if approval.requested_by:
            facts.append(_("asked by {name}").format(name=approval.requested_by))
        with Vertical(classes="dialog"):
            yield Static(safe_line(approval.title, 200), classes="dialog-title", markup=False)
            with VerticalScroll(id="decide-what", can_focus=False):
                shown = "\n".join(filter(None, (" · ".join(facts), approval.details, *approval.lines)))
                yield Static(safe_block(shown, 4_000), classes="dialog-detail", markup=False)
            yield Static(self._choices(), id="decide-choices", classes="dialog-answers")
            yield Field(placeholder=_("comment"), id="decide-comment")
            yield Static(self._hint(), id="decide-hint", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        self.query_one("#decide-comment").display = False

    def _choices(self) -> Content:
        def one(key: str, text: str, chosen: bool) -> list[Part]:
            style = "bold reverse" if chosen else ""
            return [(key, "$text-accent bold"), " ", (f" {text} ", style), "    "]

        return line(
            *one("y", _("Yes, approve"), self._yes is True), *one("n", _("No, refuse"), self._yes is False)
        )

    def _hint(self) -> str:
        if self._yes is None:
            return _("y or n · Esc decides nothing")
        return _("Enter decides · ↑ chooses again · Esc decides nothing")

    def _chosen(self, yes: bool | None) -> None:
        self._yes = yes
        field = self.query_one("#decide-comment", Input)
        field.display = yes is not None
        if yes is None:
            self.set_focus(None)
        else:
            field.focus()
        self.query_one("#decide-choices", Static).update(self._choices())
        self.query_one("#decide-hint", Static).update(self._hint())

    def on_key(self, event: events.Key) -> None:
        if self._yes is None:
            if event.key in ("y", "n"):
                event.stop()
                event.prevent_default()
                self._chosen(event.key == "y")
            elif event.key in ("j", "down", "k", "up"):
                event.stop()
                lines = 1 if event.key in ("j", "down") else -1
                self.query_one("#decide-what").scroll_relative(y=lines, animate=False)
            elif event.key == "q":
                event.stop()
                self.dismiss(None)
        elif event.key in ("up", "shift+tab"):
            event.stop()
            event.prevent_default()
            self._chosen(None)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self._yes is not None:
            self.dismiss(Answer(self._yes, event.value.strip()))
