"""The lines of a purchase: checked as a whole before anything is written, then written as rows with a history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.purchases import LineInput
from tui_desk.core.errors import Conflict, NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import AssetType, Licence, Purchase, PurchaseLine
from tui_desk.rules.money import LARGEST, amount_text
from tui_desk.rules.purchase_lines import BAR
from tui_desk.rules.purchases import ASSET, MAKES, SEATS, total_of
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.cost_centres import checked_amount
from tui_desk.services.currencies import digits_of
from tui_desk.services.events import ticket_stream
from tui_desk.services.rows import add_row, change_row, remove_row

LINES_LIMIT = 200
TEXT_LIMIT = 200
MOST_PIECES = 1_000_000

Wanted = tuple[int | None, dict[str, Any]]
"""The id of a line that is there (None: a new one), and its columns."""


def checked_lines(session: Session, lines: Sequence[LineInput], currency: str) -> list[Wanted]:
    """The columns of the lines, everything wrong told by its place. Raises UsageError, NotFound (licence)."""
    if len(lines) > LINES_LIMIT:
        raise UsageError(_("A purchase has at most {count} lines.").format(count=LINES_LIMIT))
    named = [line.id for line in lines if line.id is not None]
    if len(named) != len(set(named)):
        raise UsageError(_("A line is named twice."))
    found: list[Wanted] = []
    for place, line in enumerate(lines, start=1):
        try:
            values = _checked(session, line, currency)
        except (UsageError, NotFound) as error:
            sentence = _("Line {number}: {problem}").format(number=place, problem=error.sentence)
            raise type(error)(sentence, error.hint) from error
        found.append((line.id, {**values, "position": place - 1}))
    if total_of((values["quantity"], values["unit_cost"]) for _id, values in found) >= LARGEST:
        raise UsageError(_("The total is too large an amount."))
    return found


def _checked(session: Session, line: LineInput, currency: str) -> dict[str, Any]:
    article = _plain(line.article)
    if not article:
        raise UsageError(_("What is bought? An article has a name."))
    if not 0 < line.quantity <= MOST_PIECES:
        raise UsageError(
            _("A quantity is 1 to {most}, not {quantity}.").format(most=MOST_PIECES, quantity=line.quantity)
        )
    typed = line.currency.strip().upper()
    if typed and typed != currency:
        raise UsageError(
            _(
                "The price is in {typed} and the purchase in {currency}; all of a purchase is in one currency."
            ).format(typed=safe_line(typed, 20), currency=currency),
            _("Make a purchase for each currency."),
        )
    if line.makes not in MAKES:
        raise UsageError(
            _("A receipt makes {names}, or nothing; not “{makes}”.").format(
                names=", ".join(filter(None, MAKES)), makes=safe_line(line.makes, 40)
            )
        )
    return {
        "article": article,
        "article_number": _plain(line.article_number),
        "quantity": line.quantity,
        "unit_cost": checked_amount(line.unit_cost, _("A price")),
        "makes": line.makes,
        "asset_type": _asset_type(session, line.asset_type) if line.makes == ASSET else "",
        "licence_id": _licence(session, line.licence) if line.makes == SEATS else None,
    }


def _plain(text: str) -> str:
    """A text of a line: on one line, and without the bar that parts fields where a line is written as text."""
    return safe_line(text, TEXT_LIMIT).replace(BAR, "/").strip()


def _asset_type(session: Session, text: str) -> str:
    """The type as it is kept, in any case; a type that is not kept is as good."""
    name = _plain(text)
    if not name:
        raise UsageError(_("Of which type is the asset? Such as Laptop."))
    kept = session.exec(select(AssetType.name).where(same_name(AssetType.name, name))).first()
    return kept or name


def _licence(session: Session, name: str) -> int:
    if not name.strip():
        raise UsageError(_("Seats of which licence? Name it."))
    found = session.exec(
        select(Licence.id).where(same_name(Licence.name, name.strip()), ~col(Licence.retired))
    ).first()
    if found is None:
        raise NotFound(
            _("There is no licence “{name}”.").format(name=safe_line(name, 80)),
            _("tui-desk licence list shows those there are."),
        )
    return known(found)


def present_lines(session: Session, purchase: Purchase) -> list[PurchaseLine]:
    """The lines of a locked purchase, in order."""
    return list(
        session.exec(
            select(PurchaseLine)
            .where(PurchaseLine.purchase_id == purchase.id)
            .order_by(col(PurchaseLine.position), col(PurchaseLine.id))
            .with_for_update()
        )
    )


def check_unchanged(
    purchase: Purchase, present: Sequence[PurchaseLine], wanted: Sequence[Wanted], version: int
) -> None:
    """Raises Conflict where the lines would be overwritten that somebody changed since they were read as ``version`` (0: not checked)."""
    same = len(present) == len(wanted) and all(
        getattr(row, column) == value
        for row, (_id, values) in zip(present, wanted, strict=True)
        for column, value in values.items()
    )
    if version in (0, purchase.version) or same:
        return
    digits = digits_of(purchase.currency)
    raise Conflict(
        _("{title} was changed meanwhile: now {now}; yours {yours}.").format(
            title=safe_line(purchase.title, 80),
            now=_shown([(row.quantity, row.article, row.unit_cost) for row in present], digits),
            yours=_shown(
                [(values["quantity"], values["article"], values["unit_cost"]) for _id, values in wanted],
                digits,
            ),
        ),
        _("Nothing was overwritten. Look at it again, then save."),
    )


def _shown(lines: Sequence[tuple[int, str, Any]], digits: int) -> str:
    told = [
        f"{quantity} × {safe_line(article, 40)} ({amount_text(cost, digits=digits)})"
        for quantity, article, cost in lines
    ]
    return "“{}”".format(", ".join(told[:8]) + (" …" if len(told) > 8 else "")) if told else "–"


def write_lines(
    session: Session, actor: Actor, purchase: Purchase, wanted: Sequence[Wanted], at: datetime
) -> tuple[int, ...]:
    """Make the lines of a locked purchase what is wanted; answers the events. Raises NotFound for a line that is not its own."""
    stream = ticket_stream(purchase.ticket_id)
    present = {known(row.id): row for row in present_lines(session, purchase)}
    kept = {line_id for line_id, _values in wanted if line_id is not None}
    if not kept <= set(present):
        raise NotFound(_("This purchase has no line {id}.").format(id=min(kept - set(present))))
    recorded: tuple[int, ...] = ()
    for gone in (row for row_id, row in present.items() if row_id not in kept):
        recorded += (remove_row(session, actor, stream, gone, at, name=gone.article),)
    for line_id, values in wanted:
        if line_id is None:
            row = PurchaseLine(purchase_id=known(purchase.id), **values)
            recorded += (add_row(session, actor, stream, row, at, name=row.article),)
        else:
            row = present[line_id]
            recorded += change_row(session, actor, stream, row, values, at, name=row.article)
    return recorded
