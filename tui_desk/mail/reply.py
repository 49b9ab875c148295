"""A text parted into what its author wrote now, what is quoted history, and the signature.

Programs put the history below (top posting), above (bottom posting) or between the lines (inline answers). What is
quoted between an author's answers stays with them. In doubt a line is the author's: folding too little costs a glance, folding
too much loses a word.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Final

from tui_desk.mail.attribution import (
    attribution_at,
    bare_lines,
    before_quotes,
    closes_address,
    is_between_arrows,
    is_quoted,
    is_strong,
    may_end_attribution,
    may_end_without_colon,
    may_quote,
    may_split,
    runs_on,
    split_in_line,
)
from tui_desk.mail.header_block import (
    MAX_LONE_LABEL,
    HeaderBlock,
    begins_lone_labels,
    block_in_line,
    block_of_lone_labels,
    header_block_at,
    outlook_block_at,
)
from tui_desk.mail.limits import MAX_LINES_ANALYSED
from tui_desk.mail.message import Segment, SegmentKind
from tui_desk.mail.phrases import (
    EDGES,
    ENDS,
    NO_REPLY_ABOVE,
    REPLY_ABOVE,
    RULED_WORDS,
    names_original,
    separator_kind,
)
from tui_desk.mail.signature import signature_start

_FORM_LABEL: Final = re.compile(r"[^\W\d_][\w /()'-]{1,30}\s?[:：](?:\s|$)")
_SEPARATORS: Final = frozenset("-_=*–—─━ ")
_DIGITS_OF_DATE: Final = frozenset("0123456789./- ")
_YEAR_OR_TIME: Final = re.compile(r"\d{4}|\d\s?[.:h時点點]\s?\d\d|\d\s?[時시]")
_NAMED_MARK: Final = re.compile(r"([^\W\d_][\w.'-]{0,19})>")
_LIST_FOOTER: Final = ("__._,_.___", "__,_._,___")
"""The lines that Yahoo Groups put above and below what they added to a mail."""
_LABEL_BELOW: Final = re.compile(r"\W{0,3}[^\W\d_][\w /()'’.-]{0,30}?\W{0,3}[:：]")
MAX_SEARCHED_BELOW: Final = 3
WRAP_COLUMN: Final = 68
MIN_RULE: Final = 8
MAX_REPLY_ABOVE: Final = 160
_BODY: Final[SegmentKind] = "body"
_QUOTE: Final[SegmentKind] = "quote"
_SIGNATURE: Final[SegmentKind] = "signature"


def segments_of(
    text: str, history: frozenset[int] = frozenset(), history_from: int | None = None
) -> tuple[Segment, ...]:
    """The segments of ``text``; joined, they are exactly ``text``.

    ``history`` are the numbers of lines known to lie in a container of quoted mail, ``history_from`` is the line after
    which all is history (both from the HTML the text was made of).
    """
    if not text:
        return ()
    lines = [line + "\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    if not lines[-1]:
        lines.pop()
    analysed = lines[:MAX_LINES_ANALYSED]
    if not history and "--" in text and may_split(text):
        analysed = _split_lines(analysed)
    reading = _Reading(analysed, history, history_from, ascii_only=text.isascii())
    kinds = reading.kinds()
    rest = lines[MAX_LINES_ANALYSED:]
    follows = _QUOTE if reading.cut < len(analysed) else _BODY
    return _joined([*analysed, *rest], [*kinds, *[follows] * len(rest)])


def without_signature(text: str) -> tuple[Segment, ...]:
    """``text`` parted into body and signature only; for the note above a forwarded message."""
    if not text:
        return ()
    lines = text.splitlines(keepends=True)
    start = signature_start(lines)
    return _joined(lines, [_BODY] * start + [_SIGNATURE] * (len(lines) - start))


def _split_lines(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        at = split_in_line(line) if "--" in line else 0
        out += [line[:at], line[at:]] if at else [line]
    return out


def _joined(lines: list[str], kinds: list[SegmentKind]) -> tuple[Segment, ...]:
    out: list[Segment] = []
    start = 0
    for kind, run in groupby(kinds):
        end = start + len(list(run))
        out.append(Segment(kind, "".join(lines[start:end])))
        start = end
    return tuple(out)


def _may_begin_history(line: str) -> bool:
    """Whether a bare, filled line without a colon can be one that :meth:`_Reading._history_begins` is asked about."""
    if line[0] in EDGES or line[-1] in ENDS:
        return True
    if len(line) > MAX_REPLY_ABOVE:
        return False
    if len(line) <= MAX_LONE_LABEL and begins_lone_labels(line):
        return True
    return line[0] not in NO_REPLY_ABOVE and REPLY_ABOVE.match(line) is not None


class _Reading:
    """One reading of a text: attributions, the point from which all is history, runs of quoted lines."""

    def __init__(
        self, lines: list[str], history: frozenset[int], history_from: int | None, *, ascii_only: bool
    ) -> None:
        self.lines = lines
        self.plain = bare_lines(lines, ascii_only=ascii_only)
        whole = "\n".join(self.plain)
        marked = may_quote(whole)
        self.quoted = [is_quoted(line) for line in lines] if marked else [False] * len(lines)
        self.follows = before_quotes(self.plain) if marked else [False] * len(lines)
        self.intro = [False] * len(lines)
        self.cut = len(lines)
        self.history = history
        self.weak: set[int] = set()
        if marked or "\n: " in whole or whole.startswith(": "):
            self._mark_other_quotes()
        if marked:
            self._mark_named_quotes()
        if history_from is not None and any(self.plain[:history_from]):
            self.cut = self._back_over_rules(min(history_from, len(lines)))

    def _mark_other_quotes(self) -> None:
        """Marks that count only together: a ``>`` that closes an address counts never, ``:`` only above its like."""
        quoted, above = self.quoted, ""
        for at, line in enumerate(self.plain):
            if at and quoted[at]:
                if not quoted[at - 1] and closes_address(line):
                    quoted[at] = "@" not in above
            elif at and line[:2] == ": " and above[:2] in (": ", ":"):
                quoted[at] = quoted[at - 1] = True
            above = line

    def _mark_named_quotes(self) -> None:
        """``Desk> ``, as Supercite writes, below an attribution only: a prompt looks the same (``mysql> ``)."""
        name, above = "", -1
        for at, line in enumerate(self.plain):
            if not line:
                continue
            found = _NAMED_MARK.match(line) if ">" in line[1:22] and not self.quoted[at] else None
            if found is None:
                name = ""
            elif name == found[1] or (above >= 0 and attribution_at(self.plain, above, True) is not None):
                if not name and above >= 0:
                    self.follows[above] = True
                name, self.quoted[at] = found[1], True
            above = at

    def kinds(self) -> list[SegmentKind]:
        """The kind of each line."""
        self._containers()
        self._find_introductions()
        if True in self.quoted:
            self._join_wrapped()
            kinds = self._quotes()
        else:
            kinds = self._unquoted()
        own = [number for number, kind in enumerate(kinds) if kind == _BODY]
        if not any(self.plain[number] for number in own):
            if self.cut == len(self.lines) and not any(self.intro):
                return [_BODY] * len(self.lines)
            return self._without_containers() or kinds
        added = self._list_footer(own)
        own = [number for number in own if number not in added]
        start = signature_start([self.lines[number] for number in own])
        for number in (*own[start:], *added):
            kinds[number] = _SIGNATURE
        return kinds

    def _list_footer(self, own: list[int]) -> range:
        """The author's lines from the mark of a list's footer to the one that ends it, where something stands above."""
        begins, ends = _LIST_FOOTER
        first = next((number for number in own if self.plain[number] == begins), -1)
        last = next((number for number in own if number > first and self.plain[number] == ends), -1)
        if first < 0 or last < 0 or not any(self.plain[number] for number in own if number < first):
            return range(0)
        inside = range(first, last + 1)
        return inside if all(number in own for number in inside) else range(0)

    def _without_containers(self) -> list[SegmentKind] | None:
        """The kinds where somebody wrote into a container of history, and nothing but it says that this is history."""
        if not self.history:
            return None
        again = _Reading(self.lines, frozenset(), None, ascii_only=False)
        kinds = again.kinds()
        return None if again.cut < len(self.lines) or any(again.intro) or any(again.quoted) else kinds

    def _containers(self) -> None:
        """Lines in a container of the HTML: all history, unless quotes inside it are answered between them."""
        if not self.history:
            return
        inside = sorted(number for number in self.history if number < len(self.lines))
        quotes = [number for number in inside if self.quoted[number]]
        first = quotes[0] if quotes else len(self.lines)
        for number in inside:
            if not quotes or number < first:
                self.intro[number] = True

    def _find_introductions(self) -> None:
        for at, line in enumerate(self.plain[: self.cut]):
            if not line or self.quoted[at] or self.intro[at]:
                continue
            colon = ":" in line or "：" in line
            begins = self._history_begins(at) if colon or _may_begin_history(line) else None
            if begins is not None:
                self.cut = self._back_over_rules(begins)
                return
            if self.follows[at] or (may_end_attribution(line) if colon else may_end_without_colon(line)):
                found = attribution_at(self.plain, at, self.follows[at])
                if found is not None and not self._introduces(found.start, found.end):
                    return

    def _history_begins(self, at: int) -> int | None:
        """Where all that follows is history if line ``at`` shows it, else None."""
        line = self.plain[at]
        if kind := separator_kind(line):
            return at if kind != "original" or self._separates(at) else None
        if is_between_arrows(line) or (">" in line and runs_on(line)):
            return at
        if len(line) <= MAX_REPLY_ABOVE and line[0] not in NO_REPLY_ABOVE and REPLY_ABOVE.match(line):
            if any(self.plain[:at]):
                return at if at + 1 < len(self.lines) else None
            self.intro[at] = True
            return None
        if ":" not in line and "：" not in line:
            lone = block_of_lone_labels(self.plain, at) if len(line) <= MAX_LONE_LABEL else None
            return lone.start if lone and any(self.plain[: lone.start]) else None
        block = header_block_at(self.plain, at) or block_in_line(line, at) or outlook_block_at(self.plain, at)
        return at if block is not None and self._is_history(block) else None

    def _separates(self, at: int) -> bool:
        """Whether "Original Message" begins one, rather than being what the author speaks of: then their words lead to it
        (a colon) or go on below it in the same sentence, and no header, attribution or quote follows."""
        below = [number for number in range(at + 1, len(self.lines)) if self.plain[number]][
            :MAX_SEARCHED_BELOW
        ]
        above = next((self.plain[number] for number in range(at - 1, -1, -1) if self.plain[number]), "")
        goes_on = (
            below[:1] == [at + 1] and self.plain[at + 1][0].islower() and bool(at and self.plain[at - 1])
        )
        if not below or not (goes_on or above.endswith((":", "："))):
            return True
        return any(
            self.quoted[number]
            or number in self.history
            or "@" in self.plain[number]
            or _LABEL_BELOW.match(self.plain[number])
            or _YEAR_OR_TIME.search(self.plain[number])
            for number in below
        )

    def _is_history(self, block: HeaderBlock) -> bool:
        """Whether a block of headers is one of a mail program: forms of web sites use the same labels, but no date, a day
        in digits or without a year, or stand at the top with further labels below."""
        addressed = any("@" in value for value in block.fields.values())
        if "date" not in block.fields and not (addressed and {"to", "subject"} <= block.fields.keys()):
            return False
        above = self.plain[block.start - 1] if block.start else ""
        ruled = bool(above) and set(above) <= _SEPARATORS
        date = block.fields.get("date", "")
        if not addressed and not ruled and (set(date) <= _DIGITS_OF_DATE or not _YEAR_OR_TIME.search(date)):
            return False
        below = self.plain[block.end] if block.end < len(self.plain) else ""
        if not any(self.plain[: block.start]):
            return not _FORM_LABEL.match(below)
        return addressed or not (_FORM_LABEL.match(above) or _FORM_LABEL.match(below))

    def _introduces(self, start: int, end: int) -> bool:
        """Takes the attribution in these lines; false where all that follows is history and nothing more is to do."""
        follows = next((number for number in range(end, len(self.lines)) if self.plain[number]), None)
        written_before = any(
            self.plain[number] and not self.quoted[number] and not self.intro[number]
            for number in range(start)
        )
        if follows is not None and not self.quoted[follows] and written_before:
            self.cut = self._back_over_rules(start)
            return False
        whole = " ".join(self.plain[start:end])
        if follows is not None and not (self.quoted[follows] or follows in self.history) and "@" not in whole:
            return True  # a sentence with a date at the beginning of the author's own text
        for number in range(start, end):
            self.intro[number] = True
        if written_before and not is_strong(whole):
            self.weak.update(range(start, end))
        return True

    def _back_over_rules(self, at: int) -> int:
        """The first of the blank lines and rules before line ``at``."""
        start = at
        while start > 0 and (
            set(self.plain[start - 1]) <= _SEPARATORS
            or (
                start == at
                and (RULED_WORDS.match(self.plain[start - 1]) or names_original(self.plain[start - 1]))
            )
        ):
            start -= 1
        return start if any(self.plain[number] for number in range(start)) else at

    def _join_wrapped(self) -> None:
        """Lines without a mark between two quoted ones that are only the rest of a long line, or only a link."""
        for at in range(1, len(self.lines) - 1):
            if self.quoted[at] or not self.plain[at] or not self.quoted[at - 1] or not self.quoted[at + 1]:
                continue
            before, line = self.plain[at - 1], self.plain[at]
            wrapped = line[0].islower() and len(before) + 1 + len(line.split(None, 1)[0]) >= WRAP_COLUMN
            if wrapped or line.lstrip("( <[").startswith(("http://", "https://", "mailto:")):
                self.quoted[at] = True

    def _unquoted(self) -> list[SegmentKind]:
        """The kinds where no line is quoted: introductions, and the history at the end."""
        if True not in self.intro:
            kinds = [_BODY] * self.cut + [_QUOTE] * (len(self.lines) - self.cut)
        else:
            kinds = [_QUOTE if told or at >= self.cut else _BODY for at, told in enumerate(self.intro)]
        if _QUOTE in kinds:
            self._take_blanks(kinds)
        return kinds

    def _quotes(self) -> list[SegmentKind]:
        size = len(self.lines)
        kinds: list[SegmentKind] = [
            _QUOTE if self.intro[at] or at >= self.cut else _BODY for at in range(size)
        ]
        runs = self._runs()
        cited = self._ends_before_introduction(runs)
        own = [at for at in range(self.cut) if self.plain[at] and not self.quoted[at] and not self.intro[at]]
        # the first of the author's lines is no signature, so only what stands below a quote must be told from one
        below = bool(runs and own) and own[-1] >= runs[0][1]
        written = self._without_signature(own) if below else own
        for start, end in runs:
            before = any(at < start for at in written)
            after = any(at >= end for at in written)
            introduced = self._introduced(start)
            answered = after and (len(runs) > 1 or before or not introduced)
            if answered:
                self._keep_weak_introduction(kinds, start)
            elif introduced or (end not in cited and not self._is_cited(start)):
                kinds[start:end] = [_QUOTE] * (end - start)
                self._take_rule(kinds, start)
        self._take_blanks(kinds)
        return kinds

    def _runs(self) -> list[tuple[int, int]]:
        """Runs of quoted lines (blank and introducing lines between them included), before the cut."""
        runs: list[tuple[int, int]] = []
        start = end = -1
        for at in range(self.cut):
            if self.quoted[at]:
                if start < 0:
                    start = at
                end = at + 1
            elif start >= 0 and self.plain[at]:
                runs.append((start, end))
                start = -1
        if start >= 0:
            runs.append((start, end))
        return runs

    def _ends_before_introduction(self, runs: list[tuple[int, int]]) -> set[int]:
        """Ends of quotes that history follows: the author put them above it on purpose, as part of the message."""
        marks = [at for at in range(self.cut) if self.intro[at]]
        later = marks[-1] if marks else (self.cut if self.cut < len(self.lines) else -1)
        return {end for _, end in runs if end <= later}

    def _without_signature(self, own: list[int]) -> list[int]:
        """The author's lines less the signature, which may stand below a quote that nobody answered."""
        told: list[int] = []
        lines: list[str] = []
        for at in own:
            if told and told[-1] != at - 1:
                told.append(-1)
                lines.append("\n")
            told.append(at)
            lines.append(self.lines[at])
        return [at for at in told[: signature_start(lines)] if at >= 0] or own

    def _keep_weak_introduction(self, kinds: list[SegmentKind], start: int) -> None:
        """ "My colleague wrote:" above lines that stay is the author's own sentence."""
        at = start - 1
        while at >= 0 and (not self.plain[at] or at in self.weak):
            if at in self.weak:
                kinds[at] = _BODY
            at -= 1

    def _is_cited(self, start: int) -> bool:
        """Whether the author's own line above a quote leads to it ("I get this error:")."""
        at = start - 1
        while at >= 0 and not self.plain[at]:
            at -= 1
        return at >= 0 and not self.intro[at] and self.plain[at].endswith((":", "："))

    def _introduced(self, start: int) -> bool:
        at = start - 1
        while at >= 0 and not self.plain[at]:
            at -= 1
        return (at >= 0 and self.intro[at]) or self._introduces_itself(start)

    def _introduces_itself(self, start: int) -> bool:
        """Whether the quote that begins at line ``start`` has its attribution or header block inside, as some programs write."""
        inside = [line.lstrip("> \t") for line in self.plain[start : start + 8]]
        first = next((number for number, line in enumerate(inside) if line), len(inside))
        if any(attribution_at(inside, number) for number in range(first, min(first + 3, len(inside)))):
            return True
        return any(header_block_at(inside, number) for number in range(first, min(first + 2, len(inside))))

    def _take_rule(self, kinds: list[SegmentKind], start: int) -> None:
        """A rule that a program drew above the quote that begins at line ``start`` belongs to it."""
        at = start - 1
        while at > 0 and (not self.plain[at] or self.intro[at]):
            at -= 1
        rule = self.plain[at]
        # One that stands twice is the frame of a signature.
        if at > 0 and len(rule) >= MIN_RULE and set(rule) <= _SEPARATORS and rule not in self.plain[:at]:
            kinds[at] = _QUOTE

    def _take_blanks(self, kinds: list[SegmentKind]) -> None:
        """Blank lines next to history belong to it when they end the text or stand between two parts of it."""
        following: SegmentKind = _QUOTE if kinds and kinds[-1] == _QUOTE else _BODY
        for at in range(len(kinds) - 1, -1, -1):
            if self.plain[at]:
                following = kinds[at]
            elif following == _QUOTE:
                kinds[at] = _QUOTE
