"""Who gets an answer. Pure: addresses in, addresses out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tui_desk.rules.addresses import address_key, is_one_of

Pair = tuple[str, str]
"""(display name, address)"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What is known of the last mail that came in: its author, where the author wants answers, and who else got it."""

    author: Pair | None = None
    reply_to: tuple[Pair, ...] = ()
    to: tuple[Pair, ...] = ()
    cc: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Recipients:
    to: tuple[Pair, ...] = ()
    cc: tuple[Pair, ...] = ()
    bcc: tuple[Pair, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """All addresses, each once, in order."""
        seen: dict[str, str] = {}
        for _name, address in (*self.to, *self.cc, *self.bcc):
            seen.setdefault(address_key(address), address)
        return tuple(seen.values())


def unique(pairs: Iterable[Pair], without: Iterable[str] = ()) -> tuple[Pair, ...]:
    """Each address once, the first spelling kept; those in ``without`` (compared forms) left out."""
    seen = set(without)
    kept = []
    for name, address in pairs:
        key = address_key(address)
        if "@" not in address or key in seen:
            continue
        seen.add(key)
        kept.append((name, address))
    return tuple(kept)


def _not_ours(pairs: Iterable[Pair], own: frozenset[str]) -> tuple[Pair, ...]:
    """Without our own addresses, those with a reply token included."""
    return tuple(pair for pair in pairs if not is_one_of(address_key(pair[1]), own))


def for_reply(requester: Pair | None, last: Exchange, own: frozenset[str]) -> Recipients:
    """An answer to the requester: where their last mail wants answers, else its author, else the requester's address."""
    for choice in (last.reply_to, (last.author,) if last.author else (), (requester,) if requester else ()):
        to = unique(_not_ours(choice, own))
        if to:
            return Recipients(to=to)
    return Recipients()


def for_reply_all(
    requester: Pair | None, last: Exchange, watchers: Iterable[Pair], own: frozenset[str]
) -> Recipients:
    """An answer to the requester, and a copy to everybody who got the last mail or takes part; never to ourselves."""
    to = for_reply(requester, last, own).to
    taken = {address_key(address) for _name, address in to}
    others = _not_ours((*last.to, *last.cc, *watchers), own)
    return Recipients(to=to, cc=unique(others, taken))
