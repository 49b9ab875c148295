"""Delivery reports: the structured ones (RFC 3464, RFC 8098, RFC 5965) and what servers wrote before and beside them.

A report that all is well, a read receipt and a complaint are *reports*; a failure or a delay is a *bounce*. Without
structure a mail is a bounce only when a machine sent it and its words say so; a person who writes about a bounce is a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tui_desk.mail.bounce_text import (
    BOUNCE_SUBJECT,
    COPY_BEGINS,
    DELAYED,
    DELIVERED_SUBJECT,
    FAILED,
    recipients_in,
)
from tui_desk.mail.charsets import decoded, one_line
from tui_desk.mail.headers import Fields, every, first, message_id, message_ids, split_header, text_of
from tui_desk.mail.message import Address, Bounce, BounceRecipient
from tui_desk.mail.mime import Part, Tree, leaves
from tui_desk.mail.words import header_text

_ACTIONS: Final = ("failed", "delayed", "delivered", "relayed", "expanded")
_STATUS: Final = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_DAEMON: Final = re.compile(
    r"^(?:mailer-?daemon|mail-?daemon|postmaster|post_master|post\.master|mdaemon|mail[._-]?delivery(?:[._-](?:sub)?system)?|delivery|e500_smtp_mail_service|mailadmin|mail-?admin|majordomo-owner|"
    r"bounces?|bounce-.*|no-?reply-bounce|maildelivery|mailsystem|system-?administrator|smtp|uucp|mail|mta|exchange|microsoftexchange[0-9a-f]+|symantec_antivirus.*|ndr|returned|sysadmin)$",
    re.IGNORECASE,
)
_DAEMON_NAME: Final = re.compile(
    r"mail ?delivery|mailer[- ]daemon|postmaster|mail administrator|system administrator|delivery (?:sub)?system|mail system|smtp server|ndr administrator|mail router|internet mail|exchange|mail ?server",
    re.IGNORECASE,
)
_AUTO_SUBJECT: Final = re.compile(
    r"^\s*(?:auto(?:matic)?[ -]?(?:reply|response|antwort)|out of office|vacation)", re.IGNORECASE
)
_MESSAGE_ID: Final = re.compile(r"^[>\s]*message-id:\s*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_ORIGINALS: Final = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/global-headers",
    "message/partial",
)
_STATUS_TYPES: Final = ("message/delivery-status", "message/global-delivery-status")
MAX_RECIPIENTS: Final = 500
MAX_REASON: Final = 500
MAX_LOOKED_AT: Final = 60_000


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for a bounce: points, and whether a machine must have sent it."""

    points: int
    machine: bool


def read_bounce(
    tree: Tree, text: str, subject: str, from_: tuple[Address, ...]
) -> tuple[Bounce | None, bool]:
    """The delivery report in ``tree``, and whether it is a report that is no failure (then the first may be None)."""
    fields, params = tree.root.fields, tree.root.params
    parts = leaves(tree.root)
    types = {part.content_type for part in parts}
    report_type = params.get("report-type", "").lower()
    if report_type in ("disposition-notification", "feedback-report") or types & {
        "message/disposition-notification",
        "message/feedback-report",
    }:
        return _deleted_unread(tree, parts, text), True
    if _is_complaint(fields, text):
        return None, True
    recipients = _structured(tree, parts)
    original = _original_id(tree, parts, text)
    if recipients:
        worst = [one for one in recipients if one.action in ("failed", "delayed", "")]
        if not worst and not FAILED.search(text[:4_000]):
            return Bounce(tuple(recipients), original), True
        return Bounce(tuple(recipients), original), False
    if _AUTO_SUBJECT.match(subject):
        return None, False
    signs = _signs(tree, types, text, subject, from_)
    if not signs.machine or signs.points < 4:
        return None, False
    if DELIVERED_SUBJECT.search(subject) and not FAILED.search(text[:4_000]):
        return Bounce((), original), True
    return Bounce(tuple(_unstructured(tree, parts, text, subject, from_)), original), False


