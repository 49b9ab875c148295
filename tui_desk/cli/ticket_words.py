"""Verbs of ``tui-desk ticket`` that put words into the conversation, or take something out of it."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

import click

from tui_desk.cli.base import (
    ID,
    TICKET,
    DeskCommand,
    Value,
    enum_value,
    examples,
    pass_invocation,
    token_option,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import print_json, tell
from tui_desk.cli.text_input import existing_files, text_of
from tui_desk.contracts.conversation import (
    AddNote,
    FetchOriginal,
    RawMessage,
    Rescheduled,
    SaveAttachment,
    SendReply,
    SentResult,
)
from tui_desk.core import moment_text
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DraftKind, MessageKind, TicketStatus
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.moments import read_moment

_number = click.argument("number", type=TICKET, metavar="NUMBER")
_body = click.option("--body", metavar="TEXT", help=_("What you write, as Markdown."))
_body_file = click.option("--body-file", metavar="FILE", help=_("The same from a file; - is standard input."))
_attach = click.option(
    "--attach", multiple=True, metavar="FILE", help=_("A file to attach; may be repeated.")
)
_at = click.option(
    "--at",
    "leave_at",
    metavar="WHEN",
    help=_("When it leaves, in local time: 'tomorrow 9', 'fri 14:30', 'in 2h', 2026-12-01T08:00Z."),
)
_kinds = Value(
    MessageKind,
    [str(kind) for kind in (MessageKind.NOTE, MessageKind.PHONE, MessageKind.CHAT, MessageKind.FORM)],
)

FINDINGS = (
    "newer_message",
    "recipients_changed",
    "attachment_missing",
    "outsider",
    "variables",
    "empty",
    "ticket_ended",
    "check_waiting",
    "check_refused",
    "check_changed",
    "check_outdated",
)
"""Codes of what the send guard may find."""

SEEN_WITH_RECIPIENTS = ("recipients_changed", "outsider")
"""Findings that whoever names the recipients on the command line has answered already."""


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (reply, forward, note, attachment, raw, fetch_original):
        group.add_command(command)


@click.command(
    "reply",
    cls=DeskCommand,
    help=_("Answer the requester by mail. The message waits for the undo window, then the worker sends it."),
    epilog=examples(
        "tui-desk ticket reply 1042 --body 'It works **again**.' --status-after resolved",
        "tui-desk ticket reply 1042 --body-file answer.md --attach manual.pdf --cc ben@example.org",
        "tui-desk ticket reply 1042 --body 'We come today.' --at 'tomorrow 9'",
    ),
)
@_number
@_body
@_body_file
@click.option(
    "--to", default="", metavar="A", help=_("To whom, instead of the requester; several with commas.")
)
@click.option("--cc", default="", metavar="A", help=_("Copies; several with commas."))
@click.option("--bcc", default="", metavar="A", help=_("Hidden copies; several with commas."))
@click.option("--all", "to_all", is_flag=True, help=_("To everybody in the conversation."))
@_attach
@click.option("--now", is_flag=True, help=_("Skip the undo window: it can leave at once."))
@_at
@click.option("--status-after", type=enum_value(TicketStatus), help=_("Also set the status."))
@click.option(
    "--confirm",
    multiple=True,
    metavar="CODE",
    help=_("Send although the send guard found CODE; what was not sent names it. all is every one."),
)
@click.option(
    "--despite",
    default="",
    metavar="REASON",
    help=_("Why it is resolved or closed although something is open; the history keeps it."),
)
@token_option
@pass_invocation
def reply(
    run: Invocation,
    number: int,
    body: str | None,
    body_file: str | None,
    to: str,
    cc: str,
    bcc: str,
    to_all: bool,
    attach: tuple[str, ...],
    now: bool,
    leave_at: str | None,
    status_after: TicketStatus | None,
    confirm: tuple[str, ...],
    despite: str,
    token: str,
) -> None:
    """Write a reply and put it into the outbox."""
    named = SEEN_WITH_RECIPIENTS if to or cc or bcc else ()
    request = SendReply(
        number=number,
        body=text_of(body, body_file),
        kind=DraftKind.REPLY_ALL if to_all else DraftKind.REPLY,
        to=to,
        cc=cc,
        bcc=bcc,
        confirmed=(*confirmed_codes(confirm), *named),
        now=now,
        leave_at=moment(leave_at),
        status_after=status_after.value if status_after else "",
        attach_paths=existing_files(attach),
        despite=despite,
        token=token,
    )
    sent(run, run.ask(request), later=leave_at is not None)


@click.command("forward", cls=DeskCommand, help=_("Pass the conversation on to somebody else."))
@_number
@click.option("--to", required=True, metavar="A", help=_("To whom; several with commas."))
@_body
@_body_file
@_attach
@click.option("--now", is_flag=True, help=_("Skip the undo window: it can leave at once."))
@_at
@click.option(
    "--confirm",
    multiple=True,
    metavar="CODE",
    help=_("Send although the send guard found CODE; what was not sent names it. all is every one."),
)
@token_option
@pass_invocation
def forward(
    run: Invocation,
    number: int,
    to: str,
    body: str | None,
    body_file: str | None,
    attach: tuple[str, ...],
    now: bool,
    leave_at: str | None,
    confirm: tuple[str, ...],
    token: str,
) -> None:
    """Forward out of the ticket."""
    request = SendReply(
        number=number,
        body=text_of(body, body_file, required=False),
        kind=DraftKind.FORWARD,
        to=to,
        confirmed=(*confirmed_codes(confirm), *SEEN_WITH_RECIPIENTS),
        now=now,
        leave_at=moment(leave_at),
        attach_paths=existing_files(attach),
        token=token,
    )
    sent(run, run.ask(request), later=leave_at is not None)


def confirmed_codes(codes: tuple[str, ...]) -> tuple[str, ...]:
    """The findings that were answered beforehand. Raises UsageError for a word that is none."""
    for code in codes:
        if code not in (*FINDINGS, "all"):
            raise UsageError(
                _("“{value}” is no {name}.").format(value=code, name="CODE"),
                _("Allowed: {allowed}.").format(allowed=", ".join((*FINDINGS, "all"))),
            )
    return FINDINGS if "all" in codes else codes


def moment(typed: str | None) -> datetime | None:
    """The instant that was typed, local to this terminal. Raises UsageError."""
    return read_moment(typed, utc_now()) if typed is not None else None


def sent(run: Invocation, result: SentResult, *, later: bool) -> None:
    """Say what came of it; findings of the send guard mean that nothing was sent."""
    if result.findings:
        not_sent(run, result)
    if result.notice:
        tell(result.notice)
    run.answer(result, lambda: _sent_sentence(result, later=later))


def not_sent(run: Invocation, result: SentResult | Rescheduled) -> NoReturn:
    """Findings of the send guard: say them, and how to send all the same."""
    if run.as_json:
        print_json(result)
    codes = " ".join(f"--confirm {finding.code}" for finding in result.findings)
    tell("\n".join(finding.sentence for finding in result.findings))
    tell(_("Nothing was sent. To send all the same, add: {codes}").format(codes=codes))
    raise click.exceptions.Exit(1)


def _sent_sentence(result: SentResult, *, later: bool) -> str:
    if result.held_until is not None and later:
        return _(
            "The message leaves {when}. Another time: tui-desk outbox send {id} --at WHEN; back: outbox cancel {id}."
        ).format(when=moment_text.told(result.held_until, utc_now()), id=result.outbox_id)
    if result.held_until is not None:
        return _("The message leaves at {time}; until then: tui-desk outbox cancel {id}.").format(
            time=result.held_until.astimezone().strftime("%H:%M:%S"), id=result.outbox_id
        )
    return _("The message is in the outbox as number {id}.").format(id=result.outbox_id)


@click.command("note", cls=DeskCommand, help=_("Write an internal note; it never leaves the desk."))
@_number
@_body
@_body_file
@_attach
@click.option(
    "--kind",
    type=_kinds,
    default=MessageKind.NOTE,
    help=_("Log a phone call, a chat or a visit (form) instead. Default: note."),
)
@token_option
@pass_invocation
def note(
    run: Invocation,
    number: int,
    body: str | None,
    body_file: str | None,
    attach: tuple[str, ...],
    kind: MessageKind,
    token: str,
) -> None:
    """Add a note."""
    result = run.ask(AddNote(number, text_of(body, body_file), kind, existing_files(attach), token))
    if result.findings:
        raise Refused(" ".join(finding.sentence for finding in result.findings))
    run.answer(result, lambda: _("The note is in ticket #{number}.").format(number=number))


@click.command(
    "attachment", cls=DeskCommand, help=_("Save an attachment (its id is in ticket show) into a folder.")
)
@click.argument("attachment_id", type=ID, metavar="ID")
@click.option(
    "--folder",
    default=".",
    metavar="FOLDER",
    help=_("Where to; nothing is overwritten. Default: this folder."),
)
@pass_invocation
def attachment(run: Invocation, attachment_id: int, folder: str) -> None:
    """Write an attachment to disk."""
    path = run.ask(SaveAttachment(attachment_id, folder))
    run.answer({"path": path}, lambda: _("Saved as {path}.").format(path=path))


@click.command(
    "raw", cls=DeskCommand, help=_("The source of a mail (message ids are in ticket show --json).")
)
@click.argument("message_id", type=ID, metavar="MESSAGE")
@pass_invocation
def raw(run: Invocation, message_id: int) -> None:
    """Print the original source, made safe."""
    source = run.ask(RawMessage(message_id))
    run.answer({"message": message_id, "raw": source}, lambda: source)


@click.command(
    "fetch-original",
    cls=DeskCommand,
    help=_(
        "Get the whole of a message that was too large to be fetched (message ids are in ticket show --json)."
    ),
)
@click.argument("message_id", type=ID, metavar="MESSAGE")
@pass_invocation
def fetch_original(run: Invocation, message_id: int) -> None:
    """Ask the mail server for what was left there."""
    sentence = run.ask(FetchOriginal(message_id))
    run.answer({"message": message_id, "sentence": sentence}, lambda: sentence)
