"""The few HTTP requests that OAuth2 needs: a form is posted, a small JSON object comes back.

The standard library's urllib, bounded on every side: TLS verified as for mail (TUI_DESK_CA_FILE included), no redirect followed, an
end after so many seconds whatever the server drips, answers of 256 KB at most.
"""

from __future__ import annotations

import http.client
import json
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from tui_desk.core.enums import Security
from tui_desk.core.errors import ConfigurationError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.mail.connection import ServerAddress, is_loopback, tls_context
from tui_desk.mail.failure import Cause, MailServerError, failure, failure_from

__all__ = ["HttpAnswer", "checked_url", "host_of", "post_form"]

SECONDS = 30.0
"""For a whole request. Shorter than the lease under which a token is renewed."""
_SOCKET_SECONDS = 15.0
_LIMIT = 256 * 1024
_UNFIT = re.compile(r"[\x00-\x20\x7f\"<>\\^`{|}]")


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """``body`` is the JSON object (empty where the answer was none); it holds secrets and is not part of the representation."""

    status: int
    body: Mapping[str, Any] = field(repr=False)


def checked_url(url: str, what: str) -> str:
    """``url`` as it was given, when secrets may be sent there: https, or http on this very machine.

    Raises ConfigurationError naming ``what`` (already translated).
    """
    text = url.strip()
    try:
        parts = urllib.parse.urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urllib.parse.urlsplit("")
    shown = safe_line(text, 100)
    if (
        not host
        or len(text) > 2000
        or _UNFIT.search(text)
        or not text.isascii()
        or parts.username is not None
    ):
        raise ConfigurationError(
            _("{what}: “{url}” is not an address of a web server.").format(what=what, url=shown)
        )
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)):
        return text
    raise ConfigurationError(
        _("{what}: {url} is not encrypted.").format(what=what, url=shown),
        _("Secrets are sent there, so it must begin with https://."),
    )


def host_of(url: str) -> str:
    """The host of an address, safe to show."""
    return safe_line(urllib.parse.urlsplit(url).hostname or "", 100)


def post_form(url: str, form: Mapping[str, str], *, seconds: float = SECONDS) -> HttpAnswer:
    """What the server at ``url`` answers to ``form``, whatever its status. Raises MailServerError (network, TLS, nonsense)."""
    parts = urllib.parse.urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    # Only to name the server in a sentence: nothing is opened with it.
    address = ServerAddress(parts.hostname or "", port, Security.NONE, insecure_ok=True)
    request = urllib.request.Request(
        url,
        data=urllib.parse.urlencode(form).encode("ascii"),
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
            "User-Agent": "tui-desk",
        },
        method="POST",
    )
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=tls_context()), _NoRedirect())
    results: list[HttpAnswer | BaseException] = []

    def work() -> None:
        try:
            results.append(_answer(opener, request))
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            results.append(error)

    # A thread of its own: a server that sends a byte now and then would never run into the timeout of its socket.
    thread = threading.Thread(target=work, name="oauth-http", daemon=True)
    thread.start()
    thread.join(seconds)
    result = results[0] if results else TimeoutError()
    if isinstance(result, HttpAnswer):
        return result
    if isinstance(result, OSError | http.client.HTTPException | ValueError):
        # From None: neither urllib's exceptions nor their frames, which know the form, go into a log.
        raise failure_from(_root(result), address) from None
    if isinstance(result, MailServerError):
        raise result from None
    raise result


def _root(error: BaseException) -> BaseException:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return reason if isinstance(reason, BaseException) else error


def _answer(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> HttpAnswer:
    try:
        response = opener.open(request, timeout=_SOCKET_SECONDS)
    except urllib.error.HTTPError as error:
        response = error  # an answer like any other: OAuth2 tells what is wrong in its body
    with response:
        raw = response.read(_LIMIT + 1)
        status = int(response.status or 0)
    try:
        body = json.loads(raw) if len(raw) <= _LIMIT else None
    except (ValueError, RecursionError):
        body = None
    return HttpAnswer(status, body if isinstance(body, dict) else {})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A token endpoint has no reason to send anybody elsewhere, and what is posted to it is secret."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> NoReturn:
        fp.close()
        parts = urllib.parse.urlsplit(req.full_url)
        address = ServerAddress(parts.hostname or "", parts.port or 443, Security.NONE, insecure_ok=True)
        raise failure(
            Cause.PROTOCOL, address, _("it sends the request elsewhere (HTTP {code})").format(code=code)
        )
