"""Intake end to end: a real Dovecot mailbox becomes tickets with full text and attachments. Mails per CPU second of our process.

    python -m benchmarks.intake                    2,000 mails: tui-desk, the obvious build, django-helpdesk, notmuch; ratios
    python -m benchmarks.intake --flat             1,000 and 20,000 mails: the rate must not fall
    python -m benchmarks.intake --only desk        one of desk, obvious, django, notmuch

django-helpdesk is installed into a throw-away environment; where that is not possible its line says why. ``notmuch new`` only
indexes, and reads its mail from a folder; it is measured where Debian's package is installed.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import venv
from collections.abc import Callable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from benchmarks.mails import generated
from tests.support.dovecot import Dovecot, running_dovecot
from tests.support.tls import make_certificates

if TYPE_CHECKING:
    from sqlmodel import Session

T = TypeVar("T")
USER = "support@desk.test"


def cpu_seconds() -> float:
    """CPU of this process so far, system time included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measure_desk(dovecot: Dovecot, folder: Path, profile: str = "") -> dict[str, float]:
    """``tui-desk sync --once`` on SQLite."""
    from tests.workers.desk import open_desk
    from tui_desk.workers.supervisor import run_worker

    with open_desk(f"sqlite:///{folder / 'desk.db'}") as desk:
        desk.add_mailbox(dovecot)
        begun = cpu_seconds()
        if profile:
            result = _profiled(lambda: run_worker(desk.database, threading.Event(), once=True), profile)
        else:
            result = run_worker(desk.database, threading.Event(), once=True)
        used = cpu_seconds() - begun
        tickets, suspended = len(desk.tickets()), result.suspended
    return {"mails": result.fetched, "cpu": used, "tickets": tickets, "suspended": suspended}


def _profiled(work: Callable[[], T], path: str) -> T:
    """``work``, with a profile of the mailbox's thread written to ``path``."""
    import cProfile

    profiler = cProfile.Profile()

    def begin(_frame: FrameType, _event: str, _argument: object) -> None:
        sys.setprofile(None)  # this hook has done its part in this thread
        if threading.current_thread().name.startswith("mailbox-"):
            profiler.enable()

    threading.setprofile(begin)
    try:
        result = work()
    finally:
        threading.setprofile(None)
    profiler.dump_stats(path)
    return result


def measure_obvious(dovecot: Dovecot, folder: Path) -> dict[str, float]:
    """The obvious build: IMAPClient as it comes, ``policy.default``, an object per row, a commit per mail, search index too."""
    import email
    from email import policy

    from imapclient import IMAPClient
    from sqlmodel import Session

    from tests.workers.desk import open_desk
    from tui_desk.core.clock import utc_now
    from tui_desk.db.search import index_message
    from tui_desk.models import Attachment, Blob, MailIdentifier, Message, Person, PersonAddress, Ticket

    with open_desk(f"sqlite:///{folder / 'obvious.db'}") as desk:
        begun = cpu_seconds()
        client = IMAPClient(dovecot.host, dovecot.imap_port, ssl=False)
        client.login(USER, dovecot.users[USER])
        client.select_folder("INBOX")
        mails = lost = 0
        for uid in client.search():
            raw = client.fetch([uid], ["RFC822"])[uid][b"RFC822"]
            mails += 1
            try:
                parsed = email.message_from_bytes(raw, policy=policy.default)
                sender = parsed["From"].addresses[0]
                body = parsed.get_body(("plain", "html"))
                text = body.get_content() if body is not None else ""
                subject = str(parsed["Subject"])
                files = [
                    (part.get_filename() or "", part.get_content()) for part in parsed.iter_attachments()
                ]
            except Exception:  # noqa: BLE001 - it loses what it cannot read
                lost += 1
                continue
            with desk.database.writing() as session:
                _obvious_rows(session, raw, sender, subject, text, files, parsed, utc_now())
            client.add_flags([uid], ["\\Seen"])
        client.logout()
        used = cpu_seconds() - begun
        _ = (Session, Attachment, Blob, MailIdentifier, Message, Person, PersonAddress, Ticket, index_message)
        return {"mails": mails, "cpu": used, "tickets": len(desk.tickets()), "lost": lost}


def _obvious_rows(
    session: Session,
    raw: bytes,
    sender: Address,
    subject: str,
    text: str,
    files: Sequence[tuple[str, object]],
    parsed: EmailMessage,
    now: datetime,
) -> None:
    from sqlmodel import select

    from tui_desk.db.blobs import store_blob
    from tui_desk.db.search import index_message
    from tui_desk.models import Attachment, MailIdentifier, Message, Person, PersonAddress, Ticket
    from tui_desk.services.context import known as stored

    address = sender.addr_spec.lower()
    known = session.exec(select(PersonAddress).where(PersonAddress.address == address)).first()
    if known is None:
        person = Person(name=sender.display_name, created_at=now)
        session.add(person)
        session.flush()
        known = PersonAddress(person_id=stored(person.id), address=address)
        session.add(known)
        session.flush()
    parent = (parsed["In-Reply-To"] or "").strip("<> ")
    link = (
        session.exec(select(MailIdentifier).where(MailIdentifier.rfc_message_id == parent)).first()
        if parent
        else None
    )
    if link is None:
        ticket = Ticket(
            subject=subject,
            requester_id=known.person_id,
            created_at=now,
            updated_at=now,
            requester_name=address,
        )
        session.add(ticket)
        session.flush()
        number = stored(ticket.id)
    else:
        number = link.ticket_id
    message = Message(
        ticket_id=number,
        kind="email",
        direction="in",
        author_person_id=known.person_id,
        author_address=address,
        at=now,
        subject=subject,
        text=text,
        raw_sha256=store_blob(session, raw),
    )
    session.add(message)
    session.flush()
    for position, (name, content) in enumerate(files):
        blob = content if isinstance(content, bytes) else str(content).encode()
        session.add(
            Attachment(
                message_id=message.id,
                position=position,
                filename=name,
                content_type="x",
                size=len(blob),
                sha256=store_blob(session, blob),
            )
        )
    identifier = str(parsed["Message-ID"] or "").strip("<> ")
    if (
        identifier
        and session.exec(
            select(MailIdentifier).where(
                MailIdentifier.rfc_message_id == identifier, MailIdentifier.ticket_id == number
            )
        ).first()
        is None
    ):
        session.add(MailIdentifier(rfc_message_id=identifier, ticket_id=number, message_id=message.id))
    session.flush()
    index_message(session, stored(message.id), number, subject, text, address)


