"""``tui-desk ticket list``: the tickets of a view that match a query, in the columns and groups that one names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import DeskCommand, Whole, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import plain, print_json_array, say, table, tell
from tui_desk.contracts.queue import (
    GROUPS,
    SORTS,
    VIEWS,
    CountGroups,
    GroupCount,
    ListTickets,
    PageKey,
    TicketRow,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.core.words import group_word

PAGE = 500
_FIELDS = {
    "number": "number",
    "subject": "subject",
    "requester": "requester",
    "status": "status",
    "priority": "priority",
    "assignee": "assignee",
    "team": "team",
    "category": "category",
    "channel": "channel",
    "created": "created_at",
    "changed": "updated_at",
    "due": "due",
    "unread": "unread",
    "waiting": "requester_waiting",
}
"""Names of columns and the fields of a row."""
_USUAL = ("number", "subject", "requester", "status", "priority", "assignee", "team", "changed")

Found = tuple[TicketRow, PageKey]


@click.command(
    "list",
    cls=DeskCommand,
    help=_("List tickets, newest change first."),
    epilog=examples(
        "tui-desk ticket list --view mine",
        "tui-desk ticket list --query 'printer status:open,pending assignee:me'",
        "tui-desk ticket list --query '\"paper jam\" -tag:spam' --limit 20 --json",
        "tui-desk ticket list --view open --columns number,subject,due --group status",
    ),
)
@click.option(
    "--query",
    default="",
    metavar="QUERY",
    help=_(
        "Words, phrases and fields: status:open,pending assignee:me priority>=high created<3d requester:@acme.com "
        "has:attachment tag:vpn -tag:spam asset:LT-0042 waiting>4h sort:due; fields of your own: NAME:VALUE, NAME>=100."
    ),
)
@click.option(
    "--view",
    default="all",
    metavar="NAME",
    help=_("A view of the queue ({views}), or a saved one by its name. Default: all.").format(
        views=", ".join(VIEWS)
    ),
)
@click.option(
    "--sort",
    type=click.Choice(SORTS),
    help=_("What orders the list: the newest, most urgent or first due first. Default: as the view says."),
)
@click.option(
    "--group",
    type=click.Choice(GROUPS),
    help=_("Groups, one after the other, each in the order of the list; at most 20,000 tickets."),
)
@click.option(
    "--columns",
    default="",
    metavar="NAMES",
    help=_("Columns in order, with commas: {names}.").format(names=", ".join(_FIELDS)),
)
@click.option("--limit", type=Whole(1), metavar="N", help=_("At most so many; without it, all."))
@pass_invocation
def list_tickets(
    run: Invocation,
    query: str,
    view: str,
    sort: str | None,
    group: str | None,
    columns: str,
    limit: int | None,
) -> None:
    """Print the tickets of a view that match a query."""
    names = _named(columns)
    if view not in VIEWS:
        from tui_desk.cli.view import view_named

        saved = view_named(run, view)
        view, sort, query = saved.view, sort or saved.sort, f"{saved.query} {query}".strip()
    if query.strip():
        from tui_desk.cli.query_check import check_query

        check_query(run, query)
    request = ListTickets(
        view=view,
        query=query,
        sort=sort or "updated",
        group=group or "",
        with_due="due" in names or group == "due",
    )
    rows = _rows(run, request, limit)
    if run.as_json:
        print_json_array(_document(row, key, names, group) for row, key in rows)
        return
    found = list(rows)
    lines = [[getattr(row, _FIELDS[name]) for name in names or _USUAL] for row, _key in found]
    flexible = (names or _USUAL).index("subject") if "subject" in (names or _USUAL) else None
    if not lines:
        say(_("No tickets."))
    elif group is None:
        say(table(_headings(names or _USUAL), lines, flexible=flexible))
    else:
        counts = run.ask(CountGroups(group, view, query, sort or "updated"))
        say(_in_groups(table(_headings(names or _USUAL), lines, flexible=flexible), found, group, counts))


def _named(columns: str) -> tuple[str, ...]:
    """The columns that were asked for; none: the usual ones. Raises UsageError."""
    names = tuple(filter(None, (name.strip().casefold() for name in columns.split(","))))
    for name in names:
        if name not in _FIELDS:
            raise UsageError(
                _("There is no column “{name}”.").format(name=safe_line(name, 40)),
                _("Columns: {names}.").format(names=", ".join(_FIELDS)),
            )
    return tuple(dict.fromkeys(names))


def _rows(run: Invocation, request: ListTickets, limit: int | None) -> Iterator[Found]:
    left, told = limit, False
    while left is None or left > 0:
        page = run.ask(replace(request, limit=PAGE if left is None else min(PAGE, left)))
        if page.cut:
            from tui_desk.rules.query_fields import cut_sentence

            tell(cut_sentence())
        if page.grouped and not told and limit is None:
            told = True
            tell(_("Only the first {count} tickets of this order are in groups.").format(count=page.grouped))
        yield from zip(page.rows, page.keys, strict=True)
        if not page.has_after or not page.keys:
            return
        left = None if left is None else left - len(page.rows)
        request = replace(request, after=page.keys[-1])


def _document(row: TicketRow, key: PageKey, names: Sequence[str], group: str | None) -> Any:
    """One ticket for a script: all fields, or those of the columns; and the group it stands in."""
    whole = plain(row)
    found = {name: whole[_FIELDS[name]] for name in names} if names else whole
    return {"group": key.group, **found} if group is not None else found


def _headings(names: Sequence[str]) -> list[str]:
    titles = {
        "number": _("No."),
        "subject": _("Subject"),
        "requester": _("Requester"),
        "status": _("Status"),
        "priority": _("Priority"),
        "assignee": _("Assignee"),
        "team": _("Team"),
        "category": _("Category"),
        "channel": _("Channel"),
        "created": _("Opened"),
        "changed": _("Changed"),
        "due": _("Due on"),
        "unread": _("Unread"),
        "waiting": _("Waiting"),
    }
    return [titles[name] for name in names]


def _in_groups(text: str, found: Sequence[Found], group: str, counts: Iterable[GroupCount]) -> str:
    """The lines of a table with a line above each group, which says how many it holds."""
    held = {one.key: f" · {one.count}+" if one.capped else f" · {one.count}" for one in counts}
    head, *lines = text.splitlines()
    shown, known = [head], None
    for line, (_row, key) in zip(lines, found, strict=True):
        if key.group != known:
            known = key.group
            shown.append(f"── {group_word(group, key.group)}{held.get(key.group, '')}")
        shown.append(line)
    return "\n".join(shown)
