"""Every sentence a person reads is translatable, and the Spanish catalogue is complete and compiled."""

from __future__ import annotations

import gettext
import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parent.parent / "tui_desk"
SPANISH = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "tui_desk.po"
_FIELD = re.compile(r"\{[^{}]*\}")


@pytest.fixture(scope="module")
def source() -> set[str]:
    """Every message id in the code."""
    found = extract_from_dir(
        str(PACKAGE), [("**.py", "python")], keywords={"_": None, "ngettext": (1, 2)}, comment_tags=()
    )
    return {
        message[0] if isinstance(message, tuple) else message
        for _file, _line, message, _notes, _context in found
    }


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file)


def _parts(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def _entries(catalogue: Catalog) -> dict[str, Message]:
    return {_parts(message.id)[0]: message for message in catalogue if message.id}


def test_spanish_is_complete(source: set[str], spanish: Catalog) -> None:
    entries = _entries(spanish)
    assert sorted(source - set(entries)) == [], "missing in the catalogue"
    assert sorted(set(entries) - source) == [], "no longer in the code"
    assert [key for key, message in entries.items() if message.fuzzy or not all(_parts(message.string))] == []


def test_fields_are_the_same_in_both_languages(spanish: Catalog) -> None:
    wrong = []
    for message in _entries(spanish).values():
        wanted = {field for part in _parts(message.id) for field in _FIELD.findall(part)}
        for translated in _parts(message.string):
            if not set(_FIELD.findall(translated)) <= wanted or (
                len(_parts(message.id)) == 1 and set(_FIELD.findall(translated)) != wanted
            ):
                wrong.append(translated)
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one(spanish: Catalog) -> None:
    compiled = SPANISH.with_suffix(".mo")
    expected = io.BytesIO()
    write_mo(expected, spanish)
    with compiled.open("rb") as file:
        assert {m.id: m.string for m in read_mo(file) if m.id} == {m.id: m.string for m in spanish if m.id}


def test_the_language_of_the_environment_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_desk.core.i18n import LOCALE_FOLDER, _

    assert gettext.find("tui_desk", str(LOCALE_FOLDER), ["es"])
    monkeypatch.setenv("TUI_DESK_LANG", "es")
    assert _("There is no ticket #{number}.") == "No existe el ticket #{number}."
