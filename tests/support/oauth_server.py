"""An authorisation server of our own: device codes (RFC 8628), codes with PKCE (RFC 7636), renewal with rotation, introspection (RFC 7662).

It is strict where real ones are: a code works once and only with its verifier and redirect address, a refresh token that was replaced is
refused, a poll that comes too early is told to slow down. ``plan`` makes it misbehave.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import socket
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.support.ports import LOOPBACK
from tests.support.tls import CertificateFiles

CLIENT = "desk-client"
SECRET = "desk-client-secret"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass
class OAuthPlan:
    """What the server does. Change it at any time."""

    expires_in: int = 3600
    refresh_expires_in: int | None = None
    rotate: bool = True
    interval: int = 1
    device_expires_in: int = 600
    slow_down: int = 0
    """So many polls are told to slow down."""
    answers: list[tuple[int, dict[str, Any] | bytes]] = field(default_factory=list)
    """Given instead of what is right, one for each request to the token endpoint."""
    swallow: int = 0
    """So many renewals happen and are not answered: the connection is cut."""
    before_renewal: Callable[[], None] = lambda: None
    redirect_to: str = ""
    token_length: int = 32


@dataclass
class _Device:
    user_code: str
    polled_at: float = 0.0
    user: str = ""
    denied: bool = False
    ends: float = 0.0


class OAuthServer:
    """``url`` is https; ``plain_url`` the same on http, for Dovecot. ``requests`` holds every form that was posted to ``/token``."""

    def __init__(self, certificate: CertificateFiles) -> None:
        self.plan = OAuthPlan()
        self.requests: list[dict[str, str]] = []
        self.access: dict[str, tuple[str, float]] = {}
        self.refresh: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.devices: dict[str, _Device] = {}
        self.lock = threading.Lock()
        server = self

        class Handler(_Handler):
            owner = server

        self._servers = [ThreadingHTTPServer((LOOPBACK, 0), Handler) for _number in range(2)]
        context = certificate.server_context()
        self._servers[0].socket = context.wrap_socket(self._servers[0].socket, server_side=True)
        for each in self._servers:
            each.daemon_threads = True
        self.url = f"https://localhost:{self._servers[0].server_port}"
        self.plain_url = f"http://{LOOPBACK}:{self._servers[1].server_port}"

    def start(self) -> None:
        for each in self._servers:
            threading.Thread(target=each.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        for each in self._servers:
            each.shutdown()
            each.server_close()

    @property
    def renewals(self) -> int:
        """How often a renewal was asked for."""
        return sum(form.get("grant_type") == "refresh_token" for form in self.requests)

    def issue(self, user: str, old_refresh: str = "") -> dict[str, Any]:
        """Tokens for ``user``; ``old_refresh`` is taken back where the plan rotates."""
        # With the characters of real ones: base64url and dots.
        access = "at." + secrets.token_urlsafe(self.plan.token_length)
        self.access[access] = (user, time.time() + self.plan.expires_in)
        answer: dict[str, Any] = {
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": self.plan.expires_in,
        }
        if self.plan.rotate or not old_refresh:
            self.refresh.pop(old_refresh, None)
            answer["refresh_token"] = "rt." + secrets.token_urlsafe(self.plan.token_length)
            self.refresh[answer["refresh_token"]] = user
        if self.plan.refresh_expires_in is not None:
            answer["refresh_token_expires_in"] = self.plan.refresh_expires_in
        return answer

    def revoke_all(self) -> None:
        """As an administrator does: nothing that was given out is good any more."""
        self.access.clear()
        self.refresh.clear()

    def sign_in_at(self, address: str, user: str) -> str:
        """What a browser does with the sign-in address: answers the address it ends at."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        code = "0/" + secrets.token_urlsafe(20)
        self.codes[code] = {**query, "user": user}
        back = urllib.parse.urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def type_code(self, user_code: str, user: str) -> None:
        """What a person does on another device; with no user, declines."""
        device = next(each for each in self.devices.values() if each.user_code == user_code)
        device.user, device.denied = user, not user


