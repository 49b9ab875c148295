"""Who decides: approvers and those in their place while they are away, and who may not decide because it is their own wish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from tui_desk.core.errors import NotFound, Refused, UsageError
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line, visible_address
from tui_desk.db.same_name import same_name
from tui_desk.models import Agent, Approval, ApprovalVote, Person, PersonAddress, Purchase, Substitute
from tui_desk.rules.addresses import address_key, is_one_of
from tui_desk.rules.approvals import is_away
from tui_desk.rules.words import fold
from tui_desk.services.actor import Actor
from tui_desk.services.context import known
from tui_desk.services.desk_zone import desk_day
from tui_desk.services.people import addresses_of, person_for_address
from tui_desk.services.senders import own_addresses


def person_named(session: Session, text: str, at: datetime) -> tuple[Person, str]:
    """The person that ``text`` names, and the address they are asked at: an address, a login, or a name.

    Capitals and accents of a name do not matter where it is clear who is meant. An address that nobody has makes the person. Raises UsageError, NotFound, Refused (an address of the desk itself).
    """
    text = text.strip()
    if not text:
        raise UsageError(_("Name an approver: an address, a login or a name."))
    if "@" in text:
        from tui_desk.services.address_input import (
            valid_address,  # and the validator, where something was typed
        )

        name, address = valid_address(text)
        if is_one_of(address_key(address), own_addresses(session)):
            raise Refused(
                _("{address} is an address of this desk; nobody decides there.").format(
                    address=visible_address(address)
                )
            )
        return person_for_address(session, address, safe_line(name, 200), at), address
    agent = session.exec(select(Agent).where(same_name(Agent.login, text), col(Agent.active))).first()
    if agent is not None:
        return _of_agent(session, agent, at)
    called = _called(session, text)
    if len(called) != 1:
        told = (
            _("Several agents or people are called “{name}”.")
            if called
            else _("No agent or person is called “{name}”.")
        )
        raise NotFound(
            told.format(name=safe_line(text)), _("Write the address, such as boss@company.example.")
        )
    if isinstance(called[0], Agent):
        return _of_agent(session, called[0], at)
    addresses = addresses_of(session, [known(called[0].id)])[known(called[0].id)]
    if not addresses:
        raise Refused(_("{name} has no address to ask at.").format(name=safe_line(text)))
    return called[0], addresses[0]


def _called(session: Session, name: str) -> list[Agent | Person]:
    """Who has exactly that name; where nobody has, who has it in other capitals or accents. An agent and their person are one."""
    agents = session.exec(select(Agent).where(col(Agent.active))).all()
    unmerged = col(Person.merged_into_id).is_(None)
    same = session.exec(select(Person.id).where(Person.name == name, unmerged)).all()
    if same or any(agent.name == name for agent in agents):
        return _told_apart(session, [agent for agent in agents if agent.name == name], same)
    everybody = session.exec(select(Person.id, Person.name).where(unmerged))
    alike = [row for row, written in everybody if fold(written) == fold(name)]
    return _told_apart(session, [agent for agent in agents if fold(agent.name) == fold(name)], alike)


def _told_apart(
    session: Session, agents: Sequence[Agent], people: Iterable[int | None]
) -> list[Agent | Person]:
    """These agents, and of the people those that are none of them."""
    own = set(_people_of_agents(session, [agent.id for agent in agents]).values())
    return [*agents, *(session.get_one(Person, row) for row in people if row not in own)]


def _of_agent(session: Session, agent: Agent, at: datetime) -> tuple[Person, str]:
    if not agent.email:
        raise Refused(
            _("{login} has no address, and an approver is known by one.").format(
                login=safe_line(agent.login)
            ),
            _("An admin sets it with: tui-desk agent set {login} --email ADDRESS").format(
                login=safe_line(agent.login)
            ),
        )
    return person_for_address(session, agent.email, agent.name, at), agent.email


def person_of_agent(session: Session, agent_id: int | None) -> int | None:
    """The person behind an agent's address; None where nobody has it yet."""
    agent = session.get(Agent, agent_id) if agent_id is not None else None
    if agent is None or not agent.email:
        return None
    return session.exec(
        select(PersonAddress.person_id).where(PersonAddress.address == address_key(agent.email))
    ).first()


def agents_by_person(session: Session, people: Iterable[int]) -> dict[int, int]:
    """The active agents among some people: person → agent."""
    wanted = set(people)
    emails = {
        address_key(email): known(agent_id)
        for agent_id, email in session.exec(
            select(Agent.id, Agent.email).where(col(Agent.active), Agent.email != "")
        )
    }
    rows = session.exec(
        select(PersonAddress.person_id, PersonAddress.address).where(col(PersonAddress.person_id).in_(wanted))
    )
    return {person: emails[address] for person, address in rows if address in emails}


def is_of_agent(session: Session, address: str) -> bool:
    """Whether an active agent has that address."""
    emails = session.exec(select(Agent.email).where(col(Agent.active), Agent.email != ""))
    return address_key(address) in map(address_key, emails)


