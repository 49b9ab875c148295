"""What the doctor says about sending: which ways out do not work, and what became of messages that did not leave."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_line
from tui_desk.db.fast import FastReader
from tui_desk.services.finding import Finding
from tui_desk.services.trouble_question import trouble_question


def look_at_sending(reader: FastReader, _now: datetime) -> Iterator[Finding]:
    """The ways out that fail, then the outbox."""
    troubles = list(_troubles(reader))
    for trouble in troubles:
        yield trouble.finding
    waiting = sum(trouble.waiting for trouble in troubles)
    yield from _outbox(reader, waiting)


def fallback_sign_in(reader: FastReader) -> list[tuple[Any, ...]]:
    """The fallback sender's address and OAuth2 sign-in, where it has one."""
    address, sign_in = _setting(reader, "fallback_sender").get("address"), _setting(reader, "oauth:fallback")
    return [(address, sign_in)] if address and sign_in else []


@dataclass(frozen=True, slots=True)
class _Trouble:
    finding: Finding
    waiting: int


def _troubles(reader: FastReader) -> Iterator[_Trouble]:
    """The ways out that are in trouble now (see ``send_trouble``)."""
    addresses = {
        f"mailbox:{row[0]}": str(row[1])
        for row in reader.rows(
            "SELECT id, address FROM mailbox WHERE state = 'active' AND smtp_host <> '' ORDER BY address"
        )
    }
    fallback = _setting(reader, "fallback_sender")
    if fallback.get("address"):
        addresses["fallback"] = str(fallback["address"])
    forgotten = _setting(reader, "send_trouble_before")
    for way, address in addresses.items():
        mailbox_id = None if way == "fallback" else int(way.partition(":")[2])
        rows = reader.rows(trouble_question(mailbox_id))
        if not rows or rows[0][3]:
            continue
        cause, at, waiting, _left = rows[0]
        before = forgotten.get(way)
        if isinstance(before, str) and reader.instant(at) <= datetime.fromisoformat(before):
            continue
        yield _Trouble(_failing(way, address, str(cause), reader.instant(at), waiting), waiting)


def _failing(way: str, address: str, cause: str, at: datetime, waiting: int) -> Finding:
    name = safe_line(address)
    test = (
        _("Try it: tui-desk settings fallback-sender --test")
        if way == "fallback"
        else _("Try it: tui-desk mailbox test {address}").format(address=name)
    )
    return Finding(
        f"sending {name}",
        "fail",
        ngettext(
            "{cause} (last tried {when}; {count} message waits).",
            "{cause} (last tried {when}; {count} messages wait).",
            waiting,
        ).format(
            cause=safe_line(cause, 300).rstrip("."),
            when=at.astimezone().strftime("%Y-%m-%d %H:%M"),
            count=waiting,
        ),
        test,
    )


def _outbox(reader: FastReader, waiting: int) -> Iterator[Finding]:
    rows = reader.rows(
        "SELECT d.state, count(*) FROM delivery d WHERE d.state IN ('failed', 'bounced', 'unknown') GROUP BY d.state"
    )
    counts = {str(state): int(count) for state, count in rows}
    total = sum(counts.values())
    see = _("See: tui-desk outbox list")
    if total:
        parts = ", ".join(f"{state}: {count}" for state, count in sorted(counts.items()))
        told = ngettext(
            "{count} recipient did not get a message ({parts}).",
            "{count} recipients did not get a message ({parts}).",
            total,
        )
        yield Finding("outbox", "warn", told.format(count=total, parts=parts), see)
    if waiting:
        told = ngettext(
            "{count} message waits for a server that fails.",
            "{count} messages wait for a server that fails.",
            waiting,
        )
        yield Finding("outbox", "warn", told.format(count=waiting), see)
    if not total and not waiting:
        yield Finding("outbox", "ok", _("Nothing failed to leave."))


def _setting(reader: FastReader, key: str) -> dict[str, Any]:
    rows = reader.rows("SELECT value FROM setting WHERE key = ?", [key])
    value = rows[0][0] if rows else None
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}
