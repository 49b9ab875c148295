"""What can be done with a person from the list and from their own screen alike."""

from __future__ import annotations

from abc import abstractmethod

from tui_desk.contracts.desk import ListPeople, ShowPerson
from tui_desk.contracts.people import AddAddress, MergePeople, SplitAddress
from tui_desk.core.errors import NotFound, Refused
from tui_desk.core.i18n import _, ngettext
from tui_desk.core.safe_text import visible_address
from tui_desk.screens.base import BaseScreen
from tui_desk.screens.choices import Choice

_SHOWN = 30


class PersonActions(BaseScreen):
    """The ``do_…`` methods of the actions on a person. A screen says whom they mean."""

    @abstractmethod
    def person_meant(self) -> int:
        """The id of the person. Only called where the fact "selected" holds."""

    @abstractmethod
    def person_changed(self, person_id: int) -> None:
        """Show what is known now; it may be another record."""

    async def do_edit_person(self, argument: str) -> None:
        from tui_desk.screens.person_form import open_form

        await open_form(self, await self.ask(ShowPerson(self.person_meant())))

    async def do_add_address(self, argument: str) -> None:
        person_id = self.person_meant()
        typed = argument or await self.prompt(
            _("One more address"), detail=_("Mail from it belongs to this person from now on.")
        )
        if typed and typed.strip():
            await self.ask(AddAddress(person_id, typed.strip()))
            self.say(_("{address} is theirs.").format(address=visible_address(typed.strip())), level="done")
            self.person_changed(person_id)

    async def do_split_address(self, argument: str) -> None:
        person = await self.ask(ShowPerson(self.person_meant()))
        if len(person.addresses) < 2:
            raise Refused(_("There is only one address."))
        chosen = await self.choose(
            _("Which address belongs to somebody else?"), [Choice(one, one) for one in person.addresses]
        )
        if chosen is None:
            return
        question = _("Give {address} a record of its own?").format(address=chosen)
        detail = _("Messages written from it and the tickets they began go along. The history takes it back.")
        if await self.confirm(question, detail, _("Split it off"), dangerous=False):
            own = await self.ask(SplitAddress(person.id, chosen))
            self.say(_("{address} has its own record now.").format(address=chosen), level="done")
            self.person_changed(own.id)

    async def do_merge_person(self, argument: str) -> None:
        keep = await self.ask(ShowPerson(self.person_meant()))
        name = keep.name or next(iter(keep.addresses), "")
        typed = argument or await self.prompt(
            _("Who is {name} too?").format(name=name),
            detail=_("Words of the other record's name or address."),
        )
        if not typed or not typed.strip():
            return
        found = [one for one in await self.ask(ListPeople(typed.strip(), _SHOWN)) if one.id != keep.id]
        if not found:
            raise NotFound(_("Nobody else has “{words}” in name or address.").format(words=typed.strip()))
        choices = [
            Choice(str(one.id), one.name or _("(no name)"), detail=", ".join(one.addresses)) for one in found
        ]
        chosen = await self.choose(_("Which record is the same person?"), choices)
        other = next((one for one in found if str(one.id) == chosen), None)
        if other is None:
            return
        question = _("Merge {other} into {name}?").format(
            other=other.name or next(iter(other.addresses), ""), name=name
        )
        detail = ngettext(
            "Addresses, {count} ticket, assets and all else go over. The history takes it back.",
            "Addresses, {count} tickets, assets and all else go over. The history takes it back.",
            other.tickets,
        ).format(count=other.tickets)
        if await self.confirm(question, detail, _("Merge"), dangerous=False):
            await self.ask(MergePeople(keep.id, other.id))
            self.say(_("The two records are one."), level="done")
            self.person_changed(keep.id)
