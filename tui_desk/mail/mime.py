"""The MIME tree of a mail (RFC 2045, 2046): parts, their decoded content, and which of them are the readable text.

One reader for every mail, built on the standard library's C functions (``bytes.find``, ``binascii``, codecs). It works
on offsets into the raw bytes, so that nesting copies nothing, and is bounded in parts and depth; ``containers`` opens what
holds parts in other ways. The standard library's own
``email`` package raises on nested parts by the thousand and is ten times slower; the tests compare against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tui_desk.mail.charsets import clean_ascii, decoded, tidy
from tui_desk.mail.headers import Fields, counted, doubled, mail_start, parameters, split_header
from tui_desk.mail.limits import MAX_DEFECTS, MAX_DEPTH, MAX_PARTS
from tui_desk.mail.transfer import encoding_name, transfer_decoded

_MAX_KEPT: Final = 1_000_000
"""Bytes of a text with its line ends replaced that are kept for the next who asks."""
_TEXTS: Final = frozenset({"text/plain", "text/html"})
_LESS_USUAL: Final = _TEXTS | {"text/enriched", "text/richtext"}
_GUESS: Final = re.compile(
    rb"^--([^\s][^\r\n]{0,199}?)[ \t]*\r?\n(?=(content-)|\r?\n)", re.MULTILINE | re.IGNORECASE
)
_PART_HEADER: Final = re.compile(rb"\s*content-(?:type|transfer-encoding|disposition)[ \t]*:", re.IGNORECASE)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset[ \t]*=[ \t]*[\"']?(?!us-ascii|utf-?8)([\w:.-]{2,40})")


@dataclass(slots=True)
class Part:
    """One node of the tree. ``start`` and ``end`` bound its body in ``source``: the raw mail, or the bytes of a container
    (TNEF, S/MIME, a file inside a text) that was opened. ``index`` counts in the order of finding, depth first.
    """

    source: bytes
    fields: Fields
    content_type: str
    params: dict[str, str]
    disposition: str
    disposition_params: dict[str, str]
    encoding: str
    start: int
    end: int
    index: int
    children: list[Part] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file name the mail gives, decoded, "" where it gives none."""
        return self.disposition_params.get("filename") or self.params.get("name") or ""


@dataclass(slots=True)
class Tree:
    """A read mail: its root part, the bytes, and what was wrong with them."""

    raw: bytes
    root: Part
    defects: list[str]
    count: int = 0
    hint: str | None = None
    """A charset the mail names for its text; for 8-bit header fields."""
    inside: list[Part] = field(default_factory=list)
    """Files found inside texts (uuencode, yEnc, PGP signatures)."""
    texts: dict[int, bytes] = field(default_factory=dict)
    """The decoded content of text parts by the number of the part: it is asked for more than once."""
    unix: dict[int, bytes] = field(default_factory=dict)
    """The same with line feeds only."""

    def content(self, part: Part) -> bytes:
        """The decoded content of a leaf."""
        if not part.encoding:
            return part.source[part.start : part.end]
        text = part.content_type.startswith("text/")
        if text and part.index in self.texts:
            return self.texts[part.index]
        content, defect = transfer_decoded(part.source[part.start : part.end], part.encoding, text)
        if defect:
            self.note(defect)
        if text:
            self.texts[part.index] = content
        return content

    def with_line_feeds(self, part: Part) -> bytes:
        """The decoded content of a leaf, each CR LF replaced by a line feed; what is asked for twice is made once."""
        found = self.unix.get(part.index)
        if found is None:
            content = self.content(part)
            found = content.translate(None, b"\r")
            if len(content) - len(found) != content.count(b"\r\n"):
                found = content.replace(b"\r\n", b"\n")
            if len(found) <= _MAX_KEPT and part.content_type.startswith("text/"):
                self.unix[part.index] = found
        return found

    def text(self, part: Part, content: bytes | None = None) -> str:
        """The text of a text part (or of its ``content``, given), with ``\\n`` and no control characters."""
        charset = part.params.get("charset")
        if charset is None and part.content_type == "text/html":
            found = _META_CHARSET.search((self.content(part) if content is None else content)[:2_048])
            charset = found[1].decode("ascii", "replace") if found else None
        text = clean_ascii(self.with_line_feeds(part), charset) if content is None else None
        if text is None:
            data = self.content(part) if content is None else content
            text, defect = decoded(data, charset, self.hint)
            if defect:
                self.note(defect)
            text = tidy(text)
        if part.params.get("format", "").lower() == "flowed" and part.content_type == "text/plain":
            return unflowed(text, part.params.get("delsp", "").lower() == "yes")
        return text

    def add(self, parent: Part, name: str, content_type: str, content: bytes, content_id: str = "") -> Part:
        """A part that was found inside another one, as a child of ``parent``."""
        fields = Fields([("content-id", content_id.encode("utf-8", "replace"))] if content_id else ())
        part = Part(content, fields, content_type, {"name": name}, "", {}, "", 0, len(content), self.count)
        self.count += 1
        parent.children.append(part)
        return part

    def add_inside(self, name: str, content_type: str, content: bytes) -> None:
        """A file that was found inside a text."""
        params = {"name": name}
        self.inside.append(
            Part(content, Fields(), content_type, params, "attachment", {}, "", 0, len(content), self.count)
        )
        self.count += 1

    def note(self, defect: str) -> None:
        """Records a defect, each once and not too many."""
        if defect not in self.defects and len(self.defects) < MAX_DEFECTS:
            self.defects.append(defect)


