"""Handing out messages without looking the same things up at each: who handles which, and how many arguments a handler takes.

A key passes a dozen messages. For each Textual walks through all classes of its receiver, and for each callback it reads the signature
anew, since callbacks with arguments are made at the spot. :func:`install_quick_messages` lets both be remembered by class and by code.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from inspect import CO_VARARGS, CO_VARKEYWORDS
from types import FunctionType, MethodType
from typing import Any

from textual import _callback
from textual.message import Message
from textual.message_pump import MessagePump

Handler = Callable[[Message], Awaitable[Any]]
_every_handler = MessagePump._get_dispatch_methods
_signature_length = _callback._count_parameters
_OWN_SIGNATURE = frozenset(["__wrapped__", "__signature__"])


@lru_cache(maxsize=2048)
def _handlers(receiver: type[MessagePump], name: str, message: type) -> tuple[tuple[type, Any], ...] | None:
    """The methods that go by their names; None where decorated ones (``@on``) have to be asked about this message."""
    found: list[tuple[type, Any]] = []
    for owner in receiver.__mro__:
        decorated = owner.__dict__.get("_decorated_handlers") or ()
        if any(issubclass(message, handled) for handled in decorated):
            return None
        method = owner.__dict__.get(f"_{name}") or owner.__dict__.get(name)
        if method is not None and not getattr(method, "_textual_on", None):
            found.append((owner, method))
    return tuple(found)


def _dispatch_methods(
    self: MessagePump, method_name: str, message: Message
) -> Iterable[tuple[type, Handler]]:
    """As Textual's own: handlers from the nearest class on, until one prevents the rest."""
    kind: Any = type(message)
    handlers = _handlers(type(self), method_name, kind)
    if handlers is None:
        yield from _every_handler(self, method_name, message)
        return
    for owner, method in handlers:
        if message._no_default_action:
            break
        yield owner, method.__get__(self, owner)


def _parameters(func: Callable[..., Any]) -> int:
    """How many parameters the signature of ``func`` has; of plain functions its code tells."""
    bound = type(func) is MethodType
    function = func.__func__ if isinstance(func, MethodType) else func
    if type(function) is not FunctionType or not _OWN_SIGNATURE.isdisjoint(function.__dict__):
        return _signature_length(func)
    code = function.__code__
    more = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS)
    return code.co_argcount + code.co_kwonlyargcount + more - (bound and code.co_argcount > 0)


def install_quick_messages() -> None:
    """Let every message of this process be handed out so. Calling it again changes nothing."""
    MessagePump._get_dispatch_methods = _dispatch_methods  # type: ignore[method-assign] # the one place that looks handlers up
    _callback._count_parameters = _parameters
