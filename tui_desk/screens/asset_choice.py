"""Which asset is meant by a word."""

from __future__ import annotations

from tui_desk.contracts.desk import AssetView, ListAssets
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice

_SHOWN = 30


async def asset_meant(screen: BaseScreen, typed: str) -> AssetView | None:
    """The asset with that tag, else the one that is picked of those that have the words. None: changed their mind.

    Raises NotFound.
    """
    word = typed.strip()
    found = await screen.ask(ListAssets(word, limit=_SHOWN))
    exact = [asset for asset in found if asset.tag.casefold() == word.casefold()]
    if not found:
        raise NotFound(_("No asset has “{word}” in its tag or name.").format(word=word))
    if exact or len(found) == 1:
        return (exact or list(found))[0]
    choices = [Choice(str(asset.id), f"{asset.tag} {asset.name}", detail=asset.owner) for asset in found]
    chosen = await screen.choose(_("Which asset?"), choices)
    return next((asset for asset in found if str(asset.id) == chosen), None)
