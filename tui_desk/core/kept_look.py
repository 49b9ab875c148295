"""How a person wants this machine's terminals to look, kept in the state folder: a theme for each agent, and whether a terminal was light.

The settings file and the environment go before what is kept here. A file that cannot be read is as one that is not there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tui_desk.core.kept_text import keep_choice

_TERMINALS_KEPT = 20


def kept(state_folder: Path, what: str, whose: str) -> str:
    """What is kept of ``theme``, ``motion`` (of an agent) or ``background`` (of a terminal); empty where nothing is."""
    return _read(state_folder).get(what, {}).get(whose, "")


def keep(state_folder: Path, what: str, whose: str, value: str) -> None:
    """Keep it, whole or not at all. Raises Unavailable."""
    content = _read(state_folder)
    of_what = {name: text for name, text in content.get(what, {}).items() if name != whose}
    content[what] = dict([*of_what.items(), (whose, value)][-_TERMINALS_KEPT:] if value else of_what)
    keep_choice(_path(state_folder), json.dumps(content, ensure_ascii=False, indent=1))


def terminal_name(environment: Mapping[str, str]) -> str:
    """What tells one sort of terminal from another."""
    return next(
        (environment[name] for name in ("TERM_PROGRAM", "LC_TERMINAL", "TERM") if environment.get(name)), ""
    )


def was_light(state_folder: Path, environment: Mapping[str, str]) -> bool:
    """Whether the background is light, as far as is known before the terminal has answered: by rxvt's ``COLORFGBG``, else as it was last."""
    said = environment.get("COLORFGBG", "").rpartition(";")[2]
    if said.isdigit():
        return int(said) in (7, 15)
    return kept(state_folder, "background", terminal_name(environment)) == "light"


def _path(state_folder: Path) -> Path:
    return state_folder / "look.json"


def _read(state_folder: Path) -> dict[str, dict[str, str]]:
    try:
        content = json.loads(_path(state_folder).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {
        str(what): {str(name): str(value) for name, value in table.items()}
        for what, table in content.items()
        if isinstance(table, dict)
    }
