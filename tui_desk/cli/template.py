"""``tui-desk template``: tickets to be, made by hand or again and again by the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import ID, DeskGroup, examples, pass_invocation
from tui_desk.cli.canned import (
    changes_argument,
    everything_option,
    for_option,
    kept_values,
    name_argument,
    same_values,
    task_option,
    whom,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.macros import (
    FillTemplate,
    ListRecurring,
    ListTemplates,
    RecurringView,
    SaveRecurring,
    SaveTemplate,
    ShowTemplate,
    TemplateView,
)
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.rules.macro_lines import TEMPLATE_FIELDS, field_lines, read_fields

_OWN = ("name", "subject", "body", "requester", "active")


@click.group(cls=DeskGroup, help=_("Templates of tickets, and tickets that come round by themselves."))
def template() -> None:
    """The noun."""


@template.command("list", help=_("List templates."))
@everything_option
@pass_invocation
def list_templates(run: Invocation, everything: bool) -> None:
    """Print templates."""
    found = run.ask(ListTemplates(inactive=everything))
    headings = (_("Name"), _("Subject"), _("Offered to"), _("Used"), _("Active"))
    rows = [(one.name, one.subject, whom(one), one.used, one.active) for one in found]
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No templates."))


@template.command("show", help=_("Show one template."))
@name_argument
@pass_invocation
def show(run: Invocation, name: str) -> None:
    """Print one."""
    _print(run, run.ask(ShowTemplate(name)))


@template.command(
    "new",
    help=_("Write a template: subject, body, requester, and fields as in “ticket set”."),
    epilog=examples(
        "tui-desk template new 'New colleague' 'subject=New colleague: ' category=HR/Joiner team=IT \\",
        "    --task 'Order the laptop | days=2' --task checklist=Accounts",
    ),
)
@name_argument
@changes_argument
@task_option
@for_option
@pass_invocation
def new(
    run: Invocation, name: str, changes: tuple[str, ...], tasks: tuple[str, ...], offered: str | None
) -> None:
    """Make one."""
    values, sets = _values(changes, offered)
    request = SaveTemplate(None, name, fields=read_fields(sets, TEMPLATE_FIELDS), tasks=tasks)
    _print(run, run.ask(replace(request, **values)))


@template.command(
    "set",
    help=_(
        "Change a template. FIELD= takes a field out; --task replaces all tasks; active=no sets it aside."
    ),
)
@name_argument
@changes_argument
@task_option
@for_option
@pass_invocation
def set_template(
    run: Invocation, name: str, changes: tuple[str, ...], tasks: tuple[str, ...], offered: str | None
) -> None:
    """Change one."""
    view = run.ask(ShowTemplate(name))
    values, sets = _values(changes, offered)
    gone = {line.removesuffix("=") for line in sets if line.endswith("=")}
    new_fields = read_fields([line for line in sets if not line.endswith("=")], TEMPLATE_FIELDS)
    left = {key: value for key, value in {**view.fields, **new_fields}.items() if key not in gone}
    request = SaveTemplate(**same_values(view, SaveTemplate, values))
    _print(run, run.ask(replace(request, fields=left, tasks=tasks or view.tasks)))


@template.command("use", help=_("Make a ticket of a template."))
@name_argument
@click.option("--requester", metavar="ADDRESS", help=_("Who asks; else whom the template names."))
@click.option("--subject", metavar="S", help=_("Another subject than the template's."))
@click.option("--body", metavar="TEXT", help=_("Another text than the template's."))
@pass_invocation
def use(run: Invocation, name: str, requester: str | None, subject: str | None, body: str | None) -> None:
    """Make a ticket and print its number."""
    request = run.ask(FillTemplate(run.ask(ShowTemplate(name)).id))
    number = run.ask(
        replace(
            request,
            requester=request.requester if requester is None else requester,
            subject=request.subject if subject is None else subject,
            body=request.body if body is None else body,
        )
    )
    run.answer({"number": number}, lambda: _("Ticket #{number} was made.").format(number=number))


@template.command(
    "repeat",
    help=_(
        "Let the clock make a ticket of a template: daily, weekly or monthly at a time of the worker's zone."
    ),
    epilog=examples(
        "tui-desk template repeat 'Check the backup' 'weekly mon 8:00'",
        "tui-desk template repeat 'Close the month' 'monthly last 17:30'",
    ),
)
@name_argument
@click.argument("rule", metavar="RULE")
@pass_invocation
def repeat(run: Invocation, name: str, rule: str) -> None:
    """Make it recurring."""
    _print_recurring(run, run.ask(SaveRecurring(None, name, rule)))


@template.command("recurring", help=_("List what comes round by itself, with the next date."))
@everything_option
@pass_invocation
def recurring(run: Invocation, everything: bool) -> None:
    """Print recurring tickets."""
    found = run.ask(ListRecurring(everything))
    headings = (_("Id"), _("Template"), _("When"), _("Next"), _("Last ticket"))
    rows = [
        (one.id, one.template, one.rule, _next(one), f"#{one.last_ticket}" if one.last_ticket else "")
        for one in found
    ]
    run.answer(
        found, lambda: table(headings, rows, flexible=1) if rows else _("Nothing comes round by itself.")
    )


@template.command("pause", help=_("Pause a recurring ticket by its id; nothing is made until it is resumed."))
@click.argument("recurring_id", type=ID, metavar="ID")
@pass_invocation
def pause(run: Invocation, recurring_id: int) -> None:
    """Pause one."""
    _change(run, recurring_id, paused=True)


@template.command("resume", help=_("Resume a paused one; dates that went by make no ticket."))
@click.argument("recurring_id", type=ID, metavar="ID")
@pass_invocation
def resume(run: Invocation, recurring_id: int) -> None:
    """Resume one."""
    _change(run, recurring_id, paused=False)


@template.command("end", help=_("End a recurring ticket for good; the template stays."))
@click.argument("recurring_id", type=ID, metavar="ID")
@pass_invocation
def end(run: Invocation, recurring_id: int) -> None:
    """End one."""
    _change(run, recurring_id, active=False)


def _change(run: Invocation, recurring_id: int, **changes: Any) -> None:
    found = next((one for one in run.ask(ListRecurring(inactive=True)) if one.id == recurring_id), None)
    if found is None:
        raise NotFound(_("There is no recurring ticket {id}.").format(id=recurring_id))
    request = SaveRecurring(
        found.id, paused=found.next_at is None, active=found.active, version=found.version
    )
    _print_recurring(run, run.ask(replace(request, **changes)))


def _next(view: RecurringView) -> str:
    if not view.active:
        return _("ended")
    return f"{view.next_at.astimezone():%Y-%m-%d %H:%M}" if view.next_at else _("paused")


def _print_recurring(run: Invocation, view: RecurringView) -> None:
    head = [
        (_("Id"), view.id),
        (_("Template"), view.template),
        (_("When"), view.rule),
        (_("Next"), _next(view)),
    ]
    run.answer(view, lambda: fields(head))


def _values(changes: tuple[str, ...], offered: str | None) -> tuple[dict[str, Any], list[str]]:
    """What is said about the template itself, and the lines of the ticket's fields."""
    own = tuple(one for one in changes if one.partition("=")[0] in _OWN)
    return kept_values(own, _OWN, offered), [one for one in changes if one not in own]


def _print(run: Invocation, view: TemplateView) -> None:
    head = [
        (_("Name"), view.name),
        (_("Offered to"), whom(view)),
        (_("Used"), view.used),
        (_("Active"), view.active),
        (_("Requester"), view.requester),
        (_("Subject"), view.subject),
        (_("Sets"), ", ".join(field_lines(view.fields))),
    ]

    def text() -> str:
        tasks = "\n".join(f"  • {task}" for task in view.tasks)
        return "\n\n".join(filter(None, (fields(head), tasks, view.body)))

    run.answer(view, text)
