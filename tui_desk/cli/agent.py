"""``tui-desk agent``, ``team`` and ``category``: who works here, and how work is sorted."""

from __future__ import annotations

import click

from tui_desk.cli.base import DeskGroup, enum_value, examples, pass_invocation
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import fields, table
from tui_desk.contracts.desk import ListAgents, ListTeams, RemoveTeam, SaveAgent, SaveTeam, TeamView
from tui_desk.contracts.status import AgentView, WhoAmI
from tui_desk.contracts.tickets import AddCategory, ListCategories
from tui_desk.core.enums import Role
from tui_desk.core.errors import NotFound
from tui_desk.core.i18n import _

_login = click.argument("login", metavar="LOGIN")
_name = click.option("--name", metavar="NAME", help=_("The name requesters see."))
_email = click.option("--email", metavar="ADDRESS", help=_("The agent's own address."))
_role = click.option("--role", type=enum_value(Role), help=_("What the agent may do."))
_team = click.option(
    "--team", "teams", multiple=True, metavar="T", help=_("A team; may be repeated and replaces all.")
)
_signature = click.option("--signature", metavar="TEXT", help=_("Goes below the agent's replies."))


@click.group(cls=DeskGroup, help=_("The agents who work here."))
def agent() -> None:
    """The noun."""


@agent.command("list", help=_("List agents."))
@click.option("--all", "everything", is_flag=True, help=_("Inactive ones too."))
@pass_invocation
def list_agents(run: Invocation, everything: bool) -> None:
    """Print agents."""
    found = run.ask(ListAgents(everything))
    rows = [(a.login, a.name, a.email, a.role, a.teams, a.active) for a in found]
    headings = (_("Login"), _("Name"), _("Address"), _("Role"), _("Teams"), _("Active"))
    run.answer(found, lambda: table(headings, rows))


@agent.command("show", help=_("Show one agent; without a login, yourself."))
@click.argument("login", metavar="[LOGIN]", required=False)
@pass_invocation
def show(run: Invocation, login: str | None) -> None:
    """Print one agent."""
    if login is None:
        _print(run, run.ask(WhoAmI()))
        return
    found = [one for one in run.ask(ListAgents(True)) if one.login == login]
    if not found:
        raise NotFound(
            _("There is no agent {login}.").format(login=login), _("See: tui-desk agent list --all")
        )
    _print(run, found[0])


@agent.command(
    "add",
    help=_("Add an agent. The login is the name of the account on this host."),
    epilog=examples(
        "tui-desk agent add anna --name 'Anna Berg' --email anna@example.org --role agent --team Network"
    ),
)
@_login
@_name
@_email
@_role
@_team
@_signature
@pass_invocation
def add(
    run: Invocation,
    login: str,
    name: str | None,
    email: str | None,
    role: Role | None,
    teams: tuple[str, ...],
    signature: str | None,
) -> None:
    """Add an agent."""
    request = SaveAgent(
        login=login, create=True, name=name, email=email, role=role, teams=teams or None, signature=signature
    )
    _print(run, run.ask(request))


@agent.command("set", help=_("Change an agent; what is not named stays."))
@_login
@_name
@_email
@_role
@_team
@_signature
@click.option("--active/--inactive", default=None, help=_("Whether the agent may work here."))
@pass_invocation
def set_agent(
    run: Invocation,
    login: str,
    name: str | None,
    email: str | None,
    role: Role | None,
    teams: tuple[str, ...],
    signature: str | None,
    active: bool | None,
) -> None:
    """Change an agent; what is not named stays."""
    request = SaveAgent(
        login=login,
        name=name,
        email=email,
        role=role,
        active=active,
        teams=teams or None,
        signature=signature,
    )
    _print(run, run.ask(request))


def _print(run: Invocation, view: AgentView) -> None:
    pairs = [
        (_("Login"), view.login),
        (_("Name"), view.name),
        (_("Address"), view.email),
        (_("Role"), view.role),
        (_("Teams"), view.teams),
        (_("Active"), view.active),
        (_("Signature"), view.signature),
    ]
    run.answer(view, lambda: fields(pairs))


@click.group(cls=DeskGroup, help=_("Teams of agents."))
def team() -> None:
    """The noun."""


@team.command("list", help=_("List teams and their members."))
@pass_invocation
def list_teams(run: Invocation) -> None:
    """Print teams."""
    found = run.ask(ListTeams())
    rows = [(t.name, t.members) for t in found]
    run.answer(found, lambda: table((_("Team"), _("Members")), rows) if rows else _("No teams."))


@team.command("add", help=_("Add a team."))
@click.argument("name", metavar="NAME")
@pass_invocation
def add_team(run: Invocation, name: str) -> None:
    """Add a team."""
    _print_team(run, run.ask(SaveTeam(name)))


@team.command("rename", help=_("Rename a team."))
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@pass_invocation
def rename_team(run: Invocation, old: str, new: str) -> None:
    """Rename a team."""
    _print_team(run, run.ask(SaveTeam(new, rename_from=old)))


@team.command("remove", help=_("Remove a team that nothing uses."))
@click.argument("name", metavar="NAME")
@pass_invocation
def remove_team(run: Invocation, name: str) -> None:
    """Remove a team."""
    run.ask(RemoveTeam(name))
    run.answer({"name": name, "removed": True}, lambda: _("The team {name} is gone.").format(name=name))


def _print_team(run: Invocation, view: TeamView) -> None:
    run.answer(view, lambda: fields([(_("Team"), view.name), (_("Members"), view.members)]))


@click.group(cls=DeskGroup, help=_("The tree of categories."))
def category() -> None:
    """The noun."""


@category.command("list", help=_("List categories."))
@pass_invocation
def list_categories(run: Invocation) -> None:
    """Print the paths of all categories."""
    found = run.ask(ListCategories())
    run.answer(found, lambda: "\n".join(one.path for one in found) or _("No categories."))


@category.command("add", help=_("Add a category like Hardware/Printer; missing parents are made."))
@click.argument("path", metavar="PATH")
@pass_invocation
def add_category(run: Invocation, path: str) -> None:
    """Add a category."""
    added = run.ask(AddCategory(path))
    run.answer(added, lambda: added.path)
