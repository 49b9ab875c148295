"""Key maps to choose from. *desk* is what the actions declare; the others say only what differs from it.

A name is an action's id, or ``scope.id`` for the one of that scope. What a preset does not name keeps the keys of *desk*.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui_desk.actions.registry import N_

Keys = Mapping[str, tuple[str, ...]]

DESK = "desk"
NAMES = (DESK, "vim", "emacs")
ABOUT = {
    DESK: N_("Letters for actions, j and k to move, digits for views and panes."),
    "vim": N_("As desk; digits are counts (5j), and g with a digit is what the digit does in desk."),
    "emacs": N_(
        "Ctrl+N and Ctrl+P to move, Ctrl+S to search, Ctrl+G to leave, Ctrl+X Ctrl+S to send or save."
    ),
}
WITH_COUNTS = frozenset({"vim"})
"""Presets in which digits are counts: what a digit does elsewhere is ``g`` and the digit there."""
WITH_ALT_COUNTS = frozenset({"emacs"})
"""Presets in which a count begins with Alt and a digit (Emacs's digit argument): digits alone keep what they do."""

_VIM: Keys = {
    "back": ("q", "escape", "ctrl+o"),
    "fold": ("z a", "space"),
    "next_message": ("J", "}"),
    "previous_message": ("K", "{"),
    "refresh": ("f5", "ctrl+l"),
}
_EMACS: Keys = {
    # everywhere
    "back": ("q", "ctrl+g", "escape"),
    "palette": ("alt+x", "f2"),
    "quit": ("ctrl+q", "ctrl+x ctrl+c"),
    "go_queue": ("g q", "ctrl+x b"),
    "undo": ("u", "ctrl+underscore"),
    # moving
    "down": ("ctrl+n", "down"),
    "up": ("ctrl+p", "up"),
    "page_down": ("ctrl+v", "pagedown"),
    "page_up": ("alt+v", "pageup"),
    "pager.page_down": ("ctrl+v", "pagedown", "space"),
    "first": ("home", "alt+less_than_sign"),
    "last": ("end", "alt+greater_than_sign"),
    "line_down": ("ctrl+n", "down"),
    "line_up": ("ctrl+p", "up"),
    "next_message": ("alt+n", "J"),
    "previous_message": ("alt+p", "K"),
    # searching
    "filter": ("ctrl+s", "/"),
    "search": ("ctrl+s", "/"),
    "find": ("ctrl+s", "/"),
    "find_next": ("ctrl+s", "n"),
    "find_previous": ("ctrl+r", "N"),
    "find_end": ("escape", "ctrl+g"),
    "clear": ("escape", "ctrl+g"),
    # writing
    "send": ("ctrl+x ctrl+s",),
    "send_later": ("ctrl+x ctrl+l",),
    "send_resolved": ("ctrl+x ctrl+r",),
    "editor": ("ctrl+x ctrl+e",),
    "attach": ("ctrl+x ctrl+f",),
    "detach": ("ctrl+x ctrl+d",),
    "recipients": ("ctrl+x ctrl+a",),
    "insert_canned": ("ctrl+x ctrl+n",),
    "choose_template": ("ctrl+x ctrl+t",),
    "discard": ("ctrl+x ctrl+k",),
    "send_marked": ("ctrl+x ctrl+s",),
    "send_marked_resolved": ("ctrl+x ctrl+r",),
    "clear_text": ("ctrl+x ctrl+k",),
    "leave_text": ("escape", "ctrl+g"),
    "compose.check_draft": ("ctrl+x ctrl+v",),
    "keep": ("escape", "ctrl+g"),
    "create": ("ctrl+x ctrl+s",),
    "approve_draft": ("ctrl+x ctrl+s",),
    "refuse_draft": ("ctrl+x ctrl+r",),
    "save": ("ctrl+x ctrl+s",),
    "leave": ("escape", "ctrl+g"),
    "leave_check": ("escape", "ctrl+g"),
    "next_field": ("tab", "enter", "down", "ctrl+n"),
    "previous_field": ("shift+tab", "up", "ctrl+p"),
}
_ALL: Mapping[str, Keys] = {DESK: {}, "vim": _VIM, "emacs": _EMACS}


def keys_of_preset(name: str) -> Keys:
    """What the preset changes. Raises KeyError for one that there is not."""
    return _ALL[name]
