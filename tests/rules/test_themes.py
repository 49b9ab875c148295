"""Every ink of every theme on every ground: in truecolor, in 256 and in 16 colours, and for eyes that tell fewer colours apart."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color, ColorSystem

from tui_desk.core.enums import Priority, TicketStatus
from tui_desk.rules import themes
from tui_desk.rules.colours import contrast, difference, is_colour, is_light
from tui_desk.rules.themes import BUILT_IN, PAIRS, TOKENS, Theme

OF_COLOURS = [theme for theme in BUILT_IN.values() if not theme.ansi]
OF_THE_TERMINAL = [theme for theme in BUILT_IN.values() if theme.ansi and theme.name != themes.COLOURLESS]
XTERM = "#000000 #cd0000 #00cd00 #cdcd00 #0000ee #cd00cd #00cdcd #e5e5e5 #7f7f7f #ff0000 #00ff00 #ffff00 #5c5cff #ff00ff #00ffff #ffffff"
LINUX = "#000000 #aa0000 #00aa00 #aa5500 #0000aa #aa00aa #00aaaa #aaaaaa #555555 #ff5555 #55ff55 #ffff55 #5555ff #ff55ff #55ffff #ffffff"
"""The sixteen colours of xterm, and those of the Linux console (of VGA)."""
NAMES = "black red green yellow blue magenta cyan white".split()


def test_the_contrast_is_that_of_the_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#ff0000", "#ffffff") == contrast("#ffffff", "#ff0000") == pytest.approx(4.0, abs=0.005)


@pytest.mark.parametrize("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_every_ink_can_be_read_on_every_ground(theme: Theme) -> None:
    assert tuple(theme.colors) == TOKENS
    assert all(map(is_colour, theme.colors.values()))
    assert is_light(theme.colors["background"]) is not theme.dark
    assert list(themes.too_faint(theme)) == []
    assert theme.least == (7.0 if theme.name.startswith("contrast") else 4.5)


@pytest.mark.parametrize("theme", OF_COLOURS, ids=lambda theme: theme.name)
def test_so_it_can_in_256_colours(theme: Theme) -> None:
    shown = {
        token: Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).get_truecolor().hex
        for token, colour in theme.colors.items()
    }
    faint = [(ink, ground) for ink, ground in PAIRS if contrast(shown[ink], shown[ground]) < theme.least]
    assert faint == []


@pytest.mark.parametrize("palette", [XTERM, LINUX], ids=["xterm", "linux"])
@pytest.mark.parametrize("theme", OF_THE_TERMINAL, ids=lambda theme: theme.name)
def test_and_in_16_on_black_or_white(theme: Theme, palette: str) -> None:
    names = [f"ansi_{name}" for name in (*NAMES, *(f"bright_{name}" for name in NAMES))]
    colours = dict(zip(names, palette.split(), strict=True))
    ground = "#000000" if theme.dark else "#ffffff"
    inks = {theme.colors[ink] for ink in themes.INKS} - {"ansi_default"}
    assert {ink for ink in inks if contrast(colours[ink], ground) < themes.LEAST} == set()
    assert {theme.colors[ground] for ground in themes.GROUNDS} == {"ansi_default"}


@pytest.mark.parametrize("blindness", ["deuteranopia", "protanopia"])
@pytest.mark.parametrize("name", ["safe-dark", "safe-light"])
def test_what_presses_is_told_apart_without_red_and_green(name: str, blindness: str) -> None:
    colors = BUILT_IN[name].colors
    pairs = combinations(("text", "success", "warning", "error"), 2)
    alike = [pair for pair in pairs if difference(colors[pair[0]], colors[pair[1]], blindness) < 15]
    assert alike == []


def test_the_measure_knows_which_colours_are_mixed_up() -> None:
    assert difference("#d70000", "#5f5f00", "") > 60
    assert difference("#af5f00", "#5f8700", "") > 50 > 2 * difference("#af5f00", "#5f8700", "deuteranopia")


def test_signs_say_it_in_every_theme() -> None:
    from tui_desk.screens import words

    for signs in (
        [words.priority(one).sign for one in Priority],
        [words.status(one).sign for one in TicketStatus],
    ):
        assert len(set(signs)) == len(signs)


def test_families_go_by_the_background() -> None:
    assert [themes.meant("auto", light).name for light in (False, True)] == ["dark", "light"]
    assert themes.meant("safe-light", False).name == "safe-light"
    assert themes.of_sixteen(BUILT_IN["contrast-light"]).name == "terminal-light"
    assert themes.of_sixteen(BUILT_IN["terminal-dark"]).name == "terminal-dark"
