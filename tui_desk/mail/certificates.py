"""Until when the certificate is valid that a mail server showed, and when to say so."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from typing import Any

from tui_desk.core.i18n import _, ngettext

__all__ = ["WARN_BEFORE", "day_of", "ending", "ends_at", "ends_soon"]

WARN_BEFORE = timedelta(days=21)
"""Certificates that are renewed by a program are renewed 30 days before their end: by now that has failed for nine days."""


def ends_at(connection: Any) -> datetime | None:
    """``notAfter`` (RFC 5280, 4.1.2.5) of what the server showed on an SSLSocket or SSLObject; None in clear."""
    shown = connection.getpeercert() if isinstance(connection, (ssl.SSLSocket, ssl.SSLObject)) else None
    text = shown.get("notAfter") if shown else None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if isinstance(text, str) else None


def ends_soon(ends: datetime, now: datetime) -> bool:
    """Whether somebody should look after it."""
    return ends - now <= WARN_BEFORE


def day_of(ends: datetime) -> str:
    """The day of the local time zone."""
    return ends.astimezone().strftime("%Y-%m-%d")


def ending(ends: datetime, now: datetime) -> str:
    """A sentence about a certificate that ends soon or has ended."""
    if ends <= now:
        return _("The server's certificate has expired on {day}: have it renewed.").format(day=day_of(ends))
    days = (ends - now).days
    told = ngettext(
        "The server's certificate ends in {count} day ({day}): have it renewed, or nothing is fetched or sent from then on.",
        "The server's certificate ends in {count} days ({day}): have it renewed, or nothing is fetched or sent from then on.",
        days,
    )
    return told.format(count=days, day=day_of(ends))
