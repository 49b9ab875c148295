"""The command line: ``tui-desk NOUN VERB``. Told errors end in a sentence and an exit code, never in a traceback."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence

import click

import tui_desk
from tui_desk.cli.base import LazyGroup, invocation_of
from tui_desk.cli.click_words import click_speaks
from tui_desk.cli.invocation import Invocation
from tui_desk.cli.output import tell
from tui_desk.core.errors import DeskError
from tui_desk.core.i18n import _

PROGRAM = "tui-desk"


def nouns() -> dict[str, tuple[str, str]]:
    """Every noun: where its commands are, and what it is for."""
    return {
        "demo": (
            "demo:demo",
            _("Open a sample desk with its own loopback mail server: try everything, harm nothing."),
        ),
        "mailbox": ("mailbox:mailbox", _("Mail accounts: add, test, pause, reconcile.")),
        "sync": ("sync:sync", _("Fetch, process and send without the interface.")),
        "worker": ("sync:worker", _("Fetch, process and send as a service, until stopped.")),
        "import": (
            "history:import_mail",
            _(
                "Take existing mail in as history: closed tickets, nothing is sent, and what is there already is not taken twice."
            ),
        ),
        "explain": (
            "explain:explain",
            _("What the engine sees in a message, and what it would do with it. Nothing is written."),
        ),
        "ticket": ("ticket:ticket", _("Tickets: list, show, answer, change.")),
        "outbox": ("outbox:outbox", _("What leaves the desk: state, retry, cancel.")),
        "suspended": ("suspended:suspended", _("Mail that was held back: accept, join, retry, drop.")),
        "notification": (
            "notification:notification",
            _("What you should see: mentions, hand-overs, drafts to check, decisions."),
        ),
        "asset": ("asset:asset", _("Hardware and other things: list, create, change, link.")),
        "document": (
            "document:document",
            _("Files kept with assets, licences, contracts, purchases and invoices: add, list, show, save."),
        ),
        "expiry": (
            "expiry:expiry",
            _("What ends, and when: warranties, licences, contracts, invoices to be paid."),
        ),
        "licence": ("licence:licence", _("Licences: seats, who has them, when they expire, keys.")),
        "contract": (
            "contract:contract",
            _("Contracts with suppliers: what they cover, when they end, renewal."),
        ),
        "reminder": ("reminder:reminder", _("Your own reminders: be told of a ticket at a moment.")),
        "task": ("task:task", _("Tasks on tickets: mine, all, add, tick off.")),
        "view": ("view:view", _("Saved views: a query with a name, your own or shared.")),
        "checklist": ("checklist:checklist", _("Tasks that belong together, put on a ticket at once.")),
        "canned": ("canned:canned", _("Canned replies: texts that are sent often, with variables.")),
        "macro": ("canned:macro", _("Macros: several things done to a ticket at once.")),
        "template": (
            "template:template",
            _("Templates of tickets, and tickets that come round by themselves."),
        ),
        "time": ("time:time", _("Time worked on tickets: the clock, entries, sheets, totals.")),
        "purchase": ("purchase:purchase", _("Purchases: ask, approve, order, receive.")),
        "supplier": ("supplier:supplier", _("Suppliers: who sells, and where orders go.")),
        "invoice": ("invoice:invoice", _("Invoices of suppliers: write down, check, accept, refuse, pay.")),
        "cost-centre": ("supplier:cost_centre", _("Cost centres: who pays, and how much in a year.")),
        "person": ("person:person", _("People who write to the desk.")),
        "organization": (
            "organization:organization",
            _("Companies whose people write to the desk."),
        ),
        "field": ("field:field", _("Fields of your own on tickets, people and assets.")),
        "agent": ("agent:agent", _("The agents who work here.")),
        "team": ("agent:team", _("Teams of agents.")),
        "approval": ("approval:approval", _("Approvals: ask, decide, remind; steps kept under a name.")),
        "substitute": ("substitute:substitute", _("Who decides approvals while somebody is away.")),
        "category": ("agent:category", _("The tree of categories.")),
        "settings": ("settings:settings", _("Settings of the installation, fallback sender included.")),
        "theme": ("theme:theme", _("How the interface looks: list, choose, check a theme of your own.")),
        "keys": ("keys:keys", _("The key map of this terminal: show, choose a preset, check your own keys.")),
        "db": ("db:db", _("The database: where it is, upgrade, check, copy to another one.")),
        "history": (
            "timeline:history",
            _("What happened: in the desk, to a ticket, an asset, a person, a setting; by an agent."),
        ),
        "audit": ("audit:audit", _("Prove that the history was not changed.")),
        "doctor": ("doctor:doctor", _("Look at everything that can go wrong, and say what to do.")),
        "backup": ("backup:backup", _("The whole desk in one file: backup FILE, backup verify FILE.")),
        "restore": ("backup:restore", _("Bring a desk back from FILE into the database of --db.")),
    }


def build() -> LazyGroup:
    """The whole command line as one click command."""
    group = LazyGroup(
        name=PROGRAM,
        help=_("The helpdesk for people who live in a terminal. Without a command the interface opens."),
        nouns=nouns(),
        invoke_without_command=False,
        no_args_is_help=True,
        callback=_carry_database,
        epilog=_("The interface takes --db, --as, --theme NAME and --linear (lines, for screen readers)."),
    )
    return click.version_option(tui_desk.__version__, prog_name=PROGRAM)(group)


@click.pass_context
def _carry_database(context: click.Context) -> None:
    """A ``--db`` before the noun reaches also a command that reads it as an option of its own."""
    database = invocation_of(context).database
    if database:
        context.default_map = {"explain": {"database": database}}


def run(arguments: Sequence[str]) -> int:
    """Carry out one command; answers the exit code (0 done, 1 failed, 2 wrong usage, 3 not found)."""
    with click_speaks():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    as_json = "--json" in arguments
    invocation = Invocation()
    try:
        code = build().main(args=list(arguments), prog_name=PROGRAM, standalone_mode=False, obj=invocation)
        sys.stdout.flush()
    except DeskError as error:
        return _told(error.sentence, error.hint, error.exit_code, as_json)
    except click.UsageError as error:
        return _wrong_usage(error, as_json)
    except click.ClickException as error:
        return _told(error.format_message(), "", error.exit_code, as_json)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell(_("Stopped."))
        return 130
    except BrokenPipeError:
        # Whoever read our output (head, less) has seen enough.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001 - the border: a traceback is a defect
        return _unexpected(error, arguments, as_json)
    finally:
        invocation.close()
    return code if isinstance(code, int) else 0


def _told(sentence: str, hint: str, code: int, as_json: bool) -> int:
    tell(f"{sentence}\n{hint}" if hint else sentence)
    if as_json:
        print(json.dumps({"error": sentence, "hint": hint}))
    return code


def _wrong_usage(error: click.UsageError, as_json: bool) -> int:
    help_hint = ""
    if error.ctx is not None:
        help_hint = _("See: {command} --help").format(command=error.ctx.command_path)
    return _told(error.format_message(), help_hint, 2, as_json)


def _unexpected(error: Exception, arguments: Sequence[str], as_json: bool) -> int:
    from tui_desk.terminal.crash import log_unexpected

    verb = " ".join(word for word in arguments[:2] if not word.startswith("-"))
    path = log_unexpected(f"{PROGRAM} {verb}", error)
    return _told(
        _("Something unexpected happened ({kind}); nothing half done was kept.").format(
            kind=type(error).__name__
        ),
        _("Where it happened is written in {path}.").format(path=path),
        1,
        as_json,
    )
