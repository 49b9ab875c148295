"""What every screen finds in the application: the gateway, its options, who is at the keyboard, and how to go elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Mapping
from dataclasses import field
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, cast

from textual import events
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.driver import Driver
from textual.screen import ModalScreen

from tui_desk.actions.catalogue import registry
from tui_desk.contracts.gateway import Gateway, Request
from tui_desk.contracts.queue import TicketPage
from tui_desk.contracts.queue_layout import QueueLayout
from tui_desk.contracts.status import AgentView, DeskStatus
from tui_desk.core.clock import Clock, utc_now
from tui_desk.core.values import dataclass
from tui_desk.rules.themes import DEFAULT, FAMILIES, Theme
from tui_desk.screens.earlier_deeds import EarlierDeeds
from tui_desk.screens.message_line import Offer, Told
from tui_desk.screens.type_ahead import TypeAhead
from tui_desk.terminal.size import too_small

if TYPE_CHECKING:
    from tui_desk.screens.base import BaseScreen
    from tui_desk.screens.guide import Guide

_CALM_SECONDS = 10.0

Neighbours = Callable[[int], int | None]
"""The ticket so many lines below (negative: above) in the list one came from; moves that list's cursor there."""

PLACES: dict[str, str] = {
    "queue": "tui_desk.screens.queue:QueueScreen",
    "assets": "tui_desk.screens.assets:AssetsScreen",
    "suspended": "tui_desk.screens.suspended:SuspendedScreen",
    "outbox": "tui_desk.screens.outbox:OutboxScreen",
    "notifications": "tui_desk.screens.notifications:NotificationsScreen",
    "tasks": "tui_desk.screens.tasks:TasksScreen",
    "sheet": "tui_desk.screens.sheet:SheetScreen",
    "organizations": "tui_desk.screens.organizations:OrganizationsScreen",
    "licences": "tui_desk.screens.licences:LicencesScreen",
    "contracts": "tui_desk.screens.licences:ContractsScreen",
    "people": "tui_desk.screens.people:PeopleScreen",
    "expiry": "tui_desk.screens.expiry:ExpiryScreen",
    "history": "tui_desk.screens.history:HistoryScreen",
    "purchases": "tui_desk.screens.purchases:PurchasesScreen",
    "approvals": "tui_desk.screens.approvals:ApprovalsScreen",
    "settings": "tui_desk.screens.mailboxes:MailboxesScreen",
    "agents": "tui_desk.screens.agents:AgentsScreen",
    "teams": "tui_desk.screens.teams:TeamsScreen",
    "desk": "tui_desk.screens.desk_settings:DeskSettingsScreen",
    "checklists": "tui_desk.screens.checklists:ChecklistsScreen",
    "time": "tui_desk.screens.time_settings:TimeSettingsScreen",
    "purchase_settings": "tui_desk.screens.purchase_settings:PurchaseSettingsScreen",
    "field_settings": "tui_desk.screens.field_settings:FieldSettingsScreen",
    "asset_types": "tui_desk.screens.asset_types:AssetTypesScreen",
    "canned": "tui_desk.screens.canned_replies:CannedRepliesScreen",
    "macros": "tui_desk.screens.macros:MacrosScreen",
    "templates": "tui_desk.screens.templates:TemplatesScreen",
    "recurring": "tui_desk.screens.recurring:RecurringScreen",
    "mail": "tui_desk.screens.mailboxes:MailboxesScreen",
    "first_run": "tui_desk.screens.first_run:FirstRunScreen",
}
"""Screens one can go to by name. Imported on the first visit: the start pays for the queue only."""


