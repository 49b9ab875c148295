"""A private Postfix: own configuration, queue and ports; delivers into a Dovecot's Maildirs; asks it for passwords."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.dovecot import Dovecot
from tests.support.ports import LOOPBACK, PATIENCE, free_ports, is_listening, wait_until

PROGRAM = Path("/usr/sbin/postfix")

MAIN = """
compatibility_level = 3.6
queue_directory = {base}/queue
data_directory = {base}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {base}/postfix.log
maillog_file_prefixes = {base}
myhostname = mx.desk.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_auth_destination, reject
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth_socket}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {dovecot}/server.crt
smtpd_tls_key_file = {dovecot}/server.key
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
smtpd_peername_lookup = no
smtpd_forbid_bare_newline = yes
message_size_limit = 104857600
mailbox_size_limit = 0
virtual_mailbox_limit = 0
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {mail_root}
virtual_mailbox_maps = hash:{base}/mailboxes
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
virtual_destination_concurrency_limit = 20
default_transport = error:5.4.4 this test server reaches nobody outside
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
bounce_queue_lifetime = 60s
"""

MASTER = """
127.0.0.1:{smtp}  inet  n - n - 50 smtpd
127.0.0.1:{smtps} inet  n - n - 50 smtpd
  -o smtpd_tls_wrappermode=yes
pickup    unix  n - n 60    1 pickup
cleanup   unix  n - n -     0 cleanup
qmgr      unix  n - n 300   1 qmgr
tlsmgr    unix  - - n 1000? 1 tlsmgr
rewrite   unix  - - n -     - trivial-rewrite
bounce    unix  - - n -     0 bounce
defer     unix  - - n -     0 bounce
trace     unix  - - n -     0 bounce
verify    unix  - - n -     1 verify
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n -     - proxymap
smtp      unix  - - n -     - smtp
relay     unix  - - n -     - smtp
showq     unix  n - n -     - showq
error     unix  - - n -     - error
retry     unix  - - n -     - error
discard   unix  - - n -     - discard
local     unix  - n n -     - local
virtual   unix  - n n -     - virtual
anvil     unix  - - n -     1 anvil
scache    unix  - - n -     1 scache
postlog   unix-dgram n - n - 1 postlogd
"""


@dataclass
class Postfix:
    """A running Postfix that delivers to the users of ``dovecot``.

    ``smtp_port`` is plain with STARTTLS (AUTH only after it, none needed on loopback); ``smtps_port`` is TLS.
    """

    base: Path
    smtp_port: int
    smtps_port: int
    dovecot: Dovecot
    host: str = LOOPBACK

    @property
    def ca_file(self) -> Path:
        """The CA that signed the server's certificate."""
        return self.dovecot.ca_file

    def know_users(self) -> None:
        """Learn the users of Dovecot as mailboxes (again, after ``dovecot.add_user``)."""
        lines = "".join(f"{user} {user}/Maildir/\n" for user in self.dovecot.users)
        (self.base / "mailboxes").write_text(lines)
        subprocess.run(
            ["/usr/sbin/postmap", "-c", str(self.base / "etc"), f"hash:{self.base}/mailboxes"], check=True
        )

    def log(self) -> str:
        """What Postfix wrote to its log."""
        file = self.base / "postfix.log"
        return file.read_text(errors="replace") if file.exists() else ""

    def start(self) -> None:
        """Start on its ports; returns when it listens."""
        self._control("start")
        wait_until(
            lambda: is_listening(self.smtp_port) and is_listening(self.smtps_port),
            what=f"Postfix listening: {self.log()}",
        )

    def stop(self) -> None:
        """Stop at once; the queue stays."""
        self._control("abort", check=False)

    def _control(self, word: str, *, check: bool = True) -> None:
        done = subprocess.run(
            [str(PROGRAM), "-c", str(self.base / "etc"), word],
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"postfix {word}: {done.stderr.decode()} {self.log()}")


def why_not() -> str | None:
    """Why Postfix cannot be started here, or None."""
    if not PROGRAM.exists():
        return "Postfix is not installed"
    if os.geteuid() != 0:
        return "Postfix can only be started by root"
    return None


@contextmanager
def running_postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """A Postfix in front of ``dovecot`` for the time of the block."""
    base = Path(tempfile.mkdtemp(prefix="px"))
    base.chmod(0o755)
    for name in ("etc", "queue", "data"):
        (base / name).mkdir()
    shutil.chown(base / "data", "postfix")
    smtp_port, smtps_port = free_ports(2)
    domains = sorted({user.partition("@")[2] for user in dovecot.users})
    main = MAIN.format(
        base=base,
        auth_socket=dovecot.auth_socket,
        dovecot=dovecot.base,
        domains=", ".join(domains),
        mail_root=dovecot.mail_root,
        uid=dovecot.mail_uid,
        gid=dovecot.mail_gid,
    )
    (base / "etc" / "main.cf").write_text(main)
    (base / "etc" / "master.cf").write_text(MASTER.format(smtp=smtp_port, smtps=smtps_port))
    server = Postfix(base, smtp_port, smtps_port, dovecot)
    try:
        server.know_users()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(base, ignore_errors=True)
