"""Making the classes of screens and widgets without looking through all that they inherit.

For each class that is made Textual goes through every name of every class below it, twice. Before the first picture some thirty are
made, on top of its own. :func:`install_quick_classes` lets what a class adds itself be looked up once and remembered.
"""

from __future__ import annotations

from functools import cache

from textual.dom import DOMNode
from textual.reactive import Reactive

_COMPUTES = ("_compute_", "compute_")


@cache
def _reactives(cls: type) -> dict[str, Reactive[object]]:
    """The reactive attributes that stand in the class itself."""
    return {name: value for name, value in cls.__dict__.items() if isinstance(value, Reactive)}


@cache
def _computes(cls: type) -> frozenset[str]:
    """What the class itself has a method to compute."""
    return frozenset(name.lstrip("_")[8:] for name in cls.__dict__ if name.startswith(_COMPUTES))


def _made(
    cls: type[DOMNode],
    inherit_css: bool = True,
    inherit_bindings: bool = True,
    inherit_component_classes: bool = True,
) -> None:
    """As Textual's own ``DOMNode.__init_subclass__``, with the same results."""
    super(DOMNode, cls).__init_subclass__()
    cls._reactives = {}
    for base in reversed(cls.__mro__):
        cls._reactives.update(_reactives(base))
    cls._inherit_css = inherit_css
    cls._inherit_bindings = inherit_bindings
    cls._inherit_component_classes = inherit_component_classes
    bases = cls._css_bases(cls)
    cls._css_type_name = bases[0].__name__
    cls._merged_bindings = cls._merge_bindings()
    cls._css_type_names = frozenset(base.__name__ for base in bases)
    cls._computes = frozenset().union(*map(_computes, cls.__mro__))


def install_quick_classes() -> None:
    """Let every class of this process that is made from now on be made so. Calling it again changes nothing."""
    DOMNode.__init_subclass__ = classmethod(_made)  # type: ignore[assignment, method-assign] # the one place where Textual looks at a new class
