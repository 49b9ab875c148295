"""How the interface asks the desk for anything: a request value goes in, a frozen view comes out.

Every question and every change is a frozen dataclass deriving from :class:`Request`; its type parameter names the answer.
The application runs it off the event loop, the command line runs it straight away, and both end in the same handler
(``tui_desk.services.registry``). A request knows nothing of databases, a screen nothing of handlers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from tui_desk.core.values import dataclass

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Request(Generic[T_co]):
    """Base of everything one may ask. ``T_co`` is the type of the answer."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something in the desk changed. ``tickets`` names those known to be touched; empty means "look again"."""

    tickets: frozenset[int] = frozenset()


class Gateway(Protocol):
    """What screens hold. The application implements it; tests may run it against a real database."""

    async def ask(self, request: Request[T]) -> T:
        """Carry out ``request`` off the event loop, in one transaction.

        Raises ``tui_desk.core.errors.DeskError`` for whatever a person should be told.
        """
        ...

    def subscribe(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Call ``listener`` on the event loop after every change of the desk by anybody; the answer unsubscribes."""
        ...
