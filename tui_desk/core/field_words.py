"""Words of fields of your own, the same on screens and on the command line."""

from __future__ import annotations

from tui_desk.core.enums import FieldKind, FieldRequired, FieldSubject
from tui_desk.core.i18n import _, once_per_language


@once_per_language
def _subjects() -> dict[FieldSubject, str]:
    return {
        FieldSubject.TICKET: _("tickets"),
        FieldSubject.PERSON: _("people"),
        FieldSubject.ASSET: _("assets"),
    }


@once_per_language
def _kinds() -> dict[FieldKind, str]:
    return {
        FieldKind.TEXT: _("text"),
        FieldKind.NUMBER: _("number"),
        FieldKind.DATE: _("day"),
        FieldKind.CHOICE: _("choice"),
        FieldKind.PERSON: _("person"),
        FieldKind.ASSET: _("asset"),
    }


@once_per_language
def _required() -> dict[FieldRequired, str]:
    return {
        FieldRequired.NEVER: _("never"),
        FieldRequired.ALWAYS: _("always"),
        FieldRequired.RESOLVING: _("at resolving"),
    }


def subject_word(subject: FieldSubject) -> str:
    """What a field belongs to."""
    return _subjects()[subject]


def kind_word(kind: FieldKind) -> str:
    """What a field holds."""
    return _kinds()[kind]


def required_word(required: FieldRequired) -> str:
    """When a field must have a value."""
    return _required()[required]
