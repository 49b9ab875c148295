"""What is asked about names after ``@`` that are nobody's, on a screen and in lines."""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.core.i18n import _
from tui_desk.core.safe_text import safe_line


def question_about(nobody: Mapping[str, str]) -> tuple[str, str]:
    """The question and what stands below it; ``nobody`` has each name with the one that may be meant, or nothing."""
    question = _("Nobody is called {names}. Keep the note all the same?").format(
        names=", ".join(f"@{safe_line(one, 40)}" for one in nobody)
    )
    meant = [f"@{one}" for one in nobody.values() if one]
    detail = _("Nobody is told then.")
    if meant:
        detail = f"{detail} {_('Perhaps you mean {names}.').format(names=', '.join(meant))}"
    return question, detail
