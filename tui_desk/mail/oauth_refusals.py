"""What an authorisation server refused (RFC 6749 5.2, RFC 8628 3.5) as sentences of ours: they hold no secret and nothing of a server's
text unsafely.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Mapping, Sequence
from typing import Any

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.oauth_http import HttpAnswer, host_of

_SAID_LIMIT = 250


class SignInError(MailServerError):
    """An authorisation server refused. ``code`` is its error code (RFC 6749 5.2, RFC 8628 3.5), empty where it gave none."""

    def __init__(self, cause: Cause, code: str, sentence: str, hint: str = "", answer: str = "") -> None:
        super().__init__(cause, sentence, hint, answer)
        self.code = code


def nonsense(url: str) -> SignInError:
    return SignInError(
        Cause.PROTOCOL,
        "",
        _("{host} said something that makes no sense to a sign-in.").format(host=host_of(url)),
        _("Check the addresses of the provider."),
    )


def refused(url: str, answer: HttpAnswer, secret: Sequence[str]) -> SignInError:
    body = dict(answer.body)
    if not isinstance(body.get("error"), str):
        body["error"] = ""
        body["error_description"] = f"HTTP {answer.status}"
    if answer.status >= 500 or answer.status == 429:
        body["error"] = "temporarily_unavailable"
    return refusal(host_of(url), body, secret)


def refusal(host: str, body: Mapping[str, Any], secret: Sequence[str]) -> SignInError:
    """The server's words (RFC 6749, 5.2) as one of ours, with what it said in brackets, made safe."""
    code = safe_line(str(body.get("error") or ""), 60)
    description = body.get("error_description")
    first = description.strip().splitlines()[:1] if isinstance(description, str) else []
    said = " ".join(part for part in (code, *first) if part)
    for one in secret:
        if one:
            said = said.replace(one, "•••").replace(urllib.parse.quote(one, safe=""), "•••")
    said = safe_line(said, _SAID_LIMIT) or "?"
    cause, sentence, hint = _words(code)
    host = host or _("The provider")
    return SignInError(cause, code, sentence.format(host=host, answer=said), hint, said)


def _words(code: str) -> tuple[Cause, str, str]:
    known = {
        "invalid_grant": (
            Cause.LOGIN,
            _("Sign in again: {host} does not accept the stored sign-in any more ({answer})."),
            _("Settings → Mail, or: tui-desk mailbox login ADDRESS"),
        ),
        "access_denied": (
            Cause.LOGIN,
            _("The sign-in was declined ({answer})."),
            _("Begin again, and allow what is asked for."),
        ),
        "expired_token": (
            Cause.LOGIN,
            _("The code was not used in time ({answer})."),
            _("Begin again: a new code is shown."),
        ),
        "invalid_scope": (
            Cause.LOGIN,
            _("{host} does not give this application what mail needs ({answer})."),
            _("Check which permissions the application was registered with."),
        ),
        "temporarily_unavailable": (
            Cause.ANSWER,
            _("{host} cannot sign in now ({answer})."),
            _("It is tried again."),
        ),
    }
    known["interaction_required"] = known["invalid_grant"]
    known["server_error"] = known["temporarily_unavailable"]
    application = (
        Cause.LOGIN,
        _("{host} does not accept this application: client id or secret ({answer})."),
        _("Client secrets run out; make a new one there and sign in again with it."),
    )
    known |= dict.fromkeys(("invalid_client", "unauthorized_client"), application)
    return known.get(code, (Cause.LOGIN, _("{host} refused the sign-in ({answer})."), ""))
