"""Long lists: CPU of paging, sorting and searching 200,000 assets and 500,000 people, against 1,000 of each. SQLite and PostgreSQL.

    python -m benchmarks.lists [--database sqlite|postgresql|both] [--times 15]

A desk of the former schema is filled and then upgraded, so that the upgrade is measured as well. CPU is that of our process, on PostgreSQL with
that of the server's process for our connection. Each question is asked in turns of the small and the large desk; the median counts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from sqlalchemy import text

from tests.support.postgres import running_postgres
from tui_desk.contracts.lists import ASSET_SORTS, PERSON_SORTS, ListPage, PageAssets, PagePeople, Place
from tui_desk.core.enums import Role
from tui_desk.db.engine import Database, open_database
from tui_desk.db.schema import ensure_schema, migrate
from tui_desk.services import dispatch
from tui_desk.services.actor import Actor

SMALL, ASSETS, PEOPLE = 1_000, 200_000, 500_000
ACTOR = Actor(None, "benchmark", "", Role.AGENT, "")
MADE = "2026-01-01 00:00:00.000000"
FIRST = (
    "Anna",
    "Ben",
    "Carla",
    "Dirk",
    "Eva",
    "Farid",
    "Grete",
    "Hans",
    "Inés",
    "Jörg",
    "Kim",
    "Lea",
    "Mia",
    "Noah",
)
TYPES = ("Laptop", "Screen", "Phone", "Printer", "Dock")
STATES = ("in_use", "in_use", "in_use", "in_stock", "repair", "retired")


def make_desk(database: Database, assets: int, people: int) -> float:
    """Fill a desk of the former schema and upgrade it; answers the CPU seconds of the upgrade in our process."""
    with database.engine.begin() as connection:
        migrate(connection, "0004")
        connection.execute(
            text(
                "INSERT INTO organization (id, name, domain, phone, location, notes, version) "
                "VALUES (1, 'Acme', 'acme.example', '', '', '', 1), (2, 'Globex', 'globex.example', '', '', '', 1)"
            )
        )
        for batch in _batches(_people(people)):
            connection.execute(
                text(
                    "INSERT INTO person (id, name, organization_id, phone, location, language, vip, blocked, notes, created_at, version) "
                    "VALUES (:id, :name, :organization, '', '', '', false, false, '', :at, 1)"
                ),
                batch,
            )
            connection.execute(
                text("INSERT INTO person_address (person_id, address) VALUES (:id, :address)"), batch
            )
        for batch in _batches(_assets(assets, people)):
            connection.execute(
                text(
                    "INSERT INTO asset (id, tag, name, type, serial, hostname, owner_id, location, state, supplier, currency, notes, "
                    "warranty_until, created_at, updated_at, version) VALUES (:id, :tag, :name, :type, :serial, '', :owner, :location, "
                    ":state, '', 'EUR', '', :warranty, :at, :at, 1)"
                ),
                batch,
            )
    begun = time.process_time()
    ensure_schema(database)
    spent = time.process_time() - begun
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return spent


def _batches(rows: Iterator[dict[str, Any]], size: int = 5_000) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _people(count: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        first = FIRST[number % len(FIRST)]
        yield {
            "id": number,
            "name": f"{first} Family{number * 7919 % count}",
            "organization": number % 3 or None,
            "at": MADE,
            "address": f"{first.lower()}.{number}@{'acme' if number % 2 else 'globex'}.example",
        }


def _assets(count: int, people: int) -> Iterator[dict[str, Any]]:
    for number in range(1, count + 1):
        kind = TYPES[number % len(TYPES)]
        yield {
            "id": number,
            "tag": f"{kind[:2].upper()}-{number:06}",
            "name": f"{kind} model {number % 97}",
            "type": kind,
            "serial": f"SN{number * 7919 % 1_000_000:06}",
            "owner": number * 31 % people + 1 if number % 4 else None,
            "location": f"Room {number % 400}",
            "state": STATES[number % len(STATES)],
            "warranty": f"20{26 + number % 5}-{number % 12 + 1:02}-{number % 28 + 1:02}"
            if number % 3
            else None,
            "at": MADE,
        }


@dataclass(frozen=True, slots=True)
class Desk:
    database: Database
    backend: Callable[[], float]

    def cost(self, work: Callable[[Database], Any]) -> float:
        """Milliseconds of CPU, ours and the server's."""
        before = time.process_time() + self.backend()
        work(self.database)
        return (time.process_time() + self.backend() - before) * 1e3


