"""Certificates that are pinned or revoked (X-F1): whatever else they prove, nothing is said to a server that shows another one."""

from __future__ import annotations

import hashlib
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.mail.test_imap_hostile import LOGIN, nothing_secret_in
from tests.support.imap_hostile import HostileImap
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import CertificateFiles, Certificates
from tui_desk.core.errors import ConfigurationError
from tui_desk.mail.connection import Security, ServerAddress, tls_context
from tui_desk.mail.failure import Cause, MailServerError
from tui_desk.mail.imap_open import open_mailbox
from tui_desk.mail.pins import read_pins
from tui_desk.mail.smtp import open_smtp

SECURED = [Security.TLS, Security.STARTTLS]


def digests(files: CertificateFiles) -> tuple[str, str]:
    """Of the certificate and of its public key, the first as openssl prints it."""
    der = ssl.PEM_cert_to_DER_cert(files.certificate.read_text())
    public = x509.load_der_x509_certificate(der).public_key()
    spki = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    shown = hashlib.sha256(der).hexdigest().upper()
    return ":".join(shown[at : at + 2] for at in range(0, 64, 2)), hashlib.sha256(spki).hexdigest()


@pytest.fixture
def pins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "pins"
    file.write_text("# none yet\n\n")
    monkeypatch.setenv("TUI_DESK_PINS_FILE", str(file))
    return file


def refused(certificates: Certificates, security: Security) -> None:
    """Both kinds of server show the good certificate, and neither is told anything."""
    with HostileImap(certificates.good, tls=security is Security.TLS) as server:
        address = ServerAddress("localhost", server.port, security, ca_file=str(certificates.ca_file))
        with pytest.raises(MailServerError) as caught, open_mailbox(address, LOGIN):
            pass
        assert caught.value.cause is Cause.NOT_PINNED
        assert digests(certificates.good)[0].replace(":", "").lower() in str(caught.value)
        assert nothing_secret_in(bytes(server.wire + server.inner))
    with SmtpSink(certificates.good, implicit_tls=security is Security.TLS) as sink:
        sink.plan.users = {LOGIN.user: LOGIN.password}
        address = ServerAddress("localhost", sink.port, security, ca_file=str(certificates.ca_file))
        with pytest.raises(MailServerError) as caught, open_smtp(address, LOGIN):
            pass
        assert caught.value.cause is Cause.NOT_PINNED
        assert nothing_secret_in(bytes(sink.wire + sink.inner))


def accepted(certificates: Certificates, security: Security) -> None:
    with HostileImap(certificates.good, {1: b"x"}, tls=security is Security.TLS) as server:
        address = ServerAddress("localhost", server.port, security, ca_file=str(certificates.ca_file))
        with open_mailbox(address, LOGIN) as session:
            assert session.select("INBOX").exists == 1
    with SmtpSink(certificates.good, implicit_tls=security is Security.TLS) as sink:
        sink.plan.users = {LOGIN.user: LOGIN.password}
        address = ServerAddress("localhost", sink.port, security, ca_file=str(certificates.ca_file))
        with open_smtp(address, LOGIN):
            pass


@pytest.mark.parametrize("security", SECURED)
def test_only_what_is_pinned_is_spoken_to(certificates: Certificates, pins: Path, security: Security) -> None:
    certificate, key = digests(certificates.good)
    accepted(certificates, security)
    pins.write_text(f"localhost sha256:{'ab' * 32}\n")
    refused(certificates, security)
    pins.write_text(f"LOCALHOST. SHA256:{certificate}  # the one of today\nlocalhost sha256:{'ab' * 32}\n")
    accepted(certificates, security)
    pins.write_text(f"localhost sha256={key}\nmail.example.com sha256:{'cd' * 32}\n")
    accepted(certificates, security)


@pytest.mark.parametrize("security", SECURED)
def test_what_is_revoked_is_not_spoken_to(certificates: Certificates, pins: Path, security: Security) -> None:
    certificate, key = digests(certificates.good)
    for digest in (certificate, key):
        pins.write_text(f"localhost not sha256:{digest}\n")
        refused(certificates, security)
    pins.write_text(f"localhost sha256:{key}\nlocalhost not sha256:{certificate}\n")
    refused(certificates, security)
    pins.write_text(f"localhost not sha256:{'ab' * 32}\n")
    accepted(certificates, security)


@pytest.mark.parametrize(
    "line", ["localhost", "localhost sha256:abc", "sha256:" + "ab" * 32, "localhost md5:" + "ab" * 16]
)
def test_a_line_that_makes_no_sense_lets_nobody_through(pins: Path, line: str) -> None:
    pins.write_text(f"{line}\n")
    with pytest.raises(ConfigurationError, match="Line 1"):
        read_pins(str(pins))
    with pytest.raises(ConfigurationError):
        tls_context()


def test_a_file_that_is_not_there_lets_nobody_through(pins: Path) -> None:
    pins.unlink()
    with pytest.raises(ConfigurationError, match="cannot be read"):
        tls_context()
