"""Puts settings, database, acting agent and worker together. Knows no screen."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING

from tui_desk.core.errors import NotFound, Unavailable
from tui_desk.core.i18n import _
from tui_desk.core.values import dataclass
from tui_desk.db.fast import open_reader, schema_revision
from tui_desk.db.revision import HEAD
from tui_desk.db.url import DatabaseUrl, parse_database_url
from tui_desk.gateway import DeskGateway
from tui_desk.process_zone import go_by_zone
from tui_desk.services.actor import Actor
from tui_desk.services.desk_status import acting_agent
from tui_desk.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui_desk.db.engine import Database


@dataclass(frozen=True)
class OpenDesk:
    """A database that is current, and who acts on it. ``made`` is True when there was none before."""

    database: Database
    actor: Actor
    made: bool = False


def open_gateway(
    settings: Settings, takes_time: Callable[[], None] | None = None
) -> tuple[DeskGateway, bool]:
    """The desk for the interface, and whether it was made just now.

    A desk that is current and knows the agent is opened by the plain driver alone; otherwise it is made or upgraded first, behind
    ``takes_time``: how far it is, is told on stderr. Raises DeskError.
    """
    url = database_url(settings)
    actor = _known_actor(url, settings.agent.value)
    made = False
    if actor is None:
        if takes_time is not None:
            takes_time()
        desk = open_desk(settings)
        actor, made = desk.actor, desk.made
        desk.database.close()
    return DeskGateway(url, actor), made


def open_desk(settings: Settings) -> OpenDesk:
    """The desk for the command line and workers: makes or upgrades the database, finds or (first run) makes the agent.

    Raises DeskError.
    """
    from tui_desk.db.engine import open_database
    from tui_desk.db.schema import ensure_schema, found_revision
    from tui_desk.services.agents import ensure_first_agent
    from tui_desk.upgrading import upgrade_told

    database = open_database(database_url(settings))
    found = found_revision(database)
    made = found is None
    if made or found == HEAD:
        ensure_schema(database)
    else:
        with upgrade_told() as step_begins:
            ensure_schema(database, step_begins)
    known = _known_actor(database.url, settings.agent.value)
    if known is not None:
        return OpenDesk(database, known, made)
    with database.writing() as session:
        actor = ensure_first_agent(session, settings.agent.value, _real_name(settings.agent.value))
    return OpenDesk(database, _with_session(actor), made)


def database_url(settings: Settings) -> DatabaseUrl:
    """Which database the settings name. The folder of the default one is made with it; one that was named must be there.

    Raises NotFound for a path in a folder that does not exist (most often a slip of the fingers), ConfigurationError.
    """
    value = settings.database
    url = parse_database_url(value.value)
    if url.path is not None and value.source != "default" and not url.path.parent.is_dir():
        raise NotFound(
            _("There is no folder {folder} for the database {url}.").format(folder=url.path.parent, url=url),
            _("Nothing was made. Correct the path ({source} names it), or make the folder first.").format(
                source="--db" if value.source == "flag" else value.source
            ),
        )
    return url


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
        go_by_zone(reader)
        actor = acting_agent(reader, getpass.getuser(), login)
    finally:
        reader.close()
    return None if actor is None else _with_session(actor)


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