def _backend(database: Database) -> Callable[[], float]:
    if database.is_sqlite:
        return lambda: 0.0
    with database.engine.connect() as connection:
        number = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    path = Path(f"/proc/{number}/schedstat")
    return lambda: int(path.read_text().split()[0]) / 1e9


def questions() -> dict[str, Callable[[Database], Any]]:
    """What is asked, by name."""
    found: dict[str, Callable[[Database], Any]] = {}

    def page(request: PageAssets | PagePeople) -> Callable[[Database], Any]:
        return lambda database: dispatch.run(database, ACTOR, request)

    def deep(request: Callable[[Place], PageAssets | PagePeople]) -> Callable[[Database], Any]:
        places: dict[Database, Place] = {}

        def ask(database: Database) -> Any:
            if database not in places:
                last: ListPage[Any] = dispatch.run(database, ACTOR, request(Place(from_end=True)))
                places[database] = Place(before=last.keys[0])
            return dispatch.run(database, ACTOR, request(places[database]))

        return ask

    for sort in ASSET_SORTS:
        found[f"assets by {sort}"] = page(PageAssets(sort=sort, with_count=True))
        found[f"assets by {sort}, falling, near the end"] = deep(
            lambda place, sort=sort: PageAssets(sort=sort, descending=True, place=place)
        )
    for sort in PERSON_SORTS:
        found[f"people by {sort}"] = page(PagePeople(sort=sort, with_count=True))
        found[f"people by {sort}, falling, near the end"] = deep(
            lambda place, sort=sort: PagePeople(sort=sort, descending=True, place=place)
        )
    for words in ("la-000900", "sn0079", "laptop", "laptop room", "model 12 inés"):
        found[f"assets with “{words}”"] = page(PageAssets(words, sort="owner", with_count=True))
    for words in ("family77", "family7", "grete@acme", "example", "jorg glob"):
        found[f"people with “{words}”"] = page(PagePeople(words, with_count=True))
    return found


def measure(small: Desk, large: Desk, times: int) -> None:
    worst = 0.0
    print(f"{'':<46}{'1,000':>9}{'large':>9}{'ratio':>7}   ms CPU")
    for name, ask in questions().items():
        costs: tuple[list[float], list[float]] = ([], [])
        for _turn in range(times):
            for desk, found in zip((small, large), costs, strict=True):
                found.append(desk.cost(ask))
        one, other = (statistics.median(found[2:] or found) for found in costs)
        worst = max(worst, other / one)
        print(f"{name:<46}{one:>9.2f}{other:>9.2f}{other / one:>7.2f}", flush=True)
    print(f"dearest ratio {worst:.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    parser.add_argument("--times", type=int, default=15)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
        for kind in kinds:
            urls = [f"sqlite:///{folder / name}.db" for name in ("small", "large")]
            if kind == "postgresql":
                server = stack.enter_context(running_postgres())
                urls = [stack.enter_context(server.fresh_database()) for _name in ("small", "large")]
            desks = []
            for url, assets, people in zip(urls, (SMALL, ASSETS), (SMALL, PEOPLE), strict=True):
                database = open_database(url)
                stack.callback(database.close)
                begun = time.perf_counter()
                spent = make_desk(database, assets, people)
                print(
                    f"{kind}: {assets:,} assets, {people:,} people; made in {time.perf_counter() - begun:.0f} s, upgrade {spent:.1f} s CPU here"
                )
                desks.append(Desk(database, _backend(database)))
            measure(desks[0], desks[1], options.times)
            print(f"memory of this process at most {psutil.Process().memory_info().rss / 2**20:.0f} MB")


if __name__ == "__main__":
    main()
