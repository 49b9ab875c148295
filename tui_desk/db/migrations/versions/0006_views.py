"""Saved views, the queries agents have asked, and an index of what is to be done on a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Only adds."""
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("name", "query", "base", "sort")),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("sharing", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["agent.id"], name="fk_saved_view_owner_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_saved_view_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sqlite_autoincrement=True,
    )
    for column in ("owner_id", "team_id"):
        op.create_index(f"ix_saved_view_{column}", "saved_view", [column])
    op.create_table(
        "asked_query",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_asked_query_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asked_query"),
        sa.UniqueConstraint("agent_id", "query", name="uq_asked_query_agent_id_query"),
    )
    # Named so that the planner never takes it for another order: only what has a day is in it.
    op.execute(
        "CREATE INDEX ix_ticket_action_day ON ticket (next_action_on, id) WHERE next_action_on IS NOT NULL"
    )
