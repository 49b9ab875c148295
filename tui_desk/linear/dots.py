"""What a dot with a word does while one writes: send, attach, recipients, a canned reply, the editor, and what Tab offers there."""

from __future__ import annotations

from collections.abc import Callable

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.linear import ALIASES
from tui_desk.actions.typed import find_command
from tui_desk.actions.writing import COMPOSE
from tui_desk.contracts.conversation import AttachToDraft, DetachFromDraft, DropDraft
from tui_desk.contracts.macros import FillCanned, ListCanned
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import safe_block, safe_line, visible_name
from tui_desk.linear.mentioning import handles
from tui_desk.linear.questions import ChangedMind, chosen, confirmed, line
from tui_desk.linear.writing import Draft, keep, read_back
from tui_desk.rules.fuzzy import fitting
from tui_desk.rules.mentions import begun
from tui_desk.rules.mentions import fitting as fitting_handles
from tui_desk.screens.choices import Choice
from tui_desk.screens.paths import completing, permitted

SCOPES = (COMPOSE, GLOBAL)


def facts(draft: Draft) -> frozenset[str]:
    """What holds while one writes."""
    found = {"writer"} if draft.attachments == [] else {"writer", "attachment"}
    return frozenset(found if draft.is_note else found | {"mail"})


def do(draft: Draft, typed: str) -> None:
    first, _blank, rest = typed.partition(" ")
    name = ALIASES.get(first.casefold(), first)
    way_out = _(".help says what a dot can do; two dots write a line that begins with one.")
    action, argument = find_command(draft.session.registry, SCOPES, f"{name} {rest}", way_out)
    handler = HANDLERS.get(action.id)
    if handler is None:
        raise Refused(_("“{word}” has to wait until the text is done.").format(word=first), way_out)
    obstacle = action.obstacle(facts(draft))
    if obstacle:
        raise Refused(obstacle)
    handler(draft, argument)


def _send_later(draft: Draft, argument: str) -> None:
    from tui_desk.linear.sending import send
    from tui_desk.rules.moments import read_moment

    typed = argument or line(draft.session, _("When? tomorrow 9, fri 14:30, in 2h:"))
    if not typed:
        raise ChangedMind
    send(draft, leave_at=read_moment(typed, draft.session.now()))


def _send(draft: Draft, argument: str) -> None:
    from tui_desk.linear.sending import send

    send(draft)


def _send_resolved(draft: Draft, argument: str) -> None:
    from tui_desk.linear.sending import send

    send(draft, status_after="resolved")


def _editor(draft: Draft, argument: str) -> None:
    from tui_desk.linear.editing import edit

    def keep_text(text: str) -> None:
        draft.lines = text.splitlines()
        draft.save()

    draft.save()
    text = f"{draft.body}\n" if draft.body else ""
    edit(draft.session, f"{draft.number}-{draft.kind}", text, keep_text)
    read_back(draft, "")


def _attach(draft: Draft, argument: str) -> None:
    path = argument or line(draft.session, _("Attach which file?"), completing(draft.session.options))
    if not path:
        raise ChangedMind
    permitted(draft.session.options, path)
    draft.save()
    added = draft.session.ask(AttachToDraft(draft.number, draft.kind, path))
    draft.attachments.append(added)
    draft.session.say(_("{name} is attached.").format(name=visible_name(added.filename)))


def _detach(draft: Draft, argument: str) -> None:
    choices = [Choice(str(one.id), visible_name(one.filename)) for one in draft.attachments]
    value = (
        choices[0].value if len(choices) == 1 else chosen(draft.session, argument, _("Which file?"), choices)
    )
    draft.session.ask(DetachFromDraft(draft.number, draft.kind, int(value)))
    draft.attachments = [one for one in draft.attachments if str(one.id) != value]
    draft.session.say(_("It is taken away."))


