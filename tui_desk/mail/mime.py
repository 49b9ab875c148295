"""The MIME tree of a mail (RFC 2045, 2046): parts, their decoded content, and which of them are the readable text.

One reader for every mail, built on the standard library's C functions (``bytes.find``, ``binascii``, codecs). It works
on offsets into the raw bytes, so that nesting copies nothing, and is bounded in parts and depth. The standard library's own
``email`` package raises on nested parts by the thousand and is ten times slower; the tests compare against it.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass, field
from typing import Final

from tui_desk.mail.charsets import decoded, tidy
from tui_desk.mail.headers import Fields, first, parameters, split_header
from tui_desk.mail.limits import MAX_DEFECTS, MAX_DEPTH, MAX_PARTS
from tui_desk.mail.words import base64_bytes

_GUESS: Final = re.compile(rb"^--([^\s-][^\r\n]{0,69}?)[ \t]*\r?$", re.MULTILINE)
_UU: Final = re.compile(rb"^begin [0-7]{3,4} [^\r\n]*\r?\n", re.MULTILINE)
_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)


@dataclass(slots=True)
class Part:
    """One node of the tree. ``start`` and ``end`` bound its body in the raw bytes; ``index`` counts depth first."""

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

    def content(self, part: Part) -> bytes:
        """The decoded content of a leaf."""
        data = self.raw[part.start : part.end]
        match part.encoding:
            case "base64":
                return base64_bytes(data)
            case "quoted-printable":
                return binascii.a2b_qp(data)
            case "x-uuencode" | "uuencode" | "x-uue" | "uue":
                return uudecoded(data)
        return data

    def text(self, part: Part) -> str:
        """The decoded text of a text part, with ``\\n`` and no control characters."""
        data = self.content(part)
        charset = part.params.get("charset")
        if charset is None and part.content_type == "text/html":
            found = _META_CHARSET.search(data[:2_048])
            charset = found[1].decode("ascii", "replace") if found else None
        text, defect = decoded(data, charset)
        if defect:
            self.note(defect)
        text = tidy(text)
        if part.params.get("format", "").lower() == "flowed" and part.content_type == "text/plain":
            return unflowed(text, part.params.get("delsp", "").lower() == "yes")
        return text

    def note(self, defect: str) -> None:
        """Records a defect, each once and not too many."""
        if defect not in self.defects and len(self.defects) < MAX_DEFECTS:
            self.defects.append(defect)


def read_tree(raw: bytes) -> Tree:
    """The MIME tree of ``raw``. Never raises."""
    fields, body, defects = split_header(raw, 0, len(raw))
    tree = Tree(raw, _part(fields, body, len(raw), 0, "text/plain"), defects)
    tree.count = 1
    _descend(tree, tree.root, 1)
    return tree


def leaves(part: Part) -> list[Part]:
    """Every part without children, depth first (``part`` itself when it has none)."""
    if not part.children:
        return [part]
    return [leaf for child in part.children for leaf in leaves(child)]


def _part(fields: Fields, start: int, end: int, index: int, default: str) -> Part:
    content_type, params = parameters(first(fields, "content-type"))
    if content_type.count("/") != 1 or content_type[0] == "/" or content_type[-1] == "/":
        content_type = {"text": "text/plain", "html": "text/html"}.get(content_type, "")
        if not content_type:
            content_type = (
                default if first(fields, "content-type") is None or default != "text/plain" else "text/plain"
            )
    disposition, disposition_params = parameters(first(fields, "content-disposition"))
    encoding = parameters(first(fields, "content-transfer-encoding"))[0]
    return Part(fields, content_type, params, disposition, disposition_params, encoding, start, end, index)


def _descend(tree: Tree, part: Part, depth: int) -> None:
    if not part.content_type.startswith("multipart/"):
        return
    if depth > MAX_DEPTH:
        tree.note(f"more than {MAX_DEPTH} levels of nesting")
        part.content_type = "application/octet-stream"
        return
    spans = _spans(tree, part)
    if not spans:
        tree.note("multipart without parts")
        part.content_type = "text/plain"
        part.encoding = part.encoding if part.encoding in ("base64", "quoted-printable") else ""
        return
    default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
    for start, end in spans:
        if tree.count >= MAX_PARTS:
            tree.note(f"more than {MAX_PARTS} parts")
            return
        fields, body, defects = split_header(tree.raw, start, end)
        for defect in defects:
            tree.note(f"{defect} (in a part)")
        child = _part(fields, body, end, tree.count, default)
        tree.count += 1
        part.children.append(child)
        _descend(tree, child, depth + 1)


def _spans(tree: Tree, part: Part) -> list[tuple[int, int]]:
    """Where the parts between the delimiter lines of ``part`` begin and end."""
    raw = tree.raw
    boundary = part.params.get("boundary", "").encode("utf-8", "replace").rstrip()
    if not boundary:
        tree.note("multipart without a boundary")
        guess = _GUESS.search(raw, part.start, min(part.end, part.start + 100_000))
        if guess is None:
            return []
        boundary = guess[1]
    delimiter = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened, at, closed = -1, part.start, False
    while not closed and len(spans) <= MAX_PARTS:
        at = raw.find(delimiter, at, part.end)
        if at < 0:
            break
        after = at + len(delimiter)
        line_end = raw.find(b"\n", after, part.end)
        line_end = part.end if line_end < 0 else line_end
        rest = raw[after : min(line_end, after + 200)].strip()
        if (at == part.start or raw[at - 1] in b"\r\n") and rest in (b"", b"--"):
            if opened >= 0:
                spans.append((opened, _without_line_end(raw, opened, at)))
            opened, closed = line_end + 1, rest == b"--"
        at = after
    if opened >= 0 and not closed:
        tree.note("multipart that is not closed")
        if opened < part.end:
            spans.append((opened, part.end))
    return spans


def _without_line_end(raw: bytes, start: int, end: int) -> int:
    if end > start and raw[end - 1] == 10:
        end -= 1
    if end > start and raw[end - 1] == 13:
        end -= 1
    return max(start, end)


def uudecoded(data: bytes) -> bytes:
    """The content of a uuencoded part; lines that cannot be decoded are passed over."""
    begin = _UU.search(data)
    out: list[bytes] = []
    for line in data[begin.end() if begin else 0 :].splitlines():
        if line.strip() == b"end":
            break
        try:
            out.append(binascii.a2b_uu(line))
        except binascii.Error:
            length = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
            try:
                out.append(binascii.a2b_uu(line[:length]))
            except binascii.Error:
                continue
    return b"".join(out)


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
        is_text = child.content_type in ("text/plain", "text/html") and child.disposition != "attachment"
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
