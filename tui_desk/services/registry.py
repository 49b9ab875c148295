"""Which use case answers which request.

A handler is named as text, so that asking for one thing does not import the rest. ``mode`` says what it needs:

* ``fast``: a plain driver connection (``tui_desk.db.fast``), nothing of SQLAlchemy: what the first screen shows.
* ``read``: ``handler(session, actor, request)`` in a reading session.
* ``write``: the same in a writing session, committed when it returns.
* ``outside``: ``handler(database, actor, request)``: opens its own sessions, because it talks to a network or takes long.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Mode = Literal["fast", "read", "write", "outside"]


class Handler(NamedTuple):
    mode: Mode
    target: str
    """``module:function`` below ``tui_desk``."""


HANDLERS: dict[str, Handler] = {
    # the queue
    "ListTickets": Handler("fast", "services.queue:list_tickets"),
    "CountViews": Handler("fast", "services.queue:count_views"),
    "PreviewTicket": Handler("fast", "services.desk_status:preview_ticket"),
    "WhoAmI": Handler("fast", "services.desk_status:who_am_i"),
    "ShowStatus": Handler("fast", "services.desk_status:show_status"),
    # one ticket
    "ShowTicket": Handler("read", "services.ticket_view:show"),
    "NewTicket": Handler("write", "services.tickets:new"),
    "SetFields": Handler("write", "services.tickets:set_fields"),
    "TakeTicket": Handler("write", "services.tickets:take"),
    "UndoLast": Handler("write", "services.undo:undo_last"),
    "LastChange": Handler("read", "services.undo:last_change"),
    "UndoDeed": Handler("write", "services.undo:undo_deed"),
    "ListEvents": Handler("read", "services.history:list_events"),
    "ShowEvent": Handler("read", "services.history:show_event"),
    "SuggestMerge": Handler("read", "services.merging:suggest"),
    "MergeTickets": Handler("write", "services.merging:merge"),
    "SplitTicket": Handler("write", "services.splitting:split"),
    "MarkSpam": Handler("write", "services.spam:mark_spam"),
    "BlockSender": Handler("write", "services.spam:block_sender"),
    "LinkTickets": Handler("write", "services.links:link_tickets"),
    "UnlinkTickets": Handler("write", "services.links:unlink_tickets"),
    "JoinSuggested": Handler("write", "services.links:join_suggested"),
    "MoveOut": Handler("write", "services.moving_out:move_out"),
    "LinkAsset": Handler("write", "services.links:link_asset"),
    "ReportPresence": Handler("write", "services.presence:report"),
    # tasks and checklists
    "ListTasks": Handler("read", "services.tasks:list_tasks"),
    "ShowTask": Handler("read", "services.tasks:show_task"),
    "AddTask": Handler("write", "services.tasks:add_task"),
    "SetTask": Handler("write", "services.tasks:set_task"),
    "MoveTask": Handler("write", "services.tasks:move_task"),
    "RemoveTask": Handler("write", "services.tasks:remove_task"),
    "ListChecklists": Handler("read", "services.checklists:list_checklists"),
    "ShowChecklist": Handler("read", "services.checklists:show_checklist"),
    "SaveChecklist": Handler("write", "services.checklists:save_checklist"),
    "RemoveChecklist": Handler("write", "services.checklists:remove_checklist"),
    "ApplyChecklist": Handler("write", "services.checklists:apply_checklist"),
    # approvals
    "ListApprovals": Handler("read", "services.approval_view:list_approvals"),
    "ShowApproval": Handler("read", "services.approval_view:show_approval"),
    "NewApproval": Handler("write", "services.approvals:new"),
    "SaveApproval": Handler("write", "services.approvals:save"),
    "DecideApproval": Handler("write", "services.approvals:decide"),
    "CancelApproval": Handler("write", "services.approvals:cancel"),
    "RemindApproval": Handler("write", "services.approvals:remind"),
    "ListSubstitutes": Handler("read", "services.approval_chains:list_substitutes"),
    "AddSubstitute": Handler("write", "services.approval_chains:add_substitute"),
    "RemoveSubstitute": Handler("write", "services.approval_chains:remove_substitute"),
    "ListChains": Handler("read", "services.approval_chains:list_chains"),
    "SaveChain": Handler("write", "services.approval_chains:save_chain"),
    "RemoveChain": Handler("write", "services.approval_chains:remove_chain"),
    # time
    "ListTime": Handler("read", "services.timekeeping:list_time"),
    "ShowTime": Handler("read", "services.timekeeping:show_time"),
    "AddTime": Handler("write", "services.timekeeping:add_time"),
    "SetTime": Handler("write", "services.timekeeping:set_time"),
    "RemoveTime": Handler("write", "services.timekeeping:remove_time"),
    "ShowTimer": Handler("read", "services.timers:show_timer"),
    "StartTimer": Handler("write", "services.timers:start_timer"),
    "PauseTimer": Handler("write", "services.timers:pause_timer"),
    "StopTimer": Handler("write", "services.timers:stop_timer"),
    "ShowSheet": Handler("read", "services.time_sheets:show_sheet"),
    "ReportTime": Handler("read", "services.time_sheets:report_time"),
    "ListActivities": Handler("read", "services.time_sheets:list_activities"),
    "SaveActivity": Handler("write", "services.time_sheets:save_activity"),
    "ShowTimeSettings": Handler("read", "services.time_rules:show_settings"),
    "ClosePeriod": Handler("write", "services.time_rules:close_period"),
    "SetIdlePause": Handler("write", "services.time_rules:set_idle_pause"),
    "ListCategories": Handler("read", "services.categories:list_categories"),
    "AddCategory": Handler("write", "services.categories:add"),
    "SetNextAction": Handler("write", "services.handover:set_next_action"),
    "HandOver": Handler("write", "services.handover:hand_over"),
    # the conversation
    "OpenCompose": Handler("read", "services.compose:open_compose"),
    "ListDrafts": Handler("read", "services.drafts:list_drafts"),
    "SaveDraft": Handler("write", "services.drafts:save"),
    "DropDraft": Handler("write", "services.drafts:drop"),
    "AttachToDraft": Handler("write", "services.drafts:attach"),
    "DetachFromDraft": Handler("write", "services.drafts:detach"),
    "SendReply": Handler("write", "services.conversation:reply"),
    "AddNote": Handler("write", "services.conversation:note"),
    "SaveAttachment": Handler("read", "services.attachments:save"),
    "RawMessage": Handler("read", "services.attachments:raw_message"),
    "FetchOriginal": Handler("outside", "services.originals:fetch_original"),
    "CancelSend": Handler("write", "services.outbox:cancel"),
    "Reschedule": Handler("write", "services.send_later:reschedule"),
    "RetrySend": Handler("write", "services.outbox:retry"),
    "ListOutbox": Handler("read", "services.outbox:list_outbox"),
    "ShowOutbox": Handler("read", "services.outbox:show_outbox"),
    "ListNotifications": Handler("read", "services.notifications:list_notifications"),
    "MarkRead": Handler("write", "services.notifications:mark_read"),
    # the desk
    "ListAgents": Handler("read", "services.agents:list_agents"),
    "SaveAgent": Handler("write", "services.agents:save_agent"),
    "ListTeams": Handler("read", "services.agents:list_teams"),
    "SaveTeam": Handler("write", "services.agents:save_team"),
    "RemoveTeam": Handler("write", "services.agents:remove_team"),
    "ListPeople": Handler("read", "services.person_lists:list_people"),
    "PagePeople": Handler("read", "services.person_lists:page_people"),
    "ShowPerson": Handler("read", "services.people:show_person"),
    "ListAssets": Handler("read", "services.asset_lists:list_assets"),
    "PageAssets": Handler("read", "services.asset_lists:page_assets"),
    "ShowAsset": Handler("read", "services.assets:show_asset"),
    "SaveAsset": Handler("write", "services.assets:save_asset"),
    "RetireAsset": Handler("write", "services.assets:retire_asset"),
    "ShowSettings": Handler("read", "services.desk_settings:show"),
    "SaveSettings": Handler("write", "services.desk_settings:save"),
    "SavePerson": Handler("write", "services.person_saving:save_person"),
    "AddAddress": Handler("write", "services.person_saving:add_address"),
    "SplitAddress": Handler("write", "services.person_merging:split_address"),
    "MergePeople": Handler("write", "services.person_merging:merge_people"),
    "ListOrganizations": Handler("read", "services.organizations:list_organizations"),
    "ShowOrganization": Handler("read", "services.organizations:show_organization"),
    "SaveOrganization": Handler("write", "services.organizations:save_organization"),
    # licences and contracts
    "ListLicences": Handler("read", "services.licences:list_licences"),
    "ShowLicence": Handler("read", "services.licences:show_licence"),
    "SaveLicence": Handler("write", "services.licences:save_licence"),
    "RetireLicence": Handler("write", "services.licences:retire_licence"),
    "ListHeld": Handler("read", "services.licences:list_held"),
    "AssignSeat": Handler("write", "services.licence_seats:assign_seat"),
    "ReleaseSeat": Handler("write", "services.licence_seats:release_seat"),
    "ShowLicenceKey": Handler("write", "services.licence_keys:show_key"),
    "ListContracts": Handler("read", "services.agreements:list_contracts"),
    "ShowContract": Handler("read", "services.agreements:show_contract"),
    "SaveContract": Handler("write", "services.agreements:save_contract"),
    "RetireContract": Handler("write", "services.agreements:retire_contract"),
    "CoverAsset": Handler("write", "services.agreements:cover_asset"),
    "RenewContract": Handler("write", "services.agreements:renew_contract"),
    # what comes of an order
    "ShowDeliveries": Handler("read", "services.receipt_view:show"),
    "ReceiveGoods": Handler("write", "services.receipts:receive"),
    "ClosePurchase": Handler("write", "services.receipts:close"),
    "ListInvoices": Handler("read", "services.invoice_view:listed"),
    "ShowInvoice": Handler("read", "services.invoice_view:show"),
    "SaveInvoice": Handler("write", "services.invoices:save"),
    "DecideInvoice": Handler("write", "services.invoices:decide"),
    # fields of one's own
    "ListFields": Handler("read", "services.field_definitions:list_fields"),
    "SaveField": Handler("write", "services.field_definitions:save_field"),
    "CheckReference": Handler("read", "services.field_definitions:check_reference"),
    # suspended mail
    "ListSuspended": Handler("read", "services.suspended:list_suspended"),
    "ShowSuspended": Handler("read", "services.suspended:show_suspended"),
    "AcceptSuspended": Handler("write", "services.suspended:accept"),
    "JoinSuspended": Handler("write", "services.suspended:join"),
    "RetrySuspended": Handler("write", "services.suspended:retry"),
    "DropSuspended": Handler("write", "services.suspended:drop"),
    # mailboxes
    "ListMailboxes": Handler("read", "services.mailboxes:list_mailboxes"),
    "ShowMailbox": Handler("read", "services.mailboxes:show_mailbox"),
    "SuggestMailbox": Handler("outside", "services.mailboxes:suggest"),
    "SaveMailbox": Handler("outside", "services.mailboxes:save_mailbox"),
    "SetMailboxState": Handler("write", "services.mailboxes:set_state"),
    "DeviceSignIn": Handler("outside", "services.sign_in:device_sign_in"),
    "StartSignIn": Handler("outside", "services.sign_in:start_sign_in"),
    "FinishSignIn": Handler("outside", "services.sign_in:finish_sign_in"),
    "TestMailbox": Handler("outside", "services.mailbox_check:test_mailbox"),
    "ShowFallbackSender": Handler("read", "services.fallback_sender:show"),
    "SaveFallbackSender": Handler("outside", "services.fallback_sender:save"),
    "TestFallbackSender": Handler("outside", "services.mailbox_check:test_fallback_sender"),
    "ReconcileMailbox": Handler("outside", "services.reconcile:reconcile"),
}