def _signs(tree: Tree, types: set[str], text: str, subject: str, from_: tuple[Address, ...]) -> Signs:
    fields = tree.root.fields
    sender = from_[0] if from_ else Address("", "")
    local = sender.address.partition("@")[0]
    null_path = (first(fields, "return-path") or b"x").strip() in (b"<>", b"")
    daemon = bool(_DAEMON.match(local)) or not sender.address or bool(_DAEMON_NAME.search(sender.name))
    failed_header = first(fields, "x-failed-recipients") is not None
    report = tree.root.content_type == "multipart/report"
    automatic = text_of(fields, "auto-submitted", 40).lower().startswith(("auto-replied", "auto-generated"))
    machine = daemon or null_path or failed_header or report
    if not machine:
        return Signs(0, False)
    head = text[:6_000]
    points = 2 * daemon + null_path + 4 * failed_header + 2 * report
    points += 3 * bool(BOUNCE_SUBJECT.search(subject)) + 2 * bool(FAILED.search(head) or DELAYED.search(head))
    points += bool(types & set(_ORIGINALS)) + bool(COPY_BEGINS.search(text[:MAX_LOOKED_AT])) + automatic
    points -= 3 * (bool(first(fields, "in-reply-to")) and not daemon and not null_path)
    return Signs(points, machine)


def _is_complaint(fields: Fields, text: str) -> bool:
    if first(fields, "x-hmxmroriginalrecipient") is not None:  # complaints of Outlook.com
        return True
    return text[:300].startswith(
        ("This is an email abuse report", "Apple Mail sent this email to unsubscribe")
    )


def _deleted_unread(tree: Tree, parts: list[Part], text: str) -> Bounce | None:
    """A read receipt or complaint names the mail it speaks of and no failed recipient."""
    original = _original_id(tree, parts, text)
    for part in parts:
        if part.content_type == "message/disposition-notification":
            for group in _groups(tree.content(part)):
                original = message_id(first(group, "original-message-id")) or original
    return Bounce((), original) if original else None


def _structured(tree: Tree, parts: list[Part]) -> list[BounceRecipient]:
    """The recipients in the delivery-status parts, in their order, each address once."""
    found: dict[str, BounceRecipient] = {}
    for part in parts:
        is_status = part.content_type in _STATUS_TYPES
        data = tree.content(part) if is_status or _may_hold_status(part) else b""
        if not is_status and b"final-recipient:" not in data[:8_000].lower():
            continue
        for group in _groups(data):
            one = _recipient(group)
            if one and one.address.lower() not in found and len(found) < MAX_RECIPIENTS:
                found[one.address.lower()] = one
    return list(found.values())


def _may_hold_status(part: Part) -> bool:
    return (
        part.content_type in ("text/plain", "application/octet-stream")
        and part.end - part.start < 20_000
        and part.index > 1
    )


def _groups(data: bytes) -> list[Fields]:
    """The groups of fields of a delivery-status part; empty lines part them."""
    text = data.replace(b"\r\n", b"\n")
    blocks = [block.strip(b"\n") for block in text.split(b"\n\n")[: MAX_RECIPIENTS * 3]]
    return [split_header(block + b"\n\n", 0, len(block) + 2)[0] for block in blocks if block]


def _recipient(group: Fields) -> BounceRecipient | None:
    names = ("final-recipient", "original-recipient", "x-actual-recipient", "recipient")
    candidates = [_address(header_text(value)) for name in names for value in every(group, name)]
    address = next(
        (item for item in candidates if "@" in item), next((item for item in candidates if item), "")
    )
    if not address:
        return None
    action = text_of(group, "action", 60).lower()
    action = next((known for known in _ACTIONS if action.startswith(known)), "")
    reason = text_of(group, "diagnostic-code", MAX_REASON)
    reason = reason.partition(";")[2].strip() if re.match(r"[\w-]{1,20}\s*;", reason) else reason
    status = _STATUS.search(text_of(group, "status", 60)) or _STATUS.search(reason)
    code = status[0] if status else ""
    if not action:
        action = {"2": "delivered", "4": "delayed"}.get(code[:1], "failed")
    elif action == "failed" and code.startswith("2"):
        code = ""
    return BounceRecipient(address, action, code, reason)


