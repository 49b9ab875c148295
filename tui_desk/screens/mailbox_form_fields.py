"""The fields of the mailbox form, each with its sentence of help; the fallback sender's form uses some of them."""

from __future__ import annotations

from tui_desk.core.enums import Authentication, OAuthProvider, SentCopies
from tui_desk.core.i18n import _, pgettext
from tui_desk.core.words import word
from tui_desk.screens.form_rows import Field
from tui_desk.screens.server_form import security_options
from tui_desk.widgets.choice_field import Option


def yes_or_no() -> tuple[Option, ...]:
    """A choice of two."""
    return (Option("yes", _("yes")), Option("no", _("no")))


def mailbox_form_fields() -> tuple[Field, ...]:
    """All of them, in order."""
    return (*_identity(), *_receiving(), *_sending(), *_importing(), *_beginning(), *_answering())


def _identity() -> tuple[Field, ...]:
    return (
        Field(
            "address",
            _("Address"),
            help=_("The address people write to. The servers of common providers are filled in from it."),
            placeholder="support@example.org",
        ),
        Field(
            "name", _("Name"), help=_("What people see as the sender of answers."), placeholder=_("Support")
        ),
        Field("team", _("Team"), "choice", help=_("New tickets go to this team.")),
    )


def _receiving() -> tuple[Field, ...]:
    return (
        Field(
            "imap_host",
            _("IMAP server"),
            help=_("The server mail is read from."),
            placeholder="imap.example.org",
            heading=_("Receiving"),
        ),
        Field(
            "imap_security",
            _("Security"),
            "choice",
            help=_("TLS encrypts from the first byte, STARTTLS after a greeting."),
            options=security_options(),
        ),
        Field("imap_port", _("Port"), help=_("993 for TLS, 143 for STARTTLS."), width=7),
        Field("imap_user", _("User"), help=_("The name to log in with. Empty: the address.")),
        *login_fields(),
        Field(
            "password",
            _("Password"),
            "secret",
            help=_(
                "Kept encrypted and never shown. Empty keeps the stored one. Many providers want an app password."
            ),
        ),
        Field(
            "password_command",
            _("or a command"),
            help=_(
                "A command that prints the password, such as “pass show mail/support”; nothing is stored then."
            ),
        ),
    )


def login_fields() -> tuple[Field, ...]:
    """How the desk logs in, by password or by signing in."""
    return (
        Field(
            "auth",
            pgettext("mailbox", "Login"),
            "choice",
            help=_(
                "By password (or a command that prints it), or by signing in at the provider, as Microsoft 365 wants."
            ),
            options=(
                Option(Authentication.PASSWORD.value, _("password")),
                Option(Authentication.OAUTH2.value, _("sign in (OAuth2)")),
            ),
        ),
        Field(
            "provider",
            _("Provider"),
            "choice",
            help=_(
                "Whose sign-in. The addresses of another provider are given once by: tui-desk mailbox login."
            ),
            options=tuple(Option(each.value, word(each)) for each in OAuthProvider),
        ),
        Field("client_id", _("Client id"), help=_("The application that you registered with the provider.")),
        Field(
            "client_secret",
            _("Client secret"),
            "secret",
            help=_(
                "Kept encrypted and never shown. Google gives one; Microsoft needs none. Empty keeps the stored one."
            ),
        ),
        Field(
            "tenant",
            _("Tenant"),
            help=_("The directory's id or domain. Empty: any account."),
            placeholder="common",
        ),
    )


def _sending() -> tuple[Field, ...]:
    return (
        Field(
            "smtp_host",
            _("SMTP server"),
            help=_(
                "The server answers leave by. Without one the fallback sender is used, and answers cannot be answered."
            ),
            placeholder=_("none: the fallback sender is used"),
            heading=_("Sending"),
        ),
        Field(
            "smtp_security",
            _("Security"),
            "choice",
            help=_("TLS encrypts from the first byte, STARTTLS after a greeting."),
            options=security_options(),
        ),
        Field("smtp_port", _("Port"), help=_("465 for TLS, 587 for STARTTLS."), width=7),
        Field(
            "smtp_user",
            _("User"),
            help=_("The password is the same as for receiving. Empty: the server wants no login."),
        ),
        pace_field(),
        Field(
            "sent_copies",
            _("Copies in Sent"),
            "choice",
            help=_(
                "Whether answers are put into the Sent folder. Gmail, Microsoft and some others do that themselves."
            ),
            options=tuple(Option(each.value, word(each)) for each in SentCopies),
        ),
    )


def pace_field() -> Field:
    """How fast mail leaves."""
    return Field(
        "send_per_minute",
        _("Speed"),
        help=_(
            "Messages a minute at most, for a provider that refuses more. Empty: as fast as it takes them."
        ),
        placeholder=_("no limit"),
        width=14,
    )


def _importing() -> tuple[Field, ...]:
    return (
        Field(
            "folder",
            _("Folder"),
            help=_("The folder that is read, usually INBOX."),
            heading=_("What becomes tickets"),
        ),
        Field(
            "after_import",
            _("Afterwards"),
            "choice",
            help=_("What happens on the server to a mail once it is stored here."),
            options=(
                Option("flag", _("mark as read")),
                Option("move", _("move")),
                Option("leave", _("leave it")),
            ),
        ),
        Field(
            "move_to",
            _("Move to"),
            help=_("The folder; it is made where it is missing."),
            placeholder="Archive",
        ),
    )


def _beginning() -> tuple[Field, ...]:
    return (
        Field(
            "start",
            _("Begin with"),
            "choice",
            help=_("What of the mail that is there already becomes tickets."),
            options=(
                Option("now", _("new mail only")),
                Option("all", _("everything")),
                Option("date", _("since a date")),
            ),
        ),
        Field(
            "start_date",
            _("Date"),
            help=_("Year-month-day; mail from that day on."),
            placeholder="2026-01-31",
            width=12,
        ),
        Field(
            "poll_seconds",
            _("Look every"),
            help=_("Seconds between two looks where the server cannot tell of new mail by itself (IDLE)."),
            width=7,
        ),
        Field(
            "addresses",
            _("Forwarded addresses"),
            "block",
            help=_(
                "Other company addresses whose mail arrives here, a line each: address, name, team. "
                "Answers leave under that address."
            ),
            lines=4,
        ),
    )


def _answering() -> tuple[Field, ...]:
    return (
        Field(
            "acknowledge",
            _("Acknowledge"),
            "choice",
            help=_(
                "Tell people at once that their mail arrived, with the ticket's number. Never to automatic mail."
            ),
            options=yes_or_no(),
            heading=_("Answers"),
        ),
        Field(
            "acknowledgement",
            _("It says"),
            "block",
            help=_(
                "Your words; the ticket's number is in the subject. Nothing of the stranger's own text goes in."
            ),
            lines=4,
        ),
        Field(
            "signature",
            _("Signature"),
            "block",
            help=_("Stands below every answer from this mailbox."),
            lines=4,
        ),
        Field(
            "plus_addressing",
            _("Reply token"),
            "choice",
            help=_("Ask for answers at name+token. Only where the server delivers that to name."),
            options=yes_or_no(),
        ),
        Field(
            "authserv_id",
            _("Senders checked by"),
            help=_(
                "The name the server writes into Authentication-Results of every mail; empty where it writes none."
            ),
        ),
    )
