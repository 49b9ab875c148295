"""The spelling of what is being written. A process of its own reads the dictionaries (``services.spelling_reader``)."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

from sqlmodel import Session, col, select

from tui_desk.contracts.spelling import CheckWords, KeepWord, OpenSpelling, SpellingView, SuggestWords
from tui_desk.core.errors import Unavailable
from tui_desk.core.i18n import _
from tui_desk.db.engine import Database
from tui_desk.models import Agent, Asset, Message, Organization, Person, TicketAsset
from tui_desk.rules.permissions import Permission
from tui_desk.rules.spelling import name_words
from tui_desk.services.actor import Actor
from tui_desk.services.context import require, ticket_to_read
from tui_desk.services.dictionaries import dictionaries, keep_own_word, own_words

_MOST_WORDS = 20_000


def open_spelling(session: Session, actor: Actor, request: OpenSpelling) -> SpellingView:
    """What the spelling of an answer in a ticket is checked by. Raises NotFound."""
    require(actor, Permission.VIEW)
    ticket = ticket_to_read(session, request.number)
    requester = session.get(Person, ticket.requester_id)
    found = tuple(sorted(dictionaries()))
    reason = ""
    if find_spec("spylls") is None:
        reason = _("Spelling is not checked here: the Python package spylls is not installed.")
    elif not found:
        reason = _(
            "Spelling is not checked here: no dictionary was found (the Debian package hunspell-en-us is one)."
        )
    return SpellingView(
        language=requester.language if requester is not None else "",
        dictionaries=() if reason else found,
        names=name_words(_names(session, request.number, requester)),
        reason=reason,
    )


def _names(session: Session, number: int, requester: Person | None) -> Iterator[str]:
    """Whoever and whatever is named in the ticket by a name."""
    if requester is not None:
        yield requester.name
        organization = session.get(Organization, requester.organization_id or 0)
        if organization is not None:
            yield organization.name
    wrote = select(Message.author_name).where(Message.ticket_id == number).distinct().limit(200)
    yield from session.exec(wrote)
    yield from session.exec(select(Agent.name))
    yield from session.exec(select(Agent.login))
    linked = select(Asset.name).join(TicketAsset, col(TicketAsset.asset_id) == Asset.id)
    yield from session.exec(linked.where(TicketAsset.ticket_id == number))


def check_words(_database: Database, actor: Actor, request: CheckWords) -> frozenset[str]:
    """The words that are not known. Raises Unavailable."""
    require(actor, Permission.VIEW)
    own = {word.casefold() for word in own_words(actor.login)}
    asked = [word for word in request.words[:_MOST_WORDS] if word.casefold() not in own]
    if not asked:
        return frozenset()
    answer = _process().ask({"path": _path(request.dictionary), "words": asked})
    return frozenset(map(str, answer.get("unknown", ())))


def suggest_words(_database: Database, actor: Actor, request: SuggestWords) -> tuple[str, ...]:
    """What may be meant. Raises Unavailable."""
    require(actor, Permission.VIEW)
    answer = _process().ask({"path": _path(request.dictionary), "suggest": request.word})
    return tuple(map(str, answer.get("found", ())))


def keep_word(_database: Database, actor: Actor, request: KeepWord) -> str:
    """Add a word to the person's own. Raises UsageError, Unavailable."""
    require(actor, Permission.VIEW)
    return str(keep_own_word(request.word, actor.login))


def _path(dictionary: str) -> str:
    found = dictionaries().get(dictionary)
    if found is None:
        raise Unavailable(_("The dictionary {name} is not there any more.").format(name=dictionary))
    return str(found)


class _Process:
    """The one process that has dictionaries open, started when it is first asked, and again when it has ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._over = False

    def ask(self, question: dict[str, Any]) -> dict[str, Any]:
        """Its answer. Raises Unavailable where it has none."""
        with self._lock:
            for _time in range(2):  # it may just have ended, having had nothing to do
                answer = self._asked(json.dumps(question))
                if answer is not None or self._over:
                    break
        if answer is None or "error" in answer:
            raise Unavailable(_("The dictionary cannot be read: {path}.").format(path=question["path"]))
        return answer

    def _asked(self, question: str) -> dict[str, Any] | None:
        process = self._running()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{question}\n")
            process.stdin.flush()
            line = process.stdout.readline()
            found = json.loads(line) if line else None
        except (OSError, ValueError):
            found = None
        if found is None:
            self._end()
        return found if isinstance(found, dict) else None

    def _running(self) -> subprocess.Popen[str]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "tui_desk.services.spelling_reader"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        return self._process

    def end(self) -> None:
        """Let it go, whatever it is at: nobody waits for a dictionary to leave."""
        self._over = True
        process = self._process
        if process is not None:
            process.kill()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


@lru_cache(maxsize=1)
def _process() -> _Process:
    process = _Process()
    atexit.register(process.end)
    return process
