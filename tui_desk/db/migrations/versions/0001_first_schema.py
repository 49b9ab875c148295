"""The first schema: everything from agents to the outbox, full text, and the guards of the event log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None

MONEY = sa.Numeric(18, 4).with_variant(sa.Text(), "sqlite")
TIME = sa.DateTime(timezone=True)
DOCUMENT = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
UNRESOLVED = "status IN ('new', 'open', 'pending', 'on_hold')"


def upgrade() -> None:
    _agents()
    _people()
    _assets()
    _mailboxes()
    _tickets()
    _messages()
    _intake()
    _outbox()
    _events()
    _queue_indexes()
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_search()
        _sqlite_event_guards()
    else:
        _postgresql_search()
        _postgresql_event_guards()


def _agents() -> None:
    op.create_table(
        "agent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agent"),
        sa.UniqueConstraint("login", name="uq_agent_login"),
    )
    op.create_index("ix_agent_email", "agent", ["email"], unique=False)
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_team"),
        sa.UniqueConstraint("name", name="uq_team_name"),
    )
    op.create_table(
        "team_member",
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_team_member_agent_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_team_member_team_id"),
        sa.PrimaryKeyConstraint("team_id", "agent_id", name="pk_team_member"),
    )


def _people() -> None:
    op.create_table(
        "organization",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_organization"),
        sa.UniqueConstraint("name", name="uq_organization_name"),
    )
    op.create_index("ix_organization_domain", "organization", ["domain"], unique=False)
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["organization_id"], ["organization.id"], name="fk_person_organization_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
    )
    op.create_index("ix_person_organization_id", "person", ["organization_id"], unique=False)
    op.create_table(
        "person_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_address_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person_address"),
        sa.UniqueConstraint("address", name="uq_person_address_address"),
    )
    op.create_index("ix_person_address_person_id", "person_address", ["person_id"], unique=False)


def _assets() -> None:
    op.create_table(
        "asset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("cost", MONEY, nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("purchased_on", sa.Date(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_asset_owner_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asset"),
        sa.UniqueConstraint("tag", name="uq_asset_tag"),
    )
    op.create_index("ix_asset_owner_id", "asset", ["owner_id"], unique=False)
    op.create_index("ix_asset_serial", "asset", ["serial"], unique=False)
    op.create_index("ix_asset_state", "asset", ["state"], unique=False)
    op.create_index("ix_asset_type", "asset", ["type"], unique=False)
    op.create_index("ix_asset_warranty_until", "asset", ["warranty_until"], unique=False)


def _mailboxes() -> None:
    op.create_table(
        "setting",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", DOCUMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_setting"),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("imap_host", sa.Text(), nullable=False),
        sa.Column("imap_port", sa.Integer(), nullable=False),
        sa.Column("imap_security", sa.Text(), nullable=False),
        sa.Column("imap_user", sa.Text(), nullable=False),
        sa.Column("smtp_host", sa.Text(), nullable=False),
        sa.Column("smtp_port", sa.Integer(), nullable=False),
        sa.Column("smtp_security", sa.Text(), nullable=False),
        sa.Column("smtp_user", sa.Text(), nullable=False),
        sa.Column("password_secret", sa.Text(), nullable=False),
        sa.Column("password_command", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("after_import", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("poll_seconds", sa.Integer(), nullable=False),
        sa.Column("insecure_ok", sa.Boolean(), nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("acknowledgement", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("last_success_at", TIME, nullable=True),
        sa.Column("last_problem", sa.Text(), nullable=False),
        sa.Column("last_problem_at", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("start_uidvalidity", sa.Integer(), nullable=True),
        sa.Column("start_uid", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_mailbox_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
    )
    op.create_index("ix_mailbox_address", "mailbox", ["address"], unique=False)
    op.create_table(
        "mailbox_address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_mailbox_address_mailbox_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_mailbox_address_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox_address"),
    )
    op.create_index("ix_mailbox_address_address", "mailbox_address", ["address"], unique=False)
    op.create_index("ix_mailbox_address_mailbox_id", "mailbox_address", ["mailbox_id"], unique=False)


def _tickets() -> None:
    op.create_table(
        "category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["category.id"], name="fk_category_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_category"),
        sa.UniqueConstraint("path", name="uq_category_path"),
    )
    op.create_index("ix_category_parent_id", "category", ["parent_id"], unique=False)
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("thread_subject", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=False),
        sa.Column("requester_name", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("company_address", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("first_response_at", TIME, nullable=True),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("requester_waiting", sa.Boolean(), nullable=False),
        sa.Column("spam", sa.Boolean(), nullable=False),
        sa.Column("imported", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignee_id"], ["agent.id"], name="fk_ticket_assignee_id"),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name="fk_ticket_category_id"),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_ticket_mailbox_id"),
        sa.ForeignKeyConstraint(["requester_id"], ["person.id"], name="fk_ticket_requester_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_ticket_team_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_category_id", "ticket", ["category_id"], unique=False)
    op.create_index("ix_ticket_mailbox_id", "ticket", ["mailbox_id"], unique=False)
    op.create_index("ix_ticket_requester_id", "ticket", ["requester_id"], unique=False)
    op.create_index("ix_ticket_team_id", "ticket", ["team_id"], unique=False)
    op.create_index("ix_ticket_thread_subject", "ticket", ["thread_subject"], unique=False)
    op.create_table(
        "ticket_asset",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("asset_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["asset_id"], ["asset.id"], name="fk_ticket_asset_asset_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_asset_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "asset_id", name="pk_ticket_asset"),
    )
    op.create_index("ix_ticket_asset_asset_id", "ticket_asset", ["asset_id"], unique=False)
    op.create_table(
        "ticket_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["from_id"], ["ticket.id"], name="fk_ticket_link_from_id"),
        sa.ForeignKeyConstraint(["to_id"], ["ticket.id"], name="fk_ticket_link_to_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_link"),
        sa.UniqueConstraint("from_id", "to_id", "kind", name="uq_ticket_link_from_id_to_id_kind"),
    )
    op.create_index("ix_ticket_link_to_id", "ticket_link", ["to_id"], unique=False)
    op.create_table(
        "ticket_mailbox",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=False),
        sa.Column("company_address", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_ticket_mailbox_mailbox_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_ticket_mailbox_team_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_mailbox_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "mailbox_id", "company_address", name="pk_ticket_mailbox"),
    )
    op.create_index("ix_ticket_mailbox_team_id", "ticket_mailbox", ["team_id"], unique=False)
    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_tag_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "tag", name="pk_ticket_tag"),
    )
    op.create_index("ix_ticket_tag_tag", "ticket_tag", ["tag"], unique=False)
    op.create_table(
        "watcher",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_watcher_agent_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_watcher_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_watcher_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_watcher"),
        sa.UniqueConstraint("ticket_id", "agent_id", name="uq_watcher_ticket_id_agent_id"),
        sa.UniqueConstraint("ticket_id", "person_id", name="uq_watcher_ticket_id_person_id"),
    )
    op.create_index("ix_watcher_agent_id", "watcher", ["agent_id"], unique=False)
    op.create_index("ix_watcher_person_id", "watcher", ["person_id"], unique=False)
    op.create_index("ix_watcher_ticket_id", "watcher", ["ticket_id"], unique=False)


def _messages() -> None:
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("bcc", sa.Text(), nullable=False),
        sa.Column("base_message_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_draft_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_draft_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_draft"),
        sa.UniqueConstraint("ticket_id", "agent_id", "kind", name="uq_draft_ticket_id_agent_id_kind"),
    )
    op.create_index("ix_draft_agent_id", "draft", ["agent_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("mail_kind", sa.Text(), nullable=False),
        sa.Column("author_agent_id", sa.Integer(), nullable=True),
        sa.Column("author_person_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("author_address", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("sent_at", TIME, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("recipients_to", DOCUMENT, nullable=False),
        sa.Column("recipients_cc", DOCUMENT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("segments", DOCUMENT, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rfc_message_id", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=False),
        sa.Column("references", DOCUMENT, nullable=False),
        sa.Column("raw_sha256", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("marks", DOCUMENT, nullable=False),
        sa.ForeignKeyConstraint(["author_agent_id"], ["agent.id"], name="fk_message_author_agent_id"),
        sa.ForeignKeyConstraint(["author_person_id"], ["person.id"], name="fk_message_author_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_message_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_author_agent_id", "message", ["author_agent_id"], unique=False)
    op.create_index("ix_message_author_person_id", "message", ["author_person_id"], unique=False)
    op.create_index("ix_message_ticket_id_id", "message", ["ticket_id", "id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("draft_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content_id", sa.Text(), nullable=False),
        sa.Column("inline", sa.Boolean(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name="fk_attachment_draft_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_attachment_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachment"),
    )
    op.create_index("ix_attachment_draft_id", "attachment", ["draft_id"], unique=False)
    op.create_index("ix_attachment_message_id", "attachment", ["message_id"], unique=False)
    op.create_table(
        "mail_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rfc_message_id", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_mail_identifier_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_mail_identifier_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_identifier"),
        sa.UniqueConstraint(
            "rfc_message_id", "ticket_id", name="uq_mail_identifier_rfc_message_id_ticket_id"
        ),
    )
    op.create_index("ix_mail_identifier_message_id", "mail_identifier", ["message_id"], unique=False)
    op.create_index("ix_mail_identifier_rfc_message_id", "mail_identifier", ["rfc_message_id"], unique=False)
    op.create_index("ix_mail_identifier_ticket_id", "mail_identifier", ["ticket_id"], unique=False)


def _intake() -> None:
    op.create_table(
        "blob",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_blob"),
    )
    op.create_table(
        "intake_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("rfc_message_id", sa.Text(), nullable=False),
        sa.Column("content_digest", sa.Text(), nullable=False),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("processed_at", TIME, nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("settled_on_server", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_intake_entry_mailbox_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_intake_entry_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_intake_entry_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_intake_entry"),
        sa.UniqueConstraint("source", "folder", "uidvalidity", "uid", name="uq_intake_entry_identity"),
    )
    op.create_index("ix_intake_entry_mailbox_id", "intake_entry", ["mailbox_id"], unique=False)
    op.create_index("ix_intake_entry_rfc_message_id", "intake_entry", ["rfc_message_id"], unique=False)
    op.create_index("ix_intake_entry_sha256", "intake_entry", ["sha256"], unique=False)
    op.create_index(
        "ix_intake_entry_suspended",
        "intake_entry",
        ["id"],
        unique=False,
        sqlite_where=sa.text("verdict = 'suspended'"),
        postgresql_where=sa.text("verdict = 'suspended'"),
    )
    op.create_index("ix_intake_entry_ticket_id", "intake_entry", ["ticket_id"], unique=False)
    op.create_index(
        "ix_intake_entry_unfinished",
        "intake_entry",
        ["id"],
        unique=False,
        sqlite_where=sa.text("verdict = ''"),
        postgresql_where=sa.text("verdict = ''"),
    )


def _outbox() -> None:
    op.create_table(
        "acknowledged",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_acknowledged"),
    )
    op.create_table(
        "outbox_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("mailbox_id", sa.Integer(), nullable=True),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("envelope_from", sa.Text(), nullable=False),
        sa.Column("rfc_message_id", sa.Text(), nullable=False),
        sa.Column("mime_sha256", sa.Text(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("held_until", TIME, nullable=True),
        sa.Column("next_attempt_at", TIME, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("resends_after_unknown", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("claimed_until", TIME, nullable=True),
        sa.Column("finished_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["mailbox_id"], ["mailbox.id"], name="fk_outbox_item_mailbox_id"),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_outbox_item_message_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_outbox_item_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox_item"),
    )
    op.create_index("ix_outbox_item_mailbox_id", "outbox_item", ["mailbox_id"], unique=False)
    op.create_index("ix_outbox_item_message_id", "outbox_item", ["message_id"], unique=False)
    op.create_index("ix_outbox_item_rfc_message_id", "outbox_item", ["rfc_message_id"], unique=False)
    op.create_index("ix_outbox_item_ticket_id", "outbox_item", ["ticket_id"], unique=False)
    op.create_index(
        "ix_outbox_item_waiting",
        "outbox_item",
        ["next_attempt_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('held', 'queued', 'sending', 'unknown')"),
        postgresql_where=sa.text("state IN ('held', 'queued', 'sending', 'unknown')"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("in_flight", sa.Boolean(), nullable=False),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("updated_at", TIME, nullable=True),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox_item.id"], name="fk_delivery_outbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.UniqueConstraint("outbox_id", "address", name="uq_delivery_outbox_id_address"),
    )
    op.create_index("ix_delivery_address", "delivery", ["address"], unique=False)


def _events() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", DOCUMENT, nullable=False),
        sa.Column("after", DOCUMENT, nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["agent.id"], name="fk_event_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("stream", "position", name="uq_event_stream_position"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_event_actor_id_id", "event", ["actor_id", "id"], unique=False)
    op.create_table(
        "presence",
        sa.Column("session", sa.Text(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name="fk_presence_agent_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_presence_ticket_id"),
        sa.PrimaryKeyConstraint("session", name="pk_presence"),
    )
    op.create_index("ix_presence_ticket_id", "presence", ["ticket_id"], unique=False)


def _queue_indexes() -> None:
    """An index for every view of the queue, in its order; those of open tickets are partial."""
    for name, columns, condition in (
        ("ix_ticket_updated_at_id", "updated_at DESC, id DESC", ""),
        ("ix_ticket_created_at_id", "created_at DESC, id DESC", ""),
        ("ix_ticket_priority_id", "priority DESC, id DESC", ""),
        ("ix_ticket_open", "updated_at DESC, id DESC", UNRESOLVED),
        ("ix_ticket_open_created", "created_at DESC, id DESC", UNRESOLVED),
        ("ix_ticket_open_priority", "priority DESC, id DESC", UNRESOLVED),
        ("ix_ticket_mine", "assignee_id, updated_at DESC, id DESC", UNRESOLVED),
        ("ix_ticket_unassigned", "updated_at DESC, id DESC", f"{UNRESOLVED} AND assignee_id IS NULL"),
        ("ix_ticket_pending", "updated_at DESC, id DESC", "status IN ('pending', 'on_hold')"),
        ("ix_ticket_resolved", "updated_at DESC, id DESC", "status = 'resolved'"),
    ):
        where = f" WHERE {condition}" if condition else ""
        op.execute(f"CREATE INDEX {name} ON ticket ({columns}){where}")


def _sqlite_search() -> None:
    """Contentless full text by message id; prefixes of two and three letters, diacritics folded."""
    op.execute(
        "CREATE VIRTUAL TABLE message_fts USING fts5(subject, body, people, content='', "
        "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
    )


def _postgresql_search() -> None:
    op.execute(
        "CREATE TABLE message_search (message_id integer PRIMARY KEY, ticket_id integer NOT NULL, document tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_message_search_document ON message_search USING gin (document)")


def _sqlite_event_guards() -> None:
    """The event log is append-only, for our own code too."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER event_no_{verb.lower()} BEFORE {verb} ON event "
            "BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END"
        )


def _postgresql_event_guards() -> None:
    op.execute(
        "CREATE FUNCTION event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the event log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event "
        "FOR EACH STATEMENT EXECUTE FUNCTION event_append_only()"
    )