def measure_django(dovecot: Dovecot, folder: Path) -> dict[str, float]:
    """django-helpdesk's ``get_email`` on the same mailbox, in an environment of its own. Raises RuntimeError where it cannot be had."""
    home = folder / "django"
    venv.create(home, with_pip=True)
    python = home / "bin" / "python"
    _run([str(python), "-m", "pip", "install", "-q", "django-helpdesk", "setuptools<81"], home)
    script = Path(__file__).with_name("django_helpdesk_run.py")
    options = {"host": dovecot.host, "port": dovecot.imap_port, "user": USER, "password": dovecot.users[USER]}
    done = _run([str(python), str(script), str(home), json.dumps(options)], home)
    return {name: float(value) for name, value in json.loads(done.strip().splitlines()[-1]).items()}


def measure_notmuch(mails: list[bytes], folder: Path) -> dict[str, float]:
    """``notmuch new`` on the same mails in a Maildir: its own CPU. Raises RuntimeError where it is not installed."""
    program = shutil.which("notmuch")
    if program is None:
        raise RuntimeError("notmuch is not installed")
    for part in ("cur", "new", "tmp"):
        (folder / "mail" / part).mkdir(parents=True)
    for number, raw in enumerate(mails):
        (folder / "mail" / "cur" / f"{number}.bench:2,S").write_bytes(raw)
    settings = folder / "notmuch.conf"
    settings.write_text(f"[database]\npath={folder / 'mail'}\n[user]\nname=Bench\nprimary_email={USER}\n")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run([program, f"--config={settings}", "new", "--quiet"], folder)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = _run([program, f"--config={settings}", "count", "--output=files", "*"], folder)
    return {"mails": int(found), "cpu": used}


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(
            (done.stderr or done.stdout).strip().splitlines()[-1] if done.stderr or done.stdout else "?"
        )
    return done.stdout


MEASURES = {"desk": measure_desk, "obvious": measure_obvious, "django": measure_django}
BUILDS = (*MEASURES, "notmuch")


def run(name: str, mails: list[bytes], profile: str = "") -> dict[str, float]:
    """One measurement on a fresh Dovecot mailbox that holds ``mails``."""
    with tempfile.TemporaryDirectory(prefix="bench") as text:
        folder = Path(text)
        if name == "notmuch":
            return measure_notmuch(mails, folder)
        with running_dovecot(make_certificates(folder)) as dovecot:
            dovecot.deliver_many(USER, mails)
            if name == "desk":
                return measure_desk(dovecot, folder, profile)
            return MEASURES[name](dovecot, folder)


def _in_own_process(name: str, count: int, profile: str = "") -> dict[str, float]:
    """Imports and caches of one build must not help the next."""
    command = [sys.executable, "-m", "benchmarks.intake", "--child", name, "--count", str(count)]
    command += ["--profile", profile] if profile and name == "desk" else []
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError((done.stderr.strip().splitlines() or ["?"])[-1])
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> int:
    parser = argparse.ArgumentParser(description="Intake: mails per CPU second.")
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=2, help="the best of so many counts")
    parser.add_argument("--only", choices=BUILDS)
    parser.add_argument("--flat", action="store_true", help="1,000 against 20,000 mails")
    parser.add_argument("--profile", default="", help="write a cProfile of our own run here")
    parser.add_argument("--child", choices=BUILDS, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.child:
        # One broken mail stops django-helpdesk for good, so it gets none: its rate is what is compared.
        mails = generated(wish.count, broken=0.0) if wish.child == "django" else generated(wish.count)
        print(json.dumps(run(wish.child, mails, wish.profile)))
        return 0
    sizes = sorted(map(len, generated(500)))
    print(
        f"mails: median {statistics.median(sizes) / 1024:.1f} KB, mean {statistics.mean(sizes) / 1024:.1f} KB"
    )
    runs = (
        [("desk", 1_000), ("desk", 20_000)]
        if wish.flat
        else [(name, wish.count) for name in BUILDS if wish.only in (None, name)]
    )
    rates: dict[str, float] = {}
    for name, count in runs:
        try:
            # The least of some rounds: whatever else the machine does only adds to it.
            found = min(
                (_in_own_process(name, count, wish.profile) for _ in range(1 if wish.flat else wish.rounds)),
                key=lambda each: each["cpu"],
            )
        except RuntimeError as error:
            print(f"{name:>8}: not measured: {error}")
            continue
        rate = found["mails"] / found["cpu"]
        rates.setdefault(name, rate)
        print(
            f"{name:>8}: {found['mails']:6.0f} mails {found['cpu']:8.2f} CPU s {rate:8.1f} mails/CPU s  {found}"
        )
    for name, wanted in (("obvious", 10), ("django", 25), ("notmuch", 2)):
        if name in rates and "desk" in rates:
            print(f"desk is {rates['desk'] / rates[name]:.1f} times {name} (wanted: {wanted})")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
