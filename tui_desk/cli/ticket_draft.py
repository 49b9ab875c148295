"""``tui-desk ticket draft``: what is being written and not yet sent, as the compose screen keeps it."""

from __future__ import annotations

import click

from tui_desk.cli.base import TICKET, DeskGroup, enum_value, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.text_input import text_of
from tui_desk.contracts.conversation import DraftView, DropDraft, ListDrafts, OpenCompose, SaveDraft
from tui_desk.contracts.tickets import ShowTicket
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word

_number = click.argument("number", type=TICKET, metavar="NUMBER")
_kind = click.option(
    "--kind", type=enum_value(DraftKind), default=DraftKind.REPLY, help=_("Which draft. Default: reply.")
)
_SHOWN = 60


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


@draft.command("drop", help=_("Throw your draft away."))
@_number
@_kind
@pass_invocation
def drop(run: Invocation, number: int, kind: DraftKind) -> None:
    """Delete the acting agent's draft."""
    mine = [one for one in run.ask(ShowTicket(number)).drafts if one.mine and one.kind is kind]
    if not mine:
        raise NotFound(
            _("You have no draft of that kind in ticket #{number}.").format(number=number),
            _("See: tui-desk ticket draft show {number}").format(number=number),
        )
    run.ask(DropDraft(number, kind))
    run.answer(
        {"number": number, "kind": kind, "dropped": True},
        lambda: _("{kind}: the draft in ticket #{number} is gone.").format(kind=word(kind), number=number),
    )
