"""The guided start on the demo desk: ten keys, each pressed in the real interface; it goes on when the person has done it.

What was done is told by the two borders that everything passes: the dispatcher of actions and the gateway's answers. Which key to
press is read from the map of now, so the guide is right under every preset and with one's own keys.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.app import RenderResult
from textual.content import Content
from textual.widget import Widget

from tui_desk.actions.keys import key_label
from tui_desk.actions.registry import N_, Registry
from tui_desk.contracts.conversation import CancelSend, SendReply
from tui_desk.contracts.flow import NextTicket
from tui_desk.contracts.macros import ApplyMacro
from tui_desk.contracts.tickets import SetFields, TakeTicket, UndoDeed, UndoLast
from tui_desk.contracts.views import KeepQuery
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import Part, line

if TYPE_CHECKING:
    from tui_desk.screens.frame import FrameScreen

Seen = Callable[[object, object], bool]
"""Whether the request (or the id of an action, or the place one came to) and its answer are what a step asks for."""
_KEY = re.compile(r"\{(\w+)\}")
_PLACES = ("queue", "ticket", "compose")
_SCOPES: dict[str, tuple[str, ...]] = {
    "queue": ("queue", "list", "global"),
    "ticket": ("ticket", "list", "global"),
    "compose": ("compose", "global"),
}


class Step(NamedTuple):
    """One key. ``at`` says for each place what to press there, in words with ``{ids of actions}`` for their keys."""

    at: dict[str, str]
    done: Seen


def _is(*kinds: type) -> Seen:
    """A request of these kinds that was carried out: none that came back with something to look at first."""
    return lambda seen, answer: isinstance(seen, kinds) and not getattr(answer, "findings", ())


def _came_to(place: str) -> Seen:
    return lambda seen, _answer: seen == f"at {place}"


_OPEN_FIRST = N_("Open a ticket first: {open} on its line.")
_BACK_FIRST = N_("First back to the list: {back}.")

STEPS = (
    Step(
        {
            "queue": N_("{down} and {up} move the cursor, as the arrow keys do."),
            "ticket": _BACK_FIRST,
        },
        lambda seen, _answer: seen in ("do down", "do up"),
    ),
    Step(
        {"queue": N_("{open} opens the ticket under the cursor: read before you decide.")}, _came_to("ticket")
    ),
    Step(
        {"": N_("{take} takes the ticket: it is yours now, and your colleagues see who is at it.")},
        _is(TakeTicket),
    ),
    Step(
        {"": N_("{priority} sets the priority. Type the beginning of one, such as “cr”, then Enter.")},
        lambda seen, _answer: isinstance(seen, SetFields) and seen.priority is not None,
    ),
    Step(
        {
            "": N_(
                "{undo} takes back what you did last: a slip costs nothing. What can be taken back is told below."
            )
        },
        _is(UndoDeed, UndoLast, CancelSend),
    ),
    Step(
        {
            "": N_(
                "{reply} answers the requester. The mail goes to the people of the demo, and they write back."
            ),
            "compose": N_(
                "Write a line, then {send} sends it. For some seconds after that {undo} still stops it."
            ),
        },
        _is(SendReply),
    ),
    Step(
        {
            "": N_(
                "{macro} does several things at once. Choose one with the arrows, read what it will do, then Enter."
            ),
            "compose": N_("{keep} leaves this draft, it is kept. Then {macro} does several things at once."),
        },
        _is(ApplyMacro),
    ),
    Step(
        {
            "": N_("{back} goes back, from wherever you are; here: to the list of tickets."),
            "compose": N_("{keep} leaves this draft, it is kept; then {back} goes back to the list."),
        },
        _came_to("queue"),
    ),
    Step(
        {
            "queue": N_(
                "{filter} narrows the list as you type. Type vpn, then Enter. (Esc takes the filter away.)"
            ),
            "ticket": _BACK_FIRST,
        },
        _is(KeepQuery),
    ),
    Step(
        {
            "": N_(
                "{next_urgent} brings the ticket that loses most by waiting, and says why. With it a day can begin."
            )
        },
        _is(NextTicket),
    ),
    Step(
        {
            "": N_(
                "That was it. {palette} finds everything by name, {mark} marks several tickets. {help} shows all keys of a "
                "screen: press it, and the guide is gone."
            )
        },
        lambda seen, _answer: seen in ("do help", "at queue"),
    ),
)
"""Ten keys, and where the others are."""
_TEN = len(STEPS) - 1


class Guide:
    """How far one is. ``shown`` False: it was left, and is taken up where it was."""

    def __init__(self) -> None:
        self.step = 0
        self.shown = True

    @property
    def is_over(self) -> bool:
        return self.step >= len(STEPS)

    def saw(self, seen: object, answer: object = None) -> bool:
        """Somebody did something; whether the guide went on by it."""
        if self.shown and not self.is_over and STEPS[self.step].done(seen, answer):
            self.step += 1
            return True
        return False

    def text(self, actions: Registry, scopes: tuple[str, ...]) -> Content:
        """What to press on a screen of these scopes now, and why."""
        place = place_of(scopes)
        texts = STEPS[self.step].at
        text = texts.get(place) or texts.get("") or (_OPEN_FIRST if place == "queue" else _BACK_FIRST)
        begin = _("Guide {step}/{steps}").format(step=min(self.step + 1, _TEN), steps=_TEN)
        parts: list[Part] = [(f"{begin}  ", "bold $text-warning")]
        return line(*parts, *with_keys(_(text), actions, place))


def place_of(scopes: tuple[str, ...]) -> str:
    """Which of the guide's places a screen of these scopes is; empty for any other."""
    return next((place for place in _PLACES if place in scopes), "")


