"""Which moves a change of status is. A gate holds up moves, not statuses. Pure."""

from __future__ import annotations

from tui_desk.core.enums import Move, TicketStatus

_ENDED = frozenset({TicketStatus.RESOLVED, TicketStatus.CLOSED})
_WAITING = frozenset({TicketStatus.PENDING, TicketStatus.ON_HOLD})


def moves_of(before: TicketStatus, after: TicketStatus) -> tuple[Move, ...]:
    """The moves from ``before`` to ``after``, in order; none where nothing begins or ends.

    Who resolves a new ticket starts it too, and who closes an unresolved one resolves it: no gate is passed by going around.
    """
    if before is after or after is TicketStatus.NEW:
        return ()
    moves = []
    if before is TicketStatus.NEW:
        moves.append(Move.START)
    if before in _WAITING and after is TicketStatus.OPEN:
        moves.append(Move.CONTINUE)
    if before not in _ENDED and after in _ENDED:
        moves.append(Move.RESOLVE)
    if after is TicketStatus.CLOSED:
        moves.append(Move.CLOSE)
    return tuple(moves)
