"""Signatures with variables such as ``{agent.name}``. Only known names are replaced; every other brace stays as typed."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\{([a-z]+(?:\.[a-z_]+)?)\}")


def expanded(template: str, values: Mapping[str, str]) -> str:
    """``template`` with the variables it names replaced, white space around it removed."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), template).strip()