def with_keys(text: str, actions: Registry, place: str) -> list[Part]:
    """``text`` with the keys of now where it names actions."""
    parts: list[Part] = []
    end = 0
    for found in _KEY.finditer(text):
        parts += [(text[end : found.start()], ""), (_label(actions, found[1], place), "bold $text-accent")]
        end = found.end()
    return [*parts, (text[end:], "")]


def _label(actions: Registry, name: str, place: str) -> str:
    for scopes in (_SCOPES.get(place, ("global",)), *_SCOPES.values()):
        action = actions.find(scopes, name)
        if action is not None:
            keys = actions.keys_of(action)
            return key_label(keys[0]) if keys else f":{name}"
    return f":{name}"


class GuideBox(Widget):
    """The step of now, above the message line; it takes no key and no focus."""

    DEFAULT_CSS = """
    GuideBox { height: auto; max-height: 3; width: 1fr; padding: 0 1; background: $boost; }
    """

    def __init__(self, text: Content) -> None:
        super().__init__(id="guide")
        self._text = text

    def show(self, text: Content) -> None:
        """Replace the step."""
        if text != self._text:
            self._text = text
            self.refresh(layout=True)

    def render(self) -> RenderResult:
        return self._text


def show_guide(screen: FrameScreen) -> None:
    """Show the step of now on a screen, or take it away where the guide is left or over."""
    guide = screen.host.guide
    boxes = screen.query(GuideBox)
    if guide is None or guide.is_over or not guide.shown:
        boxes.remove()
        return
    text = guide.text(screen.host.actions, screen.scopes)
    if boxes:
        boxes.first().show(text)
    elif screen.query("#message-line"):
        screen.mount(GuideBox(text), before="#message-line")


def use_guide(screen: FrameScreen, argument: str) -> None:
    """Begin it, leave it, or take it up; ``skip`` goes on without this step, ``again`` begins anew. Raises UsageError."""
    host = screen.host
    if argument not in ("", "skip", "again"):
        raise UsageError(
            _("“{word}” is not one of: {allowed}.").format(
                word=safe_line(argument, 40), allowed="skip, again"
            )
        )
    if host.guide is None or host.guide.is_over or argument == "again":
        host.guide = Guide()
        screen.say(_("Press what the line above says."), _(":guide leaves, :guide skip goes on."))
    elif argument == "skip":
        host.guide.shown = True
        host.guide.step += 1
    else:
        host.guide.shown = not host.guide.shown
        if not host.guide.shown:
            screen.say(_("The guide is left."), _(":guide takes it up where it was."))
    screen.show_guide()
