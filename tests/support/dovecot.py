"""A private Dovecot: Debian's program, its own configuration, folders and free loopback ports, users with passwords."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.support.ports import LOOPBACK, free_ports, is_listening, wait_until
from tests.support.tls import Certificates

PROGRAM = Path("/usr/sbin/dovecot")
_LEFT_OPEN_SECONDS = 5.0
DEFAULT_USERS: Mapping[str, str] = {
    "support@desk.test": "support-secret",
    "billing@desk.test": "billing-secret",
    "anna@customer.test": "anna-secret",
    "bert@customer.test": "bert-secret",
}

CONFIGURATION = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate_lines}
disable_plaintext_auth = no
auth_mechanisms = {mechanisms}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 500
auth_failure_delay = 0 secs
default_process_limit = 500
{oauth_lines}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {base}/users/%u
}}
userdb {{
  driver = static
  args = uid={mail_user} gid={mail_group} home={base}/mail/%u
}}
namespace inbox {{
  inbox = yes
  {folder_lines}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {base}/run/postfix-auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
{user_lines}
"""

# A folder for sent mail and one for removed mail that are always there.
USUAL_FOLDERS = """
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
  mailbox Trash {
    auto = create
    special_use = \\Trash
  }
"""
# Told to be for sent mail (RFC 6154) where somebody made it; Dovecot makes none by itself.
SENT_FOLDER = """
  mailbox {name} {{
    special_use = \\Sent
  }}
"""

# Access tokens are asked about at an authorisation server (RFC 7662).
OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {base}/oauth2.conf
}}
"""
OAUTH_SETTINGS = """
introspection_mode = post
introspection_url = {url}
username_attribute = username
active_attribute = active
active_value = true
openid_configuration_url = {url}
"""

# Dovecot started by somebody who is not root cannot change users or chroot: everything runs as that one.
UNPRIVILEGED = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """A running Dovecot. ``users`` maps addresses (the IMAP user names) to passwords."""

    base: Path
    imap_port: int
    imaps_port: int
    users: dict[str, str]
    ca_file: Path
    mail_uid: int
    mail_gid: int
    process: subprocess.Popen[bytes] | None = None
    host: str = LOOPBACK

    @property
    def auth_socket(self) -> Path:
        """Where Postfix asks Dovecot whether a password is right."""
        return self.base / "run" / "postfix-auth"

    @property
    def mail_root(self) -> Path:
        """The folder that holds ``<user>/Maildir``."""
        return self.base / "mail"

    def maildir(self, user: str, folder: str = "INBOX") -> Path:
        """The Maildir folder of a mail folder (created when missing)."""
        path = self._folder(user, folder)
        for name in ("tmp", "new", "cur"):
            (path / name).mkdir(parents=True, exist_ok=True)
        self._own(self.mail_root / user)
        return path

    def add_user(self, user: str, password: str) -> None:
        """Make one more user (known at once), or give one another password (known within a second)."""
        self.users[user] = password
        # A file per user: Dovecot looks at most once a second whether one file has changed.
        file = self.base / "users" / user
        file.parent.mkdir(exist_ok=True)
        draft = self.base / "user-draft"
        draft.write_text(f"{user}:{{PLAIN}}{password}\n")
        draft.replace(file)  # whole or not at all: Dovecot may look at any moment
        self.maildir(user)

    def deliver(self, user: str, raw: bytes, folder: str = "INBOX") -> None:
        """Put one mail into a folder as a delivery agent would (atomic rename into ``new``)."""
        path = self.maildir(user, folder)
        name = f"{uuid.uuid4().hex}.test"
        temporary = path / "tmp" / name
        temporary.write_bytes(raw)
        if os.geteuid() == 0:
            os.chown(temporary, self.mail_uid, self.mail_gid)
        temporary.rename(path / "new" / name)

    def deliver_many(self, user: str, mails: list[bytes], folder: str = "INBOX") -> None:
        """Many mails at once, in this order."""
        path = self.maildir(user, folder)
        for number, raw in enumerate(mails):
            target = path / "new" / f"{1_700_000_000 + number}.{uuid.uuid4().hex}.test"
            target.write_bytes(raw)
            if os.geteuid() == 0:
                os.chown(target, self.mail_uid, self.mail_gid)

    def messages(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in a folder as they lie on disk, in order of their files' names; none where there is no such folder."""
        path = self._folder(user, folder)
        files = [
            file for name in ("new", "cur") if (path / name).is_dir() for file in (path / name).iterdir()
        ]
        found = []
        for file in sorted(files, key=lambda each: each.name):
            with suppress(FileNotFoundError):  # moved between listing and reading
                found.append(file.read_bytes())
        return found

    def renew_uidvalidity(self, user: str, folder: str = "INBOX") -> None:
        """Give the folder another UIDVALIDITY and its mails other UIDs, as a restored server does."""
        path = self.maildir(user, folder)
        listing = path / "dovecot-uidlist"
        old = int(next(part[1:] for part in listing.read_text().split() if part.startswith("V")))
        for index in path.glob("dovecot*index*"):
            index.unlink()
        header = f"3 V{old + 1} N1 G{uuid.uuid4().hex}\n"
        listing.write_text(header)
        self._own(self.mail_root / user)

    def empty(self, user: str) -> None:
        """Remove all mail of a user (connections of that user must be closed)."""
        shutil.rmtree(self.mail_root / user, ignore_errors=True)
        self.maildir(user)

    def log(self) -> str:
        """What Dovecot wrote to its log."""
        file = self.base / "dovecot.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def start(self) -> None:
        """Start (again) on the same ports with the same mail; returns when it listens."""
        command = [str(PROGRAM), "-F", "-c", str(self.base / "dovecot.conf")]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        wait_until(lambda: self._listens(), what=f"Dovecot listening: {self.log()}")

    def stop(self) -> None:
        """Stop the server and all its processes; mail stays."""
        if self.process is None:
            return
        session = self.process.pid
        self.process.send_signal(signal.SIGTERM)
        psutil.wait_procs(_of_session(session), timeout=1)
        # Those that serve an idle connection take ten seconds by themselves; and one that was forked at the last moment outlives
        # the server, goes on listening on its port, and whoever comes to it waits for ever.
        wait_until(lambda: not self._killed(session), what="the end of Dovecot's processes")
        self.process.wait()
        self.process = None

    def settle(self) -> None:
        """Wait for the processes of connections that are closed: on a busy machine one may still be writing to its user's mail.

        Those of connections that somebody left open are ended after some seconds.
        """
        if self.process is None:
            return
        begun = time.monotonic()
        while serving := [each for each in _of_session(self.process.pid) if _serves(each)]:
            psutil.wait_procs(serving, timeout=0.02)
            if time.monotonic() - begun > _LEFT_OPEN_SECONDS:
                _kill(serving)

    def _killed(self, session: int) -> bool:
        """Whether there was anything left to kill; the server itself has to, when nothing else is there and it does not end."""
        left = _of_session(session)
        if helpers := [each for each in left if each.pid != session]:
            _kill(helpers)
        elif self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(1)
            _kill(left)
        return bool(left)

    def _listens(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"Dovecot ended: {self.log()}")
        return is_listening(self.imap_port) and is_listening(self.imaps_port)

    def _folder(self, user: str, folder: str) -> Path:
        root = self.mail_root / user / "Maildir"
        return root if folder == "INBOX" else root / f".{folder}"

    def _own(self, path: Path) -> None:
        if os.geteuid() != 0:
            return
        for folder, _folders, files in os.walk(path):  # leaves out what vanishes meanwhile
            for each in (Path(folder), *(Path(folder, name) for name in files)):
                with suppress(FileNotFoundError):
                    os.chown(each, self.mail_uid, self.mail_gid)


