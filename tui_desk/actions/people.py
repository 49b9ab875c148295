"""Actions of people and organisations."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.inventory import PEOPLE, PERSON
from tui_desk.actions.registry import N_, Action, Need
from tui_desk.actions.ticket_needs import ONE, TICKET

ORGANIZATIONS = "organizations"
ORGANIZATION = "organization"

BELONGS = Need("belongs", N_("This person belongs to no organization yet: e names one."))

ACTIONS = (
    Action(
        "requester_profile",
        N_("Requester"),
        N_("Everything about who asks: addresses, organization, assets, all tickets over every channel."),
        (TICKET,),
        keys=("P",),
        command="tui-desk person show ADDRESS",
        needs=(ONE,),
    ),
    Action(
        "new_person",
        N_("New person"),
        N_("Write down somebody who has not written yet."),
        (PEOPLE,),
        keys=("N",),
        command="tui-desk person new NAME --address A",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_person",
        N_("Edit person"),
        N_("Name, organization, phone, location, language, VIP, notes."),
        (PEOPLE, PERSON),
        keys=("e",),
        command="tui-desk person set WHO NAME=VALUE",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
    Action(
        "add_address",
        N_("Add address"),
        N_("One more address of this person: mail from it is theirs."),
        (PEOPLE, PERSON),
        keys=("+",),
        command="tui-desk person address WHO ADDRESS",
        argument=N_("address"),
        needs=(SELECTED, WRITER),
    ),
    Action(
        "split_address",
        N_("Split an address off"),
        N_("It belongs to somebody else: a record of its own, with what was written from it. Asks first."),
        (PEOPLE, PERSON),
        keys=("S",),
        command="tui-desk person split WHO ADDRESS",
        needs=(SELECTED, WRITER),
        guard="asks",
    ),
    Action(
        "merge_person",
        N_("Merge people"),
        N_("Two records are one person: this one takes over all of the other. Asks first."),
        (PEOPLE, PERSON),
        keys=("m",),
        command="tui-desk person merge KEEP OTHER",
        argument=N_("address"),
        needs=(SELECTED, WRITER),
        guard="asks",
    ),
    Action(
        "open_organization",
        N_("Organization"),
        N_("The organization of this person: its people, tickets and assets."),
        (PERSON,),
        keys=("o",),
        command="tui-desk organization show NAME",
        needs=(SELECTED, BELONGS),
        hint=5,
    ),
    Action(
        "go_organizations",
        N_("Go to organizations"),
        N_("Companies and departments: their people, tickets and assets."),
        (GLOBAL,),
        keys=("g i",),
        command="tui-desk organization list",
    ),
    Action(
        "new_organization",
        N_("New organization"),
        N_("Write down a company; whoever writes from its mail domain belongs to it."),
        (ORGANIZATIONS,),
        keys=("N",),
        command="tui-desk organization new NAME domain=example.org",
        needs=(WRITER,),
        hint=2,
    ),
    Action(
        "edit_organization",
        N_("Edit organization"),
        N_("Name, mail domain, phone, location, notes."),
        (ORGANIZATIONS, ORGANIZATION),
        keys=("e",),
        command="tui-desk organization set NAME …",
        needs=(SELECTED, WRITER),
        hint=4,
    ),
)
