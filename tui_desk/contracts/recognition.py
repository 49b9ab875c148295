"""What the text of a ticket names of the inventory: offered, linked, or dismissed. Nothing is ever linked by itself."""

from __future__ import annotations

from tui_desk.contracts.assets import Recognised
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class RecogniseInTicket(Request[tuple[Recognised, ...]]):
    """What subject and messages of a ticket name; the surest first."""

    number: int


@dataclass(frozen=True, slots=True)
class LinkLicence(Request[FieldChanged]):
    """Link a ticket with a licence, or part them."""

    number: int
    licence_id: int
    linked: bool = True


@dataclass(frozen=True, slots=True)
class DismissRecognised(Request[FieldChanged]):
    """What the text of a ticket names is not what the ticket is about: it is not offered there again."""

    number: int
    id: int
    licence: bool = False
