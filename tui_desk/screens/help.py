"""``?``: everything one can do on the screen one came from, by which key, and why it cannot be done now; narrowed as one types."""

from __future__ import annotations

import textwrap

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.actions.common import GLOBAL, LIST
from tui_desk.actions.keys import key_label
from tui_desk.actions.registry import N_, Action, Registry
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.fields import Field

_KEYS_WIDTH = 14
_TITLE_WIDTH = 18
_INDENT = 2 + _KEYS_WIDTH + _TITLE_WIDTH + 1
_WIDEST = 110
_USED_WIDTH = 22
"""Cells of one key with its name among the most used."""
_UNHINTED = 1_000
"""After all that the line at the bottom offers."""
_FRAME = 5
"""Cells of the box that are border, padding and scroll bar."""

_SCROLLS = {
    "down": 1,
    "up": -1,
    "ctrl+n": 1,
    "ctrl+p": -1,
    "ctrl+d": 10,
    "ctrl+u": -10,
    "pagedown": 10,
    "pageup": -10,
    "ctrl+v": 10,
}
"""Keys that move the page, and by how many lines."""

_IN_TEXT = (
    ("ctrl+z", N_("Take back what was typed. It does not suspend here: Ctrl+P, To the shell, does.")),
    ("ctrl+y", N_("Bring back what was taken back.")),
    ("ctrl+w", N_("Take away the word before the cursor.")),
    ("ctrl+u", N_("Take away the line up to the cursor.")),
)
"""What keys do in every text."""


