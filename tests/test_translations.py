"""Every sentence a person reads is translatable, and the Spanish catalogue is complete and compiled."""

from __future__ import annotations

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from tests.support import catalogue

PACKAGE = Path(__file__).resolve().parent.parent / "tui_desk"
SPANISH = PACKAGE / "locale" / "es" / "LC_MESSAGES" / "tui_desk.po"
_FIELD = re.compile(r"\{[^{}]*\}")
Key = tuple[str, str]
"""Context (mostly none) and message."""


@pytest.fixture(scope="module")
def source() -> set[Key]:
    """Every sentence of the code."""
    return set(_entries(catalogue.source()))


@pytest.fixture(scope="module")
def spanish() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file)


def _parts(text: object) -> tuple[str, ...]:
    return tuple(text) if isinstance(text, (tuple, list)) else (str(text),)


def _context(message: Message) -> str:
    """Babel gives it as bytes when it reads a compiled catalogue."""
    context = message.context or ""
    return context.decode() if isinstance(context, bytes) else context


def _entries(messages: Catalog) -> dict[Key, Message]:
    return {(_context(message), _parts(message.id)[0]): message for message in messages if message.id}


def _strings(messages: Catalog) -> dict[Key, tuple[str, ...]]:
    return {key: _parts(message.string) for key, message in _entries(messages).items()}


def test_spanish_is_complete(source: set[Key], spanish: Catalog) -> None:
    entries = _entries(spanish)
    assert sorted(source - set(entries)) == [], "missing in the catalogue"
    assert sorted(set(entries) - source) == [], "no longer in the code"
    assert [key for key, message in entries.items() if message.fuzzy or not all(_parts(message.string))] == []


def test_fields_are_the_same_in_both_languages(spanish: Catalog) -> None:
    wrong = []
    for message in _entries(spanish).values():
        wanted = {field for part in _parts(message.id) for field in _FIELD.findall(part)}
        wrong += [
            translated
            for translated in _parts(message.string)
            if not set(_FIELD.findall(translated)) <= wanted
            or (len(_parts(message.id)) == 1 and set(_FIELD.findall(translated)) != wanted)
        ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one(spanish: Catalog) -> None:
    with SPANISH.with_suffix(".mo").open("rb") as file:
        assert _strings(read_mo(file)) == _strings(spanish)


def test_every_mark_is_found() -> None:
    code = """
_("one {x}").format(x=1)
f"{_('in an f-string')} {value}"
N_("marked")
_(self.title)
ngettext("{count} day", "{count} days", count)
pgettext("view", "Open")
"""
    assert [(message, context) for message, context, _line in catalogue.sentences(code)] == [
        ("one {x}", None),
        ("in an f-string", None),
        ("marked", None),
        (("{count} day", "{count} days"), None),
        ("Open", "view"),
    ]


def test_the_language_of_the_environment_is_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    from tui_desk.core.i18n import LOCALE_FOLDER, _

    assert gettext.find("tui_desk", str(LOCALE_FOLDER), ["es"])
    monkeypatch.setenv("TUI_DESK_LANG", "es")
    assert _("There is no ticket #{number}.") == "No existe el ticket #{number}."
