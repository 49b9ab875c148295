"""Assets as files: what is written is read back as it is; a preview says what would change, and then all of that is done, or nothing."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, delete, func, select

from tests.services.desk import Desk
from tui_desk.contracts.asset_files import (
    ApplyImport,
    ExportAssets,
    FileForm,
    ImportPreview,
    ImportResult,
    PreviewImport,
)
from tui_desk.contracts.custom_fields import FieldInput, SaveField
from tui_desk.contracts.desk import ListAssets, ListPeople, RetireAsset, SaveAsset, ShowAsset
from tui_desk.contracts.tickets import UndoDeed
from tui_desk.core.enums import AssetState, FieldKind, FieldRequired, FieldSubject
from tui_desk.core.errors import Conflict, DeskError, NotFound, Refused, UsageError
from tui_desk.models import Asset, Event
from tui_desk.rules.asset_columns import COLUMNS, as_written, harmless, read_day
from tui_desk.services import audit

HEAD = "tag,name,serial,owner,state,cost,purchased_on,warranty_until,notes\n"


def some_assets(desk: Desk) -> None:
    desk.ask(
        SaveAsset(
            None,
            "LT-1",
            "=cmd|' /C calc'!A0",
            "Laptop",
            "S1",
            "Eva Kurz <eva@client.test>",
            "Room 1",
            AssetState.IN_USE,
            "@Acme",
            Decimal("1299.90"),
            "EUR",
            date(2026, 1, 2),
            date(2029, 1, 2),
            'two\nlines, "quoted"',
        )
    )
    desk.ask(SaveAsset(None, "'-7", "+49 30", notes="-1", location="'=x"))
    desk.ask(RetireAsset(desk.ask(SaveAsset(None, "Ä;9", "Écran")).id))


def written(tmp_path: Path, text: str | bytes, name: str = "assets.csv") -> str:
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


def look(desk: Desk, path: str, **form: Any) -> ImportPreview:
    return desk.ask(PreviewImport(path, FileForm(**form)))


def take(desk: Desk, path: str, *, skip_refused: bool = False, **form: Any) -> ImportResult:
    """Look at a file and do what it would do."""
    seen = look(desk, path, **form).seen
    return desk.ask(ApplyImport(path, FileForm(**form), seen, skip_refused))


def effects(preview: ImportPreview) -> tuple[int, int, int, int]:
    return preview.new, preview.changed, preview.unchanged, preview.refused


def whole(desk: Desk) -> list[dict[str, Any]]:
    """Every asset as the table has it, but for its number and the times it was written."""
    with desk.database.reading() as session:
        rows = session.exec(select(Asset).order_by(col(Asset.tag))).all()
        return [row.model_dump(exclude={"id", "created_at", "updated_at", "version"}) for row in rows]


@pytest.mark.parametrize(("delimiter", "bom"), [(",", False), (";", True), ("\t", False)])
def test_what_is_written_is_read_back_without_a_change(
    desk: Desk, tmp_path: Path, delimiter: str, bom: bool
) -> None:
    some_assets(desk)
    path = str(tmp_path / "all.csv")
    assert desk.ask(ExportAssets(path, delimiter=delimiter, bom=bom)) == 3
    raw = Path(path).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") is bom
    preview = look(desk, path)
    assert effects(preview) == (0, 0, 3, 0), preview.rows
    assert preview.delimiter == delimiter


def test_nothing_in_the_file_is_calculated_and_a_new_desk_gets_the_same(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    before, path = whole(desk), str(tmp_path / "all.csv")
    desk.ask(ExportAssets(path))
    with Path(path).open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    with desk.writing() as session:
        session.exec(delete(Asset))
    result = take(desk, path)
    assert (result.new, result.changed, result.skipped) == (3, 0, 0)
    assert whole(desk) == before


def test_a_file_that_is_there_is_not_written_over(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, "mine")
    with pytest.raises(Refused, match="is there already"):
        desk.ask(ExportAssets(path))
    assert Path(path).read_text() == "mine"
    assert desk.ask(ExportAssets(path, replace=True)) == 0
    assert Path(path).read_text() == ",".join(COLUMNS) + "\n"
    with pytest.raises(UsageError, match="no column “colour”"):
        desk.ask(ExportAssets(path, columns=("tag", "colour"), replace=True))
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith("desk.db")] == ["assets.csv"]


def test_some_columns_of_some_assets(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = tmp_path / "some.csv"
    assert desk.ask(ExportAssets(str(path), query="laptop", columns=("serial", "tag", "owner"))) == 1
    assert path.read_text() == "serial,tag,owner\nS1,LT-1,eva@client.test\n"
    assert desk.ask(ExportAssets(str(path), include_retired=False, replace=True)) == 2


def test_the_preview_says_field_by_field_what_would_change(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = written(
        tmp_path,
        HEAD + "lt-1,Laptop,S1,neu@client.test,in stock,1.299,31/12/2026,,\n"
        "LT-1,Laptop,S1,,,1299.90,2026-01-02,31 Dec 2030,x\n"
        "N-1,New one,,eva@client.test,,,,,\n",
    )
    preview = look(desk, path)
    assert effects(preview) == (1, 0, 0, 2)
    refused = {row.line: row.sentence for row in preview.rows if row.effect == "refused"}
    assert "1.299" in refused[2]
    assert refused[3] == "“LT-1” stands in line 2 already."
    path = written(tmp_path, HEAD + "lt-1,Laptop,S1,neu@client.test,in stock,1300 EUR,31/12/2025,,\n")
    preview = look(desk, path)
    assert effects(preview) == (0, 1, 0, 0)
    assert preview.new_people == 1
    assert preview.rows[0].fields == (
        ("tag", "LT-1", "lt-1"),
        ("name", "=cmd|' /C calc'!A0", "Laptop"),
        ("state", "in_use", "in_stock"),
        ("cost", "1299.90", "1300.00"),
        ("purchased_on", "2026-01-02", "2025-12-31"),
        ("warranty_until", "2029-01-02", ""),
        ("notes", 'two\nlines, "quoted"', ""),
        ("owner", "Eva Kurz", "neu@client.test"),
    )
    assert len(desk.ask(ListPeople())) == 1, "a preview writes nothing"
    take(desk, path)
    view = desk.ask(ShowAsset(tag="LT-1"))
    assert (view.name, view.cost, view.state, view.warranty_until) == (
        "Laptop",
        Decimal(1300),
        AssetState.IN_STOCK,
        None,
    )
    assert (view.owner, view.supplier, view.location) == ("neu@client.test", "@Acme", "Room 1")


def test_empty_cells_can_leave_what_is_there(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = written(tmp_path, HEAD + "LT-1,,,,,,,,\n")
    assert effects(look(desk, path, keep_empty=True)) == (0, 0, 1, 0)
    assert [name for name, _old, _new in look(desk, path).rows[0].fields] == [
        "serial",
        "cost",
        "purchased_on",
        "warranty_until",
        "notes",
        "owner",
    ]


def test_an_import_is_one_deed_and_is_undone_as_a_whole(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    before = whole(desk)
    rows = "".join(f"N-{n},Device {n},,owner{n % 3}@x.test,in_use,{n}.50,,,\n" for n in range(1200))
    path = written(
        tmp_path, HEAD + "LT-1,Changed,S1,eva@client.test,in_use,1299.90,2026-01-02,2029-01-02,n\n" + rows
    )
    result = take(desk, path)
    assert (result.new, result.changed, result.skipped) == (1200, 1, 0)
    assert len(desk.ask(ListAssets(limit=5000))) == 1202
    with desk.database.reading() as session:
        deeds = session.exec(
            select(Event.deed).where(Event.action == "row_added", col(Event.stream).like("asset:%"))
        ).all()
        assert len(set(deeds[-1200:])) == 1
        assert audit.verify(session).broken == ()
    assert result.event_id is not None
    desk.ask(UndoDeed(result.event_id))
    assert whole(desk) == before
    again = take(desk, path)
    assert again.new == 1200, "numbers of rows that are gone are not given twice"
    with desk.database.reading() as session:
        assert audit.verify(session).broken == ()


def test_what_changed_since_the_preview_is_told_and_nothing_half_is_done(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = written(
        tmp_path, HEAD + "".join(f"N-{n},x,,new{n}@x.test,,,,,\n" for n in range(700)) + "LT-1,y,S1,,,,,,\n"
    )
    seen = look(desk, path).seen
    present = desk.ask(ShowAsset(tag="LT-1"))
    desk.ask(SaveAsset(present.id, "LT-1", "By Ben", owner="eva@client.test", state=present.state), desk.ben)
    before = whole(desk), len(desk.ask(ListPeople(limit=5000)))
    with pytest.raises(Conflict, match=r"line 702 \(LT-1\) would no longer do what was shown"):
        desk.ask(ApplyImport(path, FileForm(), seen))
    assert (whole(desk), len(desk.ask(ListPeople(limit=5000)))) == before
    for other in (HEAD + "N-0,x,,new0@x.test,,,,,\n", HEAD + "Z,z,,,,,,,\n"):
        written(tmp_path, other)
        with pytest.raises(Conflict, match="Nothing was imported"):
            desk.ask(ApplyImport(path, FileForm(), seen))
    assert (whole(desk), len(desk.ask(ListPeople(limit=5000)))) == before


def test_refused_rows_stop_all_unless_they_are_left_out(desk: Desk, tmp_path: Path) -> None:
    path = written(
        tmp_path, HEAD + "A,first,,,,,,,\nB,,,,,,,,\nC,third,,nobody,,,,,\nD,fourth,,,broken,,,,\n"
    )
    preview = look(desk, path)
    assert {row.line: row.sentence for row in preview.rows if row.effect == "refused"} == {
        3: "An asset needs a name.",
        4: "Nobody is called nobody; write the address.",
        5: "“broken” is no state of an asset; there are: ordered, in_stock, in_use, repair, retired.",
    }
    with pytest.raises(Refused, match=r"line 3 is refused\. An asset needs a name"):
        take(desk, path)
    assert whole(desk) == []
    assert take(desk, path, skip_refused=True) == ImportResult(1, 0, 3, desk_event(desk))
    assert [row["tag"] for row in whole(desk)] == ["A"]


def desk_event(desk: Desk) -> int | None:
    with desk.database.reading() as session:
        return session.exec(
            select(func.min(Event.id)).where(Event.action == "row_added", Event.stream == "asset:1")
        ).one()


def test_the_life_of_an_asset_holds_for_files_too(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = written(tmp_path, "tag,state\nÄ;9,repair\n".replace("Ä;9", '"Ä;9"'))
    assert "does not become" in look(desk, path).rows[0].sentence


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (
            b"colour,size\nred,1\n",
            "No column of the file is the tag of assets; its headings are: colour, size",
        ),
        (b"tag,name\nA,\0\n", "NUL characters"),
        (b'tag,name\nA,"half a ', "Line 2 of .* cannot be read"),
        (b"tag,name\nA," + b"x" * 200_000 + b"\n", "Line 2 of .* cannot be read"),
        (b"tag,tag\nA,B\n", "Two columns of the file mean “tag”"),
        ("tag,name\nA,x\n".encode("utf-16")[2:], "NUL characters"),
    ],
)
def test_what_is_no_file_of_assets_is_told(desk: Desk, tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        look(desk, written(tmp_path, content))
    with pytest.raises(NotFound):
        look(desk, str(tmp_path / "missing.csv"))
    with pytest.raises(NotFound):
        look(desk, str(tmp_path))


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("A,x\n", "It has 2 cells; the headings are 9."),
        ("A,x,,,,,,,,\n", "It has 10 cells; the headings are 9."),
        (f"A,{'x' * 201},,,,,,,\n", "Its name is longer than 200 characters."),
        ("A,x,,not@an@address,,,,,\n", "address"),
        ("A,x,,,,-5,,,\n", "not an amount"),
        ("A,x,,,,1 USD 2,,,\n", "1 USD 2"),
        (
            "A,x,,,,,01/02/2026,,\n",
            "“01/02/2026” can be two days; write it as 2026-02-01 or the other way round.",
        ),
        ("A,x,,,,,31.02.2026,,\n", "“31.02.2026” is no day"),
        ("A,x,,,,,2026-01-02,2025-01-01,\n", "The warranty cannot end before the day of purchase."),
        (",x,,,,,,,\n", "It has no tag"),
    ],
)
def test_rows_that_are_wrong_say_why(desk: Desk, tmp_path: Path, rows: str, sentence: str) -> None:
    preview = look(desk, written(tmp_path, HEAD + rows))
    assert effects(preview) == (0, 0, 0, 1)
    assert sentence in preview.rows[0].sentence


def test_a_file_of_more_rows_than_are_undone_in_a_minute_is_to_be_split(desk: Desk, tmp_path: Path) -> None:
    rows = "".join(f"PC-{number},Laptop\n" for number in range(10_001))
    with pytest.raises(Refused, match="more than 10000 rows"):
        look(desk, written(tmp_path, f"tag,name\n{rows}"))
    assert desk.ask(ListAssets()) == ()


def test_encodings_headings_and_names_of_columns(desk: Desk, tmp_path: Path) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        path = written(
            tmp_path, "Asset-Tag;Beschreibung;STATUS;Extra\r\nÄ-1;Größe;In use;7\r\n".encode(encoding)
        )
        preview = look(desk, path, mapping=(("beschreibung", "name"),))
        assert preview.columns == (
            ("Asset-Tag", "tag"),
            ("Beschreibung", "name"),
            ("STATUS", "state"),
            ("Extra", ""),
        )
        assert effects(preview) == (1, 0, 0, 0), (encoding, preview.rows)
        assert ("name", "", "Größe") in preview.rows[0].fields
    with pytest.raises(UsageError, match="no heading “nothing”"):
        look(desk, path, mapping=(("nothing", "name"),))
    with pytest.raises(UsageError, match="no column “colour”"):
        look(desk, path, mapping=(("extra", "colour"),))


def test_rows_can_be_matched_by_serial(desk: Desk, tmp_path: Path) -> None:
    some_assets(desk)
    path = written(tmp_path, "Serial number,Room\nS1,Room 9\nS2,Room 3\n")
    preview = look(desk, path, match="serial")
    assert [(row.effect, row.sentence) for row in preview.rows] == [
        ("changed", ""),
        ("refused", "An asset needs a tag: what is written on its label."),
    ]
    desk.ask(SaveAsset(None, "LT-2", "Twin", serial="S1"))
    assert "Several assets have this serial" in look(desk, path, match="serial").rows[0].sentence


def test_fields_of_ones_own_are_columns(desk: Desk, tmp_path: Path) -> None:
    desk.ask(
        SaveField(None, FieldSubject.ASSET, "colour", kind=FieldKind.CHOICE, choices=("red", "blue")),
        desk.root,
    )
    desk.ask(SaveField(None, FieldSubject.ASSET, "weight", kind=FieldKind.NUMBER), desk.root)
    desk.ask(SaveAsset(None, "A", "x", fields=(FieldInput("colour", "red"), FieldInput("weight", "1.50"))))
    path = str(tmp_path / "all.csv")
    desk.ask(ExportAssets(path, columns=("tag", "name", "field:colour", "field:weight")))
    assert Path(path).read_text() == "tag,name,field:colour,field:weight\nA,x,red,1.5\n"
    assert effects(look(desk, path)) == (0, 0, 1, 0)
    path = written(tmp_path, "tag,name,Field:Colour,field:weight\nA,x,BLUE,1.50\nB,y,green,\nC,z,red,2\n")
    preview = look(desk, path)
    assert [(row.tag, row.effect) for row in preview.rows] == [
        ("A", "changed"),
        ("B", "refused"),
        ("C", "new"),
    ]
    assert preview.rows[0].fields == (("field:colour", "red", "BLUE"),)
    result = take(desk, path, skip_refused=True)
    assert desk.ask(ShowAsset(tag="A")).fields == {"colour": "blue", "weight": "1.5"}
    assert desk.ask(ShowAsset(tag="C")).fields == {"colour": "red", "weight": "2"}
    assert result.event_id is not None
    desk.ask(UndoDeed(result.event_id))
    assert desk.ask(ShowAsset(tag="A")).fields == {"colour": "red", "weight": "1.5"}
    desk.ask(SaveField(None, FieldSubject.ASSET, "room", required=FieldRequired.ALWAYS), desk.root)
    assert look(desk, path).rows[0].sentence.endswith("must have a value.")


def test_it_tells_how_far_it_is(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "".join(f"N-{n},x,,,,,,,\n" for n in range(2500)))
    told: list[tuple[int, int]] = []
    desk.ask(PreviewImport(path, FileForm(), lambda done, of: told.append((done, of))))
    assert len(told) == 2
    assert {of for _done, of in told} == {Path(path).stat().st_size}
    assert all(done <= of for done, of in told)


def test_only_those_who_may_change_assets_import(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, HEAD + "A,x,,,,,,,\n")
    with pytest.raises(DeskError):
        desk.ask(PreviewImport(path), desk.rita)
    with pytest.raises(DeskError):
        desk.ask(ApplyImport(path, FileForm(), b"1234"), desk.rita)


@given(st.text(max_size=40))
def test_text_comes_back_from_a_cell_as_it_went(text: str) -> None:
    cell = harmless(text)
    assert as_written(cell) == text
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_days_are_read_as_they_are_written(day: date) -> None:
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day.day}.{day.month}.{day.year:04}") == day
    assert read_day(f"{day.day} {day:%B} {day.year:04}") == day
    assert read_day(f"{day:%b} {day.day}, {day.year:04}") == day


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=30)


def _assets() -> st.SearchStrategy[Sequence[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {
            "tag": _TEXT,
            "name": _TEXT,
            "type": _TEXT,
            "serial": _TEXT,
            "location": _TEXT,
            "supplier": _TEXT,
            "notes": _TEXT,
            "state": st.sampled_from(AssetState),
            "cost": st.none() | st.decimals(0, 10**9, places=4),
            "purchased_on": st.none() | st.dates(date(1990, 1, 1), date(2050, 1, 1)),
        }
    )
    return st.lists(one, max_size=5)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(assets=_assets(), warranty=st.integers(0, 900))
def test_whatever_was_saved_goes_out_and_comes_back_without_a_change(
    desk: Desk, tmp_path: Path, assets: Sequence[dict[str, Any]], warranty: int
) -> None:
    with desk.writing() as session:
        session.exec(delete(Asset))
    saved = 0
    for values in assets:
        bought = values["purchased_on"]
        until = bought + timedelta(days=warranty) if bought else None
        try:
            desk.ask(SaveAsset(None, **values, warranty_until=until))
            saved += 1
        except DeskError:
            continue  # no tag, no name, a tag twice
    path = str(tmp_path / "round.csv")
    assert desk.ask(ExportAssets(path, replace=True)) == saved
    preview = look(desk, path)
    assert effects(preview) == (0, 0, saved, 0), preview.rows
