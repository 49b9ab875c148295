"""Writing, line by line: a lone dot ends the text and sends it, a dot with a word does something else meanwhile.

Every line is in the draft before the next one is asked for, so a crash or a cut line loses at most the line being typed; Ctrl+C and a
hang-up keep that, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tui_desk.contracts.conversation import (
    AttachmentView,
    ComposeContext,
    DropDraft,
    OpenCompose,
    SaveDraft,
)
from tui_desk.core.enums import DraftKind, MessageKind, PresenceMode
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.tokens import new_token
from tui_desk.core.words import word
from tui_desk.linear.border import tell_unexpected
from tui_desk.linear.console import Ended, HungUp, Stopped
from tui_desk.linear.questions import ChangedMind, confirmed, line
from tui_desk.linear.session import Session
from tui_desk.linear.words import files, people_here
from tui_desk.screens.words import message_kind


@dataclass(slots=True)
class Draft:
    """What is being written."""

    session: Session
    number: int
    kind: DraftKind
    known: ComposeContext
    lines: list[str]
    to: str
    cc: str
    bcc: str
    attachments: list[AttachmentView]
    logged: MessageKind = MessageKind.NOTE
    handles: tuple[str, ...] = ()
    token: str = field(default_factory=new_token)
    """Of what is written here: however often it is sent, it leaves once."""
    is_over: bool = False
    saved: tuple[str, ...] = field(default=())

    @property
    def body(self) -> str:
        return "\n".join(self.lines)

    @property
    def is_note(self) -> bool:
        """Whether it never leaves the desk."""
        return self.kind is DraftKind.NOTE

    def save(self, more: str = "") -> None:
        """Keep it as the draft of the desk; ``more`` is a line that was not finished."""
        body = "\n".join([*self.lines, more] if more else self.lines)
        written = (body, self.to, self.cc, self.bcc)
        if written == self.saved:
            return
        base = self.known.base_message_id
        to, cc, bcc = self.to, self.cc, self.bcc
        self.session.ask(SaveDraft(self.number, self.kind, body, to, cc, bcc, base, self.token))
        self.saved = written


def open_draft(session: Session, kind: DraftKind, logged: MessageKind = MessageKind.NOTE) -> Draft:
    """The draft of that kind in the open ticket, told with whom it is for. Raises DeskError."""
    number = session.number()
    known = session.ask(OpenCompose(number, kind))
    draft = Draft(
        session, number, kind, known, known.body.splitlines(), known.to, known.cc, known.bcc,
        list(known.attachments), logged, token=known.token or new_token(), saved=(known.body, known.to, known.cc, known.bcc),
    )  # fmt: skip
    title = word(kind) if logged is MessageKind.NOTE else message_kind(logged)
    session.say(
        _("{kind} in #{number}.").format(kind=title, number=number),
        _("Only agents see it.") if draft.is_note else _("To {to}.").format(to=known.to or _("nobody yet")),
        _("Copy to {cc}.").format(cc=known.cc) if known.cc else "",
        _("Hidden copy to {bcc}.").format(bcc=known.bcc) if known.bcc else "",
        known.one_way_notice,
        _("The last mail follows below your words.") if kind is DraftKind.FORWARD else "",
    )
    session.say(
        _(
            "Write line by line. A lone dot ends it; .help says what else a dot does; Ctrl+C keeps the draft and leaves."
        )
    )
    session.say(people_here(session.report(PresenceMode.WRITING)))
    if draft.lines or draft.attachments:
        session.say(_("Your draft is here again:"))
        read_back(draft, "")
    return draft


def write(session: Session, kind: DraftKind, logged: MessageKind = MessageKind.NOTE) -> None:
    """Write in the open ticket until it is sent, kept or thrown away."""
    draft = open_draft(session, kind, logged)
    if kind is DraftKind.FORWARD and not draft.to:
        try:
            draft.to = line(session, _("To whom?"))
        except ChangedMind:
            session.say(_("Nothing was written."))
            return
    session.presence = PresenceMode.WRITING
    try:
        while not draft.is_over:
            _one_line(draft)
    finally:
        session.presence = PresenceMode.VIEWING
    session.look_again()


def _completed(draft: Draft, typed: str) -> Sequence[str]:
    from tui_desk.linear.dots import completed

    return completed(draft, typed)


def _one_line(draft: Draft) -> None:
    """One line and what it brings. Whatever goes wrong is told, and the text is as it was."""
    session = draft.session
    try:
        _asked(draft)
    except ChangedMind:
        session.say(_("Nothing was done. The text is as it was."))
    except KeyboardInterrupt:  # between a line and its answer
        session.say(_("The text is as it was."))
    except DeskError as error:
        session.say(str(error), _("The text is as it was."))
    except Exception as error:  # noqa: BLE001 - the border: a text is never lost by a defect
        tell_unexpected(session, f"{draft.kind} in lines", error)


def _asked(draft: Draft) -> None:
    try:
        typed = draft.session.console.ask(
            "> ", lambda text: _completed(draft, text), history=tuple(draft.lines)
        )
    except Stopped as stopped:
        _keep_unfinished(draft, stopped.typed)
    except Ended:
        _at_the_end(draft)
    except HungUp as gone:
        draft.save(gone.typed)
        raise
    else:
        _take(draft, typed)


def _take(draft: Draft, typed: str) -> None:
    """A line of text, or what a dot asks for. A dot in what was pasted is text."""
    session = draft.session
    if "\n" in typed:
        added = typed.rstrip("\n").split("\n")
        draft.lines += added
        draft.save()
        told = ngettext("{count} line was pasted.", "{count} lines were pasted.", len(added))
        session.say(told.format(count=len(added)))
    elif typed.startswith(".") and (typed.rstrip() == "." or typed[1:2].isalpha()):
        if session.console.has_more():
            draft.lines.append(typed)
            draft.save()
            session.say(
                _("More came right behind “{line}”: it was taken as text.").format(line=typed.strip())
            )
            return
        _dot(draft, typed.rstrip()[1:])
    else:
        draft.lines.append(typed[1:] if typed.startswith("..") and typed[2:3].isalpha() else typed)
        draft.save()


def _dot(draft: Draft, word: str) -> None:
    """A lone dot, or one with a word."""
    if word:
        from tui_desk.linear.dots import do

        do(draft, word)
        return
    if draft.session.console.was_ahead and not draft.is_note:
        question = _("The dot was there before it was asked for, as in a paste. Send it?")
        if not confirmed(draft.session, question):
            raise ChangedMind
    from tui_desk.linear.sending import send

    send(draft)


def _at_the_end(draft: Draft) -> None:
    """Ctrl+D: nobody is there any more, or it was meant as the end of the text."""
    session = draft.session
    if session.console.is_live and draft.body.strip():
        question = _("Keep the note?") if draft.is_note else _("Send it?")
        try:
            if confirmed(session, question, _("no keeps the draft.")):
                from tui_desk.linear.sending import send

                send(draft)
                return
        except ChangedMind:
            pass
    keep(draft, "")


def read_back(draft: Draft, argument: str) -> None:
    """What is written so far."""
    session = draft.session
    if not draft.is_note:
        session.say(
            _("To {to}.").format(to=draft.to or _("nobody yet")),
            _("Copy to {cc}.").format(cc=draft.cc) if draft.cc else "",
            _("Hidden copy to {bcc}.").format(bcc=draft.bcc) if draft.bcc else "",
        )
    session.say(draft.body or _("Nothing is written yet."))
    if draft.attachments:
        session.say(_("Attached: {files}.").format(files=files(draft.attachments)))


def keep(draft: Draft, argument: str) -> None:
    """Leave; the draft is kept."""
    if not draft.body.strip() and not draft.attachments:
        draft.session.ask(DropDraft(draft.number, draft.kind))
        draft.session.say(_("Nothing was written."))
    else:
        draft.save()
        draft.session.say(_("The draft is kept."))
    draft.is_over = True


def _keep_unfinished(draft: Draft, typed: str) -> None:
    if typed.strip() and not typed.startswith("."):
        draft.lines.append(typed)
    keep(draft, "")
