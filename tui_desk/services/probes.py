"""Mail by which the desk tries its own mailbox (``mailbox test --round-trip``): it never becomes a ticket."""

from __future__ import annotations

from tui_desk.core.enums import Verdict
from tui_desk.core.i18n import _
from tui_desk.mail.message_id import verify_probe_id
from tui_desk.services.desk_facts import DeskFacts
from tui_desk.services.intake_values import Outcome, PreparedMail


def probe_outcome(facts: DeskFacts, mail: PreparedMail) -> Outcome | None:
    """*Ignored* for such a mail and for the report that one could not be delivered; None for every other mail.

    Its Message-ID is signed, so nobody else can have made it. Where a relay has replaced that, the same id stands in References;
    there it counts in a mail from one of our own addresses only, since a person may have answered. A report names it as the mail
    that came back.
    """
    parsed = mail.parsed
    if parsed is None or not facts.secret:
        return None
    ids = [mail.message_id or ""]
    if mail.sender in facts.own_addresses:
        ids += parsed.references
    if parsed.bounce is not None:
        ids += [parsed.bounce.original_message_id or "", *parsed.references, parsed.in_reply_to or ""]
    if not any(verify_probe_id(one, facts.secret) for one in ids if one):
        return None
    return Outcome(Verdict.IGNORED, explanation=_("The desk sent it to itself to try the mailbox."))
