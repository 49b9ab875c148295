"""Forms: fields under each other with a label, a control and a sentence that says what is wrong as one types.

A form says its fields, reads their values, checks them (a pure function, text in, sentences out) and saves. What was typed
stays until it is saved or the person says that it may go; an error of the desk changes nothing in the fields.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping
from functools import partial

from textual import events
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from tui_desk.actions.registry import Action
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialogs import Choice
from tui_desk.screens.form_rows import Answer, Control, FieldRow
from tui_desk.screens.form_values import FormValues
from tui_desk.screens.message_line import MessageLine, Told
from tui_desk.screens.type_ahead import Hold
from tui_desk.widgets.choice_field import ChoiceField
from tui_desk.widgets.hanging import Hanging

SIDE_FROM = 120
"""Columns from which the help stands beside the fields."""
_MARK = 2
"""Cells of the mark before a note."""
_LEAVING = ("back", "leave", "quit", "go_")

_LOOK_UP_AFTER = 0.25
"""Seconds without a key after which the desk is asked what a value means."""


class FormScreen(FormValues):
    """A screen that is one form."""

    CSS_PATH = "styles/form.tcss"

    def __init__(self) -> None:
        super().__init__()
        self.typed: set[str] = set()
        """Fields the person changed."""
        self._told: set[str] = set()
        """Fields whose problems are shown: changed ones, and all after an attempt to save."""
        self._saving = False
        self._told_wrong: Told | None = None
        self._answers: dict[str, tuple[str, Answer]] = {}
        """By field: the value the desk was asked about, and what it said."""

    # -- for the forms -----------------------------------------------------------------------------------------------
    async def initial(self) -> Mapping[str, str]:
        """The values to begin with. Raises DeskError."""
        return {}

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong, a sentence by field."""
        return {}

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        """Fields that make no sense with these values."""
        return frozenset()

    def field_changed(self, field_id: str, value: str) -> None:
        """The person changed a field."""

    @abstractmethod
    async def submit(self, values: Mapping[str, str]) -> str | None:
        """Save. Answers a sentence for the screen below, None when the person changed their mind. Raises DeskError."""

    # -- begin -------------------------------------------------------------------------------------------------------
    def start(self) -> None:
        self.query_one("#form").visible = False
        self.run_guarded(_("Reading"), self._begin(self._hold_keys()))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width >= SIDE_FROM, "-side")

    async def _begin(self, keys: Hold) -> None:
        """Show what there is to fill in; what is typed meanwhile waits for the first field."""
        try:
            values = await self.initial()
            self.fill(values)
            self.saved = self.values()
            self.query_one("#form").visible = True
            self.is_ready = True
            self.follow()
            self.first_control().focus()
            # a screen pushed over another may miss the event
            self.call_after_refresh(self.on_descendant_focus)
        finally:
            keys.release()
            self._pass_slow()

    def first_control(self) -> Control:
        """Where the cursor stands at the beginning."""
        return self.control(next(iter(self.form_fields)))

    # -- what is typed -----------------------------------------------------------------------------------------------
    def murmur(self, sentence: str) -> None:
        """Tell something by the way: never over a warning or an error."""
        if self.query_one(MessageLine).told.level in ("info", "done"):
            self.say(sentence)

    def show_notes(self, notes: tuple[str, ...], wrong: Collection[str] = ()) -> None:
        """Sentences beside (on a narrow screen: below) the fields; those in ``wrong`` are warnings, the others information."""
        lines = [
            Content.assemble(("! ", "bold"), safe_line(note, 600)).stylize("$text-warning")
            if note in wrong
            else Content.assemble(("• ", "$text-accent"), (safe_line(note, 600), "$muted"))
            for note in notes
        ]
        pane = self.query_one("#form-notes", Static)
        pane.update(Hanging(Content("\n").join(lines), _MARK))
        pane.display = bool(notes)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._edited(event.input)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._edited(event.text_area)

    def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        self._edited(event.field)

    def _edited(self, control: Control) -> None:
        field_id = (control.id or "").removeprefix("field-")
        if not self.is_ready or field_id not in self.form_fields:
            return
        self.typed.add(field_id)
        self._told.add(field_id)
        self.field_changed(field_id, self.value(field_id))
        self._look_up(field_id)
        self.follow()

    def _look_up(self, field_id: str) -> None:
        """Ask the desk what a field's value means, once nobody types; a newer value takes the place of an older one."""
        look_up, value = self.form_fields[field_id].look_up, self.value(field_id).strip()
        if look_up is None or not value:
            self._answers.pop(field_id, None)
        elif self._answers.get(field_id, ("",))[0] != value:
            asking = partial(self._ask_about, field_id, value, look_up)
            self.run_guarded(_("Look up"), asking, group=f"look-up-{field_id}", exclusive=True)

    async def _ask_about(
        self, field_id: str, value: str, look_up: Callable[[str], Awaitable[Answer]]
    ) -> None:
        await asyncio.sleep(_LOOK_UP_AFTER)
        answer = await look_up(value)
        if self.value(field_id).strip() == value:
            self._answers[field_id] = (value, answer)
            self.follow()

    def _answer(self, field_id: str, values: Mapping[str, str]) -> Answer:
        """What the desk said about the value that the field has now."""
        value, answer = self._answers.get(field_id, ("", Answer("")))
        return answer if value and value == values[field_id].strip() else Answer("")

    def problems(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong, a sentence by field: by the form's own rules, then by what the desk said."""
        told = {one: self._answer(one, values) for one in self._answers}
        return {**{one: answer.text for one, answer in told.items() if answer.wrong}, **self.check(values)}

    def follow(self) -> None:
        """Show what is wrong, and hide what makes no sense with the values."""
        values = self.values()
        hidden, problems = self.hidden(values), self.problems(values)
        for row in self.query(FieldRow):
            row.display = row.field.id not in hidden
            row.show_problem(problems.get(row.field.id, "") if row.field.id in self._told else "")
            if row.field.look_up is not None:
                row.show_meaning(self._answer(row.field.id, values).text)
        if self._told_wrong is not None and self.notice == self._told_wrong:
            self._tell_wrong(
                sum(field_id in problems and field_id not in hidden for field_id in self.form_fields)
            )

    def on_choice_field_list_wanted(self, event: ChoiceField.ListWanted) -> None:
        self.run_guarded(_("Choose"), self._choose(event.field))

    async def _choose(self, control: ChoiceField) -> None:
        field = self.form_fields[(control.id or "").removeprefix("field-")]
        choices = [Choice(option.value, option.label) for option in control.options]
        chosen = await self.choose(field.label, choices, control.value)
        if chosen is not None:
            control.choose(chosen)

    # -- keys --------------------------------------------------------------------------------------------------------
    def is_typing(self) -> bool:
        return True

    def on_key(self, event: events.Key) -> None:
        moves = {"enter": 1, "down": 1, "up": -1}
        if event.key in ("f1", "question_mark") and not (
            event.key == "question_mark" and isinstance(self.focused, (Input, TextArea))
        ):
            event.stop()
            event.prevent_default()
            self.do_help("")
        elif event.key in moves and isinstance(self.focused, (Input, ChoiceField)):
            event.stop()
            event.prevent_default()
            self._move(moves[event.key])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self._move(1)

    def _move(self, step: int) -> None:
        if step > 0:
            self.focus_next()
        else:
            self.focus_previous()

    def do_next_field(self, argument: str) -> None:
        self._move(1)

    def do_previous_field(self, argument: str) -> None:
        self._move(-1)

    def on_descendant_focus(self) -> None:
        field_id = ((self.focused.id or "") if self.focused else "").removeprefix("field-")
        field = self.form_fields.get(field_id)
        for row in self.query(FieldRow):
            row.show_focus(row.field is field)
        if field is None:
            return
        text = field.help
        if isinstance(self.focused, ChoiceField):
            text = f"{text} {self.focused.how}".strip()
        self.query_one("#form-help", Static).update(
            Content.assemble((field.label, "bold"), "\n", (text, "$muted"))
        )

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        field_id = (event.widget.id or "").removeprefix("field-")
        if self.is_ready and field_id in self.form_fields and self.value(field_id):
            self._told.add(field_id)
            self.follow()

    # -- leaving and saving ------------------------------------------------------------------------------------------
    def perform(self, action: Action, argument: str = "") -> None:
        if action.id.startswith(_LEAVING) and self.is_dirty():
            self.run_guarded(action.shown_title, self._leave_by(action, argument))
        else:
            super().perform(action, argument)

    async def _leave_by(self, action: Action, argument: str) -> None:
        question = _("Throw away what you typed here?")
        if await self.confirm(question, _("What was typed is gone then."), _("Throw it away")):
            self.saved = self.values()
            super().perform(action, argument)

    def do_leave(self, argument: str) -> None:
        self.dismiss(None)

    def do_back(self, argument: str) -> None:
        self.dismiss(None)

    def do_save(self, argument: str) -> Awaitable[None] | None:
        if not self.is_ready or self._saving or not self.all_right():
            return None
        return self._save()

    def all_right(self) -> bool:
        """Whether nothing is wrong; else shows everything that is and goes to the first field of it."""
        values = self.values()
        hidden = self.hidden(values)
        problems = self.problems(values)
        wrong = [f for f in self.form_fields if f in problems and f not in hidden]
        self._told = set(self.form_fields)
        self.follow()
        if not wrong:
            return True
        self.control(wrong[0]).focus()
        self._tell_wrong(len(wrong))
        return False

    def _tell_wrong(self, count: int) -> None:
        """Tell how many fields are wrong, as long as some are."""
        self._told_wrong = None
        if not count:
            self.hush()
            return
        sentence = ngettext(
            "{count} field is not right yet; nothing was saved.",
            "{count} fields are not right yet; nothing was saved.",
            count,
        )
        self.say(sentence.format(count=count), level="warning")
        self._told_wrong = self.notice

    async def _save(self) -> None:
        self._saving = True
        self.say(_("Saving …"))
        try:
            done = await self.submit(self.values())
        finally:
            self._saving = False
        if done is None:
            self.say(_("Nothing was saved yet."))
            return
        self.saved = self.values()
        self.dismiss(None)
        below = self.app.screen
        if isinstance(below, BaseScreen):
            self.tell_saved(below, done)

    def tell_saved(self, below: BaseScreen, sentence: str) -> None:
        """The form is closed: the screen below tells what was done, and reads anew."""
        below.say(sentence, level="done")
        below.reload()
