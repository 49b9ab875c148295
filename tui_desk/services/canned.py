"""Canned replies: kept, offered in the requester's language first, filled in for a ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from tui_desk.contracts.macros import (
    CannedView,
    FillCanned,
    Filled,
    ListCanned,
    PreviewCanned,
    SaveCanned,
    ShowCanned,
)
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.models import CannedReply
from tui_desk.rules.permissions import Permission
from tui_desk.rules.text_variables import EMPTY, NAMES, problems, render
from tui_desk.services import kept
from tui_desk.services.actor import Actor
from tui_desk.services.context import now, require, ticket_to_read
from tui_desk.services.person_saving import language_code
from tui_desk.services.text_values import values_for

TEXT_LIMIT = 20_000
SHORTCUT_LIMIT = 30


def list_canned(session: Session, actor: Actor, request: ListCanned) -> tuple[CannedView, ...]:
    """Raises NotFound (ticket)."""
    require(actor, Permission.VIEW)
    if request.number is None:
        return views(session, kept.seen(session, actor, CannedReply, inactive=request.inactive))
    ticket = ticket_to_read(session, request.number)
    language = kept.language_of(session, ticket)
    rows = kept.offered(session, actor, CannedReply, ticket.team_id)
    return views(session, sorted(rows, key=lambda row: kept.distance(row.language, language)))


def show_canned(session: Session, actor: Actor, request: ShowCanned) -> CannedView:
    """By name, else by shortcut. Raises NotFound."""
    require(actor, Permission.VIEW)
    if request.id is None:
        short = request.name.strip().removeprefix(";").lower()
        rows = kept.seen(session, actor, CannedReply, inactive=True)
        if short and not any(row.name.lower() == request.name.strip().lower() for row in rows):
            meant = [row for row in rows if row.shortcut == short]
            if meant:
                return views(session, meant[:1])[0]
    row = kept.found(session, actor, CannedReply, request.name, request.id, _missing())
    return views(session, [row])[0]


def save_canned(session: Session, actor: Actor, request: SaveCanned) -> CannedView:
    """Raises UsageError (also for variables that do not exist), NotFound, Refused, Conflict."""
    require(actor, Permission.WRITE if request.own else Permission.CONFIGURE_WORK)
    shortcut = safe_line(request.shortcut, SHORTCUT_LIMIT).strip().removeprefix(";").lower()
    if any(sign.isspace() for sign in shortcut):
        raise UsageError(_("A shortcut is one word: what is typed after ;"))
    values = {
        "name": request.name,
        "body": checked_text(request.text),
        "shortcut": shortcut,
        "language": language_code(request.language),
        "active": request.active,
    }
    row = kept.save(
        session,
        actor,
        CannedReply,
        request.id,
        request.version,
        values,
        own=request.own,
        team=request.team,
    )
    return views(session, [row])[0]


def checked_text(text: str, *, empty: bool = False, names: tuple[str, ...] = NAMES) -> str:
    """A text as it is kept. Raises UsageError for one that is empty or has a variable or condition that cannot be."""
    clean = safe_block(text, TEXT_LIMIT).strip("\n").rstrip()
    if not clean.strip() and not empty:
        raise UsageError(_("There is no text."))
    wrong = problems(clean, names)
    if wrong:
        raise UsageError(
            wrong[0].placed(),
            _("The variables are: {names}. To write braces as they are, double them: {literal}").format(
                names=", ".join(names), literal="{{" + wrong[0].word.strip("{}") + "}}"
            ),
        )
    return clean


def fill_canned(session: Session, actor: Actor, request: FillCanned) -> Filled:
    """Raises NotFound, Refused (it is set aside)."""
    require(actor, Permission.WRITE)
    row = kept.usable(_found(session, actor, request.id))
    filled = _filled(session, actor, request.number, row)
    kept.count_use(session, row, now(session))
    return filled


def preview_canned(session: Session, actor: Actor, request: PreviewCanned) -> Filled:
    """What :func:`fill_canned` would put in. Raises NotFound."""
    require(actor, Permission.VIEW)
    return _filled(session, actor, request.number, _found(session, actor, request.id))


def _found(session: Session, actor: Actor, row_id: int) -> CannedReply:
    return kept.found(session, actor, CannedReply, "", row_id, _missing())


def _filled(session: Session, actor: Actor, number: int, row: CannedReply) -> Filled:
    rendered = render(row.body, values_for(session, actor, ticket_to_read(session, number)))
    told = tuple(problem.sentence() for problem in rendered.problems)
    return Filled(rendered.text, told, tuple(one.word for one in rendered.problems if one.kind != EMPTY))


def views(session: Session, rows: Sequence[CannedReply]) -> tuple[CannedView, ...]:
    teams: Mapping[int | None, str] = kept.team_names(session, rows)
    return tuple(
        CannedView(
            **kept.common(row, teams),
            shortcut=safe_line(row.shortcut),
            text=safe_block(row.body),
            language=safe_line(row.language),
        )
        for row in rows
    )


def _missing() -> str:
    return _("There is no canned reply “{name}”.")
