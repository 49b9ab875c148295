"""Options that describe a mail account, shared by ``mailbox add``, ``mailbox set`` and the fallback sender."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from tui_desk.cli.base import Whole, enum_value
from tui_desk.core.enums import Authentication, Security, SentCopies
from tui_desk.core.i18n import _

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[Any], Any]

SMTP_OPTIONS: Sequence[Decorator] = (
    click.option("--name", metavar="N", help=_("The display name of the sender.")),
    click.option("--smtp-host", metavar="H", help=_("Server that takes outgoing mail; empty for none.")),
    click.option(
        "--smtp-port",
        type=Whole(1, 65535),
        metavar="P",
        help=_("Default: 465 for tls, 587 for starttls, 25 for none."),
    ),
    click.option("--smtp-security", type=enum_value(Security), help=_("How that connection is protected.")),
    click.option(
        "--smtp-user",
        metavar="U",
        help=_(
            "Who logs in there; '' is nobody. Default for a mailbox: the IMAP user; with security none nobody."
        ),
    ),
    click.option(
        "--password-stdin", is_flag=True, help=_("Read the password from the first line of standard input.")
    ),
    click.option("--password-command", metavar="C", help=_("A command that prints the password.")),
    click.option(
        "--insecure-ok/--no-insecure", default=None, help=_("Confirm security none away from loopback.")
    ),
    click.option(
        "--send-per-minute",
        type=Whole(0, 6000),
        metavar="N",
        help=_("Messages a minute at most, evenly spaced, for a provider that counts; 0 is no limit."),
    ),
)

AUTH_OPTION: Decorator = click.option(
    "--auth",
    type=enum_value(Authentication),
    help=_("How to log in. With oauth2 no password is kept; sign in with: mailbox login."),
)

MAILBOX_OPTIONS: Sequence[Decorator] = (
    click.option("--imap-host", metavar="H", help=_("Server the mail is read from.")),
    click.option(
        "--imap-port",
        type=Whole(1, 65535),
        metavar="P",
        help=_("Default: 993 for tls, 143 for starttls and none."),
    ),
    click.option("--imap-security", type=enum_value(Security), help=_("How that connection is protected.")),
    click.option("--imap-user", metavar="U", help=_("Who logs in. Default: the address.")),
    *SMTP_OPTIONS,
    AUTH_OPTION,
    click.option(
        "--sent-copies",
        type=enum_value(SentCopies),
        help=_("Copies of answers in its Sent folder. Default: auto, where the provider makes none itself."),
    ),
    click.option("--folder", metavar="FOLDER", help=_("The folder to read. Default: INBOX.")),
    click.option(
        "--after-import",
        metavar="flag|move:FOLDER|leave",
        help=_("What to do on the server with imported mail. Default: flag, which marks it as read."),
    ),
    click.option(
        "--start",
        metavar="now|all|DATE",
        help=_("What of an existing inbox becomes tickets. Default: now, only new mail."),
    ),
    click.option("--team", metavar="T", help=_("The team whose tickets these are.")),
    click.option(
        "--poll",
        "poll_seconds",
        type=Whole(5),
        metavar="SECONDS",
        help=_("How often to look where the server has no IDLE. Default: 60."),
    ),
    click.option(
        "--acknowledge/--no-acknowledge", default=None, help=_("Answer a new ticket with its number.")
    ),
    click.option("--acknowledgement", metavar="TEXT", help=_("The text of that answer.")),
    click.option("--signature", metavar="TEXT", help=_("Goes below every reply from this mailbox.")),
    click.option(
        "--plus-addressing/--no-plus-addressing",
        default=None,
        help=_(
            "Its server delivers name+tag to name: replies are asked for at an address with a signed token."
        ),
    ),
    click.option(
        "--authserv-id",
        metavar="NAME",
        help=_(
            "The name its server writes into Authentication-Results, whose verdicts are then believed. Only for a server "
            "that adds the field to every mail."
        ),
    ),
)


def with_options(options: Sequence[Decorator]) -> Callable[[F], F]:
    """A decorator that applies all of ``options``, in their order."""

    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate
