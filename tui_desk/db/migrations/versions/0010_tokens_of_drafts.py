"""The name under which a draft is sent, so that it leaves once however often it is sent, and the language of a macro."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Only adds."""
    op.add_column("draft", sa.Column("token", sa.Text(), nullable=False, server_default=""))
    op.add_column("macro", sa.Column("language", sa.Text(), nullable=False, server_default=""))