def read_tree(raw: bytes) -> Tree:
    """The MIME tree of ``raw``. Never raises."""
    start = mail_start(raw)
    fields, body, defects = split_header(raw, start, len(raw))
    if start:
        defects.append("something before the headers")
    # A search in lower case has a literal to look for and takes a tenth of the time.
    found = None if raw.isascii() else _CHARSET.search(raw[:100_000].lower())
    hint = found[1].decode("ascii", "replace") if found else None
    tree = Tree(raw, _part(raw, fields, body, len(raw), 0, "text/plain", hint), defects, hint=hint)
    for defect in doubled(fields):
        tree.note(defect)
    tree.count = 1
    descend(tree, tree.root, 1)
    return tree


def leaves(part: Part) -> list[Part]:
    """Every part without children, depth first (``part`` itself when it has none)."""
    if not part.children:
        return [part]
    return [leaf for child in part.children for leaf in leaves(child)]


def _part(
    source: bytes, fields: Fields, start: int, end: int, index: int, default: str, hint: str | None
) -> Part:
    content_type, params = parameters(counted(fields, "content-type"), hint)
    if content_type.count("/") != 1 or content_type[0] == "/" or content_type[-1] == "/":
        known = {
            "text": "text/plain",
            "plain": "text/plain",
            "html": "text/html",
            "multipart": "multipart/mixed",
        }
        content_type = known.get(content_type, "multipart/mixed" if params.get("boundary") else default)
    disposition, disposition_params = parameters(counted(fields, "content-disposition"), hint)
    encoding = counted(fields, "content-transfer-encoding")
    name = encoding_name(encoding[:200].decode("ascii", "replace")) if encoding else ""
    return Part(
        source, fields, content_type, params, disposition, disposition_params, name, start, end, index
    )


def descend(tree: Tree, part: Part, depth: int) -> None:
    """Finds the parts of a multipart and their parts."""
    if not part.content_type.startswith("multipart/"):
        return
    if depth > MAX_DEPTH:
        tree.note(f"more than {MAX_DEPTH} levels of nesting")
        part.content_type = "application/octet-stream"
        return
    spans = _spans(tree, part)
    if not spans and part.encoding:
        # Forbidden (RFC 2045, 6.4), and done: the whole multipart is encoded.
        content, _ = transfer_decoded(part.source[part.start : part.end], part.encoding, text=True)
        part.source, part.start, part.end, part.encoding = content, 0, len(content), ""
        tree.note("encoded multipart")
        spans = _spans(tree, part)
    if not spans:
        tree.note("multipart without parts")
        part.content_type = "text/plain"
        return
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if tree.count >= MAX_PARTS:
            tree.note(f"more than {MAX_PARTS} parts")
            return
        part.children.append(read_part(tree, part.source, start, end, default, depth + 1))


def read_part(tree: Tree, source: bytes, start: int, end: int, default: str, depth: int) -> Part:
    """The part (headers and body) in ``source[start:end]``, with its own parts."""
    fields, body, defects = split_header(source, start, end)
    for defect in (*defects, *doubled(fields)):
        tree.note(f"{defect} (in a part)")
    part = _part(source, fields, body, end, tree.count, default, tree.hint)
    tree.count += 1
    descend(tree, part, depth)
    return part


def _spans(tree: Tree, part: Part) -> list[tuple[int, int]]:
    """Where the parts between the delimiter lines of ``part`` begin and end."""
    boundary = part.params.get("boundary", "").encode("utf-8", "replace").strip()
    spans = _between(tree, part, boundary) if boundary else []
    if spans:
        return spans
    if not boundary:
        tree.note("multipart without a boundary")
    found = _guessed_boundary(part)
    if found and boundary:
        tree.note("multipart with another boundary than it names")
    return _between(tree, part, found) if found else []


def _guessed_boundary(part: Part) -> bytes:
    """What a line that looks like a delimiter has behind its dashes, b"" where there is none. A line before an empty one
    may be a ruler in a text: it counts where it closes the multipart, too."""
    for count, match in enumerate(
        _GUESS.finditer(part.source, part.start, min(part.end, part.start + 100_000))
    ):
        boundary = match[1].strip()
        if match[2] or part.source.find(b"\n--" + boundary + b"--", match.end(), part.end) >= 0:
            return boundary
        if count > 20:
            break
    return b""


