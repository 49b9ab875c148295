"""Mailboxes: listed, suggested, saved whole or not at all, paused and removed. A running worker follows their version."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col, select

from tui_desk.contracts.mailboxes import (
    CompanyAddress,
    ListMailboxes,
    MailboxSettings,
    MailboxView,
    SaveMailbox,
    SetMailboxState,
    ShowMailbox,
    SuggestMailbox,
)
from tui_desk.core.enums import Authentication, MailboxState
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.engine import Database
from tui_desk.db.secrets import encrypt
from tui_desk.mail.providers import suggest as suggest_servers
from tui_desk.models import Agent, Mailbox, MailboxAddress
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.assignees import team_named
from tui_desk.services.context import known, now, require
from tui_desk.services.events import record
from tui_desk.services.mailbox_form import SECRET_FIELDS, clean_settings
from tui_desk.services.mailbox_view import view_of
from tui_desk.services.oauth_state import (
    SignIn,
    drop_sign_in,
    forget_tokens,
    provider_for,
    read_sign_in,
    write_sign_in,
)
from tui_desk.services.send_pace import limit_of, set_limit
from tui_desk.services.send_queue import try_now
from tui_desk.services.send_trouble import forget_trouble, way_of
from tui_desk.services.sent_copies import set_wish, wish_of
from tui_desk.services.settings_store import FALLBACK_SENDER, read_setting

_PLAIN = (
    "address",
    "name",
    "imap_host",
    "imap_port",
    "imap_user",
    "smtp_host",
    "smtp_port",
    "smtp_user",
    "password_command",
    "folder",
    "after_import",
    "start",
    "poll_seconds",
    "insecure_ok",
    "acknowledge",
    "acknowledgement",
    "signature",
    "plus_addressing",
    "authserv_id",
)
_PLACE = ("imap_host", "imap_user", "folder", "start")
"""When one of these changes, "what was there before us" has to be found out again."""
_SENDING = (
    "smtp_host",
    "smtp_port",
    "smtp_security",
    "smtp_user",
    "password_secret",
    "password_command",
    "insecure_ok",
)
"""When one of these changes, what was put off is tried again at once. A sign-in changes the password, too."""


def list_mailboxes(session: Session, actor: Actor, request: ListMailboxes) -> tuple[MailboxView, ...]:
    """Mailboxes by address. Only an admin sees the password command."""
    require(actor, Permission.VIEW)
    statement = select(Mailbox).order_by(col(Mailbox.address), col(Mailbox.id))
    if not request.include_removed:
        statement = statement.where(Mailbox.state != MailboxState.REMOVED.value)
    return tuple(view_of(session, actor, mailbox) for mailbox in session.exec(statement).all())


def show_mailbox(session: Session, actor: Actor, request: ShowMailbox) -> MailboxView:
    """By id or by one of its addresses; one in use before one that was removed. Raises NotFound."""
    require(actor, Permission.VIEW)
    return view_of(session, actor, mailbox_named(session, request.name))


def mailbox_named(session: Session, name: str) -> Mailbox:
    """Raises NotFound."""
    text = name.strip()
    if text.isdecimal() and len(text) < 10:
        mailbox = session.get(Mailbox, int(text))
        if mailbox is not None:
            return mailbox
    key = address_key(text)
    found = [row for row in session.exec(select(Mailbox)).all() if address_key(row.address) == key]
    if not found:
        ids = {
            row.mailbox_id for row in session.exec(select(MailboxAddress)) if address_key(row.address) == key
        }
        found = list(session.exec(select(Mailbox).where(col(Mailbox.id).in_(ids))).all())
    if not found:
        raise NotFound(
            _("There is no mailbox {name}.").format(name=visible_address(text)),
            _("tui-desk mailbox list shows those there are."),
        )
    return min(found, key=lambda row: (row.state == MailboxState.REMOVED.value, -known(row.id)))


def suggest(_database: Database, actor: Actor, request: SuggestMailbox) -> MailboxSettings:
    """Settings pre-filled from the provider of an address. Nothing is asked of any network. Raises UsageError."""
    require(actor, Permission.ADMINISTER)
    found = suggest_servers(request.address)
    return MailboxSettings(
        address=request.address.strip(),
        imap_host=found.imap.host,
        imap_port=found.imap.port,
        imap_security=found.imap.security,
        imap_user=found.user,
        smtp_host=found.smtp.host,
        smtp_port=found.smtp.port,
        smtp_security=found.smtp.security,
        smtp_user=found.user,
        notes=found.notes,
        guess=not found.known,
    )


def save_mailbox(database: Database, actor: Actor, request: SaveMailbox) -> MailboxView:
    """Add or change a mailbox, after everything was checked.

    Raises ConfigurationError (what is wrong), NotFound (mailbox, team), Refused (rights, address in use).
    """
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        stored = session.get(Mailbox, request.id) if request.id is not None else None
        has_password = bool(stored and stored.password_secret)
    settings = clean_settings(request.settings, has_password=has_password)
    secret = encrypt(database.url, settings.password) if settings.password else None
    with database.writing() as session:
        session.info["database"] = database
        mailbox = _row(session, request, settings)
        _refuse_taken(session, settings, mailbox.id)
        values = _values(session, settings)
        if secret is not None:
            values["password_secret"] = secret
        elif settings.password_command or settings.password == "":
            values["password_secret"] = ""
        if settings.auth is Authentication.OAUTH2:
            values["password_secret"] = ""
        sent_by = [getattr(mailbox, name) for name in _SENDING]
        _store(session, actor, mailbox, values, settings)
        _store_authentication(session, actor, mailbox, settings)
        _store_sending(session, actor, known(mailbox.id), settings)
        if sent_by != [getattr(mailbox, name) for name in _SENDING]:
            try_now(session, known(mailbox.id), now(session))
        return view_of(session, actor, mailbox)


def _store_authentication(
    session: Session, actor: Actor, mailbox: Mailbox, settings: MailboxSettings
) -> None:
    """By which way the desk logs in. Going back to a password forgets the sign-in with its tokens."""
    mailbox_id = known(mailbox.id)
    before = read_sign_in(session, mailbox_id)
    if (settings.auth is Authentication.OAUTH2) == (before is not None):
        return
    if before is None:
        write_sign_in(session, mailbox_id, SignIn(provider_for(mailbox.imap_host)))
    else:
        drop_sign_in(session, mailbox_id)
    record(
        session,
        actor,
        f"mailbox:{mailbox_id}",
        "changed",
        now(session),
        field="auth",
        before=None if before is None else Authentication.OAUTH2.value,
        after=settings.auth.value,
    )


def _store_sending(session: Session, actor: Actor, mailbox_id: int, settings: MailboxSettings) -> None:
    """How fast mail leaves and whether copies are made, which stand in settings of the desk."""
    way = way_of(mailbox_id)
    before = {
        "send_per_minute": limit_of(session, way),
        "sent_copies": wish_of(session, mailbox_id),
    }
    after = {"send_per_minute": settings.send_per_minute, "sent_copies": settings.sent_copies.value}
    if before["send_per_minute"] != after["send_per_minute"]:
        set_limit(session, way, settings.send_per_minute)
    if before["sent_copies"] != after["sent_copies"]:
        set_wish(session, mailbox_id, settings.sent_copies.value)
    for name, value in after.items():
        if before[name] != value:
            record(
                session,
                actor,
                f"mailbox:{mailbox_id}",
                "changed",
                now(session),
                field=name,
                before=before[name],
                after=value,
            )
    forget_trouble(session, mailbox_id, now(session))


def _row(session: Session, request: SaveMailbox, settings: MailboxSettings) -> Mailbox:
    """The row to change. An account that was removed and is added again comes back with what it remembers having read."""
    if request.id is not None:
        mailbox = session.exec(select(Mailbox).where(Mailbox.id == request.id).with_for_update()).first()
        if mailbox is None:
            raise NotFound(_("There is no mailbox {name}.").format(name=request.id))
        return mailbox
    for row in session.exec(
        select(Mailbox).where(Mailbox.state == MailboxState.REMOVED.value).order_by(col(Mailbox.id).desc())
    ).all():
        same_place = (row.imap_host, row.imap_user, row.folder) == (
            settings.imap_host,
            settings.imap_user,
            settings.folder,
        )
        if same_place and address_key(row.address) == address_key(settings.address):
            return row
    return Mailbox(address="", created_at=now(session))


def _values(session: Session, settings: MailboxSettings) -> dict[str, Any]:
    """The columns to set. Raises NotFound for a team."""
    values: dict[str, Any] = {name: getattr(settings, name) for name in _PLAIN}
    values["imap_security"] = settings.imap_security.value
    values["smtp_security"] = settings.smtp_security.value
    values["team_id"] = team_named(session, settings.team).id if settings.team.strip() else None
    return values


def _refuse_taken(session: Session, settings: MailboxSettings, own_id: int | None) -> None:
    """Every address belongs to one mailbox, and is no agent's own."""
    wanted = {address_key(settings.address), *(address_key(one.address) for one in settings.addresses)}
    in_use = {
        known(row.id): row.address
        for row in session.exec(select(Mailbox).where(Mailbox.state != MailboxState.REMOVED.value))
        if row.id != own_id
    }
    taken = [(address, address) for address in in_use.values()]
    extras = session.exec(select(MailboxAddress).where(col(MailboxAddress.mailbox_id).in_(in_use)))
    taken += [(extra.address, in_use[extra.mailbox_id]) for extra in extras]
    for address, owner in taken:
        if address_key(address) in wanted:
            raise Refused(
                _("The address {address} belongs to the mailbox {mailbox} already.").format(
                    address=visible_address(address), mailbox=visible_address(owner)
                )
            )
    for email, login in session.exec(
        select(Agent.email, Agent.login).where(col(Agent.active), Agent.email != "")
    ):
        if address_key(email) in wanted:
            raise Refused(
                _(
                    "{address} is the address of the agent {login}, who would then write to the desk itself."
                ).format(address=visible_address(email), login=safe_line(login)),
                _("Give the agent another address first."),
            )
    fallback = read_setting(session, FALLBACK_SENDER)
    if isinstance(fallback, dict) and address_key(str(fallback.get("address", ""))) in wanted:
        raise Refused(
            _("{address} is the fallback sender's address, which receives nothing.").format(
                address=visible_address(str(fallback["address"]))
            )
        )


