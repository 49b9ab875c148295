"""A small DNS server on the loopback (UDP) that answers what a test tells it, and counts what it was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset

from tests.support.ports import LOOPBACK

Zone = Mapping[tuple[str, str], Sequence[str]]
"""(name, type) → records as in a zone file."""


@dataclass
class DnsServer:
    """``zone`` may be replaced at any time. A name with no record of any type does not exist."""

    port: int
    zone: Zone = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def answer(self, wire: bytes) -> bytes:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name, kind = str(question.name).rstrip(".").lower(), dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        records = self.zone.get((name, kind))
        if records:
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, list(records)))
        elif not any(known == name or known.endswith(f".{name}") for known, _kind in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        return response.to_wire()


@contextmanager
def running_dns(zone: Zone) -> Iterator[DnsServer]:
    """A server for the time of the block."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((LOOPBACK, 0))
        server = DnsServer(int(listener.getsockname()[1]), zone)
        end = b"end"

        def serve() -> None:
            while True:
                wire, client = listener.recvfrom(4096)
                if wire == end:
                    return
                listener.sendto(server.answer(wire), client)

        thread = threading.Thread(target=serve, name="dns-server", daemon=True)
        thread.start()
        try:
            yield server
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(end, (LOOPBACK, server.port))
            thread.join(60)
