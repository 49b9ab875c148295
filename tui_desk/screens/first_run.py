"""The first thing a new desk shows: what was made, and the one key that leads on."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import FIRST_RUN
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.status import WhoAmI
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import desk_words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.chrome import line
from tui_desk.screens.details import Fact, labelled


class FirstRunScreen(BaseScreen):
    """Welcome."""

    scopes = (FIRST_RUN, GLOBAL)
    CSS_PATH = "styles/first_run.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("Welcome")

    def compose_body(self) -> Iterable[Widget]:
        yield VerticalScroll(Static("", id="welcome", markup=False), id="welcome-box", can_focus=False)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < 22, "-low")

    async def load(self) -> None:
        agent = await self.ask(WhoAmI())
        where = str(getattr(self.host.gateway, "url", ""))  # without a password
        facts = (
            Fact(_("Database"), safe_line(where, 400)),
            Fact(_("You"), f"{agent.name} ({agent.login})" if agent.name != agent.login else agent.login),
            Fact(_("Role"), f"{desk_words.role(agent.role)}: {desk_words.role_explained(agent.role)}"),
        )
        self.query_one("#welcome", Static).update(
            Content("\n").join(
                [
                    line((_("Welcome to tui-desk"), "bold $text-primary")),
                    Content(""),
                    Content(_("Mail becomes tickets, answers leave as mail, replies find their ticket.")),
                    Content(_("A new desk was made for you. Only you can read its files.")),
                    Content(""),
                    labelled(facts),
                    Content(""),
                    line(
                        ("Enter", "bold $text-accent"),
                        "  ",
                        _("Set up a mailbox: type its address, test it, done"),
                    ),
                    line(
                        ("N", "bold $text-accent"),
                        "      ",
                        _("Write down a first ticket by hand: a call, a visit"),
                    ),
                    line(
                        ("q", "bold $text-accent"),
                        "      ",
                        _("Go to the queue; g m comes back to the mailboxes"),
                    ),
                    line(
                        ("?", "bold $text-accent"), "      ", _("Every key, here and on every other screen")
                    ),
                ]
            )
        )

    def do_first_mailbox(self, argument: str) -> None:
        from tui_desk.screens.mailbox_form import MailboxFormScreen

        self.host.go_to("settings")
        self.app.push_screen(MailboxFormScreen())

    def do_first_ticket(self, argument: str) -> None:
        from tui_desk.screens.new_ticket import NewTicketScreen

        self.host.go_to("queue")
        self.app.push_screen(NewTicketScreen())
