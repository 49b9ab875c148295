"""``tui-desk canned`` and ``tui-desk macro``: what is written down once and used often. ``ticket macro`` carries a macro out."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import TICKET, DeskGroup, assignments, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table, tell
from tui_desk.cli.task import truth
from tui_desk.contracts.macros import (
    CannedView,
    FillCanned,
    Kept,
    ListCanned,
    ListMacros,
    MacroView,
    SaveCanned,
    SaveMacro,
    ShowCanned,
    ShowMacro,
)
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import MACRO_FIELDS, field_lines, read_fields

_CANNED = ("name", "shortcut", "text", "language", "active")
_MACRO = ("name", "language", "active", "note", "reply", "send")
name_argument = click.argument("name", metavar="NAME")
everything_option = click.option(
    "--all", "everything", is_flag=True, help=_("Those that are set aside, too.")
)
changes_argument = click.argument("changes", nargs=-1, metavar="[NAME=VALUE]...")
for_option = click.option(
    "--for", "offered", metavar="WHOM", help=_("To whom it is offered: everybody, a team's name, or me.")
)
task_option = click.option(
    "--task",
    "tasks",
    multiple=True,
    metavar="TASK",
    help=_(
        "A task: 'Call back | days=2 | optional', or a whole checklist: 'checklist=NAME'. May be repeated."
    ),
)


@click.group(cls=DeskGroup, help=_("Canned replies: texts that are sent often, with variables."))
def canned() -> None:
    """The noun."""


@canned.command("list", help=_("List canned replies."))
@everything_option
@click.option("--ticket", type=TICKET, metavar="N", help=_("As they are offered in that ticket."))
@pass_invocation
def list_canned(run: Invocation, everything: bool, ticket: int | None) -> None:
    """Print canned replies."""
    found = run.ask(ListCanned(ticket, everything))
    headings = (_("Name"), _("Shortcut"), _("Language"), _("Offered to"), _("Used"), _("Active"))
    rows = [(c.name, c.shortcut, c.language, whom(c), c.used, c.active) for c in found]
    run.answer(found, lambda: table(headings, rows, flexible=0) if rows else _("No canned replies."))


@canned.command("show", help=_("Show one canned reply."))
@name_argument
@pass_invocation
def show_canned(run: Invocation, name: str) -> None:
    """Print one."""
    _print_canned(run, run.ask(ShowCanned(name)))


@canned.command(
    "new",
    help=_("Write a canned reply: text, shortcut, language."),
    epilog=examples(
        "tui-desk canned new 'VPN: first steps' shortcut=vpn \\",
        "    'text=Hello {requester.first_name|there}, please restart the client.'",
    ),
)
@name_argument
@changes_argument
@for_option
@pass_invocation
def new_canned(run: Invocation, name: str, changes: tuple[str, ...], offered: str | None) -> None:
    """Make one."""
    values = kept_values(changes, _CANNED, offered)
    _print_canned(run, run.ask(replace(SaveCanned(None, name, ""), **values)))


@canned.command("set", help=_("Change a canned reply; active=no sets it aside, active=yes brings it back."))
@name_argument
@changes_argument
@for_option
@pass_invocation
def set_canned(run: Invocation, name: str, changes: tuple[str, ...], offered: str | None) -> None:
    """Change one."""
    view = run.ask(ShowCanned(name))
    _print_canned(
        run, run.ask(SaveCanned(**same_values(view, SaveCanned, kept_values(changes, _CANNED, offered))))
    )


@canned.command("fill", help=_("Print a canned reply as it stands in a ticket, its variables filled in."))
@name_argument
@click.argument("number", type=TICKET, metavar="N")
@pass_invocation
def fill_canned(run: Invocation, name: str, number: int) -> None:
    """Fill one in."""
    filled = run.ask(FillCanned(number, run.ask(ShowCanned(name)).id))
    for problem in filled.problems:
        tell(problem)
    run.answer(filled, lambda: filled.text)


@click.group(cls=DeskGroup, help=_("Macros: several things done to a ticket at once."))
def macro() -> None:
    """The noun."""


@macro.command("list", help=_("List macros."))
@everything_option
@click.option("--ticket", type=TICKET, metavar="N", help=_("As they are offered in that ticket."))
@pass_invocation
def list_macros(run: Invocation, everything: bool, ticket: int | None) -> None:
    """Print macros."""
    found = run.ask(ListMacros(ticket, everything))
    headings = (_("Name"), _("What it does"), _("Language"), _("Offered to"), _("Used"), _("Active"))
    rows = [(m.name, "; ".join(m.steps), m.language, whom(m), m.used, m.active) for m in found]
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No macros."))


@macro.command("show", help=_("Show one macro."))
@name_argument
@pass_invocation
def show_macro(run: Invocation, name: str) -> None:
    """Print one."""
    _print_macro(run, run.ask(ShowMacro(name)))


@macro.command(
    "new",
    help=_(
        "Write a macro: fields of a ticket as in “ticket set”, note, reply; send=yes sends the reply at once."
    ),
    epilog=examples(
        "tui-desk macro new 'Take and ask' status=pending assignee=me tags=vpn,-new \\",
        "    'reply=Which version is it, {requester.first_name|please}?' --task 'Call back | days=2'",
    ),
)
@name_argument
@changes_argument
@task_option
@for_option
@pass_invocation
def new_macro(
    run: Invocation, name: str, changes: tuple[str, ...], tasks: tuple[str, ...], offered: str | None
) -> None:
    """Make one."""
    values, sets = _macro_values(changes, offered)
    request = replace(SaveMacro(None, name, fields=read_fields(sets, MACRO_FIELDS), tasks=tasks), **values)
    _print_macro(run, run.ask(request))


@macro.command(
    "set",
    help=_(
        "Change a macro. FIELD= takes a field out; --task replaces all tasks; active=no sets it aside, active=yes brings it back."
    ),
)
@name_argument
@changes_argument
@task_option
@for_option
@pass_invocation
def set_macro(
    run: Invocation, name: str, changes: tuple[str, ...], tasks: tuple[str, ...], offered: str | None
) -> None:
    """Change one."""
    view = run.ask(ShowMacro(name))
    values, sets = _macro_values(changes, offered)
    request = SaveMacro(**same_values(view, SaveMacro, values))
    gone = {line.removesuffix("=") for line in sets if line.endswith("=")}
    new = read_fields([line for line in sets if not line.endswith("=")], MACRO_FIELDS)
    kept = {key: value for key, value in {**view.fields, **new}.items() if key not in gone}
    _print_macro(run, run.ask(replace(request, fields=kept, tasks=tasks or view.tasks)))


def _macro_values(changes: tuple[str, ...], offered: str | None) -> tuple[dict[str, Any], list[str]]:
    """What is said about the macro itself, and the lines of the fields that it sets. Raises UsageError."""
    own = tuple(one for one in changes if one.partition("=")[0] in _MACRO)
    values = kept_values(own, _MACRO, offered)
    if "send" in values:
        values["send"] = truth(values["send"], "send")
    return values, [one for one in changes if one not in own]


def kept_values(changes: tuple[str, ...], names: tuple[str, ...], offered: str | None) -> dict[str, Any]:
    """``NAME=VALUE`` and to whom it is offered, as the request takes them. Raises UsageError."""
    values: dict[str, Any] = dict(assignments(changes, names)) if changes else {}
    if "active" in values:
        values["active"] = truth(values["active"], "active")
    if offered is not None:
        mine = offered.strip().lower() == "me"
        everybody = offered.strip().lower() in ("", "everybody")
        values |= {"own": mine, "team": "" if mine or everybody else offered}
    return values


def same_values(view: Kept, request: type[Any], changed: dict[str, Any]) -> dict[str, Any]:
    """What a request that saves ``view`` again takes, with what is changed."""
    return {one.name: getattr(view, one.name) for one in fields_of(request)} | changed


def whom(item: Kept) -> str:
    """To whom it is offered."""
    return _("me alone") if item.own else item.team or _("everybody")


def _print_canned(run: Invocation, view: CannedView) -> None:
    head = [
        (_("Name"), view.name),
        (_("Shortcut"), view.shortcut),
        (_("Language"), view.language),
        (_("Offered to"), whom(view)),
        (_("Used"), view.used),
        (_("Active"), view.active),
    ]
    run.answer(view, lambda: f"{fields(head)}\n\n{view.text}")


def _print_macro(run: Invocation, view: MacroView) -> None:
    head = [
        (_("Name"), view.name),
        (_("Language"), view.language),
        (_("Offered to"), whom(view)),
        (_("Used"), view.used),
        (_("Active"), view.active),
        (_("Sets"), ", ".join(field_lines(view.fields))),
    ]

    def text() -> str:
        steps = "\n".join(f"  • {step}" for step in view.steps)
        return "\n\n".join(filter(None, (fields(head), steps, view.note, view.reply)))

    run.answer(view, text)
