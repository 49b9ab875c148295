"""What ``tui-desk explain`` found in a mail, for reading: facts on top, what was passed on or came back, the words below."""

from __future__ import annotations

from typing import Any

from tui_desk.cli.output import fields
from tui_desk.core.enums import MailKind, Verdict
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.words import word

_RULE = "─" * 60


def explained(document: dict[str, Any], path: str = "") -> str:
    """``document`` (the public keys of ``explain --json``) as text. ``path`` stands above it where there are several."""
    parts = [path, fields(_facts(document)), _bounce(document), _decision(document), _defects(document)]
    parts += [_body(document), _attachments(document), _forwarded(document)]
    return "\n\n".join(part for part in parts if part)


def _facts(document: dict[str, Any]) -> list[tuple[str, Any]]:
    earlier = [document["in_reply_to"], *reversed(document["references"])]
    return [
        (_("Subject"), document["subject"]),
        (_("From"), _shown(document["from"])),
        (_("Reply to"), _shown(document["reply_to"])),
        (_("To"), _shown(document["to"])),
        (_("Cc"), _shown(document["cc"])),
        (_("Delivered to"), ", ".join(document["delivered_to"])),
        (_("Date"), document["date"]),
        (_("Message-ID"), document["message_id"]),
        (_("In reply to"), next((one for one in earlier if one), "")),
        (_("Kind"), word(MailKind(document["kind"]))),
        (_("Language"), document["language"]),
    ]


def _bounce(document: dict[str, Any]) -> str:
    bounce = document["bounce"]
    if not bounce:
        return ""
    lines = [_("Could not be delivered:")]
    for one in bounce["recipients"]:
        told = " ".join(part for part in (one["action"], one["status"], one["reason"]) if part)
        lines.append(f"  {one['address'] or '?'}: {told}".rstrip(": "))
    if bounce["original_message_id"]:
        lines.append(_("  the mail with the Message-ID {id}").format(id=bounce["original_message_id"]))
    return "\n".join(lines)


def _decision(document: dict[str, Any]) -> str:
    decision = document["decision"]
    if not decision:
        return ""
    action = decision["action"]
    told = word(Verdict(action)) if action in set(Verdict) else action
    ticket = f" #{decision['ticket']}" if decision["ticket"] else ""
    lines = [_("The desk would do this: {what}").format(what=told + ticket)]
    return "\n".join(
        [*lines, *(f"  {one['sentence']}" for one in decision["evidence"] if one.get("sentence"))]
    )


def _defects(document: dict[str, Any]) -> str:
    if not document["defects"]:
        return ""
    return "\n".join([_("What was wrong with the bytes:"), *(f"  {one}" for one in document["defects"])])


def _body(document: dict[str, Any]) -> str:
    """What the author wrote; quoted text and signature folded."""
    folded = []
    if count := _lines(document["signature"]):
        folded.append(
            ngettext("[signature of {count} line]", "[signature of {count} lines]", count).format(count=count)
        )
    if count := _lines(document["quoted"]):
        folded.append(ngettext("[{count} quoted line]", "[{count} quoted lines]", count).format(count=count))
    reply = (document["reply"] or "").strip()
    return "\n".join([_RULE, *([reply] if reply else []), *folded])


def _lines(text: str | None) -> int:
    return len((text or "").strip().splitlines())


def _attachments(document: dict[str, Any]) -> str:
    return "\n".join(
        _("Attachment: {name} ({type}, {size} bytes)").format(
            name=one["filename"] or "?", type=one["content_type"], size=one["size"]
        )
        for one in document["attachments"]
    )


def _forwarded(document: dict[str, Any]) -> str:
    passed_on = document["forwarded"]
    if not passed_on:
        return ""
    sender = passed_on["from"]
    head = fields(
        [
            (_("From"), _shown([sender] if sender else [])),
            (_("To"), _shown(passed_on["to"])),
            (_("Cc"), _shown(passed_on["cc"])),
            (_("Subject"), passed_on["subject"]),
            (_("Date"), passed_on["date"]),
        ]
    )
    parts = [f"{_RULE}\n{_('The message that was passed on:')}", head, (passed_on["text"] or "").strip()]
    return "\n\n".join(part for part in parts if part)


def _shown(people: list[dict[str, str]]) -> str:
    return ", ".join(f"{one['name']} <{one['address']}>" if one["name"] else one["address"] for one in people)
