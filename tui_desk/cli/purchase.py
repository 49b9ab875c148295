"""``tui-desk purchase``: what is bought on tickets, from the request to the order. Suppliers and cost centres: ``cli.supplier``."""

from __future__ import annotations

from typing import Any

import click

from tui_desk.cli import purchase_receive
from tui_desk.cli.base import (
    TICKET,
    DeskGroup,
    Whole,
    assignments,
    enum_value,
    examples,
    limit_option,
    pass_invocation,
)
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table, tell
from tui_desk.cli.purchase_number import purchase_argument
from tui_desk.cli.purchase_text import purchase_text, total_text
from tui_desk.contracts.purchase_view import PurchaseLineView, PurchaseView
from tui_desk.contracts.purchases import (
    AskPurchase,
    CancelPurchase,
    DraftOrder,
    LineInput,
    ListPurchases,
    NewPurchase,
    OrderPurchase,
    SavePurchase,
    SavePurchaseSettings,
    ShowPurchase,
    ShowPurchaseSettings,
)
from tui_desk.contracts.tasks import RowChanged
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import PurchaseState
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.purchase_lines import read_line
from tui_desk.rules.time_spans import read_day

_NAMES = ("title", "supplier", "cost_centre", "currency", "for", "notes")


_lines = click.option(
    "--line",
    "lines",
    multiple=True,
    metavar="LINE",
    help=_("2 x Laptop @ 1299.00 | no=L-14 | asset=Laptop. Once for each; seats=LICENCE makes seats."),
)


@click.group(cls=DeskGroup, help=_("Purchases: ask, approve, order, receive."))
def purchase() -> None:
    """The noun."""


@purchase.command(
    "list",
    help=_("List purchases with something left to do, newest first."),
    epilog=examples("tui-desk purchase list --state approved", "tui-desk purchase list --all --json"),
)
@click.option("--all", "everything", is_flag=True, help=_("Closed and cancelled ones too."))
@click.option(
    "--state",
    "states",
    multiple=True,
    type=enum_value(PurchaseState),
    help=_("In this state. Once for each."),
)
@click.option("--ticket", type=TICKET, metavar="N", help=_("Of one ticket, whatever the state."))
@click.option("--supplier", default="", metavar="NAME", help=_("From that supplier."))
@click.option("--cost-centre", default="", metavar="CODE", help=_("Of that cost centre."))
@click.option(
    "--query",
    default="",
    metavar="WORDS",
    help=_("Words in title, articles, supplier, order number or subject."),
)
@limit_option(500)
@pass_invocation
def list_purchases(
    run: Invocation,
    everything: bool,
    states: tuple[PurchaseState, ...],
    ticket: int | None,
    supplier: str,
    cost_centre: str,
    query: str,
    limit: int,
) -> None:
    """Print purchases."""
    only_open = not (everything or states or ticket is not None)
    found = run.ask(ListPurchases(states, only_open, query, ticket, supplier, cost_centre, limit))
    headings = (
        _("Id"),
        _("Ticket"),
        _("Title"),
        _("Total"),
        _("State"),
        _("Supplier"),
        _("Order"),
        _("Cost centre"),
    )
    rows = [
        (
            one.name,
            f"#{one.ticket}",
            one.title,
            total_text(one),
            one.state,
            one.supplier,
            one.order_number,
            one.cost_centre,
        )
        for one in found
    ]
    run.answer(found, lambda: table(headings, rows, flexible=2) if rows else _("No purchases."))


@purchase.command("show", help=_("Show one purchase: its lines, its approval, its order."))
@purchase_argument
@pass_invocation
def show(run: Invocation, purchase_id: int) -> None:
    """Print one."""
    view = run.ask(ShowPurchase(purchase_id))
    run.answer(view, lambda: purchase_text(view))


