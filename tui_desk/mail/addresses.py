"""Address lists (RFC 5322, 3.4 with its obsolete forms), read leniently, in linear time, never raising."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from tui_desk.mail.charsets import decoded, one_line
from tui_desk.mail.limits import MAX_ADDRESSES, MAX_FIELD
from tui_desk.mail.message import Address
from tui_desk.mail.words import decode_words, unfolded

MAX_NAME: Final = 200
MAX_ADDRESS: Final = 320  # 64 + @ + 255: RFC 5321, 4.5.3.1

MAX_REMEMBERED: Final = 120
"""Bytes of a field whose addresses are kept for the next mail."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Taken out before anything is read; white space (and what folds lines) is left to the grammar."""
_SIMPLE: Final = re.compile(
    r'\s*(?:"([^"\\\n]{0,200})"|([^<>@",;:()\\\n]{0,200}))\s*<([^<>@\s"(),;:]+@[^<>@\s"(),;:]+)>\s*'
)
_BARE: Final = re.compile(r'\s*([^<>@\s"(),;:\\]+@[^<>@\s"(),;:\\]+)\s*')
_TOKEN: Final = re.compile(
    r'(?P<quoted>"[^"\\]*(?:\\.[^"\\]*)*")|(?P<angle><[^<>]*>)|(?P<blank>\s+)|(?P<literal>[^\s"<>,;:()\\@]+@\[[\w:.]{2,60}\])|(?P<special>[,;:()<>"\\])|(?P<atom>[^\s"<>,;:()\\]+)',
    re.DOTALL,
)
_PAIR: Final = re.compile(r"\\(.)", re.DOTALL)
_PARENTHESIS: Final = re.compile(r"\\.|[()]", re.DOTALL)
_ROUTE: Final = re.compile(r"\A(?:@[^:<>\s,]+,?)+:(?=.)")
_COMMENT: Final = re.compile(r"\([^()]*\)")
_QUOTED_LOCAL: Final = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"@\S+', re.DOTALL)
_QUOTED_OR_BLANK: Final = re.compile(r'("[^"\\]*(?:\\.[^"\\]*)*")|\s+', re.DOTALL)
_AROUND_AT: Final = re.compile(r"\s*@\s*")
_DOT_IN_DOMAIN: Final = re.compile(r"(?<=[\w-])\s*\.\s*(?=[\w-]+\s*$)")


class _Token(NamedTuple):
    kind: str
    text: str
    after_blank: bool


def address_list(raw: bytes, hint: str | None = None) -> tuple[tuple[Address, ...], bool]:
    """The addresses of a raw field value, groups flattened, and whether some were left out because of a limit.

    ``hint`` is the charset of 8-bit names that are not UTF-8.
    """
    return _list_again(raw, hint) if len(raw) <= MAX_REMEMBERED else _list(raw, hint)


def _list(raw: bytes, hint: str | None) -> tuple[tuple[Address, ...], bool]:
    text = decoded(raw[:MAX_FIELD], None, hint)[0]
    found = addresses_in(text)
    if "=?" in text and not any("@" in one.address for one in found):
        # Some gateways put the whole list into one encoded word.
        inside = addresses_in(decode_words(text))
        found = inside if any("@" in one.address for one in inside) else found
    return found[:MAX_ADDRESSES], len(raw) > MAX_FIELD or len(found) > MAX_ADDRESSES


_list_again: Final = lru_cache(maxsize=512)(_list)
"""The same people write again, and to the same addresses."""


def addresses_in(text: str) -> tuple[Address, ...]:
    """The addresses in ``text`` (folded, encoded words still encoded). Commas and semicolons part them."""
    text = _CONTROL.sub("", text)
    single = _SIMPLE.fullmatch(text)
    if single:
        return (Address(display_name(single[1] or single[2] or ""), single[3][:MAX_ADDRESS]),)
    single = _BARE.fullmatch(text)
    if single:
        return (Address("", single[1].strip("'")[:MAX_ADDRESS]),)
    found: list[Address] = []
    pending: list[_Token] = []
    for token in _tokens(text):
        if token.kind != "special":
            if token.kind == "angle" and any(other.kind == "angle" for other in pending):
                whole = _end_of_first(pending)
                found += _mailbox(pending[:whole])
                pending = pending[whole:]
            pending.append(token)
        elif token.text in ",;":
            found += _mailbox(pending)
            pending = []
            if len(found) > MAX_ADDRESSES:
                return tuple(found)
        elif token.text == ":" and not any("@" in other.text or other.kind == "angle" for other in pending):
            pending = []  # what came before is the name of a group
    found += _mailbox(pending)
    return tuple(found)