def _address(value: str) -> str:
    """``rfc822; <a@b>`` as a bare address."""
    kind, _, rest = value.partition(";")
    value = rest if rest and "@" not in kind else value
    found = re.search(r"[^\s<>\"'()\[\];,]+@[^\s<>\"'()\[\];,]+", value)
    return one_line(found[0] if found else value.strip(" <>\"'"), 320)


def _unstructured(
    tree: Tree, parts: list[Part], text: str, subject: str, from_: tuple[Address, ...]
) -> list[BounceRecipient]:
    fields = tree.root.fields
    text = text[:MAX_LOOKED_AT]
    copy = COPY_BEGINS.search(text)
    told = text[: copy.start()] if copy else text
    failed = [
        _address(item)
        for value in every(fields, "x-failed-recipients")
        for item in header_text(value).split(",")
    ]
    addresses = [item for item in failed if item]
    if not addresses:
        ignored = {one.address.lower() for one in from_}
        addresses = recipients_in(told, ignored) or recipients_in(subject, ignored)
    if not addresses:
        addresses = _original_recipients(tree, parts, text[copy.start() :] if copy else "")
    status = _STATUS.search(told)
    delayed = bool(DELAYED.search(told[:4_000])) and not FAILED.search(told[:4_000])
    code = status[0] if status else ""
    return [
        BounceRecipient(address, "delayed" if delayed else "failed", code, _reason(told, address))
        for address in addresses[:MAX_RECIPIENTS]
    ]


def _reason(told: str, address: str) -> str:
    """The line that says why: one with a code after the address, else the line after it."""
    at = told.lower().find(address.lower())
    if at < 0:
        return ""
    lines = [line.strip() for line in told[at : at + 1_000].splitlines() if line.strip()]
    coded = next((line for line in lines if re.search(r"\b[45]\d\d\b|\b[45]\.\d\.\d", line)), "")
    following = lines[1] if len(lines) > 1 else ""
    return one_line(coded or following, MAX_REASON)


def _original_recipients(tree: Tree, parts: list[Part], copy: str) -> list[str]:
    for part in parts:
        if part.content_type in _ORIGINALS:
            fields = split_header(tree.content(part).lstrip(b"\r\n"), 0, part.end - part.start)[0]
            found = [_address(text_of(fields, name, 2_000)) for name in ("x-original-to", "to")]
            found = [item for item in found if "@" in item]
            if found:
                return found[:1]
    to = re.search(r"^[>\s]*to:\s*(.{3,300})$", copy[:8_000], re.IGNORECASE | re.MULTILINE)
    address = _address(to[1]) if to else ""
    return [address] if "@" in address else []


def _original_id(tree: Tree, parts: list[Part], text: str) -> str | None:
    """The Message-ID of the mail that came back: from its attached copy, from a quoted header, from our own threading."""
    for part in parts:
        if part.content_type in _ORIGINALS or part.content_type == "application/octet-stream":
            content = tree.content(part).lstrip(b"\r\n")[:MAX_LOOKED_AT]
            found = message_id(first(split_header(content, 0, len(content))[0], "message-id"))
            if found:
                return found
    copied = _MESSAGE_ID.search(text[:MAX_LOOKED_AT])
    if copied:
        return message_id(copied[1].encode("utf-8", "replace"))
    for part in parts:
        if part.content_type.startswith("text/") or part.content_type in _STATUS_TYPES:
            copied = _MESSAGE_ID.search(decoded(tree.content(part)[:MAX_LOOKED_AT], None)[0])
            if copied:
                return message_id(copied[1].encode("utf-8", "replace"))
    ids = message_ids(first(tree.root.fields, "in-reply-to")) or message_ids(
        first(tree.root.fields, "references")
    )
    return ids[-1] if ids else None
