"""Delivery notices that are JSON in the text of a mail: Amazon SES through SNS, which mailboxes are subscribed to."""

from __future__ import annotations

import json
import re
from typing import Any, Final, Literal

from tui_desk.mail.bounce_status import MAX_REASON, MAX_RECIPIENTS, bare_address, is_address
from tui_desk.mail.bounce_words import enhanced_status
from tui_desk.mail.charsets import one_line
from tui_desk.mail.headers import is_message_id
from tui_desk.mail.message import Bounce, BounceRecipient

Report = Literal["", "receipt", "other"]
"""What a report that is no failure tells: that a mail arrived or was read, or something else (a complaint, statistics).
"" for what is no such report."""

_SENDER: Final = re.compile(r"@(?:[\w-]+\.)*amazonaws\.com$", re.IGNORECASE)
_MAX_NOTICE: Final = 60_000
_DECODER: Final = json.JSONDecoder(strict=False)  # relays break the one long line


def read_notice(text: str, sender: str) -> tuple[Bounce, Report] | None:
    """The delivery report in a notice of SES, and what it tells if that is no failure; None where it is no notice."""
    start = text[:200].lstrip()
    if not start.startswith("{") or not _SENDER.search(sender):
        return None
    notice = _object(text[:_MAX_NOTICE].lstrip())
    inner = notice.get("Message")
    if isinstance(inner, str):
        notice = _object(inner.lstrip())
    kind = str(notice.get("notificationType") or notice.get("eventType") or "").lower()
    if kind not in ("bounce", "complaint", "delivery", "deliverydelay", "reject"):
        return None
    recipients = _recipients(notice, kind)
    told: Report = "receipt" if kind == "delivery" else "other" if kind == "complaint" else ""
    return Bounce(tuple(recipients), _original(notice)), told


def _object(text: str) -> dict[str, Any]:
    try:
        found, _ = _DECODER.raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _recipients(notice: dict[str, Any], kind: str) -> list[BounceRecipient]:
    body = _dict(notice.get({"deliverydelay": "deliveryDelay"}.get(kind, kind)))
    listed = body.get("bouncedRecipients") or body.get("delayedRecipients") or body.get("recipients") or []
    found: list[BounceRecipient] = []
    for item in listed[:MAX_RECIPIENTS] if isinstance(listed, list) else []:
        one = item if isinstance(item, dict) else {"emailAddress": item}
        address = bare_address(str(one.get("emailAddress") or ""))
        if not is_address(address):
            continue
        reason = one_line(re.sub(r"\A\w{1,20};\s*", "", str(one.get("diagnosticCode") or "")), MAX_REASON)
        status = enhanced_status(str(one.get("status") or "")) or enhanced_status(reason)
        temporary = kind == "deliverydelay"
        if not status and kind in ("bounce", "deliverydelay"):
            temporary = temporary or str(body.get("bounceType")).lower() == "transient"
            status = "4.0.0" if temporary else "5.0.0"
        action = {"delivery": "delivered", "deliverydelay": "delayed"}.get(kind, "failed")
        found.append(BounceRecipient(address, action, status, reason))
    return found


def _original(notice: dict[str, Any]) -> str | None:
    """The Message-ID the mail was given by us where the notice has it, else that of SES."""
    mail = _dict(notice.get("mail"))
    headers = mail.get("headers")
    for field in headers if isinstance(headers, list) else []:
        if isinstance(field, dict) and str(field.get("name")).lower() == "message-id":
            named = str(field.get("value")).strip(" <>")
            if is_message_id(named):
                return named
    for value in (_dict(mail.get("commonHeaders")).get("messageId"), mail.get("messageId")):
        if isinstance(value, str) and is_message_id(value.strip(" <>")):
            return value.strip(" <>")
    return None


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
