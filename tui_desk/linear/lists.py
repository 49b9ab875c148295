"""The views, their counts, a page of the list, the search."""

from __future__ import annotations

from dataclasses import replace

from tui_desk.contracts.custom_fields import ListFields, known
from tui_desk.contracts.queue import SORTS, VIEWS, CountViews, ListTickets, PageKey
from tui_desk.contracts.views import (
    FilterNames,
    KeepQuery,
    ListSavedViews,
    SavedView,
    SaveView,
    Sharing,
    ShowFilterNames,
)
from tui_desk.core.enums import FieldSubject
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.linear.console import Ended, Stopped
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.linear.words import row_sentence
from tui_desk.rules.own_query import may_name_fields
from tui_desk.rules.query import parse_query
from tui_desk.rules.query_completion import complete
from tui_desk.rules.query_fields import Names, cut_sentence
from tui_desk.screens import words
from tui_desk.screens.choices import Choice

_MOST = 50


def views(session: Session, argument: str) -> None:
    """All views, one line each: the built-in ones, then the saved ones."""
    counts = {one.view: one for one in session.ask(CountViews())}
    for view in VIEWS:
        found = counts.get(view)
        count = "" if found is None else _at_least(found.count, found.capped)
        here = _("You are here.") if view == session.view and not session.saved else ""
        title = words.view_title(view)
        name = title if title.casefold() == view else f"{title} ({view})"
        session.say(f"{name}: {count}.", here)
    for saved in session.ask(ListSavedViews(with_counts=True)):
        here = _("You are here.") if saved.name == session.saved else ""
        session.say(
            _("Saved view {name}: {count}. {query}").format(
                name=safe_line(saved.name, 60),
                count=_at_least(saved.count or 0, saved.capped),
                query=safe_line(saved.query, 200),
            ),
            here,
        )


def _at_least(count: int, capped: bool) -> str:
    if capped:
        return _("more than {count} tickets").format(count=count)
    return ngettext("{count} ticket", "{count} tickets", count).format(count=count)


def choose_view(session: Session, argument: str) -> None:
    """A view by its name, built-in or saved."""
    saved = session.ask(ListSavedViews())
    built_in = [Choice(view, words.view_title(view)) for view in VIEWS]
    choices = [*built_in, *(Choice(f"saved:{one.id}", one.name) for one in saved)]
    value = chosen(session, argument, _("Which view?"), choices)
    found = next((one for one in saved if value == f"saved:{one.id}"), None)
    if found is None:
        show_view(session, value)
    else:
        show_saved(session, found)


def show_view(session: Session, view: str) -> None:
    """A built-in view from its beginning; the search is over."""
    leave_ticket(session)
    session.view, session.query, session.saved = view, "", ""
    read_list(session)


def show_saved(session: Session, saved: SavedView) -> None:
    """A saved view from its beginning."""
    leave_ticket(session)
    session.view, session.query, session.sort, session.saved = saved.view, saved.query, saved.sort, saved.name
    read_list(session)


def leave_ticket(session: Session) -> None:
    """Back in the list."""
    session.report(None)
    session.ticket, session.reading, session.rest, session.elsewhere = None, None, [], ""


def go_queue(session: Session, argument: str) -> None:
    """Back to the list, which is read again from where it was."""
    leave_ticket(session)
    keys = session.page.keys if session.page is not None else ()
    read_list(session, around=keys[0] if keys else None)


def list_tickets(session: Session, argument: str) -> None:
    """The list from its beginning."""
    if argument and not argument.isdecimal():
        raise UsageError(_("“{typed}” is no number.").format(typed=safe_line(argument, 40)))
    leave_ticket(session)
    read_list(session, count=min(int(argument), _MOST) if argument else 0)


def read_list(
    session: Session,
    *,
    after: PageKey | None = None,
    before: PageKey | None = None,
    around: PageKey | None = None,
    count: int = 0,
) -> None:
    """Read one page and say it."""
    request = ListTickets(
        session.view,
        session.query,
        session.sort,
        after=after,
        before=before,
        around=around,
        limit=max(1, count) if count else session.options.page,
    )
    page = session.ask(request)
    if not page.rows and around is not None:
        page = session.ask(ListTickets(session.view, session.query, session.sort, limit=session.options.page))
    session.page = page
    now = session.now()
    for row in page.rows:
        session.say(row_sentence(row, now, session.agent.login if session.agent else ""))
    if not page.rows:
        session.say(_empty(session))
    elif page.has_after:
        session.say(_("There are more: more goes on."))
    else:
        session.say(_("That is all of this list."))
    if page.cut:
        session.say(cut_sentence())


def _empty(session: Session) -> str:
    if session.query:
        return _("Nothing in this view fits the search. clear takes it away, view all looks in everything.")
    if session.view in ("open", "all") and session.status is not None and not session.status.mailboxes:
        return {
            "open": _("Nothing is open. new ticket writes down a call or a visit."),
            "all": _("No tickets yet. new ticket writes down a call or a visit."),
        }[session.view]
    return {
        "mine": _("Nothing is assigned to you. view unassigned reads what nobody has taken; take takes one."),
        "unassigned": _("Everything is taken. view open reads all that is open."),
        "open": _("Nothing is open. new ticket writes down a call or a visit; mail arrives by itself."),
        "pending": _("Nothing waits for a requester or anybody else."),
        "resolved": _("Nothing is resolved yet. status sets a ticket's status."),
        "teams": _("Your teams have nothing to do."),
        "overdue": _("Nothing is overdue."),
        "snoozed": _("Nothing is put off. snooze puts a ticket off until tomorrow 9, fri, 3d or an answer."),
        "all": _("No tickets yet. new ticket writes down a call or a visit; mail arrives by itself."),
    }[session.view]


