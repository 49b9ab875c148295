"""The mailbox form without a screen: its values as text, what is wrong with them, and the settings they mean."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import ip_address

from tui_desk.contracts.mailboxes import (
    CompanyAddress,
    FallbackSender,
    MailboxSettings,
    MailboxView,
    SignInView,
)
from tui_desk.contracts.oauth import OAuthClient
from tui_desk.core.enums import Authentication, OAuthProvider, Security, SentCopies
from tui_desk.core.i18n import _
from tui_desk.screens.field_problems import address_problem, date_problem, host_problem, number_problem

IMAP_PORTS = {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}
SMTP_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
_MOVE = "move:"
MOST_PER_MINUTE = 6_000


def pace_problem(text: str) -> str:
    """What is wrong with a number of messages a minute; empty is no limit."""
    return number_problem(text, 0, MOST_PER_MINUTE) if text else ""


def pace_value(per_minute: int) -> str:
    """The same as the text of its field."""
    return str(per_minute) if per_minute else ""


def is_loopback(host: str) -> bool:
    """Whether a server is this machine, so that nothing crosses a network."""
    name = host.strip().strip("[]").rstrip(".").casefold()
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def company_addresses(text: str) -> tuple[CompanyAddress, ...]:
    """Lines "address, name, team" as values."""
    found = []
    for line in text.splitlines():
        if line.strip():
            address, name, team = ([part.strip() for part in line.split(",")] + ["", ""])[:3]
            found.append(CompanyAddress(address, name, team))
    return tuple(found)


def company_address_lines(addresses: tuple[CompanyAddress, ...]) -> str:
    """The same the other way."""
    return "\n".join(
        ", ".join((a.address, a.name, a.team)).rstrip(", ") if a.team or a.name else a.address
        for a in addresses
    )


def addresses_problem(text: str, teams: frozenset[str] | None) -> str:
    """What is wrong with the lines of forwarded addresses: the first wrong one is named."""
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in line.split(",")]
        if not line.strip():
            continue
        if address_problem(parts[0]):
            return _("Line {number}: {text} is not an address.").format(number=number, text=parts[0] or "–")
        if len(parts) > 3:
            return _("Line {number}: address, name, team; no more than two commas.").format(number=number)
        if teams is not None and len(parts) == 3 and parts[2] and parts[2] not in teams:
            return _("Line {number}: there is no team {team}.").format(number=number, team=parts[2])
    return ""


def values_of(settings: MailboxSettings | MailboxView) -> dict[str, str]:
    """Settings as the text of the fields. The password is never among it."""
    moving = settings.after_import.startswith(_MOVE)
    dated = settings.start not in ("now", "all")
    return {
        "address": settings.address,
        "name": settings.name,
        "team": settings.team,
        "imap_host": settings.imap_host,
        "imap_security": settings.imap_security.value,
        "imap_port": str(settings.imap_port),
        "imap_user": settings.imap_user,
        **login_values(settings),
        "password": "",
        "password_command": settings.password_command,
        "smtp_host": settings.smtp_host,
        "smtp_security": settings.smtp_security.value,
        "smtp_port": str(settings.smtp_port),
        "smtp_user": settings.smtp_user,
        "send_per_minute": pace_value(settings.send_per_minute),
        "sent_copies": settings.sent_copies.value,
        "folder": settings.folder,
        "after_import": "move" if moving else settings.after_import,
        "move_to": settings.after_import.removeprefix(_MOVE) if moving else "",
        "start": "date" if dated else settings.start,
        "start_date": settings.start if dated else "",
        "poll_seconds": str(settings.poll_seconds),
        "addresses": company_address_lines(settings.addresses),
        "acknowledge": "yes" if settings.acknowledge else "no",
        "acknowledgement": settings.acknowledgement,
        "signature": settings.signature,
        "plus_addressing": "yes" if settings.plus_addressing else "no",
        "authserv_id": settings.authserv_id,
    }


def login_values(settings: MailboxSettings | MailboxView | FallbackSender) -> dict[str, str]:
    """How the desk logs in; the client secret is never among it."""
    sign_in = None if isinstance(settings, MailboxSettings) else settings.sign_in
    host = settings.smtp_host if isinstance(settings, FallbackSender) else settings.imap_host
    return {
        "auth": settings.auth.value,
        "provider": (sign_in.provider if sign_in else provider_guess(host)).value,
        "client_id": sign_in.client_id if sign_in else "",
        "client_secret": "",
        "tenant": sign_in.tenant if sign_in else "",
    }


def provider_guess(host: str) -> OAuthProvider:
    """Whose sign-in a server most likely wants."""
    name = host.strip().casefold()
    if name.endswith(("gmail.com", "googlemail.com", "google.com")):
        return OAuthProvider.GOOGLE
    return OAuthProvider.MICROSOFT


def signs_in(values: Mapping[str, str]) -> bool:
    """Whether the desk logs in by OAuth2."""
    return values.get("auth") == Authentication.OAUTH2.value


def client_of(values: Mapping[str, str]) -> OAuthClient:
    """The application that was filled in; an empty secret keeps the stored one."""
    return OAuthClient(
        provider=OAuthProvider(values["provider"]),
        client_id=values["client_id"].strip(),
        client_secret=values["client_secret"].strip() or None,
        tenant=values["tenant"].strip(),
    )


def hidden_fields(values: Mapping[str, str]) -> frozenset[str]:
    """Fields that make no sense with these values."""
    hidden = hidden_login(values)
    if values["after_import"] != "move":
        hidden.add("move_to")
    if values["start"] != "date":
        hidden.add("start_date")
    if values["acknowledge"] != "yes":
        hidden.add("acknowledgement")
    if not values["smtp_host"].strip():
        hidden |= {"smtp_security", "smtp_port", "smtp_user", "send_per_minute", "sent_copies"}
    return frozenset(hidden)


def hidden_login(values: Mapping[str, str]) -> set[str]:
    """Those of the login."""
    if not signs_in(values):
        return {"provider", "client_id", "client_secret", "tenant"}
    hidden = {"password", "password_command"}
    return hidden if values.get("provider") == OAuthProvider.MICROSOFT.value else hidden | {"tenant"}


def must_sign_in(state: SignInView | None, values: Mapping[str, str]) -> bool:
    """Not signed in, refused, soon over, or as another application than the one filled in."""
    if state is None or state.signed_in_at is None or state.warning or values["client_secret"].strip():
        return True
    return (state.provider.value, state.client_id, state.tenant) != (
        values["provider"],
        values["client_id"].strip(),
        values["tenant"].strip(),
    )


def client_problem(text: Mapping[str, str]) -> str:
    if not signs_in(text) or text["client_id"] or text["provider"] == OAuthProvider.CUSTOM.value:
        return ""
    return _("The id of the application you registered; docs/administration.md says how.")


def mailbox_problems(
    values: Mapping[str, str], has_password: bool, teams: frozenset[str] | None = None
) -> dict[str, str]:
    """What is wrong, a sentence by field. ``teams`` are the known ones (None: don't check)."""
    text = {name: value.strip() for name, value in values.items()}
    found = {
        "address": address_problem(text["address"]),
        "imap_host": host_problem(text["imap_host"]) if text["imap_host"] else _("Where is the mail read?"),
        "imap_port": number_problem(text["imap_port"], 1, 65_535),
        "poll_seconds": number_problem(text["poll_seconds"], 5, 86_400),
        "folder": "" if text["folder"] else _("The folder to read, usually INBOX."),
        "addresses": addresses_problem(values["addresses"], teams),
        "password": "" if signs_in(values) else password_problem(values, has_password),
        "client_id": client_problem(text),
    }
    if text["smtp_host"]:
        found["smtp_host"] = host_problem(text["smtp_host"])
        found["smtp_port"] = number_problem(text["smtp_port"], 1, 65_535)
        found["send_per_minute"] = pace_problem(text["send_per_minute"])
    if text["after_import"] == "move" and not text["move_to"]:
        found["move_to"] = _("The folder to move imported mail to.")
    elif text["after_import"] == "move" and text["move_to"] == text["folder"]:
        found["move_to"] = _("Another folder than the one that is read.")
    if text["start"] == "date":
        found["start_date"] = date_problem(text["start_date"])
    if text["acknowledge"] == "yes" and not text["acknowledgement"]:
        found["acknowledgement"] = _("What should the acknowledgement say?")
    return {name: problem for name, problem in found.items() if problem}


def password_problem(values: Mapping[str, str], has_password: bool) -> str:
    typed, command = values["password"], values["password_command"].strip()
    if typed and command:
        return _("Either a password or a command that prints it, not both.")
    if not typed and not command and not has_password:
        return _("Type the password, or give a command that prints it.")
    return ""


def insecure_servers(values: Mapping[str, str]) -> tuple[str, ...]:
    """Servers away from this machine that would be reached without encryption."""
    found = []
    for kind in ("imap", "smtp"):
        host = values.get(f"{kind}_host", "").strip()
        if host and values[f"{kind}_security"] == Security.NONE.value and not is_loopback(host):
            found.append(host)
    return tuple(dict.fromkeys(found))


def settings_of(values: Mapping[str, str], insecure_ok: bool = False) -> MailboxSettings:
    """The settings that right values mean; only called where :func:`mailbox_problems` finds nothing."""
    text = {name: value.strip() for name, value in values.items()}
    after = f"{_MOVE}{text['move_to']}" if text["after_import"] == "move" else text["after_import"]
    return MailboxSettings(
        address=text["address"],
        name=text["name"],
        imap_host=text["imap_host"],
        imap_port=int(text["imap_port"]),
        imap_security=Security(text["imap_security"]),
        imap_user=text["imap_user"],
        smtp_host=text["smtp_host"],
        smtp_port=int(text["smtp_port"])
        if text["smtp_host"]
        else SMTP_PORTS[Security(text["smtp_security"])],
        smtp_security=Security(text["smtp_security"]),
        smtp_user=text["smtp_user"],
        password=None if signs_in(values) else values["password"] or None,
        password_command="" if signs_in(values) else text["password_command"],
        auth=Authentication(values.get("auth", Authentication.PASSWORD.value)),
        send_per_minute=int(text["send_per_minute"] or 0) if text["smtp_host"] else 0,
        sent_copies=SentCopies(text["sent_copies"]),
        folder=text["folder"],
        after_import=after,
        start=text["start_date"] if text["start"] == "date" else text["start"],
        team=text["team"],
        poll_seconds=int(text["poll_seconds"]),
        insecure_ok=insecure_ok,
        acknowledge=text["acknowledge"] == "yes",
        acknowledgement=values["acknowledgement"].strip("\n"),
        signature=values["signature"].strip("\n"),
        plus_addressing=text["plus_addressing"] == "yes",
        authserv_id=text["authserv_id"],
        addresses=company_addresses(values["addresses"]),
    )
