"""A mailbox as it is shown: its settings, and how it is in both directions."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from tui_desk.contracts.mailboxes import CompanyAddress, MailboxView, SignInView
from tui_desk.core.enums import (
    Authentication,
    MailboxState,
    OAuthProvider,
    Role,
    Security,
    SentCopies,
)
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.models import Mailbox, MailboxAddress, Team
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now
from tui_desk.services.ledger import progress
from tui_desk.services.oauth_state import SignIn, read_sign_in, warning_of
from tui_desk.services.send_pace import limit_of
from tui_desk.services.send_trouble import send_trouble, sentence_of, way_of
from tui_desk.services.sent_copies import problem_of, wish_of


def view_of(session: Session, actor: Actor, mailbox: Mailbox) -> MailboxView:
    """A mailbox as it is shown."""
    teams = {known(row_id): name for row_id, name in session.exec(select(Team.id, Team.name))}
    addresses = session.exec(
        select(MailboxAddress).where(MailboxAddress.mailbox_id == mailbox.id).order_by(col(MailboxAddress.id))
    ).all()
    sign_in = read_sign_in(session, known(mailbox.id))
    receiving, health = _health(mailbox, sign_in, now(session))
    waiting = progress(session, known(mailbox.id))
    if receiving and waiting is not None:
        health = _("{done} of {total} mails are in.").format(done=waiting[0], total=waiting[1])
    sending = ""
    if mailbox.state == MailboxState.ACTIVE.value and mailbox.smtp_host:
        sending = sending_problem(session, known(mailbox.id))
        health = sending if receiving and sending else " · ".join(filter(None, (health, sending)))
    return MailboxView(
        id=known(mailbox.id),
        address=visible_address(mailbox.address),
        name=safe_line(mailbox.name),
        state=MailboxState(mailbox.state),
        imap_host=safe_line(mailbox.imap_host),
        imap_port=mailbox.imap_port,
        imap_security=Security(mailbox.imap_security),
        imap_user=safe_line(mailbox.imap_user),
        smtp_host=safe_line(mailbox.smtp_host),
        smtp_port=mailbox.smtp_port,
        smtp_security=Security(mailbox.smtp_security),
        smtp_user=safe_line(mailbox.smtp_user),
        has_password=bool(mailbox.password_secret),
        password_command=safe_line(mailbox.password_command) if actor.role is Role.ADMIN else "",
        folder=safe_line(mailbox.folder),
        after_import=safe_line(mailbox.after_import),
        start=safe_line(mailbox.start),
        team=safe_line(teams.get(mailbox.team_id or 0, "")),
        poll_seconds=mailbox.poll_seconds,
        insecure_ok=mailbox.insecure_ok,
        acknowledge=mailbox.acknowledge,
        acknowledgement=safe_block(mailbox.acknowledgement),
        signature=safe_block(mailbox.signature),
        plus_addressing=mailbox.plus_addressing,
        authserv_id=safe_line(mailbox.authserv_id),
        addresses=tuple(
            CompanyAddress(
                visible_address(row.address), safe_line(row.name), safe_line(teams.get(row.team_id or 0, ""))
            )
            for row in addresses
        ),
        health=health,
        healthy=receiving and not sending,
        last_success_at=mailbox.last_success_at,
        auth=Authentication.PASSWORD if sign_in is None else Authentication.OAUTH2,
        sign_in=None if sign_in is None else sign_in_view(sign_in, now(session)),
        receiving=receiving,
        sending_problem=sending,
        send_per_minute=limit_of(session, way_of(mailbox.id)),
        sent_copies=SentCopies(wish_of(session, known(mailbox.id))),
        sent_copies_problem=safe_line(problem_of(session, known(mailbox.id))),
    )


def sending_problem(session: Session, mailbox_id: int | None) -> str:
    """Why nothing leaves by a mailbox's own server or (None) by the fallback sender; empty where nothing is wrong."""
    trouble = send_trouble(session, mailbox_id)
    return sentence_of(trouble, _moment(trouble.at, now(session))) if trouble is not None else ""


def sign_in_view(state: SignIn, at: datetime) -> SignInView:
    """An OAuth2 sign-in as it is shown."""
    return SignInView(
        provider=state.provider,
        client_id=safe_line(state.client_id),
        tenant=safe_line(state.tenant),
        has_client_secret=bool(state.client_secret),
        auth_url=safe_line(state.auth_url, 2000),
        token_url=safe_line(state.token_url, 2000),
        device_url=safe_line(state.device_url, 2000),
        scope=safe_line(state.scope, 1000),
        redirect_uri=safe_line(state.redirect_uri, 2000),
        by_device=state.provider is OAuthProvider.MICROSOFT or bool(state.device_url),
        signed_in_at=state.signed_in_at,
        renewed_at=state.obtained_at,
        expires_at=state.expires_at,
        ends_at=state.ends_at,
        warning=warning_of(state, at),
    )


def _health(mailbox: Mailbox, sign_in: SignIn | None, at: datetime) -> tuple[bool, str]:
    """Whether mail is read, in a sentence."""
    if mailbox.state == MailboxState.PAUSED.value:
        return True, _("Paused: no mail is fetched.")
    if mailbox.state == MailboxState.REMOVED.value:
        return True, _("Removed. Its tickets and mail were kept.")
    if mailbox.last_problem:
        since = _moment(mailbox.last_problem_at, at) if mailbox.last_problem_at else ""
        problem = safe_line(mailbox.last_problem)
        return False, _("{problem} (since {when})").format(problem=problem, when=since) if since else problem
    warning = warning_of(sign_in, at) if sign_in is not None else ""
    if warning:
        return False, warning
    if mailbox.last_success_at is None:
        return True, _("No mail was fetched yet.")
    return True, _("Last mail check {when}").format(when=_moment(mailbox.last_success_at, at))


def _moment(instant: datetime, at: datetime) -> str:
    """Local time; with the date when it is not today's."""
    local, today = instant.astimezone(), at.astimezone()
    return local.strftime("%H:%M" if local.date() == today.date() else "%Y-%m-%d %H:%M")
