"""``tui-desk ticket draft``: what is being written and not yet sent, as the compose screen keeps it."""

from __future__ import annotations

import click

from tui_desk.cli import ticket_check
from tui_desk.cli.base import TICKET, DeskGroup, enum_value, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.text_input import text_of
from tui_desk.cli.ticket_words import confirmed_codes, sent
from tui_desk.contracts.conversation import (
    DraftView,
    DropDraft,
    ListDrafts,
    OpenCompose,
    SaveDraft,
    SendReply,
)
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word

_SHOWN = 60
_number = click.argument("number", type=TICKET, metavar="NUMBER")
_kind = click.option(
    "--kind", type=enum_value(DraftKind), default=DraftKind.REPLY, help=_("Which draft. Default: reply.")
)


def _mine(run: Invocation, number: int, kind: DraftKind) -> DraftView:
    """The acting agent's own draft of that kind. Raises NotFound."""
    mine = [one for one in run.ask(ShowTicket(number)).drafts if one.mine and one.kind is kind]
    if not mine:
        raise NotFound(
            _("You have no draft of that kind in ticket #{number}.").format(number=number),
            _("See: tui-desk ticket draft show {number}").format(number=number),
        )
    return mine[0]


@click.group(cls=DeskGroup, help=_("What you are writing in tickets: list, show, save, drop."))
def draft() -> None:
    """The noun below the noun."""


@draft.command("list", help=_("List your drafts in all tickets, the newest first."))
@pass_invocation
def list_drafts(run: Invocation) -> None:
    """Print the acting agent's drafts."""
    found = run.ask(ListDrafts())
    rows = [(d.ticket, d.kind, d.to, safe_line(d.body, _SHOWN), d.updated_at) for d in found]
    headings = (_("No."), _("Kind"), _("To"), _("Text"), _("Changed"))
    run.answer(found, lambda: table(headings, rows, flexible=3) if rows else _("No drafts."))


@draft.command("show", help=_("Show the drafts in a ticket, those of colleagues too."))
@_number
@pass_invocation
def show(run: Invocation, number: int) -> None:
    """Print all drafts of a ticket."""
    found = run.ask(ShowTicket(number)).drafts
    run.answer(found, lambda: "\n\n".join(map(_as_text, found)) or _("No drafts."))


def _as_text(view: DraftView) -> str:
    head = fields(
        [
            (_("Kind"), view.kind),
            (_("Agent"), view.agent),
            (_("To"), view.to),
            (_("Cc"), view.cc),
            (_("Bcc"), view.bcc),
            (_("Attachments"), ", ".join(one.filename for one in view.attachments)),
            (_("Changed"), view.updated_at),
        ]
    )
    return f"{head}\n\n{view.body.strip()}".strip()


@draft.command(
    "save", help=_("Keep a text as your draft, to go on with it in the interface; replaces the one there.")
)
@_number
@_kind
@click.option("--body", metavar="TEXT", help=_("What you write, as Markdown."))
@click.option("--body-file", metavar="FILE", help=_("The same from a file; - is standard input."))
@click.option("--to", metavar="A", help=_("To whom, instead of the requester; several with commas."))
@click.option("--cc", metavar="A", help=_("Copies; several with commas."))
@click.option("--bcc", default="", metavar="A", help=_("Hidden copies; several with commas."))
@pass_invocation
def save(
    run: Invocation,
    number: int,
    kind: DraftKind,
    body: str | None,
    body_file: str | None,
    to: str | None,
    cc: str | None,
    bcc: str,
) -> None:
    """Save a draft."""
    text = text_of(body, body_file)
    opened = run.ask(OpenCompose(number, kind))
    request = SaveDraft(
        number=number,
        kind=kind,
        body=text,
        to=opened.to if to is None else to,
        cc=opened.cc if cc is None else cc,
        bcc=bcc,
        base_message_id=opened.base_message_id,
    )
    run.ask(request)
    run.answer(
        {"number": number, "kind": kind},
        lambda: _("The draft is kept in ticket #{number}.").format(number=number),
    )


@draft.command(
    "send",
    help=_("Send your draft as it stands, to whom it is written; with a check, once it is approved."),
)
@_number
@_kind
@click.option("--now", is_flag=True, help=_("Skip the undo window: it can leave at once."))
@click.option(
    "--confirm",
    multiple=True,
    metavar="CODE",
    help=_("Send although the send guard found CODE; what was not sent names it. all is every one."),
)
@pass_invocation
def send(run: Invocation, number: int, kind: DraftKind, now: bool, confirm: tuple[str, ...]) -> None:
    """Send the acting agent's draft."""
    mine = _mine(run, number, kind)
    request = SendReply(
        number,
        mine.body,
        kind,
        mine.to,
        mine.cc,
        mine.bcc,
        mine.base_message_id,
        confirmed_codes(confirm),
        now=now,
        token=mine.token,
    )
    sent(run, run.ask(request), later=False)


@draft.command("drop", help=_("Throw your draft away."))
@_number
@_kind
@pass_invocation
def drop(run: Invocation, number: int, kind: DraftKind) -> None:
    """Delete the acting agent's draft."""
    _mine(run, number, kind)
    run.ask(DropDraft(number, kind))
    run.answer(
        {"number": number, "kind": kind, "dropped": True},
        lambda: _("{kind}: the draft in ticket #{number} is gone.").format(kind=word(kind), number=number),
    )


ticket_check.add_to(draft)
