"""Licence keys: encrypted with the desk's key file, in no event, list or export; shown when asked for, which is recorded."""

from __future__ import annotations

from sqlmodel import Session

from tui_desk.contracts.licences import LicenceKey, ShowLicenceKey
from tui_desk.core.errors import NotFound, Refused, Unavailable, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.db import secrets
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.context import database, now, require
from tui_desk.services.events import record
from tui_desk.services.licence_seats import licence_stream, licence_to_change

KEY_SHOWN = "key_shown"
KEY_LIMIT = 10_000


def kept_key(session: Session, key: str | None) -> str | None:
    """A key as it is stored; "" for none, None where it stays as it is. Raises UsageError, Unavailable."""
    if key is None:
        return None
    key = key.strip()
    if len(key) > KEY_LIMIT:
        raise UsageError(_("A licence key has at most {count} characters.").format(count=KEY_LIMIT))
    return secrets.encrypt(database(session).url, key) if key else ""


def show_key(session: Session, actor: Actor, request: ShowLicenceKey) -> LicenceKey:
    """The key in the clear. Raises NotFound (no licence, no key), Refused (another key file), Unavailable (none)."""
    require(actor, Permission.CHANGE_ASSETS)
    row = licence_to_change(session, request.id)
    name = safe_line(row.name)
    if not row.key_secret:
        raise NotFound(_("No key is kept for {name}.").format(name=name))
    hint = _("Bring back the key file of this desk from the backup, or enter the licence key again.")
    try:
        key = secrets.decrypt(database(session).url, row.key_secret)
    except Unavailable as error:
        raise Unavailable(
            _("The key of {name} cannot be read: the desk's key file is missing or damaged.").format(
                name=name
            ),
            hint,
        ) from error
    except Refused as error:
        raise Refused(
            _("The key of {name} cannot be read: it was encrypted with another key file.").format(name=name),
            hint,
        ) from error
    record(session, actor, licence_stream(request.id), KEY_SHOWN, now(session))
    return LicenceKey(name, safe_block(key))
