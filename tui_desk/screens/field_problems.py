"""What is wrong with a value as it is typed, in a sentence: an address, a host, a number, a day."""

from __future__ import annotations

import re
from datetime import date

from tui_desk.core.i18n import _

_ADDRESS = re.compile(r"[^\s@,;<>\"()\[\]\\]+@[^\s@,;<>\"()\[\]\\]+")
_HOST = re.compile(r"[A-Za-z0-9_.\-:\[\]%\u0080-\uffff]+")


def address_problem(text: str) -> str:
    """What is wrong with an address, or nothing."""
    if not text:
        return _("An address is needed, such as support@example.org.")
    if not _ADDRESS.fullmatch(text) or text.split("@")[1].startswith("."):
        return _("This is not an address; it looks like support@example.org.")
    return ""


def host_problem(text: str) -> str:
    """What is wrong with the name of a server, or nothing."""
    if "://" in text or "/" in text:
        return _("Only the server's name, without protocol and path.")
    return "" if _HOST.fullmatch(text) else _("This is not the name of a server.")


def number_problem(text: str, low: int, high: int) -> str:
    """What is wrong with a whole number, or nothing."""
    if not (text.isascii() and text.isdecimal() and low <= int(text[:12]) <= high):
        return _("A whole number from {low} to {high}.").format(low=low, high=high)
    return ""


def date_problem(text: str) -> str:
    """What is wrong with a date that must be given, or nothing."""
    try:
        if len(text) == 10 and date.fromisoformat(text):
            return ""
    except ValueError:
        pass
    return _("A date as year-month-day, such as 2026-01-31.")
