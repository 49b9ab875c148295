"""Messages of a ticket as the conversation widget shows them: who, when, to whom, what became of it."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.conversation import Mailaddress, MessageView, OutgoingView, RecipientDelivery
from tui_desk.core.enums import DeliveryState, Direction, MailKind, MessageKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address, visible_name
from tui_desk.core.words import word
from tui_desk.screens import words
from tui_desk.screens.ticket_parts import is_cancelled, leaves_in, waits_for_attempt
from tui_desk.widgets.conversation_layout import Kind, MessageItem

_TROUBLE = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNKNOWN)
_SHOWN_ADDRESSES = 6
_SHOWN_RECIPIENTS = 12


Made = dict[int, tuple[MessageView, str, MessageItem]]
"""Items that were made, by message: of what, and when to the minute."""


def items(
    messages: tuple[MessageView, ...], now: datetime, made: Made | None = None
) -> tuple[MessageItem, ...]:
    """The conversation, oldest first. ``made`` keeps the items of messages that show the same until the minute is over: the screen
    asks several times while it opens."""
    if made is None:
        return tuple(_item(message, now) for message in messages)
    minute, found = f"{now:%Y-%m-%d %H:%M}", []
    for message in messages:
        kept = made.get(message.id)
        if kept is None or kept[0] is not message or kept[1] != minute or message.delivery is not None:
            kept = made[message.id] = message, minute, _item(message, now)
        found.append(kept[2])
    return tuple(found)


def _kind(message: MessageView) -> Kind:
    by_kind: dict[MessageKind, Kind] = {
        MessageKind.NOTE: "note",
        MessageKind.SYSTEM: "system",
        MessageKind.PHONE: "phone",
        MessageKind.CHAT: "chat",
    }
    if message.kind in by_kind:
        return by_kind[message.kind]
    return "agent" if message.is_agent or message.direction is Direction.OUT else "requester"


def _item(message: MessageView, now: datetime) -> MessageItem:
    meta = []
    if message.to and message.direction is not Direction.INTERNAL:
        meta.append(_("To: {names}").format(names=_addresses(message.to)))
    if message.cc:
        meta.append(_("Cc: {names}").format(names=_addresses(message.cc)))
    if message.mail_kind is not None and message.mail_kind is not MailKind.PERSONAL:
        meta.append(f"! {word(message.mail_kind)}")
    meta += [f"! {safe_line(mark, 200)}" for mark in message.marks]
    return MessageItem(
        key=message.id,
        kind=_kind(message),
        author=_author(message),
        at_text=words.moment(message.at, now),
        meta_lines=tuple(meta),
        segments=tuple((segment.kind.value, segment.text) for segment in message.segments),
        attachments=tuple(
            f"{visible_name(attachment.filename)}  {attachment.content_type}  {words.size(attachment.size)}"
            for attachment in message.attachments
        ),
        delivery_lines=_delivery(message.delivery, now),
        delivery_failed=message.delivery is not None and is_trouble(message.delivery),
        ended=words.delivery(DeliveryState.CANCELLED).text if is_cancelled(message) else "",
    )


def is_trouble(outgoing: OutgoingView) -> bool:
    """Whether somebody must look at it."""
    return outgoing.state in _TROUBLE or outgoing.stopped


def _author(message: MessageView) -> str:
    name = safe_line(message.author, 80)
    if message.is_agent or not message.author_address or message.author == message.author_address:
        return name or visible_address(message.author_address)
    return f"{name} <{visible_address(message.author_address)}>"


def _addresses(people: tuple[Mailaddress, ...]) -> str:
    shown = [safe_line(p.name, 60) or visible_address(p.address) for p in people[:_SHOWN_ADDRESSES]]
    more = len(people) - len(shown)
    return ", ".join(shown) + (_(" and {count} more").format(count=more) if more > 0 else "")


def _delivery(outgoing: OutgoingView | None, now: datetime) -> tuple[str, ...]:
    """The state as a whole; then each recipient, those in trouble first, where not all ended the same way."""
    if outgoing is None:
        return ()
    recipients = outgoing.recipients
    troubled = [one for one in recipients if one.state in _TROUBLE]
    mixed = len({one.state for one in recipients}) > 1
    shown = words.delivery(outgoing.state)
    first = f"{shown.sign} {shown.word}"
    if mixed and troubled:
        reached = sum(one.state is DeliveryState.SENT for one in recipients)
        first = f"{shown.sign} " + _("{count} of {total} reached").format(
            count=reached, total=len(recipients)
        )
    leaves = leaves_in(outgoing, now)
    if leaves and outgoing.later:
        first += f" · {leaves} · {_('Y sends it now · H another time · X takes it back')}"
    elif leaves:
        first += f" · {leaves} · {_('X stops it')}"
    several = mixed or (len(recipients) > 1 and len({one.cause for one in troubled}) > 1)
    if outgoing.cause and not (several and troubled):
        first += f" · {safe_line(outgoing.cause, 300)}"
    if outgoing.stopped:
        first += " · " + _("Y sends it all the same · H names a time · X takes it back")
    if outgoing.next_attempt_at is not None and outgoing.state is DeliveryState.QUEUED:
        first += " · " + _("next attempt {when}").format(when=words.moment(outgoing.next_attempt_at, now))
        if waits_for_attempt(outgoing, now):
            first += " · " + _("Y sends it now")
    if outgoing.one_way:
        first += " · " + _("one-way")
    if troubled:
        first += " · " + (_("Y sends again to the others") if mixed else _("Y sends it again"))
    if not several:
        return (first,)
    rest = [one for one in recipients if one not in troubled]
    lines = [_recipient(one) for one in (*troubled, *rest)[:_SHOWN_RECIPIENTS]]
    more = len(recipients) - len(lines)
    return (first, *lines, *((_("  and {count} more; d shows all").format(count=more),) if more > 0 else ()))


def _recipient(one: RecipientDelivery) -> str:
    state = words.delivery(one.state)
    cause = f" · {safe_line(one.cause, 300)}" if one.cause else ""
    return f"  {state.sign} {visible_address(one.address)} {state.word}{cause}"
