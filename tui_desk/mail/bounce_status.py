"""The fields of delivery reports (RFC 3464, RFC 6533), in their own part or copied into the text, as recipients."""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.bounce_words import enhanced_status
from tui_desk.mail.charsets import one_line
from tui_desk.mail.headers import Fields, every, split_header, text_of
from tui_desk.mail.message import BounceRecipient
from tui_desk.mail.mime import Part, Tree
from tui_desk.mail.words import header_text

STATUS_TYPES: Final = ("message/delivery-status", "message/global-delivery-status")
MAX_RECIPIENTS: Final = 500
MAX_REASON: Final = 500
_ACTIONS: Final = ("failed", "delayed", "delivered", "relayed", "expanded")
_FIELD_LINE: Final = re.compile(rb"[A-Za-z][\w-]{1,60}[ \t]*:")
_FINAL: Final = re.compile(rb"^[ \t>]*final-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
_MAILBOX: Final = re.compile(r"[^\s<>\"'()\[\];,]+@(?:\[[\w.:]+\]|[^\s<>\"'()\[\];,]+)")
_LABEL: Final = re.compile(r"\A(?:diagnostic[- ]code\s*:\s*)?[\w-]{1,20}\s*;\s*", re.IGNORECASE)
_MAX_BLOCK_LINES: Final = 30


def structured(tree: Tree, parts: list[Part]) -> list[BounceRecipient]:
    """The recipients in the delivery-status parts, in their order, each address once."""
    found: dict[str, BounceRecipient] = {}
    for part in parts:
        is_status = part.content_type in STATUS_TYPES
        data = tree.content(part) if is_status or _may_hold_status(part) else b""
        if not is_status and _FINAL.search(data[:8_000]) is None:
            continue
        _gather(found, groups(data))
    return list(found.values())


def status_in_text(data: bytes) -> list[BounceRecipient]:
    """The recipients of status fields that were copied into the text of a report: gateways lose the MIME structure."""
    found: dict[str, BounceRecipient] = {}
    if _FINAL.search(data) is None:
        return []
    lines = data.replace(b"\r\n", b"\n").split(b"\n")
    blocks: list[Fields] = []
    for number, line in enumerate(lines):
        if len(blocks) >= MAX_RECIPIENTS or not _FINAL.match(line):
            continue
        first, last = number, number
        while first > 0 and number - first < _MAX_BLOCK_LINES and _FIELD_LINE.match(lines[first - 1]):
            first -= 1
        while last + 1 < len(lines) and last - number < _MAX_BLOCK_LINES and lines[last + 1].strip():
            last += 1
        block = b"\n".join(lines[first : last + 1]) + b"\n\n"
        blocks.append(split_header(block, 0, len(block))[0])
    _gather(found, blocks)
    return list(found.values())


def _gather(found: dict[str, BounceRecipient], blocks: list[Fields]) -> None:
    for group in blocks:
        one = _recipient(group)
        if one and one.address.lower() not in found and len(found) < MAX_RECIPIENTS:
            found[one.address.lower()] = one


def _may_hold_status(part: Part) -> bool:
    return (
        part.content_type in ("text/plain", "application/octet-stream")
        and part.end - part.start < 20_000
        and part.index > 1
    )


def groups(data: bytes) -> list[Fields]:
    """The groups of fields of a delivery-status part; empty lines part them."""
    text = data.replace(b"\r\n", b"\n")
    blocks = [block.strip(b"\n") for block in text.split(b"\n\n")[: MAX_RECIPIENTS * 3]]
    return [split_header(block + b"\n\n", 0, len(block) + 2)[0] for block in blocks if block.strip()]


def _recipient(group: Fields) -> BounceRecipient | None:
    names = ("final-recipient", "original-recipient", "x-actual-recipient", "recipient")
    candidates = [bare_address(header_text(value)) for name in names for value in every(group, name)]
    address = next(
        (item for item in candidates if is_address(item)), next((item for item in candidates if item), "")
    )
    if not address:
        return None
    action = text_of(group, "action", 60).lower()
    action = next((known for known in _ACTIONS if action.startswith(known)), "")
    reason = _reason(group)
    code = enhanced_status(text_of(group, "status", 60)) or enhanced_status(reason)
    if not action:
        action = {"2": "delivered", "4": "delayed"}.get(code[:1], "failed")
    elif action == "failed" and code.startswith("2"):
        code = ""
    if code.endswith(".0.0"):  # the reply itself often says more than the field
        told = enhanced_status(reason)
        code = told if told[:1] == code[:1] else code
    return BounceRecipient(address, action, code, reason)


def _reason(group: Fields) -> str:
    for name in ("diagnostic-code", "x-postfix-diagnostic", "x-supplementary-info", "x-notes", "status"):
        reason = text_of(group, name, MAX_REASON)
        if name == "status":
            comment = re.search(r"\((.{4,})\)", reason)
            return comment[1].strip() if comment else ""
        if reason:
            return _LABEL.sub("", _LABEL.sub("", reason)).strip()
    return ""


def is_address(text: str) -> bool:
    """Whether ``text`` has a local part and a domain."""
    local, at, domain = text.rpartition("@")
    return bool(at and local and domain)


def bare_address(value: str) -> str:
    """``rfc822; <a@b>`` or a source route as a bare address; what is no mailbox stays as it is."""
    kind, _, rest = value.partition(";")
    value = rest if rest and "@" not in kind else value
    route = re.match(r"\s*<?@[^:<>\s]+:(.+)", value)
    found = _MAILBOX.search(route[1] if route else value)
    return one_line(found[0].rstrip(".:") if found else value.strip(" <>\"'"), 320)
