"""Macros and logged contacts."""

from __future__ import annotations

from dataclasses import replace

from tui_desk.contracts.macros import ApplyMacro, ListMacros, PreviewMacro
from tui_desk.core.enums import DraftKind, MessageKind
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_block, safe_line
from tui_desk.core.tokens import token_for
from tui_desk.linear.questions import ChangedMind, chosen, confirmed
from tui_desk.linear.sending import ask_guarded
from tui_desk.linear.session import Session, in_words
from tui_desk.linear.taking_back import HOLD_SECONDS, offer_of_change
from tui_desk.linear.writing import write
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens.choices import Choice
from tui_desk.screens.words import message_kind


def macro(session: Session, argument: str) -> None:
    """Tell what a macro will do here, ask, and do it as one deed."""
    number = session.number()
    known = session.ask(ListMacros(number))
    if not known:
        raise NotFound(_("There are no macros yet."), _("tui-desk macro new NAME makes one."))
    if argument:
        found = fitting(argument, known, lambda one: (one.name,))
        if not found:
            raise NotFound(_("There is no macro “{name}”.").format(name=safe_line(argument, 80)))
        one = found[0]
    else:
        choices = [Choice(str(each.id), each.name) for each in known]
        value = chosen(session, "", _("Which macro?"), choices)
        one = next(each for each in known if str(each.id) == value)
    preview = session.ask(PreviewMacro(number, one.id))
    session.say(_("Macro {name}:").format(name=safe_line(one.name, 80)))
    for step in (*preview.steps, *preview.problems, *preview.open, *preview.unfilled):
        session.say(step)
    if preview.reply.strip():
        session.say(_("It writes:"))
        session.say(safe_block(preview.reply, 4_000))
    if preview.problems:
        session.say(_("Nothing was done."))
        return
    if not confirmed(session, _("Do it?")):
        raise ChangedMind
    request = ApplyMacro(number, one.id, version=preview.version, hold_seconds=HOLD_SECONDS)
    with token_for(session.doubtful, (number, one.id, preview.version)) as token:
        wanted = replace(request, token=token)
        done = ask_guarded(session, wanted, _("Do it all the same?"), _("Nothing was done."))
    if done is None:
        return
    session.say(in_words(done.sentence), *done.warnings)
    if done.event_ids:
        session.offer = offer_of_change(done, session.now(), done.held_until)
    session.look_again()
    if done.draft:
        write(session, DraftKind.REPLY)


def log_contact(session: Session, argument: str) -> None:
    """A call, a chat or a visit, written down like a note."""
    kinds = (MessageKind.PHONE, MessageKind.CHAT, MessageKind.FORM)
    choices = [Choice(kind.value, message_kind(kind)) for kind in kinds]
    kind = chosen(session, argument, _("Log what?"), choices)
    write(session, DraftKind.NOTE, MessageKind(kind))
