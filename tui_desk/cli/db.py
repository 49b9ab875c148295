"""``tui-desk db``: where the database is, whether it is sound, copying it."""

from __future__ import annotations

import click

from tui_desk.cli.base import DeskGroup, pass_invocation
from tui_desk.cli.db_copy import copy
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields
from tui_desk.core.i18n import _
from tui_desk.db.url import parse_database_url


@click.group(cls=DeskGroup, help=_("The database: where it is, upgrade, check, copy to another one."))
def db() -> None:
    """The noun."""


@db.command("path", help=_("Where the database and its key file are, and who said so."))
@pass_invocation
def path(run: Invocation) -> None:
    """Print the place of the database; makes nothing."""
    from tui_desk.db.key_file import key_file

    value = run.settings.database
    url = parse_database_url(value.value)
    document = {"database": str(url), "source": value.source, "key_file": str(key_file(url))}
    run.answer(
        document,
        lambda: fields(
            [(_("Database"), f"{url}  ({value.source})"), (_("Key file"), document["key_file"])],
        ),
    )


@db.command("upgrade", help=_("Bring the database to the schema of this version."))
@pass_invocation
def upgrade(run: Invocation) -> None:
    """Run the missing migrations."""
    from tui_desk.bootstrap import database_url
    from tui_desk.db.engine import open_database
    from tui_desk.db.revision import HEAD
    from tui_desk.db.schema import ensure_schema
    from tui_desk.upgrading import upgrade_told

    database = open_database(database_url(run.settings))
    try:
        with upgrade_told() as step_begins:
            changed = ensure_schema(database, step_begins)
    finally:
        database.close()
    run.answer(
        {"database": str(database.url), "schema": HEAD, "changed": changed},
        lambda: (
            _("{url} is now at schema {schema}.") if changed else _("{url} was at schema {schema} already.")
        ).format(url=database.url, schema=HEAD),
    )


@db.command(
    "check",
    help=_("Look for damage: the database's own check, stored bytes against their digests, the history."),
)
@click.option("--quick", is_flag=True, help=_("Leave out the stored bytes."))
@pass_invocation
def check(run: Invocation, quick: bool) -> None:
    """Check the database; exit code 1 when something is wrong."""
    from tui_desk.services.database_check import check_database

    run.require_desk()
    report = check_database(run.open_database(), blobs=not quick)
    lines = [f"✗ {problem}" for problem in report.problems] or [_("✓ No damage found.")]
    run.answer(
        report,
        lambda: "\n".join(
            [
                *lines,
                _("{blobs} stored files and {events} events were checked.").format(
                    blobs=report.blobs, events=report.events
                ),
            ]
        ),
    )
    if report.problems:
        raise click.exceptions.Exit(1)


db.add_command(copy)
