"""``tui-desk mailbox``: add, list, show, test, pause, resume, remove, set, reconcile, and the addresses of one."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from dataclasses import replace
from typing import Any

import click

from tui_desk.cli.base import DeskGroup, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.mailbox_login import add_login, sign_in_fields
from tui_desk.cli.mailbox_options import MAILBOX_OPTIONS, with_options
from tui_desk.cli.output import fields, print_json, say, table, tell
from tui_desk.cli.text_input import password
from tui_desk.contracts.mailboxes import (
    CheckStep,
    CompanyAddress,
    ListMailboxes,
    MailboxSettings,
    MailboxView,
    ReconcileMailbox,
    SaveMailbox,
    SetMailboxState,
    ShowMailbox,
    SuggestMailbox,
    TestMailbox,
    Watch,
)
from tui_desk.core.enums import Authentication, MailboxState, Security, Verdict
from tui_desk.core.errors import NotFound, UsageError
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.words import word

_PORTS = {
    "imap": {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143},
    "smtp": {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25},
}
_which = click.argument("which", metavar="MAILBOX")


@click.group(cls=DeskGroup, help=_("Mail accounts: add, test, pause, reconcile."))
def mailbox() -> None:
    """The noun."""


@mailbox.command(
    "add",
    help=_("Add a mailbox. Servers that are not named are taken from what is known of the provider."),
    epilog=examples(
        "tui-desk mailbox add support@gmail.com --name 'Example Support'",
        "tui-desk mailbox add support@example.org --imap-host mail.example.org --smtp-host mail.example.org \\",
        "    --smtp-security starttls --password-command 'pass show mail/support' --team 'Service desk'",
        "tui-desk mailbox test support@example.org",
    ),
)
@click.argument("address", metavar="ADDRESS")
@with_options(MAILBOX_OPTIONS)
@pass_invocation
def add(run: Invocation, /, address: str, password_stdin: bool, **given: Any) -> None:
    """Add a mailbox and print it."""
    values = {name: value for name, value in given.items() if value is not None}
    start = MailboxSettings(address=address)
    if "imap_host" not in values:
        start = run.ask(SuggestMailbox(address))
        if start.guess:
            tell(
                _("Nothing is known about this provider; its servers are guessed: {imap}, {smtp}.").format(
                    imap=start.imap_host, smtp=start.smtp_host
                )
            )
    settings = replace(start, **_complete(values, start))
    signs_in = settings.auth is Authentication.OAUTH2
    refuse_both(settings.auth, password_stdin, settings.password_command)
    secret = password(password_stdin, settings.password_command, ask=not signs_in)
    _saved(run, run.save(SaveMailbox(None, replace(settings, password=secret))))


def refuse_both(auth: Authentication, password_stdin: bool, command: str | None) -> None:
    """Raises UsageError for a password beside OAuth2."""
    if auth is Authentication.OAUTH2 and (password_stdin or command):
        raise UsageError(_("With --auth oauth2 there is no password: sign in with mailbox login."))


def _complete(values: dict[str, Any], start: MailboxSettings | MailboxView) -> dict[str, Any]:
    """``values`` with the ports and users that follow from them, where ``start`` is what they change."""
    found = dict(values)
    for side, ports in _PORTS.items():
        security = found.get(f"{side}_security", getattr(start, f"{side}_security"))
        host_is_new = f"{side}_host" in found or f"{side}_security" in found
        if host_is_new and f"{side}_port" not in found:
            found[f"{side}_port"] = ports[security]
    if not start.imap_user:
        found.setdefault("imap_user", start.address)
    if "smtp_user" not in found and found.get("smtp_host") and not start.smtp_host:
        found["smtp_user"] = _smtp_user(found, start)
    return found


def _smtp_user(values: dict[str, Any], start: MailboxSettings | MailboxView) -> str:
    """Who logs in where nobody was named: the IMAP user; without encryption nobody, since such a server is a relay on this host."""
    security = values.get("smtp_security", start.smtp_security)
    return "" if security is Security.NONE else str(values.get("imap_user") or start.imap_user)


@mailbox.command(
    "set", help=_("Change settings of a mailbox; what is not named stays. A running worker follows.")
)
@_which
@click.option("--address", metavar="ADDRESS", help=_("Another address."))
@with_options(MAILBOX_OPTIONS)
@pass_invocation
def set_mailbox(run: Invocation, /, which: str, password_stdin: bool, **given: Any) -> None:
    """Change a mailbox and print it."""
    view = run.ask(ShowMailbox(which))
    values = {key: value for key, value in given.items() if value is not None}
    if not values and not password_stdin:
        raise UsageError(_("Nothing to set was named."), _("See: tui-desk mailbox set --help"))
    secret = password(password_stdin, values.get("password_command"), ask=False)
    if secret is not None or values.get("password_command"):
        refuse_both(
            values.setdefault("auth", Authentication.PASSWORD), password_stdin, values.get("password_command")
        )
    settings = replace(settings_of(view), **_complete(values, view), password=secret)
    _saved(run, run.save(SaveMailbox(view.id, settings)))


def settings_of(view: MailboxView) -> MailboxSettings:
    """The settings a mailbox has now, its password kept."""
    names = {field.name for field in dataclass_fields(MailboxSettings)} & {
        field.name for field in dataclass_fields(MailboxView)
    }
    return MailboxSettings(**{name: getattr(view, name) for name in names})


def _saved(run: Invocation, view: MailboxView) -> None:
    run.answer(view, lambda: _as_text(view))


@mailbox.command("list", help=_("List mailboxes and how they are."))
@click.option("--all", "everything", is_flag=True, help=_("Removed ones too."))
@pass_invocation
def list_mailboxes(run: Invocation, everything: bool) -> None:
    """Print all mailboxes."""
    found = run.ask(ListMailboxes(everything))
    rows = [(m.id, m.address, m.name, _state(m), m.team, m.health) for m in found]
    headings = (_("Id"), _("Address"), _("Name"), _("State"), _("Team"), _("Health"))
    run.answer(found, lambda: table(headings, rows, flexible=5) if rows else _("No mailboxes."))


@mailbox.command("show", help=_("Show the settings and health of a mailbox."))
@_which
@pass_invocation
def show(run: Invocation, which: str) -> None:
    """Print one mailbox."""
    _saved(run, run.ask(ShowMailbox(which)))


@mailbox.command(
    "test",
    help=_("Try both directions and say what is wrong."),
    epilog=examples("tui-desk mailbox test support@example.org --round-trip --dns"),
)
@_which
@click.option(
    "--round-trip",
    is_flag=True,
    help=_("Send one mail to the mailbox itself and wait for it, up to 2 minutes. It becomes no ticket."),
)
@click.option(
    "--dns", is_flag=True, help=_("Ask DNS about the sender's domain: MX, SPF, DMARC, the DKIM keys in use.")
)
@click.option("--selector", default="", metavar="S", help=_("A DKIM key to look up with --dns."))
@pass_invocation
def test(run: Invocation, which: str, round_trip: bool, dns: bool, selector: str) -> None:
    """Try IMAP and SMTP; exit code 1 when one fails."""
    if selector and not dns:
        raise UsageError(_("--selector goes with --dns."))
    number = run.ask(ShowMailbox(which)).id
    request = TestMailbox(number, round_trip=round_trip, dns=dns, selector=selector)
    if not round_trip:
        report_steps(run, run.ask(request))
        return
    with run.not_slow():
        steps = run.ask(replace(request, watch=Watch(_progress)))
    report_steps(run, steps)


def _progress(step: CheckStep) -> None:
    """What is waited for, on stderr, when that takes long."""
    if (step.direction, step.step, step.ok) == ("round_trip", "send", True):
        tell(_("The mail is under way; waiting for it, 2 minutes at most …"))


def report_steps(run: Invocation, steps: tuple[CheckStep, ...]) -> None:
    """Print the steps of a connection test; exit code 1 when one failed."""
    run.answer(steps, lambda: "\n".join(map(_step_line, steps)))
    if not all(step.ok for step in steps):
        raise click.exceptions.Exit(1)


def _step_line(step: CheckStep) -> str:
    sign = "✗" if not step.ok else "!" if step.warn else "✓"
    heading = {"round_trip": _("Round trip")}.get(step.direction, step.direction.upper())
    return f"{sign} {heading} {step.sentence}"


def _state_command(verb: str, state: MailboxState, sentence: str) -> None:
    @mailbox.command(verb, help=sentence)
    @_which
    @pass_invocation
    def change(run: Invocation, which: str) -> None:
        _saved(run, run.ask(SetMailboxState(run.ask(ShowMailbox(which)).id, state)))


_state_command("pause", MailboxState.PAUSED, _("Stop reading and sending through it for now."))
_state_command("resume", MailboxState.ACTIVE, _("Go on with a paused mailbox."))
_state_command("remove", MailboxState.REMOVED, _("Remove it; its tickets and mail stay."))


@mailbox.command(
    "reconcile",
    help=_("Prove that every mail on the server has its verdict in the ledger, and its bytes whole."),
)
@click.argument("which", metavar="[MAILBOX]", required=False)
@pass_invocation
def reconcile(run: Invocation, which: str | None) -> None:
    """Compare server and ledger; exit code 1 when they do not agree."""
    boxes = [run.ask(ShowMailbox(which))] if which else list(run.ask(ListMailboxes()))
    results = [run.ask(ReconcileMailbox(box.id)) for box in boxes]
    if run.as_json:
        print_json(results[0] if which else results)
    for one in results if not run.as_json else []:
        say(
            fields(
                [
                    (_("Mailbox"), one.mailbox),
                    (_("On the server"), str(one.on_server)),
                    (_("In the ledger"), str(one.in_ledger)),
                    (_("Missing"), ", ".join(map(str, one.missing))),
                    (_("Damaged"), ", ".join(map(str, one.damaged))),
                    (_("Unfinished"), str(one.unfinished)),
                    (
                        _("Verdicts"),
                        ", ".join(f"{_verdict(verdict)}: {count}" for verdict, count in one.by_verdict),
                    ),
                    (_("Agrees"), _("yes") if one.agrees else _("NO")),
                ]
            )
        )
    if not all(one.agrees for one in results):
        raise click.exceptions.Exit(1)


add_login(mailbox, _saved)


@mailbox.group("address", cls=DeskGroup, help=_("Company addresses whose mail is forwarded into a mailbox."))
def address_group() -> None:
    """The noun below the noun."""


@address_group.command("add", help=_("Add a company address; replies to its mail leave under its name."))
@_which
@click.argument("address", metavar="ADDRESS")
@click.option("--name", default="", metavar="N", help=_("The name replies carry."))
@click.option("--team", default="", metavar="T", help=_("The team whose tickets these are."))
@pass_invocation
def add_address(run: Invocation, which: str, address: str, name: str, team: str) -> None:
    """Add or change one address."""
    view = run.ask(ShowMailbox(which))
    kept = tuple(one for one in view.addresses if one.address.lower() != address.lower())
    addresses = (*kept, CompanyAddress(address, name, team))
    _saved(run, run.save(SaveMailbox(view.id, replace(settings_of(view), addresses=addresses))))


@address_group.command("remove", help=_("Take a company address away."))
@_which
@click.argument("address", metavar="ADDRESS")
@pass_invocation
def remove_address(run: Invocation, which: str, address: str) -> None:
    """Remove one address."""
    view = run.ask(ShowMailbox(which))
    kept = tuple(one for one in view.addresses if one.address.lower() != address.lower())
    if len(kept) == len(view.addresses):
        raise NotFound(_("{mailbox} has no address {address}.").format(mailbox=view.address, address=address))
    _saved(run, run.save(SaveMailbox(view.id, replace(settings_of(view), addresses=kept))))


def _as_text(view: MailboxView) -> str:
    return fields(
        [
            (_("Id"), str(view.id)),
            (_("Address"), view.address),
            (_("Name"), view.name),
            (_("State"), _state(view)),
            ("IMAP", server_text(view.imap_user, view.imap_host, view.imap_port, view.imap_security)),
            (
                "SMTP",
                server_text(view.smtp_user, view.smtp_host, view.smtp_port, view.smtp_security)
                or _("none: the fallback sender is used"),
            ),
            *_login_fields(view),
            (_("Speed"), pace_text(view.send_per_minute)),
            (_("Copies in Sent"), _copies(view)),
            (_("Folder"), view.folder),
            (_("Afterwards"), _after_import(view.after_import)),
            (_("Begin with"), _start(view.start)),
            (_("Team"), view.team),
            (_("Poll"), _("every {seconds} s").format(seconds=view.poll_seconds)),
            (_("Acknowledge"), view.acknowledge),
            (_("Reply token"), _("in name+token") if view.plus_addressing else _("in the Message-ID")),
            (_("Senders checked by"), view.authserv_id or _("its own server, where that is known")),
            (_("Addresses"), ", ".join(one.address for one in view.addresses)),
            (_("Health"), view.health),
        ]
    )


def pace_text(per_minute: int) -> str:
    """How fast mail leaves."""
    if not per_minute:
        return _("as fast as the server takes it")
    return ngettext("{count} message a minute", "{count} messages a minute", per_minute).format(
        count=per_minute
    )


def _copies(view: MailboxView) -> str:
    told = word(view.sent_copies)
    return f"{told}; {view.sent_copies_problem}" if view.sent_copies_problem else told


def _login_fields(view: MailboxView) -> list[tuple[str, str]]:
    if view.sign_in is not None:
        return sign_in_fields(view.sign_in)
    return [(_("Password"), _("stored") if view.has_password else view.password_command or _("none"))]


def server_text(user: str, host: str, port: int, security: Security) -> str:
    """One server in a line; empty where there is none."""
    if not host:
        return ""
    login = user or _("without login")
    return f"{login} @ {host}:{port} ({word(security)})"


def _state(view: MailboxView) -> str:
    troubled = view.state is MailboxState.ACTIVE and not view.healthy
    return _("trouble") if troubled else word(view.state)


def _verdict(text: str) -> str:
    return word(Verdict(text)) if text in set(Verdict) else text


def _after_import(text: str) -> str:
    folder = text.removeprefix("move:")
    if folder != text:
        return f"{_('move')}: {folder}"
    return _("mark as read") if text == "flag" else _("leave it")


def _start(text: str) -> str:
    words = {"now": _("new mail only"), "all": _("everything")}
    return words.get(text) or f"{_('since a date')}: {text}"
