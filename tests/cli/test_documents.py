"""The documents say what there is: every command, every option, and both commands of the README."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tui_desk.actions.catalogue import ALL
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


def test_every_option_says_what_it_does_and_what_it_takes() -> None:
    for command in commands():
        for option in command.params:
            if isinstance(option, click.Option) and not option.hidden:
                assert option.help, (command.name, option.opts)
                assert option.is_flag or option.metavar or option.type.name != "text", (
                    command.name,
                    option.opts,
                )


def assert_understood(line: str) -> None:
    """The words of a command are parsed (nothing is run): a renamed option shows up here. Raises UsageError."""
    words = [word for word in shlex.split(line) if word not in ("<", "…")]
    context: click.Context | None = None
    here: click.Command = build()
    while isinstance(here, click.Group):
        context = here.make_context(here.name, words, parent=context, resilient_parsing=True)
        _name, below, words = here.resolve_command(context, [*context._protected_args, *context.args])
        assert below is not None, line
        here = below
    here.make_parser(click.Context(here)).parse_args(list(words))


def test_every_example_is_a_command_there_is() -> None:
    for command in commands():
        lines = [line.strip() for line in (command.epilog or "").splitlines() if line.startswith("  ")]
        for line in " ".join(lines).replace("\\ ", "").split("tui-desk ")[1:]:
            assert_understood(line)


@pytest.mark.parametrize("line", sorted({action.command for action in ALL if action.command}))
def test_the_command_that_an_action_names_is_one(line: str) -> None:
    for one in line.partition(" | ")[0].split("; "):
        words = one.removeprefix("tui-desk ")
        if words != "--help":
            assert_understood(words)


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
