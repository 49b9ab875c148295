"""What is said where a mail has no text that could be read: what it is instead."""

from __future__ import annotations

from tui_desk.core.i18n import _
from tui_desk.mail.charsets import one_line
from tui_desk.mail.containers import ENCRYPTED_PGP, ENCRYPTED_SMIME
from tui_desk.mail.mime import Part, Tree, leaves

_MAX_PLACE = 1_000


def told_instead(tree: Tree) -> str:
    """One sentence, with a line end: encrypted, a piece of a larger mail (RFC 2046, 5.2.2), or kept elsewhere (5.2.3); "" for
    what is simply empty."""
    if ENCRYPTED_PGP in tree.defects:
        return _("This message is encrypted with PGP. It is kept as it came.") + "\n"
    if ENCRYPTED_SMIME in tree.defects:
        return _("This message is encrypted with S/MIME. It is kept as it came.") + "\n"
    for part in leaves(tree.root):
        if part.content_type == "message/partial":
            return _piece(part) + "\n"
        if part.content_type == "message/external-body":
            return _elsewhere(part) + "\n"
    return ""


def _piece(part: Part) -> str:
    number, total = (one_line(part.params.get(name, ""), 10) for name in ("number", "total"))
    if number and total:
        return _(
            "This is piece {number} of {total} of a larger message. It is kept as it came, the pieces are not joined."
        ).format(number=number, total=total)
    return _("This is a piece of a larger message. It is kept as it came, the pieces are not joined.")


def _elsewhere(part: Part) -> str:
    given = part.params
    place = "".join(given.get("url", "").split()) or "/".join(
        given[name].strip("/") for name in ("site", "server", "directory", "name") if given.get(name)
    )
    if not place:
        return _("The content of this message is kept elsewhere and was not fetched.")
    return _("The content of this message is kept elsewhere and was not fetched: {place}").format(
        place=one_line(place, _MAX_PLACE)
    )