class HelpScreen(Dialog[None]):
    """The actions of ``scopes``."""

    def __init__(
        self,
        registry: Registry,
        scopes: tuple[str, ...],
        facts: frozenset[str],
        crumb: str,
        preset: str,
        legend: tuple[tuple[str, str], ...] = (),
        *,
        typing: bool = False,
    ) -> None:
        """``typing``: it is asked for while a text has the focus, where keys that are text do nothing else."""
        super().__init__()
        self._registry, self._scopes, self._facts, self._crumb = registry, scopes, facts, crumb
        self._preset, self._legend, self._typing = preset, legend, typing

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Keys: {place}").format(place=self._crumb or "tui-desk")
            yield Static(
                Content.assemble((title, "bold"), (f"  {_('Key map')}: {self._preset}", "$muted")),
                classes="dialog-title",
            )
            yield Field(placeholder=_("type to search: a key, a name, what it does"), id="help-typed")
            with VerticalScroll(id="help-keys", can_focus=False):
                yield Static(self._page(""), id="help-page", markup=False)
            yield Static(
                _("↑ ↓ PgUp PgDn scroll · Esc closes · :choose_keys changes them"),
                classes="dialog-hint",
                markup=False,
            )

    def on_mount(self) -> None:
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value == "?":  # the key that opened it closes it
            self.dismiss(None)
            return
        self.query_one("#help-page", Static).update(self._page(event.value))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def on_input_submitted(self) -> None:
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """The keys that scroll are no text; they go before what the line does with them."""
        if event.key == "f1":
            self.dismiss(None)
        elif event.key == "ctrl+u" and self.query_one(Input).value:
            return  # it takes away what was typed, as in every line
        elif event.key in _SCROLLS:
            event.stop()
            event.prevent_default()
            self.query_one(VerticalScroll).scroll_relative(y=_SCROLLS[event.key], animate=False)

    def _page(self, typed: str) -> Content:
        seen: set[str] = set()
        parts: list[str | tuple[str, str]] = [] if typed else self._most_used()
        for scope in self._scopes:
            actions = [a for a in self._registry.in_scopes((scope,)) if a.id not in seen]
            seen.update(action.id for action in actions)
            fitting = [action for action in actions if self._works(action) and self._fits(action, typed)]
            fitting.sort(key=lambda action: (not self._keys(action), action.hint or _UNHINTED))
            if fitting:
                parts.append((f"{_heading(scope)}\n", "bold $text-primary"))
                for action in fitting:
                    parts += self._row(action)
                parts.append("\n")
        parts += self._in_text(typed)
        parts += self._signs(typed)
        if not parts:
            nothing = _("Nothing here has “{typed}”. Ctrl+P and : find the same actions.")
            return Content.styled(nothing.format(typed=safe_line(typed, 40)), "$muted")
        return Content.assemble(*parts).rstrip()

    def _keys(self, action: Action) -> tuple[str, ...]:
        return self._registry.keys_of(action, typing=self._typing)

    def _works(self, action: Action) -> bool:
        """Whether it can be done from here: while one types, by a key that is no text."""
        return not self._typing or bool(self._keys(action))

    def _in_text(self, typed: str) -> list[str | tuple[str, str]]:
        """What keys do in the text itself, but for those that are an action's here."""
        if not self._typing:
            return []
        actions = self._registry.in_scopes(self._scopes)
        taken = {key for action in actions for key in self._keys(action)}
        told = [(key_label(key), _(title)) for key, title in _IN_TEXT if key not in taken]
        told.append((_("other keys"), _("are text. Ctrl+P finds what else can be done here.")))
        words = typed.casefold().split()
        fitting = [one for one in told if all(word in " ".join(one).casefold() for word in words)]
        if not fitting:
            return []
        parts: list[str | tuple[str, str]] = [(f"{_('In the text')}\n", "bold $text-primary")]
        for keys, title in fitting:
            parts += [(f"  {keys:<{_KEYS_WIDTH}}", "$text-accent"), (f"{self._indented(title)}\n", "$muted")]
        return [*parts, "\n"]

    def _signs(self, typed: str) -> list[str | tuple[str, str]]:
        """What the signs of the screen mean."""
        alone = len(typed.strip()) == 1
        fitting = [
            (sign, meaning)
            for sign, meaning in self._legend
            if all(
                word in (sign if alone else f"{sign} {meaning} {_('Signs')}".casefold())
                for word in typed.casefold().split()
            )
        ]
        if not fitting:
            return []
        parts: list[str | tuple[str, str]] = [(f"{_('Signs')}\n", "bold $text-primary")]
        for sign, meaning in fitting:
            parts += [(f"  {sign:<{_KEYS_WIDTH}}", "$text-accent"), (f"{meaning}\n", "$muted")]
        return [*parts, "\n"]

    def _most_used(self) -> list[str | tuple[str, str]]:
        """What the line at the bottom offers where there is room, and how to move: key and name only, several to a line."""
        moving = [
            action
            for name in ("down", "up")
            if (action := self._registry.find(self._scopes, name)) is not None
        ]
        shown = [a for a in (*moving, *self._registry.hints(self._scopes)) if self._keys(a)]
        columns = max(1, (min(_WIDEST, self.app.size.width * 94 // 100) - _FRAME - 2) // _USED_WIDTH)
        parts: list[str | tuple[str, str]] = [(f"{_('Most used')}\n", "bold $text-primary")]
        for place, action in enumerate(shown):
            key, obstacle = key_label(self._keys(action)[0]), action.obstacle(self._facts)
            room = _USED_WIDTH - max(6, len(key)) - 2
            title = action.shown_title
            if len(title) > room:
                title = f"{title[: room - 1]}…"
            end = "\n" if (place + 1) % columns == 0 or place + 1 == len(shown) else ""
            parts += [
                ("  " if place % columns == 0 else "", ""),
                (f"{key:<5} ", "$faint" if obstacle else "$text-accent"),
                (f"{title:<{_USED_WIDTH - max(6, len(key) + 1)}}{end}", "$muted" if obstacle else ""),
            ]
        return [*parts, "\n"]

    def _fits(self, action: Action, typed: str) -> bool:
        """Every word is in its keys, title, id or explanation; one sign alone means the key."""
        keys = [key_label(key) for key in self._keys(action)]
        if len(typed.strip()) == 1:
            return any(typed.strip() in key.split() for key in keys)
        text = f"{' '.join(keys)} {action.shown_title} {action.id} {action.shown_help}".casefold()
        return all(word in text for word in typed.casefold().split())

    def _row(self, action: Action) -> list[str | tuple[str, str]]:
        keys = "  ".join(key_label(key) for key in self._keys(action)) or f":{action.id}"
        obstacle = action.obstacle(self._facts)
        row: list[str | tuple[str, str]] = [
            (f"  {keys:<{_KEYS_WIDTH}}", "$faint" if obstacle else "$text-accent"),
            (f"{action.shown_title:<{_TITLE_WIDTH}} ", "$muted" if obstacle else ""),
            (f"{self._indented(action.shown_help)}\n", "$muted"),
        ]
        if len(action.shown_title) > _TITLE_WIDTH:
            row[1] = (f"{action.shown_title}\n{'':<{_INDENT}}", row[1][1])
        if len(keys) > _KEYS_WIDTH:
            row[0] = (f"  {keys}\n{'':<{2 + _KEYS_WIDTH}}", "$faint" if obstacle else "$text-accent")
        if obstacle:
            reason = self._indented(_("Not now: {reason}").format(reason=obstacle))
            row.append((f"{'':<{_INDENT}}{reason}\n", "$text-warning"))
        return row

    def _indented(self, text: str) -> str:
        """``text`` in lines that all begin below the first one."""
        room = min(_WIDEST, self.app.size.width * 94 // 100) - _FRAME - _INDENT
        return textwrap.fill(text, max(20, room), subsequent_indent="").replace("\n", "\n" + " " * _INDENT)


def _heading(scope: str) -> str:
    if scope == GLOBAL:
        return _("Everywhere")
    return _("In the list") if scope == LIST else _("Here")
