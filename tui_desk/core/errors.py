"""The tree of errors a person may meet. Each carries one sentence, an optional hint and an exit code.

DeskError            something could not be done (exit 1)
├── UsageError       the request itself makes no sense (exit 2)
├── NotFound         a named thing does not exist (exit 3)
├── Refused          permission, state or a rule forbids it
│   ├── MergedAway   the ticket was merged: what is to be done there is done in the one it went into
│   ├── Conflict     somebody or something changed it meanwhile; nothing was overwritten
│   ├── Blocked      a gate of the ticket: what is open, and whether a reason lifts it
│   └── DoneBefore   what was asked for before, in other words, had been done after all
├── Unavailable      a database, server or file cannot be reached now; trying again may help
│   └── Uncertain    whether it was done is not known
└── ConfigurationError  a setting is wrong: names the setting, its value's source and what is allowed
"""

from __future__ import annotations


class DeskError(Exception):
    """Base of every error that is told to a person.

    ``sentence`` says what happened and to what; ``hint`` says what was kept and what to do next (may be empty).
    Both are already translated and safe to show.
    """

    exit_code = 1

    def __init__(self, sentence: str, hint: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.hint = hint

    def __str__(self) -> str:
        # A sentence may end in a server's own words, which seldom end like one.
        ends = not self.hint or self.sentence.rstrip().endswith((".", "!", "?", "…", ":", "”"))
        return f"{self.sentence}{'' if ends else '.'} {self.hint}".strip()


class UsageError(DeskError):
    """The request makes no sense: unknown value, missing part, contradiction."""

    exit_code = 2


class NotFound(DeskError):
    """A thing that was named does not exist (or may not be seen)."""

    exit_code = 3


class Refused(DeskError):
    """A rule, a permission or the present state forbids it."""


class MergedAway(Refused):
    """A ticket that was merged is worked on no more. ``number`` is that ticket, ``into`` the one that has it all now."""

    def __init__(self, sentence: str, hint: str, *, number: int, into: int) -> None:
        super().__init__(sentence, hint)
        self.number = number
        self.into = into


class Conflict(Refused):
    """Somebody changed it meanwhile; nothing was overwritten."""


class Blocked(Refused):
    """A ticket is not moved on while something is open. ``obstacles`` are sentences; ``passable``: a reason lifts them;
    ``lacks`` names the fields of one's own that must have a value first."""

    def __init__(
        self,
        sentence: str,
        hint: str,
        obstacles: tuple[str, ...],
        *,
        passable: bool,
        lacks: tuple[str, ...] = (),
    ) -> None:
        super().__init__(sentence, hint)
        self.obstacles = obstacles
        self.passable = passable
        self.lacks = lacks


class DoneBefore(Refused):
    """Asked again under the same token, in other words than before: what was asked before had been done after all, this was not."""


class Unavailable(DeskError):
    """A database, server or file cannot be reached now; trying again may help."""


class Deadlocked(Unavailable):
    """Two of us waited for each other, and the database ended this one: nothing was changed, and the same again succeeds."""


class Uncertain(Unavailable):
    """The database went away while it kept what was done: whether it did is not known."""


class ConfigurationError(DeskError):
    """A setting is wrong."""
