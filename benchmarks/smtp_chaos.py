"""Chaos on the way out in full: a server that cuts, lies and loses answers, senders that are killed. Ends with an error at the first loss.

python -m benchmarks.smtp_chaos                     5,000 mails, 3 senders, until about 500 kills were survived
python -m benchmarks.smtp_chaos --mails 500
python -m benchmarks.smtp_chaos --proof             the same where a message without an answer can be looked up (a Sent folder)
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from tests.support import smtp_chaos
from tests.support.smtp_sink import SmtpSink
from tests.support.tls import make_certificates
from tests.workers.desk import open_desk


def main() -> None:
    """Run it and print what became of everybody."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=5_000)
    parser.add_argument("--senders", type=int, default=3)
    parser.add_argument("--probability", type=float, default=0.015, help="of a death at each fault point")
    parser.add_argument("--proof", action="store_true", help="what the server has can be looked up")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, SmtpSink(make_certificates(Path(name)).good) as sink:
        smtp_chaos.ill_will(sink, seed=7)
        with open_desk(f"sqlite:///{Path(name) / 'desk.db'}") as desk:
            smtp_chaos.fill(desk, sink, options.mails)
            begun = time.monotonic()
            found = smtp_chaos.run(
                desk,
                sink,
                Path(name) / "deaths",
                senders=options.senders,
                probability=options.probability,
                seconds=options.mails * 2.0,
                proof=Path(name) / "proof" if options.proof else None,
            )
    print(
        f"{options.mails} mails to {found.recipients} recipients, {found.connections} connections, ", end=""
    )
    print(f"{found.kills} senders killed, {time.monotonic() - begun:.0f} s")
    print(f"sent {found.sent}, refused and told {found.refused}, for a person to decide {found.undecided}")
    print(
        f"never delivered 0, falsely sent 0, doubled {found.doubled} (each after a recorded missing answer)"
    )


if __name__ == "__main__":
    main()
