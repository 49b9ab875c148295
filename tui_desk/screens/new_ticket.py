"""A ticket written down by hand: a call, a visit, a chat."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from textual.containers import Horizontal, Vertical
from textual.widget import Widget
from textual.widgets import Input, Static

from tui_desk.actions.common import GLOBAL
from tui_desk.actions.writing import NEW_TICKET
from tui_desk.contracts.desk import ListTeams
from tui_desk.contracts.macros import FillTemplate, ListTemplates, NewFromTemplate
from tui_desk.contracts.tickets import NewTicket
from tui_desk.core.enums import Channel, Priority
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.tokens import new_token
from tui_desk.rules.fuzzy import fitting
from tui_desk.screens import words
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.dialogs import Choice
from tui_desk.screens.fields import Field
from tui_desk.screens.text_field import TextField
from tui_desk.screens.ticket_fields import NewTicketFieldsScreen, needed_fields
from tui_desk.widgets.choice_field import ChoiceField, Option

_BY_HAND = (Channel.PHONE, Channel.WALKIN, Channel.CHAT)


class NewTicketScreen(BaseScreen):
    """The form. Nothing is made before Create; leaving asks when something was typed."""

    scopes = (NEW_TICKET, GLOBAL)
    CSS_PATH = "styles/new_ticket.tcss"

    def __init__(self, template: NewFromTemplate | None = None) -> None:
        super().__init__()
        self.crumb = _("New ticket")
        self._given = self._template = template
        """What the form is filled with."""
        self._busy = False
        self._token = new_token()

    def compose_body(self) -> Iterable[Widget]:
        channels = tuple(Option(channel.value, words.channel(channel)) for channel in _BY_HAND)
        priorities = tuple(Option(p.value, words.priority(p).word) for p in Priority)
        yield Vertical(
            self._row(_("Channel"), ChoiceField(channels, Channel.PHONE.value, id="channel")),
            self._row(
                _("Requester"),
                Field(placeholder=_("address, or a name for somebody without one"), id="requester"),
            ),
            self._row(_("Subject"), Field(id="subject")),
            self._row(_("Priority"), ChoiceField(priorities, Priority.NORMAL.value, id="priority")),
            self._row(_("Team"), ChoiceField((Option("", _("no team")),), "", id="team")),
            id="form",
        )
        yield TextField(placeholder=_("what they say"), id="text")

    def _row(self, label: str, field: Widget) -> Widget:
        return Horizontal(Static(label, classes="label", markup=False), field)

    def start(self) -> None:
        self.query_one("#requester", Input).focus()

    async def load(self) -> None:
        teams = await self.ask(ListTeams())
        choices = (Option("", _("no team")), *(Option(team.name, team.name) for team in teams))
        self.query_one("#team", ChoiceField).set_options(choices)
        given, self._given = self._given, None
        if given is not None:
            self._fill(given)

    def _fill(self, template: NewFromTemplate) -> None:
        """What the template says, where nothing was typed yet."""
        self._template = template
        for name, value in (("requester", template.requester), ("subject", template.subject)):
            field = self.query_one(f"#{name}", Input)
            field.value = field.value or value
        area = self.query_one(TextField)
        if not area.text.strip():
            area.text = template.body
        channel = self.query_one("#channel", ChoiceField)
        if all(option.value != template.channel.value for option in channel.options):
            other = Option(template.channel.value, words.channel(template.channel))
            channel.set_options((*channel.options, other))
        for name, choice in (
            ("channel", template.channel.value),
            ("priority", template.priority.value),
            ("team", template.team),
        ):
            select = self.query_one(f"#{name}", ChoiceField)
            if any(option.value == choice for option in select.options):
                select.choose(choice)

    async def do_choose_template(self, argument: str) -> None:
        templates = await self.ask(ListTemplates(offered=True))
        if not templates:
            self.refuse(_("There are no templates yet."), _("g c, section Templates, writes one."))
            return
        found = fitting(argument.strip(), templates, lambda one: (one.name,)) if argument.strip() else []
        choices = [Choice(str(one.id), one.name, detail=one.subject) for one in templates]
        chosen = str(found[0].id) if found else await self.choose(_("Which template?"), choices)
        if chosen is not None:
            self._fill(await self.ask(FillTemplate(int(chosen))))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.focus_next()

    def on_choice_field_list_wanted(self, message: ChoiceField.ListWanted) -> None:
        self.run_guarded(_("Choose"), self._choose_for(message.field))

    async def _choose_for(self, field: ChoiceField) -> None:
        choices = [Choice(option.value, option.label) for option in field.options]
        chosen = await self.choose(_("Choose"), choices, field.value)
        if chosen is not None:
            field.choose(chosen)

    def _typed(self) -> tuple[str, str, str]:
        requester, subject = (
            self.query_one(f"#{name}", Input).value.strip() for name in ("requester", "subject")
        )
        return requester, subject, self.query_one(TextField).text

    async def do_create(self, argument: str) -> None:
        requester, subject, body = self._typed()
        for value, name, sentence in (
            (requester, "requester", _("Who asks? A ticket needs a requester.")),
            (subject, "subject", _("What is it about? A ticket needs a subject.")),
        ):
            if not value:
                self.query_one(f"#{name}", Input).focus()
                raise UsageError(sentence)
        if self._busy:
            return
        self._busy = True
        request = replace(
            self._template or NewTicket("", "", ""),
            subject=subject,
            requester=requester,
            body=body,
            channel=Channel(self.query_one("#channel", ChoiceField).value),
            priority=Priority(self.query_one("#priority", ChoiceField).value),
            team=self.query_one("#team", ChoiceField).value,
            token=self._token,
        )
        try:
            own = await needed_fields(self, request.type)
            if own is not None:
                self.app.push_screen(NewTicketFieldsScreen(request, own))
                return
            number = await self.ask(request)
        finally:
            self._busy = False
        self.app.pop_screen()
        below = self.app.screen
        if isinstance(below, BaseScreen):
            below.say(_("#{number} is made.").format(number=number), level="done")
            below.reload()

    async def do_leave(self, argument: str) -> None:
        if any(part.strip() for part in self._typed()):
            question = _("Throw this ticket away?")
            if not await self.confirm(question, _("What was typed is gone then."), _("Throw it away")):
                return
        self.app.pop_screen()
