"""``tui-desk asset export`` and ``asset import``: assets as files of comma-separated values."""

from __future__ import annotations

import sys
from typing import Any

import click

from tui_desk.cli.base import DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import table, tell
from tui_desk.contracts.asset_files import (
    ApplyImport,
    ExportAssets,
    FileForm,
    ImportPreview,
    ImportResult,
    PreviewImport,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.import_words import effect_word, summary

_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_SHOWN = 40


@click.command(
    "export",
    cls=DeskCommand,
    help=_(
        "Write assets into FILE as CSV (UTF-8), or to standard output with “-”. Nothing in it is calculated by a spreadsheet."
    ),
    epilog=examples(
        "tui-desk asset export assets.csv --bom",
        "tui-desk asset export - --query laptop --columns tag,name,owner,warranty_until",
    ),
)
@click.argument("file", metavar="FILE|-")
@click.option("--query", default="", metavar="WORDS", help=_("Only those with these words."))
@click.option("--columns", default="", metavar="NAME,…", help=_("Which columns, in this order; else all."))
@click.option("--no-retired", is_flag=True, help=_("Without retired ones."))
@click.option(
    "--delimiter", type=click.Choice(tuple(_DELIMITERS)), default="comma", help=_("What parts the cells.")
)
@click.option("--bom", is_flag=True, help=_("Begin with a byte order mark, for spreadsheets that need one."))
@click.option("--replace", is_flag=True, help=_("Write over FILE where it is there."))
@pass_invocation
def export_assets(
    run: Invocation,
    file: str,
    query: str,
    columns: str,
    no_retired: bool,
    delimiter: str,
    bom: bool,
    replace: bool,
) -> None:
    """Write the file."""
    request = ExportAssets(
        path=file,
        query=query,
        include_retired=not no_retired,
        columns=tuple(name.strip() for name in columns.split(",") if name.strip()),
        delimiter=_DELIMITERS[delimiter],
        bom=bom,
        replace=replace,
    )
    if file != "-":
        count = run.ask(request)
        told = ngettext("{count} asset in {file}.", "{count} assets in {file}.", count)
        run.answer({"file": file, "assets": count}, lambda: told.format(count=count, file=file))
        return
    if run.as_json:
        raise UsageError(_("Standard output is the file itself; --json goes with a FILE."))
    from tui_desk.services.asset_export import lines

    for text, _rows in lines(run.open_database(), run.actor, request):
        sys.stdout.write(text)


@click.command(
    "import",
    cls=DeskCommand,
    help=_(
        "Show what FILE (CSV) would do to the assets; with --apply do all of it, or nothing. A row is about the asset with its "
        "tag. What was done is one deed: “history” undoes all of it."
    ),
    epilog=examples(
        "tui-desk asset import assets.csv",
        "tui-desk asset import delivery.csv --map 'Service tag=serial' --map Bemerkung= --apply",
    ),
)
@click.argument("file", metavar="FILE")
@click.option("--apply/--dry-run", "applied", default=False, help=_("Do it; else only show it."))
@click.option(
    "--map",
    "mapping",
    multiple=True,
    metavar="HEADING=COLUMN",
    help=_("What a heading means; nothing behind =: leave it out."),
)
@click.option(
    "--match",
    type=click.Choice(("tag", "serial")),
    default="tag",
    help=_("What says which asset a row is about."),
)
@click.option("--keep-empty", is_flag=True, help=_("Empty cells leave what is there; else they clear it."))
@click.option(
    "--skip-refused", is_flag=True, help=_("Leave out rows that are refused; else one of them stops all.")
)
@click.option(
    "--encoding", default="", metavar="NAME", help=_("Such as utf-8 or cp1252; else it is found out.")
)
@click.option(
    "--delimiter",
    type=click.Choice(tuple(_DELIMITERS)),
    default=None,
    help=_("What parts the cells; else it is found out."),
)
@pass_invocation
def import_assets(
    run: Invocation,
    file: str,
    applied: bool,
    mapping: tuple[str, ...],
    match: Any,
    keep_empty: bool,
    skip_refused: bool,
    encoding: str,
    delimiter: str | None,
) -> None:
    """Show or do it."""
    form = FileForm(
        encoding, _DELIMITERS.get(delimiter or "", ""), tuple(map(_mapped, mapping)), match, keep_empty
    )
    seen = run.ask(PreviewImport(file, form, _Progress(_("{done} % read"))))
    if not applied:
        run.answer(_document(seen), lambda: _as_text(seen))
        return
    result = run.ask(ApplyImport(file, form, seen.seen, skip_refused, _Progress(_("{done} % written"))))
    run.answer({**_document(seen), "applied": True, "event": result.event_id}, lambda: _done(result))


class _Progress:
    """Says on a terminal how far it is, in tens of per cent, where there is much to do."""

    def __init__(self, sentence: str) -> None:
        self._sentence, self._told = sentence, 0

    def __call__(self, done: int, total: int) -> None:
        tens = done * 10 // total if total else 0
        if tens > self._told and sys.stderr.isatty():
            self._told = tens
            tell(self._sentence.format(done=tens * 10))


def _mapped(text: str) -> tuple[str, str]:
    heading, sign, column = text.rpartition("=")
    if not sign or not heading.strip():
        raise UsageError(_("“{text}” is not HEADING=COLUMN.").format(text=text))
    return heading.strip(), column.strip()


def _document(preview: ImportPreview) -> dict[str, Any]:
    """The preview without the marks that only this program reads."""
    return {
        "file": preview.path,
        "encoding": preview.encoding,
        "delimiter": preview.delimiter,
        "columns": [{"heading": heading, "column": column or None} for heading, column in preview.columns],
        "new": preview.new,
        "changed": preview.changed,
        "unchanged": preview.unchanged,
        "refused": preview.refused,
        "new_people": preview.new_people,
        "rows": [
            {
                "line": row.line,
                "tag": row.tag,
                "effect": row.effect,
                "fields": [{"column": name, "before": old, "after": new} for name, old, new in row.fields],
                "sentence": row.sentence or None,
            }
            for row in preview.rows
        ],
        "applied": False,
    }


def _as_text(preview: ImportPreview) -> str:
    left_out = ", ".join(heading for heading, column in preview.columns if not column)
    parts = [summary(preview)]
    if left_out:
        parts.append(_("Left out, since no column is called so: {names}.").format(names=left_out))
    rows: list[tuple[Any, ...]] = []
    for row in preview.rows[:_SHOWN]:
        what = row.sentence or "; ".join(
            f"{name}: {old or '–'} → {new or '–'}" for name, old, new in row.fields
        )
        rows.append((row.line, row.tag, effect_word(row.effect), what.replace("\n", " ↵ ")))
    if rows:
        parts.append(table((_("Line"), _("Tag"), _("Effect"), _("What")), rows, flexible=3))
    more = preview.new + preview.changed + preview.refused - len(rows)
    if more > 0:
        parts.append(_("… and {count} more rows.").format(count=more))
    if preview.new or preview.changed:
        parts.append(_("Nothing was written. --apply does it."))
    return "\n".join(parts)


def _done(result: ImportResult) -> str:
    if result.event_id is None:
        return _("Nothing to do: every asset is as the file says.")
    sentence = _(
        "{new} new, {changed} changed, {skipped} left out. All of it is undone with: tui-desk ticket undo --event {event}"
    )
    return sentence.format(
        new=result.new, changed=result.changed, skipped=result.skipped, event=result.event_id
    )
