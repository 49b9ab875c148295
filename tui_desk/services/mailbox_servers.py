"""From stored settings to a server and a login: what opening a mailbox or sending through it needs."""

from __future__ import annotations

from sqlmodel import Session, select

from tui_desk.contracts.oauth import FALLBACK
from tui_desk.db.engine import Database
from tui_desk.mail.connection import Credentials, Security, ServerAddress
from tui_desk.models import Mailbox
from tui_desk.services.context import known
from tui_desk.services.credentials import password_for
from tui_desk.services.oauth_state import read_sign_in
from tui_desk.services.oauth_tokens import token_source
from tui_desk.services.send_routes import Route
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting


def imap_of(database: Database, mailbox: Mailbox) -> tuple[ServerAddress, Credentials]:
    """Where the mailbox is read. Raises ConfigurationError, Refused, Unavailable (password)."""
    server = ServerAddress(
        mailbox.imap_host, mailbox.imap_port, Security(mailbox.imap_security), mailbox.insecure_ok
    )
    with database.reading() as session:
        signs_in = read_sign_in(session, known(mailbox.id)) is not None
    return server, _login(database, mailbox, mailbox.imap_user or mailbox.address, signs_in=signs_in)


def smtp_of(database: Database, session: Session, route: Route) -> tuple[ServerAddress, Credentials | None]:
    """Where mail leaves by ``route``; no credentials where the server wants none."""
    if route.mailbox_id is not None:
        mailbox = session.exec(select(Mailbox).where(Mailbox.id == route.mailbox_id)).one()
        server = ServerAddress(
            mailbox.smtp_host, mailbox.smtp_port, Security(mailbox.smtp_security), mailbox.insecure_ok
        )
        user = mailbox.smtp_user
        signs_in = read_sign_in(session, route.mailbox_id) is not None
        return server, _login(database, mailbox, user, signs_in=signs_in) if user else None
    value = read_setting(session, FALLBACK_SENDER)
    server = ServerAddress(
        str(value["smtp_host"]),
        int(value["smtp_port"]),
        Security(str(value["smtp_security"])),
        bool(value.get("insecure_ok")),
    )
    user = str(value.get("smtp_user") or "")
    if user and read_sign_in(session, FALLBACK) is not None:
        return server, Credentials(user, "", source=token_source(database, FALLBACK))
    secret, command = str(value.get("password_secret") or ""), str(value.get("password_command") or "")
    return server, Credentials(user, password_for(database.url, secret, command)) if user else None


def _login(database: Database, mailbox: Mailbox, user: str, *, signs_in: bool) -> Credentials:
    """Password, or a source of tokens that asks the provider when a login needs one."""
    if signs_in:
        return Credentials(user, "", source=token_source(database, known(mailbox.id)))
    return Credentials(user, password_for(database.url, mailbox.password_secret, mailbox.password_command))
