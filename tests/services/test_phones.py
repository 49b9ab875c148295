"""Phone numbers: kept in international form, shown as they are dialled, and kept as typed where they are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.desk import Desk
from tui_desk.contracts.desk import PersonView, SaveSettings, ShowSettings
from tui_desk.contracts.people import SaveOrganization, SavePerson
from tui_desk.core.errors import ConfigurationError
from tui_desk.services import phones


def saved(desk: Desk, phone: str) -> PersonView:
    return desk.ask(SavePerson(None, "Mia", phone=phone))


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("+34600100200", "+34 600 10 02 00", "600 10 02 00 (+34 600 10 02 00)"),
        ("600-100-200", "+34 600 10 02 00", "600 10 02 00 (+34 600 10 02 00)"),
        (
            "0034 600 100 200 ext 12",
            "+34 600 10 02 00 ext. 12",
            "600 10 02 00 ext. 12 (+34 600 10 02 00 ext. 12)",
        ),
        ("+49 30 12345678", "+49 30 12345678", "+49 30 12345678"),
    ],
)
def test_a_number_is_kept_in_one_form(desk: Desk, typed: str, kept: str, shown: str) -> None:
    desk.ask(SaveSettings(phone_region="es"), desk.root)
    assert desk.ask(ShowSettings()).phone_region == "ES"
    view = saved(desk, typed)
    assert (view.phone, view.phone_shown, view.phone_hint) == (kept, shown, "")
    acme = desk.ask(SaveOrganization(None, "Acme", phone=typed))
    assert (acme.phone, acme.phone_shown) == (kept, shown)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("ask at the desk", "no phone number"),
        ("600 100 200", "without +"),
        ("+34 1", "no number of that country"),
        ("Ana 600 100 200", "without +"),
        ("+34 600 100 200 or +34 600 100 201", "no number"),
        ("", ""),
    ],
)
def test_what_is_no_number_stays_as_it_was_typed_with_a_hint(desk: Desk, typed: str, hint: str) -> None:
    view = saved(desk, typed)
    assert (view.phone, view.phone_shown) == (typed, typed)
    assert hint in view.phone_hint
    assert bool(view.phone_hint) == bool(hint)


def test_a_country_that_is_none_is_refused(desk: Desk) -> None:
    with pytest.raises(ConfigurationError, match="two letters of a country"):
        desk.ask(SaveSettings(phone_region="Spain"), desk.root)
    desk.ask(SaveSettings(phone_region=""), desk.root)


@given(st.text(max_size=80), st.sampled_from(["", "ES", "US"]))
def test_any_text_is_kept_or_made_a_number(text: str, region: str) -> None:
    kept = phones.normalised(text, region)
    assert kept == text.strip() or kept.startswith("+")
    assert phones.normalised(kept, region) == kept
    assert isinstance(phones.shown(kept, region), str)
    assert isinstance(phones.hint(kept, region), str)