@purchase.command(
    "new",
    help=_(
        "Ask for something to be bought. Amounts as 1299.90 or 1.299,90; what can be read in two ways is refused."
    ),
    epilog=examples(
        "tui-desk purchase new 1042 'A laptop for Ana' --supplier ACME --cost-centre IT-100 \\",
        "    --line '2 x Laptop 14 @ 1.299,00 | no=L-14 | asset=Laptop' --line 'Mouse @ 19.90' --ask",
    ),
)
@click.argument("number", type=TICKET, metavar="TICKET")
@click.argument("title", metavar="TITLE")
@_lines
@click.option("--supplier", default="", metavar="NAME", help=_("Who sells it."))
@click.option("--cost-centre", default="", metavar="CODE", help=_("Who pays: its limits say who decides."))
@click.option("--currency", default="", metavar="CUR", help=_("Default: the cost centre's, else the desk's."))
@click.option(
    "--for",
    "requester",
    default="",
    metavar="WHO",
    help=_("Who gets it: an address or a name. Default: the requester."),
)
@click.option("--notes", default="", metavar="TEXT", help=_("What those who decide should know."))
@click.option("--ask", "asks", is_flag=True, help=_("Ask for the approval at once."))
@pass_invocation
def new(
    run: Invocation,
    number: int,
    title: str,
    lines: tuple[str, ...],
    supplier: str,
    cost_centre: str,
    currency: str,
    requester: str,
    notes: str,
    asks: bool,
) -> None:
    """Write down a purchase."""
    request = NewPurchase(
        number, title, tuple(map(_read, lines)), supplier, cost_centre, currency, requester, notes
    )
    done = run.ask(request)
    if asks:
        done = run.ask(AskPurchase(done.id))
    print_changed(run, done)


@purchase.command(
    "set",
    help=_(
        "Change title, supplier, cost_centre, currency, for, notes; --line replaces all lines. Answers that were given "
        "before do not count then."
    ),
    epilog=examples("tui-desk purchase set P12 supplier=ACME cost_centre=IT-100"),
)
@purchase_argument
@click.argument("changes", nargs=-1, metavar="[NAME=VALUE]...")
@_lines
@pass_invocation
def set_purchase(run: Invocation, purchase_id: int, changes: tuple[str, ...], lines: tuple[str, ...]) -> None:
    """Change one."""
    values = assignments(changes, _NAMES)
    if not values and not lines:
        raise UsageError(
            _("Nothing to set was named."), _("Names: {allowed}.").format(allowed=", ".join(_NAMES))
        )
    given: dict[str, Any] = {name: values[name] for name in _NAMES if name in values and name != "for"}
    if "for" in values:
        given["requester"] = values["for"]
    if lines:
        given["lines"] = tuple(map(_read, lines))
    print_changed(run, run.ask(SavePurchase(purchase_id, **given)))


@purchase.group("line", cls=DeskGroup, help=_("The lines of a purchase: add, change, remove one."))
def line() -> None:
    """Lines, numbered from 1."""


_place = click.argument("place", type=Whole(1), metavar="NUMBER")
_text = click.argument("text", metavar="LINE")


@line.command(
    "add",
    help=_("Add a line at the end."),
    epilog=examples("tui-desk purchase line add P12 '3 x Mouse @ 19.90'"),
)
@purchase_argument
@_text
@pass_invocation
def add_line(run: Invocation, purchase_id: int, text: str) -> None:
    """Add one."""
    view = run.ask(ShowPurchase(purchase_id))
    _save_lines(run, view, (*map(_kept, view.lines), _read(text)))


@line.command("set", help=_("Write a line anew."))
@purchase_argument
@_place
@_text
@pass_invocation
def set_line(run: Invocation, purchase_id: int, place: int, text: str) -> None:
    """Change one."""
    view = run.ask(ShowPurchase(purchase_id))
    meant = _line_at(view, place)
    lines = tuple(_read(text, one.id) if one is meant else _kept(one) for one in view.lines)
    _save_lines(run, view, lines)


@line.command("remove", help=_("Take a line away."))
@purchase_argument
@_place
@pass_invocation
def remove_line(run: Invocation, purchase_id: int, place: int) -> None:
    """Remove one."""
    view = run.ask(ShowPurchase(purchase_id))
    meant = _line_at(view, place)
    _save_lines(run, view, tuple(_kept(one) for one in view.lines if one is not meant))


def _line_at(view: PurchaseView, place: int) -> PurchaseLineView:
    if place > len(view.lines):
        raise NotFound(_("{name} has no line {number}.").format(name=view.name, number=place))
    return view.lines[place - 1]


