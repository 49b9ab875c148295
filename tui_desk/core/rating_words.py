"""Ratings in the reader's language: the same words on screens and on the command line."""

from __future__ import annotations

from tui_desk.core.i18n import _, ngettext


def rating(word: str, score: int | None) -> str:
    """A rating as people read it; one that was asked for and not given is told, too."""
    if score is None:
        return _("asked, not answered yet")
    names = {"good": _("good"), "fair": _("fair"), "bad": _("bad")}
    return f"{names.get(word, word)} ({score}/5)"


def summary(asked: int, answered: int, share: int | None) -> str:
    """What some ratings come to; empty where nobody was asked."""
    if not asked:
        return ""
    if not answered or share is None:
        return ngettext("asked {count} time, no answer", "asked {count} times, no answer", asked).format(
            count=asked
        )
    told = ngettext("{share} % good of {count} rating", "{share} % good of {count} ratings", answered)
    return told.format(share=share, count=answered)
