"""The documents say what there is: every command, every option, and both commands of the README."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from tui_desk.cli.commands_page import page
from tui_desk.cli.main import build

ROOT = Path(__file__).resolve().parents[2]


def commands() -> Iterator[click.Command]:
    """All commands of all nouns."""
    group = build()
    context = click.Context(group)
    waiting = [group.get_command(context, noun) for noun in group.list_commands(context)]
    while waiting:
        command = waiting.pop()
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            waiting += command.commands.values()


def test_the_page_of_commands_is_current() -> None:
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == page(), (
        "run: python -m tui_desk.cli.commands_page > docs/commands.md"
    )


def test_every_command_says_what_it_does_and_names_no_parameter_twice() -> None:
    for command in commands():
        assert command.help, command.name
        names = [parameter.name for parameter in command.params]
        assert len(names) == len(set(names)), (command.name, names)


def test_the_readme_holds_both_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt '.[demo]' && .venv/bin/tui-desk demo",
        "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt -e '.[test]' && .venv/bin/pytest",
    ):
        assert command in readme
    for link in ("docs/images/queue.svg", "docs/keys.md", "docs/commands.md", "docs/architecture.md"):
        assert link in readme
        assert (ROOT / link).exists(), link


def test_every_dependency_has_its_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [
        *project["dependencies"],
        *(one for extra in project["optional-dependencies"].values() for one in extra),
    ]
    architecture = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").lower()
    for requirement in named:
        name = requirement.split(">")[0].split("[")[0].strip().lower()
        if name != "tui-desk":
            assert f"`{name}`" in architecture, name
