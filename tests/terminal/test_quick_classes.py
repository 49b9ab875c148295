"""Classes that are made quickly are the classes that Textual would have made."""

from __future__ import annotations

from collections.abc import Iterator

from textual.dom import DOMNode
from textual.reactive import Reactive
from textual.widget import Widget
from textual.widgets import Input

from tui_desk.screens.queue import QueueScreen
from tui_desk.terminal.quick_classes import install_quick_classes


def _below(cls: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for one in cls.__subclasses__():
        yield one
        yield from _below(one)


def test_a_class_knows_its_own_reactives_and_those_it_inherits_in_their_order() -> None:
    plain = type(
        "Counting", (Input,), {"count": Reactive(3), "compute_total": lambda _self: 1, "total": Reactive(0)}
    )
    install_quick_classes()
    quick = type(
        "Counting", (Input,), {"count": Reactive(3), "compute_total": lambda _self: 1, "total": Reactive(0)}
    )
    assert issubclass(plain, Widget)
    assert issubclass(quick, Widget)
    assert list(quick._reactives) == list(plain._reactives)
    assert quick._computes == plain._computes
    assert "total" in quick._computes
    assert quick._css_type_names == plain._css_type_names
    assert quick._css_type_name == plain._css_type_name
    assert plain._merged_bindings is not None
    assert quick._merged_bindings is not None
    assert quick._merged_bindings.key_to_bindings == plain._merged_bindings.key_to_bindings


def test_every_class_of_the_queue_is_as_what_stands_in_it_says() -> None:
    install_quick_classes()

    class Queue(QueueScreen):
        """The queue, made quickly."""

    for cls in {Queue, *_below(DOMNode)}:
        names = [
            name
            for base in reversed(cls.__mro__)
            for name, value in base.__dict__.items()
            if isinstance(value, Reactive)
        ]
        assert list(cls._reactives) == list(dict.fromkeys(names))
        assert cls._computes == {
            name.lstrip("_")[8:] for name in dir(cls) if name.startswith(("_compute_", "compute_"))
        }
