"""The choke point under all widgets: no control byte, link or action of shown data passes it.

Every widget's output becomes terminal sequences in one place, ``Strip.render``. What a segment holds there is text to
show; the sequences around it are Textual's own. Later, in the driver, nobody can tell the two apart. So this is where
control characters go, even if a screen forgot :mod:`tui_desk.core.safe_text`. It is the second wall, not the first:
the first shows what was there, this one only lets nothing through, without moving a cell.

:func:`install_choke_point` is called once, before the application runs. It changes six things in Textual and Rich:

* ``Strip.render`` drops control, direction, zero-width and tag characters and hyperlinks (OSC 8), but those of :func:`leading_to`:
  markup of any kind cannot make one, and the address is a plain one of the web, checked again here;
* actions inside text (``[@click=…]``) never run (scroll bars, which Textual itself builds that way, still do);
* ``App.open_url`` opens nothing: a browser would start on the server;
* markup that cannot be read is shown as it is instead of ending the application (``[/]`` in a subject);
* wrapping wide characters into no cells at all does not end it either (a column squeezed away by a narrow terminal);
* a crash prints :func:`tui_desk.terminal.crash.report` instead of a traceback with local variables.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import rich._wrap
from rich.cells import chop_cells
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual import events, markup
from textual.app import App
from textual.content import Content
from textual.dom import DOMNode
from textual.markup import MarkupError
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.terminal import crash

TRUE_LINK = "true-link"
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_find = _UNSAFE.search


def _replacement(match: re.Match[str]) -> str:
    # Rich counts controls as no cell and a lone surrogate as one: keep every other column where it was laid out.
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= match.group() <= "\udfff" else ""


def clean(text: str) -> str:
    """``text`` without anything a terminal acts on; what Rich measures stays the same."""
    return _UNSAFE.sub(_replacement, text) if _find(text) else text


def leading_to(url: str) -> Style:
    """A style whose text the terminal opens as ``url`` (OSC 8). For text that is the address itself, and nothing else."""
    return Style(meta={TRUE_LINK: url})


def _render(strip: Strip, console: Console) -> str:
    """``Strip.render`` with clean text and no hyperlinks; cached in the strip as the original does."""
    cached = strip._render_cache
    if cached is None:
        color_system = console._color_system or ColorSystem.TRUECOLOR
        parts: list[str] = []
        for text, style, _control in strip._segments:
            if _find(text):
                text = clean(text)
            if style is None:
                parts.append(text)
                continue
            ansi = style._ansi
            if ansi is None:
                ansi = Strip.render_ansi(style, color_system)
            shown = f"\x1b[{ansi}m{text}\x1b[0m" if ansi else text
            url = style._meta is not None and style.meta.get(TRUE_LINK)
            parts.append(f"\x1b]8;;{url}\x1b\\{shown}\x1b]8;;\x1b\\" if url and may_open(url) else shown)
        cached = strip._render_cache = "".join(parts)
    return cached


def may_open(url: str) -> bool:
    """Whether the terminal may be told to open ``url``. What judges it is imported with the first link."""
    from tui_desk.core.link_text import is_sound

    return is_sound(url)


def _open_nothing(app: App[Any], url: str, *, new_tab: bool = True) -> None:
    """Say where a link leads instead of starting a program on this machine."""
    app.notify(
        _("Links are not opened on this machine: {url}").format(url=safe_line(url, 200)),
        severity="warning",
        markup=False,
    )


Broker = Callable[[App[Any], str, events.Event, DOMNode], Awaitable[bool]]


def _guarded(broker: Broker) -> Broker:
    async def broker_event(
        app: App[Any], event_name: str, event: events.Event, default_namespace: DOMNode
    ) -> bool:
        if isinstance(default_namespace, ScrollBar):
            return await broker(app, event_name, event, default_namespace)
        return False

    return broker_event


Wrap = Callable[..., list[str]]


def _at_least_one_cell(chop: Wrap) -> Wrap:
    def chopped(text: str, width: int, *arguments: Any, **options: Any) -> list[str]:
        return chop(text, max(1, width), *arguments, **options)

    return chopped


ToContent = Callable[..., Content]


def _literal_on_error(to_content: ToContent) -> ToContent:
    def literal_or_content(text: str, *arguments: Any, **options: Any) -> Content:
        try:
            return to_content(text, *arguments, **options)
        except MarkupError:
            return Content(text)

    return literal_or_content


def install_choke_point() -> None:
    """Put the choke point under every widget of this process. Calling it again changes nothing."""
    if Strip.render is _render:
        return
    replacements: list[tuple[object, str, object]] = [
        (Strip, "render", _render),
        (App, "_broker_event", _guarded(App._broker_event)),
        (App, "open_url", _open_nothing),
        (App, "_fatal_error", crash.leave_quietly),
        (markup, "to_content", _literal_on_error(markup.to_content)),
        (rich._wrap, "chop_cells", _at_least_one_cell(chop_cells)),
    ]
    for owner, name, function in replacements:
        setattr(owner, name, function)
