"""What the text of a ticket names of the inventory, offered as a link.

Looked for when a ticket is opened, not when mail comes in: intake stays as quick as it is, assets that are written down later are found in
older tickets too, and nothing has to be kept. The texts are read once; one question with indexes answers which marks are assets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlmodel import Session, col, func, or_, select

from tui_desk.contracts.assets import Recognised
from tui_desk.contracts.recognition import DismissRecognised, LinkLicence, RecogniseInTicket
from tui_desk.contracts.tickets import FieldChanged
from tui_desk.core.enums import MessageKind, RecognisedBy
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.db.same_name import same_name
from tui_desk.models import Asset, Licence, Message, Ticket, TicketAsset
from tui_desk.rules.permissions import Permission
from tui_desk.rules.recognition import TEXT_LIMIT, licences_in, marks_in
from tui_desk.services.actor import Actor
from tui_desk.services.context import known, now, require, ticket_to_change, ticket_to_read, ticket_to_work_on
from tui_desk.services.licence_links import set_dismissed, set_licence_link, standing_of

NEWEST_MESSAGES = 20
"""So many of the newest messages are looked at, and the first one."""
_MOST = 20
_MOST_LICENCES = 2_000
_ORDER = tuple(RecognisedBy)


def recognise(session: Session, actor: Actor, request: RecogniseInTicket) -> tuple[Recognised, ...]:
    """What subject and messages name and is neither linked nor dismissed, the surest first. Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    texts = _texts(session, ticket)
    found = [*_assets(session, request.number, marks_in(texts)), *_licences(session, texts)]
    if not found:
        return ()
    standing = standing_of(session, request.number)
    gone = set(standing.dismissed) | {("licence", row_id) for row_id in standing.licences}
    left = [one for one in found if (_kind(one.licence), one.id) not in gone]
    return tuple(sorted(left, key=lambda one: (_ORDER.index(one.by), one.tag, one.name)))


def _kind(licence: bool) -> str:
    return "licence" if licence else "asset"


def _texts(session: Session, ticket: Ticket) -> list[str]:
    """The subject, and what was written in the first message and the newest ones, without quotes and signatures."""
    statement = select(Message.id, func.substr(Message.text, 1, 2 * TEXT_LIMIT), Message.segments).where(
        Message.ticket_id == ticket.id, Message.kind != MessageKind.SYSTEM.value
    )
    newest = session.exec(statement.order_by(col(Message.id).desc()).limit(NEWEST_MESSAGES)).all()
    first = session.exec(statement.order_by(col(Message.id)).limit(1)).all()
    rows = {row_id: _body(text, segments) for row_id, text, segments in (*first, *newest)}
    return [ticket.subject, *rows.values()]


def _body(text: str, segments: Sequence[Sequence[object]]) -> str:
    if not segments:
        return text
    parts, place = [], 0
    for kind, length in segments:
        end = place + int(str(length))
        if kind == "body":
            parts.append(text[place:end])
        place = end
    return "\n".join(parts)


def _assets(session: Session, number: int, marks: Mapping[str, str]) -> list[Recognised]:
    if not marks:
        return []
    lowered = list(marks)
    written = sorted({*lowered, *marks.values(), *(mark.upper() for mark in lowered)})
    linked = select(TicketAsset.asset_id).where(TicketAsset.ticket_id == number)
    rows = session.exec(
        select(Asset)
        .where(
            or_(
                same_name(Asset.tag, *lowered),
                col(Asset.serial).in_(written),
                col(Asset.hostname).in_(written),
            )
        )
        .where(col(Asset.id).not_in(linked))
        .order_by(col(Asset.id))
        .limit(_MOST)
    ).all()
    return [_recognised(asset, marks) for asset in rows]


def _recognised(asset: Asset, marks: Mapping[str, str]) -> Recognised:
    values = {
        RecognisedBy.TAG: asset.tag,
        RecognisedBy.SERIAL: asset.serial,
        RecognisedBy.HOSTNAME: asset.hostname,
    }
    # A letter that is one on one database and two in Python (İ) may leave none: it was the host name then.
    by = next((one for one, value in values.items() if value.lower() in marks), RecognisedBy.HOSTNAME)
    value = values[by]
    return Recognised(
        licence=False,
        id=known(asset.id),
        tag=safe_line(asset.tag),
        name=safe_line(asset.name),
        by=by,
        text=safe_line(marks.get(value.lower(), value)),
    )


def _licences(session: Session, texts: Sequence[str]) -> list[Recognised]:
    rows = session.exec(
        select(Licence.id, Licence.name)
        .where(col(Licence.retired).is_(False))
        .order_by(col(Licence.id))
        .limit(_MOST_LICENCES)
    ).all()
    called = {known(row_id): name for row_id, name in rows}
    found = licences_in(texts, called.items()) if called else {}
    return [
        Recognised(True, row_id, "", safe_line(called[row_id]), RecognisedBy.LICENCE_NAME, safe_line(text))
        for row_id, text in list(found.items())[:_MOST]
    ]


def link_licence(session: Session, actor: Actor, request: LinkLicence) -> FieldChanged:
    """Link a ticket with a licence, or part them. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = (ticket_to_work_on if request.linked else ticket_to_change)(session, request.number)
    events = set_licence_link(session, actor, ticket, request.licence_id, now(session), linked=request.linked)
    name = safe_line(session.get_one(Licence, request.licence_id).name)
    text = (
        _("#{number} · licence {name} linked") if request.linked else _("#{number} · licence {name} removed")
    )
    return FieldChanged(request.number, events, text.format(number=request.number, name=name))


def dismiss(session: Session, actor: Actor, request: DismissRecognised) -> FieldChanged:
    """Offer something on a ticket no more. Raises NotFound."""
    require(actor, Permission.CHANGE_TICKETS)
    ticket = ticket_to_change(session, request.number)
    licence = session.get(Licence, request.id) if request.licence else None
    asset = None if request.licence else session.get(Asset, request.id)
    name = licence.name if licence is not None else asset.tag if asset is not None else ""
    if not name:
        raise NotFound(_("There is nothing of that number any more."))
    events = set_dismissed(
        session,
        actor,
        ticket,
        (_kind(request.licence), request.id, name),
        now(session),
        dismissed=True,
    )
    return FieldChanged(
        request.number,
        events,
        _("#{number} · {name} is not offered here any more").format(
            number=request.number, name=safe_line(name)
        ),
    )
