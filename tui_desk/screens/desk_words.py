"""How the desk's own values are shown: states of assets and mailboxes, roles, causes. Beside ``words`` for tickets."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tui_desk.core.enums import AssetState, MailboxState, Role, Security, SuspendCause
from tui_desk.core.i18n import _
from tui_desk.core.words import word
from tui_desk.rules.money import amount_text
from tui_desk.screens.words import Shown, shown

_ASSET_STATES = {
    AssetState.ORDERED: ("◌", "warning"),
    AssetState.IN_STOCK: ("□", "accent"),
    AssetState.IN_USE: ("●", "success"),
    AssetState.REPAIR: ("◐", "warning"),
    AssetState.RETIRED: ("×", "muted"),
}
_CAUSES = {
    SuspendCause.UNREADABLE: ("✗", "error"),
    SuspendCause.FAILED: ("✗", "error"),
    SuspendCause.LOOP: ("∞", "warning"),
    SuspendCause.BLOCKED_SENDER: ("■", "muted"),
    SuspendCause.SPAM: ("!", "warning"),
    SuspendCause.NO_SENDER: ("?", "warning"),
    SuspendCause.TOO_LARGE: ("▲", "warning"),
    SuspendCause.FORGED_IDENTITY: ("▲", "error"),
    SuspendCause.FOREIGN_REPORT: ("↩", "muted"),
}


def asset_state(value: AssetState) -> Shown:
    """Where an asset is in its life."""
    return shown(value, _ASSET_STATES)


def mailbox_state(value: MailboxState, healthy: bool) -> Shown:
    """Whether a mailbox works."""
    if value is MailboxState.PAUSED:
        return Shown("‖", word(value), "muted")
    if value is MailboxState.REMOVED:
        return Shown("×", word(value), "muted")
    return Shown("●", word(value), "success") if healthy else Shown("✗", _("trouble"), "error")


def role(value: Role) -> str:
    """What an agent may do, in two words."""
    return word(value)


def role_explained(value: Role) -> str:
    """What an agent may do, in a sentence."""
    words = {
        Role.READ_ONLY: _("Reads everything, changes nothing."),
        Role.AGENT: _("Works on tickets, assets and suspended mail."),
        Role.SUPERVISOR: _("Works like an agent and looks after the others' work."),
        Role.ADMIN: _("May do everything, the settings included."),
    }
    return words[value]


def security(value: Security) -> str:
    """How a connection is protected."""
    words = {Security.TLS: "TLS", Security.STARTTLS: "STARTTLS", Security.NONE: _("none")}
    return words[value]


def cause(value: SuspendCause) -> Shown:
    """Why a mail was held back."""
    return shown(value, _CAUSES)


def money(cost: Decimal | None, currency: str) -> str:
    """An exact amount with its currency; no amount is a dash."""
    return amount_text(cost, currency) or "–"


def day(value: date | None) -> str:
    """A date in ISO 8601, or a dash."""
    return "–" if value is None else value.isoformat()
