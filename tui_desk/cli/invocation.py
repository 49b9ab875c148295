"""One run of the command line: which desk, acting as whom, and how the answer is printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tui_desk.cli.output import print_json, say, tell
from tui_desk.contracts.gateway import Request
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from tui_desk.db.engine import Database
    from tui_desk.gateway import DeskGateway
    from tui_desk.services.actor import Actor
    from tui_desk.settings import Settings

T = TypeVar("T")


@dataclass
class Invocation:
    """Filled by the common options; opens the desk when something is asked of it."""

    database: str = ""
    login: str = ""
    as_json: bool = False
    _gateway: DeskGateway | None = field(default=None, repr=False)

    @property
    def settings(self) -> Settings:
        """The settings of this run. Raises ConfigurationError."""
        from tui_desk.settings import load_settings

        return load_settings(self.database or None, self.login or None)

    @property
    def gateway(self) -> DeskGateway:
        """The desk, made or upgraded where needed. Raises DeskError."""
        if self._gateway is None:
            from tui_desk.bootstrap import open_gateway

            self._gateway, made = open_gateway(self.settings)
            if made:
                tell(_("A new desk was made: {url}").format(url=self._gateway.url))
        return self._gateway

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.gateway.actor

    def open_database(self) -> Database:
        """The database proper, for what is no request: workers, backups, checks."""
        return self.gateway.database()

    def require_desk(self) -> None:
        """Raises NotFound rather than making a new desk in order to look at it or to copy it."""
        from tui_desk.db.url import parse_database_url

        url = parse_database_url(self.settings.database.value)
        if url.path is not None and not url.path.exists():
            raise NotFound(_("There is no database {url}.").format(url=url))

    def ask(self, request: Request[T]) -> T:
        """Carry out ``request``. Raises DeskError."""
        return self.gateway.ask_now(request)

    def answer(self, document: Any, text: Callable[[], str]) -> None:
        """Print ``document`` with ``--json``, else what ``text`` makes of it."""
        if self.as_json:
            print_json(document)
        else:
            say(text())

    def close(self) -> None:
        """Let go of the desk."""
        if self._gateway is not None:
            self._gateway.close()
