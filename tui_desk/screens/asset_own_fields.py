"""Fields of your own on the screen of an asset and in its form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tui_desk.contracts.custom_fields import ListFields
from tui_desk.contracts.desk import AssetView, SaveAsset
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import FieldSubject
from tui_desk.core.i18n import _
from tui_desk.screens.custom_field_inputs import OwnFields
from tui_desk.screens.custom_field_lines import own_facts
from tui_desk.screens.details import labelled
from tui_desk.screens.form_rows import Field
from tui_desk.screens.record_sections import Ask, RecordSection


class AssetOwnFields:
    """The part of the form: those of the type that the asset has, while it is typed."""

    def __init__(self, own: OwnFields) -> None:
        self._own = own

    def fields(self) -> tuple[Field, ...]:
        """The fields, in order."""
        return self._own.fields()

    def initial(self, asset: AssetView | None) -> Mapping[str, str]:
        """What they hold at first."""
        return self._own.start(asset.custom if asset is not None else ())

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong, a sentence by field."""
        return self._own.problems(values, values["type"])

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        """Fields of other types."""
        return self._own.hidden_for(values["type"])

    def add(self, request: SaveAsset, values: Mapping[str, str]) -> SaveAsset:
        """The request with what these fields hold."""
        return replace(request, fields=self._own.inputs(values, values["type"]))


async def read_part(ask: Ask) -> AssetOwnFields:
    """The part, with the definitions of now. Raises DeskError."""
    return AssetOwnFields(OwnFields(ask, await ask(ListFields(FieldSubject.ASSET))))


async def section(ask: Ask, asset: AssetView, today: date) -> RecordSection | None:
    """The section of the screen: every field that this type has."""
    facts = own_facts(asset.custom, utc_now(), every=True)
    return RecordSection(_("Fields of your own"), labelled(facts)) if facts else None
