"""``tui-desk expiry``: what ends, and when."""

from __future__ import annotations

import re

import click

from tui_desk.cli.base import DeskGroup, enum_value, examples, limit_option, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table
from tui_desk.contracts.expiry import ExpiryRow, ListExpiry
from tui_desk.core.enums import ExpiryKind
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext

_SPAN = re.compile(r"([0-9]{1,5})\s*([dwmy]?)")
_DAYS = {"": 1, "d": 1, "w": 7, "m": 30, "y": 365}


@click.group(
    cls=DeskGroup, help=_("What ends, and when: warranties, licences, contracts, invoices to be paid.")
)
def expiry() -> None:
    """The noun."""


@expiry.command(
    "list",
    help=_(
        "List what is over and what ends soon, in the order of its day. Of a contract that renews by itself the last day for notice "
        "counts. Warranties that are over are listed for as many days back as --within looks ahead."
    ),
    epilog=examples(
        "tui-desk expiry list --within 30d", "tui-desk expiry list --within all --kind contract --json"
    ),
)
@click.option(
    "--within",
    default="90d",
    metavar="DAYS|all",
    help=_("How far to look ahead: 30d, 12w, 1y, or all. Default: 90d."),
)
@click.option("--kind", type=enum_value(ExpiryKind), default=None, help=_("Only these."))
@click.option(
    "--query",
    default="",
    metavar="WORDS",
    help=_("Words in name, number, type, product, supplier or owner."),
)
@limit_option(500)
@pass_invocation
def list_expiry(run: Invocation, within: str, kind: ExpiryKind | None, query: str, limit: int) -> None:
    """Print the calendar."""
    page = run.ask(ListExpiry(kind, _within(within), query, limit=limit))
    rows = [(row.day, days_left(row), row.kind, row.name, row.meaning, row.who) for row in page.rows]
    headings = (_("Day"), _("Left"), _("Kind"), _("Name"), _("What"), _("Who"))
    run.answer(
        [_plain(row) for row in page.rows],
        lambda: table(headings, rows, flexible=3) if rows else _("Nothing ends in that time."),
    )


def days_left(row: ExpiryRow) -> str:
    """How long until then, in words."""
    if row.days < 0:
        return ngettext("{count} day over", "{count} days over", -row.days).format(count=-row.days)
    return ngettext("{count} day", "{count} days", row.days).format(count=row.days)


def _plain(row: ExpiryRow) -> dict[str, object]:
    """A row for scripts: without what only a screen needs."""
    return {
        "kind": row.kind,
        "id": row.id,
        "name": row.name,
        "detail": row.detail,
        "who": row.who,
        "day": row.day,
        "meaning": row.meaning,
        "days": row.days,
        "ends_on": row.ends_on,
        "purchase_id": row.purchase_id,
    }


def _within(text: str) -> int | None:
    """Days, or None for all. Raises UsageError."""
    typed = text.strip().lower()
    if typed in ("all", _("all")):
        return None
    match = _SPAN.fullmatch(typed)
    if match is None:
        raise UsageError(
            _("“{text}” is no number of days.").format(text=text), _("Write 30d, 12w, 1y, or all.")
        )
    return int(match[1]) * _DAYS[match[2]]