def next_page(session: Session) -> None:
    """The tickets after these."""
    page = session.page
    if page is None:
        read_list(session)
    elif page.has_after:
        read_list(session, after=page.keys[-1])
    else:
        session.say(_("That was the end of the list."))


def page_before(session: Session) -> None:
    """The tickets before these."""
    page = session.page
    if page is None or not page.keys:
        read_list(session)
    elif page.has_before:
        read_list(session, before=page.keys[0])
    else:
        session.say(_("That is the beginning of the list."))


def sort(session: Session, argument: str) -> None:
    """Another order, from the beginning."""
    titles = {
        "updated": _("last change first"),
        "created": _("newest first"),
        "priority": _("most urgent first"),
        "due": _("first due first"),
    }
    choices = [Choice(one, titles[one]) for one in SORTS]
    session.sort = chosen(session, argument, _("Sort how?"), choices, session.sort)
    session.say(_("Sorted: {order}.").format(order=titles[session.sort]))
    read_list(session)


# -- searching ---------------------------------------------------------------------------------------------------------
def search(session: Session, argument: str) -> None:
    """Narrow the view; a word that makes no sense is told, and the list stays as it was."""
    query = argument or _typed_query(session)
    if not query:
        return
    problem = first_problem(session, query)
    if problem:
        session.say(problem, _("The list stays as it was."))
        return
    leave_ticket(session)
    session.query = query
    session.ask(KeepQuery(query))
    read_list(session)


def first_problem(session: Session, query: str) -> str:
    """The word that makes no sense, where it stands, and why; empty where all does."""
    own = known(session.ask(ListFields(FieldSubject.TICKET))) if may_name_fields(query) else {}
    names = session.ask(ShowFilterNames())
    for one in parse_query(query, own, session.now(), _names(names)).problems:
        place = len(query[: one.start].split()) + 1
        return (
            _("Word {place}, {word}: {sentence} {hint}")
            .format(place=place, word=safe_line(one.word, 40), sentence=one.sentence, hint=one.hint)
            .strip()
        )
    return ""


def _typed_query(session: Session) -> str:
    """A query at a prompt of its own, with Tab for its fields and values and the arrows for earlier ones."""
    names = session.ask(ShowFilterNames())
    try:
        typed = session.console.ask(
            _("Search for:") + " ",
            lambda typed: completed_query(typed, names),
            history=tuple(reversed(names.history)),
        )
        return " ".join(typed.split("\n")).strip()
    except (Stopped, Ended):
        raise ChangedMind from None


def completed_query(typed: str, names: FilterNames) -> list[str]:
    """What a query may become."""
    found = complete(typed, len(typed), _names(names))
    return [f"{typed[: found.start]}{option}{typed[found.end :]}" for option in found.options]


def _names(names: FilterNames) -> Names:
    return Names(names.agents, names.teams, names.categories, names.tags, names.domains, names.assets)


def clear(session: Session, argument: str) -> None:
    """Take the search away."""
    session.query, session.saved = "", ""
    read_list(session)


def save_view(session: Session, argument: str) -> None:
    """Keep view, search and order under a name, for oneself."""
    name = argument or line(session, _("Name of the view:"))
    if not name:
        raise ChangedMind
    mine = session.ask(ListSavedViews())
    same = next((one for one in mine if one.name.casefold() == name.casefold() and one.may_change), None)
    request = SaveView(same.id if same else None, name, session.query, session.view, session.sort)
    if same is not None:
        question = _("Change “{name}” to what is shown now").format(name=safe_line(same.name, 60))
        if same.sharing is not Sharing.PRIVATE and not confirmed(session, f"{question}?"):
            raise ChangedMind
        request = replace(request, sharing=same.sharing, team=same.team, version=same.version)
    session.changed(request)
    session.saved = name


def neighbour(session: Session, step: int) -> int:
    """The ticket after (1) or before (-1) the open one in the list. Raises UsageError."""
    number = session.number()
    page = session.page
    place = next((i for i, row in enumerate(page.rows) if row.number == number), None) if page else None
    if page is not None and place is not None:
        if 0 <= place + step < len(page.rows):
            return page.rows[place + step].number
        key = page.keys[place]
        found = session.ask(
            ListTickets(
                session.view,
                session.query,
                session.sort,
                after=key if step > 0 else None,
                before=key if step < 0 else None,
                limit=session.options.page,
            )
        )
        if found.rows:
            session.page = found
            return found.rows[0 if step > 0 else -1].number
    raise UsageError(
        _("There is no ticket after this one in the list.")
        if step > 0
        else _("There is no ticket before this one in the list."),
        _("queue reads the list."),
    )


def pick_number(session: Session, argument: str, question: str) -> int:
    """A ticket's number, as typed or asked for. Raises UsageError, ChangedMind."""
    typed = argument or line(session, question)
    if not typed:
        raise ChangedMind
    digits = typed.split()[0].lstrip("#")
    if not digits.isdecimal() or len(digits) > 9:
        raise UsageError(_("“{typed}” is not a ticket number.").format(typed=safe_line(typed, 40)))
    return int(digits)
