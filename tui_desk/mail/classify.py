from __future__ import annotations
from dataclasses import dataclass
from tui_desk.mail.headers import Fields
from tui_desk.mail.message import Address, MailKind
@dataclass(frozen=True, slots=True)
class Signs:
    fields: Fields
    content_type: str
    params: dict[str, str]
    subject: str
    text: str
    from_: tuple[Address, ...]
def kind_of(signs: Signs, *, bounce: bool, report: bool, own_addresses: frozenset[str], desk_tokens: frozenset[str]) -> MailKind:
    return "personal"