def _of_session(session: int) -> list[psutil.Process]:
    """The living processes of a server that was started in a session of its own, those that lost their parent included."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, PermissionError, psutil.NoSuchProcess):
            if os.getsid(pid) == session and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(psutil.Process(pid))
    return found


def _serves(process: psutil.Process) -> bool:
    """Whether it is there for one connection: before its login (``dovecot/imap-login``) or after it (``dovecot/imap``)."""
    with suppress(psutil.NoSuchProcess):
        return process.name() in ("imap", "imap-login")
    return False


def _kill(processes: list[psutil.Process]) -> None:
    for each in processes:
        with suppress(psutil.NoSuchProcess):
            each.kill()


@contextmanager
def running_dovecot(
    certificates: Certificates,
    users: Mapping[str, str] = DEFAULT_USERS,
    *,
    with_tls: bool = True,
    introspection_url: str = "",
    mechanisms: str = "",
    sent_folders: Sequence[str] = (),
) -> Iterator[Dovecot]:
    """A Dovecot for the time of the block. Without ``with_tls`` it offers no STARTTLS.

    With ``introspection_url`` it takes access tokens, by ``mechanisms`` or by all it knows. With ``sent_folders`` there is no
    folder but INBOX until somebody makes one, and those of these names are called the one for sent mail.
    """
    base = Path(tempfile.mkdtemp(prefix="dc"))  # short: UNIX socket paths end at 107 bytes
    server = _prepare(
        base,
        certificates,
        users,
        with_tls=with_tls,
        url=introspection_url,
        mechanisms=mechanisms,
        sent_folders=sent_folders,
    )
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)


def _prepare(
    base: Path,
    certificates: Certificates,
    users: Mapping[str, str],
    *,
    with_tls: bool,
    url: str,
    mechanisms: str,
    sent_folders: Sequence[str],
) -> Dovecot:
    root = os.geteuid() == 0
    owner = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
    imap_port, imaps_port = free_ports(2)
    base.chmod(0o755)
    server = Dovecot(
        base, imap_port, imaps_port, {}, certificates.ca_file, owner.pw_uid, owner.pw_gid
    )  # fmt: skip
    shutil.copy(certificates.good.certificate, base / "server.crt")
    shutil.copy(certificates.good.key, base / "server.key")
    for user, password in users.items():
        server.add_user(user, password)
    # The extended listener of imaps needs a certificate even where STARTTLS is off: without TLS both ports are plain.
    tls_lines = f"ssl_cert = <{base}/server.crt\nssl_key = <{base}/server.key"
    group = str(owner.pw_gid)
    text = CONFIGURATION.format(
        base=base,
        ssl="yes" if with_tls else "no",
        certificate_lines=tls_lines if with_tls else "",
        mechanisms=mechanisms or ("plain login xoauth2 oauthbearer" if url else "plain login"),
        oauth_lines=OAUTH.format(base=base) if url else "",
        folder_lines="".join(SENT_FOLDER.format(name=name) for name in sent_folders) or USUAL_FOLDERS,
        mail_user=owner.pw_uid,
        mail_group=group,
        imap_port=imap_port,
        imaps_port=imaps_port,
        user_lines="" if root else UNPRIVILEGED.format(user=owner.pw_name, group=_group_name(owner.pw_gid)),
    )
    if url:
        (base / "oauth2.conf").write_text(OAUTH_SETTINGS.format(url=url))
    (base / "dovecot.conf").write_text(text if with_tls else text.replace("    ssl = yes\n", ""))
    return server


def _group_name(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name
