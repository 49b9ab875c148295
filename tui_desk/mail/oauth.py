"""OAuth2 for mail: sign in by a code on another device (RFC 8628) or by a pasted code (RFC 6749 4.1 with PKCE, RFC 7636), renew.

No database and no clock here: a :class:`Client` says where, a :class:`TokenSet` is what came. Every failure is a
:class:`SignInError` (or another MailServerError).
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
import secrets
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui_desk.core.enums import OAuthProvider
from tui_desk.core.errors import ConfigurationError, UsageError
from tui_desk.core.i18n import _
from tui_desk.mail.failure import Cause
from tui_desk.mail.oauth_client import PRINTABLE, Client
from tui_desk.mail.oauth_http import checked_url, host_of, post_form
from tui_desk.mail.oauth_refusals import SignInError, nonsense, refusal, refused

_TOKEN = re.compile(r"[\x21-\x7e]{1,32768}")
_DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SLOWER = 5.0


@dataclass(frozen=True, slots=True, repr=False)
class TokenSet:
    """What an authorisation server gave. ``refresh`` is empty where it gave none; times are seconds from now."""

    access: str
    refresh: str
    expires_in: int
    refresh_expires_in: int | None


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """RFC 8628, 3.2: the person opens ``address`` and types ``user_code``; ``interval`` and ``expires_in`` in seconds."""

    device_code: str = field(repr=False)
    user_code: str
    address: str
    complete_address: str
    expires_in: float
    interval: float


@dataclass(frozen=True, slots=True)
class Pending:
    """Not signed in yet: ask again after ``interval`` seconds."""

    interval: float


def new_secret() -> str:
    """An unguessable text for ``state`` and as PKCE verifier (RFC 7636, 4.1: 43 to 128 unreserved characters)."""
    return secrets.token_urlsafe(48)


def authorization_url(client: Client, state: str, verifier: str, login_hint: str) -> str:
    """The address a person opens to sign in (RFC 6749 4.1.1, RFC 7636 4.3). Raises ConfigurationError where there is none."""
    if not client.auth_url:
        raise ConfigurationError(
            _("The sign-in address of the provider is missing."),
            _("Its documentation names it: --auth-url. Or sign in with --device."),
        )
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    query = {
        "response_type": "code",
        "client_id": client.client_id,
        "redirect_uri": client.redirect_uri,
        "scope": client.scope,
        "state": state,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        "login_hint": login_hint,
    }
    if client.provider is OAuthProvider.GOOGLE:
        # Without these Google gives a refresh token only the first time.
        query |= {"access_type": "offline", "prompt": "consent"}
    joint = "&" if urllib.parse.urlsplit(client.auth_url).query else "?"
    return client.auth_url + joint + urllib.parse.urlencode({k: v for k, v in query.items() if v})


def code_from(pasted: str, state: str) -> str:
    """The code in what a person pasted: the address the browser ended at, its query, or the code alone.

    A code alone carries no ``state``; it is of use only together with our PKCE verifier. Raises UsageError, SignInError.
    """
    text = "".join(pasted.split())  # terminals break long lines
    if not text or len(text) > 20_000:
        raise UsageError(_("Paste the address that the browser shows after signing in, or the code in it."))
    found = _parameters(text)
    if found is None:
        code = urllib.parse.unquote(text)
    else:
        if not secrets.compare_digest(found.get("state", "").encode(), state.encode()):
            raise UsageError(
                _("The pasted address belongs to another sign-in (its state differs)."),
                _("Open the address shown here, sign in, and paste what the browser shows then."),
            )
        if "error" in found:
            raise refusal("", found, ())
        code = found.get("code", "")
    if not _TOKEN.fullmatch(code):
        raise UsageError(
            _("There is no code in what was pasted."),
            _("Paste the whole address that the browser shows after signing in."),
        )
    return code


def _parameters(text: str) -> dict[str, str] | None:
    """What an address or a query says; None where the text is neither."""
    if "://" in text:
        try:
            parts = urllib.parse.urlsplit(text)
        except ValueError:
            return {}
        text = parts.query or parts.fragment
    elif not re.search(r"(?:^|[?&#])(?:code|error|state)=", text):
        return None
    text = text.rpartition("?")[2].lstrip("#")
    try:
        return dict(urllib.parse.parse_qsl(text, max_num_fields=50))
    except ValueError:
        return {}


def exchange_code(client: Client, code: str, verifier: str) -> TokenSet:
    """The tokens for a code (RFC 6749 4.1.3). Raises MailServerError."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": client.redirect_uri,
        "code_verifier": verifier,
    }
    return _with_refresh(client, _token_request(client, form, (code, verifier)))


