"""Canned replies, macros and templates of the sample desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tui_desk.contracts.gateway import Request
from tui_desk.contracts.macros import SaveCanned, SaveMacro, SaveRecurring, SaveTemplate
from tui_desk.demo.texts import read


def keep_texts(do: Callable[[Request[Any]], Any]) -> None:
    """Write all of them down, by the use cases that ``do`` carries out."""
    kept = read("kept.toml")
    for canned in kept["canned"]:
        do(SaveCanned(None, **canned))
    for macro in kept["macros"]:
        do(SaveMacro(None, **{**macro, "tasks": tuple(macro.get("tasks", ()))}))
    for template in kept["templates"]:
        rule = template.pop("repeat", "")
        do(SaveTemplate(None, **{**template, "tasks": tuple(template["tasks"])}))
        if rule:
            do(SaveRecurring(None, template["name"], rule))
