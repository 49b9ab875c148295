"""One run of the command line: which desk, acting as whom, and how the answer is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from tui_desk.cli.output import print_json, say, tell
from tui_desk.cli.patience import told_when_slow
from tui_desk.contracts.gateway import Request
from tui_desk.core.errors import ConfigurationError, NotFound, UsageError
from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from tui_desk.db.engine import Database
    from tui_desk.gateway import DeskGateway
    from tui_desk.services.actor import Actor
    from tui_desk.settings import Settings

T = TypeVar("T")
_TALKS_TO_SERVERS = frozenset({"TestMailbox", "TestFallbackSender", "ReconcileMailbox", "FinishSignIn"})
"""By name, as ``services.registry`` has them: importing the classes would cost every command."""


@dataclass
class Invocation:
    """Filled by the common options; opens the desk when something is asked of it."""

    database: str = ""
    login: str = ""
    as_json: bool = False
    _gateway: DeskGateway | None = field(default=None, repr=False)
    _told_slow: bool = field(default=False, repr=False)

    @property
    def settings(self) -> Settings:
        """The settings of this run. Raises ConfigurationError, UsageError (``--db``)."""
        from tui_desk.db.url import parse_database_url
        from tui_desk.settings import load_settings

        if self.database:
            with wrong_usage():
                parse_database_url(self.database)
        return load_settings(self.database or None, self.login or None)

    @property
    def gateway(self) -> DeskGateway:
        """The desk, made or upgraded where needed. Raises DeskError."""
        if self._gateway is None:
            from tui_desk.bootstrap import open_gateway

            settings = self.settings
            for problem in settings.problems:
                tell(problem)
            self._gateway, made = open_gateway(settings)
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
        """Carry out ``request``; says on stderr when it takes long. Raises DeskError."""
        from tui_desk.services.dispatch import handler_of, load

        gateway, handler = self.gateway, handler_of(request)
        load(handler)  # on a busy machine the imports alone take a second, and nobody is to blame for that
        if handler.mode != "fast":
            gateway.database()
        with self.waiting(for_server=type(request).__name__ in _TALKS_TO_SERVERS):
            return gateway.ask_now(request)

    def save(self, request: Request[T]) -> T:
        """The same for values that the command line gave: what is wrong with them is wrong usage. Raises DeskError."""
        with wrong_usage():
            return self.ask(request)

    @contextmanager
    def not_slow(self) -> Iterator[None]:
        """A block that waits for a person: nobody is to be told that it takes long."""
        before, self._told_slow = self._told_slow, True
        try:
            yield
        finally:
            self._told_slow = before

    @contextmanager
    def waiting(self, *, for_server: bool = False) -> Iterator[None]:
        """Say once on stderr why nothing happens, where the block takes longer than a second."""
        if self._told_slow:
            yield
            return
        sentence = (
            _("Still at it: the mail server has not answered yet.")
            if for_server
            else _("Still at it: somebody else is writing to the desk, or it is far away.")
        )
        with told_when_slow(sentence) as told:
            yield
        self._told_slow = told.is_set()

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


@contextmanager
def wrong_usage() -> Iterator[None]:
    """A setting that is wrong was given on the command line: raises UsageError in place of ConfigurationError."""
    try:
        yield
    except ConfigurationError as error:
        raise UsageError(error.sentence, error.hint) from error
