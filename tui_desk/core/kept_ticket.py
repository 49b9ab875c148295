"""A ticket that is being written down by hand and is not made yet: kept on this machine, for one agent of one desk."""

from __future__ import annotations

import json
from pathlib import Path

from tui_desk.core.kept_text import forget_text, keep_text, kept_text
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class KeptTicket:
    """What was typed of it; ``channel`` is a value of ``enums.Channel`` or empty."""

    requester: str = ""
    subject: str = ""
    body: str = ""
    channel: str = ""
    token: str = ""
    """Its name: however often it is asked for, also by another session, it is made once."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(part.strip() for part in (self.requester, self.subject, self.body))


def place(state_folder: Path, desk: str, agent: int) -> Path:
    """Where it stands. ``desk`` tells desks apart and names none."""
    return state_folder / "-".join(filter(None, ("new-ticket", desk, f"{agent}.json")))


def keep_ticket(path: Path, typed: KeptTicket) -> None:
    """Keep it instead of what was kept before; one in which nothing was typed is forgotten. Raises OSError."""
    if typed.is_empty:
        forget_text(path)
        return
    named = {name: getattr(typed, name) for name in ("requester", "subject", "body", "channel", "token")}
    keep_text(path, json.dumps(named, ensure_ascii=False))


def kept_ticket(path: Path) -> KeptTicket:
    """What is kept; nothing typed where there is none, or it cannot be read."""
    try:
        found = json.loads(kept_text(path) or "{}")
        return KeptTicket(**{name: str(value) for name, value in found.items()})
    except (ValueError, TypeError, AttributeError):
        return KeptTicket()
