"""What the filter line looks up at a large desk: the words that begin as typed, the messages of a ticket, tickets with a note, and the
few that are spam or of another type or channel than most.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Only adds. At 1,000,000 tickets and 3,000,000 messages it takes one to five seconds on SQLite and ten on PostgreSQL."""
    op.execute("CREATE INDEX ix_message_note ON message (ticket_id) WHERE kind = 'note'")
    # A ticket that a mail makes is in none of these.
    op.execute("CREATE INDEX ix_ticket_spam ON ticket (id) WHERE spam")
    op.execute("CREATE INDEX ix_ticket_channel ON ticket (channel, id) WHERE channel <> 'email'")
    op.execute("CREATE INDEX ix_ticket_type ON ticket (type, id) WHERE type <> 'request'")
    if op.get_bind().dialect.name == "sqlite":
        # Holds nothing itself: it shows the words of the full text (sqlite.org/fts5.html, 9).
        op.execute("CREATE VIRTUAL TABLE message_word USING fts5vocab(message_fts, 'instance')")
    else:
        op.execute("CREATE INDEX ix_message_search_ticket_id ON message_search (ticket_id)")
