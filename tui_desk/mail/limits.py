"""How much of one mail is read. Everything past a limit stays in the stored raw bytes and is named in the defects.

The figures are far above what people send and low enough that the worst mail costs well under two seconds of CPU
and 200 MB (the classes of hostile mail: a megabyte of headers, 40,000 encoded words, 20,000 addresses, 100,000 parts,
5,000 levels of nesting, a subject of ten megabytes).
"""

from __future__ import annotations

from typing import Final

MAX_HEADER_BLOCK: Final = 512 * 1024
"""Bytes of one header block that are read."""
MAX_HEADERS: Final = 1_000
"""Fields of one header block."""
MAX_FIELD: Final = 64 * 1024
"""Bytes of one field."""
MAX_SUBJECT: Final = 1_000
"""Characters of a subject."""
MAX_ADDRESSES: Final = 1_000
"""Addresses of one field."""
MAX_REFERENCES: Final = 200
"""Message identifiers of References; the first and the newest are kept."""
MAX_ID: Final = 995
"""Characters of a message identifier: a line of 998 less its brackets (RFC 5322, 2.1.1)."""
MAX_PARTS: Final = 1_000
"""MIME parts of one mail."""
MAX_DEPTH: Final = 40
"""Levels of MIME nesting."""
MAX_TEXT: Final = 2_000_000
"""Characters of readable text."""
MAX_HTML: Final = 8_000_000
"""Characters of HTML that are turned into text."""
MAX_TOKENS: Final = 100_000
"""Tags and texts of HTML that are turned into text."""
MAX_LINES_ANALYSED: Final = 6_000
"""Lines in which quotes and signatures are looked for."""
MAX_LINE_ANALYSED: Final = 1_000
"""Characters of a line that are looked at when it is classified."""
MAX_SHOWN_HEADER: Final = 2_000
"""Characters of a header as it is shown."""
MAX_SHOWN_HEADERS: Final = 200
"""Headers that are shown."""
MAX_DEFECTS: Final = 50
