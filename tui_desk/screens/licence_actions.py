"""What can be done with a licence or a contract from the list and from its own screen alike."""

from __future__ import annotations

from abc import abstractmethod
from datetime import date

from tui_desk.contracts.agreements import ContractView, RenewContract, RetireContract
from tui_desk.contracts.desk import ListAssets, ListPeople
from tui_desk.contracts.licences import AssignSeat, LicenceView, RetireLicence
from tui_desk.core.enums import DocumentSubject
from tui_desk.core.errors import Blocked, NotFound, UsageError
from tui_desk.core.i18n import _
from tui_desk.screens import licence_words
from tui_desk.screens.choices import Choice
from tui_desk.screens.document_key import HasDocuments
from tui_desk.screens.field_problems import date_problem

_SHOWN = 30


class LicenceActions(HasDocuments):
    """The ``do_…`` methods of the actions on a licence. A screen says which one they mean."""

    @abstractmethod
    def licence(self) -> LicenceView:
        """The licence an action applies to. Raises UsageError."""

    def set_aside(self, retired: bool) -> None:
        """It was retired, or brought back."""
        self.reload()

    def documents_of(self) -> tuple[DocumentSubject, int]:
        return DocumentSubject.LICENCE, self.licence().id

    def do_edit_licence(self, argument: str) -> None:
        from tui_desk.screens.licence_form import LicenceFormScreen

        self.app.push_screen(LicenceFormScreen(self.licence().id))

    async def do_retire_licence(self, argument: str) -> None:
        licence = self.licence()
        await self.ask(RetireLicence(licence.id, not licence.retired))
        if licence.retired:
            self.say(_("{name} is in use again.").format(name=licence.name), level="done")
        else:
            self.say(_("{name} is retired.").format(name=licence.name), _("x brings it back"), "done")
        self.set_aside(not licence.retired)

    async def do_assign_seat(self, argument: str) -> None:
        licence = self.licence()
        typed = argument or await self.prompt(
            _("Who gets a seat of {name}?").format(name=licence.name),
            detail=_("Words of a person's name or address, or of an asset's tag or name."),
        )
        if not typed or not typed.strip():
            return
        chosen = await self._holder(typed.strip())
        if chosen is None:
            return
        request = AssignSeat(
            licence.id,
            person_id=int(chosen.value[1:]) if chosen.value[0] == "p" else None,
            asset_id=int(chosen.value[1:]) if chosen.value[0] == "a" else None,
        )
        after = await self._assigned(request)
        if after is not None:
            told = _("{holder} has a seat of {name}. In use: {use}.").format(
                holder=chosen.label, name=after.name, use=licence_words.use(after).word
            )
            self.say(told, level="warning" if after.over else "done")
            self.reload()

    async def _holder(self, typed: str) -> Choice | None:
        """The person or asset that words mean; asks where they mean several. Raises NotFound."""
        people = await self.ask(ListPeople(typed, _SHOWN))
        assets = await self.ask(ListAssets(typed, limit=_SHOWN))
        choices = [
            *(
                Choice(f"p{one.id}", one.name or ", ".join(one.addresses), detail=", ".join(one.addresses))
                for one in people
            ),
            *(Choice(f"a{one.id}", one.tag, detail=one.name) for one in assets),
        ]
        if not choices:
            raise NotFound(
                _("No person and no asset has the words “{words}”.").format(words=typed),
                _("g p and g a show those there are."),
            )
        if len(choices) == 1:
            return choices[0]
        value = await self.choose(_("Who gets the seat?"), choices)
        return next((choice for choice in choices if choice.value == value), None)

    async def _assigned(self, request: AssignSeat) -> LicenceView | None:
        """Give the seat; where none is left, a supervisor may accept it all the same. None: nothing was assigned."""
        try:
            return await self.ask(request)
        except Blocked as blocked:
            if not blocked.passable:
                raise
            detail = _("More would be in use than there are, which is shown wherever the licence is.")
            if not await self.confirm(blocked.sentence, detail, _("Assign it all the same")):
                self.say(_("Nothing was assigned."))
                return None
        return await self.ask(
            AssignSeat(
                request.licence_id,
                person_id=request.person_id,
                asset_id=request.asset_id,
                accept_over=True,
            )
        )


class ContractActions(HasDocuments):
    """The ``do_…`` methods of the actions on a contract. A screen says which one they mean."""

    @abstractmethod
    def contract(self) -> ContractView:
        """The contract an action applies to. Raises UsageError."""

    def set_aside(self, retired: bool) -> None:
        """It was retired, or brought back."""
        self.reload()

    def documents_of(self) -> tuple[DocumentSubject, int]:
        return DocumentSubject.CONTRACT, self.contract().id

    def do_edit_contract(self, argument: str) -> None:
        from tui_desk.screens.contract_form import ContractFormScreen

        self.app.push_screen(ContractFormScreen(self.contract().id))

    async def do_retire_contract(self, argument: str) -> None:
        contract = self.contract()
        await self.ask(RetireContract(contract.id, not contract.retired))
        if contract.retired:
            self.say(_("{name} runs again.").format(name=contract.name), level="done")
        else:
            self.say(_("{name} is retired.").format(name=contract.name), _("x brings it back"), "done")
        self.set_aside(not contract.retired)

    async def do_renew_contract(self, argument: str) -> None:
        contract = self.contract()
        proposed = contract.next_ends_on.isoformat() if contract.next_ends_on else ""
        typed = argument.strip() or await self.prompt(
            _("Renew {name} until which day?").format(name=contract.name),
            proposed,
            _("It ends on {day} now. Enter renews it; the history takes it back.").format(
                day=contract.ends_on.isoformat() if contract.ends_on else "–"
            ),
        )
        if not typed or not typed.strip():
            return
        if date_problem(typed.strip()):
            raise UsageError(date_problem(typed.strip()), _("Nothing was changed."))
        until = None if typed.strip() == proposed else date.fromisoformat(typed.strip())
        after = await self.ask(RenewContract(contract.id, until, contract.version))
        self.say(
            _("{name} runs from {first} to {last} now.").format(
                name=after.name,
                first=after.starts_on.isoformat() if after.starts_on else "–",
                last=after.ends_on.isoformat() if after.ends_on else "–",
            ),
            level="done",
        )
        self.reload()
