"""Assets into a file of comma-separated values, at the same memory however many there are."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.asset_files import ExportAssets
from tui_desk.contracts.lists import Place
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.db.engine import Database
from tui_desk.db.files import is_own_file
from tui_desk.models import Asset, Person
from tui_desk.rules.asset_columns import COLUMNS, FIELD_PREFIX, cell_of
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import Actor
from tui_desk.services.asset_import_plan import custom_columns
from tui_desk.services.asset_lists import IN_USE, KIND
from tui_desk.services.context import known, require
from tui_desk.services.custom_fields import values_of
from tui_desk.services.list_pages import Asked, window
from tui_desk.services.local_paths import local_path
from tui_desk.services.people import addresses_of

_AT_ONCE = 1000
_BOM = "\ufeff"


def export(database: Database, actor: Actor, request: ExportAssets) -> int:
    """Write the file; it comes to be when it is whole. Answers how many assets. Raises UsageError, Refused."""
    require(actor, Permission.VIEW)
    path = local_path(request.path)
    if not path.name:
        raise UsageError(_("Name a folder, or a file."))
    if is_own_file(path, database.url):
        raise UsageError(_("{path} is this desk's own database.").format(path=visible_name(request.path)))
    if path.exists() and not request.replace:
        raise Refused(
            _("{path} is there already.").format(path=path),
            _("Nothing was written. Say --replace to write over it."),
        )
    part = path.with_name(f".{path.name}.part-{os.getpid()}")
    count = 0
    try:
        with part.open("x", encoding="utf-8", newline="") as file:
            for text, rows in lines(database, actor, request):
                file.write(text)
                count += rows
                if request.progress is not None:
                    request.progress(count, 0)
        part.replace(path)
    except (OSError, ValueError) as error:  # a name with NUL is none
        cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Refused(
            _("{path} cannot be written: {cause}.").format(path=visible_name(request.path), cause=cause)
        ) from error
    finally:
        with suppress(FileNotFoundError, NotADirectoryError, ValueError):
            part.unlink()
    return count


def lines(database: Database, actor: Actor, request: ExportAssets) -> Iterator[tuple[str, int]]:
    """The file in parts, each with the assets in it. All are of one instant. Raises UsageError."""
    require(actor, Permission.VIEW)
    with database.reading() as session:
        columns = _columns(session, request.columns)
        with_fields = any(column.startswith(FIELD_PREFIX) for column in columns)
        yield (_BOM if request.bom else "") + _text([columns], request.delimiter), 0
        place = Place()
        while True:
            asked = Asked(
                request.query,
                "tag",
                False,
                place,
                _AT_ONCE,
                condition="" if request.include_retired else IN_USE,
            )
            found = window(session, KIND, asked)
            if found.numbers:
                rows = _rows(session, found.numbers, columns, with_fields)
                yield _text(rows, request.delimiter), len(rows)
            if not found.has_after:
                return
            place = Place(after=found.keys[-1])
            session.expunge_all()


def _columns(session: Session, wanted: Sequence[str]) -> list[str]:
    fields = custom_columns(session)
    if not wanted:
        return [*COLUMNS, *fields]
    for column in wanted:
        if column not in COLUMNS and column not in fields:
            raise UsageError(
                _("There is no column “{name}”.").format(name=safe_line(column, 60)),
                _("There are: {names}.").format(names=", ".join((*COLUMNS, *fields))),
            )
    return list(dict.fromkeys(wanted))


def _text(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _rows(
    session: Session, numbers: Sequence[int], columns: Sequence[str], with_fields: bool
) -> list[list[str]]:
    assets = {
        known(asset.id): asset
        for asset in session.exec(select(Asset).where(col(Asset.id).in_(numbers))).all()
    }
    owners = _owners(session, {asset.owner_id for asset in assets.values() if asset.owner_id is not None})
    fields: dict[int, dict[str, str]] = {}
    if with_fields:
        values = values_of(session, FieldSubject.ASSET, {number: one.type for number, one in assets.items()})
        fields = {
            number: {FIELD_PREFIX + one.name: one.value for one in found} for number, found in values.items()
        }

    def cell(asset: Asset, column: str) -> str:
        value: Any
        if column.startswith(FIELD_PREFIX):
            value = fields[known(asset.id)].get(column, "")
        elif column == "owner":
            value = owners.get(asset.owner_id or 0, "")
        else:
            value = getattr(asset, column)
        return cell_of(column, value)

    return [[cell(assets[number], column) for column in columns] for number in numbers if number in assets]


def _owners(session: Session, numbers: set[int]) -> dict[int, str]:
    """Owners as an import knows them again: by their first address, else by name."""
    addresses = addresses_of(session, numbers)
    people = session.exec(select(Person.id, Person.name).where(col(Person.id).in_(numbers))).all()
    return {
        known(number): next(iter(addresses.get(known(number), ())), "") or name for number, name in people
    }
