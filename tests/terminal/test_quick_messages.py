"""Messages reach the same handlers, in the same order and with the same arguments, as without what is remembered of them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from inspect import signature
from typing import Any

import pytest
from textual import events, on
from textual.app import App, ComposeResult
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Button, Input

from tui_desk.screens.queue import QueueScreen
from tui_desk.terminal.quick_messages import (
    _dispatch_methods,
    _every_handler,
    _parameters,
    install_quick_messages,
)
from tui_desk.widgets.virtual_table import VirtualTable


class Above(Widget):
    def on_key(self, event: events.Key) -> None: ...

    def on_click(self, event: events.Click) -> None: ...


class Below(Above):
    async def _on_key(self, event: events.Key) -> None:
        event.prevent_default()

    @on(events.Click)
    def clicked(self) -> None: ...


@pytest.mark.parametrize("receiver", [Widget, Above, Below, Input, Button, VirtualTable, QueueScreen, App])
@pytest.mark.parametrize(
    "message", [events.Key("x", "x"), events.Idle(), events.Mount(), events.Focus(), events.Blur()]
)
def test_the_same_handlers_in_the_same_order(receiver: type[MessagePump], message: Message) -> None:
    pump = receiver.__new__(receiver)
    names = (message.handler_name, "on_click")
    for name in names:
        ours = [(owner, method) for owner, method in _dispatch_methods(pump, name, message)]
        theirs = [(owner, method) for owner, method in _every_handler(pump, name, message)]
        assert ours == theirs


def plain(one: int, two: int = 2, *more: int, three: int = 3, **named: int) -> None: ...


@functools.wraps(plain)
def wrapped(*anything: Any) -> None: ...


class Has:
    def method(self, one: int) -> None: ...

    @classmethod
    def of_class(cls, one: int, *more: int) -> None: ...

    @staticmethod
    def of_none(one: int) -> None: ...

    def __call__(self, one: int, two: int) -> None: ...


@pytest.mark.parametrize(
    "callback",
    [plain, wrapped, Has().method, Has.method, Has.of_class, Has.of_none, Has(), lambda: None, lambda a, *, b: a, Has, print],
)  # fmt: skip
def test_as_many_parameters_as_the_signature_says(callback: Callable[..., Any]) -> None:
    assert _parameters(callback) == len(signature(callback).parameters)


async def test_a_handler_prevents_those_of_the_classes_above() -> None:
    seen: list[str] = []

    class Base(Widget):
        def on_key(self, event: events.Key) -> None:
            seen.append("base")

    class Derived(Base, can_focus=True):
        def on_key(self, event: events.Key) -> None:
            seen.append("derived")
            if event.key == "p":
                event.prevent_default()

    class Shown(App[None]):
        def compose(self) -> ComposeResult:
            yield Derived()

    install_quick_messages()
    app = Shown()
    async with app.run_test() as pilot:
        await pilot.press("a", "p")
    assert seen == ["derived", "base", "derived"]
