"""Puts settings, database, acting agent and worker together. Knows no screen."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_desk.core.enums import Role
from tui_desk.core.errors import Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.fast import FastReader, open_reader, schema_revision
from tui_desk.db.revision import HEAD
from tui_desk.db.url import DatabaseUrl, parse_database_url
from tui_desk.gateway import DeskGateway
from tui_desk.services.actor import Actor
from tui_desk.services.desk_status import find_agent
from tui_desk.settings import Settings

if TYPE_CHECKING:
    from tui_desk.db.engine import Database


@dataclass(frozen=True)
class OpenDesk:
    """A database that is current, and who acts on it. ``made`` is True when there was none before."""

    database: Database
    actor: Actor
    made: bool = False


def open_gateway(settings: Settings) -> tuple[DeskGateway, bool]:
    """The desk for the interface, and whether it was made just now.

    A desk that is current and knows the agent is opened by the plain driver alone; otherwise it is made or upgraded first.
    Raises DeskError.
    """
    url = parse_database_url(settings.database.value)
    actor = _known_actor(url, settings.agent.value)
    made = False
    if actor is None:
        desk = open_desk(settings)
        actor, made = desk.actor, desk.made
        desk.database.close()
    return DeskGateway(url, actor), made


def open_desk(settings: Settings) -> OpenDesk:
    """The desk for the command line and workers: makes or upgrades the database, finds or (first run) makes the agent.

    Raises DeskError.
    """
    from tui_desk.db.engine import open_database
    from tui_desk.db.schema import ensure_schema
    from tui_desk.services.agents import ensure_first_agent

    database = open_database(parse_database_url(settings.database.value))
    made = ensure_schema(database)
    known = _known_actor(database.url, settings.agent.value)
    if known is not None:
        return OpenDesk(database, known, made)
    with database.writing() as session:
        actor = ensure_first_agent(session, settings.agent.value, _real_name(settings.agent.value))
    return OpenDesk(database, _with_session(actor), made)


def _known_actor(url: DatabaseUrl, login: str) -> Actor | None:
    """The acting agent of a current desk by the plain driver, or None when something has to be made first."""
    if url.path is not None and not url.path.exists():
        return None
    try:
        reader = open_reader(url)
    except Unavailable:
        return None  # the full way says what is wrong, or makes it
    try:
        if schema_revision(reader) != HEAD:
            return None
        found = find_agent(reader, login)
        _refuse_borrowed_name(reader, login)
    finally:
        reader.close()
    return None if found is None else Actor(*found, session=_session())


def _refuse_borrowed_name(reader: FastReader, login: str) -> None:
    """``--as LOGIN``: an agent of this desk acts as somebody else only as an admin.

    An operating-system account that is no agent may name any: that is how a service account with a forced command per SSH key
    says who is there (docs/administration.md).
    """
    own = getpass.getuser()
    found = find_agent(reader, own) if own != login else None
    if found is not None and found[3] is not Role.ADMIN:
        raise Refused(
            _("{own} may not act as {login}: only an admin may act as somebody else.").format(
                own=own, login=login
            ),
            _("Leave out --as and TUI_DESK_AGENT."),
        )


def _with_session(actor: Actor) -> Actor:
    return Actor(actor.agent_id, actor.login, actor.name, actor.role, _session())


def _session() -> str:
    return os.urandom(8).hex()


def _real_name(login: str) -> str:
    """The full name the operating system has for ``login``, else the login."""
    import pwd

    try:
        return pwd.getpwnam(login).pw_gecos.partition(",")[0].strip() or login
    except KeyError:
        return login
