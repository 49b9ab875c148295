"""click speaks the reader's language: every message it can give here is in our catalogue."""

from __future__ import annotations

import ast
import gettext
from pathlib import Path

import click
import pytest

from tests.cli.command import on_desk, run_command
from tui_desk.cli import click_words
from tui_desk.core.i18n import catalogue

_MODULES = ("core.py", "decorators.py", "exceptions.py", "formatting.py", "parser.py", "types.py")
_NOT_SAID = {
    # mistakes in a program, options we do not use, or our own sentence stands in their place
    "Aborted!", "Positional arguments", "deprecated", "Value must be an iterable.", "env var: {var}", "(dynamic)",
    "Name '{name}' defined twice", "Do you want to continue?", "Confirm the action without prompting.", "unknown error",
    "Could not open file {filename!r}: {message}", "Try '{command} {option}' for help.", "Missing {param_type}",
    "Missing parameter: {param_name}", "Invalid start character for option ({option})", "Choice({choices})",
    "Argument {name!r} takes {nargs} values.", "{value!r} is not a valid UUID.", "{name} {filename!r} is not writable.",
    "{name} {filename!r} is not executable.", "Takes {nargs} values but 1 was given.",
    "{value!r} is not a valid boolean. Recognized values: {states}", "{value!r} does not match the format {format}.",
    "{len_type} values are required, but {len_value} was given.",
}  # fmt: skip


def said_by_click() -> set[str]:
    """Every message that click marks for translation (its singular)."""
    found = set()
    folder = Path(click.__file__).parent
    for name in _MODULES:
        for node in ast.walk(ast.parse((folder / name).read_text(encoding="utf-8"))):
            if (
                (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("_", "ngettext")
                )
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found.add(str(node.args[0].value))
    return found


def test_no_message_of_click_is_forgotten() -> None:
    told = {text for text in said_by_click() if "DeprecationWarning" not in text and "declar" not in text}
    told -= {text for text in told if text.startswith(("Boolean option", "No options defined"))}
    plurals = {
        "Got unexpected extra argument ({args})",
        "Did you mean {possibility}?",
        "Option {name!r} requires an argument.",
        "{value!r} is not {choice}.",
    }
    assert len(click_words.plurals()) == len(plurals)
    assert told - _NOT_SAID - set(click_words.WORDS) - plurals == set()


@pytest.mark.parametrize("variable", ["TUI_DESK_LANG", "LANGUAGE"])
def test_help_and_mistakes_are_spanish(tmp_path: Path, variable: str) -> None:
    desk, spanish = on_desk(str(tmp_path / "desk.db"), run_command), catalogue("es").gettext
    shown = desk("ticket", "show", "--help", **{variable: "es"})
    for word in ("Usage:", "Options", "Show this message and exit."):
        assert spanish(word) != word
        assert spanish(word) in shown.out
        assert word not in shown.out
    wrong = desk("ticket", "fly", **{variable: "es"})
    assert spanish("No such command {name!r}.").format(name="fly") in wrong.err
    missing = desk("ticket", "show", **{variable: "es"})
    assert spanish("Missing argument") in missing.err


def test_the_default_domain_is_given_back() -> None:
    before = gettext.textdomain()
    with click_words.click_speaks():
        assert gettext.textdomain() == "tui_desk"
    assert gettext.textdomain() == before
