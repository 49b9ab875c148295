"""What the relation of two assets is called, from either side."""

from __future__ import annotations

from tui_desk.core.enums import AssetRelationKind
from tui_desk.core.i18n import _


def asset_relation(kind: AssetRelationKind, *, outgoing: bool) -> str:
    """``PC-1`` … ``RACK-2``: the words between them; ``outgoing``: PC-1 is the one the relation begins with."""
    words = {
        AssetRelationKind.INSTALLED_ON: (_("is installed on"), _("carries")),
        AssetRelationKind.CONNECTED_TO: (_("is connected to"), _("is connected to")),
        AssetRelationKind.PART_OF: (_("is part of"), _("contains")),
    }
    return words[kind][0 if outgoing else 1]
