"""``tui-desk db copy``: the whole desk into another database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from time import monotonic

import click

from tui_desk.cli.base import DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation, wrong_usage
from tui_desk.cli.output import plain, tell
from tui_desk.core.i18n import _
from tui_desk.db.url import parse_database_url

_EVERY = 10.0
"""Seconds between two lines about how far it is, where they are not written over."""


@click.command(
    "copy",
    cls=DeskCommand,
    help=_(
        "Copy the whole desk into another, empty database: from SQLite to PostgreSQL, back, or the same kind. "
        "The old one is only read."
    ),
    epilog=examples(
        "tui-desk --db desk.db db copy --to postgresql://desk@db.example.org/desk",
        "tui-desk --db postgresql://desk@db.example.org/desk db copy --to desk.db",
    ),
)
@click.option(
    "--to", "target", required=True, metavar="URL", help=_("Where to: a file, or a database's URL.")
)
@click.option(
    "--without-key",
    is_flag=True,
    help=_("Leave the key file where it is: the new desk then needs it, or the passwords entered again."),
)
@pass_invocation
def copy(run: Invocation, target: str, without_key: bool) -> None:
    """Copy the desk and say what to do next."""
    from tui_desk.services.desk_copy import copy_desk

    with wrong_usage():
        url = parse_database_url(target)
    run.require_desk()
    source = run.open_database()
    on_screen = sys.stderr.isatty()
    progress = _show if on_screen else _told_now_and_then()
    report = copy_desk(source, run.actor, url, with_key=not without_key, progress=progress)
    if on_screen:
        sys.stderr.write("\r\x1b[K")
    run.answer(
        {"source": str(source.url), "target": str(url), **plain(report)},
        lambda: _("{tickets} tickets and {events} events are in {url}, and every one was checked.").format(
            tickets=report.rows["ticket"], events=report.events, url=url
        ),
    )
    if report.key in ("left", "none"):
        tell(_("No key file was copied: stored passwords need the one of the old desk."))
    tell(
        _(
            "Let nothing work on the old desk any more: two desks on one mailbox answer twice. "
            "Set TUI_DESK_DATABASE, or database in the settings file, to the new one."
        )
    )


def _told_now_and_then() -> Callable[[str, int], None]:
    """A line every :data:`_EVERY` seconds, for a log."""
    told_at = monotonic()

    def show(table: str, rows: int) -> None:
        nonlocal told_at
        if monotonic() - told_at >= _EVERY:
            told_at = monotonic()
            tell(f"{table}: {rows}")

    return show


def _show(table: str, rows: int) -> None:
    """One line that is written over."""
    sys.stderr.write(f"\r\x1b[K{table}: {rows}")
    sys.stderr.flush()
