"""Raw bytes of a mail to a :class:`~tui_desk.mail.message.ParsedMail`.

``parse`` is a row of small steps, each in a file of its own: header block, MIME tree, readable text, bounce, forward,
reply, kind. It never raises for bytes a mail can be made of; what was wrong with them is listed in ``defects``.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Final

from tui_desk.mail import bounce as bounces
from tui_desk.mail import classify, forward
from tui_desk.mail.addresses import address_list
from tui_desk.mail.authentication import trace_of
from tui_desk.mail.charsets import decoded, one_line
from tui_desk.mail.dates import mail_date
from tui_desk.mail.delivery import delivered_to
from tui_desk.mail.headers import Fields, counted, every, message_id, message_ids, text_of
from tui_desk.mail.invitation import MAX_CALENDAR, invitation_text
from tui_desk.mail.language import language_of
from tui_desk.mail.limits import MAX_ADDRESSES, MAX_FIELD, MAX_SHOWN_HEADER, MAX_SHOWN_HEADERS, MAX_SUBJECT
from tui_desk.mail.message import Address, ParsedAttachment, ParsedMail, Segment, UnreadableMail
from tui_desk.mail.mime import Part, Tree, leaves, read_tree
from tui_desk.mail.monitoring import monitoring_key
from tui_desk.mail.not_here import told_instead
from tui_desk.mail.readable import Readable, readable
from tui_desk.mail.reply import segments_of
from tui_desk.mail.words import header_line

MAX_FILENAME: Final = 255
_PATH: Final = re.compile(r"[/\\]+")


def parse(
    raw: bytes, *, own_addresses: frozenset[str] = frozenset(), desk_tokens: frozenset[str] = frozenset()
) -> ParsedMail:
    """What the engine sees in ``raw``.

    ``own_addresses`` are the company's addresses in lower case (loops, delivery); ``desk_tokens`` are the values of
    ``X-Tui-Desk`` that this desk writes. Raises :class:`UnreadableMail` for bytes that are empty.
    """
    if not raw or raw.isspace():
        raise UnreadableMail("the message is empty")
    tree = read_tree(raw)
    fields = tree.root.fields
    body = readable(tree)
    from_ = _addresses(tree, "from")
    subject = text_of(fields, "subject", MAX_SUBJECT, tree.hint)
    subject_raw = counted(fields, "subject")
    if subject_raw and len(subject_raw) > MAX_FIELD:
        tree.note("subject longer than 64 kB")
    bounce, report = bounces.read_bounce(tree, body.text, subject, from_)
    kind = classify.kind_of(
        classify.Signs(fields, tree.root.content_type, tree.root.params, subject, body.text, from_),
        bounce=bounce is not None and not report,
        report=bool(report),
        own_addresses=own_addresses,
        desk_tokens=desk_tokens,
    )
    passed_on = None if bounce or report else forward.read_forward(tree, body, subject)
    if passed_on is not None:
        segments: tuple[Segment, ...] = passed_on.segments
    elif bounce or report:
        segments = (Segment("body", body.text),) if body.text else ()
    else:
        segments = segments_of(body.text, body.history, body.history_from)
    added = "" if report or bounce else _added(tree, body.text)
    if added:
        segments = (*segments, Segment("body", added))
    attachments, digests = _attachments(tree, body)
    sender = _addresses(tree, "sender")
    return_path = _addresses(tree, "return-path")
    auto = text_of(fields, "auto-submitted", 100).lower()
    return ParsedMail(
        message_id=message_id(counted(fields, "message-id")),
        in_reply_to=next(iter(message_ids(counted(fields, "in-reply-to"))), None),
        references=message_ids(counted(fields, "references")),
        date=mail_date(text_of(fields, "date", 300)),
        subject=subject,
        from_=from_,
        reply_to=_addresses(tree, "reply-to"),
        to=_addresses(tree, "to"),
        cc=_addresses(tree, "cc"),
        sender=sender[0] if sender else None,
        return_path=return_path[0].address or None if return_path else None,
        delivered_to=delivered_to(fields, own_addresses),
        text=body.text + added,
        segments=segments,
        html=body.html,
        attachments=attachments,
        kind=kind,
        bounce=bounce,
        forwarded=passed_on.forwarded if passed_on else None,
        language=language_of(_for_language(segments, body.text)),
        defects=tuple(tree.defects),
        auto_submitted=re.split(r"[\s;(]", auto, maxsplit=1)[0] if auto else "",
        precedence=text_of(fields, "precedence", 40).lower(),
        list_id=text_of(fields, "list-id", 300) or None,
        headers=_shown(fields, tree.hint),
        authentication_results=tuple(
            one_line(value[:MAX_FIELD].decode("utf-8", "replace"), 4_000)  # encoded words stay as they are
            for value in every(fields, "authentication-results")
        )[:20],
        part_digests=digests,
        trace=trace_of(fields),
        monitoring_key=monitoring_key(fields, subject, body.text),
        receipt=report == "receipt",
    )


def content_digest(parsed: ParsedMail) -> str:
    """sha256 (hex) over From, Date, Subject and the decoded parts: equal for two deliveries of one mail.

    Trace headers (Received, Delivered-To, ...) and transfer encodings differ between deliveries and do not count.
    """
    date = parsed.date.isoformat() if parsed.date else ""
    senders = ",".join(person.address.lower() for person in parsed.from_)
    told = "\n".join((senders, date, parsed.subject, *parsed.part_digests))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()


def _addresses(tree: Tree, name: str) -> tuple[Address, ...]:
    """The people in a field. To and Cc are put together where they stand more than once (RFC 5322, 4.5.3)."""
    if name in ("to", "cc"):
        values = list(every(tree.root.fields, name))
    else:
        value = counted(tree.root.fields, name)
        if value is None:
            return ()
        values = [value]
    found: tuple[Address, ...] = ()
    for value in values:
        some, cut = address_list(value, tree.hint)
        if cut:
            tree.note(f"too many addresses in {name}")
        found = (*found, *some) if found else some
        if len(found) >= MAX_ADDRESSES:
            break
    return found[:MAX_ADDRESSES]


def _added(tree: Tree, text: str) -> str:
    """What the reader puts below the text: the invitation in words; what the mail is instead, where it has no text."""
    blocks = []
    empty = not text.strip()
    for part in leaves(tree.root):
        if part.content_type in ("text/calendar", "application/ics"):
            content = tree.content(part)[: MAX_CALENDAR * 2]
            words = invitation_text(decoded(content, part.params.get("charset") or "utf-8")[0], whole=empty)
            if words:
                blocks.append(words)
                break
    if empty and (told := told_instead(tree)):
        blocks.append(told)
    if not blocks:
        return ""
    before = "" if not text else "\n" if text.endswith("\n") else "\n\n"
    return before + "\n".join(blocks)


def _for_language(segments: tuple[Segment, ...], text: str) -> str:
    own = "".join(segment.text for segment in segments if segment.kind == "body")
    return own if len(own) > 40 else text


def _attachments(tree: Tree, body: Readable) -> tuple[tuple[ParsedAttachment, ...], tuple[str, ...]]:
    """The parts that are not the readable text, decoded, and the digests of all parts in their order."""
    texts = {part.index for part in body.parts}
    found: list[ParsedAttachment] = []
    digests: list[str] = []
    for part in (*leaves(tree.root), *tree.inside):
        if part.index in texts or part.content_type.startswith("text/"):
            lines = tree.with_line_feeds(part).rstrip(b"\n")
            digests.append(hashlib.sha256(lines).hexdigest())
        if part.index in texts:
            continue
        content = tree.content(part)
        digest = hashlib.sha256(content).hexdigest()
        if not part.content_type.startswith("text/"):
            digests.append(digest)
        found.append(_attachment(part, content, digest, body))
    return tuple(found), tuple(digests)


def _attachment(part: Part, content: bytes, digest: str, body: Readable) -> ParsedAttachment:
    content_id = text_of(part.fields, "content-id", 500).strip("<> ") or None
    named = content_id is not None and body.html is not None and f"cid:{content_id}" in body.html
    inline = part.disposition != "attachment" and (part.disposition == "inline" or named)
    return ParsedAttachment(
        filename=plain_filename(part.name),
        content_type=one_line(part.content_type, 100),
        size=len(content),
        sha256=digest,
        content_id=content_id,
        inline=inline or named,
        content=content,
        part=part.index,
    )


def plain_filename(name: str) -> str:
    """The decoded name without its path, control characters shown as pictures. Not yet safe as a name of a file:
    ``core.safe_text.safe_filename`` makes it so where it is stored."""
    name = one_line(name, MAX_FILENAME)
    return _PATH.split(name)[-1] if "/" in name or "\\" in name else name


def _shown(fields: Fields, hint: str | None) -> tuple[tuple[str, str], ...]:
    return tuple(
        [
            (_title(name), header_line(value[: MAX_SHOWN_HEADER * 2], MAX_SHOWN_HEADER, hint))
            for name, value in fields[:MAX_SHOWN_HEADERS]
        ]
    )


_title: Final = lru_cache(maxsize=512)(str.title)
"""Of most names of fields there are few."""
