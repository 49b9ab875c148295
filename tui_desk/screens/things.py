"""Opening the screen of a thing by its kind and id, as lists and notifications name it (``asset:3``)."""

from __future__ import annotations

from tui_desk.screens.base import BaseScreen
from tui_desk.screens.host import load_place


def open_thing(screen: BaseScreen, kind: str, identifier: int | None) -> bool:
    """Show a thing above ``screen``. Answers whether there is a screen for such things."""
    if kind == "expiry":
        screen.app.push_screen(load_place("expiry")())
    elif identifier is None:
        return False
    elif kind == "asset":
        screen.host.open_asset(identifier)
    elif kind == "licence":
        from tui_desk.screens.licence import LicenceScreen

        screen.app.push_screen(LicenceScreen(identifier))
    elif kind == "contract":
        from tui_desk.screens.contract import ContractScreen

        screen.app.push_screen(ContractScreen(identifier))
    elif kind == "purchase":
        from tui_desk.screens.purchase import PurchaseScreen

        screen.app.push_screen(PurchaseScreen(identifier))
    else:
        return False
    return True


def open_named(screen: BaseScreen, subject: str) -> bool:
    """Show the thing that ``subject`` names, such as ``asset:3``. Answers whether there is a screen for it."""
    kind, _colon, number = subject.partition(":")
    return open_thing(screen, kind, int(number) if number.isascii() and number.isdigit() else None)
