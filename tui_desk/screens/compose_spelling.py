"""Spelling while one writes: words in view that no dictionary has are underlined and named below, and a key goes through them.

Nothing here waits: words are looked up by another process, those in view only, and each once.
"""

from __future__ import annotations

import locale
from typing import NamedTuple

from textual.content import Content
from textual.timer import Timer
from textual.widgets import Static, TextArea
from textual.widgets.text_area import Selection

from tui_desk.contracts.spelling import CheckWords, KeepWord, OpenSpelling, SpellingView, SuggestWords
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.rules.spelling import dictionary_for, is_named, language_of
from tui_desk.screens.choices import Choice
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.draft_keeping import DraftScreen
from tui_desk.screens.writing_field import WritingField

_AFTER = 0.4
"""Seconds after a change in which more of it may come."""
_NAMED = 6
_MOST = 5_000
"""Different words that the key looks at."""
_OFF = "off"
_RIGHT, _OWN, _LANGUAGE = "=right", "=own", "=language"
"""What else than a word may be answered: no word begins so."""


class Place(NamedTuple):
    """A word of the text."""

    row: int
    start: int
    end: int
    text: str


class ComposeSpelling(DraftScreen):
    """A screen with a text and a line ``#spelling`` below it."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__(number, kind)
        self._spelling: SpellingView | None = None
        self._dictionary = ""
        self._unknown: dict[str, bool] = {}
        """Of the words that were looked up, whether no dictionary has them."""
        self._right: set[str] = set()
        """What was left as it is."""
        self._spell_timer: Timer | None = None

    def on_mount(self) -> None:
        self.query_one(WritingField).is_misspelt = self._is_misspelt

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._spell_soon()

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        self._spell_soon()

    def _spell_soon(self) -> None:
        off = self._spelling is not None and not self._spelling.dictionaries
        if self._spell_timer is None and not off and not self._done:
            self._spell_timer = self.set_timer(_AFTER, self._spell_now)

    def _spell_now(self) -> None:
        self._spell_timer = None
        if self.is_mounted and not self._done:
            self.run_guarded(_("Spelling"), self._spell(), group="spelling")

    async def _spell(self) -> None:
        """Look at what is in view."""
        area = self.query_one(WritingField)
        if not area.text.strip():
            return
        try:
            await self._choose_dictionary()
            seen = {word.text for row in area.shown_rows() for word in area.words(row, all_of_it=True)}
            if await self._look_up(seen):
                area.look_again()
        except DeskError:
            return  # told when somebody asks for it: what is only a help does not disturb
        self._show_spelling()

    async def _choose_dictionary(self) -> SpellingView:
        """The one for what is written: named by somebody, else by the text, the requester, the machine."""
        if self._spelling is None:
            self._spelling = await self.ask(OpenSpelling(self.number))
        view, chosen = self._spelling, self.host.spelling
        found = ""
        if chosen in view.dictionaries:
            found = chosen
        elif chosen != _OFF and view.dictionaries:
            known = {name.split("_")[0].lower() for name in view.dictionaries}
            written = language_of(self.query_one(WritingField).text, known)
            here = (locale.getlocale()[0] or "en").replace("C", "en")
            found = dictionary_for((written, view.language, here, "en"), view.dictionaries)
            if view.language and view.language.replace("_", "-").split("-")[0].lower() == written:
                found = dictionary_for((view.language, written), view.dictionaries)
        if found != self._dictionary:
            self._dictionary = found
            self._unknown.clear()
            self.query_one(WritingField).look_again()
        return view

    async def _look_up(self, seen: set[str]) -> bool:
        """Ask for those words that are not known yet; whether any was new."""
        new = tuple(sorted(word for word in seen if word not in self._unknown and not self._named(word)))
        if not new or not self._dictionary:
            return False
        asked = self._dictionary
        unknown = await self.ask(CheckWords(asked, new))
        if asked == self._dictionary:
            self._unknown |= {word: word in unknown for word in new}
        return True

    def _named(self, word: str) -> bool:
        return self._spelling is not None and is_named(word, self._spelling.names)

    def _is_misspelt(self, word: str) -> bool:
        return self._unknown.get(word, False) and word.casefold() not in self._right

    def _show_spelling(self) -> None:
        area, shown = self.query_one(WritingField), self.query_one("#spelling", Static)
        words = [word.text for row in area.shown_rows() for word in area.words(row)]
        found = list(dict.fromkeys(word for word in words if self._is_misspelt(word)))
        shown.display = bool(found)
        told = ngettext("✗ {count} word to look at: ", "✗ {count} words to look at: ", len(found))
        named = ", ".join(safe_line(word, 30) for word in found[:_NAMED])
        parts: list[Part] = [
            (told.format(count=len(found)), "$text-error"),
            f"{named}{' …' if len(found) > _NAMED else ''}",
            (f"   F7 · {self._dictionary}", "$muted"),
        ]
        shown.update(line(*parts) if found else Content(""))

    # -- the key -----------------------------------------------------------------------------------------------------
    async def do_spelling(self, argument: str) -> None:
        view = await self._choose_dictionary()
        if view.reason:
            raise Refused(view.reason)
        if not self._dictionary:
            await self._choose_language()
            return
        area = self.query_one(WritingField)
        places = [
            Place(row, *word)
            for row in range(area.document.line_count)
            for word in area.words(row, all_of_it=True)
        ]
        await self._look_up(set(list(dict.fromkeys(place.text for place in places))[:_MOST]))
        area.look_again()
        wrong = [place for place in places if self._is_misspelt(place.text)]
        self._show_spelling()
        if not wrong:
            self.say(
                _("No word to look at ({dictionary}).").format(dictionary=self._dictionary), level="done"
            )
            return
        at = max(area.selection)
        await self._ask_about(next((one for one in wrong if (one.row, one.start) >= at), wrong[0]))

    async def _ask_about(self, place: Place) -> None:
        area = self.query_one(WritingField)
        area.selection = Selection((place.row, place.start), (place.row, place.end))
        found = await self.ask(SuggestWords(self._dictionary, place.text))
        choices = [
            *(Choice(word, word) for word in found),
            Choice(_RIGHT, _("Leave it as it is"), detail=_("in this text")),
            Choice(_OWN, _("It is right: add it to my words")),
            Choice(_LANGUAGE, _("Another language"), detail=self._dictionary),
        ]
        title = _("“{word}” is not in the dictionary").format(word=safe_line(place.text, 40))
        chosen = await self.choose(title, choices, new=_("Write “{value}”"))
        area.focus()
        if chosen is None:
            area.move_cursor((place.row, place.end))
        elif chosen == _LANGUAGE:
            await self._choose_language()
        elif chosen in (_RIGHT, _OWN):
            if chosen == _OWN:
                path = await self.ask(KeepWord(place.text))
                self.say(_("{word} stands in {path} now.").format(word=place.text, path=path), level="done")
            self._right.add(place.text.casefold())
            area.move_cursor((place.row, place.end))
        elif area.get_text_range((place.row, place.start), (place.row, place.end)) == place.text:
            area.replace(chosen, (place.row, place.start), (place.row, place.end))
            area.move_cursor((place.row, place.start + len(chosen)))
        area.look_again()
        await self._spell()
        self._show_spelling()

    async def _choose_language(self) -> None:
        assert self._spelling is not None
        choices = [
            Choice("", _("By the language of the text")),
            *(Choice(name, name) for name in self._spelling.dictionaries),
            Choice(_OFF, _("Do not check")),
        ]
        chosen = await self.choose(_("Check the spelling in which language?"), choices, self.host.spelling)
        if chosen is None:
            return
        self.host.spelling = chosen
        await self._choose_dictionary()
        self._show_spelling()
        await self._spell()
