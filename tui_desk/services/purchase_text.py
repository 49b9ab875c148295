"""Sentences of what happens to purchases beside changes of their rows, for the history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line

_LIMIT = 200


def _line(told: dict[str, Any], name: str) -> str:
    return safe_line(str(told.get(name, "") or ""), _LIMIT)


def _said(sentence: Callable[[], str]) -> Callable[[str, dict[str, Any]], str]:
    """A sentence about one purchase: who, its name and title, and what else the event tells."""

    def told_of(actor: str, told: dict[str, Any]) -> str:
        facts = {key: _line(told, key) for key in ("name", "title", "reason", "number", "total")}
        return sentence().format(actor=actor, to=_to(told), **facts)

    return told_of


def _to(told: dict[str, Any]) -> str:
    to = told.get("to")
    return safe_line(", ".join(map(str, to)), _LIMIT) if isinstance(to, list) else ""


def _free(actor: str, told: dict[str, Any]) -> str:
    sentence = _("{name} “{title}” needs no decision: no approval chain applies to {total}")
    sentence = sentence.format(
        name=_line(told, "name"), title=_line(told, "title"), total=_line(told, "total")
    )
    warning = _line(told, "warning")
    return f"{sentence}. {warning}" if warning else sentence


def _over_budget(actor: str, told: dict[str, Any]) -> str:
    sentence = _("{name} “{title}” was approved, but the budget was used up meanwhile: it is a draft again")
    sentence = sentence.format(name=_line(told, "name"), title=_line(told, "title"))
    return f"{sentence}. {_line(told, 'warning')}"


SENTENCES: dict[str, Callable[[str, dict[str, Any]], str]] = {
    "purchase_free": _free,
    "purchase_approved": _said(lambda: _("{name} “{title}” is approved and can be ordered")),
    "purchase_over_budget": _over_budget,
    "purchase_refused": _said(lambda: _("{name} “{title}” is refused")),
    "purchase_void": _said(
        lambda: _(
            "{name} “{title}” has changed: what was decided does not count any more, it is a draft again"
        )
    ),
    "purchase_returned": _said(lambda: _("{name} “{title}” is a draft again: the question was taken back")),
    "purchase_cancelled": _said(lambda: _("{actor} cancelled {name} “{title}”: {reason}")),
    "purchase_closed": _said(lambda: _("{actor} closed {name} “{title}”: {reason}")),
    "order_mailed": _said(lambda: _("{actor} sent the order {number} ({name}) to {to}")),
}