def _people_of_agents(session: Session, agents: Iterable[int | None]) -> dict[int, int]:
    """The people behind the addresses of some agents: agent → person."""
    keys = {
        known(agent): address_key(email)
        for agent, email in session.exec(
            select(Agent.id, Agent.email).where(col(Agent.id).in_(set(agents) - {None}), Agent.email != "")
        )
    }
    people = dict(
        session.exec(
            select(PersonAddress.address, PersonAddress.person_id).where(
                col(PersonAddress.address).in_(set(keys.values()))
            )
        ).all()
    )
    return {agent: people[key] for agent, key in keys.items() if key in people}


def own_wishes(
    session: Session, wishes: Sequence[tuple[int | None, int | None]]
) -> tuple[frozenset[int], ...]:
    """The people who may not decide, for each (agent who asked, purchase): who asked, and the requesters of the purchase."""
    ids = {purchase for _agent, purchase in wishes if purchase is not None}
    found = session.exec(select(Purchase).where(col(Purchase.id).in_(ids))).all() if ids else []
    purchases = {known(one.id): one for one in found}
    askers = {agent for agent, _purchase in wishes} | {one.requested_by_id for one in found}
    people = _people_of_agents(session, askers)

    def of(agent: int | None, purchase_id: int | None) -> frozenset[int]:
        purchase = purchases.get(purchase_id) if purchase_id is not None else None
        agents = {agent, purchase.requested_by_id if purchase is not None else None}
        named = {people.get(one) for one in agents if one is not None}
        named.add(purchase.requester_id if purchase is not None else None)
        return frozenset(person for person in named if person is not None)

    return tuple(of(agent, purchase) for agent, purchase in wishes)


def own_wish(session: Session, requested_by: int | None, purchase_id: int | None) -> frozenset[int]:
    """:func:`own_wishes` of one."""
    return own_wishes(session, [(requested_by, purchase_id)])[0]


def barred(session: Session, approval: Approval) -> frozenset[int]:
    """:func:`own_wish` of an approval that is there."""
    return own_wish(session, approval.requested_by_id, approval.purchase_id)


def refuse_own_wish(session: Session, people: Sequence[Person], own: frozenset[int]) -> None:
    """Raises Refused where one of ``people`` would decide about their own wish."""
    for person in people:
        if known(person.id) in own:
            name = person.name or next(iter(addresses_of(session, [known(person.id)])[known(person.id)]), "")
            raise Refused(
                _("{name} cannot decide about what {name} asked for.").format(name=safe_line(name)),
                _("Name somebody else as approver."),
            )


def substitutes_on(session: Session, people: Iterable[int], day: date) -> dict[int, tuple[Substitute, ...]]:
    """Who decides for some people on ``day``: person → the rows, oldest first."""
    found: dict[int, tuple[Substitute, ...]] = {}
    rows = session.exec(
        select(Substitute).where(col(Substitute.person_id).in_(set(people))).order_by(col(Substitute.id))
    )
    for row in rows:
        if is_away(day, row.from_on, row.until_on):
            found[row.person_id] = (*found.get(row.person_id, ()), row)
    return found


def address_of(session: Session, person_id: int) -> str:
    """Where somebody is asked: as an agent at the agent's address, else at the first of the person's."""
    addresses = addresses_of(session, [person_id])[person_id]
    agent = agents_by_person(session, [person_id]).get(person_id)
    return session.get_one(Agent, agent).email if agent is not None else next(iter(addresses), "")


def asked_of(
    session: Session, approval: Approval, votes: Sequence[ApprovalVote], at: datetime
) -> list[tuple[ApprovalVote, int, str]]:
    """Whom to ask about some open votes: (vote, person, address), the approvers and those in their place today."""
    own = barred(session, approval)
    substitutes = substitutes_on(session, [vote.person_id for vote in votes], desk_day(session, at))
    found: list[tuple[ApprovalVote, int, str]] = []
    for vote in votes:
        if vote.person_id not in own:
            found.append((vote, vote.person_id, vote.address))
        for row in substitutes.get(vote.person_id, ()):
            address = address_of(session, row.substitute_id)
            if row.substitute_id not in own and address:
                found.append((vote, row.substitute_id, address))
    return found


def may_decide(
    session: Session, actor: Actor, approval: Approval, votes: Sequence[ApprovalVote], at: datetime
) -> ApprovalVote | None:
    """The open vote that the acting agent can give now: the own one first, else one in place of somebody who is away."""
    person = person_of_agent(session, actor.agent_id)
    if person is None or person in barred(session, approval):
        return None
    open_ones = [vote for vote in votes if not vote.decision]
    own = next((vote for vote in open_ones if vote.person_id == person), None)
    if own is not None:
        return own
    substitutes = substitutes_on(session, [vote.person_id for vote in open_ones], desk_day(session, at))
    return next(
        (
            vote
            for vote in open_ones
            if any(row.substitute_id == person for row in substitutes.get(vote.person_id, ()))
        ),
        None,
    )
