"""``tui-desk view``: saved views, one's own and shared ones. ``ticket list --view NAME`` shows what one holds."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli.base import DeskGroup, enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.cli.query_check import check_query
from tui_desk.contracts.queue import SORTS, VIEWS
from tui_desk.contracts.views import ListSavedViews, RemoveView, SavedView, SaveView, Sharing
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _


@click.group(cls=DeskGroup, help=_("Saved views: a query with a name, your own or shared."))
def view() -> None:
    """The noun."""


@view.command("list", help=_("List the views you see, with how many tickets each holds."))
@pass_invocation
def list_views(run: Invocation) -> None:
    """Print them."""
    found = run.ask(ListSavedViews(with_counts=True))
    headings = (_("Name"), _("Tickets"), _("Query"), _("Of"), _("Order"), _("Seen by"), _("Owner"))
    rows = [
        (v.name, v.shown_count, v.query, v.view, v.sort, v.team or v.sharing.value, v.owner) for v in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("No saved views."))


@view.command(
    "save",
    help=_("Save a view under a name, or change the one of that name."),
    epilog=examples(
        "tui-desk view save 'VPN, urgent' --query 'tag:vpn priority>=high waiting>4h' --sort due",
        "tui-desk view save 'VPN, urgent' --share team --team Network",
        "tui-desk view save 'VPN, urgent' --as-name VPN",
    ),
)
@click.argument("name", metavar="NAME")
@click.option("--query", metavar="QUERY", help=_("What it shows; as in ticket list --query."))
@click.option("--of", "base", type=click.Choice(VIEWS), help=_("The view it narrows. Default: open."))
@click.option("--sort", type=click.Choice(SORTS), help=_("What orders it. Default: updated."))
@click.option("--share", type=enum_value(Sharing), help=_("Who sees it: private, team, desk."))
@click.option("--team", default="", metavar="NAME", help=_("The team it is shared with."))
@click.option("--as-name", default="", metavar="NAME", help=_("A new name."))
@pass_invocation
def save(
    run: Invocation,
    name: str,
    query: str | None,
    base: str | None,
    sort: str | None,
    share: Sharing | None,
    team: str,
    as_name: str,
) -> None:
    """Make or change one."""
    if query:
        check_query(run, query)
    if team and share is None:
        share = Sharing.TEAM
    if share is Sharing.TEAM and not team:
        raise UsageError(_("Say which team sees it: --team NAME."))
    there = [one for one in run.ask(ListSavedViews()) if _same(one, name)]
    if not there:
        if query is None and base is None and sort is None:
            raise NotFound(
                _("There is no view “{name}”.").format(name=name),
                _("To make one, say what it shows: --query QUERY."),
            )
        request = SaveView(None, name)
    else:
        old = there[0]
        request = SaveView(
            old.id, old.name, old.query, old.view, old.sort, old.sharing, old.team, old.version
        )
    if share is not None:
        request = replace(request, sharing=share, team=team)
    request = replace(
        request,
        name=as_name or request.name,
        query=request.query if query is None else query,
        view=base or request.view,
        sort=sort or request.sort,
    )
    done = run.ask(request)
    run.answer(done.view, lambda: done.sentence)


@view.command("remove", help=_("Remove a saved view; no ticket is touched."))
@click.argument("name", metavar="NAME")
@pass_invocation
def remove(run: Invocation, name: str) -> None:
    """Take one away."""
    done = run.ask(RemoveView(view_named(run, name).id))
    run.answer({"sentence": done.sentence, "events": done.event_ids}, lambda: done.sentence)


def view_named(run: Invocation, name: str) -> SavedView:
    """The saved view of that name: one's own before a team's, a team's before the desk's. Raises NotFound."""
    for one in run.ask(ListSavedViews()):
        if _same(one, name):
            return one
    raise NotFound(
        _("There is no view “{name}”.").format(name=name),
        _("Views of every desk: {names}. Saved ones: tui-desk view list.").format(names=", ".join(VIEWS)),
    )


def _same(one: SavedView, name: str) -> bool:
    return one.name.casefold() == " ".join(name.split()).casefold()
