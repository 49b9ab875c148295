"""Every request that changes anything, asked by every role (X-G6): only those whom the table names get further than the refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import func, select

from tests.services.correspondence import add_mailbox, ticket
from tests.services.desk import Desk
from tui_desk.contracts import (
    bulk,
    conversation,
    desk,
    flow,
    mailboxes,
    merging,
    notifications,
    oauth,
    own_settings,
    ticket_work,
    tickets,
)
from tui_desk.contracts.agreements import CoverAsset, RenewContract, RetireContract, SaveContract
from tui_desk.contracts.approvals import (
    AddSubstitute,
    CancelApproval,
    DecideApproval,
    NewApproval,
    RemindApproval,
    RemoveChain,
    RemoveSubstitute,
    SaveApproval,
    SaveChain,
)
from tui_desk.contracts.asset_files import ApplyImport, ExportAssets, FileForm, PreviewImport
from tui_desk.contracts.assets import RelateAssets, SaveAssetType, UnrelateAssets
from tui_desk.contracts.custom_fields import SaveField
from tui_desk.contracts.documents import AddDocument, PreviewDocument, RemoveDocument
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.invoices import DecideInvoice, SaveInvoice
from tui_desk.contracts.licences import (
    AssignSeat,
    ReleaseSeat,
    RetireLicence,
    SaveLicence,
    ShowLicenceKey,
)
from tui_desk.contracts.macros import (
    ApplyMacro,
    FillCanned,
    NewFromTemplate,
    SaveCanned,
    SaveMacro,
    SaveRecurring,
    SaveTemplate,
)
from tui_desk.contracts.people import (
    AddAddress,
    MergePeople,
    SaveOrganization,
    SavePerson,
    SplitAddress,
)
from tui_desk.contracts.purchases import (
    AskPurchase,
    CancelPurchase,
    NewPurchase,
    OrderPurchase,
    SaveCostCentre,
    SavePurchase,
    SavePurchaseSettings,
    SaveSupplier,
)
from tui_desk.contracts.queue_layout import SaveQueueLayout
from tui_desk.contracts.reading import (
    Content,
    PictureForm,
    PipeContent,
    PreviewAttachment,
    ShowPicture,
)
from tui_desk.contracts.receipts import ClosePurchase, ReceiveGoods
from tui_desk.contracts.recognition import DismissRecognised, LinkLicence
from tui_desk.contracts.reviews import (
    AskReview,
    DecideReview,
    ReviewDecision,
    TakeOverReview,
    WithdrawReview,
)
from tui_desk.contracts.spelling import CheckWords, KeepWord, SuggestWords
from tui_desk.contracts.tagging import ChangeTags
from tui_desk.contracts.tasks import (
    AddTask,
    ApplyChecklist,
    MoveTask,
    RemoveChecklist,
    RemoveTask,
    SaveChecklist,
    SetTask,
)
from tui_desk.contracts.timekeeping import (
    AddTime,
    ClosePeriod,
    PauseTimer,
    RemoveTime,
    SaveActivity,
    SetIdlePause,
    SetTime,
    StartTimer,
    StopTimer,
)
from tui_desk.contracts.views import KeepQuery, RemoveView, SaveView
from tui_desk.core import enums
from tui_desk.core.enums import (
    AssetRelationKind,
    AssetState,
    DocumentSubject,
    DraftKind,
    FieldSubject,
    MailboxState,
    PresenceMode,
    Priority,
    Role,
)
from tui_desk.core.errors import DeskError, Refused
from tui_desk.models import Event
from tui_desk.rules.permissions import Permission, allowed
from tui_desk.services.backup import backup
from tui_desk.services.imports import import_mail
from tui_desk.services.registry import HANDLERS

REPLY = DraftKind.REPLY
STARTED = oauth.StartedSignIn("https://login.test", "", oauth.OAuthClient(), "state", "verifier")
CHANGES: dict[Permission, list[Request[Any]]] = {
    Permission.VIEW: [
        tickets.ReportPresence(1, "terminal", PresenceMode.VIEWING),
        DecideApproval(4711, True),  # one's own decision: an approver need not be an agent at all
        notifications.MarkRead((1,)),  # one's own
        SaveView(None, "x"),  # one's own; sharing is refused in test_views
        RemoveView(4711),
        KeepQuery("x"),  # one's own
        SaveQueueLayout(),  # one's own
        flow.AddReminder(1, datetime(2026, 12, 1, tzinfo=UTC)),  # one's own
        flow.RemoveReminder(4711),  # one's own
        own_settings.SaveOwnSettings(),  # one's own
        mailboxes.ReconcileMailbox(4711),  # compares, changes nothing
        CheckWords("en_US", ("teh",)),  # reads
        SuggestWords("en_US", "teh"),  # reads
        KeepWord("teh"),  # the person's own file
        PreviewDocument(4711),  # reads
        PreviewAttachment(4711),  # reads
        ShowPicture(Content.ATTACHMENT, 4711, PictureForm.RGB, 8, 8),  # reads
        PipeContent(Content.ATTACHMENT, 4711, "true"),  # reads; what may be started is in test_reading
        ExportAssets("/dev/null/assets.csv"),  # reads
    ],
    Permission.CHANGE_TICKETS: [
        flow.SnoozeTicket(1),
        flow.WakeTicket(1),
        ReceiveGoods(4711, ()),
        ClosePurchase(4711, "x"),
        SaveInvoice(None, 4711, "x", date(2026, 3, 2), ()),
        DecideInvoice(4711, enums.InvoiceState.ACCEPTED),
        tickets.NewTicket("x", "a@b.test", "y"),
        tickets.SetFields(1, priority=Priority.LOW),
        tickets.TakeTicket(1),
        ChangeTags(1, add=("x",)),
        bulk.PreviewBulk((1, 2), tickets.TakeTicket(0)),
        bulk.ChangeBulk((bulk.Target(1), bulk.Target(2)), tickets.TakeTicket(0), "token"),
        bulk.UndoBulk("token"),
        AddTask(1, "x"),
        SetTask(4711, title="x"),
        MoveTask(4711, 1),
        RemoveTask(4711),
        ApplyChecklist(1, "x"),
        AddTime(1, 5, date(2026, 3, 2)),
        SetTime(4711, minutes=5),
        RemoveTime(4711),
        StartTimer(1),
        PauseTimer(),
        StopTimer(),
        SetIdlePause(5),
        tickets.UndoLast(),
        tickets.UndoDeed(1),
        merging.MergeTickets(1, (2,)),
        merging.SplitTicket((1,)),
        tickets.MarkSpam(1),
        tickets.BlockSender(1),
        tickets.LinkTickets(1, 2),
        tickets.UnlinkTickets(1),
        tickets.JoinSuggested(1),
        tickets.MoveOut(1),
        conversation.FetchOriginal(4711),
        tickets.LinkAsset(1, 1),
        LinkLicence(1, 4711),
        DismissRecognised(1, 4711),
        NewApproval(1, "x"),
        SaveApproval(4711, "x"),
        CancelApproval(4711),
        RemindApproval(4711),
        AddSubstitute("ana", "ben", date(2026, 3, 1), date(2026, 3, 9)),
        RemoveSubstitute(4711),
        NewPurchase(1, "x"),
        SavePurchase(4711, title="x"),
        AskPurchase(4711),
        OrderPurchase(4711),
        CancelPurchase(4711, "x"),
        tickets.AddCategory("x"),
        ticket_work.SetNextAction(1, "x"),
        SavePerson(1, "x"),
        AddAddress(1, "x@y.test"),
        SplitAddress(1, "x@y.test"),
        MergePeople(1, 2),
        SaveOrganization(None, "x"),
        ticket_work.HandOver(1, "x"),
        ApplyMacro(1, 4711),
        NewFromTemplate("x", "a@b.test", "y", template=4711),
    ],
    Permission.CONFIGURE_WORK: [
        SaveCanned(None, "x", "x"),
        SaveMacro(None, "x", note="x"),
        SaveTemplate(None, "x"),
        SaveRecurring(None, "x", "daily 8:00"),
        SaveField(None, FieldSubject.TICKET, "x"),
        SaveChecklist(None, "x"),
        RemoveChecklist("x"),
        SaveAssetType("x"),
        SaveChain("x", ()),
        RemoveChain("x"),
        SaveActivity("x"),
        SaveSupplier(None, "x"),
        SaveCostCentre(None, "x"),
        SavePurchaseSettings(currency="EUR"),
        ClosePeriod(None),
    ],
    Permission.WRITE: [
        conversation.SaveDraft(1, REPLY, "x"),
        conversation.DropDraft(1, REPLY),
        AskReview(1, REPLY, "ben"),
        DecideReview(4711, ReviewDecision.APPROVE),
        WithdrawReview(4711),
        TakeOverReview(4711),
        conversation.AttachToDraft(1, REPLY, "/etc/hostname"),
        conversation.DetachFromDraft(1, REPLY, 1),
        conversation.SendReply(1, "x"),
        FillCanned(1, 4711),
        conversation.AddNote(1, "x"),
        conversation.CancelSend(1),
        conversation.Reschedule(1),
        conversation.RetrySend(1),
    ],
    Permission.HANDLE_SUSPENDED: [
        desk.AcceptSuspended(1),
        desk.JoinSuspended(1, 1),
        desk.RetrySuspended(1),
        desk.DropSuspended(1),
    ],
    Permission.CHANGE_ASSETS: [
        AddDocument(DocumentSubject.ASSET, "/etc/hostname", 1),
        RemoveDocument(4711),
        SaveLicence(None, "x", key="K"),
        RetireLicence(4711),
        AssignSeat(4711, person_id=1),
        ReleaseSeat(4711),
        ShowLicenceKey(4711),
        SaveContract(None, "x"),
        RetireContract(4711),
        CoverAsset(4711, 1),
        RenewContract(4711),
        desk.SetAssetState(4711, AssetState.RETIRED),
        RelateAssets(4711, 4712, AssetRelationKind.PART_OF),
        UnrelateAssets(4711, 1),
        desk.SaveAsset(None, "T", "N"),
        desk.RetireAsset(1),
        PreviewImport("/nonexistent.csv"),
        ApplyImport("/nonexistent.csv", FileForm(), b""),
    ],
    Permission.ADMINISTER: [
        desk.SaveAgent("ben", role=Role.ADMIN),
        desk.SaveTeam("x"),
        desk.RemoveTeam("x"),
        desk.SaveSettings(undo_seconds=5),
        mailboxes.SuggestMailbox("a@gmail.com"),
        mailboxes.SaveMailbox(None, mailboxes.MailboxSettings("a@b.test")),
        mailboxes.SetMailboxState(1, MailboxState.PAUSED),
        mailboxes.TestMailbox(4711),
        mailboxes.SaveFallbackSender(mailboxes.FallbackSender()),
        mailboxes.TestFallbackSender(),
        oauth.DeviceSignIn(4711, None, oauth.SignInWatch(print)),
        oauth.StartSignIn(4711),
        oauth.FinishSignIn(4711, STARTED, "code"),
    ],
}


def test_every_change_is_in_the_list() -> None:
    listed = {type(request).__name__ for requests in CHANGES.values() for request in requests}
    changing = {name for name, handler in HANDLERS.items() if handler.mode in ("write", "outside")}
    assert listed == changing


@pytest.mark.parametrize("login", ["rita", "ana", "sue", "root"])
def test_the_table_decides(desk: Desk, login: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TUI_DESK_KEY_FILE", str(tmp_path / "secret.key"))
    add_mailbox(desk)
    ticket(desk)
    ticket(desk)
    actor = desk.actors[login]
    for permission, requests in CHANGES.items():
        for request in requests:
            before = events(desk)
            refused = ""
            try:
                desk.ask(request, actor)
            except Refused as error:
                refused = str(error)
            except DeskError:
                pass  # allowed, and then something was not there
            forbidden = any(
                words in refused
                for words in ("may look, but change nothing", "Only an admin", "Only a supervisor")
            )
            assert forbidden == (not allowed(actor.role, permission)), (login, request, refused)
            if forbidden:
                assert events(desk) == before, request


@pytest.mark.parametrize("login", ["rita", "ana", "sue", "root"])
def test_imports_and_backups_follow_the_table(desk: Desk, login: str, tmp_path: Path) -> None:
    actor = desk.actors[login]
    letter = tmp_path / "one.eml"
    letter.write_bytes(b"From: a@b.test\r\nSubject: x\r\n\r\nx\r\n")
    archive = tmp_path / "backup.tar"
    for permission, act in (
        (Permission.IMPORT_MAIL, lambda: import_mail(desk.database, actor, str(letter))),
        (Permission.BACK_UP, lambda: backup(desk.database, actor, archive, desk.now)),
    ):
        if allowed(actor.role, permission):
            act()
        else:
            with pytest.raises(Refused, match="Only an admin"):
                act()
    assert archive.exists() == (login == "root")
    assert (events(desk) > 0) == (login == "root")


def events(desk: Desk) -> int:
    with desk.database.reading() as session:
        return int(session.exec(select(func.count()).select_from(Event)).one())
