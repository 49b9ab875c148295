"""Every screen and dialog there is: the keys that lead to it from the queue, and what is shown then."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.snapshots.house import BATTERY, NOTES, NOW, ORDER, VPN, House
from tests.support.dictionary import write_dictionary
from tui_desk.contracts.purchases import AskPurchase, ListPurchases
from tui_desk.contracts.tickets import SetFields
from tui_desk.core.enums import Priority, PurchaseState


@dataclass(frozen=True)
class Scene:
    """``path``: names of keys; ``=words`` is typed, ``+words`` pasted at once, with ``~`` for a space.

    ``shown`` is there when it has come up.
    """

    name: str
    path: str
    shown: tuple[str, ...]
    prepare: Callable[[House, pytest.MonkeyPatch], None] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[str, ...]:
        """What is pressed, key by key."""
        found: list[str] = []
        for word in self.path.split():
            typed = word.startswith("=") and len(word) > 1
            found += ["space" if one == "~" else one for one in word[1:]] if typed else [word]
        return tuple(found)


def _scene(name: str, path: str, *shown: str, **more: Any) -> Scene:
    return Scene(name, path, shown, **more)


def _assets_file(house: House, _patch: pytest.MonkeyPatch) -> None:
    lines = (
        "tag,name,type,serial,owner,warranty_until",
        "LT-0231,ThinkPad T14 Gen 4,Laptop,PF4K9Q2R,greta.lindqvist@halden-finch.example,2028-02-11",
        "LT-0300,ThinkPad T14 Gen 5,Laptop,PF5A1111,,2029-01-31",
        "LT-0301,ThinkPad T14 Gen 5,Laptop,,nobody@nowhere,31.31.2029",
        ",Nameless,Laptop,,,",
    )
    (house.folder / "assets.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _folder(house: House, patch: pytest.MonkeyPatch) -> None:
    """What the picker finds; where the folder of a test is differs from run to run."""
    here = house.folder / "here"
    (here / "photos").mkdir(parents=True)
    for name, size in (
        ("a plan.txt", 300),
        ("report of the second quarter.pdf", 48_000),
        ("scan.png", 2_400_000),
    ):
        (here / name).write_bytes(b"x" * size)
        os.utime(here / name, (NOW.timestamp(), NOW.timestamp()))
    patch.chdir(here)
    patch.setattr(Path, "cwd", lambda: Path())


def _new_desk(house: House, patch: pytest.MonkeyPatch) -> None:
    """A path that is the same in every run."""
    patch.setattr(type(house.gateway.url), "__str__", lambda _url: "/home/you/desk.db")


def _words(house: House, patch: pytest.MonkeyPatch) -> None:
    write_dictionary(house.folder / "words")
    patch.setenv("DICPATH", str(house.folder / "words"))


def _approved(house: House, _patch: pytest.MonkeyPatch) -> None:
    draft = house.ask(ListPurchases(states=(PurchaseState.DRAFT,)))[0]
    house.ask(AskPurchase(draft.id))


def _changed(house: House, _patch: pytest.MonkeyPatch) -> None:
    """At another terminal."""
    house.ask(SetFields(VPN, priority=Priority.LOW))


_OPEN = "g t ={} enter"
"""Opens a ticket by its number."""
_VPN, _ORDER, _NOTES = (_OPEN.format(number) for number in (VPN, ORDER, NOTES))

SCENES = (
    # -- the queue --------------------------------------------------------------------------------------------------
    _scene("queue", "j", "Order 88120", "Lift stuck"),
    _scene("queue_all", "6", "All › "),
    _scene("queue_nothing", "/ =status:new~zebra enter", "Nothing"),
    _scene("queue_snoozed", "7", "Suspicious mail"),
    _scene("queue_groups", ": =group~status enter", "Order 88120"),
    _scene("columns", "=", "Columns"),
    _scene("group", ": =group enter", "Group by"),
    _scene("marks", "x x x", "3 marked"),
    _scene("filter", "/ +status:open~pri", "priority"),
    _scene("filter_wrong", "/ +status:opne~printer", "opne"),
    _scene("sort", "S", "Sort"),
    _scene("views", "v", "VPN, urgent"),
    _scene("save_view", "/ =printer enter W", "Name of the view"),
    _scene("which_key", "g", "Go to the queue"),
    _scene("palette", "ctrl+p =ass", "Assign"),
    _scene("command", ": =sta", "status"),
    _scene("command_nothing", ": =zzz", "zzz"),
    _scene("help", "?", "Keys: Queue"),
    _scene("help_search", "? =reply", "reply"),
    _scene("why_now", "w", "How urgent"),
    _scene("guide", ": =guide enter", "Guide 1/10"),
    _scene("theme", ": =theme enter", "high contrast"),
    _scene("keys", ": =choose_keys enter", "Letters for actions"),
    # -- changing tickets -------------------------------------------------------------------------------------------
    _scene("status", "s", "Status of"),
    _scene("assign", "a", "Assign"),
    _scene("category", "c", "Category"),
    _scene("tags", "#", "Tags"),
    _scene("snooze", "Z", "Type a moment"),
    _scene("snooze_moment", "Z =tomorrow~9", "3"),
    _scene("link", "l", "Link"),
    _scene("merge", f"m ={BATTERY}", "MacBook"),
    _scene("spam", "!", "spam"),
    _scene("hand_over", "h", "Facilities"),
    _scene("log_contact", "C", "call"),
    _scene("macro", ";", "writes a note"),
    _scene("done", "j j p =low enter", "u "),
    _scene("undo_before", "j j p =low enter p =high enter u u", "Undo what you did before that, too?"),
    _scene("undo_older", f"{_VPN} u", "Undo your last change of #39?", prepare=_changed),
    _scene("bulk", "x x x s =pen enter", "What happens"),
    _scene("bulk_reply", "x x x r =Hello~{requester.first_name},", "Hello"),
    _scene("bulk_reply_look", "x x x r =Hello~{requester.first_name|there},~done. ctrl+s", "Hello"),
    _scene("new_ticket", "N =Aoife tab =Printer~on~floor~3", "Printer on floor 3"),
    _scene("new_ticket_template", "N ctrl+t", "New colleague"),
    # -- a ticket ---------------------------------------------------------------------------------------------------
    _scene("ticket", _VPN, "INTERNAL NOTE"),
    _scene("ticket_details", f"{_VPN} 2", "Greta"),
    _scene("ticket_history", f"{_VPN} 3", "Call Greta"),
    _scene("ticket_links", f"{_VPN} 4", "LT-0231"),
    _scene("ticket_work", f"{_VPN} 5", "Renew the gateway"),
    _scene("ticket_add_work", f"{_VPN} 5 +", "Checklist"),
    _scene("ticket_find", f"{_VPN} / =gateway", "gateway"),
    _scene("ticket_why", f"{_VPN} K K w", "Why"),
    _scene("ticket_delivery", f"{_VPN} K K K d", "sent"),
    _scene("ticket_headers", f"{_ORDER} K v", "Subject"),
    _scene("ticket_copy", f"{_VPN} U", "Copy"),
    _scene("ticket_split", f"{_VPN} S", "Which messages"),
    _scene("ticket_fields", f"{_VPN} e", "Cost group"),
    _scene("ticket_fields_wrong", f"{_VPN} e tab =x tab", "is no number"),
    _scene("task_form", f"{_VPN} : =add_task enter", "What is to be done"),
    _scene("time_form", f"{_VPN} : =add_time enter", "1h30, 90m"),
    _scene("approval_form", f"{_VPN} : =add_approval enter", "What is to be decided"),
    _scene("ticket_draft", _NOTES, "DRAFT, not sent"),
    _scene("check_draft", f"{_NOTES} E", "Is the price right?"),
    _scene("attachments", f"{_ORDER} o", "visit.ics"),
    _scene("attachment_table", f"{_ORDER} o =list enter", "Pieces"),
    _scene("attachment_picture", f"{_ORDER} o =photo enter", "96 × 60 pixels"),
    _scene("attachment_pdf", f"{_ORDER} o =slip enter", "8 of 10"),
    _scene("attachment_text", f"{_ORDER} o =words enter", "The driver signed"),
    _scene("attachment_mail", f"{_ORDER} o =carrier enter", "They leave on Tuesday"),
    _scene("attachment_calendar", f"{_ORDER} o =visit enter", "Gate 4"),
    # -- writing ----------------------------------------------------------------------------------------------------
    _scene("reply", f"{_VPN} r =We~look~into~it.", "We look into it."),
    _scene(
        "reply_spelling",
        f"{_VPN} r =Hello,~please~**recieve**~the~`code`. enter =>~quoted enter =-~teh~printer~",
        "to look at",
        prepare=_words,
    ),
    _scene("spelling", f"{_VPN} r =Please~recieve~it. f7", "receive", prepare=_words),
    _scene("note", f"{_VPN} n =Ask~@jon", "@jon"),
    _scene("forward", f"{_VPN} f", "Forward"),
    _scene("canned", f"{_VPN} r ctrl+n", "VPN: first steps"),
    _scene("canned_inline", f"{_VPN} r =;vpn", "VPN: first steps"),
    _scene("file_picker", f"{_VPN} r ctrl+t down space", "report", prepare=_folder),
    _scene("preview", f"{_VPN} r =Hello~**there**. f6", "Hello"),
    _scene("send_later", f"{_VPN} r =Soon. ctrl+g", "tomorrow"),
    _scene("send_guard", f"{_VPN} r =The~file~is~attached. ctrl+s", "attach"),
    _scene("ask_check", f"{_VPN} r =Is~this~right? ctrl+r", "check"),
    _scene("discard", f"{_VPN} r =Nonsense. f8", "Throw this draft away?"),
    # -- other places -----------------------------------------------------------------------------------------------
    _scene("people", "g p", "Greta"),
    _scene("person", "g p / =greta enter enter", "LT-0231"),
    _scene("person_form", "g p / =greta enter e", "Language"),
    _scene("organizations", "g i", "Organizations"),
    _scene("organization_form", "g i N", "domain"),
    _scene("assets", "g a", "LT-0231"),
    _scene("asset", "g a / =0231 enter enter", "Oslo, floor 3"),
    _scene("asset_form", "g a / =0231 enter e", "PF4K9Q2R"),
    _scene("asset_files", "g a / =0231 enter f", "prices.csv"),
    _scene("asset_file", "g a / =0231 enter f j enter", "Läptop"),
    _scene("asset_import", "g a I =assets.csv enter", "LT-0300", prepare=_assets_file),
    _scene("asset_relations", "g a / =0231 enter L", "onnected"),
    _scene("licences", "g l", "Vectorworks"),
    _scene("licence", "g l / =vector enter enter", "Architect"),
    _scene("licence_form", "g l / =vector enter e", "Architect"),
    _scene("licence_key", "g l / =vector enter e tab tab tab tab =AB12-CD34 ctrl+s enter K y", "Key of"),
    _scene("contracts", "g l 2", "Printers, service"),
    _scene("contract", "g l 2 / =printers enter enter", "PR-0007"),
    _scene("contract_form", "g l 2 / =printers enter e", "ON-2291"),
    _scene("expiry", "g x", "Vectorworks"),
    _scene("purchases", "g b", "Label printer", "Laptop and dock"),
    _scene("purchase", "g b j enter", "Dock, USB-C"),
    _scene("purchase_form", "g b / =hanne enter e", "Monitor 27"),
    _scene(
        "purchase_form_wrong",
        "g b / =hanne enter e end ctrl+u ctrl+s",
        "What is bought, and what for?",
        "nothing was saved",
    ),
    _scene("order_form", "g b / =hanne enter O", "Ordered on", prepare=_approved),
    _scene("receive_form", "g b / =leeds enter V", "ZD-4"),
    _scene("receive_form_wrong", "g b / =leeds enter V =x ctrl+s", "nothing was saved"),
    _scene("invoice_form", "g b / =leeds enter I", "Number"),
    _scene("invoices", "g b i", "ON-2026-17"),
    _scene("approvals", "g v", "P2: Laptop and dock"),
    _scene("decide", "g v D", "Yes"),
    _scene("substitutes", "g v s", "Skiing"),
    _scene("substitute_form", "g v s N", "From"),
    _scene("tasks", "g k", "Renew the gateway"),
    _scene("sheet", "g w", "Cannot connect"),
    _scene("notifications", "g n", "mention"),
    _scene("outbox", "g o", "Outbox"),
    _scene("outbox_failed", "g o 2", "No such user"),
    _scene("suspended", "g s", "no sender"),
    _scene("suspended_mail", "g s enter", "Who wrote this?"),
    _scene("history", "g y", "History"),
    _scene("own_settings", "g f", "Quiet"),
    # -- kept texts -------------------------------------------------------------------------------------------------
    _scene("canned_list", "g c", "first steps"),
    _scene("canned_form", "g c e", "Shortcut"),
    _scene("macros", "g c 2", "Major incident"),
    _scene("macro_form", "g c 2 e", "Tell the duty manager"),
    _scene("templates", "g c 3", "New colleague"),
    _scene("template_form", "g c 3 e", "joiner"),
    _scene("recurring", "g c 4", "Weekly backup"),
    _scene("recurring_form", "g c 4 e", "weekly"),
    # -- settings ---------------------------------------------------------------------------------------------------
    _scene("mailboxes", "g m", "support@"),
    _scene("mailbox_form", "g m e", "IMAP"),
    _scene("mailbox_new", "g m N =ana@gmail.com", "gmail"),
    _scene("fallback_sender", "g m f", "no-reply"),
    _scene("agents", "g m 2", "Maya Okafor"),
    _scene("agent_form", "g m 2 e", "Signature"),
    _scene("teams", "g m 3", "Facilities"),
    _scene("team_name", "g m 3 N", "Name of the new team"),
    _scene("desk_settings", "g m 4", "undo"),
    _scene("desk_form", "g m 4 e", "Time zone"),
    _scene("checklists", "g m 5", "New laptop"),
    _scene("checklist_form", "g m 5 e", "Set it up"),
    _scene("time_settings", "g m 6", "Travel"),
    _scene("purchase_settings", "g m 7", "Brandt IT"),
    _scene("supplier_form", "g m 7 e", "Customer number"),
    _scene("cost_centre_form", "g m 7 C", "Budget"),
    _scene("chain_form", "g m 7 L", "Steps"),
    _scene("field_settings", "g m 8", "Memory (GB)"),
    _scene("field_form", "g m 8 e", "Leeds"),
    _scene("asset_types", "g m 9", "Laptop"),
    _scene("first_run", "", "Set up a mailbox", prepare=_new_desk, options={"start": "first_run"}),
)
