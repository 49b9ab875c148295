"""Names after ``@`` in a note: those there are, and whether all that are written are somebody's."""

from __future__ import annotations

from tui_desk.contracts.desk import ListAgents, ListTeams
from tui_desk.linear.questions import confirmed
from tui_desk.linear.writing import Draft
from tui_desk.rules.mentions import handle, named_nobody
from tui_desk.screens.mention_words import question_about


def handles(draft: Draft) -> tuple[str, ...]:
    """What can be written after ``@``; the desk is asked once."""
    if not draft.handles:
        session = draft.session
        agents = tuple(handle(one.login) for one in session.ask(ListAgents()))
        draft.handles = (*agents, *(handle(one.name) for one in session.ask(ListTeams())))
    return draft.handles


def names_are_meant(draft: Draft) -> bool:
    """Whether every name in the note is somebody's, or it is to be kept all the same. Raises ChangedMind."""
    if "@" not in draft.body:
        return True
    nobody = named_nobody(draft.body, handles(draft))
    return not nobody or confirmed(draft.session, *question_about(nobody))
