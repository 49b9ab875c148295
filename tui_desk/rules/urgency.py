"""What loses most by waiting: a score for a ticket, and why, in sentences. Pure: facts and the present instant go in.

The points are those of an hour: what is overdue counts most, then how long a requester waits for an answer (weighted by priority
and by VIP), then the priority itself, and whose work it is. Doubling a long wait adds the same again, so that one forgotten
ticket of a year does not outweigh everything that can still be saved today.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2

from tui_desk.core.enums import Priority
from tui_desk.core.i18n import _, ngettext

DUE_SOON = timedelta(hours=4)
"""What is due within this time is told before it is overdue."""
IDLE_FROM = timedelta(days=2)
"""A ticket that nobody is waiting in, and that nobody touched for so long, is told as such."""

_OF_PRIORITY = {Priority.LOW: 0.0, Priority.NORMAL: 5.0, Priority.HIGH: 25.0, Priority.CRITICAL: 80.0}
_WEIGHT = {Priority.LOW: 0.5, Priority.NORMAL: 1.0, Priority.HIGH: 1.6, Priority.CRITICAL: 2.5}
_OVERDUE, _SOON, _AN_ANSWER, _IDLE = 50.0, 25.0, 12.0, 2.0
_VIP = 1.5
_MINE, _MY_TEAM, _OTHER_TEAM, _NOBODY = 16.0, 6.0, -20.0, 8.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a ticket that somebody could work on."""

    number: int
    priority: Priority
    updated_at: datetime
    waits_since: datetime | None = None
    """Since when its requester waits for an answer; None: no answer is due."""
    due_at: datetime | None = None
    """When the first thing of it is due: the day of the next action ends, or a task's time."""
    vip: bool = False
    mine: bool = False
    taken: bool = False
    """Somebody has it: oneself, since tickets of others are not weighed."""
    my_team: bool | None = None
    """Whether its team is one of the agent's; None: it has no team, or the agent is in none."""


@dataclass(frozen=True, slots=True)
class Reason:
    points: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Urgency:
    """``reasons``: the weightiest first; ``score`` is the sum of their points."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def sentence(self) -> str:
        """The two reasons that count most, as one sentence: “overdue for 2 h, VIP waits 5 h for an answer”."""
        told = [reason.sentence for reason in self.reasons if reason.points > 0][:2]
        return ", ".join(told) if told else _("nothing presses; it is the next in line")


def urgency(facts: Facts, now: datetime) -> Urgency:
    """How much ``facts`` lose by waiting any longer, seen at ``now`` (aware)."""
    found = [*_due(facts, now), *_answer(facts, now), *_standing(facts), *_whose(facts), *_idle(facts, now)]
    reasons = sorted(found, key=lambda reason: -reason.points)
    return Urgency(sum(reason.points for reason in reasons), tuple(reasons))


def ranked(tickets: Iterable[Facts], now: datetime) -> list[tuple[Facts, Urgency]]:
    """The most urgent first; of equals the one that was left alone longest, then the older one."""
    weighed = [(facts, urgency(facts, now)) for facts in tickets]
    weighed.sort(key=lambda pair: (-pair[1].score, pair[0].updated_at, pair[0].number))
    return weighed


def _growing(since: timedelta) -> float:
    """1 after an hour, 2 after three, 4.6 after a day, 7.4 after a week."""
    return log2(1 + max(0.0, since.total_seconds()) / 3600)


def _due(facts: Facts, now: datetime) -> Iterable[Reason]:
    if facts.due_at is None:
        return
    late = now - facts.due_at
    if late >= timedelta():
        yield Reason(
            _OVERDUE + _AN_ANSWER * _WEIGHT[facts.priority] * _growing(late),
            _("overdue for {time}").format(time=span(late)),
        )
    elif -late <= DUE_SOON:
        yield Reason(_SOON * (1 - -late / DUE_SOON / 2), _("due in {time}").format(time=span(-late)))


def _answer(facts: Facts, now: datetime) -> Iterable[Reason]:
    if facts.waits_since is None:
        return
    waits = max(timedelta(), now - facts.waits_since)
    points = _AN_ANSWER * _WEIGHT[facts.priority] * (1 + _growing(waits)) * (_VIP if facts.vip else 1)
    sentence = _("VIP waits {time} for an answer") if facts.vip else _("waits {time} for an answer")
    yield Reason(points, sentence.format(time=span(waits)))


def _standing(facts: Facts) -> Iterable[Reason]:
    """The priority, with who has it: what is critical and nobody's loses most."""
    points = _OF_PRIORITY[facts.priority]
    if facts.priority is Priority.CRITICAL:
        if facts.taken:
            yield Reason(points, _("critical"))
        else:
            yield Reason(points + 2 * _NOBODY, _("critical, nobody has taken it"))
        return
    if points:
        yield Reason(points, _("high priority") if facts.priority is Priority.HIGH else _("normal priority"))
    if not facts.taken:
        yield Reason(_NOBODY, _("nobody has taken it"))


def _whose(facts: Facts) -> Iterable[Reason]:
    if facts.mine:
        yield Reason(_MINE, _("it is yours"))
    elif facts.my_team:
        yield Reason(_MY_TEAM, _("it is your team's"))
    elif facts.my_team is False:
        yield Reason(_OTHER_TEAM, _("it is another team's"))


def _idle(facts: Facts, now: datetime) -> Iterable[Reason]:
    rest = now - facts.updated_at
    if facts.waits_since is None and rest >= IDLE_FROM:
        yield Reason(_IDLE * _growing(rest), _("nobody has touched it for {time}").format(time=span(rest)))


def span(time: timedelta) -> str:
    """An amount of time in its largest unit: “5 min”, “2 h”, “3 days”."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return _("{count} min").format(count=max(1, minutes))
    if minutes < 48 * 60:
        return _("{count} h").format(count=minutes // 60)
    return ngettext("{count} day", "{count} days", minutes // 1440).format(count=minutes // 1440)