def _save_lines(run: Invocation, view: PurchaseView, lines: tuple[LineInput, ...]) -> None:
    print_changed(run, run.ask(SavePurchase(view.id, view.version, lines=lines)))


@purchase.command(
    "ask",
    help=_("Ask for the approval that the total needs; where nobody has to decide, it is approved at once."),
)
@purchase_argument
@click.option(
    "--chain", default="", metavar="NAME", help=_("Ask that approval chain, where no limit names one.")
)
@pass_invocation
def ask(run: Invocation, purchase_id: int, chain: str) -> None:
    """Ask for the approval."""
    print_changed(run, run.ask(AskPurchase(purchase_id, chain)))


@purchase.command(
    "order",
    help=_("Order an approved purchase. With --mail the order goes to the supplier."),
    epilog=examples(
        "tui-desk purchase order P12 --mail",
        "tui-desk purchase order P12 --number 4711 --on yesterday",
    ),
)
@purchase_argument
@click.option(
    "--number", default="", metavar="TEXT", help=_("The number of the order. Default: the next one.")
)
@click.option("--on", "day", default="", metavar="DAY", help=_("The day of the order. Default: today."))
@click.option("--mail", is_flag=True, help=_("Send the order to the supplier."))
@click.option(
    "--note", default="", metavar="TEXT", help=_("Stands below the table of the mail, for the supplier.")
)
@click.option("--preview", is_flag=True, help=_("Print the mail as it would be; nothing is ordered."))
@pass_invocation
def order(
    run: Invocation, purchase_id: int, number: str, day: str, mail: bool, note: str, preview: bool
) -> None:
    """Order."""
    if preview:
        draft = run.ask(DraftOrder(purchase_id, number, note))
        head = f"{_('To')}: {draft.to}\n{_('Subject')}: {draft.subject}"
        run.answer(draft, lambda: "\n\n".join(filter(None, (draft.problem, head, draft.body))))
        return
    if note and not mail:
        raise UsageError(_("--note is for the mail: add --mail."))
    ordered_on = read_day(day, utc_now()) if day else None
    print_changed(run, run.ask(OrderPurchase(purchase_id, number, ordered_on, mail, note)))


@purchase.command(
    "cancel", help=_("Nothing is bought. A question is taken back, an order that has not left is stopped.")
)
@purchase_argument
@click.option("--reason", required=True, metavar="TEXT", help=_("Why."))
@pass_invocation
def cancel(run: Invocation, purchase_id: int, reason: str) -> None:
    """Cancel."""
    print_changed(run, run.ask(CancelPurchase(purchase_id, reason)))


@purchase.command("settings", help=_("How orders are numbered, and the currency of new purchases."))
@click.option("--numbers", metavar="SCHEME", help=_("Such as PO-{year}-{number}."))
@click.option("--currency", metavar="CUR", help=_("Three letters such as EUR."))
@pass_invocation
def settings(run: Invocation, numbers: str | None, currency: str | None) -> None:
    """Show or change what is set."""
    if numbers is None and currency is None:
        found = run.ask(ShowPurchaseSettings())
    else:
        found = run.ask(SavePurchaseSettings(numbers, currency))
    facts = [(_("Numbers of orders"), found.order_numbers), (_("Currency"), found.currency)]
    run.answer(found, lambda: fields(facts))


def print_changed(run: Invocation, done: RowChanged) -> None:
    """What is to be known on stderr, the purchase as it is now on stdout."""
    for warning in done.warnings:
        tell(warning)
    view = run.ask(ShowPurchase(done.id))
    run.answer(view, lambda: f"{done.sentence}\n\n{purchase_text(view)}")


def _read(text: str, line_id: int | None = None) -> LineInput:
    one = read_line(text)
    return LineInput(
        one.article,
        one.quantity,
        one.unit_cost,
        one.article_number,
        one.makes,
        one.asset_type,
        one.licence,
        one.currency,
        line_id,
    )


def _kept(one: PurchaseLineView) -> LineInput:
    return LineInput(
        one.article,
        one.quantity,
        one.unit_cost,
        one.article_number,
        one.makes,
        one.asset_type,
        one.licence,
        id=one.id,
    )


purchase_receive.add_to(purchase)
