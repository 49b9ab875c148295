"""Mailboxes, their addresses, and the fallback sender."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event

from tui_desk.contracts.gateway import Request
from tui_desk.core.enums import Authentication, MailboxState, OAuthProvider, Security, SentCopies


@dataclass(frozen=True, slots=True)
class CompanyAddress:
    """An address whose mail is forwarded into the mailbox; replies to it leave under its name."""

    address: str
    name: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class SignInView:
    """The OAuth2 sign-in of a mailbox as it is shown; neither tokens nor the client secret are part of it."""

    provider: OAuthProvider
    client_id: str
    tenant: str
    has_client_secret: bool
    auth_url: str
    token_url: str
    device_url: str
    scope: str
    redirect_uri: str
    by_device: bool
    """Whether the provider lets people sign in to mail by a code on another device."""
    signed_in_at: datetime | None
    renewed_at: datetime | None
    expires_at: datetime | None
    """When the access token is over; it is renewed before by itself."""
    ends_at: datetime | None
    """When the sign-in itself dies, as far as that is known; every renewal may put it off."""
    warning: str
    """What needs a person: not signed in, refused, soon over. Empty where all is well."""


@dataclass(frozen=True, slots=True)
class MailboxView:
    """A mailbox as it is shown. Passwords are never part of a view: only whether there is one."""

    id: int
    address: str
    name: str
    state: MailboxState
    imap_host: str
    imap_port: int
    imap_security: Security
    imap_user: str
    smtp_host: str
    """Empty: no SMTP, the fallback sender is used."""
    smtp_port: int
    smtp_security: Security
    smtp_user: str
    has_password: bool
    password_command: str
    folder: str
    after_import: str
    """flag, leave, or move:FOLDER."""
    start: str
    """now, all, or an ISO date: what of an existing inbox becomes tickets."""
    team: str
    poll_seconds: int
    insecure_ok: bool
    acknowledge: bool
    acknowledgement: str
    signature: str
    plus_addressing: bool
    """Replies are asked for at ``name+token``: its server delivers that to ``name``."""
    authserv_id: str
    """Whose ``Authentication-Results`` are believed; empty: what can be told from the server's name."""
    addresses: tuple[CompanyAddress, ...]
    health: str
    """A sentence: "Last mail check 12:04", or what is wrong and since when, in either direction."""
    healthy: bool
    """Whether mail comes in and goes out."""
    last_success_at: datetime | None
    auth: Authentication = Authentication.PASSWORD
    sign_in: SignInView | None = None
    """With ``auth`` oauth2."""
    receiving: bool = True
    """Whether mail comes in; what is wrong with the other direction stands in ``sending_problem``."""
    sending_problem: str = ""
    """Why nothing leaves by its SMTP server, as the outbox knows it; empty where nothing is wrong."""
    send_per_minute: int = 0
    """Messages a minute at most; 0: as fast as the server takes them."""
    sent_copies: SentCopies = SentCopies.AUTO
    sent_copies_problem: str = ""
    """Why copies in Sent are missing; empty where none is."""


@dataclass(frozen=True, slots=True)
class ListMailboxes(Request[tuple[MailboxView, ...]]):
    include_removed: bool = False


@dataclass(frozen=True, slots=True)
class ShowMailbox(Request[MailboxView]):
    """By address or by id written as digits."""

    name: str


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """What a person fills in. ``password`` None keeps the stored one."""

    address: str
    name: str = ""
    imap_host: str = ""
    imap_port: int = 993
    imap_security: Security = Security.TLS
    imap_user: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    smtp_user: str = ""
    password: str | None = None
    password_command: str = ""
    folder: str = "INBOX"
    after_import: str = "flag"
    start: str = "now"
    team: str = ""
    poll_seconds: int = 60
    insecure_ok: bool = False
    acknowledge: bool = False
    acknowledgement: str = ""
    signature: str = ""
    plus_addressing: bool = False
    authserv_id: str = ""
    addresses: tuple[CompanyAddress, ...] = ()
    auth: Authentication = Authentication.PASSWORD
    """oauth2: no password is kept; somebody signs in once it is saved."""
    send_per_minute: int = 0
    sent_copies: SentCopies = SentCopies.AUTO
    notes: tuple[str, ...] = ()
    """Only in the answer to SuggestMailbox: a sentence each, such as that the provider wants an app password."""
    guess: bool = False
    """Only there too: nothing is known about the provider, the servers are made up from the domain."""


