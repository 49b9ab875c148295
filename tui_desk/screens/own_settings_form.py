"""The form of an agent's own settings: what follows the work on a ticket, and how the terminal calls."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.actions.administration import FORM
from tui_desk.actions.common import GLOBAL
from tui_desk.contracts.own_settings import SaveOwnSettings, ShowOwnSettings
from tui_desk.core.enums import AfterWork, Signal
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.rules.own_settings import KINDS
from tui_desk.rules.quiet import read_span
from tui_desk.screens.form_rows import Field
from tui_desk.screens.forms import FormScreen
from tui_desk.theme_files import choose_from
from tui_desk.widgets.choice_field import Option

_YES, _NO = "yes", "no"


class OwnSettingsScreen(FormScreen):
    """Everybody changes one's own, also who may change nothing else."""

    scopes = (FORM, GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self.crumb = _("My settings")

    def fields(self) -> tuple[Field, ...]:
        truth = (Option(_YES, _("yes")), Option(_NO, _("no")))
        kinds = kind_words()
        return (
            Field(
                "after",
                _("After the work"),
                "choice",
                _(
                    "Where you are when a ticket that you work on is resolved, closed or put off: the next ticket of the list, "
                    "where you were, or back in the list (in the list itself: the line above)."
                ),
                options=(
                    Option(AfterWork.STAY.value, _("stay here")),
                    Option(AfterWork.NEXT.value, _("the next ticket")),
                    Option(AfterWork.BACK.value, _("back to the list")),
                ),
                heading=_("Tickets"),
            ),
            Field(
                "signal",
                _("Signal"),
                "choice",
                _("How this terminal calls you. Their number stands in the window's title in any case."),
                options=(
                    Option(Signal.NOTIFICATION.value, _("a notification, or the bell")),
                    Option(Signal.BELL.value, _("the bell")),
                    Option(Signal.OFF.value, _("nothing")),
                ),
                heading=_("Notifications"),
            ),
            Field(
                "quiet",
                _("Quiet from–to"),
                help=_("Hours of the day without a signal, such as 18:00-08:00. Empty: none."),
                placeholder="18:00-08:00",
                width=14,
            ),
            Field("quiet_weekends", _("Quiet weekends"), "choice", options=truth),
            *(
                Field(
                    f"kind_{kind}",
                    kinds[kind],
                    "choice",
                    _("Whether these call you. They are listed all the same (g n)."),
                    options=truth,
                    heading=_("Tell me about") if kind == KINDS[0] else "",
                )
                for kind in KINDS
            ),
            Field(
                "theme",
                _("Theme"),
                "choice",
                _(
                    "How everything looks, at this terminal and kept for your account on this machine (:theme shows them)."
                ),
                options=tuple(Option(name, name) for name in choose_from()),
                heading=_("This terminal"),
            ),
            Field(
                "motion",
                _("Motion"),
                "choice",
                _("Reduced: nothing on the screen changes by itself only to count seconds."),
                options=(Option("full", _("full")), Option("reduced", _("reduced"))),
            ),
        )

    async def initial(self) -> Mapping[str, str]:
        own = await self.ask(ShowOwnSettings())
        if self.host.options.own:
            told = _(
                "The settings file or the environment of this terminal sets {names}: here that holds above what you choose."
            )
            self.show_notes((told.format(names=", ".join(self.host.options.own)),))
        return {
            "theme": self.host.theme_wanted,
            "motion": "reduced" if self.host.is_calm else "full",
            "after": own.after.value,
            "signal": own.signal.value,
            "quiet": own.quiet,
            "quiet_weekends": _YES if own.quiet_weekends else _NO,
            **{f"kind_{kind}": _NO if kind in own.silent else _YES for kind in KINDS},
        }

    def check(self, values: Mapping[str, str]) -> Mapping[str, str]:
        try:
            read_span(values["quiet"])
        except UsageError as error:
            return {"quiet": f"{error.sentence} {error.hint}"}
        return {}

    def hidden(self, values: Mapping[str, str]) -> frozenset[str]:
        if values["signal"] != Signal.OFF.value:
            return frozenset()
        return frozenset({"quiet", "quiet_weekends", *(f"kind_{kind}" for kind in KINDS)})

    async def submit(self, values: Mapping[str, str]) -> str | None:
        await self.ask(
            SaveOwnSettings(
                after=AfterWork(values["after"]),
                signal=Signal(values["signal"]),
                silent=tuple(kind for kind in KINDS if values[f"kind_{kind}"] == _NO),
                quiet=values["quiet"],
                quiet_weekends=values["quiet_weekends"] == _YES,
            )
        )
        self._keep_look(values)
        return _("Your settings are saved.")

    def _keep_look(self, values: Mapping[str, str]) -> None:
        """Of this machine, not of the desk. Raises UsageError, Unavailable."""
        from tui_desk.core.kept_look import keep
        from tui_desk.screens.theme_dialog import take

        if values["theme"] != self.host.theme_wanted:
            take(self.host, values["theme"])
        calm = values["motion"] == "reduced"
        if calm != self.host.is_calm:
            self.host.is_calm = calm
            keep(self.host.options.state_folder, "motion", self.host.options.login, values["motion"])


def kind_words() -> dict[str, str]:
    """What people call the kinds of notification."""
    return {
        "mention": _("Mentions"),
        "handover": _("Hand-overs"),
        "task": _("Tasks for you"),
        "review": _("Drafts to check"),
        "reviewed": _("Checked drafts"),
        "approval": _("To be decided"),
        "decided": _("Decisions"),
        "reminder": _("Reminders"),
        "snooze_over": _("Snoozes: time"),
        "snooze_answered": _("Snoozes: answer"),
        "send_stopped": _("Stopped mail"),
        "rated": _("Ratings"),
        "expiry": _("What expires"),
    }
