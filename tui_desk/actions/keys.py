"""How keys are named, written for people, and read from a settings file."""

from __future__ import annotations

_NAMED = {
    "enter": "Enter",
    "escape": "Esc",
    "space": "Space",
    "tab": "Tab",
    "shift+tab": "Shift+Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
    "delete": "Del",
    "backspace": "Backspace",
}
_SIGNS = {
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "underscore": "_",
    "slash": "/",
    "backslash": "\\",
    "minus": "-",
    "plus": "+",
    "comma": ",",
    "full_stop": ".",
    "colon": ":",
    "question_mark": "?",
    "at": "@",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
}
"""Signs that a terminal names by a word when a modifier is held."""
_ALSO_CALLED = {
    "esc": "escape",
    "return": "enter",
    "cr": "enter",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "page_down": "pagedown",
    "del": "delete",
    "ins": "insert",
    "bs": "backspace",
    "blank": "space",
    "question_mark": "?",
    "colon": ":",
    "slash": "/",
}
_MODIFIERS = ("ctrl", "alt", "shift", "super", "meta", "hyper")
_FUNCTION_KEYS = 24


def key_label(key: str) -> str:
    """How a key is written for a person: ``ctrl+d`` is ``Ctrl+D``, ``g q`` stays ``g q``."""
    return " ".join(_one_label(part) for part in key.split())


def _one_label(key: str) -> str:
    if key in _NAMED:
        return _NAMED[key]
    if "+" in key and len(key) > 1:
        *modifiers, last = key.split("+")
        shown = _NAMED.get(last) or _SIGNS.get(last) or last.upper()
        return "+".join([*(m.capitalize() for m in modifiers), shown])
    return key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key


def read_key(typed: str) -> str | None:
    """A key or a sequence of keys as the registry names it, None where there is no such key.

    ``Ctrl+D``, ``esc`` and ``PgUp`` are understood besides the names of ``docs/keys.md``.
    """
    parts = [_read_one(part) for part in typed.split()]
    return " ".join(part for part in parts if part) if parts and all(parts) else None


def _read_one(part: str) -> str | None:
    if len(part) == 1:
        return part if part.isprintable() else None
    *modifiers, last = part.split("+") if not part.endswith("++") else [*part[:-2].split("+"), "+"]
    held = [one.lower() for one in modifiers]
    if any(one not in _MODIFIERS for one in held):
        return None
    name = _ALSO_CALLED.get(last.lower(), last if len(last) == 1 else last.lower())
    if held and len(name) == 1:
        name = next((word for word, sign in _SIGNS.items() if sign == name), name.lower())
    known = name in _NAMED or _is_function_key(name) or (len(name) == 1 and name.isprintable())
    if not (known or (held and name in _SIGNS)):
        return None
    return "+".join([one for one in _MODIFIERS if one in held] + [name])


def _is_function_key(name: str) -> bool:
    return name[0] == "f" and name[1:].isdecimal() and 1 <= int(name[1:]) <= _FUNCTION_KEYS


def is_digit(key: str) -> bool:
    """Whether it is one digit, which a preset with counts reads as a count."""
    return len(key) == 1 and key.isascii() and key.isdigit()
