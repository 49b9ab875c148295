"""SHA-256 without OpenSSL, for names of files and deeds: loading that library costs the start more than all that is hashed there.

As the standard library's ``random`` does it, whose words are "hashlib is pretty heavy to load". Nothing secret goes by this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    try:
        from _sha2 import sha256  # Python 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256
        except ImportError:
            from hashlib import sha256


def digest(text: str) -> str:
    """The SHA-256 of a text (UTF-8, lone surrogates as the file system has them) in 64 hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
