"""What a screen tells on its message line, and when that passes."""

from __future__ import annotations

from typing import cast

from textual.screen import Screen

from tui_desk.actions.common import GLOBAL
from tui_desk.core.errors import DeskError
from tui_desk.screens.host import DeskHost
from tui_desk.screens.message_line import MessageLine, Offer, Told


class TellingScreen(Screen[None]):
    """A screen with a message line."""

    scopes: tuple[str, ...] = (GLOBAL,)

    def __init__(self) -> None:
        super().__init__()
        self._passing: Told | None = None
        """What is told only as long as something lasts: a refusal, a slow action, keys of a sequence."""
        self._trouble: Told | None = None
        """Why something could not be read; the next reading that works takes it away."""
        self._told_first: Told | None = None
        """What is told before what ``u`` takes back, which is told again when it has had its time."""

    @property
    def host(self) -> DeskHost:
        """The application."""
        return cast("DeskHost", self.app)

    def say(self, sentence: str, hint: str = "", level: str = "info", stays: bool = False) -> None:
        """Tell something on the message line. ``level``: info, done, warning, error.

        Information and what is done passes, unless it ``stays``; the rest until it is answered or replaced. What is done
        is now the last deed: ``u`` takes nothing earlier back.
        """
        if level == "done":
            self.host.offer = None
            self.host.deeds.stays = ""
        self._tell(Told(sentence, hint, level), stays)

    def say_first(self, told: Told) -> None:
        """Tell it although ``u`` takes something back: this is told again afterwards."""
        self._told_first = told
        self._tell(told)

    def say_unchanged(self, sentence: str) -> None:
        """Tell that what was asked for changed nothing: the last deed is still the last one, and ``u`` takes it back."""
        self.say_first(Told(sentence))

    def offer(self, offer: Offer) -> None:
        """Tell what was done, and let ``u`` take it back while that is told."""
        self.host.offer = offer
        self.host.deeds.did(offer)
        self._tell(Told())
        self._tell_offer()

    def refuse(self, sentence: str, hint: str = "") -> None:
        """Say why a key does nothing now; the next one that does something takes it away."""
        self._tell_passing(Told(sentence, hint, "warning"))

    def hush(self) -> None:
        """Take away what is told; what ``u`` takes back is told again while it lasts."""
        self._tell(Told())
        self._tell_offer()

    @property
    def notice(self) -> Told:
        """What is told now."""
        line = self._message_line()
        return line.told if line is not None else Told()

    def _message_line(self) -> MessageLine | None:
        """The line, found without a walk over all widgets: every key asks for it."""
        return next((node for node in self._nodes if isinstance(node, MessageLine)), None)

    def trouble(self, error: DeskError) -> None:
        """Tell why something cannot be read, until it can."""
        known = self._trouble
        if known is not None and known == self.notice and known.sentence == error.sentence:
            return  # told already, perhaps with what came of it
        self._trouble = Told(error.sentence, error.hint, "error")
        self._tell(self._trouble)

    def trouble_over(self) -> None:
        """Something was read."""
        if self._trouble is not None and self.notice == self._trouble:
            self.hush()
        self._trouble = None

    def _tell(self, told: Told, stays: bool = False) -> None:
        line = self._message_line()
        if line is not None:
            line.tell(told, stays)

    def _tell_passing(self, told: Told) -> None:
        """Tell it until :meth:`_pass`."""
        self._passing = told
        self._tell(told, stays=True)

    def _pass(self) -> None:
        if self._passing is not None and self.notice == self._passing:
            self.hush()
        self._passing = None

    def _tell_offer(self) -> None:
        """Where ``u`` works, what it takes back is told; where something else was last done meanwhile, it is no more."""
        lines = self.query(MessageLine)
        if not lines:
            return
        shown, offer = lines.first(), self.host.live_offer()
        if shown.offer is not None and shown.offer is not offer:
            shown.clear()
        if offer is None or shown.offer is offer or shown.told.level in ("warning", "error"):
            return
        if shown.told.sentence and shown.told == self._told_first:
            return
        if self.host.actions.find(self.scopes, "undo") is not None:
            shown.tell_offer(offer, self.host.options.clock, self.host.is_calm)

    def on_message_line_ended(self) -> None:
        self._tell_offer()