def _store(
    session: Session, actor: Actor, mailbox: Mailbox, values: dict[str, Any], settings: MailboxSettings
) -> None:
    created = mailbox.id is None
    before = {name: getattr(mailbox, name) for name in values}
    revived = mailbox.state == MailboxState.REMOVED.value
    if created or any(before[name] != values[name] for name in _PLACE):
        mailbox.start_uidvalidity = mailbox.start_uid = None
    for name, value in values.items():
        setattr(mailbox, name, value)
    if revived:
        mailbox.state = MailboxState.ACTIVE.value
    mailbox.version = 1 if created else mailbox.version + 1
    mailbox.failures, mailbox.last_problem, mailbox.last_problem_at = 0, "", None
    session.add(mailbox)
    session.flush()
    at = now(session)
    stream = f"mailbox:{mailbox.id}"
    if created or revived:
        record(session, actor, stream, "created", at, after={"address": mailbox.address})
    else:
        for name, value in values.items():
            if before[name] != value:
                secret = name in SECRET_FIELDS
                record(
                    session,
                    actor,
                    stream,
                    "changed",
                    at,
                    field="password" if name == "password_secret" else name,
                    before=None if secret else before[name],
                    after=None if secret else value,
                )
    _store_addresses(session, actor, mailbox, settings, at)


