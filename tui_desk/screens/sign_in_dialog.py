"""Signing in to a mailbox by OAuth2: an address and a code to type elsewhere, or an address to open and one to paste back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from tui_desk.contracts.mailboxes import SignInView
from tui_desk.contracts.oauth import (
    Account,
    DevicePrompt,
    DeviceSignIn,
    FinishSignIn,
    OAuthClient,
    SignInWatch,
    StartedSignIn,
    StartSignIn,
)
from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.chrome import line
from tui_desk.screens.dialogs import Dialog
from tui_desk.screens.fields import Field
from tui_desk.screens.host import pace
from tui_desk.terminal.clipboard import copy

Ask = Callable[[Any], Awaitable[Any]]
_TICK = 1.0


@dataclass(frozen=True, slots=True)
class SigningIn:
    """To what: a mailbox or the fallback sender, and how it is signed in to now."""

    account: Account
    address: str
    state: SignInView | None


class SignInDialog(Dialog[SignInView | None]):
    """Signs in to ``to`` as ``client`` (None: as last time). Answers the sign-in as it is then; None when it was given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "give_up", ""),
        ("ctrl+y", "copy_address", ""),
        ("ctrl+o", "copy_code", ""),
    ]

    def __init__(self, to: SigningIn, client: OAuthClient | None, ask: Ask) -> None:
        super().__init__()
        self._to, self._client, self._ask = to, client, ask
        self._stop = Event()
        self._prompt: DevicePrompt | None = None
        self._started: StartedSignIn | None = None
        self._problem = ""
        self._busy = False
        self._by_device = _by_device(to.state, client)

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide"):
            title = _("Sign in to {address}").format(address=safe_line(self._to.address, 120))
            yield Static(title, classes="dialog-title", markup=False)
            yield Static("", id="sign-in-text", markup=False)
            pasted = Field("", id="pasted")
            pasted.display = False
            yield pasted
            yield Static("", classes="dialog-hint", id="sign-in-hint", markup=False)

    def on_mount(self) -> None:
        self._paint()
        self.set_interval(pace(self.app, _TICK), self._paint)
        self.run_worker(self._wait_for_device() if self._by_device else self._start(), exit_on_error=False)

    def on_unmount(self) -> None:
        self._stop.set()

    # -- by device ---------------------------------------------------------------------------------------------------
    async def _wait_for_device(self) -> None:
        loop = asyncio.get_running_loop()

        def told(prompt: DevicePrompt) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._show, prompt)

        await self._end_with(DeviceSignIn(self._to.account, self._client, SignInWatch(told, self._stop)))

    def _show(self, prompt: DevicePrompt) -> None:
        self._prompt = prompt
        self._paint()

    # -- by pasted address -------------------------------------------------------------------------------------------
    async def _start(self) -> None:
        try:
            self._started = await self._ask(StartSignIn(self._to.account, self._client))
        except DeskError as error:
            self._problem = str(error)
        if self.is_attached:
            if self._started is not None:
                field = self.query_one("#pasted", Input)
                field.display = True
                field.focus()
            self._paint()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._started is None or self._busy or not event.value.strip():
            return
        self._busy, self._problem = True, ""
        self._paint()
        request = FinishSignIn(self._to.account, self._started, event.value)
        self.run_worker(self._end_with(request), exit_on_error=False)

    # -- both --------------------------------------------------------------------------------------------------------
    async def _end_with(self, request: Any) -> None:
        try:
            signed = await self._ask(request)
        except DeskError as error:
            self._problem = str(error)
        except Exception as error:  # noqa: BLE001 - a dialog's worker is an action dispatcher of its own
            self._problem = _("The sign-in itself failed ({kind}).").format(kind=type(error).__name__)
        else:
            if self.is_attached and not self._stop.is_set():
                self.dismiss(signed)
            return
        self._busy, self._prompt = False, None
        if self.is_attached:
            self._paint()

    def _paint(self) -> None:
        self.query_one("#sign-in-text", Static).update(Content("\n").join(self._lines()))
        self.query_one("#sign-in-hint", Static).update(self._hint())

    def _lines(self) -> list[Content]:
        lines: list[Content] = []
        if self._prompt is not None:
            left = max(0, int((self._prompt.until - datetime.now(UTC)).total_seconds()))
            waited = _("Waiting for you … {minutes}:{seconds:02d} left").format(
                minutes=left // 60, seconds=left % 60
            )
            lines = [
                line(_("Open this address in any browser, on any device:")),
                line((f"  {safe_line(self._prompt.address, 500)}", "$text-primary bold")),
                line(_("Type this code there, and sign in as the mailbox:")),
                line((f"  {self._prompt.code}", "$text-primary bold")),
                line((waited, "$muted")),
            ]
        elif self._started is not None:
            lines = [
                line(_("Open this address in a browser, on any computer, and sign in as the mailbox:")),
                line((safe_line(self._started.address, 4000), "$text-primary")),
                line(
                    _(
                        "The browser ends at an address that begins with {redirect}; the page may fail to open. "
                        "Paste that whole address here:"
                    ).format(redirect=safe_line(self._started.redirect_uri, 200))
                ),
            ]
            if self._busy:
                lines.append(line((_("Signing in …"), "$muted")))
        elif not self._problem:
            lines = [line((_("Asking the provider …"), "$muted"))]
        if self._problem:
            lines.append(line((safe_line(self._problem, 800), "$text-error")))
        return lines

    def _hint(self) -> str:
        if self._prompt is not None:
            return _("Ctrl+Y copies the address · Ctrl+O copies the code · Esc gives up")
        if self._started is not None:
            return _("Ctrl+Y copies the address · Enter signs in · Esc gives up")
        return _("Esc closes")

    def action_give_up(self) -> None:
        """Close; nothing is changed."""
        self._stop.set()
        self.dismiss(None)

    def action_copy_address(self) -> None:
        """Put the address into the clipboard of the terminal one sits at."""
        if self._prompt is not None:
            copy(self.app, self._prompt.complete_address or self._prompt.address)
        elif self._started is not None:
            copy(self.app, self._started.address)

    def action_copy_code(self) -> None:
        """The same with the code."""
        if self._prompt is not None:
            copy(self.app, self._prompt.code)


def _by_device(state: SignInView | None, client: OAuthClient | None) -> bool:
    """Whether the provider lets people sign in by a code on another device."""
    if client is not None and client.provider not in (None, OAuthProvider.CUSTOM):
        return client.provider is OAuthProvider.MICROSOFT
    return state is not None and state.by_device
