"""What other query languages have and this one has not: told, since looking for the word itself finds nothing. Pure."""

from __future__ import annotations

import re

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.query_fields import ALIASES, FIELDS
from tui_desk.rules.query_values import Wrong

_UNEQUAL = re.compile(r"(?P<name>[^\W\d]\w*)!=(?P<value>.*)")
_GROUP = re.compile(r"\(+-?(?:[^\W\d]\w*[:<>=]|\w[^)]*$)")
"""A parenthesis that is not closed in its word, or that stands before a field."""


def foreign_operator(bare: str) -> Wrong | None:
    """What to say of a word that was meant as an operator; None for any other."""
    unequal = _UNEQUAL.fullmatch(bare)
    if unequal is not None and unequal["name"].lower() in (*FIELDS, *ALIASES):
        instead = f"-{unequal['name'].lower()}:{unequal['value']}"
        return Wrong(
            "operator",
            _("There is no != here."),
            _("Write {instead}.").format(instead=safe_line(instead, 60)),
        )
    if bare == "OR":
        return Wrong(
            "operator",
            _("There is no OR here: a ticket has all the words."),
            _("Values take a comma: status:new,open. The word itself stands in quotes."),
        )
    if bare in ("AND", "NOT"):
        return Wrong(
            "operator",
            _("{word} is not needed: all words are looked for, and -word leaves out.").format(word=bare),
            _("The word itself stands in quotes."),
        )
    if _GROUP.match(bare):
        return Wrong(
            "operator",
            _("There are no groups in parentheses."),
            _("Leave them out: a ticket fits all that is asked. Text that has them stands in quotes."),
        )
    return None
