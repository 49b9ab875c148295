"""``tui-desk ticket licence`` and ``not-about``: what of the inventory a ticket is about, and what only stands in its text."""

from __future__ import annotations

import click

from tui_desk.cli.base import TICKET, DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.contracts.assets import ExpiryWarning, Recognised
from tui_desk.contracts.desk import ShowAsset
from tui_desk.contracts.licences import ShowLicence
from tui_desk.contracts.recognition import DismissRecognised, LinkLicence
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.i18n import _, ngettext

_number = click.argument("number", type=TICKET, metavar="NUMBER")


def add_to(group: click.Group) -> None:
    """Hang these verbs onto ``ticket``."""
    for command in (licence, not_about):
        group.add_command(command)


@click.command(
    "licence",
    cls=DeskCommand,
    help=_("Link a licence to a ticket."),
    epilog=examples("tui-desk ticket licence 1042 'Adobe Acrobat Pro'"),
)
@_number
@click.argument("name", metavar="NAME")
@click.option("--remove", is_flag=True, help=_("Take the link away."))
@pass_invocation
def licence(run: Invocation, number: int, name: str, remove: bool) -> None:
    """Link or unlink."""
    changed = run.ask(LinkLicence(number, run.ask(ShowLicence(name=name)).id, not remove))
    run.answer(changed, lambda: changed.sentence)


@click.command(
    "not-about",
    cls=DeskCommand,
    help=_(
        "Say that a ticket is not about an asset or a licence that its text names; it is not offered there again."
    ),
    epilog=examples("tui-desk ticket not-about 1042 IT-0042"),
)
@_number
@click.argument("name", metavar="TAG")
@click.option("--licence", "is_licence", is_flag=True, help=_("TAG is the name of a licence."))
@pass_invocation
def not_about(run: Invocation, number: int, name: str, is_licence: bool) -> None:
    """Dismiss."""
    row_id = run.ask(ShowLicence(name=name)).id if is_licence else run.ask(ShowAsset(tag=name)).id
    changed = run.ask(DismissRecognised(number, row_id, is_licence))
    run.answer(changed, lambda: changed.sentence)


def inventory_lines(view: TicketView) -> list[str]:
    """Assets and licences of a ticket, what of them ends, and what else its text names."""
    lines = [_("Asset {tag} {name}").format(tag=one.tag, name=one.name) for one in view.assets]
    lines += [_("Licence {name}").format(name=one.name) for one in view.licences]
    lines += [f"! {_warning(one)}" for one in view.expiring]
    lines += [_named(view.number, one) for one in view.recognised]
    return lines


def _warning(warning: ExpiryWarning) -> str:
    what = _("licence {name}") if warning.licence else _("warranty of {name}")
    name = what.format(name=warning.name)
    if warning.days < 0:
        return _("{what}: over since {day}").format(what=name, day=warning.ends_on.isoformat())
    return ngettext("{what}: {count} day left", "{what}: {count} days left", warning.days).format(
        what=name, count=warning.days
    )


def _named(number: int, found: Recognised) -> str:
    if found.licence:
        text = _("Names the licence {name}: tui-desk ticket licence {number} '{name}' links it.")
    else:
        text = _("Names {tag} {name} (“{text}”): tui-desk asset link {tag} {number} links it.")
    return text.format(tag=found.tag, name=found.name, text=found.text, number=number)