def _canned(draft: Draft, argument: str) -> None:
    """A canned reply by its shortcut or some letters of its name, filled in."""
    session = draft.session
    known = session.ask(ListCanned(draft.number))
    if not known:
        raise NotFound(
            _("There are no canned replies yet."), _("tui-desk canned new NAME --text TEXT makes one.")
        )
    found = fitting(argument, known, lambda one: (one.shortcut, one.name)) if argument else []
    if argument and not found:
        raise NotFound(_("There is no canned reply “{name}”.").format(name=safe_line(argument, 60)))
    if found:
        one = found[0]
    else:
        choices = [Choice(str(each.id), each.name) for each in known]
        value = chosen(session, "", _("Which canned reply?"), choices)
        one = next(each for each in known if str(each.id) == value)
    filled = session.ask(FillCanned(draft.number, one.id))
    session.say(safe_block(filled.text))
    session.say(*filled.problems)
    draft.lines += filled.text.splitlines()
    draft.save()


def _strike(draft: Draft, argument: str) -> None:
    if not draft.lines:
        raise Refused(_("Nothing is written yet."))
    gone = draft.lines.pop()
    draft.save()
    left = ngettext("{count} line is left.", "{count} lines are left.", len(draft.lines)).format(
        count=len(draft.lines)
    )
    draft.session.say(_("Taken away: {line}").format(line=gone), left)


def _recipients(draft: Draft, argument: str) -> None:
    session = draft.session
    for name, label in (("to", _("To")), ("cc", _("Cc")), ("bcc", _("Bcc"))):
        now = getattr(draft, name)
        said = line(
            session, _("{field}; empty keeps {now}, a dash is nobody:").format(field=label, now=now or "–")
        )
        if said:
            setattr(draft, name, "" if said == "-" else said)
    draft.save()


def _to(name: str) -> Callable[[Draft, str], None]:
    def set_it(draft: Draft, argument: str) -> None:
        if draft.is_note:
            raise Refused(_("An internal note has no recipients: it never leaves the desk."))
        said = argument or line(draft.session, _("Addresses, with commas between; a dash is nobody:"))
        if not said:
            raise ChangedMind
        setattr(draft, name, "" if said == "-" else said)
        draft.save()
        read_back(draft, "")

    return set_it


def _discard(draft: Draft, argument: str) -> None:
    if draft.body.strip() or draft.attachments:
        question = _("Throw this draft away?")
        if not confirmed(draft.session, question, _("What was typed is gone then.")):
            raise ChangedMind
    draft.session.ask(DropDraft(draft.number, draft.kind))
    draft.is_over = True
    draft.session.say(_("The draft is gone."))


def _help(draft: Draft, argument: str) -> None:
    from tui_desk.linear.help import help_lines

    for sentence in help_lines(draft.session.registry, SCOPES, facts(draft), HANDLERS, argument, dot="."):
        draft.session.say(sentence)


HANDLERS: dict[str, Callable[[Draft, str], None]] = {
    "send": _send,
    "send_later": _send_later,
    "send_resolved": _send_resolved,
    "editor": _editor,
    "attach": _attach,
    "detach": _detach,
    "insert_canned": _canned,
    "recipients": _recipients,
    "draft_to": _to("to"),
    "draft_cc": _to("cc"),
    "draft_bcc": _to("bcc"),
    "draft_read": read_back,
    "strike": _strike,
    "keep": keep,
    "discard": _discard,
    "help": _help,
}


def completed(draft: Draft, typed: str) -> list[str]:
    """Behind a dot its words and paths; in a note the names of those who are told."""
    if typed.startswith(".") and not typed.startswith(".."):
        first, blank, rest = typed[1:].partition(" ")
        if not blank:
            names = [*(one for one, real in ALIASES.items() if real in HANDLERS), *HANDLERS]
            return sorted({f".{one} " for one in names if one.startswith(first.casefold())})
        if first == "attach":
            return [f".attach {path}" for path in completing(draft.session.options)(rest)]
        return []
    wanted = begun(typed) if draft.is_note else None
    if wanted is None:
        return []
    before = typed[: len(typed) - len(wanted)]
    return [f"{before}{one} " for one in fitting_handles(wanted, handles(draft))]
