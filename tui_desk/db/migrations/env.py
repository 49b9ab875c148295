"""Alembic's entry: runs in the connection and transaction that ``db.schema`` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import tui_desk.models  # noqa: F401  (registers the tables)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transaction_per_migration=False,
    transactional_ddl=False,  # the caller holds the one transaction
    on_version_apply=context.config.attributes["on_version_apply"],
)
context.run_migrations()
