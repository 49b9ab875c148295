"""Keeps the translation catalogues complete: ``python -m tests.support.catalogue update|compile|missing``.

``update`` takes every sentence of the code into each catalogue, keeps what is translated and drops what the code no
longer says. ``missing`` prints what has no translation yet (exit code 1 when there is any). ``compile`` writes the
``.mo`` files that the program reads. A new language starts with ``update --language CODE``.
"""

from __future__ import annotations

import argparse
import ast
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).resolve().parents[2] / "tui_desk"
DOMAIN = "tui_desk"
_HEADER = f"# {DOMAIN}: every sentence a person reads. English is the source language."


def source() -> Catalog:
    """Every sentence of the code, without translations.

    Read from the syntax tree: babel's own reader of tokens passes over what stands inside an f-string.
    """
    found = Catalog(domain=DOMAIN, charset="utf-8")
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        for message, context, line in sentences(path.read_text(encoding="utf-8")):
            found.add(message, None, [(name, line)], context=context)
    return found


def sentences(code: str) -> list[tuple[str | tuple[str, str], str | None, int]]:
    """(message, or singular and plural; context; line) of every sentence that ``code`` marks, in its order."""
    found: list[tuple[str | tuple[str, str], str | None, int]] = []
    for node in ast.walk(ast.parse(code)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        texts = [
            one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)
        ]
        match node.func.id, texts:
            case (("_" | "N_"), [text]):
                found.append((text, None, node.lineno))
            case "ngettext", [singular, plural]:
                found.append(((singular, plural), None, node.lineno))
            case "pgettext", [context, text]:
                found.append((text, context, node.lineno))
    return sorted(found, key=lambda one: one[2])


def path_of(language: str) -> Path:
    """Where the written catalogue of ``language`` is (or will be)."""
    return PACKAGE / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in PACKAGE.glob(f"locale/*/LC_MESSAGES/{DOMAIN}.po"))


def read(language: str) -> Catalog:
    """The written catalogue of ``language``; an empty one when there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, domain=DOMAIN, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def write(language: str, catalogue: Catalog) -> None:
    """Write the catalogue sorted and without line numbers or dates, so that a change of code changes little here."""
    catalogue.header_comment = _HEADER
    catalogue.fuzzy = False
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_by_file=True, ignore_obsolete=True, include_lineno=False)


def untranslated(catalogue: Catalog) -> Iterator[Message]:
    """The messages that have no translation, or an unconfirmed or half one."""
    for message in catalogue:
        parts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        if message.id and (message.fuzzy or not all(parts)):
            yield message


def merged(language: str) -> Catalog:
    """The catalogue of ``language`` brought to what the code says now."""
    catalogue = read(language)
    catalogue.update(source(), no_fuzzy_matching=True, update_creation_date=False)
    return catalogue


def update(language: str) -> int:
    """Write the merged catalogue and say how it stands; exit code 0."""
    catalogue = merged(language)
    write(language, catalogue)
    left = sum(1 for _message in untranslated(catalogue))
    print(f"{language}: {len(catalogue)} messages, {left} without translation")
    return 0


def missing(language: str) -> int:
    """Print what the code says and the catalogue does not; exit code 1 when there is any."""
    left = list(untranslated(merged(language)))
    for message in left:
        places = ", ".join(sorted({name for name, _line in message.locations}))
        print(f"{language}: {message.id!r}  ({places})")
    print(f"{language}: {len(left)} without translation", file=sys.stderr)
    return 1 if left else 0


def compile_(language: str) -> int:
    """Write the binary catalogue beside the written one; exit code 0."""
    with path_of(language).with_suffix(".mo").open("wb") as file:
        write_mo(file, read(language))
    print(f"{language}: compiled")
    return 0


_COMMANDS: dict[str, Callable[[str], int]] = {"update": update, "compile": compile_, "missing": missing}


def main(arguments: list[str] | None = None) -> int:
    """Run one command for one language, or for every language that has a catalogue."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.catalogue", description=__doc__)
    parser.add_argument("command", choices=sorted(_COMMANDS))
    parser.add_argument("--language", help="only this one, as in 'es' or 'pt_BR'")
    chosen = parser.parse_args(arguments)
    run = _COMMANDS[chosen.command]
    return max((run(code) for code in ([chosen.language] if chosen.language else languages())), default=0)


if __name__ == "__main__":
    sys.exit(main())
