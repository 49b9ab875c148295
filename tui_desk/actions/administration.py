"""Actions of the settings: mailboxes, the fallback sender, agents, teams, the desk; of every form; of the first run."""

from __future__ import annotations

from tui_desk.actions.common import GLOBAL, SELECTED, WRITER
from tui_desk.actions.registry import N_, Action, Need

SETTINGS = "settings"
MAILBOXES = "mailboxes"
AGENTS = "agents"
TEAMS = "teams"
DESK = "desk"
FORM = "form"
MAILBOX_FORM = "mailbox_form"
FALLBACK_FORM = "fallback_form"
FIRST_RUN = "first_run"

ADMIN = Need("admin", N_("Only an admin may change the settings of the desk."))
MAILBOX = Need("mailbox", N_("Select a mailbox first; the fallback sender is not one."))
TESTABLE = Need("testable", N_("There is nothing to test here yet: set it up first."))
SIGNED_IN_TO = Need("testable", N_("There is nothing to sign in to yet: set it up first."))
TEAM = Need("team", N_("No team is selected."))
AGENT = Need("agent", N_("No agent is selected."))
OTHER_AGENT = Need("other_agent", N_("You cannot deactivate yourself: somebody must be able to undo it."))

_SECTIONS = (
    ("mail", N_("Settings: mail"), N_("Mailboxes and the fallback sender."), "tui-desk mailbox list"),
    ("agents", N_("Settings: agents"), N_("Who works here, and what they may do."), "tui-desk agent list"),
    (
        "teams",
        N_("Settings: teams"),
        N_("Groups of agents that tickets are handed to."),
        "tui-desk team list",
    ),
    (
        "desk",
        N_("Settings: desk"),
        N_("Its name, the undo window, when tickets close."),
        "tui-desk settings show",
    ),
    (
        "checklists",
        N_("Settings: checklists"),
        N_("Tasks that belong together, put on a ticket at once."),
        "tui-desk checklist list",
    ),
    (
        "time",
        N_("Settings: time"),
        N_("Sorts of work, the closed period, the pause of clocks."),
        "tui-desk time settings",
    ),
    (
        "purchase_settings",
        N_("Settings: purchases"),
        N_("Suppliers, cost centres, limits of approval chains, numbers of orders."),
        "tui-desk supplier list",
    ),
    (
        "field_settings",
        N_("Settings: fields"),
        N_("Fields of your own on tickets, people and assets."),
        "tui-desk field list",
    ),
    (
        "asset_types",
        N_("Settings: asset types"),
        N_("Kinds of assets, and over how long they are written off."),
        "tui-desk asset type list",
    ),
)

