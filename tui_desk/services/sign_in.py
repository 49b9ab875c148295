"""Signing in to a mailbox or the fallback sender by OAuth2: by device code or by pasted code. Nothing is stored before the provider has said yes."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from tui_desk.contracts.mailboxes import SignInView
from tui_desk.contracts.oauth import (
    FALLBACK,
    Account,
    DevicePrompt,
    DeviceSignIn,
    FinishSignIn,
    OAuthClient,
    StartedSignIn,
    StartSignIn,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db import secrets
from tui_desk.db.engine import Database
from tui_desk.mail import oauth
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth import TokenSet
from tui_desk.mail.oauth_refusals import SignInError
from tui_desk.models import Mailbox
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import now, require
from tui_desk.services.events import record
from tui_desk.services.fallback_sender import SIGNED_IN
from tui_desk.services.mailbox_view import sign_in_view
from tui_desk.services.oauth_state import (
    SignIn,
    client_of,
    provider_for,
    read_sign_in,
    with_tokens,
    write_sign_in,
)
from tui_desk.services.send_queue import try_now
from tui_desk.services.send_trouble import forget_trouble
from tui_desk.services.settings_store import FALLBACK_SENDER, locked_setting, read_setting

_LONGEST_PAUSE = 60.0


def device_sign_in(database: Database, actor: Actor, request: DeviceSignIn) -> SignInView:
    """See :class:`DeviceSignIn`. The clock of the wait is the monotonic one; ``until`` is for people."""
    require(actor, Permission.ADMINISTER)
    state = _prepared(database, request.id, request.client)
    client = client_of(database.url, state)
    device = oauth.start_device(client)
    until = utc_now() + timedelta(seconds=device.expires_in)
    if not request.watch.stop.is_set():
        request.watch.told(
            DevicePrompt(device.address, safe_line(device.user_code, 60), device.complete_address, until)
        )
    interval, wait = device.interval, device.interval
    end = time.monotonic() + device.expires_in
    while not request.watch.stop.wait(wait):
        if time.monotonic() > end:
            raise SignInError(
                Cause.LOGIN,
                "expired_token",
                _("The code was not used in time."),
                _("Begin again: a new code is shown."),
            )
        try:
            found = oauth.poll_device(client, device, interval)
        except MailServerError as error:
            if not _passes(error):
                raise
            wait = min(wait * 2, _LONGEST_PAUSE)  # RFC 8628, 3.5
            continue
        if isinstance(found, TokenSet):
            return _keep(database, actor, request.id, state, found)
        interval = wait = found.interval
    raise Refused(_("The sign-in was stopped."), _("Nothing was changed."))


def _passes(error: MailServerError) -> bool:
    return error.cause.is_network or (isinstance(error, SignInError) and error.cause is Cause.ANSWER)


def start_sign_in(database: Database, actor: Actor, request: StartSignIn) -> StartedSignIn:
    """See :class:`StartSignIn`. Raises NotFound, ConfigurationError."""
    require(actor, Permission.ADMINISTER)
    with database.reading() as session:
        _host, user = _told(session, request.id)
    state = _prepared(database, request.id, request.client)
    client = client_of(database.url, state)
    mark, verifier = oauth.new_secret(), oauth.new_secret()
    address = oauth.authorization_url(client, mark, verifier, user)
    return StartedSignIn(address, client.redirect_uri, request.client or OAuthClient(), mark, verifier)


def finish_sign_in(database: Database, actor: Actor, request: FinishSignIn) -> SignInView:
    """See :class:`FinishSignIn`."""
    require(actor, Permission.ADMINISTER)
    code = oauth.code_from(request.pasted, request.started.state)
    state = _prepared(database, request.id, request.started.client)
    try:
        tokens = oauth.exchange_code(client_of(database.url, state), code, request.started.verifier)
    except SignInError as error:
        if error.code != "invalid_grant":
            raise
        raise SignInError(
            error.cause,
            error.code,
            _("The code is not accepted: it is used up, too old, or was not pasted whole ({answer}).").format(
                answer=error.answer
            ),
            _("Begin again: each code works once and for a few minutes."),
            error.answer,
        ) from None
    return _keep(database, actor, request.id, state, tokens)


def _told(session: Session, account: Account) -> tuple[str, str]:
    """The server that says whose sign-in it is, and who signs in. Raises NotFound."""
    if account == FALLBACK:
        value = _fallback(read_setting(session, FALLBACK_SENDER))
        return str(value["smtp_host"]), str(value.get("smtp_user") or value["address"])
    mailbox = session.get(Mailbox, account)
    if mailbox is None:
        raise NotFound(_("There is no mailbox {name}.").format(name=account))
    return mailbox.imap_host, mailbox.imap_user


def _fallback(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not value.get("address"):
        raise NotFound(_("There is no fallback sender."), _("tui-desk settings fallback-sender sets one."))
    return value


def _prepared(database: Database, account: Account, given: OAuthClient | None) -> SignIn:
    """The stored application with what was given in its place. Nothing is written."""
    with database.reading() as session:
        host, _user = _told(session, account)
        stored = read_sign_in(session, account)
    state = stored or SignIn(provider_for(host))
    given = given or OAuthClient()
    if given.provider is not None and given.provider is not state.provider:
        # Another provider's addresses, secret and tokens are of no use with this one.
        state = SignIn(given.provider, client_id=state.client_id, generation=state.generation)
    if given.client_id and given.client_id.strip() != state.client_id:
        state = replace(state, client_secret="")
    names = ("client_id", "tenant", "auth_url", "token_url", "device_url", "scope", "redirect_uri")
    changes = {name: getattr(given, name).strip() for name in names if getattr(given, name).strip()}
    if given.client_secret is not None:
        secret = given.client_secret.strip()
        changes["client_secret"] = secrets.encrypt(database.url, secret) if secret else ""
    return replace(state, **changes)


def _keep(database: Database, actor: Actor, account: Account, state: SignIn, tokens: TokenSet) -> SignInView:
    """Store the sign-in; the account uses it from now on, and running workers connect anew."""
    with database.writing() as session:
        session.info["database"] = database
        at = now(session)
        if account == FALLBACK:
            _use_for_fallback(session, at)
        else:
            _use_for_mailbox(session, account)
        stored = read_sign_in(session, account)
        generation = max(state.generation, stored.generation if stored else 0)
        fresh = with_tokens(
            database.url,
            replace(state, generation=generation, refresh="", ends_at=None, signed_in_at=at),
            tokens,
            at,
        )
        write_sign_in(session, account, fresh)
        record(
            session,
            actor,
            "desk" if account == FALLBACK else f"mailbox:{account}",
            "changed",
            at,
            field="fallback_sender.sign_in" if account == FALLBACK else "sign_in",
            after=state.provider.value,
        )
        mailbox_id = None if account == FALLBACK else account
        forget_trouble(session, mailbox_id, at)
        try_now(session, mailbox_id, at)
        return sign_in_view(fresh, at)


def _use_for_mailbox(session: Session, mailbox_id: int) -> None:
    """No password any more; whoever has it open notices."""
    mailbox = session.exec(select(Mailbox).where(Mailbox.id == mailbox_id).with_for_update()).first()
    if mailbox is None:
        raise NotFound(_("There is no mailbox {name}.").format(name=mailbox_id))
    mailbox.password_secret = mailbox.password_command = ""
    if mailbox.smtp_host and not mailbox.smtp_user:
        mailbox.smtp_user = mailbox.imap_user or mailbox.address
    mailbox.version += 1
    mailbox.failures, mailbox.last_problem, mailbox.last_problem_at = 0, "", None
    session.add(mailbox)
    session.flush()


def _use_for_fallback(session: Session, at: datetime) -> None:
    """The same for the fallback sender, whose settings are one value."""
    row = locked_setting(session, FALLBACK_SENDER)
    value = _fallback(row.value)
    row.value = {
        **value,
        "smtp_user": value.get("smtp_user") or value["address"],
        "password_secret": "",
        "password_command": "",
        SIGNED_IN: at.isoformat(),
    }
    session.add(row)
    session.flush()