def refresh(client: Client, refresh_token: str) -> TokenSet:
    """New tokens (RFC 6749, 6); ``refresh`` is the old one where the server keeps it. Raises MailServerError."""
    form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
    found = _token_request(client, form, (refresh_token,))
    if found.refresh:
        return found
    return TokenSet(found.access, refresh_token, found.expires_in, found.refresh_expires_in)


def start_device(client: Client) -> DeviceCode:
    """Ask for a code to be typed on another device (RFC 8628, 3.1). Raises MailServerError, ConfigurationError."""
    if not client.device_url:
        hint = _("Sign in with a pasted code instead: --code.")
        if client.provider is OAuthProvider.GOOGLE:
            raise ConfigurationError(_("Google allows no sign-in by device code for mail."), hint)
        raise ConfigurationError(_("The provider's address for device codes is missing."), hint)
    form = {"client_id": client.client_id, "scope": client.scope}
    if client.client_secret:
        form["client_secret"] = client.client_secret
    answer = post_form(client.device_url, form)
    if answer.status != 200 or "error" in answer.body:
        raise refused(client.device_url, answer, (client.client_secret,))
    body = answer.body
    address = body.get("verification_uri") or body.get("verification_url")  # the latter is Google's
    code, device = body.get("user_code"), body.get("device_code")
    if not (isinstance(code, str) and PRINTABLE.fullmatch(code) and isinstance(address, str)):
        raise nonsense(client.device_url)
    if not (isinstance(device, str) and _TOKEN.fullmatch(device)):
        raise nonsense(client.device_url)
    complete = body.get("verification_uri_complete")
    try:
        checked_url(address, _("Device address"))
        complete = checked_url(complete, _("Device address")) if isinstance(complete, str) else ""
    except ConfigurationError as error:
        raise nonsense(client.device_url) from error
    return DeviceCode(
        device,
        code,
        address.strip(),
        complete,
        float(_seconds(body.get("expires_in"), 900, 3600)),
        float(max(1, _seconds(body.get("interval"), 5, 120))),
    )


def poll_device(client: Client, device: DeviceCode, interval: float) -> TokenSet | Pending:
    """Whether the person has signed in (RFC 8628, 3.4 and 3.5). Raises MailServerError when it is over."""
    form = {"grant_type": _DEVICE_GRANT, "device_code": device.device_code}
    try:
        return _with_refresh(client, _token_request(client, form, (device.device_code,)))
    except SignInError as error:
        if error.code == "authorization_pending":
            return Pending(interval)
        if error.code == "slow_down":
            return Pending(interval + _SLOWER)
        raise


def _token_request(client: Client, form: Mapping[str, str], secret: Sequence[str]) -> TokenSet:
    whole = {**form, "client_id": client.client_id}
    if client.client_secret:
        whole["client_secret"] = client.client_secret
    answer = post_form(client.token_url, whole)
    if answer.status != 200 or "error" in answer.body:
        raise refused(client.token_url, answer, (client.client_secret, *secret))
    body = answer.body
    access, renewing = body.get("access_token"), body.get("refresh_token", "")
    kind = body.get("token_type", "Bearer")
    if not (isinstance(access, str) and _TOKEN.fullmatch(access) and str(kind).lower() == "bearer"):
        raise nonsense(client.token_url)
    if not isinstance(renewing, str) or (renewing and not _TOKEN.fullmatch(renewing)):
        raise nonsense(client.token_url)
    lasts = body.get("refresh_token_expires_in", body.get("refresh_expires_in"))  # Google; Keycloak
    known = _seconds(lasts, 0, 10 * 366 * 86400)
    return TokenSet(access, renewing, _seconds(body.get("expires_in"), 3600, 366 * 86400), known or None)


def _with_refresh(client: Client, found: TokenSet) -> TokenSet:
    """A sign-in without a refresh token would be over within the hour: better told at once."""
    if found.refresh:
        return found
    raise SignInError(
        Cause.LOGIN,
        "",
        _("{host} signed in but gave nothing to renew it with (no refresh token).").format(
            host=host_of(client.token_url)
        ),
        _("The scope may lack offline access, or the application must be allowed to have it."),
    )


def _seconds(value: Any, default: int, limit: int) -> int:
    """A duration as servers write it: a number, or a number as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return default
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return default
    return max(0, min(limit, int(number))) if math.isfinite(number) else default
