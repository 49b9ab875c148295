"""Calling the person at this terminal when something new is there: a signal for new notifications, their number in the window's title."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial

from tui_desk.core.enums import Signal
from tui_desk.core.i18n import ngettext
from tui_desk.screens.host import DeskHost
from tui_desk.screens.own_settings import own_settings
from tui_desk.terminal import notify

_LOOKED_AT = 20
"""New notifications that are looked at for one that may call."""


class Attention:
    """What one terminal has told already. ``environment`` says which terminal it is; ``send`` takes the sequences."""

    def __init__(
        self,
        host: DeskHost,
        environment: Mapping[str, str] | None = None,
        send: Callable[[str], None] | None = None,
    ) -> None:
        self._host = host
        self._send = send or partial(notify.write, host)
        self._environment = os.environ if environment is None else environment
        self._count: int | None = None
        self._newest: int | None = None
        self._titled = False

    async def look(self, count: int) -> None:
        """The agent has ``count`` unread notifications now. What is new calls; at the start only the title tells of what was there.

        Raises DeskError.
        """
        before = self._count
        if count != (before or 0):
            self._titled = True
            self._send(notify.title(count, self._environment))
        if before is not None and count > before:
            await self._call(count - before)
        self._count = count  # behind the call: a look that another one cuts short leaves it to that one

    async def _call(self, more: int) -> None:
        """``more`` than before are unread: call for those that may, as one."""
        from tui_desk.contracts.notifications import ListNotifications  # the start calls nobody
        from tui_desk.rules.own_settings import may_call
        from tui_desk.rules.quiet import is_quiet, read_span

        ask = self._host.gateway.ask
        found = await ask(ListNotifications(limit=_LOOKED_AT))
        known, fresh = self._newest, found[:more]
        if known is not None:
            fresh = tuple(one for one in found if one.id > known)
        own = await own_settings(self._host)
        self._newest = max((one.id for one in found), default=known or 0)
        calling = [one for one in fresh if may_call(one.kind, own.signal, own.silent)]
        if not calling or is_quiet(self._host.options.clock(), read_span(own.quiet), own.quiet_weekends):
            return
        if len(calling) == 1:
            ticket = f"#{calling[0].ticket} " if calling[0].ticket is not None else ""
            body = f"{ticket}{calling[0].sentence}"
        else:
            body = ngettext("{count} new notification", "{count} new notifications", len(calling)).format(
                count=len(calling)
            )
        self._send(notify.sequence("tui-desk", body, self._environment, bell=own.signal is Signal.BELL))

    def leave(self) -> None:
        """The window's title is the terminal's own again."""
        if self._titled:
            self._send(notify.title(None, self._environment))
