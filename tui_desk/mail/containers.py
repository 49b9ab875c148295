"""Parts that hold a message in a form of their own: TNEF (``winmail.dat``) and opaque S/MIME are opened into the tree.

The container stays among the attachments where something in it could not be shown (a signature, a damage).
"""

from __future__ import annotations

import re
from typing import Final

from tui_desk.mail.cms import read_cms
from tui_desk.mail.limits import MAX_DEPTH, MAX_PARTS
from tui_desk.mail.mime import Part, Tree, leaves, read_part
from tui_desk.mail.tnef import TnefMessage, read_tnef
from tui_desk.mail.transfer import base64_bytes

ENCRYPTED_PGP: Final = "encrypted with PGP; the content cannot be read here"
ENCRYPTED_SMIME: Final = "encrypted with S/MIME; the content cannot be read here"

_TNEF_TYPES: Final = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_SMIME_TYPES: Final = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF_NAME: Final = re.compile(r"(?i)win(?:mail)?\d{0,4}\.dat\Z")
_MAX_OPENED: Final = 20
_BODY_NAMES: Final = {"text/plain": "message.txt", "text/html": "message.html"}


def open_containers(tree: Tree) -> None:
    """Opens the containers in ``tree``, also those inside each other. Never raises."""
    opened = 0
    waiting = [tree.root]
    while waiting:
        part = waiting.pop()
        if part.content_type == "multipart/encrypted":
            tree.note(ENCRYPTED_PGP)
        if part.children:
            waiting += part.children
        elif opened < _MAX_OPENED and (kind := _kind(part)):
            opened += 1
            _open_tnef(tree, part) if kind == "tnef" else _open_smime(tree, part)
            waiting += [child for child in part.children if child.source is not part.source]


def _kind(part: Part) -> str:
    if part.content_type in _TNEF_TYPES:
        return "tnef"
    if part.content_type in _SMIME_TYPES:
        return "smime"
    if part.content_type == "application/octet-stream" and part.name:
        name = part.name.lower()
        return "tnef" if _TNEF_NAME.match(name) else "smime" if name.endswith((".p7m", ".p7z")) else ""
    return ""


def _open_smime(tree: Tree, part: Part) -> None:
    content = tree.content(part)
    if content.lstrip()[:11] == b"-----BEGIN ":
        content = _unarmoured(content)
    found = read_cms(content)
    if found is None:
        tree.note("S/MIME part that cannot be read")
        return
    if found.kind == "encrypted":
        tree.note(ENCRYPTED_SMIME)
    if not found.content:
        return
    # The signature cannot be told from the rest: the whole body is kept beside what it signs.
    _keep_as_child(tree, part, "multipart/signed", "smime.p7m")
    inner = found.content.lstrip(b"\r\n") if found.content[:1] in b"\r\n" else found.content
    part.children.insert(0, read_part(tree, inner, 0, len(inner), "text/plain", MAX_DEPTH - 10))


def _unarmoured(content: bytes) -> bytes:
    lines = [line for line in content.split(b"\n") if not line.startswith(b"-----")]
    return base64_bytes(b"\n".join(lines))


def _open_tnef(tree: Tree, part: Part) -> None:
    message = read_tnef(tree.content(part))
    if message is None:
        tree.note("winmail.dat that cannot be read")
        return
    if message.damaged:
        tree.note("winmail.dat that is damaged")
        _keep_as_child(tree, part, "multipart/mixed", "winmail.dat")
    elif not message.files and not message.text and not message.html:
        return
    part.content_type, part.encoding, part.disposition = "multipart/mixed", "", ""
    if not _has_text(tree):
        _add_body(tree, part, message, "")
    _add_files(tree, part, message)


def _add_files(tree: Tree, part: Part, message: TnefMessage) -> None:
    for file in message.files:
        if tree.count >= MAX_PARTS:
            tree.note(f"more than {MAX_PARTS} parts")
            return
        if file.inner is not None:
            _add_body(tree, part, file.inner, file.name or file.inner.subject or "message")
            _add_files(tree, part, file.inner)
        else:
            kind = (
                file.content_type.lower() if file.content_type.count("/") == 1 else "application/octet-stream"
            )
            tree.add(part, file.name, kind, file.content, file.content_id).disposition = "attachment"


def _add_body(tree: Tree, part: Part, message: TnefMessage, name: str) -> None:
    kind, text = ("text/html", message.html) if message.html else ("text/plain", message.text)
    if not text:
        return
    child = tree.add(part, "", kind, text.encode("utf-8", "replace"))
    child.params = {"charset": "utf-8"}
    if name:
        child.disposition = "attachment"
        child.params["name"] = name + (".html" if message.html else ".txt")


def _has_text(tree: Tree) -> bool:
    return any(
        leaf.content_type in _BODY_NAMES
        and leaf.disposition != "attachment"
        and bool(leaf.source[leaf.start : min(leaf.end, leaf.start + 2_000)].strip())
        for leaf in leaves(tree.root)
    )


def _keep_as_child(tree: Tree, part: Part, as_type: str, name: str) -> None:
    """Makes ``part`` a multipart whose first child is what it was."""
    kept = Part(
        part.source, part.fields, part.content_type, part.params, "attachment", part.disposition_params, part.encoding,
        part.start, part.end, tree.count,
    )  # fmt: skip
    if not kept.name:
        kept.params = {**kept.params, "name": name}
    tree.count += 1
    part.content_type, part.encoding, part.disposition = as_type, "", ""
    part.children.append(kept)
