"""The check of a draft in words: a line for its author, the draft where it would stand in the conversation, what was changed."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.reviews import ChangedLine, ReviewView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialog import ReadAndAnswer
from tui_desk.widgets.conversation_layout import MessageItem

_MARKS = {"-": "$text-error", "+": "$text-success", "…": "$muted"}


def author_line(review: ReviewView, standing: str, keys: dict[str, str]) -> Content:
    """Where a check stands, for who asked. ``keys``: what to press, by standing."""
    who, said = safe_line(review.reviewer, 40), safe_line(review.comment, 200)
    told = {
        "waiting": ("?", _("{who} is asked to check this draft").format(who=who), "$text-warning"),
        "approved": ("✓", _("{who} has approved it").format(who=who), "$text-success"),
        "outdated": ("!", _("Changed since {who} approved it").format(who=who), "$text-warning"),
        "changed": ("±", _("{who} has changed the text").format(who=who), "$text-accent"),
        "refused": ("✗", _("{who} does not want it to leave so").format(who=who), "$text-error"),
    }
    if standing not in told:
        return Content("")
    sign, sentence, colour = told[standing]
    parts: list[Part] = [(f"{sign} {sentence}", colour)]
    if standing == "waiting":
        said = safe_line(review.question, 200)
        if review.state == "waiting_to_leave":
            parts.append((f" · {_('leaves when approved')}", colour))
    if keys.get(standing):
        parts.append((f" · {keys[standing]}", "$text-accent"))
    if said:
        parts.append(f"  “{said}”")
    return line(*parts)


def in_compose(review: ReviewView, standing: str) -> Content:
    """The line above the text that is being written."""
    keys = {
        "waiting": _("Ctrl+R takes it back"),
        "approved": _("Ctrl+S sends it"),
        "outdated": _("Ctrl+R asks again"),
        "changed": _("Ctrl+R shows what"),
        "refused": _("Ctrl+R asks again"),
    }
    return author_line(review, standing, keys)


def in_ticket(ticket: TicketView) -> Content:
    """A line for each check that concerns the acting agent."""
    keys = {
        "waiting": _("E takes it back"),
        "approved": _("E sends it"),
        "outdated": _("r opens it"),
        "changed": _("E shows what"),
        "refused": _("r opens it"),
    }
    lines = []
    for review in ticket.reviews:
        if review.for_me:
            asked = _("{who} asks you to check this draft").format(who=safe_line(review.author, 40))
            question = f"  “{safe_line(review.question, 200)}”" if review.question else ""
            lines.append(
                line((f"? {asked}", "$text-warning"), (f" · {_('E checks it')}", "$text-accent"), question)
            )
        elif review.by_me:
            lines.append(author_line(review, review.standing, keys))
    return Content("\n").join(one for one in lines if one.plain)


def draft_items(ticket: TicketView, now: datetime) -> tuple[MessageItem, ...]:
    """The drafts that are being checked, as they would stand in the conversation."""
    return tuple(
        MessageItem(
            key=-review.id,
            kind="draft",
            author=safe_line(review.author, 80),
            at_text=words.moment(review.asked_at, now),
            meta_lines=tuple(_meta(review)),
            segments=(("body", review.text),),
        )
        for review in ticket.reviews
        if review.is_open
    )


def _meta(review: ReviewView) -> list[str]:
    found = [_("To: {names}").format(names=review.to)] if review.to else []
    asked = _("{who} is asked to check it").format(who=review.reviewer)
    found.append(f"? {asked}: “{safe_line(review.question, 400)}”" if review.question else f"? {asked}")
    return found


def _shown(change: ChangedLine) -> str:
    """A line of the comparison; one without text that came or went is named."""
    if not change.text and change.mark in ("-", "+"):
        return _("(an empty line)")
    return safe_line(change.text, 2_000)


class ChangesDialog(ReadAndAnswer):
    """What a colleague changed, line by line. ``y`` takes it over."""

    def __init__(self, review: ReviewView) -> None:
        super().__init__()
        self._review = review

    def compose(self) -> ComposeResult:
        who = safe_line(self._review.reviewer, 60)
        with Vertical(classes="dialog wide"):
            yield Static(
                _("{who} has changed your text").format(who=who), classes="dialog-title", markup=False
            )
            with VerticalScroll(id="findings"):
                yield Static(self._page(), markup=False)
            answers = line(
                ("y", "$text-accent bold"),
                f" {_('Take it over')}    ",
                ("n", "$text-accent bold"),
                f" {_('Keep mine')}",
            )
            yield Static(answers, classes="dialog-answers", markup=False)

    def _page(self) -> Content:
        parts: list[Part] = []
        if self._review.comment:
            parts.append((f"“{safe_line(self._review.comment, 500)}”\n\n", "bold"))
        parts += [(f"{one.mark} {_shown(one)}\n", _MARKS.get(one.mark, "")) for one in self._review.changes]
        return line(*parts).rstrip()
