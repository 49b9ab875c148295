"""Canned replies, macros, templates and recurring tickets."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Only adds."""
    _kept("canned_reply", _text("shortcut"), _text("body"), _text("language"))
    _kept(
        "macro",
        sa.Column("fields", _JSON, nullable=False),
        *map(_text, ("tasks", "note", "reply")),
        sa.Column("send", sa.Boolean(), nullable=False),
    )
    _kept(
        "ticket_template",
        *map(_text, ("subject", "body", "requester")),
        sa.Column("fields", _JSON, nullable=False),
        _text("tasks"),
    )
    op.create_table(
        "recurring_ticket",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("template_id", sa.Integer(), sa.ForeignKey("ticket_template.id"), nullable=False),
        _text("rule"),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_ticket_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recurring_ticket_template_id", "recurring_ticket", ["template_id"])
    op.create_index("ix_recurring_ticket_next_at", "recurring_ticket", ["next_at"])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _kept(table: str, *columns: sa.Column[Any]) -> None:
    """A table of things with a name that belong to the desk, a team or an agent, and whose use is counted."""
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), primary_key=True),
        _text("name"),
        *columns,
        sa.Column("team_id", sa.Integer(), sa.ForeignKey("team.id"), nullable=True),
        sa.Column("agent_id", sa.Integer(), sa.ForeignKey("agent.id"), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{table}_team_id", table, ["team_id"])
    op.create_index(f"ix_{table}_agent_id", table, ["agent_id"])
