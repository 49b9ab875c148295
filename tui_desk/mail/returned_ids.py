"""Message-IDs that a sending service gives a mail in place of ours, read from what it answers to the final dot.

Amazon SES replaces the field and answers ``250 Ok <unique part>``: the id that recipients see is that part at the service's
domain. Microsoft 365 answers ``250 2.6.0 <id> [InternalId=…]``. What other servers answer is the number of a queue, no id.
"""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.headers import is_message_id

_BRACKETED: Final = re.compile(r"<([^<>\s]{3,400}@[^<>\s]{1,255})>")
_SES: Final = re.compile(
    r"(?:\A|\s)([0-9a-f]{16}-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9a-f]{6})(?:\s|\Z)"
)
_SES_HOST: Final = re.compile(r"email-smtp(?:-fips)?\.([a-z0-9-]{4,30})\.amazonaws\.com(?:\.cn)?\Z")
MAX_FOUND: Final = 3


def returned_ids(answer: str, host: str) -> tuple[str, ...]:
    """The Message-IDs (without brackets) that the server ``host`` may have given the mail it took with ``answer``."""
    found = [one for one in _BRACKETED.findall(answer[:2_000]) if is_message_id(one)]
    service = _SES_HOST.match(host.lower())
    unique = _SES.search(answer[:2_000])
    if service and unique:
        found.append(f"{unique[1]}@{service[1]}.amazonses.com")
        found.append(f"{unique[1]}@email.amazonses.com")
    return tuple(dict.fromkeys(found))[:MAX_FOUND]
