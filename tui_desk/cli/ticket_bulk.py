"""``tui-desk ticket bulk``: one change of many tickets, named by number or found by a query; and one undo."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from secrets import token_hex
from typing import Any

import click

from tui_desk.cli.base import TICKET, DeskCommand, assignments, enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table, tell
from tui_desk.cli.own_values import part_own
from tui_desk.cli.text_input import text_of
from tui_desk.cli.ticket_change import NAMES, fields_request
from tui_desk.contracts.bulk import (
    MOST,
    BulkChange,
    BulkLine,
    BulkPreview,
    BulkResult,
    ChangeBulk,
    MergeInto,
    PreviewBulk,
    ReplyToEach,
    Target,
    UndoBulk,
)
from tui_desk.contracts.queue import VIEWS, ListTickets
from tui_desk.contracts.tagging import ChangeTags
from tui_desk.contracts.tickets import MarkSpam, TakeTicket
from tui_desk.core.enums import TicketStatus
from tui_desk.core.errors import Refused, Unavailable, UsageError
from tui_desk.core.i18n import _, ngettext

_VERBS = ("set", "tag", "untag", "take", "merge", "spam", "reply", "undo")
_SIGNS = {"changed": "→", "unchanged": "=", "repeated": "=", "refused": "×"}


@click.command(
    "bulk",
    cls=DeskCommand,
    help=_(
        "Change many tickets as one deed: the numbers, or --query, then what is done: set NAME=VALUE..., tag vpn, untag vpn, take, "
        "merge NUMBER (into that one), spam, reply (with --body), or undo TOKEN. --dry-run shows what would happen, ticket by ticket. What one ticket "
        "refuses is told and does not stop the others; the exit code is 1 then."
    ),
    epilog=examples(
        "tui-desk ticket bulk --query 'category:printer status:open' set status=pending --dry-run",
        "tui-desk ticket bulk 1042 1043 1051 tag fair,-waiting",
        "tui-desk ticket bulk --query tag:outage reply --body-file over.md --status-after resolved --token outage-over",
        "tui-desk ticket bulk undo outage-over",
    ),
)
@click.argument("words", nargs=-1, required=True, metavar="[N...] VERB [WHAT...]")
@click.option("--query", default="", metavar="Q", help=_("The tickets that fit, as in ticket list --query."))
@click.option(
    "--view", type=click.Choice(VIEWS), default="all", help=_("Of these the query finds. Default: all.")
)
@click.option("--dry-run", is_flag=True, help=_("Show what would happen; change nothing."))
@click.option(
    "--body", metavar="TEXT", help=_("Of a reply, as Markdown; {requester.first_name} and other variables.")
)
@click.option("--body-file", metavar="FILE", help=_("The same from a file; - is standard input."))
@click.option("--status-after", type=enum_value(TicketStatus), help=_("Of a reply: also set the status."))
@click.option("--confirm", multiple=True, metavar="CODE", help=_("Send although the send guard found CODE."))
@click.option("--now", is_flag=True, help=_("Skip the undo window: what is sent can leave at once."))
@click.option(
    "--despite",
    default="",
    metavar="REASON",
    help=_("Why it is resolved or closed although something is open; the history keeps it."),
)
@click.option(
    "--token",
    default="",
    metavar="WORD",
    help=_("A name for this one deed: run again with it, nothing is done or sent twice. undo takes it."),
)
@pass_invocation
def bulk(
    run: Invocation,
    words: tuple[str, ...],
    query: str,
    view: str,
    dry_run: bool,
    body: str | None,
    body_file: str | None,
    status_after: TicketStatus | None,
    confirm: tuple[str, ...],
    now: bool,
    despite: str,
    token: str,
) -> None:
    """Change many tickets."""
    numbers, verb, rest = _parted(words)
    if verb == "undo":
        _undo(run, numbers, query, rest)
        return
    if verb == "reply":
        if rest:
            raise UsageError(_("The text of a reply goes behind --body."))
        text = text_of(body, body_file)
        status = status_after.value if status_after else ""
        change: BulkChange = ReplyToEach(text, status, despite, now, confirm)
    elif body is not None or body_file is not None or status_after is not None:
        raise UsageError(_("--body, --body-file and --status-after belong to reply."))
    else:
        change = _change(verb, rest, despite)
    wanted = _numbers(run, numbers, query, view)
    if not wanted:
        run.answer({"tickets": [], "dry_run": dry_run}, lambda: _("No ticket fits; nothing was done."))
        return
    if dry_run:
        with run.not_slow():
            seen = run.ask(PreviewBulk(wanted, change, _Told(_("{done} of {of} looked at"))))
        run.answer(_previewed(seen), lambda: _preview_text(seen))
        return
    name = token or token_hex(8)
    with run.not_slow():
        try:
            done = run.ask(
                ChangeBulk(tuple(map(Target, wanted)), change, name, _Told(_("{done} of {of} done")))
            )
        except Unavailable as error:
            raise Unavailable(error.sentence, _again(name)) from error
    _answer(run, done)


def _parted(words: Sequence[str]) -> tuple[tuple[int, ...], str, tuple[str, ...]]:
    """Numbers, verb, and what follows it."""
    at = next((place for place, word in enumerate(words) if word in _VERBS), None)
    if at is None:
        raise UsageError(
            _("Say what is to be done: {verbs}.").format(verbs=", ".join(_VERBS)),
            _("tui-desk ticket bulk 1042 1043 set priority=high"),
        )
    context = click.get_current_context()
    numbers = tuple(TICKET.convert(word, None, context) for word in words[:at])
    return numbers, words[at], tuple(words[at + 1 :])


def _change(verb: str, rest: tuple[str, ...], despite: str) -> BulkChange:
    """What is done to each. Raises UsageError."""
    if verb == "set":
        if not rest:
            raise UsageError(_("Nothing to set was named."))
        others, own = part_own(rest)
        return replace(fields_request(0, assignments(others, NAMES)), despite=despite, fields=own)
    if verb in ("tag", "untag"):
        words = [word.strip() for given in rest for word in given.split(",") if word.strip("+-# ")]
        if verb == "untag":
            words = [f"-{word.lstrip('+-')}" for word in words]
        remove = tuple(word[1:] for word in words if word.startswith("-"))
        add = tuple(word.lstrip("+") for word in words if not word.startswith("-"))
        if not words:
            raise UsageError(
                _("Name a tag."), _("tag vpn adds it, untag vpn takes it away, tag vpn,-spam does both.")
            )
        return ChangeTags(0, add, remove)
    if verb == "merge":
        if len(rest) != 1:
            raise UsageError(_("merge takes one number: the ticket that they go into."))
        return MergeInto(TICKET.convert(rest[0], None, click.get_current_context()))
    if rest:
        raise UsageError(_("“{word}” is too much.").format(word=rest[0]))
    return TakeTicket(0) if verb == "take" else MarkSpam(0)


def _numbers(run: Invocation, numbers: tuple[int, ...], query: str, view: str) -> tuple[int, ...]:
    """The tickets that are meant. A query that nothing names is refused: it would be the whole desk."""
    if numbers and query.strip():
        raise UsageError(_("Name numbers or a query, not both."))
    if numbers:
        return tuple(dict.fromkeys(numbers))
    if not query.strip():
        raise UsageError(_("Say which tickets: their numbers, or --query."))
    from tui_desk.cli.query_check import check_query
    from tui_desk.rules.query import refuse_cut_exclusion

    check_query(run, query)
    page = run.ask(ListTickets(view=view, query=query, limit=MOST))
    refuse_cut_exclusion(query, page.cut)
    if page.cut:
        from tui_desk.rules.query_fields import cut_sentence

        tell(cut_sentence())
    if page.has_after:
        raise UsageError(
            _("More than {count} tickets fit; nothing was done.").format(count=MOST),
            _("Narrow the query: in steps by created:, by team: …"),
        )
    return tuple(row.number for row in page.rows)


def _undo(run: Invocation, numbers: tuple[int, ...], query: str, rest: tuple[str, ...]) -> None:
    if numbers or query or len(rest) != 1:
        raise UsageError(_("undo takes the token of the deed, and nothing else."))
    _answer(run, run.ask(UndoBulk(rest[0], _Told(_("{done} of {of} done")))))


def _answer(run: Invocation, done: BulkResult) -> None:
    """Print what was done. Raises Refused where something was left alone, so that a script learns of it."""
    run.answer(_document(done), lambda: _text(done))
    left = done.count("refused") + len(done.left)
    if left:
        told = ngettext("{count} ticket was left alone.", "{count} tickets were left alone.", left)
        raise Refused(told.format(count=left), _again(done.token) if done.trouble else "")


def _again(token: str) -> str:
    return _("Run it again with --token {token}: only what is missing is done.").format(token=token)


def _line(one: BulkLine) -> dict[str, Any]:
    return {"number": one.number, "subject": one.subject, "effect": one.effect, "sentence": one.sentence}


def _previewed(seen: BulkPreview) -> dict[str, Any]:
    tickets = [{**_line(one), **_texts(one), "passable": one.passable} for one in seen.lines]
    return {"dry_run": True, "tickets": tickets, "warnings": list(seen.warnings)}


def _texts(one: BulkLine) -> dict[str, Any]:
    """What would be written there."""
    if one.macro is not None:
        seen = one.macro
        return {
            "to": one.to,
            "text": seen.reply,
            "note": seen.note,
            "steps": list(seen.steps),
            "unfilled": list(seen.unfilled),
        }
    return {"to": one.to, "text": one.text} if one.to else {}


def _document(done: BulkResult) -> dict[str, Any]:
    return {
        "dry_run": False,
        "token": done.token,
        "tickets": [_line(one) for one in done.lines],
        "left": list(done.left),
        "held_until": done.held_until,
    }


def _rows(lines: Sequence[BulkLine]) -> str:
    headings = ("", _("No."), _("Subject"), _("What happens"))
    rows = [(_SIGNS[one.effect], one.number, one.subject, _what(one)) for one in lines]
    return table(headings, rows, flexible=2)


def _what(one: BulkLine) -> str:
    return f"{one.to}: {one.sentence}" if one.to else one.sentence


def _preview_text(seen: BulkPreview) -> str:
    counts = _("{changed} would change, {same} are so already, {refused} cannot.").format(
        changed=seen.count("changed"), same=seen.count("unchanged"), refused=seen.count("refused")
    )
    return "\n".join([_rows(seen.lines), counts, *seen.warnings])


def _text(done: BulkResult) -> str:
    refused = [one for one in done.lines if one.effect == "refused"]
    back = _("Taken back with: tui-desk ticket bulk undo {token}").format(token=done.token)
    parts = [done.sentence, *([_rows(refused)] if refused else [])]
    return "\n".join([*parts, *([back] if done.count("changed") else [])])


class _Told:
    """Says on a terminal how far it is, in tens of per cent."""

    def __init__(self, sentence: str) -> None:
        self._sentence, self._told = sentence, 0

    def __call__(self, done: int, of: int) -> bool:
        tens = done * 10 // of
        if self._told < tens < 10 and sys.stderr.isatty():
            self._told = tens
            tell(self._sentence.format(done=done, of=of))
        return True
