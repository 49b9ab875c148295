"""The one question about a way out that fails, in plain SQL: the screens ask it through a session, the doctor without SQLAlchemy."""

from __future__ import annotations

_TRIED = """
FROM outbox_item CROSS JOIN delivery d
WHERE outbox_item.state IN ('held', 'queued', 'sending', 'unknown') AND coalesce(outbox_item.state, '') = 'queued' AND {mine}
AND d.outbox_id = outbox_item.id AND d.state = 'queued' AND d.code IS NULL AND d.cause <> '' AND d.updated_at IS NOT NULL
"""
"""Attempts that failed before the server had said anything about the message.

The states are ``send_queue.IS_WAITING`` word for word, so that SQLite takes the index over what waits, and CROSS JOIN keeps it from
beginning with all deliveries; a plain comparison would make it build an index of its own over the whole table first.
"""

_QUESTION = """
SELECT last.cause, last.updated_at, (SELECT count(DISTINCT d.outbox_id) {tried}), EXISTS (
    SELECT 1 FROM outbox_item gone WHERE {gone} AND gone.state = 'done' AND gone.answered AND gone.finished_at >= last.updated_at
)
FROM (SELECT d.cause, d.updated_at {tried} ORDER BY d.updated_at DESC LIMIT 1) AS last
"""
"""Only while there is an attempt that failed, and by the index over when something ended: what left since then is looked at, no more."""


def trouble_question(mailbox_id: int | None) -> str:
    """SQL for one mailbox's own way out (None: the fallback sender's); no row where nothing that was tried waits.

    Its columns: the last attempt's cause and instant, how many messages have been tried and wait, and whether any has left since.
    """
    if mailbox_id is None:
        mine, gone = "coalesce(outbox_item.sender, '') = 'fallback'", "coalesce(gone.sender, '') = 'fallback'"
    else:  # not by the index over mailboxes, which leads to all that was ever sent
        mine = f"coalesce(outbox_item.sender, '') = 'mailbox' AND coalesce(outbox_item.mailbox_id, 0) = {int(mailbox_id)}"
        gone = f"coalesce(gone.sender, '') = 'mailbox' AND coalesce(gone.mailbox_id, 0) = {int(mailbox_id)}"
    return _QUESTION.format(gone=gone, tried=_TRIED.format(mine=mine)).strip()
