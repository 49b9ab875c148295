"""Who acts, how the desk stands, and the preview beside the queue, by plain drivers. See ``db.fast`` for why."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tui_desk.contracts.queue import PreviewTicket, TicketPreview
from tui_desk.contracts.status import AgentView, DeskStatus, ShowStatus, WhoAmI
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import DeliveryState, MailboxState, Role
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.words import word
from tui_desk.db.fast import FastReader
from tui_desk.db.files import is_full, is_read_only
from tui_desk.rules.deliveries import worst
from tui_desk.rules.sign_in import ends_soon, sign_in_problem
from tui_desk.services.actor import Actor

PREVIEW_MESSAGES = 3
PREVIEW_CHARACTERS = 4000
STALE_MINUTES = 15
"""A mailbox that nobody has read for so long is told to everybody."""
_OF_FALLBACK = ("fallback_sender", "oauth:fallback")
"""Settings: the fallback sender, and its OAuth2 sign-in."""


def who_am_i(reader: FastReader, actor: Actor, _request: WhoAmI) -> AgentView:
    """The acting agent's own record."""
    rows = reader.rows(
        "SELECT id, login, name, email, role, active, signature FROM agent WHERE id = ?", [actor.agent_id]
    )
    if not rows:
        raise NotFound(_("There is no agent {login} any more.").format(login=safe_line(actor.login)))
    row = rows[0]
    teams = reader.rows(
        "SELECT g.name FROM team g JOIN team_member m ON m.team_id = g.id WHERE m.agent_id = ? ORDER BY g.name",
        [actor.agent_id],
    )
    return AgentView(
        id=row[0],
        login=safe_line(row[1]),
        name=safe_line(row[2]),
        email=safe_line(row[3]),
        role=Role(row[4]),
        active=bool(row[5]),
        teams=tuple(safe_line(team[0]) for team in teams),
        signature=safe_block(row[6]),
    )


def find_agent(reader: FastReader, login: str) -> tuple[int, str, str, Role] | None:
    """(id, login, name, role) of the active agent with that login."""
    rows = reader.rows("SELECT id, login, name, role, active FROM agent WHERE login = ?", [login])
    if not rows or not rows[0][4]:
        return None
    return int(rows[0][0]), str(rows[0][1]), str(rows[0][2]), Role(rows[0][3])


def acting_agent(reader: FastReader, account: str, login: str) -> Actor | None:
    """The agent that acts when the operating-system ``account`` names ``login``; None where there is no such (active) agent.

    An agent of this desk acts as somebody else only as an admin (Refused). An account that is no agent may name any: that is
    how a service account with a forced command per SSH key says who is there (docs/administration.md).
    """
    found = find_agent(reader, login)
    own = find_agent(reader, account) if account != login else None
    if own is not None and own[3] is not Role.ADMIN:
        raise Refused(
            _("{own} may not act as {login}: only an admin may act as somebody else.").format(
                own=account, login=login
            ),
            _("Leave out --as and TUI_DESK_AGENT."),
        )
    return None if found is None else Actor(*found)


def show_status(reader: FastReader, actor: Actor, _request: ShowStatus) -> DeskStatus:
    """What banner and title line say."""
    now = utc_now()
    mailboxes = reader.rows(
        "SELECT address, state, last_problem, last_problem_at, last_success_at, created_at FROM mailbox WHERE state <> ?",
        [MailboxState.REMOVED.value],
    )
    worker = reader.rows(
        "SELECT 1 FROM lease WHERE name = ? AND expires_at > ?", ["worker", reader.time_value(now)]
    )
    ((failed, waiting),) = reader.rows(
        "SELECT count(DISTINCT CASE WHEN state IN ('failed', 'bounced') THEN outbox_id END), "
        "count(DISTINCT CASE WHEN state NOT IN ('failed', 'bounced') THEN outbox_id END) FROM delivery "
        "WHERE state IN ('held', 'queued', 'sending', 'unknown', 'failed', 'bounced')"
    )
    suspended = reader.rows(
        "SELECT count(*) FROM (SELECT 1 FROM intake_entry WHERE verdict = 'suspended' LIMIT 1001) AS bounded"
    )
    demo = reader.rows("SELECT value FROM setting WHERE key = 'demo'")
    path = reader.url.path
    # A worker cannot write down what is wrong, nor that it lives, on a disk that is full: so everybody looks at the disk.
    full = path is not None and is_full(path)
    problems = [_problem(reader, row, now) for row in mailboxes]
    problems += _sign_ins(reader, now)
    if full:
        problems.insert(0, _full())
    return DeskStatus(
        agent=who_am_i(reader, actor, WhoAmI()),
        demo=bool(demo) and _json(demo[0][0]) is True,
        mailboxes=len(mailboxes),
        worker_alive=bool(worker) or full,
        intake_problems=tuple(filter(None, problems)),
        suspended=int(suspended[0][0]),
        outbox_waiting=int(waiting),
        outbox_failed=int(failed),
        notifications=_unread(reader, actor),
        **_timer(reader, actor, now),
        read_only=path is not None and is_read_only(path),
    )


