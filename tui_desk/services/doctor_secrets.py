"""Whether what is kept encrypted can be read with the key file of this desk. Nothing of it is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.db.fast import FastReader
from tui_desk.db.url import DatabaseUrl
from tui_desk.services.finding import Finding

_KEPT = (
    ("mailbox", "SELECT password_secret FROM mailbox WHERE password_secret <> '' AND state <> 'removed'"),
    ("licence", "SELECT key_secret FROM licence WHERE key_secret <> ''"),
)
"""Passwords of mailboxes and keys of licences; sign-ins say by themselves that they cannot be renewed."""


def look_at_secrets(reader: FastReader, _now: datetime) -> Iterator[Finding]:
    """Every encrypted column, tried with the key file."""
    for kind, statement in _KEPT:
        secrets = [str(row[0]) for row in reader.rows(statement)]
        unreadable = sum(not _readable(reader.url, secret) for secret in secrets)
        if unreadable:
            yield _failure(kind, unreadable)
        elif secrets and kind == "licence":
            text = ngettext(
                "{count} licence key can be read.", "{count} licence keys can be read.", len(secrets)
            )
            yield Finding("licence keys", "ok", text.format(count=len(secrets)))


def _readable(url: DatabaseUrl, secret: str) -> bool:
    from tui_desk.db.secrets import decrypt  # cryptography is imported where there is something to read

    try:
        decrypt(url, secret)
    except DeskError:
        return False
    return True


def _failure(kind: str, count: int) -> Finding:
    if kind == "licence":
        return Finding(
            "licence keys",
            "fail",
            ngettext(
                "{count} licence key cannot be read with the key file.",
                "{count} licence keys cannot be read with the key file.",
                count,
            ).format(count=count),
            _("Bring the key file back from the backup, or enter the licence keys again."),
        )
    return Finding(
        "passwords",
        "fail",
        ngettext(
            "The password of {count} mailbox cannot be read with the key file.",
            "The passwords of {count} mailboxes cannot be read with the key file.",
            count,
        ).format(count=count),
        _("Bring the key file back from the backup, or enter the passwords again in Settings → Mail."),
    )
