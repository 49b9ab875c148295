"""A text leaves: the send guard's sentences first, then how long it can be stopped."""

from __future__ import annotations

from datetime import datetime

from tui_desk.contracts.conversation import (
    AddNote,
    DropDraft,
    GuardFinding,
    OpenCompose,
    SaveDraft,
    SendReply,
    SentResult,
)
from tui_desk.contracts.gateway import Request
from tui_desk.core import moment_text
from tui_desk.core.errors import Blocked, DoneBefore, MergedAway, Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.tokens import new_token
from tui_desk.linear.flow import went_away
from tui_desk.linear.mentioning import names_are_meant
from tui_desk.linear.questions import confirmed, reason_despite
from tui_desk.linear.session import Session
from tui_desk.linear.taking_back import HOLD_SECONDS, offer_of_mail
from tui_desk.linear.words import ago
from tui_desk.linear.writing import Draft
from tui_desk.screens.guarded import Asked, at_once, guarded


def send(draft: Draft, status_after: str = "", leave_at: datetime | None = None) -> None:
    """Send it (a note: keep it). Where it is not sent, the text stays. Raises DeskError, ChangedMind."""
    draft.save()
    try:
        _send(draft, status_after, leave_at)
    except DoneBefore:
        draft.token, draft.saved = new_token(), ()  # what was written since is something else
        draft.save()
        raise


def _send(draft: Draft, status_after: str, leave_at: datetime | None) -> None:
    if draft.is_note:
        _keep_note(draft)
        return
    result = _asked(draft, status_after, leave_at)
    if result is None:
        return
    draft.is_over = True
    _tell(draft.session, draft.number, result, leave_at)
    if status_after:
        draft.session.look_again()
        went_away(draft.session, draft.number)


def _keep_note(draft: Draft) -> None:
    if not draft.body.strip():
        raise Refused(_("The note is empty."), _("Write something; .keep leaves."))
    if not names_are_meant(draft):
        draft.session.say(_("Not kept yet. The text is as it was: write on, or .keep leaves."))
        return
    try:
        draft.session.ask(AddNote(draft.number, draft.body, draft.logged, token=draft.token))
    except MergedAway as merged:
        _carry(draft, merged)
        return
    draft.is_over = True
    draft.session.say(_("The note is kept; only agents see it."))


def _asked(draft: Draft, status_after: str, leave_at: datetime | None) -> SentResult | None:
    """Ask until nothing speaks against it; None: it was not sent after all."""
    request = SendReply(
        draft.number,
        draft.body,
        draft.kind,
        draft.to,
        draft.cc,
        draft.bcc,
        draft.known.base_message_id,
        status_after=status_after,
        leave_at=leave_at,
        hold_seconds=HOLD_SECONDS,
        token=draft.token,
    )
    left = _("Not sent. The text is as it was: write on, or .keep leaves.")
    try:
        return ask_guarded(draft.session, request, _("Send it all the same?"), left)
    except MergedAway as merged:
        _carry(draft, merged)
        return None


def ask_guarded(session: Session, request: Request[Asked], question: str, left: str) -> Asked | None:
    """Ask until nothing speaks against it; None: it was not done after all, and ``left`` was said. Raises ChangedMind."""

    async def ask(wanted: Request[Asked]) -> Asked:
        return session.ask(wanted)

    async def reason(blocked: Blocked) -> str:
        return reason_despite(session, blocked)

    async def look_again(findings: tuple[GuardFinding, ...]) -> bool:
        tell_findings(session, findings)
        if confirmed(session, question):
            return True
        session.say(left)
        return False

    return at_once(guarded(request, ask, reason, look_again))


def tell_findings(session: Session, findings: tuple[GuardFinding, ...]) -> None:
    """What speaks against it, with the messages that came meanwhile."""
    for finding in findings:
        session.say(_("Look again before this leaves: {why}").format(why=finding.sentence))
        for message in finding.newer:
            session.say(f"{safe_line(message.author, 80)}, {ago(message.at, session.now())}:")
            session.say(safe_block(message.reply or message.text, 4_000))


def _tell(session: Session, number: int, result: SentResult, leave_at: datetime | None) -> None:
    if result.held_until is None or result.outbox_id is None:
        session.say(result.notice or _("On its way."))
        return
    session.offer = offer_of_mail(result.outbox_id, number, result.held_until)
    if leave_at is not None:
        told = _("It leaves {when}. undo stops it.").format(
            when=moment_text.told(result.held_until, session.now())
        )
        session.say(result.notice, told)
    else:
        session.say(result.notice)  # how long it can be stopped is told with the next prompt


def _carry(draft: Draft, merged: MergedAway) -> None:
    """The ticket was merged meanwhile: the text goes along to the one that took it over, and is not sent yet."""
    session = draft.session
    question = _("Take the text to #{number}?").format(number=merged.into)
    if not confirmed(session, question, f"{merged.sentence} {_('It is not sent yet: look at it there.')}"):
        session.say(_("Not sent. The text is as it was: write on, or .keep leaves."))
        return
    there = session.ask(OpenCompose(merged.into, draft.kind))
    goes_on = draft.body.strip().startswith(there.body.strip())
    text = draft.body if goes_on else f"{there.body.rstrip()}\n\n{draft.body}"
    session.ask(
        SaveDraft(
            merged.into, draft.kind, text, draft.to or there.to, draft.cc or there.cc, draft.bcc or there.bcc,
            there.base_message_id,
        )
    )  # fmt: skip
    if not draft.attachments:
        session.ask(DropDraft(draft.number, draft.kind))
    draft.is_over = True
    told = (
        _("It is in #{number} now.")
        if draft.is_note
        else _("Your draft is in #{number} now: open {number}, then reply.")
    )
    session.say(told.format(number=merged.into))
