"""``tui-desk explain``: what the engine sees in a message, and what the desk would do with it. Writes nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from tui_desk.core.i18n import _
from tui_desk.mail.message import Address, ParsedMail, UnreadableMail
from tui_desk.mail.parse import parse


def as_document(parsed: ParsedMail) -> dict[str, Any]:
    """``parsed`` with the keys of the public contract (``explain --json``); ``decision`` is null here."""
    return {
        "message_id": parsed.message_id,
        "in_reply_to": parsed.in_reply_to,
        "references": list(parsed.references),
        "date": parsed.date.isoformat() if parsed.date else None,
        "subject": parsed.subject,
        "from": _people(parsed.from_),
        "reply_to": _people(parsed.reply_to),
        "to": _people(parsed.to),
        "cc": _people(parsed.cc),
        "delivered_to": list(parsed.delivered_to),
        "text": parsed.text,
        "authored": parsed.authored,
        "reply": parsed.reply,
        "quoted": parsed.quoted,
        "signature": parsed.signature,
        "attachments": [
            {
                "filename": attachment.filename,
                "content_type": attachment.content_type,
                "size": attachment.size,
                "sha256": attachment.sha256,
                "content_id": attachment.content_id,
                "inline": attachment.inline,
            }
            for attachment in parsed.attachments
        ],
        "kind": parsed.kind,
        "bounce": _bounce(parsed),
        "forwarded": _forwarded(parsed),
        "language": parsed.language,
        "defects": list(parsed.defects),
        "decision": None,
    }


def _people(people: tuple[Address, ...]) -> list[dict[str, str]]:
    return [{"name": person.name, "address": person.address} for person in people]


def _bounce(parsed: ParsedMail) -> dict[str, Any] | None:
    if parsed.bounce is None:
        return None
    recipients = [
        {"address": one.address, "action": one.action, "status": one.status, "reason": one.reason}
        for one in parsed.bounce.recipients
    ]
    return {"recipients": recipients, "original_message_id": parsed.bounce.original_message_id}


def _forwarded(parsed: ParsedMail) -> dict[str, Any] | None:
    passed_on = parsed.forwarded
    if passed_on is None:
        return None
    return {
        "from": _people((passed_on.from_,))[0] if passed_on.from_ else None,
        "to": _people(passed_on.to),
        "cc": _people(passed_on.cc),
        "subject": passed_on.subject,
        "date": passed_on.date,
        "text": passed_on.text,
    }


def document_of(path: str, own: frozenset[str], database: str | None) -> dict[str, Any]:
    """The document of one file; raises OSError and :class:`UnreadableMail`."""
    raw = Path(path).read_bytes()
    parsed = parse(raw, own_addresses=own)
    document = as_document(parsed)
    if database:
        document["decision"] = _decision(database, parsed, raw)
    return document


def _decision(database: str, parsed: ParsedMail, raw: bytes) -> dict[str, Any]:
    from tui_desk.services.intake import (
        explain_decision,
    )  # only with a database: it costs half a second of imports

    decision: dict[str, Any] = explain_decision(database, parsed, raw)
    return decision


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON document."))
@click.option("--jsonl", is_flag=True, help=_("Print one JSON document a line, for any number of files."))
@click.option("--own", multiple=True, metavar="ADDRESS", help=_("A company address; may be repeated."))
@click.option(
    "--db", "database", envvar="TUI_DESK_DATABASE", metavar="URL", help=_("Also say what this desk would do.")
)
def explain(
    files: tuple[str, ...], as_json: bool, jsonl: bool, own: tuple[str, ...], database: str | None
) -> None:
    """What the engine sees in a message, and what it would do with it. Nothing is written."""
    addresses = frozenset(address.lower() for address in own)
    failed = False
    for path in files:
        try:
            document = document_of(path, addresses, database)
        except (OSError, UnreadableMail) as error:
            document = {"error": str(error)}
        except Exception as error:  # noqa: BLE001 - the border of the command line: one file stops no other
            document = {"error": f"{type(error).__name__}: {error}"}
        failed = failed or "error" in document
        if jsonl:
            print(json.dumps({"file": path, **document}))
        elif "error" in document:
            click.echo(
                _("{file} cannot be read: {cause}").format(file=path, cause=document["error"]), err=True
            )
        elif as_json:
            click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            click.echo(_as_text(document))
    sys.exit(1 if failed else 0)


def _as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    explain()
