"""One suspended mail: its cause above, its source below, harmless to look at; the same deeds as in the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.inventory import PAGER, SUSPENDED_MAIL
from tui_desk.contracts.desk import ShowSuspended, SuspendedRow
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words, words
from tui_desk.screens.details import blocks, heading, sentence
from tui_desk.screens.pager import PagerScreen
from tui_desk.screens.suspended import SuspendedActions
from tui_desk.widgets.text_pager import TextPager


class SuspendedMailScreen(SuspendedActions, PagerScreen):
    """Reads one held mail; ``when_settled`` is told the sentence and the ticket once it is held no more."""

    scopes = (SUSPENDED_MAIL, PAGER, GLOBAL)
    CSS_PATH = "styles/pager.tcss"

    def __init__(self, row: SuspendedRow, when_settled: Callable[[str, int | None], None]) -> None:
        super().__init__()
        self.row = row
        self._when_settled = when_settled
        self.crumb = f"{_('Suspended mail')} › {row.subject or _('(no subject)')}"
        self._known = False

    def compose_body(self) -> Iterable[Widget]:
        cause = desk_words.cause(self.row.cause)
        after = "  ·  ".join(
            part
            for part in (
                self.row.sender,
                words.moment(self.row.received_at, self.host.options.clock()),
                words.size(self.row.size),
            )
            if part
        )
        head = blocks(heading(cause.text, after), sentence(self.row.explanation))
        yield Static(head, id="pager-head", markup=False)
        yield TextPager(id="pager")

    def start(self) -> None:
        self.query_one(TextPager).focus()

    def facts(self) -> frozenset[str]:
        return super().facts() | {"selected"}

    async def load(self) -> None:
        if not self._known:
            shown = await self.ask(ShowSuspended(self.row.id))
            self._known = True
            self.query_one(TextPager).set_text(shown.raw or _("(the source is empty)"))

    def held(self) -> SuspendedRow:
        return self.row

    def settled(self, sentence: str, ticket: int | None = None) -> None:
        self.app.pop_screen()
        self._when_settled(sentence, ticket)
