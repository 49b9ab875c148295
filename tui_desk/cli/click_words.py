"""click's own words ("Usage:", "No such option …") in the reader's language.

click looks its messages up in gettext's default domain (``gettext.textdomain``), which a program may set: the documented way of
the standard library, and the only one click has. So they are in our catalogue like our own sentences, and named here,
where whoever keeps the catalogue finds them.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tui_desk.core.i18n import DOMAIN, LOCALE_FOLDER, ngettext


def N_(message: str) -> str:  # noqa: N802 - gettext's name for "translate this elsewhere"
    return message


WORDS = (
    N_("Usage:"),
    N_("Options"),
    N_("Commands"),
    N_("required"),
    N_("default: {default}"),
    N_("Show the version and exit."),
    N_("Show this message and exit."),
    N_("%(prog)s, version %(version)s"),
    N_("Error: {message}"),
    N_("Error: invalid input"),
    N_("Missing command."),
    N_("Missing argument"),
    N_("Missing option"),
    N_("Missing parameter"),
    N_("No such option {name!r}."),
    N_("No such command {name!r}."),
    N_("Option {name!r} does not take a value."),
    N_("Invalid value: {message}"),
    N_("Invalid value for {param_hint}: {message}"),
    N_("Choose from:\n\t{choices}"),
    N_("{value!r} is not a valid {number_type}."),
    N_("{value} is not in the range {range}."),
    N_("file"),
    N_("path"),
    N_("directory"),
    N_("{name} {filename!r} does not exist."),
    N_("{name} {filename!r} is a directory."),
    N_("{name} {filename!r} is a file."),
    N_("{name} {filename!r} is not readable."),
)
"""What click says in commands like ours; the rest is about mistakes in a program."""


def plurals() -> tuple[str, ...]:
    """The same with a number in them."""
    return (
        ngettext("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})", 1),
        ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", 1),
        ngettext("Option {name!r} requires an argument.", "Option {name!r} requires {nargs} arguments.", 1),
        ngettext("{value!r} is not {choice}.", "{value!r} is not one of {choices}.", 1),
    )


@contextmanager
def click_speaks() -> Iterator[None]:
    """Within the block click speaks the reader's language, ``TUI_DESK_LANG`` before ``LANGUAGE`` and ``LANG``."""
    before, language = gettext.textdomain(), os.environ.get("LANGUAGE")
    gettext.bindtextdomain(DOMAIN, str(LOCALE_FOLDER))
    gettext.textdomain(DOMAIN)
    if wanted := os.environ.get("TUI_DESK_LANG"):
        os.environ["LANGUAGE"] = wanted
    try:
        yield
    finally:
        gettext.textdomain(before)
        if language is None:
            os.environ.pop("LANGUAGE", None)
        else:
            os.environ["LANGUAGE"] = language
