"""Assets out of a file: what it would do, shown first; then all of it as one deed, or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import text
from sqlmodel import Session, col, func, select

from tui_desk.contracts.asset_files import (
    SHOWN,
    ApplyImport,
    FileForm,
    ImportPreview,
    ImportResult,
    PreviewImport,
    Progress,
    RowChange,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import Conflict, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.engine import Database
from tui_desk.models import Asset, Event
from tui_desk.rules.permissions import Permission
from tui_desk.services.actor import DEED, Actor
from tui_desk.services.asset_files import open_sheet, read_rows
from tui_desk.services.asset_import_plan import Plan, Planned, custom_columns, plan_rows
from tui_desk.services.asset_links import asset_label, asset_stream
from tui_desk.services.context import database as database_of
from tui_desk.services.context import known, now, require
from tui_desk.services.custom_fields import set_values
from tui_desk.services.people import person_for_address
from tui_desk.services.row_batches import RowChanged, add_rows, change_rows

T = TypeVar("T")
_AT_ONCE = 500
_MARK = 4


def preview(database: Database, actor: Actor, request: PreviewImport) -> ImportPreview:
    """What a file would do. Raises NotFound, Refused, UsageError for a file that is none of assets."""
    require(actor, Permission.CHANGE_ASSETS)
    counts: Counter[str] = Counter()
    shown: list[RowChange] = []
    listed: Counter[str] = Counter()
    seen = bytearray()
    with database.reading() as session:
        plan = _plan(session, database, request.path, request.form)
        for rows in _planned(session, plan, request.progress, lock=False):
            for one in rows:
                counts[one.effect] += 1
                seen += one.mark
                if one.effect != "unchanged" and listed[one.effect] < SHOWN:
                    listed[one.effect] += 1
                    shown.append(one.change)
            session.expunge_all()
    sheet = plan.sheet
    return ImportPreview(
        path=str(sheet.path),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        columns=tuple(
            (safe_line(one, 60), column) for one, column in zip(sheet.headings, sheet.columns, strict=True)
        ),
        new=counts["new"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
        refused=counts["refused"],
        new_people=len(plan.people),
        rows=tuple(shown),
        seen=bytes(seen),
    )


def apply(session: Session, actor: Actor, request: ApplyImport) -> ImportResult:
    """Do what was shown. Raises Conflict where it would be anything else by now, Refused where rows are refused."""
    require(actor, Permission.CHANGE_ASSETS)
    plan = _plan(session, database_of(session), request.path, request.form)
    counts: Counter[str] = Counter()
    place = 0
    for rows in _planned(session, plan, request.progress, lock=True):
        for one in rows:
            _compare(one, request.seen[place : place + _MARK])
            place += _MARK
            counts[one.effect] += 1
        if counts["refused"] and not request.skip_refused:
            raise _refused(rows)
        _write(session, actor, plan, rows)
        session.flush()
        session.expunge_all()
    if place != len(request.seen):
        raise _other_than_shown()
    event = None
    if counts["new"] or counts["changed"]:
        deed = session.info.get(DEED)
        event = session.exec(
            select(Event.id).where(Event.deed == deed).order_by(col(Event.id)).limit(1)
        ).first()
    return ImportResult(counts["new"], counts["changed"], counts["refused"], event)


def _plan(session: Session, database: Database, path: str, form: FileForm) -> Plan:
    fields = custom_columns(session)
    sheet = open_sheet(path, form, tuple(fields), database.url)
    session.expunge_all()
    at = now(session) if "clock" in session.info else utc_now()
    return Plan(sheet, form, at, fields)


def _planned(
    session: Session, plan: Plan, progress: Progress | None, *, lock: bool
) -> Iterator[list[Planned]]:
    with read_rows(plan.sheet, progress) as rows:
        next(rows, None)  # the headings
        for batch in _batches(rows, _AT_ONCE):
            yield plan_rows(session, plan, batch, lock=lock)


def _batches(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    given = iter(rows)
    while batch := list(islice(given, size)):
        yield batch


def _compare(one: Planned, seen: bytes) -> None:
    if not seen:
        raise _other_than_shown()
    if one.mark != seen:
        raise Conflict(
            _("Nothing was imported: line {line} ({tag}) would no longer do what was shown.").format(
                line=one.line, tag=safe_line(one.tag, 60) or "–"
            ),
            _("Somebody changed that asset meanwhile, or the file. Look at the preview again."),
        )


def _other_than_shown() -> Conflict:
    return Conflict(
        _("Nothing was imported: the file is not the one that was shown."), _("Look at the preview again.")
    )


def _refused(rows: Sequence[Planned]) -> Refused:
    first = next(one for one in rows if one.effect == "refused")
    return Refused(
        _("Nothing was imported: line {line} is refused. {why}").format(line=first.line, why=first.sentence),
        _("Correct the file, or leave out all rows that are refused: --skip-refused."),
    )


def _write(session: Session, actor: Actor, plan: Plan, rows: Sequence[Planned]) -> None:
    new = [one for one in rows if one.effect == "new"]
    changed = [one for one in rows if one.effect == "changed"]
    for one in (*new, *changed):
        if one.owner:
            one.values["owner_id"] = known(person_for_address(session, one.owner, "", plan.at).id)
    for one, number in zip(new, _numbers(session, len(new)), strict=True):
        one.asset = Asset(id=number, **one.values, created_at=plan.at, updated_at=plan.at)
    add_rows(session, actor, [(*_stream_and_row(one), _label(one)) for one in new], plan.at)
    changes = [RowChanged(*_stream_and_row(one), one.values, _label(one)) for one in changed if one.values]
    change_rows(session, actor, changes, plan.at)
    for one in (*new, *changed):
        if one.inputs:
            asset = _asset(one)
            set_values(session, actor, FieldSubject.ASSET, known(asset.id), asset.type, one.inputs, plan.at)


def _asset(one: Planned) -> Asset:
    assert one.asset is not None  # it was found, or made just now
    return one.asset


def _stream_and_row(one: Planned) -> tuple[str, Asset]:
    return asset_stream(known(_asset(one).id)), _asset(one)


def _label(one: Planned) -> str:
    return asset_label(_asset(one))


def _numbers(session: Session, count: int) -> list[int]:
    """Numbers for new assets whose histories are empty: SQLite gives that of a row that is gone again."""
    if not count:
        return []
    if session.connection().dialect.name != "sqlite":
        rows = session.execute(
            text("SELECT nextval(pg_get_serial_sequence('asset', 'id')) FROM generate_series(1, :count)"),
            {"count": count},
        )
        return [int(number) for (number,) in rows]
    found: list[int] = []
    number = session.exec(select(func.max(Asset.id))).one() or 0
    while len(found) < count:
        block = range(number + 1, number + 1 + count)
        streams = [asset_stream(one) for one in block]
        used = set(session.exec(select(Event.stream).where(col(Event.stream).in_(streams)).distinct()).all())
        found += [one for one in block if asset_stream(one) not in used]
        number = block[-1]
    return found[:count]
