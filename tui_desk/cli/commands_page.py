"""``docs/commands.md``, written from the commands themselves: ``python -m tui_desk.cli.commands_page > docs/commands.md``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tui_desk.cli.main import PROGRAM, build

_COMMON = ("--db", "--as", "--json", "--help")
_HEAD = """# Commands

Every command takes `--db URL`, `--as LOGIN` and `--json`, before or after the noun. `--json` prints one JSON document on stdout;
messages go to stderr. Exit codes: 0 done (an empty list too), 1 failed, 2 wrong usage, 3 a named thing was not found; with
`--json` an error prints `{"error", "hint"}`. Without a command the interface opens.

This page is written from the commands themselves (`python -m tui_desk.cli.commands_page`), and a test holds it against them.
"""


def page() -> str:
    """The whole page."""
    group = build()
    context = click.Context(group, info_name=PROGRAM)
    parts = [_HEAD]
    for noun in group.list_commands(context):
        command = group.get_command(context, noun)
        assert command is not None
        parts.append(f"\n## {noun}\n")
        if isinstance(command, click.Group):
            parts.append(f"\n{command.help}\n")
        verbs = "\n".join(_rows(command, f"{PROGRAM} {noun}"))
        parts.append(f"\n{verbs}\n")
        if lines := list(_examples(command)):
            parts.append("\n" + "\n".join(["```sh", *lines, "```"]) + "\n")
    return "".join(parts)


def _rows(command: click.Command, path: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for name, verb in command.commands.items():
            yield from _rows(verb, f"{path} {name}")
        return
    arguments = " ".join(_metavar(one) for one in command.params if isinstance(one, click.Argument))
    yield f"- `{f'{path} {arguments}'.strip()}`: {command.help}"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden and option.opts[0] not in _COMMON:
            yield f"  - `{_spelled(option)}`{': ' + option.help if option.help else ''}"


def _examples(command: click.Command) -> Iterator[str]:
    """The command lines at the end of the help of a command and of those below it."""
    for line in (command.epilog or "").splitlines():
        if line.startswith("  "):
            yield line.removeprefix("  ")
    if isinstance(command, click.Group):
        for verb in command.commands.values():
            yield from _examples(verb)


def _metavar(argument: click.Argument) -> str:
    return argument.make_metavar(click.Context(click.Command(""))).replace("]...]", "]...")


def _spelled(option: click.Option) -> str:
    names = "/".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    return f"{names} {option.make_metavar(click.Context(click.Command('')))}"


if __name__ == "__main__":
    print(page(), end="")
