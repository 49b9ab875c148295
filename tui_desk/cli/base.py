"""What all commands share: the options every one takes, commands imported when they are asked for, errors told as sentences."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click

from tui_desk.cli.invocation import Invocation
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _

E = TypeVar("E")

_LARGEST = 2**31 - 1
_PREFIX = "desk_"
"""Of the common options' names, so that a command may have a parameter called login or database itself."""


def invocation_of(context: click.Context) -> Invocation:
    """The one invocation of this run."""
    return context.ensure_object(Invocation)


def _remember(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    if value and parameter.name:
        setattr(invocation_of(context), parameter.name.removeprefix(_PREFIX), value)


def common_options() -> list[click.Parameter]:
    """``--db``, ``--as`` and ``--json``, taken before and after the noun."""
    return [
        click.Option(
            ["--db", "desk_database"],
            metavar="URL",
            expose_value=False,
            callback=_remember,
            help=_("Which desk: a file, sqlite:///path or postgresql://user@host/name."),
        ),
        click.Option(
            ["--as", "desk_login"],
            metavar="LOGIN",
            expose_value=False,
            callback=_remember,
            help=_("Act as this agent."),
        ),
        click.Option(
            ["--json", "desk_as_json"],
            is_flag=True,
            expose_value=False,
            callback=_remember,
            help=_("Print one JSON document on stdout."),
        ),
    ]


token_option = click.option(
    "--token",
    default="",
    metavar="WORD",
    help=_("A name for this one deed: run again with it, nothing is done or sent twice."),
)


def _shared(given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a command with what all commands have."""
    given["params"] = [*(given.get("params") or []), *common_options()]
    given.setdefault("context_settings", {}).setdefault("help_option_names", ["-h", "--help"])
    given.setdefault("options_metavar", _("[OPTIONS]"))
    return given


def examples(*lines: str) -> str:
    """Command lines to learn from, for the end of a command's help."""
    return "\b\n" + "\n".join([_("Examples:"), *(f"  {line}" for line in lines)])


class DeskCommand(click.Command):
    """A command with the common options."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **_shared(kwargs))


class DeskGroup(click.Group):
    """A noun: its verbs, and the common options before the verb."""

    command_class = DeskCommand
    group_class = type

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("subcommand_metavar", _("COMMAND [ARGUMENTS]..."))
        super().__init__(*args, **_shared(kwargs))

    def sentences(self) -> list[tuple[str, str]]:
        """Each command and what it does, in the order they were declared."""
        return [(name, command.help or "") for name, command in self.commands.items() if not command.hidden]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands with whole sentences: click cuts them to one line."""
        with formatter.section(_("Commands")):
            formatter.write_dl(self.sentences())


class LazyGroup(DeskGroup):
    """The top: each noun's module is imported when that noun (or the list of all) is asked for.

    ``nouns`` maps the word to ``module:attribute`` and the sentence for the list.
    """

    def __init__(self, *args: Any, nouns: dict[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nouns = nouns

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.nouns)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.nouns:
            return None
        module, _colon, attribute = self.nouns[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"tui_desk.cli.{module}"), attribute)
        return command

    def sentences(self) -> list[tuple[str, str]]:
        return [(noun, sentence) for noun, (_target, sentence) in self.nouns.items()]


class Whole(click.IntRange):
    """A whole number within limits, called so in the reader's language."""

    def __init__(self, least: int | None = None, most: int | None = None) -> None:
        super().__init__(least, most)
        self.name = _("number")


class Value(click.ParamType[E]):
    """A value of an enumeration, told with what is allowed when it is not one."""

    def __init__(self, enumeration: Callable[[str], E], allowed: list[str]) -> None:
        self.enumeration = enumeration
        self.allowed = allowed
        self.name = "|".join(allowed)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> E:
        return one_of(self.enumeration, self.allowed, str(value), param.name or "" if param else "")

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return self.name


class TicketNumber(click.ParamType[int]):
    """A ticket's number, as ``1042`` or ``#1042``."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        digits = str(value).strip().removeprefix("#")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise UsageError(
                _("“{value}” is no ticket number.").format(value=value), _("Write it like 1042.")
            )
        return possible(int(digits))


def possible(number: int) -> int:
    """``number``, where a row can have it (PostgreSQL's integer). Raises NotFound for a larger one."""
    if number > _LARGEST:
        raise NotFound(_("Nothing has the number {number}.").format(number=number))
    return number


class RowNumber(Whole):
    """A row's number, as lists and ``show`` print it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return possible(int(super().convert(value, param, ctx)))


TICKET = TicketNumber()
ID = RowNumber(1)


def limit_option(default: int) -> Callable[[Any], Any]:
    """How long a list may get."""
    return click.option(
        "--limit",
        type=Whole(1),
        default=default,
        metavar="N",
        help=_("At most so many. Default: {count}.").format(count=default),
    )


def enum_value(enumeration: Any) -> Value[Any]:
    """The click type of a ``StrEnum``."""
    return Value(enumeration, [str(member.value) for member in enumeration])


def one_of(enumeration: Callable[[str], E], allowed: list[str], text: str, name: str) -> E:
    """The member that ``text`` names. Raises UsageError with the allowed words."""
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    try:
        return enumeration(word)
    except ValueError:
        raise UsageError(
            _("“{value}” is no {name}.").format(value=text, name=name.replace("_", " ")),
            _("Allowed: {allowed}.").format(allowed=", ".join(allowed)),
        ) from None


def assignments(pairs: tuple[str, ...], allowed: tuple[str, ...]) -> dict[str, str]:
    """``name=value`` arguments as a mapping. Raises UsageError for a word without ``=`` or a name not allowed."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        name = name.strip().replace("-", "_")
        if not equals or name not in allowed:
            raise UsageError(
                _("“{word}” is not understood: write NAME=VALUE.").format(word=pair),
                _("Names: {allowed}.").format(allowed=", ".join(allowed)),
            )
        found[name] = value
    return found


pass_invocation = click.make_pass_decorator(Invocation, ensure=True)
"""Gives a command its :class:`Invocation` as first argument."""
