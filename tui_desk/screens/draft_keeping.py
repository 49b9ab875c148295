"""What is being written is kept as a draft as one types, and in whatever way the screen is left."""

from __future__ import annotations

import asyncio
from typing import cast

from textual.timer import Timer
from textual.widgets import Input, TextArea

from tui_desk.contracts.conversation import ComposeContext, DropDraft, OpenCompose, SaveDraft
from tui_desk.core.enums import DraftKind
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.tokens import new_token
from tui_desk.screens.base import BaseScreen

Written = tuple[str, str, str, str]
"""Body, To, Cc, Bcc."""
SAVE_AFTER = 0.7
"""Seconds of quiet after which a draft is saved."""


def without_comma(addresses: str) -> str:
    """``addresses`` without the comma that waits for one more."""
    return addresses.rstrip(" ,;")


class DraftScreen(BaseScreen):
    """A screen with a text and the fields ``to``, ``cc`` and ``bcc``: the draft of that ``kind`` in the ticket ``number``."""

    def __init__(self, number: int, kind: DraftKind) -> None:
        super().__init__()
        self.number, self.kind = number, kind
        self._known: ComposeContext | None = None
        self._opened: ComposeContext | None = None
        """What the fields were filled from."""
        self._asking = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._save_timer: Timer | None = None
        self._saved: Written | None = None
        self._latest: Written | None = None
        self._token = new_token()
        """Of what is written here: however often it is sent, it leaves once, also when it was left and taken up again in between."""
        self._busy = False
        """It is being sent."""
        self._done = False
        """Sent, dropped or left: there is no draft of it any more, or it is kept."""

    async def _ask_once(self) -> ComposeContext:
        """What the desk knew when this was opened: asked once, so that a draft saved meanwhile does not come back as an older one."""
        async with self._asking:
            if self._known is None:
                self._known = await self.ask(OpenCompose(self.number, self.kind))
            return self._known

    def _written(self) -> Written:
        fields = (without_comma(self.query_one(f"#{name}", Input).value) for name in ("to", "cc", "bcc"))
        return cast("Written", (self.query_one(TextArea).text, *fields))

    def written(self) -> Written:
        """Body, To, Cc and Bcc as they stand."""
        return self._written()

    def over(self) -> None:
        """Nothing of this draft is to be kept any more."""
        self._done = True

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        self._save_soon()

    def on_input_changed(self, event: Input.Changed) -> None:
        self._save_soon()

    def _save_soon(self) -> None:
        # Not put off by every key: what was typed is saved within this span even while one types on.
        self._latest = self._written()
        if self._save_timer is None and not self._done:
            self._save_timer = self.set_timer(SAVE_AFTER, self._save_now)

    def _save_now(self) -> None:
        self._save_timer = None
        if self._busy:  # being sent: what was typed is saved already
            return
        self.run_guarded(_("Saving the draft"), self.flush(), group="draft")

    async def flush(self) -> None:
        """Save what is written, if it is not saved already. Raises DeskError."""
        # One save at a time: one overtaken by the send would bring a draft back that the send has consumed.
        async with self._saving:
            await self._flush()

    async def keep_now(self) -> None:
        """Save what stands there now: the event that tells of the last change may still be on its way. Raises DeskError."""
        written = self._written()
        if any(written) or self._latest is not None:
            self._latest = written
        await self.flush()

    async def _flush(self) -> None:
        written = self._latest
        if self._done or written is None or written == self._saved:
            return
        body, to, cc, bcc = written
        opened = self._opened
        if opened is None:  # the desk has not answered yet: nothing typed is lost, nor the draft of before
            opened = await self._ask_once()
            body, to, cc = f"{opened.body}{body}", to or opened.to, cc or opened.cc
            bcc = bcc or opened.bcc
        token = self._token if self._opened is not None else opened.token or self._token
        base = opened.base_message_id
        await self.ask(SaveDraft(self.number, self.kind, body, to, cc, bcc, base, token))
        self._saved = written

    def _is_something_else(self) -> None:
        """What is written now was not sent, though what was written before had been: it gets a name of its own."""
        self._token, self._saved = new_token(), None
        self._save_soon()

    async def _drop(self) -> None:
        async with self._saving:
            self._done = True
            await self.ask(DropDraft(self.number, self.kind))

    async def on_unmount(self) -> None:
        """Leaving in any way, a lost connection too, saves what was typed."""
        try:
            await self.flush()
        except DeskError as error:
            self.host.log_unexpected("Saving the draft while leaving", error)
