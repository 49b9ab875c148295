from __future__ import annotations
from tui_desk.mail.message import Segment
def segments_of(text: str, history: frozenset[int] = frozenset(), history_from: int | None = None) -> tuple[Segment, ...]:
    return (Segment("body", text),) if text else ()
