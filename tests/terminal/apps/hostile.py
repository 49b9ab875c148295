"""Shows one payload in every kind of widget, without any sanitizing of its own: only the choke point is in between.

``python hostile.py START STOP``; any key shows the next payload. Running an action exits with status 66.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import (
    Button,
    Checkbox,
    DataTable,
    Input,
    Label,
    OptionList,
    RadioButton,
    Static,
    Tab,
    Tabs,
    TextArea,
    Tree,
)

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from tests.terminal.payloads import PAYLOADS
from tests.widgets.rows import COLUMNS, Numbers
from tui_desk.terminal.choke import install_choke_point
from tui_desk.widgets.conversation_layout import MessageItem
from tui_desk.widgets.conversation_view import ConversationView
from tui_desk.widgets.row_buffer import TableRow
from tui_desk.widgets.virtual_table import VirtualTable


class Hostile(App[None]):
    """One payload everywhere."""

    CSS = """
    #step { height: 1; }
    #all { height: 1fr; }
    #all > * { height: auto; }
    #all > .low { height: 4; }
    """
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, payloads: list[str]) -> None:
        super().__init__()
        self.payloads = payloads
        self.shown = 0

    def compose(self) -> ComposeResult:
        yield Static("step 0.", id="step", markup=False)
        yield VerticalScroll(id="all")

    async def on_mount(self) -> None:
        await self.show()

    async def on_key(self, event: events.Key) -> None:
        event.stop()
        self.shown += 1
        if self.shown >= len(self.payloads):
            self.exit()
            return
        await self.show()

    async def show(self) -> None:
        text = self.payloads[self.shown]
        box = self.query_one("#all", VerticalScroll)
        await box.remove_children()
        plain = Content(text)
        static = Static(plain)
        static.border_title = plain.plain.replace("[", "\\[")
        static.styles.border = ("round", "white")
        table: DataTable[Content] = DataTable()
        table.add_columns(plain, Content("b"))
        table.add_row(plain, plain, label=None)
        options = OptionList(plain, markup=False)
        tree: Tree[None] = Tree(Text(text))
        item = MessageItem(
            text, "note", text, text, (text,), (("body", text), ("quote", text)), (text,), (text,)
        )
        conversation = ConversationView()
        virtual = VirtualTable(
            COLUMNS, Numbers(3, lambda key: TableRow(key, (text, text, text, text), anchor=key))
        )
        for low in (table, options, tree, virtual, conversation):
            low.add_class("low")
        await box.mount(
            static, Label(plain), Input(text), Button(plain), Checkbox(plain), RadioButton(plain), Tabs(Tab(plain)),
            TextArea(text), table, options, tree, virtual, conversation,
        )  # fmt: skip
        conversation.show((item,))
        self.notify(text, title=text[:20], markup=False, timeout=60)
        self.call_after_refresh(self.query_one("#step", Static).update, f"step {self.shown}.")

    def action_hit(self) -> None:
        os._exit(66)


if __name__ == "__main__":
    install_choke_point()
    Hostile(PAYLOADS[int(sys.argv[1]) : int(sys.argv[2])]).run()