@dataclass(frozen=True, slots=True)
class AppOptions:
    """What the start of the application decides.

    ``state_folder`` takes the log of unexpected errors. ``downloads`` is the folder first offered for attachments.
    ``programs`` False forbids ``$EDITOR`` and every other program (forced command under a service user). ``keys`` are the
    person's own keys by action id, ``keys_file`` and ``key_lines`` where they stand, ``preset`` the map that they change and
    ``preset_from`` who said so. ``theme`` is a name of ``rules.themes`` or that of ``own_theme``, and ``is_light`` what is known of the terminal's background before it says so;
    ``motion`` *reduced* counts no seconds; what is chosen of both is kept for ``login``.
    ``problems`` of the settings files are told at the start, ``own`` of them stands above the agent's own settings. ``first_page`` is the top of the queue as it was just read, ``layout`` how the agent has it: painted at once.
    ``desk`` names the desk in the names of files that are kept for it.
    ``images`` names how pictures are drawn, ``links`` whether addresses are made to open (``terminal.graphics``); *auto* goes by the terminal.
    ``starts_worker``: a worker is being started beside this terminal, so its absence is no news during the first seconds.
    """

    state_folder: Path
    downloads: Path = field(default_factory=lambda: Path.home() / "Downloads")
    start: str = "queue"
    session: str = field(default_factory=lambda: os.urandom(8).hex())
    programs: bool = True
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    keys_file: str = ""
    key_lines: Mapping[str, int] = field(default_factory=dict)
    preset: str = "desk"
    preset_from: str = "default"
    problems: tuple[str, ...] = ()
    theme: str = DEFAULT
    theme_from: str = "default"
    own_theme: Theme | None = None
    is_light: bool = False
    login: str = ""
    motion: str = "full"
    motion_from: str = "default"
    own: Mapping[str, str] = field(default_factory=dict)
    images: str = "auto"
    links: str = "auto"
    clock: Clock = utc_now
    first_page: TicketPage | None = None
    layout: QueueLayout | None = None
    starts_worker: bool = False
    desk: str = ""


