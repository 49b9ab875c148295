"""Every address is that of one mailbox in use: two people who add it at the same moment do not both succeed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _
from tui_desk.core.safe_text import visible_address

revision = "0002"
down_revision = "0001"

TWICE = (
    "SELECT min(address) FROM mailbox WHERE state <> 'removed' GROUP BY address HAVING count(*) > 1 LIMIT 1"
)
IN_USE = sa.text("state <> 'removed'")


def upgrade() -> None:
    """Raises Refused where two mailboxes in use have one address: which of them stays is for a person to say."""
    twice = op.get_bind().scalar(sa.text(TWICE))
    if twice is not None:
        raise Refused(
            _("Two mailboxes of this desk have the address {address}.").format(
                address=visible_address(str(twice))
            ),
            _(
                "Nothing was changed. Remove one of them with the version of tui-desk that made them, then start this one."
            ),
        )
    op.create_index(
        "uq_mailbox_address_in_use",
        "mailbox",
        ["address"],
        unique=True,
        sqlite_where=IN_USE,
        postgresql_where=IN_USE,
    )