class _Handler(BaseHTTPRequestHandler):
    owner: OAuthServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Quiet."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        form = dict(urllib.parse.parse_qsl(self.rfile.read(length).decode()))
        path = urllib.parse.urlsplit(self.path)
        form |= dict(urllib.parse.parse_qsl(path.query))
        if self.owner.plan.redirect_to:
            self._say(302, {}, location=self.owner.plan.redirect_to)
            return
        work = {"/token": self._token, "/device": self._device, "/introspect": self._introspect}.get(
            path.path
        )
        if work is None:
            self._say(404, {"error": "not_found"})
        else:
            work(form)

    def _say(self, status: int, body: dict[str, Any] | bytes, location: str = "") -> None:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        if location:
            self.send_header("Location", location)
        self.end_headers()
        self.wfile.write(raw)

    def _introspect(self, form: dict[str, str]) -> None:
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        user, ends = self.owner.access.get(form.get("token") or bearer, ("", 0.0))
        active = bool(user) and ends > time.time()
        self._say(200, {"active": active, "username": user} if active else {"active": False})

    def _device(self, form: dict[str, str]) -> None:
        if form.get("client_id") != CLIENT:
            self._say(401, {"error": "invalid_client"})
            return
        code, plan = secrets.token_urlsafe(24), self.owner.plan
        user_code = "-".join(secrets.token_hex(2).upper() for _part in range(2))
        self.owner.devices[code] = _Device(
            user_code, time.monotonic(), ends=time.monotonic() + plan.device_expires_in
        )
        address = f"{self.owner.url}/activate"
        self._say(
            200,
            {
                "device_code": code,
                "user_code": user_code,
                "verification_uri": address,
                "verification_uri_complete": f"{address}?user_code={user_code}",
                "expires_in": plan.device_expires_in,
                "interval": plan.interval,
            },
        )

    def _token(self, form: dict[str, str]) -> None:
        with self.owner.lock:
            self.owner.requests.append(form)
            if self.owner.plan.answers:
                self._say(*self.owner.plan.answers.pop(0))
                return
        if form.get("client_id") != CLIENT or form.get("client_secret", SECRET) != SECRET:
            self._say(
                401, {"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret."}
            )
            return
        grants = {
            "authorization_code": self._by_code,
            "refresh_token": self._by_refresh,
            DEVICE_GRANT: self._by_device,
        }
        work = grants.get(form.get("grant_type", ""))
        if work is None:
            self._say(400, {"error": "unsupported_grant_type"})
        else:
            work(form)

    def _by_code(self, form: dict[str, str]) -> None:
        known = self.owner.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        good = known is not None and known["code_challenge"] == challenge
        if known is None or not good or known["redirect_uri"] != form.get("redirect_uri"):
            self._say(400, {"error": "invalid_grant", "error_description": "The code is not good."})
            return
        self._say(200, self.owner.issue(known["user"]))

    def _by_refresh(self, form: dict[str, str]) -> None:
        self.owner.plan.before_renewal()
        with self.owner.lock:
            old = form.get("refresh_token", "")
            user = self.owner.refresh.get(old)
            if user is None:
                self._say(
                    400,
                    {"error": "invalid_grant", "error_description": f"Token {old} is revoked.\nTrace ID: 1"},
                )
                return
            answer = self.owner.issue(user, old)
            swallowed = self.owner.plan.swallow > 0
            self.owner.plan.swallow -= swallowed
        if swallowed:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._say(200, answer)

    def _by_device(self, form: dict[str, str]) -> None:
        device, plan = self.owner.devices.get(form.get("device_code", "")), self.owner.plan
        now = time.monotonic()
        if device is None or now > device.ends:
            self._say(400, {"error": "expired_token"})
        elif device.denied:
            self._say(400, {"error": "access_denied"})
        elif plan.slow_down > 0 or now - device.polled_at < plan.interval * 0.9:
            plan.slow_down -= 1
            device.polled_at = now
            self._say(400, {"error": "slow_down"})
        elif not device.user:
            device.polled_at = now
            self._say(428, {"error": "authorization_pending"})
        else:
            del self.owner.devices[form["device_code"]]
            self._say(200, self.owner.issue(device.user))


@contextmanager
def running_oauth_server(certificate: CertificateFiles) -> Iterator[OAuthServer]:
    """The server for the time of the block."""
    server = OAuthServer(certificate)
    server.start()
    try:
        yield server
    finally:
        server.stop()
