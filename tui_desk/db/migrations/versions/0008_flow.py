"""Snoozed tickets, reminders, and the indexes by which the next ticket is found among a million."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TIME = sa.DateTime(timezone=True)
AT_WORK = "status IN ('new', 'open')"


def upgrade() -> None:
    """Only adds."""
    op.create_table(
        "snooze",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("until", TIME, nullable=True),
        sa.Column("after_message_id", sa.Integer(), nullable=False),
        sa.Column("by_agent_id", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_snooze_ticket_id"),
        sa.ForeignKeyConstraint(["by_agent_id"], ["agent.id"], name="fk_snooze_by_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snooze"),
        sa.UniqueConstraint("ticket_id", name="uq_snooze_ticket_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_snooze_until", "snooze", ["until"])
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_reminder_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_reminder_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reminder"),
        sqlite_autoincrement=True,
    )
    for column in ("agent_id", "ticket_id", "due_at"):
        op.create_index(f"ix_reminder_{column}", "reminder", [column])
    # What loses by waiting, of nobody and of each agent; tickets of other statuses are in none of these.
    for name, columns, condition in (
        ("ix_ticket_work", "assignee_id, priority DESC, updated_at, id", AT_WORK),
        ("ix_ticket_waiting", "assignee_id, updated_at, id", f"{AT_WORK} AND requester_waiting"),
        (
            "ix_ticket_next_action",
            "assignee_id, next_action_on, id",
            f"{AT_WORK} AND next_action_on IS NOT NULL",
        ),
        ("ix_ticket_of_team", "team_id, priority DESC, updated_at, id", f"{AT_WORK} AND assignee_id IS NULL"),
    ):
        op.execute(f"CREATE INDEX {name} ON ticket ({columns}) WHERE {condition}")
    op.execute("CREATE INDEX ix_person_vip ON person (id) WHERE vip")
