"""How a conversation looks: its component classes, and what they are by default. Themes change it in ``screens/styles/base.tcss``."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style

from tui_desk.core.link_text import Link, is_sound
from tui_desk.terminal.choke import leading_to

_UNDERLINED = Style(underline=True)

_HEADERS = ("requester", "agent", "note", "system", "phone", "chat", "draft", "read", "read-note")
_STYLES = (
    "text",
    "note-text",
    "meta",
    "quote",
    "fold",
    "attachment",
    "delivery",
    "delivery-failed",
    "empty",
    "current",
)
COMPONENTS = {
    *(f"conversation--{name}" for name in _STYLES),
    *(f"conversation--{name}-header" for name in _HEADERS),
}
CSS = """
ConversationView {
    height: 1fr; width: 1fr;
    & > .conversation--requester-header { background: $panel; color: $text-primary; text-style: bold; }
    & > .conversation--phone-header { background: $panel; color: $text-primary; text-style: bold; }
    & > .conversation--chat-header { background: $panel; color: $text-primary; text-style: bold; }
    & > .conversation--agent-header { background: $panel; color: $text-success; text-style: bold; }
    & > .conversation--note-header { background: $warning-muted; color: $text-warning; text-style: bold; }
    & > .conversation--draft-header { background: $panel; color: $text-accent; text-style: bold italic; }
    & > .conversation--system-header { color: $text-muted; }
    & > .conversation--read-header { color: $text-muted; }
    & > .conversation--read-note-header { color: $text-warning; text-style: dim; }
    & > .conversation--note-text { background: $warning 10%; }
    & > .conversation--meta { color: $text-muted; }
    & > .conversation--quote { color: $text-muted; }
    & > .conversation--fold { color: $text-muted; text-style: italic; }
    & > .conversation--attachment { color: $text-accent; }
    & > .conversation--delivery { color: $text-muted; }
    & > .conversation--delivery-failed { color: $text-error; text-style: bold; }
    & > .conversation--empty { color: $text-muted; }
    & > .conversation--current {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: bold;
    }
}
ConversationView:ansi {
    & > .conversation--current { background: ansi_default; color: ansi_default; text-style: bold reverse; }
    & > .conversation--requester-header { background: ansi_default; color: ansi_default; text-style: bold; }
    & > .conversation--phone-header { background: ansi_default; color: ansi_default; text-style: bold; }
    & > .conversation--chat-header { background: ansi_default; color: ansi_default; text-style: bold; }
    & > .conversation--agent-header { background: ansi_default; color: $text-success; text-style: bold; }
    & > .conversation--note-header { background: ansi_default; color: ansi_yellow; text-style: bold underline; }
    & > .conversation--note-text { background: ansi_default; color: ansi_yellow; }
    & > .conversation--draft-header { background: ansi_default; color: ansi_default; text-style: bold underline; }
    & > .conversation--system-header { color: ansi_default; text-style: dim; }
    & > .conversation--read-header { color: ansi_default; text-style: dim; }
    & > .conversation--read-note-header { color: ansi_yellow; text-style: dim; }
    & > .conversation--meta { color: ansi_default; text-style: dim; }
    & > .conversation--quote { color: ansi_default; text-style: dim; }
    & > .conversation--fold { color: ansi_default; text-style: dim italic; }
    & > .conversation--delivery { color: ansi_default; text-style: dim; }
    & > .conversation--empty { color: ansi_default; text-style: dim; }
}
"""


def linked(text: str, links: Sequence[Link], style: Style, *, opens: bool) -> list[Segment]:
    """The text with its links underlined; with ``opens`` the terminal is told where they lead, which is what they say."""
    segments, at = [], 0
    for link in links:
        under = style + _UNDERLINED
        if opens and is_sound(link.url):
            under += leading_to(link.url)
        segments += [Segment(text[at : link.start], style), Segment(text[link.start : link.end], under)]
        at = link.end
    return [*(one for one in segments if one.text), Segment(text[at:], style)]