class DeskHost(App[None]):
    """The application as its screens know it."""

    def __init__(self, gateway: Gateway, options: AppOptions, driver: type[Driver] | None = None) -> None:
        super().__init__(driver_class=driver)
        self.gateway = gateway
        self.options = options
        self.first_page = options.first_page
        self.deeds = EarlierDeeds()
        self.layout = options.layout
        """How the agent has the queue; None until it is read."""
        self.preset = options.preset
        self.theme_wanted = options.theme
        self.own_theme = options.own_theme
        self.is_light = options.is_light
        self.asks_background = options.theme in FAMILIES
        """Whether the look goes by what the terminal says of its background."""
        self.asks_graphics = options.images == "auto"
        """Whether pictures go by what the terminal says of itself."""
        self.is_calm = options.motion == "reduced"
        """Whether nothing moves by itself: no figure counts the seconds."""
        self.actions = registry(options.keys, self.preset)
        self.agent: AgentView | None = None
        self.status: DeskStatus | None = None
        self.last_key_at = options.clock()
        """When somebody was last seen at this terminal."""
        self.pressed_at = 0.0
        """When the last key came, by ``monotonic``: changes by others are looked for when keys rest."""
        self.brought: dict[int, int] = {}
        """Tickets that `>` has brought here, each with its version then."""
        self.offer: Offer | None = None
        """What one did last, while ``u`` takes it back."""
        self.last_change: Request[Any] | None = None
        """What ``.`` does again on another ticket."""
        self.doubtful: dict[Hashable, str] = {}
        """Tokens of what the desk did not answer (see ``core.tokens.token_for``)."""
        self.guide: Guide | None = None
        """The guided start, once somebody asked for it."""
        self.files_from: Path | None = None
        """Where files to attach were taken from last."""
        self.spelling = ""
        """The dictionary that was chosen in this session; empty: by the language of the text, ``off``: none."""
        self.commands: list[str] = []
        """What was typed on the ``:`` line, the last one last; kept for this session only, since it may name people."""
        self.type_ahead = TypeAhead(self, self._to_the_front, self.is_quit)

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes go one at a time, so that what is typed ahead reaches the screen it is meant for.

        On a terminal too small to show what they would do, only the key that quits does something.
        """
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            self.last_key_at, self.pressed_at = self.options.clock(), monotonic()
            if self.is_quit(event) or not too_small(*self.size):
                await self.type_ahead.take(event)
        else:
            await super().on_event(event)

    async def _to_the_front(self, event: events.Event) -> None:
        """Hand a key over. Dialogs know only their own keys: leaving is the business of the screen below them."""
        if self.is_quit(event) and isinstance(self.screen, ModalScreen):
            from tui_desk.screens.base import BaseScreen

            below = next(screen for screen in reversed(self.screen_stack) if isinstance(screen, BaseScreen))
            below.perform(next(action for action in self.actions if action.id == "quit"))
        else:
            await super().on_event(event)

    def is_quit(self, event: events.Event) -> bool:
        """Whether it is a key that leaves the application at once and is never text."""
        if not isinstance(event, events.Key) or event.is_printable:
            return False
        return any(
            event.key in self.actions.keys_of(action) for action in self.actions if action.id == "quit"
        )

    def live_offer(self) -> Offer | None:
        """What ``u`` would take back now."""
        now = self.options.clock()
        return self.offer if self.offer is not None and self.offer.seconds(now) else None

    def go_to(self, place: str) -> None:
        """Show a place of :data:`PLACES`: back to the queue, then the place above it."""
        screen_class = load_place(place)
        queue_class = load_place("queue")
        while len(self.screen_stack) > 1 and not isinstance(self.screen, queue_class):
            self.pop_screen()
        if not isinstance(self.screen, screen_class):
            self.push_screen(screen_class())

    def pop_screen(self) -> AwaitComplete:
        """As Textual does it; the screen below is told which ticket one has just left."""
        from tui_desk.screens.base import BaseScreen

        left, done = self.screen, super().pop_screen()
        number = left.ticket_shown() if isinstance(left, BaseScreen) else None
        if number is not None and isinstance(self.screen, BaseScreen):
            self.screen.came_back(number)
        return done

    def saw(self, seen: object, answer: object = None) -> None:
        """Something was done (a request with its answer, an action, a place one came to): the guide goes on by it."""
        if self.guide is not None and self.guide.saw(seen, answer):
            self.call_later(self._guide_on)

    def _guide_on(self) -> None:
        from tui_desk.screens.base import BaseScreen
        from tui_desk.screens.guide import place_of, show_guide

        front = next((s for s in reversed(self.screen_stack) if isinstance(s, BaseScreen)), None)
        if front is None or self.guide is None:
            return
        self.saw(f"at {place_of(front.scopes)}")  # where the next step leads one may be already
        show_guide(front)

    def open_ticket(self, number: int, neighbours: Neighbours | None = None, why: Told | None = None) -> None:
        """Show a ticket; ``neighbours`` answers the ticket before or after it in the list one came from, ``why`` is told with it."""
        from tui_desk.screens.ticket import TicketScreen

        self.push_screen(TicketScreen(number, neighbours, why=why))

    def open_ticket_asked_for(self, number: int) -> None:
        """Show the ticket whose number was typed. One that was shown for its number gives way: Back leads to where both were asked for."""
        from tui_desk.screens.ticket import TicketScreen

        asked_for = TicketScreen(number, by_number=True)
        if isinstance(self.screen, TicketScreen) and self.screen.by_number:
            self.switch_screen(asked_for)
        else:
            self.push_screen(asked_for)

    def open_asset(self, asset_id: int) -> None:
        """Show an asset."""
        from tui_desk.screens.asset import AssetScreen

        self.push_screen(AssetScreen(asset_id))

    def use_preset(self, preset: str) -> None:
        """Go by another key map from now on, on every screen that is open."""
        from tui_desk.screens.base import BaseScreen

        self.preset, self.actions = preset, registry(self.options.keys, preset)
        for screen in self.screen_stack:
            if isinstance(screen, BaseScreen) and screen.is_mounted:
                screen.keys_changed()

    def status_changed(self) -> None:
        """Tell the screen in front that who-am-I or the desk's health is known anew."""
        from tui_desk.screens.base import BaseScreen

        if isinstance(self.screen, BaseScreen):
            self.screen.status_changed()

    def log_unexpected(self, doing: str, error: BaseException) -> Path:
        """Write where ``error`` came from (no values, no text of anybody) and answer the file's path."""
        from tui_desk.terminal.crash import log_unexpected

        return log_unexpected(doing, error, self.options.state_folder)


def pace(app: App[Any], seconds: float) -> float:
    """How often a figure that counts seconds is painted anew: seldom where a person wants little motion."""
    return max(_CALM_SECONDS, seconds) if getattr(app, "is_calm", False) else seconds


def load_place(place: str) -> type[BaseScreen]:
    """The screen class of a place, imported now."""
    module, _colon, name = PLACES[place].partition(":")
    return cast("type[BaseScreen]", getattr(import_module(module), name))
