"""How licences and contracts are shown: sign, words and colour of an end and of the use of seats; everything known about one."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from tui_desk.contracts.agreements import ContractView
from tui_desk.contracts.desk import PersonView
from tui_desk.contracts.licences import LicenceView, SeatView
from tui_desk.core.enums import ExpiryState
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.words import word
from tui_desk.screens import desk_words
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.words import Shown, shown

_EXPIRY = {
    ExpiryState.ENDLESS: ("–", "muted"),
    ExpiryState.RUNNING: ("●", "success"),
    ExpiryState.ENDING: ("▲", "warning"),
    ExpiryState.OVER: ("✗", "error"),
}
STATES = tuple(_EXPIRY)


def expiry(state: ExpiryState, *, retired: bool = False) -> Shown:
    """Where an end stands; of what is retired it does not matter."""
    return retired_sign() if retired else shown(state, _EXPIRY)


def retired_sign() -> Shown:
    """What was set aside."""
    return Shown("×", _("retired"), "muted")


def day_shown(day: date | None) -> str:
    """A day; empty for none."""
    return "" if day is None else day.isoformat()


def end_text(ends_on: date | None, today: date) -> str:
    """A last day and what it means today; empty for none."""
    if ends_on is None:
        return ""
    days = (ends_on - today).days
    if days < 0:
        text = ngettext("{date}, over for {days} day", "{date}, over for {days} days", -days)
        return text.format(date=ends_on.isoformat(), days=-days)
    if days == 0:
        return _("{date}, today").format(date=ends_on.isoformat())
    text = ngettext("{date}, {days} day left", "{date}, {days} days left", days)
    return text.format(date=ends_on.isoformat(), days=days)


def use(licence: LicenceView) -> Shown:
    """How many of the seats are in use."""
    if licence.seats is None:
        return Shown("○", _("{used}, no limit").format(used=licence.used), "muted")
    counts = _("{used} of {seats}").format(used=licence.used, seats=licence.seats)
    if licence.over:
        text = _("{counts}, {over} too many").format(counts=counts, over=licence.over)
        return Shown("✗", text, "error")
    if licence.used == licence.seats:
        return Shown("▲", _("{counts}, none left").format(counts=counts), "warning")
    return Shown("●", counts, "success")


def holder_sign(seat: SeatView) -> str:
    """Whether a person has a seat or an asset."""
    return _("asset") if seat.asset_id is not None else _("person")


def describe_licence(licence: LicenceView, today: date) -> Content:
    """Everything known about a licence but its key."""
    state, seats = expiry(licence.expiry, retired=licence.retired), use(licence)
    facts = (
        Fact(_("State"), state.text, state.colour),
        Fact(_("Seats in use"), seats.text, seats.colour),
        Fact(_("Product"), licence.product),
        Fact(_("Supplier"), licence.supplier),
        Fact(_("Key"), _("kept, encrypted") if licence.has_key else _("none kept")),
        Fact(_("From"), day_shown(licence.starts_on)),
        Fact(_("Expires"), end_text(licence.expires_on, today), state.colour),
        Fact(_("Cost"), desk_words.money(licence.cost, licence.currency) if licence.cost is not None else ""),
    )
    return blocks(heading(licence.name), labelled(facts), sentence(licence.notes))


def describe_contract(contract: ContractView, today: date) -> Content:
    """Everything known about a contract."""
    state = expiry(contract.expiry, retired=contract.retired)
    cost = desk_words.money(contract.cost, contract.currency) if contract.cost is not None else ""
    facts = (
        Fact(_("State"), state.text, state.colour),
        Fact(_("Kind"), word(contract.kind)),
        Fact(_("Number"), contract.number),
        Fact(_("Supplier"), contract.supplier),
        Fact(_("From"), day_shown(contract.starts_on)),
        Fact(_("Ends"), end_text(contract.ends_on, today), state.colour),
        Fact(
            _("Notice by"),
            notice_text(contract, today),
            "$text-warning" if contract.notice_near else "",
        ),
        Fact(_("Renewal"), renewal_text(contract)),
        Fact(_("Next until"), day_shown(contract.next_ends_on)),
        Fact(_("Cost"), cost),
        Fact(_("Covers"), covers(contract.covered)),
    )
    return blocks(heading(contract.name), labelled(facts), sentence(contract.notes))


def notice_text(contract: ContractView, today: date) -> str:
    """The last day to give notice and what it means today; empty where there is none."""
    if contract.notice_by is None:
        return ""
    if contract.notice_by < today:
        return _("{date}, too late for this period").format(date=contract.notice_by.isoformat())
    text = end_text(contract.notice_by, today)
    return f"▲ {text}" if contract.notice_near else text


def renewal_text(contract: ContractView) -> str:
    """How it goes on after its end."""
    if contract.renews:
        return _("by itself, unless notice is given")
    return _("only by agreement") if contract.ends_on is not None else ""


def held_licences(person: PersonView) -> list[str]:
    """A line for each licence that a person has, by themselves or on what they own."""
    lines = []
    for _id, name, state, via in person.licences:
        looks = expiry(state)
        on = _(" on {tag}").format(tag=via) if via else ""
        lines.append(f"{looks.sign} {name}{on} · {looks.word}")
    return lines


def covers(count: int) -> str:
    """How many assets a contract covers."""
    return ngettext("{count} asset", "{count} assets", count).format(count=count) if count else _("no asset")