def _store_addresses(
    session: Session, actor: Actor, mailbox: Mailbox, settings: MailboxSettings, at: datetime
) -> None:
    rows = session.exec(select(MailboxAddress).where(MailboxAddress.mailbox_id == mailbox.id)).all()
    before = sorted(row.address for row in rows)
    session.execute(delete(MailboxAddress).where(col(MailboxAddress.mailbox_id) == mailbox.id))
    for one in settings.addresses:
        team = team_named(session, one.team) if one.team else None
        session.add(
            MailboxAddress(
                mailbox_id=known(mailbox.id),
                address=one.address,
                name=one.name,
                team_id=team.id if team else None,
            )
        )
    session.flush()
    after = sorted(one.address for one in settings.addresses)
    if before != after:
        record(
            session,
            actor,
            f"mailbox:{mailbox.id}",
            "changed",
            at,
            field="addresses",
            before=before,
            after=after,
        )


def set_state(session: Session, actor: Actor, request: SetMailboxState) -> MailboxView:
    """Pause, resume or remove. Tickets and mail stay. Raises NotFound, Refused (a removed address that is in use again)."""
    require(actor, Permission.ADMINISTER)
    mailbox = session.exec(select(Mailbox).where(Mailbox.id == request.id).with_for_update()).first()
    if mailbox is None:
        raise NotFound(_("There is no mailbox {name}.").format(name=request.id))
    before = mailbox.state
    if before == request.state.value:
        return view_of(session, actor, mailbox)
    if before == MailboxState.REMOVED.value:
        addresses = session.exec(select(MailboxAddress).where(MailboxAddress.mailbox_id == mailbox.id)).all()
        own = tuple(CompanyAddress(row.address) for row in addresses)
        _refuse_taken(session, MailboxSettings(mailbox.address, addresses=own), mailbox.id)
    mailbox.state = request.state.value
    if request.state is MailboxState.REMOVED:
        forget_tokens(session, request.id)
    mailbox.version += 1
    mailbox.failures, mailbox.last_problem, mailbox.last_problem_at = 0, "", None
    session.add(mailbox)
    session.flush()
    forget_trouble(session, request.id, now(session))
    record(
        session,
        actor,
        f"mailbox:{mailbox.id}",
        "changed",
        now(session),
        field="state",
        before=before,
        after=mailbox.state,
    )
    return view_of(session, actor, mailbox)
