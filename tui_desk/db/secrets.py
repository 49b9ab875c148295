"""Secrets at rest: encrypted with a key that lies in a file of its own, outside the database.

Whoever has both the database and the key file has the passwords; a copy of the database alone tells nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

from cryptography.fernet import Fernet, InvalidToken

from tui_desk.core.errors import Refused, Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.key_file import key_file
from tui_desk.db.url import DatabaseUrl


def encrypt(url: DatabaseUrl, secret: str) -> str:
    """The secret as it may be stored; makes the key file (0600) the first time."""
    return _cipher(url, make=True).encrypt(secret.encode()).decode()


def decrypt(url: DatabaseUrl, stored: str) -> str:
    """The secret again. Raises Refused when the key file is another one, Unavailable when it is missing."""
    try:
        return _cipher(url, make=False).decrypt(stored.encode()).decode()
    except InvalidToken:
        raise Refused(
            _("A stored password cannot be read: {path} is not the key it was encrypted with.").format(
                path=key_file(url)
            ),
            _("Bring back the right key file, or enter the password again in Settings → Mail."),
        ) from None


def _cipher(url: DatabaseUrl, *, make: bool) -> Fernet:
    path = key_file(url)
    try:
        if make and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_once(path, Fernet.generate_key())
        return Fernet(path.read_bytes().strip())
    except (OSError, ValueError) as error:
        raise Unavailable(
            _("The key file {path} cannot be read, so stored passwords cannot be used.").format(path=path),
            _("Bring it back from the backup, or enter the passwords again."),
        ) from error


def _write_once(path: Path, content: bytes) -> None:
    """Make the file whole or not at all, also when two processes start at once: the first one wins."""
    draft = path.with_name(f".{path.name}.{token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
