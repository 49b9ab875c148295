from __future__ import annotations
from tui_desk.mail.message import Address, Bounce
from tui_desk.mail.mime import Tree
def read_bounce(tree: Tree, text: str, subject: str, from_: tuple[Address, ...]) -> tuple[Bounce | None, bool]:
    return None, False
