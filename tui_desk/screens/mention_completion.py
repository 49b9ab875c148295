"""Names after ``@`` in a note: who may be meant is shown below the text while one types, Tab finishes the name."""

from __future__ import annotations

import asyncio

from textual.content import Content
from textual.widgets import Static, TextArea

from tui_desk.actions.registry import key_label
from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.mentions import begun, fitting, handle, mentioned, named_nobody
from tui_desk.screens.address_completion import AddressCompletion
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.text_field import TextField


class MentionCompletion(AddressCompletion):
    """A screen with a text ``TextArea`` and a line ``#mentions`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._handles: dict[str, str] | None = None
        """Names by what is written for them; None until somebody types an ``@``."""
        self._reading_handles = asyncio.Lock()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        typed = self._begun()
        if typed is not None and self._handles is None:
            self.run_guarded(_("Names"), self._offer_names)
        self._show_fitting(typed)

    def _begun(self) -> str | None:
        """What stands between ``@`` and the cursor, in a note."""
        if self.kind is not DraftKind.NOTE:
            return None
        area = self.query_one(TextArea)
        row, column = area.cursor_location
        return begun(area.document.get_line(row)[:column])

    async def _known_handles(self) -> dict[str, str]:
        """Read once, however many wait for it."""
        async with self._reading_handles:
            if self._handles is None:
                agents, teams = await self.ask(ListAgents()), await self.ask(ListTeams())
                self._handles = {handle(team.name): team.name for team in teams} | {
                    handle(agent.login): agent.name or agent.login for agent in agents
                }
            return self._handles

    async def _offer_names(self) -> None:
        await self._known_handles()
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
        """Finish the first name that fits, once the names are known. From a field Tab goes to the next one, but never out of the text."""
        area = self.query_one(TextField)
        if not area.has_focus:
            if not await self.complete_address():
                self.focus_next()
            return
        known = await self._known_handles() if self._begun() is not None else {}
        typed = self._begun()
        found = fitting(typed, known) if typed is not None else ()
        if not found:
            self._nothing_to_complete()
            return
        row, column = area.cursor_location
        area.put_word(found[0], (row, column - len(typed or "")))

    def _nothing_to_complete(self) -> None:
        recipients = self.host.actions.find(self.scopes, "recipients")
        keys = self.host.actions.keys_of(recipients) if recipients is not None else ()
        elsewhere = ""
        if recipients is not None and keys and not recipients.obstacle(self.facts()):
            elsewhere = _("{key} goes to the recipients.").format(key=key_label(keys[0]))
        self.refuse(_("Nothing is begun here that could be completed."), elsewhere)

    async def named_nobody(self, text: str) -> dict[str, str]:
        """What is written after ``@`` in a note and is nobody's name, with the name that may be meant (or nothing)."""
        return named_nobody(text, await self._known_handles()) if mentioned(text) else {}
