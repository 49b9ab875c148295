"""What the fields of a form hold: put in, read, compared with what they held at first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping

from textual.containers import Container, VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from tui_desk.screens.base import BaseScreen
from tui_desk.screens.form_rows import Control, Field, FieldRow, FormRows
from tui_desk.widgets.choice_field import ChoiceField


class FormValues(BaseScreen):
    """The fields of a form under each other, and their values."""

    def __init__(self) -> None:
        super().__init__()
        self.form_fields = {field.id: field for field in self.fields()}
        self.saved: dict[str, str] = {}
        """What the fields held when they were read or saved."""
        self.is_ready = False
        """Whether the first values are in the fields."""

    @abstractmethod
    def fields(self) -> tuple[Field, ...]:
        """The fields, in order."""

    @abstractmethod
    def follow(self) -> None:
        """Show what the values mean: what is wrong, what makes no sense with them."""

    def compose_body(self) -> Iterable[Widget]:
        rows: list[Widget] = []
        for field in self.form_fields.values():
            if field.heading:
                rows.append(Static(field.heading, classes="form-heading", markup=False))
            rows.append(FieldRow(field))
        yield Container(
            FormRows(*rows, id="form", can_focus=False),
            VerticalScroll(
                Static("", id="form-help", markup=False),
                Static("", id="form-notes", markup=False),
                id="form-side",
                can_focus=False,
            ),
            id="form-panes",
        )

    def control(self, field_id: str) -> Control:
        """The control of a field."""
        found = self.query_one(f"#field-{field_id}")
        assert isinstance(found, (Input, TextArea, ChoiceField))
        return found

    def value(self, field_id: str) -> str:
        """What a field holds."""
        control = self.control(field_id)
        return control.text if isinstance(control, TextArea) else control.value

    def values(self) -> dict[str, str]:
        """What all fields hold."""
        return {field_id: self.value(field_id) for field_id in self.form_fields}

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values into fields, not as if the person had typed them."""
        for field_id, value in values.items():
            if field_id not in self.form_fields or self.value(field_id) == value:
                continue
            control = self.control(field_id)
            with self.prevent(Input.Changed, TextArea.Changed, ChoiceField.Changed):
                if isinstance(control, TextArea):
                    control.load_text(value)
                else:
                    control.value = value
        if self.is_ready:
            self.follow()

    def is_dirty(self) -> bool:
        """Whether something would be lost by leaving."""
        return self.is_ready and self.values() != self.saved
