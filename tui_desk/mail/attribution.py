"""The lines with which programs introduce other people's text ("On … wrote:"), and marks of quoted lines."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from tui_desk.mail.limits import MAX_LINE_ANALYSED
from tui_desk.mail.phrases import LEAD, VERB, VERBS, VERBS_AT_START

MAX_ATTRIBUTION_LINES: Final = 5
MAX_ATTRIBUTION: Final = 450
MAX_OPENING: Final = 140
MAX_VERB_TAIL: Final = 40

_QUOTE: Final = re.compile(r"^[ \t]{0,3}(?:>|&gt;|[A-Za-z]{1,3}>(?:\s|$)|\|(?=\s|\|)(?!.*\|\s*$))")
_BEHIND_COLON: Final = '*_>»"'
_ADDRESS: Final = re.compile(r"[^\s<>@\"'()\[\],;:]+@[\w-]+(?:\.[\w-]+)*")
_TIME: Final = re.compile(r"(?<![\d.:])\d{1,2}[:.h]\d{2}(?!\d)|\b\d{1,2}[시时時点點]")
_DATE: Final = re.compile(
    r"(?<![\d.])(?:\d{4}\s?(?:[-/.]|[년年])\s?\d{1,2}\s?(?:[-/.]|[월月])\s?\d{1,2}|\d{1,2}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?(?:\d{4}|\d{2}))(?!\d|\.\d)|\b\d{1,2}\.?\s?(?:de |of )?[^\W\d_]{3,12}\.?,?\s?(?:de |of )?,?\s?(?:\d{4}|\d{2})\b|\b[^\W\d_]{3,12}\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s(?:at\s)?\d{1,4}\b|\d{1,2}-[^\W\d_]{3,5}\.?-\d{2,4}"
)
_DIGITS_OF_DATE: Final = re.compile(r"\d{1,4}\s?([-/.])\s?\d{1,2}\s?\1\s?\d{2,4}(?!\d)")
_EARLY_DIGIT: Final = re.compile(r"^\W{0,3}(?:[^\W\d_]{1,14}[.,]?,?\s){0,2}[\d٠-٩]")
_ADDRESS_END: Final = re.compile(r"@[\w.-]+\s*[>)\]]\s*[>)\]]*\s*[:：]\s*$")
_ZONE_AND_NAME: Final = re.compile(
    r"^\d{4}-\d{2}-\d{2} \d{1,2}:\d{2}(?: [AP]M)? GMT[+-]\d{2}:\d{2} [^\d:?!]{2,60}(?:<[^<>]*>)?:?$"
)
"""The attribution of Gmail before 2018, which had no verb in any language."""
_BROKEN_OFF: Final = re.compile(
    rf"^[>(\[]{{0,2}}(?:<|\[?mailto:|[^\s<>@]{{1,64}}@[\w-]|(?!sent|sa[iy])(?:{VERBS})(?!\w))", re.IGNORECASE
)
_VERB_AT_START: Final = re.compile(rf"\W{{0,3}}(?:{VERBS_AT_START})\b", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"(?:[!?！？。]|[^\W\d_]\.)[\"')\]]*$")
_NAME_AND_ADDRESS: Final = re.compile(r"^[^<>@]{1,60}<[^<>\s]{1,80}@[^<>\s]{1,80}>,?(?:\s[^<>@!?]{1,40})?$")
_CLOSING_BRACKET: Final = re.compile(rf"^>\s*(?:{VERBS})?\s*[:：]\s*$", re.IGNORECASE)
_LOOSE: Final = frozenset(("said", "says", "sent", "responded"))
"""Verbs that reports of servers and people use as well: they need a date."""
_AFTER_DIGITS: Final = re.compile(r"^.*\d", re.DOTALL)
BARE: Final = {
    **dict.fromkeys(
        (0x200B, 0x200E, 0x200F, 0xFEFF, 0xAD, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), None
    ),
    **dict.fromkeys((0xA0, 0x2007, 0x202F, 0x3000), " "),
    **dict.fromkeys((0x2019, 0x2BC, 0x2018), "'"),
}
"""What is left out of a line or made plain before it is compared."""
_PARTICLES: Final = re.compile(
    r"\b(?:v[ao]n|der|den|del|della|dos|ter|ten|und|and|via|f[øö]l[gj]ande|følgende|folgendes|volgende|seguinte|siguiente)\b"
)
"""Small words of names, and what some programs say before the colon."""
_FIRST_PERSON: Final = frozenset(("I", "ich", "we", "wir", "ik", "jeg", "jag", "я", "мы", "ми"))
_SECOND_PERSON: Final = frozenset(
    ("you", "vous", "sie", "du", "u", "je", "jij", "tu", "ty", "вы", "ви", "você", "usted", "lei")
)
"""Some programs write to whom the answer goes: "On Monday you wrote:"."""
_OPEN_ANGLE: Final = re.compile(r"<\s+")
_VERB_AT_END: Final = re.compile(
    r"^(?:On|Am|Le|El|Em|Il|Op|Den|På)\s.{10,300}\s(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev)$",
    re.IGNORECASE,
)
_OPENINGS: Final = frozenset(("on", "am", "le", "el", "em", "il", "op", "de"))
"""Two letters of what those begin with; one has others than ASCII."""
_ENDS_OF_VERBS: Final = "eEbBtTóÓuUoOfFvV"
"""The last letters of those verbs."""
_RUN_ON: Final = re.compile(r"(.{8,250}?<[^<>\s@]{1,64}@[^<>\s]{1,190}>[^:：<>]{0,25}[:：])\s{2,}\S")
_SPLIT_IN_LINE: Final = re.compile(
    r"\A(?P<own>[^\n>]{1,400}?\S)\s*(?P<rest>-{2,}\s*(?:On|Am|Le|El|Em|Il|Op|Den|På)\s.{10,200}[:：]\s*)\Z",
    re.DOTALL,
)
_MAY_SPLIT: Final = re.compile(r"--\s*(?:On|Am|Le|El|Em|Il|Op|Den|På)\s")


class Block(NamedTuple):
    """The lines ``start`` up to, not with, ``end``."""

    start: int
    end: int


def is_quoted(line: str) -> bool:
    """Whether a line carries a quote mark (``>``, ``AB>``, ``|``); a link between arrows does not count."""
    if line[:1] == ">" and line[:3] != ">>>":
        return True
    head = line[:60]
    if ">" not in head and "|" not in head and "&gt;" not in head:
        return False
    return bool(_QUOTE.match(head)) and not (line.lstrip()[:3] == ">>>" and _is_no_quote(line.strip()))


def _is_no_quote(line: str) -> bool:
    return line.startswith(">>> >>>") or is_between_arrows(line)


def is_between_arrows(line: str) -> bool:
    """Whether a line is the attribution of GroupWise: ``>>> Ann <ann@example.org> 19.10.2026 09:05 >>>``."""
    return line[:3] == ">>>" and line[-3:] == ">>>" and has_date_and_time(line)


def runs_on(line: str) -> bool:
    """Whether a line is an attribution with the quoted text behind it, as the apps of Yahoo write their plain text."""
    found = _RUN_ON.match(line)
    return found is not None and is_strong(found[1]) and attribution_at([found[1]], 0) is not None


def may_quote(text: str) -> bool:
    """Whether any line of ``text`` can be quoted (:func:`is_quoted`)."""
    return ">" in text or "|" in text or "&gt;" in text


def bare_lines(lines: list[str], *, ascii_only: bool = False) -> list[str]:
    """``lines`` as they are compared: no marks of writing direction, plain blanks and apostrophes, at most 1,000 characters."""
    if max(map(len, lines), default=0) <= MAX_LINE_ANALYSED:
        shortened = list(map(str.strip, lines))
    else:
        shortened = [line[:MAX_LINE_ANALYSED].strip() for line in lines]
    if ascii_only:
        return shortened
    return [line if line.isascii() else line.translate(BARE).strip() for line in shortened]


def closes_address(line: str) -> bool:
    """Whether a line is ``> wrote:``, the end of an attribution that was wrapped inside the brackets of an address."""
    return bool(_CLOSING_BRACKET.match(line))


def may_end_attribution(line: str) -> bool:
    """Whether :func:`attribution_at` has to look at a bare, filled line that no quoted ones follow: most lines end in a letter
    that no attribution ends in."""
    last = line[-1]
    return not (last.isalnum() or last == ".") or last in _ENDS_OF_VERBS or not line[0].isalpha()


def may_end_without_colon(line: str) -> bool:
    """The same of a line without any colon: only what begins as "On" does can then end in a verb (or stand between dashes)."""
    opening = line[:2]
    return opening.lower() in _OPENINGS or line[0] in "-–—" or not opening.isascii()


def before_quotes(lines: list[str]) -> list[bool]:
    """Of each line, whether the next filled one, three lines below at most, is quoted."""
    found = [False] * len(lines)
    below, quoted = len(lines) + 3, False
    for at in range(len(lines) - 1, -1, -1):
        found[at] = quoted and below - at <= 3
        if lines[at].strip():
            below, quoted = at, is_quoted(lines[at])
    return found


def attribution_at(lines: list[str], at: int, follows: bool | None = None) -> Block | None:
    """The attribution that ends at line ``at``, if that line ends one; it may span up to five lines.

    ``follows``: whether quoted lines come next, where the caller knows (:func:`before_quotes`).
    """
    last = lines[at].strip().strip("-–—").strip()
    if not last or len(last) > MAX_ATTRIBUTION:
        return None
    ruled = lines[at].startswith("--") and lines[at].endswith("--")
    followed = ruled or (_next_is_quoted(lines, at + 1) if follows is None else follows)
    if not (_ends_with_colon(last) or _ends_without_colon(last, followed)):
        return None
    joined, start = last, at
    found = Block(at, at + 1) if _judged(joined, followed) else None
    while start > 0 and at - start < MAX_ATTRIBUTION_LINES - 1 and len(joined) < MAX_ATTRIBUTION:
        first, above, taken = lines[start].strip(), lines[start - 1].strip(), 1
        if not above and start >= 2 and first.startswith(("<", "mailto:")):
            above, taken = lines[start - 2].strip(), 2
        if not above or not _takes_above(above, first, joined, stands=found is not None):
            break
        start -= taken
        joined = f"{above} {joined}"
        if _judged(joined, followed):
            found = Block(start, at + 1)
    return found


def _ends_without_colon(line: str, followed: bool) -> bool:
    """Whether a line that has no colon at its end may end an attribution all the same."""
    if followed and (line.endswith(">") or "@" in line or VERB.search(line)):
        return True
    if line[0].isdigit():
        return _ZONE_AND_NAME.match(line) is not None
    return line[-1] in _ENDS_OF_VERBS and _VERB_AT_END.match(line) is not None


def _ends_with_colon(line: str) -> bool:
    """Whether a line ends with a colon, but for marks of emphasis and quotes behind it."""
    if line[-1:].isalnum() or line[-1:] == ".":
        return False  # most lines do
    return line.rstrip().rstrip(_BEHIND_COLON).rstrip().endswith((":", "："))


def _takes_above(above: str, first: str, joined: str, *, stands: bool) -> bool:
    """Whether the line above belongs to the attribution whose rest, from the line ``first`` on, is ``joined``."""
    if above == first or (is_quoted(above) and above != "<"):
        return False
    if _SENTENCE_END.search(above) and "@" not in above and not is_dated(above):
        return False
    if above.endswith("<") or _is_broken_off(first):
        return first.startswith("<") or not _is_plain(above)
    return _opens(above, joined) or (not stands and _goes_on_below(above))


def has_date_and_time(text: str) -> bool:
    """Whether a text names both a date and a time of day."""
    return bool(_DATE.search(text)) and is_timed(text)


def is_timed(text: str) -> bool:
    """Whether a text names a time of day; the day and month of a date in digits are none."""
    return _TIME.search(_DIGITS_OF_DATE.sub(" ", text)) is not None


def is_strong(text: str) -> bool:
    """Whether an attribution names a date or an address, as programs do; people write "Ann wrote:" themselves too."""
    return bool(_ADDRESS.search(text) or _DATE.search(text))


def _is_broken_off(line: str) -> bool:
    """Whether a line cannot be the first of an attribution."""
    if _BROKEN_OFF.match(line) and not _VERB_AT_START.match(line):
        return True
    return line[:1].islower() and not LEAD.match(line) and not _EARLY_DIGIT.match(line)


def is_dated(text: str) -> bool:
    """Whether a text names a date or a time of day, as programs write them."""
    return bool(_DATE.search(text) or _TIME.search(text))


def _opens(above: str, joined: str) -> bool:
    """Whether the line above is the first part of the attribution whose rest is ``joined``."""
    if len(above) > MAX_OPENING:
        return False
    if is_dated(above) and (LEAD.match(above) or _EARLY_DIGIT.match(above)):
        return not (_DATE.search(joined) and (LEAD.match(joined) or _EARLY_DIGIT.match(joined)))
    named = bool(_NAME_AND_ADDRESS.match(above)) and not _ADDRESS.search(joined)
    return named and (is_dated(joined) or is_dated(above))


def _goes_on_below(above: str) -> bool:
    """Whether a line between the first and the last of an attribution cannot stand alone."""
    return len(above) <= MAX_OPENING and bool(
        above.endswith((",", "<", "(", "[")) or _ADDRESS.search(above) or _BROKEN_OFF.match(above)
    )


def _judged(joined: str, followed: bool) -> bool:
    """Whether ``joined`` introduces somebody's text; ``followed`` tells that quoted lines come next."""
    if len(joined) > MAX_ATTRIBUTION:
        return False
    joined = _OPEN_ANGLE.sub("<", joined)
    address, date = _ADDRESS.search(joined), _DATE.search(joined)
    dated = date or _TIME.search(joined)
    verb = VERB.search(joined, max(0, len(joined) - MAX_VERB_TAIL)) or VERB.search(joined)
    lead = LEAD.match(joined)
    if verb is None:
        if _ZONE_AND_NAME.match(joined):
            return True
        if not (address and dated):
            return bool(followed and date and _TIME.search(joined)) and _lower_words(joined) <= 3
        return followed or bool(_ADDRESS_END.search(joined) and _names_only(joined, dated.end()))
    if (not (followed or address) and _is_told(joined, verb)) or (verb[0].lower() in _LOOSE and not date):
        return False
    # a sentence that merely says that somebody wrote has no date, address or quote with it
    tail = joined[verb.end() :]
    ends = len(tail) <= 60 or bool(date and date.start() > verb.start()) or bool(_ADDRESS.search(tail))
    early = bool(date and date.start() <= 6)
    stands = (
        bool(dated and (lead or address or followed))
        or bool(address and (followed or len(tail) <= 3 or lead))
        or bool(verb.start() == 0 and (address or date) and _VERB_AT_START.match(joined))
        or (followed and len(joined) < 120 and len(tail) <= 20)
        or bool(early and len(tail) <= 3)
    )
    return ends and stands


