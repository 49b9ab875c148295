"""Typing tags: ``vpn fair`` adds them, ``-spam`` takes one away; Tab completes those that there are."""

from __future__ import annotations

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line
from tui_desk.screens.base import BaseScreen

_SHOWN = 12


async def tag_words(screen: BaseScreen, title: str, numbers: tuple[int, ...]) -> str:
    """What was typed; empty: changed their mind. The tags of these tickets are shown, with how many have them."""
    from tui_desk.contracts.tagging import TagsOf  # with all of a ticket's contracts: the start needs none

    tags = await screen.ask(TagsOf(numbers))
    has = [f"{one.tag} ({one.count})" if len(numbers) > 1 else one.tag for one in tags if one.count]
    shown = ", ".join(safe_line(one) for one in has[:_SHOWN]) + (" …" if len(has) > _SHOWN else "")
    detail = _("Now: {tags}").format(tags=shown) if has else _("No tag yet.")
    known = [one.tag for one in tags]

    def complete(typed: str) -> list[str]:
        before, _blank, last = typed.rpartition(" ")
        sign = last[:1] if last[:1] in ("-", "+") else ""
        wanted = last[len(sign) :].casefold()
        kept = f"{before} " if before else ""
        return [f"{kept}{sign}{tag}" for tag in known if tag.startswith(wanted) and " " not in tag]

    help_text = _("vpn adds a tag, -vpn takes it away; several with blanks.")
    typed = await screen.prompt(title, detail=f"{detail}\n{help_text}", complete=complete)
    return (typed or "").strip()
