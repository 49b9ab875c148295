"""Where the servers of an address probably are: known providers by domain, a guess for every other domain.

Nothing is asked of any network here. The values are those the providers publish for mail programs.
"""

from __future__ import annotations

from dataclasses import dataclass

from tui_desk.core.enums import Security
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.mail.connection import ServerAddress
from tui_desk.mail.smtp_values import envelope_address

__all__ = ["Suggestion", "keeps_sent", "suggest"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Settings to begin with. ``known``: published by the provider, not guessed. ``notes``: a translated sentence each.

    ``keeps_sent``: the server puts what goes through its SMTP into Sent by itself, so that no copy need be kept there.
    """

    provider: str
    known: bool
    imap: ServerAddress
    smtp: ServerAddress
    user: str
    keeps_sent: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    imap: str
    smtp: str
    domains: str
    notes: tuple[str, ...] = ()
    smtp_port: int = 465
    local_user: bool = False  # the user name is the part before the @
    keeps_sent: bool = False


_TLS_SMTP = 465
_PROVIDERS: tuple[_Provider, ...] = (
    _Provider(
        "Gmail",
        "imap.gmail.com",
        "smtp.gmail.com",
        "gmail.com googlemail.com",
        ("app", "two_factor"),
        keeps_sent=True,
    ),
    _Provider(
        "Microsoft",
        "outlook.office365.com",
        "smtp-mail.outlook.com",
        "outlook.com hotmail.com live.com msn.com outlook.de hotmail.de live.de outlook.es hotmail.es hotmail.fr live.fr"
        " outlook.fr hotmail.it live.it hotmail.co.uk live.co.uk",
        ("oauth",),
        smtp_port=587,
        keeps_sent=True,
    ),
    _Provider(
        "Microsoft 365",
        "outlook.office365.com",
        "smtp.office365.com",
        "onmicrosoft.com",
        ("oauth",),
        smtp_port=587,
        keeps_sent=True,
    ),
    _Provider(
        "Yahoo",
        "imap.mail.yahoo.com",
        "smtp.mail.yahoo.com",
        "yahoo.com yahoo.de yahoo.fr yahoo.es yahoo.it yahoo.co.uk yahoo.co.in yahoo.ca ymail.com rocketmail.com",
        ("app",),
        keeps_sent=True,
    ),
    _Provider("AOL", "imap.aol.com", "smtp.aol.com", "aol.com aim.com aol.de", ("app",), keeps_sent=True),
    _Provider(
        "iCloud", "imap.mail.me.com", "smtp.mail.me.com", "icloud.com me.com mac.com", ("app",), smtp_port=587
    ),
    _Provider(
        "Fastmail",
        "imap.fastmail.com",
        "smtp.fastmail.com",
        "fastmail.com fastmail.fm fastmail.net sent.com messagingengine.com",
        ("app",),
    ),
    _Provider(
        "GMX", "imap.gmx.net", "mail.gmx.net", "gmx.de gmx.net gmx.at gmx.ch gmx.eu gmx.org", ("imap_off",)
    ),
    _Provider("GMX", "imap.gmx.com", "mail.gmx.com", "gmx.com gmx.us gmx.co.uk gmx.es gmx.fr", ("imap_off",)),
    _Provider("WEB.DE", "imap.web.de", "smtp.web.de", "web.de email.de", ("imap_off",), smtp_port=587),
    _Provider("mail.com", "imap.mail.com", "smtp.mail.com", "mail.com email.com usa.com", ("imap_off",)),
    _Provider(
        "T-Online",
        "secureimap.t-online.de",
        "securesmtp.t-online.de",
        "t-online.de magenta.de",
        ("mail_password",),
    ),
    _Provider("freenet", "mx.freenet.de", "mx.freenet.de", "freenet.de", ("imap_off",)),
    _Provider("Zoho", "imap.zoho.com", "smtp.zoho.com", "zoho.com zohomail.com", ("imap_off", "app")),
    _Provider("Zoho", "imap.zoho.eu", "smtp.zoho.eu", "zoho.eu zohomail.eu", ("imap_off", "app")),
    _Provider("mailbox.org", "imap.mailbox.org", "smtp.mailbox.org", "mailbox.org"),
    _Provider(
        "Posteo", "posteo.de", "posteo.de", "posteo.de posteo.net posteo.org posteo.eu posteo.at posteo.ch"
    ),
    _Provider(
        "Tutanota", "", "", "tutanota.com tutanota.de tuta.com tuta.io tutamail.com keemail.me", ("no_imap",)
    ),
    _Provider(
        "Proton",
        "127.0.0.1",
        "127.0.0.1",
        "proton.me protonmail.com protonmail.ch pm.me",
        ("bridge",),
        smtp_port=1025,
        keeps_sent=True,
    ),
    _Provider("IONOS", "imap.ionos.com", "smtp.ionos.com", "ionos.com online.de onlinehome.de"),
    _Provider("1&1", "imap.1und1.de", "smtp.1und1.de", "1und1.de"),
    _Provider("OVH", "ssl0.ovh.net", "ssl0.ovh.net", "ovh.net ovh.com"),
    _Provider("Gandi", "mail.gandi.net", "mail.gandi.net", "gandi.net"),
    _Provider(
        "Infomaniak",
        "mail.infomaniak.com",
        "mail.infomaniak.com",
        "ik.me ikmail.com infomaniak.com",
        ("app",),
    ),
    _Provider("Migadu", "imap.migadu.com", "smtp.migadu.com", "migadu.com"),
    _Provider("Runbox", "mail.runbox.com", "mail.runbox.com", "runbox.com"),
    _Provider("Disroot", "disroot.org", "disroot.org", "disroot.org", local_user=True),
    _Provider("Riseup", "mail.riseup.net", "mail.riseup.net", "riseup.net", local_user=True),
    _Provider("Orange", "imap.orange.fr", "smtp.orange.fr", "orange.fr wanadoo.fr"),
    _Provider("Free", "imap.free.fr", "smtp.free.fr", "free.fr"),
    _Provider("Libero", "imapmail.libero.it", "smtp.libero.it", "libero.it"),
    _Provider("Movistar", "imap.movistar.es", "smtp.movistar.es", "movistar.es telefonica.net"),
    _Provider("Bluewin", "imaps.bluewin.ch", "smtpauths.bluewin.ch", "bluewin.ch"),
    _Provider("Seznam", "imap.seznam.cz", "smtp.seznam.cz", "seznam.cz email.cz post.cz"),
    _Provider(
        "Yandex", "imap.yandex.com", "smtp.yandex.com", "yandex.com yandex.ru ya.ru", ("imap_off", "app")
    ),
    _Provider("Comcast", "imap.comcast.net", "smtp.comcast.net", "comcast.net xfinity.com"),
)


def keeps_sent(smtp_host: str) -> bool:
    """Whether the provider of this SMTP server puts what passes through it into Sent by itself, whatever the mail's domain."""
    host = smtp_host.strip().lower().rstrip(".")
    return any(each.keeps_sent and each.smtp == host and host != "127.0.0.1" for each in _PROVIDERS)


def suggest(address: str) -> Suggestion:
    """Settings for ``address``. UsageError where it is no e-mail address."""
    domain = envelope_address(address.strip()).rpartition("@")[2].lower().rstrip(".")
    for provider in _PROVIDERS:
        if any(domain == each or domain.endswith(f".{each}") for each in provider.domains.split()):
            return _known(provider, address.strip())
    return Suggestion(
        provider=domain,
        known=False,
        imap=ServerAddress(f"imap.{domain}", 993, Security.TLS),
        smtp=ServerAddress(f"smtp.{domain}", _TLS_SMTP, Security.TLS),
        user=address.strip(),
        keeps_sent=False,
        notes=(_("These servers are a guess from the domain: check them with Test."),),
    )


def _known(provider: _Provider, address: str) -> Suggestion:
    if not provider.imap:
        raise UsageError(
            _("{provider} offers no IMAP or SMTP.").format(provider=provider.name), _note("no_imap")
        )
    bridge = "bridge" in provider.notes
    imap_port = 1143 if bridge else 993
    by_starttls = bridge or provider.smtp_port == 587
    return Suggestion(
        provider=provider.name,
        known=True,
        imap=ServerAddress(provider.imap, imap_port, Security.STARTTLS if bridge else Security.TLS),
        smtp=ServerAddress(
            provider.smtp, provider.smtp_port, Security.STARTTLS if by_starttls else Security.TLS
        ),
        user=address.rpartition("@")[0] if provider.local_user else address,
        keeps_sent=provider.keeps_sent,
        notes=tuple(_note(each) for each in provider.notes),
    )


def _note(key: str) -> str:
    return {
        "app": _("This provider wants an app password: make one in the account's security settings."),
        "two_factor": _("App passwords need two-step verification to be on."),
        "oauth": _(
            "Microsoft refuses plain passwords for most accounts: choose OAuth2. IMAP and SMTP AUTH must be allowed by the administrator."
        ),
        "imap_off": _("IMAP must be switched on first in the account's settings."),
        "mail_password": _("This provider has a separate password for mail programs."),
        "bridge": _("Proton Mail Bridge must run on this computer; it shows its own user name and password."),
        "no_imap": _("Forward its mail to an account that has IMAP, and use that account here."),
    }[key]
