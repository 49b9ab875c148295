"""Lines for the cells there are: what is kept is whole or absent, never cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tui_desk.widgets.fitting import giving_way

TIME = Content("  opened 22 Nov 09:30")
BLOCKED = Content("  ■ blocked")


def test_a_name_gives_way_to_the_time() -> None:
    name = Content("Ingrid Solheim <ingrid.solheim@halden-finch.example>")
    assert giving_way(name, (BLOCKED, TIME), 100).plain == name.plain + BLOCKED.plain + TIME.plain
    assert giving_way(name, (BLOCKED, TIME), 50).plain == "Ingrid Solheim <i…" + BLOCKED.plain + TIME.plain
    assert giving_way(name, (BLOCKED, TIME), 40).plain == "Ingrid Solheim <ingrid.solhe…" + BLOCKED.plain


def test_what_never_gives_way_loses_what_stands_behind_it() -> None:
    state = Content("● new  · normal  nobody")
    assert giving_way(state, (Content("  email"),), 30, least=state.cell_length).plain.endswith("  email")
    assert giving_way(state, (Content("  email"),), 29, least=state.cell_length) == state


@given(st.text(st.sampled_from("ab 東é"), max_size=60), st.integers(1, 80))
def test_nothing_kept_is_cut(text: str, width: int) -> None:
    shown = giving_way(Content(text), (BLOCKED, TIME), width).plain
    kept = [one for one in (BLOCKED.plain, TIME.plain) if one in shown]
    assert shown.endswith("".join(kept))
    if kept:
        assert cell_len(shown) <= width
