"""Choosing files: a folder to walk through, a line that narrows it or takes a path, several marked at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui_desk.core.clock import Clock
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line, visible_name
from tui_desk.rules.dropped_paths import readings
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialog import Dialog
from tui_desk.screens.dialogs import common_beginning
from tui_desk.screens.fields import Field
from tui_desk.screens.folder_listing import (
    Entry,
    Listing,
    entry_of,
    list_folder,
    narrowed,
    place_of,
    that_exist,
)
from tui_desk.widgets.columns import fit

_PATIENCE = 8.0
"""Seconds after which a folder that does not answer (a server that is gone) is given up."""
_SHOWN = 400
_AROUND = 13
"""Rows of the dialog that are not the list, and two of the screen below it."""
_STEPS = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "pagedown": 8, "pageup": -8}


class PathField(Field):
    """A line that takes dropped and pasted paths as they are meant."""

    taken: Callable[[str], bool] = staticmethod(lambda _text: False)
    does: Callable[[str], bool] = staticmethod(lambda _key: False)
    """Whether a key is no text now, but was done with."""

    def on_key(self, event: events.Key) -> None:
        if self.does(event.key):
            event.stop()
            event.prevent_default()

    def _on_paste(self, event: events.Paste) -> None:
        if self.taken(event.text):
            event.stop()
            event.prevent_default()


class FilePicker(Dialog[tuple[str, ...]]):
    """Answers the paths that were chosen. ``permitted`` raises DeskError for what this session may not read."""

    def __init__(self, folder: Path, clock: Clock, permitted: Callable[[str], str]) -> None:
        super().__init__()
        self.folder = folder
        """Where one is, and was at last."""
        self._clock, self._permitted = clock, permitted
        self._hidden = False
        self._listed: Path | None = None
        self._listing = Listing()
        self._shown: list[Entry] = []
        self._marked: dict[str, Entry] = {}

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            yield Static(_("Attach files"), classes="dialog-title", markup=False)
            yield PathField(placeholder=_("part of a name, or a path: ~/Documents/"), id="typed")
            yield Static("", id="picker-folder", markup=False)
            yield OptionList(markup=False, compact=True, id="choices")
            yield Static("", id="picker-marked", markup=False)
            hint = _(
                "Enter opens or attaches · Space marks · Backspace goes up · Tab completes · Alt+. shows hidden files · Esc leaves"
            )
            yield Static(hint, classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        field = self.query_one(PathField)
        field.taken, field.does = self._dropped, self._does
        field.focus()
        self._fit()
        self._look()

    def on_resize(self, event: events.Resize) -> None:
        self._fit()
        self.call_after_refresh(self._fill)

    def _fit(self) -> None:
        self.query_one(OptionList).styles.max_height = max(3, self.app.size.height - _AROUND)

    # -- reading -----------------------------------------------------------------------------------------------------
    @property
    def _typed(self) -> str:
        return self.query_one(Input).value

    def _look(self) -> None:
        self.run_worker(self._read(), group="folder", exclusive=True, exit_on_error=False)

    async def _read(self) -> None:
        """Show the folder that is meant now."""
        place, _name = place_of(self.folder, self._typed)
        if place != self._listed:
            listing = await self._list(place)
            if place_of(self.folder, self._typed)[0] != place:
                return  # somebody typed on
            self._listed, self._listing = place, listing
        self._fill()

    async def _list(self, place: Path) -> Listing:
        try:
            self._permitted(str(place))
            return await asyncio.wait_for(asyncio.to_thread(list_folder, str(place)), _PATIENCE)
        except TimeoutError:
            return Listing(problem=_("it does not answer"))
        except DeskError as error:
            return Listing(problem=error.sentence)

    def _fill(self, name: str = "") -> None:
        """Paint what fits; the cursor goes to ``name``, else to the first."""
        options = self.query_one(OptionList)
        place, typed = place_of(self.folder, self._typed)
        fitting = narrowed(self._listing.entries, typed, hidden=self._hidden)
        self._shown = fitting[:_SHOWN]
        options.clear_options()
        room = max(20, options.scrollable_content_region.width - 2)
        options.add_options([Option(self._label(one, room)) for one in self._shown])
        if self._shown:
            at = next((i for i, one in enumerate(self._shown) if one.name == name), 0)
            options.highlighted = at
        self.query_one("#picker-folder", Static).update(self._head(place, len(fitting)))
        self.query_one("#picker-marked", Static).update(self._told_marked())

    def _head(self, place: Path, count: int) -> Content:
        parts: list[Part] = [(safe_line(str(place), 200), "$text-primary")]
        if self._listing.problem:
            parts.append((f"  {safe_line(self._listing.problem, 200)}", "$text-error"))
        elif not count:
            found = _("nothing fits") if self._typed else _("empty")
            parts.append((f"  {found}", "$muted"))
        elif count > _SHOWN or self._listing.cut:
            told = _("the first {shown} are here: type a part of the name").format(shown=min(count, _SHOWN))
            parts.append((f"  {told}", "$muted"))
        return line(*parts)

    def _label(self, one: Entry, room: int) -> Content:
        mark = "* " if one.path in self._marked else "  "
        name = visible_name(one.name, 200) + ("/" if one.folder else "")
        size = words.size(one.size) if one.size is not None else ""
        changed = ""
        if one.changed is not None:
            changed = words.moment(datetime.fromtimestamp(one.changed, UTC), self._clock())
        behind = f"{size:>9}  {fit(changed, 15)}"
        return line(
            (mark, "$text-accent bold"),
            (fit(name, max(10, room - len(behind) - 3)), "$text-primary" if one.folder else ""),
            (f" {behind}", "$muted"),
        )

    def _told_marked(self) -> Content:
        if not self._marked:
            return Content("")
        count = len(self._marked)
        told = ngettext("{count} marked", "{count} marked", count).format(count=count)
        total = words.size(sum(one.size or 0 for one in self._marked.values()))
        names = ", ".join(visible_name(one.name, 40) for one in self._marked.values())
        return line(
            (f"{told}, {total}: ", "$text-accent"), (names, ""), (_("   Ctrl+S attaches them"), "$muted")
        )

    # -- keys --------------------------------------------------------------------------------------------------------
    def on_input_changed(self, event: Input.Changed) -> None:
        self._look()

    async def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            await self._complete()

    def _does(self, key: str) -> bool:
        """Keys that are no text: some of them only as long as nothing is typed."""
        deeds: dict[str, Callable[[], None]] = {
            "ctrl+s": self._take_marked,
            "insert": self._mark,
            "ctrl+t": self._mark,
            "alt+full_stop": self._turn_hidden,
            "alt+.": self._turn_hidden,
        }
        if not self._typed:
            deeds |= {"space": self._mark, "backspace": self._up, "left": self._up, "right": self._enter}
        if key in _STEPS:
            self._step(_STEPS[key])
        elif key in deeds:
            deeds[key]()
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        options = self.query_one(OptionList)
        at = (options.highlighted or 0) + by
        options.highlighted = max(0, min(len(self._shown) - 1, at)) if self._shown else None

    def _current(self) -> Entry | None:
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def _mark(self) -> None:
        one = self._current()
        if one is None or one.folder:
            return
        if self._marked.pop(one.path, None) is None:
            self._marked[one.path] = one
        at = self.query_one(OptionList).highlighted or 0
        below = self._shown[min(at + 1, len(self._shown) - 1)]
        self._fill(below.name)

    def _turn_hidden(self) -> None:
        self._hidden = not self._hidden
        one = self._current()
        self._fill(one.name if one else "")

    def _up(self) -> None:
        self._go(self.folder.parent)

    def _enter(self) -> None:
        one = self._current()
        if one is not None and one.folder:
            self._go(Path(one.path))

    def _go(self, folder: Path) -> None:
        try:
            self._permitted(str(folder))
        except DeskError as error:
            self.query_one("#picker-folder", Static).update(line((error.sentence, "$text-error")))
            return
        self.folder = folder
        field = self.query_one(Input)
        if field.value:
            field.value = ""
        self._look()

    async def _complete(self) -> None:
        """As a shell: as far as it is plain; a folder that is the only one is gone into."""
        await self._read()
        field = self.query_one(Input)
        _place, begun = place_of(self.folder, field.value)
        head = field.value[: len(field.value) - len(begun)] if field.value != "~" else "~/"
        fitting = narrowed(self._listing.entries, begun, hidden=self._hidden)
        same = [one for one in fitting if one.name.startswith(begun)] or fitting
        if not same:
            return
        one = same[0] if len(same) == 1 else None
        name = one.name if one else common_beginning([entry.name for entry in same])
        if one is None and len(name) <= len(begun):
            return
        field.value = f"{head}{name}{'/' if one and one.folder else ''}"
        field.cursor_position = len(field.value)

    async def on_input_submitted(self, event: Input.Submitted) -> None:
        await self._read()
        place, name = place_of(self.folder, event.value)
        one = next((entry for entry in self._shown if entry.name == name), None) or self._current()
        if event.value and not name:
            self.folder = place  # a folder was typed to its end: one goes on from there
            self.query_one(Input).value = ""
        elif one is None and event.value:
            self.dismiss((*self._marked, str(place / name)))  # whoever reads it says what is wrong with it
        else:
            self._take(one)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self._take(self._current())

    def _take(self, one: Entry | None) -> None:
        if one is not None and one.folder:
            self._go(Path(one.path))
        elif self._marked:
            self._take_marked()
        elif one is not None:
            self._left_in(one.path)
            self.dismiss((one.path,))

    def _take_marked(self) -> None:
        if self._marked:
            self._left_in(next(reversed(self._marked)))
            self.dismiss(tuple(self._marked))

    def _left_in(self, path: str) -> None:
        self.folder = Path(path).parent

    def _dropped(self, text: str) -> bool:
        """Several paths at once are marked, one is put into the line as it is meant. Anything else is text."""
        found = readings(text)
        if not found:
            return False
        paths = that_exist(found) or found[0]
        if len(paths) == 1:
            field = self.query_one(Input)
            field.value = paths[0]
            field.cursor_position = len(field.value)
            return True
        for path in paths:
            one = entry_of(path)
            if one is not None:
                self._marked[one.path] = one
        self._fill()
        return True
