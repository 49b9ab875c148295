"""``tui-desk settings``: what is set for the whole installation, and the fallback sender."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import DeskGroup, assignments, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.mailbox import pace_text, refuse_both, report_steps, server_text
from tui_desk.cli.mailbox_login import sign_in_fields
from tui_desk.cli.mailbox_options import AUTH_OPTION, SMTP_OPTIONS, with_options
from tui_desk.cli.output import fields, plain
from tui_desk.cli.own_settings import own
from tui_desk.cli.text_input import password
from tui_desk.contracts.desk import DeskSettings, SaveSettings, ShowSettings
from tui_desk.contracts.mailboxes import (
    FallbackSender,
    SaveFallbackSender,
    ShowFallbackSender,
    TestFallbackSender,
)
from tui_desk.core.enums import Authentication, Security
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _

_NAMES = (
    "desk_name",
    "undo_seconds",
    "reopen_days",
    "largest_mail_mb",
    "handover_note_required",
    "approvals_by_mail",
    "draft_checks",
    "survey",
    "survey_hours",
    "survey_pause_days",
    "phone_region",
    "expiry_team",
    "time_zone",
    "pipe_commands",
)
_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@click.group(cls=DeskGroup, help=_("Settings of the installation, fallback sender included."))
def settings() -> None:
    """The noun."""


@settings.command("show", help=_("Show the settings, and where those of this terminal come from."))
@pass_invocation
def show(run: Invocation) -> None:
    """Print the settings."""
    desk = run.ask(ShowSettings())
    here = run.settings
    places = {
        "database": (run.gateway.url, here.database.source),
        "agent": (here.agent.value, here.agent.source),
        "downloads": (here.downloads.value, here.downloads.source),
        "programs": (here.programs.value, here.programs.source),
    }
    document = {
        **plain(desk),
        "terminal": {
            name: {"value": str(value), "source": source} for name, (value, source) in places.items()
        },
    }
    lines = [(name, f"{value}  ({source})") for name, (value, source) in places.items()]
    run.answer(document, lambda: f"{_desk_text(desk)}\n\n{fields(lines)}")


@settings.command(
    "set",
    help=_(
        "Change settings: desk_name=… undo_seconds=10 reopen_days=14 largest_mail_mb=100 handover_note_required=yes "
        "approvals_by_mail=token draft_checks=advise survey=resolved survey_hours=24 survey_pause_days=30 phone_region=ES expiry_team=NAME time_zone=Europe/Madrid pipe_commands=sha256sum"
    ),
)
@click.argument("values", nargs=-1, required=True, metavar="NAME=VALUE...")
@pass_invocation
def set_settings(run: Invocation, values: tuple[str, ...]) -> None:
    """Change settings of the installation."""
    found: dict[str, Any] = dict(assignments(values, _NAMES))
    for name in ("undo_seconds", "reopen_days", "largest_mail_mb", "survey_hours", "survey_pause_days"):
        if name in found:
            found[name] = _number(name, found[name])
    if "handover_note_required" in found:
        found["handover_note_required"] = _yes_or_no(
            "handover_note_required", found["handover_note_required"]
        )
    desk = run.save(SaveSettings(**found))
    run.answer(desk, lambda: _desk_text(desk))


def _number(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(_("{name} is a whole number, not “{value}”.").format(name=name, value=text))
    return int(text)


def _yes_or_no(name: str, text: str) -> bool:
    if text.strip().lower() not in ("yes", "no"):
        raise UsageError(_("{name} is yes or no, not “{value}”.").format(name=name, value=text))
    return text.strip().lower() == "yes"


def _desk_text(desk: DeskSettings) -> str:
    return fields(
        [
            ("desk_name", desk.desk_name),
            ("undo_seconds", str(desk.undo_seconds)),
            ("reopen_days", str(desk.reopen_days)),
            ("largest_mail_mb", str(desk.largest_mail_mb)),
            ("approvals_by_mail", desk.approvals_by_mail),
            ("draft_checks", desk.draft_checks),
            ("phone_region", desk.phone_region),
            ("survey", desk.survey),
            ("survey_hours", str(desk.survey_hours)),
            ("survey_pause_days", str(desk.survey_pause_days)),
            ("handover_note_required", _("yes") if desk.handover_note_required else _("no")),
            ("expiry_team", desk.expiry_team),
            ("time_zone", desk.time_zone),
            ("pipe_commands", desk.pipe_commands),
        ]
    )


@settings.command(
    "fallback-sender",
    help=_("Show or set the no-reply identity that sends where a mailbox has no SMTP."),
)
@click.option("--address", metavar="A", help=_("The address it sends from."))
@with_options((*SMTP_OPTIONS, AUTH_OPTION))
@click.option("--clear", is_flag=True, help=_("Have no fallback sender."))
@click.option("--test", "try_it", is_flag=True, help=_("Try to log in, and say what is wrong."))
@pass_invocation
def fallback_sender(
    run: Invocation, /, password_stdin: bool, clear: bool, try_it: bool, **given: Any
) -> None:
    """Show, set, clear or test the fallback sender."""
    values = {name: value for name, value in given.items() if value is not None}
    sender = run.ask(ShowFallbackSender())
    if clear:
        sender = run.save(SaveFallbackSender(FallbackSender()))
    elif values or password_stdin:
        if "smtp_security" in values and "smtp_port" not in values:
            values["smtp_port"] = _PORTS[values["smtp_security"]]
        secret = password(password_stdin, values.get("password_command"), ask=False)
        if secret is not None or values.get("password_command"):
            refuse_both(
                values.setdefault("auth", Authentication.PASSWORD),
                password_stdin,
                values.get("password_command"),
            )
        sender = run.save(SaveFallbackSender(replace(sender, **values, password=secret)))
    if try_it:
        report_steps(run, run.ask(TestFallbackSender()))
        return
    run.answer(sender, lambda: sender_text(sender))


def sender_text(sender: FallbackSender) -> str:
    """The fallback sender for people."""
    if not sender.address:
        return _("There is no fallback sender.")
    server = server_text(sender.smtp_user, sender.smtp_host, sender.smtp_port, sender.smtp_security)
    return fields(
        [
            (_("Address"), sender.address),
            (_("Name"), sender.name),
            ("SMTP", server),
            *_sender_login(sender),
            (_("Speed"), pace_text(sender.send_per_minute)),
            *([(_("Problem"), sender.problem)] if sender.problem else []),
        ]
    )


settings.add_command(own)


def _sender_login(sender: FallbackSender) -> list[tuple[str, str]]:
    if sender.sign_in is not None:
        return sign_in_fields(sender.sign_in)
    return [(_("Password"), _("stored") if sender.has_password else sender.password_command or _("none"))]
