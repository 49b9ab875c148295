"""Marks in the queue: by key, range and query; what became of them; a list of nothing else.

A mark is a ticket's number. It stays when the list changes, and it is said when a marked ticket is not shown, or gone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from tui_desk.contracts.queue import ListTickets
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _, ngettext, pgettext
from tui_desk.screens.lists import ListScreen
from tui_desk.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from tui_desk.rules.own_query import KnownField

MOST_MARKS = 2_000
"""As many as one request changes (``contracts.bulk.MOST``, which the start does not import)."""
_GONE_TOLD = 3


class Marking(ListScreen):
    """The ``do_…`` methods of marks. A list says what it shows now."""

    view: str
    query_text: str
    sort: str

    def __init__(self) -> None:
        super().__init__()
        self._marks: dict[int, None] = {}
        """In the order in which they were set."""
        self._before: tuple[int, ...] = ()
        self._range_from: int | None = None
        self.marks_hidden: frozenset[int] = frozenset()
        """Those that the list does not show, as far as is known."""
        self.only_marked = False

    # -- for the list ------------------------------------------------------------------------------------------------
    @property
    def marked(self) -> tuple[int, ...]:
        """The numbers of the marked tickets."""
        return tuple(self._marks)

    @property
    def has_marks(self) -> bool:
        """Whether there are any, or a range of them has begun."""
        return bool(self._marks) or self._range_from is not None

    def mark_facts(self) -> set[str]:
        """What holds of marks now."""
        found = {"marked", "ticket", "requester"} if self._marks else set()
        return found | ({"was_marked"} if self._before else set())

    def marks_words(self, *, short: bool = False) -> str:
        """How many are marked, for the title line; nothing where none is."""
        if self._range_from is not None and not self._marks:
            return _("a range from #{number}").format(number=self._range_from)
        if not self._marks:
            return ""
        told = ngettext("{count} marked", "{count} marked", len(self._marks)).format(count=len(self._marks))
        if self.marks_hidden and not self.only_marked:
            count = len(self.marks_hidden)
            hidden = ngettext("{count} not shown here", "{count} not shown here", count)
            hidden = pgettext("marked tickets, in short", "{count} not here") if short else hidden
            told = f"{told}, {hidden.format(count=count)}"
        return told

    def crumbs(self) -> tuple[str, ...]:
        """As everywhere, after how many are marked: a narrow line loses its end, and the tabs say the view too."""
        first, *shorter = super().crumbs()
        if not self.marks_words():
            return (first, *shorter)
        return (
            f"{self.marks_words()} › {first}",
            *(f"{self.marks_words(short=True)} › {less}" for less in shorter),
        )

    @abstractmethod
    def list_marks_anew(self) -> None:
        """Show another list: the whole view, or only what is marked."""

    async def look_at_marks(self) -> None:
        """Find out which marked tickets the view does not show, and tell which are gone."""
        if not self._marks:
            return
        from tui_desk.contracts.marks import LookAtMarks

        numbers = self.marked
        seen = await self.ask(LookAtMarks(numbers, self.view, self.query_text))
        if seen.gone:
            self._tell_gone(seen.gone)
            for number, _into in seen.gone:
                self._marks.pop(number, None)
        self.marks_hidden = frozenset(self._marks) - seen.shown
        self._marks_changed(look=False)

    def marks_moved(self) -> None:
        """Another view or filter is shown."""
        self._range_from = None
        if self._marks:
            self.run_guarded(_("Marks"), self.look_at_marks, group="marks", exclusive=True)
        self._paint_marks()

    def clear_marks(self) -> bool:
        """What Esc does first; answers whether there was something to do."""
        if self.only_marked:
            self.only_marked = False
            self.list_marks_anew()
            return True
        if self._range_from is not None:
            self._range_from = None
            self._marks_changed(look=False)
            return True
        if not self._marks:
            return False
        count = len(self._marks)
        self.unmark(self.marked)
        told = ngettext("{count} mark taken away.", "{count} marks taken away.", count)
        self.say(told.format(count=count), _("X brings them back."))
        return True

    def unmark(self, numbers: Iterable[int]) -> None:
        """Take these marks away; ``X`` brings back what was marked."""
        self._before = self.marked or self._before
        for number in numbers:
            self._marks.pop(number, None)
        self._marks_changed()

    def mark_these(self, numbers: Iterable[int]) -> None:
        """Set these marks, as they were at another time."""
        self._mark(numbers)
        self._marks_changed()

    def marked_before(self, numbers: tuple[int, ...]) -> None:
        """What ``X`` brings back."""
        self._before = numbers or self._before
        self.facts_changed()

    def on_virtual_table_row_highlighted(self, message: VirtualTable.RowHighlighted) -> None:
        if self._range_from is not None:
            self._paint_marks()

    # -- actions -----------------------------------------------------------------------------------------------------
    def do_mark(self, argument: str) -> None:
        if self._range_from is not None:
            self._end_range()
            return
        row = self.table().current_row
        if row is None or row.stale:
            raise UsageError(_("The ticket is no longer in this view; it gets no mark here."))
        number = cast("int", row.key)
        if number in self._marks:
            del self._marks[number]
        else:
            if not self._marks:
                self.say(_("Keys now work on all that is marked. Esc takes the marks away."))
            self._mark([number])
        self._marks_changed(look=bool(self.marks_hidden))
        self.table().action_move(1)

    def do_mark_range(self, argument: str) -> None:
        if self._range_from is not None:
            self._end_range()
            return
        self._range_from = cast("int", self.table().current_key)
        self._marks_changed(look=False)
        self.say(_("A range begins here: move, and V ends it. Esc forgets it."))

    async def do_mark_query(self, argument: str) -> None:
        typed: str | None = argument
        if not argument:
            from tui_desk.screens.query_dialog import QueryDialog
            from tui_desk.screens.query_names import query_names

            title = _("Mark which tickets of this view and filter?")
            detail = _("Enter marks all of them. Or type a query: words, from:name, priority:high …")
            typed = await self.answer_of(QueryDialog(title, detail, await query_names(self)))
        if typed is None:
            return
        from tui_desk.rules.query import refuse_cut_exclusion

        self._refuse_wrong(typed)
        request = ListTickets(self.view, self.query_text, self.sort, also=typed.strip(), limit=MOST_MARKS)
        page = await self.ask(request)
        refuse_cut_exclusion(f"{self.query_text} {typed}", page.cut)
        numbers = [row.number for row in page.rows]
        if not numbers:
            self.say(_("Nothing in this view fits; no mark was set."), level="warning")
            return
        left_out = self._mark(numbers)
        self._marks_changed()
        told = ngettext("{count} marked.", "{count} marked.", len(self._marks)).format(count=len(self._marks))
        if page.has_after or left_out:
            sentence = _("At most {count} tickets are marked at once: there are more that fit.")
            self.say(f"{told} {sentence.format(count=MOST_MARKS)}", level="warning")
        elif page.cut:
            from tui_desk.rules.query_fields import cut_sentence

            self.say(f"{told} {cut_sentence()}", level="warning")
        else:
            self.say(told, _("Esc takes the marks away."))

    def do_only_marked(self, argument: str) -> None:
        self.only_marked = not self.only_marked
        self.list_marks_anew()

    def do_mark_again(self, argument: str) -> None:
        numbers, self._before = self._before, ()
        self._mark(numbers)
        self._marks_changed()

    # -- inside ------------------------------------------------------------------------------------------------------
    def own_fields(self) -> Mapping[str, KnownField]:
        """Fields of your own that a query may name."""
        return {}

    def _refuse_wrong(self, typed: str) -> None:
        """Raises UsageError for a query with a word that nothing knows: it would look like a view without tickets."""
        if not typed.strip():
            return
        from tui_desk.core.clock import utc_now
        from tui_desk.screens.filter_help import filter_help

        found = filter_help(typed, None, None, self.own_fields(), utc_now())
        if found.wrong:
            raise UsageError(found.sentence)

    def _end_range(self) -> None:
        start, self._range_from = self._range_from, None
        here = self.table().current_key
        between = self.table().keys_between(start, here) if start is not None else None
        if between is None:
            self._marks_changed(look=False)
            raise UsageError(
                _("The beginning of the range is no longer in the list; no mark was set."),
                _("M marks everything of a view and filter."),
            )
        left_out = self._mark(cast("list[int]", between))
        self._marks_changed()
        self.say(_("Keys now work on all that is marked. Esc takes the marks away."))
        if left_out:
            raise UsageError(_("At most {count} tickets are marked at once.").format(count=MOST_MARKS))

    def _mark(self, numbers: Iterable[int]) -> int:
        """Set marks as far as there may be; answers how many did not find room."""
        left_out = 0
        for number in numbers:
            if number in self._marks or len(self._marks) < MOST_MARKS:
                self._marks[number] = None
            else:
                left_out += 1
        return left_out

    def _marks_changed(self, look: bool = True) -> None:
        if not self._marks:
            self.marks_hidden = frozenset()
            if self.only_marked:
                self.only_marked = False
                self.list_marks_anew()
        self._paint_marks()
        self.show_title()
        self.facts_changed()
        if look and self._marks:
            self.run_guarded(_("Marks"), self.look_at_marks, group="marks", exclusive=True)

    def _paint_marks(self) -> None:
        shown: frozenset[int] = frozenset(self._marks)
        if self._range_from is not None:
            between = self.table().keys_between(self._range_from, self.table().current_key)
            shown |= frozenset(cast("list[int]", between or []))
        self.table().show_marks(shown)

    def _tell_gone(self, gone: tuple[tuple[int, int | None], ...]) -> None:
        told = [
            _("#{number} (merged into #{into})").format(number=number, into=into)
            if into is not None
            else f"#{number}"
            for number, into in gone[:_GONE_TOLD]
        ]
        if len(gone) > _GONE_TOLD:
            told.append(_("and {count} more").format(count=len(gone) - _GONE_TOLD))
        sentence = ngettext(
            "A marked ticket is gone, and so is its mark: {names}.",
            "Marked tickets are gone, and so are their marks: {names}.",
            len(gone),
        )
        self.say(sentence.format(names=", ".join(told)), level="warning")
