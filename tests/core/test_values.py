"""Light frozen dataclasses behave as those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import dataclass as ordinary
from dataclasses import field
from typing import Any, Generic, TypeVar

import pytest

from tui_desk.core.values import dataclass

T = TypeVar("T")


class Base(Generic[T]):
    """As a request."""


@dataclass(frozen=True, slots=True)
class Light(Base[int]):
    """Documented."""

    number: int
    name: str = "x"
    tags: tuple[str, ...] = field(default_factory=tuple)

    @property
    def both(self) -> str:
        return f"{self.number}{self.name}"


@dataclass(frozen=True)
class Other:
    number: int
    name: str = "x"
    tags: tuple[str, ...] = ()


@ordinary(frozen=True)
class Heavy(Base[int]):
    number: int
    name: str = "x"
    tags: tuple[str, ...] = field(default_factory=tuple)


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}), ((1, "y"), {}), ((), {"number": 1}), ((1,), {"tags": ("a",)}), ((1, "y", ("a",)), {}),
    ((), {}), ((1, 2, 3, 4), {}), ((1,), {"number": 2}), ((1,), {"unknown": 2}),
]  # fmt: skip


@pytest.mark.parametrize(("given", "named"), CALLS)
def test_it_is_made_as_an_ordinary_one(given: tuple[Any, ...], named: dict[str, Any]) -> None:
    try:
        heavy = Heavy(*given, **named)
    except TypeError:
        with pytest.raises(TypeError):
            Light(*given, **named)
        return
    light = Light(*given, **named)
    assert dataclasses.asdict(light) == dataclasses.asdict(heavy)
    assert repr(light) == repr(heavy).replace("Heavy", "Light")
    others: list[object] = [heavy, Other(light.number, light.name, light.tags)]
    assert light == Light(*given, **named)
    assert hash(light) == hash(heavy)
    assert light not in others


def test_it_is_frozen_and_the_tools_know_it() -> None:
    light = Light(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(light, "number", 2)  # noqa: B010
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(light, "number")
    assert dataclasses.replace(light, name="y") == Light(1, "y")
    assert [one.name for one in dataclasses.fields(light)] == ["number", "name", "tags"]
    assert dataclasses.is_dataclass(light)
    assert copy.deepcopy(light) == pickle.loads(pickle.dumps(light)) == light
    assert light.both == "1x"
    assert Light.__doc__ == "Documented."
    match light:
        case Light(number, name):
            assert (number, name) == (1, "x")


@dataclass(frozen=True, slots=True)
class Guarded:
    name: str
    key: str = field(default="", repr=False)
    told: object = field(default=None, compare=False)
    values: dict[str, str] = field(default_factory=dict, hash=False)


def test_what_a_field_is_left_out_of_is_heeded() -> None:
    one, other = Guarded("a", "secret", object(), {"x": "y"}), Guarded("a", "secret", object(), {"x": "y"})
    assert "secret" not in repr(one)
    assert one == other
    assert hash(one) == hash(other)
    assert one != Guarded("a", "other", one.told, one.values)
    assert one != Guarded("a", "secret", one.told, {})
