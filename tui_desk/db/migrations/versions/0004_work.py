"""Work on a ticket: tasks and time, approvals, purchases, licences and contracts, custom fields, notifications; the deed of an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"

MONEY = sa.Numeric(18, 4).with_variant(sa.Text(), "sqlite")
TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Only adds: what is there keeps its meaning."""
    _new_columns()
    _tasks()
    _assets()
    _purchases()
    _approvals()
    _custom_fields()
    _conversation()
    _outbox()


def _new_columns() -> None:
    op.add_column("asset", sa.Column("hostname", sa.Text(), nullable=False, server_default=""))
    op.add_column("asset", sa.Column("depreciation_months", sa.Integer(), nullable=True))
    op.add_column("asset", sa.Column("purchase_line_id", sa.Integer(), nullable=True))
    op.create_index("ix_asset_hostname", "asset", ["hostname"], unique=False)
    op.create_index("ix_asset_purchase_line_id", "asset", ["purchase_line_id"], unique=False)
    op.add_column("event", sa.Column("deed", sa.Text(), nullable=True))
    _index_where_set("event", "deed")
    op.add_column("organization", sa.Column("phone", sa.Text(), nullable=False, server_default=""))
    op.add_column("organization", sa.Column("location", sa.Text(), nullable=False, server_default=""))
    op.add_column("organization", sa.Column("notes", sa.Text(), nullable=False, server_default=""))
    op.add_column("organization", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("person", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.add_column("person", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    _index_where_set("person", "merged_into_id")
    op.add_column("ticket", sa.Column("next_action", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("next_action_on", sa.Date(), nullable=True))
    op.add_column("ticket", sa.Column("resolution_code", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("resolution", sa.Text(), nullable=False, server_default=""))
    op.add_column("ticket", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    _index_where_set("ticket", "merged_into_id")


def _index_where_set(table: str, column: str) -> None:
    """Few rows have a value: those without one cost nothing."""
    where = sa.text(f"{column} IS NOT NULL")
    op.create_index(
        f"ix_{table}_{column}", table, [column], unique=False, sqlite_where=where, postgresql_where=where
    )


def _tasks() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activity"),
        sa.UniqueConstraint("name", name="uq_activity_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_checklist_category_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checklist"),
        sa.UniqueConstraint("name", name="uq_checklist_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_checklist_category_id", "checklist", ["category_id"], unique=False)
    op.create_table(
        "checklist_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("checklist_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("due_after_days", sa.Integer(), nullable=True),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["agent.id"], name="fk_checklist_item_assignee_id"),
        sa.ForeignKeyConstraint(["checklist_id"], ["checklist.id"], name="fk_checklist_item_checklist_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_checklist_item_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_checklist_item"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_checklist_item_checklist_id", "checklist_item", ["checklist_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("blocking", sa.Boolean(), nullable=False),
        sa.Column("checklist_item_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("done_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["agent.id"], name="fk_task_assignee_id"),
        sa.ForeignKeyConstraint(
            ["checklist_item_id"], ["checklist_item.id"], name="fk_task_checklist_item_id"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_task_team_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_task_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_task_assignee_id_state", "task", ["assignee_id", "state"], unique=False)
    op.create_index("ix_task_checklist_item_id", "task", ["checklist_item_id"], unique=False)
    op.create_index("ix_task_team_id", "task", ["team_id"], unique=False)
    op.create_index("ix_task_ticket_id", "task", ["ticket_id"], unique=False)
    op.create_table(
        "time_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("began_at", TIME, nullable=True),
        sa.Column("billable", sa.Boolean(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_time_entry_activity_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_time_entry_agent_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_time_entry_task_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_time_entry_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_time_entry"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_time_entry_activity_id", "time_entry", ["activity_id"], unique=False)
    op.create_index("ix_time_entry_agent_id_day", "time_entry", ["agent_id", "day"], unique=False)
    op.create_index("ix_time_entry_day", "time_entry", ["day"], unique=False)
    op.create_index("ix_time_entry_task_id", "time_entry", ["task_id"], unique=False)
    op.create_index("ix_time_entry_ticket_id", "time_entry", ["ticket_id"], unique=False)
    op.create_table(
        "timer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("began_at", TIME, nullable=False),
        sa.Column("resumed_at", TIME, nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activity.id"], name="fk_timer_activity_id"),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_timer_agent_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_timer_task_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_timer_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_timer"),
        sa.UniqueConstraint("agent_id", name="uq_timer_agent_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_timer_task_id", "timer", ["task_id"], unique=False)
    op.create_index("ix_timer_ticket_id", "timer", ["ticket_id"], unique=False)


def _assets() -> None:
    op.create_table(
        "asset_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("depreciation_months", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_asset_type"),
        sa.UniqueConstraint("name", name="uq_asset_type_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "asset_relation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["asset.id"], name="fk_asset_relation_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["asset.id"], name="fk_asset_relation_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asset_relation"),
        sa.UniqueConstraint("from_id", "to_id", "kind", name="uq_asset_relation_from_id_to_id_kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_asset_relation_to_id", "asset_relation", ["to_id"], unique=False)
    op.create_table(
        "licence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("product", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("key_secret", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("cost", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_licence"),
        sa.UniqueConstraint("name", name="uq_licence_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_licence_expires_on", "licence", ["expires_on"], unique=False)
    op.create_index("ix_licence_product", "licence", ["product"], unique=False)
    op.create_table(
        "licence_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asset_id", sa.Integer(), nullable=True),
        sa.Column("assigned_at", TIME, nullable=False),
        sa.Column("released_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_licence_seat_asset_id"),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_licence_seat_licence_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_licence_seat_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_licence_seat"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_licence_seat_asset_id", "licence_seat", ["asset_id"], unique=False)
    op.create_index("ix_licence_seat_licence_id", "licence_seat", ["licence_id"], unique=False)
    op.create_index("ix_licence_seat_person_id", "licence_seat", ["person_id"], unique=False)
    op.create_table(
        "contract",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("notice_days", sa.Integer(), nullable=True),
        sa.Column("renews", sa.Boolean(), nullable=False),
        sa.Column("cost", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contract"),
        sa.UniqueConstraint("name", name="uq_contract_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contract_ends_on", "contract", ["ends_on"], unique=False)
    op.create_index("ix_contract_number", "contract", ["number"], unique=False)
    op.create_table(
        "contract_asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contract_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_contract_asset_asset_id"),
        sa.ForeignKeyConstraint(["contract_id"], ["contract.id"], name="fk_contract_asset_contract_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contract_asset"),
        sa.UniqueConstraint("contract_id", "asset_id", name="uq_contract_asset_contract_id_asset_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_contract_asset_asset_id", "contract_asset", ["asset_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("removed_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_document_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_document"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_document_sha256", "document", ["sha256"], unique=False)
    op.create_index("ix_document_subject_subject_id", "document", ["subject", "subject_id"], unique=False)
    op.create_table(
        "expiry_alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_expiry_alert"),
        sa.UniqueConstraint(
            "subject", "subject_id", "ends_on", "days", name="uq_expiry_alert_subject_subject_id_ends_on_days"
        ),
        sqlite_autoincrement=True,
    )


def _purchases() -> None:
    op.create_table(
        "supplier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_supplier"),
        sa.UniqueConstraint("name", name="uq_supplier_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "cost_centre",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("budget", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cost_centre"),
        sa.UniqueConstraint("code", name="uq_cost_centre_code"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "purchase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=True),
        sa.Column("cost_centre_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("order_message_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cost_centre_id"], ["cost_centre.id"], name="fk_purchase_cost_centre_id"),
        sa.ForeignKeyConstraint(["order_message_id"], ["message.id"], name="fk_purchase_order_message_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["agent.id"], name="fk_purchase_requested_by_id"),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name="fk_purchase_requester_id"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_purchase_supplier_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_purchase_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_purchase"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchase_cost_centre_id", "purchase", ["cost_centre_id"], unique=False)
    op.create_index("ix_purchase_order_number", "purchase", ["order_number"], unique=False)
    op.create_index("ix_purchase_requested_by_id", "purchase", ["requested_by_id"], unique=False)
    op.create_index("ix_purchase_requester_id", "purchase", ["requester_id"], unique=False)
    op.create_index("ix_purchase_state", "purchase", ["state"], unique=False)
    op.create_index("ix_purchase_supplier_id", "purchase", ["supplier_id"], unique=False)
    op.create_index("ix_purchase_ticket_id", "purchase", ["ticket_id"], unique=False)
    op.create_table(
        "purchase_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("article", sa.Text(), nullable=False),
        sa.Column("article_number", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cost", MONEY, nullable=False),
        sa.Column("makes", sa.Text(), nullable=False),
        sa.Column("asset_type", sa.Text(), nullable=False),
        sa.Column("licence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["licence_id"], ["licence.id"], name="fk_purchase_line_licence_id"),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name="fk_purchase_line_purchase_id"),
        sa.PrimaryKeyConstraint("id", name="pk_purchase_line"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_purchase_line_licence_id", "purchase_line", ["licence_id"], unique=False)
    op.create_index("ix_purchase_line_purchase_id", "purchase_line", ["purchase_id"], unique=False)
    op.create_table(
        "receipt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_receipt_agent_id"),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name="fk_receipt_purchase_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_purchase_id", "receipt", ["purchase_id"], unique=False)
    op.create_table(
        "receipt_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("made", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["purchase_line.id"], name="fk_receipt_line_line_id"),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name="fk_receipt_line_receipt_id"),
        sa.PrimaryKeyConstraint("id", name="pk_receipt_line"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_receipt_line_line_id", "receipt_line", ["line_id"], unique=False)
    op.create_index("ix_receipt_line_receipt_id", "receipt_line", ["receipt_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("invoiced_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name="fk_invoice_purchase_id"),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name="fk_invoice_supplier_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invoice"),
        sa.UniqueConstraint("supplier_id", "number", name="uq_invoice_supplier_id_number"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invoice_due_on", "invoice", ["due_on"], unique=False)
    op.create_index("ix_invoice_purchase_id", "invoice", ["purchase_id"], unique=False)
    op.create_index("ix_invoice_state", "invoice", ["state"], unique=False)
    op.create_table(
        "invoice_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("invoice_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_cost", MONEY, nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name="fk_invoice_line_invoice_id"),
        sa.ForeignKeyConstraint(["line_id"], ["purchase_line.id"], name="fk_invoice_line_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_invoice_line"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_invoice_line_invoice_id", "invoice_line", ["invoice_id"], unique=False)
    op.create_index("ix_invoice_line_line_id", "invoice_line", ["line_id"], unique=False)


def _approvals() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("purchase_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("gates", DOCUMENT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("after_refusal", sa.Text(), nullable=False),
        sa.Column("requested_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["purchase_id"], ["purchase.id"], name="fk_approval_purchase_id"),
        sa.ForeignKeyConstraint(["requested_by_id"], ["agent.id"], name="fk_approval_requested_by_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_approval_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_purchase_id", "approval", ["purchase_id"], unique=False)
    op.create_index("ix_approval_requested_by_id", "approval", ["requested_by_id"], unique=False)
    op.create_index("ix_approval_state", "approval", ["state"], unique=False)
    op.create_index("ix_approval_ticket_id", "approval", ["ticket_id"], unique=False)
    op.create_table(
        "approval_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approval_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=True),
        sa.Column("opened_at", TIME, nullable=True),
        sa.Column("reminded_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["approval_id"], ["approval.id"], name="fk_approval_step_approval_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval_step"),
        sa.UniqueConstraint("approval_id", "position", name="uq_approval_step_approval_id_position"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "approval_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("answer_message_id", sa.Integer(), nullable=True),
        sa.Column("question_message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_message_id"], ["message.id"], name="fk_approval_vote_answer_message_id"
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name="fk_approval_vote_decided_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_approval_vote_person_id"),
        sa.ForeignKeyConstraint(
            ["question_message_id"], ["message.id"], name="fk_approval_vote_question_message_id"
        ),
        sa.ForeignKeyConstraint(["step_id"], ["approval_step.id"], name="fk_approval_vote_step_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval_vote"),
        sa.UniqueConstraint("step_id", "person_id", name="uq_approval_vote_step_id_person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_approval_vote_answer_message_id", "approval_vote", ["answer_message_id"], unique=False
    )
    op.create_index("ix_approval_vote_person_id", "approval_vote", ["person_id"], unique=False)
    op.create_index(
        "ix_approval_vote_question_message_id", "approval_vote", ["question_message_id"], unique=False
    )
    op.create_table(
        "approval_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("steps", DOCUMENT, nullable=False),
        sa.Column("above", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("cost_centre_id", sa.Integer(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cost_centre_id"], ["cost_centre.id"], name="fk_approval_chain_cost_centre_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_approval_chain"),
        sa.UniqueConstraint("name", name="uq_approval_chain_name"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_approval_chain_cost_centre_id", "approval_chain", ["cost_centre_id"], unique=False)
    op.create_table(
        "substitute",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_substitute_person_id"),
        sa.ForeignKeyConstraint(["substitute_id"], ["person.id"], name="fk_substitute_substitute_id"),
        sa.PrimaryKeyConstraint("id", name="pk_substitute"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_substitute_person_id", "substitute", ["person_id"], unique=False)
    op.create_index("ix_substitute_substitute_id", "substitute", ["substitute_id"], unique=False)


def _custom_fields() -> None:
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("choices", DOCUMENT, nullable=False),
        sa.Column("applies_to", sa.Text(), nullable=False),
        sa.Column("required", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_custom_field"),
        sa.UniqueConstraint("subject", "name", name="uq_custom_field_subject_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "custom_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", MONEY, nullable=True),
        sa.ForeignKeyConstraint(["field_id"], ["custom_field.id"], name="fk_custom_value_field_id"),
        sa.PrimaryKeyConstraint("id", name="pk_custom_value"),
        sa.UniqueConstraint("field_id", "subject_id", name="uq_custom_value_field_id_subject_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_custom_value_field_id_text", "custom_value", ["field_id", "text"], unique=False)


def _conversation() -> None:
    op.create_table(
        "notification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("by_agent_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_notification_agent_id"),
        sa.ForeignKeyConstraint(["by_agent_id"], ["agent.id"], name="fk_notification_by_agent_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_notification_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_notification_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notification"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_notification_agent_id_read_at", "notification", ["agent_id", "read_at"], unique=False)
    op.create_index("ix_notification_message_id", "notification", ["message_id"], unique=False)
    op.create_index("ix_notification_ticket_id", "notification", ["ticket_id"], unique=False)
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("decided_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["agent.id"], name="fk_review_asked_by_id"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["agent.id"], name="fk_review_reviewer_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_review_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_review"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_review_draft_id", "review", ["draft_id"], unique=False)
    op.create_index("ix_review_reviewer_id", "review", ["reviewer_id"], unique=False)
    op.create_index("ix_review_ticket_id", "review", ["ticket_id"], unique=False)
    op.create_table(
        "satisfaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", TIME, nullable=False),
        sa.Column("question_message_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("answer_message_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answer_message_id"], ["message.id"], name="fk_satisfaction_answer_message_id"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_satisfaction_person_id"),
        sa.ForeignKeyConstraint(
            ["question_message_id"], ["message.id"], name="fk_satisfaction_question_message_id"
        ),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_satisfaction_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_satisfaction"),
        sa.UniqueConstraint("ticket_id", "person_id", name="uq_satisfaction_ticket_id_person_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_satisfaction_answer_message_id", "satisfaction", ["answer_message_id"], unique=False)
    op.create_index("ix_satisfaction_person_id", "satisfaction", ["person_id"], unique=False)
    op.create_index(
        "ix_satisfaction_question_message_id", "satisfaction", ["question_message_id"], unique=False
    )


def _outbox() -> None:
    """What waits before a message of its ticket, and what left lately, without looking at all that was ever sent."""
    waiting = sa.text("state IN ('held', 'queued', 'sending', 'unknown')")
    op.create_index(
        "ix_outbox_item_waiting_of_ticket",
        "outbox_item",
        ["ticket_id", "id"],
        unique=False,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index("ix_outbox_item_finished_at", "outbox_item", ["finished_at"], unique=False)