def _is_told(joined: str, verb: re.Match[str]) -> bool:
    """Whether somebody tells who wrote ("… your colleague Ann wrote:"): programs put a mere name between date and verb."""
    between, tail = _AFTER_DIGITS.sub("", joined[: verb.start()]), joined[verb.end() :]
    if _lower_words(between) >= 2:
        return True
    if is_dated(tail):
        return False
    if _lower_words(_PARTICLES.sub("", tail)) >= 1:
        return True
    words = [word for word in (word.strip(",;:()\"'") for word in (between + tail).split()) if word]
    if any(word in _FIRST_PERSON for word in words):
        return True
    return bool(words) and all(word[0].islower() for word in words) and not _SECOND_PERSON & set(words)


def _is_plain(line: str) -> bool:
    """Whether a line has neither date nor address nor is a mere name: the author's, whatever follows."""
    if is_dated(line) or "@" in line or line.endswith("<"):
        return False
    return sum(word[:1].islower() for word in line.split()) >= 2


def _lower_words(text: str) -> int:
    return sum(word.isalpha() and word.islower() and len(word) > 2 for word in text.split())


def _names_only(joined: str, start: int) -> bool:
    """Whether between the date and the address at the end there is a name, not a sentence."""
    if not (LEAD.match(joined) or _EARLY_DIGIT.match(joined)):
        return False
    words = joined[start : joined.rfind("@")].split()
    return len(words) <= 9 and sum(word[:1].islower() and len(word) > 1 for word in words[:-1]) <= 2


def _next_is_quoted(lines: list[str], at: int) -> bool:
    for line in lines[at : at + 3]:
        if line.strip():
            return is_quoted(line)
    return False


def may_split(text: str) -> bool:
    """Whether :func:`split_in_line` can find something in any line of ``text``."""
    return _MAY_SPLIT.search(text) is not None


def split_in_line(line: str) -> int:
    """Where inside ``line`` an attribution begins after the author's own words ("reply--- On … wrote:"), or 0."""
    if "--" not in line or len(line) > 600:
        return 0
    match = _SPLIT_IN_LINE.match(line)
    return match.start("rest") if match and VERB.search(match["rest"]) else 0
