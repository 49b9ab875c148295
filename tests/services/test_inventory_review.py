"""What a hostile tester found in the inventory: names beyond A to Z, files that are the desk's own, codecs that are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services.desk import Desk
from tests.services.test_asset_files import effects, look, take, written
from tui_desk.contracts.agreements import SaveContract, ShowContract
from tui_desk.contracts.asset_files import ExportAssets
from tui_desk.contracts.custom_fields import FieldInput, SaveField
from tui_desk.contracts.desk import SaveAsset, ShowAsset
from tui_desk.contracts.documents import AddDocument, SaveDocument
from tui_desk.contracts.licences import AssignSeat, ListLicences, SaveLicence, ShowLicence
from tui_desk.contracts.tickets import NewTicket, SetFields
from tui_desk.core.enums import DocumentSubject, FieldKind, FieldRequired, FieldSubject, TicketStatus
from tui_desk.core.errors import DeskError, Refused, UsageError
from tui_desk.db.key_file import key_file


@pytest.mark.parametrize("typed", ["MÓVIL-Ñ1", "móvil-ñ1"])
def test_names_with_letters_beyond_a_to_z_are_found_and_taken_once(desk: Desk, typed: str) -> None:
    made = desk.ask(SaveAsset(None, "MÓVIL-Ñ1", "Telephone"))
    assert desk.ask(ShowAsset(None, typed)).id == made.id
    with pytest.raises(Refused, match="belongs to another asset"):
        desk.ask(SaveAsset(None, typed, "Other"))
    licence = desk.ask(SaveLicence(None, "DISEÑO ÁGIL", seats=1))
    assert desk.ask(ShowLicence(None, "diseño ágil")).id == licence.id
    assert desk.ask(AssignSeat(licence.id, asset=typed)).used == 1
    assert [one.id for one in desk.ask(ListLicences("diseño"))] == [licence.id]
    with pytest.raises(Refused, match="already"):
        desk.ask(SaveLicence(None, "diseño ágil"))
    contract = desk.ask(SaveContract(None, "ÖFFNUNG"))
    assert desk.ask(ShowContract(None, "ÖFFNUNG")).id == contract.id


def test_sharp_s_is_no_double_s(desk: Desk) -> None:
    desk.ask(SaveAsset(None, "STRASSE-1", "One"))
    assert desk.ask(SaveAsset(None, "Straße-1", "Two")).tag == "Straße-1"


def test_a_new_tag_that_stands_twice_in_a_file_is_refused_where_it_is_shown(
    desk: Desk, tmp_path: Path
) -> None:
    path = written(tmp_path, "serial,tag,name\nS1,T1,One\nS2,t1,Two\nS3,T3,Three\n")
    preview = look(desk, path, match="serial")
    assert effects(preview) == (2, 0, 0, 1)
    assert "stands in line 2 already" in preview.rows[1].sentence
    assert take(desk, path, match="serial", skip_refused=True).new == 2


@pytest.mark.parametrize("encoding", ["hex", "rot13", "undefined", "idna", "punycode", "no-such"])
def test_what_decodes_no_text_is_no_encoding(desk: Desk, tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "tag,name\nT1,Älter\n")
    with pytest.raises(UsageError):
        look(desk, path, encoding=encoding)


def test_the_home_of_nobody_is_told(desk: Desk) -> None:
    for ask in (lambda: look(desk, "~nobody-there/a.csv"), lambda: desk.ask(ExportAssets("~nobody-there/a"))):
        with pytest.raises(UsageError, match="home folder of nobody"):
            ask()


def test_no_name_with_nul_is_a_file(desk: Desk) -> None:
    for ask in (lambda: look(desk, "a\0b.csv"), lambda: desk.ask(ExportAssets("a\0b.csv"))):
        with pytest.raises(DeskError):
            ask()


def test_the_files_of_the_desk_are_neither_written_over_nor_read(desk: Desk, tmp_path: Path) -> None:
    desk.ask(SaveLicence(None, "Editor", key="AAAA-BBBB"))
    asset = desk.ask(SaveAsset(None, "T-1", "Thing"))
    document = desk.ask(
        AddDocument(DocumentSubject.ASSET, written(tmp_path, "x", "x.txt"), asset.id)
    ).document
    own = [key_file(desk.database.url)]
    if desk.database.url.path is not None:
        own.append(desk.database.url.path)
    for path in own:
        before = path.read_bytes() if path.name.endswith("key") else b""
        with pytest.raises(UsageError, match="own"):
            desk.ask(ExportAssets(str(path), replace=True))
        with pytest.raises(UsageError, match="own"):
            look(desk, str(path))
        with pytest.raises(UsageError, match="own"):
            desk.ask(SaveDocument(document.id, str(path), overwrite=True))
        with pytest.raises(UsageError, match="own"):
            desk.ask(AddDocument(DocumentSubject.ASSET, str(path), asset.id))
        assert not before or path.read_bytes() == before


def test_what_resolving_requires_is_not_cleared_afterwards(desk: Desk) -> None:
    desk.ask(
        SaveField(None, FieldSubject.TICKET, "cost", kind=FieldKind.TEXT, required=FieldRequired.RESOLVING),
        desk.root,
    )
    number = desk.ask(NewTicket("Help", "eva@client.test", "Please"))
    desk.ask(SetFields(number, fields=(FieldInput("cost", "A"),)))
    desk.ask(SetFields(number, fields=(FieldInput("cost", ""),)))
    desk.ask(SetFields(number, status=TicketStatus.RESOLVED, fields=(FieldInput("cost", "A"),)))
    for status in (None, TicketStatus.RESOLVED, TicketStatus.CLOSED):
        with pytest.raises(UsageError, match="must have a value"):
            desk.ask(SetFields(number, status=status, fields=(FieldInput("cost", ""),)))
    desk.ask(SetFields(number, status=TicketStatus.OPEN, fields=(FieldInput("cost", ""),)))


def test_a_preview_shows_the_text_that_is_kept(desk: Desk, tmp_path: Path) -> None:
    preview = look(desk, written(tmp_path, "tag,name,state\n'=1+1,-7,in_use\n"))
    assert {column: after for column, _before, after in preview.rows[0].fields} == {
        "tag": "=1+1",
        "name": "-7",
        "state": "in_use",
        "currency": "EUR",
    }
