"""``tui-desk ticket macro``: carry a macro out on a ticket."""

from __future__ import annotations

from dataclasses import replace

import click

from tui_desk.cli.base import TICKET, DeskCommand, examples, pass_invocation, token_option
from tui_desk.cli.invocation import Invocation
from tui_desk.contracts.macros import ApplyMacro, PreviewMacro, ShowMacro
from tui_desk.core.errors import Refused
from tui_desk.core.i18n import _


@click.command(
    "macro",
    cls=DeskCommand,
    help=_(
        "Carry a macro out on a ticket: all of it or nothing. A reply becomes a draft, or leaves as the macro says."
    ),
    epilog=examples(
        "tui-desk ticket macro 1042 'Take and ask'", "tui-desk ticket macro 1042 'Take and ask' --dry-run"
    ),
)
@click.argument("number", type=TICKET, metavar="NUMBER")
@click.argument("name", metavar="NAME")
@click.option("--dry-run", is_flag=True, help=_("Only show what it would do, and what of it cannot be done."))
@click.option("--despite", default="", metavar="REASON", help=_("Why it is done although something is open."))
@click.option("--yes", is_flag=True, help=_("Send although the send guard would ask."))
@token_option
@pass_invocation
def apply_macro(
    run: Invocation, number: int, name: str, dry_run: bool, despite: str, yes: bool, token: str
) -> None:
    """Apply one."""
    macro = run.ask(ShowMacro(name, number=number))
    if dry_run:
        _preview(run, number, macro.id)
        return
    wanted = ApplyMacro(number, macro.id, despite, version=macro.version, token=token)
    done = run.ask(wanted)
    if done.findings and yes:
        done = run.ask(replace(wanted, confirmed=tuple(finding.code for finding in done.findings)))
    if done.findings:
        raise Refused(
            " ".join(finding.sentence for finding in done.findings),
            _("Nothing was done; --yes does it all the same."),
        )
    run.answer(done, lambda: done.sentence)


def _preview(run: Invocation, number: int, macro_id: int) -> None:
    found = run.ask(PreviewMacro(number, macro_id))

    def text() -> str:
        steps = "\n".join(f"• {step}" for step in found.steps)
        look = (*found.open, *found.unfilled)
        problems = "\n".join([*(f"✗ {one}" for one in found.problems), *(f"! {one}" for one in look)])
        return "\n\n".join(filter(None, (steps, problems, found.note, found.reply)))

    run.answer(found, text)
