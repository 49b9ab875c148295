"""How approvals are shown: their states, their steps, their details; the lines of pane Work."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui_desk.contracts.approvals import ApprovalStepView, ApprovalView, ApproverView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.i18n import _, pgettext
from tui_desk.screens import words
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.desk_words import money
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.words import Shown
from tui_desk.screens.work_items import WorkItem, WorkSection


def approval_state(state: str) -> Shown:
    """A state of an approval or of a step."""
    states = {
        "waiting": Shown("◔", pgettext("approval", "waiting"), "warning"),
        "planned": Shown("○", pgettext("approval", "planned"), "muted"),
        "approved": Shown("✓", pgettext("approval", "approved"), "success"),
        "refused": Shown("✗", pgettext("approval", "refused"), "error"),
        "cancelled": Shown("×", pgettext("approval", "taken back"), "muted"),
    }
    return states[state]


def move_name(move: str) -> str:
    """A move of the ticket that waits."""
    names = {
        "start": _("start"),
        "continue": _("continue"),
        "resolve": _("resolve"),
        "close": _("close"),
    }
    return names[move]


def waits_for(approval: ApprovalView) -> str:
    """The names of those who have not answered in the open step."""
    return ", ".join(
        one.name
        for step in approval.steps
        if step.state == "waiting"
        for one in step.approvers
        if not one.decision
    )


def due_text(approval: ApprovalView, now: datetime) -> str:
    """When the open step is due."""
    if approval.due_at is None:
        return ""
    when = words.moment(approval.due_at, now)
    return _("overdue since {when}").format(when=when) if approval.overdue else when


def describe_approval(approval: ApprovalView, now: datetime) -> Content:
    """Everything about an approval."""
    state = approval_state(approval.state)
    facts = (
        Fact(_("Amount"), money(approval.amount, approval.currency) if approval.amount is not None else ""),
        Fact(_("Ticket"), f"#{approval.ticket} {approval.ticket_subject}"),
        Fact(_("Asked by"), approval.requested_by),
        Fact(_("Asked"), words.moment(approval.created_at, now)),
        Fact(_("Due"), due_text(approval, now), "$text-error" if approval.overdue else ""),
        Fact(_("Waiting moves"), ", ".join(map(move_name, approval.gates))),
        Fact(_("When refused"), approval.after_refusal),
    )
    return blocks(
        heading(approval.title, state.text, state.colour),
        sentence(_("It waits for you: D decides."), "$text-accent") if approval.for_me else Content(""),
        describe_steps(approval, now),
        sentence(approval.details),
        sentence("\n".join(f"· {one}" for one in approval.lines)),
        labelled(facts),
    )


def describe_steps(approval: ApprovalView, now: datetime) -> Content:
    """Who decides, in order, and what they said."""
    return Content("\n").join([_step(step, now) for step in approval.steps])


def _step(step: ApprovalStepView, now: datetime) -> Content:
    state = approval_state(step.state)
    mode = _("any of") if step.mode == "any" else _("all of")
    lines = [
        line(
            (f"{state.sign} ", state.colour),
            _("Step {number}, {mode}:").format(number=step.position + 1, mode=mode),
        )
    ]
    lines += [_approver(one, now) for one in step.approvers]
    return Content("\n").join(lines)


def _approver(one: ApproverView, now: datetime) -> Content:
    parts: list[Part] = ["   ", one.name, (f"  {one.address}" if one.address != one.name else "", "$muted")]
    if one.decision:
        said = approval_state("approved" if one.decision == "yes" else "refused")
        word = _("yes") if one.decision == "yes" else _("no")
        parts = [("   " + said.sign + " ", said.colour), one.name, (f"  {word}", said.colour)]
        if one.decided_by:
            parts.append((_("  by {name}").format(name=one.decided_by), "$muted"))
        if one.channel == "email":
            parts.append((_("  by mail"), "$muted"))
        if one.comment:
            parts.append(f"  “{one.comment.splitlines()[0]}”")
    elif one.asked is not None:
        sent = words.delivery(one.asked)
        parts.append((f"  {sent.text}", sent.colour))
    if one.substitute:
        parts.append((_("  away: {name} decides too").format(name=one.substitute), "$text-warning"))
    return line(*parts)


def work_section(ticket: TicketView, now: datetime) -> WorkSection:
    """The approvals of a ticket, as pane Work shows them."""
    open_ones = sum(one.state == "waiting" for one in ticket.approvals)
    summary = _("{count} waiting").format(count=open_ones) if open_ones else ""
    items = tuple(_item(one, now) for one in ticket.approvals)
    return WorkSection(_("Approvals"), summary, items, _("None. + asks somebody for a decision."))


def _item(approval: ApprovalView, now: datetime) -> WorkItem:
    state = approval_state(approval.state)
    right = waits_for(approval) if approval.state == "waiting" else state.word
    if approval.for_me:
        right = _("for you: D")
    due = due_text(approval, now)
    detail = "\n".join(
        part
        for part in (
            money(approval.amount, approval.currency) if approval.amount is not None else "",
            _("Due: {when}").format(when=due) if due else "",
            _("Waiting moves: {moves}").format(moves=", ".join(map(move_name, approval.gates)))
            if approval.gates and approval.state == "waiting"
            else "",
            approval.details,
        )
        if part
    )
    return WorkItem(
        "approval",
        approval.id,
        state.sign,
        approval.title,
        right,
        "$text-error" if approval.overdue else state.colour,
        over=approval.state in ("approved", "cancelled"),
        detail=detail,
    )