def _between(tree: Tree, part: Part, boundary: bytes) -> list[tuple[int, int]]:
    raw, delimiter = part.source, b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened, at, closed = -1, part.start, False
    while len(spans) <= MAX_PARTS:
        at = raw.find(delimiter, at, part.end)
        if at < 0:
            break
        after = at + len(delimiter)
        if at > part.start and raw[at - 1] not in b"\r\n":
            at = after
            continue
        line_end = _line_end(raw, after, part.end)
        rest = raw[after : min(line_end, after + 200)].strip()
        if rest in (b"", b"--"):
            if opened >= 0:
                spans.append((opened, _without_line_end(raw, opened, at)))
            elif not spans and _PART_HEADER.match(raw, part.start, at):
                tree.note("first part without a delimiter")
                spans.append((part.start, _without_line_end(raw, part.start, at)))
            if closed and not rest:
                tree.note("parts behind the end of a multipart")
            # What follows a closing delimiter is no part, unless another delimiter follows.
            closed = rest == b"--"
            opened = -1 if closed else line_end + 1
        at = after
    if opened >= 0 and len(spans) <= MAX_PARTS:
        tree.note("multipart that is not closed")
        if opened < part.end:
            spans.append((opened, part.end))
    return spans


def _line_end(raw: bytes, start: int, end: int) -> int:
    """Where the line end nearest after ``start`` is (its last byte)."""
    newline = raw.find(b"\n", start, end)
    carriage = raw.find(b"\r", start, min(end, start + 200))
    if (
        carriage >= 0
        and raw[carriage : carriage + 3] not in (b"\r\r\n",)
        and raw[carriage + 1 : carriage + 2] != b"\n"
    ):
        return carriage
    return end if newline < 0 else newline


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    if end > start and raw[end - 1] == 10:
        end -= 1
    if end > start and raw[end - 1] == 13:
        end -= 1
    return max(start, end)


def unflowed(text: str, delete_space: bool) -> str:
    """Paragraphs of ``format=flowed`` text joined again (RFC 3676, 4); quote depths and signatures stay apart."""
    paragraphs: list[list[str]] = []
    open_depth = -1
    for line in text.split("\n"):
        content = line.lstrip(">")
        depth = len(line) - len(content)
        content = content[1:] if content.startswith(" ") else content
        flows = content.endswith(" ") and content != "-- "
        kept = content[:-1] if flows and delete_space else content
        if open_depth == depth and content != "-- ":
            paragraphs[-1].append(kept)
        else:
            paragraphs.append([">" * depth + " ", kept] if depth else [kept])
        open_depth = depth if flows else -1
    joined = ("".join(pieces) for pieces in paragraphs)
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in joined)


def readable_parts(tree: Tree) -> tuple[list[Part], list[Part], list[Part]]:
    """The parts that are the plain text, those that are the HTML text, and all others (RFC 8621, 4.1.4).

    Media shown between the texts count as attachments here: a terminal lists them.
    """
    plain: list[Part] = []
    html: list[Part] = []
    attached: list[Part] = []
    _sort(tree.root, plain, html, attached)
    if not plain and not html:
        # A text where none is expected (second in multipart/related, of another kind) is still what somebody wrote.
        lost = [part for part in attached if part.disposition != "attachment" and not part.name]
        for part in lost:
            if part.content_type in _LESS_USUAL or (
                part is tree.root
                and part.content_type.startswith("text/")
                and part.content_type != "text/calendar"
            ):
                attached.remove(part)
                plain.append(part)
                html.append(part)
                break
    return plain, html, attached


def _sort(
    part: Part, plain: list[Part], html: list[Part], attached: list[Part], in_alternative: bool = False
) -> None:
    """``plain`` and ``html`` get both kinds where there is no alternative, the same way a reader shows them."""
    siblings = part.children or [part]
    kind = part.content_type if part.children else ""
    in_alternative = in_alternative or kind == "multipart/alternative"
    before = len(plain), len(html)
    for position, child in enumerate(siblings):
        if child.children:
            _sort(child, plain, html, attached, in_alternative)
            continue
        is_text = child.content_type in _TEXTS and child.disposition != "attachment"
        if not is_text or (position and (kind == "multipart/related" or child.name)):
            attached.append(child)
            continue
        if not in_alternative or child.content_type == "text/plain":
            plain.append(child)
        if not in_alternative or child.content_type == "text/html":
            html.append(child)
    if kind == "multipart/alternative":
        if len(plain) == before[0]:
            plain += html[before[1] :]
        elif len(html) == before[1]:
            html += plain[before[0] :]
