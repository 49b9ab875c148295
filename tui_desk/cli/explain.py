"""``tui-desk explain``: what the engine sees in a message, and what the desk would do with it. Writes nothing."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from tui_desk.cli.base import DeskCommand, examples, invocation_of
from tui_desk.cli.explain_text import explained
from tui_desk.cli.output import plain, print_json, say, tell
from tui_desk.core.errors import DeskError, NotFound, UsageError
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


def document_of(path: str, own: frozenset[str], desk: Desk | None) -> dict[str, Any]:
    """The document of one file. Raises OSError and :class:`UnreadableMail`."""
    raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    if desk is None:
        return as_document(parse(raw, own_addresses=own))
    parsed = parse(raw, own_addresses=own | desk.own_addresses, desk_tokens=desk.tokens)
    return {**as_document(parsed), "decision": desk.decide(parsed, raw)}


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk that is asked what it would do with a mail."""

    own_addresses: frozenset[str]
    tokens: frozenset[str]
    decide: Callable[[ParsedMail, bytes], dict[str, Any]]


def _open_desk(text: str) -> Desk:
    """The desk in the database ``text`` names; it is read only, so none is made. Raises DeskError."""
    # Imported here: without a database no mail is worth half a second of SQLAlchemy.
    from tui_desk.db.engine import open_database
    from tui_desk.db.url import parse_database_url
    from tui_desk.services.desk_facts import desk_facts
    from tui_desk.services.intake import explain_decision

    url = parse_database_url(text)
    if url.path is not None and not url.path.exists():
        raise NotFound(_("There is no database {url}.").format(url=url))
    database = open_database(url)
    with database.reading() as session:
        facts = desk_facts(session)

    def decide(parsed: ParsedMail, raw: bytes) -> dict[str, Any]:
        decision: dict[str, Any] = explain_decision(database, parsed, raw)
        return decision

    return Desk(facts.own_addresses, facts.desk_tokens, decide)


@click.command(
    "explain",
    cls=DeskCommand,
    help=_(
        "What the engine sees in a message (FILE - is standard input) and, with --db or TUI_DESK_DATABASE, what that desk "
        "would do with it. Nothing is written."
    ),
    epilog=examples(
        "tui-desk explain --own support@example.org mail.eml",
        "tui-desk --db desk.db explain - < mail.eml",
        "tui-desk explain --jsonl mails/*.eml",
    ),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(allow_dash=True))
@click.option("--jsonl", is_flag=True, help=_("Print one JSON document a line, for any number of files."))
@click.option("--own", multiple=True, metavar="ADDRESS", help=_("A company address; may be repeated."))
@click.pass_context
def explain(context: click.Context, files: tuple[str, ...], jsonl: bool, own: tuple[str, ...]) -> None:
    """Explain some files; exit code 1 when one cannot be read, 3 when the only one is not there."""
    invocation = invocation_of(context)
    if invocation.as_json and not jsonl and len(files) > 1:
        raise UsageError(_("--json prints one document."), _("For several files take --jsonl."))
    database = invocation.database or os.environ.get("TUI_DESK_DATABASE", "")
    desk = _open_desk(database) if database else None
    addresses = frozenset(address.strip().lower() for address in own)
    failures = []
    for position, path in enumerate(files):
        found = _outcome(path, addresses, desk)
        if jsonl:
            error = {"error": str(found)} if isinstance(found, DeskError) else found
            sys.stdout.write(json.dumps({"file": path, **plain(error)}) + "\n")
        elif isinstance(found, DeskError):
            if len(files) > 1:
                tell(str(found))
        elif invocation.as_json:
            print_json(found)
        else:
            say(("\n" if position else "") + explained(found, path if len(files) > 1 else ""))
        if isinstance(found, DeskError):
            failures.append(found)
    if failures and len(files) == 1 and not jsonl:
        raise failures[0]
    context.exit(1 if failures else 0)


def _outcome(path: str, own: frozenset[str], desk: Desk | None) -> dict[str, Any] | DeskError:
    """The document of a file, or why there is none: one file stops no other."""
    try:
        return document_of(path, own, desk)
    except DeskError as error:
        return error
    except FileNotFoundError:
        return NotFound(_("There is no file {path}.").format(path=path))
    except OSError as error:
        return _unreadable(path, error.strerror or str(error))
    except UnreadableMail as error:
        return _unreadable(path, error.cause)
    except Exception as error:  # noqa: BLE001 - the border of the command line
        return _unreadable(path, f"{type(error).__name__}: {error}")


def _unreadable(path: str, cause: str) -> DeskError:
    return DeskError(_("{file} cannot be read: {cause}").format(file=path, cause=cause))
