"""``tui-desk backup`` and ``restore``: the whole desk in one file, and back."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from tui_desk.cli.base import DeskCommand, DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _, ngettext

_path = click.argument("path", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))


class _BackupGroup(DeskGroup):
    """``backup FILE`` makes one, ``backup verify FILE`` proves one: a word that is no verb is the file."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "make", self.commands["make"], args
        return super().resolve_command(ctx, args)


@click.group(
    cls=_BackupGroup,
    help=_("The whole desk in one file: backup FILE, backup verify FILE."),
    epilog=examples(
        "tui-desk backup desk.tar", "tui-desk backup verify desk.tar", "tui-desk restore desk.tar"
    ),
)
def backup() -> None:
    """The noun."""


@backup.command("make", help=_("Write the desk to FILE, at one committed point, while work goes on."))
@_path
@click.option(
    "--without-key", is_flag=True, help=_("Leave the key file out: stored passwords are then lost with it.")
)
@click.option("--force", is_flag=True, help=_("Replace FILE."))
@pass_invocation
def make(run: Invocation, path: Path, without_key: bool, force: bool) -> None:
    """Make a backup."""
    from tui_desk.services import backup as service

    run.require_desk()
    manifest = service.backup(
        run.open_database(),
        run.actor,
        path.absolute(),
        utc_now(),
        with_key=not without_key,
        replace=force,
    )
    size = path.stat().st_size
    tickets = manifest.rows.get("ticket", 0)
    written = ngettext(
        "{path}: {tickets} ticket, {size} bytes.", "{path}: {tickets} tickets, {size} bytes.", tickets
    ).format(path=path, tickets=tickets, size=size)
    advice = (
        _("The key file is not in it: keep that elsewhere, or enter the passwords again.")
        if without_key
        else _("It holds everything; keep it as safe as the desk.")
    )
    run.answer({"path": str(path), "size": size, **service.summary(manifest)}, lambda: f"{written} {advice}")


@backup.command("verify", help=_("Prove that a backup is whole and can be restored."))
@_path
@pass_invocation
def verify(run: Invocation, path: Path) -> None:
    """Check a backup."""
    from tui_desk.services import backup as service

    manifest = service.verify(path.absolute())
    run.answer(
        {"path": str(path), "ok": True, **service.summary(manifest)},
        lambda: ngettext(
            "{path} is whole: {tickets} ticket, made {made}.",
            "{path} is whole: {tickets} tickets, made {made}.",
            manifest.rows.get("ticket", 0),
        ).format(path=path, tickets=manifest.rows.get("ticket", 0), made=manifest.made_at),
    )


@click.command("restore", cls=DeskCommand, help=_("Bring a desk back from FILE into the database of --db."))
@_path
@click.option("--force", is_flag=True, help=_("Replace the desk that is there."))
@pass_invocation
def restore(run: Invocation, path: Path, force: bool) -> None:
    """Restore a backup."""
    from tui_desk.db.url import parse_database_url
    from tui_desk.services import backup as service

    settings = run.settings
    url = parse_database_url(settings.database.value)
    manifest = service.restore(url, getpass.getuser(), settings.agent.value, path.absolute(), force=force)
    run.answer(
        {"database": str(url), **service.summary(manifest)},
        lambda: ngettext(
            "{tickets} ticket is back in {url}.",
            "{tickets} tickets are back in {url}.",
            manifest.rows.get("ticket", 0),
        ).format(tickets=manifest.rows.get("ticket", 0), url=url),
    )
