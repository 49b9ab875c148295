"""Which actions of the catalogue the linear mode serves, and what does them. What is not here is asked on the command line."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tui_desk.contracts.queue import VIEWS
from tui_desk.core.enums import DraftKind
from tui_desk.core.i18n import _
from tui_desk.linear import fields, flow, joining, lists, macros, messages, new_ticket, news, reading, work
from tui_desk.linear.help import show_help
from tui_desk.linear.session import Session
from tui_desk.linear.taking_back import undo
from tui_desk.linear.writing import write

Handler = Callable[[Session, str], None]


def _writes(kind: DraftKind) -> Handler:
    def begin(session: Session, argument: str) -> None:
        write(session, kind)

    return begin


def _shows(view: str) -> Handler:
    def show(session: Session, argument: str) -> None:
        lists.show_view(session, view)

    return show


def _quit(session: Session, argument: str) -> None:
    session.is_over = True
    session.say(_("Good-bye. Drafts are kept."))


HANDLERS: dict[str, Handler] = {
    "list": lists.list_tickets,
    "more": reading.more,
    "before": reading.before,
    "first": reading.first,
    "last": reading.last,
    "again": reading.again,
    "where": reading.where,
    "views": lists.views,
    **{f"view_{view}": _shows(view) for view in VIEWS},
    "choose_view": lists.choose_view,
    "save_view": lists.save_view,
    "sort": lists.sort,
    "filter": lists.search,
    "clear": lists.clear,
    "go_queue": lists.go_queue,
    "back": lists.go_queue,
    "go_ticket": reading.open_ticket,
    "next_ticket": reading.next_ticket,
    "previous_ticket": reading.previous_ticket,
    "next_message": reading.more,
    "previous_message": reading.before,
    "pane_conversation": reading.messages,
    "pane_details": reading.details,
    "pane_history": reading.history,
    "pane_links": reading.links,
    "pane_work": work.work,
    "fold": reading.quotes,
    "open_attachment": messages.read_file,
    "save_attachment": messages.save_file,
    "raw": messages.raw,
    "why": messages.why,
    "delivery": messages.delivery,
    "retry": messages.retry,
    "leave_at": messages.leave_at,
    "cancel": messages.cancel,
    "fetch_original": messages.fetch_original,
    "reply": _writes(DraftKind.REPLY),
    "reply_all": _writes(DraftKind.REPLY_ALL),
    "forward": _writes(DraftKind.FORWARD),
    "note": _writes(DraftKind.NOTE),
    "log_contact": macros.log_contact,
    "new_ticket": new_ticket.new_ticket,
    "macro": macros.macro,
    "take": fields.take,
    "status": fields.status,
    "priority": fields.priority,
    "assign": fields.assign,
    "team": fields.team,
    "category": fields.category,
    "tag": fields.tag,
    "edit_fields": fields.edit_fields,
    "next_action": fields.next_action,
    "hand_over": fields.hand_over,
    "spam": fields.spam,
    "block": fields.block,
    "repeat": fields.repeat,
    "link": joining.link,
    "unlink": joining.unlink,
    "merge": joining.merge,
    "join": joining.join,
    "move_out": joining.move_out,
    "next_urgent": flow.next_urgent,
    "urgency": flow.urgency,
    "snooze": flow.snooze,
    "timer": work.timer,
    "add_task": work.add_task,
    "add_checklist": work.add_checklist,
    "add_time": work.add_time,
    "tick": work.tick,
    "begin_task": work.begin_task,
    "give_task": work.give_task,
    "edit_task": work.edit_task,
    "remove_task": work.remove_task,
    "remove_time": work.remove_time,
    "decide_approval": work.decide,
    "go_tasks": work.tasks,
    "go_approvals": work.approvals,
    "go_notifications": news.notifications,
    "undo": undo,
    "help": show_help,
    "refresh": partial(reading.where),
    "quit": _quit,
}
