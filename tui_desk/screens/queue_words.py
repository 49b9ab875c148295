"""Sentences of the queue: its orders, what an empty list teaches, what it says of the row under the cursor."""

from __future__ import annotations

from collections.abc import Callable

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


_NAMED = (
    "clear",
    "go_settings",
    "new_ticket",
    "snooze",
    "status",
    "take",
    "team",
    "view_all",
    "view_open",
    "view_unassigned",
)
"""The actions whose keys an empty list names."""


def empty(view: str, query: str, key: Callable[[str], str], mailbox: bool) -> str:
    """What an empty list teaches. ``key``: that of an action now, by its id; ``mailbox``: whether the desk has one that mail can reach."""
    if query:
        sentence = _(
            "Nothing in this view fits the filter. {clear} clears it, {view_all} looks in everything."
        )
    elif view in ("open", "all") and not mailbox:
        sentence = {
            "open": _(
                "Nothing is open. {new_ticket} writes down a call or a visit; {go_settings} adds a mailbox."
            ),
            "all": _(
                "No tickets yet. {new_ticket} writes down a call or a visit; {go_settings} adds a mailbox."
            ),
        }[view]
    else:
        sentence = _empty_view(view)
    return sentence.format(**{name: key(name) for name in _NAMED})


def _empty_view(view: str) -> str:
    return {
        "mine": _(
            "Nothing is assigned to you. {view_unassigned} shows what nobody has taken; {take} takes one."
        ),
        "unassigned": _("Everything is taken. {view_open} shows all that is open."),
        "open": _("Nothing is open. {new_ticket} writes down a call or a visit; mail arrives by itself."),
        "pending": _(
            "Nothing is pending. {status} sets a ticket pending, until its requester answers or somebody else is done."
        ),
        "resolved": _("Nothing is resolved yet. {status} sets a ticket's status."),
        "snoozed": _(
            "Nothing is put off. {snooze} puts a ticket off until tomorrow 9, fri, 3d or an answer."
        ),
        "teams": _(
            "Your teams have nothing to do. {team} gives a ticket to a team; an admin says who belongs to one."
        ),
        "overdue": _("Nothing is overdue: neither a next action nor an open task has passed its day."),
        "all": _("No tickets yet. {new_ticket} writes down a call or a visit; mail arrives by itself."),
    }[view]


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
