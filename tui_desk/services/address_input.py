"""Addresses that a person typed: read, checked for form (no lookup in DNS), told plainly when wrong."""

from __future__ import annotations

import re

from email_validator import EmailNotValidError, validate_email

from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.mail.addresses import addresses_in
from tui_desk.rules.addresses import is_host_name
from tui_desk.rules.recipients import Pair, unique


def checked(address: str) -> str:
    """``address`` in its normal form. Raises UsageError when it is none.

    Internal names (``desk@intranet``, ``ana@office.lan``) are addresses here: whether they can be reached is for the mail
    server to say.
    """
    local, _at, domain = address.strip().rpartition("@")
    try:
        return validate_email(address.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        internal = _internal(local, domain)
        if internal is not None:
            return internal
        raise UsageError(
            _("“{address}” is not a mail address.").format(address=visible_address(address)),
            _("An address looks like name@company.example."),
        ) from error


def _internal(local: str, domain: str) -> str | None:
    """An address below a reserved name (``.local``, ``.invalid``) or without a dot: the validator judges its local part
    beside a domain that it knows."""
    if not is_host_name(domain) or not domain.isascii():
        return None
    try:
        found = validate_email(f"{local}@example.com", check_deliverability=False)
    except EmailNotValidError:
        return None
    return f"{found.local_part}@{domain.lower()}"


def valid_address(text: str) -> Pair:
    """(name, address) of the one address in ``text``, such as ``Ana Díaz <ana@example.com>``. Raises UsageError."""
    found = addresses_in(text)
    if len(found) != 1:
        raise UsageError(_("“{text}” is not one mail address.").format(text=visible_address(text)))
    return found[0].name, checked(found[0].address)


def address_field(text: str) -> tuple[Pair, ...]:
    """The addresses of a To or Cc field as typed, each once. Raises UsageError naming the first that is wrong."""
    return unique((found.name, checked(found.address)) for found in addresses_in(text))


def written(pairs: tuple[Pair, ...]) -> str:
    """Addresses as an agent edits them: ``Ana Díaz <ana@example.com>, ben@example.com``."""
    return ", ".join(_one(name, address) for name, address in pairs)


def _one(name: str, address: str) -> str:
    if not name:
        return address
    if re.search(r'[()<>@,;:\\".\[\]]', name):
        escaped = name.replace("\\", "").replace('"', "")
        return f'"{escaped}" <{address}>'
    return f"{name} <{address}>"
