"""``tui-desk purchase receive``, ``receipts`` and ``close``: what comes of an order."""

from __future__ import annotations

from pathlib import Path

import click

from tui_desk.cli.base import DeskCommand, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.invoice import check_text, invoice_line
from tui_desk.cli.output import table
from tui_desk.cli.purchase_number import purchase_argument
from tui_desk.contracts.receipts import (
    ClosePurchase,
    DeliveriesView,
    DeliveryLineView,
    ReceiptView,
    ReceiveGoods,
    ReceiveLine,
    ShowDeliveries,
)
from tui_desk.core.clock import utc_now
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.rules.money import read_quantity
from tui_desk.rules.purchases import ASSET
from tui_desk.rules.tags import listed
from tui_desk.rules.time_spans import read_day


@click.command(
    "receive",
    cls=DeskCommand,
    help=_(
        "Write down what came. Lines make assets (with the tags given, then the next free ones) or raise the seats of a licence. "
        "One undo takes the whole receipt back."
    ),
    epilog=examples(
        "tui-desk purchase receive P12 --line 1=2 --serials PF3X1,PF3X2 --to-requester",
        "tui-desk purchase receive P12 --line 1=1 --tags LT-0050 --line 3=10 --on yesterday",
        "tui-desk purchase receive P12 --all --serials-file scanned.txt",
    ),
)
@purchase_argument
@click.option(
    "--line", "lines", multiple=True, metavar="N=PIECES", help=_("So many pieces of line N. Once for each.")
)
@click.option("--all", "everything", is_flag=True, help=_("All that is still to come, of every line."))
@click.option(
    "--tags",
    multiple=True,
    metavar="[N:]TAG,TAG…",
    help=_("Tags of the assets of line N; N is needed where several lines make assets."),
)
@click.option(
    "--serials",
    multiple=True,
    metavar="[N:]SERIAL,SERIAL…",
    help=_("Serial numbers in the order of the tags."),
)
@click.option(
    "--serials-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=_("Serial numbers from a file, one a line."),
)
@click.option("--on", "day", default="", metavar="DAY", help=_("The day they came. Default: today."))
@click.option("--note", default="", metavar="TEXT", help=_("What else is to be known."))
@click.option("--to-requester", is_flag=True, help=_("The assets are in use by whom they were bought for."))
@click.option("--surplus", is_flag=True, help=_("Take more than was ordered as well."))
@pass_invocation
def receive(
    run: Invocation,
    purchase_id: int,
    lines: tuple[str, ...],
    everything: bool,
    tags: tuple[str, ...],
    serials: tuple[str, ...],
    serials_file: Path | None,
    day: str,
    note: str,
    to_requester: bool,
    surplus: bool,
) -> None:
    """Receive."""
    of = run.ask(ShowDeliveries(purchase_id))
    pieces = _pieces(of, lines, everything)
    given = _by_line(of, pieces, tags), _by_line(of, pieces, (*serials, *_from_file(serials_file)))
    wanted = tuple(
        ReceiveLine(one.id, pieces[one.id], given[0].get(one.id, ()), given[1].get(one.id, ()), one.received)
        for one in of.lines
        if one.id in pieces
    )
    received_on = read_day(day, utc_now()) if day else None
    done = run.ask(ReceiveGoods(purchase_id, wanted, received_on, note, to_requester, surplus))
    run.answer(done, lambda: f"{done.sentence}\n{_('State')}: {word(done.state)}")


def _from_file(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    try:
        return (",".join(listed(path.read_text(encoding="utf-8"))),)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("{path} cannot be read: {error}").format(path=path, error=error)) from error


def _pieces(of: DeliveriesView, lines: tuple[str, ...], everything: bool) -> dict[int, int]:
    """Pieces by the line's id."""
    if everything and lines:
        raise UsageError(_("--all and --line do not go together."))
    if everything:
        return {one.id: one.left for one in of.lines if one.left}
    found: dict[int, int] = {}
    for text in lines:
        number, equals, count = text.partition("=")
        if not equals:
            raise UsageError(
                _("“{text}” is no line: write 1=3 for three pieces of line 1.").format(text=text)
            )
        line = invoice_line(of, number)
        if line.id in found:
            raise UsageError(_("Line {number} is named twice.").format(number=line.number))
        found[line.id] = read_quantity(count)
    return found


def _by_line(
    of: DeliveriesView, pieces: dict[int, int], texts: tuple[str, ...]
) -> dict[int, tuple[str, ...]]:
    """Tags or serial numbers by the line's id."""
    found: dict[int, tuple[str, ...]] = {}
    for text in texts:
        line, values = _meant(of, pieces, text)
        found[line.id] = (*found.get(line.id, ()), *listed(values))
    return found


def _meant(of: DeliveriesView, pieces: dict[int, int], text: str) -> tuple[DeliveryLineView, str]:
    """The line that ``[N:]VALUES`` is about."""
    number, colon, values = text.partition(":")
    makers = [one for one in of.lines if one.makes == ASSET and one.id in pieces]
    if colon and number.strip().isdecimal() and any(str(one.number) == number.strip() for one in of.lines):
        return invoice_line(of, number), values
    if len(makers) == 1:
        return makers[0], text
    if not makers:
        raise UsageError(_("None of these lines makes assets; they have no tags and serial numbers."))
    numbers = ", ".join(str(one.number) for one in makers)
    raise UsageError(
        _("Lines {numbers} make assets: write the number before, such as {first}:{text}.").format(
            numbers=numbers, first=makers[0].number, text=text
        )
    )


@click.command(
    "receipts",
    cls=DeskCommand,
    help=_("What came of an order, what was invoiced, and how both compare with it."),
)
@purchase_argument
@pass_invocation
def receipts(run: Invocation, purchase_id: int) -> None:
    """Print deliveries, invoices and the three-way check."""
    of = run.ask(ShowDeliveries(purchase_id))
    run.answer(of, lambda: _as_text(of))


def _as_text(of: DeliveriesView) -> str:
    parts = [_("P{id} {title}: {state}").format(id=of.purchase_id, title=of.title, state=word(of.state))]
    parts += [_receipt(one) for one in of.receipts]
    left = ", ".join(f"{one.left} × {one.article}" for one in of.lines if one.left)
    if left:
        parts.append(_("Still to come: {what}").format(what=left))
    headings = (_("Invoice"), _("Id"), _("Of"), _("Due"), _("State"))
    rows = [(one.number, one.id, one.invoiced_on, one.due_on, one.state) for one in of.invoices]
    if rows:
        parts.append(table(headings, rows, flexible=0))
    parts.append(check_text(of.check, of.currency, of.digits))
    return "\n\n".join(parts)


def _receipt(one: ReceiptView) -> str:
    lines = [f"{one.received_on.isoformat()}  {one.agent}"]
    for line in one.lines:
        tags = ", ".join(asset.tag or "–" for asset in line.assets)
        lines.append(f"  {line.quantity} × {line.article}" + (f": {tags}" if tags else ""))
    return "\n".join([*lines, *(f"  {text}" for text in one.note.splitlines())])


@click.command("close", cls=DeskCommand, help=_("Nothing more is waited for, although not everything came."))
@purchase_argument
@click.option("--reason", required=True, metavar="TEXT", help=_("Why; it is kept in the history."))
@pass_invocation
def close(run: Invocation, purchase_id: int, reason: str) -> None:
    """Close."""
    done = run.ask(ClosePurchase(purchase_id, reason))
    run.answer(done, lambda: done.sentence)


def add_to(group: click.Group) -> None:
    """Hang these verbs onto the noun."""
    for command in (receive, receipts, close):
        group.add_command(command)
