"""Ill-formed and multilingual mails and what a person should read in them, made in code from compact rows.

Each row is a fault that real clients, gateways, lists or spammers make; the right answer is what the sender meant.
"""

from __future__ import annotations

from tests.mail.ill_formed.bodies import structure, transfer
from tests.mail.ill_formed.case import Case
from tests.mail.ill_formed.fields import addresses, file_names, headers
from tests.mail.ill_formed.words import charsets, encoded_words

__all__ = ["Case", "every_case"]


def every_case() -> list[Case]:
    makers = (charsets, encoded_words, addresses, file_names, transfer, structure, headers)
    return [case for maker in makers for case in maker()]
