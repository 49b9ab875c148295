"""The form of the fallback sender without a screen: its values as text, what is wrong with them, and the sender they mean."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.contracts.mailboxes import FallbackSender
from tui_desk.core.enums import Authentication, Security
from tui_desk.core.i18n import _
from tui_desk.screens.field_problems import address_problem, host_problem, number_problem
from tui_desk.screens.mailbox_fields import client_problem, login_values, pace_problem, pace_value, signs_in


def sender_values(sender: FallbackSender) -> dict[str, str]:
    """The fallback sender as the text of the fields."""
    return {
        "address": sender.address,
        "name": sender.name,
        "smtp_host": sender.smtp_host,
        "smtp_security": sender.smtp_security.value,
        "smtp_port": str(sender.smtp_port),
        "smtp_user": sender.smtp_user,
        **login_values(sender),
        "password": "",
        "password_command": sender.password_command,
        "send_per_minute": pace_value(sender.send_per_minute),
    }


def sender_problems(values: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the fallback sender; an empty address takes it away, so nothing else matters then."""
    text = {name: value.strip() for name, value in values.items()}
    if not text["address"]:
        return {}
    found = {
        "address": address_problem(text["address"]),
        "smtp_host": host_problem(text["smtp_host"]) if text["smtp_host"] else _("Which server sends?"),
        "smtp_port": number_problem(text["smtp_port"], 1, 65_535),
        "send_per_minute": pace_problem(text["send_per_minute"]),
        "client_id": client_problem(text),
    }
    if not signs_in(values) and values["password"] and text["password_command"]:
        found["password"] = _("Either a password or a command that prints it, not both.")
    return {name: problem for name, problem in found.items() if problem}


def sender_of(values: Mapping[str, str], insecure_ok: bool = False) -> FallbackSender:
    """The fallback sender that right values mean."""
    text = {name: value.strip() for name, value in values.items()}
    if not text["address"]:
        return FallbackSender()
    return FallbackSender(
        address=text["address"],
        name=text["name"],
        smtp_host=text["smtp_host"],
        smtp_port=int(text["smtp_port"]),
        smtp_security=Security(text["smtp_security"]),
        smtp_user=text["smtp_user"],
        password=None if signs_in(values) else values["password"] or None,
        password_command="" if signs_in(values) else text["password_command"],
        auth=Authentication(text.get("auth", Authentication.PASSWORD.value)),
        send_per_minute=int(text["send_per_minute"] or 0),
        insecure_ok=insecure_ok,
    )
