"""A purchase as people name it on the command line."""

from __future__ import annotations

from typing import Any

import click

from tui_desk.cli.base import possible
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _


class PurchaseNumber(click.ParamType[int]):
    """A purchase, as ``P12`` or ``12``."""

    name = "purchase"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        digits = str(value).strip().upper().removeprefix("P")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19) or int(digits) < 1:
            raise UsageError(_("“{value}” is no purchase.").format(value=value), _("Write it like P12."))
        return possible(int(digits))


PURCHASE = PurchaseNumber()
purchase_argument = click.argument("purchase_id", type=PURCHASE, metavar="ID")
