"""What a mailbox says of its own server: whether it knows ``name+tag`` addresses, and which names its verdicts carry."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Both are off: nothing changes until somebody says so."""
    op.add_column(
        "mailbox", sa.Column("plus_addressing", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("mailbox", sa.Column("authserv_id", sa.Text(), nullable=False, server_default=""))
