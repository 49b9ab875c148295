"""Themes: a small set of design tokens, and the colours that stand for them in each theme of ours.

Every ink can be read on every ground: :func:`too_faint` says where that is not so, and a test holds it for all of ours, in
truecolor and in 256 colours alike: they are taken from xterm's 256, which the wire besides names in half the bytes.
Two colours never say alone what is urgent: signs and words say it too (``screens.words``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui_desk.core.values import dataclass
from tui_desk.rules.colours import contrast

GROUNDS = ("background", "panel", "surface", "raised", "blurred", "note_ground")
"""What is written on: the screen, title and hints, dialogs and fields, where one types, where one stands in a list without the keys, internal notes."""
INKS = ("text", "muted", "faint", "primary", "secondary", "accent", "success", "warning", "error", "note")
"""What is written with: text, what is beside it, what cannot be now, headings, notes in lists, keys, three states, notes."""
OTHERS = ("cursor", "cursor_text", "selected", "line")
"""The line one stands on and its text, marked text, and lines between parts."""
TOKENS = (*GROUNDS, *INKS, *OTHERS)
PAIRS = (
    *((ink, ground) for ground in GROUNDS for ink in INKS),
    ("cursor_text", "cursor"),
    ("text", "selected"),
)
"""Ink and ground as they meet on the screens; reversed, as on the tab in front, they read as well."""
LEAST, LEAST_HIGH = 4.5, 7.0
"""WCAG 2.2: 1.4.3 (AA), and 1.4.6 (AAA) for high contrast."""

FAMILIES = {
    "auto": ("dark", "light"),
    "contrast": ("contrast-dark", "contrast-light"),
    "safe": ("safe-dark", "safe-light"),
    "terminal": ("terminal-dark", "terminal-light"),
}
"""Names that go by the terminal's background: what they mean on a dark and on a light one."""
DEFAULT = "auto"
COLOURLESS = "none"


@dataclass(frozen=True, slots=True)
class Theme:
    """``colors`` has a colour for each of :data:`TOKENS`, ``#rrggbb``; one that is ``ansi`` has names of the terminal's own 16
    (``ansi_red``). ``source`` is the file it was read from, empty for ours; ``least`` the contrast it promises."""

    name: str
    dark: bool
    colors: Mapping[str, str]
    ansi: bool = False
    source: str = ""
    least: float = LEAST


def _of(grounds: str, inks: str, others: str) -> dict[str, str]:
    return dict(zip(TOKENS, f"{grounds} {inks} {others}".split(), strict=True))


_NONE = dict.fromkeys(TOKENS, "ansi_default")
BUILT_IN: dict[str, Theme] = {
    theme.name: theme
    for theme in (
        Theme(
            "dark",
            True,
            _of(
                "#121212 #262626 #1c1c1c #303030 #303030 #2a2720",
                "#dadada #bcbcbc #a8a8a8 #87afd7 #87d7d7 #d7af87 #afd7af #ffd787 #ff8787 #d7af5f",
                "#87afd7 #121212 #005f87 #585858",
            ),
        ),
        Theme(
            "light",
            False,
            _of(
                "#ffffff #f0f0f0 #f0f0f0 #d7ffff #d7ffff #ffffd7",
                "#262626 #585858 #6c6c6c #005faf #005f87 #8700af #005f00 #875f00 #d70000 #875f00",
                "#005faf #ffffff #afd7ff #b2b2b2",
            ),
        ),
        Theme(
            "contrast-dark",
            True,
            _of(
                "#000000 #1c1c1c #121212 #1c1c1c #303030 #1c1c1c",
                "#ffffff #e4e4e4 #d0d0d0 #87d7ff #afffff #ffd75f #87ff87 #ffff5f #ffafaf #ffff87",
                "#ffffff #000000 #005f87 #bcbcbc",
            ),
            least=LEAST_HIGH,
        ),
        Theme(
            "contrast-light",
            False,
            _of(
                "#ffffff #d7ffff #ffffff #ffffd7 #d7ffff #ffffd7",
                "#000000 #303030 #444444 #0000af #5f005f #5f00af #005f00 #5f0000 #870000 #5f0000",
                "#000000 #ffffff #afd7ff #444444",
            ),
            least=LEAST_HIGH,
        ),
        Theme(
            "safe-dark",
            True,
            _of(
                "#121212 #262626 #1c1c1c #303030 #303030 #2a2720",
                "#dadada #bcbcbc #a8a8a8 #afd7ff #d7d7ff #ffd7af #5fafff #ffff87 #ff875f #ffff87",
                "#afd7ff #121212 #005f87 #585858",
            ),
        ),
        Theme(
            "safe-light",
            False,
            _of(
                "#ffffff #f0f0f0 #f0f0f0 #d7ffff #d7ffff #ffffd7",
                "#262626 #585858 #6c6c6c #005f87 #005f87 #5f00af #005fd7 #875f00 #870000 #875f00",
                "#005faf #ffffff #afd7ff #b2b2b2",
            ),
        ),
        Theme(
            "terminal-dark",
            True,
            {
                **_NONE,
                "primary": "ansi_bright_cyan",
                "secondary": "ansi_cyan",
                "accent": "ansi_bright_yellow",
                "success": "ansi_bright_green",
                "warning": "ansi_bright_yellow",
                "error": "ansi_bright_red",
                "note": "ansi_bright_yellow",
            },
            ansi=True,
        ),
        Theme(
            "terminal-light",
            False,
            {
                **_NONE,
                "primary": "ansi_blue",
                "secondary": "ansi_blue",
                "accent": "ansi_magenta",
                "warning": "ansi_magenta",
                "error": "ansi_red",
                "note": "ansi_magenta",
            },
            ansi=True,
        ),
        Theme(COLOURLESS, True, _NONE, ansi=True),
    )
}


def known(name: str) -> bool:
    """Whether it is one of ours or a family of them."""
    return name in BUILT_IN or name in FAMILIES


def meant(name: str, light: bool) -> Theme:
    """The theme that one of our names means on a terminal whose background is ``light`` or dark."""
    return BUILT_IN[FAMILIES[name][light] if name in FAMILIES else name]


def of_sixteen(theme: Theme) -> Theme:
    """What stands for it where there are 16 colours: the terminal's own, of which nobody knows more than light and dark."""
    return theme if theme.ansi else BUILT_IN["terminal-dark" if theme.dark else "terminal-light"]


def too_faint(theme: Theme) -> Iterator[tuple[str, str, float]]:
    """Ink, ground and contrast of the pairs that stay below what the theme promises. None of a theme of 16 colours: those are the terminal's."""
    if not theme.ansi:
        for ink, ground in PAIRS:
            found = contrast(theme.colors[ink], theme.colors[ground])
            if found < theme.least:
                yield ink, ground, found
