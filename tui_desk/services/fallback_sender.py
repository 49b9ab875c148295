"""The installation-wide sender that is used where a mailbox has no SMTP of its own."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from tui_desk.contracts.mailboxes import FallbackSender, SaveFallbackSender, ShowFallbackSender
from tui_desk.contracts.oauth import FALLBACK
from tui_desk.core.enums import Authentication, Role, Security
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.engine import Database
from tui_desk.db.secrets import encrypt
from tui_desk.rules.addresses import address_key
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import now, require
from tui_desk.services.events import record
from tui_desk.services.mailbox_form import SECRET_FIELDS, clean_sender
from tui_desk.services.mailbox_view import sending_problem, sign_in_view
from tui_desk.services.oauth_state import SignIn, drop_sign_in, provider_for, read_sign_in, write_sign_in
from tui_desk.services.send_pace import limit_of, set_limit
from tui_desk.services.send_queue import try_now
from tui_desk.services.send_trouble import forget_trouble
from tui_desk.services.senders import own_addresses
from tui_desk.services.settings_store import FALLBACK_SENDER, locked_setting, read_setting

SIGNED_IN = "signed_in_at"
"""In its value: when somebody signed in last, so that running workers notice. The sign-in itself is kept by ``oauth_state``."""
_FIELDS = ("address", "name", "smtp_host", "smtp_port", "smtp_user", "password_command", "insecure_ok")
_SENDING = ("smtp_security", "password_secret", *_FIELDS[2:])
"""When one of these changes, what was put off is tried again at once."""


def show(session: Session, actor: Actor, _request: ShowFallbackSender) -> FallbackSender:
    """The fallback sender; an empty address where there is none."""
    require(actor, Permission.VIEW)
    return _view(session, read_setting(session, FALLBACK_SENDER), actor)


def _view(session: Session, value: Any, actor: Actor) -> FallbackSender:
    if not isinstance(value, dict) or not value.get("address"):
        return FallbackSender()
    sign_in = read_sign_in(session, FALLBACK)
    return FallbackSender(
        address=visible_address(str(value["address"])),
        name=safe_line(str(value.get("name", ""))),
        smtp_host=safe_line(str(value.get("smtp_host", ""))),
        smtp_port=int(value.get("smtp_port", 465)),
        smtp_security=Security(value.get("smtp_security", "tls")),
        smtp_user=safe_line(str(value.get("smtp_user", ""))),
        password_command=safe_line(str(value.get("password_command", "")))
        if actor.role is Role.ADMIN
        else "",
        insecure_ok=bool(value.get("insecure_ok")),
        has_password=bool(value.get("password_secret")),
        send_per_minute=limit_of(session, FALLBACK),
        problem=sending_problem(session, None),
        auth=Authentication.PASSWORD if sign_in is None else Authentication.OAUTH2,
        sign_in=None if sign_in is None else sign_in_view(sign_in, now(session)),
    )


def save(database: Database, actor: Actor, request: SaveFallbackSender) -> FallbackSender:
    """Set it, after everything was checked; an empty address takes it away.

    Kept as the setting ``fallback_sender``: the fields of the contract and ``password_secret`` (encrypted).
    Raises ConfigurationError, Refused (rights, an address of a mailbox).
    """
    require(actor, Permission.ADMINISTER)
    value = _checked(database, request.sender) if request.sender.address.strip() else None
    with database.writing() as session:
        session.info["database"] = database
        row = locked_setting(session, FALLBACK_SENDER)
        before = row.value if isinstance(row.value, dict) else {}
        if value is not None:
            _refuse_taken(session, value, before)
            if SIGNED_IN in before and request.sender.auth is Authentication.OAUTH2:
                value[SIGNED_IN] = before[SIGNED_IN]
        row.value = value
        session.add(row)
        session.flush()
        _store_authentication(session, actor, value, request.sender.auth)
        pace = limit_of(session, FALLBACK)
        wanted_pace = request.sender.send_per_minute if value else 0
        if pace != wanted_pace:
            set_limit(session, FALLBACK, wanted_pace)
        forget_trouble(session, None, now(session))
        _tell(
            session,
            actor,
            {**before, "send_per_minute": pace},
            {**(value or {}), "send_per_minute": wanted_pace},
        )
        if value is not None and any(before.get(name) != value[name] for name in _SENDING):
            try_now(session, None, now(session))
        return _view(session, value, actor)


def _checked(database: Database, wanted: FallbackSender) -> dict[str, Any]:
    """What is stored of a sender, its password encrypted; the one that is kept already, where none is given. Raises ConfigurationError."""
    with database.reading() as session:
        stored = read_setting(session, FALLBACK_SENDER)
    kept = str(stored.get("password_secret", "")) if isinstance(stored, dict) else ""
    sender = clean_sender(wanted, has_password=bool(kept))
    secret = ""
    if sender.auth is Authentication.PASSWORD and not sender.password_command and sender.password != "":
        secret = encrypt(database.url, sender.password) if sender.password else kept
    value: dict[str, Any] = {name: getattr(sender, name) for name in _FIELDS}
    return value | {"smtp_security": sender.smtp_security.value, "password_secret": secret}


def _refuse_taken(session: Session, value: dict[str, Any], before: dict[str, Any]) -> None:
    """Raises Refused for the address of a mailbox."""
    taken = own_addresses(session) - {address_key(str(before.get("address", "")))}
    if address_key(value["address"]) in taken:
        raise Refused(
            _("{address} is the address of a mailbox; the fallback sender needs one of its own.").format(
                address=visible_address(value["address"])
            )
        )


def _store_authentication(
    session: Session, actor: Actor, value: dict[str, Any] | None, auth: Authentication
) -> None:
    """By which way it logs in. Going back to a password, or taking it away, forgets the sign-in with its tokens."""
    before = read_sign_in(session, FALLBACK)
    wanted = value is not None and auth is Authentication.OAUTH2
    if wanted == (before is not None):
        return
    if value is not None and before is None:
        write_sign_in(session, FALLBACK, SignIn(provider_for(str(value["smtp_host"]))))
    else:
        drop_sign_in(session, FALLBACK)
    record(
        session,
        actor,
        "desk",
        "changed",
        now(session),
        field="fallback_sender.auth",
        before=None if before is None else Authentication.OAUTH2.value,
        after=None if value is None else auth.value,
    )


def _tell(session: Session, actor: Actor, before: dict[str, Any], after: dict[str, Any]) -> None:
    """One event per field; of the password and the command for it only that they were changed."""
    for name in sorted({*before, *after}):
        if before.get(name) == after.get(name) or name == SIGNED_IN:
            continue
        secret = name in SECRET_FIELDS
        record(
            session,
            actor,
            "desk",
            "changed",
            now(session),
            field=f"fallback_sender.{'password' if name == 'password_secret' else name}",
            before=None if secret else before.get(name),
            after=None if secret else after.get(name),
        )
