"""Links in a text: where they are, where they really lead, and which of them say something else than they do.

The text is safe already (``core.safe_text``); what an HTML mail hides behind words stands in it as ``words [1] <https://…>``.
"""

from __future__ import annotations

import re

from tui_desk.core.safe_text import visible_address
from tui_desk.core.values import dataclass

WARNING = "⚠"
LONGEST = 2_000
"""Characters of an address that a terminal is given."""
_LINK = re.compile(r"(?:https?|ftp)://[^\s<>\"'`{}|\\^⚠]{1,4000}", re.IGNORECASE)
_TRAILING = ".,;:!?…"
_SOUND = re.compile(r"(?:https?|ftp)://[A-Za-z0-9.-]{1,253}(?::\d{1,5})?(?:[/?#][!-~]*)?", re.IGNORECASE)
_HIDDEN = re.compile(
    r"(?<![^\s<>\[\]])(?P<shown>[^\s<>\[\]]{4,300}+)(?P<gap> ?)(?P<rest>(?:\[\d{1,4}\] )?<(?P<target>https?://[^\s<>]+)>)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:(?P<scheme>https?://)|(?P<www>www\.))?(?:[^\s/?#@:]*@)?(?P<host>(?:[\w-]+\.)+[^\W\d_]{2,24})(?::\d+)?(?P<path>[/?#].*)?", re.IGNORECASE)  # fmt: skip
_FILES = frozenset(
    "pdf doc docx xls xlsx ppt pptx odt ods txt csv zip rar gz jpg jpeg png gif svg html htm xml json eml ics py sh md js".split()
)
"""What ends a file's name more often than the name of a host."""


@dataclass(frozen=True, slots=True)
class Link:
    """``text[start:end]`` is the address ``url``."""

    start: int
    end: int
    url: str


def links_of(text: str) -> list[Link]:
    """The web addresses in a text, as they stand there, without the punctuation that ends a sentence."""
    if "://" not in text:
        return []
    found = []
    for match in _LINK.finditer(text):
        url = match.group().rstrip(_TRAILING)
        while url.endswith(")") and url.count(")") > url.count("("):
            url = url[:-1].rstrip(_TRAILING)
        url = url.rstrip("]") if url.count("]") > url.count("[") else url
        if host_of(url):
            found.append(Link(match.start(), match.start() + len(url), url))
    return found


def is_sound(url: str) -> bool:
    """Whether a terminal may be told to open it: an address of the web in plain ASCII, no name and password, no odd character."""
    return len(url) <= LONGEST and _SOUND.fullmatch(url) is not None


def host_of(url: str) -> str:
    """The host that an address leads to, in lower case; "" where there is none. What stands before an ``@`` is no host (RFC 3986, 3.2)."""
    _scheme, _sign, rest = url.partition("://")
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return authority.rpartition("@")[2].partition(":")[0].lower().rstrip(".")


def true_address(url: str) -> str:
    """An address for the eye: with the name that the network uses where its host is not ASCII, and a sign where it holds a
    user's name, which is there to be taken for the host."""
    host, shown = host_of(url), url
    if "@" in re.split(r"[/?#]", url.partition("://")[2], maxsplit=1)[0]:
        shown += f" {WARNING} {host}"
    if not host.isascii():
        shown += f" {WARNING} {visible_address(f'@{host}').partition(' (')[2].rstrip(')')}"
    return shown


def marked(text: str) -> str:
    """``text`` with a sign at every link that leads elsewhere than its words say, and the true name of every host that is not ASCII."""
    if "://" not in text:
        return text
    text = _HIDDEN.sub(_mark_lie, text)
    parts, at = [], 0
    for link in links_of(text):
        told = true_address(link.url)
        if told != link.url and not text.startswith(told[len(link.url) :], link.end):
            parts += [text[at : link.end], told[len(link.url) :]]
            at = link.end
    return "".join([*parts, text[at:]]) if parts else text


def _mark_lie(match: re.Match[str]) -> str:
    if not lies(match["shown"], match["target"]):
        return match.group()
    return f"{match['shown']} {WARNING} {match['rest']}"


def lies(shown: str, target: str) -> bool:
    """Whether the words of a link are an address of another host than the one it leads to."""
    address = _ADDRESS.fullmatch(shown.strip("()\"',;:.!"))
    if address is None:
        return False
    host = address["host"].lower()
    bare = not (address["scheme"] or address["www"])
    if bare and not address["path"] and host.rpartition(".")[2] in _FILES:
        return False
    said, real = host.removeprefix("www."), host_of(target).removeprefix("www.")
    return not (real == said or real.endswith(f".{said}"))
