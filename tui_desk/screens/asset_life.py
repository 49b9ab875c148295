"""Moving an asset along its life, and what it has to do with others: from the list and from its own screen alike."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.assets import AssetTies, RelateAssets, RelationView, ShowAssetTies, UnrelateAssets
from tui_desk.contracts.desk import AssetView, RetireAsset, SetAssetState, ShowAsset
from tui_desk.core.enums import AssetRelationKind, AssetState
from tui_desk.core.errors import UsageError
from tui_desk.core.i18n import _
from tui_desk.core.relation_words import asset_relation
from tui_desk.rules.assets import next_states
from tui_desk.screens import desk_words
from tui_desk.screens.asset_choice import asset_meant
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice

_TOLD = 6
_REMOVE = "remove"


class AssetLife(BaseScreen):
    """State, retirement and relations."""

    @abstractmethod
    def asset(self) -> AssetView:
        """The asset an action applies to."""

    async def do_asset_state(self, argument: str) -> None:
        asset = self.asset()
        state = _state(argument) if argument.strip() else await self._state_chosen(asset)
        if state is None or state is asset.state:
            return
        if state is AssetState.RETIRED:
            await self._retire(asset)
            return
        owner: str | None = None
        if state is AssetState.IN_USE and not asset.owner:
            owner = await self.prompt(
                _("Who has {tag} from now on?").format(tag=asset.tag),
                detail=_("An address or an exact name. Empty: nobody, such as a printer in the hall."),
            )
            if owner is None:
                return
        changed = await self.ask(SetAssetState(asset.id, state, owner))
        told = _("{tag} is {state}.").format(tag=asset.tag, state=desk_words.asset_state(changed.state).word)
        self.say(told, changed.warnings[0] if changed.warnings else "", "done")
        self.reload()

    async def _state_chosen(self, asset: AssetView) -> AssetState | None:
        shown = [(state, desk_words.asset_state(state)) for state in next_states(asset.state)]
        choices = [Choice(state.value, words.word, words.sign, words.style) for state, words in shown]
        title = _("{tag} is {state}. It becomes:").format(
            tag=asset.tag, state=desk_words.asset_state(asset.state).word
        )
        chosen = await self.choose(title, choices)
        return AssetState(chosen) if chosen is not None else None

    async def do_retire(self, argument: str) -> None:
        asset = self.asset()
        if asset.state is not AssetState.RETIRED:
            await self._retire(asset)
            return
        await self.ask(RetireAsset(asset.id, retired=False))
        self.say(_("{tag} is back in stock.").format(tag=asset.tag), level="done")
        self.reload()

    async def _retire(self, asset: AssetView) -> None:
        if not await retirement_confirmed(self, asset):
            return
        await self.ask(RetireAsset(asset.id, anyway=True))
        self.say(_("{tag} is retired.").format(tag=asset.tag), _("x brings it back"), "done")
        self.reload()

    # -- relations ---------------------------------------------------------------------------------------------------
    async def do_asset_relations(self, argument: str) -> None:
        asset = await self.ask(ShowAsset(self.asset().id))
        kinds = _kinds()
        choices = [Choice(name, f"{words} …") for name, (_kind, _outgoing, words) in kinds.items()]
        choices += [
            Choice(f"{_REMOVE}:{one.id}", _("take away: {relation}").format(relation=relation_text(one)), "×")
            for one in asset.relations
        ]
        chosen = await self.choose(_("{tag} …").format(tag=asset.tag), choices)
        if chosen is None:
            return
        if chosen.startswith(_REMOVE):
            await self.ask(UnrelateAssets(asset.id, int(chosen.partition(":")[2])))
            self.say(_("The relation is taken away."), level="done")
        elif not await self._relate(asset, *kinds[chosen]):
            return
        self.reload()

    async def _relate(self, asset: AssetView, kind: AssetRelationKind, outgoing: bool, words: str) -> bool:
        typed = await self.prompt(f"{asset.tag} {words}", detail=_("A tag, or words that find the asset."))
        if not typed or not typed.strip():
            return False
        other = await asset_meant(self, typed)
        if other is None:
            return False
        pair = (asset.id, other.id) if outgoing else (other.id, asset.id)
        await self.ask(RelateAssets(*pair, kind))
        self.say(f"{asset.tag} {words} {other.tag}.", level="done")
        return True


def _kinds() -> dict[str, tuple[AssetRelationKind, bool, str]]:
    """What can be said of an asset: by a name of its own the kind, the side, and the words."""
    found = {}
    for kind in AssetRelationKind:
        for outgoing in (True, False):
            if outgoing or kind is not AssetRelationKind.CONNECTED_TO:
                found[f"{kind.value}:{outgoing}"] = kind, outgoing, asset_relation(kind, outgoing=outgoing)
    return found


def relation_text(relation: RelationView) -> str:
    """``is part of RACK-1``."""
    return f"{asset_relation(relation.kind, outgoing=relation.outgoing)} {relation.tag}"


def _state(typed: str) -> AssetState:
    """The state that a word of the command line names. Raises UsageError."""
    word = typed.strip().casefold()
    for state in AssetState:
        if word.replace(" ", "_") == state.value or word == desk_words.asset_state(state).word.casefold():
            return state
    raise UsageError(
        _("“{typed}” is no state of an asset.").format(typed=typed),
        ", ".join(state.value for state in AssetState),
    )


async def retirement_confirmed(screen: BaseScreen, asset: AssetView) -> bool:
    """Show what hangs on an asset that is to be retired and ask; where nothing does, nothing is asked."""
    ties = await screen.ask(ShowAssetTies(asset.id))
    if not ties.any:
        return True
    question = _("Retire {tag} although something hangs on it?").format(tag=asset.tag)
    return await screen.confirm(question, _ties_told(ties), _("Retire"))


def _ties_told(ties: AssetTies) -> str:
    lines = [_("open ticket #{number} {subject}").format(number=n, subject=s) for n, s in ties.tickets]
    lines += [_("a seat of {licence}").format(licence=name) for name in ties.seats]
    lines += [_("the contract {name}").format(name=name) for name in ties.contracts]
    lines += [relation_text(relation) for relation in ties.relations]
    more = len(lines) - _TOLD
    shown = [f"• {one}" for one in lines[:_TOLD]]
    if more > 0:
        shown.append(_("and {count} more").format(count=more))
    return "\n".join([*shown, _("All of that stays as it is.")])
