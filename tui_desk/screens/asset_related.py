"""What an asset is installed on, connected to, part of: a section of its screen."""

from __future__ import annotations

from datetime import date

from textual.content import Content

from tui_desk.contracts.desk import AssetView
from tui_desk.core.i18n import _
from tui_desk.core.relation_words import asset_relation
from tui_desk.core.safe_text import safe_line
from tui_desk.screens import desk_words
from tui_desk.screens.chrome import line
from tui_desk.screens.record_sections import Ask, RecordSection

_SHOWN = 12
_LABEL = 18


async def section(ask: Ask, asset: AssetView, today: date) -> RecordSection | None:
    """The relations from its side; nothing where there are none, since ``L`` in the footer says how to note one."""
    if not asset.relations:
        return None
    lines = []
    for relation in asset.relations[:_SHOWN]:
        state = desk_words.asset_state(relation.state)
        lines.append(
            line(
                (f"  {asset_relation(relation.kind, outgoing=relation.outgoing):<{_LABEL}} ", "$muted"),
                (f"{relation.tag}  ", "$text-accent"),
                safe_line(relation.name, 80),
                (f"  {state.text}", state.colour),
            )
        )
    more = len(asset.relations) - _SHOWN
    if more > 0:
        lines.append(line((f"  … +{more}", "$muted")))
    return RecordSection(_("Relations"), Content("\n").join(lines), str(len(asset.relations)))
