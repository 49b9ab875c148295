"""Settings → Desk: its name, the undo window, when resolved tickets close."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tui_desk.actions.administration import DESK, FORM, SETTINGS
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.desk import DeskSettings, SaveSettings, ShowSettings
from tui_desk.core.i18n import _, ngettext
from tui_desk.screens.details import Fact, blocks, heading, hung, labelled, sentence
from tui_desk.screens.field_problems import number_problem
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.screens.key_map import key_facts
from tui_desk.screens.settings_frame import SettingsSection
from tui_desk.widgets.choice_field import Option


class DeskPage(VerticalScroll):
    """What is set, moved over by the arrows where it is longer than the screen."""


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
        yield DeskPage(Static("", id="record", markup=False), id="record-box")

    def start(self) -> None:
        self.query_one(DeskPage).focus()
        super().start()

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
            Fact(_("Checks of drafts"), check_words(settings.draft_checks)),
            Fact(_("Survey"), survey_words(settings)),
            Fact(_("Country"), settings.phone_region or "–"),
            Fact(_("Told of expiry"), settings.expiry_team or _("supervisors and admins")),
            Fact(_("Time zone"), settings.time_zone or _("that of the machine")),
            Fact(_("Programs"), settings.pipe_commands or _("none")),
        )
        explained = _(
            "The undo window is how long an answer is held before it leaves: u takes it back until then.\n"
            "An answer to a resolved ticket reopens it; to a closed one it opens a follow-up.\n"
            "Of a mail over the limit header and text come in; the original stays on the server."
        )
        self.query_one("#record", Static).update(
            hung(
                blocks(
                    heading(_("The desk")),
                    labelled((*facts, *key_facts(self.host))),
                    sentence(explained, "$muted"),
                )
            )
        )

    def keys_changed(self) -> None:
        super().keys_changed()
        self.reload()

    def do_edit_desk(self, argument: str) -> None:
        self.app.push_screen(DeskFormScreen())


def _proof(wanted: str) -> str:
    if wanted == "verified":
        return _("need the mail server to vouch for the sender")
    return _("need the question's code and the address asked")


def _handover(*, required: bool) -> str:
    return _("needs a note") if required else _("offers a note")


def check_words(wanted: str) -> str:
    """What becomes of a draft whose check waits or was refused."""
    return _("must be waited for") if wanted == "binding" else _("one is asked before it leaves")


def survey_words(settings: DeskSettings) -> str:
    """Whether requesters are asked for a rating, and when."""
    if settings.survey == "off":
        return _("nobody is asked for a rating")
    ended = _survey_end(settings.survey)
    pause = _("at most once in {count} days").format(count=settings.survey_pause_days)
    return f"{ended}, {_('after {count} h').format(count=settings.survey_hours)}, {pause}"


def _survey_end(survey: str) -> str:
    ends = {
        "off": _("nobody is asked"),
        "resolved": _("when it is resolved"),
        "closed": _("when it is closed"),
    }
    return ends.get(survey, survey)


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
                "draft_checks",
                _("Checks of drafts"),
                kind="choice",
                help=_(
                    "Checks that a colleague was asked for and has not approved: asked about, or binding."
                ),
                options=(Option("advise", check_words("advise")), Option("binding", check_words("binding"))),
            ),
            Field(
                "survey",
                _("Survey"),
                kind="choice",
                help=_("Ask requesters by mail whether all is well; they answer GOOD or BAD. No web page."),
                options=tuple(Option(one, _survey_end(one)) for one in ("off", "resolved", "closed")),
            ),
            Field("survey_hours", _("Survey after"), help=_("Hours after that, 0 to 720."), width=7),
            Field(
                "survey_pause_days",
                _("Survey pause"),
                help=_("Days, 0 to 365, within which nobody is asked twice."),
                width=7,
            ),
            Field(
                "phone_region",
                _("Country"),
                help=_("Two letters, such as ES: where phone numbers without + belong. Empty: nowhere."),
                width=5,
            ),
            Field(
                "expiry_team",
                _("Told of expiry"),
                help=_(
                    "The team that is told of warranties, licences and contracts that end soon; empty: supervisors and admins."
                ),
            ),
            Field(
                "time_zone",
                _("Time zone"),
                help=_("By whose clocks tickets come round: Europe/Madrid. Empty: that of the machine."),
            ),
            Field(
                "pipe_commands",
                _("Programs"),
                help=_(
                    "Command lines that | may give files and mails to, with commas: sha256sum, grep *. A * allows any "
                    "arguments; * alone every program; empty none. They run on the machine tui-desk runs on."
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
            "draft_checks": settings.draft_checks,
            "survey": settings.survey,
            "phone_region": settings.phone_region,
            "survey_hours": str(settings.survey_hours),
            "survey_pause_days": str(settings.survey_pause_days),
            "expiry_team": settings.expiry_team,
            "time_zone": settings.time_zone,
            "pipe_commands": settings.pipe_commands,
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        found = {
            "desk_name": "" if values["desk_name"].strip() else _("The desk needs a name."),
            "undo_seconds": number_problem(values["undo_seconds"].strip(), 0, 300),
            "reopen_days": number_problem(values["reopen_days"].strip(), 0, 3_650),
            "largest_mail_mb": number_problem(values["largest_mail_mb"].strip(), 1, 1_000),
            "survey_hours": number_problem(values["survey_hours"].strip(), 0, 720),
            "survey_pause_days": number_problem(values["survey_pause_days"].strip(), 0, 365),
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
                draft_checks=values["draft_checks"],
                survey=values["survey"],
                phone_region=values["phone_region"].strip(),
                survey_hours=int(values["survey_hours"]),
                survey_pause_days=int(values["survey_pause_days"]),
                expiry_team=values["expiry_team"].strip(),
                time_zone=values["time_zone"].strip(),
                pipe_commands=values["pipe_commands"].strip(),
            )
        )
        return _("The settings of the desk are saved.")
