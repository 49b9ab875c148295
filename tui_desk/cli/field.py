"""``tui-desk field``: fields of your own on tickets, people and assets, kept by supervisors."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import DeskGroup, Whole, assignments, enum_value, examples, one_of, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.cli.task import truth
from tui_desk.contracts.custom_fields import FieldView, ListFields, SaveField
from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.field_words import kind_word, required_word, subject_word
from tui_desk.core.i18n import _

_field = click.argument("which", metavar="SUBJECT.NAME")
_choices = click.option(
    "--choice",
    "choices",
    multiple=True,
    metavar="VALUE",
    help=_("A value to choose from; repeat it for each, in order."),
)


@click.group(
    cls=DeskGroup,
    help=_("Fields of your own: what this desk wants to know of tickets, people and assets besides."),
)
def field() -> None:
    """The noun."""


@field.command("list", help=_("List fields."))
@click.option("--of", "subject", type=enum_value(FieldSubject), help=_("Of one of them only."))
@click.option("--all", "everything", is_flag=True, help=_("Those that are set aside, too."))
@pass_invocation
def list_fields(run: Invocation, subject: FieldSubject | None, everything: bool) -> None:
    """Print definitions."""
    found = run.ask(ListFields(subject, everything, count=True))
    headings = (
        _("Field"),
        _("Label"),
        _("Kind"),
        _("Type"),
        _("Required"),
        _("Values"),
        _("Active"),
    )
    rows = [
        (
            f"{one.subject}.{one.name}",
            one.label,
            kind_word(one.kind),
            one.applies_to,
            required_word(one.required),
            one.values,
            one.active,
        )
        for one in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=1) if rows else _("No fields."))


@field.command("show", help=_("Show one field."))
@_field
@pass_invocation
def show(run: Invocation, which: str) -> None:
    """Print one."""
    _print(run, _named(run, which))


@field.command(
    "new",
    help=_(
        "Define a field. SUBJECT is ticket, person or asset; NAME is what queries and commands call it: lower-case letters, "
        "digits and _."
    ),
    epilog=examples(
        "tui-desk field new ticket.cost_group --kind choice --choice A --choice B --required resolving",
        "tui-desk field new asset.ram --label 'Memory (GB)' --kind number --type laptop",
    ),
)
@_field
@click.option("--label", default="", metavar="TEXT", help=_("What forms call it. Default: made of the name."))
@click.option(
    "--kind",
    type=enum_value(FieldKind),
    default=FieldKind.TEXT,
    help=_("What it holds. Default: text. It stays once there are values."),
)
@_choices
@click.option(
    "--type", "applies_to", default="", metavar="TYPE", help=_("Of tickets or assets; default: all of them.")
)
@click.option(
    "--required",
    type=enum_value(FieldRequired),
    default=FieldRequired.NEVER,
    help=_("When it must have a value: never, always, or before a ticket is resolved. Default: never."),
)
@click.option("--order", "position", type=Whole(1), metavar="N", help=_("Its place. Default: last."))
@pass_invocation
def new(
    run: Invocation,
    which: str,
    label: str,
    kind: FieldKind,
    choices: tuple[str, ...],
    applies_to: str,
    required: FieldRequired,
    position: int | None,
) -> None:
    """Define one."""
    subject, name = _parted(which)
    request = SaveField(None, subject, name, label, kind, choices, applies_to, required, position)
    _print(run, run.ask(request))


@field.command(
    "set",
    help=_(
        "Change name, label, kind, type, required, order or active; --choice replaces all values to choose from. "
        "Things keep a value that is offered no more."
    ),
    epilog=examples(
        "tui-desk field set ticket.cost_group label='Cost group' required=always",
        "tui-desk field set ticket.cost_group --choice A --choice B --choice C",
    ),
)
@_field
@click.argument("changes", nargs=-1, metavar="[NAME=VALUE]...")
@_choices
@pass_invocation
def set_field(run: Invocation, which: str, changes: tuple[str, ...], choices: tuple[str, ...]) -> None:
    """Change one."""
    view = _named(run, which)
    values = assignments(changes, ("name", "label", "kind", "type", "required", "order", "active"))
    if not values and not choices:
        raise UsageError(_("Nothing to set was named."))
    typed = _typed(values)
    if choices:
        typed["choices"] = choices
    _print(run, run.ask(replace(_as_it_is(view), **typed)))


@field.command("remove", help=_("Set a field aside: it is offered no more; its values stay."))
@_field
@click.option("--not", "revoked", is_flag=True, help=_("Bring it back."))
@pass_invocation
def remove(run: Invocation, which: str, revoked: bool) -> None:
    """Set one aside, or bring it back."""
    _print(run, run.ask(replace(_as_it_is(_named(run, which)), active=revoked)))


def _typed(values: dict[str, str]) -> dict[str, Any]:
    """The words of ``set`` with the types a request has."""
    found: dict[str, Any] = {name: values[name] for name in ("name", "label") if name in values}
    if "kind" in values:
        found["kind"] = one_of(FieldKind, list(FieldKind), values["kind"], "kind")
        if found["kind"] is not FieldKind.CHOICE:
            found["choices"] = ()
    if "type" in values:
        found["applies_to"] = values["type"]
    if "required" in values:
        found["required"] = one_of(FieldRequired, list(FieldRequired), values["required"], "required")
    if "active" in values:
        found["active"] = truth(values["active"], "active")
    if "order" in values:
        digits = values["order"].strip()
        if not (digits.isascii() and digits.isdecimal() and 0 < len(digits) < 5):
            raise UsageError(_("“{value}” is no place in the order.").format(value=values["order"]))
        found["position"] = int(digits)
    return found


def _as_it_is(view: FieldView) -> SaveField:
    return SaveField(
        view.id,
        view.subject,
        view.name,
        view.label,
        view.kind,
        view.choices,
        view.applies_to,
        view.required,
        None,
        view.active,
        view.version,
    )


def _parted(which: str) -> tuple[FieldSubject, str]:
    """Raises UsageError."""
    subject, dot, name = which.partition(".")
    if not dot or subject not in tuple(FieldSubject):
        raise UsageError(
            _("“{which}” is no field: write SUBJECT.NAME.").format(which=which),
            _("SUBJECT is one of: {names}.").format(names=", ".join(FieldSubject)),
        )
    return FieldSubject(subject), name.strip()


def _named(run: Invocation, which: str) -> FieldView:
    """Raises UsageError, NotFound."""
    subject, name = _parted(which)
    listed = run.ask(ListFields(subject, inactive=True, count=True, past=True))
    found = next((one for one in listed if one.name == name), None)
    if found is None:
        raise NotFound(
            _("There is no field “{name}”.").format(name=which),
            _("tui-desk field list --all shows those there are."),
        )
    return found


def _print(run: Invocation, view: FieldView) -> None:
    run.answer(
        view,
        lambda: fields(
            [
                (_("Field"), f"{view.subject}.{view.name}"),
                (_("Belongs to"), subject_word(view.subject)),
                (_("Label"), view.label),
                (_("Kind"), kind_word(view.kind)),
                (_("Choices"), view.choices),
                (_("No longer offered"), view.past),
                (_("Type"), view.applies_to),
                (_("Required"), required_word(view.required)),
                (_("Order"), view.position),
                (_("Active"), view.active),
                (_("Values"), view.values),
            ]
        ),
    )
