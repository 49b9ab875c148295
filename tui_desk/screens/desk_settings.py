"""Settings → Desk: its name, the undo window, when resolved tickets close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import DESK, FORM, SETTINGS
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import SaveSettings, ShowSettings
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.forms import Field, FormScreen
from tui_desk.screens.mailbox_fields import number_problem
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.choice_field import Option


class DeskSettingsScreen(SettingsSection):
    """What is set."""

    scopes = (DESK, SETTINGS, GLOBAL)
    CSS_PATH = "styles/record.tcss"
    section = "desk"

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Desk')}"

    def compose_body(self) -> Iterable[Widget]:
        yield from self.above()
        yield Static("", id="record", classes="padded", markup=False)

    async def load(self) -> None:
        settings = await self.ask(ShowSettings())
        undo = ngettext("{count} second", "{count} seconds", settings.undo_seconds)
        days = ngettext("{count} day", "{count} days", settings.reopen_days)
        facts = (
            Fact(_("Name"), settings.desk_name or "–"),
            Fact(_("Undo window"), undo.format(count=settings.undo_seconds)),
            Fact(_("Resolved closes after"), days.format(count=settings.reopen_days)),
            Fact(_("Largest mail"), _("{count} MB").format(count=settings.largest_mail_mb)),
            Fact(_("Hand-over"), _handover(required=settings.handover_note_required)),
            Fact(_("Answers by mail"), _proof(settings.approvals_by_mail)),
            Fact(_("Told of ends"), settings.expiry_team or _("supervisors and admins")),
        )
        explained = _(
            "The undo window is how long an answer is held before it leaves: u takes it back until then.\n"
            "An answer to a resolved ticket reopens it; to a closed one it opens a follow-up.\n"
            "Of a mail over the limit header and text come in; the original stays on the server."
        )
        self.query_one("#record", Static).update(
            blocks(heading(_("The desk")), labelled(facts), sentence(explained, "$muted"))
        )

    def do_edit_desk(self, argument: str) -> None:
        self.app.push_screen(DeskFormScreen())


def _proof(wanted: str) -> str:
    if wanted == "verified":
        return _("count where the mailbox's server vouches for the sender")
    return _("count with the question's code from the address that was asked")


def _handover(*, required: bool) -> str:
    return _("needs a note") if required else _("offers a note")


class DeskFormScreen(FormScreen):
    """Changes it."""

    scopes = (FORM, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = f"{_('Settings')} › {_('Desk')}"

    def fields(self) -> tuple[Field, ...]:
        return (
            Field("desk_name", _("Name"), help=_("The name of this helpdesk, as people know it.")),
            Field(
                "undo_seconds",
                _("Undo window"),
                help=_("Seconds an answer is held before it leaves, 0 to 300; u takes it back until then."),
                width=7,
            ),
            Field(
                "reopen_days",
                _("Close after"),
                help=_("Days after which a resolved ticket is closed. Until then an answer reopens it."),
                width=7,
            ),
            Field(
                "largest_mail_mb",
                _("Largest mail"),
                help=_(
                    "Megabytes, 1 to 1000. Of a larger mail header and text come in; the original stays on the server."
                ),
                width=7,
            ),
            Field(
                "handover_note_required",
                _("Hand-over"),
                kind="choice",
                help=_("Whether giving a ticket to another team needs a note that says how things stand."),
                options=(Option("no", _handover(required=False)), Option("yes", _handover(required=True))),
            ),
            Field(
                "approvals_by_mail",
                _("Answers by mail"),
                kind="choice",
                help=_("Which answers to approvals count. Those that fail the server's check never do."),
                options=(Option("token", _proof("token")), Option("verified", _proof("verified"))),
            ),
            Field(
                "expiry_team",
                _("Told of ends"),
                help=_(
                    "The team that is told of warranties, licences and contracts that end soon; empty: supervisors and admins."
                ),
            ),
        )

    async def initial(self) -> Mapping[str, str]:
        settings = await self.ask(ShowSettings())
        return {
            "desk_name": settings.desk_name,
            "undo_seconds": str(settings.undo_seconds),
            "reopen_days": str(settings.reopen_days),
            "largest_mail_mb": str(settings.largest_mail_mb),
            "handover_note_required": "yes" if settings.handover_note_required else "no",
            "approvals_by_mail": settings.approvals_by_mail,
            "expiry_team": settings.expiry_team,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {
            "desk_name": "" if values["desk_name"].strip() else _("The desk needs a name."),
            "undo_seconds": number_problem(values["undo_seconds"].strip(), 0, 300),
            "reopen_days": number_problem(values["reopen_days"].strip(), 0, 3_650),
            "largest_mail_mb": number_problem(values["largest_mail_mb"].strip(), 1, 1_000),
        }
        return {name: problem for name, problem in found.items() if problem}

    async def submit(self, values: Mapping[str, str]) -> str | None:
        await self.ask(
            SaveSettings(
                values["desk_name"].strip(),
                int(values["undo_seconds"]),
                int(values["reopen_days"]),
                int(values["largest_mail_mb"]),
                values["handover_note_required"] == "yes",
                values["approvals_by_mail"],
                values["expiry_team"].strip(),
            )
        )
        return _("The settings of the desk are saved.")
