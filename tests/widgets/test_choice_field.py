"""A choice on one line: what does not fit is said, and that there is a list."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from tui_desk.widgets.choice_field import ChoiceField, Option

LONG = Option("long", "answers that bear the code of the question")


class _Form(App[None]):
    def compose(self) -> ComposeResult:
        yield ChoiceField((LONG, Option("other", "all others")), "long")


@pytest.mark.parametrize(
    ("width", "shown"), [(80, f"● {LONG.label}  ○ all others"), (30, "answers that bear the co…  ▾")]
)
async def test_chosen_words_that_are_too_long_leave_the_sign_of_the_list(width: int, shown: str) -> None:
    app = _Form()
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        assert str(app.query_one(ChoiceField).render()).rstrip() == shown


@pytest.mark.parametrize(
    ("width", "how"), [(80, "← → or Space changes it."), (30, "Space lists the choices.")]
)
async def test_it_says_the_keys_that_work(width: int, how: str) -> None:
    app = _Form()
    async with app.run_test(size=(width, 3)) as pilot:
        await pilot.pause()
        assert app.query_one(ChoiceField).how == how