@dataclass(frozen=True, slots=True)
class SuggestMailbox(Request[MailboxSettings]):
    """Settings pre-filled for the provider of ``address``, with ``notes`` for the person."""

    address: str


@dataclass(frozen=True, slots=True)
class SaveMailbox(Request[MailboxView]):
    """Add a mailbox (``id`` None) or change one; a running worker follows within seconds."""

    id: int | None
    settings: MailboxSettings


@dataclass(frozen=True, slots=True)
class SetMailboxState(Request[MailboxView]):
    """Pause, resume or remove. Tickets and mail of a removed mailbox stay."""

    id: int
    state: MailboxState


@dataclass(frozen=True, slots=True)
class CheckStep:
    direction: str
    """"imap", "smtp", "round_trip" or "dns"."""
    step: str
    ok: bool
    sentence: str
    warn: bool = False
    """It went well, and somebody should do something all the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """Somebody who looks on while a connection is tried."""

    told: Callable[[CheckStep], None]
    """Called with every step when it is done, in the thread of the trial."""
    stop: Event = field(default_factory=Event)
    """Set it, and the request is answered at once; the trial itself ends before its next step and changes nothing."""


@dataclass(frozen=True, slots=True)
class TestMailbox(Request[tuple[CheckStep, ...]]):
    """Try both directions, of a stored mailbox (``id``) or of settings not yet saved. Nothing is sent without ``round_trip``."""

    __test__ = False  # not a pytest class

    id: int | None = None
    settings: MailboxSettings | None = None
    watch: Watch | None = None
    round_trip: bool = False
    """Send one mail to the mailbox's own address and wait for it. Of a stored mailbox only."""
    dns: bool = False
    """Ask DNS about the domain of the address: MX, SPF, DMARC, and the DKIM keys that the mail of the round trip names."""
    selector: str = ""
    """Of a DKIM key that is looked up, too."""


@dataclass(frozen=True, slots=True)
class FallbackSender:
    """The installation-wide no-reply identity, used where a mailbox has no SMTP. ``password`` None keeps the stored one."""

    address: str = ""
    name: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: Security = Security.TLS
    smtp_user: str = ""
    password: str | None = None
    password_command: str = ""
    insecure_ok: bool = False
    has_password: bool = False
    send_per_minute: int = 0
    """Messages a minute at most; 0: as fast as the server takes them."""
    auth: Authentication = Authentication.PASSWORD
    """oauth2: no password is kept; somebody signs in once it is saved."""
    sign_in: SignInView | None = None
    """With ``auth`` oauth2. Only in what is shown, as is ``problem``."""
    problem: str = ""
    """Why nothing leaves by it, as the outbox knows it."""


@dataclass(frozen=True, slots=True)
class ShowFallbackSender(Request[FallbackSender]):
    pass


@dataclass(frozen=True, slots=True)
class SaveFallbackSender(Request[FallbackSender]):
    """Set it; an empty address takes it away."""

    sender: FallbackSender


@dataclass(frozen=True, slots=True)
class TestFallbackSender(Request[tuple[CheckStep, ...]]):
    __test__ = False

    sender: FallbackSender | None = None
    watch: Watch | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The proof that nothing is missing: every UID on the server has a ledger row with one verdict, and its bytes are whole."""

    mailbox: str
    on_server: int
    in_ledger: int
    missing: tuple[int, ...]
    unfinished: int
    by_verdict: tuple[tuple[str, int], ...]
    agrees: bool
    bytes_read: int = 0
    """Mails in the ledger whose stored bytes were read and compared with their digest."""
    damaged: tuple[int, ...] = ()
    """UIDs whose stored bytes are gone or are not what they were."""


@dataclass(frozen=True, slots=True)
class ReconcileMailbox(Request[Reconciliation]):
    id: int
