"""``tui-desk doctor``: look at everything that can go wrong, and say what to do."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import nullcontext

import click

from tui_desk.cli.base import DeskCommand, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.core.clock import utc_now
from tui_desk.core.i18n import _
from tui_desk.db.url import parse_database_url
from tui_desk.services.doctor import Surroundings, examine
from tui_desk.services.finding import Finding

_SIGNS = {"ok": "✓", "warn": "!", "fail": "✗"}


@click.command("doctor", cls=DeskCommand, help=_("Look at everything that can go wrong, and say what to do."))
@click.option(
    "--servers",
    is_flag=True,
    help=_(
        "Connect to the mail servers, too: whether they answer, and until when their certificates are valid."
    ),
)
@click.option("--dns", is_flag=True, help=_("Ask DNS, too: MX, SPF and DMARC of the mailboxes' domains."))
@pass_invocation
def doctor(run: Invocation, servers: bool, dns: bool) -> None:
    """Print what was found; exit code 1 when something fails."""
    size = shutil.get_terminal_size((0, 0))
    around = Surroundings(
        utc_now(), os.environ, sys.stdout.isatty(), (size.columns, size.lines), servers, dns
    )
    with run.waiting(for_server=True) if servers or dns else nullcontext():
        findings = examine(parse_database_url(run.settings.database.value), around)
    failed = any(finding.level == "fail" for finding in findings)
    run.answer({"ok": not failed, "checks": findings}, lambda: "\n".join(map(_line, findings)))
    if failed:
        raise click.exceptions.Exit(1)


def _line(finding: Finding) -> str:
    line = f"{_SIGNS[finding.level]} {finding.subject}: {finding.sentence}"
    return f"{line}\n    {finding.advice}" if finding.advice else line
