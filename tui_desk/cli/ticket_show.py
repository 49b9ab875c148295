"""One ticket as a JSON document and as plain text."""

from __future__ import annotations

from typing import Any

from tui_desk.cli.output import fields, plain, shown_value
from tui_desk.cli.own_values import own_pairs
from tui_desk.cli.rating_text import rating_text
from tui_desk.cli.ticket_inventory import inventory_lines
from tui_desk.contracts.conversation import MessageView, OutgoingView
from tui_desk.contracts.tickets import EventView, TicketView
from tui_desk.core import moment_text
from tui_desk.core.clock import utc_now
from tui_desk.core.enums import Direction, MailKind, MessageKind, SegmentKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address
from tui_desk.core.words import link_note, link_word, word
from tui_desk.rules.due import due_text
from tui_desk.rules.money import amount_text
from tui_desk.rules.time_spans import duration_text

_RULE = "─" * 60


def ticket_document(view: TicketView) -> dict[str, Any]:
    """The keys scripts rely on. ``assignee`` is the login, as ``ticket set`` takes it."""
    document: dict[str, Any] = plain(view)
    document["assignee"] = view.assignee_login
    document["assignee_name"] = view.assignee
    del document["assignee_login"]
    document["requester"] = {
        "id": document.pop("requester_id"),
        "name": document.pop("requester_name"),
        "address": document.pop("requester_address"),
    }
    document["messages"] = [message_document(message) for message in view.messages]
    document["why"] = [
        {"message": message.id, "rfc_message_id": message.rfc_message_id, "evidence": list(message.why)}
        for message in view.messages
        if message.why
    ]
    return document


def message_document(message: MessageView) -> dict[str, Any]:
    """One message, with ``quoted`` and ``signature`` as ``explain`` names them."""
    document: dict[str, Any] = plain(message)
    document["quoted"] = _of_kind(message, SegmentKind.QUOTE)
    document["signature"] = _of_kind(message, SegmentKind.SIGNATURE)
    return document


def _of_kind(message: MessageView, kind: SegmentKind) -> str:
    return "".join(segment.text for segment in message.segments if segment.kind is kind)


def ticket_text(view: TicketView) -> str:
    """For reading: fields, conversation with quotes folded, links, history."""
    parts = [f"#{view.number} {view.subject}", _fields(view)]
    parts += [_message(message) for message in view.messages]
    if view.approvals:
        parts.append("\n".join(_approvals(view)))
    if view.purchases:
        parts.append("\n".join(_purchases(view)))
    if view.tasks:
        parts.append("\n".join(_tasks(view)))
    if view.links:
        parts.append("\n".join(_links(view)))
    inventory = inventory_lines(view)
    if inventory:
        parts.append("\n".join(inventory))
    parts.append(_RULE + "\n" + "\n".join(_event(event) for event in view.events))
    return "\n\n".join(parts)


def _purchases(view: TicketView) -> list[str]:
    return [
        _("Purchase {name}: {title} ({total}, {state})").format(
            name=one.name,
            title=one.title,
            total=amount_text(one.total, one.currency, one.digits),
            state=word(one.state),
        )
        for one in view.purchases
    ]


def _fields(view: TicketView) -> str:
    requester = view.requester_name
    if view.requester_address and view.requester_address != requester:
        requester = f"{requester} <{view.requester_address}>"
    return fields(
        [
            (_("Requester"), requester),
            (_("Organization"), view.organization),
            (_("Status"), view.status),
            (_("Priority"), view.priority),
            (_("Type"), view.type),
            (_("Category"), view.category),
            (_("Tags"), view.tags),
            (_("Team"), view.team),
            (_("Assignee"), view.assignee or view.assignee_login),
            (_("Channel"), view.channel),
            (_("Mailbox"), view.mailbox),
            (_("Also came by"), ", ".join(view.also_came_by)),
            *own_pairs(view.custom),
            (_("Created"), view.created_at),
            (_("Changed"), view.updated_at),
            (_("First answer"), view.first_response_at),
            (_("Resolved"), view.resolved_at),
            (_("Closed"), view.closed_at),
            (_("Rating"), "; ".join(map(rating_text, view.ratings))),
            (_("Spam"), view.spam),
            (_("Time"), duration_text(view.time_minutes) if view.time_minutes else ""),
        ]
    )


def _tasks(view: TicketView) -> list[str]:
    return [
        " ".join(
            part
            for part in (
                _("Task {id} [{state}] {title}").format(id=task.id, state=word(task.state), title=task.title),
                task.assignee_name or task.team,
                due_text(task.due_on, task.due_at),
            )
            if part
        )
        for task in view.tasks
    ]


def _approvals(view: TicketView) -> list[str]:
    return [
        _("Approval {id} [{state}] {title}").format(id=one.id, state=one.state, title=one.title)
        for one in view.approvals
    ]


def _message(message: MessageView) -> str:
    lines = [_RULE, _headline(message)]
    if message.mail_kind is not None and message.mail_kind is not MailKind.PERSONAL:
        lines.append(word(message.mail_kind))
    lines += [_("Note: {mark}").format(mark=mark) for mark in message.marks]
    if message.delivery is not None:
        lines.append(delivery_line(message.delivery))
    lines += ["", _body(message)]
    lines += [
        _("Attachment {id}: {name} ({type}, {size} bytes)").format(
            id=a.id, name=a.filename, type=a.content_type, size=a.size
        )
        for a in message.attachments
    ]
    return "\n".join(lines)


def _headline(message: MessageView) -> str:
    who = _author(message)
    when = shown_value(message.at)
    if message.kind is MessageKind.NOTE or message.direction is Direction.INTERNAL:
        return _("INTERNAL NOTE by {who}, {when}").format(who=who, when=when)
    if message.direction is Direction.OUT:
        to = ", ".join(one.address for one in message.to)
        return _("{who} to {to}, {when}").format(who=who, to=to, when=when)
    return _("{who} wrote, {when}").format(who=who, when=when)


def _author(message: MessageView) -> str:
    """Who wrote it; of somebody from outside the address, too: anybody can choose the name of somebody else."""
    if message.is_agent or not message.author_address or message.author == message.author_address:
        return message.author or message.author_address
    return f"{message.author} <{visible_address(message.author_address)}>".lstrip()


def _body(message: MessageView) -> str:
    """The text with its quotes folded."""
    if not message.segments:
        return message.text.strip()
    shown = []
    for segment in message.segments:
        if segment.kind is not SegmentKind.QUOTE:
            shown.append(segment.text)
        elif count := len(segment.text.strip().splitlines()):
            shown.append(_("[{count} quoted lines]").format(count=count) + "\n")
    return "".join(shown).strip()


def delivery_line(delivery: OutgoingView) -> str:
    """The state of an outgoing message and, where they differ or are in trouble, of each recipient."""
    line = _("Delivery: {state}").format(state=word(delivery.state))
    if delivery.later and delivery.held_until is not None:
        when = moment_text.told(delivery.held_until, utc_now())
        line += " · " + _("leaves {when}").format(when=when)
    if delivery.cause:
        line = f"{line} ({delivery.cause})"
    for one in delivery.recipients:
        if one.state is not delivery.state or one.cause:
            line += f"\n  {one.address}: {word(one.state)} {one.cause}".rstrip()
    return line


def _links(view: TicketView) -> list[str]:
    return [
        f"{link_word(link.kind, link.outgoing)} #{link.number} {link.subject} [{word(link.status)}] {link_note(link.note)}".rstrip()
        for link in view.links
    ]


def _event(event: EventView) -> str:
    return f"{shown_value(event.at)}  {event.sentence}"
