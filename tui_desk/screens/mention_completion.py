"""Names after ``@`` in a note: who may be meant is shown below the text while one types, Tab finishes the name."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static, TextArea

from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.mentions import begun, fitting, handle
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.draft_keeping import DraftScreen


class MentionCompletion(DraftScreen):
    """A screen with a text ``TextArea`` and a line ``#mentions`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._handles: dict[str, str] | None = None
        """Names by what is written for them; None until somebody types an ``@``."""

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        typed = self._begun()
        if typed is not None and self._handles is None:
            self._handles = {}
            self.run_guarded(_("Names"), self._read_handles())
        self._show_fitting(typed)

    def _begun(self) -> str | None:
        """What stands between ``@`` and the cursor, in a note."""
        if self.kind is not DraftKind.NOTE:
            return None
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        return begun(area.document.get_line(row)[:column])

    async def _read_handles(self) -> None:
        agents, teams = await self.ask(ListAgents()), await self.ask(ListTeams())
        self._handles = {handle(team.name): team.name for team in teams} | {
            handle(agent.login): agent.name or agent.login for agent in agents
        }
        self._show_fitting(self._begun())

    def _show_fitting(self, typed: str | None) -> None:
        shown = self.query_one("#mentions", Static)
        found = fitting(typed, self._handles) if typed is not None and self._handles else ()
        if not found:
            shown.update(Content(""))
            shown.display = False
            return
        parts: list[Part] = [(_("Tab: "), "$muted")]
        for one in found:
            name = (self._handles or {})[one]
            parts += [(f"@{one}", "$text-accent"), (f" {safe_line(name, 30)}   ", "$muted")]
        shown.update(line(*parts))
        shown.display = True

    async def do_complete(self, argument: str) -> None:
        """Finish the first name that fits; where none is begun, Tab goes to the next field."""
        typed = self._begun()
        found = fitting(typed, self._handles) if typed is not None and self._handles else ()
        area = self.query_one(TextArea)
        if not found or not area.has_focus:
            self.focus_next()
            return
        row, column = area.cursor_location
        area.replace(f"{found[0]} ", (row, column - len(typed or "")), (row, column))
