"""What one did at this terminal: right after ``u`` has taken back the last of it, the next ``u`` goes on with the one before."""

from __future__ import annotations

from datetime import datetime, timedelta

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.message_line import UNDO_SECONDS, Offer

_MOST = 50


class EarlierDeeds:
    """Deeds that can be taken back, the newest last."""

    def __init__(self) -> None:
        self._done: list[Offer] = []
        self._until: datetime | None = None
        """While one goes through them."""
        self.stays = ""
        """Why the last deed of all is not taken back; empty where it can be."""

    def did(self, offer: Offer) -> None:
        """Something was done that can be taken back."""
        self._done = [*self._done[1 - _MOST :], offer]
        self.stays = ""

    def took_back(self, offer: Offer, now: datetime) -> None:
        """It was taken back, or cannot be any more: what was done before it is next."""
        self._done = [one for one in self._done if one is not offer]
        self._until = now + timedelta(seconds=UNDO_SECONDS)

    def next(self, now: datetime) -> Offer | None:
        """What was done before what was just taken back; None where that is over, or it was the first."""
        if self._until is None or now >= self._until:
            return None
        return next((one for one in reversed(self._done) if _can_be(one, now)), None)


def _can_be(offer: Offer, now: datetime) -> bool:
    """A mail that has left cannot be stopped."""
    from tui_desk.contracts.conversation import CancelSend  # the start does not pay for it

    return not isinstance(offer.request, CancelSend) or offer.seconds(now) > 0


def named(offer: Offer, now: datetime) -> str:
    """The deed with the number of its ticket."""
    number = getattr(offer.request, "number", None)
    told = safe_line(offer.sentence(offer.seconds(now)), 300)
    return (
        told
        if not number or f"#{number}" in told
        else _("#{number}: {what}").format(number=number, what=told)
    )
