"""Saved views in the queue: chosen, saved from what is shown, renamed, shared, removed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from tui_desk.contracts.queue import VIEWS, CountViews, ViewCount
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.screens import words
from tui_desk.screens.choices import Choice
from tui_desk.screens.queue_filter import FilteredQueue

if TYPE_CHECKING:
    from tui_desk.contracts.views import SavedView, SavedViewChanged, SaveView, Sharing
    from tui_desk.screens.queue_parts import ViewTabs
    from tui_desk.screens.view_dialog import ViewLine


class SavedViews(FilteredQueue):
    """A queue that shows a built-in view, or a saved one: then its query stands in the filter line."""

    def __init__(self) -> None:
        super().__init__()
        self.view = "open"
        self.sort = "updated"
        self.saved: SavedView | None = None
        """The saved view that is shown, until its filter, view or order is changed."""

    @abstractmethod
    def show_view(self, view: str, saved: SavedView | None = None) -> None:
        """Show a built-in view, for a saved one or for itself."""

    def view_facts(self) -> set[str]:
        return {"saved_view"} if self.shown_view() is not None else set()

    def filter_cleared(self) -> None:
        self.saved = None  # what it showed besides is left as it is

    def shown_view(self) -> SavedView | None:
        """The saved view that was chosen; it stays the one that is worked on while its filter is refined."""
        return self.saved

    def is_view_changed(self) -> bool:
        """Whether what is shown is no longer what the saved view says."""
        here = self.saved
        return here is not None and (here.query, here.view, here.sort) != (
            self.query_text,
            self.view,
            self.sort,
        )

    def do_view_mine(self, argument: str) -> None:
        self.show_view("mine")

    def do_view_unassigned(self, argument: str) -> None:
        self.show_view("unassigned")

    def do_view_open(self, argument: str) -> None:
        self.show_view("open")

    def do_view_pending(self, argument: str) -> None:
        self.show_view("pending")

    def do_view_resolved(self, argument: str) -> None:
        self.show_view("resolved")

    def do_view_all(self, argument: str) -> None:
        self.show_view("all")

    def do_view_snoozed(self, argument: str) -> None:
        self.show_view("snoozed")

    def do_view_teams(self, argument: str) -> None:
        self.show_view("teams")

    def do_view_overdue(self, argument: str) -> None:
        self.show_view("overdue")

    def do_next_view(self, argument: str) -> None:
        self.show_view(VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)])

    def do_previous_view(self, argument: str) -> None:
        self.show_view(VIEWS[VIEWS.index(self.view) - 1])

    def on_view_tabs_chosen(self, message: ViewTabs.Chosen) -> None:
        """A click on a tab is its key."""
        self.perform_named(message.action, message.saved)

    async def do_choose_view(self, argument: str) -> None:
        from tui_desk.contracts.views import ListSavedViews  # the start shows no saved view
        from tui_desk.screens.view_dialog import ViewDialog

        saved = await self.ask(ListSavedViews(with_counts=not argument))
        if argument:
            self.open_saved(self._named(saved, argument))
            return
        counts = {count.view: count for count in await self.ask(CountViews())}
        chosen = await self.answer_of(ViewDialog(_lines(saved, counts)))
        if chosen is None:
            return
        view = chosen.line.saved
        if view is None:
            self.show_view(chosen.line.view)
        elif chosen.deed == "rename":
            await self._rename(view, "")
        elif chosen.deed == "share":
            await self._share(view)
        elif chosen.deed == "remove":
            await self._remove(view)
        else:
            self.open_saved(view)

    def open_saved(self, view: SavedView) -> None:
        """Show it: its query stands in the filter line, where it can be refined."""
        self.sort = view.sort
        self.query_text = view.query
        field = self.filter_line()
        field.value = view.query
        field.display = bool(view.query)
        self._help_filter(typing=False)
        self.show_view(view.view, view)

    async def name_again(self, view_id: int) -> None:
        """What is shown goes by the name of its saved view again, where there still is one."""
        from tui_desk.contracts.views import ListSavedViews

        found = next((one for one in await self.ask(ListSavedViews()) if one.id == view_id), None)
        if found is not None and self.saved is None and found.view == self.view:
            self.saved = found
            self.list_titled()
            self.facts_changed()

    async def do_save_view(self, argument: str) -> None:
        from tui_desk.contracts.views import SaveView

        shown = self.shown_view()
        if shown is not None and shown.may_change and not argument and self.is_view_changed():
            choices = [
                Choice("change", _("Change “{name}” to what is shown now").format(name=shown.name)),
                Choice("new", _("Save a new view")),
            ]
            chosen = await self.choose(_("Save"), choices)
            if chosen is None:
                return
            if chosen == "change":
                now = replace(_as_it_is(shown), query=self.query_text, view=self.view, sort=self.sort)
                await self._put(shown, now)
                return
        name = argument or await self.prompt(
            _("Name of the view"), detail=_("Shows: {what}").format(what=self._what_is_shown())
        )
        if not (name or "").strip():
            return
        shared = await self._ask_sharing()
        if shared is None:
            return
        request = SaveView(None, name or "", self.query_text, self.view, self.sort, *shared)
        self._done(await self.ask(request))

    async def do_rename_view(self, argument: str) -> None:
        if (view := self.shown_view()) is not None:
            await self._rename(view, argument)

    async def do_share_view(self, argument: str) -> None:
        if (view := self.shown_view()) is not None:
            await self._share(view)

    async def do_remove_view(self, argument: str) -> None:
        if (view := self.shown_view()) is not None:
            await self._remove(view)

    async def _rename(self, view: SavedView, argument: str) -> None:
        name = argument or await self.prompt(_("New name of “{name}”").format(name=view.name), view.name)
        if (name or "").strip():
            await self._put(view, replace(_as_it_is(view), name=name or ""))

    async def _share(self, view: SavedView) -> None:
        shared = await self._ask_sharing(view)
        if shared is not None:
            await self._put(view, replace(_as_it_is(view), sharing=shared[0], team=shared[1]))

    async def _remove(self, view: SavedView) -> None:
        from tui_desk.contracts.views import RemoveView

        done = await self.ask(RemoveView(view.id))
        if self.saved is not None and self.saved.id == view.id:
            self.show_view(self.view)
        self._tell_change(done)

    async def _put(self, view: SavedView, changed: SaveView) -> None:
        done = await self.ask(changed)
        if self.saved is not None and self.saved.id == view.id:
            self.show_view(self.view, done.view)
        self._tell_change(done)

    async def _ask_sharing(self, view: SavedView | None = None) -> tuple[Sharing, str] | None:
        """Who shall see it; asked only where there is a choice."""
        from tui_desk.contracts.desk import ListTeams
        from tui_desk.contracts.views import Sharing

        agent = self.host.agent
        supervisor = "supervisor" in self.facts()
        teams = [
            team.name
            for team in await self.ask(ListTeams())
            if supervisor or (agent is not None and agent.login in team.members)
        ]
        choices = [Choice("private", _("Only me"))]
        choices += [Choice(f"team:{name}", _("Team {name}").format(name=name)) for name in teams]
        choices += [Choice("desk", _("The whole desk"))] if supervisor else []
        if len(choices) == 1:
            return Sharing.PRIVATE, ""
        current = ""
        if view is not None:
            current = f"team:{view.team}" if view.sharing is Sharing.TEAM else view.sharing.value
        chosen = await self.choose(_("Who sees it?"), choices, current)
        if chosen is None:
            return None
        kind, _colon, team = chosen.partition(":")
        return Sharing(kind), team

    def _done(self, done: SavedViewChanged) -> None:
        self.show_view(self.view, done.view)
        self._tell_change(done)

    def _tell_change(self, done: SavedViewChanged) -> None:
        from tui_desk.screens.undo_actions import taking_back

        if done.event_ids:
            self.offer(taking_back(done, self.host.options.clock()))
        else:
            self.say(done.sentence)
        self.reload()

    def _what_is_shown(self) -> str:
        return f"{words.view_title(self.view)} · {self.query_text or _('no filter')}"

    def _named(self, saved: tuple[SavedView, ...], typed: str) -> SavedView:
        wanted = typed.strip().casefold()
        for view in saved:
            if view.name.casefold() == wanted:
                return view
        raise NotFound(_("There is no view “{name}”.").format(name=typed.strip()), _("v shows all of them."))


def _as_it_is(view: SavedView) -> SaveView:
    from tui_desk.contracts.views import SaveView

    return SaveView(
        view.id, view.name, view.query, view.view, view.sort, view.sharing, view.team, view.version
    )


def _lines(saved: tuple[SavedView, ...], counts: Mapping[str, ViewCount]) -> list[ViewLine]:
    """Saved views first: the built-in ones have keys of their own."""
    from tui_desk.screens.view_dialog import ViewLine

    found = [ViewLine(view.view, view.name, view.shown_count, view) for view in saved]
    for name in VIEWS:
        count = counts.get(name)
        shown = "" if count is None else f"{count.count}+" if count.capped else str(count.count)
        found.append(ViewLine(name, words.view_title(name), shown))
    return found
