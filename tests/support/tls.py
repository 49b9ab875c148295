"""Certificates for tests: a private CA and good, self-signed, expired and wrong-name certificates from it."""

from __future__ import annotations

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID


@dataclass(frozen=True)
class CertificateFiles:
    """Paths of one certificate and its key (PEM)."""

    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        """A server-side TLS context with this certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


@dataclass(frozen=True)
class Certificates:
    """A CA file clients may trust, and server certificates good and bad for localhost and 127.0.0.1."""

    ca_file: Path
    good: CertificateFiles
    self_signed: CertificateFiles
    expired: CertificateFiles
    wrong_name: CertificateFiles
    ends_soon: CertificateFiles
    """Good for nine days more."""


def make_certificates(folder: Path) -> Certificates:
    """Write all certificates into ``folder`` and return their paths."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca_name = _name("tui-desk test CA")
    ca = _sign(ca_name, ca_name, ca_key, ca_key, hosts=[], authority=True)
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(ca.public_bytes(serialization.Encoding.PEM))

    def issue(label: str, hosts: list[str], days: tuple[int, int] = (-1, 30)) -> CertificateFiles:
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _sign(_name(label), ca_name, key, ca_key, hosts, days=days)
        return _write(folder, label, certificate, key)

    lone_key = ec.generate_private_key(ec.SECP256R1())
    lone = _sign(_name("localhost"), _name("localhost"), lone_key, lone_key, ["localhost", "127.0.0.1"])
    return Certificates(
        ca_file=ca_file,
        good=issue("good", ["localhost", "127.0.0.1"]),
        self_signed=_write(folder, "self_signed", lone, lone_key),
        expired=issue("expired", ["localhost", "127.0.0.1"], days=(-30, -2)),
        wrong_name=issue("wrong_name", ["other.example"]),
        ends_soon=issue("ends_soon", ["localhost", "127.0.0.1"], days=(-30, 9)),
    )


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _sign(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    signing_key: ec.EllipticCurvePrivateKey,
    hosts: list[str],
    *,
    days: tuple[int, int] = (-1, 30),
    authority: bool = False,
) -> x509.Certificate:
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False
        )
    )
    if authority:
        usage = x509.KeyUsage(
            digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
            key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
            decipher_only=False,
        )  # fmt: skip
        builder = builder.add_extension(usage, critical=True)
    else:
        names = [_general_name(host) for host in hosts]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        builder = builder.add_extension(purpose, critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _write(
    folder: Path, label: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey
) -> CertificateFiles:
    files = CertificateFiles(folder / f"{label}.crt", folder / f"{label}.key")
    files.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    files.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return files
