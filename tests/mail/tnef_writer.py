"""Writes TNEF streams and compressed RTF for tests, after [MS-OXTNEF] and [MS-OXRTFCP]."""

from __future__ import annotations

import struct


def attribute(level: int, identifier: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, identifier, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(rows: list[tuple[int, int, object]]) -> bytes:
    """``rows``: type, number, value (bytes, text or int)."""
    out = struct.pack("<I", len(rows))
    for kind, number, value in rows:
        out += struct.pack("<HH", kind, number)
        if number >= 0x8000:
            out += bytes(16) + struct.pack("<II", 0, 1)
        if isinstance(value, int):
            out += struct.pack("<i", value)
            continue
        data = value.encode("utf-16-le") + b"\0\0" if isinstance(value, str) else value
        assert isinstance(data, bytes)
        out += struct.pack("<II", 1, len(data)) + data + bytes(-len(data) % 4)
    return out


def tnef(*parts: bytes) -> bytes:
    return (
        struct.pack("<IH", 0x223E9F78, 1)
        + attribute(1, 0x69007, struct.pack("<II", 1252, 0))
        + b"".join(parts)
    )


def message(rows: list[tuple[int, int, object]]) -> bytes:
    return attribute(1, 0x69003, properties(rows))


def attached(title: bytes, data: bytes, rows: list[tuple[int, int, object]]) -> bytes:
    start = attribute(2, 0x69002, bytes(14)) + attribute(2, 0x18010, title + b"\0")
    return start + (attribute(2, 0x6800F, data) if data else b"") + attribute(2, 0x69005, properties(rows))


def compressed(rtf: bytes) -> bytes:
    """LZFu with literals only, and one back reference to the dictionary's start where ``rtf`` begins as it does."""
    out = bytearray()
    at = 0
    while at < len(rtf):
        chunk = rtf[at : at + 8]
        if at == 0 and rtf.startswith(b"{\\rtf1\\ansi"):
            out += bytes((1,)) + struct.pack(">H", 0 << 4 | (11 - 2)) + rtf[11:18]
            at = 18
            continue
        out += bytes((0,)) + chunk
        at += 8
    return struct.pack("<IIII", len(out) + 12, len(rtf), 0x75465A4C, 0) + bytes(out)