ACTIONS = (
    *(
        Action(f"section_{name}", title, explanation, (SETTINGS,), keys=(str(number),), command=command)
        for number, (name, title, explanation, command) in enumerate(_SECTIONS, start=1)
    ),
    Action(
        "next_section",
        N_("Next section"),
        N_("The section of the settings to the right."),
        (SETTINGS,),
        keys=("tab", "right", "l"),
        in_palette=False,
    ),
    Action(
        "previous_section",
        N_("Previous section"),
        N_("The section of the settings to the left."),
        (SETTINGS,),
        keys=("shift+tab", "left", "h"),
        in_palette=False,
    ),
    # -- mailboxes --------------------------------------------------------------------------------------------------
    Action(
        "add_mailbox",
        N_("Add mailbox"),
        N_("Type its address; the settings of common providers are filled in."),
        (MAILBOXES,),
        keys=("N",),
        command="tui-desk mailbox add ADDRESS --imap-host H --smtp-host H --password-stdin",
        needs=(ADMIN,),
        hint=2,
    ),
    Action(
        "edit",
        N_("Edit"),
        N_("Change the settings of what the cursor is on."),
        (MAILBOXES,),
        keys=("e",),
        command="tui-desk mailbox set ADDRESS …",
        needs=(SELECTED, ADMIN),
        hint=3,
    ),
    Action(
        "test",
        N_("Test"),
        N_("Try receiving and sending, step by step; nothing is fetched and nothing is sent."),
        (MAILBOXES,),
        keys=("t",),
        command="tui-desk mailbox test ADDRESS",
        needs=(SELECTED, TESTABLE, ADMIN),
        hint=4,
    ),
    Action(
        "round_trip",
        N_("Round trip"),
        N_(
            "Send one mail to the mailbox itself and wait for it, then ask DNS about its sender: SPF, DKIM, DMARC. It becomes no ticket."
        ),
        (MAILBOXES,),
        keys=("T",),
        command="tui-desk mailbox test ADDRESS --round-trip --dns",
        needs=(SELECTED, MAILBOX, ADMIN),
    ),
    Action(
        "sign_in",
        N_("Sign in"),
        N_(
            "Sign in to the mailbox or the fallback sender at its provider (OAuth2), anew or for the first time."
        ),
        (MAILBOXES,),
        keys=("o",),
        command="tui-desk mailbox login ADDRESS",
        needs=(SIGNED_IN_TO, ADMIN),
    ),
    Action(
        "pause",
        N_("Pause or resume"),
        N_("Stop fetching and sending for this mailbox, or go on; nothing is lost meanwhile."),
        (MAILBOXES,),
        keys=("p",),
        command="tui-desk mailbox pause ADDRESS",
        needs=(MAILBOX, ADMIN),
        hint=5,
        guard="again",
    ),
    Action(
        "reconcile",
        N_("Reconcile"),
        N_("Count the server's mails against the ledger: proof that nothing is missing."),
        (MAILBOXES,),
        keys=("c",),
        command="tui-desk mailbox reconcile ADDRESS",
        needs=(MAILBOX,),
        hint=6,
    ),
    Action(
        "fallback",
        N_("Fallback sender"),
        N_("The no-reply identity for answers where a mailbox cannot send."),
        (MAILBOXES,),
        keys=("f",),
        command="tui-desk settings fallback-sender ADDRESS --smtp-host H",
        needs=(ADMIN,),
        hint=7,
    ),
    Action(
        "remove_mailbox",
        N_("Remove mailbox"),
        N_("Take the mailbox out of the desk; its tickets and mails stay. Asks first."),
        (MAILBOXES,),
        keys=("D",),
        command="tui-desk mailbox remove ADDRESS",
        needs=(MAILBOX, ADMIN),
        guard="asks",
    ),
    # -- agents, teams, desk ----------------------------------------------------------------------------------------
    Action(
        "add_agent",
        N_("Add agent"),
        N_("Somebody who works here; the login is their account on this system."),
        (AGENTS,),
        keys=("N",),
        command="tui-desk agent add LOGIN --name N --email A --role agent",
        needs=(ADMIN,),
        hint=2,
    ),
    Action(
        "edit_agent",
        N_("Edit agent"),
        N_("Name, address, role, teams and signature."),
        (AGENTS,),
        keys=("e",),
        command="tui-desk agent set LOGIN …",
        needs=(AGENT,),
        hint=3,
    ),
    Action(
        "switch_agent",
        N_("Deactivate or activate"),
        N_("An inactive agent cannot work here; everything they did stays. Asks first."),
        (AGENTS,),
        keys=("D",),
        command="tui-desk agent set LOGIN active=no",
        needs=(AGENT, ADMIN, OTHER_AGENT),
        hint=4,
        guard="asks",
    ),
    Action(
        "add_team",
        N_("Add team"),
        N_("A group of agents that tickets are handed to."),
        (TEAMS,),
        keys=("N",),
        command="tui-desk team add NAME",
        argument=N_("name"),
        needs=(ADMIN,),
        hint=2,
    ),
    Action(
        "rename_team",
        N_("Rename team"),
        N_("Its tickets, mailboxes and agents stay with it."),
        (TEAMS,),
        keys=("e",),
        command="tui-desk team rename OLD NEW",
        argument=N_("name"),
        needs=(TEAM, ADMIN),
        hint=3,
    ),
    Action(
        "remove_team",
        N_("Remove team"),
        N_("Remove a team that nothing uses any more. Asks first."),
        (TEAMS,),
        keys=("D",),
        command="tui-desk team remove NAME",
        needs=(TEAM, ADMIN),
        hint=4,
        guard="asks",
    ),
    Action(
        "edit_desk",
        N_("Edit"),
        N_("Change the settings of the desk."),
        (DESK,),
        keys=("e", "enter"),
        command="tui-desk settings set desk_name=… undo_seconds=… reopen_days=…",
        needs=(ADMIN,),
        hint=1,
    ),
    Action(
        "choose_keys",
        N_("Key map"),
        N_(
            "Choose desk, vim or emacs for yourself on this machine; single keys are set in the settings file."
        ),
        (DESK,),
        keys=("k",),
        command="tui-desk keys use PRESET",
        argument=N_("desk, vim or emacs"),
        hint=2,
        values="presets",
    ),
    # -- forms ------------------------------------------------------------------------------------------------------
    Action(
        "save",
        N_("Save"),
        N_("Keep what the form holds; nothing is saved half."),
        (FORM,),
        keys=("ctrl+s",),
        needs=(WRITER,),
        hint=1,
        while_typing=True,
    ),
    Action(
        "leave",
        N_("Leave"),
        N_("Close the form; asks when something was typed."),
        (FORM,),
        keys=("escape",),
        hint=9,
        while_typing=True,
    ),
    Action(
        "next_field",
        N_("Next field"),
        N_("The field below."),
        (FORM,),
        keys=("tab", "enter", "down"),
        hint=3,
        in_palette=False,
    ),
    Action(
        "previous_field",
        N_("Previous field"),
        N_("The field above."),
        (FORM,),
        keys=("shift+tab", "up"),
        in_palette=False,
    ),
    Action(
        "test_settings",
        N_("Test"),
        N_(
            "Try what the form holds, step by step, before it is saved; nothing is fetched and nothing is sent."
        ),
        (MAILBOX_FORM, FALLBACK_FORM),
        keys=("ctrl+t",),
        command="tui-desk mailbox test ADDRESS",
        hint=2,
        while_typing=True,
    ),
    Action(
        "suggest",
        N_("Fill in"),
        N_("Fill in the provider's servers and ports for the address; what you typed yourself stays."),
        (MAILBOX_FORM,),
        keys=("ctrl+r",),
        hint=4,
        while_typing=True,
    ),
    # -- first run --------------------------------------------------------------------------------------------------
    Action(
        "first_mailbox",
        N_("Set up a mailbox"),
        N_("Settings → Mail: type an address, test it, and its mail becomes tickets."),
        (FIRST_RUN,),
        keys=("enter", "m"),
        command="tui-desk mailbox add ADDRESS",
        hint=1,
    ),
    Action(
        "first_ticket",
        N_("Write down a ticket"),
        N_("A call, a visit or a chat, by hand; no mailbox is needed."),
        (FIRST_RUN,),
        keys=("N",),
        command="tui-desk ticket new --subject S --requester A --channel phone --body TEXT",
        hint=2,
    ),
    # -- everywhere -------------------------------------------------------------------------------------------------
    Action(
        "go_agents",
        N_("Go to agents and teams"),
        N_("Who works here, and what they may do."),
        (GLOBAL,),
        keys=("g e",),
        command="tui-desk agent list",
    ),
)
