"""``tui-desk checklist``: tasks that belong together, kept by supervisors. ``ticket checklist`` puts them on a ticket."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli.base import DeskGroup, assignments, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.task import truth
from tui_desk.contracts.tasks import (
    ChecklistItemView,
    ChecklistView,
    ListChecklists,
    RemoveChecklist,
    SaveChecklist,
    ShowChecklist,
)
from tui_desk.core.i18n import _
from tui_desk.rules.checklist_lines import line_of, read_line

_name = click.argument("name", metavar="NAME")
_items = click.option(
    "--item",
    "items",
    multiple=True,
    metavar="ITEM",
    help=_(
        "A task: TITLE, then what differs: 'Order it | assignee=ben | days=2 | optional'. May be repeated."
    ),
)


@click.group(cls=DeskGroup, help=_("Tasks that belong together, put on a ticket at once."))
def checklist() -> None:
    """The noun."""


@checklist.command("list", help=_("List checklists."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are set aside, too."))
@pass_invocation
def list_checklists(run: Invocation, everything: bool) -> None:
    """Print checklists."""
    found = run.ask(ListChecklists(everything))
    headings = (_("Name"), _("Tasks"), _("Category"), _("Active"))
    rows = [(c.name, len(c.items), c.category, c.active) for c in found]
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No checklists."))


@checklist.command("show", help=_("Show one checklist and its tasks."))
@_name
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print one."""
    _print(run, run.ask(ShowChecklist(name)))


@checklist.command(
    "new",
    help=_("Make a checklist. With a category it is put on every ticket that gets it, once."),
    epilog=examples(
        "tui-desk checklist new 'New colleague' --category HR/Joiner \\",
        "    --item 'Order the laptop | assignee=ben | days=2' --item 'Say hello | optional'",
    ),
)
@_name
@click.option("--category", default="", metavar="PATH", help=_("The category that brings it."))
@_items
@pass_invocation
def new(run: Invocation, name: str, category: str, items: tuple[str, ...]) -> None:
    """Make one."""
    _print(run, run.ask(SaveChecklist(None, name, category, items=_read(items))))


@checklist.command(
    "set",
    help=_("Change name, category or active; --item replaces all tasks."),
    epilog=examples("tui-desk checklist set 'New colleague' name=Joiner category="),
)
@_name
@click.argument("changes", nargs=-1, metavar="[NAME=VALUE]...")
@_items
@pass_invocation
def set_checklist(run: Invocation, name: str, changes: tuple[str, ...], items: tuple[str, ...]) -> None:
    """Change one."""
    view = run.ask(ShowChecklist(name))
    values = assignments(changes, ("name", "category", "active"))
    request = SaveChecklist(view.id, view.name, view.category, view.active, view.items, view.version)
    request = replace(
        request,
        name=values.get("name", view.name),
        category=values.get("category", view.category),
        active=truth(values["active"], "active") if "active" in values else view.active,
        items=_read(items) or view.items,
    )
    _print(run, run.ask(request))


@checklist.command("remove", help=_("Set a checklist aside; tasks that came from it stay."))
@_name
@pass_invocation
def remove(run: Invocation, name: str) -> None:
    """Set one aside."""
    sentence = run.ask(RemoveChecklist(name))
    run.answer({"sentence": sentence}, lambda: sentence)


def _read(items: tuple[str, ...]) -> tuple[ChecklistItemView, ...]:
    read = (read_line(item) for item in items)
    return tuple(
        ChecklistItemView(one.title, one.notes, one.assignee, one.team, one.days, one.blocking)
        for one in read
    )


def _print(run: Invocation, view: ChecklistView) -> None:
    run.answer(view, lambda: _as_text(view))


def _as_text(view: ChecklistView) -> str:
    head = fields([(_("Name"), view.name), (_("Category"), view.category), (_("Active"), view.active)])
    lines = [
        f"  {place}. {line_of(item.title, item.assignee, item.team, item.due_after_days, item.blocking, item.notes)}"
        for place, item in enumerate(view.items, start=1)
    ]
    return "\n".join([head, *lines])
