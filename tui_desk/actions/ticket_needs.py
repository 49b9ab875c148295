"""Where actions on tickets stand, and what several groups of them need."""

from __future__ import annotations

from tui_desk.actions.registry import N_, Need

QUEUE = "queue"
TICKET = "ticket"
BOTH = (QUEUE, TICKET)

ONE = Need("ticket", N_("There is no ticket here."))
MESSAGE = Need("message", N_("There is no message here."))
RAW = Need("raw", N_("This message was not a mail: it has no source."))
READ = Need("read", N_("You have not read this ticket before: every message stands open."))