def _timer(reader: FastReader, actor: Actor, now: datetime) -> dict[str, Any]:
    """The agent's clock; read as it is shown, in whole minutes, so that nothing changes in between."""
    rows = reader.rows(
        "SELECT ticket_id, resumed_at, seconds FROM timer WHERE agent_id = ?", [actor.agent_id]
    )
    if not rows:
        return {}
    ticket, resumed_at, seconds = rows[0]
    if resumed_at is not None:
        seconds += max(0.0, (now - reader.instant(resumed_at)).total_seconds())
    idle = dict(
        reader.rows(
            "SELECT key, value FROM setting WHERE key IN (?, ?)",
            ["timer_idle_minutes", f"timer_idle_minutes:{actor.agent_id}"],
        )
    )
    own = _json(idle.get(f"timer_idle_minutes:{actor.agent_id}"))
    return {
        "timer_ticket": int(ticket),
        "timer_minutes": int(seconds) // 60,
        "timer_running": resumed_at is not None,
        "timer_idle": int((_json(idle.get("timer_idle_minutes")) if own is None else own) or 0),
    }


def _unread(reader: FastReader, actor: Actor) -> int:
    rows = reader.rows(
        "SELECT count(*) FROM (SELECT 1 FROM notification WHERE agent_id = ? AND read_at IS NULL LIMIT 100) AS bounded",
        [actor.agent_id],
    )
    return int(rows[0][0])


def _sign_ins(reader: FastReader, now: datetime) -> list[str]:
    """OAuth2 sign-ins that end soon: told before mail stops. One that was refused is told as the mailbox's own problem."""
    rows = reader.rows(
        "SELECT s.key, s.value, m.address, m.state, m.last_problem FROM setting s "
        "LEFT JOIN mailbox m ON s.key = 'oauth:' || m.id WHERE s.key LIKE 'oauth:%' OR s.key = 'fallback_sender'"
    )
    found = []
    of_fallback: dict[str, Any] = {}
    for key, value, address, state, problem in rows:
        if key in _OF_FALLBACK:
            of_fallback[key] = _json(value)
        elif state == MailboxState.ACTIVE.value and not problem:
            found.append((address, ends_soon(_json(value), now)))
    sender, sign_in = (of_fallback.get(key) for key in _OF_FALLBACK)
    if isinstance(sender, dict) and sender.get("address") and isinstance(sign_in, dict):
        # Nobody reads there, so nothing else would tell that it cannot log in.
        found.append((sender["address"], sign_in_problem(sign_in, now)))
    return [
        _("{address}: {problem}").format(address=safe_line(str(address)), problem=warning)
        for address, warning in found
        if warning
    ]


def _full() -> str:
    return _(
        "The disk of the database is full: mail stays on its server, and nothing is saved, until there is space."
    )


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _problem(reader: FastReader, row: tuple[Any, ...], now: Any) -> str:
    address, state, problem, problem_at, success_at, created_at = row
    if state != MailboxState.ACTIVE.value:
        return ""
    if problem and (success_at is None or problem_at is None or success_at < problem_at):
        return _("{address}: {problem}").format(address=safe_line(address), problem=safe_line(problem))
    last = reader.instant(success_at or created_at)
    if now - last > timedelta(minutes=STALE_MINUTES):
        return _("{address} has not been read since {when}.").format(
            address=safe_line(address), when=last.astimezone().strftime("%Y-%m-%d %H:%M")
        )
    return ""


def preview_ticket(reader: FastReader, actor: Actor, request: PreviewTicket) -> TicketPreview:
    """The newest messages of a ticket, shortened. Raises NotFound."""
    ticket = reader.rows("SELECT subject, requester_name FROM ticket WHERE id = ?", [request.number])
    if not ticket:
        raise NotFound(_("There is no ticket #{number}.").format(number=request.number))
    messages = reader.rows(
        "SELECT id, author_name, author_address, direction, at, substr(text, 1, ?), segments FROM message "
        "WHERE ticket_id = ? ORDER BY id DESC LIMIT ?",
        [PREVIEW_CHARACTERS, request.number, PREVIEW_MESSAGES],
    )
    states = _delivery_states(reader, [int(row[0]) for row in messages])
    lines: list[str] = []
    for message, name, address, direction, at, text, segments in messages:
        heading = _("{author} · {when}").format(
            author=safe_line(name or address), when=reader.instant(at).astimezone().strftime("%Y-%m-%d %H:%M")
        )
        mark = {"in": "▌", "out": "▐", "internal": "▒"}.get(direction, " ")
        state = states.get(int(message), DeliveryState.SENT)
        lines.append(f"{mark} {heading}" + (f" · {word(state)}" if state is not DeliveryState.SENT else ""))
        if state is not DeliveryState.CANCELLED:  # nobody has got it
            lines += safe_block(_own_words(text, _json(segments))).strip().splitlines()[:40]
        lines.append("")
    return TicketPreview(request.number, safe_line(ticket[0][0]), safe_line(ticket[0][1]), tuple(lines))


def _delivery_states(reader: FastReader, messages: Sequence[int]) -> dict[int, DeliveryState]:
    """What became of those of some messages that were to leave."""
    if not messages:
        return {}
    rows = reader.rows(
        "SELECT o.message_id, d.state FROM outbox_item o JOIN delivery d ON d.outbox_id = o.id "
        f"WHERE o.message_id IN ({', '.join('?' * len(messages))})",
        list(messages),
    )
    states: dict[int, list[DeliveryState]] = {}
    for message, state in rows:
        states.setdefault(int(message), []).append(DeliveryState(state))
    return {message: worst(found) for message, found in states.items()}


def _own_words(text: str, segments: Any) -> str:
    """What the author wrote, without quote and signature; ``segments`` may reach past the shortened ``text``."""
    if not segments:
        return text
    parts, start = [], 0
    for kind, length in segments:
        if kind == "body":
            parts.append(text[start : start + length])
        start += length
    return "".join(parts)
