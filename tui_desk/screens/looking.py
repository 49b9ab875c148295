"""A dialog that asks the desk what the choice under the cursor would do here, once the cursor has rested on it for a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from tui_desk.contracts.macros import Kept
from tui_desk.core.errors import DeskError
from tui_desk.screens.picking import PickingDialog

V = TypeVar("V", bound=Kept)
P = TypeVar("P")

_ASK_AFTER = 0.08


class LookingDialog(PickingDialog[V], Generic[V, P]):
    """As :class:`PickingDialog`; ``lookup`` is asked once for each choice, and never while the cursor moves on."""

    def __init__(self, lookup: Callable[[int], Awaitable[P]]) -> None:
        super().__init__()
        self._lookup = lookup
        self._seen: dict[int, P | str] = {}
        self._asked: set[int] = set()

    def seen(self, value: V) -> P | str | None:
        """What is known of it: the answer, or the sentence of why there is none; None as long as the desk was not asked."""
        return self._seen.get(value.id)

    def show_about(self) -> None:
        super().show_about()
        value = self.current()
        if value is not None and value.id not in self._asked:
            self.set_timer(_ASK_AFTER, lambda: self._ask(value))

    def _ask(self, value: V) -> None:
        current = self.current() if self.is_attached else None
        if current is not None and current.id == value.id and value.id not in self._asked:
            self._asked.add(value.id)
            self.run_worker(self._read(value.id), exclusive=False)

    async def _read(self, value_id: int) -> None:
        try:
            self._seen[value_id] = await self._lookup(value_id)
        except DeskError as error:
            self._seen[value_id] = error.sentence
        if self.is_attached:
            self.show_about()
