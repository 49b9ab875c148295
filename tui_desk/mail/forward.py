from __future__ import annotations
from dataclasses import dataclass
from tui_desk.mail.message import Forwarded, Segment
from tui_desk.mail.mime import Tree
from tui_desk.mail.readable import Readable
@dataclass(frozen=True, slots=True)
class PassedOn:
    forwarded: Forwarded
    segments: tuple[Segment, ...]
def read_forward(tree: Tree, body: Readable, subject: str) -> PassedOn | None:
    return None
