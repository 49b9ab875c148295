"""What the forms of mail servers share: usual ports, and the question before a password goes out in clear."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tui_desk.core.enums import Security
from tui_desk.core.i18n import _
from tui_desk.screens import desk_words
from tui_desk.screens.check_dialog import Attempt, CheckDialog
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.mailbox_fields import insecure_servers
from tui_desk.widgets.choice_field import Option


def security_options() -> tuple[Option, ...]:
    """The ways to protect a connection."""
    return tuple(Option(value.value, desk_words.security(value)) for value in Security)


class ServerForm(FormScreen):
    """A form with servers. ``ports``: the usual port by protection, for each kind of server (``imap``, ``smtp``)."""

    ports: ClassVar[Mapping[str, Mapping[Security, int]]]

    def __init__(self) -> None:
        super().__init__()
        self.insecure_ok = False
        """Whether the person has agreed that the password goes out without encryption."""

    def field_changed(self, field_id: str, value: str) -> None:
        """Another protection has another usual port; one that was typed stays."""
        for kind, ports in self.ports.items():
            usual = {str(port) for port in ports.values()}
            if field_id == f"{kind}_security" and self.value(f"{kind}_port").strip() in {*usual, ""}:
                self.fill({f"{kind}_port": str(ports[Security(value)])})

    async def confirm_insecure(self) -> bool:
        """Whether the servers may be spoken to as they are set; asks once where a password would go out in clear."""
        servers = insecure_servers(self.values())
        if not servers or self.insecure_ok:
            return True
        self.insecure_ok = await self.confirm(
            _("Send the password to {hosts} without encryption?").format(hosts=", ".join(servers)),
            _("Everybody on the way can read the password and all mail. TLS or STARTTLS prevents that."),
            _("Without encryption"),
        )
        return self.insecure_ok

    async def try_servers(self, what: str, attempt: Attempt, works: str) -> None:
        """Try them before anything is saved, and say how it went."""
        passed = await self.app.push_screen_wait(CheckDialog(what, attempt))
        if passed is None:
            self.say(_("The test was stopped; nothing was changed."))
        elif passed:
            self.say(works, level="done")
