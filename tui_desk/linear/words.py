"""Tickets, messages and their state as sentences. What a sign or a colour says on the screens, a word says here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from tui_desk.contracts.conversation import AttachmentView, MessageView, OutgoingView
from tui_desk.contracts.queue import PresenceView, SnoozeView, TicketRow
from tui_desk.contracts.tickets import TicketView
from tui_desk.core import moment_text
from tui_desk.core.enums import (
    DeliveryState,
    Direction,
    MailKind,
    MessageKind,
    PresenceMode,
    Priority,
    SegmentKind,
)
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line, visible_address, visible_name
from tui_desk.core.words import word
from tui_desk.screens import words

PART_LINES = 40
"""Lines of a message that are read at once."""


def ago(since: datetime, now: datetime) -> str:
    """How long ago, in its largest unit, as a word."""
    minutes = max(0, int((now - since).total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 100:
        return ngettext("{count} minute ago", "{count} minutes ago", minutes).format(count=minutes)
    hours = minutes // 60
    if hours < 49:
        return ngettext("{count} hour ago", "{count} hours ago", hours).format(count=hours)
    return ngettext("{count} day ago", "{count} days ago", hours // 24).format(count=hours // 24)


def people_here(presence: Iterable[PresenceView]) -> str:
    """Who else is at a ticket."""
    return " ".join(
        (
            _("{agent} is writing.") if who.mode is PresenceMode.WRITING else _("{agent} is looking at it.")
        ).format(agent=safe_line(who.agent, 40))
        for who in presence
    )


def urgency(priority: Priority) -> str:
    """A priority as part of a sentence."""
    return _("{priority} priority").format(priority=word(priority))


def row_sentence(row: TicketRow, now: datetime, login: str = "") -> str:
    """One ticket of a list, for the agent ``login``: number, urgency, status, requester, subject, who waits since when, who has it, who is at it."""
    who = safe_line(row.requester, 60) or _("nobody known")
    head = _("#{number}, {urgency}, {status}, from {who}: {subject}.").format(
        number=row.number,
        urgency=urgency(row.priority),
        status=word(row.status),
        who=who,
        subject=_ended(safe_line(row.subject, 300)) or _("(no subject)"),
    )
    when = ago(row.updated_at, now)
    waits = (
        _("Waits for an answer, last change {when}.")
        if row.requester_waiting
        else _("Answered, last change {when}.")
    )
    has = _holder(row.assignee, login)
    put_off = _("Put off {until}.").format(until=_put_off(row.snooze, now)) if row.snooze is not None else ""
    return " ".join(filter(None, (head, waits.format(when=when), has, put_off, people_here(row.presence))))


def _put_off(snooze: SnoozeView, now: datetime) -> str:
    return words.snoozed(snooze, now).replace(" · ", ", ")


def _holder(assignee: str, login: str) -> str:
    if not assignee:
        return _("Nobody has it.")
    return (
        _("It is yours.")
        if assignee == login
        else _("It is with {agent}.").format(agent=safe_line(assignee, 40))
    )


def _ended(text: str) -> str:
    return text.rstrip(".")


def ticket_sentences(ticket: TicketView, now: datetime) -> list[str]:
    """The head of a ticket, what is gravest first."""
    who = safe_line(ticket.requester_name, 80)
    if ticket.requester_address and ticket.requester_address != ticket.requester_name:
        who = f"{who} <{visible_address(ticket.requester_address)}>".strip()
    state = _("{urgency}, {status}, from {who}, opened {when}.").format(
        urgency=urgency(ticket.priority), status=word(ticket.status), who=who or _("nobody known"),
        when=ago(ticket.created_at, now),
    )  # fmt: skip
    return [
        f"#{ticket.number}: {safe_line(ticket.subject, 300) or _('(no subject)')}",
        state[:1].upper() + state[1:],
        " ".join(_whose(ticket)),
        *_standing(ticket, now),
        *_drafts(ticket, now),
        *filter(None, (people_here(ticket.presence),)),
    ]


def _whose(ticket: TicketView) -> Iterator[str]:
    """Who is next, and to whom and what it belongs."""
    yield _("It waits for an answer of ours.") if ticket.requester_waiting else _("It is answered.")
    if ticket.assignee:
        yield _("{agent} has it.").format(agent=safe_line(ticket.assignee, 60))
    else:
        yield _("Nobody has it.")
    if ticket.team:
        yield _("Team {name}.").format(name=safe_line(ticket.team, 60))
    if ticket.category:
        yield _("Category {name}.").format(name=safe_line(ticket.category, 60))
    if ticket.tags:
        yield _("Tags: {tags}.").format(tags=safe_line(", ".join(ticket.tags), 200))


def _standing(ticket: TicketView, now: datetime) -> Iterator[str]:
    """What is out of the ordinary with it."""
    if ticket.spam:
        yield _("It is marked as spam.")
    if ticket.blocked:
        yield _("Mail of the requester is held back.")
    if ticket.merged_into is not None:
        yield _("Merged into #{number}: everything is there.").format(number=ticket.merged_into)
    if ticket.snooze:
        yield _("Put off {until}.").format(until=_put_off(ticket.snooze, now))
    if ticket.next_action:
        yield _("Next action: {text}.").format(text=_ended(safe_line(ticket.next_action, 200)))


def _drafts(ticket: TicketView, now: datetime) -> Iterator[str]:
    for draft in ticket.drafts:
        kind = word(draft.kind)
        if draft.mine:
            yield _("Your draft ({kind}) of {when} is kept.").format(
                kind=kind, when=ago(draft.updated_at, now)
            )
        else:
            yield _("{agent} has a draft ({kind}).").format(agent=safe_line(draft.agent, 40), kind=kind)


def message_head(ticket: TicketView, message: MessageView, now: datetime) -> str:
    """Which message it is, whose, and when it was written."""
    place = next(i for i, one in enumerate(ticket.messages) if one.id == message.id)
    who = safe_line(message.author, 80) or visible_address(message.author_address)
    if not message.is_agent and message.author_address and message.author_address != message.author:
        who = f"{who} <{visible_address(message.author_address)}>"
    if message.kind is MessageKind.NOTE or message.direction is Direction.INTERNAL:
        told = _("internal note of {who}")
    elif message.direction is Direction.OUT:
        told = _("{who} to {to}")
    else:
        told = _("{who} wrote")
    to = ", ".join(visible_address(one.address) for one in message.to)
    return _("Message {place} of {count}: {told}, {when}, {ago}.").format(
        place=ticket.earlier + place + 1,
        count=ticket.earlier + len(ticket.messages),
        told=told.format(who=who, to=to),
        when=moment_text.day_and_hour(message.at, now),
        ago=ago(message.at, now),
    )


def message_lines(message: MessageView, now: datetime) -> list[str]:
    """Warnings first, then the text with its quotes counted, then files and what became of it."""
    lines = []
    if message.mail_kind is not None and message.mail_kind is not MailKind.PERSONAL:
        lines.append(word(message.mail_kind))
    lines += [_("Careful: {mark}").format(mark=safe_line(mark, 200)) for mark in message.marks]
    lines += safe_block(_authored(message), 400_000).strip("\n").splitlines() or [_("It has no text.")]
    lines += [
        _("File {place}: {name}, {size}.").format(
            place=index, name=visible_name(one.filename), size=words.size(one.size)
        )
        for index, one in enumerate(message.attachments, start=1)
    ]
    if message.delivery is not None:
        lines.append(delivery_sentence(message.delivery, now))
    return lines


def _authored(message: MessageView) -> str:
    if not message.segments:
        return message.text
    shown = []
    for segment in message.segments:
        if segment.kind is not SegmentKind.QUOTE:
            shown.append(segment.text)
        elif count := len(segment.text.strip().splitlines()):
            told = ngettext(
                "({count} quoted line: quotes reads it.)", "({count} quoted lines: quotes reads them.)", count
            )
            shown.append("\n" + told.format(count=count) + "\n")
    return "".join(shown)


def quoted(message: MessageView) -> str:
    """What was left out of it."""
    return "".join(one.text for one in message.segments if one.kind is SegmentKind.QUOTE).strip()


def delivery_sentence(outgoing: OutgoingView, now: datetime) -> str:
    """What became of an outgoing message."""
    text = _("Delivery: {state}.").format(state=word(outgoing.state))
    if outgoing.state is DeliveryState.HELD and outgoing.held_until is not None:
        text += " " + _("It leaves {when}.").format(when=moment_text.told(outgoing.held_until, now))
    if outgoing.cause:
        text += f" {safe_line(outgoing.cause, 300)}"
    for one in outgoing.recipients:
        if one.state is not outgoing.state or one.cause:
            text += (
                f" {visible_address(one.address)}: {word(one.state)}. {safe_line(one.cause, 300)}".rstrip()
            )
    return text


def files(attachments: Iterable[AttachmentView]) -> str:
    """Files by name and size."""
    return ", ".join(f"{visible_name(one.filename, 60)} ({words.size(one.size)})" for one in attachments)


def parts_of(lines: list[str]) -> list[str]:
    """Pieces of a text, none longer than what is read at once."""
    return ["\n".join(lines[at : at + PART_LINES]) for at in range(0, len(lines), PART_LINES)]
