"""What a change of many tickets would do, ticket by ticket; then doing it, with how far it is and what came of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.bulk import (
    BulkChange,
    BulkLine,
    BulkPreview,
    BulkResult,
    ChangeBulk,
    PreviewBulk,
    ReplyToEach,
    Watch,
)
from tui_desk.contracts.macros import ApplyMacro
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.bulk_lines import Lines, read_of, summary
from tui_desk.screens.chrome import line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.dialogs import PromptDialog
from tui_desk.widgets.columns import Column
from tui_desk.widgets.virtual_table import VirtualTable

_MOVES = {"j": 1, "down": 1, "k": -1, "up": -1, "]": 1, "[": -1}
_PAGES = {"ctrl+d": 0.5, "ctrl+u": -0.5, "pagedown": 1.0, "pageup": -1.0}
_FRAME = 9
"""Rows of the dialog that are neither the list nor the text."""
_LIST_BESIDE_TEXT = 6
_TOLD_EVERY = 0.25
_WHY = 3
"""Rows kept for why a ticket cannot be changed."""


class BulkDialog(Dialog[BulkResult]):
    """Shows, asks, does. Answers what was done; None: nothing was."""

    def __init__(
        self,
        screen: BaseScreen,
        title: str,
        numbers: tuple[int, ...],
        change: BulkChange,
        hidden: frozenset[int],
        token: str = "",
        warning: str = "",
    ) -> None:
        """``token``: of a deed that may have been begun already, in which nothing is to be done twice.

        ``warning``: what the screen has found that should be looked at first.
        """
        super().__init__()
        self._warning = warning
        self._screen, self._title, self._numbers = screen, title, numbers
        self._change, self._hidden = change, hidden
        self._preview: BulkPreview | None = None
        self._result: BulkResult | None = None
        self._token = token or token_hex(16)
        self.in_doubt = False
        """It broke down while it was done: what it had done by then is not known."""
        self._busy = self._stop = False
        self._progress = ""
        self._by_number: dict[int, BulkLine] = {}

    def compose(self) -> ComposeResult:
        columns = (
            Column("sign", "", 1),
            Column("number", "#", len(str(max(self._numbers)))),
            Column("subject", _("Subject"), 20, flex=2, least=12),
            Column("what", _("What happens"), 30, flex=3, least=20),
        )
        with Vertical(classes="dialog wide", id="bulk-box"):
            yield Static(safe_line(self._title), classes="dialog-title", markup=False)
            yield Static("", id="bulk-told", markup=False)
            yield Static("", id="bulk-warnings", classes="dialog-detail", markup=False)
            yield VirtualTable(columns, id="bulk-lines")
            with VerticalScroll(id="bulk-text", can_focus=False):
                yield Static("", id="bulk-read", markup=False)
            yield Static("", id="bulk-answers", classes="dialog-answers")

    def on_mount(self) -> None:
        self.query_one("#bulk-text").display = False
        self._lay_out(0)
        self.set_interval(_TOLD_EVERY, self._show_progress)
        self._work(self._look)

    def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        """Beside the keyboard; what nobody expected is told on the screen below."""
        self._screen.run_guarded(self._title, work, group="bulk")

    def on_resize(self, event: events.Resize) -> None:
        self._lay_out(len(self._by_number))

    @property
    def _is_reply(self) -> bool:
        return isinstance(self._change, ReplyToEach)

    @property
    def _has_texts(self) -> bool:
        """Whether each ticket has more to read than fits into its line."""
        return isinstance(self._change, (ReplyToEach, ApplyMacro)) and self._result is None

    def _lay_out(self, count: int) -> None:
        """As high as it must be, and no higher than leaves the list behind it to be seen."""
        most = self.app.size.height * 9 // 10
        rows = min(count, _LIST_BESIDE_TEXT) if self._has_texts else count
        self.query_one(VirtualTable).styles.height = max(2, min(rows + 1, most - _FRAME - _WHY))
        self.query_one("#bulk-box").styles.height = most if self._has_texts else "auto"
        self.query_one("#bulk-text").styles.height = "1fr" if self._has_texts else "auto"

    # -- looking -----------------------------------------------------------------------------------------------------
    async def _look(self) -> None:
        self._busy, self._stop, self._progress = True, False, ""
        self._say(_("Looking at what would happen …"))
        self._answers((_("Esc"), _("Leave it")))
        watch = self._watching(_("Looking at {done} of {of} …"))
        try:
            seen = await self._screen.ask(PreviewBulk(self._numbers, self._change, watch))
        except DeskError as error:
            self._failed(error)
            return
        finally:
            self._busy = False
        if seen.stopped:
            self.dismiss(None)
            return
        self._preview = seen
        self._show_lines(seen.lines)
        how = _("   j k: each ticket; PgDn PgUp: its text") if self._has_texts and seen.lines else ""
        self._say(summary(seen.lines, self._is_reply), warning=not seen.count("changed"), more=how)
        self.query_one("#bulk-warnings", Static).update(
            "\n".join(safe_line(one, 400) for one in (self._warning, *seen.warnings) if one)
        )
        self._offer()

    def _offer(self) -> None:
        assert self._preview is not None
        count = self._preview.count("changed")
        answers = []
        if count:
            doing = (
                ngettext("Send {count} mail", "Send {count} mails", count)
                if self._is_reply
                else ngettext("Change {count} ticket", "Change {count} tickets", count)
            )
            answers.append(("y", doing.format(count=count)))
        if self._passable:
            answers.append(("d", _("Give a reason for what is held up")))
        self._answers(*answers, ("n", _("Leave it")))

    @property
    def _passable(self) -> bool:
        lines = self._preview.lines if self._preview is not None else ()
        return hasattr(self._change, "despite") and any(one.passable for one in lines)

    async def _ask_reason(self) -> None:
        assert self._preview is not None
        open_ones = [one.sentence for one in self._preview.lines if one.passable][:6]
        dialog = PromptDialog(
            _("Something is open. Why go on all the same?"),
            "",
            "\n".join(f"• {one}" for one in open_ones),
            None,
        )
        reason = await self.app.push_screen_wait(dialog)
        if reason and reason.strip():
            change: Any = self._change
            self._change = replace(change, despite=reason.strip())
            await self._look()

    # -- doing -------------------------------------------------------------------------------------------------------
    async def _do(self) -> None:
        assert self._preview is not None
        self._busy, self._stop, self._progress = True, False, ""
        self._say(_("At it …"))
        self._answers((_("Esc"), _("Stop after those in hand")))
        change = self._change
        if isinstance(change, ReplyToEach):  # what was found in the text has been read above
            change = replace(change, confirmed=("attachment_missing",))
        watch = self._watching(_("{done} of {of} done …"))
        try:
            result = await self._screen.ask(ChangeBulk(self._preview.targets, change, self._token, watch))
        except DeskError as error:
            self.in_doubt = True
            self._failed(error)
            return
        finally:
            self._busy = False
        so_already = tuple(one for one in self._preview.lines if one.effect == "unchanged")
        self._result = replace(result, lines=(*result.lines, *so_already))
        if not (result.count("refused") or result.left):
            self.dismiss(self._result)
            return
        self._show_lines(result.lines)
        self._say(result.sentence, warning=True)
        self.query_one("#bulk-warnings", Static).update(_("What was left alone stays marked."))
        self._answers((_("Esc"), _("Back to the list")))

    def _watching(self, words: str) -> Watch:
        """Called by the thread that works: it waits for nobody, and stops when the dialog is gone."""

        def watch(done: int, of: int) -> bool:
            self._progress = words.format(done=done, of=of)
            return not self._stop

        return watch

    def _show_progress(self) -> None:
        if self._busy and self._progress and not self._stop:
            self._say(self._progress)

    def on_unmount(self) -> None:
        self._stop = True

    def _failed(self, error: DeskError) -> None:
        self._say(str(error), warning=True)
        self._answers((_("Esc"), _("Back")))

    # -- what is shown -----------------------------------------------------------------------------------------------
    def _show_lines(self, lines: Sequence[BulkLine]) -> None:
        self._by_number = {one.number: one for one in lines}
        table = self.query_one(VirtualTable)
        self._lay_out(len(lines))
        table.show_source(Lines(lines, self._hidden))

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        message.stop()
        one = self._by_number.get(message.key) if isinstance(message.key, int) else None
        box = self.query_one("#bulk-text", VerticalScroll)
        box.display = one is not None and (self._has_texts or one.effect == "refused")
        if one is not None:
            box.scroll_home(animate=False)
            self.query_one("#bulk-read", Static).update(read_of(one))

    def _say(self, sentence: str, warning: bool = False, more: str = "") -> None:
        if self.is_mounted:
            style = "$text-warning bold" if warning else "bold"
            told = line((safe_line(sentence, 600), style), (more, "$muted"))
            self.query_one("#bulk-told", Static).update(told)

    def _answers(self, *answers: tuple[str, str]) -> None:
        parts = [part for key, what in answers for part in ((key, "$text-accent bold"), f" {what}    ")]
        self.query_one("#bulk-answers", Static).update(Content.assemble(*parts))

    # -- keys --------------------------------------------------------------------------------------------------------
    def on_key(self, event: events.Key) -> None:
        event.stop()
        event.prevent_default()
        table = self.query_one(VirtualTable)
        key = event.character if event.character in ("[", "]") else event.key
        if key in _MOVES:
            table.action_move(_MOVES[key])
        elif key in _PAGES:
            self._page(key)
        elif key in ("n", "q", "escape"):
            self._leave()
        elif key == "y" and not self._busy and self._result is None and self._preview is not None:
            if self._preview.count("changed"):
                self._work(self._do)
        elif key == "d" and not self._busy and self._result is None and self._passable:
            self._work(self._ask_reason)

    def _page(self, key: str) -> None:
        """Page Down and Page Up read on in the text where there is more of it than is seen; else they page the list."""
        box = self.query_one("#bulk-text", VerticalScroll)
        if key.startswith("page") and box.display and box.max_scroll_y > 0:
            rows = max(1, box.size.height - 1)
            box.scroll_relative(y=rows if key == "pagedown" else -rows, animate=False)
        else:
            self.query_one(VirtualTable).action_page(_PAGES[key])

    def _leave(self) -> None:
        if not self._busy:
            self.dismiss(self._result)
        elif self._preview is None:
            self._stop = True
            self._say(_("Stopping …"))
        else:
            self._stop = True
            self._say(_("Stopping after those in hand …"))

    def action_dismiss_empty(self) -> None:
        """Esc: what is under way is stopped first."""
        self._leave()
