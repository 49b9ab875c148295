"""``tui-desk ticket draft check …``: a colleague checks a draft before it leaves."""

from __future__ import annotations

import click

from tui_desk.cli.base import ID, TICKET, DeskCommand, enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.text_input import text_of
from tui_desk.contracts.reviews import (
    AskReview,
    DecideReview,
    ListReviews,
    ReviewDecision,
    ReviewView,
    TakeOverReview,
    WithdrawReview,
)
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import word

_id = click.argument("review_id", type=ID, metavar="ID")
_comment = click.option("--comment", default="", metavar="TEXT", help=_("A word for who wrote it."))
_SHOWN = 60


def add_to(group: click.Group) -> None:
    """Hang these verbs onto ``ticket draft``."""
    for command in (check, checks, approve, change, refuse, withdraw, take_over):
        group.add_command(command)


@click.command(
    "check",
    cls=DeskCommand,
    help=_("Ask a colleague to check your draft before it leaves."),
    epilog=examples("tui-desk ticket draft check 1042 --by ben --question 'Is the price right?'"),
)
@click.argument("number", type=TICKET, metavar="NUMBER")
@click.option("--by", "reviewer", required=True, metavar="LOGIN", help=_("Who should check it."))
@click.option("--question", default="", metavar="TEXT", help=_("What they should look at."))
@click.option(
    "--kind", type=enum_value(DraftKind), default=DraftKind.REPLY, help=_("Which draft. Default: reply.")
)
@click.option(
    "--at-once", is_flag=True, help=_("It leaves when it is approved, unless somebody has written meanwhile.")
)
@pass_invocation
def check(run: Invocation, number: int, reviewer: str, question: str, kind: DraftKind, at_once: bool) -> None:
    """Ask for a check."""
    _answer(run, run.ask(AskReview(number, kind, reviewer, question, at_once)))


@click.command("checks", cls=DeskCommand, help=_("List what waits for your check, then what you asked."))
@click.option("--all", "everything", is_flag=True, help=_("What is over, too."))
@pass_invocation
def checks(run: Invocation, everything: bool) -> None:
    """Print the checks that concern the acting agent."""
    found = run.ask(ListReviews(everything))
    rows = [
        (
            view.id,
            view.ticket,
            state_word(view),
            view.author,
            view.reviewer,
            safe_line(view.question or view.text or view.decided_text, _SHOWN),
        )
        for view in found
    ]
    headings = (_("Id"), _("No."), _("State"), _("Author"), _("Checked by"), _("Question"))
    run.answer(
        found, lambda: table(headings, rows, flexible=5) if rows else _("Nothing waits to be checked.")
    )


@click.command("approve", cls=DeskCommand, help=_("The draft may leave as it stands."))
@_id
@_comment
@pass_invocation
def approve(run: Invocation, review_id: int, comment: str) -> None:
    """Approve a draft."""
    _answer(run, run.ask(DecideReview(review_id, ReviewDecision.APPROVE, comment)))


@click.command(
    "change",
    cls=DeskCommand,
    help=_("Give the draft back with another text; its author sees what is changed and takes it over."),
)
@_id
@click.option("--body", metavar="TEXT", help=_("The whole text as it should be."))
@click.option("--body-file", metavar="FILE", help=_("The same from a file; - is standard input."))
@_comment
@pass_invocation
def change(run: Invocation, review_id: int, body: str | None, body_file: str | None, comment: str) -> None:
    """Give a draft back changed."""
    text = text_of(body, body_file)
    _answer(run, run.ask(DecideReview(review_id, ReviewDecision.CHANGE, comment, text)))


@click.command("refuse", cls=DeskCommand, help=_("The draft should not leave so."))
@_id
@click.option("--comment", required=True, metavar="WHY", help=_("Why not."))
@pass_invocation
def refuse(run: Invocation, review_id: int, comment: str) -> None:
    """Refuse a draft."""
    _answer(run, run.ask(DecideReview(review_id, ReviewDecision.REFUSE, comment)))


@click.command("withdraw", cls=DeskCommand, help=_("Take the question back; the draft stays."))
@_id
@pass_invocation
def withdraw(run: Invocation, review_id: int) -> None:
    """Withdraw a question."""
    _answer(run, run.ask(WithdrawReview(review_id)))


@click.command("take-over", cls=DeskCommand, help=_("The colleague's text becomes your draft."))
@_id
@pass_invocation
def take_over(run: Invocation, review_id: int) -> None:
    """Take a changed text over."""
    _answer(run, run.ask(TakeOverReview(review_id)))


def state_word(view: ReviewView) -> str:
    """Where a check stands, as people call it."""
    names = {
        "waiting": _("waiting"),
        "approved": _("approved"),
        "outdated": _("changed since it was approved"),
        "changed": _("changed"),
        "refused": _("refused"),
        "withdrawn": _("withdrawn"),
    }
    return names.get(view.standing or view.state, view.state)


def _answer(run: Invocation, view: ReviewView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: ReviewView) -> str:
    head = fields(
        [
            (_("Check"), str(view.id)),
            (_("Ticket"), f"#{view.ticket} {view.subject}"),
            (_("Draft"), word(view.kind) if view.kind is not None else _("has left, or was thrown away")),
            (_("State"), state_word(view)),
            (_("Author"), view.author),
            (_("Checked by"), view.reviewer),
            (_("To"), view.to),
            (_("Cc"), view.cc),
            (_("Bcc"), view.bcc),
            (_("Attachments"), ", ".join(view.files)),
            (_("Question"), view.question),
            (_("Comment"), view.comment),
        ]
    )
    changed = "\n".join(f"{one.mark} {one.text}".rstrip() for one in view.changes)
    return f"{head}\n\n{changed or view.text or view.decided_text}".strip()
