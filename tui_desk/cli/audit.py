"""``tui-desk audit``: whether the history was changed, and the anchor that shows it even when all of it was written anew."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tui_desk.cli.base import DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import plain
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import NotFound, Refused, Unavailable
from tui_desk.core.i18n import _

if TYPE_CHECKING:
    from tui_desk.services.audit import AuditReport, Ends

_SHOWN = 200
"""Faults that are told one by one."""


@click.group(cls=DeskGroup, help=_("Prove that the history was not changed."))
def audit() -> None:
    """The noun."""


@audit.command(
    "verify",
    help=_(
        "Recompute the chain of every history: any event that was changed, taken out, put in or moved is found. With an anchor "
        "that was kept elsewhere, a cut end and a history written anew as well. Exit code 1 when anything is found."
    ),
    epilog=examples("tui-desk audit verify", "tui-desk audit verify --anchor /media/stick/desk.anchor"),
)
@click.option("--anchor", type=click.Path(path_type=Path), metavar="FILE", help=_("What audit anchor wrote."))
@pass_invocation
def verify(run: Invocation, anchor: Path | None) -> None:
    """Recompute all chains; exit code 1 when one is broken."""
    report = _verified(run, _read(anchor))
    document = {**_document(report), "broken": plain(report.broken)}
    run.answer(document, lambda: "\n".join(_account(report)))
    if report.broken:
        raise click.exceptions.Exit(1)


@audit.command(
    "anchor",
    help=_(
        "Write down where every history ends now: keep it outside the desk, and verify with it later. Without --file it goes to "
        "the standard output. A history that is broken gets none."
    ),
    epilog=examples("tui-desk audit anchor --file /media/stick/desk.anchor"),
)
@click.option("--file", "path", type=click.Path(path_type=Path), metavar="F", help=_("A new file."))
@pass_invocation
def anchor(run: Invocation, path: Path | None) -> None:
    """Take an anchor of a history that is whole."""
    from tui_desk.services.audit import anchor_text

    report = _verified(run, None)
    if report.broken:
        raise Refused(
            report.broken[0].sentence, _("tui-desk audit verify tells all of it; no anchor was written.")
        )
    text = anchor_text(report, utc_now())
    if path is None and not run.as_json:
        sys.stdout.write(text)
        return
    if path is not None:
        _write(path, text)
    document = {**_document(report), "file": str(path) if path is not None else None}
    run.answer(
        document,
        lambda: _("Where {streams} histories end is in {path}.").format(streams=report.streams, path=path),
    )


def _verified(run: Invocation, anchor: Ends | None) -> AuditReport:
    from tui_desk.services import audit as service

    run.require_desk()
    with run.open_database().reading() as session:
        return service.verify(session, anchor)


def _document(report: AuditReport) -> dict[str, Any]:
    return {"events": report.events, "streams": report.streams, "anchor": report.anchor}


def _account(report: AuditReport) -> list[str]:
    lines = [f"✗ {one.sentence}" for one in report.broken[:_SHOWN]]
    if len(report.broken) > _SHOWN:
        lines.append(_("… and {count} more; --json has all.").format(count=len(report.broken) - _SHOWN))
    lines = lines or [_("✓ Every event follows from the one before.")]
    return [
        *lines,
        _("{events} events in {streams} histories. Anchor: {anchor}").format(
            events=report.events, streams=report.streams, anchor=report.anchor
        ),
    ]


def _read(path: Path | None) -> Ends | None:
    """Raises NotFound, UsageError."""
    from tui_desk.services.audit import read_anchor

    if path is None:
        return None
    try:
        return read_anchor(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise NotFound(_("The anchor {path} cannot be read: {why}.").format(path=path, why=error)) from error


def _write(path: Path, text: str) -> None:
    """A new private file, never one that is there."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise Refused(
            _("{path} is there already; an anchor never replaces another.").format(path=path)
        ) from error
    except OSError as error:
        raise Unavailable(
            _("{path} cannot be written: {why}.").format(path=path, why=error.strerror)
        ) from error
