"""Sentences of the queue: its orders, what an empty list teaches, what it says of the row under the cursor."""

from __future__ import annotations

from tui_desk.core.i18n import _, ngettext, pgettext


def quit_question() -> str:
    return _("q again leaves tui-desk; drafts are kept.")


def sort_title(sort: str) -> str:
    return {
        "updated": _("last change first"),
        "created": _("newest first"),
        "priority": _("most urgent first"),
        "due": _("first due first"),
    }[sort]


def sort_sign(sort: str) -> str:
    """The order in a word, behind the sign that its column's heading has."""
    word = {
        "updated": pgettext("order of the queue", "changed"),
        "created": pgettext("order of the queue", "newest"),
        "priority": pgettext("order of the queue", "urgent"),
        "due": pgettext("order of the queue", "due"),
    }[sort]
    return f"▾ {word}"


def empty(view: str, query: str) -> str:
    """What an empty list teaches."""
    if query:
        return _("Nothing in this view fits the filter. Esc clears it, 6 looks in everything.")
    sentences = {
        "mine": _("Nothing is assigned to you. 2 shows what nobody has taken; I takes one."),
        "unassigned": _("Everything is taken. 3 shows all that is open."),
        "open": _("Nothing is open. N writes down a call or a visit; mail arrives by itself."),
        "pending": _(
            "Nothing is pending. s sets a ticket pending, until its requester answers or somebody else is done."
        ),
        "resolved": _("Nothing is resolved yet. s sets a ticket's status."),
        "snoozed": _("Nothing is put off. Z puts a ticket off until tomorrow 9, fri, 3d or an answer."),
        "teams": _(
            "Your teams have nothing to do. T gives a ticket to a team; an admin says who belongs to one."
        ),
        "overdue": _("Nothing is overdue: neither a next action nor an open task has passed its day."),
        "all": _("No tickets yet. N writes down a call or a visit; mail arrives by itself."),
    }
    return sentences[view]


def moved(number: int, group: str, lines: int) -> str:
    """What a refresh did to the row under the cursor: it changed and went elsewhere, or others came or went above it."""
    if group:
        return _("#{number} changed: it stands under “{group}” now.").format(number=number, group=group)
    if not lines:
        return _("#{number} changed and moved in the list.").format(number=number)
    count = abs(lines)
    if lines > 0:
        told = ngettext(
            "The list went down a line; the cursor is still on #{number}.",
            "The list went down {count} lines; the cursor is still on #{number}.",
            count,
        )
    else:
        told = ngettext(
            "The list went up a line; the cursor is still on #{number}.",
            "The list went up {count} lines; the cursor is still on #{number}.",
            count,
        )
    return told.format(count=count, number=number)
