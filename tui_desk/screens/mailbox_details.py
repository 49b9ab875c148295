"""What is shown of a mailbox, of the fallback sender, and of a reconciliation."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from tui_desk.contracts.mailboxes import (
    FallbackSender,
    MailboxView,
    Reconciliation,
    SignInView,
)
from tui_desk.core.i18n import _, ngettext, pgettext
from tui_desk.core.words import word
from tui_desk.screens import desk_words
from tui_desk.screens.details import Fact, blocks, heading, labelled, sentence
from tui_desk.screens.mailbox_fields import company_address_lines


def _sign_in_facts(state: SignInView) -> tuple[Fact, ...]:
    """How long an OAuth2 sign-in lasts."""

    def when(instant: datetime | None) -> str:
        return instant.astimezone().strftime("%Y-%m-%d %H:%M") if instant is not None else ""

    facts = [
        Fact(pgettext("mailbox", "Login"), _("OAuth2, {provider}").format(provider=word(state.provider)))
    ]
    if state.renewed_at is not None:
        facts.append(Fact(_("Renewed"), when(state.renewed_at)))
        facts.append(Fact(_("Token until"), when(state.expires_at)))
    if state.ends_at is not None:
        facts.append(
            Fact(_("Sign-in until"), _("{when}, unless renewed before").format(when=when(state.ends_at)))
        )
    if state.warning:
        facts.append(Fact(_("Sign-in problem"), state.warning))
    return tuple(facts)


def describe_mailbox(mailbox: MailboxView) -> Content:
    """The settings of a mailbox; of its password only whether there is one."""
    state = desk_words.mailbox_state(mailbox.state, mailbox.healthy)
    password = _("by a command") if mailbox.password_command else _("stored, encrypted")
    facts = (
        Fact(_("Name"), mailbox.name),
        Fact(
            _("Receives"),
            _server(mailbox.imap_host, mailbox.imap_port, word(mailbox.imap_security)),
        ),
        Fact(
            _("Sends"),
            _server(mailbox.smtp_host, mailbox.smtp_port, word(mailbox.smtp_security))
            if mailbox.smtp_host
            else _("by the fallback sender (one-way), or waits where there is none"),
            "" if mailbox.smtp_host else "$text-warning",
        ),
        Fact(_("User"), mailbox.imap_user),
        *(
            _sign_in_facts(mailbox.sign_in)
            if mailbox.sign_in is not None
            else (
                Fact(
                    _("Password"),
                    password if mailbox.has_password or mailbox.password_command else _("missing"),
                ),
            )
        ),
        *_sending_facts(mailbox),
        Fact(_("Folder"), mailbox.folder),
        Fact(_("Afterwards"), after_import(mailbox.after_import)),
        Fact(_("Team"), mailbox.team or "–"),
        Fact(_("Acknowledges"), _("yes") if mailbox.acknowledge else _("no")),
        Fact(_("Also receives"), company_address_lines(mailbox.addresses)),
    )
    return blocks(
        heading(mailbox.address, state.text, state.colour),
        sentence(mailbox.health, "" if mailbox.healthy else "$text-error"),
        labelled(facts),
    )


def _sending_facts(mailbox: MailboxView) -> tuple[Fact, ...]:
    """What is set for sending beyond the server."""
    if not mailbox.smtp_host:
        return ()
    copies = Fact(_("Copies in Sent"), word(mailbox.sent_copies))
    if mailbox.sent_copies_problem:
        copies = Fact(_("Copies in Sent"), mailbox.sent_copies_problem, "$text-warning")
    return (_pace(mailbox.send_per_minute), copies)


def _pace(per_minute: int) -> Fact:
    told = ngettext("{count} message a minute", "{count} messages a minute", per_minute)
    return Fact(
        _("Speed"), told.format(count=per_minute) if per_minute else _("as fast as the server takes it")
    )


def describe_fallback(fallback: FallbackSender) -> Content:
    """The fallback sender, and what it is for."""
    purpose = _(
        "Answers of mailboxes without an SMTP server leave under this no-reply address. "
        "The conversation is one-way then, and the screen says so while one writes."
    )
    if not fallback.address:
        return blocks(
            heading(_("Fallback sender"), _("not set")),
            sentence(purpose),
            sentence(_("Without it such answers wait in the outbox."), "$text-warning"),
        )
    facts = (
        Fact(_("Address"), fallback.address),
        Fact(_("Name"), fallback.name),
        Fact(
            _("Sends"),
            _server(fallback.smtp_host, fallback.smtp_port, word(fallback.smtp_security)),
        ),
        Fact(_("User"), fallback.smtp_user or "–"),
        *(_sign_in_facts(fallback.sign_in) if fallback.sign_in is not None else ()),
        _pace(fallback.send_per_minute),
    )
    return blocks(
        heading(_("Fallback sender")),
        *([sentence(fallback.problem, "$text-error")] if fallback.problem else []),
        labelled(facts),
        sentence(purpose, "$muted"),
    )


def after_import(value: str) -> str:
    """What happens to a mail on the server, in words."""
    if value.startswith("move:"):
        return _("moved to {folder}").format(folder=value.removeprefix("move:"))
    return _("left as it is") if value == "leave" else _("marked as read")


def _server(host: str, port: int, security: str) -> str:
    return f"{host}:{port}  {security}"


def counts(result: Reconciliation) -> Content:
    """The numbers of a reconciliation, and what they mean."""
    verdicts = {
        "created": _("became a ticket"),
        "joined": _("joined a ticket"),
        "suspended": _("held as suspended mail"),
        "ignored": _("ignored"),
        "duplicate": _("came twice"),
    }
    facts = [
        Fact(_("On the server"), str(result.on_server)),
        Fact(_("In the ledger"), str(result.in_ledger)),
        *(Fact(f"  {verdicts.get(name, name)}", str(count)) for name, count in result.by_verdict),
        Fact(_("Not finished"), str(result.unfinished)),
        Fact(_("Missing"), str(len(result.missing)), "$text-error" if result.missing else ""),
        Fact(_("Damaged"), str(len(result.damaged)), "$text-error" if result.damaged else ""),
    ]
    if result.agrees:
        verdict = sentence(_("✓ Every mail on the server has exactly one entry here."), "$text-success")
    else:
        explained = _("✗ They differ. Mails without an entry are fetched at the next look.")
        if not result.missing and not result.unfinished:
            explained = _(
                "✗ The stored bytes of some mails are gone or damaged; a backup may have them whole."
            )
        for named, uids in (
            (_("Missing UIDs: {uids}"), result.missing),
            (_("Damaged UIDs: {uids}"), result.damaged),
        ):
            if uids:
                explained += "\n" + named.format(uids=", ".join(map(str, uids[:20])))
        verdict = sentence(explained, "$text-error")
    return blocks(labelled(facts), verdict)
