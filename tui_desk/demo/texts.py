"""The texts of the demo, kept as data."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def read(name: str) -> dict[str, Any]:
    """One file of ``demo/data``."""
    return tomllib.loads(files("tui_desk.demo").joinpath("data", name).read_text(encoding="utf-8"))


def silent_addresses() -> list[str]:
    """Who never answers by mail: the desk's own addresses and its agents."""
    desk = read("desk.toml")
    own = [desk["address"], *(one["address"] for one in desk["company_addresses"])]
    return own + [agent["email"] for agent in desk["agents"]]
