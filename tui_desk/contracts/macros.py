"""What is written down once and used often: canned replies, macros, ticket templates, recurring tickets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from tui_desk.contracts.conversation import GuardFinding
from tui_desk.contracts.gateway import Request
from tui_desk.contracts.tickets import FieldChanged, NewTicket
from tui_desk.core.values import dataclass


@dataclass(frozen=True, slots=True)
class Kept:
    """What all of them have. ``own``: only its owner is offered it; ``team`` empty: every team is."""

    id: int
    name: str
    team: str
    own: bool
    active: bool
    used: int
    used_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class CannedView(Kept):
    shortcut: str = ""
    text: str = ""
    """With its variables as they are written; see ``rules.text_variables``."""
    language: str = ""


@dataclass(frozen=True, slots=True)
class ListCanned(Request[tuple[CannedView, ...]]):
    """All one may see, by name; with ``number`` those to be offered in that ticket: in the requester's language first, then the most used."""

    number: int | None = None
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class ShowCanned(Request[CannedView]):
    """By name (one's own before a shared one) or by ``id``."""

    name: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveCanned(Request[CannedView]):
    """Make one (``id`` None) or change it. ``own``: for the acting agent alone."""

    id: int | None
    name: str
    text: str
    shortcut: str = ""
    language: str = ""
    team: str = ""
    own: bool = False
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its variables filled in, and what could not be filled in, a sentence each."""

    text: str
    problems: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Words in braces that stand in ``text`` as they are written, since nothing knows them."""


@dataclass(frozen=True, slots=True)
class FillCanned(Request[Filled]):
    """The text of a canned reply for a ticket; its use is counted."""

    number: int
    id: int


@dataclass(frozen=True, slots=True)
class PreviewCanned(Request[Filled]):
    """The same text, only to be looked at."""

    number: int
    id: int


@dataclass(frozen=True, slots=True)
class MacroView(Kept):
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    """By name, as ``ticket set`` takes them; tags are added, with ``-`` before one it is taken away."""
    tasks: tuple[str, ...] = ()
    """Lines as in a checklist; ``checklist=NAME`` is a whole one."""
    note: str = ""
    reply: str = ""
    send: bool = False
    language: str = ""
    steps: tuple[str, ...] = ()
    """What it does, a sentence each."""


@dataclass(frozen=True, slots=True)
class ListMacros(Request[tuple[MacroView, ...]]):
    """All one may see, by name; with ``number`` those to be offered in that ticket: in the requester's language first, then the most used."""

    number: int | None = None
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class ShowMacro(Request[MacroView]):
    """By name (one's own before a shared one; with ``number``, in the language of that ticket's requester first) or by ``id``."""

    name: str = ""
    id: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SaveMacro(Request[MacroView]):
    id: int | None
    name: str
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    tasks: tuple[str, ...] = ()
    note: str = ""
    reply: str = ""
    send: bool = False
    language: str = ""
    team: str = ""
    own: bool = False
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class MacroPreview:
    """What a macro would do to one ticket, in the ``version`` it has now. Where there are ``problems`` it does nothing at all."""

    steps: tuple[str, ...]
    problems: tuple[str, ...]
    """What cannot be done."""
    open: tuple[str, ...] = ()
    """What a reason lifts: it is asked for."""
    note: str = ""
    reply: str = ""
    """Both with their variables filled in."""
    version: int = 0
    unfilled: tuple[str, ...] = ()
    """What could not be filled in, a sentence each."""


@dataclass(frozen=True, slots=True)
class PreviewMacro(Request[MacroPreview]):
    number: int
    id: int


@dataclass(frozen=True, slots=True)
class MacroDone(FieldChanged):
    """What a macro did. With ``findings`` of the send guard nothing was done; confirm their codes and ask again."""

    findings: tuple[GuardFinding, ...] = ()
    outbox_id: int | None = None
    held_until: datetime | None = None
    draft: bool = False
    """A reply waits as one's draft."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApplyMacro(Request[MacroDone]):
    """Carry a macro out in one deed, or not at all. ``despite``: the reason where something is open. ``version``: as it was shown; what
    was changed since does nothing. 0: whatever it is now. ``hold_seconds`` and ``token`` as in ``SendReply``.
    """

    number: int
    id: int
    despite: str = ""
    confirmed: tuple[str, ...] = ()
    version: int = 0
    hold_seconds: int = 0
    token: str = ""


@dataclass(frozen=True, slots=True)
class TemplateView(Kept):
    subject: str = ""
    body: str = ""
    requester: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListTemplates(Request[tuple[TemplateView, ...]]):
    """All one may see, by name; ``offered``: those of one's teams and of no team, the most used first."""

    offered: bool = False
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class ShowTemplate(Request[TemplateView]):
    name: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class SaveTemplate(Request[TemplateView]):
    id: int | None
    name: str
    subject: str = ""
    body: str = ""
    requester: str = ""
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    tasks: tuple[str, ...] = ()
    team: str = ""
    own: bool = False
    active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class NewFromTemplate(NewTicket):
    """A ticket as :class:`FillTemplate` answered it, with what was changed since; its tags and the template's tasks come with it."""

    template: int = 0
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FillTemplate(Request[NewFromTemplate]):
    """The request that makes a ticket as the template says, its variables filled in; the requester may be empty."""

    id: int


@dataclass(frozen=True, slots=True)
class RecurringView:
    id: int
    template: str
    rule: str
    next_at: datetime | None
    """None: it is paused."""
    last_ticket: int | None
    active: bool
    version: int


@dataclass(frozen=True, slots=True)
class ListRecurring(Request[tuple[RecurringView, ...]]):
    inactive: bool = False


@dataclass(frozen=True, slots=True)
class SaveRecurring(Request[RecurringView]):
    """Let a template become a ticket by a rule such as ``weekly mon 8:00``; change the rule, pause it, resume it, end it."""

    id: int | None
    template: str = ""
    rule: str = ""
    paused: bool = False
    active: bool = True
    version: int = 0
