"""Parts of the ticket screen as text: its head, the details, the history, the links, and what became of a message."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui_desk.contracts.conversation import MessageView, OutgoingView
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core import moment_text
from tui_desk.core.enums import DeliveryState, LinkKind
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line, visible_address
from tui_desk.screens import inventory_parts, words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.custom_field_lines import own_facts
from tui_desk.screens.rating_words import rating_line
from tui_desk.widgets.fitting import giving_way

PANES = ("conversation", "details", "history", "links", "work")
LABEL = 16
"""Cells of the names in front of the values of a ticket."""
_TROUBLE = (DeliveryState.FAILED, DeliveryState.BOUNCED, DeliveryState.UNKNOWN)


def pane_titles() -> dict[str, str]:
    """What the panes are called."""
    return {
        "conversation": _("Conversation"),
        "details": _("Details"),
        "history": _("History"),
        "links": _("Links"),
        "work": _("Work"),
    }


def pane_tabs(ticket: TicketView | None, pane: str) -> Content:
    """The panes with what they hold; the present one in reverse video."""
    counts = {}
    if ticket is not None:
        counts = {
            "conversation": ticket.earlier + sum(not is_cancelled(one) for one in ticket.messages),
            "history": max(ticket.event_count, len(ticket.events)),
            "links": len(ticket.links) + len(ticket.assets) + len(ticket.licences),
            "work": len(ticket.tasks) or "",
        }
    titles = pane_titles()
    parts: list[Part] = []
    for number, name in enumerate(PANES, start=1):
        count = str(counts.get(name, ""))
        if name == pane:
            parts.append((f" {number} {titles[name]} {count}".rstrip() + " ", "$text-primary bold reverse"))
        else:
            parts += [(f" {number}", "$faint"), f" {titles[name]} ", (f"{count} " if count else "", "$muted")]
        parts.append(" ")
    return line(*parts)


def is_cancelled(message: MessageView) -> bool:
    """Whether it was stopped before anybody got it."""
    return message.delivery is not None and message.delivery.state is DeliveryState.CANCELLED


def head(ticket: TicketView, others: tuple[PresenceView, ...], now: datetime, width: int) -> Content:
    """Two lines of ``width`` cells: the state; who else is here, the requester, when it was opened.

    Where there is no room, the channel is left out, and the requester's address and name give way to the time.
    """
    status, priority = words.status(ticket.status), words.priority(ticket.priority)
    first: list[Part] = [(_(" SPAM "), "$text-error bold reverse"), " "] if ticket.spam else []
    first += [(status.text, status.colour), "  ", (priority.text, priority.colour)]
    first += [
        "  ",
        (safe_line(ticket.assignee, 60) or _("nobody"), "" if ticket.assignee else "$text-warning"),
    ]
    if ticket.requester_waiting:
        first.append(("  " + _("waits for us"), "$text-accent"))
    first += [(f"  {safe_line(part, 60)}", "$muted") for part in (ticket.team, ticket.category) if part]
    channel = line((f"  {words.channel(ticket.channel)}", "$muted"))
    second: list[Part] = [
        (f"{words.presence(who.mode, safe_line(who.agent, 40))}  ", "$text-warning") for who in others
    ]
    second.append(safe_line(ticket.requester_name, 80))
    if ticket.requester_address:
        second.append((f" <{visible_address(ticket.requester_address)}>", "$muted"))
    if ticket.organization:
        second.append((f" · {safe_line(ticket.organization, 60)}", "$muted"))
    opened = _("opened {when}").format(when=words.moment(ticket.created_at, now))
    kept = [line((f"  {opened}", "$muted"))]
    if ticket.blocked:
        kept.insert(0, line(("  " + _("■ blocked"), "$text-error")))
    state = line(*first)
    lines = [
        giving_way(state, (channel,), width, least=state.cell_length),
        giving_way(line(*second), tuple(kept), width),
    ]
    if ticket.expiring:
        lines.append(inventory_parts.warnings(ticket, width))
    if ticket.snooze is not None:
        lines.append(
            line(
                (f"☾ {_('snoozed {until}').format(until=words.snoozed(ticket.snooze, now))}", "$text-accent")
            )
        )
    if ticket.reminders:
        told = ngettext("{count} reminder of yours", "{count} reminders of yours", ticket.reminders)
        lines.append(line((f"◷ {told.format(count=ticket.reminders)}", "$muted"), ("  Z", "$faint")))
    if ticket.next_action:
        what, *until = _next_action(ticket, now)
        lines.append(giving_way(line(("→ ", "$text-accent"), what), tuple(map(line, until)), width))
    return Content("\n").join(lines)


def _next_action(ticket: TicketView, now: datetime) -> list[Part]:
    """What is to be done next, and until when; a day that is over is told in colour and words."""
    parts: list[Part] = [safe_line(ticket.next_action, 200)]
    if ticket.next_action_on is not None:
        over = ticket.next_action_on < now.astimezone().date()
        told = _("since {day}") if over else _("by {day}")
        colour = "$text-error" if over else "$muted"
        parts.append((f"  {told.format(day=words.day(ticket.next_action_on, now))}", colour))
    return parts


def suggestion(ticket: TicketView) -> str:
    """The sentence of a mail that claims to belong to another ticket, or nothing."""
    link = next((link for link in ticket.links if link.kind is LinkKind.SUGGESTED and link.outgoing), None)
    if link is None:
        return ""
    return _(
        "This claims to belong to #{number} ({subject}), but comes from somebody not known there. M moves it there."
    ).format(number=link.number, subject=safe_line(link.subject, 80))


def held_back(ticket: TicketView) -> str:
    """Why a message that should have left at its time does not; empty where none is stopped."""
    for message in reversed(ticket.messages):
        if message.delivery is not None and message.delivery.stopped:
            return _("A mail of {author} does not leave by itself: {why}").format(
                author=safe_line(message.author, 60), why=message.delivery.cause
            )
    return ""


def merged(ticket: TicketView) -> str:
    """Where everything of this ticket is now, or nothing."""
    if ticket.merged_into is None:
        return ""
    return _(
        "This was merged into #{number}: everything is there (links: 4, Enter; r leads there). u in the history (3) undoes it."
    ).format(number=ticket.merged_into)


def drafts_of_others(ticket: TicketView, now: datetime) -> Content:
    """What colleagues are writing here just now."""
    parts: list[Part] = []
    checked = {(one.author, one.kind) for one in ticket.reviews if one.by_me or one.for_me}
    for draft in ticket.drafts:
        if (draft.agent, draft.kind) in checked:
            continue  # its check says it
        if draft.mine:
            when = words.moment(draft.updated_at, now)
            kept = _("Your draft ({kind}) of {when} is kept; {key} opens it.").format(
                kind=words.draft_kind(draft.kind), when=when, key=_DRAFT_KEYS.get(draft.kind.value, "r")
            )
            parts.append((f"✎ {kept}\n", "$text-accent"))
        else:
            first = safe_line(" ".join(draft.body.split()), 160)
            begun = _("{agent} has a draft ({kind}): {text}").format(
                agent=safe_line(draft.agent, 40), kind=words.draft_kind(draft.kind), text=first
            )
            parts.append((f"✎ {begun}\n", "$text-warning"))
    return line(*parts).rstrip()


def _teams(ticket: TicketView) -> str:
    """Its team, and the teams that have it in their lists, too."""
    own = safe_line(ticket.team) or "–"
    if not ticket.also_teams:
        return own
    return _("{team}, also: {others}").format(team=own, others=safe_line(", ".join(ticket.also_teams)))


_DRAFT_KEYS = {"reply": "r", "reply_all": "R", "note": "n", "forward": "f"}


def details(ticket: TicketView, now: datetime) -> Content:
    """Every field with its name."""
    status, priority = words.status(ticket.status), words.priority(ticket.priority)
    rows: list[tuple[str, Part]] = [
        (_("Status"), (status.text, status.colour)),
        (_("Priority"), (priority.text, priority.colour)),
        (_("Type"), words.ticket_type(ticket.type)),
        (_("Category"), safe_line(ticket.category) or "–"),
        (_("Tags"), safe_line(", ".join(ticket.tags)) or "–"),
        (_("Assignee"), safe_line(ticket.assignee) or _("nobody")),
        (_("Team"), _teams(ticket)),
        (_("Next action"), line(*_next_action(ticket, now)).plain if ticket.next_action else "–"),
        (_("Channel"), words.channel(ticket.channel)),
        (_("Mailbox"), safe_line(ticket.mailbox) or "–"),
        *([(_("Also came by"), safe_line(", ".join(ticket.also_came_by)))] if ticket.also_came_by else []),
        ("", ""),
        (_("Requester"), safe_line(ticket.requester_name) or "–"),
        (_("Address"), visible_address(ticket.requester_address) if ticket.requester_address else "–"),
        (_("Organization"), safe_line(ticket.organization) or "–"),
        *_standing(ticket),
        *((_("Rating"), rating_line(one)) for one in ticket.ratings),
        *_own(ticket, now),
        ("", ""),
        (_("Opened"), words.moment(ticket.created_at, now)),
        (_("Last change"), words.moment(ticket.updated_at, now)),
        (_("First answer"), words.moment(ticket.first_response_at, now)),
        (_("Resolved"), words.moment(ticket.resolved_at, now)),
        (_("Closed"), words.moment(ticket.closed_at, now)),
    ]
    parts: list[Part] = []
    for label, value in rows:
        parts += [(f"{label:<{LABEL}}", "$muted"), value, "\n"]
    if ticket.watchers:
        parts.append(("\n" + _("Takes part") + "\n", "bold $text-primary"))
        for watcher in ticket.watchers:
            name = safe_line(watcher.name or watcher.address, 80)
            address = f" <{visible_address(watcher.address)}>" if watcher.address else ""
            parts += [f"  {name}", (f"{address}  {safe_line(watcher.role, 40)}\n", "$muted")]
    return line(*parts).rstrip()


def _own(ticket: TicketView, now: datetime) -> list[tuple[str, Part]]:
    """Fields of your own, below a line of room; nothing where none is defined."""
    facts = own_facts(ticket.custom, now, every=True)
    rows: list[tuple[str, Part]] = [("", "")] if facts else []
    for fact in facts:
        label = safe_line(fact.label, LABEL - 1)
        rows.append((label, (safe_line(fact.value, 300), fact.style)))
    return rows


def _standing(ticket: TicketView) -> list[tuple[str, Part]]:
    """Spam and a blocked sender, each with the key that lifts it; nothing where neither holds."""
    rows: list[tuple[str, Part]] = []
    if ticket.spam:
        rows.append((_("Spam"), (_("yes; ! takes that back"), "$text-error")))
    if ticket.blocked:
        rows.append((_("Blocked"), (_("their mail is held as suspended mail; B lifts it"), "$text-error")))
    return rows


def links(ticket: TicketView) -> Content:
    """Linked tickets and assets, each with the word that opens or unlinks it."""
    parts: list[Part] = [(_("Tickets") + "\n", "bold $text-primary")]
    for link in ticket.links:
        status = words.status(link.status)
        parts += [
            (f"  {words.link(link.kind, link.outgoing):<18} ", "$muted"),
            (f"#{link.number:<7}", "$text-accent"),
            (f"{status.text:<12}", status.colour),
            safe_line(link.subject, 200),
            (f"  {safe_line(words.link_reason(link.note), 200)}" if link.note else "", "$muted"),
            "\n",
        ]
    if not ticket.links:
        parts.append((f"  {_('None. l links with another ticket.')}\n", "$muted"))
    return line(*parts, *inventory_parts.linked(ticket)).rstrip()


def leaves_in(outgoing: OutgoingView, now: datetime) -> str:
    """How long a held message can still be stopped; empty when it is not held."""
    if outgoing.state is not DeliveryState.HELD or outgoing.held_until is None:
        return ""
    seconds = round((outgoing.held_until - now).total_seconds())
    if outgoing.later and seconds > 0:
        return _("leaves {when}").format(when=moment_text.told(outgoing.held_until, now))
    if seconds <= 0:
        return _("leaves now")
    if seconds >= 120:
        return _("leaves at {time}").format(time=words.moment(outgoing.held_until, now))
    return ngettext("leaves in {count} s", "leaves in {count} s", seconds).format(count=seconds)


def can_be_retried(outgoing: OutgoingView, now: datetime) -> bool:
    """Whether sending it now makes a difference: a recipient is in trouble, it is held, or it waits for its next attempt."""
    if outgoing.state is DeliveryState.HELD:
        return True
    if {outgoing.state, *(recipient.state for recipient in outgoing.recipients)} & set(_TROUBLE):
        return True
    return waits_for_attempt(outgoing, now)


def waits_for_attempt(outgoing: OutgoingView, now: datetime) -> bool:
    """Whether an attempt went wrong and the next one is still to come."""
    later = outgoing.next_attempt_at is not None and outgoing.next_attempt_at > now
    return later and bool(outgoing.cause) and outgoing.state is DeliveryState.QUEUED


def delivery_report(message: MessageView, now: datetime) -> Content:
    """What became of an outgoing message, recipient by recipient."""
    outgoing = message.delivery
    if outgoing is None:
        return Content("")
    shown = words.delivery(outgoing.state)
    parts: list[Part] = [(shown.text, shown.colour), (f"  {leaves_in(outgoing, now)}", "$text-warning")]
    if outgoing.cause:
        parts.append(f"  {safe_line(outgoing.cause, 400)}")
    if outgoing.next_attempt_at is not None and outgoing.state is not DeliveryState.HELD:
        parts.append(
            (_("  next attempt {when}").format(when=words.moment(outgoing.next_attempt_at, now)), "$muted")
        )
    if outgoing.one_way:
        parts.append(
            ("\n" + _("Sent through the fallback sender: no answer can come back."), "$text-warning")
        )
    for recipient in outgoing.recipients:
        state = words.delivery(recipient.state)
        parts += [
            "\n\n",
            (f"{state.sign} {visible_address(recipient.address)}", "bold"),
            (f"  {state.word}", state.colour),
        ]
        if recipient.attempts:
            tries = ngettext("{count} attempt", "{count} attempts", recipient.attempts).format(
                count=recipient.attempts
            )
            parts.append((f"  {tries}, {words.moment(recipient.at, now)}", "$muted"))
        if recipient.cause:
            parts.append(f"\n  {safe_block(recipient.cause, 2_000)}")
    return line(*parts)