def display_name(text: str) -> str:
    """A display name, decoded, on one line, without the quotes some programs put around it."""
    text = text.strip()
    if not text:
        return ""
    return one_line(decode_words(text), MAX_NAME).strip("\"' ")


def _tokens(text: str) -> list[_Token]:
    """One pass over ``text``. A quote, angle or comment that never closes is an ordinary character."""
    found: list[_Token] = []
    at, end, blank = 0, len(text), False
    last_quote, last_angle, last_bracket = text.rfind('"'), text.rfind(">"), text.rfind(")")
    while at < end:
        char = text[at]
        if char == "(" and at < last_bracket:
            comment, at = _comment(text, at + 1)
            if comment is not None:
                found.append(_Token("comment", comment, True))
            else:
                last_bracket = (
                    -1
                )  # what follows does not close either; looking again would take quadratic time
            blank = True
            continue
        if (char == '"' and at >= last_quote) or (char == "<" and at > last_angle) or char in ">\\":
            at += 1
            blank = True
            continue
        match = _TOKEN.match(text, at)
        if match is None or match.lastgroup is None or (char == '"' and match.lastgroup == "special"):
            last_quote = -1 if char == '"' else last_quote
            at += 1
            continue
        at = match.end()
        if match.lastgroup == "blank":
            blank = True
            continue
        found.append(_Token(match.lastgroup, match[0], blank))
        blank = False
    return found


def _end_of_first(tokens: list[_Token]) -> int:
    """Where, in tokens with an angle, the first mailbox ends: behind the angle and the comments that follow it."""
    end = next(index for index, token in enumerate(tokens) if token.kind == "angle") + 1
    while end < len(tokens) and tokens[end].kind == "comment":
        end += 1
    return end


def _comment(text: str, start: int) -> tuple[str | None, int]:
    """The comment that begins at ``start`` and where it ends; None when it does not close within 2,000 characters."""
    depth = 1
    for match in _PARENTHESIS.finditer(text, start, min(len(text), start + 2_000)):
        depth += (match[0] == "(") - (match[0] == ")")
        if not depth:
            return _PAIR.sub(r"\1", text[start : match.start()]), match.end()
    return None, start


def _mailbox(tokens: list[_Token]) -> list[Address]:
    """The one address that ``tokens`` (no separators among them) make, if any."""
    angle: str | None = None
    phrase: list[str] = []
    comments: list[str] = []
    for index, token in enumerate(tokens):
        if token.kind == "angle":
            angle = _angle(token.text[1:-1])
        elif token.kind == "comment":
            comments.append(token.text)
        else:
            value = token.text
            following = tokens[index + 1] if index + 1 < len(tokens) else None
            if token.kind == "quoted" and not (
                following and following.text[0] == "@" and not following.after_blank
            ):
                value = _PAIR.sub(r"\1", value[1:-1])
            phrase.append(f" {value}" if token.after_blank else value)
    text = "".join(phrase).strip()
    if angle is None and " " in text and (several := text.split()) and all(map(_BARE.fullmatch, several)):
        return [Address("", one.strip("'")[:MAX_ADDRESS]) for one in several[: MAX_ADDRESSES + 1]]
    if angle is None:
        text, angle = _bare(text)
    name = display_name(text) or display_name(" ".join(comments))
    angle = one_line(unfolded(angle), MAX_ADDRESS)
    return [Address(name, angle)] if angle or name else []


def _angle(inside: str) -> str:
    for _ in range(5):
        if "(" not in inside:
            break
        inside = _COMMENT.sub("", inside)
    if '"' in inside:  # blanks in a quoted local part belong to it
        return _ROUTE.sub("", _QUOTED_OR_BLANK.sub(lambda found: found[1] or "", inside))
    return _ROUTE.sub("", "".join(inside.split()))


def _bare(text: str) -> tuple[str, str]:
    """The display name and the address of a mailbox written without angle brackets."""
    quoted = _QUOTED_LOCAL.search(text)
    if quoted:
        return text.replace(quoted[0], " ").strip(), quoted[0]
    if "@" in text:
        text = _AROUND_AT.sub("@", text)
        local, _, domain = text.rpartition("@")
        words = f"{local}@{_DOT_IN_DOMAIN.sub('.', domain)}".split()
        at = max(index for index, word in enumerate(words) if "@" in word)
        address = words.pop(at)
        return " ".join(words), address.strip("'")
    return (text, "") if " " in text else ("", text)
