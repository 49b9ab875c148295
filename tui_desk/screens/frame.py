"""What every screen is made of: title, body, message line, hints.

A screen names its ``scopes`` (nearest first), its ``crumb``, composes its middle in :meth:`FrameScreen.compose_body`, says in
``facts`` what holds now, and serves each action by ``do_<id>(argument)`` (:mod:`tui_desk.screens.acting`); ``key_screen`` has the keys.
"""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.keys import key_label
from tui_desk.screens.chrome import HintLine, TitleLine, hints_of
from tui_desk.screens.cover import TooSmall, cover_when_too_small
from tui_desk.screens.fields import Field
from tui_desk.screens.key_screen import KeyScreen
from tui_desk.screens.message_line import MessageLine
from tui_desk.screens.title_words import title_forms, title_leads


class FrameScreen(KeyScreen):
    """The frame of a full screen of the desk; see :class:`tui_desk.screens.base.BaseScreen`."""

    crumb: str = ""
    """Where one is, for the title line; set it and call :meth:`show_title`."""
    shorter_crumbs: tuple[str, ...] = ()
    """The same in fewer words, for where there is little room."""

    AUTO_FOCUS = ""

    def __init__(self) -> None:
        super().__init__()
        self._hinted: tuple[object, ...] = ()
        """What the hints were made of last."""

    # -- for the screens ---------------------------------------------------------------------------------------------
    def compose_body(self) -> Iterable[Widget]:
        """The middle of the screen."""
        return ()

    def facts_changed(self) -> None:
        """Call it when the selection changed: the hints follow."""
        actions, facts, typing = self.host.actions, self.facts(), self.is_typing()
        own = self.focused.hints() if isinstance(self.focused, Field) else ()
        hinted = (actions, self.scopes, facts, typing, own)
        if hinted != self._hinted:  # the same at most moves of a cursor
            typed_before, self._hinted = self._hinted[3:4], hinted
            if typed_before not in ((), (typing,)):
                self.show_title()  # it names a key that is text now, or no longer
            self.query_one(HintLine).show((*own, *hints_of(actions, self.scopes, facts, typing)))

    # -- the frame ---------------------------------------------------------------------------------------------------
    def compose(self) -> ComposeResult:
        yield TitleLine(id="title-line")
        yield Vertical(*self.compose_body(), id="body")
        yield MessageLine(id="message-line")
        yield HintLine(id="hint-line")
        yield TooSmall()

    def on_mount(self) -> None:
        self._keys.use(self.host.actions, self.scopes)
        self.follow_changes()
        self.app.app_suspend_signal.subscribe(self, lambda _app: self._release_keys())
        self.show_title()
        self.facts_changed()
        self._tell_offer()
        self.show_guide()
        self.start()
        self.reload()

    def use_scopes(self, scopes: tuple[str, ...]) -> None:
        """Go by the actions of other scopes from now on, where a part of the screen has keys of its own."""
        if scopes != self.scopes:
            self.scopes = scopes
            self.keys_changed()

    def keys_changed(self) -> None:
        """Go by the map of now: other scopes, or another preset."""
        self._keys.use(self.host.actions, self.scopes)
        self._forget_keys()
        self.facts_changed()
        self.show_guide()

    def start(self) -> None:
        """For screens: what else belongs to the start (set columns, focus)."""

    def on_screen_resume(self) -> None:
        if self.is_mounted:
            self.status_changed()  # what was learnt while another screen was in front
            self._tell_offer()
            self.show_guide()

    def show_guide(self) -> None:
        """The step of the guided start, while there is one."""
        if self.host.guide is not None:
            from tui_desk.screens.guide import place_of, show_guide

            show_guide(self)
            self.host.saw(f"at {place_of(self.scopes)}")

    def crumbs(self) -> tuple[str, ...]:
        """Where one is, for the title line; then in fewer words."""
        return (self.crumb, *self.shorter_crumbs)

    def show_title(self) -> None:
        """Paint the title line anew."""
        host = self.host
        notices = host.actions.find((GLOBAL,), "go_notifications")
        keys = host.actions.keys_of(notices, typing=self.is_typing()) if notices is not None else ()
        key = key_label(keys[0]) if keys else ""
        forms = title_forms(self.crumbs(), host.status, host.agent, key)
        title = self.query_one(TitleLine)
        title.leads = title_leads(host.status, key)
        title.show(*forms[0], *forms[1:])

    def status_changed(self) -> None:
        """The application knows who-am-I or the desk's health anew."""
        self.show_title()
        self.facts_changed()

    def on_resize(self, event: events.Resize) -> None:
        cover_when_too_small(self, event)

    # -- what is hinted at -------------------------------------------------------------------------------------------
    def on_descendant_focus(self) -> None:
        self.facts_changed()

    def on_hint_line_chosen(self, message: HintLine.Chosen) -> None:
        """A click on a hint is its key."""
        self.perform_named(message.action)

    def on_title_line_chosen(self, message: TitleLine.Chosen) -> None:
        """A click on what waits leads there."""
        self.perform_named(message.action)
