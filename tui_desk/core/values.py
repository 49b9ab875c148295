"""Frozen dataclasses that cost a quarter at import: ``dataclass`` of the standard library writes and compiles six methods a class.

Before the first picture some thirty such classes are made, a third of the time of our own imports, and two hundred more before the
first ticket is shown. Here they share one of each method. ``dataclasses.fields``, ``replace`` and ``is_dataclass`` know them; a type
checker sees the ordinary decorator. For contracts and for classes that the start imports, which have neither ``__post_init__`` nor
``field(init=False)``; what derives from one is made here as well.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    import dataclasses
    from dataclasses import MISSING, FrozenInstanceError

    def dataclass(*, frozen: bool, slots: bool = False):
        """As ``dataclasses.dataclass(frozen=True)``: an initialiser, equality, a hash and a representation by fields."""
        if not frozen:
            raise TypeError("only frozen dataclasses are made here")
        return _made

    def _made(cls):
        documented = cls.__doc__
        cls.__doc__ = documented or cls.__name__  # else dataclasses makes one of the signature, at a price
        made = dataclasses.dataclass(init=False, repr=False, eq=False)(cls)
        made.__doc__ = documented
        fields = [made.__dataclass_fields__[name] for name in made.__match_args__]
        made.__compared__ = tuple(one.name for one in fields if one.compare)
        made.__hashed__ = tuple(one.name for one in fields if (one.compare if one.hash is None else one.hash))
        for name, method in _METHODS.items():
            if name not in cls.__dict__:
                setattr(made, name, method)
        return made

    def _init(self, *given, **named):
        names = self.__match_args__
        if not given and len(named) == len(names) and named.keys() <= self.__dataclass_fields__.keys():
            self.__dict__.update(named)
            return
        values = dict(zip(names, given, strict=False))
        if len(given) > len(names) or named.keys() & values.keys() or named.keys() - set(names):
            wrong = sorted((named.keys() & values.keys()) | (named.keys() - set(names))) or len(given)
            raise TypeError(f"{type(self).__name__}() does not take {wrong}")
        values.update(named)
        if len(values) < len(names):
            _complete(self, values)
        self.__dict__.update(values)

    def _complete(self, values):
        missing = []
        for name, field in self.__dataclass_fields__.items():
            if name in values:
                continue
            if field.default is not MISSING:
                values[name] = field.default
            elif field.default_factory is not MISSING:
                values[name] = field.default_factory()
            else:
                missing.append(name)
        if missing:
            raise TypeError(f"{type(self).__name__}() lacks {missing}")

    def _values(self, names):
        return tuple([self.__dict__[name] for name in names])

    def _repr(self):
        names = (name for name in self.__match_args__ if self.__dataclass_fields__[name].repr)
        shown = ", ".join(f"{name}={self.__dict__[name]!r}" for name in names)
        return f"{type(self).__qualname__}({shown})"

    def _eq(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _values(self, self.__compared__) == _values(other, self.__compared__)

    def _hash(self):
        return hash(_values(self, self.__hashed__))

    def _setattr(self, name, _value):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _delattr(self, name):
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    _METHODS = {
        "__init__": _init,
        "__repr__": _repr,
        "__eq__": _eq,
        "__hash__": _hash,
        "__setattr__": _setattr,
        "__delattr__": _delattr,
    }
