"""Parts of writing: the line above the text, the attachments below it, and the guard's question before sending."""

from __future__ import annotations

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui_desk.contracts.conversation import AttachmentView, GuardFinding
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.queue import PresenceView
from tui_desk.contracts.tickets import TicketView
from tui_desk.core.enums import DraftKind, MessageKind
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line, visible_name
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.chrome import Part, line
from tui_desk.screens.dialog import ReadAndAnswer
from tui_desk.screens.guarded import Asked, guarded


def head_line(
    kind: DraftKind,
    number: int,
    ticket: TicketView | None,
    others: tuple[PresenceView, ...] = (),
    logged: MessageKind = MessageKind.NOTE,
) -> Content:
    """What is being written (a note may be the record of a call, as ``logged`` says), who else is at it, and in which ticket (last: it may be cut off)."""
    note = kind is DraftKind.NOTE
    title = words.draft_kind(kind) if logged is MessageKind.NOTE else words.message_kind(logged)
    parts: list[Part] = [(title, "bold $note" if note else "bold $text-primary")]
    if note:
        parts.append((_(" · only agents see this"), "$note"))
    parts += [(f"   {words.presence(who.mode, safe_line(who.agent, 40))}", "$text-warning") for who in others]
    subject = safe_line(ticket.subject, 200) if ticket is not None else ""
    parts.append((f"  #{number} {subject}", "$muted"))
    return line(*parts)


def attachment_line(attachments: tuple[AttachmentView, ...]) -> Content:
    """The files that go along."""
    return _files(_("Attached: "), attachments)


def passed_on_line(attachments: tuple[AttachmentView, ...]) -> Content:
    """What a forward adds by itself below what is written."""
    if not attachments:
        return line((_("The last mail of the conversation follows below your words."), "$muted"))
    return _files(_("The last mail of the conversation follows below your words, with "), attachments)


def _files(label: str, attachments: tuple[AttachmentView, ...]) -> Content:
    parts: list[Part] = [(label, "$muted")]
    for index, attachment in enumerate(attachments):
        parts += [
            ", " if index else "",
            visible_name(attachment.filename, 60),
            (f" {words.size(attachment.size)}", "$muted"),
        ]
    return line(*parts)


class GuardDialog(ReadAndAnswer):
    """Reasons to look again before sending, with the messages that came meanwhile. Only ``y`` sends; ``back`` says what ``n`` does."""

    def __init__(self, findings: tuple[GuardFinding, ...], now: datetime, back: str = "") -> None:
        super().__init__()
        self._findings, self._now = findings, now
        self._back = back or _("Back to the text")

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog wide danger"):
            yield Static(_("Look again before this leaves"), classes="dialog-title", markup=False)
            with VerticalScroll(id="findings"):
                yield Static(self._page(), markup=False)
            answers = line(
                ("y", "$text-accent bold"),
                f" {_('Send it all the same')}    ",
                ("n", "$text-accent bold"),
                f" {self._back}",
            )
            yield Static(answers, classes="dialog-answers", markup=False)

    def _page(self) -> Content:
        parts: list[Part] = []
        for finding in self._findings:
            parts += [("! ", "$text-warning bold"), (f"{safe_line(finding.sentence)}\n", "bold")]
            for message in finding.newer:
                when = words.moment(message.at, self._now)
                parts.append((f"\n{safe_line(message.author, 80)} · {when}\n", "$text-primary"))
                parts.append(f"{safe_block(message.reply or message.text, 4_000).strip()}\n")
            parts.append("\n")
        return line(*parts).rstrip()


async def ask_guarded(screen: BaseScreen, request: Request[Asked], left: str, back: str = "") -> Asked | None:
    """Ask until nothing speaks against it; None: it was not done after all, and ``left`` was told. ``back`` as in :class:`GuardDialog`."""

    async def look_again(findings: tuple[GuardFinding, ...]) -> bool:
        if await screen.app.push_screen_wait(GuardDialog(findings, screen.host.options.clock(), back)):
            return True
        screen.say(left)
        return False

    return await guarded(request, screen.ask, screen.reason_despite, look_again)
